"""Scripts: each language in faces that have it, at no cost to units that are not written in it."""

import re
from collections.abc import Iterator, Sequence
from ctypes import c_double
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from shutil import copytree
from unicodedata import normalize

import lxml.html
import pypdfium2
import pyphen
import pytest
from fontTools.ttLib import TTFont
from playwright.sync_api import Browser
from pypdfium2.raw import FS_MATRIX, FPDFText_GetCharOrigin, FPDFText_GetMatrix

from report.assets import PRINT_STYLES, WEB_STYLES, stylesheets, template_folders
from report.compilation import compile_report
from report.formats import Format
from report.link import link
from report.resources import locate, unfetched
from report.typeset import Styles, Typeset, typeset
from report.unit import Report, Unit
from report.web import publish
from report.words import words as words_of
from tests import synthetic
from tests.conftest import CACHE, PROJECT
from tests.reading import Reading, letters

NOWHERE = Path(__file__).parent / "no-event"
STYLES = Styles(stylesheets(NOWHERE, PRINT_STYLES))

MILLIMETRE = 72 / 25.4
ARABIC = "يولد جميع الناس أحرارًا متساوين في الكرامة والحقوق"
CHINESE = "人人生而自由，在尊严和权利上一律平等。"
RUSSIAN = "Все люди рождаются свободными и равными в своем достоинстве и правах"


def unit(text: str, language: str = "en", number: int = 1) -> Unit:
    return replace(
        synthetic.statement(number, 1),
        html=f'<h2>{text}</h2><p class="text">{text} <em>{text}</em> <strong>{text}</strong></p>',
        language=language,
    )


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def build(cache: Path, *units: Unit, styles: Styles = STYLES) -> tuple[Report, Typeset]:
    report = replace(synthetic.report(*units), folder=NOWHERE)
    return report, typeset(report, styles, cache, jobs=1)


def families(pressed: Typeset) -> set[str]:
    return {face.family for unit in pressed.units for face in unit.faces()}


# Faces

with_chinese = pytest.mark.skipif(
    bool(unfetched(css for _, css in STYLES.sheets)), reason="the fonts of Chinese are not fetched"
)


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        (ARABIC, "ar", {"Amiri", "IBM Plex Sans Arabic"}),
        (RUSSIAN, "ru", {"Spectral", "Fira Sans"}),
        pytest.param(CHINESE, "zh", {"Noto Serif SC", "Noto Sans SC"}, marks=with_chinese),
    ],
)
def test_a_language_is_set_in_faces_that_have_all_of_it(
    cache: Path, text: str, language: str, wanted: set[str]
) -> None:
    _, pressed = build(cache, unit(text, language))
    assert [unit.missing for unit in pressed.units] == [""]
    assert wanted <= families(pressed)


def test_a_word_of_arabic_in_an_english_text_has_a_face_too(cache: Path) -> None:
    _, pressed = build(cache, unit("The word سلام means peace"))
    assert pressed.units[0].missing == ""
    assert {"Spectral", "Fira Sans", "Amiri"} <= families(pressed)


@pytest.mark.parametrize("page", ["ar", pytest.param("zh", marks=with_chinese)])
@pytest.mark.parametrize(
    "around",
    [
        '<div class="text" {}><p>{}</p></div>',
        '<div class="statement"><header><p class="title" {}>{}</p></header></div>',
        '<div class="key-points"><ul style="list-style: none" {}><li>{}</li></ul></div>',
        '<div class="session"><h2 {}>{}</h2></div>',
        '<div class="recommendations"><table><tr><td><div {}>{}</div></td></tr></table></div>',
    ],
)
def test_a_text_on_a_page_of_another_script_is_set_as_on_its_own(
    cache: Path, tmp_path: Path, page: str, around: str
) -> None:
    text = around.format('lang="fr" dir="ltr"', "L’État, 2006\u202f! L’efficacité.")
    own, other = (
        replace(unit("", language, number), html=text)
        for number, language in enumerate(("fr", page), start=1)
    )
    report, pressed = build(cache, own, other)
    file = tmp_path / "report.pdf"
    file.write_bytes(link(report, pressed, cache))
    with pypdfium2.PdfDocument(file) as document:
        alone, among = (list(_sizes(page))[:25] for page in document)
    assert "".join(character for character, *_ in alone) == "L’État,2006!L’efficacité."
    for (_, *size), (_, *own_size) in zip(among, alone, strict=True):
        assert size == pytest.approx(own_size, abs=0.1)


def _sizes(page: pypdfium2.PdfPage) -> Iterator[tuple[str, float, float]]:
    """Each character of a page that is not blank, with the width and height of its box."""
    text = page.get_textpage()
    for n in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(n, loose=True)
        if (character := text.get_text_range(n, 1)).strip():
            yield character, right - left, top - bottom


def test_what_stands_above_or_below_the_line_spreads_no_lines(cache: Path, tmp_path: Path) -> None:
    words = "Words of CO<sub>2</sub> and of m<sup>2</sup>, as many as four lines have. " * 8
    plain = words.replace("<sub>2</sub>", "").replace("<sup>2</sup>", "")
    report, pressed = build(
        cache,
        *(
            replace(unit("", number=n), html=f'<div class="text"><p>{text}</p></div>')
            for n, text in enumerate((words, plain), start=1)
        ),
    )
    file = tmp_path / "report.pdf"
    file.write_bytes(link(report, pressed, cache))
    with pypdfium2.PdfDocument(file) as document:
        first, second = (_feet(page, "W") for page in document)
        heights = {top for sign, _, top in _sizes(document[0]) if sign == "2"}
        usual = {top for sign, _, top in _sizes(document[0]) if sign == "W"}
    assert len(first) > 3
    assert first[:4] == second[:4]
    assert max(heights) < 0.8 * min(usual)


def _feet(page: pypdfium2.PdfPage, sign: str) -> list[float]:
    """On which heights a sign stands, from above."""
    text = page.get_textpage()
    shown = text.get_text_range()
    feet = {round(text.get_charbox(n)[1], 1) for n, each in enumerate(shown) if each == sign}
    return sorted(feet, reverse=True)


def test_styles_of_a_script_make_only_units_stale_that_are_written_in_it(cache: Path) -> None:
    units = unit("Peace", number=1), unit(ARABIC, "ar", number=2)
    build(cache, *units)
    changed = tuple(
        (name, css + "/* changed */" * (name == "arabic.css")) for name, css in STYLES.sheets
    )
    _, again = build(cache, *units, styles=Styles(changed))
    assert again.reasons == {units[1].id: "styles changed"}


HYPHENATED = {
    "en": "The internationalization of responsibilities requires straightforward cooperation. ",
    "es": "Los Estados internacionalizarán extraordinariamente sus responsabilidades mutuas. ",
    "fr": "L’internationalisation des responsabilités exige une coopération véritablement. ",
    "ru": "Интернационализация ответственности предполагает взаимодействие государств. ",
}


@pytest.mark.parametrize("language", HYPHENATED)
def test_words_are_divided_by_the_rules_of_their_language(
    cache: Path, tmp_path: Path, language: str
) -> None:
    words = pyphen.Pyphen(lang=pyphen.language_fallback(language), left=3, right=3)
    html = f'<div class="text"><p>{HYPHENATED[language] * 12}</p></div>'
    report, pressed = build(cache, replace(unit("", language), html=html))
    file = tmp_path / "report.pdf"
    file.write_bytes(link(report, pressed, cache))
    spoken = Reading(file).spoken
    divided = re.findall(r"(\w+)[\u00ad\x02](\w+)", spoken)
    assert divided
    for first, second in divided:
        word = first + second
        assert len(first) in words.positions(word), f"{first}-{second}"


def test_small_capitals_have_their_accents(cache: Path) -> None:
    letters = "éèçñüáíóœёйжщ"
    html = f'<section class="statement"><p class="kicker">{letters}</p></section>'
    _, pressed = build(cache, replace(unit("", "fr"), html=html))
    (face,) = (face for face in pressed.units[0].faces() if "Medium" in face.base_font)
    font = TTFont(locate("package:fontpkg_fira_sans/files/FiraSans-Medium.ttf", NOWHERE))
    small = {text: glyph for glyph, text in face.texts.items()}
    for letter in letters:
        assert small[letter] != font.getGlyphID(font.getBestCmap()[ord(letter)]), letter


# Words, as they are searched, copied and read aloud


@pytest.fixture(scope="module")
def arabic(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Reading:
    text = f"{ARABIC} لا إله إلا الله، إنّ الكلام لنا"
    report, pressed = build(cache, unit(text, "ar"), unit("The word سلام means peace", number=2))
    file = tmp_path_factory.mktemp("arabic") / "report.pdf"
    file.write_bytes(link(report, pressed, cache))
    return Reading(file)


def test_arabic_is_read_aloud_as_it_was_written(arabic: Reading) -> None:
    text = f"{ARABIC} لا إله إلا الله، إنّ الكلام لنا"
    texts = [" ".join(element.text.split()) for element in arabic.elements]
    assert text in texts
    assert f"{text} {text} {text}" in texts
    assert "The word سلام means peace" in texts


@pytest.mark.parametrize("words", [ARABIC, "لا إله إلا الله، إنّ الكلام لنا"])
def test_arabic_is_found_by_programs_that_see_only_what_is_drawn(
    arabic: Reading, words: str
) -> None:
    # Such programs may find a space beside a sign on a letter, or the sign on a line of its own.
    assert letters(normalize("NFKC", arabic.pages[0])).count(letters(words)) == 4
    assert "".join(words.split()) in normalize("NFKC", "".join(arabic.pages[0].split()))


def test_every_glyph_of_arabic_stands_between_the_margins(arabic: Reading) -> None:
    with pypdfium2.PdfDocument(arabic.path) as document:
        text = document[0].get_textpage()
        places = [text.get_charbox(n, loose=True) for n in range(text.count_chars())]
    assert len(places) > 300
    assert min(left for left, _, _, _ in places) > MILLIMETRE * 41
    assert max(right for _, _, right, _ in places) < MILLIMETRE * (210 - 41)


def test_no_word_of_arabic_is_divided(arabic: Reading) -> None:
    assert "\n" in arabic.pages[0].strip()
    assert not set("-\u2010\u00ad\x02") & set(arabic.pages[0])


@pytest.mark.parametrize("alignment", ["justify", "start"])
def test_lines_of_arabic_begin_together_whatever_follows_the_space_at_their_end(
    alignment: str, cache: Path, tmp_path: Path
) -> None:
    symbol = '<span dir="ltr"><a href="https://undocs.org/A/RES/60/288">A/RES/60/288</a></span>'
    texts = [f"{'في ' * n}{ARABIC} {symbol} {ARABIC}" for n in range(24)]
    paragraphs = "".join(f'<p style="text-align: {alignment}">{text}</p>' for text in texts)
    html = f'<div class="text">{paragraphs}</div>'
    report, pressed = build(cache, replace(unit("", "ar"), html=html))
    file = tmp_path / "report.pdf"
    file.write_bytes(link(report, pressed, cache))
    with pypdfium2.PdfDocument(file) as document:
        edges = [edge for page in document for edge in _right_edges(page.get_textpage())]
    assert len(edges) > 30
    assert max(edges) - min(edges) < 1


def _right_edges(text: pypdfium2.PdfTextPage) -> Iterator[float]:
    """The right edge in points of each line, folio and running head left out."""
    places = [
        (_baseline(text, n), text.get_charbox(n, loose=True)[2])
        for n in range(text.count_chars())
        if not text.get_text_range(n, 1).isspace()
    ]
    within = [place for place in places if MILLIMETRE * 34 < place[0] < MILLIMETRE * 262]
    for _, line in groupby(sorted(within), key=lambda place: round(place[0])):
        yield max(right for _, right in line)


def _baseline(text: pypdfium2.PdfTextPage, place: int) -> float:
    x, y = c_double(), c_double()
    assert FPDFText_GetCharOrigin(text, place, x, y)
    return y.value


# Chinese

PARAGRAPH = (
    "人人有资格享有本宣言所载的一切权利和自由，不分种族、肤色、性别、语言、宗教（见 United Nations "
    "document A/RES/217）、“政治或其他见解”、国籍或社会出身、财产、出生或其他身分等任何区别；"
    "并且不得因一人所属的国家或领土的政治的、行政的或者国际的地位之不同而有所区别，<em>无论该领土是独立领土</em>、托管领土、"
    "非自治领土或者处于其他任何主权受限制的情况之下。"
)


@dataclass(frozen=True)
class Line:
    """A line as it is drawn: its text, and the left and right edge of each character in points."""

    text: str
    edges: tuple[tuple[float, float], ...]


@pytest.fixture(scope="module")
def chinese(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Line, ...]:
    """The lines of a page of Chinese."""
    html = f'<div class="text">{f"<p>{PARAGRAPH}</p>" * 3}</div>'
    report, pressed = build(cache, replace(unit("", "zh"), html=html))
    assert {"Noto Serif SC", "Noto Sans SC", "Spectral"} <= families(pressed)
    file = tmp_path_factory.mktemp("chinese") / "report.pdf"
    file.write_bytes(link(report, pressed, cache))
    with pypdfium2.PdfDocument(file) as document:
        text = document[0].get_textpage()
        drawn = [
            (text.get_text_range(n, 1), *text.get_charbox(n, loose=True))
            for n in range(text.count_chars())
        ]
    height = MILLIMETRE * 260
    placed = [c for c in drawn if MILLIMETRE * 34 < c[2] < height and not c[0].isspace()]
    by_line = groupby(placed, key=lambda c: round(c[2] / 9))
    return tuple(
        Line("".join(c[0] for c in line), tuple((c[1], c[3]) for c in line))
        for line in (list(group) for _, group in by_line)
    )


@with_chinese
def test_lines_of_chinese_end_together(chinese: tuple[Line, ...]) -> None:
    full = [line for line in chinese if not line.text.endswith("之下。")]
    assert len(full) > 10
    assert max(line.edges[-1][1] for line in full) - min(line.edges[-1][1] for line in full) < 1


@with_chinese
def test_emphasis_in_chinese_is_another_face_and_not_slanted(cache: Path, tmp_path: Path) -> None:
    html = f'<div class="text"><p>{PARAGRAPH}</p><blockquote>{PARAGRAPH}</blockquote></div>'
    report, pressed = build(cache, replace(unit("", "zh"), html=html))
    file = tmp_path / "report.pdf"
    file.write_bytes(link(report, pressed, cache))
    with pypdfium2.PdfDocument(file) as document:
        text = document[0].get_textpage()
        slants = {round(_slant(text, n), 3) for n in range(text.count_chars())}
    assert slants == {0}
    sans = next(face for face in pressed.units[0].faces() if face.family == "Noto Sans SC")
    assert {"无", "论"} <= set("".join(sans.texts.values()))


def _slant(text: pypdfium2.PdfTextPage, place: int) -> float:
    """How far a character leans to the side."""
    matrix = FS_MATRIX()
    return matrix.c if FPDFText_GetMatrix(text.raw, place, matrix) else 0


@with_chinese
def test_no_line_of_chinese_begins_or_ends_with_the_wrong_sign(chinese: tuple[Line, ...]) -> None:
    assert not {line.text[0] for line in chinese} & set("，。、；）”")
    assert not {line.text[-1] for line in chinese} & set("（“")


@with_chinese
def test_there_are_no_gaps_between_latin_words_in_chinese(chinese: tuple[Line, ...]) -> None:
    for line in chinese:
        if (at := line.text.find("UnitedNations")) >= 0:
            gap = line.edges[at + 6][0] - line.edges[at + 5][1]
            assert 1 < gap < 4
            return
    pytest.fail("the words are on no line")


# Pages from right to left


@pytest.fixture(scope="module")
def mirrored(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    """The smallest event, in Arabic."""
    folder = tmp_path_factory.mktemp("mirrored")
    event = folder / "event"
    copytree(PROJECT / "tests/events/minimal", event)
    (event / "event.yaml").write_text(
        (event / "event.yaml")
        .read_text(encoding="utf-8")
        .replace("title: Symposium on Cooperation", "title: ندوة التعاون\nlanguage: ar")
        .replace(
            "participants]", "participants, subjects]\nsubjects: [{term: نص, variants: [glad]}]"
        ),
        encoding="utf-8",
    )
    session = event / "1-opening/session.md"
    session.write_text(
        session.read_text(encoding="utf-8").replace("title: Opening", "title: الافتتاح"),
        encoding="utf-8",
    )
    statement = event / "1-opening/01-minister.md"
    statement.write_text(
        statement.read_text(encoding="utf-8").replace("minutes: 6", "minutes: 6\nlanguage: en"),
        encoding="utf-8",
    )
    (event / "1-opening/02-arabic.md").write_text(IN_ARABIC, encoding="utf-8")
    outcome = compile_report(event, folder, CACHE, frozenset({Format.PDF}), jobs=1)
    assert outcome.outputs, outcome.diagnostics
    return Reading(folder / "report.pdf")


LEFT, RIGHT = MILLIMETRE * 42, MILLIMETRE * (210 - 50)
"""Where the lines of a mirrored page begin and end."""


def test_a_report_in_arabic_is_bound_at_the_right(mirrored: Reading) -> None:
    assert mirrored.pdf.Root.Lang == "ar"
    assert mirrored.pdf.Root.ViewerPreferences.Direction == "/R2L"
    first, second = mirrored.labels.index("1"), mirrored.labels.index("2")
    foot = MILLIMETRE * 34
    assert mirrored.zone(first, LEFT - 5, 0, LEFT + 40, foot) == "1"
    assert mirrored.zone(second, RIGHT - 40, 0, RIGHT + 5, foot) == "2"


def test_the_running_heads_of_a_mirrored_page_are_mirrored(mirrored: Reading) -> None:
    page = mirrored.destinations[b"1-opening/01-minister"]
    top = MILLIMETRE * 267
    assert "الافتتاح" in mirrored.zone(page, RIGHT - 150, top, RIGHT + 5, MILLIMETRE * 297)
    assert "Minister" in mirrored.zone(page, LEFT - 5, top, LEFT + 150, MILLIMETRE * 297)


def test_contents_lead_from_the_right_to_folios_at_the_left(mirrored: Reading) -> None:
    page = next(n for n, text in enumerate(mirrored.pages) if "المحتويات" in text)
    column = mirrored.zone(page, LEFT - 5, MILLIMETRE * 34, LEFT + 8 * MILLIMETRE, 720).split()
    assert len(column) >= 5
    assert set(column) <= set(mirrored.labels)


def test_the_signs_between_folios_are_those_of_the_language(mirrored: Reading) -> None:
    found = normalize("NFKC", mirrored.pages[mirrored.destinations[b"subjects"]])
    assert found.count("،") == 2
    assert "," not in found


@pytest.mark.parametrize("language", ["en", "fr", "es", "ru", "zh", "ar"])
def test_the_signs_of_styles_are_those_of_the_language(language: str) -> None:
    css = "\n".join(css for _, css in STYLES.sheets)
    told: dict[str, str] = {}
    for element in (":root", f":lang({language})"):
        for rule in re.findall(rf"^{re.escape(element)} {{(.*?)}}", css, re.DOTALL | re.MULTILINE):
            told |= re.findall(r'--(list-comma|semicolon): "(.*?)"', rule)
    own = words_of(language)
    assert told["list-comma"] == own.list_comma
    assert told["semicolon"].replace(r"\a0;", "\u00a0;") == own.semicolon


def test_what_stands_at_the_foot_of_a_mirrored_cover_begins_where_its_title_does(
    mirrored: Reading,
) -> None:
    with pypdfium2.PdfDocument(mirrored.path) as document:
        text = document[0].get_textpage()
        rects = [text.get_rect(n) for n in range(text.count_rects())]
        middle = document[0].get_height() / 2
    title = max(right for _, low, right, _ in rects if low > middle)
    foot = max(right for _, low, right, _ in rects if low < middle)
    assert abs(title - foot) < 2 * MILLIMETRE


IN_ARABIC = """\
---
speaker: الوزير
affiliation: Member State A
category: governments
language: ar
---
نص Ordinary نص.[^1]

- نص Item

> نص Quoted

| نص First | نص Second |
|---|---|
| نص Cell | نص Other |

[^1]: نص Note.
"""


@pytest.fixture(scope="module")
def sides(mirrored: Reading) -> dict[str, tuple[float, float]]:
    """Where words of a statement in Arabic begin and end, in points from the left."""
    words = "Ordinary", "Item", "Quoted", "First", "Second", "Cell", "Other", "Note"
    with pypdfium2.PdfDocument(mirrored.path) as document:
        text = document[mirrored.destinations[b"1-opening/02-arabic"]].get_textpage()
        shown = text.get_text_range()
        places = {word: range(at := shown.index(word), at + len(word)) for word in words}
        boxes = {word: [text.get_charbox(n) for n in place] for word, place in places.items()}
    return {word: (min(b[0] for b in own), max(b[2] for b in own)) for word, own in boxes.items()}


def test_lists_quotations_tables_and_notes_are_mirrored(
    sides: dict[str, tuple[float, float]],
) -> None:
    # Lines begin at the right, and what is set in is set in there.
    assert sides["Item"][1] < sides["Ordinary"][1] - 5
    assert sides["Quoted"][1] < sides["Ordinary"][1] - 5
    assert sides["Second"][1] < sides["First"][0]
    assert sides["Other"][1] < sides["Cell"][0]
    assert sides["First"][1] > RIGHT - 60
    assert sides["Note"][1] > RIGHT - 60


def test_the_bar_of_a_quotation_is_at_the_right(mirrored: Reading) -> None:
    with pypdfium2.PdfDocument(mirrored.path) as document:
        page = document[mirrored.destinations[b"1-opening/02-arabic"]]
        text = page.get_textpage()
        _, low, _, high = text.get_charbox(text.get_text_range().index("Quoted"))
        line = page.get_height() - (low + high) / 2
        picture = page.render(scale=4, grayscale=True).to_pil().convert("L")
    begin, end = (
        picture.crop((round(4 * left), round(4 * line), round(4 * right), round(4 * line) + 1))
        for left, right in ((RIGHT - 25, RIGHT), (LEFT - 20, LEFT + 40))
    )
    # The text begins further in.
    assert begin.getextrema()[0] < 240
    assert end.getextrema() == (255, 255)


def test_the_opener_of_a_session_is_mirrored(mirrored: Reading) -> None:
    page = mirrored.destinations[b"1-opening"]
    middle = (LEFT + RIGHT) / 2
    beginning = mirrored.zone(page, middle, MILLIMETRE * 34, RIGHT + 5, MILLIMETRE * 297)
    assert "الافتتاح" in beginning
    assert "Minister" in beginning
    labels = mirrored.zone(page, RIGHT - 60, MILLIMETRE * 34, RIGHT + 5, MILLIMETRE * 297)
    assert "الرئاسة" in normalize("NFKC", labels)
    assert "Chairman" not in labels


def test_a_text_in_english_keeps_its_direction_in_a_report_in_arabic(mirrored: Reading) -> None:
    page = mirrored.destinations[b"1-opening/01-minister"]
    first_words = mirrored.zone(page, LEFT - 1, MILLIMETRE * 34, LEFT + 15, MILLIMETRE * 260)
    assert first_words.split() == ["We", "We"]


# Arabic-Indic digits

IN_DIGITS = """\
---
speaker: الوزير
affiliation: الدولة 7
category: governments
language: ar
title: القرار A/RES/60/288 بعد 5 سنوات
---
اعتمدت الاستراتيجية عام 2006، في القرار S/RES/1373 (2001) والفقرة 12.[^1]

وهي أربع ركائز [@1-opening/01-minister:2]:

1. الأولى `x86`
2. الثانية https://www.un.org/2011/
4. الرابعة

[^1]: الصفحة 38، A/60/825.
"""


@pytest.fixture(scope="module")
def in_digits(tmp_path_factory: pytest.TempPathFactory) -> tuple[Reading, lxml.html.HtmlElement]:
    """A report in Arabic with Arabic-Indic digits, and its page: a statement in Arabic, one not."""
    folder = tmp_path_factory.mktemp("digits")
    event = folder / "event"
    copytree(PROJECT / "tests/events/minimal", event)
    with (event / "event.yaml").open("a", encoding="utf-8") as file:
        file.write("language: ar\ndigits: arabic_indic\n")
    statement = event / "1-opening/01-minister.md"
    text = statement.read_text(encoding="utf-8").replace("minutes: 6", "minutes: 6\nlanguage: en")
    statement.write_text(f"{text}\n1. In 2006[^1]\n\n[^1]: Page 38.\n", encoding="utf-8")
    (event / "1-opening/02-arabic.md").write_text(IN_DIGITS, encoding="utf-8")
    outcome = compile_report(event, folder, CACHE, frozenset({Format.PDF, Format.HTML}), jobs=1)
    assert outcome.outputs, outcome.diagnostics
    page = lxml.html.fromstring((folder / "report.html").read_bytes())
    return Reading(folder / "report.pdf"), page


Digital = tuple[Reading, lxml.html.HtmlElement]


@pytest.mark.heavy
def test_folios_labels_and_contents_have_arabic_indic_digits(in_digits: Digital) -> None:
    reading, _ = in_digits
    first = reading.labels.index("١")
    assert reading.labels[first : first + 8] == ["١", "٢", "٣", "٤", "٥", "٦", "٧", "٨"]
    assert reading.zone(first, LEFT - 5, 0, LEFT + 40, MILLIMETRE * 34) == "١"
    contents = next(text for text in reading.pages if "المحتويات" in text)
    assert set("٢٣٤") <= set(contents)
    assert not set("123456789") & set(contents.replace("A/RES/60/288", ""))


@pytest.mark.heavy
def test_what_is_arabic_in_a_text_has_arabic_indic_digits(in_digits: Digital) -> None:
    reading, page = in_digits
    spoken = " ".join(reading.spoken.split())
    for words in (
        "بعد ٥ سنوات",
        "عام ٢٠٠٦، في القرار",
        "والفقرة ١٢.",
        "الفقرة ٢",
        "١. الصفحة ٣٨،",
        "١. الأولى",
        "٢. الثانية",
        "٤. الرابعة",
        "١٩ أيلول/سبتمبر ٢٠١١",
    ):
        assert words in spoken, words
    told = " ".join(page.text_content().split())
    for words in (
        "القرار A/RES/60/288 بعد ٥ سنوات",
        "في القرار S/RES/1373 (2001) والفقرة ١٢.",
        "الأولى x86",
        "https://www.un.org/2011/",
        "الصفحة ٣٨، A/60/825.",
    ):
        assert words in told, words
    statement = page.find(".//article[@id='1-opening/02-arabic']")
    assert [a.text for a in statement.iterfind(".//a[@class='number']")] == ["١", "٢"]
    assert "الوزير، الدولة ٧" in spoken


@pytest.mark.heavy
def test_a_text_in_english_keeps_its_digits(in_digits: Digital) -> None:
    reading, page = in_digits
    statement = page.find(".//article[@id='1-opening/01-minister']//div[@class='text']")
    assert [a.text for a in statement.iterfind(".//a[@class='number']")] == ["1", "2"]
    assert statement.find(".//ol/li").text_content().split() == ["In", "20061"]
    # The report's own words beside it are Arabic.
    assert "الفقرة\u00a0١" in statement.text_content()
    drawn = reading.pages[reading.destinations[b"1-opening/01-minister"]]
    # The call of the note stands beside the year.
    assert {"1", "2", "20061", "38"} <= set(re.findall(r"[0-9]+", drawn))


# The web page


def test_the_page_has_the_faces_of_the_scripts_in_it_alone() -> None:
    def page(*units: Unit) -> str:
        report = replace(synthetic.report(*units), folder=NOWHERE)
        return publish(report, stylesheets(NOWHERE, WEB_STYLES), template_folders(NOWHERE))

    assert "font-family: Amiri" not in page(unit("Peace"))
    assert "font-family: Amiri" in page(unit("Peace"), unit(ARABIC, "ar", 2))


LOOK = "e => (({fontFamily, fontSize, lineHeight}) => [fontFamily, fontSize, lineHeight])"
LOOK += "(getComputedStyle(e))"


@pytest.mark.parametrize("page", ["ar", "zh"])
def test_on_a_screen_too_a_text_on_a_page_of_another_script_is_set_as_on_its_own(
    browser: Browser, tmp_path: Path, page: str
) -> None:
    def look(language: str) -> Sequence[str]:
        text = replace(unit(""), html='<p class="text" lang="fr" dir="ltr">L’État</p>')
        report = replace(synthetic.report(text), folder=NOWHERE, language=language)
        file = tmp_path / f"{language}.html"
        html = publish(report, stylesheets(NOWHERE, WEB_STYLES), template_folders(NOWHERE))
        file.write_text(html, encoding="utf-8")
        shown = browser.new_page()
        shown.goto(file.as_uri())
        seen: Sequence[str] = shown.locator(".text").evaluate(LOOK)
        return seen

    assert look(page) == look("fr")

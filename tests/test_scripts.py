"""Scripts: each language in faces that have it, at no cost to units that are not written in it."""

from dataclasses import replace
from pathlib import Path
from unicodedata import normalize

import pytest

from report.assets import PRINT_STYLES, WEB_STYLES, stylesheets, template_folders
from report.link import link
from report.resources import unfetched
from report.typeset import Styles, Typeset, typeset
from report.unit import Report, Unit
from report.web import publish
from tests import synthetic
from tests.reading import Reading, letters

NOWHERE = Path(__file__).parent / "no-event"
STYLES = Styles(stylesheets(NOWHERE, PRINT_STYLES))

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


def test_styles_of_a_script_make_only_units_stale_that_are_written_in_it(cache: Path) -> None:
    units = unit("Peace", number=1), unit(ARABIC, "ar", number=2)
    build(cache, *units)
    changed = tuple(
        (name, css + "/* changed */" * (name == "arabic.css")) for name, css in STYLES.sheets
    )
    _, again = build(cache, *units, styles=Styles(changed))
    assert again.reasons == {units[1].id: "styles changed"}


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


# The web page


def test_the_page_has_the_faces_of_the_scripts_in_it_alone() -> None:
    def page(*units: Unit) -> str:
        report = replace(synthetic.report(*units), folder=NOWHERE)
        return publish(report, stylesheets(NOWHERE, WEB_STYLES), template_folders(NOWHERE))

    assert "font-family: Amiri" not in page(unit("Peace"))
    assert "font-family: Amiri" in page(unit("Peace"), unit(ARABIC, "ar", 2))

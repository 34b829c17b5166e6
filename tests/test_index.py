"""Indexes, lists and annexes, read in the PDF and in the web page of a small event."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pypdfium2
import pytest
from lxml.html import HtmlElement

from report.check import check
from report.collation import order
from report.compilation import compile_report
from report.formats import Format
from report.index import by_letter, natural
from report.load import load
from report.printform import print_document
from report.unit import Paging, Unit
from tests.conftest import CACHE, Compiled
from tests.reading import letters

EVENT = """\
title: Symposium on Cooperation
date: 2011-09-19
venue: City Hall
organizers: [Host organization]
pillars:
  - {id: trust, title: Measures to build trust}
resolutions:
  - {symbol: A/RES/60/288, title: The Strategy, date: 2006-09-08}
documents:
  S/RES/1373 (2001): Threats to peace
  A/9/12: An early report
subjects:
  - victims
  - {term: borders, variants: [border], see_also: [customs]}
  - {term: customs}
  - {term: frontiers, see: borders}
  - {term: Strategy}
acronyms:
  CTITF: Counter-Terrorism Implementation Task Force
  NGO: non-governmental organization
front: [contents, acronyms]
body:
  - programme
  - chairmans-summary
  - sessions
  - participants
  - recommendations
  - speakers
  - documents
  - subjects
  - figures
"""

PARTICIPANTS = """\
governments:
  - {entity: Member State A, representatives: [Minister, Ambassador]}
  - {entity: Member State B, representatives: [Judge]}
civil_society:
  - {entity: Association C, representatives: [Director]}
"""

OPENING = """\
---
kind: opening
title: Opening
chair: Ambassador, Member State A
time: 10:00-11:00
---
"""

THEMATIC = """\
---
kind: thematic
title: Work at the borders
chair: Judge, Member State B
time: 11:30-13:00
floor: [Member State B]
---
Member State B recalled A/RES/60/288 and asked what victims had been told.
"""

_LONG = "This sentence is here to fill the page, and it has nothing of interest to say. " * 12
MINISTER = f"""\
---
speaker: Minister
affiliation: Member State A
category: governments
key_points: [The report A/9/12 was not read.]
recommendations:
  - text: States should open one border post together.
    level: regional
    pillar: trust
    paragraph: 2
---
## What A/60/825 left open

The CTITF was young then. An NGO (non-governmental organization) told us of S/RES/1373 (2001), and
the CTITF listened.[^1]

Every border has two sides, and a borderline case is none. Here is S/RES/1373 again.

{_LONG}

{_LONG}

Our border guards say so.

{_LONG}

{_LONG}

{_LONG}

{_LONG}

The border is long.

Table: Posts on the *border*

| Post | Guards |
|------|-------:|
| East | 12     |

| Year | Posts |
|------|------:|
| 2010 | 1     |

Table: Posts by year

[^1]: See also A/C.6/65/L.10, and the words of victims.
"""

JUDGE = """\
---
speaker: Juan Pérez
index_as: Pérez, Juan
function: Judge
affiliation: Member State B
category: governments
language: fr
---
Le CTITF et A/RES/60/3.

| Un | Deux |
|----|------|
| 1  | 2    |
"""

DIRECTOR = """\
---
speaker: Director
affiliation: Association C
category: civil_society
---
The strategy of victims is patience; the Strategy of States is another.

![A gate](../media/gate.png "The gate")
"""

SUMMARY = """\
---
chair: Judge, Member State B
findings:
  - {text: Customs officers read A/RES/60/288., evidence: "2-work/01-minister:2"}
recommendations:
  - {text: States should hear victims., level: national, evidence: "2-work/03-director:1"}
---
The Chairman thanked all.
"""

FILES = {
    "event.yaml": EVENT,
    "participants.yaml": PARTICIPANTS,
    "1-opening/session.md": OPENING,
    "2-work/session.md": THEMATIC,
    "2-work/01-minister.md": MINISTER,
    "2-work/02-judge.md": JUDGE,
    "2-work/03-director.md": DIRECTOR,
    "2-work/chairmans-summary.md": SUMMARY,
}

SYMBOLS = [
    *("A/9/12", "A/60/825", "A/C.6/65/L.10"),
    *("A/RES/60/3", "A/RES/60/288", "S/RES/1373 (2001)"),
]


def write(folder: Path, changed: dict[str, str] | None = None) -> Path:
    for name, text in (FILES | (changed or {})).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "media").mkdir(exist_ok=True)
    minimal = Path(__file__).parent / "events/minimal/media/hall.png"
    shutil.copy(minimal, folder / "media/gate.png")
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    folder = write(tmp_path_factory.mktemp("event"))
    output = tmp_path_factory.mktemp("output")
    outcome = compile_report(folder, output, CACHE, frozenset({Format.PDF, Format.HTML}), jobs=1)
    assert [str(d) for d in outcome.diagnostics] == []
    return Compiled(folder, output, outcome)


def part(compiled: Compiled, name: str) -> HtmlElement:
    """A part of the web page."""
    return lxml.html.fromstring(compiled.page).get_element_by_id(name)


def words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def links(compiled: Compiled, name: str) -> Iterator[tuple[str, str]]:
    """The target and the text of every link to a place on the PDF's pages of a part."""
    pdf = compiled.pdf
    with pypdfium2.PdfDocument(pdf.path) as document:
        for number in pages(compiled, name):
            text = document[number].get_textpage()
            for annotation in pdf.pdf.pages[number].get("/Annots", []):
                if "/Dest" in annotation:
                    left, bottom, right, top = (float(value) for value in annotation.Rect)
                    shown = text.get_text_bounded(left - 1, bottom, right + 1, top)
                    yield bytes(annotation.Dest).decode(), shown.strip(" ,\u2013.\r\n")


def pages(compiled: Compiled, name: str) -> range:
    """The pages of a part at the end of the report."""
    starts = sorted(compiled.pdf.destinations[n.encode()] for n in END)
    start = compiled.pdf.destinations[name.encode()]
    after = [page for page in starts if page > start]
    return range(start, after[0] if after else len(compiled.pdf.pages))


END = ["participants", "recommendations", "speakers", "documents", "subjects", "figures"]


def folio(compiled: Compiled, anchor: str) -> str:
    return compiled.pdf.labels[compiled.pdf.destinations[anchor.encode()]]


# Folios.


@pytest.mark.parametrize("name", ["participants", "speakers", "subjects"])
def test_every_folio_is_that_of_the_page_where_its_place_is(small: Compiled, name: str) -> None:
    _assert_folios(small, name)


@pytest.mark.parametrize("name", ["participants", "speakers", "subjects"])
def test_every_folio_of_the_sample_is_right(sample: Compiled, name: str) -> None:
    _assert_folios(sample, name)


def _assert_folios(compiled: Compiled, name: str) -> None:
    shown = [(t, text) for t, text in links(compiled, name) if re.fullmatch(r"\d+|[ivxl]+", text)]
    assert len(shown) >= 3
    assert [(t, text) for t, text in shown if text != folio(compiled, t)] == []


def test_a_document_leads_to_each_paragraph_by_number_and_by_folio(small: Compiled) -> None:
    shown = defaultdict(set)
    for target, text in links(small, "documents"):
        if ":" in target:
            shown[target].add(text.strip())
    assert {target: sorted(texts) for target, texts in shown.items()} == {
        target: sorted({target.rpartition(":")[2], folio(small, target)})
        for target in ("2-work/01-minister:1", "2-work/02-judge:1", "2-work:1")
    } | {"2-work/01-minister:2": ["2"]}, "a page is named once"


def test_the_list_of_figures_gives_the_folio_of_each(small: Compiled) -> None:
    lines = "".join(small.pdf.pages[number] for number in pages(small, "figures"))
    for anchor, caption in [
        ("2-work/01-minister:table-1", "Posts on the border"),
        ("2-work/01-minister:table-2", "Posts by year"),
        ("2-work/03-director:figure-1", "The gate"),
    ]:
        assert re.search(rf"{caption}[ .]*{folio(small, anchor)}\b", lines)


def test_a_caption_in_the_list_begins_where_its_source_does(small: Compiled) -> None:
    with pypdfium2.PdfDocument(small.pdf.path) as document:
        text = document[pages(small, "figures")[0]].get_textpage()
        rects = [text.get_rect(n) for n in range(text.count_rects())]
        lefts = {text.get_text_bounded(*rect).split(" .")[0].strip(): rect[0] for rect in rects}
    begins = [lefts[words] for words in ("The gate", "Director, Association C")]
    assert begins[0] == pytest.approx(begins[1], abs=0.8)


def test_pages_of_one_text_that_follow_one_another_are_folded(small: Compiled) -> None:
    first, last = (folio(small, f"2-work/01-minister:{n}") for n in (2, 10))
    assert int(last) == int(first) + 2
    [line] = re.findall(r"borders,.*", small.pdf.pages[pages(small, "subjects")[0]])
    assert line.rstrip().endswith(f"{first}\u2013{last}")


def test_pages_that_do_not_follow_are_told_apart(small: Compiled) -> None:
    text = " ".join(small.pdf.pages[pages(small, "subjects")[0]].split())
    places = ["recommendation-1", "2-work/01-minister:1", "2-work/03-director:1", "2-work:1"]
    expected = ", ".join(dict.fromkeys(folio(small, anchor) for anchor in places))
    assert f"victims, {expected}" in text


def test_the_page_has_links_only(small: Compiled) -> None:
    page = lxml.html.fromstring(small.page)
    assert page.findall(".//*[@data-folio]") == page.findall(".//*[@class='folios']") == []
    known = {element.get("id") for element in page.iter() if element.get("id")}
    targets = [a.get("href")[1:] for n in END for a in part(small, n).iterfind(".//a[@href]")]
    internal = [t for t in targets if not t.startswith("ttps:")]
    assert len(internal) > 40
    assert [target for target in internal if target not in known] == []


# Documents.


def test_each_symbol_of_any_text_is_listed_in_natural_order(small: Compiled) -> None:
    listed = [words(e) for e in part(small, "documents").iterfind(".//a[@class='heading symbol']")]
    assert [symbol.replace("\xa0", " ") for symbol in listed] == SYMBOLS


def test_titles_come_from_the_resolutions_and_the_documents(small: Compiled) -> None:
    entries = {
        words(e[0]): words(e) for e in part(small, "documents").iterfind(".//li[@class='entry']")
    }
    assert "The Strategy, 8 September 2006" in entries["A/RES/60/288"]
    assert "Threats to peace" in entries["S/RES/1373 (2001)"]
    assert "Minister, Member State A, paras. 1, 2" in entries["S/RES/1373 (2001)"]
    assert "An early report Minister, Member State A" in entries["A/9/12"]
    assert "Chairman\u2019s Summary, finding 1" in entries["A/RES/60/288"]
    assert "Session 2, discussion, para. 1" in entries["A/RES/60/288"]


def test_each_symbol_of_the_sample_is_listed(sample: Compiled) -> None:
    listed = {
        words(e).replace("\xa0", " ")
        for e in part(sample, "documents").iterfind(".//a[@class='heading symbol']")
    }
    form = re.compile(r"\b[AS]/(?:RES/)?\d+(?:/\d+| \(\d{4}\))")
    written = {s for file in sample.folder.rglob("*.md") for s in form.findall(file.read_text())}
    assert len(written) >= 6
    assert written <= listed


def test_numbers_are_sorted_as_people_count() -> None:
    symbols = ["S/2011/463", "A/RES/60/288", "A/RES/9/1", "A/60/825", "A/RES/60/3", "A/9/12"]
    assert sorted(symbols, key=natural) == [
        *("A/9/12", "A/60/825", "A/RES/9/1", "A/RES/60/3", "A/RES/60/288", "S/2011/463")
    ]
    assert natural("A/" + "9" * 5000) > natural("A/1")


# Subjects.


def subject(compiled: Compiled, term: str) -> HtmlElement:
    [entry] = [
        entry
        for entry in part(compiled, "subjects").iterfind(".//li[@class='entry']")
        if words(entry.find("span")) == term
    ]
    return entry


def test_a_subject_is_found_as_whole_words_and_by_its_variants(small: Compiled) -> None:
    targets = [a.get("href") for a in subject(small, "borders").iterfind(".//ul//a")]
    assert [t for t in targets if ":" in t] == [f"#2-work/01-minister:{n}" for n in (2, 5, 10)]


def test_a_term_with_a_capital_is_found_with_its_capital_only(
    small: Compiled, tmp_path: Path
) -> None:
    assert "Director" in words(subject(small, "Strategy"))
    changed = DIRECTOR.replace("the Strategy of States", "the plan of States")
    assert [code for code, _, _ in problems(tmp_path, "2-work/03-director.md", changed)] == ["W603"]


def test_see_and_see_also_are_links(small: Compiled) -> None:
    borders = subject(small, "borders")
    assert words(subject(small, "frontiers")) == "frontiers, see borders"
    assert subject(small, "frontiers").find(".//a").get("href") == f"#{borders.get('id')}"
    assert words(borders).endswith("See also customs")


# Acronyms.


def test_an_acronym_is_explained_at_its_first_use(small: Compiled) -> None:
    text = part(small, "2-work/01-minister")
    explained = [(e.text, e.get("title")) for e in text.iter("abbr")]
    assert explained == [
        ("CTITF", "Counter-Terrorism Implementation Task Force"),
        ("NGO", "non-governmental organization"),
    ]
    said = words(text)
    assert said.count("CTITF [Counter-Terrorism Implementation Task Force] was") == 1
    assert "the CTITF listened" in said
    assert "An NGO (non-governmental organization) told" in said
    assert letters("CTITF [Counter-Terrorism Implementation Task Force] was") in letters(
        small.pdf.spoken
    )


def test_a_text_in_another_language_keeps_its_words(small: Compiled) -> None:
    assert "Le CTITF et" in words(part(small, "2-work/02-judge"))


# Figures and tables.


def test_figures_and_tables_are_numbered_through_the_report(small: Compiled) -> None:
    page = lxml.html.fromstring(small.page)
    assert [words(c) for c in page.iterfind(".//caption")] == [
        "Table 1. Posts on the border",
        "Table 2. Posts by year",
        "Table 3.",
    ]
    assert [words(c) for c in page.iterfind(".//main//figcaption")] == ["Figure 1. The gate"]


def test_a_caption_is_no_paragraph(small: Compiled) -> None:
    statement = next(s for s in small.event.statements if s.id == "2-work/01-minister")
    assert len(statement.text.paragraphs) == 10
    assert "Table:" not in words(part(small, "2-work/01-minister"))


def test_a_table_without_caption_is_listed_by_its_columns(small: Compiled) -> None:
    assert words(part(small, "figures")) == (
        "Figures and tables Figures 1 The gate Director, Association C"
        " Tables 1 Posts on the border Minister, Member State A"
        " 2 Posts by year Minister, Member State A 3 Un, Deux Juan Pérez, Member State B"
    )


# Speakers, participants, recommendations, programme.


def test_speakers_are_listed_by_the_name_of_their_entry(small: Compiled) -> None:
    entries = [words(e) for e in part(small, "speakers").iterfind(".//li[@class='entry']")]
    assert entries == [
        "Director, Association C Session 2",
        "Minister, Member State A Session 2",
        "Pérez, Juan, Judge, Member State B Session 2",
    ]


def test_participants_who_spoke_are_linked(small: Compiled) -> None:
    people = {
        words(e).split()[0]: e
        for e in part(small, "participants").iterfind(".//span[@class='person']")
    }
    assert people["Minister"].find(".//a").get("href") == "#2-work/01-minister"
    assert people["Judge"].find(".//a").get("href") == "#2-work/02-judge"
    assert people["Ambassador"].find(".//a") is None
    entities = part(small, "participants").iterfind(".//span[@class='entity']/span/a")
    assert [(words(a), a.get("href")) for a in entities] == [
        ("Session 2, discussion", "#2-work/discussion")
    ]


def test_recommendations_are_one_table(small: Compiled) -> None:
    table = part(small, "recommendations")
    rows = [[words(cell) for cell in row.iter("th", "td")] for row in table.iterfind(".//tbody/tr")]
    assert rows == [
        ["Measures to build trust"],
        [
            *("1", "States should open one border post together.", "Regional"),
            *("Minister, Member State A", "Minister, Member State A, para. 2"),
        ],
        ["Across the pillars"],
        [
            *("2", "States should hear victims.", "National"),
            *("The Chairman", "Director, Association C, para. 1"),
        ],
    ]
    assert table.find(".//td/a").get("href") == "#recommendation-1"


def test_the_programme_shows_sessions_breaks_and_speakers(small: Compiled) -> None:
    rows = part(small, "programme").iterfind(".//tbody/tr")
    assert [" ".join(map(words, row)) for row in rows] == [
        "10:00\u201311:00 1. Opening Chair Ambassador, Member State A",
        "11:00\u201311:30 Break",
        "11:30\u201313:00 2. Work at the borders Chair Judge, Member State B"
        " Minister, Member State A Juan Pérez, Member State B Director, Association C",
    ]


def test_a_long_index_is_divided_by_letters() -> None:
    names = ["\u00c9clair", "eagle", *(f"zebra {n}" for n in range(30))]
    names.sort(key=lambda name: order(name, "en"))
    assert [(g.letter, len(g.entries)) for g in by_letter(tuple(names), str, "en")] == [
        ("E", 2),
        ("Z", 30),
    ]
    assert [g.letter for g in by_letter(tuple(names[:5]), str, "en")] == [""]


# What is told of mistakes.


def problems(folder: Path, name: str, text: str) -> list[tuple[str, str, str]]:
    """Code, place and message of all that is wrong when one file of the event is another."""
    event, found = load(write(folder, {name: text}))
    assert event
    return [(d.rule.code, str(d.place), d.message) for d in (*found, *check(event))]


def test_an_unknown_acronym_is_told_once(tmp_path: Path) -> None:
    text = DIRECTOR.replace("patience", "OSCE and OSCE, NGOs, II, A/RES/60/288, OSCEs and UNODC")
    assert problems(tmp_path, "2-work/03-director.md", text) == [
        (
            *("W601", "2-work/03-director.md:6:28"),
            "`OSCE` is not in the list of acronyms; the texts use it 3 times",
        ),
        (
            *("W601", "2-work/03-director.md:6:77"),
            "`UNODC` is not in the list of acronyms; the texts use it once",
        ),
    ]


def test_acronyms_that_a_text_explains_itself_are_known(tmp_path: Path) -> None:
    text = f"{DIRECTOR}\nThe OSCE came.\n\n*[OSCE]: Organization for Security\n"
    assert problems(tmp_path, "2-work/03-director.md", text) == []


def test_formulas_are_no_acronyms(tmp_path: Path) -> None:
    formulas = "H<sub>2</sub>O, R<sub>IN</sub> and CO<sub>2</sub>"
    text = f"{DIRECTOR}\n{formulas} at the OSCE[^1].\n\n[^1]: Note.\n"
    assert [
        (code, message[:6])
        for code, _, message in problems(tmp_path, "2-work/03-director.md", text)
    ] == [("W601", "`OSCE`")]


def test_a_report_without_a_list_of_acronyms_needs_none(tmp_path: Path) -> None:
    text = EVENT.replace("front: [contents, acronyms]", "front: [contents]")
    text = text.replace("  CTITF: Counter-Terrorism Implementation Task Force\n", "")
    assert problems(tmp_path, "event.yaml", text) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "message"),
    [
        ("see: borders", "see: bordrs", "E602", "there is no subject `bordrs` to look under"),
        ("[customs]", "[custom]", "E602", "there is no subject `custom` to look under"),
        ("- victims", "- winners", "W603", "no text speaks of `winners`"),
        ("A/9/12:", "A/9/13:", "W604", "no text cites A/9/13"),
        ("{term: customs}", "victims", "E203", "there is a subject `victims` already"),
    ],
)
def test_a_mistake_in_the_lists_is_told(
    tmp_path: Path, old: str, new: str, code: str, message: str
) -> None:
    assert EVENT.count(old) == 1
    text = EVENT.replace(old, new)
    line = EVENT[: EVENT.index(old)].count("\n") + 1
    told = problems(tmp_path, "event.yaml", text)
    assert any(
        c == code and p.startswith(f"event.yaml:{line}:") and m.startswith(message)
        for c, p, m in told
    ), told


@pytest.mark.parametrize(
    "left_out",
    [["chairmans-summary"], ["sessions", "chairmans-summary", "recommendations"]],
)
def test_no_entry_leads_to_a_part_that_the_report_leaves_out(
    tmp_path: Path, left_out: list[str]
) -> None:
    order = "".join(line for line in EVENT.splitlines(True) if line[4:-1] not in left_out)
    minister = MINISTER.replace("    paragraph: 2\n", "")
    folder = write(tmp_path / "event", {"event.yaml": order, "2-work/01-minister.md": minister})
    if "sessions" in left_out:
        (folder / "2-work/chairmans-summary.md").unlink()
    outcome = compile_report(folder, tmp_path, CACHE, frozenset({Format.HTML}))
    assert [d for d in outcome.diagnostics if d.is_error] == []
    page = lxml.html.parse(str(tmp_path / "report.html")).getroot()
    known = {f"#{element.get('id')}" for element in page.iter() if element.get("id")}
    targets = {a.get("href") for a in page.iter("a") if a.get("href").startswith("#")}
    assert "#programme" in targets
    assert targets - known == set()


@pytest.mark.parametrize(
    ("link", "shown", "kind"),
    [
        ('<a href="#b"><span class="folio" data-folio="b"></span></a>', "7", "folio"),
        ('<a class="own" href="#b"><span data-folio="b"></span></a>', "7", "own"),
        ('<a href="#b">page <span data-folio="b"></span> above</a>', "page 7 above", None),
        ('<a href="#b">words</a>', "words", None),
    ],
)
def test_a_link_among_folios_keeps_its_words_and_its_class(
    link: str, shown: str, kind: str | None
) -> None:
    html = f'<p><span class="folios">{link}</span></p>'
    unit = Unit("a", "subjects", "A", html, "en", Paging.BODY)
    (printed,) = lxml.html.document_fromstring(print_document(unit, {"b": "7"})).iter("a")
    assert (printed.text_content(), printed.get("class")) == (shown, kind)

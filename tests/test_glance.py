"""The symposium at a glance, its map, and speaking time, against the files they are made of."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import lxml.html
import pikepdf
import pypdfium2
import pytest
import yaml
from lxml import etree
from lxml.html import HtmlElement
from weasyprint import HTML

from report import press
from report.assets import PRINT_STYLES, stylesheets
from report.compilation import merged as merged_event
from report.drawing import Draughtsman
from report.glance import Bar, Chart
from report.load import load
from report.model import Event
from report.support import Bond, Matrix, Row, Source
from tests.conftest import CACHE, PROJECT, Compiled
from tests.reading import characters, letters
from tests.terminal import run

SAMPLE = PROJECT / "statements"
MINIMAL = PROJECT / "tests" / "events" / "minimal"
STYLES = stylesheets(SAMPLE, PRINT_STYLES)
BARS = (Bar("One", 3), Bar("Two", 1))
CHART = Chart("chart-x", "Statements by day", "Day", "Statements", BARS, "One: 3; Two: 1")


def front_matters() -> list[tuple[str, dict[str, object]]]:
    """Session and front matter of each statement of the sample, read without the compiler."""
    files = sorted(SAMPLE.glob("[0-9]*/[0-9]*.md"))
    files = [f for f in files if not f.with_suffix("").suffix]
    return [(f.parent.name, yaml.safe_load(f.read_text().split("---\n")[1])) for f in files]


def sessions() -> dict[str, dict[str, object]]:
    files = sorted(SAMPLE.glob("[0-9]*/session.md"))
    return {f.parent.name: yaml.safe_load(f.read_text().split("---\n")[1]) for f in files}


def alternatives(pdf: pikepdf.Pdf) -> list[str]:
    """The alternative text of each figure, in the order of the structure tree."""

    def walk(element: pikepdf.Object) -> Iterator[str]:
        if isinstance(element, pikepdf.Array):
            for kid in element:
                yield from walk(kid)
        elif isinstance(element, pikepdf.Dictionary):
            if element.get("/S") == "/Figure":
                yield str(element.get("/Alt", ""))
            if "/K" in element:
                yield from walk(element.K)

    return list(walk(pdf.Root.StructTreeRoot.K))


def numbers(section: HtmlElement, title: str) -> list[tuple[str, int]]:
    """The rows of the table of a chart, the sum included."""
    (figure,) = (f for f in section.iter("figure") if f.findtext("figcaption") == title)
    rows = figure.findall(".//details//tr")[1:]
    return [(row[0].text_content(), int(row[1].text_content())) for row in rows]


@pytest.fixture(scope="module")
def page(sample: Compiled) -> HtmlElement:
    return lxml.html.document_fromstring(sample.page)


def test_the_tables_count_what_the_files_say(page: HtmlElement) -> None:
    section = page.get_element_by_id("at-a-glance")
    read = front_matters()
    by_session = Counter(session for session, _ in read)
    minutes = Counter[str]()
    for session, matter in read:
        minutes[session] += int(str(matter["minutes"]))
    counts = [n for _, n in numbers(section, "Statements by session")]
    assert counts == [*by_session.values(), len(read)]
    told = [n for _, n in numbers(section, "Speaking time by session, in minutes")]
    assert told == [*minutes.values(), sum(minutes.values())]
    categories = dict(numbers(section, "Statements by category of speaker"))
    stated = Counter(matter["category"] for _, matter in read)
    assert categories["Governments"] == stated["governments"] > 0
    assert categories["Media"] == stated["media"] > 0
    regions = dict(numbers(section, "Statements by region"))
    assert regions["Africa"] == sum(matter.get("region") == "africa" for _, matter in read) > 0
    assert regions["In all"] == len(read)
    pillars = dict(numbers(section, "Statements by pillar"))
    none = [session for session, matter in sessions().items() if not matter.get("pillar")]
    assert pillars["Across the pillars"] == sum(by_session[session] for session in none)


def test_each_chart_of_the_pdf_says_its_numbers_to_those_who_see_it_and_to_those_who_do_not(
    sample: Compiled, page: HtmlElement
) -> None:
    section = page.get_element_by_id("at-a-glance")
    spoken = [a for a in alternatives(sample.pdf.pdf) if a.startswith("Bar chart. ")]
    figures = section.findall(".//figure")
    assert len(spoken) == len(figures) >= 5
    first = sample.pdf.destinations[b"at-a-glance"]
    shown = letters("".join(sample.pdf.pages[first : first + 2]))
    for figure, alternative in zip(figures, spoken, strict=True):
        title = figure.findtext("figcaption")
        assert title in alternative
        for label, value in numbers(section, title)[:-1]:
            assert f"{label}: {value}" in alternative
            assert letters(label[:20]) in shown
        drawn = [t.text for t in figure.findall(".//svg//text") if t.text.isdigit()]
        assert drawn == [str(value) for _, value in numbers(section, title)[:-1]]


def test_figures_on_the_page_keep_to_its_policy(page: HtmlElement) -> None:
    drawings = page.findall(".//figure//svg")
    assert len(drawings) >= 7
    for drawing in drawings:
        assert drawing.get("role") == "img"
        assert len(drawing.get("aria-label", "")) > 40
        assert [e for e in drawing.iter() if e.get("style") or e.tag == "style"] == []
    ids = Counter(e.get("id") for e in page.iter() if e.get("id"))
    assert [name for name, count in ids.items() if count > 1] == []
    used = {e.get("href", "")[1:] for drawing in drawings for e in drawing.iter("use")}
    assert used
    assert used <= ids.keys()


def test_the_map_shows_who_made_a_recommendation_and_what_is_evidence(
    sample: Compiled, page: HtmlElement
) -> None:
    table = page.get_element_by_id("map").find(".//table")
    rows = {
        link.get("href")[1:]: row
        for row in table.iter("tr")
        if (link := row.find("th/a")) is not None
    }
    statements = {s.id for s in sample.event.statements}
    assert statements <= rows.keys()
    assert sample.event.summary
    checked = 0
    for number, finding in enumerate(sample.event.summary.findings, start=1):
        for target in {reference.target for reference in finding.evidence} & statements:
            links = [a.get("href") for a in rows[target].findall("td[2]//a")]
            assert f"#finding-{number}" in links
            checked += 1
    assert checked >= 10
    for statement in sample.event.statements:
        made = {a.get("href") for a in rows[statement.id].findall("td[1]//a")}
        assert len(made) == len({w.same_as or w.text for w in statement.recommendations})


def test_a_reader_of_the_pdf_gets_from_the_map_to_conclusions_and_statements(
    sample: Compiled,
) -> None:
    first = sample.pdf.destinations[b"map"]
    targets = {
        bytes(annotation.Dest)
        for page in sample.pdf.pdf.pages[first : first + 6]
        for annotation in page.get("/Annots", [])
        if "/Dest" in annotation
    }
    wanted = {b"finding-1", b"recommendation-1", *(s.id.encode() for s in sample.event.statements)}
    assert wanted <= targets


def minimal(tmp_path: Path, **changes: str) -> Path:
    """The smallest event with both parts in its order, with a second statement."""
    folder = tmp_path / "event"
    shutil.copytree(MINIMAL, folder)
    event = folder / "event.yaml"
    event.write_text(event.read_text().replace("body: [", "body: [at-a-glance, map, "))
    (folder / "1-opening/02-envoy.md").write_text(
        "---\nspeaker: Envoy\naffiliation: United Nations entity B\ncategory: united_nations\n"
        f"minutes: 1\n{changes.get('matter', '')}---\n{changes.get('text', 'I listened.')}\n"
    )
    with event.open("a") as file:
        file.write(changes.get("event", ""))
    return folder


def merged(folder: Path, cache: Path) -> dict[str, HtmlElement]:
    event, _ = load(folder)
    assert event
    units = merged_event(event, folder, cache, stylesheets(folder, PRINT_STYLES)).units
    return {unit.id: lxml.html.fragment_fromstring(unit.html) for unit in units}


def test_a_statement_on_which_nothing_rests_is_named(tmp_path: Path) -> None:
    units = merged(minimal(tmp_path), CACHE)
    bare = units["map"].get_element_by_id("map-bare").getnext()
    assert [a.get("href") for a in bare.iter("a")] == ["#1-opening/02-envoy"]


def test_a_chart_with_nothing_to_compare_is_left_out(tmp_path: Path) -> None:
    units = merged(minimal(tmp_path), CACHE)
    titles = [caption.text for caption in units["at-a-glance"].iter("figcaption")]
    assert titles == ["Statements by category of speaker"]


def test_an_event_without_conclusions_has_no_map(tmp_path: Path) -> None:
    folder = minimal(tmp_path)
    summary = folder / "1-opening/chairmans-summary.md"
    summary.write_text("---\nchair: Chairman, United Nations entity B\n---\nWe met.\n")
    minister = folder / "1-opening/01-minister.md"
    minister.write_text(re.sub(r"recommendations:.*?---", "---", minister.read_text(), flags=re.S))
    assert "map" not in merged(folder, CACHE)


def test_colours_and_faces_are_those_of_the_tokens(tmp_path: Path) -> None:
    ours = Draughtsman(STYLES, SAMPLE, tmp_path, "en").draw(CHART)
    changed = [(name, css.replace("#17496f", "#0a5c36")) for name, css in STYLES]
    theirs = Draughtsman(changed, SAMPLE, tmp_path, "en").draw(CHART)
    assert "#17496f" in ours
    assert theirs == ours.replace("#17496f", "#0a5c36")
    assert sum(file.is_file() for file in tmp_path.rglob("*")) == 1, "it is drawn once for both"
    tokens = dict(STYLES)["tokens.css"].lower()
    assert {c for c in re.findall(r"#[0-9a-f]{6}", theirs.lower()) if c not in tokens} == {
        "#0a5c36"
    }
    faces = str(etree.fromstring(ours).get("font-family"))
    assert faces in dict(STYLES)["tokens.css"]
    assert "Fira Sans" in faces


def test_colours_are_those_that_an_event_adds(tmp_path: Path) -> None:
    own = """/* :root { --accent: #111111 } */ :root { --deep: #0a5c36; --accent: var(--deep) }
        @media screen and (prefers-color-scheme: dark) { :root { --accent: #eeeeee } }"""
    theirs = Draughtsman((*STYLES, ("event.css", own)), SAMPLE, tmp_path, "en").draw(CHART)
    ours = Draughtsman(STYLES, SAMPLE, tmp_path, "en").draw(CHART)
    assert theirs == ours.replace("#17496f", "#0a5c36")


_DRAW = """
import sys
from pathlib import Path
from tests.test_glance import CHART, SAMPLE, STYLES, matrix
from report.drawing import Draughtsman
draw = Draughtsman(STYLES, SAMPLE, Path(sys.argv[1]), "en").draw
sys.stdout.write(draw(CHART) + draw(matrix(9)))
sys.stderr.write(str("matplotlib" in sys.modules))
"""


def drawn(cache: Path, seed: int) -> tuple[str, str]:
    result = subprocess.run(
        [sys.executable, "-c", _DRAW, str(cache)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONHASHSEED": str(seed)},
    )
    return result.stdout, result.stderr


@pytest.mark.heavy
def test_the_same_figure_is_the_same_bytes_and_drawn_once(tmp_path: Path) -> None:
    first, loaded = drawn(tmp_path / "a", seed=1)
    assert loaded == "True"
    assert first.count("<svg") == 2
    again, _ = drawn(tmp_path / "b", seed=2)
    assert again == first
    kept, loaded = drawn(tmp_path / "a", seed=3)
    assert kept == first
    assert loaded == "False", "what is kept needs no plotting library"


def matrix(count: int) -> Matrix:
    """As many recommendations as statements, each made by one speaker and resting on another."""
    sources = tuple(Source(f"s/{n}", f"S {n}", f"State {n}", n // 5) for n in range(count))
    bonds = [
        tuple(
            Bond.MADE if c == r else Bond.CITED if c == (r + 7) % count else None
            for c in range(count)
        )
        for r in range(count)
    ]
    text = "Member States should meet every year and tell one another what they have done since."
    rows = tuple(Row(n + 1, text, own) for n, own in enumerate(bonds))
    title = "Conclusions and what they rest on"
    return Matrix("map-1", title, sources, rows, "Session", "Thirty by thirty")


def test_thirty_recommendations_by_thirty_statements_are_legible_on_a4(tmp_path: Path) -> None:
    root = etree.fromstring(Draughtsman(STYLES, SAMPLE, tmp_path, "en").draw(matrix(30)))
    _, _, width, height = map(float, root.get("viewBox").split())
    assert width / 72 * 25.4 <= 210 - 2 * 20, "margins of 20 mm stay"
    assert height / 72 * 25.4 <= 297 - 30 - 34 - 40, "with a heading above and a caption below"
    dots = {(float(e.get("x")), float(e.get("y"))) for e in root.iter("{*}use")}
    assert len(dots) == 60
    columns, rows = (sorted({dot[axis] for dot in dots}) for axis in (0, 1))
    assert len(columns) == len(rows) == 30
    for places in (columns, rows):
        steps = [b - a for a, b in pairwise(places)]
        assert min(steps) >= 8, "dots of 5 points stand apart"
    sizes = [float(e.get("font-size").removesuffix("px")) for e in root.iter("{*}text")]
    assert min(sizes) >= 6
    assert max(columns) < width
    assert max(rows) < height


def test_the_words_of_a_figure_in_arabic_are_text_that_ends_at_its_bars(tmp_path: Path) -> None:
    bars = (Bar("\u0634\u0645\u0627\u0644", 3), Bar("\u063a\u0631\u0628 (2)", 1))
    chart = replace(CHART, bars=bars)
    drawing = Draughtsman(STYLES, SAMPLE, tmp_path, "ar").draw(chart)
    pdf = HTML(
        string=f"<style>@page {{ margin: 0 }} body {{ margin: 0 }}</style>{drawing}"
    ).write_pdf()
    assert press, "has WeasyPrint set the text of drawings so"
    with pypdfium2.PdfDocument(pdf) as document:
        places = {letter: left for letter, (left, *_) in characters(document[0])}
    for bar in bars:
        lefts = [places[letter] for letter in dict.fromkeys(bar.label) if letter.isalpha()]
        assert lefts == sorted(lefts, reverse=True), "from right to left"
    assert places["2"] < places["\u0628"], "what is in parentheses follows at the left"
    ends = [min(places[letter] for letter in bar.label if letter.isalnum()) for bar in bars]
    assert max(ends) - min(ends) < 8, "each stands before the bars"


def speaking(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return run("check", "-e", folder, *options, folder=folder.parent)


def test_speaking_time_is_told_when_asked_only(tmp_path: Path) -> None:
    folder = minimal(tmp_path, text=" ".join(["word"] * 180))
    quiet = speaking(folder)
    assert quiet.returncode == 0
    assert "W108" not in quiet.stderr
    asked = speaking(folder, "--speaking-time")
    assert asked.returncode == 0, "a warning stops nothing"
    assert asked.stderr.count("W108") == 1
    assert "180 words take 1.5 minutes, 0.5 more than allotted" in asked.stderr
    assert "1-opening/02-envoy.md:5" in asked.stderr
    row = next(line for line in asked.stdout.splitlines() if "02-envoy" in line)
    assert row.split() == ["1-opening/02-envoy", "180", "1", "1.5", "+0.5"]
    row = next(line for line in asked.stdout.splitlines() if "01-minister" in line)
    assert row.split() == ["1-opening/01-minister", "14", "6", "0.1", "-5.9"]


@pytest.mark.parametrize(
    ("language", "text", "event", "words", "minutes"),
    [
        ("en", "word " * 240, "", 240, 2.0),
        ("fr", "mot " * 260, "", 260, 2.0),
        ("zh", "\u6211\u4eec\u4e00\u81f4\u540c\u610f\u3002" * 60, "", 360, 2.0),
        ("zh-Hant", "\u6211\u5011" * 90, "", 180, 1.0),
        ("en", "word " * 200, "speaking_rates: {en: 100}\n", 200, 2.0),
        ("pt", "palavra " * 120, "", 120, 1.0),
    ],
)
def test_words_are_timed_at_the_rate_of_their_language(
    tmp_path: Path, language: str, text: str, event: str, words: int, minutes: float
) -> None:
    from report.speaking import timings

    folder = minimal(tmp_path, matter=f"language: {language}\n", text=text, event=event)
    read: Event | None
    read, _ = load(folder)
    assert read
    timing = timings(read)[1]
    assert (timing.words, timing.minutes) == (words, minutes)


def test_the_region_of_a_speaker_is_one_of_those_known(tmp_path: Path) -> None:
    _, diagnostics = load(minimal(tmp_path, matter="region: atlantis\n"))
    assert [d.rule.code for d in diagnostics] == ["E105"]
    assert "atlantis" in diagnostics[0].message or "africa" in str(diagnostics[0])

"""The Markdown form, as it is and as a renderer shows it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from report.compilation import compile_report
from report.formats import Format
from report.pandoc import pandoc
from tests import hostile
from tests.conftest import CACHE, PROJECT, Compiled
from tests.reading import letters
from tests.test_hostile import batched, event_with, sort


def compiled(folder: Path, home: Path) -> str:
    outcome = compile_report(folder, home, CACHE, frozenset({Format.MARKDOWN}), jobs=1)
    assert outcome.outputs == (home / "report.md",), outcome.diagnostics
    return (home / "report.md").read_text(encoding="utf-8")


def shown(text: str, home: Path) -> Any:
    """The text as a renderer shows it."""
    (home / "shown.md").write_text(text, encoding="utf-8")
    html = pandoc(
        ["--from=gfm-gfm_auto_identifiers", "--to=html", "shown.md"], home, seconds=60, memory="1g"
    )
    return lxml.html.document_fromstring(html.decode())


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("markdown")


@pytest.fixture(scope="module")
def text(sample: Compiled, home: Path) -> str:
    return compiled(sample.folder, home)


@pytest.fixture(scope="module")
def page(text: str, home: Path) -> Any:
    return shown(text, home)


def test_all_texts_are_in_it(page: Any, sample: Compiled) -> None:
    said = letters(page.text_content())
    for text in sample.event.texts.values():
        for paragraph in text.paragraphs:
            assert letters(paragraph)[:30] in said


def test_it_needs_no_other_file(text: str) -> None:
    assert "data:" not in text
    assert "![" not in text
    assert "*Picture: Bar chart. Statements by session" in text


def test_every_paragraph_has_its_anchor_and_links_lead_to_anchors(
    page: Any, sample: Compiled
) -> None:
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for identity, text in sample.event.texts.items():
        for number in range(1, len(text.paragraphs) + 1):
            assert f"{identity}:{number}" in ids
    links = [link.get("href") for link in page.iter("a")]
    inside = [href[1:] for href in links if href.startswith("#")]
    assert len(inside) > 500
    assert [name for name in inside if name not in ids] == []
    assert all(href.startswith(("#", "https://")) for href in links)


def test_items_of_lists_keep_their_numbers(tmp_path: Path) -> None:
    event = Path(shutil.copytree(PROJECT / "tests/events/minimal", tmp_path / "event"))
    with (event / "1-opening/01-minister.md").open("a", encoding="utf-8") as file:
        file.write("\n3. Third point.\n7. Seventh point.\n8. Eighth point.\n")
    lists = shown(compiled(event, tmp_path), tmp_path).findall(".//ol")
    told = [(each.get("start"), [item.text_content().strip() for item in each]) for each in lists]
    assert [each for each in told if each[0]] == [
        ("3", ["Third point."]),
        ("7", ["Seventh point.", "Eighth point."]),
    ]


def test_it_is_plain(text: str) -> None:
    """Only anchors and tables with more than a line in a cell are HTML."""
    assert re.search(r"^# The Secretary-General’s Symposium", text, re.MULTILINE)
    assert re.search(r"^### Ban Ki-moon$", text, re.MULTILINE)
    assert re.search(r"^\[\^1\]: Specimen text, composed for this", text, re.MULTILINE)
    assert re.search(r"^- \[Foreword\]\(#foreword\)$", text, re.MULTILINE)
    assert "| Session " in text
    assert set(re.findall(r"<(?!https:)(\w+)", text)) <= {
        *("span", "a", "br", "p", "strong", "em"),
        *("table", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"),
    }


def test_a_renderer_that_keeps_html_finds_none_that_acts(tmp_path: Path) -> None:
    taken = sort(hostile.OWN, tmp_path / "one-by-one").taken
    folder = event_with(batched(taken), tmp_path / "event")
    page = shown(compiled(folder, tmp_path / "out"), tmp_path)
    for element in page.iter():
        assert element.tag not in ("script", "iframe", "object", "embed", "form", "img", "svg")
        for name, value in element.items():
            assert not name.startswith("on")
            assert not re.match(r"\s*(?:java|vb)script:|data:", value, re.IGNORECASE)
    said = letters(page.text_content())
    for number in range(len(taken)):
        assert letters(f"Vector {number}.") in said, taken[number]

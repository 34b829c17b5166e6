"""What must hold for every text, one property for each thing that reads what others wrote."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

import lxml.html
from hypothesis import strategies as st

from report import markup, reference, symbols
from report.assets import template_folders
from report.check import check
from report.clearance import distributable
from report.diagnostics import Diagnostic, as_json, as_text
from report.expressions import fill_in
from report.intricacy import TooIntricate
from report.load import load
from report.merge import Merging
from report.printform import print_document
from report.quotation import quotations
from report.reference import MalformedReference
from report.source import UNFIT, Source, Unreadable, parse_document
from report.unit import Paging, Unit
from report.webform import web_section
from report.words import words
from tests.conftest import PROJECT
from tests.fuzz import grammar

MINIMAL = PROJECT / "tests/events/minimal"
STATEMENT = "1-opening/02-x"
HEAD = "---\nspeaker: Minister\naffiliation: Member State A\ncategory: governments\n---\n\n"

Property: TypeAlias = Callable[[str], None]
"""Raises something when it does not hold for a text."""


def front_matter(text: str) -> None:
    """Any front matter is read, or refused with places that are in the file."""
    source = Source("x.md", UNFIT.sub("", f"---\n{text}\n---\nbody\n"))
    try:
        document, found = parse_document(source)
    except Unreadable as error:
        found = (error.diagnostic,)
    else:
        assert source.text.endswith(document.body)
    for diagnostic in found:
        assert_placed(diagnostic, source.text)


def assert_placed(diagnostic: Diagnostic, text: str) -> None:
    """The diagnostic has words, and a place that is in the text."""
    place, lines = diagnostic.place, text.split("\n")
    assert diagnostic.message
    assert diagnostic.hint
    assert place.excerpt == lines[place.line - 1]
    assert 1 <= place.column <= len(place.excerpt) + 1
    assert place.column - 1 + place.width <= max(len(place.excerpt), place.column)
    assert as_text(diagnostic)


def markdown(text: str) -> None:
    """Any Markdown is safe, numbered, the same twice, and swallows nothing that stands after it."""
    try:
        found = parsed(text)
        between = parsed(f"Before it.\n\n{text}\n\nAlready after it.\n")
    except TooIntricate:
        return
    assert parsed(text) == found
    assert_inert(found.html)
    said = " ".join(words for _, words in between.passages)
    assert "Before it." in said
    assert "Already after it." in said
    root = lxml.html.fragment_fromstring(found.html, create_parent="div")
    ids = root.xpath("//*/@id")
    assert len(set(ids)) == len(ids)
    numbers = [e.get("id") for e in root.xpath("//*[span[@class='number']]") if e.get("id")]
    assert numbers == [f"{STATEMENT}:{n + 1}" for n in range(len(found.paragraphs))]
    for name in markup.PLACED:
        assert all(0 <= each.offset <= len(text) for each in getattr(found, name))
    unit = Unit(STATEMENT, "statement", "X", f"<div>{found.html}</div>", "en", Paging.BODY)
    # No report is made while a note has no call.
    if not found.uncalled:
        assert_inert(print_document(unit, {}, "en"))
    if not found.images:
        assert_inert(web_section(unit, MINIMAL, "en"))


def parsed(text: str) -> markup.Text:
    """A text as that of a statement."""
    return markup.parse(text, STATEMENT, f"{STATEMENT}.md", 3)


_ACTING = {"script", "style", "iframe", "object", "embed", "form", "base", "link", "svg", "math"}
_PASSIVE = re.compile(r"(https?|mailto|event|unit|slide|data):|[^:]*\Z|[/#]", re.IGNORECASE)


def assert_inert(html: str) -> None:
    """Nothing in it runs, and nothing leads to where something runs."""
    for element in lxml.html.document_fromstring(f"<p></p>{html}").iter():
        assert isinstance(element.tag, str)
        assert element.tag not in _ACTING
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            if name in ("href", "src"):
                assert _PASSIVE.match(value.strip()), value


def references(text: str) -> None:
    """Any text gives references that are written out as they are read, or is malformed."""
    try:
        found = reference.parse(text)
    except MalformedReference as error:
        assert str(error)
    else:
        assert reference.parse("; ".join(map(str, found))) == found
        for each in found:
            assert all(1 <= first <= last <= 9999 for first, last in each.ranges)
    for mark in reference.MARK.finditer(text):
        assert len(mark[0]) == len(mark[1]) + 3


def document_symbols(text: str) -> None:
    """A symbol is found again when it stands alone, and its address is one of the UN's."""
    for symbol in symbols.cited(text):
        assert list(symbols.cited(symbol)) == [symbol]
        address = symbols.address(symbol)
        assert address.startswith("https://undocs.org/")
        assert address.isascii()
        assert not re.search(r"[\s<>\"']", address)
        assert symbol.startswith(symbols.without_year(symbol))


def quoted(text: str) -> None:
    """Quotations stand where they are said to, and what a text says can be quoted from it."""
    for quotation in quotations(text):
        assert 0 <= quotation.offset <= quotation.offset + quotation.width <= len(text)
        assert quotation.reference
    whole(text)


def expression(text: str) -> None:
    """Any expression is filled in, or told with its place; what follows it stays."""
    clean = UNFIT.sub("", text)
    document, _ = parse_document(Source("x.md", f"---\na: b\n---\n{clean}\n\nAfter it."))
    values = {"sessions": ("a", "b"), "event": {"title": "T*itle"}, "speakers": [{"name": "A"}]}
    filled, found = fill_in(document, values, words("en"))
    assert filled.text.endswith("After it.")
    for diagnostic in found:
        assert_placed(diagnostic, document.source.text)
    for offset in range(0, len(filled.text), 7):
        assert 0 <= filled.written(offset) <= len(document.body)


def whole(text: str) -> None:
    """Any text of a statement goes through all stages, or what is wrong is told with its place."""
    compiled(f"{STATEMENT}.md", HEAD + text)


def matter(text: str) -> None:
    """And so does any front matter of a statement."""
    compiled(f"{STATEMENT}.md", f"{HEAD[:-5]}{text}\n---\n\nWe are glad to be here.\n")


def event(text: str) -> None:
    """And whatever an event's own file says."""
    compiled("event.yaml", (MINIMAL / "event.yaml").read_text(encoding="utf-8") + text)


def compiled(name: str, text: str) -> None:
    """Put a text into the minimal event and take it through all stages but typesetting."""
    folder = _event()
    before = (MINIMAL / name).read_bytes() if (MINIMAL / name).exists() else b""
    try:
        (folder / name).write_bytes(text.encode("utf-8", "surrogatepass"))
        read, found = load(folder)
        told = (*found, *(check(read) if read else ()))
        assert as_json(told)
        for diagnostic in told:
            assert as_text(diagnostic)
        if read and not any(diagnostic.is_error for diagnostic in told):
            report = Merging(
                distributable(read), folder, template_folders(folder), lambda _: ""
            ).report()
            for unit in report.units:
                assert print_document(unit, {}, "en")
                assert web_section(unit, folder, "en")
    finally:
        (folder / name).write_bytes(before) if before else (folder / name).unlink()


@cache
def _event() -> Path:
    """A copy of the minimal event, made once for each process."""
    _kept.append(tempfile.TemporaryDirectory(prefix="fuzz-"))
    return Path(shutil.copytree(MINIMAL, Path(_kept[0].name) / "event"))


_kept: list[tempfile.TemporaryDirectory[str]] = []


@dataclass(frozen=True)
class Target:
    """A property, and the texts for which it is tried."""

    holds: Property
    texts: st.SearchStrategy[str]


def _target(holds: Property, pieces: tuple[str, ...]) -> Target:
    return Target(holds, grammar.texts(pieces, holds.__name__))


TARGETS: Mapping[str, Target] = {
    target.holds.__name__: target
    for target in (
        _target(front_matter, grammar.MATTER),
        _target(markdown, grammar.MARKDOWN),
        _target(references, grammar.REFERENCE),
        _target(document_symbols, grammar.SYMBOL),
        _target(quoted, grammar.QUOTATION),
        _target(expression, grammar.EXPRESSION),
        _target(whole, grammar.MARKDOWN),
        _target(matter, grammar.MATTER),
        _target(event, grammar.MATTER),
    )
}
"""Every property by its name, which is that of its folder in the corpus."""

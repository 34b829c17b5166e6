"""The inventory of an event: what its report says, item by item, so that two can be compared."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape

from lxml.html import HtmlElement, fragment_fromstring

from report import naming, reference
from report.conclusions import Conclusion, conclude
from report.load import EVENT_FILE, PARTICIPANTS_FILE, PHOTOGRAPHS_FILE
from report.markup import Text
from report.merge import day
from report.model import (
    ChapterMatter,
    Event,
    EventMatter,
    Record,
    Session,
    SessionMatter,
    Statement,
    StatementMatter,
    Status,
)
from report.reference import MalformedReference, Reference
from report.typography import smarten


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the report says: a paragraph, a heading, a value of the front matter.

    `key` tells with which items of another edition it may be compared; `label` is how it is called.
    """

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A part of the report: a statement, a session, a chapter, the list of participants.

    `language` is that of its words. `within` is the id of the session that a statement belongs to.
    """

    id: str
    kind: str
    name: str
    items: tuple[Item, ...]
    language: str
    within: str = ""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The words of its paragraphs."""
        return tuple(item.text for item in self.items if item.key == PARAGRAPH)

    @property
    def is_withheld(self) -> bool:
        """Whether the report says that it is not available, and none of its words."""
        return any((item.key, item.text) == ("status", Status.WITHHELD) for item in self.items)


PARAGRAPH = "paragraph"
"""The key of the paragraphs of a text."""

PASSAGES = frozenset({PARAGRAPH, "heading", "note"})
"""The keys of all that is text, and no value of the front matter."""

# No file can bear this name, so no text has this id.
_CONCLUSIONS = "findings/recommendations"


def inventory(event: Event) -> tuple[Entry, ...]:
    """All that the event's report says, part by part."""
    return tuple(_entries(event))


def _entries(event: Event) -> Iterator[Entry]:
    language = event.language
    facts = tuple(_facts(event, EventMatter))
    yield Entry(EVENT_FILE, "event", "The event", facts, language)
    for chapter in event.chapters.values():
        items = (*_facts(chapter, ChapterMatter), *_passages(event, chapter.text))
        yield Entry(chapter.id, "chapter", smarten(chapter.title), items, language)
    if summary := event.summary:
        chair = Item("chair", "Chair", smarten(summary.chair))
        items = (chair, *_passages(event, summary.text))
        yield Entry(summary.id, "summary", "Chairman\u2019s Summary", items, language)
    conclusions = tuple(_conclusion(event, conclusion) for conclusion in conclude(event))
    yield Entry(_CONCLUSIONS, "conclusions", "Findings and recommendations", conclusions, language)
    for session in event.sessions:
        yield _session(event, session)
        for statement in session.statements:
            yield _statement(event, session, statement)
    photographs, participants = tuple(_photographs(event)), tuple(_participants(event))
    yield Entry(PHOTOGRAPHS_FILE, "photographs", "Photographs", photographs, language)
    yield Entry(PARTICIPANTS_FILE, "participants", "Participants", participants, language)


def _session(event: Event, session: Session) -> Entry:
    title = smarten(f"Session {session.number}. {session.title}")
    items = (*_facts(session, SessionMatter), *_passages(event, session.discussion))
    return Entry(session.id, "session", title, items, event.language)


def _statement(event: Event, session: Session, statement: Statement) -> Entry:
    # What speakers recommend is merged with the Chairman's recommendations, and compared there.
    facts = _facts(statement, StatementMatter, {"recommendations"})
    items = (*facts, *_passages(event, statement.text))
    name, language = smarten(statement.byline), statement.language
    return Entry(statement.id, "statement", name, items, language, session.id)


def _conclusion(event: Event, conclusion: Conclusion) -> Item:
    pillars = {pillar.id: pillar.title for pillar in event.pillars}
    details = (
        f"{conclusion.level} level" if conclusion.level else "",
        pillars.get(conclusion.pillar or "", ""),
        *(_label(event, target) for target in conclusion.evidence),
        *(f"made by {naming.name(event, speaker)}" for speaker in conclusion.speakers),
    )
    named = "; ".join(filter(None, details))
    words = reference.MARK.sub(lambda mark: _cited(event, mark[1]), conclusion.text)
    text = f"{words} ({named})" if named else words
    label = conclusion.label
    return Item(conclusion.kind, label[:1].upper() + label[1:], smarten(text))


def _participants(event: Event) -> Iterator[Item]:
    for category, delegations in event.participants.by_category():
        for delegation in delegations:
            text = "; ".join((delegation.entity, *delegation.representatives))
            yield Item(category.value, category.heading, smarten(text))


def _photographs(event: Event) -> Iterator[Item]:
    for photograph in event.photographs:
        text = f"{photograph.caption} ({photograph.credit}). {photograph.alt}"
        yield Item("photograph", "Photograph", smarten(text))
    for picture in event.pictures.values():
        text = f"{picture.width} by {picture.height} pixels, SHA-256 {picture.digest[:12]}"
        yield Item(f"picture {picture.file}", f"Picture {picture.file}", text)


def _facts(
    record: Record, kind: type[Record], without: Collection[str] = frozenset()
) -> Iterator[Item]:
    """The values of a record, each by its key; an item for each one of a list."""
    for key in kind.model_fields:
        if key not in without:
            yield from _fact(key, getattr(record, key))


def _fact(key: str, value: object) -> Iterator[Item]:
    label = key.replace("_", " ").capitalize()
    if isinstance(value, Mapping):
        for name, entry in value.items():
            yield Item(f"{key} {name}", f"{label}, {name}", _words(entry))
    elif isinstance(value, tuple):
        yield from (Item(key, label, _words(entry)) for entry in value)
    elif text := _words(value):
        yield Item(key, label, text)


def _words(value: object) -> str:
    """A value as a reader would write it; nothing where there is none."""
    match value:
        case None | False:
            return ""
        case True:
            return "yes"
        case datetime.date():
            return day(value)
        case Record():
            named = ((key, _words(getattr(value, key))) for key in type(value).model_fields)
            return "; ".join(f"{key.replace('_', ' ')}: {text}" for key, text in named if text)
        case tuple():
            return ", ".join(map(_words, value))
        case _:
            return smarten(str(value))


_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_LINES = {"p", "li", "tr", "dt", "dd", "caption", "figcaption", "pre"}
_UNSAID = {"number", "footnote-ref", "footnote-backref", "ordinal"}


def _passages(event: Event, text: Text) -> Iterator[Item]:
    """Paragraphs, headings and notes; a list or table is an item for each of its lines."""
    root = fragment_fromstring(text.html, create_parent="div")
    for mark in root.iterfind(".//a[@data-ref]"):
        mark.text = _cited(event, unescape(mark.get("data-ref", "")))
    number = notes = 0
    for block in root:
        for label in block.iterfind("./span[@class='number']"):
            number = int(label.text or number)
        if block.tag in _HEADINGS:
            yield from _items("heading", f"Heading above paragraph {number + 1}", [block])
        elif block.get("class") == "footnote":
            for note in block.iter("li"):
                notes += 1
                yield Item("note", f"Note {notes}", " ".join(_lines([note])))
        else:
            yield from _items(PARAGRAPH, f"Paragraph {number}", [block])


def _items(key: str, label: str, blocks: Iterable[HtmlElement]) -> Iterator[Item]:
    return (Item(key, label, line) for line in _lines(blocks))


def _lines(blocks: Iterable[HtmlElement]) -> list[str]:
    """The words of each paragraph, list item, row or caption."""
    lines = [""]

    def read(element: HtmlElement) -> None:
        if element.get("class") in _UNSAID or not isinstance(element.tag, str):
            return
        if element.tag in _LINES:
            lines.append("")
        lines[-1] += (element.text or "") + element.get("alt", "")
        for child in element:
            read(child)
            lines[-1] += child.tail or ""
        if element.tag in _LINES:
            lines.append("")
        elif element.tag in ("td", "th", "br"):
            lines[-1] += " "

    for block in blocks:
        read(block)
    joined = (" ".join(line.split()) for line in lines)
    return [line for line in joined if line]


def _cited(event: Event, mark: str) -> str:
    try:
        return f"({'; '.join(_label(event, target) for target in reference.parse(mark))})"
    except MalformedReference:
        return f"[@{mark}]"


def _label(event: Event, target: Reference) -> str:
    """How the report calls what is referred to; an edition to compare with may lack it."""
    try:
        return naming.label(event, target)
    except KeyError:
        return str(target)

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
from report.model import (
    ChapterMatter,
    Event,
    EventMatter,
    Picture,
    Record,
    Session,
    SessionMatter,
    Statement,
    StatementMatter,
    Status,
)
from report.reference import MalformedReference, Reference
from report.typography import smarten
from report.words import Words, gettext_noop, words


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the report says: a paragraph, a heading, a value of the front matter.

    `key` tells with which items of another edition it may be compared; `label` is how it is called.
    A conclusion is in the words `of` another part, which has this id.
    """

    key: str
    label: str
    text: str
    of: str = ""


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
    language, own = event.language, words(event.language)
    facts = tuple(_facts(own, event, EventMatter, _UNPRINTED))
    yield Entry(EVENT_FILE, "event", own.gettext("The event"), facts, language)
    for chapter in event.chapters.values():
        items = (*_facts(own, chapter, ChapterMatter), *_passages(event, chapter.text))
        title = smarten(chapter.title, language)
        yield Entry(chapter.id, "chapter", title, items, language)
    if summary := event.summary:
        chair, status = (_fact(own, key, getattr(summary, key)) for key in ("chair", "status"))
        items = (*chair, *status, *_passages(event, summary.text))
        yield Entry(summary.id, "summary", own.gettext("Chairman’s Summary"), items, language)
    conclusions = tuple(_conclusion(event, conclusion) for conclusion in conclude(event))
    title = own.gettext("Findings and recommendations")
    yield Entry(_CONCLUSIONS, "conclusions", title, conclusions, language)
    for session in event.sessions:
        yield _session(event, session)
        for statement in session.statements:
            yield _statement(event, session, statement)
    photographs, participants = tuple(_photographs(event)), tuple(_participants(event))
    title = own.gettext("Photographs")
    yield Entry(PHOTOGRAPHS_FILE, "photographs", title, photographs, language)
    title = own.gettext("Participants")
    yield Entry(PARTICIPANTS_FILE, "participants", title, participants, language)


def _session(event: Event, session: Session) -> Entry:
    title = smarten(naming.session_title(event, session), event.language)
    items = (
        *_facts(words(event.language), session, SessionMatter),
        *_passages(event, session.discussion),
    )
    return Entry(session.id, "session", title, items, event.language)


def _statement(event: Event, session: Session, statement: Statement) -> Entry:
    # What speakers recommend is merged with the Chairman's recommendations, and compared there.
    without = _UNPRINTED | {"recommendations"}
    facts = _facts(words(event.language), statement, StatementMatter, without)
    items = (*facts, *_passages(event, statement.text))
    name = smarten(naming.byline(event, statement), event.language)
    return Entry(statement.id, "statement", name, items, statement.text.language, session.id)


def _conclusion(event: Event, conclusion: Conclusion) -> Item:
    own, pillars = words(event.language), {pillar.id: pillar.title for pillar in event.pillars}
    details = (
        own.gettext(conclusion.level.heading) if conclusion.level else "",
        pillars.get(conclusion.pillar or "", ""),
        *(_label(event, target) for target in conclusion.evidence),
        *(_made_by(event, speaker) for speaker in conclusion.speakers),
    )
    named = own.enumerated(details)
    said = reference.MARK.sub(lambda mark: _cited(event, mark[1]), conclusion.text)
    text = f"{said} ({named})" if named else said
    label = naming.conclusion(event, conclusion)
    label, of = label[:1].upper() + label[1:], _words_of(event, conclusion)
    return Item(conclusion.kind, label, smarten(text, event.language), of)


def _words_of(event: Event, conclusion: Conclusion) -> str:
    """The id of the text in whose words a conclusion is: of those who made it, the first."""
    if not conclusion.is_chairmans:
        return conclusion.speakers[0]
    return event.summary.id if event.summary else ""


def _made_by(event: Event, speaker: str) -> str:
    return words(event.language).gettext("made by %(name)s", name=naming.name(event, speaker))


def _participants(event: Event) -> Iterator[Item]:
    own = words(event.language)
    for category, delegations in event.participants.by_category():
        for delegation in delegations:
            text = own.enumerated((delegation.entity, *delegation.representatives))
            label = own.gettext(category.heading)
            yield Item(category.value, label, smarten(text, event.language))


def _photographs(event: Event) -> Iterator[Item]:
    own = words(event.language)
    for photograph in event.photographs:
        text = f"{photograph.caption} ({photograph.credit}). {photograph.alt}"
        yield Item("photograph", own.gettext("Photograph"), smarten(text, event.language))
        yield _picture(own, photograph.picture)


def _picture(own: Words, picture: Picture) -> Item:
    text = own.gettext(
        "%(width)s by %(height)s pixels, SHA-256 %(digest)s",
        width=picture.width,
        height=picture.height,
        digest=picture.digest[:12],
    )
    label = own.gettext("Picture %(file)s", file=picture.file)
    return Item(f"picture {picture.file}", label, text)


def _facts(
    own: Words, record: Record, kind: type[Record], without: Collection[str] = frozenset()
) -> Iterator[Item]:
    """The values of a record, each by its key; an item for each one of a list."""
    for key in kind.model_fields:
        if key not in without:
            yield from _fact(own, key, getattr(record, key))


def _fact(own: Words, key: str, value: object) -> Iterator[Item]:
    label = _label_of(own, key)
    if isinstance(value, Mapping):
        for name, entry in value.items():
            yield Item(f"{key} {name}", own.line((label, name)), _words(own, entry))
    elif isinstance(value, tuple):
        yield from (Item(key, label, _words(own, entry)) for entry in value)
    elif text := _words(own, value):
        yield Item(key, label, text)


def _label_of(own: Words, key: str) -> str:
    """What a key of the event's files is called."""
    return own.gettext(_LABELS[key])


def _words(own: Words, value: object) -> str:
    """A value as a reader would write it; nothing where there is none."""
    match value:
        case None | False:
            return ""
        case True:
            return own.gettext("yes")
        case datetime.datetime():
            return own.moment(value)
        case datetime.date():
            return own.day(value)
        case Record():
            named = ((key, _words(own, getattr(value, key))) for key in type(value).model_fields)
            return own.enumerated(
                own.gettext("%(label)s: %(value)s", label=_label_of(own, key), value=text)
                for key, text in named
                if text
            )
        case tuple():
            return own.listed(_words(own, item) for item in value)
        case _:
            return smarten(str(value), own.language)


_UNPRINTED = frozenset(
    {"limits", "speaking_rates", "digits", "companions", "booklet", "biography", "portrait"}
)
"""Keys of which the report says nothing."""

_LABELS = {
    "title": gettext_noop("Title"),
    "part": gettext_noop("Part"),
    "series": gettext_noop("Series"),
    "specimen": gettext_noop("Specimen"),
    "date": gettext_noop("Date"),
    "end_date": gettext_noop("End date"),
    "venue": gettext_noop("Venue"),
    "organizers": gettext_noop("Organizers"),
    "partners": gettext_noop("Partners"),
    "symbol": gettext_noop("Symbol"),
    "language": gettext_noop("Language"),
    "languages": gettext_noop("Languages"),
    "publisher": gettext_noop("Publisher"),
    "edition": gettext_noop("Edition"),
    "imprint": gettext_noop("Imprint"),
    "pillars": gettext_noop("Pillars"),
    "resolutions": gettext_noop("Resolutions"),
    "documents": gettext_noop("Documents"),
    "subjects": gettext_noop("Subjects"),
    "acronyms": gettext_noop("Acronyms"),
    "evidence": gettext_noop("Evidence"),
    "front": gettext_noop("Order of the front matter"),
    "body": gettext_noop("Order of the body"),
    "volumes": gettext_noop("Volume"),
    "paging": gettext_noop("Paging"),
    "status": gettext_noop("Status"),
    "embargo": gettext_noop("Embargo"),
    "kind": gettext_noop("Kind"),
    "short_title": gettext_noop("Short title"),
    "chair": gettext_noop("Chair"),
    "time": gettext_noop("Time"),
    "pillar": gettext_noop("Pillar"),
    "floor": gettext_noop("Took the floor"),
    "speaker": gettext_noop("Speaker"),
    "function": gettext_noop("Function"),
    "index_as": gettext_noop("In the index"),
    "affiliation": gettext_noop("Affiliation"),
    "category": gettext_noop("Category"),
    "region": gettext_noop("Region"),
    "minutes": gettext_noop("Minutes"),
    "check_against_delivery": gettext_noop("Check against delivery"),
    "key_points": gettext_noop("Key points"),
    "recommendations": gettext_noop("Recommendations"),
    "slides": gettext_noop("Slides"),
    "slides_per_page": gettext_noop("Slides per page"),
    "slides_alt": gettext_noop("Texts for slides"),
    "id": gettext_noop("Identifier"),
    "term": gettext_noop("Term"),
    "variants": gettext_noop("Variants"),
    "see": gettext_noop("See"),
    "see_also": gettext_noop("See also"),
    "number": gettext_noop("Number"),
    "text": gettext_noop("Text"),
    "level": gettext_noop("Level"),
    "same_as": gettext_noop("Same as"),
    "paragraph": gettext_noop("Paragraph"),
}
"""The messages that name the keys of the event's files."""

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_LINES = {"p", "li", "tr", "dt", "dd", "caption", "figcaption", "pre"}
_UNSAID = {"number", "footnote-ref", "footnote-backref", "ordinal"}


def _passages(event: Event, text: Text) -> Iterator[Item]:
    """Paragraphs, headings, notes and pictures; each line of a list or table is an item."""
    root = fragment_fromstring(text.html, create_parent="div")
    own = words(event.language)
    for mark in root.iterfind(".//a[@data-ref]"):
        mark.text = _cited(event, unescape(mark.get("data-ref", "")))
    number = notes = 0
    for block in root:
        for label in block.iterfind("./span[@class='number']"):
            number = int(label.text or number)
        if block.tag in _HEADINGS:
            yield from _items(
                "heading",
                own.gettext("Heading above paragraph %(number)s", number=number + 1),
                [block],
            )
        elif block.get("class") == "footnote":
            for note in block.iter("li"):
                notes += 1
                label = own.gettext("Note %(number)s", number=notes)
                yield Item("note", label, " ".join(_lines([note])))
        else:
            label = own.gettext("Paragraph %(number)s", number=number)
            yield from _items(PARAGRAPH, label, [block])
    for file in dict.fromkeys(image.file for image in text.images):
        yield _picture(own, event.pictures[file])


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
        targets = reference.parse(mark)
        return f"({words(event.language).enumerated(_label(event, each) for each in targets)})"
    except MalformedReference:
        return f"[@{mark}]"


def _label(event: Event, target: Reference) -> str:
    """How the report calls what is referred to; an edition to compare with may lack it."""
    try:
        return naming.label(event, target)
    except KeyError:
        return str(target)

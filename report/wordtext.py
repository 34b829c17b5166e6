"""The text of a Word file: its paragraphs, and which numbered paragraph of the report each is of.

The Word form marks every numbered paragraph with a bookmark (`bookmark`). What follows it up to the
next one, such as a list or a quotation, belongs to it, unless the part of the report that holds it
has ended. The form is read when it is made, to tell what was sent out, and when it comes back, with
the marks that word processors leave of changes (ISO 29500-1, 17.13.5).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from lxml import etree

Element = etree._Element

OPAQUE, MADE_END = "\ue000", "\ue001"
"""What stands around words of a passage that the report made, and no text has."""

_PLACE = re.compile(r"p([1-9][0-9]{0,5})_([0-9a-f]{24})")
_OWN = re.compile(r"p[0-9]+_[0-9a-f]{24}|a_[0-9a-f]{24}")
_MADE = {"Expansion"}


class Trace(StrEnum):
    """What somebody did with words."""

    INSERTED = "inserted"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Hand:
    """Who changed something, and when, as the file says."""

    author: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand in one form, and were left, inserted or deleted by one hand."""

    text: str
    trace: Trace | None = None
    hand: Hand = Hand()
    is_emphasized: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A numbered paragraph: the digest of its text's identity, and its number."""

    text: str
    number: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of the file: its pieces, and what became of its end.

    `places` are those whose bookmarks begin in it. `formatted` are those who changed how it looks;
    `comments` and `notes` are the ids of the comments on it and of the notes to it.
    """

    pieces: tuple[Piece, ...]
    places: tuple[Place, ...] = ()
    end: Trace | None = None
    hand: Hand = Hand()
    formatted: tuple[Hand, ...] = ()
    comments: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def before(self) -> str:
        """Its words before all tracked changes."""
        return "".join(p.text for p in self.pieces if p.trace is not Trace.INSERTED)

    @property
    def after(self) -> str:
        """Its words after all tracked changes."""
        return "".join(p.text for p in self.pieces if p.trace is not Trace.DELETED)


@dataclass(frozen=True, slots=True)
class WordText:
    """The passages of a file in their order, each with the place that it is of, or none.

    `notes` are the passages of the notes to each place.
    """

    passages: tuple[tuple[Place | None, Passage], ...]
    notes: Mapping[Place, tuple[Passage, ...]]


@dataclass(frozen=True, slots=True)
class Sent:
    """What a file said when it was made."""

    passages: tuple[tuple[Place | None, str], ...]
    notes: Mapping[Place, tuple[str, ...]]


def bookmark(anchor: str) -> str:
    """The name of the bookmark at an anchor of the report.

    Word allows a letter, then letters, digits and underscores, 40 in all. So a text is named by a
    digest: `1-opening/01-secretary-general:4` is `p4_` with the first 24 digits of the SHA-256 of
    `1-opening/01-secretary-general`. Any other anchor is `a_` with those of its own.
    """
    text, _, number = anchor.rpartition(":")
    is_paragraph = bool(text) and number.isascii() and number.isdecimal()
    return f"p{number}_{digest(text)}" if is_paragraph else f"a_{digest(anchor)}"


def digest(identity: str) -> str:
    """What bookmarks have of the identity of a text."""
    return hashlib.sha256(identity.encode()).hexdigest()[:24]


def read_text(document: Element, footnotes: Element | None) -> WordText:
    """The text of a file's main part (`w:document`), with its part for footnotes if it has one."""
    reading = _Reading()
    reading.read(document)
    written = _notes(footnotes)
    notes: dict[Place, list[Passage]] = {}
    for place, passage in reading.passages:
        if place:
            notes.setdefault(place, []).extend(p for n in passage.notes for p in written.get(n, ()))
    return WordText(tuple(reading.passages), {p: tuple(found) for p, found in notes.items()})


def _notes(footnotes: Element | None) -> Mapping[str, tuple[Passage, ...]]:
    """The passages of each footnote, by its id."""
    found = () if footnotes is None else footnotes.iter("{*}footnote")
    return {_value(n, "id"): tuple(_passage(p, ()) for p in n.iter("{*}p")) for n in found}


@dataclass(slots=True)
class _Reading:
    """One way through a document: where it is, and what it has found."""

    passages: list[tuple[Place | None, Passage]] = field(default_factory=list)
    known: set[Place] = field(default_factory=set)
    here: Place | None = None
    begun: list[Place] = field(default_factory=list)
    """The places whose bookmarks begin in the paragraph of the file that is being read."""
    open: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    around: set[str] = field(default_factory=set)
    """The bookmarks that were open where the place began: when one of them ends, so does it."""

    def read(self, document: Element) -> None:
        for event, element in etree.iterwalk(document, events=("start", "end")):
            name = _local(element)
            if name == "bookmarkStart" and event == "start":
                self._open(_value(element, "id"), _value(element, "name"))
            elif name == "bookmarkEnd" and event == "start":
                self.ended.add(_value(element, "id"))
            elif name == "p" and not _is_aside(element):
                if event == "start":
                    self._settle()
                else:
                    self._take(element)

    def _open(self, identity: str, name: str) -> None:
        place = _PLACE.fullmatch(name)
        if not place:
            self.open |= {identity} if _OWN.fullmatch(name) else set()
            return
        found = Place(place[2], int(place[1]))
        # Some programs copy a bookmark with its words: the first one counts.
        if found not in self.known:
            self.known.add(found)
            self.begun.append(found)

    def _settle(self) -> None:
        """End the place when a bookmark around it has ended before this paragraph."""
        if self.around & self.ended:
            self.here = None
        self.open -= self.ended
        self.ended.clear()

    def _take(self, paragraph: Element) -> None:
        if self.begun:
            # Where paragraphs were joined the first one has the words.
            self.here, self.around = self.begun[0], set(self.open)
        self.passages.append((self.here, _passage(paragraph, tuple(self.begun))))
        self.begun.clear()


def _is_aside(paragraph: Element) -> bool:
    """Whether a paragraph stands in a text box, or repeats what stands beside it."""
    return any(_local(above) in ("txbxContent", "Fallback") for above in paragraph.iterancestors())


def _passage(paragraph: Element, places: tuple[Place, ...]) -> Passage:
    end = paragraph.find("{*}pPr/{*}rPr")
    marks = () if end is None else [(_TRACES[_local(e)], e) for e in end if _local(e) in _TRACES]
    trace, hand = (marks[0][0], _hand(marks[0][1])) if marks else (None, Hand())
    looks = paragraph.iter("{*}rPrChange", "{*}pPrChange")
    comments = paragraph.iter("{*}commentReference")
    notes = paragraph.iter("{*}footnoteReference")
    return Passage(
        _joined(tuple(_pieces(paragraph, None, Hand()))),
        places,
        trace,
        hand,
        tuple(dict.fromkeys(map(_hand, looks))),
        tuple(_value(comment, "id") for comment in comments),
        tuple(_value(note, "id") for note in notes),
    )


_TRACES = {
    "ins": Trace.INSERTED,
    "moveTo": Trace.INSERTED,
    "del": Trace.DELETED,
    "moveFrom": Trace.DELETED,
}
_UNREAD = {
    *("pPr", "rPr", "instrText", "delInstrText", "Fallback", "txbxContent"),
    *("AlternateContent", "drawing", "pict", "object"),
}


def _pieces(element: Element, trace: Trace | None, hand: Hand) -> Iterator[Piece]:
    """The words below an element, each with what was done with it."""
    for child in element:
        name = _local(child)
        if name in _TRACES:
            # What was inserted and then deleted is in neither text.
            if not (trace is Trace.INSERTED and _TRACES[name] is Trace.DELETED):
                yield from _pieces(child, _TRACES[name], _hand(child))
        elif name == "r":
            if text := _run(child):
                yield Piece(text, trace, hand, _is_emphasized(child))
        elif name == "hyperlink" and _OWN.fullmatch(_value(child, "anchor")):
            yield from _made(tuple(_pieces(child, trace, hand)))
        elif name not in _UNREAD:
            yield from _pieces(child, trace, hand)


def _made(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """What the report made as one: as it was left, or as it was before and as it is now."""
    before = "".join(p.text for p in pieces if p.trace is not Trace.INSERTED)
    after = "".join(p.text for p in pieces if p.trace is not Trace.DELETED)
    hand = next((piece.hand for piece in pieces if piece.trace), Hand())
    if before == after:
        yield Piece(f"{OPAQUE}{before}{MADE_END}")
        return
    for text, trace in ((before, Trace.DELETED), (after, Trace.INSERTED)):
        if text:
            yield Piece(f"{OPAQUE}{text}{MADE_END}", trace, hand)


def _run(run: Element) -> str:
    words = []
    for child in run:
        match _local(child):
            case "t" | "delText":
                words.append(child.text or "")
            case "tab" | "br" | "cr" | "ptab":
                words.append(" ")
            case "noBreakHyphen":
                words.append("\u2011")
            case "footnoteReference":
                words.append(OPAQUE + MADE_END)
    style = run.find("{*}rPr/{*}rStyle")
    is_made = style is not None and _value(style, "val") in _MADE and any(words)
    return f"{OPAQUE}{''.join(words)}{MADE_END}" if is_made else "".join(words)


def _is_emphasized(run: Element) -> bool:
    marks = (run.find(f"{{*}}rPr/{{*}}{name}") for name in ("i", "b"))
    return any(mark is not None and _value(mark, "val") not in _OFF for mark in marks)


_OFF = {"0", "false", "off"}


def _joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Pieces of one form and hand as one: word processors divide runs at will."""
    joined: list[Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last and (last.trace, last.hand, last.is_emphasized) == (
            piece.trace, piece.hand, piece.is_emphasized,
        ):  # fmt: skip
            text = last.text + piece.text
            joined[-1] = Piece(text, piece.trace, piece.hand, piece.is_emphasized)
        else:
            joined.append(piece)
    return tuple(joined)


def _hand(element: Element) -> Hand:
    return Hand(_value(element, "author"), _value(element, "date"))


def _value(element: Element, name: str) -> str:
    return next((str(v) for k, v in element.items() if etree.QName(str(k)).localname == name), "")


def _local(element: Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


_SENT = "urn:x-rapporteur:sent"


def as_sent(text: WordText) -> bytes:
    """What a file says before any change, as the XML that travels in it."""
    root = etree.Element(f"{{{_SENT}}}sent", nsmap={"sent": _SENT})
    notes = ((place, note) for place, notes in text.notes.items() for note in notes)
    for name, found in (("passage", text.passages), ("note", notes)):
        for place, passage in found:
            told = etree.SubElement(root, f"{{{_SENT}}}{name}")
            told.text = passage.before
            if place:
                told.set("of", f"p{place.number}_{place.text}")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def read_sent(root: Element) -> Sent | None:
    """What a file said when it was made, from the XML that travels in it; None for other XML."""
    if root.tag != f"{{{_SENT}}}sent":
        return None
    notes: dict[Place, list[str]] = {}
    for place, note in _told(root, "note"):
        if place:
            notes.setdefault(place, []).append(note)
    passages = tuple(_told(root, "passage"))
    return Sent(passages, {place: tuple(found) for place, found in notes.items()})


def _told(root: Element, name: str) -> Iterator[tuple[Place | None, str]]:
    for told in root.iterfind(f"{{{_SENT}}}{name}"):
        place = _PLACE.fullmatch(told.get("of", ""))
        yield (Place(place[2], int(place[1])) if place else None), told.text or ""

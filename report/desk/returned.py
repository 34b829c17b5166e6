"""What is proposed in a Word file that was sent out for correction and has come back.

The file says what was sent (`wordtext.Sent`) and what its readers made of it, with tracked changes
or silently. Each change of words is a proposal. Whether it can be made is asked of the Markdown as
it is now: there the words must stand, between the words beside them, as when they were sent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from lxml import etree

from report import rules
from report.desk.bench import Bench, Change, Source, extract, sources
from report.desk.package import open_package
from report.desk.proposal import Proposal, Remark, Returned
from report.desk.refusal import Refused
from report.desk.rewording import Word, words
from report.edition import edition
from report.languages import primary
from report.model import Event
from report.release.alignment import align
from report.wordtext import (
    MADE_END,
    OPAQUE,
    Hand,
    Passage,
    Place,
    Sent,
    Trace,
    WordText,
    digest,
    read_sent,
    read_text,
)


def sent_edition(data: bytes, event: Event) -> Event:
    """The edition that a Word file says it is of, or the main one; `event` is as loaded.

    Raises `Refused` when the file is damaged or hostile.
    """
    package = open_package(data)
    described = package.xml(_DESCRIPTION) if _DESCRIPTION in package.names else None
    told = described.findtext("{*}language") if described is not None else None
    # Word processors may add a country to the language: fr-FR.
    language = primary(told or "")
    return edition(event, language if language in event.editions else event.language)


_DESCRIPTION = "docProps/core.xml"
"""The part of a Word file that holds its core properties (ECMA-376, part 2, 11)."""


def read_returned(data: bytes, event: Event) -> Returned:
    """Compare a Word file that came back with the texts of an edition.

    Raises `Refused` when it is damaged or hostile, or none that was sent out.
    """
    package = open_package(data)
    parts = {n: package.xml(n) for n in package.names if n.endswith((".xml", ".rels"))}
    document = parts.get("word/document.xml")
    if document is None:
        raise Refused(
            rules.DAMAGED_SOURCE,
            "the file is damaged, or no Word file: the part that holds its text is missing",
            "open it in the program that made it, save it as .docx, and try again",
        )
    text = read_text(document, parts.get("word/footnotes.xml"))
    if not any(passage.places for _, passage in text.passages):
        raise Refused(
            rules.NOT_SENT_OUT,
            "none of its paragraphs is marked as one of a report",
            "a file of somebody's own is imported: `build.py import`",
        )
    found = (read_sent(parts[name]) for name in parts if name.startswith("customXml/"))
    sent = next(filter(None, found), None)
    return _Comparison(event, text, sent, parts.get("word/comments.xml")).returned()


def _as_sent(text: WordText) -> Sent:
    """What was sent, as far as a file tells that does not hold it any more."""
    return Sent(
        tuple((place, passage.before) for place, passage in text.passages),
        {place: tuple(p.before for p in found) for place, found in text.notes.items()},
    )


_Xml = etree._Element


@dataclass(frozen=True, slots=True)
class _Item:
    """A passage as it was sent; `first` counts its first word among all that were of its text."""

    place: Place | None
    text: str
    first: int


@dataclass(frozen=True, slots=True)
class _Slot:
    """A passage as it was sent, and as it has come back: one of them at least.

    `remark` says what was done with it as a whole.
    """

    place: Place | None
    sent: str | None
    came: Passage | None
    first: int = 0
    remark: str = ""


class _Comparison:
    def __init__(self, event: Event, text: WordText, sent: Sent | None, comments: _Xml | None):
        self.text = text
        self.sent = sent or _as_sent(text)
        self.is_complete = sent is not None
        self.comments = dict(_comments(comments))
        self.sources: dict[str, Source] = {
            digest(identity): source for identity, source in sources(event).items()
        }
        self.words: defaultdict[str, list[str]] = defaultdict(list)
        """The words that were sent of each text, in their order; notes come last."""
        notes = ((place, note) for place, found in self.sent.notes.items() for note in found)
        self.benches: dict[str, Bench] = {}
        self.items = tuple(self._item(*passage) for passage in self.sent.passages)
        self.notes = tuple(self._item(*note) for note in notes)

    def _item(self, place: Place | None, text: str) -> _Item:
        known = self.words[place.text if place else ""]
        first = len(known)
        known += (word.form for word in words(text))
        return _Item(place, text, first)

    def returned(self) -> Returned:
        texts = tuple(dict.fromkeys(item.place.text for item in self.items if item.place))
        came = {place.text for _, passage in self.text.passages for place in passage.places}
        absent = [text for text in texts if text not in came]
        slots = list(self._slots(frozenset(absent)))
        order = {text: number for number, text in enumerate(texts)}
        slots.sort(key=lambda s: (order[s.place.text], s.place.number) if s.place else _LAST)
        found = [p for slot in slots for p in self._proposed(slot)]
        return Returned(
            tuple(replace(proposal, number=n) for n, proposal in enumerate(found, start=1)),
            tuple(remark for slot in slots for remark in self._remarks(slot)),
            self.is_complete,
            tuple(self.sources[text].identity for text in absent if text in self.sources),
        )

    def _slots(self, absent: Collection[str]) -> Iterator[_Slot]:
        """All passages; of a file that was cut, not what is missing outside of its texts."""
        for sent, came in self._stretches(absent):
            for slot in _paired(sent, came):
                if slot.place or slot.came or not absent:
                    yield slot
        for place, notes in self.text.notes.items():
            yield from _paired([item for item in self.notes if item.place == place], notes)

    def _stretches(
        self, absent: Collection[str]
    ) -> Iterator[tuple[Sequence[_Item], Sequence[Passage]]]:
        """What was sent and what came, divided where the same numbered paragraph begins in both."""
        came: dict[Place | None, list[Passage]] = {None: []}
        here: Place | None = None
        for _, passage in self.text.passages:
            here = passage.places[0] if passage.places else here
            came.setdefault(here, []).append(passage)
        sent: dict[Place | None, list[_Item]] = {None: []}
        here = None
        for item in self.items:
            if item.place and item.place.text in absent:
                continue
            if item.place in came and item.place not in sent:
                here = item.place
            sent.setdefault(here, []).append(item)
        for place in dict.fromkeys((*sent, *came)):
            yield sent.get(place, ()), came.get(place, ())

    def _proposed(self, slot: _Slot) -> Iterator[Proposal]:
        """What is proposed in one passage."""
        if slot.place is None:
            for proposal in _changes(slot, None):
                yield replace(proposal, reason=_MADE_BY_REPORT)
            return
        bench = self._bench(slot.place.text)
        for proposal in _changes(slot, bench):
            if bench:
                file, name = bench.source.file, bench.source.name
                yield replace(proposal, file=file, name=name, paragraph=slot.place.number)
            else:
                yield replace(proposal, reason=_UNKNOWN)

    def _bench(self, text: str) -> Bench | None:
        """Where proposals for a text are tried; none for a text that the event has no more."""
        if text not in self.benches and (source := self.sources.get(text)):
            self.benches[text] = Bench(source, self.words[text])
        return self.benches.get(text)

    def _remarks(self, slot: _Slot) -> Iterator[Remark]:
        """The comments on a passage, and who changed how it looks."""
        source = self.sources.get(slot.place.text) if slot.place else None
        place = (source.name if source else "", slot.place.number if slot.place else 0)
        if slot.came:
            for identity in slot.came.comments:
                if identity in self.comments:
                    yield Remark(*place, *self.comments[identity])
            for hand in slot.came.formatted:
                yield Remark(*place, hand, "(changed how it looks)")


_LAST = (1_000_000, 0)
_UNKNOWN = "the event has no such text any more"
_MADE_BY_REPORT = "these words stand in no text: change what the report makes them from"
_ADDED = "a paragraph is added"
_REMOVED = "the whole paragraph is taken out"
_SPLIT = "the paragraph is divided"
_JOINED = "the paragraph is joined with the next"
_CONTEXT = 6
"""How many words are shown on either side of those that change."""


def _paired(sent: Sequence[_Item], came: Sequence[Passage]) -> Iterator[_Slot]:
    """Passages as they were sent with what has become of them, in their order."""
    groups = tuple(_as_one(came))
    if len(groups) == len(sent):
        became = dict(enumerate(range(len(sent))))
    else:
        before = ["".join(p.before for p in group) for group in groups]
        became = {pair.new: pair.old for pair in align([item.text for item in sent], before)}
    gone = sorted(set(range(len(sent))) - set(became.values()))
    here = sent[0].place if sent else None
    for number, group in enumerate(groups):
        if number not in became:
            yield from (_Slot(here, None, passage, remark=_ADDED) for passage in group)
            continue
        while gone and gone[0] < became[number]:
            yield _taken_out(sent[gone.pop(0)])
        item = sent[became[number]]
        here = item.place
        yield from _grouped(item, group)
    for number in gone:
        yield _taken_out(sent[number])


def _taken_out(item: _Item) -> _Slot:
    return _Slot(item.place, item.text, None, item.first, _REMOVED)


def _as_one(passages: Iterable[Passage]) -> Iterator[tuple[Passage, ...]]:
    """Passages that were one before tracked changes divided them."""
    group: list[Passage] = []
    for passage in passages:
        group.append(passage)
        if passage.end is not Trace.INSERTED:
            yield tuple(group)
            group = []
    if group:
        yield tuple(group)


def _grouped(item: _Item, group: Sequence[Passage]) -> Iterator[_Slot]:
    """The passages that one has become: itself, and those added beside it."""
    place, first = item.place, item.first
    said = [passage for passage in group if passage.before.strip()]
    if len(said) > 1:
        whole = Passage(tuple(piece for p in group for piece in p.pieces), hand=group[0].hand)
        yield _Slot(place, item.text, whole, first, _SPLIT)
        return
    own = said[0] if said else group[-1]
    for passage in group:
        if passage is not own:
            yield _Slot(place, None, passage, remark=_ADDED)
        elif item.text.strip() and not own.after.strip():
            yield _Slot(place, item.text, own, first, _REMOVED)
        else:
            remark = _JOINED if own.end is Trace.DELETED else ""
            yield _Slot(place, item.text, own, first, remark)


def _changes(slot: _Slot, bench: Bench | None) -> Iterator[Proposal]:
    """What is proposed in one passage."""
    if slot.sent is None:
        assert slot.came
        if said := slot.came.after.strip():
            yield _whole("", said, _hands(slot.came), slot.remark)
    elif slot.came is None:
        if slot.sent.strip():
            yield _whole(slot.sent.strip(), "", (), slot.remark)
    elif slot.remark == _REMOVED:
        yield _whole(slot.sent.strip(), "", _hands(slot.came), slot.remark)
    elif slot.remark:
        old, new = slot.sent.strip(), slot.came.after.strip()
        yield _whole(old, new, _hands(slot.came), slot.remark)
    else:
        yield from _rewordings(slot, slot.sent, slot.came, bench)


def _whole(old: str, new: str, hands: tuple[Hand, ...], reason: str) -> Proposal:
    return Proposal(0, "", "", 0, "", _shown(old), _shown(new), "", hands, reason=reason)


def _shown(text: str) -> str:
    """A text without the signs around what the report made."""
    return text.replace(OPAQUE, "").replace(MADE_END, "")


def _hands(passage: Passage) -> tuple[Hand, ...]:
    marked = (piece.hand for piece in passage.pieces if piece.trace)
    ends = (passage.hand,) if passage.end else ()
    return tuple(dict.fromkeys((*marked, *ends)))


def _rewordings(slot: _Slot, sent: str, came: Passage, bench: Bench | None) -> Iterator[Proposal]:
    """The changes of words in a passage, one by one."""
    old, new = words(sent), words(came.after)
    matcher = SequenceMatcher(None, [w.form for w in old], [w.form for w in new], autojunk=False)
    trail = _Trail(came, old)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        proposal = Proposal(
            0, "", "", 0,
            before=_shown(extract(sent, old[max(0, a - _CONTEXT) : a])),
            old=_shown(extract(sent, old[a:b])),
            new=_shown(extract(came.after, new[c:d])),
            after=_shown(extract(sent, old[b : b + _CONTEXT])),
            hands=trail.hands(a, b, new[c:d]),
        )  # fmt: skip
        change = Change(sent, old, a, b, came.after, new, c, d)
        yield bench.judged(proposal, change, slot.first) if bench else proposal


class _Trail:
    """Who tracked which words of a passage."""

    def __init__(self, passage: Passage, sent: Sequence[Word]):
        self.passage = passage
        before = words(passage.before)
        forms = [w.form for w in sent], [w.form for w in before]
        blocks = SequenceMatcher(None, *forms, autojunk=False).get_matching_blocks()
        self.before = {m.a + n: before[m.b + n] for m in blocks for n in range(m.size)}

    def hands(self, start: int, end: int, new: Sequence[Word]) -> tuple[Hand, ...]:
        """Those who took out these words of what was sent, or put in these new ones."""
        old = [self.before[n] for n in range(start, end) if n in self.before]
        found = (*self._of(old, Trace.DELETED), *self._of(new, Trace.INSERTED))
        return tuple(dict.fromkeys(found))

    def _of(self, chosen: Sequence[Word], trace: Trace) -> Iterator[Hand]:
        other = Trace.INSERTED if trace is Trace.DELETED else Trace.DELETED
        start = 0
        for piece in self.passage.pieces:
            if piece.trace is other:
                continue
            end = start + len(piece.text)
            if piece.trace and any(w.start < end and start < w.end for w in chosen):
                yield piece.hand
            start = end


def _comments(root: _Xml | None) -> Iterator[tuple[str, tuple[Hand, str]]]:
    """The author, date and words of each comment, by its id."""
    for comment in () if root is None else root.iter("{*}comment"):
        said = {etree.QName(str(k)).localname: str(v) for k, v in comment.items()}
        text = " ".join("".join(t.text or "" for t in p.iter("{*}t")) for p in comment.iter("{*}p"))
        hand = Hand(said.get("author", ""), said.get("date", ""))
        yield said.get("id", ""), (hand, " ".join(text.split()))

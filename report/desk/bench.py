"""The bench on which a proposed change of words is tried: can it be made in the Markdown as it is?

Each word that was sent is looked for in the Markdown. Where the words of a change, and those beside
them, stand there one after the other as when they were sent, the change is made for trial and the
text read again. Anything else is left to a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from itertools import pairwise

from report import markup, naming
from report.desk.proposal import Proposal, State
from report.desk.rewording import CannotRewordError, Rewording, Word, reworded, words_of
from report.model import Event
from report.source import Document
from report.wordtext import OPAQUE

_OPAQUE = "a reference or a note stands among these words"
_ELSEWHERE = "these words are not in the text of the file: look in its front matter"
_CHANGED = "the words around these have changed in the file since"


@dataclass(frozen=True)
class Source:
    """A text of the event: its words in its Markdown, and how to read it again."""

    identity: str
    file: str
    name: str
    document: Document
    event: Event

    @property
    def body(self) -> str:
        """Its Markdown."""
        return self.document.body

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The words of its Markdown."""
        return words_of(self.body)

    def render(self, markdown: str) -> str:
        """Markdown as HTML, as this text is read."""
        text = self.event.texts[self.identity]
        return _html(markdown, self.identity, self.file, self.event.limits.nesting, text.language)


@lru_cache(maxsize=8)
def _html(markdown: str, identity: str, file: str, nesting: int, language: str) -> str:
    """Each change of a text is compared with the same text before it, so the last ones are kept."""
    return markup.parse(markdown, identity, file, 3, nesting, language).html


def sources(event: Event) -> Mapping[str, Source]:
    """The texts of an event by identity."""
    found = {}
    for identity, origin in event.origins.items():
        if document := origin.document:
            name = naming.name(event, identity)
            found[identity] = Source(identity, document.source.name, name, document, event)
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """Words `a` to `b` of what was sent become words `c` to `d` of what came."""

    sent: str
    old: tuple[Word, ...]
    a: int
    b: int
    came: str
    new: tuple[Word, ...]
    c: int
    d: int

    @property
    def forms(self) -> list[str]:
        """The forms of the new words."""
        return [word.form for word in self.new[self.c : self.d]]

    def rewording(self, start: int, end: int, *, before_next: bool = False) -> Rewording:
        """The change at its place in the Markdown."""
        return Rewording(
            start,
            end,
            extract(self.came, self.new[self.c : self.d]),
            is_left_open=_is_open(self.new, self.c),
            is_right_open=_is_open(self.new, self.d),
            was_left_open=_is_open(self.old, self.a),
            was_right_open=_is_open(self.old, self.b),
            is_first=before_next or self.a == 0,
            is_last=self.b == len(self.old) and not before_next,
        )


def _is_open(found: Sequence[Word], place: int) -> bool:
    """Whether a space stands before the word at a place."""
    if not 0 < place < len(found):
        return False
    return found[place].start > found[place - 1].end


def extract(text: str, chosen: Sequence[Word]) -> str:
    """What a text has from the first to the last of some words."""
    return text[chosen[0].start : chosen[-1].end] if chosen else ""


class Bench:
    """Where proposals are tried on a text: each word that was sent is found in the Markdown."""

    def __init__(self, source: Source, sent: Sequence[str]):
        self.source = source
        self.sent = sent
        written = [word.form for word in source.words]
        known = [OPAQUE if form.startswith(OPAQUE) else form for form in sent]
        blocks = SequenceMatcher(None, known, written).get_matching_blocks()
        self.written = written
        self.found = {m.a + n: m.b + n for m in blocks for n in range(m.size)}
        self.made = frozenset(self._made())

    def _made(self) -> Iterator[int]:
        """The words that the report made: references, notes, and the signs directly beside them."""
        for place, form in enumerate(self.sent):
            if form.startswith(OPAQUE):
                yield from (
                    n
                    for n in (place - 1, place, place + 1)
                    if 0 <= n < len(self.sent)
                    and (n == place or self.sent[n] in "();\uff08\uff09\uff1b")
                )

    def judged(self, proposal: Proposal, change: Change, first: int) -> Proposal:
        """A proposal with what can be done about it."""
        within = range(first, first + len(change.old))
        old = range(first + change.a, first + change.b)
        if any(form.startswith(OPAQUE) for form in change.forms) or not self.made.isdisjoint(old):
            return replace(proposal, reason=_OPAQUE)
        if self._says_already(change.forms, old):
            return replace(proposal, state=State.MADE)
        place = self._place(change, old, within)
        if place is None:
            is_known = not self.found.keys().isdisjoint(within)
            return replace(proposal, reason=_CHANGED if is_known else _ELSEWHERE)
        try:
            reworded(self.source.body, place, self.source.render)
        except CannotRewordError as error:
            return replace(proposal, reason=str(error))
        return replace(proposal, state=State.OPEN, rewording=place)

    def _place(self, change: Change, old: range, within: range) -> Rewording | None:
        """Where the change is made, if its words and those beside them stand as they were sent."""
        left = self._beside(range(old.start - 1, within.start - 1, -1))
        right = self._beside(range(old.stop, within.stop))
        here = [self.found.get(n, -1) for n in old]
        if not self._follow([*left, *here, *right]):
            return None
        written = self.source.words
        if here:
            is_whole = here[-1] - here[0] + 1 == len(here)
            return (
                change.rewording(written[here[0]].start, written[here[-1]].end)
                if is_whole
                else None
            )
        if left and old.start - 1 not in self.made:
            end = written[left[0]].end
            return change.rewording(end, end)
        if right and old.start not in self.made:
            start = written[right[0]].start
            return change.rewording(start, start, before_next=True)
        return None

    def _beside(self, places: Iterable[int]) -> list[int]:
        """Where the first of these words that a text has stands in the Markdown: -1 if it does not.

        Nothing where there is no such word.
        """
        return [self.found.get(n, -1) for n in places if n not in self.made][:1]

    def _follow(self, places: Sequence[int]) -> bool:
        """Whether words follow one another in the Markdown, but for what the report makes of it."""
        return -1 not in places and all(
            before < after and not self._between(before, after)
            for before, after in pairwise(places)
        )

    def _between(self, left: int, right: int) -> list[int]:
        """What stands between two places of the Markdown, but for what the report makes of it."""
        return [n for n in range(left + 1, right) if self.written[n] != OPAQUE]

    def _says_already(self, new: Sequence[str], old: range) -> bool:
        """Whether the Markdown has the new words where the old ones would be."""
        if any(n in self.found for n in old):
            return False
        before = (self.found[n] for n in range(old.start - 1, -1, -1) if n in self.found)
        after = (self.found[n] for n in range(old.stop, len(self.sent)) if n in self.found)
        between = self._between(next(before, -1), next(after, len(self.written)))
        return [self.written[n] for n in between] == list(new) and bool(new or old)

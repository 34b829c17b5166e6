"""Alignment: which text of one edition has become which of the other, and which words of it.

Texts are aligned by what they say: those that stay the same are found by their words, and only
the rest are compared, each with its neighbours, so that time is never the square of their number.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from report.wording import LETTER, UNSPACED

_ALIKE = 55
"""From how alike on, of 100, two texts are the same text reworded."""

_MOST_COMPARED = 100_000
"""About how many pairs of texts are compared at most."""

_NEAREST = 5
"""Each text is compared with so many on either side of its place at least."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A text of the old edition that has become one of the new, by their places in each."""

    old: int
    new: int
    is_moved: bool


def align(old: Sequence[str], new: Sequence[str]) -> tuple[Pair, ...]:
    """Pair the texts of two editions in the order of the new one; what has no pair came or went."""
    if len(old) == len(new) == 1:
        return (Pair(0, 0, is_moved=False),)
    pairs = dict(_in_order(old, new))
    for further in (_equal, _alike):
        olds = [place for place in range(len(old)) if place not in pairs]
        news = sorted(set(range(len(new))) - set(pairs.values()))
        pairs |= further(old, new, olds, news)
    by_new = sorted((place, before) for before, place in pairs.items())
    stayed = increasing([before for _, before in by_new])
    return tuple(Pair(before, place, before not in stayed) for place, before in by_new)


def _in_order(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Texts that are the same, in the same order, as many as can be."""
    for edit in LCSseq.opcodes(old, new):
        if edit.tag == "equal":
            places = range(edit.src_start, edit.src_end), range(edit.dest_start, edit.dest_end)
            yield from zip(*places, strict=True)


def _equal(
    old: Sequence[str], new: Sequence[str], olds: Sequence[int], news: Sequence[int]
) -> dict[int, int]:
    """Texts that are the same in another place."""
    places: defaultdict[str, deque[int]] = defaultdict(deque)
    for place in news:
        places[new[place]].append(place)
    return {place: places[old[place]].popleft() for place in olds if places[old[place]]}


def _alike(
    old: Sequence[str], new: Sequence[str], olds: Sequence[int], news: Sequence[int]
) -> dict[int, int]:
    """Texts that are reworded, the likest first and, of those, the nearest."""
    reach = max(_NEAREST, _MOST_COMPARED // (2 * len(olds) or 1))
    found = []
    for rank, before in enumerate(olds):
        for other in range(max(0, rank - reach), min(len(news), rank + reach + 1)):
            score = fuzz.ratio(old[before], new[news[other]], score_cutoff=_ALIKE)
            if score:
                found.append((-score, abs(rank - other), before, news[other]))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, before, after in sorted(found):
        if before not in pairs and after not in taken:
            pairs[before] = after
            taken.add(after)
    return pairs


def increasing(numbers: Sequence[int]) -> set[int]:
    """A longest increasing part of distinct numbers (patience sorting): what kept its order."""
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        pile = bisect_left(ends, number)
        before[number] = ends[pile - 1] if pile else None
        ends[pile : pile + 1] = [number]
    chosen: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        chosen.add(last)
        last = before[last]
    return chosen


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stay, where `old` and `new` are the same, or words that give way to others."""

    old: str
    new: str

    @property
    def stays(self) -> bool:
        """Whether these words are in both editions."""
        return self.old == self.new


_WORD = re.compile(rf"(?:\d+(?:[.,:]\d+)+|{LETTER}+(?:['\u2019-]{LETTER}+)*|[{UNSPACED}]|\S)\s*")

_ISLAND = 2
"""So many words that stay between two longer changes are shown as changed: they are chance."""


def runs(old: str, new: str) -> tuple[Run, ...]:
    """What stays and what changes between two wordings, word by word."""
    olds, news = _WORD.findall(old), _WORD.findall(new)
    # Where a text has more than 200 words, the most frequent begin no match, which keeps this fast.
    matcher = SequenceMatcher(None, [*map(str.strip, olds)], [*map(str.strip, news)])
    edits = _without_islands(matcher.get_opcodes())
    return tuple(_run(olds, news, *both) for both in pairwise((*edits, _END)))


def _run(olds: Sequence[str], news: Sequence[str], edit: _Edit, following: _Edit) -> Run:
    stays, a, b, c, d = edit
    old, new = "".join(olds[a:b]), "".join(news[c:d])
    if not stays:
        return Run(old, new)
    # The space after a word that stays is that of the words which are shown next.
    takes_out = following[1] < following[2]
    return Run(old, old) if takes_out else Run(new, new)


_Edit = tuple[bool, int, int, int, int]
"""Whether words stay, from which to which they stand in the old text, and in the new."""

_END: _Edit = (True, 0, 0, 0, 0)


def _without_islands(opcodes: Sequence[tuple[str, int, int, int, int]]) -> list[_Edit]:
    edits: list[_Edit] = []
    for place, (tag, a, b, c, d) in enumerate(opcodes):
        stays = tag == "equal" and not (
            b - a <= _ISLAND
            and 0 < place < len(opcodes) - 1
            and all(_width(opcodes[beside]) > b - a for beside in (place - 1, place + 1))
        )
        if edits and not stays and not edits[-1][0]:
            _, a, _, c, _ = edits.pop()
        edits.append((stays, a, b, c, d))
    return edits


def _width(opcode: tuple[str, int, int, int, int]) -> int:
    _, a, b, c, d = opcode
    return max(b - a, d - c)

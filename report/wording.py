"""Whether words were said: a quotation is compared with a text word for word.

Equal are the typographic variants of quotation marks, dashes, spaces and digits, and the case of
the first letter. `[…]` stands for words left out; `[words]` for words put in, which may replace a
few. What differs is shown by the nearest passage, with `{-what the quotation has-}` and
`{+what was said+}`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING
from unicodedata import normalize

from report.digits import SAME_DIGITS

if TYPE_CHECKING:
    from rapidfuzz.distance import Opcodes

_DOUBLE = '"\u201c\u201d\u201e\u201f\u00ab\u00bb\u300c\u300d\u300e\u300f'
_SINGLE = "'\u2018\u2019\u201a\u201b\u2039\u203a\u02bc"
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
QUOTATION_MARKS = _DOUBLE + _SINGLE
"""Every sign that may begin or end a quotation."""

_FOLD = str.maketrans(
    dict.fromkeys(_DOUBLE + _SINGLE, "'") | dict.fromkeys(_DASHES, "-") | SAME_DIGITS
)
"""One sign for all quotation marks, all dashes, each digit; no sign is lost, so offsets stay."""

# Emphasis, soft hyphens, joiners, signs of direction, and the tatweel that stretches Arabic words.
_UNHEARD = re.compile("[*_`\u00ad\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")

UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Chinese, Japanese and Thai put no space between words: each of these characters is a word."""

LETTER = rf"[^\W_{UNSPACED}]"
"""A letter or digit of a word that has several."""

_DOTS = r"(?:\u2026|\.(?:\s?\.){2})"
# Both are compiled where they are first used, since sets of so many signs take a while.
_WORD = (
    rf"[{UNSPACED}]|\d+(?:[.,]\d+)++|{LETTER}++(?:'{LETTER}++)*+"
    rf"|{_DOTS}|-++|'++|\S"
)
_PART = (
    rf"(?P<omission>\[\s*+{_DOTS}\s*+\])"
    rf"|(?P<altered>{LETTER}*+\[{LETTER}++\]{LETTER}++|{LETTER}++\[{LETTER}++\])"
    rf"|(?P<insertion>\[[^\[\]]*+\])"
    rf"|{_WORD}"
)

_MOST_REPLACED = 8
"""How many words and signs of the source an editor's `[words]` may replace."""

_EDGES = frozenset(".,;:-'\u2026")
"""Signs that belong to the sentence around a quotation when they stand at its edges."""


class Gap(Enum):
    """What stands between two pieces of a quotation."""

    NOTHING = 0
    INSERTION = 1
    OMISSION = 2


@dataclass(frozen=True, slots=True)
class Word:
    """A word or sign: as written, whether a space stands before it, and the forms it may have."""

    text: str
    spaced: bool
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a quotation that follow one another, and what stands before them."""

    gap: Gap
    words: tuple[Word, ...]

    def __str__(self) -> str:
        return _joined(self.words)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a quotation leaves its source: in the word at `index` of `piece`."""

    piece: Piece
    index: int


Ranges = Sequence[tuple[int, int]]
"""Ranges of paragraphs, first and last included; none means the whole text."""


def pieces(quotation: str) -> tuple[Piece, ...]:
    """Divide a quotation, given as plain text, at its omissions and insertions.

    Signs at the edges of a piece are left out. A quotation without a word has no piece.
    """
    heard = _heard(quotation)
    found: list[Piece] = []
    gap, words = Gap.NOTHING, list[Word]()
    for match in re.finditer(_PART, heard.translate(_FOLD)):
        kind = match.lastgroup
        if kind not in ("omission", "insertion"):
            words.append(_word(heard, match))
            continue
        if piece := _piece(gap, words):
            found.append(piece)
            gap, words = Gap.NOTHING, []
        gap = max(gap, Gap[kind.upper()], key=lambda each: each.value)
    last = _piece(gap, words)
    return (*found, last) if last else tuple(found)


class Wording:
    """The words of a text, in whose numbered paragraphs quotations are looked up."""

    def __init__(self, paragraphs: Sequence[str]):
        self._paragraphs = paragraphs
        divided = [as_compared(paragraph) for paragraph in paragraphs]
        self._forms = [form for paragraph in divided for form in paragraph]
        self._starts = [0, *accumulate(len(paragraph) for paragraph in divided)]
        self._masks: dict[str, int] = {}

    @property
    def vocabulary(self) -> set[str]:
        """Every form of a word that the text has."""
        return set(self._forms)

    def size(self, ranges: Ranges) -> int:
        """How many words and signs the paragraphs have."""
        return sum(end - start for start, end in self._spans(ranges))

    def difference(self, quotation: Sequence[Piece], ranges: Ranges = ()) -> Difference | None:
        """Where the quotation leaves the paragraphs given; None when they hold it word for word."""
        return self._follow(quotation, ranges)[1]

    def paragraph_of(self, quotation: Sequence[Piece]) -> int | None:
        """The number of the paragraph in which the quotation first ends, if the text holds it."""
        ends, difference = self._follow(quotation, ())
        if difference:
            return None
        return bisect_right(self._starts, (ends & -ends).bit_length() - 2)

    def nearest(self, difference: Difference, ranges: Ranges = ()) -> str:
        """The passage most like the piece that differs, marked; empty when none is like it."""
        # Imported here because only an event with mistakes needs it.
        from rapidfuzz import fuzz
        from rapidfuzz.distance import Levenshtein

        first = max(0, difference.index - _SHOWN)
        quoted = difference.piece.words[first : difference.index + _SHOWN]
        forms = [next((f for f in w.forms if f in self._positions), w.forms[0]) for w in quoted]
        spans = self._spans(ranges)
        source = [form for start, end in spans for form in self._forms[start:end]]
        found = fuzz.partial_ratio_alignment(forms, source, score_cutoff=_LIKE)
        if not found:
            return ""
        start, end = _fitted(forms, source, found.dest_start, found.dest_end)
        places = [place for first, last in spans for place in range(first, last)][start:end]
        said = self._written(places)
        edits = Levenshtein.opcodes(forms, source[start:end])
        return _marked(quoted, said, edits)

    def _follow(self, quotation: Sequence[Piece], ranges: Ranges) -> tuple[int, Difference | None]:
        """Where the quotation ends, as a set of bits, or where it leaves the text.

        Shift-And (Baeza-Yates and Gonnet, "A new approach to text searching", 1992) over words: bit
        i is set while what was read of the quotation can end before word i. One step takes as long
        however often a word occurs, so that no text makes the search wander.
        """
        allowed = sum((1 << end) - (1 << start) for start, end in self._spans(ranges))
        ends = allowed
        for piece in quotation:
            ends = _over(piece.gap, ends) & allowed
            for index, word in enumerate(piece.words):
                ends = (ends & allowed & self._mask(word)) << 1
                if not ends:
                    return 0, Difference(piece, index)
        return ends, None

    def _spans(self, ranges: Ranges) -> list[tuple[int, int]]:
        """The first word, and the one after the last, of each range; none overlaps another."""
        spans: list[tuple[int, int]] = []
        for first, last in sorted(ranges or [(1, len(self._paragraphs))]):
            start, end = self._starts[first - 1], self._starts[last]
            if spans and start <= spans[-1][1]:
                start, end = spans[-1][0], max(end, spans.pop()[1])
            spans.append((start, end))
        return spans

    def _mask(self, word: Word) -> int:
        """A bit for each place of the text where the word stands."""
        mask = 0
        for form in word.forms:
            if form in self._positions:
                mask |= self._mask_of(form)
        return mask

    def _mask_of(self, form: str) -> int:
        if form not in self._masks:
            if len(self._masks) == _MASKS_KEPT:
                self._masks.clear()
            bits = bytearray(len(self._forms) // 8 + 1)
            for position in self._positions[form]:
                bits[position >> 3] |= 1 << (position & 7)
            self._masks[form] = int.from_bytes(bits, "little")
        return self._masks[form]

    @cached_property
    def _positions(self) -> dict[str, list[int]]:
        positions: defaultdict[str, list[int]] = defaultdict(list)
        for position, form in enumerate(self._forms):
            positions[form].append(position)
        return dict(positions)

    def _written(self, places: Sequence[int]) -> list[Word]:
        """The words at these places as they are written, which only a message needs."""
        first, last = (bisect_right(self._starts, place) - 1 for place in (places[0], places[-1]))
        words = [
            _word(heard, match)
            for heard in map(_heard, self._paragraphs[first : last + 1])
            for match in re.finditer(_WORD, heard.translate(_FOLD))
        ]
        return [words[place - self._starts[first]] for place in places]


_MASKS_KEPT = 256
_SHOWN = 32
"""How many words on either side of a difference are compared and shown."""

_LIKE = 50
"""From how alike on, of 100, a passage is worth showing."""


def _heard(text: str) -> str:
    """The text in composed characters (Unicode's NFC), without what only the eye sees."""
    return _UNHEARD.sub("", normalize("NFC", text))


def as_compared(text: str) -> list[str]:
    """Return a text's words and signs as they are compared, whatever its typography."""
    return [_form(word) for word in re.findall(_WORD, _heard(text).translate(_FOLD))]


def _form(word: str) -> str:
    """The form in which a word is compared: several dashes, quotation marks or dots are one."""
    if word[0] in "-'":
        return word[0]
    return "\u2026" if word[0] == "." and len(word) > 1 else word


def _word(heard: str, match: re.Match[str]) -> Word:
    start, end = match.span()
    spaced = start > 0 and heard[start - 1].isspace()
    written = heard[start:end]
    if match.lastgroup == "altered":
        forms = (re.sub(r"[\[\]]", "", match[0]), re.sub(r"\[.*\]", "", match[0]))
        return Word(written, spaced, (*_either_case(forms[0]), forms[1]))
    return Word(written, spaced, (_form(match[0]),))


def _either_case(form: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((form, form[0].upper() + form[1:], form[0].lower() + form[1:])))


def _piece(gap: Gap, words: list[Word]) -> Piece | None:
    first, last = 0, len(words)
    while first < last and words[first].forms[0] in _EDGES:
        first += 1
    while first < last and words[last - 1].forms[0] in _EDGES:
        last -= 1
    if first == last:
        return None
    head, *rest = words[first:last]
    if gap is not Gap.INSERTION:
        forms = dict.fromkeys(each for form in head.forms for each in _either_case(form))
        head = Word(head.text, head.spaced, tuple(forms))
    return Piece(gap, (head, *rest))


def _over(gap: Gap, ends: int) -> int:
    """Where the next piece may begin when the last one can end at each bit of `ends`."""
    if gap is Gap.OMISSION:
        return -(ends & -ends)
    if gap is Gap.INSERTION:
        for _ in range(_MOST_REPLACED):
            ends |= ends << 1
    return ends


def _fitted(quoted: list[str], source: list[str], start: int, end: int) -> tuple[int, int]:
    """Move the edges of the passage found to where it is nearest to what is quoted."""
    from rapidfuzz.distance import Levenshtein

    def cost(start: int, end: int) -> int:
        # A word left out of the quotation costs less than one put in: the passage may be longer.
        return Levenshtein.distance(quoted, source[start:end], weights=(1, 2, 2))

    # Of passages equally near the longest: it shows what a changed word at an edge was before.
    room = len(quoted)
    ends = range(min(len(source), end + room), start, -1)
    end = min(ends, key=lambda end: cost(start, end))
    starts = range(max(0, start - room), end)
    return min(starts, key=lambda start: cost(start, end)), end


def _marked(quoted: Sequence[Word], said: Sequence[Word], edits: Opcodes) -> str:
    parts: list[tuple[bool, str]] = []
    for edit in edits:
        taken = quoted[edit.src_start : edit.src_end]
        given = said[edit.dest_start : edit.dest_end]
        if edit.tag == "equal":
            parts.append((given[0].spaced, _joined(given)))
            continue
        if taken:
            parts.append((taken[0].spaced, f"{{-{_joined(taken)}-}}"))
        if given:
            parts.append((given[0].spaced or bool(taken), f"{{+{_joined(given)}+}}"))
    return "".join(" " * spaced + text for spaced, text in parts).strip()


def _joined(words: Sequence[Word]) -> str:
    return "".join(" " * word.spaced + word.text for word in words).strip()

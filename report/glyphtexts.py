"""Which text each glyph stands for, so that words can be searched, copied and read aloud.

ISO 32000-1, 9.10. WeasyPrint takes for it what a glyph stood for when it was first drawn. In Arabic
that will not do: a letter and the vowel sign on it are one cluster, whose whole text would go to
one of its glyphs; a ligature is one glyph for two letters, and some letters are drawn in two.
Programs that read a page take the glyphs from left to right and then turn the text round, so each
may stand for one character only. Here the text of each cluster is divided among its glyphs.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any
from unicodedata import normalize

import pydyf
import uharfbuzz

RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
"""A character of a script that runs from right to left: Hebrew, Arabic, Syriac and others."""

_ALEF = 0x0627
_STROKE = "\u0640"
"""What a glyph stands for that is but part of a letter: the tatweel, a stroke between letters."""

_STRING_OR_NUMBER = re.compile(rb"<([0-9a-f]*)>|(-?[0-9.]+)")
"""A string of glyphs, or an adjustment, in a TJ array (9.4.3)."""

Item = int | bytes
"""A glyph, or an adjustment, in a TJ array."""

Letters = dict[str, dict[tuple[int, ...], str]]
"""Letters that are drawn in several glyphs: by the name of the font, the letter of those glyphs."""


class Fonts(dict[Any, Any]):
    """The fonts of a document, of which those with Arabic note what is drawn with them."""

    def __setitem__(self, key: Any, font: Any) -> None:
        """Take in a font that WeasyPrint has begun to draw with."""
        face = uharfbuzz.Face(font.file_content, font.index)
        if uharfbuzz.Font(face).get_nominal_glyph(_ALEF):
            font.to_unicode = Clusters()
        super().__setitem__(key, font)

    def letters(self) -> Letters:
        """Return the letters drawn so far in several glyphs."""
        found: Letters = {}
        for font in self.values():
            if isinstance(font.to_unicode, Clusters):
                found.setdefault(font.hash, {}).update(font.to_unicode.letters())
        return found

    def settle(self) -> None:
        """Let each glyph stand for one text."""
        for font in self.values():
            if isinstance(font.to_unicode, Clusters):
                font.to_unicode = font.to_unicode.texts()


class Clusters(dict[int, str]):
    """The clusters drawn with a font: the text of each, and its glyphs from the left.

    It takes the place of WeasyPrint's mapping from glyphs to texts, and never has one yet, so that
    WeasyPrint tells the text of every glyph every time.
    """

    def __init__(self) -> None:
        super().__init__()
        self._drawn: Counter[tuple[str, tuple[int, ...]]] = Counter()
        self._text, self._glyphs = "", tuple[int, ...]()

    def __contains__(self, glyph: object) -> bool:
        """Nothing is known for good."""
        return False

    def __setitem__(self, glyph: int, text: str) -> None:
        """Take in a glyph. Of those of a cluster from right to left, the first has the text."""
        if text:
            self._end()
            self._text = text
        self._glyphs += (glyph,)

    def _end(self) -> None:
        if self._glyphs:
            self._drawn[self._text, self._glyphs] += 1
        self._glyphs = ()

    def texts(self) -> dict[int, str]:
        """Return the text of each glyph: the one that it stood for most often."""
        self._end()
        parts: defaultdict[int, Counter[str]] = defaultdict(Counter)
        for (text, glyphs), times in self._drawn.items():
            for glyph, part in zip(glyphs, _divided(text, len(glyphs)), strict=True):
                parts[glyph][part] += times
        return {glyph: _likeliest(found) for glyph, found in parts.items()}

    def letters(self) -> dict[tuple[int, ...], str]:
        """Return the letters of the script from right to left that have several glyphs."""
        self._end()
        return {
            glyphs: text
            for text, glyphs in self._drawn
            if len(text) == 1 < len(glyphs) and RIGHT_TO_LEFT.match(text)
        }


def _divided(text: str, count: int) -> list[str]:
    """Divide a cluster's text among so many glyphs, from the left.

    From right to left the last glyph is that of the first letter, or of a ligature with it; those
    before it are of the signs on it.
    """
    if not RIGHT_TO_LEFT.search(text):
        return [text, *[""] * (count - 1)]
    signs = text[1:][1 - count :][::-1] if count > 1 else ""
    letters = text[: len(text) - len(signs)]
    return [*[_STROKE] * (count - 1 - len(signs)), *signs, _ligatures().get(letters, letters)]


@cache
def _ligatures() -> dict[str, str]:
    """The characters that Unicode has for ligatures of Arabic (Arabic Presentation Forms A and B).

    Of one that has several forms the isolated is first.
    """
    forms = [chr(code) for code in (*range(0xFEF5, 0xFEFD), *range(0xFC00, 0xFD40))]
    return {normalize("NFKC", form): form for form in reversed(forms)}


def _likeliest(parts: Counter[str]) -> str:
    return max(parts, key=lambda part: (bool(part), parts[part], part))


def spell(operators: Iterable[Any], letters: Letters) -> Iterator[Any]:
    """Yield operators that tell which glyphs are one letter (14.9.4)."""
    font = ""
    for operator in operators:
        if isinstance(operator, bytes) and operator.endswith(b" Tf"):
            font = operator[1:].partition(b" ")[0].decode()
        shows = isinstance(operator, bytes) and operator.endswith(b"] TJ")
        if shows and letters.get(font):
            yield from _spelled(list(_items(operator)), letters[font])
        else:
            yield operator


def _spelled(items: list[Item], letters: dict[tuple[int, ...], str]) -> Iterator[Any]:
    start = place = 0
    while place < len(items):
        end, letter = _letter(items, place, letters)
        if letter:
            yield from _shown(items[start:place])
            yield from ("/Span", pydyf.Dictionary({"ActualText": pydyf.String(letter)}), b"BDC")
            yield from _shown(items[place:end])
            yield b"EMC"
            start = end
        place = max(place + 1, end)
    yield from _shown(items[start:])


def _letter(items: list[Item], place: int, letters: dict[tuple[int, ...], str]) -> tuple[int, str]:
    """Return the letter of several glyphs that begins at a place, and where it ends."""
    for glyphs, letter in letters.items():
        end, left = place, list(glyphs)
        while left and end < len(items):
            if items[end] == left[0]:
                left.pop(0)
            elif end == place or isinstance(items[end], int):
                break
            end += 1
        if not left:
            return end, letter
    return 0, ""


def _items(shown: bytes) -> Iterator[Item]:
    for match in _STRING_OR_NUMBER.finditer(shown):
        if match[2]:
            yield match[2]
        else:
            yield from (int(match[1][n : n + 4], 16) for n in range(0, len(match[1]), 4))


def _shown(items: list[Item]) -> Iterator[bytes]:
    # An empty string keeps two adjustments apart.
    written = (b"<%04x>" % item if isinstance(item, int) else b"<>" + item for item in items)
    if items:
        yield b"[" + b"".join(written) + b"] TJ"

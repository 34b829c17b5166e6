"""Quotation marks, dashes and spaces as each language has them.

A straight quotation mark becomes the language's own, one within another its inner one. French has
spaces before some signs and within guillemets, Russian before its dash, which a line must not begin
with: they are put where there is none, or an ordinary one. Russian has the long dash, however it
was typed. Addresses stay as they are.

Rules of French: Imprimerie nationale, "Lexique des règles typographiques"; of Russian: A. E.
Milchin, "Справочник издателя и автора", 3.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial

from report.languages import primary

OPENING, CLOSING = "\ue010", "\ue011"
"""What stands for a double quotation mark until its language and depth are known."""

_GUILLEMETS = "«", "»"
_CURVED = "\u201c", "\u201d"
_MARKS = {
    "ar": (_GUILLEMETS, _CURVED),
    "es": (_CURVED, ("\u2018", "\u2019")),
    "fr": (_GUILLEMETS, _CURVED),
    "ru": (_GUILLEMETS, ("\u201e", "\u201c")),
}
"""The outer and the inner quotation marks of a language; all others have “ ” in every depth."""

_STRAIGHT = (
    ('"', re.compile(r"(^|[\s(\[\u2014\u2013/\ue010])\""), f"\\1{OPENING}"),
    ('"', re.compile(r'"'), CLOSING),
    ("'", re.compile(r"(^|[\s(\[\u2014\u2013/\u201c\ue010])'(?=\w)"), "\\1\u2018"),
    ("'", re.compile(r"'"), "\u2019"),
    ("--", re.compile(r"(?<=\s)---(?=\s)"), "\u2014"),
    ("--", re.compile(r"(?<=\s)--(?=\s)|(?<=\d)--(?=\d)"), "\u2013"),
)
"""What was typed, what it is to be, and a sign without which it is not in a text."""

_ADDRESS = r"(?P<address>(?:\w+://|www\.)\S+|[\w.+-]+@[\w.-]+)"
_THOUSANDS = r"(?<!\d\d\d\d)(?<=\d) (?=\d\d\d(?!\d))", "\u00a0"
"""Within a number, which from right to left would otherwise be two."""

_COUNTED = r"(?<=\d) (?=%)|(?<=[№°]) (?=\d)", "\u00a0"
"""Between a number and the sign that goes with it, as in 12 % and № 5."""

_SPACES = {
    "fr": (
        (
            rf"{_ADDRESS}|(?<=[^\s;!?«])[ \u00a0\u202f]?(?=[;!?]+(?:[\s»”’)\]]|$))",
            "\u202f",
        ),
        (rf"{_ADDRESS}|(?<=[^\s:])[ \u00a0\u202f]?(?=:(?:\s|$))", "\u00a0"),
        (r"(?<=«)[ \u00a0\u202f]?(?=\S|$)", "\u00a0"),
        (r"(?<=[^\s])[ \u00a0\u202f]?(?=»)", "\u00a0"),
        _THOUSANDS,
        _COUNTED,
    ),
    "ru": (
        # The dash between words, whichever was typed; between numbers it may be a minus.
        (
            r"(?<=[^\s\d])[ \u00a0][-\u2013](?=\s)|(?<=\d)[ \u00a0][-\u2013](?=\s\D)",
            "\u00a0\u2014",
        ),
        (r"(?<=\S) (?=\u2014(?:\s|$))", "\u00a0"),
        _THOUSANDS,
        _COUNTED,
    ),
    "es": (_THOUSANDS, _COUNTED),
    "ar": (_THOUSANDS,),
    "zh": (_THOUSANDS,),
}
"""Where a language has a space or a dash of its own, and which.

They are compiled where they are first used, as most reports are in one of the languages.
"""


@lru_cache(maxsize=4096)
def smarten(text: str, language: str = "en") -> str:
    """Replace straight quotes, apostrophes and double hyphens by the forms of a language.

    >>> smarten('The "Chairman\\'s Summary" -- part 2')
    'The “Chairman’s Summary” – part 2'
    >>> smarten('La "stratégie" : oui!', "fr")
    'La «\\xa0stratégie\\xa0»\\xa0: oui\\u202f!'
    """
    for sign, pattern, replacement in _STRAIGHT:
        if sign in text:
            text = pattern.sub(replacement, text)
    return spaced(Quotes(language).put(text), language)


class Quotes:
    """The quotation marks of a text that is read part by part: the inner ones within the outer."""

    def __init__(self, language: str) -> None:
        """Begin before the text's first mark."""
        self._marks = _MARKS.get(primary(language), (_CURVED, _CURVED))
        self._alternates = primary(language) == "zh"
        self._depth = 0

    def put(self, text: str) -> str:
        """Return a part with the marks that it stands for."""
        if OPENING not in text and CLOSING not in text:
            return text
        text = re.sub(f"(?<=[¿¡]){CLOSING}", OPENING, text)
        return re.sub(f"[{OPENING}{CLOSING}]", self._mark, text)

    def _mark(self, match: re.Match[str]) -> str:
        # Chinese puts no space before a mark, by which one that opens would be known.
        opens = self._depth == 0 if self._alternates else match[0] == OPENING
        self._depth = max(0, self._depth - (not opens))
        mark = self._marks[min(self._depth, 1)][0 if opens else 1]
        self._depth += opens
        return mark


def spaced(text: str, language: str, before: str = "") -> str:
    """Return a text with the spaces of its language; `before` is the character before it."""
    whole = before + text
    for pattern, space in _SPACES.get(primary(language), ()):
        whole = re.sub(pattern, partial(_space, space), whole)
    return whole[len(before) :]


def _space(space: str, match: re.Match[str]) -> str:
    return match.groupdict().get("address") or space


def bracketed(text: str, language: str) -> str:
    """Return words of the report in round brackets, which are full-width in Chinese.

    >>> bracketed("第2段", "zh")
    '（第2段）'
    """
    start, end = "\uff08\uff09" if primary(language) == "zh" else "()"
    return f"{start}{text}{end}"


def needs_care(language: str) -> bool:
    """Whether a language has other quotation marks or spaces than English."""
    return primary(language) in {*_MARKS, *_SPACES, "zh"}

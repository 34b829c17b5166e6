"""Intricacy: how much of what a parser finds hard a text in Markdown may have.

For some signs the time that Python-Markdown takes grows with the square of their number. What no
text needs is refused, so that the time grows with the length of the text alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator


class TooIntricate(ValueError):  # noqa: N818 (it says what the text is)
    """The text has so much of something that it would take for ever; the message says of what."""


_MOST = {
    "[": 2000,
    "<": 2000,
    "<![": 20,
    "*[": 200,
    "\n:": 2000,
    "\n>": 5000,
    "\n- ": 3000,
    "\n* ": 3000,
    "\n+ ": 3000,
}

_SHARE, _FREE = 20, 5_000
"""How far brackets may reach altogether: so many times the text's length, and signs beyond that."""


def refuse_intricate(markdown: str) -> None:
    """Raise `TooIntricate` when parsing would take longer than the text's length is worth."""
    for sign, most in _MOST.items():
        if markdown.count(sign) > most:
            raise TooIntricate(f"the text has more than {most} times the sign `{sign}`")
    for call, times in Counter(_CALL.findall(markdown)).most_common(1):
        if times > _MOST_CALLS:
            raise TooIntricate(f"the text has more than {_MOST_CALLS} calls of the note {call}")
    blocks = _BOUNDARY.split(markdown)
    if sum(map(_reach, blocks)) > _SHARE * len(markdown) + _FREE:
        raise TooIntricate(
            "too many brackets stand one within the other, or are not closed; write `\\[` where"
            " no link is meant"
        )
    if any(len(block) * len(_SIGN.findall(block)) > _DENSEST for block in blocks):
        raise TooIntricate("a paragraph is too long for all the signs in it: divide it")


_CALL = re.compile(r"\[\^[^\[\]\s]+\]")
_MOST_CALLS = 100
_BOUNDARY = re.compile(r"\n[ \t]*\n|\n(?=[ \t]*(?:[-+*>|#:]|\d{1,9}[.)]|\[\^))")
_SIGN = re.compile(r"""[*_`\[<&\\"']|  \n|--|\.\.\.|\b[A-Z]{1,5}/""")

_DENSEST = 100_000_000
"""Signs of a paragraph times those with a meaning, for each of which the parser copies it."""

_BRACKET = re.compile(r"\\.|\[|\]\(?|[()]")


def _reach(block: str) -> int:
    """How far the brackets of links reach in a block: to what closes each, or else to its end.

    So far the parser looks for each of them, and again for those within it.
    """
    return sum(_reaches(block))


def _reaches(block: str) -> Iterator[int]:
    texts, addresses = list[int](), list[int | None]()
    for match in _BRACKET.finditer(block):
        sign, place = match[0], match.start()
        if sign == "[":
            texts.append(place)
        elif sign[0] == "]" and texts:
            yield place - texts.pop()
        if sign == "](":
            addresses.append(place)
        elif sign == "(":
            # It opens no address, but what closes it closes none.
            addresses.append(None)
        elif sign == ")" and addresses and (start := addresses.pop()) is not None:
            yield place - start
    for start in (*texts, *addresses):
        if start is not None:
            yield len(block) - start

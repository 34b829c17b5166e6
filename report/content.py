"""Content streams (ISO 32000-1, 7.8.2) as WeasyPrint writes them, made correct and terse.

The operators are pydyf's: a list of strings, bytes and dictionaries, operands before operators.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pydyf

from report.glyphtexts import Letters, spell

Operators = list[Any]
"""The operands and operators of one page, in order."""

Mark = dict[str, Any]
"""The property list of marked content; one without MCID is that of an artifact (14.8.2.2)."""

SOFT_HYPHEN = "\u00ad"
"""A hyphen that is only seen where a line ends within a word (14.8.2.2.3)."""

_SOFT = b"/Span <</ActualText <FEFF00AD>>> BDC"

_LAST_GLYPH = re.compile(rb"([0-9a-f]{4})>[-0-9.]*\] TJ$")

_ADJUSTMENTS = re.compile(rb"(?<=>)(?!-?\d+<[\da-f])-?[\d.]+(?:<>-?[\d.]+)*")
"""The numbers of one place in a TJ array, with empty strings between them; not a whole one."""


def marks(operators: Operators) -> dict[int, Mark]:
    """Return the property list of each marked content by its MCID (14.7.4.4)."""
    return {o["MCID"]: o for o in operators if isinstance(o, pydyf.Dictionary) and "MCID" in o}


@dataclass(frozen=True, slots=True)
class Joints:
    """How the marked contents of a page join, by the identity of their property lists.

    `followed` gives the property list of the content before in the same element: the lines of a
    paragraph become one marked content instead of one each. `line_ends` gives the character that
    the end of a line stands for, which WeasyPrint leaves out: a space, or a soft hyphen.
    """

    followed: dict[int, Mark]
    line_ends: dict[int, str]


def settle(
    operators: Operators,
    joints: Joints,
    spaces: Mapping[str, int],
    letters: Letters,
) -> None:
    """Make the content of a page tell its text right, and tersely.

    `spaces` gives the glyph of the space in each font that has one, `letters` what is drawn in
    several glyphs.
    """
    operators[:] = _with_line_ends(operators, joints.line_ends, spaces)
    operators[:] = spell(operators, letters)
    operators[:] = _joined(operators, joints.followed)
    for number, mark in enumerate(marks(operators).values()):
        mark["MCID"] = number
    for place, operator in enumerate(operators):
        if operator == b"BDC" and not operators[place - 1].keys() & {"MCID", "ActualText"}:
            operators[place - 2] = "/Artifact"
        elif isinstance(operator, bytes) and operator.endswith(b"TJ"):
            operators[place] = terse(operator)


def _with_line_ends(
    operators: Operators, line_ends: Mapping[int, str], spaces: Mapping[str, int]
) -> Operators:
    """Write out the ends of lines: words are told apart by characters alone (14.8.2.5)."""
    written: Operators = []
    end, font, shown = "", "", 0
    for operator in operators:
        if isinstance(operator, pydyf.Dictionary):
            end = line_ends.get(id(operator), "")
        elif isinstance(operator, bytes) and operator.endswith(b" Tf"):
            font = operator[1:].partition(b" ")[0].decode()
        elif isinstance(operator, bytes) and operator.endswith(b"] TJ"):
            shown = len(written)
        elif operator == b"EMC" and end:
            written[shown] = _ended(terse(written[shown]), end, spaces.get(font))
            end = ""
        written.append(operator)
    return written


def _ended(text: bytes, end: str, space: int | None) -> bytes:
    """Return a TJ operator with the end of its line: an unseen space, or a hyphen that is soft."""
    if end == SOFT_HYPHEN and (hyphen := _LAST_GLYPH.search(text)):
        before = text[: hyphen.start()] + b">] TJ"
        return b"\n".join((before, _SOFT, b"[<" + hyphen[1] + b">] TJ", b"EMC"))
    if end == " " and space is not None:
        return text.removesuffix(b"] TJ") + f"<{space:04x}>] TJ".encode()
    return text


def _joined(operators: Operators, followed: Mapping[int, Mark]) -> Iterator[Any]:
    """Yield operators without the ends of marked content that the next but continues."""
    opened: list[Any] = []
    rest = enumerate(operators)
    for place, operator in rest:
        if operator in (b"BDC", b"BMC"):
            opened.append(operators[place - 1])
        elif operator == b"EMC":
            before, after = opened.pop(), _begun(operators[place + 1 : place + 4])
            if after is not None and _continues(after, before, followed):
                after.pop("MCID", None)
                opened.append(after)
                for _ in range(3):
                    next(rest)
                continue
        yield operator


def _continues(after: Mark, before: Any, followed: Mapping[int, Mark]) -> bool:
    # Each dot of a leader is an artifact of its own.
    return followed.get(id(after)) is before if "MCID" in after else after == before


def _begun(operators: Operators) -> Mark | None:
    """Return the property list of the marked content that begins with some operators."""
    return operators[1] if operators[2:] == [b"BDC"] else None


def terse(text: bytes) -> bytes:
    """Return a TJ operator (9.4.3) without adjustments by nothing and false precision."""
    text = _ADJUSTMENTS.sub(_sum, text)
    return text.replace(b">0<", b"").replace(b"<>", b"").replace(b"><", b"")


def _sum(numbers: re.Match[bytes]) -> bytes:
    """Return as one the adjustments of one place, to a hundredth of a thousandth of an em."""
    total = sum(map(float, numbers[0].split(b"<>")))
    return f"{total:.2f}".rstrip("0").rstrip(".").encode()

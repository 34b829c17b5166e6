"""Content streams (ISO 32000-1, 7.8.2) as WeasyPrint writes them, made correct and terse.

The operators are pydyf's: a list of strings, bytes and dictionaries, operands before operators.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pydyf

Operators = list[Any]
"""The operands and operators of one page, in order."""

Mark = dict[str, Any]
"""The property list of marked content; one without MCID is that of an artifact (14.8.2.2)."""

_LONG_NUMBER = re.compile(rb"(\.\d\d)\d+")


def marks(operators: Operators) -> dict[int, Mark]:
    """Return the property list of each marked content by its MCID (14.7.4.4)."""
    return {o["MCID"]: o for o in operators if isinstance(o, pydyf.Dictionary) and "MCID" in o}


def settle(operators: Operators, followed: Mapping[int, Mark]) -> None:
    """Tag artifacts as such, join what is one content, number it, and shorten text operators.

    `followed` gives for the identity of a property list the one of the content before it in the
    same element: the lines of a paragraph become one marked content instead of one each.
    """
    operators[:] = _joined(operators, followed)
    for number, mark in enumerate(marks(operators).values()):
        mark["MCID"] = number
    for place, operator in enumerate(operators):
        if operator == b"BDC" and "MCID" not in operators[place - 1]:
            operators[place - 2] = "/Artifact"
        elif isinstance(operator, bytes) and operator.endswith(b"TJ"):
            operators[place] = terse(operator)


def _joined(operators: Operators, followed: Mapping[int, Mark]) -> Iterator[Any]:
    opened: list[Any] = []
    rest = enumerate(operators)
    for place, operator in rest:
        if operator in (b"BDC", b"BMC"):
            opened.append(operators[place - 1])
        elif operator == b"EMC":
            following = _begun(operators[place + 1 : place + 4])
            if following is not None and followed.get(id(following)) is opened[-1]:
                del following["MCID"]
                opened[-1] = following
                for _ in range(3):
                    next(rest)
                continue
            opened.pop()
        yield operator


def _begun(operators: Operators) -> Mark | None:
    """Return the property list of the marked content that begins with some operators."""
    begins = len(operators) == 3 and operators[2] == b"BDC" and "MCID" in operators[1]
    return operators[1] if begins else None


def terse(text: bytes) -> bytes:
    """Return a TJ operator (9.4.3) without adjustments by nothing and false precision."""
    return _LONG_NUMBER.sub(rb"\1", text).replace(b">0<", b"").replace(b"<>", b"")

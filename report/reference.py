"""References from one text to numbered paragraphs of another.

    [@2-dialogue/03-mayor]            the whole statement
    [@2-dialogue/03-mayor:4]          its fourth paragraph
    [@2-dialogue/03-mayor:4-6,9]      several of its paragraphs
    [@2-dialogue:3; @background:2]    several places, one after the other
    [@part-1:2-dialogue/03-mayor:4]   a paragraph of another report, which event.yaml calls part-1

A target is the identity of a text: the path of its file without extension. A session's identity
stands for the summary of its discussion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MARK = re.compile(r"\[@([^\[\]]+)\]")
"""A reference in running text, which lines may break; group 1 is what stands after the `@`."""

NAME = re.compile(r"[\w.-]+")
"""What a file or folder that references lead to may be called."""

_TEXT = rf"{NAME.pattern}(?:/{NAME.pattern})*"
_TARGET = re.compile(rf"(?:{NAME.pattern}:)?{_TEXT}")
_IN_COMPANION = re.compile(rf"({NAME.pattern}:(?!\d+:){_TEXT})(?::(.*))?", re.DOTALL)
_RANGES = re.compile(r"[\d\s,\u2013-]+")
_RANGE = re.compile(r"(\d{1,4})(?:\s*[-\u2013]\s*(\d{1,4}))?")


class MalformedReference(ValueError):  # noqa: N818 (it says what the text is)
    """The text is no reference; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A place in the report: a text, and the ranges of its paragraphs, first and last included.

    No range means the text as a whole.
    """

    target: str
    ranges: tuple[tuple[int, int], ...] = ()

    def __str__(self) -> str:
        spans = ",".join(f"{a}" if a == b else f"{a}-{b}" for a, b in self.ranges)
        return f"{self.target}:{spans}" if spans else self.target

    @property
    def paragraphs(self) -> Iterator[int]:
        """Every paragraph number that the reference names, in its order."""
        for first, last in self.ranges:
            yield from range(first, last + 1)

    @property
    def companion(self) -> str:
        """The name of the other report that has the text; empty when it is this one's own."""
        return self.target.rpartition(":")[0]

    @property
    def anchor(self) -> str:
        """The `id` of the place to go to: the first paragraph, or the text itself."""
        return f"{self.target}:{self.ranges[0][0]}" if self.ranges else self.target


def parse_one(text: str) -> Reference:
    """Read `target` or `target:4-6,9`, with or without the `[@ ]` around it.

    Raises `MalformedReference`.
    """
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1]
    target, colon, spans = _divided(text.strip().removeprefix("@"))
    if not target:
        raise MalformedReference("the name of a text is missing")
    if not _TARGET.fullmatch(target):
        raise MalformedReference(f"`{_short(target)}` is not the name of a text")
    if colon and not spans.strip():
        raise MalformedReference("the number of a paragraph is missing after the colon")
    return Reference(target, tuple(_range(span) for span in spans.split(",")) if spans else ())


def parse(text: str) -> tuple[Reference, ...]:
    """Read what stands in a mark: one reference, or several with `;` between them.

    Raises `MalformedReference`.
    """
    return tuple(parse_one(part) for part in text.split(";"))


def _divided(text: str) -> tuple[str, str, str]:
    """The target, a colon if there is one, and the ranges, as `str.partition` gives them."""
    inside = _IN_COMPANION.fullmatch(text)
    if inside is None or _RANGES.fullmatch(text.partition(":")[2]):
        return text.partition(":")
    return inside[1], ":" if inside[2] is not None else "", inside[2] or ""


def _range(span: str) -> tuple[int, int]:
    span = span.strip()
    match = _RANGE.fullmatch(span)
    if not match:
        raise MalformedReference(f"`{_short(span)}` is not the number of a paragraph")
    first, last = int(match[1]), int(match[2] or match[1])
    if first < 1:
        raise MalformedReference("paragraphs are counted from 1")
    if last < first:
        raise MalformedReference(f"`{span}` counts backwards")
    return first, last


_LONGEST = 60


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"

"""Code within a text in Markdown: where it stands, which is where nothing else is meant."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

_TICKS = re.compile("`+")
_NO_LINE_END = re.compile(r"[^\n]")


def without_code(markdown: str) -> str:
    """The Markdown with code blanked out, every other character at its offset."""
    parts, end = [], 0
    for start, stop in _code(markdown):
        parts += [markdown[end:start], _NO_LINE_END.sub(" ", markdown[start:stop])]
        end = stop
    return "".join((*parts, markdown[end:]))


def _code(markdown: str) -> Iterator[tuple[int, int]]:
    """From where to where code goes: from some backticks to the next that are as many.

    Each is looked at once, as no pattern would: backticks in any number take linear time.
    """
    runs = [(run.start(), run.end()) for run in _TICKS.finditer(markdown)]
    ends: dict[int, deque[tuple[int, int]]] = {}
    for start, stop in runs:
        ends.setdefault(stop - start, deque()).append((start, stop))
    reached = 0
    for start, stop in runs:
        closing = ends[stop - start]
        closing.popleft()
        if start >= reached and closing:
            reached = closing[0][1]
            yield start, reached

"""What is wrong with the form of an event's own stylesheets, which CSS passes over in silence.

A declaration without its colon is no error to a browser (CSS Syntax 3, 2.2), nor is a block that
does not end: whoever wrote it looks in vain for what it should have done.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import tinycss2

_QUIET = re.compile(r"/\*.*?\*/|\"[^\"\n]*\"|'[^'\n]*'", re.DOTALL)
_BRACE = re.compile("[{}]")


class StyleError(ValueError):
    """A mistake in a stylesheet, with its file and line."""


@lru_cache
def require_form(path: Path, css: str) -> None:
    """Raise `StyleError` for the first mistake in a stylesheet."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    for line, mistake in (*_unclosed(css), *_mistakes(rules)):
        raise StyleError(f"{path}:{line}: {mistake}")


def _unclosed(css: str) -> Iterator[tuple[int, str]]:
    """The blocks that do not end, with the lines on which they begin."""
    begun: list[int] = []
    plain = _QUIET.sub(lambda quiet: "\n" * quiet[0].count("\n"), css)
    for brace in _BRACE.finditer(plain):
        if brace[0] == "{":
            begun.append(1 + plain.count("\n", 0, brace.start()))
        elif begun:
            begun.pop()
    return ((line, "what begins here with { has no } at its end") for line in begun)


def _mistakes(nodes: Iterable[Any]) -> Iterator[tuple[int, str]]:
    for node in nodes:
        if node.type == "error":
            yield node.source_line, "this is neither a declaration, `name: value;`, nor a rule"
        elif node.type == "at-rule" and node.lower_at_keyword == "import":
            yield node.source_line, "a stylesheet cannot import another; put its rules here"
        elif node.type in ("at-rule", "qualified-rule") and node.content is not None:
            content = tinycss2.parse_blocks_contents(
                node.content, skip_comments=True, skip_whitespace=True
            )
            yield from _mistakes(content)

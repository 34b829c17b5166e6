"""Diagnostics: what is wrong, where, and what to do about it.

Problems in the content are values, never exceptions. Every stage collects them; the command line
shows them all at once, sorted by place, in the manner of a compiler: the offending line, a caret
under the offending word, and one hint.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How grave a diagnostic is: an error stops the build, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that must hold, with its stable code. Codes are never given anew."""

    code: str
    severity: Severity
    title: str


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A span in a source file: `line` and `column` count from 1, `width` in characters.

    `file` is the path relative to the event's folder, with `/` between its parts. `excerpt` is the
    text of the line, kept so that a message can show it without reading the file again.
    """

    file: str
    line: int = 1
    column: int = 1
    width: int = 1
    excerpt: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem found in the content: the rule that it breaks, its place, and the mend."""

    rule: Rule
    place: Place
    message: str
    hint: str = ""

    @property
    def is_error(self) -> bool:
        """Whether the problem stops the build."""
        return self.rule.severity is Severity.ERROR


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sort diagnostics by place, then by code; the same problem is told once."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=lambda d: (d.place, d.rule.code)))


def as_text(diagnostic: Diagnostic) -> str:
    """Render a diagnostic for a person, as several lines of plain text without a final newline.

    >>> rule = Rule("E001", Severity.ERROR, "example")
    >>> print(as_text(Diagnostic(rule, Place("event.yaml", 2, 4, 3, "a: bcd"), "is odd", "mend it")))
    error[E001]: is odd
     --> event.yaml:2:4
      |
    2 | a: bcd
      |    ^^^
      = help: mend it
    """
    place = diagnostic.place
    number = str(place.line)
    margin = " " * len(number)
    lines = [
        f"{diagnostic.rule.severity}[{diagnostic.rule.code}]: {diagnostic.message}",
        f"{margin}--> {place}",
    ]
    if place.excerpt.strip():
        lines += [f"{margin} |", f"{number} | {_shown(place)}", f"{margin} | {_caret(place)}"]
    if diagnostic.hint:
        lines.append(f"{margin} = help: {diagnostic.hint}")
    return "\n".join(line.rstrip() for line in lines)


_LONGEST_EXCERPT = 160


def _shown(place: Place) -> str:
    """The line of the place, tabs as single spaces so that the caret stands under its word."""
    line = place.excerpt.replace("\t", " ")
    return line if len(line) <= _LONGEST_EXCERPT else line[: _LONGEST_EXCERPT - 1] + "…"


def _caret(place: Place) -> str:
    length = min(place.width, max(1, len(_shown(place)) - place.column + 1))
    return " " * (min(place.column, _LONGEST_EXCERPT) - 1) + "^" * max(1, length)


def as_json(diagnostics: Iterable[Diagnostic]) -> str:
    """Render diagnostics for editors' tools: a JSON array of objects, one a diagnostic."""
    return json.dumps(
        [
            {
                "severity": d.rule.severity,
                "code": d.rule.code,
                "file": d.place.file,
                "line": d.place.line,
                "column": d.place.column,
                "message": d.message,
                "hint": d.hint,
            }
            for d in diagnostics
        ],
        ensure_ascii=False,
        indent=2,
    )

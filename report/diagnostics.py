"""Diagnostics: what is wrong, where, and what to do about it.

Problems in the content are values, never exceptions. Every stage collects them; the command line
shows them all at once, sorted by place, in the manner of a compiler: the offending line, a caret
under the offending word, and one hint.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How grave a diagnostic is: an error stops the build, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Example:
    """A few lines of an event that break a rule, and the same as they should be.

    `file` is their path relative to the event's folder; without one they are files, not lines.
    """

    wrong: str
    right: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that must hold, with its stable code. Codes are never given anew.

    The explanation is for whoever meets the code for the first time: what it means, why it matters,
    an example, and what to do.
    """

    code: str
    severity: Severity
    title: str
    means: str = ""
    why: str = ""
    example: Example | None = None
    mend: str = ""


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
    >>> place = Place("event.yaml", 2, 4, 3, "a: bcd")
    >>> print(as_text(Diagnostic(rule, place, "is odd", "mend it")))
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
        f"{diagnostic.rule.severity}[{diagnostic.rule.code}]: {_plain(diagnostic.message)}",
        f"{margin}--> {_plain(str(place))}",
    ]
    if place.excerpt.strip():
        shown, caret = _excerpt(place)
        lines += [f"{margin} |", f"{number} | {shown}", f"{margin} | {caret}"]
    if diagnostic.hint:
        lines.append(f"{margin} = help: {_plain(diagnostic.hint)}")
    return "\n".join(line.rstrip() for line in lines)


_WINDOW = 100
"""How many characters of a line are shown."""
_BEFORE = 60
"""How many of them, at most, stand before the caret."""


def _excerpt(place: Place) -> tuple[str, str]:
    """The line of the place, or of a long line the part around it, and the caret under it."""
    line = place.excerpt
    at = min(place.column - 1, len(line))
    start = at - _BEFORE if len(line) > _WINDOW and at > _BEFORE else 0
    end = start + _WINDOW
    before, marked = _plain(line[start:at]), _plain(line[at : min(at + place.width, end)])
    after = _plain(line[at + place.width : end]) if at + place.width < end else ""
    head, tail = "…" if start else "", "…" if end < len(line) else ""
    caret = " " * _columns(head + before) + "^" * max(1, _columns(marked))
    return f"{head}{before}{marked}{after}{tail}", caret


def _plain(text: str) -> str:
    """The text on one line, without a character that a terminal would act on.

    Tabs become single spaces, so that the caret stands under its word whatever their width.
    """
    return "".join(
        " " if sign in "\t\n\u2028\u2029" else "\ufffd" if _category(sign) in _ACTING else sign
        for sign in text
    )


# Control characters, lone surrogates (from file names that are not UTF-8), and formats, which
# override the direction of writing among other things. Joiners are formats that words need.
_ACTING = {"Cc", "Cs", "Cf"}
_JOINERS = "\u00ad\u200c\u200d"


def _category(sign: str) -> str:
    """The general category of a character, save that a joiner counts as a mark."""
    return "Mn" if sign in _JOINERS else unicodedata.category(sign)


def _columns(text: str) -> int:
    """How many columns of a terminal the text takes (Unicode Standard Annex 11)."""
    return sum(
        0
        if _category(sign) in ("Mn", "Me")
        else 2
        if unicodedata.east_asian_width(sign) in "WF"
        else 1
        for sign in text
    )


def as_json(diagnostics: Iterable[Diagnostic]) -> str:
    """Render diagnostics for editors' tools: a JSON array of objects, one a diagnostic."""
    return json.dumps(
        [
            {
                "severity": d.rule.severity,
                "code": d.rule.code,
                "file": _plain(d.place.file),
                "line": d.place.line,
                "column": d.place.column,
                "width": d.place.width,
                "message": _plain(d.message),
                "hint": _plain(d.hint),
            }
            for d in diagnostics
        ],
        ensure_ascii=False,
        indent=2,
    )

"""Expressions in the Chairman's Summary, such as `{{ sessions | length }}`.

Each expression is evaluated alone in Jinja's sandbox over plain values of the event, so that one
with a mistake has its exact place. Only filters that cannot take long are there, and nothing can
be called. Statements are never evaluated: they come from outside.
"""

from __future__ import annotations

import datetime
import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from report import nearest, rules
from report.diagnostics import Diagnostic
from report.model import Hours
from report.source import Document
from report.words import Words

_EXPRESSION = re.compile(r"\{\{(.*?)(?:(\}\})|(?=\n[ \t]*\n)|\Z)", re.DOTALL)


_LONGEST = 60
_EXAMPLES = "write it like {{ sessions | length }} or {{ event.venue }}"


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its expressions filled in, which knows where each part of it was written.

    `shifts` pairs an offset in the text with one in the text as written; between two of them the
    difference stays.
    """

    text: str
    shifts: tuple[tuple[int, int], ...] = ((0, 0),)

    @property
    def differs(self) -> bool:
        """Whether anything was filled in."""
        return len(self.shifts) > 1

    def written(self, offset: int) -> int:
        """Where the character at `offset` stands in the text as written."""
        at, before = self.shifts[bisect_right(self.shifts, offset, key=lambda s: s[0]) - 1]
        return before + offset - at


class _Problem(Exception):  # noqa: N818 (it is told, not raised further)
    """An expression has no value that can be printed; the hint says what to do."""

    def __init__(self, message: str, hint: str):
        super().__init__(message)
        self.hint = hint


def fill_in(
    document: Document, values: Mapping[str, Any], own: Words
) -> tuple[Filled, tuple[Diagnostic, ...]]:
    """Replace each `{{ expression }}` in the document's body by its value; dates as in `own` words.

    Gives the text and a diagnostic for each expression that has no value; such an expression stays
    in the text as it was written.
    """
    diagnostics: list[Diagnostic] = []
    parts: list[str] = []
    shifts = [(0, 0)]
    length = last = 0
    for match in _EXPRESSION.finditer(document.body):
        try:
            value = _value(match, values, own)
        except _Problem as problem:
            shown = " ".join(match[1].split())
            shown = shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
            diagnostics.append(
                Diagnostic(
                    rules.BAD_EXPRESSION,
                    document.place_in_body(match.start(), len(match[0])),
                    f"`{shown}` cannot be filled in: {problem}",
                    problem.hint,
                )
            )
            value = match[0]
        before = document.body[last : match.start()]
        parts += [before, value]
        length += len(before) + len(value)
        last = match.end()
        shifts += [(length - len(value), match.start()), (length, last)]
    parts.append(document.body[last:])
    return Filled("".join(parts), tuple(shifts)), tuple(diagnostics)


def _value(match: re.Match[str], values: Mapping[str, Any], own: Words) -> str:
    """The value of an expression as Markdown; raises `_Problem`."""
    if not match[2]:
        raise _Problem("it is not closed", "end the expression with }}")
    from jinja2 import Undefined, UndefinedError
    from jinja2.exceptions import SecurityError, TemplateSyntaxError

    try:
        value = _compiled(match[1].strip())(**values)
    except UndefinedError as error:
        raise _undefined(error.message or "", values) from None
    except TemplateSyntaxError as error:
        if named := re.match(r"No filter named '(.*)'", error.message or ""):
            filters = ", ".join(sorted(_FILTERS))
            hint = nearest.hint(named[1], _FILTERS, f"those to use are {filters}")
            raise _Problem(f"there is no `| {named[1]}`", hint) from None
        raise _Problem("it is not well formed", _EXAMPLES) from None
    except SecurityError:
        raise _Problem("it asks for more than an expression may do here", _EXAMPLES) from None
    # A filter or operator may raise anything when it meets a value it was not made for.
    except Exception:
        raise _Problem("its parts do not fit together", _EXAMPLES) from None
    if isinstance(value, Undefined):
        try:
            str(value)
        except UndefinedError as error:
            raise _undefined(error.message or "", values) from None
    return _printed(value, own)


def _undefined(message: str, values: Mapping[str, Any]) -> _Problem:
    names = re.findall(r"'([^']*)'", message)
    unknown = names[-1] if names else ""
    if "has no" in message or not unknown:
        return _Problem(f"there is no value `{unknown}` in it", "use a key of the event's files")
    hint = nearest.hint(unknown, values, f"the values to use are {', '.join(sorted(values))}")
    return _Problem(f"there is no value `{unknown}`", hint)


def _printed(value: Any, own: Words) -> str:
    if isinstance(value, datetime.date):
        value = own.day(value)
    if value is None or value == "":
        raise _Problem("it is empty", "give the key a value, or take the expression out")
    if not isinstance(value, str | int | float | Hours):
        hint = "add `| length` to count it, or `| join(', ')` to name what a list holds"
        raise _Problem("it is a list or has keys of its own", hint)
    try:
        said = str(value)
    # Python writes no number of more than some thousand digits: it would take too long.
    except ValueError:
        raise _Problem("the number has too many digits", _EXAMPLES) from None
    # The value is text and no Markdown: a sign in a title is that sign.
    text = re.sub(r"([\\`*_\[\]#])", r"\\\1", said)
    return text.replace("&", "&amp;").replace("<", "&lt;")


_FILTERS = frozenset(
    {
        *("length", "count", "first", "last", "join", "sort", "unique", "list", "reverse"),
        *("upper", "lower", "title", "capitalize", "trim", "default", "d", "sum", "min", "max"),
        *("map", "select", "reject", "selectattr", "rejectattr", "round", "abs", "int", "string"),
    }
)


@cache
def _environment() -> Any:
    # Imported here because most events use few expressions, and a check of statements none.
    from jinja2 import StrictUndefined
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Sandbox(ImmutableSandboxedEnvironment):
        """Jinja without calls, and without operators that make much of little."""

        intercepted_binops = frozenset({"*", "**", "%"})

        def is_safe_callable(self, obj: Any) -> bool:  # noqa: ARG002
            return False

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            numbers = isinstance(left, int | float) and isinstance(right, int | float)
            if operator == "**" or not numbers:
                raise SecurityError(f"{operator} is not used here")
            return super().call_binop(context, operator, left, right)

    # Unoptimized, as Jinja tries to evaluate each part of a long expression again and again.
    environment = Sandbox(undefined=StrictUndefined, optimized=False)
    environment.filters = {name: environment.filters[name] for name in _FILTERS}
    environment.globals.clear()
    return environment


def _compiled(expression: str) -> Callable[..., Any]:
    compiled: Callable[..., Any] = _environment().compile_expression(
        expression, undefined_to_none=False
    )
    return compiled

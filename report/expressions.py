"""Expressions in the Chairman's Summary, such as `{{ sessions | length }}`.

Each expression is evaluated alone in Jinja's sandbox over plain values of the event, so that one
with a mistake has its exact place. Statements are never evaluated: they come from outside.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from report import rules
from report.diagnostics import Diagnostic
from report.source import Document

_EXPRESSION = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_ENVIRONMENT = ImmutableSandboxedEnvironment(undefined=StrictUndefined)


def fill_in(document: Document, values: Mapping[str, Any]) -> tuple[str, tuple[Diagnostic, ...]]:
    """Replace each `{{ expression }}` in the document's body by its value.

    Gives the text and a diagnostic for each expression that has no value; such an expression stays
    in the text as it was written.
    """
    diagnostics: list[Diagnostic] = []

    def value(match: re.Match[str]) -> str:
        try:
            return _ENVIRONMENT.from_string(match[0]).render(values)
        # A filter or operator may raise anything when it meets a value it was not made for.
        except Exception as error:
            diagnostics.append(_diagnostic(document, match, error, values))
            return match[0]

    return _EXPRESSION.sub(value, document.body), tuple(diagnostics)


def _diagnostic(
    document: Document, match: re.Match[str], error: Exception, values: Mapping[str, Any]
) -> Diagnostic:
    reason = error.message if isinstance(error, TemplateError) else str(error)
    return Diagnostic(
        rules.BAD_EXPRESSION,
        document.place_in_body(match.start(), len(match[0])),
        f"`{' '.join(match[1].split())}` cannot be filled in: {reason}",
        f"the values to use are {', '.join(sorted(values))}",
    )

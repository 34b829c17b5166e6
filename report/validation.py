"""Pydantic's findings as diagnostics in plain words, each at its place in the YAML."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import process

from report import rules
from report.diagnostics import Diagnostic
from report.source import Tree

_EXPECTED = {
    "string_type": "a text is expected here",
    "int_type": "a whole number is expected here",
    "int_parsing": "a whole number is expected here",
    "bool_type": "true or false is expected here",
    "bool_parsing": "true or false is expected here",
    "tuple_type": "a list is expected here",
    "mapping_type": "keys with values are expected here",
    "model_type": "keys with values are expected here",
    "string_too_short": "this is empty",
    "too_short": "this list is empty",
}
_HINTS = {
    "string_type": "write one line of text; put quotes around a text with signs in it",
    "tuple_type": "write each item on a line of its own that begins with `- `",
    "mapping_type": "write one `key: value` on each line, indented",
    "model_type": "write one `key: value` on each line, indented",
    "string_too_short": "write the text, or take the key away",
    "too_short": "give at least one",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
}


def explain(error: ValidationError, kind: type[BaseModel], tree: Tree) -> Iterator[Diagnostic]:
    """Translate each finding of `kind`'s validation of `tree`."""
    for detail in error.errors(include_url=False):
        path = detail["loc"]
        if detail["type"] == "extra_forbidden":
            yield _unknown_key(path, kind, tree)
        elif detail["type"] == "missing":
            yield _missing_key(path, tree)
        else:
            yield _bad_value(path, detail, tree)


def _unknown_key(path: tuple[str | int, ...], kind: type[BaseModel], tree: Tree) -> Diagnostic:
    known = _keys_at(path[:-1], kind)
    key = str(path[-1])
    nearest = process.extractOne(key, known, score_cutoff=60)
    hint = f"did you mean `{nearest[0]}`?" if nearest else f"known keys are {', '.join(known)}"
    return Diagnostic(
        rules.UNKNOWN_KEY, tree.keys.get(path, tree.place(*path)), f"`{key}` is no known key", hint
    )


def _missing_key(path: tuple[str | int, ...], tree: Tree) -> Diagnostic:
    key = str(path[-1])
    written = path in tree.keys
    place = tree.keys[path] if written else tree.place(*path[:-1])
    message = f"`{key}` is empty" if written else f"the key `{key}` is missing"
    return Diagnostic(rules.MISSING_KEY, place, message, f"add a line `{key}: ...`")


def _bad_value(path: tuple[str | int, ...], detail: ErrorDetails, tree: Tree) -> Diagnostic:
    kind = detail["type"]
    context = detail.get("ctx", {})
    if kind == "enum":
        message, hint = f"`{detail['input']}` is not allowed here", f"write {context['expected']}"
    elif kind.startswith(("date_", "datetime_")):
        message, hint = "a date is expected here", "write year-month-day, such as 2011-09-19"
    elif kind == "value_error":
        message, hint = f"`{detail['input']}` is not understood", str(context["error"])
    elif kind in ("greater_than_equal", "less_than_equal"):
        bound = context.get("ge", context.get("le"))
        side = "less" if "ge" in context else "more"
        message, hint = f"{detail['input']} is out of range", f"give no {side} than {bound}"
    elif kind == "string_pattern_mismatch":
        message = f"`{detail['input']}` is not well formed"
        hint = "use letters, digits and hyphens, without spaces"
    else:
        message = _EXPECTED.get(kind, detail["msg"])
        hint = _HINTS.get(kind, "")
    key = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
    return Diagnostic(rules.BAD_VALUE, tree.place(*path), f"`{key}`: {message}", hint)


def _keys_at(path: tuple[str | int, ...], kind: type[BaseModel]) -> list[str]:
    """The keys that the record at `path` knows."""
    record: Any = kind
    for step in path:
        if isinstance(step, str) and _is_record(record):
            record = _record_in(record.model_fields[step].annotation)
    return list(record.model_fields) if _is_record(record) else []


def _record_in(annotation: Any) -> Any:
    """The record class inside a type such as `tuple[Finding, ...]` or `Finding | None`."""
    if typing.get_origin(annotation) in (tuple, types.UnionType, typing.Union, Mapping):
        return next(
            (found for part in typing.get_args(annotation) if (found := _record_in(part))), None
        )
    return annotation if _is_record(annotation) else None


def _is_record(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)

"""Pydantic's findings as diagnostics in plain words, each at its place in the YAML."""

from __future__ import annotations

import datetime
import types
import typing
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from report import nearest, rules
from report.diagnostics import Diagnostic
from report.reference import MalformedReference
from report.source import KeyPath, Tree

_PROBLEMS = {
    # What pydantic calls it: message, hint.
    "string_type": (
        "a text is expected here",
        "write a text; put it in quotes when it begins with a sign or holds a colon and a space",
    ),
    "int_type": ("a whole number is expected here", "write it in digits, such as 6"),
    "int_parsing": ("a whole number is expected here", "write it in digits, such as 6"),
    "int_parsing_size": ("this number is too large", "write it in digits, such as 6"),
    "bool_type": ("true or false is expected here", "write true or false"),
    "bool_parsing": ("true or false is expected here", "write true or false"),
    "tuple_type": (
        "a list is expected here",
        "write each item on a line of its own that begins with `- `",
    ),
    **dict.fromkeys(
        ("mapping_type", "dict_type", "model_type"),
        (
            "keys with values are expected here",
            "write one `key: value` on each line, indented",
        ),
    ),
    "string_too_short": ("this is empty", "write the text, or take the line away"),
    "too_short": ("this list is empty", "give at least one item"),
}


def explain(error: ValidationError, kind: type[BaseModel], tree: Tree) -> Iterator[Diagnostic]:
    """Translate each finding of `kind`'s validation of `tree`.

    What follows from another problem is not told: a value that the reading refused already, or
    a missing key that is there with a mistake in its spelling.
    """
    details = [detail for detail in error.errors(include_url=False) if _is_new(detail, tree)]
    missing = {detail["loc"] for detail in details if detail["type"] == "missing"}
    for detail in details:
        if detail["type"] == "extra_forbidden":
            path = detail["loc"]
            meant = _meant(path, kind, missing)
            missing.discard((*path[:-1], meant or ""))
            yield _unknown_key(path, meant, kind, tree)
    for detail in details:
        path = detail["loc"]
        if detail["type"] == "missing":
            if path in missing:
                yield _missing_key(path, kind, tree)
        elif detail["type"] != "extra_forbidden":
            yield _bad_value(path, detail, kind, tree)


def _is_new(detail: ErrorDetails, tree: Tree) -> bool:
    path = detail["loc"]
    return not any(path[: len(faulty)] == faulty for faulty in tree.faulty)


def _meant(path: KeyPath, kind: type[BaseModel], missing: set[KeyPath]) -> str | None:
    """The key that an unknown one was meant to be; one that is missing is more likely."""
    known = _keys_at(path[:-1], kind)
    absent = [key for key in known if (*path[:-1], key) in missing]
    return nearest.nearest(str(path[-1]), absent) or nearest.nearest(str(path[-1]), known)


def _unknown_key(path: KeyPath, meant: str | None, kind: type[BaseModel], tree: Tree) -> Diagnostic:
    known = _keys_at(path[:-1], kind)
    hint = f"did you mean `{meant}`?" if meant else f"the keys known here are {', '.join(known)}"
    place = tree.keys.get(path) or tree.place(*path)
    return Diagnostic(rules.UNKNOWN_KEY, place, f"`{path[-1]}` is not a known key", hint)


def _missing_key(path: KeyPath, kind: type[BaseModel], tree: Tree) -> Diagnostic:
    key = str(path[-1])
    if path in tree.keys:
        return Diagnostic(
            rules.MISSING_KEY,
            tree.keys[path],
            f"`{key}` is empty",
            f"write {_such_as(path, kind)} after the colon",
        )
    return Diagnostic(
        rules.MISSING_KEY,
        tree.place(*path[:-1]),
        f"the key `{key}` is missing",
        f"add a line `{key}: ...` with {_such_as(path, kind)}",
    )


def _such_as(path: KeyPath, kind: type[BaseModel]) -> str:
    """What a value of the key may look like."""
    annotation = _annotation_at(path, kind)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return f"one of {_choices(annotation)}"
    if annotation is datetime.date:
        return "a date such as 2011-09-19"
    if typing.get_origin(annotation) is tuple:
        return "a list, each item on a line that begins with `- `"
    if getattr(annotation, "__name__", "") == "Hours":
        return "two times of the day such as 10:15-11:30"
    return "a text"


def _bad_value(
    path: KeyPath, detail: ErrorDetails, kind: type[BaseModel], tree: Tree
) -> Diagnostic:
    found = detail["type"]
    context = detail.get("ctx", {})
    given = _quoted(detail["input"])
    rule = rules.BAD_VALUE
    if found == "enum":
        annotation = _annotation_at(path, kind)
        choices = [str(choice.value) for choice in annotation]
        message = f"{given} is not one of {_choices(annotation)}"
        hint = nearest.hint(str(detail["input"]), choices, "write one of these words")
    elif found == "value_error":
        fault = context["error"]
        message, hint = f"{given} is not understood", str(fault)
        if isinstance(fault, MalformedReference):
            rule = rules.BAD_REFERENCE
            message = str(fault)
            hint = "write it like 2-dialogue/03-mayor:4"
    elif found in ("greater_than_equal", "less_than_equal"):
        bound = context.get("ge", context.get("le"))
        side = "less" if "ge" in context else "more"
        message, hint = f"{given} is out of range", f"give no {side} than {bound}"
    else:
        message, hint = _PROBLEMS.get(found, (detail["msg"], "see the sample report's file"))
    key = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
    return Diagnostic(rule, tree.place(*path), f"`{key}`: {message}", hint)


_LONGEST = 60


def _quoted(value: object) -> str:
    """A value as a message shows it: short, and on one line."""
    if not isinstance(value, str):
        return "this"
    text = " ".join(value.split())
    return f"`{text}`" if len(text) <= _LONGEST else f"`{text[: _LONGEST - 1]}…`"


def _choices(annotation: Any) -> str:
    return ", ".join(str(choice.value) for choice in annotation)


def _keys_at(path: KeyPath, kind: type[BaseModel]) -> list[str]:
    """The keys that the record at `path` knows."""
    record = _annotation_at(path, kind)
    return list(record.model_fields) if _is_record(record) else []


def _annotation_at(path: KeyPath, kind: type[BaseModel]) -> Any:
    """The type of what stands at `path` in a record of this kind."""
    annotation: Any = kind
    for step in path:
        record = _inner(annotation, list_too=True)
        if isinstance(step, str) and _is_record(record) and step in record.model_fields:
            annotation = record.model_fields[step].annotation
        else:
            annotation = record
    return annotation if _is_a_list(annotation) else _inner(annotation, list_too=False)


def _is_a_list(annotation: Any) -> bool:
    return typing.get_origin(annotation) is tuple


def _inner(annotation: Any, list_too: bool) -> Any:
    """What is inside a type such as `tuple[Finding, ...]`, `Level | None` or `Annotated[...]`."""
    wrapping: tuple[Any, ...] = (types.UnionType, typing.Union, Mapping, typing.Annotated)
    if list_too:
        wrapping += (tuple,)
    while typing.get_origin(annotation) in wrapping:
        parts = [part for part in typing.get_args(annotation) if part is not type(None)]
        annotation = parts[-1] if typing.get_origin(annotation) is Mapping else parts[0]
    return annotation


def _is_record(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)

"""A form made from a model: what is asked for each key of a file's front matter.

Labels are the keys' own names and help is what their docstrings say, so the form cannot differ from
what `check` expects or from the JSON Schemas that text editors use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from report.described import Described
from report.model import Record
from report.translatable import is_by_language


class Control(StrEnum):
    """By what a value is given."""

    LINE = "line"
    """One line of text."""
    TEXT = "text"
    """A text that may be long; its line breaks mean nothing."""
    NUMBER = "number"
    CHOICE = "choice"
    LINES = "lines"
    """A list of texts, one on each line."""
    RECORD = "record"
    """A record with fields of its own."""
    RECORDS = "records"
    """A list of records, each with fields of its own."""


@dataclass(frozen=True, slots=True)
class Field:
    """One key: what it is called, what it means, and what may be given for it."""

    key: str
    label: str
    help: str
    control: Control
    required: bool = False
    choices: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()


def fields(kind: type[Record]) -> tuple[Field, ...]:
    """The fields of a record's form, in the order of its keys, those that must be given first."""
    schema = kind.model_json_schema(schema_generator=Described)
    return _fields(schema, schema.get("$defs", {}))


def _fields(schema: Mapping[str, Any], kinds: Mapping[str, Any]) -> tuple[Field, ...]:
    required = schema.get("required", ())
    found = (
        _field(key, value, kinds, key in required) for key, value in schema["properties"].items()
    )
    return tuple(sorted(found, key=lambda field: not field.required))


def _field(key: str, schema: Mapping[str, Any], kinds: Mapping[str, Any], required: bool) -> Field:
    value = _resolved(schema, kinds)
    items = _resolved(value.get("items", {}), kinds)
    control, choices = Control.TEXT, tuple(map(str, value.get("enum", ())))
    if "enum" in value:
        control = Control.CHOICE
    elif value.get("type") == "boolean":
        control, choices = Control.CHOICE, ("true", "false")
    elif value.get("type") == "integer":
        control = Control.NUMBER
    elif "properties" in items:
        control = Control.RECORDS
    elif "properties" in value:
        control = Control.RECORD
    elif value.get("type") == "array":
        control = Control.LINES
    elif "pattern" in value or "format" in value:
        control = Control.LINE
    return Field(
        key,
        key.replace("_", " ").capitalize(),
        schema.get("description") or "",
        control,
        required,
        choices,
        _fields(record, kinds)
        if (record := {Control.RECORDS: items, Control.RECORD: value}.get(control))
        else (),
    )


def shows(field: Field, value: object) -> bool:
    """Whether a field can show a value: any other would become what the control makes of it."""
    match field.control:
        case Control.RECORDS:
            return value == "" or _is_list_of(dict, value)
        case Control.LINES:
            return isinstance(value, str) or _is_list_of(str, value)
        case _:
            return isinstance(value, str)


def shows_by_language(field: Field, value: object) -> bool:
    """Whether a field can show a value that is given by language, in each of them."""
    is_text = field.control in (Control.LINE, Control.TEXT, Control.LINES)
    return (
        is_text
        and isinstance(value, Mapping)
        and is_by_language(value)
        and all(shows(field, text) for text in value.values())
    )


def _is_list_of(kind: type, value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, kind) for item in value)


def _resolved(schema: Mapping[str, Any], kinds: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a schema says of a value that is given: not that it may be absent, nor by reference."""
    for option in schema.get("anyOf", ()):
        if option.get("type") != "null":
            return _resolved(option, kinds)
    if "$ref" in schema:
        return _resolved(kinds[schema["$ref"].rpartition("/")[2]], kinds)
    return schema

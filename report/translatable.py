"""Values that may be given in several languages: `title: {en: Symposium, fr: Colloque}`.

A record is validated for the languages of its validation's context, the most wanted first, and has
each value in the first of them in which it is given. A value that is given once holds for all.
"""

from __future__ import annotations

import collections.abc
import re
import types
import typing
import unicodedata
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationInfo

from report.source import KeyPath

CODE = "[a-z]{2,3}(-[A-Za-z0-9]+)*"
"""How the code of a language is written (BCP 47, but for rarer forms)."""

_CODE = re.compile(CODE)


class _Marker:
    """Marks the types whose values may be given by language."""


def is_by_language(value: object) -> bool:
    """Whether a value is given by language: its keys are codes of languages."""
    return isinstance(value, Mapping) and bool(value) and all(map(_is_code, value))


def _is_code(key: object) -> bool:
    return isinstance(key, str) and bool(_CODE.fullmatch(key))


def _chosen(value: Any, info: ValidationInfo) -> Any:
    """The value in the first of the context's languages in which it is given."""
    if not is_by_language(value):
        return value
    for given in value.values():
        texts = given if isinstance(given, list) else [given]
        if not all(isinstance(text, str) and text.strip() for text in texts) or not texts:
            raise ValueError(
                "write a text for each language, such as {en: Symposium, fr: Colloque}"
            )
    wanted: tuple[str, ...] = info.context or ()
    return value[next((code for code in wanted if code in value), next(iter(value)))]


COMPOSED = AfterValidator(partial(unicodedata.normalize, "NFC"))
"""One form for letters with accents, which some machines type as two characters."""

_OneText = Annotated[str, Field(min_length=1)]

Translatable = Annotated[
    str,
    Field(min_length=1),
    COMPOSED,
    BeforeValidator(_chosen, json_schema_input_type=_OneText | Mapping[str, _OneText]),
    _Marker(),
]
"""A text, or a text for each language."""

MaybeTranslatable = Annotated[
    str,
    COMPOSED,
    BeforeValidator(_chosen, json_schema_input_type=str | Mapping[str, _OneText]),
    _Marker(),
]
"""The same, where there may be none."""

TranslatableList = Annotated[
    tuple[Translatable, ...],
    BeforeValidator(
        _chosen,
        json_schema_input_type=tuple[Translatable, ...] | Mapping[str, tuple[_OneText, ...]],
    ),
    _Marker(),
]
"""A list of texts, or one for each language."""


def of_language(value: Any, info: ValidationInfo) -> Any:
    """Of a mapping, what is given in the most wanted language, or in none in particular."""
    wanted: tuple[str, ...] = info.context or ()
    if not isinstance(value, Mapping) or not wanted:
        return value
    return {key: v for key, v in value.items() if not is_by_language(v) or wanted[0] in v}


def untranslated(
    kind: type[BaseModel], data: Any, language: str, *, alone_suffices: bool
) -> Iterator[KeyPath]:
    """Where in a record's data a value may be given by language and is not in this one.

    A value that is given once is in the main language, for which it alone suffices.
    """
    for name, field in kind.model_fields.items():
        if isinstance(data, Mapping) and name in data:
            found = _Search(language, alone_suffices).within(
                Annotated[field.annotation, *field.metadata, None], data[name]
            )
            yield from ((name, *path) for path in found)


class _Search:
    """Goes through a type and a value of it, side by side."""

    def __init__(self, language: str, alone_suffices: bool) -> None:
        self._language = language
        self._alone_suffices = alone_suffices

    def within(self, annotation: Any, value: Any) -> Iterator[KeyPath]:
        origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
        if origin is Annotated:
            if any(isinstance(part, _Marker) for part in parts) and not isinstance(value, list):
                yield from self._lacking(value)
            else:
                yield from self.within(parts[0], value)
        elif origin in (types.UnionType, typing.Union):
            for part in parts:
                yield from self.within(part, value)
        elif origin is tuple and isinstance(value, list):
            for index, item in enumerate(value):
                yield from ((index, *path) for path in self.within(parts[0], item))
        elif origin is collections.abc.Mapping and isinstance(value, Mapping):
            for key, item in value.items():
                yield from ((key, *path) for path in self.within(parts[1], item))
        elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield from untranslated(
                annotation, value, self._language, alone_suffices=self._alone_suffices
            )

    def _lacking(self, value: Any) -> Iterator[KeyPath]:
        is_there = self._language in value if is_by_language(value) else self._alone_suffices
        if not is_there:
            yield ()

"""Templates: the one environment in which every template of the report is rendered.

What a template prints is escaped. Its own words stand in `_()` and, where a number decides on
their form, in `ngettext()`, with placeholders such as `%(number)s` for values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from report.languages import direction
from report.typography import smarten
from report.words import Words


class _Compiled(BytecodeCache):
    """Templates compiled before by this process, for one that merges again after every edit."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


def environment(templates: Sequence[Path], words: Words, *, typographic: bool) -> Environment:
    """An environment that looks for templates in these folders, one after the other.

    The words of templates are those of `words`. When it is typographic, texts that templates print
    get their typographic quotes.
    """
    environment = Environment(
        loader=FileSystemLoader(templates),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=partial(_finalize, words.language) if typographic else None,
        extensions=["jinja2.ext.i18n"],
        bytecode_cache=_COMPILED,
        # An environment is made anew for each report, in which templates do not change.
        auto_reload=False,
    )
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.globals |= {
        "gettext": _printed(words.gettext, words.language),
        "ngettext": _printed(words.ngettext, words.language),
        "pgettext": _printed(words.pgettext, words.language),
        "comma": Markup(words.comma),
        "list_comma": Markup(words.list_comma),
        "semicolon": Markup(words.semicolon),
    }
    environment.filters |= {
        "day": words.day,
        "line": words.line,
        "listed": words.listed,
        "enumerated": words.enumerated,
        "language": words.language_name,
        "direction": direction,
    }
    return environment


def _printed(translate: Callable[..., str], language: str) -> Callable[..., Markup]:
    """A function for templates: messages are our own HTML, the values in them are texts."""

    def message(*arguments: Any, **values: Any) -> Markup:
        filled = {name: escape(_finalize(language, value)) for name, value in values.items()}
        return Markup(translate(*arguments, **filled))

    return message


def _finalize(language: str, value: Any) -> Any:
    is_text = isinstance(value, str) and not isinstance(value, Markup)
    return smarten(value, language) if is_text else value

"""Templates: the one environment in which every template of the report is rendered.

What a template prints is escaped. Its own words stand in `_()` and, where a number decides on
their form, in `ngettext()`, with placeholders such as `%(number)s` for values.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from pickle import UnpicklingError
from types import CodeType
from typing import Any

import jinja2
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from report import bytecode
from report.assets import own
from report.languages import direction
from report.typography import smarten
from report.words import Words


class _Compiled(BytecodeCache):
    """Templates compiled before: by this process, and the report's own by any.

    A compiled template is a program. So only the report's own are kept on the disk, where the
    program is (`bytecode`).
    """

    def __init__(self, *, typographic: bool) -> None:
        self._maker = f"{jinja2.__version__} {typographic} {Path(__file__).read_text('utf-8')}"
        self._kind = "typographic" if typographic else "plain"
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The template's file."""
        return filename or name

    def get_source_checksum(self, source: str) -> str:
        """A digest of the template and of what compiles it."""
        return hashlib.sha256(f"{self._maker} {source}".encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))
        name = self._name(bucket)
        if bucket.code is None and name and (kept := bytecode.kept(name)):
            # One that something else damaged is as good as none.
            with suppress(EOFError, UnpicklingError):
                bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code
        if name := self._name(bucket):
            bytecode.keep(name, bucket.bytecode_to_string())

    def _name(self, bucket: Bucket) -> str:
        """Under what one of the report's own templates is kept compiled; others are not."""
        path, folder = Path(bucket.key), own("templates")
        if folder not in path.parents:
            return ""
        return "-".join((*path.relative_to(folder).parts, self._kind))


@cache
def compiled(*, typographic: bool) -> _Compiled:
    """Return the templates compiled before for environments of this kind."""
    return _Compiled(typographic=typographic)


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
        bytecode_cache=compiled(typographic=typographic),
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

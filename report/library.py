"""The library: texts that were parsed before, kept by content.

Parsing Markdown is most of what a build without changes would do. A parsed text is kept under a
digest of all that it is made of: its Markdown, its identity and place, and the code that parses.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from report import markup
from report.fragment import Store
from report.limits import USUAL
from report.markup import Text

_TEXT = TypeAdapter(Text)
_CODE = (
    *("markup.py", "intricacy.py", "reference.py", "symbols.py", "figures.py", "library.py"),
    *("languages.py", "typography.py"),
)
_PACKAGES = ("markdown", "nh3", "lxml")


class Library:
    """Parsed texts in a cache folder, which several builds may use at once."""

    def __init__(self, cache_folder: Path) -> None:
        """Use a folder, made when first written to."""
        self._store = Store(cache_folder)

    def parse(
        self,
        markdown: str,
        identity: str,
        file: str,
        level: int,
        nesting: int = USUAL.nesting,
        language: str = "en",
    ) -> Text:
        """The parsed text, from the cache where it has it.

        Raises `TooIntricate` as `markup.parse` does.
        """
        content = hashlib.sha256(markdown.encode("utf-8", "surrogatepass")).hexdigest()
        key = _digest(content, identity, file, level, nesting, language, _code())
        kept = self._store.read(key)
        if kept is not None:
            try:
                return _shared(_TEXT.validate_json(kept))
            except ValidationError:
                # A file that something else damaged is as good as none.
                pass
        text = _shared(markup.parse(markdown, identity, file, level, nesting, language))
        self._store.write(key, _TEXT.dump_json(text))
        return text


def _shared(text: Text) -> Text:
    """A text that has but once in memory what is both a paragraph and a passage, as most are."""
    known = {paragraph: paragraph for paragraph in text.paragraphs}
    return replace(text, passages=tuple((n, known.get(p, p)) for n, p in text.passages))


@cache
def _code() -> str:
    here = Path(__file__).parent
    sources = [(here / name).read_text(encoding="utf-8") for name in _CODE]
    return _digest(*sources, *(version(package) for package in _PACKAGES))


def _digest(*values: str | int) -> str:
    return hashlib.sha256(json.dumps(values).encode("ascii")).hexdigest()

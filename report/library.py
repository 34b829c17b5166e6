"""The library: texts that were parsed before, kept by content.

Parsing Markdown is most of what a build without changes would do. A parsed text is kept under a
digest of all that it is made of: its Markdown, its identity and place, and the code that parses.
The store has a checksum of it, so that what is read was written here.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple
from functools import cache
from importlib.metadata import version
from pathlib import Path

from report import markup
from report.figures import Figure, FigureKind
from report.fragment import Store
from report.limits import USUAL
from report.markup import PLACED, Text

_CODE = (
    *("markup.py", "intricacy.py", "reference.py", "symbols.py", "figures.py", "library.py"),
    *("languages.py", "typography.py", "codespans.py", "tables.py", "lists.py"),
    "definitions.py",
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
        if kept is None:
            kept = _written(markup.parse(markdown, identity, file, level, nesting, language))
            self._store.write(key, kept)
        return _read(kept)


def _written(text: Text) -> bytes:
    """A text as it is kept: a line of JSON, and the HTML.

    Most passages are a paragraph as well, and are kept, as they are read, but once: as its index.
    """
    indexes = {paragraph: index for index, paragraph in enumerate(text.paragraphs)}
    table = {
        "paragraphs": text.paragraphs,
        "citing": text.citing,
        "figures": [astuple(figure) for figure in text.figures],
        "passages": [(number, indexes.get(passage, passage)) for number, passage in text.passages],
        "language": text.language,
        "placed": {name: [*map(astuple, getattr(text, name))] for name in PLACED},
    }
    line = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    return f"{line}\n{text.html}".encode("utf-8", "surrogatepass")


def _read(kept: bytes) -> Text:
    """The text that was kept."""
    line, html = kept.split(b"\n", 1)
    table = json.loads(line)
    paragraphs = tuple(table["paragraphs"])
    placed = table["placed"].items()
    return Text(
        html=html.decode("utf-8", "surrogatepass"),
        paragraphs=paragraphs,
        citing=tuple((number, mark) for number, mark in table["citing"]),
        figures=tuple(Figure(FigureKind(kind), *told) for kind, *told in table["figures"]),
        passages=tuple(
            (number, paragraphs[passage] if isinstance(passage, int) else passage)
            for number, passage in table["passages"]
        ),
        language=table["language"],
        **{name: tuple(PLACED[name](*each) for each in told) for name, told in placed},
    )


@cache
def _code() -> str:
    here = Path(__file__).parent
    sources = [(here / name).read_text(encoding="utf-8") for name in _CODE]
    return _digest(*sources, *(version(package) for package in _PACKAGES))


def _digest(*values: str | int) -> str:
    return hashlib.sha256(json.dumps(values).encode("ascii")).hexdigest()

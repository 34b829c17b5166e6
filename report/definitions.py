"""What a text defines in a line of its own, for use elsewhere in it: links and abbreviations.

`[name]: address` and `*[abbreviation]: meaning` are not printed where they stand. A line that only
looks like one, such as `[The Chair]: Agreed.`, would be lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from markdown import Markdown
from markdown.extensions.abbr import AbbrExtension

from report.codespans import without_code

_DEFINITION = re.compile(r"^[ \t>]*(?P<written>(?P<star>\*?)\[(?P<name>[^\]]*)\] ?:)", re.MULTILINE)
"""A line that may define something."""


class _Definitions(dict[str, Any]):
    """Definitions by their names, with those that the text uses."""

    def __init__(self) -> None:
        super().__init__()
        self.used: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.used.add(name)
        return super().__getitem__(name)

    def clear(self) -> None:
        super().clear()
        self.used.clear()

    def unused(self) -> set[str]:
        return self.keys() - self.used


class Definitions(AbbrExtension):
    """The abbreviations of Python-Markdown, and its links; it is known which of them are used."""

    def __init__(self) -> None:
        super().__init__()
        self.abbrs = _Definitions()

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: D102, N802
        super().extendMarkdown(md)
        self._links = _Definitions()
        md.references = self._links

    def unused(self, markdown: str) -> Iterator[tuple[str, int]]:
        """Yield what the text that was converted last defines and does not use.

        As it is written there, up to the colon, and where it begins.
        """
        links, abbreviations = self._links.unused(), self.abbrs.unused()
        if not links and not abbreviations:
            return
        for found in _DEFINITION.finditer(without_code(markdown)):
            name = found["name"].strip()
            if name in abbreviations if found["star"] else name.lower() in links:
                yield found["written"], found.start("written")

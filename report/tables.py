"""Tables in Markdown, whose every row is known: also one that would lose words, or is in no table.

Python-Markdown leaves out the cells of a row for which its table has no column. Where a table lacks
its line of dashes, or stands right below other lines, it takes all of it for words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.extensions.tables import TableExtension, TableProcessor

from report.codespans import without_code


@dataclass(frozen=True, slots=True)
class Row:
    """A row as written, and what is wrong with it; nothing more is said of one in no table."""

    text: str
    is_faulty: bool = False
    fault: str = ""


class Tables(TableExtension):
    """The tables of Python-Markdown. `rows` are those of the text that was converted last."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: D102, N802
        super().extendMarkdown(md)
        md.registerExtension(self)
        processors = md.parser.blockprocessors
        processors.register(_Tables(md.parser, self.getConfigs(), self.rows), "table", 75)
        # Before paragraphs (10), after all else: what looks like a row here is in no table.
        processors.register(_StrayRows(md.parser, self.rows), "stray-rows", 11)

    def reset(self) -> None:
        """Forget the rows of the text before."""
        self.rows.clear()


class _Tables(TableProcessor):
    def __init__(self, parser: BlockParser, config: dict[str, object], rows: list[Row]):
        super().__init__(parser, config)
        self._rows = rows

    def _build_row(self, row: str, parent: Element, align: Sequence[str | None]) -> None:
        super()._build_row(row, parent, align)  # type: ignore[misc]
        cells: list[str] = self._split_row(row)  # type: ignore[attr-defined]
        columns = len(align)
        if any(cell.strip() for cell in cells[columns:]):
            its = "1 column" if columns == 1 else f"{columns} columns"
            fault = f"row {len(parent)} has {len(cells)} cells, and its table has {its}"
            self._rows.append(Row(row, True, fault))
        else:
            self._rows.append(Row(row))


class _StrayRows(BlockProcessor):
    """Tells of lines that begin like a row, of each block the first, and leaves all of them."""

    def __init__(self, parser: BlockParser, rows: list[Row]):
        super().__init__(parser)
        self._rows = rows

    def test(self, parent: Element, block: str) -> bool:  # noqa: ARG002
        return "|" in block and bool(self._stray(block))

    def run(self, parent: Element, blocks: list[str]) -> bool:  # noqa: ARG002
        first, *others = self._stray(blocks[0])
        self._rows += (Row(first, True), *map(Row, others))
        return False

    @staticmethod
    def _stray(block: str) -> list[str]:
        lines = zip(block.split("\n"), without_code(block).split("\n"), strict=True)
        return [line.strip() for line, seen in lines if seen.lstrip().startswith("|")]

"""From a word processor's file to pandoc's document tree.

Pandoc reads nothing but the file, and writes nothing but the pictures that are in it.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from report import rules
from report.desk.kinds import Kind
from report.desk.refusal import Refused
from report.pandoc import PandocError, PandocLimitError, pandoc

Node: TypeAlias = dict[str, Any]
"""An element of pandoc's document tree: its type `t` and its content `c` (pandoc-types)."""

TITLE_LEVEL = 0
"""The level of the heading that is the text's title."""

_DROPS_EMPTY = (Kind.WORD, Kind.WEB_PAGE)
"""The kinds of which pandoc drops empty paragraphs unless it is asked to keep them."""

_SECONDS = 60
_MEMORY = "1g"


@dataclass(frozen=True)
class Tree:
    """A text as pandoc's blocks, with the bytes of its pictures by the names used in them."""

    blocks: tuple[Node, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def convert(data: bytes, kind: Kind, *, accept_changes: bool) -> Tree:
    """Read a file of a word processor, or a web page.

    The text is that with the tracked changes of a Word file accepted, or that before them; its
    comments are left out. What stood in the styles Title, Subtitle, Author and Date comes first.
    Raises `Refused`.
    """
    changes = "accept" if accept_changes else "reject"
    with tempfile.TemporaryDirectory(prefix="import-") as name:
        folder = Path(name)
        (folder / "source").write_bytes(data)
        document = _pandoc(folder, str(kind), changes)
        if kind in _DROPS_EMPTY and next(_tables(document["blocks"]), None):
            _keep_empty_lines(document, _pandoc(folder, f"{kind}+empty_paragraphs", changes))
        pictures = _pictures(folder / "pictures")
    # Elsewhere metadata does not stand in the text: a web page's title is that of its window.
    head = _head(document["meta"]) if kind is Kind.WORD else []
    return Tree((*head, *document["blocks"]), pictures)


def _pandoc(folder: Path, reader: str, changes: str) -> Node:
    arguments = [
        *(f"--from={reader}", "--to=json", f"--track-changes={changes}"),
        *("--extract-media=pictures", "source"),
    ]
    try:
        document: Node = json.loads(pandoc(arguments, folder, seconds=_SECONDS, memory=_MEMORY))
    except PandocLimitError as limit:
        raise too_much(f"reading it {limit}") from None
    except PandocError as error:
        raise Refused(
            rules.DAMAGED_SOURCE,
            f"the file is damaged: {str(error) or 'pandoc could not read it'}",
            "open it in the program that made it, save it anew, and import that file",
        ) from None
    return document


def _keep_empty_lines(document: Node, spaced: Node) -> None:
    """Give a document its tables with the empty paragraphs in them.

    Elsewhere these would divide lists, and say nothing; within cells they keep figures beside
    their labels.
    """
    tables = list(_tables(document["blocks"]))
    for table, with_empty in zip(tables, _tables(spaced["blocks"]), strict=True):
        table["c"] = with_empty["c"]


def has_uneven_rows(tree: Tree) -> bool:
    """Whether cells beside each other have several paragraphs, and not as many."""
    rows = (
        {len(blocks) for *_, blocks in row[1]} - {0, 1}
        for table in _tables(list(tree.blocks))
        for body in table["c"][4]
        for row in body[3]
    )
    return any(len(numbers) > 1 for numbers in rows)


def _tables(value: object) -> Iterator[Node]:
    """The tables, in their order, without those within others."""
    if isinstance(value, dict):
        if value.get("t") == "Table":
            yield value
        else:
            yield from _tables(value.get("c"))
    elif isinstance(value, list):
        for each in value:
            yield from _tables(each)


def too_much(message: str) -> Refused:
    """A file that asks for more than a statement can need."""
    return Refused(rules.SOURCE_TOO_GREAT, message, "divide it, or save its text as .txt")


def _pictures(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder.parent).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def _head(meta: Node) -> list[Node]:
    """The paragraphs that pandoc took for metadata because of their styles."""
    title = meta.get("title", {})
    heading = {"t": "Header", "c": [TITLE_LEVEL, ["", [], []], title.get("c", [])]}
    return [heading] * (title.get("t") == "MetaInlines") + [
        block
        for key in ("subtitle", "author", "date", "abstract")
        if key in meta
        for block in _blocks(meta[key])
    ]


def _blocks(value: Node) -> list[Node]:
    match value["t"]:
        case "MetaInlines":
            return [{"t": "Para", "c": value["c"]}]
        case "MetaBlocks":
            return list(value["c"])
        case "MetaString":
            return [{"t": "Para", "c": [{"t": "Str", "c": value["c"]}]}]
        case "MetaList":
            return [block for item in value["c"] for block in _blocks(item)]
    return []

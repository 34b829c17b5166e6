"""Pandoc's document tree as Markdown in the dialect that `report.markup` reads.

The dialect is Python-Markdown's with tables, footnotes, definition lists and attributes. It has no
lists by letters, no cells that span others and no blocks in cells: labels of letters are written
out, a cell that spans others is followed by empty ones, and paragraphs in a cell become lines.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Any

from report.desk.characters import normalize
from report.desk.conversion import Node
from report.numerals import roman

_WIDTH = 100
_BREAK = "\N{SYMBOL FOR NEWLINE}"
"""Stands for a line break until lines are filled."""


_NOTHING = "<!-- -->"
"""Stands where something has to, and is not read."""


@dataclass(frozen=True)
class Composed:
    """A text as Markdown, and the labels of list items that were written out, such as (a)."""

    markdown: str
    labels: tuple[str, ...]


def compose(blocks: Sequence[Node], picture: Callable[[str], str | None]) -> Composed:
    """Write blocks as Markdown, headings from `##` on.

    `picture` gives, for the name of a picture in the tree, the path to write; None leaves the
    picture out and keeps its caption.
    """
    writer = _Writer(picture, _ranks(blocks))
    text = writer.blocks(blocks)
    notes = "\n\n".join(writer.footnotes())
    markdown = "\n\n".join(part for part in (text, notes) if part)
    return Composed(markdown + "\n" if markdown else "", tuple(writer.labels))


def plain(inlines: Iterable[Node]) -> str:
    """The words of inlines, without emphasis and notes, on one line."""
    return " ".join(normalize("".join(_plain(inlines))).split())


def _plain(inlines: Iterable[Node]) -> Iterator[str]:
    for inline in inlines:
        match inline["t"]:
            case "Str":
                yield inline["c"]
            case "Space" | "SoftBreak" | "LineBreak":
                yield " "
            case "Code" | "Math":
                yield inline["c"][1]
            case "Note" | "Image" | "RawInline":
                pass
            case _:
                yield from _plain(contents(inline))


def contents(inline: Node) -> list[Node]:
    """The inlines within an inline such as emphasis or a link."""
    inner = inline["c"]
    if inline["t"] in ("Span", "Link", "Quoted", "Cite", "Image"):
        inner = inner[1]
    return list(inner)


def _ranks(blocks: Iterable[Node]) -> dict[int, int]:
    """The level of Markdown for each level of heading that occurs: the highest is `##`."""
    levels = sorted({block["c"][0] for block in _headings(blocks)})
    return {level: min(6, rank) for rank, level in enumerate(levels, start=2)}


def _headings(blocks: Iterable[Node]) -> Iterator[Node]:
    for block in blocks:
        if block["t"] == "Header":
            yield block
        elif block["t"] == "Div":
            yield from _headings(block["c"][1])


@dataclass
class _Writer:
    """Writes one text; gathers its footnotes and the labels that it wrote out."""

    picture: Callable[[str], str | None]
    ranks: dict[int, int]
    notes: list[Sequence[Node]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)

    def footnotes(self) -> Iterator[str]:
        """The notes as definitions. A note may hold others, which are written after it."""
        written = 0
        while written < len(self.notes):
            text = self.blocks(self.notes[written]) or "\u2013"
            written += 1
            yield f"[^{written}]: {_indent(text)}"

    # Blocks

    def blocks(self, blocks: Iterable[Node]) -> str:
        """Write blocks with empty lines between them."""
        written = [(block, text) for block in _flat(blocks) if (text := self.block(block))]
        parts = [text for _, text in written[:1]]
        for (before, _), (block, text) in pairwise(written):
            # Without something between them two lists become one.
            if before["t"] == block["t"] and block["t"] in ("BulletList", "OrderedList"):
                parts.append(_NOTHING)
            parts.append(text)
        return "\n\n".join(parts)

    def block(self, block: Node) -> str:
        """Write one block; the empty text for one that has no words."""
        content: Any = block.get("c")
        match block["t"]:
            case "Para" | "Plain":
                return self.paragraph(content)
            case "Header":
                return self.heading(content[0], content[2])
            case "BulletList":
                return _listed(self.item("- ", item) for item in content)
            case "OrderedList":
                return self.numbered(content[0], content[1])
            case "DefinitionList":
                return "\n\n".join(self.definition(term, texts) for term, texts in content)
            case "BlockQuote":
                return re.sub(
                    r"(?m)^(?=(.?))", lambda m: "> " if m[1] else ">", self.blocks(content)
                )
            case "CodeBlock":
                return textwrap.indent(normalize(content[1]), "    ", lambda _: True)
            case "LineBlock":
                lines = [[*line, {"t": "LineBreak"}] for line in content]
                return self.paragraph([inline for line in lines for inline in line])
            case "Table":
                return self.table(content)
            case "Figure":
                return self.figure(content)
            case "HorizontalRule":
                return "---"
        return ""

    def paragraph(self, inlines: Sequence[Node]) -> str:
        """Write a paragraph, its lines filled."""
        return _fill(self.inlines(inlines))

    def heading(self, level: int, inlines: Sequence[Node]) -> str:
        """Write a heading on one line; its emphasis goes, since the style gives it."""
        words = _without(inlines, "Strong", "Underline", "SmallCaps")
        flat = [inline for inline in words if inline["t"] != "Image"]
        text = " ".join(self.inlines(flat).replace(_BREAK, " ").split())
        pictures = self.inlines([inline for inline in inlines if inline["t"] == "Image"])
        head = f"{'#' * self.ranks.get(level, 2)} {text}" if text else ""
        return "\n\n".join(part for part in (head, pictures) if part)

    def item(self, mark: str, blocks: Sequence[Node]) -> str:
        """Write an item; what follows its first paragraph is indented by four."""
        first, rest = list(blocks[:1]), list(blocks[1:])
        if first and first[0]["t"] not in ("Para", "Plain"):
            first, rest = [], list(blocks)
        head = self.blocks(first)
        body = self.blocks(rest)
        if not head and not body:
            return ""
        # An item has to begin with something: its list or table would not be read as its own.
        head = mark + textwrap.indent(head or _NOTHING, " " * len(mark)).lstrip()
        if not body:
            return head.rstrip()
        tight = rest[0]["t"] in ("BulletList", "OrderedList") and not _is_loose(blocks)
        return head.rstrip() + ("\n" if tight else "\n\n") + textwrap.indent(body, "    ")

    def numbered(self, attributes: Sequence[Any], items: Sequence[Sequence[Node]]) -> str:
        """Write an ordered list; one by letters or roman numbers as items that begin with them."""
        first, style, _ = attributes
        written = []
        for number, item in enumerate(items, start=first):
            if letters := _LABELS.get(style["t"]):
                label = f"({letters(number)})"
                self.labels.append(label)
                written.append(self.item("- ", _labelled(label, item)))
            else:
                written.append(self.item(f"{number}. ", item))
        return _listed(written)

    def definition(self, term: Sequence[Node], texts: Sequence[Sequence[Node]]) -> str:
        """Write a term and its explanations."""
        lines = [" ".join(self.inlines(term).replace(_BREAK, " ").split())]
        lines += [f":   {_indent(self.blocks(text))}" for text in texts]
        return "\n".join(lines)

    def figure(self, content: Sequence[Any]) -> str:
        """Write a figure; when it is one picture, its caption is the picture's."""
        _, caption, blocks = content
        words: list[Node] = [block for block in caption[1] if block["t"] in ("Para", "Plain")]
        text = plain(inline for block in words for inline in block["c"])
        inner = [
            inline for block in blocks if block["t"] in ("Para", "Plain") for inline in block["c"]
        ]
        if len(inner) == 1 and inner[0]["t"] == "Image":
            return self.image(inner[0], text) or self.blocks(words)
        return "\n\n".join(part for part in (self.blocks(blocks), self.blocks(words)) if part)

    # Tables

    def table(self, content: Sequence[Any]) -> str:
        """Write a table of pipes; one that has only one cell is a frame and not a table."""
        _, caption, columns, head, bodies, foot = content
        rows = [*head[1]]
        for body in bodies:
            rows += [*body[2], *body[3]]
        rows += foot[1]
        if len(columns) == 1 and len(rows) == 1:
            return self.blocks([block for cell in rows[0][1] for block in cell[4]])
        lines = ["| " + " | ".join(row) + " |" for row in self.grid(rows, len(columns))]
        if not lines:
            return self.blocks(caption[1])
        rule = "|" + "|".join(_RULES.get(column[0]["t"], "---") for column in columns) + "|"
        title = [self.caption(caption[1])] if caption[1] else []
        return "\n\n".join([*title, "\n".join([lines[0], rule, *lines[1:]])])

    def caption(self, blocks: Sequence[Node]) -> str:
        """Write the paragraph that the report takes for a table's caption."""
        text = " ".join(filter(None, self.cell(blocks)))
        return "Table: " + re.sub(r"^Table:\s*", "", text)

    def grid(self, rows: Sequence[Any], width: int) -> Iterator[list[str]]:
        """Give every row all its cells: those that a cell above or before covers are empty."""
        covered: dict[int, int] = {}
        for row in rows:
            cells: list[list[str]] = [[] for _ in range(width)]
            column = 0
            for _, _, height, breadth, blocks in row[1]:
                while covered.get(column, 0) > 0:
                    column += 1
                if column < width:
                    cells[column] = self.cell(blocks)
                for each in range(column, column + breadth):
                    covered[each] = height
                column += breadth
            covered = {each: left - 1 for each, left in covered.items() if left > 1}
            yield ["<br>".join(lines) for lines in _level(cells)]

    def cell(self, blocks: Iterable[Node]) -> list[str]:
        """The lines that blocks make in a cell; what is beside an empty one stands in its row."""
        return [
            " ".join(line.split())
            for block in _flat(blocks)
            for text in self.lines(block)
            for line in text.split("<br>")
        ]

    def lines(self, block: Node) -> Iterator[str]:
        """The lines that a block makes in a cell."""
        match block["t"]:
            case "BulletList":
                for item in block["c"]:
                    yield from self.cell(item)
            case "OrderedList":
                for item in block["c"][1]:
                    yield from self.cell(item)
            case "BlockQuote":
                yield from self.cell(block["c"])
            case "Header":
                yield from self.lines({"t": "Para", "c": block["c"][2]})
            case "Table":
                _, _, columns, head, bodies, foot = block["c"]
                rows = [*head[1], *(row for body in bodies for row in body[3]), *foot[1]]
                yield from (" ".join(filter(None, r)) for r in self.grid(rows, len(columns)))
            case "Para" | "Plain":
                yield self.inlines(block["c"]).replace(_BREAK, "<br>")
            case _:
                yield from filter(None, [self.block(block).replace("  \n", "<br>")])

    # Inlines

    def inlines(self, inlines: Iterable[Node]) -> str:
        """Write inlines; line breaks are `_BREAK`."""
        written = ""
        for inline in _joined(inlines):
            text = self.inline(inline)
            # Two runs of asterisks that touch would be read as one.
            if written.endswith("*") and text.startswith("*"):
                text = self.inline(inline, tags=True)
            # And a link after an exclamation mark as a picture.
            if written.endswith("!") and text.startswith("["):
                written = written[:-1] + r"\!"
            written += text
        return written

    def inline(self, inline: Node, *, tags: bool = False) -> str:
        """Write one inline; with `tags`, emphasis as HTML."""
        kind: str = inline["t"]
        content: Any = inline.get("c")
        match kind:
            case "Str":
                return escape(normalize(content))
            case "Space" | "SoftBreak":
                return " "
            case "LineBreak":
                return _BREAK
            case "Emph" | "Underline":
                inner = self.inlines(_without(content, "Emph", "Underline"))
                return _marked(inner, "*", "em" if tags or _is_parted(inner) else "")
            case "Strong":
                inner = self.inlines(_without(content, "Strong"))
                return _marked(inner, "**", "strong" if tags or _is_parted(inner) else "")
            case "Strikeout" | "Superscript" | "Subscript":
                return _marked(self.inlines(content), "", _TAGS[kind])
            case "Code":
                return f"`{normalize(content[1])}`" if "`" not in content[1] else escape(content[1])
            case "Math":
                return escape(normalize(content[1]))
            case "Note":
                self.notes.append(content)
                return f"[^{len(self.notes)}]"
            case "Link":
                # Word processors underline links.
                words = self.inlines(_without(content[1], "Link", "Underline"))
                return self.link(words, content[2][0])
            case "Image":
                return self.image(inline, "")
            case "RawInline":
                return ""
            case "Quoted":
                mark = "'" if content[0]["t"] == "SingleQuote" else '"'
                return f"{mark}{self.inlines(content[1])}{mark}"
        return self.inlines(contents(inline))

    def link(self, text: str, address: str) -> str:
        """Write a link to the web or to an address of e-mail; any other is only its words."""
        if not re.match(r"(?:https?://|mailto:)[^\s<>()\"]+$", address) or not text.strip():
            return text
        if text == address or re.sub(r"\\(?=[_*.])", "", text) == address:
            return f"<{address}>"
        return f"[{text}]({address})"

    def image(self, inline: Node, caption: str) -> str:
        """Write a picture, with its caption when it has one."""
        _, alternative, (name, _) = inline["c"]
        path = self.picture(name)
        if not path:
            return ""
        words = plain(alternative)
        if _FILE_NAME.fullmatch(words):
            words = ""
        alt = escape(words).replace("[", r"\[").replace("]", r"\]")
        title = f' "{caption.replace(chr(34), chr(39))}"' if caption else ""
        return f"![{alt}]({path}{title})"


_TAGS = {"Strikeout": "s", "Superscript": "sup", "Subscript": "sub"}
_RULES = {"AlignLeft": ":---", "AlignRight": "---:", "AlignCenter": ":---:"}
_FILE_NAME = re.compile(r"[\w .-]+\.(?:png|jpe?g|gif|bmp|tiff?|wmf|emf|pict|svg|webp)", re.I)


def _flat(blocks: Iterable[Node]) -> Iterator[Node]:
    """Blocks without the divisions around them."""
    for block in blocks:
        if block["t"] == "Div":
            yield from _flat(block["c"][1])
        else:
            yield block


def _level(cells: Sequence[list[str]]) -> Iterator[list[str]]:
    """The lines of a row's cells without the empty ones around them.

    Empty lines at the head of a cell stay when they bring its lines beside those of another.
    """
    ended = [lines[: _words_end(lines)] for lines in cells]
    shared = min((_lead(lines) for lines in ended if lines), default=0)
    for number, lines in enumerate(ended):
        others = (len(other) for other in (*ended[:number], *ended[number + 1 :]))
        beside = len(lines) <= max(others, default=0)
        yield lines[shared if beside else _lead(lines) :]


def _lead(lines: Sequence[str]) -> int:
    """How many empty lines come first."""
    return next((number for number, line in enumerate(lines) if line), len(lines))


def _words_end(lines: Sequence[str]) -> int:
    """How many lines there are up to the last that has words."""
    return len(lines) - _lead(lines[::-1])


def _without(inlines: Iterable[Node], *kinds: str) -> Iterator[Node]:
    """Inlines with those of some kinds replaced by what is in them, here and under spans."""
    for inline in inlines:
        if inline["t"] in kinds or inline["t"] == "Span":
            yield from _without(contents(inline), *kinds)
        else:
            yield inline


def _listed(items: Iterable[str]) -> str:
    """Items as a list: with empty lines between them when one of them has any.

    An item directly below a paragraph that another ends with would be read as part of it.
    """
    written = [item for item in items if item]
    return ("\n\n" if any("\n\n" in item for item in written) else "\n").join(written)


def _is_parted(text: str) -> bool:
    """Whether emphasis begins or ends within emphasis, so that asterisks around it would touch."""
    words = text.strip(" " + _BREAK)
    inner = words.strip("*")
    return inner != words and "*" in inner


def _joined(inlines: Iterable[Node]) -> Iterator[Node]:
    """Inlines without spans, and words that touch as one: a sign may mean something by the next."""
    for is_text, group in groupby(_without(inlines), lambda inline: inline["t"] == "Str"):
        if is_text:
            yield {"t": "Str", "c": "".join(inline["c"] for inline in group)}
        else:
            yield from group


def _is_loose(blocks: Sequence[Node]) -> bool:
    return any(block["t"] == "Para" for block in blocks[1:])


def _labelled(label: str, blocks: Sequence[Node]) -> list[Node]:
    words: list[Node] = [{"t": "Str", "c": label}, {"t": "Space"}]
    if blocks and blocks[0]["t"] in ("Para", "Plain"):
        return [{"t": blocks[0]["t"], "c": words + blocks[0]["c"]}, *blocks[1:]]
    return [{"t": "Plain", "c": words[:1]}, *blocks]


def _letter(number: int) -> str:
    """The letter of an item: a to z, then aa, bb and so on, as Word has it."""
    turns, place = divmod(number - 1, 26)
    return chr(ord("a") + place) * (turns + 1)


_LABELS: dict[str, Callable[[int], str]] = {
    "LowerAlpha": _letter,
    "UpperAlpha": lambda number: _letter(number).upper(),
    "LowerRoman": roman,
    "UpperRoman": lambda number: roman(number).upper(),
}


def _marked(text: str, sign: str, tag: str) -> str:
    """Put signs or tags around the words, and leave the spaces at the edges outside."""
    words = text.strip(" " + _BREAK)
    if not words:
        return text
    before, _, after = text.partition(words)
    start, end = (f"<{tag}>", f"</{tag}>") if tag else (sign, sign)
    return f"{before}{start}{words}{end}{after}"


def escape(text: str) -> str:
    r"""Text in which no sign has a meaning in Markdown.

    >>> escape("[@a:1] costs *5* <b>")
    '\\[@a:1] costs \\*5\\* &lt;b>'
    """
    text = re.sub(r"[\\`*{}|]", r"\\\g<0>", text)
    text = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", text)
    text = re.sub(r"\[(?=[@^])|\[(?=[^\]]*\]:)|\](?=[(\[:])", r"\\\g<0>", text)
    text = re.sub(r"&(?=#|\w+;)", "&amp;", text)
    return re.sub(r"<(?=[A-Za-z/!?])", "&lt;", text)


# What at the beginning of a line would begin a heading, list, quotation, rule or definition.
_MARKS = re.compile(
    r"(?P<number>\d+)(?=[.)]\s)|(?P<sign>[#>+-])|(?P<colon>:)(?=\s)|(?P<under>=)"
    r"|(?P<bracket>\[)(?=[^\[\]]*\]:)"
)


def _fill(text: str) -> str:
    """Divide into lines, none of which begins like anything but a paragraph."""
    pieces = [piece.strip() for piece in text.split(_BREAK)]
    filled = [
        textwrap.wrap(piece, _WIDTH, break_long_words=False, break_on_hyphens=False)
        for piece in pieces
        if piece
    ]
    return "  \n".join("\n".join(_guarded(line) for line in lines) for lines in filled)


def _guarded(line: str) -> str:
    mark = _MARKS.match(line)
    if not mark:
        return line
    rest = line[mark.end() :]
    match mark.lastgroup:
        case "number":
            return f"{mark[0]}\\{rest}"
        case "bracket":
            return f"\\{line}"
        case "sign":
            return f"\\{line}" if mark[0] in "#>" or not rest[:1].isalnum() else line
    return f"&#{ord(mark[0])};{rest}"


def _indent(text: str) -> str:
    """Indent all lines but the first by four."""
    return textwrap.indent(text, "    ").removeprefix("    ")

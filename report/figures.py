"""Figures and tables of a text: their captions, and the ids by which a list of them leads to them.

The number of a figure counts through the whole report, so a text leaves room for it: an empty
`<span class="ordinal" data-figure="id"></span>` at the head of the caption, which merging fills in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import lxml.html
from lxml.html import HtmlElement


class FigureKind(StrEnum):
    """What is numbered in a row of its own."""

    FIGURE = "figure"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure or table of a text: its `id` in the report, and its caption as plain text.

    Without a caption, a figure is told by its alternative text and a table by its columns' heads.
    """

    kind: FigureKind
    anchor: str
    caption: str


def name_figures(root: HtmlElement, identity: str) -> Iterator[Figure]:
    """Give each figure and table of a text an id, a caption and room for a number, in place."""
    counts: Counter[FigureKind] = Counter()
    for element in list(root.iter("figure", "table")):
        kind = FigureKind(str(element.tag))
        counts[kind] += 1
        caption = _figcaption(element) if kind is FigureKind.FIGURE else _table_caption(element)
        told = _words(caption) or _described(element)
        anchor = element.get("id") or f"{identity}:{kind}-{counts[kind]}"
        element.set("id", anchor)
        _make_room(caption, anchor)
        yield Figure(kind, anchor, told)


def _figcaption(figure: HtmlElement) -> HtmlElement:
    caption = figure.find("figcaption")
    if caption is None:
        caption = lxml.html.Element("figcaption")
        figure.append(caption)
    return caption


_CAPTION = re.compile(r"\s*Table:\s*")
"""How a paragraph beside a table begins that is its caption."""


def _table_caption(table: HtmlElement) -> HtmlElement:
    caption = table.find("caption")
    if caption is None:
        caption = lxml.html.Element("caption")
        table.insert(0, caption)
        paragraph = _caption_beside(table)
        if paragraph is not None:
            caption.text = _CAPTION.sub("", paragraph.text or "", count=1)
            caption.extend(paragraph)
            paragraph.drop_tree()
    return caption


def _caption_beside(table: HtmlElement) -> HtmlElement | None:
    """The paragraph directly before the table, or else directly after it, that is its caption."""
    box = table.getparent()
    assert box is not None
    for beside in (box.getprevious(), box.getnext()):
        if beside is not None and beside.tag == "p" and _CAPTION.match(beside.text or ""):
            return beside
    return None


def _make_room(caption: HtmlElement, anchor: str) -> None:
    room = lxml.html.Element("span")
    room.set("class", "ordinal")
    room.set("data-figure", anchor)
    room.tail, caption.text = caption.text, None
    caption.insert(0, room)


def _words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _described(element: HtmlElement) -> str:
    if element.tag == "table":
        return ", ".join(filter(None, map(_words, element.iterfind("thead//th"))))
    return "; ".join(filter(None, (image.get("alt") for image in element.iter("img"))))

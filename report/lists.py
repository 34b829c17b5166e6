"""Numbered lists in Markdown, whose items keep the numbers that they were written with.

Python-Markdown counts from the first number on, whatever the others are. Minutes that speak of
points 3 and 7 would speak of 3 and 4.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions.sane_lists import SaneListExtension, SaneOListProcessor
from markdown.treeprocessors import Treeprocessor


class Lists(SaneListExtension):
    """The lists of Python-Markdown's `sane_lists`, with `value` at items that are not the next."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: D102, N802
        super().extendMarkdown(md)
        md.parser.blockprocessors.register(_NumberedList(md.parser), "olist", 40)
        # Before notes are put below the text (50), which are a list as well.
        md.treeprocessors.register(_Numbers(md), "numbers", 55)


class _NumberedList(SaneOListProcessor):
    """Gives every item, as its value, the number that it was written with."""

    def run(self, parent: Element, blocks: list[str]) -> None:
        found = (self.CHILD_RE.match(line) for line in blocks[0].split("\n"))
        numbers = [match[2].removesuffix(".") for match in found if match]
        super().run(parent, blocks)
        last = self.lastChild(parent)
        listing = last if last is not None and last.tag == "ol" else parent
        if listing.tag == "ol":
            for item, number in zip(listing[-len(numbers) :], numbers, strict=True):
                item.set("value", number)


class _Numbers(Treeprocessor):
    """Leaves values where a number is not the next.

    Where all numbers are the same, items are to be counted: so Markdown is often written.
    """

    def run(self, root: Element) -> None:
        for listing in root.iter("ol"):
            written = [_read(item.attrib.pop("value", "")) for item in listing]
            is_counted = len(set(written)) == 1
            following = _read(listing.get("start", "1"))
            if "start" in listing.attrib:
                listing.set("start", str(following))
            for item, number in zip(listing, written, strict=True):
                if number != following and not is_counted:
                    item.set("value", str(number))
                    following = number
                following += 1


def _read(digits: str) -> int:
    """The number that is written in any script's digits; one for what no list has."""
    return int(digits) if digits.isdecimal() and len(digits) < 10 else 1

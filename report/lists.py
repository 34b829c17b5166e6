"""Lists in Markdown: where they begin, and numbered ones, whose items keep their numbers.

Python-Markdown counts from the first number on, whatever the others are. Minutes that speak of
points 3 and 7 would speak of 3 and 4. And it wants an empty line before every list.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions.sane_lists import SaneListExtension, SaneOListProcessor
from markdown.treeprocessors import Treeprocessor


class Lists(SaneListExtension):
    """The lists of Python-Markdown's `sane_lists`, with `value` at items that are not the next."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: D102, N802
        super().extendMarkdown(md)
        md.parser.blockprocessors.register(_NumberedList(md.parser), "olist", 40)
        # Before what is indented is taken for an item's (90), and before paragraphs (10).
        md.parser.blockprocessors.register(_ItemBelowItem(md.parser), "item below item", 95)
        md.parser.blockprocessors.register(_ListBelowWords(md.parser), "list below words", 12)
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


class _ListBelowWords(BlockProcessor):
    """Lets a list begin directly below words: else its items, hyphens and all, would be among them.

    A number other than 1 begins none, since it may be a year.
    """

    _beginning = re.compile(r"\n(?=[ ]{0,3}(?:[*+-]|1\.)[ ]+\S)")

    def test(self, parent: Element, block: str) -> bool:  # noqa: ARG002
        return bool(self._beginning.search(block))

    def run(self, parent: Element, blocks: list[str]) -> None:  # noqa: ARG002
        blocks[:1] = self._beginning.split(blocks[0], maxsplit=1)


class _ItemBelowItem(_ListBelowWords):
    """Lets an item stand directly below the last paragraph of the one before."""

    _beginning = re.compile(r"\n(?=[ ]{0,3}(?:[*+-]|\d+\.)[ ]+\S)")

    def test(self, parent: Element, block: str) -> bool:
        last = self.lastChild(parent)
        is_of_item = last is not None and last.tag in ("ul", "ol") and block.startswith("    ")
        return is_of_item and super().test(parent, block)


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

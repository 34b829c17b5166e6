"""The outline (ISO 32000-1, 12.3.3): the bookmarks of all units, nested by their levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pydyf

from report.fragment import Bookmark
from report.frame import Frame, reference

_LEVELS = 3
"""How many levels are shown."""


def outline(frame: Frame, bookmarks: Sequence[tuple[Bookmark, int]]) -> str:
    """Return the reference to the outline of bookmarks in reading order, if any is to be shown.

    Each comes with the number of the page that it leads to.
    """
    shown = [entry for entry in bookmarks if entry[0].level <= _LEVELS]
    if not shown:
        return ""
    root = _Item(frame.reserve(), b"/Type /Outlines", 0, True)
    items, above = [root], [root]
    for bookmark, page in shown:
        while above[-1].level >= bookmark.level:
            above.pop()
        item = _Item(
            frame.reserve(), _said(bookmark, page, above[-1]), bookmark.level, bookmark.open
        )
        above[-1].below.append(item)
        above.append(item)
        items.append(item)
    root.join()
    for item in items:
        frame.put(b"<<%b>>" % item.content, item.number)
    return reference(root.number)


@dataclass(slots=True)
class _Item:
    """An item of the outline (table 153): its object as written, and the items below it.

    There are so many of them that to write each once is much less work than to keep dictionaries.
    """

    number: int
    content: bytes
    level: int
    open: bool
    below: list[_Item] = field(default_factory=list)

    def join(self) -> int:
        """Chain the items below; return how many of them are seen when this one is open."""
        if not self.below:
            return 0
        for item, following in pairwise(self.below):
            item.content += b" /Next %d 0 R" % following.number
            following.content += b" /Prev %d 0 R" % item.number
        seen = sum(1 + max(0, item.join()) for item in self.below)
        count = seen if self.open else -seen
        ends = self.below[0].number, self.below[-1].number
        self.content += b" /First %d 0 R /Last %d 0 R /Count %d" % (*ends, count)
        return count


def _said(bookmark: Bookmark, page: int, parent: _Item) -> bytes:
    """What an item says of itself: its title, the item above it, and its destination."""
    title, above = pydyf.String(bookmark.label).data, parent.number
    return b"/Title %b /Parent %d 0 R /Dest [%d 0 R /XYZ null %b null]" % (
        *(title, above, page),
        f"{bookmark.y:g}".encode(),
    )

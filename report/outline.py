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
    root = _Item(pydyf.Dictionary({"Type": "/Outlines"}), 0, True)
    root.place = frame.add(root.object)
    above = [root]
    for bookmark, page in shown:
        while above[-1].level >= bookmark.level:
            above.pop()
        place = f"[{reference(page)} /XYZ null {bookmark.y:g} null]"
        entry = {"Title": pydyf.String(bookmark.label), "Parent": above[-1].place, "Dest": place}
        item = _Item(pydyf.Dictionary(entry), bookmark.level, bookmark.open)
        item.place = frame.add(item.object)
        above[-1].below.append(item)
        above.append(item)
    root.join()
    return root.place


@dataclass(slots=True)
class _Item:
    """An item of the outline (table 153), with those below it, and the reference to it."""

    object: pydyf.Dictionary
    level: int
    open: bool
    place: str = ""
    below: list[_Item] = field(default_factory=list)

    def join(self) -> int:
        """Chain the items below; return how many of them are seen when this one is open."""
        if not self.below:
            return 0
        for item, following in pairwise(self.below):
            item.object["Next"], following.object["Prev"] = following.place, item.place
        seen = sum(1 + max(0, item.join()) for item in self.below)
        self.object |= {"First": self.below[0].place, "Last": self.below[-1].place}
        self.object["Count"] = seen if self.open else -seen
        return seen if self.open else -seen

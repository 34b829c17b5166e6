"""The frame of a report's file: the objects that belong to no unit, which the linker makes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, count

import pydyf

from report.pdffile import Segment, segment

CATALOGUE, INFORMATION, PAGES, DOCUMENT, FONTS = range(1, 6)
"""The numbers of what every report has once: the last three are what gatherings refer to, the root
of the page tree, the root element of the structure, and the fonts of all pages."""

FIRST = 6
"""The first number for anything else."""

_LEAF = 256
"""Entries of one leaf of a name tree (ISO 32000-1, 7.9.6)."""


class Frame:
    """Objects that get their numbers as they are added, and may still change afterwards."""

    def __init__(self, first: int) -> None:
        """Begin with the first number that is free."""
        self._numbers = count(first)
        self._objects: dict[int, pydyf.Object | bytes] = {}

    def put(self, thing: pydyf.Object | bytes, number: int | None = None) -> int:
        """Add an object, under a number of its own or the next; return the number.

        Bytes are an object as it is written, which will not change.
        """
        number = self.reserve() if number is None else number
        self._objects[number] = thing
        return number

    def reserve(self) -> int:
        """Return the next number, for an object that is added later."""
        return next(self._numbers)

    def add(self, thing: pydyf.Object | bytes) -> str:
        """Add an object; return the reference to it (7.3.10)."""
        return reference(self.put(thing))

    def put_pages(self, kids: Sequence[int], count: int) -> None:
        """Add the root of the page tree (7.7.3): the nodes below it, and how many pages it has."""
        root = {"Type": "/Pages", "Count": count, "Kids": pydyf.Array(map(reference, kids))}
        self.put(pydyf.Dictionary(root), PAGES)

    def segment(self) -> Segment:
        """Return all objects as a part of the file."""
        objects = self._objects.items()
        streams = ((n, _written(each)) for n, each in objects if _is_stream(each))
        others = ((n, _written(each)) for n, each in objects if not _is_stream(each))
        return segment(streams, others, self._numbers)


def _is_stream(thing: pydyf.Object | bytes) -> bool:
    return isinstance(thing, pydyf.Stream)


def _written(thing: pydyf.Object | bytes) -> bytes:
    return thing if isinstance(thing, bytes) else bytes(thing.data)


def reference(number: int) -> str:
    """Return the reference to the object that has a number."""
    return f"{number} 0 R"


def name_bytes(name: str) -> bytes:
    """Return a name as pydyf writes it in a link: the bytes of both must be the same."""
    if name.isascii():
        return name.encode()
    return b"\xfe\xff" + name.encode("utf-16-be")


def tree(frame: Frame, entries: Sequence[tuple[bytes, str]]) -> str:
    """Return the reference to a name tree (7.9.6) of sorted names and what they name."""
    leaves = [_leaf(entries[place : place + _LEAF]) for place in range(0, len(entries), _LEAF)]
    return frame.add(pydyf.Dictionary({"Kids": pydyf.Array(map(frame.add, leaves))}))


def _leaf(entries: Sequence[tuple[bytes, str]]) -> bytes:
    """Return a leaf as written: the names of a report are many, and as objects several times so."""
    pairs = [(_literal(name), thing) for name, thing in entries]
    limits = pydyf.Array([pairs[0][0], pairs[-1][0]])
    names = pydyf.Array(chain.from_iterable(pairs))
    return _written(pydyf.Dictionary({"Limits": limits, "Names": names}))


def _literal(name: bytes) -> bytes:
    return b"<" + name.hex().encode() + b">"

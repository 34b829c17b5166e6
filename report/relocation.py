"""Relocation: the objects of a PDF as written with other numbers, for another file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pikepdf import Object, Pdf, Stream

_TOKEN = re.compile(rb"\((?:[^()\\]|\\.)*\)|<[0-9a-f]+>|\b(\d+) 0 R\b", re.DOTALL)
"""A reference to an object (7.3.10), or a string, in which one could only seem to be."""


def written(thing: Object) -> bytes:
    """Return an object as a file has it; of a stream its dictionary (ISO 32000-1, 7.3)."""
    if isinstance(thing, Stream):
        return thing.stream_dict.unparse()
    return thing.unparse(resolved=True)


def reachable(
    source: Pdf, roots: Iterable[Object], outer: Mapping[int, int]
) -> Mapping[int, Object]:
    """Return the objects that these lead to, themselves included, by their numbers."""
    found = {thing.objgen[0]: thing for thing in roots}
    waiting = list(found.values())
    while waiting:
        thing = waiting.pop()
        for match in _TOKEN.finditer(written(thing)):
            number = int(match[1] or 0)
            if number and number not in found and number not in outer:
                found[number] = source.get_object(number, 0)
                waiting.append(found[number])
    return found


def renumbered(text: bytes, numbers: Mapping[int, int]) -> bytes:
    """Return an object as written with other numbers for the objects that it refers to."""

    def number(match: re.Match[bytes]) -> bytes:
        return b"%d 0 R" % numbers[int(match[1])] if match[1] else match[0]

    return _TOKEN.sub(number, text)

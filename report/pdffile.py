"""A PDF file put together from segments, each the bytes of objects at their numbers.

ISO 32000-1, 7.5. What an object says of others it says by their numbers, not by their places in the
file, so a segment is the same bytes wherever it comes to lie: it can be made once and kept. Small
objects are packed into object streams (7.5.7), and the cross-reference stream (7.5.8) at the
file's end lists where everything is.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from struct import Struct

import pydyf

# The bytes of the second line say that the file is binary (7.5.2).
_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"

_PACKED = 200
"""The most objects in one object stream: readers unpack a whole one to find any of them."""

_ROW = Struct(">BIH")
"""A row of the cross-reference stream: the kind of entry and two numbers (table 18)."""

_FREE = _ROW.pack(0, 0, 0xFFFF)
"""A number that no object has or ever will have (7.5.4)."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Objects as the bytes of a file.

    `offsets` are the places in `body` of those that stand there by themselves, by their numbers;
    `packed` gives for the number of each object stream those of the objects in it, in their order.
    """

    body: bytes
    offsets: Mapping[int, int]
    packed: Mapping[int, tuple[int, ...]]


def segment(
    streams: Iterable[tuple[int, bytes]],
    others: Iterable[tuple[int, bytes]],
    numbers: Iterator[int],
) -> Segment:
    """Return streams and other objects, each with its number, as a segment.

    Object streams take their numbers from `numbers`.
    """
    body, offsets, packed = bytearray(), dict[int, int](), dict[int, tuple[int, ...]]()

    def add(number: int, content: bytes) -> None:
        offsets[number] = len(body)
        body.extend(b"%d 0 obj\n%b\nendobj\n" % (number, content))

    for number, content in streams:
        add(number, content)
    waiting = iter(others)
    while batch := list(islice(waiting, _PACKED)):
        container = next(numbers)
        packed[container] = tuple(number for number, _ in batch)
        add(container, _object_stream(batch))
    return Segment(bytes(body), offsets, packed)


def _object_stream(objects: list[tuple[int, bytes]]) -> bytes:
    heads, place = [], 0
    for number, content in objects:
        heads.append(b"%d %d" % (number, place))
        place += len(content) + 1
    index = b" ".join(heads)
    extra = {"Type": "/ObjStm", "N": len(objects), "First": len(index) + 1}
    return stream(b"\n".join((index, *(content for _, content in objects))), extra)


def stream(content: bytes, extra: Mapping[str, object] | None = None, level: int = 6) -> bytes:
    """Return a stream object of some content, compressed, the more so the higher the level."""
    packed = zlib.compress(content, level)
    head = pydyf.Dictionary({**(extra or {}), "Filter": "/FlateDecode", "Length": len(packed)})
    return written_stream(head.data, packed)


def written_stream(head: bytes, content: bytes) -> bytes:
    """Return a stream (7.3.8) of its dictionary and its content, both as a file has them."""
    return b"%b\nstream\n%b\nendstream" % (head, content)


def pieces(
    segments: Iterable[Segment], root: int, information: int, identifier: str
) -> Iterator[bytes]:
    """Yield a PDF file, piece by piece, of segments, which are used up one by one.

    `root` and `information` are the numbers of the catalogue and of the document information; the
    identifier (14.4) is in hexadecimal.
    """
    rows, place = bytearray(), len(_HEADER)
    yield _HEADER
    for each in segments:
        _list(each, place, rows)
        place += len(each.body)
        yield each.body
    size = len(rows) // _ROW.size + 1
    rows += _ROW.pack(1, place, 0)
    trailer = {
        "Type": "/XRef",
        "Size": size,
        "W": pydyf.Array((1, 4, 2)),
        "Root": f"{root} 0 R",
        "Info": f"{information} 0 R",
        "ID": pydyf.Array([f"<{identifier}>"] * 2),
    }
    # Offsets are hardly like each other, so that to try for more takes long and gains little.
    table = stream(bytes(rows), trailer, level=1)
    yield b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (size - 1, table, place)


def _list(segment: Segment, start: int, rows: bytearray) -> None:
    """Enter the objects of a segment that begins at a place into the cross-reference rows."""
    size = max(segment.offsets, default=0) + 1
    rows += _FREE * (size - len(rows) // _ROW.size)
    for number, offset in segment.offsets.items():
        _ROW.pack_into(rows, number * _ROW.size, 1, start + offset, 0)
    for container, numbers in segment.packed.items():
        for index, number in enumerate(numbers):
            _ROW.pack_into(rows, number * _ROW.size, 2, container, index)

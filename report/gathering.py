"""Gatherings: neighbouring units made ready for the book, as leaves are gathered and sewn.

To link a report is to give each object of each unit its number in the report's file, and from one
build to the next nearly all of that is the same. So units are taken by the dozen, each gathering
has a range of numbers to itself, and its bytes are kept under all that they are made of: the next
build copies them. What a gathering leaves to the linker has numbers too, by which it refers to it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Any

from report.fragment import FaceUse, Store, TypesetUnit, decode_face
from report.frame import FIRST
from report.pdffile import Segment
from report.programs import package_version
from report.typeset import Typeset, digest, source_digest
from report.unit import Paging

_FEWEST = 8
"""How many units a gathering has at least."""

_MORE = 4
"""After how many units more it ends, on average."""

_RANGE = 128
"""Numbers are given out in so many at once, so that an object more changes no other gathering."""


@dataclass(frozen=True, slots=True)
class Run:
    """Units without a blank page between them.

    `start` is the index of their first page in the report, `first` the first number that is theirs;
    `stamped` tells for each page whether it shows a folio.
    """

    start: int
    first: int
    units: tuple[TypesetUnit, ...]
    stamped: tuple[bool, ...]

    @property
    def end(self) -> int:
        """The first number after those that the run may need."""
        own = 1 + sum(2 * unit.pages + unit.objects + 1 for unit in self.units)
        return self.first + (own + own // 100) // _RANGE * _RANGE + _RANGE


@dataclass(frozen=True, slots=True)
class Gathering:
    """The units of a run in the report's file, and what the linker must know of it.

    All but the segment and the faces are numbers of objects: of the gathering's node in the tree of
    pages, its pages, the elements to hang under the document's, the leaves of the parent tree with
    the first and last key of each, the elements by the bytes of their ids, and the images that it
    brings, by the digests of their pixels. The folio of a page is the linker's to add: it has
    the number `folio(page)`, with pages counted from 0. `box` is the last page's MediaBox.
    """

    node: int
    pages: tuple[int, ...]
    elements: tuple[int, ...]
    leaves: tuple[tuple[int, int, int], ...]
    ids: tuple[tuple[str, int], ...]
    images: Mapping[str, int]
    box: tuple[float, ...]
    faces: tuple[FaceUse, ...]
    segment: Segment

    def folio(self, page: int) -> int:
        """Return the number that the folio of a page has to get."""
        return self.node + 1 + page


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What pages need to know of the report: where links to `elsewhere` lead, and folios' states.

    `elsewhere` maps the names of places to other files; `states` are graphics state parameters
    (8.4.5) by their names, as written in a PDF.
    """

    elsewhere: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)


def runs(typeset: Typeset) -> Iterator[Run]:
    """Divide the units of a volume into runs.

    Once a run is long enough, where it ends is a matter of the identity of its last unit alone, so
    that a unit more or less soon makes no difference to the runs that follow.
    """
    first, held = FIRST, list[tuple[TypesetUnit, Paging]]()
    start = following = 0
    sources = (source for source, _, _ in typeset.pagination.units)
    for unit, place, source in zip(typeset.units, typeset.pagination.starts, sources, strict=True):
        if held and (_is_full(held) or place != following):
            yield (run := _run(start, first, held))
            first, held = run.end, []
        if not held:
            start = place
        held.append((unit, source.paging))
        following = place + unit.pages
    if held:
        yield _run(start, first, held)


def _run(start: int, first: int, held: Sequence[tuple[TypesetUnit, Paging]]) -> Run:
    stamped = chain.from_iterable([paging is not Paging.NONE] * unit.pages for unit, paging in held)
    return Run(start, first, tuple(unit for unit, _ in held), tuple(stamped))


def _is_full(held: Sequence[tuple[TypesetUnit, Paging]]) -> bool:
    last, _ = held[-1]
    return len(held) >= _FEWEST and hashlib.sha256(last.id.encode()).digest()[0] % _MORE == 0


def gather(
    run: Run, images: Mapping[str, int], surroundings: Surroundings, store: Store
) -> Gathering:
    """Return the gathering of a run, from the cache where it is there.

    `images` are those that gatherings before it have brought: each is in the file once.
    """
    named = set(chain.from_iterable(unit.images.values() for unit in run.units))
    known = {name: number for name, number in images.items() if name in named}
    targets = set(chain.from_iterable(unit.targets for unit in run.units))
    outside = {name: file for name, file in surroundings.elsewhere.items() if name in targets}
    needed = Surroundings(outside, surroundings.states)
    units = [unit.key for unit in run.units]
    given = [sorted(each.items()) for each in (known, needed.elsewhere, needed.states)]
    key = digest(["gathering", units, run.first, run.stamped, given, _tools()])
    stored = store.read(key)
    if stored is not None:
        return _decode(stored)
    # Most gatherings are kept, and what reads fragments takes long to load.
    from report.sewing import sewn

    gathering = sewn(run, known, needed)
    store.write(key, _encode(gathering))
    return gathering


@lru_cache
def _tools() -> list[str]:
    own = source_digest(
        *("faces.py", "fragment.py", "frame.py", "gathering.py", "pdffile.py", "relocation.py"),
        *("sewing.py", "typeset.py"),
    )
    return [own, package_version("pikepdf"), package_version("pydyf")]


def _encode(gathering: Gathering) -> bytes:
    table = asdict(gathering)
    body: bytes = table["segment"].pop("body")
    return json.dumps(table).encode() + b"\n" + body


def _decode(stored: bytes) -> Gathering:
    head, _, body = stored.partition(b"\n")
    table = json.loads(head)
    listed = table.pop("segment")
    offsets = {int(number): offset for number, offset in listed["offsets"].items()}
    packed = {int(number): tuple(held) for number, held in listed["packed"].items()}
    used = tuple(map(decode_face, table.pop("faces")))
    numbers: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in table.items()}
    return Gathering(faces=used, segment=Segment(body, offsets, packed), **numbers)

"""Gatherings: neighbouring units made ready for the book, as leaves are gathered and sewn.

To link a report is to give each object of each unit its number in the report's file, and from one
build to the next nearly all of that is the same. So units are taken by the dozen, each gathering
has a range of numbers to itself, and its bytes are kept under all that they are made of: the next
build copies them. What a gathering leaves to the linker has numbers too, by which it refers to it.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from itertools import chain, count

import pikepdf
import pydyf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from report import faces
from report.fragment import FaceUse, Store, TypesetUnit, decode_face
from report.pdffile import Segment, segment, written_stream
from report.relocation import reachable, renumbered, written
from report.typeset import Typeset, digest, source_digest
from report.unit import Paging

CATALOGUE, INFORMATION, PAGES, DOCUMENT, FONTS = range(1, 6)
"""The numbers of what every report has once: the last three are what gatherings refer to, the root
of the page tree, the root element of the structure, and the fonts of all pages."""

FIRST = 6
"""The first number for anything else."""

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
    gathering = gathered(run, known, needed)
    store.write(key, _encode(gathering))
    return gathering


@lru_cache
def _tools() -> list[str]:
    own = source_digest(
        "faces.py", "fragment.py", "gathering.py", "pdffile.py", "relocation.py", "typeset.py"
    )
    return [own, pikepdf.__version__, pikepdf.__libqpdf_version__, pydyf.VERSION]


def _encode(gathering: Gathering) -> bytes:
    table = {
        "node": gathering.node,
        "pages": gathering.pages,
        "elements": gathering.elements,
        "leaves": gathering.leaves,
        "ids": gathering.ids,
        "images": gathering.images,
        "box": gathering.box,
        "faces": [asdict(face) for face in gathering.faces],
        "offsets": gathering.segment.offsets,
        "packed": gathering.segment.packed,
    }
    return json.dumps(table).encode() + b"\n" + gathering.segment.body


def _decode(stored: bytes) -> Gathering:
    head, _, body = stored.partition(b"\n")
    table = json.loads(head)
    offsets = {int(number): offset for number, offset in table.pop("offsets").items()}
    packed = {int(number): tuple(held) for number, held in table.pop("packed").items()}
    used = tuple(map(decode_face, table.pop("faces")))
    images = table.pop("images")
    numbers = {name: tuple(value) for name, value in table.items() if name != "node"}
    return Gathering(
        node=table["node"],
        images=images,
        faces=used,
        segment=Segment(body, offsets, packed),
        **numbers,
    )


def gathered(run: Run, images: Mapping[str, int], surroundings: Surroundings) -> Gathering:
    """Return the gathering of a run, made anew."""
    needle = _Needle(run, images, surroundings)
    page = 0
    for unit in run.units:
        with Pdf.open(io.BytesIO(unit.pdf())) as source:
            needle.sew(unit, source, run.stamped[page : page + unit.pages])
        page += unit.pages
    return needle.gathering()


class _Needle:
    """Sews one unit after the other into a gathering."""

    def __init__(self, run: Run, images: Mapping[str, int], surroundings: Surroundings) -> None:
        self._run = run
        self._known = images
        self._files = {name_bytes(name): file for name, file in surroundings.elsewhere.items()}
        self._states = {n: Object.parse(t.encode()) for n, t in surroundings.states.items()}
        self._numbers = count(run.first + 1 + len(run.stamped))
        self._key = run.first
        self._streams: list[tuple[int, bytes]] = []
        self._others: list[tuple[int, bytes]] = []
        self._pages: list[int] = []
        self._elements: list[int] = []
        self._leaves: list[tuple[int, int, int]] = []
        self._ids: list[tuple[str, int]] = []
        self._images: dict[str, int] = {}
        self._box: tuple[float, ...] = ()

    def sew(self, unit: TypesetUnit, source: Pdf, stamped: Sequence[bool]) -> None:
        """Add a unit: its pages, with all that they need, and its part of the structure."""
        outer: dict[int, int] = {}

        def stand_in(number: int) -> Object:
            """Return an object of the source in the place of one that is not the unit's own."""
            placeholder = source.make_indirect(Dictionary())
            outer[placeholder.objgen[0]] = number
            return placeholder

        pages = [page.obj for page in source.pages]
        elements = [element for top in source.Root.StructTreeRoot.K for element in top.K]
        # Forms on the pages name the same dictionary of fonts, which the press leaves empty.
        outer[pages[0].Resources.Font.objgen[0]] = FONTS
        self._share(pages[0].Resources, unit, stand_in)
        self._bind(pages, stamped, stand_in)
        for element in elements:
            element.P = stand_in(DOCUMENT)
        own = reachable(source, chain(pages, elements), outer)
        numbers = dict(zip(own, self._numbers, strict=False)) | outer
        for number, thing in own.items():
            self._write(numbers[number], thing, numbers)
        self._pages += (numbers[page.objgen[0]] for page in pages)
        self._elements += (numbers[element.objgen[0]] for element in elements)
        self._note_images(pages[0].Resources, unit, numbers)
        self._note_structure(source.Root.StructTreeRoot, numbers)
        self._box = tuple(float(edge) for edge in pages[-1].MediaBox)

    def gathering(self) -> Gathering:
        """Return all that was sewn."""
        kids = b" ".join(b"%d 0 R" % page for page in self._pages)
        node = b"<< /Type /Pages /Parent %d 0 R /Count %d /Kids [ %b ] >>"
        self._others.append((self._run.first, node % (PAGES, len(self._pages), kids)))
        return Gathering(
            node=self._run.first,
            pages=tuple(self._pages),
            elements=tuple(self._elements),
            leaves=tuple(self._leaves),
            ids=tuple(self._ids),
            images=self._images,
            box=self._box,
            faces=faces.join(chain.from_iterable(unit.faces() for unit in self._run.units)),
            segment=segment(self._streams, self._others, self._numbers),
        )

    def _share(
        self, resources: Object, unit: TypesetUnit, stand_in: Callable[[int], Object]
    ) -> None:
        """Give a unit's pages the images that others have brought, and the states of folios."""
        for name, image in unit.images.items():
            if image in self._known:
                resources.XObject[f"/{name}"] = stand_in(self._known[image])
        for name, state in self._states.items():
            if name not in resources.ExtGState:
                resources.ExtGState[name] = state

    def _bind(
        self, pages: Sequence[Object], stamped: Sequence[bool], stand_in: Callable[[int], Object]
    ) -> None:
        """Put pages into the tree of pages, with a place for their folios and keys of their own."""
        node = stand_in(self._run.first)
        for number, (page, shows) in enumerate(zip(pages, stamped, strict=True), len(self._pages)):
            page.Parent = node
            page.StructParents = self._key + int(page.StructParents)
            if shows:
                page.Contents = Array([page.Contents, stand_in(self._run.first + 1 + number)])
            for annotation in page.get("/Annots", ()):
                annotation.StructParent = self._key + int(annotation.StructParent)
                self._lead_out(annotation)

    def _lead_out(self, annotation: Object) -> None:
        """Make a link to a place in another file lead there (12.6.4.3)."""
        name = annotation.get("/Dest")
        if isinstance(name, String) and bytes(name) in self._files:
            del annotation.Dest
            # The file is a plain string: to PDF/A-3 a dictionary is an embedded file's.
            file = String(self._files[bytes(name)])
            annotation.A = Dictionary(S=Name.GoToR, F=file, D=name)

    def _write(self, number: int, thing: Object, numbers: Mapping[int, int]) -> None:
        head = renumbered(written(thing), numbers)
        if isinstance(thing, Stream):
            self._streams.append((number, written_stream(head, thing.read_raw_bytes())))
        else:
            self._others.append((number, head))

    def _note_images(
        self, resources: Object, unit: TypesetUnit, numbers: Mapping[int, int]
    ) -> None:
        for name, image in unit.images.items():
            if image not in self._known:
                self._images[image] = numbers[resources.XObject[f"/{name}"].objgen[0]]
        self._known = {**self._known, **self._images}

    def _note_structure(self, root: Object, numbers: Mapping[int, int]) -> None:
        """Make the unit's part of the parent tree a leaf (14.7.4.4), and note its ids."""
        entries = _entries(root.ParentTree, "/Nums")
        keys = [self._key + int(key) for key in entries[::2]]
        values = (renumbered(value.unparse(), numbers) for value in entries[1::2])
        held = b" ".join(b"%d %b" % entry for entry in zip(keys, values, strict=True))
        leaf = next(self._numbers)
        node = b"<< /Limits [ %d %d ] /Nums [ %b ] >>" % (keys[0], keys[-1], held)
        self._others.append((leaf, node))
        self._leaves.append((leaf, keys[0], keys[-1]))
        self._key = keys[-1] + 1
        if "/IDTree" in root:
            names = _entries(root.IDTree, "/Names")
            for name, element in zip(names[::2], names[1::2], strict=True):
                self._ids.append((bytes(name).hex(), numbers[element.objgen[0]]))


def name_bytes(name: str) -> bytes:
    """Return a name as pydyf writes it in a link: the bytes of both must be the same."""
    if name.isascii():
        return name.encode()
    return b"\xfe\xff" + name.encode("utf-16-be")


def _entries(node: Object, kind: str) -> list[Object]:
    """Return the keys and values of a tree, one after the other."""
    if kind in node:
        return list(node[kind])
    return [entry for kid in node.Kids for entry in _entries(kid, kind)]

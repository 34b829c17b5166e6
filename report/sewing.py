"""Sewing: the units of a run made into a gathering, object by object."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, count

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from report import faces
from report.fragment import TypesetUnit
from report.frame import DOCUMENT, FONTS, PAGES, name_bytes
from report.gathering import Gathering, Run, Surroundings
from report.pdffile import segment, written_stream
from report.relocation import reachable, renumbered, written


def sewn(run: Run, images: Mapping[str, int], surroundings: Surroundings) -> Gathering:
    """Return the gathering of a run, made anew. `images` are those that are in the file already."""
    return _through(_Needle(run, images, surroundings), run)


def basted(run: Run, surroundings: Surroundings) -> Gathering:
    """Return the pages of a run alone, to be looked at: neither links nor structure."""
    return _through(_Basting(run, {}, surroundings), run)


def _through(needle: _Needle, run: Run) -> Gathering:
    page = 0
    for unit in run.units:
        needle.sew(unit, run.stamped[page : page + unit.pages])
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

    def sew(self, unit: TypesetUnit, stamped: Sequence[bool]) -> None:
        """Add a unit, and let go of its PDF: qpdf takes some 2 kB for each object of one."""
        # So that numbers that are objects of their own, as in slides, are objects here too.
        with Pdf.open(io.BytesIO(unit.pdf()), conversion_mode="explicit") as source:
            self._sew(unit, source, stamped)

    def _sew(self, unit: TypesetUnit, source: Pdf, stamped: Sequence[bool]) -> None:
        """Add a unit: its pages, with all that they need, and its part of the structure."""
        outer: dict[int, int] = {}

        def stand_in(number: int) -> Object:
            """Return an object of the source in the place of one that is not the unit's own."""
            placeholder = source.make_indirect(Dictionary())
            outer[placeholder.objgen[0]] = number
            return placeholder

        pages = [page.obj for page in source.pages]
        elements = self._elements_in(source)
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

    def _elements_in(self, source: Pdf) -> Sequence[Object]:
        """Return the elements that go under the document's."""
        return [element for top in source.Root.StructTreeRoot.K for element in top.K]

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


class _Basting(_Needle):
    """Sews pages without what is not seen of them."""

    def _elements_in(self, source: Pdf) -> Sequence[Object]:
        for page in source.pages:
            if "/Annots" in page.obj:
                del page.obj.Annots
        return ()

    def _note_structure(self, root: Object, numbers: Mapping[int, int]) -> None:
        """Leave it out."""


def _entries(node: Object, kind: str) -> list[Object]:
    """Return the keys and values of a tree, one after the other."""
    if kind in node:
        return list(node[kind])
    return [entry for kid in node.Kids for entry in _entries(kid, kind)]

"""Assembly: the pages of several typeset units in one PDF, with all that belongs to them.

Pages come first, then the structure that refers to them (copying finds the pages there). The
linker assembles the report in this way, and before that neighbouring units as bundles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, chain

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from report.fragment import TypesetUnit

_LEAF = 256
"""Entries of one leaf of a name or number tree (ISO 32000-1, 7.9.6)."""


class Assembly:
    """A PDF that grows by sources, each holding the pages of one unit or of several.

    `pages` are all pages so far; `fonts` are given to the pages under their resource names.
    """

    def __init__(self, pdf: Pdf, fonts: Mapping[str, Object]) -> None:
        """Begin with an empty PDF."""
        self.pages: list[Object] = []
        self._pdf = pdf
        self._fonts = fonts
        self._images: dict[str, Object] = {}
        self._structure: list[Object] = []
        self._parents: list[tuple[int, Object]] = []
        self._ids: list[tuple[bytes, Object]] = []
        self._next_parent = 0

    def add(self, source: Pdf, units: Sequence[TypesetUnit]) -> None:
        """Add the pages of a source, which are those of these units one after the other."""
        firsts = list(accumulate((unit.pages for unit in units[:-1]), initial=0))
        for unit, first in zip(units, firsts, strict=True):
            self._leave_out_known(source.pages[first].obj.Resources, unit)
        for page in source.pages:
            self._pdf.pages.append(page)
        pages = [page.obj for page in self._pdf.pages[len(self.pages) :]]
        self.pages += pages
        for unit, first in zip(units, firsts, strict=True):
            self._share(pages[first].Resources, unit)
        self._add_structure(self._pdf.copy_foreign(source.Root.StructTreeRoot), pages)

    def add_blank(self) -> None:
        """Add an empty page of the size of the one before."""
        left, bottom, right, top = (float(edge) for edge in self.pages[-1].MediaBox)
        self._pdf.add_blank_page(page_size=(right - left, top - bottom))
        page = self._pdf.pages[-1].obj
        page.Tabs = Name.S
        self.pages.append(page)

    def write_structure(self) -> None:
        """Hang all units under one Document (14.8.4.2)."""
        root = self._pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        document = self._pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Document, P=root, K=Array(self._structure))
        )
        for element in self._structure:
            element.P = document
        root.K = Array([document])
        root.ParentTree = tree(self._pdf, "Nums", self._parents)
        root.ParentTreeNextKey = self._next_parent
        if self._ids:
            root.IDTree = tree(self._pdf, "Names", sorted(self._ids, key=lambda entry: entry[0]))
        self._pdf.Root.StructTreeRoot = root

    def _leave_out_known(self, resources: Object, unit: TypesetUnit) -> None:
        """Take images out of a source that an earlier unit has brought."""
        for name, image in unit.images.items():
            if image in self._images:
                del resources.XObject["/" + name]

    def _share(self, resources: Object, unit: TypesetUnit) -> None:
        """Give pages the fonts that all share, and each image that an earlier unit has."""
        for name, font in self._fonts.items():
            resources.Font["/" + name] = font
        for name, image in unit.images.items():
            if image in self._images:
                resources.XObject["/" + name] = self._images[image]
            else:
                self._images[image] = resources.XObject["/" + name]

    def _add_structure(self, root: Object, pages: Sequence[Object]) -> None:
        """Take over structure elements, with their part of the parent tree (14.7.4.4)."""
        shift = self._next_parent
        for document in root.K:
            self._structure.extend(document.K)
        numbers = _entries(root.ParentTree, "/Nums")
        for key, parents in zip(numbers[::2], numbers[1::2], strict=True):
            self._parents.append((shift + int(key), parents))
        for page in pages:
            page.StructParents = shift + int(page.StructParents)
            for annotation in page.get("/Annots", ()):
                annotation.StructParent = shift + int(annotation.StructParent)
        if "/IDTree" in root:
            names = _entries(root.IDTree, "/Names")
            self._ids += zip(map(bytes, names[::2]), names[1::2], strict=True)
        self._next_parent = shift + len(numbers) // 2


def tree(pdf: Pdf, kind: str, entries: Sequence[tuple[int | bytes, Object]]) -> Object:
    """Return sorted entries as a name tree (7.9.6) or a number tree (7.9.7)."""
    leaves = [
        pdf.make_indirect(_leaf(kind, entries[place : place + _LEAF]))
        for place in range(0, len(entries), _LEAF)
    ]
    return pdf.make_indirect(Dictionary(Kids=Array(leaves)))


def _leaf(kind: str, entries: Sequence[tuple[int | bytes, Object]]) -> Dictionary:
    keys = [key if isinstance(key, int) else String(key) for key, _ in entries]
    pairs = chain.from_iterable(zip(keys, (value for _, value in entries), strict=True))
    return Dictionary({"/Limits": Array([keys[0], keys[-1]]), f"/{kind}": Array(pairs)})


def _entries(node: Object, kind: str) -> list[Object]:
    """Return the keys and values of a tree, one after the other."""
    if kind in node:
        return list(node[kind])
    return [entry for kid in node.Kids for entry in _entries(kid, kind)]

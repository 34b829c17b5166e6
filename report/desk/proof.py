"""Proofs: single pages of typeset units as pictures, as they stand in the report.

A proof is made from a unit's fragment and needs neither the other units nor the linker: the
fragment gets its fonts, the page its folio, and PDFium draws it.
"""

from __future__ import annotations

import io
from collections import OrderedDict
from dataclasses import dataclass

import pypdfium2
from pikepdf import Array, Name, Object, Pdf

from report import faces
from report.fragment import Store, TypesetUnit

NARROWEST, WIDEST = 100, 4000
"""The widths in pixels that a picture may have."""

_KEPT = 120
"""Pictures kept: those around the page being read, in a few widths."""


@dataclass(frozen=True, slots=True)
class Folio:
    """Where the folio of a page is drawn: the key of a folio sheet, and its page, from 0."""

    sheet: str
    page: int


class Proofs:
    """Pictures of pages, drawn when they are asked for; the latest ones are kept.

    PDFium serves one thread at a time, and so does this.
    """

    def __init__(self, store: Store) -> None:
        """Take fragments and fonts from the compiler's cache."""
        self._store = store
        self._pictures: OrderedDict[tuple[str, int, Folio | None, int], bytes] = OrderedDict()

    def picture(self, key: str, page: int, folio: Folio | None, width: int) -> bytes:
        """Return a page, counted from 0, of the unit with this key: a PNG so many pixels wide.

        Raises `LookupError` when the cache has no such unit, or the unit no such page.
        """
        width = min(max(width, NARROWEST), WIDEST)
        name = key, page, folio, width
        if name not in self._pictures:
            self._pictures[name] = _drawn(self._proof(key, page, folio), page, width)
        self._pictures.move_to_end(name)
        while len(self._pictures) > _KEPT:
            self._pictures.popitem(last=False)
        return self._pictures[name]

    def _proof(self, key: str, page: int, folio: Folio | None) -> bytes:
        """Return the unit as a PDF that can be drawn, with its folio on one of the pages."""
        unit = self._unit(key)
        if page not in range(unit.pages):
            raise LookupError(f"the unit has no page {page}")
        sheet = self._unit(folio.sheet) if folio else None
        with Pdf.open(io.BytesIO(unit.pdf())) as pdf:
            used = faces.join((*unit.faces(), *(sheet.faces() if sheet else ())))
            fonts = pdf.pages[page].obj.Resources.Font
            for name, font in faces.embed(pdf, used, self._store).items():
                fonts[f"/{name}"] = font
            if folio and sheet:
                _stamp(pdf, page, sheet, folio.page)
            proof = io.BytesIO()
            pdf.save(proof)
        return proof.getvalue()

    def _unit(self, key: str) -> TypesetUnit:
        unit = self._store.unit(key, key)
        if unit is None:
            raise LookupError(f"nothing is kept as {key}")
        return unit


def _stamp(pdf: Pdf, page: int, sheet: TypesetUnit, folio: int) -> None:
    """Put a folio on a page as the linker does."""
    with Pdf.open(io.BytesIO(sheet.pdf())) as folios:
        stamp = folios.pages[folio].obj
        target = pdf.pages[page].obj
        target.Contents = Array([target.Contents, pdf.copy_foreign(stamp.Contents)])
        states: Object = target.Resources.ExtGState
        for name, state in stamp.Resources.ExtGState.items():
            if Name(name) not in states:
                states[name] = pdf.copy_foreign(state)


def _drawn(proof: bytes, number: int, width: int) -> bytes:
    with pypdfium2.PdfDocument(proof) as document:
        page = document[number]
        image = page.render(scale=width / page.get_width()).to_pil()
    picture = io.BytesIO()
    # It travels no farther than this machine: quick to pack is better than small.
    image.save(picture, "PNG", compress_level=1)
    return picture.getvalue()

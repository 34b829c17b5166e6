"""Proofs: single pages of typeset units as pictures, as they stand in the report.

A proof is made from a unit's fragment and needs no other unit: the fragment is gathered alone, gets
its fonts, the page its folio, and PDFium draws it.
"""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

import pydyf
import pypdfium2

from report import faces
from report.fragment import FaceUse, Store, TypesetUnit
from report.frame import CATALOGUE, FIRST, FONTS, INFORMATION, PAGES, Frame, reference
from report.gathering import Gathering, Run, Surroundings
from report.pdffile import Segment, pieces, segment
from report.sewing import basted
from report.stamps import stamps

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
        """Return a page, counted from 0, of the unit with this key: a JPEG so many pixels wide.

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
        stamp = stamps(self._unit(folio.sheet), self._store) if folio else None
        stamped = tuple(number == page and stamp is not None for number in range(unit.pages))
        run = Run(0, FIRST, (unit,), stamped)
        gathering = basted(run, Surroundings(states=stamp.states if stamp else {}))
        segments = [gathering.segment]
        uses = unit.faces()
        if folio and stamp:
            drawing = (gathering.folio(page), stamp.drawings[folio.page])
            segments.append(segment([drawing], (), count()))
            uses += self._unit(folio.sheet).faces()
        segments.append(self._frame(run, gathering, faces.join(uses)))
        return b"".join(pieces(segments, CATALOGUE, INFORMATION, ""))

    def _frame(self, run: Run, gathering: Gathering, used: Iterable[FaceUse]) -> Segment:
        """Return what a reader needs to find the unit's pages, and their fonts."""
        frame = Frame(run.end)
        frame.put(pydyf.Dictionary({"Type": "/Catalog", "Pages": reference(PAGES)}), CATALOGUE)
        frame.put(pydyf.Dictionary(), INFORMATION)
        frame.put_pages([gathering.node], len(gathering.pages))
        frame.put(faces.embed(used, self._store, frame.add), FONTS)
        return frame.segment()

    def _unit(self, key: str) -> TypesetUnit:
        unit = self._store.unit(key, key)
        if unit is None:
            raise LookupError(f"nothing is kept as {key}")
        return unit


def _drawn(proof: bytes, number: int, width: int) -> bytes:
    with pypdfium2.PdfDocument(proof) as document:
        page = document[number]
        # In this order of colours the picture need not be copied.
        bitmap = page.render(scale=width / page.get_width(), rev_byteorder=True, prefer_bgrx=True)
        image = bitmap.to_pil()
    picture = io.BytesIO()
    # A PNG takes four times as long to pack. At this quality, with all of its colours, letters have
    # the edges that they had.
    image.save(picture, "JPEG", quality=95, subsampling="4:4:4")
    return picture.getvalue()

"""Stamps: folios as a folio sheet draws them, to be put on the pages that they count."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

from pikepdf import Pdf

from report.fragment import TypesetUnit
from report.pdffile import written_stream
from report.relocation import written


@dataclass(frozen=True, slots=True)
class Stamps:
    """What each page of a folio sheet shows, an artifact already, as a stream object.

    `states` are the graphics state parameters that it needs (ISO 32000-1, 8.4.5), by their names.
    """

    drawings: tuple[bytes, ...]
    states: Mapping[str, str]


def stamps(sheet: TypesetUnit) -> Stamps:
    """Return the stamps of a folio sheet."""
    with Pdf.open(io.BytesIO(sheet.pdf())) as opened:
        pages = [page.obj for page in opened.pages]
        states = pages[0].Resources.ExtGState.items()
        return Stamps(
            tuple(
                written_stream(written(page.Contents), page.Contents.read_raw_bytes())
                for page in pages
            ),
            {name: written(state).decode() for name, state in states},
        )

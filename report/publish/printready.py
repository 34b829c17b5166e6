"""Sheets for a printer: the pages of a PDF with bleed and crop marks around them (14.11).

A page keeps its place and its content; its sheet becomes larger than the page. What lies at the
edge of a page goes on beyond it, so that a knife that slips cuts through colour.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping

import pikepdf
from pikepdf import Array, Page, Pdf

_MILLIMETRE = 72 / 25.4

BLEED = 3 * _MILLIMETRE
"""How far a page goes on beyond its edge, in points: what printers ask for."""

SLUG = 12 * _MILLIMETRE
"""How much larger a sheet is than its page on each side, in points."""

_GAP = 5 * _MILLIMETRE
"""How far crop marks keep from the page: beyond the bleed, and beyond what styles put there."""

_MARK = 5 * _MILLIMETRE
_WIDTH = 0.25
"""The length of a crop mark and the width of its line, in points."""

_Box = tuple[float, float, float, float]


def for_printers(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Return the sheets of those files that are PDFs, by names such as `report-print.pdf`."""
    return {
        "{}-print.{}".format(*name.split(".", 1)): sheets(content)
        for name, content in files.items()
        if name.endswith(".pdf")
    }


def sheets(pdf: bytes) -> bytes:
    """Return a PDF with a sheet for each page: the same for the same input."""
    output = io.BytesIO()
    with Pdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            _enlarge(page)
        document.save(
            output,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            force_version="1.7",
        )
    return output.getvalue()


def _enlarge(page: Page) -> None:
    """Give a page its boxes, and marks that say where it is cut."""
    left, bottom, right, top = map(float, page.mediabox)
    trim = left, bottom, right, top
    page.obj.TrimBox = Array(_points(trim))
    page.obj.BleedBox = Array(_points(_grown(trim, BLEED)))
    page.obj.MediaBox = Array(_points(_grown(trim, SLUG)))
    page.obj.CropBox = page.obj.MediaBox
    # Marks do not depend on the state that the content leaves behind.
    page.contents_add(b"q", prepend=True)
    page.contents_add(b"Q\n" + _marks(trim))


def _grown(box: _Box, by: float) -> _Box:
    left, bottom, right, top = box
    return left - by, bottom - by, right + by, top + by


def _points(box: _Box) -> list[float]:
    return [round(value, 3) for value in box]


def _marks(trim: _Box) -> bytes:
    """The crop marks of a page: two at each corner, an artifact (14.8.2.2)."""
    lines = "".join(
        f"{x:.3f} {y:.3f} m {to_x:.3f} {to_y:.3f} l S\n" for x, y, to_x, to_y in _lines(trim)
    )
    return f"/Artifact <</Type /Page>> BDC\nq 0 G {_WIDTH} w\n{lines}Q\nEMC".encode()


def _lines(trim: _Box) -> Iterator[_Box]:
    left, bottom, right, top = trim
    for x, outward in ((left, -1), (right, 1)):
        for y in (bottom, top):
            yield x + outward * _GAP, y, x + outward * (_GAP + _MARK), y
    for y, outward in ((bottom, -1), (top, 1)):
        for x in (left, right):
            yield x, y + outward * _GAP, x, y + outward * (_GAP + _MARK)

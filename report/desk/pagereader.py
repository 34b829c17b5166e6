"""The lines on the pages of a PDF, as JSON. Runs as a process of its own, with limits.

A PDF can be made to ask for any amount of time or memory. Reads the file from standard input;
writes an object with `pages`, or with `refused` and the reason.
"""

from __future__ import annotations

import json
import re
import resource
import statistics
import sys
from collections.abc import Iterator, Sequence
from ctypes import c_int, create_string_buffer
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

SECONDS = 60
_MEMORY = 2_000_000_000
_MOST_PAGES = 300
_BOLD = 600
_FROM_THE_RIGHT = re.compile(
    "[\u0591-\u05f4\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+"
)
"""Words of Hebrew and Arabic, without signs and numbers."""


def main() -> None:
    """Read a PDF from standard input and write what is on its pages."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        read = _read(sys.stdin.buffer.read())
    except MemoryError:
        read = {"refused": "memory"}
    except pypdfium2.PdfiumError as error:
        locked = pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD
        read = {"refused": "password" if locked else str(error)}
    json.dump(read, sys.stdout)


def _read(data: bytes) -> dict[str, Any]:
    document = pypdfium2.PdfDocument(data)
    if len(document) > _MOST_PAGES:
        return {"refused": "pages"}
    return {"pages": [_page(page) for page in document]}


def _page(page: pypdfium2.PdfPage) -> dict[str, Any]:
    text = page.get_textpage()
    signs = _signs(text)
    pictures = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])
    return {
        "text": "".join(signs),
        "height": page.get_height(),
        "lines": list(_lines(text, signs)),
        "pictures": any(True for _ in pictures),
    }


def _signs(text: pypdfium2.PdfTextPage) -> list[str]:
    """The characters as they are read.

    Browsers write the glyphs of a word that runs from the right in the order of reading, which
    PDFium takes for that on the page and turns round: such words go on to the right.
    """
    signs = [chr(pdfium.FPDFText_GetUnicode(text, i)) for i in range(text.count_chars())]
    for word in _FROM_THE_RIGHT.finditer("".join(signs)):
        first, last = (text.get_charbox(i)[0] for i in (word.start(), word.end() - 1))
        if first < last:
            signs[word.start() : word.end()] = reversed(word[0])
    return signs


def _lines(text: pypdfium2.PdfTextPage, signs: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The lines as PDFium divides the page, each with its place and type."""
    start = 0
    for end, sign in enumerate([*signs, "\n"]):
        # PDFium has signs of its own for a hyphen at the end of a line.
        if sign in "\r\n\ufffe\x02":
            hyphen = "-" if sign in "\ufffe\x02" else ""
            if words := "".join(signs[start:end]).strip():
                yield {"text": words + hyphen, **_type(text, range(start, end))}
            start = end + 1


def _type(text: pypdfium2.PdfTextPage, places: range) -> dict[str, Any]:
    """Where a line stands, in points from the page's lower left corner, and how it looks."""
    boxes = [text.get_charbox(i, loose=True) for i in places]
    bold = sum(_is_bold(text, i) for i in places)
    return {
        "left": min(box[0] for box in boxes),
        "right": max(box[2] for box in boxes),
        "foot": statistics.median(box[1] for box in boxes),
        "size": round(statistics.median(box[3] - box[1] for box in boxes), 1),
        "bold": bold > len(places) / 2,
    }


def _is_bold(text: pypdfium2.PdfTextPage, place: int) -> bool:
    if pdfium.FPDFText_GetFontWeight(text, place) >= _BOLD:
        return True
    name = create_string_buffer(200)
    pdfium.FPDFText_GetFontInfo(text, place, name, len(name), c_int())
    return b"bold" in name.value.lower()


if __name__ == "__main__":
    main()

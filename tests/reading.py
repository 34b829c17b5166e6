"""Reading a finished PDF as its readers do: by page, and by structure as a screen reader does."""

from __future__ import annotations

import ctypes
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium


@dataclass(frozen=True)
class Element:
    """An element of the structure tree: its type, its depth, and the text that it holds."""

    kind: str
    depth: int
    text: str


class Reading:
    """A PDF opened for reading."""

    def __init__(self, path: Path):
        self.path = path
        self.pdf = pikepdf.open(path)
        self._pages = {page.objgen: index for index, page in enumerate(self.pdf.pages)}

    @cached_property
    def pages(self) -> list[str]:
        """The text of each page in the order of its content."""
        with pypdfium2.PdfDocument(self.path) as document:
            return [page.get_textpage().get_text_bounded() for page in document]

    def zone(self, page: int, left: float, bottom: float, right: float, top: float) -> str:
        """The text of a part of a page, given in points from its lower left corner."""
        with pypdfium2.PdfDocument(self.path) as document:
            return document[page].get_textpage().get_text_bounded(left, bottom, right, top).strip()

    def last_line(self, page: int, foot: float) -> str:
        """The lowest line of a page above its foot, which is `foot` points high."""
        return next(iter(self.lines(page, foot)), "")

    def lines(self, page: int, foot: float, head: float = 0) -> list[str]:
        """The lines of a page from the lowest up, between foot and head, each so many points high.

        Numbers and notes in the margin are taken for a part of the line beside them.
        """
        with pypdfium2.PdfDocument(self.path) as document:
            top = document[page].get_height() - head
            textpage = document[page].get_textpage()
            rects = (textpage.get_rect(n) for n in range(textpage.count_rects()))
            lines: list[list[tuple[float, float, float, float]]] = []
            for rect in sorted((r for r in rects if foot < r[1] < top), key=lambda r: r[1]):
                if lines and rect[1] < lines[-1][0][1] + 4:
                    lines[-1].append(rect)
                else:
                    lines.append([rect])
            return [
                " ".join(textpage.get_text_bounded(*rect) for rect in sorted(line))
                for line in lines
            ]

    @cached_property
    def labels(self) -> list[str]:
        """The page labels."""
        with pypdfium2.PdfDocument(self.path) as document:
            return [document.get_page_label(index) for index in range(len(document))]

    @cached_property
    def bookmarks(self) -> list[tuple[int, str, int]]:
        """Level, title and page of each entry of the outline."""
        with pypdfium2.PdfDocument(self.path) as document:
            return [
                (item.level, item.get_title(), item.get_dest().get_index())
                for item in document.get_toc()
            ]

    @cached_property
    def destinations(self) -> dict[bytes, int]:
        """The page of each named destination."""
        names = pikepdf.NameTree(self.pdf.Root.Names.Dests)
        return {
            bytes(name, "utf-8") if isinstance(name, str) else bytes(name): self._page_of(target)
            for name, target in names.items()
        }

    def _page_of(self, target: pikepdf.Object) -> int:
        array = target.D if isinstance(target, pikepdf.Dictionary) else target
        return self._pages[array[0].objgen]

    @cached_property
    def marked(self) -> dict[tuple[int, int], str]:
        """The text of each marked content, by page and MCID."""
        found: dict[tuple[int, int], str] = defaultdict(str)
        with pypdfium2.PdfDocument(self.path) as document:
            for index, page in enumerate(document):
                textpage = page.get_textpage()
                for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
                    mark = pdfium.FPDFPageObj_GetMarkedContentID(item.raw)
                    if mark >= 0:
                        found[index, mark] += _text(item.raw, textpage.raw)
        return dict(found)

    @cached_property
    def structure(self) -> list[pikepdf.Object]:
        """Every structure element."""
        return list(self._all(self.pdf.Root.StructTreeRoot.K))

    def _all(self, kids: pikepdf.Object) -> Iterator[pikepdf.Object]:
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield kid
                if "/K" in kid:
                    yield from self._all(kid.K)

    @cached_property
    def elements(self) -> list[Element]:
        """Every structure element in logical order, with the text of all that is in it."""
        return list(self._walk(self.pdf.Root.StructTreeRoot.K, 0))

    def _walk(self, kids: pikepdf.Object, depth: int) -> Iterator[Element]:
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield Element(str(kid.S)[1:], depth, "".join(self._texts(kid, None)))
                if "/K" in kid:
                    yield from self._walk(kid.K, depth + 1)

    def _texts(self, kid: pikepdf.Object, page: pikepdf.Object | None) -> Iterator[str]:
        if isinstance(kid, int):
            assert page is not None
            yield self.marked.get((self._pages[page.objgen], kid), "")
        elif isinstance(kid, pikepdf.Array):
            for item in kid:
                yield from self._texts(item, page)
        elif isinstance(kid, pikepdf.Dictionary) and "/ActualText" in kid:
            yield str(kid.ActualText)
        elif isinstance(kid, pikepdf.Dictionary):
            page = kid.get("/Pg", page)
            if "/MCID" in kid:
                yield from self._texts(int(kid.MCID), page)
            elif "/K" in kid:
                yield from self._texts(kid.K, page)

    def spoken_in(self, language: str) -> list[str]:
        """The text of each structure element that says it is in a language."""
        return [
            "".join(self._texts(element, None))
            for element in self.structure
            if str(element.get("/Lang", "")) == language
        ]

    @cached_property
    def spoken(self) -> str:
        """All text in the order of the structure tree."""
        return "".join(element.text for element in self.elements if element.depth == 0)


def _text(item: ctypes.c_void_p, textpage: ctypes.c_void_p) -> str:
    size = pdfium.FPDFTextObj_GetText(item, textpage, None, 0)
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFTextObj_GetText(
        item, textpage, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size
    )
    # PDFium turns text from the right around by halves of characters beyond U+FFFF.
    return buffer.raw.decode("utf-16-le", "surrogatepass").rstrip("\0")


_SEPARATORS = re.compile(r"[^\w]+")


def letters(text: str) -> str:
    """Letters and digits only: what typesetting never changes."""
    return _SEPARATORS.sub("", text)


def characters(page: pypdfium2.PdfPage) -> list[tuple[str, tuple[float, float, float, float]]]:
    """Each character seen on a page with its box: left, bottom, right and top, in points."""
    text = page.get_textpage()
    found = ((text.get_text_range(n, 1), text.get_charbox(n)) for n in range(text.count_chars()))
    return [(character, box) for character, box in found if character.strip()]

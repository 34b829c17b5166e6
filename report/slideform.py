"""The form of a slide: a page of a deck as a form XObject that a report can hold.

ISO 32000-1, 8.10. Of the page come its content and what that draws with, upright, cropped and
scaled to the unit square, where an image would be. What would act, or would confuse the report's
own structure, stays behind: actions, scripts, files, metadata, marked content, layers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream

_OPERATORS = frozenset({
    "b", "B", "b*", "B*", "BT", "c", "cm", "cs", "CS", "d", "d0", "d1", "Do", "ET", "f", "F", "f*",
    "g", "G", "gs", "h", "i", "INLINE IMAGE", "j", "J", "k", "K", "l", "m", "M", "n", "q", "Q",
    "re", "rg", "RG", "ri", "s", "S", "sc", "SC", "scn", "SCN", "sh", "T*", "Tc", "Td", "TD", "Tf",
    "Tj", "TJ", "TL", "Tm", "Tr", "Ts", "Tw", "Tz", "v", "w", "W", "W*", "y", "'", '"',
})  # fmt: skip
"""The operators that draw (annex A): not those of marked content, which must not meet the report's
(14.6), nor of compatibility, nor any of a program's own."""

_FORM_EXTRAS = ("OPI", "PS", "Ref", "Metadata", "PieceInfo", "LastModified", "StructParent",
                "StructParents", "OC", "Subtype2", "Measure", "AF")  # fmt: skip
_IMAGE_EXTRAS = ("OPI", "Alternates", "Metadata", "StructParent", "OC", "Measure", "ID", "AF")
_STATE_EXTRAS = ("TR", "HTP", "HTO")
_FONT_EXTRAS = ("CIDSet", "CharSet", "Metadata")
"""Entries without which what they belong to is drawn the same, and some of which ISO 19005-3,
6.2 forbids or allows only when they are true."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of a page that is shown: its crop box in the page's units, and its rotation."""

    left: float
    bottom: float
    right: float
    top: float
    rotation: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height when the page is upright."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.rotation in (90, 270) else (width, height)

    @property
    def matrix(self) -> tuple[float, ...]:
        """The transformation (8.3.4) that turns the page upright and fits it to the unit square."""
        width, height = self.right - self.left, self.top - self.bottom
        left, bottom = self.left / width, self.bottom / height
        right, top = self.right / width, self.top / height
        match self.rotation:
            case 90:
                return (0, -1 / width, 1 / height, 0, -bottom, right)
            case 180:
                return (-1 / width, 0, 0, -1 / height, right, top)
            case 270:
                return (0, 1 / width, -1 / height, 0, top, -left)
            case _:
                return (1 / width, 0, 0, 1 / height, -left, -bottom)

    def placed(self, box: Iterable[float]) -> tuple[float, float, float, float]:
        """A rectangle of the page in the unit square: left, bottom, right, top."""
        a, b, c, d, e, f = self.matrix
        x0, y0, x1, y1 = box
        across = sorted(_within(a * x + c * y + e) for x, y in ((x0, y0), (x1, y1)))
        up = sorted(_within(b * x + d * y + f) for x, y in ((x0, y0), (x1, y1)))
        return across[0], up[0], across[1], up[1]


def _within(value: float) -> float:
    return min(1.0, max(0.0, value))


def frame(page: Page) -> Frame:
    """The frame of a page (14.11.2.1); a crop box outside the page's is as if there was none."""
    media, crop = _rectangle(page.mediabox), _rectangle(page.cropbox)
    box = (
        max(media[0], crop[0]),
        max(media[1], crop[1]),
        min(media[2], crop[2]),
        min(media[3], crop[3]),
    )
    if box[0] >= box[2] or box[1] >= box[3]:
        box = media
    return Frame(*box, _rotation(page))


def _rectangle(array: Any) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = map(float, array)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _rotation(page: Page) -> int:
    """The rotation of a page, which it may inherit (7.7.3.4): a multiple of 90."""
    node: Any = page.obj
    while node is not None:
        if "/Rotate" in node:
            return round(float(node.Rotate) / 90) * 90 % 360
        node = node.get("/Parent")
    return 0


def slide_form(pdf: Pdf, page: Page) -> Object:
    """Make the form XObject of a page. What the page draws with is changed in place."""
    shown = frame(page)
    resources = page.resources
    _clean_resources(pdf, resources, set())
    form = Stream(
        pdf,
        _cleaned(page.obj),
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([shown.left, shown.bottom, shown.right, shown.top]),
        Matrix=Array(shown.matrix),
        Resources=resources,
    )
    if "/Group" in page.obj:
        form.Group = page.obj.Group
    return pdf.make_indirect(form)


def picture_form(pdf: Pdf, jpeg: bytes, size: tuple[int, int]) -> Object:
    """Make a form XObject that shows a picture in its place."""
    picture = Stream(
        pdf,
        jpeg,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=size[0],
        Height=size[1],
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )
    return pdf.make_indirect(
        Stream(
            pdf,
            b"/Picture Do",
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, 1, 1]),
            Resources=Dictionary(XObject=Dictionary(Picture=pdf.make_indirect(picture))),
        )
    )


def _cleaned(content: Object) -> bytes:
    """Content that only draws, with as many Q as q (8.4.2)."""
    return pikepdf.unparse_content_stream(list(_balanced(_drawing(content))))


def _drawing(content: Object) -> Iterator[Any]:
    for instruction in pikepdf.parse_content_stream(content):
        operator = str(instruction.operator)
        if operator in _OPERATORS:
            yield instruction


def _balanced(instructions: Iterable[Any]) -> Iterator[Any]:
    depth = 0
    for instruction in instructions:
        operator = str(instruction.operator)
        depth += (operator == "q") - (operator == "Q")
        if depth < 0:
            depth = 0
        else:
            yield instruction
    for _ in range(depth):
        yield pikepdf.ContentStreamInstruction([], pikepdf.Operator("Q"))


def _clean_resources(pdf: Pdf, resources: Object, done: set[tuple[int, int]]) -> None:
    """Take out of resources (7.8.3), and of what they lead to, all that only a deck needs."""
    _drop(resources, ("Properties",))
    for state in _entries(resources, "ExtGState"):
        _drop(state, _STATE_EXTRAS)
        if state.get("/TR2", Name.Default) != Name.Default:
            del state.TR2
        if isinstance(state.get("/SMask"), Dictionary) and "/G" in state.SMask:
            _clean_drawing(pdf, state.SMask.G, resources, done)
    objects = resources.get("/XObject", Dictionary())
    for name in list(objects.keys()):
        if objects[name].get("/Subtype") == Name.PS:
            del objects[name]
        else:
            _clean_drawing(pdf, objects[name], resources, done)
    for pattern in _entries(resources, "Pattern"):
        _clean_drawing(pdf, pattern, resources, done)
    for font in _entries(resources, "Font"):
        _clean_font(pdf, font, resources, done)


def _clean_font(pdf: Pdf, font: Object, resources: Object, done: set[tuple[int, int]]) -> None:
    if isinstance(font.get("/ToUnicode"), Stream) and _is_new(font.ToUnicode, done):
        font.ToUnicode.write(_SECTION.sub(_tell_bullets, font.ToUnicode.read_bytes()))
    for each in (font, *font.get("/DescendantFonts", ())):
        if "/FontDescriptor" in each:
            _drop(each.FontDescriptor, _FONT_EXTRAS)
    if font.get("/Subtype") == Name.Type3:
        own = font.get("/Resources", resources)
        if "/Resources" in font and _is_new(font, done):
            _clean_resources(pdf, own, done)


_BULLETS = {b"F0B7": b"2022", b"F0A7": b"25AA", b"F0D8": b"27A2", b"F0FC": b"2713",
            b"F0E0": b"2192", b"F076": b"2756"}  # fmt: skip
"""What the bullets of slide programs look like: in their symbol fonts, letters of private use."""

_SECTION = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
_PAIR = re.compile(rb"(<\w+>\s*)<(?P<letter>\w+)>")
_RANGE_OF_ONE = re.compile(rb"(<(?P<code>\w+)>\s*<(?P=code)>\s*)<(?P<letter>\w+)>")


def _tell_bullets(section: re.Match[bytes]) -> bytes:
    """A section of a CMap to Unicode (9.10.3) that tells bullets (ISO 19005-3, 6.2.11.7.3)."""
    entry = _PAIR if section[1] == b"char" else _RANGE_OF_ONE
    return entry.sub(_bullet, section[0])


def _bullet(entry: re.Match[bytes]) -> bytes:
    letter = entry["letter"]
    return entry[1] + b"<" + _BULLETS.get(letter.upper(), letter) + b">"


def _clean_drawing(pdf: Pdf, drawing: Object, above: Object, done: set[tuple[int, int]]) -> None:
    """Clean an image, a form XObject (8.10) or a pattern (8.7)."""
    if not _is_new(drawing, done) or not isinstance(drawing, Stream):
        return
    if drawing.get("/Subtype") == Name.Image:
        _drop(drawing, _IMAGE_EXTRAS)
        drawing.Interpolate = False
        if "/SMask" in drawing:
            _clean_drawing(pdf, drawing.SMask, above, done)
        return
    _drop(drawing, _FORM_EXTRAS)
    if "/Resources" not in drawing:
        drawing.Resources = above
    _clean_resources(pdf, drawing.Resources, done)
    drawing.write(_cleaned(drawing))


def _is_new(drawing: Object, done: set[tuple[int, int]]) -> bool:
    seen = drawing.objgen in done
    done.add(drawing.objgen)
    return not seen


def _entries(resources: Object, kind: str) -> Iterator[Object]:
    for _, entry in resources.get(f"/{kind}", Dictionary()).items():
        if isinstance(entry, Dictionary | Stream):
            yield entry


def _drop(drawing: Object, keys: Iterable[str]) -> None:
    for key in keys:
        if f"/{key}" in drawing:
            del drawing[f"/{key}"]

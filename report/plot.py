"""Plotting: a figure as SVG that stands in HTML, drawn by matplotlib.

The one module that imports matplotlib. Text stays text, so that it is found, read and copied, and
is set in the report's own faces. A shape states its colour twice: as an attribute, which holds on
paper, and as a class that names the token, by which a screen gives it its colours of the dark.
Lengths are in points.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from functools import lru_cache
from io import StringIO
from itertools import accumulate, groupby
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager

from report.digits import written
from report.glance import Chart
from report.languages import direction
from report.look import Look
from report.support import Bond, Matrix
from report.typography import smarten

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_INCH = 72
_MILLIMETRE = _INCH / 25.4


def plot(figure: Chart | Matrix, look: Look) -> str:
    """Draw a figure as an `svg` element that needs no style of its own and no server."""
    _know(look.fonts)
    with matplotlib.rc_context(), warnings.catch_warnings():
        # Faces only measure here; what one of them lacks, the reader's faces will show.
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(
            {
                "svg.fonttype": "none",
                # The salt of the ids that matplotlib gives: unique among all figures.
                "svg.hashsalt": figure.id,
                "font.family": [*_faces(look), "DejaVu Sans"],
                "text.color": look.colours["ink"],
                "ytick.labelcolor": look.colours["ink"],
                "text.parse_math": False,
            }
        )
        drawing = _Bars(figure, look) if isinstance(figure, Chart) else _Dots(figure, look)
        return _element(_svg(drawing.figure()), smarten(figure.alternative, look.language), look)


class _Bars:
    """Bars, as long as possible, each with its label before and its value after it."""

    WIDTH = 118 * _MILLIMETRE
    """The measure of a page."""

    LABELS = 54 * _MILLIMETRE
    VALUES = 9 * _MILLIMETRE
    SIZE = 8
    THICKNESS = 9
    GAP = 5

    def __init__(self, chart: Chart, look: Look) -> None:
        self._chart = chart
        self._look = look

    def figure(self) -> Figure:
        labels = [
            written(_lines(bar.label, 36, 2, self._look.language), self._look.digits)
            for bar in self._chart.bars
        ]
        values = [bar.value for bar in self._chart.bars]
        told = [written(str(value), self._look.digits) for value in values]
        heights = [self.SIZE * 1.25 * (1 + label.count("\n")) + self.GAP for label in labels]
        ends = list(accumulate(heights))
        middles = [end - height / 2 for end, height in zip(ends, heights, strict=True)]
        figure, axes = _canvas(
            self.WIDTH, ends[-1], start=self.LABELS, end=self.VALUES, top=0, look=self._look
        )
        colour = self._look.colours["accent"]
        bars = axes.barh(middles, values, height=self.THICKNESS, color=colour, clip_on=False)
        axes.set_xlim(*_along(0, max(values), self._look))
        axes.bar_label(bars, told, padding=4, fontsize=self.SIZE)
        axes.set_yticks(middles, labels, fontsize=self.SIZE)
        if _is_mirrored(self._look):
            axes.yaxis.tick_right()
        axes.tick_params(length=0, pad=5)
        axes.set_ylim(ends[-1], 0)
        return figure


class _Dots:
    """A dot where a row is bound to a column; columns stand in bands, one for each session."""

    WIDTH = 166 * _MILLIMETRE
    """Wider than the measure: a matrix reaches into both margins."""

    LABELS = 62 * _MILLIMETRE
    NAMES = 34 * _MILLIMETRE
    ROW = 5 * _MILLIMETRE
    WIDEST = 6 * _MILLIMETRE
    SIZE = 6.2
    DOT = 4.8
    RING = 4

    def __init__(self, matrix: Matrix, look: Look) -> None:
        self._matrix = matrix
        self._colours = look.colours
        self._look = look
        count = len(matrix.sources)
        self._pitch = min((self.WIDTH - self.LABELS) / count, self.WIDEST)
        self._height = self.ROW * len(matrix.rows)
        figure, axes = _canvas(
            self.WIDTH,
            self.NAMES + self._height,
            start=self.LABELS,
            end=self.WIDTH - self.LABELS - self._pitch * count,
            top=self.NAMES,
            look=look,
        )
        self._figure, self._axes = figure, axes
        axes.set_yticks([])
        axes.set_xlim(*_along(-0.5, count - 0.5, look))
        axes.set_ylim(len(matrix.rows) - 0.5, -0.5)

    def figure(self) -> Figure:
        self._draw_sessions()
        self._draw_names()
        self._draw_rows()
        self._draw_bonds()
        return self._figure

    def _draw_sessions(self) -> None:
        """A band for each session, every other one tinted, with the session's number on top."""
        columns = enumerate(self._matrix.sources)
        for index, (session, group) in enumerate(groupby(columns, key=lambda c: c[1].session)):
            places = [place for place, _ in group]
            if index % 2 == 0:
                self._axes.axvspan(
                    places[0] - 0.5,
                    places[-1] + 0.5,
                    ymax=1 + self.NAMES / self._height,
                    facecolor=self._colours["tint"],
                    linewidth=0,
                    clip_on=False,
                    zorder=0,
                )
            self._write(
                (places[0] + places[-1]) / 2,
                self._above(self.NAMES - 4),
                str(session),
                color=self._colours["accent"],
                ha="center",
                va="top",
            )

    def _draw_names(self) -> None:
        self._write(
            self._from_start(self.LABELS - 6),
            self._above(self.NAMES - 4),
            self._matrix.band,
            color=self._colours["accent"],
            ha="end",
            va="top",
        )
        for place, source in enumerate(self._matrix.sources):
            name = _lines(source.name, 28, 1, self._look.language)
            self._write(place, self._above(4), name, rotation=90, ha="center", va="bottom")

    def _draw_rows(self) -> None:
        end = len(self._matrix.sources) - 0.5
        for place, row in enumerate(self._matrix.rows):
            if row.is_heading:
                heading = _lines(row.text, 120, 1, self._look.language)
                self._write(self._from_start(0), place, heading, color=self._colours["accent"])
            else:
                self._write(self._from_start(10), place, str(row.number), ha="end")
                self._write(self._from_start(14), place, self._text(row.text))
            self._axes.hlines(
                place + 0.5,
                self._from_start(0),
                end,
                color=self._colours["rule"],
                linewidth=0.4,
                clip_on=False,
                zorder=1,
            )

    def _draw_bonds(self) -> None:
        self._draw_dots(Bond.MADE, self.DOT, facecolors=self._colours["accent"], linewidths=0)
        self._draw_dots(
            Bond.CITED,
            self.RING,
            facecolors=self._colours["paper"],
            edgecolors=self._colours["accent-warm"],
            linewidths=1.1,
        )

    def _draw_dots(self, kind: Bond, size: float, **look: Any) -> None:
        places = [
            (column, place)
            for place, row in enumerate(self._matrix.rows)
            for column, found in enumerate(row.bonds)
            if found is kind
        ]
        if places:
            columns, rows = zip(*places, strict=True)
            self._axes.scatter(columns, rows, s=size**2, clip_on=False, **look)

    def _text(self, text: str) -> str:
        return _lines(text, 52, 2, self._look.language)

    def _write(
        self, x: float, y: float, text: str, *, ha: str = "start", va: str = "center", **look: Any
    ) -> None:
        sides = {"start": "left", "end": "right"}
        if _is_mirrored(self._look):
            sides = {"start": "right", "end": "left"}
        text = written(text, self._look.digits)
        self._axes.text(
            x, y, text, fontsize=self.SIZE, ha=sides.get(ha, ha), va=va, linespacing=0.95, **look
        )

    def _from_start(self, points: float) -> float:
        """The place on the axis that is so far from the edge where lines begin."""
        return (points - self.LABELS) / self._pitch - 0.5

    def _above(self, points: float) -> float:
        """The place on the axis that is so far above the first row."""
        return -points / self.ROW - 0.5


def _is_mirrored(look: Look) -> bool:
    return direction(look.language) == "rtl"


def _along(start: float, end: float, look: Look) -> tuple[float, float]:
    """The limits of an axis that runs the way lines do."""
    return (end, start) if _is_mirrored(look) else (start, end)


def _canvas(
    width: float, height: float, *, start: float, end: float, top: float, look: Look
) -> tuple[Figure, Axes]:
    """A figure with bare axes at these distances from its edges, and from its foot on.

    `start` is where lines begin: at the right in a report that is written from right to left.
    """
    left, right = _along(start, end, look)
    figure = Figure(figsize=(width / _INCH, height / _INCH))
    axes = figure.add_axes(
        (left / width, 0, (width - left - right) / width, (height - top) / height)
    )
    axes.spines[:].set_visible(False)
    axes.set_xticks([])
    figure.patch.set_visible(False)
    axes.patch.set_visible(False)
    return figure, axes


def _lines(text: str, width: int, count: int, language: str) -> str:
    """A text in at most so many lines of so many characters; one of Chinese is as wide as two."""
    words = [word for word in _WORD.findall(smarten(text, language)) if word]
    lines = [""]
    for word in words:
        if lines[-1] and _width(lines[-1] + word.rstrip()) > width:
            lines.append("")
        lines[-1] += word
    if len(lines) > count:
        lines[count - 1] = f"{lines[count - 1].rstrip()}\u2026"
    return "\n".join(line.rstrip() for line in lines[:count])


_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_WORD = re.compile(rf"(?:[（《“‘「]*[{_WIDE}][，。、；：？！）》”’」]*|[^\s{_WIDE}]+)\s*")
"""What a line does not divide: a word, or a Chinese character with the signs beside it."""


def _width(text: str) -> int:
    return len(text) + len(re.findall(f"[{_WIDE}]", text))


def _faces(look: Look) -> list[str]:
    """The faces of the stack that there are here to measure with."""
    known = set(fontManager.get_font_names())
    stack = (face.strip("\"' ") for face in look.faces.split(","))
    return [face for face in stack if face in known]


@lru_cache
def _know(fonts: tuple[Path, ...]) -> None:
    """Let matplotlib measure with the report's faces, which are installed in packages only."""
    for font in fonts:
        fontManager.addfont(font)


def _svg(figure: Figure) -> str:
    output = StringIO()
    figure.savefig(output, format="svg", metadata={"Date": None})
    return output.getvalue()


_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_UNWANTED = {f"{_SVG}metadata", f"{_SVG}style"}
_LONG_NUMBER = re.compile(r"(?P<scale>scale\([^)]*\))|(\.\d\d)\d+")
_UNTURNED = re.compile(r"rotate\(-?0 ")


def _element(svg: str, alternative: str, look: Look) -> str:
    """Make matplotlib's file an element: attributes for styles, and no ids but those in use."""
    root = ElementTree.fromstring(svg)
    for parent in root.iter():
        parent[:] = [child for child in parent if child.tag not in _UNWANTED]
    for shape in root.iterfind(f".//{_SVG}defs/*"):
        # Each `use` of the shape states its colours, which the shape inherits.
        shape.attrib.pop("style", None)
    names = {colour: name for name, colour in look.colours.items()}
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
        _style_by_attributes(element, names)
        _direct(element)
        _shorten(element)
    root.attrib |= {
        "xmlns": _SVG.strip("{}"),
        "role": "img",
        # Anchors of text are where they were drawn, whatever the direction of the text around.
        "direction": "ltr",
        "aria-label": alternative,
        "font-family": look.faces,
    }
    return ElementTree.tostring(root, encoding="unicode")


def _style_by_attributes(element: Element, names: Mapping[str, str]) -> None:
    """Turn a `style` into attributes (SVG 2, 6.6): the page's policy allows no styles in them."""
    style = dict(_declarations(element.attrib.pop("style", "")))
    style.pop("font-family", None)
    element.attrib |= style
    classes = [
        f"{key}-{names[style[key]]}" for key in ("fill", "stroke") if style.get(key) in names
    ]
    if classes:
        element.set("class", " ".join(classes))


def _direct(element: Element) -> None:
    """Have a text with letters from right to left run that way, and stand where it stood."""
    if _RIGHT_TO_LEFT.search(element.text or ""):
        anchor = element.get("text-anchor", "start")
        turned = {"start": "end", "end": "start"}.get(anchor, anchor)
        element.attrib |= {"direction": "rtl", "text-anchor": turned}


def _declarations(style: str) -> Iterator[tuple[str, str]]:
    for declaration in filter(str.strip, style.split(";")):
        name, _, value = declaration.partition(":")
        yield name.strip(), value.strip()


def _shortened(number: re.Match[str]) -> str:
    return number["scale"] or number[2]


def _shorten(element: Element) -> None:
    """Write numbers to a hundredth of a point, and nothing that says nothing."""
    attributes = element.attrib
    for name in {"d", "x", "y", "transform", "width", "height", "viewBox"} & attributes.keys():
        attributes[name] = " ".join(_LONG_NUMBER.sub(_shortened, attributes[name]).split())
    if _UNTURNED.match(attributes.get("transform", "")):
        del attributes["transform"]
    if _HREF in attributes:
        attributes["href"] = attributes.pop(_HREF)
    if element.tag == "g":
        attributes.pop("id", None)
    if element.tag != "text":
        element.text = None
    element.tail = None

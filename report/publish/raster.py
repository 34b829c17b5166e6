"""Drawings as pictures, for forms whose readers do not draw SVG."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from report.scripts import sheets_for

Rasterize = Callable[[str], bytes]
"""Makes a PNG of a drawing in SVG."""

_SCALE = 3
"""Pixels a point: 216 an inch."""

_SIZE = re.compile(r'\s(width|height)="([0-9.]+pt)"')


def rasterizer(styles: Sequence[tuple[str, str]], folder: Path, language: str) -> Rasterize:
    """What makes pictures of the drawings of a report in a language.

    `styles` are the stylesheets that name faces; `folder` is the event's.
    """
    # Imported here because only a report with drawings needs the typesetter for them.
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from report.press import Fetcher

    fonts, fetcher = FontConfiguration(), Fetcher(folder)

    @cache
    def sheet(css: str) -> Any:
        return CSS(string=css, font_config=fonts, url_fetcher=fetcher)

    def rasterize(svg: str) -> bytes:
        size = dict(_SIZE.findall(svg))
        page = f"@page {{ size: {size['width']} {size['height']}; margin: 0 }}"
        style = f"{page} body {{ margin: 0 }} svg {{ display: block }}"
        html = HTML(string=f"<style>{style}</style>{svg}", url_fetcher=fetcher)
        sheets = [sheet(css) for _, css in sheets_for(styles, svg, [language])]
        return first_page(html.write_pdf(stylesheets=sheets, font_config=fonts), _SCALE)

    return rasterize


def first_page(pdf: bytes, scale: float) -> bytes:
    """A picture of a PDF's first page, as PNG, in so many pixels a point."""
    from pypdfium2 import PdfDocument

    picture = io.BytesIO()
    with PdfDocument(pdf) as document:
        document[0].render(scale=scale).to_pil().save(picture, "PNG", optimize=True)
    return picture.getvalue()

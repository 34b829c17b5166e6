"""Drawings as pictures, for forms whose readers do not draw SVG."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path

Rasterize = Callable[[str], bytes]
"""Makes a PNG of a drawing in SVG."""

_SCALE = 3
"""Pixels a point: 216 an inch."""

_SIZE = re.compile(r'\s(width|height)="([0-9.]+pt)"')


def rasterizer(styles: Sequence[tuple[str, str]], folder: Path) -> Rasterize:
    """What makes pictures in the faces that stylesheets name; `folder` is the event's."""
    # Imported here because only a report with drawings needs the typesetter for them.
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from report.press import Fetcher

    fonts, fetcher = FontConfiguration(), Fetcher(folder)
    sheets = [CSS(string=text, font_config=fonts, url_fetcher=fetcher) for _, text in styles]

    def rasterize(svg: str) -> bytes:
        size = dict(_SIZE.findall(svg))
        page = f"@page {{ size: {size['width']} {size['height']}; margin: 0 }}"
        html = f"<style>{page} body {{ margin: 0 }} svg {{ display: block }}</style>{svg}"
        pdf = HTML(string=html, url_fetcher=fetcher).write_pdf(
            stylesheets=sheets, font_config=fonts
        )
        return _png(pdf)

    return rasterize


def _png(pdf: bytes) -> bytes:
    from pypdfium2 import PdfDocument

    picture = io.BytesIO()
    with PdfDocument(pdf) as document:
        document[0].render(scale=_SCALE).to_pil().save(picture, "PNG", optimize=True)
    return picture.getvalue()

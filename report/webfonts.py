"""Faces for the screen: the characters that the page uses of each, inside its stylesheet.

WOFF (W3C Recommendation, WOFF File Format 1.0) and not WOFF2: its zlib packs a face in 3 ms where
Brotli takes 100, for a third more bytes, and a page is made after every edit. A face keeps its
kerning and ligatures, and the figures that the stylesheets choose between.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Collection, Mapping
from io import BytesIO
from pathlib import Path

import uharfbuzz
from fontTools.ttLib import TTFont

from report.resources import fonts, locate

LIMIT = 300_000
"""Bytes that the faces of one stylesheet may take in the page: enough for those of an alphabet, and
not for those of Chinese; beyond it the reader's own faces are used."""

_FIGURES = ("onum", "lnum", "pnum", "tnum")
"""Layout features that subsetting would drop, though `font-variant-numeric` asks for them."""

_FACE = re.compile(r"@font-face\s*\{[^}]*\}\s*")


def embed_fonts(css: str, folder: Path, characters: Collection[str]) -> str:
    """Put the fonts that a stylesheet names into it, with no more glyphs than `characters` need.

    When they would weigh more than `LIMIT`, the faces are left out and families fall back to the
    next name of their stack.
    """
    faces = {url: _data_url(_subset(locate(url, folder), characters)) for url in fonts([css])}
    if sum(map(len, faces.values())) > LIMIT:
        return _FACE.sub("", css)
    return _replace_all(css, faces)


def _replace_all(css: str, urls: Mapping[str, str]) -> str:
    for url, data in urls.items():
        css = css.replace(url, data)
    return css


def _data_url(font: bytes) -> str:
    return f"data:font/woff;base64,{b64encode(font).decode()}"


def _subset(file: Path, characters: Collection[str]) -> bytes:
    """The part of a face that draws `characters`, as WOFF."""
    wanted = uharfbuzz.SubsetInput()
    wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING
    wanted.unicode_set.update(map(ord, characters))
    wanted.layout_feature_tag_set.update(map(_tag, _FIGURES))
    face = uharfbuzz.Face(uharfbuzz.Blob(file.read_bytes()))
    return _packed(uharfbuzz.subset(face, wanted).blob.data)


def _tag(name: str) -> int:
    return int.from_bytes(name.encode("ascii"), "big")


def _packed(font: bytes) -> bytes:
    packed, target = TTFont(BytesIO(font), recalcTimestamp=False, recalcBBoxes=False), BytesIO()
    packed.flavor = "woff"
    packed.save(target, reorderTables=None)
    return target.getvalue()

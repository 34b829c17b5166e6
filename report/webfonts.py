"""Faces for the screen: the characters that pages use of each, inside their stylesheet.

The one page takes WOFF (W3C Recommendation, WOFF File Format 1.0) and not WOFF2: its zlib packs a
face in 3 ms where Brotli takes 300, for a third more bytes, and it is made after every edit. The
faces of a site are packed once and kept. A face keeps its kerning and ligatures, and the figures
that the stylesheets choose between.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path, PurePosixPath

import uharfbuzz
from fontTools.ttLib import TTFont

from report.fragment import Store
from report.resources import data_url, fonts, locate, with_urls

LIMIT = 300_000
"""Bytes that the faces of one stylesheet may take in the page: enough for those of an alphabet, and
not for those of Chinese; beyond it the reader's own faces are used."""

SHEET_LIMIT = 100_000
"""Bytes that a face may take in a stylesheet of a site: an alphabet does, Chinese is a file."""

_FIGURES = ("onum", "lnum", "pnum", "tnum")
"""Layout features that subsetting would drop, though `font-variant-numeric` asks for them."""

_FRACTIONS = ("frac", "numr", "dnom")
"""Layout features that it would keep, with a glyph for each, though no stylesheet asks for them."""

_FACE = re.compile(r"@font-face\s*\{[^}]*\}\s*")
_STRONG = re.compile(r"font-weight:\s*(?:bold|[6-9]\d\d)|font-style:\s*(?:italic|oblique)")


@dataclass(frozen=True, slots=True)
class Faces:
    """The faces of a site as two stylesheets, and the files that these name.

    `plain` has the upright faces of usual weight, `strong` the bold and the italic ones.
    """

    plain: str
    strong: str
    files: Mapping[str, bytes]


def embed_fonts(css: str, folder: Path, characters: Collection[str]) -> str:
    """Put the fonts that a stylesheet names into it, with no more glyphs than `characters` need.

    When they would weigh more than `LIMIT`, the faces are left out and families fall back to the
    next name of their stack.
    """
    faces = {
        url: _data_url(_packed(_subset(locate(url, folder).read_bytes(), characters), "woff"))
        for url in fonts([css])
    }
    if sum(map(len, faces.values())) > LIMIT:
        return _FACE.sub("", css)
    return with_urls(css, faces)


def shared_fonts(
    css: str, folder: Path, characters: Collection[str], store: Store
) -> tuple[str, Faces]:
    """Take the faces out of a stylesheet: it without them, and they with their fonts.

    Fonts stand in the stylesheets, so that a browser has them with the first text that it shows,
    and refuses none to a page that was opened from a disk. A large font, as of a script with
    thousands of signs, is a file; a page that has it too late does without (CSS Fonts 4, 4.9,
    `font-display: optional`).
    """
    packed = {url: _kept(locate(url, folder), characters, store) for url in fonts([css])}
    files = {_file(url, font): font for url, font in packed.items() if len(font) > SHEET_LIMIT}
    urls = {
        url: _data_url(font) if len(font) <= SHEET_LIMIT else _file(url, font)
        for url, font in packed.items()
    }
    filled = [with_urls(face, urls) for face in _FACE.findall(css)]
    faces = [
        face if 'url("data:' in face else face.replace("{", "{ font-display: optional;", 1)
        for face in filled
    ]
    plain, strong = (
        "".join(face for face in faces if bool(_STRONG.search(face)) is is_strong)
        for is_strong in (False, True)
    )
    return _FACE.sub("", css), Faces(plain, strong, files)


def _kept(file: Path, characters: Collection[str], store: Store) -> bytes:
    """A font as WOFF2 with no more glyphs than are needed, made now or before."""
    content = file.read_bytes()
    has = set(map(chr, uharfbuzz.Face(uharfbuzz.Blob(content)).unicodes))
    made_of = (content, "".join(sorted(has & set(characters))).encode(), _code())
    key = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in made_of)).hexdigest()
    if (kept := store.read(key)) is not None:
        return kept
    font = _packed(_subset(content, characters), "woff2")
    store.write(key, font)
    return font


@cache
def _code() -> bytes:
    return Path(__file__).read_bytes()


def _file(url: str, font: bytes) -> str:
    return f"fonts/{PurePosixPath(url).stem}-{hashlib.sha256(font).hexdigest()[:8]}.woff2"


def _data_url(font: bytes) -> str:
    kind = "woff2" if font[:4] == b"wOF2" else "woff"
    return data_url(f"font/{kind}", font)


def _subset(font: bytes, characters: Collection[str]) -> bytes:
    """The part of a face that draws `characters`."""
    wanted = uharfbuzz.SubsetInput()
    wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING
    wanted.unicode_set.update(map(ord, characters))
    wanted.layout_feature_tag_set.update(map(_tag, _FIGURES))
    for feature in _FRACTIONS:
        wanted.layout_feature_tag_set.discard(_tag(feature))
    return bytes(uharfbuzz.subset(uharfbuzz.Face(uharfbuzz.Blob(font)), wanted).blob.data)


def _tag(name: str) -> int:
    return int.from_bytes(name.encode("ascii"), "big")


def _packed(font: bytes, flavor: str) -> bytes:
    packed, target = TTFont(BytesIO(font), recalcTimestamp=False, recalcBBoxes=False), BytesIO()
    packed.flavor = flavor
    packed.save(target, reorderTables=None)
    return target.getvalue()

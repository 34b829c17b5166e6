"""Fonts at linking: one subset of each face over the glyphs of all units.

ISO 32000-1, 9.6 to 9.10. The press leaves fonts out of fragments and tells only which glyphs it
set, with their widths and texts. Subsets keep glyph ids, so the text of the pages stays as it is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

import pydyf

from report.fragment import FaceUse, Store
from report.programs import package_version

_UNUSED_TABLES = ("BASE", "DSIG", "EBDT", "EBLC", "EBSC", "GDEF", "GPOS", "GSUB", "JSTF", "LTSH",
                  "PCLT", "SVG ", "kern", "meta", "STAT", "gasp", "hdmx", "VDMX")  # fmt: skip
"""Tables for layout and bitmaps, which a PDF has no use for (9.9)."""

_CMAP_HEAD = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
"""
_CMAP_TAIL = b"""endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""
_BATCH = 100
"""Entries that one section of a CMap may have (9.10.3)."""


def join(uses: Iterable[FaceUse]) -> tuple[FaceUse, ...]:
    """Return each face once, with the glyphs of all its uses, in the order of their names."""
    joined: dict[str, FaceUse] = {}
    for use in uses:
        known = joined.get(use.name)
        if known is None:
            joined[use.name] = _widened(use, {}, {})
        elif known.program != use.program:
            raise ValueError(f"two fonts are both called {use.base_font}")
        else:
            # What a unit sets first tells a glyph's text, as reading order is stable.
            known.widths.update(use.widths)  # type: ignore[attr-defined]
            known.texts.update(use.texts | known.texts)  # type: ignore[attr-defined,operator]
    return tuple(joined[name] for name in sorted(joined))


def _widened(use: FaceUse, widths: Mapping[int, float], texts: Mapping[int, str]) -> FaceUse:
    return FaceUse(
        use.name, use.base_font, use.family, use.flags, use.ascent, use.descent, use.program,
        use.index, {**use.widths, **widths}, {**use.texts, **texts},
    )  # fmt: skip


def embed(
    faces: Iterable[FaceUse], store: Store, add: Callable[[pydyf.Object], str]
) -> pydyf.Dictionary:
    """Return the font dictionaries (9.7.6.1) of faces by their resource names.

    `add` makes an object one of the file's own and returns the reference to it.
    """
    return pydyf.Dictionary({face.name: add(_composite_font(face, store, add)) for face in faces})


def _composite_font(
    face: FaceUse, store: Store, add: Callable[[pydyf.Object], str]
) -> pydyf.Dictionary:
    return pydyf.Dictionary({
        "Type": "/Font",
        "Subtype": "/Type0",
        "BaseFont": _name(face),
        "Encoding": "/Identity-H",
        "DescendantFonts": pydyf.Array([add(_descendant(face, subset(face, store), add))]),
        "ToUnicode": add(pydyf.Stream([to_unicode(face.texts)], compress=True)),
    })  # fmt: skip


def _descendant(
    face: FaceUse, program: bytes, add: Callable[[pydyf.Object], str]
) -> pydyf.Dictionary:
    collection = {
        "Registry": pydyf.String("Adobe"),
        "Ordering": pydyf.String("Identity"),
        "Supplement": 0,
    }
    font = pydyf.Dictionary({
        "Type": "/Font",
        "Subtype": "/CIDFontType0" if _is_cff(program) else "/CIDFontType2",
        "BaseFont": _name(face),
        "CIDSystemInfo": pydyf.Dictionary(collection),
        "W": pydyf.Array(_widths(face.widths)),
        "FontDescriptor": add(_descriptor(face, program, add)),
    })  # fmt: skip
    if not _is_cff(program):
        font["CIDToGIDMap"] = "/Identity"
    return font


def _descriptor(
    face: FaceUse, program: bytes, add: Callable[[pydyf.Object], str]
) -> pydyf.Dictionary:
    box = [0, face.descent, max(face.widths.values(), default=0), face.ascent]
    descriptor = pydyf.Dictionary({
        "Type": "/FontDescriptor",
        "FontName": _name(face),
        "FontFamily": pydyf.String(face.family),
        "Flags": face.flags,
        "FontBBox": pydyf.Array(box),
        "ItalicAngle": 0,
        "Ascent": face.ascent,
        "Descent": face.descent,
        "CapHeight": face.ascent,
        "StemV": 80,
    })  # fmt: skip
    entry, kind = ("FontFile3", {"Subtype": "/OpenType"}) if _is_cff(program) else (
        "FontFile2", {"Length1": len(program)}
    )  # fmt: skip
    descriptor[entry] = add(pydyf.Stream([program], kind, compress=True))
    return descriptor


def _name(face: FaceUse) -> bytes:
    return bytes(pydyf.name(face.base_font))


def _is_cff(program: bytes) -> bool:
    return program.startswith(b"OTTO")


def _widths(widths: Mapping[int, float]) -> Iterator[object]:
    """Yield the entries of a W array (9.7.4.3): runs of glyphs, each run once."""
    run: list[float] = []
    last = -2
    for glyph in sorted(widths):
        if glyph != last + 1 and run:
            yield pydyf.Array(run)
            run = []
        if not run:
            yield glyph
        run.append(widths[glyph])
        last = glyph
    if run:
        yield pydyf.Array(run)


def to_unicode(texts: Mapping[int, str]) -> bytes:
    """Return the CMap from glyphs to text (9.10.3)."""
    entries = (
        f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>" for glyph, text in sorted(texts.items())
    )
    sections = []
    while batch := list(islice(entries, _BATCH)):
        lines = "\n".join(batch)
        sections.append(f"{len(batch)} beginbfchar\n{lines}\nendbfchar\n".encode())
    return _CMAP_HEAD + b"".join(sections) + _CMAP_TAIL


def subset(face: FaceUse, store: Store) -> bytes:
    """Return a face's program with the glyphs in use only, from the cache where it is there."""
    glyphs = sorted({0, *face.widths})
    name = f"{face.program} {face.index} {glyphs} {_UNUSED_TABLES} {package_version('uharfbuzz')}"
    key = hashlib.sha256(name.encode()).hexdigest()
    stored = store.read(key)
    if stored is not None:
        # Or a full cache would give the program up before what was set in it.
        store.use(face.program)
        return stored
    program = store.read(face.program)
    if program is None:
        raise FileNotFoundError(
            f"the font {face.base_font} is not in the cache: run `python build.py clean`, then"
            " build again"
        )
    cut = _cut(program, face.index, glyphs)
    store.write(key, cut)
    return cut


def _cut(program: bytes, index: int, glyphs: list[int]) -> bytes:
    # Imported here because most builds find their subsets in the cache.
    import uharfbuzz

    wanted = uharfbuzz.SubsetInput()
    wanted.glyph_set.update(glyphs)
    wanted.drop_table_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in _UNUSED_TABLES)
    flags = uharfbuzz.SubsetFlags
    wanted.flags = (
        flags.RETAIN_GIDS | flags.NO_HINTING | flags.DESUBROUTINIZE | flags.NOTDEF_OUTLINE
    )
    blob = uharfbuzz.subset(uharfbuzz.Face(uharfbuzz.Blob(program), index), wanted).blob
    return bytes(blob.data)


def subset_tag(base_font: str) -> str:
    """Return the tag of a subset's name (9.6.4), or nothing."""
    match = re.match(r"([A-Z]{6})\+", base_font)
    return match[1] if match else ""

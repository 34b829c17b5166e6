"""Stamps: folios as a folio sheet draws them, to be put on the pages that they count."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from report.fragment import Store, TypesetUnit
from report.pdffile import written_stream
from report.typeset import digest, source_digest


@dataclass(frozen=True, slots=True)
class Stamps:
    """What each page of a folio sheet shows, an artifact already, as a stream object.

    `states` are the graphics state parameters that it needs (ISO 32000-1, 8.4.5), by their names.
    """

    drawings: tuple[bytes, ...]
    states: Mapping[str, str]


def stamps(sheet: TypesetUnit, store: Store) -> Stamps:
    """Return the stamps of a folio sheet, from the cache where they are there."""
    tools = source_digest("pdffile.py", "relocation.py", "stamps.py")
    key = digest(["stamps", sheet.key, tools])
    kept = store.read(key)
    if kept is not None:
        return _decode(kept)
    made = _cut(sheet)
    store.write(key, _encode(made))
    return made


def _cut(sheet: TypesetUnit) -> Stamps:
    # Sheets seldom change, and what reads fragments takes long to load.
    from pikepdf import Pdf

    from report.relocation import written

    with Pdf.open(io.BytesIO(sheet.pdf())) as opened:
        pages = [page.obj for page in opened.pages]
        states = pages[0].Resources.ExtGState.items()
        return Stamps(
            tuple(
                written_stream(written(page.Contents), page.Contents.read_raw_bytes())
                for page in pages
            ),
            {name: written(state).decode() for name, state in states},
        )


def _encode(made: Stamps) -> bytes:
    table = asdict(made)
    table["drawings"] = [drawing.decode("latin-1") for drawing in made.drawings]
    return json.dumps(table).encode()


def _decode(kept: bytes) -> Stamps:
    table = json.loads(kept)
    return Stamps(tuple(each.encode("latin-1") for each in table["drawings"]), table["states"])

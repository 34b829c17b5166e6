"""Bundles: neighbouring units joined once and kept, as a library gathers object files.

To link a report is to open each of its units and to copy what is in it, and from one build to the
next nearly all of that is the same. So the units are joined by the dozen first. A bundle is kept
like a fragment, under the keys of its units; a change to a unit makes one bundle anew.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pikepdf
from pikepdf import Pdf

from report import faces
from report.assembly import Assembly
from report.fragment import Store, TypesetUnit
from report.typeset import Typeset, digest, source_digest

_SIZE = 16
"""How many units a bundle has, on average."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Units whose pages follow one another from `start` on, and the fragment that holds them."""

    start: int
    units: tuple[TypesetUnit, ...]
    fragment: TypesetUnit


def bundles(typeset: Typeset, store: Store) -> Iterator[Bundle]:
    """Yield the units of a report in bundles, from the cache where it has them."""
    for start, units in _runs(typeset):
        yield Bundle(start, units, units[0] if len(units) == 1 else _joined(units, store))


def _runs(typeset: Typeset) -> Iterator[tuple[int, tuple[TypesetUnit, ...]]]:
    """Divide the units into runs without a blank page between them.

    Where a run ends is a matter of the identity of its last unit alone, so that a unit more or less
    changes one run and not all that follow.
    """
    start, run = 0, list[TypesetUnit]()
    for unit, place in zip(typeset.units, typeset.pagination.starts, strict=True):
        if run and (_ends_run(run[-1]) or place != start + sum(each.pages for each in run)):
            yield start, tuple(run)
            run = []
        if not run:
            start = place
        run.append(unit)
    if run:
        yield start, tuple(run)


def _ends_run(unit: TypesetUnit) -> bool:
    return hashlib.sha256(unit.id.encode()).digest()[0] % _SIZE == 0


def _joined(units: Sequence[TypesetUnit], store: Store) -> TypesetUnit:
    """Return the fragment of several units. What they define and need, they tell themselves."""
    key = digest(["bundle", [unit.key for unit in units], _tools()])
    stored = store.unit(key, key)
    if stored is not None:
        return stored
    used = faces.join(face for unit in units for face in unit.faces())
    pages = sum(unit.pages for unit in units)
    fragment = TypesetUnit(key, key, pages, anchors={}, bookmarks=(), targets=(), images={})
    return store.keep(fragment, used, _pages(units))


def _pages(units: Sequence[TypesetUnit]) -> bytes:
    with Pdf.new() as pdf:
        assembly = Assembly(pdf, fonts={})
        for unit in units:
            assembly.add(Pdf.open(io.BytesIO(unit.pdf())), (unit,))
        assembly.write_structure()
        output = io.BytesIO()
        pdf.save(
            output,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return output.getvalue()


@lru_cache
def _tools() -> list[str]:
    own = source_digest("assembly.py", "bundle.py", "faces.py", "fragment.py", "typeset.py")
    return [own, pikepdf.__version__, pikepdf.__libqpdf_version__]

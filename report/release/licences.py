"""The licences of all that Rapporteur is made with, as a page: `make licences` writes it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from fontTools.ttLib import TTFont

from report.desk.typefaces import TYPEFACES
from report.release.packages import EVERY_REPORT, Package, font_files, packages

_INTRODUCTION = """# Licences

Rapporteur itself is under the [MIT licence](../LICENSE). This page names the licences of what it is
made with, as the packages of `requirements.lock` state them; `make licences` writes it. "Not
stated" means that a package has the text of its licence, but not its name.
"""

_PURPOSES = {
    EVERY_REPORT: "For every report",
    "desk": "For import and preview (`desk`)",
    "cluster": "For several machines (`cluster`)",
    "sign": "For signatures (`sign`)",
    "dev": "For development only (`dev`)",
}

_SYSTEM = """
## Not among the packages

The system brings Python (PSF-2.0), Pango (LGPL-2.0-or-later) and what it stands on: HarfBuzz (MIT),
Fontconfig (MIT), FreeType (FTL or GPL-2.0-only) and GLib (LGPL-2.1-or-later). `pypandoc-binary`
carries pandoc (GPL-2.0-or-later), which runs as a program of its own.
"""


def page() -> str:
    """The page as Markdown."""
    found = packages()
    tables = (_table(title, [p for p in found if p.extra == e]) for e, title in _PURPOSES.items())
    return "\n".join((_INTRODUCTION, *tables, _fonts(found), _SYSTEM.lstrip()))


def _table(title: str, rows: list[Package]) -> str:
    lines = [f"| {row.name} | {row.version} | {_licences(row)} |" for row in rows]
    return "\n".join(
        (f"## {title}\n", "| package | version | licence |", "| --- | --- | --- |", *lines, "")
    )


def _fonts(found: tuple[Package, ...]) -> str:
    carried = (row for package in found for row in _families(package))
    fetched = ((f.name, f"{f.package} (npm)", f.licence, "fetched at set-up") for f in TYPEFACES)
    rows = [f"| {' | '.join(row)} |" for row in (*carried, *fetched)]
    head = "| face | package | licence | copyright |"
    return "\n".join(("## Faces\n", head, "| --- | --- | --- | --- |", *rows, ""))


def _families(package: Package) -> Iterator[tuple[str, str, str, str]]:
    """Each family that a package carries, with what its fonts say of their copyright."""
    stated = sorted(_stated(file.path) for file in font_files(package))
    for (family, copyright_), _ in groupby(stated):
        yield family, package.name, _licences(package), copyright_


def _stated(path: Path) -> tuple[str, str]:
    """The family that a font belongs to, and its copyright (OpenType, `name`)."""
    with TTFont(path, lazy=True) as font:
        names = font["name"]
        family = names.getDebugName(16) or names.getDebugName(1)
        return family, names.getDebugName(0)


def _licences(package: Package) -> str:
    return " or ".join(package.licences) or "not stated"


if __name__ == "__main__":
    print(page(), end="")

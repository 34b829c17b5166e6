"""Delivery: the report's files put where they are read, those that it no longer has taken away.

Only what differs is written, so that whoever copies a site to a server copies little. A form that
is a folder keeps a list of its files there. By this list a page whose unit is gone goes too, and
nothing else in the folder does.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from report.fragment import draft, replace, sweep

LISTING = ".made"
"""The list of the files that a form has put into its folder."""

_PIECE = 1_000_000
"""Bytes of a file that are compared at a time, so that none is in memory twice."""


def deliver(output: Path, files: Mapping[str, bytes]) -> None:
    """Put files into a folder by their names, in which `/` parts folders.

    A file in a folder that an earlier delivery put there, and that this one does not name, is
    deleted. Interrupted at any moment, each file is whole, and the next delivery ends the work.
    Raises `OSError` when a file cannot be written, and then none is replaced, or deleted.
    """
    folders = sorted({name.partition("/")[0] for name in files if "/" in name})
    ours = {folder: {name for name in files if name.startswith(f"{folder}/")} for folder in folders}
    earlier = {folder: _listed(output, folder) for folder in folders}
    for folder in folders:
        # First what may lie there from now on: nothing is ever there that is not listed.
        _list(output, folder, earlier[folder] | ours[folder])
    _replace({output / name: content for name, content in files.items()})
    for folder in folders:
        for name in sorted(earlier[folder] - ours[folder]):
            _delete(output, name)
        _list(output, folder, ours[folder])
    for place in {output, *((output / name).parent for name in files)}:
        sweep(place)


def _replace(files: Mapping[Path, bytes]) -> None:
    """Write the files that differ: all of them beside the earlier ones, and then replace these."""
    drafts: dict[Path, Path] = {}
    try:
        for path, content in files.items():
            if not _holds(path, content):
                drafts[path] = draft(path, content)
        for path, written in drafts.items():
            written.replace(path)
    finally:
        for written in drafts.values():
            written.unlink(missing_ok=True)


def _listed(output: Path, folder: str) -> set[str]:
    """The files that an earlier delivery put into a folder, by their names from the output."""
    try:
        lines = (output / folder / LISTING).read_text(encoding="utf-8").split("\n")
    except (FileNotFoundError, UnicodeDecodeError):
        return set()
    names = (f"{folder}/{line}" for line in lines if line)
    return {name for name in names if ".." not in PurePosixPath(name).parts}


def _list(output: Path, folder: str, names: Iterable[str]) -> None:
    content = "".join(f"{name.removeprefix(f'{folder}/')}\n" for name in sorted(names)).encode()
    if not _holds(output / folder / LISTING, content):
        replace(output / folder / LISTING, content)


def _holds(path: Path, content: bytes) -> bool:
    """Whether a file has this content."""
    if not path.is_file() or path.stat().st_size != len(content):
        return False
    with path.open("rb") as file:
        places = range(0, len(content), _PIECE)
        return all(file.read(_PIECE) == content[place : place + _PIECE] for place in places)


def _delete(output: Path, name: str) -> None:
    """Delete a file, and the folders that are empty without it."""
    path = output / name
    path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        for folder in path.relative_to(output).parents[:-1]:
            (output / folder).rmdir()

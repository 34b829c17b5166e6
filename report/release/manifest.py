"""The manifest of a release: every file and every program that it was made from.

Whoever has the same files and the same programs makes the same report from them, byte for byte.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from report import __version__
from report.assets import PRINT_STYLES, SITE_STYLES, stylesheets, template_folders
from report.clearance import shown_pictures, withheld
from report.model import Edition, Event
from report.programs import TYPESETTING, pango
from report.resources import event_files

PACKAGES = (
    *TYPESETTING,
    *("jinja2", "markdown", "nh3", "lxml", "pydantic", "pyyaml", "matplotlib", "rapidfuzz"),
    *("babel", "fontpkg-spectral", "fontpkg-fira-sans"),
)
"""The packages that shape the outputs."""

_STYLES = tuple(dict.fromkeys((*PRINT_STYLES, *SITE_STYLES)))


@dataclass(frozen=True, slots=True)
class Sources:
    """The SHA-256 of each file that a report is made from, by its path.

    Those of the event are relative to its folder; a template or style of its own takes the place of
    the report's.
    """

    texts: Mapping[str, str]
    templates: Mapping[str, str]
    styles: Mapping[str, str]


def sources(folder: Path) -> Sources:
    """Read what the report of the event in `folder` is made from, but for its media.

    Raises `OSError` when a file cannot be read.
    """
    templates = {
        path.relative_to(own).as_posix(): path.read_bytes()
        for own in reversed(template_folders(folder))
        for path in sorted((*own.glob("*.html"), *own.glob("site/*")))
    }
    styles = {name: text.encode() for name, text in stylesheets(folder, _STYLES)}
    return Sources(
        {_name(path, folder): _digest(path.read_bytes()) for path in _texts(folder)},
        {name: _digest(data) for name, data in sorted(templates.items())},
        {name: _digest(data) for name, data in sorted(styles.items())},
    )


def media(editions: Iterable[Event], folder: Path) -> Mapping[str, str]:
    """The SHA-256 of each picture and deck of slides that any edition shows, by its path.

    The data of other reports to which they refer are among them, and what styles name. The
    editions are what is distributed of the event: the name of a picture in a withheld text is not
    told. Raises `OSError` when a file cannot be read.
    """
    read = dict[str, str]()
    for event in editions:
        read |= {file: picture.digest for file, picture in shown_pictures(event)}
        read |= {each.slides: each.deck.digest for each in event.statements if each.deck}
        read |= {companion.data: companion.digest for companion in event.companions.values()}
    named = {file: _digest((folder / file).read_bytes()) for file in _named_by_styles(folder)}
    return dict(sorted({**named, **read}.items()))


def _named_by_styles(folder: Path) -> Iterator[str]:
    """The event's files that styles name, such as an emblem."""
    styles = (text for _, text in stylesheets(folder, _STYLES))
    for file in event_files(styles, folder).values():
        yield _name(file, folder.resolve())


def is_unchanged(folder: Path, found: Sources, shown: Mapping[str, str]) -> bool:
    """Whether all files are still what they were when they were read."""
    return sources(folder) == found and all(
        _digest((folder / file).read_bytes()) == digest for file, digest in shown.items()
    )


def manifest(event: Event, found: Sources, shown: Mapping[str, str]) -> bytes:
    """The manifest as JSON."""
    content = {
        "title": event.title,
        "edition": _edition(event.edition) if event.edition else None,
        "languages": list(event.editions),
        "withheld": sorted(withheld(event)),
        "texts": dict(found.texts),
        "media": dict(shown),
        "templates": dict(found.templates),
        "styles": dict(found.styles),
        "programs": dict(programs()),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _edition(edition: Edition) -> Mapping[str, object]:
    return {
        "number": edition.number,
        "date": edition.date.isoformat(),
        "status": edition.status.value,
    }


_KINDS = ("*.yaml", "*.md", "[0-9]*/*.md", "[0-9]*/*.lock", "media/*.yaml")
"""Where the texts of an event lie in its folder."""


def _texts(folder: Path) -> Iterator[Path]:
    """The texts of an event: none that is hidden, and none that lies elsewhere."""
    home = folder.resolve()
    for path in sorted(path for kind in _KINDS for path in folder.glob(kind)):
        hidden = path.name.startswith((".", "~", "_"))
        if path.is_file() and path.resolve().is_relative_to(home) and not hidden:
            yield path


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def programs() -> Iterator[tuple[str, str]]:
    """The name and version of each program that shapes the outputs."""
    yield "rapporteur", __version__
    yield from system()
    yield from ((package, version(package)) for package in PACKAGES)


def system() -> Iterator[tuple[str, str]]:
    """Those of them that the system brings."""
    yield "python", platform.python_version()
    yield "pango", pango()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

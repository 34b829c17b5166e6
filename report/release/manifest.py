"""The manifest of a release: every file and every program that it was made from.

Whoever has the same files and the same programs makes the same report from them, byte for byte.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from report import __version__
from report.assets import PRINT_STYLES, WEB_STYLES, stylesheets, template_folders
from report.clearance import withheld
from report.model import Event

PACKAGES = (
    *("weasyprint", "pydyf", "pikepdf", "uharfbuzz", "fonttools", "jinja2", "markdown", "nh3"),
    *("lxml", "pydantic", "pyyaml", "pillow", "matplotlib", "rapidfuzz"),
    *("fontpkg-spectral", "fontpkg-fira-sans"),
)
"""The packages that shape the outputs."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The SHA-256 of each file that a report is made from, by its path.

    Those of the event are relative to its folder; a template or style of the event's own is among
    them, and is again where it takes the place of the report's.
    """

    event: Mapping[str, str]
    templates: Mapping[str, str]
    styles: Mapping[str, str]


def sources(folder: Path) -> Sources:
    """Read what the report of the event in `folder` is made from.

    Raises `OSError` when a file cannot be read.
    """
    templates = {
        path.name: path.read_bytes()
        for own in reversed(template_folders(folder))
        for path in sorted(own.glob("*.html"))
    }
    names = tuple(dict.fromkeys((*PRINT_STYLES, *WEB_STYLES)))
    styles = {name: text.encode() for name, text in stylesheets(folder, names)}
    return Sources(
        {path.relative_to(folder).as_posix(): _digest(path.read_bytes()) for path in _own(folder)},
        {name: _digest(data) for name, data in sorted(templates.items())},
        {name: _digest(data) for name, data in sorted(styles.items())},
    )


def manifest(event: Event, found: Sources) -> bytes:
    """The manifest as JSON; `event` is what was distributed of the event.

    A file that only withheld texts can have named, such as a picture in one of them, is left out:
    its name is a part of what they say.
    """
    hidden = withheld(event)
    shown = {
        path: digest
        for path, digest in found.event.items()
        if not hidden or _is_text(path) or path in event.pictures
    }
    content = {
        "title": event.title,
        "edition": _edition(event),
        "withheld": sorted(hidden),
        "event": shown,
        "templates": dict(found.templates),
        "styles": dict(found.styles),
        "programs": dict(_programs()),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n").encode()


def _edition(event: Event) -> Mapping[str, object]:
    return event.edition.model_dump(mode="json") if event.edition else {}


_TEXTS = (".md", ".yaml", ".lock", ".html", ".css")


def _is_text(path: str) -> bool:
    return path.endswith(_TEXTS)


def _own(folder: Path) -> Iterator[Path]:
    """The files of an event's folder, without hidden ones and those that editors leave behind."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith((".", "~", "_")) for part in parts):
            yield path


def _programs() -> Iterator[tuple[str, str]]:
    # Imported here: only a release asks the typesetter for the version of its library.
    from weasyprint.text.ffi import pango

    yield "rapporteur", __version__
    yield "python", platform.python_version()
    number = int(pango.pango_version())
    yield "pango", f"{number // 10_000}.{number // 100 % 100}.{number % 100}"
    yield from ((package, version(package)) for package in PACKAGES)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

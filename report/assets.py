"""Templates and styles: the report's own, and an event's that take their place.

A file in the event's `templates/` or `styles/` takes the place of the report's of the same name.
"""

from __future__ import annotations

import errno
from pathlib import Path

_SCRIPTS = ("arabic.css", "chinese.css")
_BY_SCRIPT = (*_SCRIPTS, "latin.css")

PRINT_STYLES = (
    *("fonts.css", "tokens.css", "text.css", "print.css", "folios.css"),
    *(*_BY_SCRIPT, "mirrored.css", "event.css"),
)
"""The stylesheets of the PDF, in the order of the cascade."""

WEB_STYLES = ("fonts.css", "tokens.css", "text.css", *_BY_SCRIPT, "web.css", "event.css")
"""The stylesheets of the web page, in the order of the cascade."""

SITE_STYLES = (*WEB_STYLES[:-1], "site.css", "event.css")
"""The stylesheets of the site, in the order of the cascade."""

BOOK_STYLES = ("fonts.css", "tokens.css", "text.css", *_BY_SCRIPT, "epub.css")
"""The stylesheets of the e-book, in the order of the cascade."""

BOOKLET_STYLES = (*PRINT_STYLES, "booklet.css")
"""The stylesheets of the programme booklet as it is printed, in the order of the cascade."""

FACES = ("fonts.css", *_SCRIPTS)
"""The stylesheets that name the faces."""


def template_folders(event: Path) -> tuple[Path, ...]:
    """The folders in which templates are looked for, one after the other."""
    return (event / "templates", own("templates"))


def stylesheets(event: Path, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The name and text of each stylesheet.

    Raises `OSError` when one cannot be read or is not UTF-8, and `StyleError` for a mistake in one
    of the event's own.
    """
    usual = own("styles")
    found = (
        (name, override if (override := event / "styles" / name).is_file() else usual / name)
        for name in names
    )
    return tuple((name, _text(path, own=not path.is_relative_to(usual))) for name, path in found)


def _text(path: Path, *, own: bool) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        message = f"it is not encoded in UTF-8: {error.reason}"
        raise OSError(errno.EILSEQ, message, str(path)) from None
    if own and path.suffix == ".css":
        # Imported here: most events have no styles of their own.
        from report.wellformed import require_form

        require_form(path, text)
    return text


def own(name: str) -> Path:
    """A file or folder of the report's own: in the package when installed, else beside it."""
    package = Path(__file__).parent
    installed = package / name
    return installed if installed.exists() else package.parent / name

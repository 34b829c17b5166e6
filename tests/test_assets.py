"""An event's own look: what it adds and what it replaces, seen in the PDF and in the page."""

from __future__ import annotations

import re
import shutil
import zipfile
from base64 import b64decode
from pathlib import Path

import pikepdf
import pytest

from report.compilation import compile_report
from report.formats import USUAL, Format
from tests.conftest import CACHE, PROJECT

MINIMAL = PROJECT / "tests" / "events" / "minimal"


def test_what_an_event_adds_to_the_styles_has_the_last_word(tmp_path: Path) -> None:
    event = tmp_path / "event"
    shutil.copytree(MINIMAL, event)
    (event / "styles").mkdir()
    (event / "styles/event.css").write_text(":root { --accent: #5b2a55 }\n", encoding="utf-8")
    outcome = compile_report(event, tmp_path / "out", CACHE, USUAL, jobs=1)
    assert not outcome.failed
    with pikepdf.open(tmp_path / "out/report.pdf") as pdf:
        drawn = b"\n".join(page.Contents.read_bytes() for page in pdf.pages[:1])
    purple = " ".join(f"{part / 255:.6f}".rstrip("0") for part in (0x5B, 0x2A, 0x55))
    assert f"{purple} rg".encode() in drawn
    page = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert page.index("--accent: #17496f") < page.index("--accent: #5b2a55")


EMBLEM = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>"""


def named_by_styles(output: Path, made: Format) -> str:
    """The stylesheets of a form of the report."""
    if made is Format.HTML:
        return (output / "report.html").read_text(encoding="utf-8")
    if made is Format.SITE:
        return "".join(file.read_text("utf-8") for file in (output / "site").rglob("*.css"))
    with zipfile.ZipFile(output / "report.epub") as book:
        names = (name for name in book.namelist() if name.endswith(".css"))
        return "".join(book.read(name).decode() for name in names)


@pytest.mark.parametrize("made", [Format.HTML, Format.SITE, Format.EPUB])
def test_a_picture_that_styles_name_goes_with_what_is_read_on_a_screen(
    made: Format, tmp_path: Path
) -> None:
    event = tmp_path / "event"
    shutil.copytree(MINIMAL, event)
    (event / "media").mkdir(exist_ok=True)
    (event / "media/the emblem.svg").write_text(EMBLEM, encoding="utf-8")
    (event / "styles").mkdir()
    rule = ".cover {{ background-image: url({}) }}\n".format
    # An e-book has no other rules of an event than those that take the place of ours.
    name = "epub.css" if made is Format.EPUB else "event.css"
    rules = rule("'event:media/the%20emblem.svg'") + rule("event:media/gone.png")
    (event / "styles" / name).write_text(rules, encoding="utf-8")
    outcome = compile_report(event, tmp_path / "out", tmp_path / "cache", frozenset({made}), jobs=1)
    assert not outcome.failed
    styles = named_by_styles(tmp_path / "out", made)
    (picture,) = re.findall(r'url\("data:image/svg\+xml;base64,([^"]*)"\)', styles)
    assert b64decode(picture).decode() == EMBLEM
    assert "the%20emblem" not in styles

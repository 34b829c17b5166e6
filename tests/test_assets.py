"""An event's own look: what it adds and what it replaces, seen in the PDF and in the page."""

from __future__ import annotations

import re
import shutil
import zipfile
from base64 import b64decode
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageOps

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


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_page_of_another_size_has_its_cover_and_margins(language: str, tmp_path: Path) -> None:
    event = tmp_path / "event"
    shutil.copytree(MINIMAL, event)
    (event / "styles").mkdir()
    own = "@page { size: A5 } :root { --page-start: 30mm; --page-end: 12mm }"
    (event / "styles/event.css").write_text(own, encoding="utf-8")
    facts = event / "event.yaml"
    facts.write_text(f"languages: [{language}]\n{facts.read_text('utf-8')}", encoding="utf-8")
    outcome = compile_report(event, tmp_path / "out", CACHE, frozenset({Format.PDF}), jobs=1)
    assert not outcome.failed
    with pypdfium2.PdfDocument(tmp_path / "out/report.pdf") as pdf:
        sizes = {tuple(round(side / 72 * 25.4) for side in page.get_size()) for page in pdf}
        assert sizes == {(148, 210)}
        pictures = [page.render().to_pil() for page in pdf]
        right = pictures[0].width - 1
        start = right if language == "ar" else 0
        assert _grey(pictures[0], start, 5) == _grey(pictures[0], start, -5) < 100, "the bar"
        assert _grey(pictures[1], start, 5) == 255, "it goes on to no other page"
        text = ImageOps.invert(pictures[-1].convert("L")).getbbox()
    margin = 30 * 72 / 25.4
    assert text
    edge = right - text[2] if language == "ar" else text[0]
    assert edge == pytest.approx(margin, abs=4)


def _grey(picture: Image.Image, x: int, y: int) -> int:
    return int(picture.convert("L").getpixel((x, y % picture.height)))


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

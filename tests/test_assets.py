"""An event's own look: what it adds and what it replaces, seen in the PDF and in the page."""

from __future__ import annotations

import shutil
from pathlib import Path

import pikepdf

from report.compilation import compile_report
from report.formats import USUAL
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

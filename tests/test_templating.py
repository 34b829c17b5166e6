"""Templates that are kept compiled."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from report import bytecode, templating
from report.words import words


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for the report's own templates, and holds one."""
    folder = tmp_path / "program/templates"
    folder.mkdir(parents=True)
    (folder / "part.html").write_text("<p>{{ told }}</p>", encoding="utf-8")
    monkeypatch.setattr(templating, "own", lambda _: folder)
    beside = folder / "__pycache__/bytecode.pyc"
    monkeypatch.setattr(bytecode, "cache_from_source", lambda _: str(beside))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return folder


def rendered(*folders: Path, typographic: bool = True) -> str:
    """The template as a process that has just begun renders it."""
    templating.compiled.cache_clear()
    environment = templating.environment(folders, words("en"), typographic=typographic)
    return environment.get_template("part.html").render(told="'it'")


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".html"]


def test_a_template_of_the_report_is_kept_compiled(own: Path) -> None:
    assert rendered(own) == rendered(own) == "<p>\u2018it\u2019</p>"
    (compiled,) = kept(own)
    compiled.write_bytes(compiled.read_bytes().replace(b"<p>", b"<q>"))
    assert rendered(own).startswith("<q>")


def test_a_template_that_has_changed_is_compiled_anew(own: Path) -> None:
    rendered(own)
    (own / "part.html").write_text("<p>other</p>", encoding="utf-8")
    assert rendered(own) == "<p>other</p>"


def test_what_is_compiled_for_the_page_is_not_taken_for_print(own: Path) -> None:
    assert rendered(own) != rendered(own, typographic=False)
    assert rendered(own) == "<p>\u2018it\u2019</p>"


@pytest.mark.parametrize("damaged", [b"", b"j2", b"no program at all"])
def test_a_damaged_file_is_made_anew(own: Path, damaged: bytes) -> None:
    whole = rendered(own)
    (compiled,) = kept(own)
    for length in (10, 40, 100):
        compiled.write_bytes(compiled.read_bytes()[:length])
        assert rendered(own) == whole
    compiled.write_bytes(damaged)
    assert rendered(own) == whole


def test_an_events_own_template_is_not_kept(own: Path, tmp_path: Path) -> None:
    event = tmp_path / "event/templates"
    event.mkdir(parents=True)
    (event / "part.html").write_text("<p>own</p>", encoding="utf-8")
    assert rendered(event, own) == "<p>own</p>"
    assert not kept(event)
    assert not kept(own)


def test_a_program_that_cannot_be_written_to_compiles_each_time(own: Path) -> None:
    (own / "__pycache__").write_text("in the way", encoding="utf-8")
    assert rendered(own) == rendered(own) == "<p>\u2018it\u2019</p>"

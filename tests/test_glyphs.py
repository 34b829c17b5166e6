"""Characters without a glyph: told at their place, in a first build and in one without changes."""

from functools import partial
from pathlib import Path
from shutil import copytree

import pytest

from report import resources
from report.compilation import compile_report
from report.diagnostics import as_text
from report.formats import Format
from tests.conftest import CACHE, PROJECT


def test_a_character_that_no_font_has_is_told_at_its_place(tmp_path: Path) -> None:
    event = tmp_path / "event"
    copytree(PROJECT / "tests/events/minimal", event)
    statement = next(iter(sorted(event.glob("1-*/01-*.md"))))
    text = statement.read_text(encoding="utf-8").rstrip("\n")
    statement.write_text(f"{text} We met on \U0001240f.\n", encoding="utf-8")
    line = text.count("\n") + 1
    for _ in range(2):
        outcome = compile_report(event, tmp_path, CACHE, frozenset({Format.PDF}), jobs=1)
        assert outcome.outputs
        (warning,) = outcome.diagnostics
        told = as_text(warning)
        assert "W110" in told
        assert f"--> {statement.relative_to(event)}:{line}:" in told
        assert "(U+1240F CUNEIFORM NUMERIC SIGN FOUR U" in told
        assert "^" in told


def test_chinese_without_its_fonts_is_one_warning_and_other_texts_are_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "SHARE", tmp_path / "share")
    event = tmp_path / "event"
    copytree(PROJECT / "tests/events/minimal", event)
    compiled = partial(
        compile_report, event, tmp_path, tmp_path / "cache", frozenset({Format.PDF}), jobs=1
    )
    assert compiled().diagnostics == ()
    statement = event / "1-opening/01-minister.md"
    text = statement.read_text(encoding="utf-8")
    statement.write_text(text.replace("We ask", "We said 我们很高兴。 We ask"), encoding="utf-8")
    outcome = compiled()
    assert outcome.outputs
    (warning,) = outcome.diagnostics
    assert (warning.rule.code, warning.place.line) == ("W111", 13)
    assert "build.py fonts" in warning.hint

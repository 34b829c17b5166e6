"""Characters without a glyph: told at their place, in a first build and in one without changes."""

from pathlib import Path
from shutil import copytree

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
        outcome = compile_report(event, tmp_path, CACHE, frozenset({Format.PDF}))
        assert outcome.outputs
        (warning,) = outcome.diagnostics
        told = as_text(warning)
        assert "W110" in told
        assert f"--> {statement.relative_to(event)}:{line}:" in told
        assert "(U+1240F CUNEIFORM NUMERIC SIGN FOUR U" in told
        assert "^" in told

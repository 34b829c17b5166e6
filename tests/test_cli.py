"""The commands, as an editor types them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.terminal import run, run_alone

MINIMAL = PROJECT / "tests" / "events" / "minimal"


@pytest.fixture
def event(tmp_path: Path) -> Path:
    """A small event that is all right, to be changed by a test."""
    folder = tmp_path / "event"
    shutil.copytree(MINIMAL, folder)
    return folder


def test_build_writes_both_outputs_and_says_what_it_made(event: Path, tmp_path: Path) -> None:
    result = run_alone("--event", event, folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "dist/report.pdf").read_bytes().startswith(b"%PDF-")
    assert (tmp_path / "dist/report.html").read_text().startswith("<!DOCTYPE html>")
    assert "pages" in result.stdout
    assert "dist/report.pdf" in result.stdout
    assert "\x1b" not in result.stdout + result.stderr


def test_only_one_output_when_asked(event: Path, tmp_path: Path) -> None:
    result = run("build", "-e", event, "--only", "html", "-o", "out", folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["report.html"]


def test_quiet_says_nothing_when_all_is_well(event: Path, tmp_path: Path) -> None:
    result = run("-e", event, "-q", "--only", "html", folder=tmp_path)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


@pytest.mark.heavy
def test_verbose_tells_which_units_were_typeset_and_why(event: Path, tmp_path: Path) -> None:
    run("-e", event, "--only", "pdf", folder=tmp_path)
    statement = next(event.glob("*/0*.md"))
    statement.write_text(statement.read_text() + "\nOne more paragraph.\n")
    result = run("-e", event, "--only", "pdf", "-v", folder=tmp_path)
    identity = statement.relative_to(event).with_suffix("").as_posix()
    assert f"typeset {identity}: text changed" in result.stderr
    assert "typeset cover" not in result.stderr


def test_an_error_stops_the_build_and_keeps_the_earlier_report(event: Path, tmp_path: Path) -> None:
    run("-e", event, "-j", "1", folder=tmp_path)
    before = {path: path.read_bytes() for path in (tmp_path / "dist").iterdir()}
    (event / "event.yaml").write_text("title: [\n")
    result = run("-e", event, folder=tmp_path)
    assert result.returncode == 1
    assert "error[E004]" in result.stderr
    assert "event.yaml:" in result.stderr
    assert "The earlier report stays in dist." in result.stderr
    assert {path: path.read_bytes() for path in (tmp_path / "dist").iterdir()} == before


def test_a_folder_is_told_by_its_name_whatever_stands_in_it(event: Path, tmp_path: Path) -> None:
    output = "edition [final] [/b]"
    made = run("-e", event, "-o", output, "--only", "json", folder=tmp_path)
    assert f"  {output}/report.json  " in made.stdout
    (tmp_path / output / "report.pdf").touch()
    (event / "event.yaml").write_text("title: [\n")
    stopped = run("-e", event, "-o", output, "--only", "json", folder=tmp_path)
    assert f"The earlier report stays in {output}." in stopped.stderr


def test_a_statement_is_told_by_its_name_in_the_table_of_times(event: Path, tmp_path: Path) -> None:
    next(event.glob("1-*/01-*.md")).rename(event / "1-opening/01-guest[b].md")
    timed = run("check", "-e", event, "--speaking-time", folder=tmp_path)
    assert "\n1-opening/01-guest[b] " in timed.stdout


def test_a_build_tells_nothing_but_json_to_a_program(event: Path, tmp_path: Path) -> None:
    result = run("-e", event, "--only", "json", "--format", "json", folder=tmp_path)
    assert json.loads(result.stdout) == []


def test_check_makes_nothing(event: Path, tmp_path: Path) -> None:
    result = run("check", "-e", event, folder=tmp_path)
    assert result.returncode == 0
    assert "Nothing is wrong." in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["event"]


def test_check_shows_all_problems_at_once_in_the_order_of_their_places(
    event: Path, tmp_path: Path
) -> None:
    statement = next(event.glob("*/0*.md"))
    statement.write_text(statement.read_text().replace("speaker:", "speeker:"))
    (event / "participants.yaml").write_bytes(b"governments: caf\xe9\n")
    result = run("check", "-e", event, "--format", "json", folder=tmp_path)
    assert result.returncode == 1
    told = json.loads(result.stdout)
    assert {"E103", "E003"} <= {problem["code"] for problem in told}
    places = [(problem["file"], problem["line"], problem["column"]) for problem in told]
    assert places == sorted(places)
    assert set(told[0]) == {
        *("severity", "code", "file", "line", "column", "width", "message", "hint")
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ("--only", "odt"),
        ("--event", "nowhere"),
        ("unknown-command",),
        ("--jobs", "0"),
        ("check", "--no-such-option"),
        ("new", "statement"),
        (),
    ],
)
def test_wrong_usage_is_told_with_exit_code_2(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    result = run(*arguments, folder=tmp_path)
    assert result.returncode == 2
    assert result.stderr.strip()
    assert "Traceback" not in result.stderr


def test_version(tmp_path: Path) -> None:
    result = run_alone("--version", folder=tmp_path)
    assert result.returncode == 0
    assert result.stdout.startswith("rapporteur ")


@pytest.mark.parametrize("command", [(), ("build",), ("check",), ("new",), ("new", "event")])
def test_help_explains_every_option(tmp_path: Path, command: tuple[str, ...]) -> None:
    result = run(*command, "--help", folder=tmp_path)
    assert result.returncode == 0
    assert "Usage: build.py" in result.stdout
    for line in result.stdout.partition("Options:")[2].splitlines():
        if line.strip().startswith("-"):
            assert len(line.split("  ", 2)[-1].split()) > 1, f"no explanation: {line}"


def test_what_is_kept_for_the_next_build_is_deleted_and_nothing_else(
    event: Path, tmp_path: Path
) -> None:
    """A home folder has a `.cache` too."""
    others = [tmp_path / ".cache" / name for name in ("editor/settings", "ab/notes.txt")]
    for other in others:
        other.parent.mkdir(parents=True)
        other.write_text("mine")
    assert run("-e", event, "--only", "html", folder=tmp_path).returncode == 0
    assert run("clean", folder=tmp_path).returncode == 0
    assert sorted(p for p in (tmp_path / ".cache").rglob("*") if p.is_file()) == sorted(others)
    for other in others:
        other.unlink()
        other.parent.rmdir()
    assert run("-e", event, "--only", "html", folder=tmp_path).returncode == 0
    assert run("clean", folder=tmp_path).returncode == 0
    assert not (tmp_path / ".cache").exists()


def test_scaffolds_check_clean_and_compile(tmp_path: Path) -> None:
    steps = [
        ("new", "event", "my-event"),
        ("new", "session", "-e", "my-event", "--title", "Regional cooperation"),
        (
            *("new", "statement", "-e", "my-event", "--session", "2-regional-cooperation"),
            *("--speaker", 'Minister of "Justice": one'),
        ),
        ("check", "-e", "my-event"),
        ("-e", "my-event", "-j", "1"),
    ]
    for step in steps:
        result = run(*step, folder=tmp_path)
        assert result.returncode == 0, (step, result.stderr)
    made = tmp_path / "my-event/2-regional-cooperation/01-minister-of-justice-one.md"
    assert 'Minister of "Justice": one' in made.read_text()


def test_a_new_session_takes_no_number_of_one_with_an_error(tmp_path: Path) -> None:
    assert run("new", "event", "gathering", folder=tmp_path).returncode == 0
    broken = tmp_path / "gathering" / "2-health" / "session.md"
    broken.parent.mkdir()
    broken.write_text("no front matter")
    (tmp_path / "gathering" / "2011 photographs").mkdir()
    result = run("new", "session", "--title", "Trade", "-e", "gathering", folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "gathering" / "3-trade" / "session.md").is_file()


def test_a_scaffold_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "event").mkdir()
    (tmp_path / "event/notes.txt").write_text("mine")
    result = run("new", "event", "event", folder=tmp_path)
    assert result.returncode == 2
    assert "is not empty" in result.stderr
    assert [path.name for path in (tmp_path / "event").iterdir()] == ["notes.txt"]


def test_a_statement_for_a_session_that_does_not_exist(event: Path, tmp_path: Path) -> None:
    result = run(
        *("new", "statement", "-e", event, "--session", "9-nothing", "--speaker", "X"),
        folder=tmp_path,
    )
    assert result.returncode == 2
    assert "there is no session 9-nothing" in result.stderr


def test_the_program_runs_from_any_folder_that_holds_an_event(event: Path) -> None:
    result = run_alone("check", folder=event)
    assert result.returncode == 0, result.stderr


def test_a_process_of_its_own_knows_all_commands(tmp_path: Path) -> None:
    """Though it makes ready no more than the one that is told."""
    assert run_alone("explain", "E001", folder=tmp_path).returncode == 0
    assert "explain" in run_alone("--help", folder=tmp_path).stdout
    mistyped = run_alone("explian", folder=tmp_path)
    assert (mistyped.returncode, mistyped.stdout) == (2, "")
    assert "Did you mean 'explain'?" in mistyped.stderr

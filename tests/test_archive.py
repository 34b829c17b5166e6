"""Many events compiled as one: each as if alone, whatever becomes of the others."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest
from PIL import Image

from report.archive import archive as of_archive
from report.archive import upkeep
from report.archive.archive import Compiled, Order, compile_archive, events
from report.formats import Format
from report.workers import Crew
from tests.conftest import CACHE, PROJECT
from tests.terminal import run_alone
from tests.test_crash import MINIMAL, STATEMENT, files
from tests.waiting import wait_until

pytestmark = pytest.mark.heavy

NAMES = ("2011/first", "2011/second", "third")
PLAIN = of_archive._compile


@pytest.fixture(scope="module")
def compiled(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """Three small events, each with a text of its own, compiled; and what was said."""
    folder = tmp_path_factory.mktemp("archive")
    for name in NAMES:
        shutil.copytree(MINIMAL, folder / "events" / name)
        say(folder / "events" / name, f"This was said at the {name} of our meetings.")
    return folder, build(folder)


@pytest.fixture
def archive(compiled: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path) -> Path:
    """The events, to be changed by a test, in a folder with their reports."""
    shutil.copytree(compiled[0], tmp_path, dirs_exist_ok=True)
    return tmp_path / "events"


def say(event: Path, words: str) -> None:
    with (event / STATEMENT).open("a") as file:
        file.write(f"\n{words}\n")


def build(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return run_alone("--all", "events", "--only", "pdf", *options, folder=folder)


def rows(done: subprocess.CompletedProcess[str]) -> dict[str, list[str]]:
    """The words of the table's rows by the names of the events."""
    lines = (line.split() for line in done.stdout.splitlines()[1:-1])
    return {name: words for name, *words in lines}


def standings(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    return {name: " ".join(words[5:]) for name, words in rows(done).items()}


def test_events_are_compiled_as_if_alone(
    compiled: tuple[Path, subprocess.CompletedProcess[str]], archive: Path, tmp_path: Path
) -> None:
    done = compiled[1]
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].split() == [
        "Event", "Pages", "Statements", "Warnings", "Errors", "Seconds",
    ]  # fmt: skip
    assert {name: words[:4] for name, words in rows(done).items()} == {
        name: ["11", "1", "\u2013", "\u2013"] for name in NAMES
    }
    assert done.stdout.splitlines()[-1].startswith("3 events: 3 compiled, ")
    third = ("-e", archive / "third", "-o", tmp_path / "alone", "--only", "pdf")
    assert run_alone(*third, "--cache", CACHE, folder=tmp_path).returncode == 0
    assert files(tmp_path / "dist/third") == files(tmp_path / "alone")


def test_what_is_up_to_date_is_passed_over(archive: Path, tmp_path: Path) -> None:
    assert set(standings(build(tmp_path)).values()) == {"up to date"}
    say(archive / "third", "One more word.")
    (tmp_path / "dist/2011/second/report.pdf").write_bytes(b"%PDF-")
    third = build(tmp_path)
    assert standings(third) == {"2011/first": "up to date", "2011/second": "", "third": ""}
    assert third.stdout.splitlines()[-1].startswith("3 events: 2 compiled, 1 up to date, ")
    assert (tmp_path / "dist/2011/second/report.pdf").stat().st_size > 10_000
    # Other forms than those that were made are not there yet.
    assert set(
        standings(run_alone("--all", "events", "--only", "json", folder=tmp_path)).values()
    ) == {""}


def test_a_picture_in_a_hidden_folder_is_not_passed_over(archive: Path, tmp_path: Path) -> None:
    picture = archive / "third/.media/hall.png"
    picture.parent.mkdir()
    say(archive / "third", "![A hall](../.media/hall.png)")
    for colour in ("red", "blue"):
        Image.new("RGB", (40, 40), colour).save(picture)
        standing = standings(build(tmp_path))
        assert standing == {"2011/first": "up to date", "2011/second": "up to date", "third": ""}
    assert set(standings(build(tmp_path)).values()) == {"up to date"}


def test_styles_that_several_events_share_are_not_passed_over(
    archive: Path, tmp_path: Path
) -> None:
    (tmp_path / "house").mkdir()
    (archive / "third/styles").symlink_to(tmp_path / "house")
    for colour in ("red", "blue"):
        (tmp_path / "house/event.css").write_text(f"h1 {{ color: {colour} }}")
        assert standings(build(tmp_path))["third"] == ""
    assert standings(build(tmp_path))["third"] == "up to date"


def test_fonts_that_are_fetched_since_are_not_passed_over(archive: Path, tmp_path: Path) -> None:
    def stamp() -> str:
        return upkeep.stamp(archive / "third", tmp_path / "dist", tmp_path / ".cache", "pdf")

    with mock.patch.object(upkeep, "SHARE", tmp_path / "share"):
        before = stamp()
        assert stamp() == before
        (tmp_path / "share/face").mkdir(parents=True)
        (tmp_path / "share/face/Face.ttf").write_bytes(b"face")
        assert stamp() != before


def test_an_event_that_fails_does_not_stop_the_others(archive: Path, tmp_path: Path) -> None:
    before = files(tmp_path / "dist/2011/second")
    for name in NAMES:
        say(archive / name, "One more word.")
    say(archive / "2011/second", "See [@nowhere].")
    (archive / "third/templates").mkdir()
    (archive / "third/templates/session.html").write_text("{% nonsense %}")
    done = build(tmp_path)
    assert done.returncode == 1
    assert standings(done) == {"2011/first": "", "2011/second": "failed", "third": "failed"}
    assert "2011/second:\nerror[E302]: there is no text `nowhere`" in done.stderr
    assert "third:\nerror: " in done.stderr
    assert "session.html:1: Encountered unknown tag 'nonsense'" in done.stderr
    assert "Traceback" not in done.stderr
    assert files(tmp_path / "dist/2011/second") == before
    told = json.loads(build(tmp_path, "--format", "json").stdout)
    assert [each["event"] for each in told if each["failed"]] == ["2011/second", "third"]
    assert told[1]["diagnostics"][0]["code"] == "E302"


@pytest.mark.heavy
def test_a_run_that_was_killed_goes_on_where_it_was(archive: Path, tmp_path: Path) -> None:
    for number in range(8):
        shutil.copytree(MINIMAL, archive / f"more-{number}")
        for _ in range(60):
            say(archive / f"more-{number}", f"Of meeting {number} there is much to say. " * 5)
    command = [sys.executable, str(PROJECT / "build.py"), "--all", "events", "--only", "pdf"]
    first = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL)
    # Two at a time, and three were there before: who made the sixth has ended one of the others.
    wait_until(lambda: len(list(tmp_path.glob("dist/**/report.pdf"))) >= 6)
    first.send_signal(signal.SIGKILL)
    first.wait()
    second = build(tmp_path)
    assert second.returncode == 0, second.stderr
    found = list(standings(second).values())
    assert len(found) == 11
    assert found.count("up to date") >= 4
    assert found.count("") >= 1


def die_of_the_second(address: str, jobs: int, task: of_archive._Task) -> Compiled:
    """Compile an event, one of them to the end of the process that does."""
    if task.name == "2011/second":
        os.kill(os.getpid(), signal.SIGKILL)
    return PLAIN(address, jobs, task)


def test_an_event_that_is_the_death_of_its_process_is_told(archive: Path, tmp_path: Path) -> None:
    order = Order(tmp_path / "out", tmp_path / "cache", frozenset({Format.JSON}))
    with Crew(2) as crew, mock.patch.object(of_archive, "_compile", die_of_the_second):
        done = {each.event: each for each in compile_archive(events(archive), order, crew, 2)}
    assert set(done) == set(NAMES)
    assert {name for name, each in done.items() if each.failed} == {"2011/second"}
    assert "the process that compiled it ended" in done["2011/second"].trouble


def test_what_is_no_archive_is_told(tmp_path: Path) -> None:
    (tmp_path / "events").mkdir()
    done = build(tmp_path)
    assert done.returncode == 2
    assert "there is no event in events" in done.stderr
    both = build(tmp_path, "--event", str(MINIMAL))
    assert both.returncode == 2
    assert "--event, --unit and --print are of one event" in both.stderr


def test_the_folder_for_temporary_files_may_have_a_long_name(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than a socket's name may be, by which processes find each other."""
    deep = tmp_path / "deep" / ("d" * 100)
    deep.mkdir(parents=True)
    monkeypatch.setenv("TMPDIR", str(deep))
    for name in NAMES:
        say(archive / name, "One more word.")
    done = build(tmp_path, "--jobs", "2")
    assert done.returncode == 0, done.stderr
    assert set(standings(done).values()) == {""}
    assert not list(deep.iterdir())

"""Crashes and full disks: the earlier report stays whole, and the message says what happened."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import httpx
import pytest
from pypdfium2 import PdfDocument

from report.delivery import deliver
from tests.conftest import CACHE, PROJECT
from tests.serving import event_in, is_settled, served, wait_for_state
from tests.terminal import run, run_alone
from tests.waiting import PATIENCE, wait_until

pytestmark = pytest.mark.heavy

MINIMAL = PROJECT / "tests/events/minimal"
STATEMENT = "1-opening/01-minister.md"
BUILD = (sys.executable, str(PROJECT / "build.py"), "-e", "event", "--only", "pdf")


@pytest.fixture
def event(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MINIMAL, tmp_path / "event"))


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A folder for temporary files; its path is short, as that of a socket has to be."""
    with tempfile.TemporaryDirectory(prefix="s-") as folder:
        yield Path(folder)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


def change(event: Path, words: str = "One more paragraph.") -> None:
    with (event / STATEMENT).open("a") as file:
        file.write(f"\n{words}\n")


def assert_told(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """A plain message of one line, and no traceback."""
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("error: ")
    assert len(done.stderr.strip().splitlines()) == 1
    for word in words:
        assert word in done.stderr


# Disks


@pytest.mark.parametrize("what", ["dist", ".cache"])
def test_a_file_that_may_not_grow_is_told_and_the_earlier_report_stays(
    what: str, event: Path, tmp_path: Path
) -> None:
    """`ulimit -f` stands for a full disk where no disk can be made."""
    assert run_alone("-e", event, "--only", "html", folder=tmp_path).returncode == 0
    before = files(tmp_path / "dist")
    change(event)
    limit = len(before["report.html"]) - 1000 if what == "dist" else 100
    done = subprocess.run(
        [*BUILD[:-1], "html"],
        cwd=tmp_path,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"NO_COLOR": "1"},
    )
    assert_told(done, what, "larger than is allowed")
    assert files(tmp_path / "dist") == before
    assert run_alone("-e", event, "--only", "html", folder=tmp_path).returncode == 0
    assert files(tmp_path / "dist") != before


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], None]]:
    """Makes a disk of so much room of the folder in which builds are run."""
    mounted: list[Path] = []

    def make(size: str) -> None:
        options = ["-t", "tmpfs", "-o", f"size={size}", "none", str(tmp_path / "disk")]
        (tmp_path / "disk").mkdir()
        done = subprocess.run(["mount", *options], capture_output=True, check=False)
        if done.returncode:
            pytest.skip("only the superuser can make a small disk")
        mounted.append(tmp_path / "disk")

    yield make
    for disk in mounted:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_is_told_and_the_earlier_report_stays(
    small_disk: Callable[[str], None], event: Path, tmp_path: Path
) -> None:
    small_disk("6m")
    disk = tmp_path / "disk"
    shutil.copytree(event, disk / "event")
    assert run_alone("-e", "event", "--only", "html", folder=disk).returncode == 0
    before = files(disk / "dist")
    room = shutil.disk_usage(disk).free
    (disk / "filler").write_bytes(bytes(room - 20_000))
    change(disk / "event")
    assert_told(run_alone("-e", "event", "--only", "html", folder=disk), "the disk is full")
    assert files(disk / "dist") == before
    (disk / "filler").unlink()
    assert run_alone("-e", "event", "--only", "html", folder=disk).returncode == 0
    assert "One more paragraph." in (disk / "dist/report.html").read_text()


def test_no_file_is_replaced_on_a_disk_that_has_not_room_for_all(
    small_disk: Callable[[str], None], tmp_path: Path
) -> None:
    small_disk("1m")
    disk = tmp_path / "disk"
    deliver(disk, {"report.html": b"old", "report.pdf": b"old"})
    before = files(disk)
    with pytest.raises(OSError, match="No space left") as caught:
        deliver(disk, {"report.html": b"new", "report.pdf": bytes(2_000_000)})
    assert caught.value.filename == str(disk / "report.pdf")
    assert files(disk) == before


def test_a_disk_that_can_only_be_read_is_told(
    small_disk: Callable[[str], None], event: Path, tmp_path: Path
) -> None:
    small_disk("1m")
    disk = tmp_path / "disk"
    remounted = subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=False)
    assert remounted.returncode == 0
    done = run_alone("-e", event, "--only", "html", "-o", disk / "out", folder=tmp_path)
    assert_told(done, "can only be read")


def test_a_file_in_the_place_of_a_folder_is_told(event: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    assert_told(
        run_alone("-e", event, "--only", "html", "-o", "out", folder=tmp_path),
        "a file stands where a folder is needed",
    )
    assert (tmp_path / "out").read_text() == "mine"


# Death, the clock, and company


@pytest.mark.heavy
def test_builds_killed_at_any_moment_leave_the_earlier_report_or_the_next(
    event: Path, tmp_path: Path
) -> None:
    assert run_alone("-e", "event", "--only", "pdf", folder=tmp_path).returncode == 0
    moments = Random(5)
    whole = {(tmp_path / "dist/report.pdf").read_bytes()}
    for number in range(6):
        change(event, f"Paragraph {number}.")
        process = subprocess.Popen(BUILD, cwd=tmp_path, start_new_session=True)
        time.sleep(moments.uniform(0.3, 3))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        left = (tmp_path / "dist/report.pdf").read_bytes()
        assert run_alone("-e", "event", "--only", "pdf", folder=tmp_path).returncode == 0
        now = (tmp_path / "dist/report.pdf").read_bytes()
        assert left in whole | {now}
        whole = {now}
    fresh = ("-e", "event", "-o", "fresh", "--only", "pdf", "--cache", CACHE)
    assert run_alone(*fresh, folder=tmp_path).returncode == 0
    assert (tmp_path / "fresh/report.pdf").read_bytes() in whole
    # What was being written when one was killed goes with the first build after an hour.
    for unfinished in (tmp_path / "dist").glob(".new-*"):
        os.utime(unfinished, (1, 1))
    assert run_alone("-e", "event", "--only", "pdf", folder=tmp_path).returncode == 0
    assert [path.name for path in (tmp_path / "dist").iterdir()] == ["report.pdf"]


def test_a_clock_that_jumps_changes_nothing(event: Path, tmp_path: Path) -> None:
    """Not even when files are younger than the cache, or as old as the hills."""
    assert run_alone("-e", "event", "--only", "pdf", folder=tmp_path).returncode == 0
    before = files(tmp_path / "dist")
    for moment in (1, 4_000_000_000):
        for folder in (tmp_path / ".cache", event):
            for path in folder.rglob("*"):
                os.utime(path, (moment, moment))
        assert run_alone("-e", "event", "--only", "pdf", folder=tmp_path).returncode == 0
        assert files(tmp_path / "dist") == before
    change(event)
    os.utime(event / STATEMENT, (1, 1))
    assert run_alone("-e", "event", "--only", "pdf", folder=tmp_path).returncode == 0
    assert files(tmp_path / "dist") != before


@pytest.mark.usefixtures("event")
def test_two_builds_at_once_into_one_folder_leave_one_whole_report(tmp_path: Path) -> None:
    both = [subprocess.Popen([*BUILD, "-q"], cwd=tmp_path) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    together = files(tmp_path / "dist")
    assert run_alone("-e", "event", "--only", "pdf", folder=tmp_path).returncode == 0
    assert files(tmp_path / "dist") == together


@pytest.mark.heavy
def test_builds_and_a_preview_at_once_all_show_what_was_saved_last(tmp_path: Path) -> None:
    event = event_in(tmp_path)
    with served(event) as address:
        wait_for_state(address, is_settled)
        for words in ("First change.", "Second change."):
            change(event, words)
            both = [subprocess.Popen([*BUILD, "-q"], cwd=tmp_path) for _ in range(2)]
            assert [process.wait() for process in both] == [0, 0]
            assert words in said(PdfDocument(tmp_path / "dist/report.pdf"))
            wait_until(lambda words=words: words in said(shown(address)))
    together = files(tmp_path / "dist")
    shutil.rmtree(tmp_path / ".cache")
    assert run_alone("-e", "event", "--only", "pdf", folder=tmp_path).returncode == 0
    assert files(tmp_path / "dist") == together


def shown(address: str) -> PdfDocument:
    """The report as the preview has it."""
    return PdfDocument(
        httpx.get(f"{address}report.pdf", timeout=PATIENCE).raise_for_status().content
    )


def said(pdf: PdfDocument) -> str:
    return " ".join(page.get_textpage().get_text_range() for page in pdf)


# An event's own templates and styles


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("templates/statement.html", "{% if %}", "statement.html:1: "),
        ("templates/statement.html", "\n{{ nothing.at.all }}", "'nothing' is undefined"),
        ("templates/page.html", "{{ nothing }}", "'nothing' is undefined"),
        ("templates/cover.html", "<p>\n{% include 'absent.html' %}", "absent.html"),
        ("styles/tokens.css", ":root { --ink: #000000; }", "lacks the token --"),
        (
            "styles/event.css",
            "h3 { margin: 0 }\nh3 {\n  color red;\n}",
            "event.css:3: this is neither",
        ),
        (
            "styles/event.css",
            "/* { */\nh3 {\n h4 { margin: 0 }",
            "event.css:2: what begins here with {",
        ),
        ("styles/event.css", "@import url(more.css);", "event.css:1: a stylesheet cannot import"),
        (
            "templates/cover.html",
            '<p id="{{ id }}"><img src="media/logo.svg" alt=""></p>',
            "logo.svg",
        ),
        ("styles/web.css", b"p { content: '\xff' }", "web.css: it is not encoded in UTF-8"),
        (
            "templates/statement.html",
            '<section id="{{ id }}"><h3>x</h3><a href="#nowhere">x</a></section>',
            ", nowhere",
        ),
        (
            "styles/fonts.css",
            "@font-face { font-family: X; src: url(file:///etc/passwd.ttf) }",
            "neither in the event's folder nor in a package",
        ),
    ],
)
def test_what_is_wrong_with_templates_and_styles_is_told(
    name: str, content: str | bytes, words: str, event: Path, tmp_path: Path
) -> None:
    matter = (event / "event.yaml").read_text(encoding="utf-8")
    (event / "event.yaml").write_text(matter.replace("body: [", "body: [map, "))
    path = event / name
    path.parent.mkdir()
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    only = "pdf" if "#nowhere" in str(content) else "html"
    done = run("-e", event, "--only", only, "--cache", CACHE, folder=tmp_path)
    assert_told(done, words)
    assert files(tmp_path / "dist") == {}


def test_a_token_that_is_missing_is_told_where_no_chart_wants_it(
    event: Path, tmp_path: Path
) -> None:
    (event / "styles").mkdir()
    (event / "styles/tokens.css").write_text(":root { --ink: #000000; }", encoding="utf-8")
    done = run("-e", event, "--only", "pdf", "--cache", CACHE, folder=tmp_path)
    assert_told(done, "styles/tokens.css lacks the token --ink-soft")


def test_a_killed_build_leaves_neither_process_nor_file_behind(
    event: Path, scratch: Path, tmp_path: Path
) -> None:
    for number in range(2, 200):
        shutil.copy(event / STATEMENT, event / f"1-opening/{number:03}-minister.md")
    build = subprocess.Popen(
        [*BUILD, "-j", "2"],
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(scratch)},
        stderr=subprocess.DEVNULL,
    )
    wait_until(lambda: len(descendants(build.pid)) >= 4)
    wait_until(lambda: any(path.is_file() for path in scratch.rglob("*")))
    family = descendants(build.pid)
    build.kill()
    build.wait()
    wait_until(lambda: not any(Path(f"/proc/{process}").exists() for process in family))
    assert not [path for path in scratch.rglob("*") if path.is_file()]


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.usefixtures("event")
def test_a_build_leaves_nothing_but_what_was_asked_for(
    jobs: int, scratch: Path, tmp_path: Path
) -> None:
    command = [*BUILD, "-j", str(jobs), "--only", "pdf", "--cache", str(tmp_path / "cache")]
    environment = {**os.environ, "TMPDIR": str(scratch)}
    subprocess.run(command, cwd=tmp_path, env=environment, check=True)
    assert (tmp_path / "dist/report.pdf").is_file()
    # What workers fork from may still have its libraries to load, and ends when it has.
    wait_until(lambda: not list(scratch.iterdir()))


def test_a_build_is_interrupted_in_one_line_and_leaves_nothing(
    event: Path, scratch: Path, tmp_path: Path
) -> None:
    """At the terminal, which interrupts all of its processes."""
    change(event, "A paragraph.\n\n" * 100)
    for number in range(2, 100):
        shutil.copy(event / STATEMENT, event / f"1-opening/{number:02}-minister.md")
    # What keeps track of others, what workers fork from, and they; then what they have typeset.
    for number, (processes, units) in enumerate([(1, 0), (2, 0), (3, 0), (3, 2), (4, 9)]):
        cache = tmp_path / f"cache-{number}"
        build = subprocess.Popen(
            [*BUILD, "-j", "2", "--cache", cache.name],
            cwd=tmp_path,
            env={**os.environ, "TMPDIR": str(scratch)},
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # Whoever runs the tests in the background may have let them ignore it.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        wait_until(lambda of=build.pid, least=processes: len(descendants(of)) >= least)
        wait_until(lambda of=cache, least=units: len([*of.glob("??/*")]) >= least)
        os.killpg(build.pid, signal.SIGINT)
        # Whatever its processes have to say is heard until the last of them ends.
        told = build.communicate(timeout=PATIENCE)[1]
        assert (told, build.returncode) == ("stopped: nothing is left half-written\n", 130)
        assert not list(scratch.iterdir())
    assert not (tmp_path / "dist").exists()


@pytest.mark.usefixtures("event")
def test_a_preview_can_be_interrupted_as_soon_as_it_has_told_so(tmp_path: Path) -> None:
    for wait in (0, 0.2, 0.5, 1, 2):
        preview = subprocess.Popen(
            [*BUILD[:2], "serve", "-e", "event", "--no-open"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert preview.stdout
        assert "http://" in preview.stdout.readline()
        time.sleep(wait)
        os.killpg(preview.pid, signal.SIGINT)
        told = preview.communicate(timeout=PATIENCE)[1]
        assert told == "It follows every change to the event's files. Press Ctrl+C to stop.\n"
        assert preview.returncode == 0


def descendants(process: int) -> list[int]:
    """The processes that a process started, and those that they did."""
    tasks = Path(f"/proc/{process}/task")
    children: list[int] = []
    # A thread may have ended since it was named.
    for task in tasks.glob("*/children"):
        with suppress(OSError):
            children += map(int, task.read_text().split())
    return [*children, *(below for child in children for below in descendants(child))]

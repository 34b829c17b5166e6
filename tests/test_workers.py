"""Workers are ready early, and take nothing from where they are started."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from dataclasses import replace
from multiprocessing import active_children, forkserver
from pathlib import Path
from threading import Thread

import pytest

from report.assets import PRINT_STYLES, stylesheets
from report.fragment import TypesetUnit
from report.job import specimen
from report.pool import Pool
from report.workers import Crew, do, pool
from tests.waiting import wait_until


def _state() -> tuple[bool, str]:
    return "report.press" in sys.modules, os.environ["PATH"]


def test_a_worker_begins_with_the_typesetter_loaded() -> None:
    with Crew(1) as crew:
        is_loaded, path = crew.submit(_state).result()
    assert is_loaded
    assert path == os.environ["PATH"]


def _dictionaries() -> set[str]:
    import pyphen

    return {Path(file).stem for file in pyphen.hdcache}


def test_a_worker_that_is_ready_knows_how_words_are_divided(tmp_path: Path) -> None:
    with Crew(2) as crew:
        crew.get_ready(specimen(stylesheets(tmp_path, PRINT_STYLES), tmp_path, tmp_path, "en"))
        assert crew.submit(_dictionaries).result() == {"hyph_en_GB"}


def test_what_a_worker_begins_with_is_typeset_once(tmp_path: Path) -> None:
    first = specimen(stylesheets(tmp_path, PRINT_STYLES), tmp_path, tmp_path, "en")
    with Crew(2) as crew:
        crew.get_ready(first)
        done = crew.submit(do, first).result()
        assert isinstance(done, TypesetUnit)
        kept = done.path.stat().st_ino
        assert crew.submit(do, first).result() == done
        other = crew.submit(do, replace(first, key="0" * 64)).result()
    assert done.path.stat().st_ino == kept
    assert isinstance(other, TypesetUnit)
    assert other.path != done.path


def test_a_crew_ends_though_its_first_worker_is_still_on_the_way(tmp_path: Path) -> None:
    with Crew(1) as crew:
        crew.get_ready(specimen(stylesheets(tmp_path, PRINT_STYLES), tmp_path, tmp_path, "en"))
    assert not active_children()


def test_a_crew_that_is_interrupted_ends_though_its_workers_have_much_to_do() -> None:
    with pytest.raises(KeyboardInterrupt), Crew(2) as crew:
        waiting = [crew.submit(time.sleep, 600) for _ in range(5)]
        raise KeyboardInterrupt
    assert all(isinstance(each.exception(), BrokenExecutor) for each in waiting)
    assert not active_children()


def test_no_worker_is_begun_as_others_are_killed() -> None:
    """It would be waited for, and never end."""
    for _ in range(20):
        workers = pool(2)
        workers.submit(abs, -1).result()
        late = Thread(target=_ask_for_work, args=(workers,))
        late.start()
        workers.kill()
        workers.shutdown()
        late.join()
    assert not active_children()


def _ask_for_work(workers: Pool) -> None:
    with suppress(RuntimeError):
        workers.submit(time.sleep, 600)
        workers.submit(time.sleep, 600)


def test_a_worker_that_dies_of_what_was_handed_out_last_is_noticed() -> None:
    """Though nothing else happens: the other worker is busy."""
    with pool(2) as workers:
        workers.submit(time.sleep, 600)
        last = workers.submit(os._exit, 1)
        with pytest.raises(BrokenExecutor):
            last.result(timeout=60)


def test_workers_are_found_though_what_they_fork_from_is_killed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At any moment: here while it is asked for a worker, which it then never names.

    That worker ends, and leaves the others what they have in their folder for temporary files.
    """
    unnamed: list[Path] = []

    def killed(told: int) -> int:
        monkeypatch.undo()
        unnamed.append(Path(f"/proc/{forkserver.read_signed(told)}"))
        # It works with one thread and, once it has begun, sees with another when to end.
        wait_until(lambda: len(list(unnamed[0].glob("task/*"))) == 2)
        raise EOFError

    with Crew(1) as crew:
        monkeypatch.setattr(forkserver, "read_signed", killed)
        assert crew.submit(abs, -1).result(timeout=60) == 1
        wait_until(lambda: not unnamed[0].exists())
        assert Path(crew.submit(tempfile.gettempdir).result()).is_dir()


def test_typesetting_runs_no_program_to_find_libraries(tmp_path: Path) -> None:
    """A compiler, such as WeasyPrint has asked for its libraries, takes half a second."""
    compiler = tmp_path / "gcc"
    compiler.write_text(f"#!/bin/sh\ntouch {tmp_path}/was-run\n", encoding="utf-8")
    compiler.chmod(0o755)
    subprocess.run(
        [sys.executable, "-c", "import report.preloaded"],
        check=True,
        env={**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
    )
    assert not (tmp_path / "was-run").exists()


def test_what_workers_fork_from_ends_in_silence_where_its_command_has_ended(tmp_path: Path) -> None:
    """Which takes the folder for temporary files with it."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    taken = "import os, tempfile; os.rmdir(tempfile.gettempdir()); import report.preloaded"
    told = _run(taken, TMPDIR=str(scratch))
    assert (told.returncode, told.stderr) == (0, "")


def test_no_thread_is_left_where_workers_fork_from(tmp_path: Path) -> None:
    """Such as Pango has start Fontconfig, which would wait for a file here that says nothing."""
    os.mkfifo(tmp_path / "fonts.conf")
    count = "import os, report.preloaded; print(len(os.listdir('/proc/self/task')))"
    told = _run(count, FONTCONFIG_FILE=str(tmp_path / "fonts.conf"))
    assert (told.returncode, told.stdout.strip(), told.stderr) == (0, "1", "")


def _run(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own, which has some variables besides ours."""
    return subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **variables},
    )


def _started(kept: Path, code: str) -> str:
    """What a process says that has loaded what workers share, and keeps bytecode in a folder."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(kept)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    told = subprocess.run(
        [sys.executable, "-c", f"import sys, report.preloaded\n{code}"],
        check=True,
        env=environment,
        capture_output=True,
        text=True,
    )
    return told.stdout.strip()


def test_declarations_are_parsed_once_and_again_when_what_was_kept_is_damaged(
    tmp_path: Path,
) -> None:
    is_parsed = "print('pycparser' in sys.modules)"
    assert [_started(tmp_path, is_parsed) for _ in range(2)] == ["True", "False"]
    (kept,) = tmp_path.rglob("declarations.*.kept")
    kept.write_bytes(kept.read_bytes()[:-100])
    assert [_started(tmp_path, is_parsed) for _ in range(2)] == ["True", "False"]


def test_words_are_divided_as_ever_by_patterns_that_were_kept(tmp_path: Path) -> None:
    words = "Understanding intergovernmental; compréhension; взаимопонимание; visszatérő asszonnyal"
    divided = (
        "from pyphen import Pyphen\n"
        f"for word in {words!r}.split():\n"
        "    for name in ('en', 'fr', 'ru', 'es', 'hu'):\n"
        "        print([*Pyphen(lang=name).iterate(word)])"
    )
    plain = subprocess.run(
        [sys.executable, "-c", divided], check=True, capture_output=True, text=True
    ).stdout.strip()
    assert "('Under', 'standing')" in plain
    assert "('asz', 'szonnyal')" in plain
    assert [_started(tmp_path, divided) for _ in range(2)] == [plain, plain]
    assert {file.name.partition(".")[0] for file in tmp_path.rglob("hyph_*.kept")} == {
        "hyph_en_GB", "hyph_fr", "hyph_ru_RU", "hyph_es"
    }  # fmt: skip

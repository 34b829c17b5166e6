"""Workers are ready early, and take nothing from where they are started."""

from __future__ import annotations

import os
import subprocess
import sys
from multiprocessing import active_children
from pathlib import Path

from report.assets import PRINT_STYLES, stylesheets
from report.job import specimen
from report.workers import Crew


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


def test_a_crew_ends_though_its_first_worker_is_still_on_the_way(tmp_path: Path) -> None:
    with Crew(1) as crew:
        crew.get_ready(specimen(stylesheets(tmp_path, PRINT_STYLES), tmp_path, tmp_path, "en"))
    assert not active_children()


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

"""A cluster makes the same bytes as this machine alone, whatever becomes of its workers.

Scheduler and workers are processes, each in a folder of its own and with nothing of the event, as
they would be on machines that share no disk.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files as files_of
from pathlib import Path
from unittest import mock

import pytest
from distributed import Client

from report.cluster import parcel as of_parcel
from report.cluster.cluster import Cluster, ClusterError
from report.failure import UnitsFailedError
from report.link import link
from report.typeset import typeset
from tests import synthetic
from tests.conftest import CACHE, PROJECT
from tests.terminal import run_alone
from tests.test_crash import MINIMAL, STATEMENT, assert_told, files
from tests.test_edition import FILES, write
from tests.test_limits import ENDLESS, run_to_death, small
from tests.waiting import PATIENCE, wait_until


@dataclass
class Machines:
    """The processes of a cluster, each in a folder of its own below one folder."""

    folder: Path
    address: str
    scheduler: subprocess.Popen[bytes]
    workers: dict[Path, subprocess.Popen[bytes]] = field(default_factory=dict)

    def add_worker(self, *options: str, path: str = str(PROJECT)) -> Path:
        """Start a worker that the scheduler knows; return its folder."""
        folder = self.folder / f"worker-{len(self.workers)}"
        told = (self.address, "--no-dashboard", "--local-directory", str(folder), *options)
        self.workers[folder] = start("dask_worker", folder, *told, path=path)
        with Client(self.address, timeout=PATIENCE, set_as_default=False) as client:
            client.wait_for_workers(len(self.workers), timeout=PATIENCE)
        return folder

    def end(self) -> None:
        for process in (*self.workers.values(), self.scheduler):
            process.kill()
            process.wait()


def start(
    program: str, folder: Path, *options: str, path: str = str(PROJECT)
) -> subprocess.Popen[bytes]:
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", f"distributed.cli.{program}", *options]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            command, cwd=folder, env=os.environ | {"PYTHONPATH": path}, stdout=log, stderr=log
        )


def address(known: Path) -> str:
    """Where a scheduler listens, once it has written that to a file."""
    wait_until(lambda: known.exists() and known.read_text().endswith("}"))
    return str(json.loads(known.read_text())["address"])


@contextmanager
def machines(folder: Path) -> Iterator[Machines]:
    """A scheduler without workers."""
    known = folder / "scheduler.json"
    # Whoever chose the port beforehand might find it taken when the scheduler is ready for it.
    told = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(known))
    cluster = Machines(folder, "", start("dask_scheduler", folder / "scheduler", *told))
    try:
        cluster.address = address(known)
        yield cluster
    finally:
        cluster.end()


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """A scheduler and two workers."""
    with machines(tmp_path_factory.mktemp("cluster")) as cluster:
        cluster.add_worker("--nthreads", "1")
        cluster.add_worker("--nthreads", "1")
        yield cluster


@pytest.fixture
def event(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MINIMAL, tmp_path / "event"))


def fill(event: Path, statements: int) -> None:
    """Add statements, each another text."""
    text = (event / STATEMENT).read_text()
    for number in range(2, statements + 1):
        more = f"\nThis is what was said in statement {number}.\n" * 30
        (event / f"1-opening/{number:02}-minister.md").write_text(text + more)


# The same bytes


@pytest.mark.heavy
def test_all_that_a_unit_is_made_of_travels(event: Path, two: Machines, tmp_path: Path) -> None:
    """A picture, slides, and a style with a face that only the event has, and one it has not."""
    media = PROJECT / "statements/media"
    (event / "media").mkdir(exist_ok=True)
    for name in ("joint-posts.pdf", "opening.jpg"):
        shutil.copy(media / name, event / "media" / name)
    statement = (event / STATEMENT).read_text()
    slides = "slides: media/joint-posts.pdf\nslides_alt: Joint posts\nminutes: 6"
    picture = '\n![The hall](../media/opening.jpg "The opening")\n'
    (event / STATEMENT).write_text(statement.replace("minutes: 6", slides) + picture)
    (event / "styles").mkdir()
    css = (PROJECT / "styles/fonts.css").read_text()
    own = css.replace("package:fontpkg_spectral/files/Spectral-Regular.ttf", "event:styles/own.ttf")
    assert own != css
    own += ".title { background: url('event:styles/gone.svg') }"
    (event / "styles/fonts.css").write_text(own)
    face = files_of("fontpkg_spectral") / "files/Spectral-Medium.ttf"
    (event / "styles/own.ttf").write_bytes(face.read_bytes())

    alone = run_alone("-e", event, "-o", "alone", folder=tmp_path)
    assert alone.returncode == 0, alone.stderr
    shutil.rmtree(tmp_path / ".cache")
    together = run_alone("-e", event, "-o", "together", "--scheduler", two.address, folder=tmp_path)
    assert together.returncode == 0, together.stderr
    assert files(tmp_path / "together") == files(tmp_path / "alone")


@pytest.mark.heavy
def test_many_events_in_all_their_languages_are_one_piece_of_work(
    two: Machines, tmp_path: Path
) -> None:
    shutil.copytree(MINIMAL, tmp_path / "events/first")
    write(Path(shutil.copytree(MINIMAL, tmp_path / "events/second")), FILES)
    options = ("--all", "events", "--only", "pdf", "-l", "all")
    cluster = ("--scheduler", two.address, "--cache", f"file://{tmp_path}/shared")
    together = run_alone(*options, *cluster, folder=tmp_path)
    assert together.returncode == 0, together.stderr
    assert together.stdout.splitlines()[-1].startswith("2 events: 2 compiled, ")
    assert any((tmp_path / "shared").iterdir())
    alone = run_alone(*options, "-o", "alone", "--cache", CACHE, folder=tmp_path)
    assert alone.returncode == 0, alone.stderr
    assert files(tmp_path / "dist/first").keys() == {"report.pdf"}
    assert files(tmp_path / "dist/second").keys() == {
        *("report.pdf", "report.fr.pdf", "report.ar.pdf"),
    }
    for name in ("first", "second"):
        assert files(tmp_path / "dist" / name) == files(tmp_path / "alone" / name)


@pytest.mark.heavy
def test_units_come_back_into_the_cache(two: Machines, tmp_path: Path) -> None:
    report = synthetic.small_report()
    with Cluster(two.address) as cluster:
        far = typeset(report, synthetic.styles(), tmp_path / "far", executor=cluster)
    near = typeset(report, synthetic.styles(), tmp_path / "near", jobs=1)
    assert link(report, far, tmp_path / "far") == link(report, near, tmp_path / "near")
    again = typeset(report, synthetic.styles(), tmp_path / "far", jobs=1)
    assert far.reasons
    assert not again.reasons


# What can happen to machines


@pytest.mark.heavy
def test_a_worker_that_is_killed_costs_nothing(event: Path, tmp_path: Path) -> None:
    fill(event, 16)
    alone = ("-e", event, "-o", "alone", "--only", "pdf", "--cache", CACHE)
    assert run_alone(*alone, folder=tmp_path).returncode == 0
    with machines(tmp_path / "cluster") as cluster:
        first = cluster.add_worker("--nthreads", "1", "--no-nanny")
        cluster.add_worker("--nthreads", "1", "--no-nanny")
        build = start_build(event, cluster, tmp_path)
        wait_until(lambda: any(first.glob("**/rapporteur/units/*/*")))
        cluster.workers[first].kill()
        _, told = build.communicate(timeout=PATIENCE)
        assert build.returncode == 0, told
    assert files(tmp_path / "dist") == files(tmp_path / "alone")


@pytest.mark.heavy
def test_a_scheduler_that_is_lost_is_told_and_nothing_with_it(event: Path, tmp_path: Path) -> None:
    assert run_alone("-e", event, "--only", "pdf", folder=tmp_path).returncode == 0
    before = files(tmp_path / "dist")
    fill(event, 60)
    with machines(tmp_path / "cluster") as cluster:
        worker = cluster.add_worker("--nthreads", "1", "--no-nanny")
        build = start_build(event, cluster, tmp_path)
        wait_until(lambda: len(list(worker.glob("**/rapporteur/units/??"))) > 12)
        cluster.scheduler.kill()
        _, told = build.communicate(timeout=PATIENCE)
    assert build.returncode == 2
    assert told.splitlines() == [
        f"error: the scheduler {cluster.address} is lost; "
        "what was typeset is kept, and no report was replaced"
    ]
    assert files(tmp_path / "dist") == before
    after = run_alone("-e", event, "--only", "pdf", "-v", folder=tmp_path)
    assert after.returncode == 0
    assert 0 < len(re.findall("^typeset 1-opening/.*minister", after.stderr, re.M)) < 59


@pytest.mark.heavy
def test_workers_that_are_all_lost_are_told(tmp_path: Path) -> None:
    report = synthetic.small_report(30)
    with machines(tmp_path / "cluster") as cluster:
        worker = cluster.add_worker("--nthreads", "1", "--no-nanny")
        with Cluster(cluster.address, patience=8) as executor:
            cluster.workers[worker].kill()
            with pytest.raises(ClusterError, match="has lost all workers"):
                typeset(report, synthetic.styles(), tmp_path / "cache", executor=executor)


@pytest.mark.heavy
def test_a_unit_that_is_the_death_of_its_process_is_told_by_name(
    two: Machines, tmp_path: Path
) -> None:
    report = small(ENDLESS)
    with (
        Cluster(two.address) as cluster,
        mock.patch("report.typeset.do", run_to_death),
        pytest.raises(UnitsFailedError) as caught,
    ):
        typeset(report, synthetic.styles(), tmp_path, executor=cluster)
    (failure,) = caught.value.failures.values()
    assert (failure.unit, failure.rule.code) == ("1-opening/s2", "E903")


# What cannot be used


def test_an_address_where_nobody_answers_is_told() -> None:
    with pytest.raises(ClusterError, match=r"no scheduler answered at tcp://127\.0\.0\.1:1 within"):
        Cluster("tcp://127.0.0.1:1", patience=0.5)


def test_what_is_no_address_is_told(event: Path, tmp_path: Path) -> None:
    done = run_alone("-e", event, "--scheduler", "somewhere", folder=tmp_path)
    assert_told(done, "`somewhere` is no scheduler's address", "tcp://HOST:PORT")


@pytest.mark.heavy
def test_a_scheduler_without_workers_is_told(tmp_path: Path) -> None:
    told = pytest.raises(ClusterError, match="has no workers: start some")
    with machines(tmp_path) as cluster, told:
        Cluster(cluster.address, patience=6)


def test_machines_that_are_not_alike_are_told(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "sitecustomize.py").write_text(
        "from importlib import metadata\nhere = metadata.version\n"
        "metadata.version = lambda name: '0.1' if name == 'weasyprint' else here(name)\n"
    )
    with machines(tmp_path) as cluster:
        cluster.add_worker("--nthreads", "1", "--no-nanny", path=f"{other}:{PROJECT}")
        with pytest.raises(ClusterError, match=r"would typeset other bytes: weasyprint 0\.1 there"):
            Cluster(cluster.address)


def test_a_worker_that_comes_later_must_be_alike_too(two: Machines, tmp_path: Path) -> None:
    report = synthetic.small_report()
    with (
        Cluster(two.address) as cluster,
        mock.patch.object(of_parcel, "likeness", lambda _: "other"),
        pytest.raises(ClusterError, match="has other programs or fonts"),
    ):
        typeset(report, synthetic.styles(), tmp_path, executor=cluster)


def test_a_worker_that_lacks_the_compiler_is_told(tmp_path: Path) -> None:
    with machines(tmp_path) as cluster:
        cluster.add_worker("--nthreads", "1", "--no-nanny", path="")
        with pytest.raises(ClusterError, match="cannot typeset: it lacks report"):
            Cluster(cluster.address)


def test_what_needs_to_be_installed_is_told(event: Path, tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['distributed'] = None; "
        f"sys.path.insert(0, {str(PROJECT)!r}); from report.cli import app; app()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "-e", str(event), "--scheduler", "tcp://127.0.0.1:1"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert_told(done, "--scheduler needs distributed: install rapporteur[cluster]")


def start_build(event: Path, cluster: Machines, folder: Path) -> subprocess.Popen[str]:
    options = ("-e", str(event), "--only", "pdf", "-q", "--scheduler", cluster.address)
    return subprocess.Popen(
        [sys.executable, str(PROJECT / "build.py"), *options],
        cwd=folder, stderr=subprocess.PIPE, text=True, env=os.environ | {"NO_COLOR": "1"},
    )  # fmt: skip

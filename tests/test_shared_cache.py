"""A cache that machines share: what one of them typeset, no other does."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import fsspec
import pytest

from report.cluster.shared import SharedCache, SharedCacheError
from report.link import link
from report.typeset import typeset
from report.unit import Report
from report.workers import Crew, Hands
from tests import synthetic
from tests.conftest import CACHE
from tests.terminal import run_alone
from tests.test_crash import MINIMAL, assert_told, files

pytestmark = pytest.mark.heavy


class Idle(Hands):
    """Hands that are not to be asked for anything."""

    jobs = 1

    def submit(self, work: object, /, *args: object, **kwargs: object) -> Future[object]:  # type: ignore[override]
        raise AssertionError(f"asked for {work} {args} {kwargs}")


@pytest.fixture(params=["memory", "file"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    yield f"{request.param}://{tmp_path}/shared"
    if request.param == "memory":
        fsspec.filesystem("memory").rm(str(tmp_path), recursive=True)


def pdf(report: Report, cache: Path, url: str, hands: Hands) -> bytes:
    """The report, as a machine with a cache of its own makes it."""
    with SharedCache(url, hands) as executor:
        made = typeset(report, synthetic.styles(), cache, executor=executor)
    return link(report, made, cache)


def test_what_one_machine_typeset_no_other_does(url: str, tmp_path: Path) -> None:
    report = synthetic.small_report()
    with Crew(1) as crew:
        first = pdf(report, tmp_path / "first", url, crew)
    assert pdf(report, tmp_path / "second", url, Idle()) == first
    alone = typeset(report, synthetic.styles(), tmp_path / "alone", jobs=1)
    assert link(report, alone, tmp_path / "alone") == first


def test_what_is_damaged_is_made_anew(tmp_path: Path) -> None:
    report = synthetic.small_report(1)
    url = f"file://{tmp_path}/shared"
    with Crew(1) as crew:
        first = pdf(report, tmp_path / "first", url, crew)
        for file in (tmp_path / "shared").glob("*/*"):
            file.write_bytes(file.read_bytes()[:-100])
        assert pdf(report, tmp_path / "second", url, crew) == first
    assert pdf(report, tmp_path / "third", url, Idle()) == first


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("nothing://known", "Protocol not known: nothing"),
        ("s3://bucket", "Install s3fs"),
        ("file:///proc/shared", "No such file or directory"),
    ],
)
def test_a_cache_that_cannot_be_used_is_told(url: str, reason: str) -> None:
    with pytest.raises(SharedCacheError, match=reason):
        SharedCache(url, Idle())


def test_a_build_names_a_folder_or_a_url(tmp_path: Path) -> None:
    url = f"file://{tmp_path}/shared"
    for name, cache in (("a", str(CACHE)), ("b", url), ("c", url)):
        folder = tmp_path / name
        folder.mkdir()
        done = run_alone("-e", MINIMAL, "--only", "pdf", "--cache", cache, folder=folder)
        assert done.returncode == 0, done.stderr
    assert not (tmp_path / "a/.cache").exists()
    assert any((tmp_path / "shared").glob("*/*"))
    assert files(tmp_path / "b/dist") == files(tmp_path / "c/dist") == files(tmp_path / "a/dist")
    done = run_alone("-e", MINIMAL, "--only", "html", "--cache", "kept", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "kept").is_dir()
    told = run_alone("-e", MINIMAL, "--cache", "nothing://known", folder=tmp_path)
    assert_told(told, "the shared cache nothing://known cannot be used")

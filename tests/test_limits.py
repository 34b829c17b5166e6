"""Limits: what asks for too much is told by name, and the rest of the report is made."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path
from unittest import mock

import pytest
from pikepdf import Pdf, Stream
from PIL import Image

from report import press
from report.check import check
from report.compilation import compile_report, merged
from report.diagnostics import Diagnostic
from report.failure import UnitsFailedError
from report.formats import Format
from report.job import Job
from report.link import link
from report.load import load
from report.quota import USUAL, Allowance, OutOfTimeError, quota
from report.shelf import Shelf
from report.trouble import in_words
from report.typeset import typeset
from report.unit import Report, Unit
from tests import synthetic
from tests.conftest import CACHE, PROJECT
from tests.reading import Reading
from tests.terminal import run
from tests.waiting import PATIENCE

MINIMAL = PROJECT / "tests/events/minimal"
HEAD = "---\nspeaker: Minister\naffiliation: Member State A\ncategory: governments\n---\n\n"
STATEMENT = "1-opening/50-x.md"


@pytest.fixture
def event(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MINIMAL, tmp_path / "event"))


def write(event: Path, text: str, **limits: int) -> None:
    (event / STATEMENT).write_text(HEAD + text, encoding="utf-8")
    if limits:
        stated = "".join(f"  {name}: {value}\n" for name, value in limits.items())
        with (event / "event.yaml").open("a") as file:
            file.write(f"limits:\n{stated}")


def errors(event: Path, shelf: Shelf | None = None) -> list[Diagnostic]:
    read, found = load(event, open_deck=shelf.deck if shelf else None)
    return [d for d in (*found, *(check(read) if read else ())) if d.is_error]


def nested(start: str, end: str, depth: int) -> str:
    return start * depth + "word" + end * depth


TOO_DEEP = {
    "divisions": nested("<div>", "</div>", 70),
    "words in italics": nested("<em>", "</em>", 70),
    "quotations": "> " * 70 + "word",
    "lists": "".join(f"{'    ' * depth}- item\n" for depth in range(40)),
    "lists of HTML": nested("<ul><li>", "</li></ul>", 40),
    "tables": nested("<table><tr><td>", "</td></tr></table>", 20),
}


@pytest.mark.parametrize("text", TOO_DEEP.values(), ids=TOO_DEEP.keys())
def test_nesting_is_limited(text: str, event: Path) -> None:
    write(event, text)
    (found,) = errors(event)
    assert (found.rule.code, found.place.file) == ("E107", STATEMENT)
    assert "more than 60" in found.message
    assert "`nesting`" in found.hint
    write(event, text, nesting=100)
    assert errors(event) == []


@pytest.mark.heavy
def test_what_is_nested_as_deeply_as_is_allowed_can_be_typeset(event: Path, tmp_path: Path) -> None:
    write(event, "Word.", nesting=100)
    for number, text in enumerate(TOO_DEEP.values(), start=60):
        (event / f"1-opening/{number}-x.md").write_text(HEAD + text, encoding="utf-8")
    done = run("-e", event, "--only", "pdf", "-q", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_words_are_limited(event: Path) -> None:
    write(event, "word " * 41_000)
    (found,) = errors(event)
    assert (found.rule.code, found.place.file) == ("E109", STATEMENT)
    assert "`words`" in found.hint
    write(event, "word " * 41_000, words=50_000)
    assert errors(event) == []


def test_bytes_of_a_file_are_limited(event: Path) -> None:
    write(event, "x " * 600_000, words=10_000_000)
    (found,) = errors(event)
    assert (found.rule.code, found.place.file) == ("E002", STATEMENT)
    assert "`file_bytes`" in found.hint
    with (event / "event.yaml").open("a") as file:
        file.write("  file_bytes: 2000000\n")
    assert errors(event) == []


@pytest.mark.parametrize("limit", ["picture_bytes", "picture_pixels"])
def test_pictures_are_limited(limit: str, event: Path) -> None:
    write(event, "Word.", **{limit: 10})
    found = errors(event)
    assert {each.rule.code for each in found} == {"E403"}
    assert any(f"`{limit}`" in each.hint for each in found)


def test_a_picture_of_too_many_pixels_is_taken_when_the_event_allows_it(event: Path) -> None:
    Image.new("1", (10_000, 7_000)).save(event / "media/hall.png")
    write(event, "Word.")
    assert {each.rule.code for each in errors(event)} == {"E403"}
    write(event, "Word.", picture_pixels=70_000_000)
    assert errors(event) == []


def test_a_picture_of_too_many_bytes_is_taken_when_the_event_allows_it(event: Path) -> None:
    write(event, "Word.")
    os.truncate(event / "media/hall.png", 51_000_000)
    (found,) = errors(event)
    assert found.rule.code == "E403"
    assert "at most 50,000,000 bytes (`picture_bytes` under `limits`" in found.hint
    write(event, "Word.", picture_bytes=51_000_000)
    assert errors(event) == []


def test_data_of_too_many_bytes_are_taken_when_the_event_allows_it(
    event: Path, tmp_path: Path
) -> None:
    compile_report(event, tmp_path, CACHE, frozenset({Format.JSON}))
    data = (tmp_path / "report.json").read_text(encoding="utf-8")
    (event / "part-1.json").write_text(data.ljust(51_000_000), encoding="utf-8")
    with (event / "event.yaml").open("a") as file:
        file.write("companions:\n  part-1: {data: part-1.json}\n")
    (found,) = errors(event)
    assert found.rule.code == "E317"
    assert "at most 50,000,000 bytes (`data_bytes` under `limits` allows more)" in found.message
    write(event, "Word.", data_bytes=51_000_000)
    assert errors(event) == []


def deck(slides: int, padding: int) -> bytes:
    """A deck of empty slides, with so many bytes of no use in it."""
    with Pdf.new() as pdf, BytesIO() as written:
        for _ in range(slides):
            pdf.add_blank_page(page_size=(40, 30))
        pdf.Root.Padding = Stream(pdf, bytes(padding))
        pdf.save(written, compress_streams=False, deterministic_id=True)
        return written.getvalue()


@pytest.mark.parametrize(
    ("size", "limit", "little", "enough", "words"),
    [
        ((3, 0), "deck_slides", 2, 3, "3 slides, and no more than 2"),
        ((1, 51_000_000), "deck_bytes", 50_000_000, 52_000_000, "more than 50,000,000 bytes"),
    ],
    ids=["slides", "bytes"],
)
def test_a_deck_is_taken_when_the_event_allows_it_and_only_then(
    size: tuple[int, int],
    limit: str,
    little: int,
    enough: int,
    words: str,
    event: Path,
    tmp_path: Path,
) -> None:
    shown(event, "deck.pdf", deck(*size))
    told = partial(told_of_decks, event, Shelf(tmp_path / "cache"), limit)
    (found,) = told(little)
    assert found.rule.code == "E405"
    assert words in found.message
    assert f"`{limit}` under `limits`" in found.hint
    assert told(enough) == []
    assert told(little) == [found], "what was taken once is not taken for ever"


def test_a_deck_is_given_as_many_seconds_as_the_event_allows(
    event: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An office program takes a second and a half."""
    shown(event, "deck.pptx", b"PK")
    office, made = tmp_path / "bin/soffice", tmp_path / "made.pdf"
    made.write_bytes(deck(1, 0))
    office.parent.mkdir()
    office.write_text(
        '#!/bin/sh\nfor file; do :; done\n[ "$file" = --version ] && exit\n'
        f'sleep 1.5\ncp {made} "${{file%.pptx}}.pdf"\n'
    )
    office.chmod(0o755)
    monkeypatch.setenv("PATH", f"{office.parent}:{os.environ['PATH']}")
    told = partial(told_of_decks, event, Shelf(tmp_path / "cache"), "deck_seconds")
    (found,) = told(1)
    assert found.rule.code == "E405"
    assert "takes more than 1 seconds to convert" in found.message
    assert "`deck_seconds` under `limits`" in found.hint
    assert told(60) == []


def shown(event: Path, name: str, content: bytes) -> None:
    """Have a statement show a deck."""
    (event / "media" / name).write_bytes(content)
    statement = event / "1-opening/01-minister.md"
    slides = f"slides: media/{name}\nslides_alt: Slides\nminutes:"
    statement.write_text(statement.read_text().replace("minutes:", slides))


def told_of_decks(event: Path, shelf: Shelf, limit: str, most: int) -> list[Diagnostic]:
    """What is wrong with an event that sets a limit."""
    stated = f"limits: {{{limit}: {most}}}\n"
    plain = (event / "event.yaml").read_text(encoding="utf-8").partition("limits:")[0]
    (event / "event.yaml").write_text(plain + stated, encoding="utf-8")
    return errors(event, shelf)


def test_the_data_of_another_report_are_limited(event: Path) -> None:
    (event / "part-1.json").write_text(" " * 2000, encoding="utf-8")
    with (event / "event.yaml").open("a") as file:
        file.write("companions:\n  part-1: {data: part-1.json}\n")
    (empty,) = errors(event)
    write(event, "Word.", data_bytes=1000)
    (large,) = errors(event)
    assert (empty.rule.code, large.rule.code) == ("E317", "E317")
    assert "`data_bytes`" not in empty.message
    assert "at most 1,000 bytes (`data_bytes` under `limits` allows more)" in large.message


@pytest.mark.heavy
def test_reading_a_text_takes_no_longer_than_its_seconds(event: Path) -> None:
    def slow(*_: object) -> object:
        time.sleep(PATIENCE)
        raise AssertionError

    write(event, "Word.", unit_seconds=1)
    _, found = load(event, slow)  # type: ignore[arg-type]
    assert {each.rule.code for each in found if each.is_error} == {"E107"}
    assert "more than 1 seconds" in found[0].message


def test_limits_are_told_when_they_make_no_sense(event: Path) -> None:
    write(event, "Word.", unit_seconds=0, nesting=1000)
    assert [each.rule.code for each in errors(event)][:2] == ["E105", "E105"]


# A unit that asks for too much


PLAIN = press.run
# One paragraph alone would keep foreign code busy that cannot be interrupted, and of two that are
# alike the second would be no work.
LONG = [f"{number} words " * 25 for number in range(3000)]
ENDLESS = replace(synthetic.statement(2, 1), html=f'<p id="s2">{"</p><p>".join(LONG)}</p>')


def small(second: Unit, allowance: Allowance = USUAL) -> Report:
    units = (synthetic.statement(1, 2), second, *(synthetic.statement(n, 1) for n in (3, 4, 5)))
    return replace(synthetic.report(*units), allowance=allowance)


def is_long(job: Job) -> bool:
    return len(job.unit.html) > 100_000


def run_in_time(job: Job) -> object:
    """Typeset a unit: a long one in the seconds that are allowed, others however slow they are."""
    return PLAIN(job if is_long(job) else replace(job, allowance=USUAL))


def run_endlessly(job: Job) -> object:
    """Typeset a unit, a long one without end: a worker's death is not far, so it reacts at once."""
    if not is_long(job):
        return run_in_time(job)
    with mock.patch.object(press.Press, "typeset", go_on):
        return PLAIN(replace(job, allowance=Allowance(seconds=3)))


def go_on(*_: object) -> None:
    while True:
        time.sleep(0.01)


@pytest.mark.parametrize(("jobs", "work"), [(1, run_in_time), (2, run_endlessly)])
def test_a_unit_that_takes_too_long_is_told_by_name(
    jobs: int, work: Callable[[Job], object], tmp_path: Path
) -> None:
    report = small(ENDLESS, Allowance(seconds=3))
    with mock.patch("report.typeset.do", work), pytest.raises(UnitsFailedError) as caught:
        typeset(report, synthetic.styles(), tmp_path, jobs=jobs)
    (failure,) = caught.value.failures.values()
    assert (failure.unit, failure.rule.code) == ("1-opening/s2", "E901")
    assert failure.reason == "it takes more than 3 seconds"


def run_greedily(job: Job) -> object:
    """Typeset a unit, one of them as if it took all memory."""
    if job.unit.html != ENDLESS.html:
        return PLAIN(job)
    with mock.patch.object(press.Press, "typeset", lambda *_: bytearray(10**9)):
        return PLAIN(job)


def run_to_death(job: Job) -> object:
    """Typeset a unit, but die of one of them, as of a fault in a library."""
    if job.unit.html == ENDLESS.html:
        os.kill(os.getpid(), signal.SIGKILL)
    return PLAIN(job)


def run_deafly(job: Job) -> object:
    """Typeset a unit, one of them in foreign code that no signal interrupts."""
    if job.unit.html != ENDLESS.html:
        return run_in_time(job)
    with mock.patch.object(press.Press, "typeset", sleep_uninterrupted):
        return PLAIN(job)


def sleep_uninterrupted(*_: object) -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    time.sleep(PATIENCE)


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("work", "seconds", "code", "reason"),
    [
        (run_greedily, 60, "E902", "it takes more than 500 megabytes"),
        (run_to_death, 60, "E903", "the process that typeset it ended"),
        (run_deafly, 3, "E903", "the process that typeset it ended"),
    ],
)
def test_whatever_a_worker_dies_of_is_laid_to_its_unit_and_no_other(
    work: Callable[[Job], object], seconds: int, code: str, reason: str, tmp_path: Path
) -> None:
    report = small(ENDLESS, Allowance(seconds, 500))
    with mock.patch("report.typeset.do", work), pytest.raises(UnitsFailedError) as caught:
        typeset(report, synthetic.styles(), tmp_path, jobs=2)
    (failure,) = caught.value.failures.values()
    assert (failure.unit, failure.rule.code) == ("1-opening/s2", code)
    assert reason in failure.reason


def end_at_once(*_: object) -> None:
    os._exit(1)


@pytest.mark.heavy
def test_workers_that_end_whatever_they_do_are_told_once(tmp_path: Path) -> None:
    with mock.patch("report.workers._begin", end_at_once), pytest.raises(BrokenExecutor) as caught:
        typeset(synthetic.small_report(9), synthetic.styles(), tmp_path, jobs=2)
    assert "workers end as soon as they begin" in str(in_words(caught.value))


def test_the_rest_is_made_with_a_page_that_says_what_is_missing(tmp_path: Path) -> None:
    contents = synthetic.contents(5)
    report = small(ENDLESS, Allowance(seconds=3))
    report = replace(report, units=(contents, *report.units))
    with mock.patch("report.typeset.do", run_endlessly):
        made = typeset(report, synthetic.styles(), tmp_path, jobs=2, keep_going=True)
    assert set(made.failures) == {"1-opening/s2"}
    (tmp_path / "report.pdf").write_bytes(link(report, made, tmp_path))
    reading = Reading(tmp_path / "report.pdf")
    spoken = " ".join(reading.spoken.split())
    assert "This part is missing from this copy of the report" in spoken
    assert all(f"Statement {n}" in spoken for n in range(1, 6))
    assert reading.destinations[b"s2"] == made.pagination.starts[2]


@pytest.mark.heavy
def test_keep_going_makes_the_report_and_still_fails(event: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    write(event, "word " * 39_000)
    with mock.patch("report.typeset.do", run_endlessly):
        stopped = run("-e", event, "--only", "pdf", folder=tmp_path)
        made = run("-e", event, "--only", "pdf", "--keep-going", folder=tmp_path / "kept")
    assert stopped.returncode == 1
    assert "error[E901]: 1-opening/50-x cannot be typeset" in stopped.stderr
    assert f"--> {STATEMENT}:" in stopped.stderr
    assert not (tmp_path / "dist").exists()
    assert made.returncode == 1
    assert "error[E901]" in made.stderr
    assert "This part is missing" in " ".join(
        Reading(tmp_path / "kept/dist/report.pdf").spoken.split()
    )


def test_what_a_unit_may_take_is_what_the_event_says(event: Path) -> None:
    write(event, "Word.", unit_seconds=300, unit_megabytes=700)
    read, _ = load(event)
    assert read
    assert merged(read, event, CACHE, ()).allowance == Allowance(300, 700)


# Quotas


def test_a_quota_interrupts_and_leaves_no_trace() -> None:
    handler = signal.getsignal(signal.SIGALRM)
    with pytest.raises(OutOfTimeError), quota(0.05):
        while True:
            pass
    with pytest.raises(MemoryError), quota(10, 50):
        bytearray(300_000_000)
    with quota(10, 50):
        pass
    assert len(bytearray(300_000_000)) == 300_000_000
    assert signal.getsignal(signal.SIGALRM) is handler
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


class Deaf:
    """Takes its time to be given up; Python drops what is raised meanwhile."""

    def __del__(self) -> None:
        time.sleep(0.5)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_quota_interrupts_once_more_where_an_interruption_is_dropped() -> None:
    rounds = 0
    with pytest.raises(OutOfTimeError), quota(0.2):
        Deaf()
        while rounds < 200:
            time.sleep(0.01)
            rounds += 1

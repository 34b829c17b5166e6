"""A release: refused until all of it is cleared, then whole, checkable and never changed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from unittest import mock

import pytest
import weasyprint

from report import press, rules
from report.acceptance import lock
from report.failure import Failure
from report.job import Job
from report.load import load
from report.release import release as releasing
from report.release.release import Release, ReleaseError, release
from tests.conftest import CACHE, PROJECT
from tests.reading import Reading
from tests.terminal import run

MINIMAL = PROJECT / "tests" / "events" / "minimal"
STATEMENT = "1-opening/01-minister.md"
SESSION = "1-opening/session.md"
SUMMARY = "1-opening/chairmans-summary.md"
LOCK = "1-opening/chairmans-summary.lock"
EMBARGO = datetime.fromisoformat("2011-09-20T09:00-04:00")
BEFORE = datetime.fromisoformat("2011-09-20T12:59:59+00:00")
AFTER = datetime.fromisoformat("2011-09-20T13:00+00:00")


@pytest.fixture
def event(tmp_path: Path) -> Path:
    """The minimal event, cleared, accepted and with an edition."""
    (tmp_path / "cache").symlink_to(CACHE)
    (tmp_path / ".cache").symlink_to(CACHE)
    return ready_for_release(tmp_path / "event")


def ready_for_release(folder: Path) -> Path:
    """The minimal event, cleared, accepted and with an edition, copied to a folder."""
    shutil.copytree(MINIMAL, folder)
    for name in (STATEMENT, SESSION, SUMMARY):
        state(folder, name, "cleared")
    edition = "edition: {number: 2, date: 2012-03-01, status: final}\n"
    (folder / "event.yaml").write_text((folder / "event.yaml").read_text() + edition)
    accept(folder)
    return folder


def state(folder: Path, name: str, status: str) -> None:
    text = (folder / name).read_text().replace("status: cleared\n", "")
    (folder / name).write_text(text.replace("---\n", f"---\nstatus: {status}\n", 1))


def accept(folder: Path) -> None:
    read, _ = load(folder)
    assert read
    (folder / LOCK).write_text(lock(read))


def released(folder: Path, now: datetime = AFTER) -> Release:
    return release(folder, folder.parent / "dist", folder.parent / "cache", now, jobs=1)


def refused(folder: Path, now: datetime = AFTER) -> list[tuple[str, str]]:
    """The codes and places for which a release is refused; nothing may be written then."""
    made = released(folder, now)
    assert made.folder is None
    assert not (folder.parent / "dist").exists()
    return [(d.rule.code, str(d.place)) for d in made.diagnostics]


# Refusals


def test_a_draft_and_a_text_without_status_are_not_released(event: Path) -> None:
    state(event, STATEMENT, "draft")
    text = (event / SESSION).read_text().replace("status: cleared\n", "")
    (event / SESSION).write_text(text)
    assert refused(event) == [
        ("E701", f"{STATEMENT}:2:9"),
        ("W315", f"{SUMMARY}:7:15"),
        ("E701", f"{SESSION}:1:1"),
    ]


def test_nothing_is_released_before_the_embargo_ends(event: Path) -> None:
    state(event, STATEMENT, f"cleared\nembargo: {EMBARGO.isoformat()}")
    assert refused(event, BEFORE) == [("E702", f"{STATEMENT}:3:10")]
    made = released(event, AFTER)
    assert made.folder
    pages = "".join(Reading(made.folder / "report.pdf").pages)
    assert "We are glad to be here." in pages
    assert "Embargo" not in pages


@pytest.mark.parametrize("change", ["cited", "recommended", "never"])
def test_a_summary_that_was_not_accepted_is_not_released(event: Path, change: str) -> None:
    text = (event / STATEMENT).read_text()
    if change == "cited":
        (event / STATEMENT).write_text(text.replace("We ask all States", "We ask all"))
    elif change == "recommended":
        (event / STATEMENT).write_text(text.replace("text: States should", "text: All should"))
    else:
        (event / LOCK).unlink()
    assert ("E703", f"{SUMMARY}:1:1") in refused(event)
    accept(event)
    assert released(event).folder


@pytest.mark.parametrize(
    ("edition", "place"),
    [("", "event.yaml:1:1"), ("edition: {date: 2012-03-01, status: draft}", "event.yaml:11:37")],
)
def test_a_release_needs_an_edition_that_is_no_draft(event: Path, edition: str, place: str) -> None:
    text = (event / "event.yaml").read_text()
    (event / "event.yaml").write_text(f"{text[: text.index('edition:')]}{edition}\n")
    assert refused(event) == [("E704", place)]


def test_errors_in_the_content_refuse_a_release(event: Path) -> None:
    (event / "foreword.md").write_bytes(b"\xff")
    assert refused(event) == [("E003", "foreword.md:1:1")]


def test_a_withheld_text_does_not_hinder(event: Path) -> None:
    state(event, SESSION, "withheld")
    made = released(event)
    assert made.folder
    assert "Text not available" in "".join(Reading(made.folder / "report.pdf").pages)
    assert json.loads((made.folder / "manifest.json").read_text())["withheld"] == ["1-opening"]


# What a release is


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a release, by their names in it."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_checksums_and_manifest_tell_what_is_released_and_from_what(event: Path) -> None:
    emblem = ":root { --emblem: url(event:media/emblem.png), url(event:media/none.png) }"
    (event / "styles").mkdir()
    (event / "styles/event.css").write_text(emblem)
    shutil.copy(event / "media/hall.png", event / "media/emblem.png")
    made = released(event)
    assert made.folder == event.parent / "dist/release-2"
    names = set(contents(made.folder))
    assert {name for name in names if "/" not in name} == {
        *("report.pdf", "report.html", "report.json", "report.schema.json", "report.bib"),
        *("manifest.json", "sbom.cdx.json", "SHA256SUMS"),
    }
    assert {"site/index.html", f"site/{STATEMENT.removesuffix('.md')}.html"} <= names
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=made.folder,
        capture_output=True,
        text=True,
        check=True,
    )
    told = {line.partition(":")[0] for line in checked.stdout.splitlines()}
    assert told == names - {"SHA256SUMS"}
    manifest = json.loads((made.folder / "manifest.json").read_text())
    assert manifest["edition"] == {"number": 2, "date": "2012-03-01", "status": "final"}
    assert set(manifest["texts"]) == {
        *("event.yaml", "participants.yaml", "foreword.md", "media/photographs.yaml"),
        *(STATEMENT, SESSION, SUMMARY, LOCK),
    }
    for name, digest in {**manifest["texts"], **manifest["media"]}.items():
        assert hashlib.sha256((event / name).read_bytes()).hexdigest() == digest
    assert set(manifest["media"]) == {"media/emblem.png", "media/hall.png"}
    assert {"statement.html", "page.html", "site/search.js"} <= set(manifest["templates"])
    assert {"tokens.css", "print.css", "web.css", "site.css"} <= set(manifest["styles"])
    assert {"rapporteur", "python", "pango", "weasyprint", "pyphen"} <= set(manifest["programs"])


@pytest.mark.heavy
def test_the_manifest_does_not_name_the_picture_of_a_withheld_translation(event: Path) -> None:
    told = (event / "event.yaml").read_text() + "languages: [en, fr]\n"
    (event / "event.yaml").write_text(told)
    words = "Bonjour.\n\n![Ruines](../media/ruines.png)\n\nMerci.\n"
    translation = (event / STATEMENT).with_suffix(".fr.md")
    translation.write_text(f"---\nstatus: withheld\n---\n{words}")
    shutil.copy(event / "media/hall.png", event / "media/ruines.png")
    accept(event)
    made = released(event)
    assert made.folder
    named = json.loads((made.folder / "manifest.json").read_bytes())["media"]
    assert [*named] == ["media/hall.png"]


def test_the_same_event_gives_the_same_release(event: Path, tmp_path: Path) -> None:
    first = released(event).folder
    assert first
    again = release(event, tmp_path / "again", tmp_path / "other", BEFORE, jobs=1).folder
    assert again
    sums = [(folder / "SHA256SUMS").read_bytes() for folder in (first, again)]
    assert sums[0] == sums[1]


def test_an_edition_is_released_once(event: Path) -> None:
    made = released(event)
    assert made.folder
    before = contents(made.folder)
    with pytest.raises(ReleaseError, match="released once"):
        released(event)
    assert contents(made.folder) == before


def test_a_release_that_fails_half_way_leaves_nothing(
    event: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []

    def full(path: Path, content: bytes) -> None:
        written.append(path)
        if path.name == "SHA256SUMS":
            raise OSError(28, "No space left on device", str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    monkeypatch.setattr(releasing, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        released(event)
    assert len(written) > 1
    assert list((event.parent / "dist").iterdir()) == []


def test_of_two_releases_at_once_one_is_told_that_the_other_was_first(
    event: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = releasing.make

    def overtaken(*arguments: object, **options: object) -> object:
        made = make(*arguments, **options)  # type: ignore[arg-type]
        (event.parent / "dist/release-2").mkdir(parents=True)
        (event.parent / "dist/release-2/report.pdf").touch()
        return made

    monkeypatch.setattr(releasing, "make", overtaken)
    with pytest.raises(ReleaseError, match="released once"):
        released(event)
    assert contents(event.parent / "dist") == {"release-2/report.pdf": b""}


def test_what_a_killed_release_left_goes_with_the_next(event: Path) -> None:
    left = event.parent / "dist" / f".new-{'0' * 16}"
    left.mkdir(parents=True)
    (left / "report.pdf").touch()
    os.utime(left, (0, 0))
    made = released(event)
    assert made.folder
    assert [*(event.parent / "dist").iterdir()] == [made.folder]


def test_a_part_that_cannot_be_typeset_refuses_a_release(event: Path) -> None:
    reason = f"it takes more than 2 seconds ({event})"
    (event / "foreword.md").write_text(f"---\ntitle: Foreword\n---\n{reason}\n")

    def slowly(job: Job) -> object:
        is_slow = reason in job.unit.html
        return Failure(job.unit.id, rules.UNIT_TOO_SLOW, reason) if is_slow else press.run(job)

    with mock.patch("report.typeset.do", slowly):
        assert refused(event) == [("E901", "foreword.md:1:1")]


@pytest.mark.heavy
def test_a_release_tells_what_no_font_can_show(event: Path, tmp_path: Path) -> None:
    (event / "foreword.md").write_text("---\ntitle: Foreword\n---\nNo \U00013000 is printed.\n")
    result = run("release", "-e", event, "-o", "out", folder=tmp_path)
    assert result.returncode == 0
    assert "warning[W110]: no font has the character \U00013000" in result.stderr


@pytest.mark.parametrize("name", ["media/deck.pdf", "part-1.json"])
def test_a_deck_or_another_report_s_data_that_change_after_they_were_read(
    event: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    weasyprint.HTML(string="<h1>Slide</h1>").write_pdf(event / "media/deck.pdf")
    slides = "minutes: 6\nslides: media/deck.pdf\nslides_alt: A slide"
    (event / STATEMENT).write_text((event / STATEMENT).read_text().replace("minutes: 6", slides))
    assert run("-e", event, "--only", "json", folder=event.parent).returncode == 0
    shutil.copy(event.parent / "dist/report.json", event / "part-1.json")
    shutil.rmtree(event.parent / "dist")
    told = (event / "event.yaml").read_text() + "companions: {part-1: {data: part-1.json}}\n"
    (event / "event.yaml").write_text(told)
    accept(event)
    read = releasing.read

    def meddling(*arguments: object) -> object:
        found = read(*arguments)  # type: ignore[arg-type]
        (event / name).write_bytes((event / name).read_bytes() + b"\n")
        return found

    monkeypatch.setattr(releasing, "read", meddling)
    with pytest.raises(ReleaseError, match="changed while"):
        released(event)


def test_a_file_that_changes_while_it_is_compiled(
    event: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = releasing.make

    def meddling(*arguments: object, **options: object) -> object:
        os.utime(event / "foreword.md")
        (event / "foreword.md").write_text("---\ntitle: Other\n---\nOther words.\n")
        return make(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(releasing, "make", meddling)
    with pytest.raises(ReleaseError, match="changed while"):
        released(event)
    assert not (event.parent / "dist").exists()


# The command


def test_the_command_lists_each_obstacle_with_its_place(event: Path, tmp_path: Path) -> None:
    state(event, STATEMENT, "cleared\nembargo: 2999-01-01T00:00Z")
    result = run("release", "-e", event, "-o", "out", folder=tmp_path)
    assert result.returncode == 1
    assert f"--> {STATEMENT}:3:10" in result.stderr
    assert "under embargo until 2999-01-01T00:00+00:00" in result.stderr
    assert "Not released: 1 error." in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.heavy
def test_the_command_releases_and_then_refuses_to_do_it_again(event: Path, tmp_path: Path) -> None:
    result = run("release", "-e", event, "-o", "out", folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "Released: out/release-2" in result.stdout
    assert (tmp_path / "out/release-2/SHA256SUMS").exists()
    named = run("release", "-e", event, "-o", "out [/b]", folder=tmp_path)
    assert "Released: out [/b]/release-2\n  out [/b]/release-2/SHA256SUMS\n" in named.stdout
    told = run("release", "-e", event, "-o", "other", "--format", "json", folder=tmp_path)
    assert json.loads(told.stdout) == []
    again = run("release", "-e", event, "-o", "out", folder=tmp_path)
    assert again.returncode == 2
    assert "raise `number:`" in again.stderr


def test_a_build_lists_what_is_not_for_distribution(event: Path, tmp_path: Path) -> None:
    state(event, STATEMENT, "draft\nembargo: 2011-09-20T09:00-04:00")
    state(event, SESSION, "withheld")
    result = run("-e", event, "--only", "html", folder=tmp_path)
    assert result.returncode == 0
    listed = result.stdout.partition("Not for distribution as it is:\n")[2].splitlines()
    assert [line.split(maxsplit=1) for line in listed] == [
        [SESSION, "withheld"],
        [STATEMENT, "draft, embargo until 2011-09-20T09:00-04:00"],
    ]

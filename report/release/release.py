"""A release: the report of an edition as it is sent out, with proof of what it was made from.

Nothing is released while a text is a draft or under embargo, or the Chairman's Summary is not
accepted as it stands. A release is a folder that is there whole or not at all, and never changes.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from report import rules
from report.acceptance import is_accepted
from report.clearance import obstacles, released
from report.compilation import in_language, make, read
from report.diagnostics import Diagnostic, in_order
from report.failure import UnitsFailedError, told
from report.formats import RELEASED
from report.fragment import replace, sweep, temporary_for
from report.model import EditionStatus, Event
from report.release.bill import bill
from report.release.manifest import is_unchanged, manifest, media, sources, system
from report.typeset import Progress

MANIFEST_FILE = "manifest.json"
BILL_FILE = "sbom.cdx.json"
CHECKSUMS_FILE = "SHA256SUMS"


class ReleaseError(Exception):
    """A release that cannot be made for a reason outside the texts; the message says why."""


@dataclass(frozen=True, slots=True)
class Release:
    """What came of a release: its folder, or the diagnostics that stand in its way."""

    diagnostics: tuple[Diagnostic, ...]
    folder: Path | None = None


def release(
    folder: Path,
    output: Path,
    cache: Path,
    now: datetime,
    *,
    sign: Callable[[bytes], bytes] | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Release:
    """Release the event in `folder` as a new folder `release-EDITION` in `output`.

    `now` is the moment of the release, with its time zone; embargoes are compared with it, and it
    is written nowhere. The release holds the report in all its languages. `sign` gives a finished
    PDF its signature. Raises `ReleaseError` when this edition was released before or files changed
    meanwhile, and what `compile_report` raises.
    """
    before = sources(folder)
    event, found = read(folder, cache)
    hindering = tuple(obstacles_to_release(event, now)) if event else ()
    diagnostics = in_order((*found, *hindering))
    if event is None or any(diagnostic.is_error for diagnostic in diagnostics):
        return Release(diagnostics)
    assert event.edition
    target = output / f"release-{event.edition.number}"
    if target.exists():
        raise _released_before(target)
    editions = [in_language(event, language) for language in event.editions]
    shown = media(editions, folder)
    final = [released(each) for each in editions]
    try:
        made = make(final, folder, cache, RELEASED, jobs=jobs, progress=progress)
    except UnitsFailedError as error:
        return Release(in_order((*diagnostics, *told(error.failures, event))))
    if not is_unchanged(folder, before, shown):
        raise ReleaseError("a file changed while it was read: release the event again")
    origin = manifest(event, before, shown)
    materials = bill(event.edition.date, dict(system()), origin)
    printed = _signed(made.files, sign) if sign else made.files
    files = {**printed, MANIFEST_FILE: origin, BILL_FILE: materials}
    _write(target, {**files, CHECKSUMS_FILE: _checksums(files)})
    return Release(in_order((*diagnostics, *made.diagnostics)), target)


def obstacles_to_release(event: Event, now: datetime) -> Iterator[Diagnostic]:
    """Everything that keeps the event from being released at the moment `now`."""
    yield from obstacles(event, now)
    yield from _edition_missing(event)
    if event.summary and not is_accepted(event):
        yield Diagnostic(
            rules.SUMMARY_NOT_ACCEPTED,
            event.summary.origin.tree.place(),
            "the Chairman's Summary, or what it cites, is not what was accepted",
            "review it, then run `build.py accept`",
        )


def _edition_missing(event: Event) -> Iterator[Diagnostic]:
    if not event.edition:
        yield Diagnostic(
            rules.NO_EDITION,
            event.origin.tree.place(),
            "a release needs an edition",
            "write such a line as `edition: {number: 1, date: 2011-11-30}`",
        )
    elif event.edition.status is EditionStatus.DRAFT:
        yield Diagnostic(
            rules.NO_EDITION,
            event.origin.tree.place("edition", "status"),
            "this edition is a draft, which is for its editors only",
            "write `provisional` or `final`",
        )


def _signed(files: Mapping[str, bytes], sign: Callable[[bytes], bytes]) -> Mapping[str, bytes]:
    """The files, with every volume of the report signed, and so its copy for the site."""
    volumes = {data for name, data in files.items() if name.endswith(".pdf") and "/" not in name}
    signed = {data: sign(data) for data in volumes}
    return {name: signed.get(data, data) for name, data in files.items()}


def _checksums(files: Mapping[str, bytes]) -> bytes:
    """The SHA-256 of each file, in the form that `sha256sum --check` reads."""
    lines = (f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())
    return "".join(lines).encode()


def _released_before(target: Path) -> ReleaseError:
    return ReleaseError(
        f"{target} is there: an edition is released once; raise `number:` under `edition:`"
    )


def _write(target: Path, files: Mapping[str, bytes]) -> None:
    """Write all files into a folder beside the target, which then takes the target's name.

    Raises `ReleaseError` when another release took it meanwhile.
    """
    temporary = temporary_for(target)
    try:
        for name, content in files.items():
            replace(temporary / name, content)
        temporary.rename(target)
    except OSError as error:
        if target.exists():
            raise _released_before(target) from None
        # What an officer knows is the release's own name.
        raise OSError(error.errno, error.strerror, str(target)) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    sweep(target.parent)

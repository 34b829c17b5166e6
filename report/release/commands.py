"""The commands of releases: what a report officer answers for."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from report.console import (
    CACHE,
    CONTENT_ERROR,
    Bar,
    EventOption,
    FormatOption,
    Style,
    count,
    err,
    event_folder,
    fail,
    out,
    show,
)

if TYPE_CHECKING:
    from report.model import Event


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="An event's folder, or a revision.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Another folder or revision.")],
    event: EventOption = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="DIR", help="Also write corrigendum.pdf and corrigendum.html."
        ),
    ] = None,
) -> None:
    """Show what changed between two editions, by statement and paragraph.

    What is not a folder is taken for a git revision of the event's folder. The exit code is 0
    whether or not anything changed.
    """
    from report.release.revision import RevisionError, event_at

    folder = event_folder(event)
    try:
        with event_at(old, folder) as before, event_at(new, folder) as after:
            _compare((old, before), (new, after), output)
    except RevisionError as error:
        fail(str(error))


def _compare(old: tuple[str, Path], new: tuple[str, Path], output: Path | None) -> None:
    """Show what changed between two events, each given as it was named and its folder."""
    from report.release.comparison import compare
    from report.release.listing import listing, tally

    before, after = _loaded(*old), _loaded(*new)
    comparison = compare(before, after)
    for line in listing(comparison):
        out.print(line)
    if not comparison.differences:
        err.print("Nothing changed.")
        return
    err.print(tally(comparison))
    if output:
        from report.fragment import replace
        from report.release.corrigendum import corrigendum, edition_name, files

        names = edition_name(before, old[0]), edition_name(after, new[0])
        report = corrigendum(comparison, after, new[1], names)
        for name, content in files(report, CACHE / "corrigendum").items():
            replace(output / name, content)
            typer.echo(output / name)


def _loaded(name: str, folder: Path) -> Event:
    """What may be distributed of an event that could be read whole: a gap would seem removed."""
    from report.clearance import distributable
    from report.load import load

    event, diagnostics = load(folder)
    errors = tuple(diagnostic for diagnostic in diagnostics if diagnostic.is_error)
    if errors or event is None:
        show(errors, Style.TEXT)
        err.print(f"Not compared: {escape(name)} has errors.")
        raise typer.Exit(CONTENT_ERROR)
    return distributable(event)


def accept(event: EventOption = None) -> None:
    """Accept the Chairman's Summary after its review.

    Keeps a fingerprint of every paragraph that it cites, and the numbers of its recommendations.
    """
    from report.acceptance import lock
    from report.check import check as check_event
    from report.fragment import replace
    from report.load import load, lock_file

    folder = event_folder(event)
    read, found = load(folder)
    diagnostics = (*found, *(check_event(read) if read else ()))
    errors = tuple(diagnostic for diagnostic in diagnostics if diagnostic.is_error)
    if errors or read is None or read.summary is None:
        show(errors, Style.TEXT)
        err.print("Nothing is accepted while there are errors, or no Chairman's Summary.")
        raise typer.Exit(CONTENT_ERROR)
    path = folder / lock_file(read.summary.id)
    replace(path, lock(read).encode())
    err.print(f"Accepted: {path}")


def release(
    event: EventOption = None,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="DIR", help="Where the release's folder is made."),
    ] = Path("dist"),
    style: FormatOption = Style.TEXT,
) -> None:
    """Make the report to be sent out, once all of it is cleared, with checksums and a manifest.

    Refused while a text is a draft or under embargo, or the Chairman's Summary is not accepted.
    """
    from report.release.release import ReleaseError
    from report.release.release import release as release_event

    folder = event_folder(event)
    # The one place where the clock is asked: embargoes end at a moment.
    now = datetime.datetime.now(datetime.UTC)
    with Bar(shown=err.is_terminal) as bar:
        try:
            made = release_event(folder, output, CACHE, now, progress=bar.show)
        except ReleaseError as error:
            fail(str(error))
        except OSError as error:
            fail(f"{error.filename or output}: {error.strerror or error}")
    show(made.diagnostics, style)
    if not made.folder:
        err.print(f"Not released: {count(made.diagnostics)}.")
        raise typer.Exit(CONTENT_ERROR)
    out.print(f"Released: {made.folder}")
    for path in sorted(made.folder.iterdir()):
        out.print(f"  {path}", style="bold")

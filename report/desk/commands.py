"""The commands of the desk: what editors work with."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from report.console import (
    CACHE,
    CONTENT_ERROR,
    EventOption,
    FormatOption,
    LanguageOption,
    Style,
    count,
    err,
    escape,
    event_folder,
    fail,
    out,
    show,
    styled,
)

if TYPE_CHECKING:
    from rich.table import Table

    from report.desk.corrections import Refusals
    from report.desk.importing import Imported
    from report.desk.proposal import Returned
    from report.model import Event

new = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Make the files of a new event, session or statement.",
)


@new.command("event")
def new_event(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The new event's folder.")],
) -> None:
    """Make the folder of a new event."""
    from report.desk import scaffold

    # An event that is being prepared is dated today until its editor writes its date.
    _made(lambda: scaffold.new_event(folder, datetime.datetime.now(datetime.UTC).date()))


@new.command("session")
def new_session(
    title: Annotated[str, typer.Option(help="The session's title.")],
    event: EventOption = None,
) -> None:
    """Add a thematic session before the closing one."""
    from report.desk import scaffold

    folder = event_folder(event)
    _made(lambda: (scaffold.new_session(folder, title),))


@new.command("statement")
def new_statement(
    session: Annotated[str, typer.Option(help="The session's folder, such as 2-dialogue.")],
    speaker: Annotated[str, typer.Option(help="The speaker's name or office.")],
    event: EventOption = None,
) -> None:
    """Add a statement at the end of a session."""
    from report.desk import scaffold

    folder = event_folder(event)
    _made(lambda: (scaffold.new_statement(folder, session, speaker),))


def _made(make: Any) -> None:
    from report.desk.scaffold import ScaffoldError

    try:
        for path in make():
            typer.echo(path)
    except ScaffoldError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}")


def import_(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Files, or folders and zip archives of files."),
    ],
    session: Annotated[str, typer.Option(help="The session's folder, such as 2-dialogue.")],
    event: EventOption = None,
    accept_changes: Annotated[
        bool, typer.Option("--accept-changes", help="Take over tracked changes, and tell them.")
    ] = False,
    style: FormatOption = Style.TEXT,
) -> None:
    """Make statements of files in .docx, .odt, .rtf, .html, .txt or .pdf, or of folders of them."""
    from report.desk.importing import import_files
    from report.desk.scaffold import ScaffoldError

    folder = event_folder(event)
    try:
        made = tuple(import_files(folder, session, files, accept_changes=accept_changes))
    except ScaffoldError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename or folder}: {error.strerror}")
    diagnostics = tuple(diagnostic for each in made for diagnostic in each.diagnostics)
    show(diagnostics, style)
    if style is Style.TEXT:
        out.print(_came_in(made), soft_wrap=False)
        err.print(count(diagnostics) or "Nothing is wrong.")
    if any(diagnostic.is_error for diagnostic in diagnostics):
        raise typer.Exit(CONTENT_ERROR)


def _came_in(made: tuple[Imported, ...]) -> Table:
    """What became of each file: the statement made of it, and how much is in it."""
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("File", "Statement", "Language"):
        table.add_column(heading, overflow="fold")
    for heading in ("Words", "Pictures", "Problems"):
        table.add_column(heading, justify="right")
    for each in made:
        told = str(len(each.diagnostics) or "\u2013")
        if each.statement and each.head:
            table.add_row(
                escape(each.file),
                escape(f"{each.statement.parent.name}/{each.statement.name}"),
                each.head.language,
                f"{each.words:,}",
                str(each.pictures),
                told,
                style="yellow" if each.diagnostics else None,
            )
        else:
            table.add_row(escape(each.file), "not imported", "", "", "", told, style="red")
    return table


def corrections(
    file: Annotated[
        Path, typer.Argument(metavar="FILE.docx", help="The Word file that has come back.")
    ],
    event: EventOption = None,
    apply: Annotated[
        str, typer.Option("--apply", metavar="1,3-5", help="Make these of the proposed changes.")
    ] = "",
    refuse: Annotated[
        str, typer.Option("--refuse", metavar="2", help="Do not make these, nor ask again.")
    ] = "",
    only_list: Annotated[
        bool, typer.Option("--list", help="List what is proposed, and ask nothing.")
    ] = False,
) -> None:
    """Show what is proposed in a Word file that was sent out, and make or refuse it one by one.

    On a terminal each change is asked for. What is changed is the words in the event's files.
    """
    import sys

    from report.desk.corrections import Refusals
    from report.desk.docket import docket, tally
    from report.desk.refusal import Refused
    from report.desk.returned import read_returned, sent_edition
    from report.load import load

    folder = event_folder(event)
    read, found = load(folder)
    if read is None:
        show(found, Style.TEXT)
        raise typer.Exit(CONTENT_ERROR)
    try:
        data = _sent_back(file)
        read = sent_edition(data, read)
        returned = read_returned(data, read)
    except Refused as refused:
        show((refused.diagnostic(file.name),), Style.TEXT)
        raise typer.Exit(CONTENT_ERROR) from None
    refusals = Refusals(CACHE, data)
    is_asked = not (only_list or apply or refuse) and sys.stdin.isatty() and out.is_terminal
    if not apply and not refuse:
        for told in docket(returned, refusals.read()):
            out.print(told)
        _say_limits(returned)
        err.print(tally(returned, refusals.read()))
    if is_asked:
        _decide(folder, read, returned, refusals, *_ask(returned, refusals.read()))
    elif apply or refuse:
        _decide(folder, read, returned, refusals, _numbers(apply), _numbers(refuse))


def _sent_back(file: Path) -> bytes:
    """The bytes of a file; this command stops where there is none. Raises `Refused`."""
    from report.desk.incoming import bytes_of
    from report.desk.refusal import Refused

    if not file.exists():
        fail(f"there is no file {file}")
    data = bytes_of(file)
    if isinstance(data, Refused):
        raise data
    return data


def _numbers(chosen: str) -> frozenset[int]:
    """The numbers that are meant by `1,3-5`; this command stops when it is something else."""
    numbers: set[int] = set()
    for part in filter(None, (part.strip() for part in chosen.split(","))):
        first, _, last = part.partition("-")
        if not (first.isdecimal() and (last or first).isdecimal() and len(part) < _LONG):
            fail(f"`{part}` is no number of a change: write such as 1,3-5")
        numbers.update(range(int(first), int(last or first) + 1))
    return frozenset(numbers)


_LONG = 12


def _ask(returned: Returned, refused: frozenset[int]) -> tuple[frozenset[int], frozenset[int]]:
    """The numbers of the changes that the editor wants, and of those that are refused."""
    from report.desk.docket import line
    from report.desk.proposal import State

    wanted, turned = set[int](), set[int]()
    for proposal in returned.proposals:
        if proposal.state is not State.OPEN or proposal.number in refused:
            continue
        out.print(line(proposal))
        answer = typer.prompt("Make this change? y(es), n(o), l(ater), q(uit)", default="l")
        match answer.strip().lower()[:1]:
            case "y":
                wanted.add(proposal.number)
            case "n":
                turned.add(proposal.number)
            case "q":
                break
    return frozenset(wanted), frozenset(turned)


def _decide(
    folder: Path,
    event: Event,
    returned: Returned,
    refusals: Refusals,
    wanted: frozenset[int],
    turned: frozenset[int],
) -> None:
    """Make what is wanted, keep what is refused, and say so."""
    from report.desk.corrections import correct

    known = {proposal.number: proposal for proposal in returned.proposals}
    if unknown := sorted((wanted | turned) - known.keys()):
        fail(f"there is no change {unknown[0]}: the file proposes {len(known)}")
    if both := sorted(wanted & turned):
        fail(f"change {both[0]} is to be made and refused at once")
    done = correct(folder, event, (known[number] for number in sorted(wanted)))
    refusals.add(turned)
    for proposal in done.made:
        out.print(f"made {proposal.number}: {proposal.file}, para. {proposal.paragraph}")
    for proposal, reason in done.failed:
        place = f"{proposal.file}, para. {proposal.paragraph}" if proposal.file else "no text"
        err.print(f"not made {proposal.number}: {place}: {reason}", style="yellow")
    if turned:
        out.print(f"refused {', '.join(map(str, sorted(turned)))}")
    if done.failed:
        raise typer.Exit(CONTENT_ERROR)


def _say_limits(returned: Returned) -> None:
    """Say what the file does not tell."""
    if not returned.is_complete:
        err.print(
            "The file no longer holds what was sent out: only tracked changes are told, and what "
            "was changed without tracking is not."
        )
    for identity in returned.absent:
        err.print(f"{identity} is not in the file.")


def serve(
    event: EventOption = None,
    port: Annotated[
        int,
        typer.Option(
            min=0,
            max=65535,
            metavar="N",
            help="Where to listen.  [default: any free]",
            show_default=False,
        ),
    ] = 0,
    language: LanguageOption = "",
    edit: Annotated[
        bool, typer.Option("--edit", help="Let statements be changed in the browser.")
    ] = False,
    editor: Annotated[
        str | None,
        typer.Option(
            metavar="COMMAND",
            help="What opens a source, such as 'code -g {file}:{line}'.  [default: $VISUAL]",
        ),
    ] = None,
    browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the preview in your browser.")
    ] = True,
) -> None:
    """Show the report's pages in your browser, and keep them up to date while you write.

    Only this machine can reach them, and only with the address that is printed.
    """
    folder = event_folder(event)
    if edit and language:
        fail("--edit changes texts as they were delivered: leave --language away")
    try:
        from report.desk import opening
        from report.desk.server import Desk
        from report.desk.server import serve as serve_desk
    except ModuleNotFoundError as error:
        fail(f"the preview needs {error.name}: install rapporteur[desk]")
    desk = Desk(folder, CACHE, opening.editor(editor), edit, language)
    try:
        serve_desk(desk, port, _say_address, browser=browser)
    except OSError as error:
        fail(f"port {port} cannot be used: {error.strerror}")


def _say_address(address: str) -> None:
    out.print(f"The preview is at {address}")
    err.print("It follows every change to the event's files. Press Ctrl+C to stop.")


def fonts() -> None:
    """Fetch the fonts that no Python package has, once: those of Chinese."""
    from functools import partial

    from rich.progress import DownloadColumn, Progress, TextColumn

    from report.desk.typefaces import FetchError, fetch, missing
    from report.resources import SHARE

    for typeface in missing(SHARE):
        columns = TextColumn("{task.description}"), DownloadColumn()
        with Progress(*columns, console=err.console) as progress:
            task = progress.add_task(typeface.name, total=typeface.megabytes * 1_000_000)
            try:
                fetch(typeface, SHARE, partial(progress.advance, task))
            except FetchError as error:
                fail(str(error))
    err.print(f"The fonts are in {SHARE}.")


def explain(
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help="The code of a problem, such as E302.")
    ] = None,
) -> None:
    """Tell what a problem means, why it matters, and what to do; without a code, list all."""
    from report.explanation import explain as explanation
    from report.explanation import find, listing

    if code is None:
        out.print(listing(), markup=False)
        return
    rule = find(code) or fail(f"there is no code {code}; `build.py explain` lists them all")
    out.print(explanation(rule), markup=False)


def doctor() -> None:
    """Tell what this machine has and lacks, and how to get it.

    The exit code is 0 unless something is missing without which no report can be made.
    """
    from report.desk.doctor import Machine, examine, system

    parts = tuple(examine(Path(), CACHE, Machine()))
    out.print(system(), style="dim")
    for part in parts:
        if part.found:
            out.print(styled(("  has    ", "green"), f"{part.name}: {part.found}"))
            continue
        label = ("  NEEDS  ", "bold red") if part.is_needed else ("  lacks  ", "yellow")
        out.print(styled(label, f"{part.name}: {part.purpose}"))
        out.print(styled("         to get it: ", (part.remedy, "bold")))
    if any(part.is_needed and not part.found for part in parts):
        raise typer.Exit(CONTENT_ERROR)

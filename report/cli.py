"""The commands: what an editor or report officer types, and what they see."""

from __future__ import annotations

import datetime
import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text
from typer.core import TyperGroup

from report import __version__, workers
from report.diagnostics import Diagnostic, Severity, as_json, as_text

if TYPE_CHECKING:
    from report.desk.importing import Imported
    from report.fragment import TypesetUnit
    from report.model import Clearable, Event

CONTENT_ERROR = 1
USAGE_ERROR = 2

_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)


class _BuildByDefault(TyperGroup):
    """Without a command, `build` is meant."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ("--help", "-h", "--version")):
            args = ["build", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Tell of what a command could not help, without a traceback."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except Exception as error:
            from report.trouble import in_words

            message = in_words(error)
            if message is None:
                raise
            _fail(message)


app = typer.Typer(
    cls=_BuildByDefault,
    add_completion=False,
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Compile the report of a symposium. Without a command, `build` is meant.",
)
new = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Make the files of a new event, session or statement.",
)
app.add_typer(new, name="new")


class Only(StrEnum):
    """One of the outputs."""

    PDF = "pdf"
    HTML = "html"
    JSON = "json"


class Style(StrEnum):
    """How problems are shown."""

    TEXT = "text"
    JSON = "json"


EventOption = Annotated[
    Path | None,
    typer.Option(
        "--event",
        "-e",
        metavar="DIR",
        help="The event's folder.  [default: statements, or this folder if it holds event.yaml]",
        show_default=False,
    ),
]
FormatOption = Annotated[
    Style, typer.Option("--format", metavar="text|json", help="How problems are shown.")
]


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"rapporteur {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    pass


@app.command()
def build(
    event: EventOption = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Where the report is written.")
    ] = Path("dist"),
    only: Annotated[
        Only | None, typer.Option(metavar="pdf|html|json", help="Make only one of the three.")
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", "-j", min=1, metavar="N", help="Worker processes.  [default: one a core]"
        ),
    ] = None,
    style: FormatOption = Style.TEXT,
    keep_going: Annotated[
        bool,
        typer.Option(
            "--keep-going", "-k", help="Put a page that says so in the place of what fails."
        ),
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Tell what was typeset, and why.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Tell only problems.")] = False,
) -> None:
    """Compile the report: report.pdf, report.html and, as data, report.json."""
    start = time.perf_counter()
    folder, cache = _event_folder(event), Path(".cache")
    if only in (None, Only.PDF) and jobs != 1 and workers.are_awaited(folder, cache):
        workers.preload()
    # Imported here so that `--help` and `check` need not wait for what only a build uses.
    from report.compilation import Format, compile_report

    formats = frozenset(Format) if only is None else frozenset({Format(only.value)})
    with _Bar(shown=_err.is_terminal and not quiet) as bar:
        outcome = compile_report(
            folder,
            output,
            cache,
            formats,
            jobs=jobs,
            progress=bar.show,
            keep_going=keep_going,
        )
    _show(outcome.diagnostics, style)
    if not outcome.outputs:
        _say_stopped(outcome.diagnostics, output)
        raise typer.Exit(CONTENT_ERROR)
    if verbose:
        for unit, reason in outcome.reasons.items():
            _err.print(f"typeset {escape(unit)}: {escape(reason)}", style="dim")
    if not quiet:
        _summarize(outcome, time.perf_counter() - start)
    if outcome.failed:
        raise typer.Exit(CONTENT_ERROR)


@app.command()
def check(
    event: EventOption = None,
    style: FormatOption = Style.TEXT,
    speaking_time: Annotated[
        bool,
        typer.Option(
            "--speaking-time", help="Also tell how long statements take, and which take too long."
        ),
    ] = False,
) -> None:
    """Show everything that is wrong with the event's files, and make nothing."""
    from report.check import check as check_event
    from report.deck import Shelf
    from report.diagnostics import in_order
    from report.load import load
    from report.speaking import check_speaking_time

    read, found = load(_event_folder(event), open_deck=Shelf(Path(".cache")).deck)
    timed = read if speaking_time else None
    diagnostics = in_order(
        (
            *found,
            *(check_event(read) if read else ()),
            *(check_speaking_time(timed) if timed else ()),
        )
    )
    _show(diagnostics, style)
    if style is Style.TEXT:
        if timed:
            _out.print(_speaking_times(timed), soft_wrap=False)
        _err.print(_count(diagnostics) if diagnostics else "Nothing is wrong.")
    if any(diagnostic.is_error for diagnostic in diagnostics):
        raise typer.Exit(CONTENT_ERROR)


@app.command()
def accept(event: EventOption = None) -> None:
    """Accept the Chairman's Summary after its review.

    Keeps a fingerprint of every paragraph that it cites, and the numbers of its recommendations.
    """
    from report.acceptance import lock
    from report.check import check as check_event
    from report.fragment import replace
    from report.load import load, lock_file

    folder = _event_folder(event)
    read, found = load(folder)
    diagnostics = (*found, *(check_event(read) if read else ()))
    errors = tuple(diagnostic for diagnostic in diagnostics if diagnostic.is_error)
    if errors or read is None or read.summary is None:
        _show(errors, Style.TEXT)
        _err.print("Nothing is accepted while there are errors, or no Chairman's Summary.")
        raise typer.Exit(CONTENT_ERROR)
    path = folder / lock_file(read.summary.id)
    replace(path, lock(read).encode())
    _err.print(f"Accepted: {path}")


@app.command()
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

    folder = _event_folder(event)
    try:
        with event_at(old, folder) as before, event_at(new, folder) as after:
            _compare((old, before), (new, after), output)
    except RevisionError as error:
        _fail(str(error))


def _compare(old: tuple[str, Path], new: tuple[str, Path], output: Path | None) -> None:
    """Show what changed between two events, each given as it was named and its folder."""
    from report.release.comparison import compare
    from report.release.listing import listing, tally

    before, after = _loaded(*old), _loaded(*new)
    comparison = compare(before, after)
    for line in listing(comparison):
        _out.print(line)
    if not comparison.differences:
        _err.print("Nothing changed.")
        return
    _err.print(tally(comparison))
    if output:
        from report.fragment import replace
        from report.release.corrigendum import corrigendum, edition_name, files

        names = edition_name(before, old[0]), edition_name(after, new[0])
        report = corrigendum(comparison, after, new[1], names)
        for name, content in files(report, Path(".cache") / "corrigendum").items():
            replace(output / name, content)
            typer.echo(output / name)


def _loaded(name: str, folder: Path) -> Event:
    """What may be distributed of an event that could be read whole: a gap would seem removed."""
    from report.clearance import distributable
    from report.load import load

    event, diagnostics = load(folder)
    errors = tuple(diagnostic for diagnostic in diagnostics if diagnostic.is_error)
    if errors or event is None:
        _show(errors, Style.TEXT)
        _err.print(f"Not compared: {escape(name)} has errors.")
        raise typer.Exit(CONTENT_ERROR)
    return distributable(event)


@app.command()
def explain(
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help="The code of a problem, such as E302.")
    ] = None,
) -> None:
    """Tell what a problem means, why it matters, and what to do; without a code, list all."""
    from report.explanation import explain as explanation
    from report.explanation import find, listing

    if code is None:
        _out.print(listing(), markup=False)
        return
    rule = find(code) or _fail(f"there is no code {code}; `build.py explain` lists them all")
    _out.print(explanation(rule), markup=False)


@app.command()
def doctor() -> None:
    """Tell what this machine has and lacks, and how to get it.

    The exit code is 0 unless something is missing without which no report can be made.
    """
    from report.desk.doctor import Machine, examine, system

    parts = tuple(examine(Path(), Path(".cache"), Machine()))
    _out.print(system(), style="dim")
    for part in parts:
        if part.found:
            _out.print(Text.assemble(("  has    ", "green"), f"{part.name}: {part.found}"))
            continue
        label = ("  NEEDS  ", "bold red") if part.is_needed else ("  lacks  ", "yellow")
        _out.print(Text.assemble(label, f"{part.name}: {part.purpose}"))
        _out.print(Text.assemble("         to get it: ", (part.remedy, "bold")))
    if any(part.is_needed and not part.found for part in parts):
        raise typer.Exit(CONTENT_ERROR)


@app.command()
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

    folder = _event_folder(event)
    # The one place where the clock is asked: embargoes end at a moment.
    now = datetime.datetime.now(datetime.UTC)
    with _Bar(shown=_err.is_terminal) as bar:
        try:
            made = release_event(folder, output, Path(".cache"), now, progress=bar.show)
        except ReleaseError as error:
            _fail(str(error))
        except OSError as error:
            _fail(f"{error.filename or output}: {error.strerror or error}")
    _show(made.diagnostics, style)
    if not made.folder:
        _err.print(f"Not released: {_count(made.diagnostics)}.")
        raise typer.Exit(CONTENT_ERROR)
    _out.print(f"Released: {made.folder}")
    for path in sorted(made.folder.iterdir()):
        _out.print(f"  {path}", style="bold")


@app.command()
def serve(
    event: EventOption = None,
    port: Annotated[
        int,
        typer.Option(min=0, max=65535, metavar="N", help="Where to listen.  [default: any free]"),
    ] = 0,
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
    folder = _event_folder(event)
    try:
        from report.desk import opening
        from report.desk.server import Desk
        from report.desk.server import serve as serve_desk
    except ModuleNotFoundError as error:
        _fail(f"the preview needs {error.name}: install rapporteur[desk]")
    desk = Desk(folder, Path(".cache"), opening.editor(editor), edit)
    try:
        serve_desk(desk, port, _say_address, browser=browser)
    except OSError as error:
        _fail(f"port {port} cannot be used: {error.strerror}")


def _say_address(address: str) -> None:
    _out.print(f"The preview is at {address}")
    _err.print("It follows every change to the event's files. Press Ctrl+C to stop.")


@app.command()
def schema(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where the schemas are written.")
    ] = Path("docs"),
) -> None:
    """Write JSON Schemas of an event's files and of report.json, for text editors and programs."""
    from report.fragment import replace
    from report.publish.schemas import schemas

    for name, content in schemas().items():
        try:
            replace(folder / name, content)
        except OSError as error:
            _fail(f"{error.filename or folder}: {error.strerror}")
        typer.echo(folder / name)


@app.command("import")
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

    folder = _event_folder(event)
    try:
        made = tuple(import_files(folder, session, files, accept_changes=accept_changes))
    except ScaffoldError as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{error.filename or folder}: {error.strerror}")
    diagnostics = tuple(diagnostic for each in made for diagnostic in each.diagnostics)
    _show(diagnostics, style)
    if style is Style.TEXT:
        _out.print(_came_in(made), soft_wrap=False)
        _err.print(_count(diagnostics) or "Nothing is wrong.")
    if any(diagnostic.is_error for diagnostic in diagnostics):
        raise typer.Exit(CONTENT_ERROR)


@app.command()
def clean() -> None:
    """Delete the work kept for the next build. What was compiled stays."""
    import shutil

    shutil.rmtree(".cache/units", ignore_errors=True)
    _err.print("The next build does everything anew.")


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

    folder = _event_folder(event)
    _made(lambda: (scaffold.new_session(folder, title),))


@new.command("statement")
def new_statement(
    session: Annotated[str, typer.Option(help="The session's folder, such as 2-dialogue.")],
    speaker: Annotated[str, typer.Option(help="The speaker's name or office.")],
    event: EventOption = None,
) -> None:
    """Add a statement at the end of a session."""
    from report.desk import scaffold

    folder = _event_folder(event)
    _made(lambda: (scaffold.new_statement(folder, session, speaker),))


def _made(make: Any) -> None:
    from report.desk.scaffold import ScaffoldError

    try:
        for path in make():
            typer.echo(path)
    except ScaffoldError as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{error.filename}: {error.strerror}")


def _event_folder(given: Path | None) -> Path:
    if given is None:
        given = Path() if Path("event.yaml").is_file() else Path("statements")
        if not given.is_dir():
            _fail("there is no event here: name its folder with --event DIR")
    if not given.is_dir():
        _fail(f"{given} is not a folder: --event names the folder that holds event.yaml")
    return given


def _fail(message: str) -> Any:
    """Say why a command cannot be carried out, and stop."""
    _err.print(Text.assemble(("error", "bold red"), f": {message}"))
    raise typer.Exit(USAGE_ERROR)


def _show(diagnostics: tuple[Diagnostic, ...], style: Style) -> None:
    if style is Style.JSON:
        typer.echo(as_json(diagnostics))
        return
    for diagnostic in diagnostics:
        head, _, rest = as_text(diagnostic).partition("\n")
        colour = "bold red" if diagnostic.is_error else "bold yellow"
        label, _, message = head.partition(":")
        _err.print(Text.assemble((label, colour), ":", (message, "bold"), "\n", rest, "\n"))


def _came_in(made: tuple[Imported, ...]) -> Table:
    """What became of each file: the statement made of it, and how much is in it."""
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


def _speaking_times(event: Event) -> Table:
    """Each statement's words, the minutes it was given, and those it takes at its rate."""
    from report.speaking import timings

    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("Statement", overflow="fold")
    for heading in ("Words", "Allotted", "Estimated", "Over"):
        table.add_column(heading, justify="right")
    for timing in timings(event):
        is_over = timing.over is not None and timing.over > 0
        table.add_row(
            timing.statement.id,
            f"{timing.words:,}",
            str(timing.statement.minutes or "\u2013"),
            f"{timing.minutes:.1f}",
            "\u2013" if timing.over is None else f"{timing.over:+.1f}",
            style="yellow" if is_over else None,
        )
    return table


def _count(diagnostics: tuple[Diagnostic, ...]) -> str:
    counts = [
        (sum(d.rule.severity is severity for d in diagnostics), severity.value)
        for severity in Severity
    ]
    return ", ".join(f"{n} {name}{'' if n == 1 else 's'}" for n, name in counts if n)


def _say_stopped(diagnostics: tuple[Diagnostic, ...], output: Path) -> None:
    kept = any((output / name).exists() for name in ("report.pdf", "report.html"))
    stays = f" The earlier report stays in {output}." if kept else ""
    _err.print(f"Not compiled: {_count(diagnostics)}.{stays}")


def _summarize(outcome: Any, seconds: float) -> None:
    facts = [f"{outcome.statements} statements"]
    if outcome.pages:
        facts.insert(0, f"{outcome.pages} pages")
    facts += [f"{seconds:.1f} s", _count(outcome.diagnostics) or "no warnings"]
    _out.print(", ".join(facts))
    for path in outcome.outputs:
        _out.print(f"  {path}  {path.stat().st_size / 1024:,.0f} kB", style="bold")
    if outcome.restricted:
        _out.print("Not for distribution as it is:")
    for text in outcome.restricted:
        _out.print(f"  {escape(text.origin.tree.place().file)}  {_standing(text)}")


def _standing(text: Clearable) -> str:
    """Why a text is not distributed."""
    reasons = [text.status.value] if text.status and text.status != "cleared" else []
    if text.embargo:
        reasons.append(f"embargo until {text.embargo.isoformat(timespec='minutes')}")
    return ", ".join(reasons)


class _Bar:
    """A bar that shows how far typesetting is, on a terminal only."""

    def __init__(self, *, shown: bool):
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=_err,
            transient=True,
            disable=not shown,
        )

    def __enter__(self) -> _Bar:
        self._task = self._progress.add_task("Typesetting", total=None)
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, done: int, of: int, unit: TypesetUnit) -> None:
        """Move the bar: `done` of `of` units are typeset, the last of them `unit`."""
        self._progress.update(self._task, completed=done, total=of, description=escape(unit.id))

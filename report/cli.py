"""The commands: what an editor or report officer types, and what they see.

`build` and `check` are here, with the door to the commands of the rooms.
"""

from __future__ import annotations

import atexit
import gc
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from report import __version__, workers
from report.cluster.commands import executor
from report.console import (
    CACHE,
    CONTENT_ERROR,
    INTERRUPTED,
    Bar,
    EventOption,
    FormatOption,
    LanguagesOption,
    Style,
    count,
    err,
    escape,
    event_folder,
    fail,
    out,
    show,
)
from report.desk import commands as desk
from report.diagnostics import Diagnostic
from report.formats import OFFPRINTS, PAGED, PRINTED, USUAL, Format
from report.publish import commands as publish
from report.release import commands as release

if TYPE_CHECKING:
    from rich.table import Table

    from report.coverage import Coverage
    from report.model import Clearable, Event

# What a command leaves goes with its process: to look through it for garbage takes a while.
atexit.register(gc.freeze)


def _with_command(args: list[str]) -> list[str]:
    """The arguments, with the command that is meant where none is told."""
    if args and (not args[0].startswith("-") or args[0] in ("--help", "-h", "--version")):
        return args
    return ["build", *args]


class _BuildByDefault(TyperGroup):
    """Without a command, `build` is meant."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, _with_command(args))

    def invoke(self, ctx: Any) -> Any:
        """Tell of what a command could not help, without a traceback."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except KeyboardInterrupt:
            err.print("stopped: nothing is left half-written")
            raise typer.Exit(INTERRUPTED) from None
        except Exception as error:
            from report.trouble import in_words

            message = in_words(error)
            if message is None:
                raise
            fail(message)


app = typer.Typer(
    cls=_BuildByDefault,
    add_completion=False,
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Compile the report of a symposium. Without a command, `build` is meant.",
)


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
    archive: Annotated[
        Path | None,
        typer.Option(
            "--all", metavar="DIR", help="Compile every event below this folder, up to date or not."
        ),
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Where the report is written.")
    ] = Path("dist"),
    only: Annotated[
        Format | None,
        typer.Option(metavar="|".join(Format), help="Make only this form of the report."),
    ] = None,
    unit: Annotated[
        str | None,
        typer.Option(
            metavar="PART",
            help="Make this part by itself, such as 2-dialogue/03-mayor, with its page numbers.",
        ),
    ] = None,
    for_print: Annotated[
        bool,
        typer.Option("--print", help="Make the PDF for a printer, with bleed and crop marks."),
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", "-j", min=1, metavar="N", help="Worker processes.  [default: one a core]"
        ),
    ] = None,
    scheduler: Annotated[
        str,
        typer.Option(
            metavar="tcp://HOST:PORT", help="Have the workers of this Dask cluster typeset."
        ),
    ] = "",
    cache: Annotated[
        str,
        typer.Option(
            metavar="DIR|URL",
            help="Where work is kept for the next time; at a URL, for other machines too.",
        ),
    ] = str(CACHE),
    language: LanguagesOption = "",
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
    """Compile the report: report.pdf, report.html and, as data, report.json.

    `--only site` makes a folder of pages that can be searched. Editions in other languages than the
    main one are called report.fr.pdf and so on.
    """
    start = time.perf_counter()
    formats = _formats(only, unit, for_print)
    here, shared = (CACHE, cache) if "://" in cache else (Path(cache), "")
    hands = executor(scheduler, shared, jobs or workers.cores())
    if archive is not None:
        if event is not None or unit is not None or for_print:
            fail("--event, --unit and --print are of one event, --all is of a folder of events")
        from report.archive.archive import Order
        from report.archive.commands import build_all

        with hands as crew:
            order = Order(output, here, formats, keep_going, language)
            build_all(archive, order, crew, style, quiet=quiet)
        return
    folder = event_folder(event)
    is_paged = unit is not None or bool(formats & PAGED)
    if is_paged and jobs != 1 and not scheduler and any(workers.changed(folder, here)):
        workers.preload()
    if (jobs or workers.cores()) > 1:
        workers.leave_garbage()
    # Imported here so that `--help` and `check` need not wait for what only a build uses.
    from report.compilation import compile_report

    hired = hands if scheduler or shared else nullcontext()
    with hired as crew, Bar(shown=not quiet and err.is_terminal) as bar:
        outcome = compile_report(
            folder,
            output,
            here,
            formats,
            language=language,
            executor=crew,
            jobs=crew.jobs if crew else jobs,
            progress=bar.show,
            keep_going=keep_going,
            unit=unit,
            for_print=for_print,
        )
    show(outcome.diagnostics, style)
    if not outcome.outputs:
        _say_stopped(outcome.diagnostics, output)
        raise typer.Exit(CONTENT_ERROR)
    if verbose:
        for unit, reason in outcome.reasons.items():
            err.print(f"typeset {escape(unit)}: {escape(reason)}", style="dim")
    # Who reads JSON wants nothing else where it is.
    if not quiet and style is Style.TEXT:
        _summarize(outcome, output, time.perf_counter() - start)
    if outcome.failed:
        raise typer.Exit(CONTENT_ERROR)


def _formats(only: Format | None, unit: str | None, for_print: bool) -> frozenset[Format]:
    """What is to be made: what is asked for, or the usual forms of the report or of a part."""
    if for_print and only not in (None, *PRINTED):
        fail(f"--print is of what has pages: {' or '.join(sorted(PRINTED))}, not {only}")
    if for_print and only is None:
        return frozenset({Format.PDF})
    if unit is None:
        return USUAL if only is None else frozenset({only})
    if only is not None and only not in OFFPRINTS:
        fail(f"a part by itself is made as one of {', '.join(sorted(OFFPRINTS))}, not as {only}")
    return USUAL & OFFPRINTS if only is None else frozenset({only})


@app.command()
def check(
    event: EventOption = None,
    language: Annotated[
        str,
        typer.Option(
            "--language",
            "-l",
            metavar="LANGUAGE|all",
            help="Also tell what is not there in this language, or in any.",
        ),
    ] = "",
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
    from report.coverage import coverage
    from report.diagnostics import in_order
    from report.load import load
    from report.shelf import Shelf
    from report.speaking import check_speaking_time

    read, found = load(event_folder(event), open_deck=Shelf(CACHE).deck)
    timed = read if speaking_time else None
    covered = tuple(coverage(read, code) for code in read.editions) if read else ()
    diagnostics = in_order(
        (
            *found,
            *(check_event(read) if read else ()),
            *(check_speaking_time(timed) if timed else ()),
            *(found for each in _asked(covered, language) for found in each.missing),
        )
    )
    show(diagnostics, style)
    if style is Style.TEXT:
        if timed:
            out.print(_speaking_times(timed), soft_wrap=False)
        if len(covered) > 1:
            out.print(_coverage(covered), soft_wrap=False)
        err.print(count(diagnostics) if diagnostics else "Nothing is wrong.")
    if any(diagnostic.is_error for diagnostic in diagnostics):
        raise typer.Exit(CONTENT_ERROR)


@app.command()
def clean() -> None:
    """Delete the work kept for the next build. What was compiled stays."""
    from report.fragment import Store

    Store(CACHE).clear()
    err.print("The next build does everything anew.")


app.add_typer(desk.new, name="new")
app.command("import")(desk.import_)
app.command()(desk.corrections)
app.command()(desk.serve)
app.command()(release.diff)
app.command()(release.accept)
app.command()(release.release)
app.command()(release.verify)
app.command()(desk.explain)
app.command()(desk.doctor)
app.command()(desk.fonts)
app.command()(publish.schema)


def _asked(covered: tuple[Coverage, ...], language: str) -> tuple[Coverage, ...]:
    """The languages of which everything is to be told that is missing."""
    if language in ("", "all"):
        return covered if language else ()
    asked = tuple(each for each in covered if each.language == language)
    if covered and not asked:
        known = ", ".join(each.language for each in covered)
        fail(f"the event has no edition in `{language}`: its languages are {known}")
    return asked


def _coverage(covered: tuple[Coverage, ...]) -> Table:
    """How much of the event is there in each of its languages."""
    from rich.table import Table

    from report.words import words

    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("Language")
    for heading in ("Texts", "Values missing"):
        table.add_column(heading, justify="right")
    for each in covered:
        name = words("en").language_name(each.language)
        table.add_row(name, f"{each.texts} of {each.of}", str(each.values or "\u2013"))
    return table


def _speaking_times(event: Event) -> Table:
    """Each statement's words, the minutes it was given, and those it takes at its rate."""
    from rich.table import Table

    from report.speaking import timings

    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("Statement", overflow="fold")
    for heading in ("Words", "Allotted", "Estimated", "Over"):
        table.add_column(heading, justify="right")
    for timing in timings(event):
        is_over = timing.over is not None and timing.over > 0
        table.add_row(
            escape(timing.statement.id),
            f"{timing.words:,}",
            str(timing.statement.minutes or "\u2013"),
            f"{timing.minutes:.1f}",
            "\u2013" if timing.over is None else f"{timing.over:+.1f}",
            style="yellow" if is_over else None,
        )
    return table


def _say_stopped(diagnostics: tuple[Diagnostic, ...], output: Path) -> None:
    kept = any((output / name).exists() for name in ("report.pdf", "report.html"))
    stays = f" The earlier report stays in {output}." if kept else ""
    err.print(escape(f"Not compiled: {count(diagnostics)}.{stays}"))


def _summarize(outcome: Any, output: Path, seconds: float) -> None:
    facts = [f"{outcome.pages} pages"] if outcome.pages else []
    if outcome.statements:
        facts.append(f"{outcome.statements} statements")
    facts += [f"{seconds:.1f} s", count(outcome.diagnostics) or "no warnings"]
    out.print(", ".join(facts))
    for name, paths in _forms(outcome.outputs, output).items():
        files = f"{len(paths)} files, " if len(paths) > 1 else ""
        size = sum(path.stat().st_size for path in paths) / 1024
        out.print(escape(f"  {name}  {files}{size:,.0f} kB"), style="bold")
    if outcome.restricted:
        out.print("Not for distribution as it is:")
    for text in outcome.restricted:
        out.print(f"  {escape(text.origin.tree.place().file)}  {_standing(text)}")


def _forms(paths: Sequence[Path], output: Path) -> Mapping[Path, tuple[Path, ...]]:
    """The files that were written by the name told of them: of a folder, its start page."""
    forms: dict[Path, tuple[Path, ...]] = {}
    for path in paths:
        inside = path.relative_to(output).parts
        name = path if len(inside) == 1 else output / inside[0] / "index.html"
        forms[name] = (*forms.get(name, ()), path)
    return forms


def _standing(text: Clearable) -> str:
    """Why a text is not distributed."""
    reasons = [text.status.value] if text.status and text.status != "cleared" else []
    if text.embargo:
        reasons.append(f"embargo until {text.embargo.isoformat(timespec='minutes')}")
    return ", ".join(reasons)


def main(program: str | None = None) -> None:
    """Carry out the command that this process was started with.

    Of all commands Typer makes ready the one that is told, if there is such: the others take longer
    than many a command.
    """
    asked = _with_command(sys.argv[1:])[0]
    told = [
        each
        for each in app.registered_commands
        if asked == (each.name or getattr(each.callback, "__name__", ""))
    ]
    app.registered_commands[:] = told or app.registered_commands
    app(prog_name=program)

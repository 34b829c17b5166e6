"""The terminal: what all commands say in the same way, and how they end."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from report.diagnostics import Diagnostic, Severity, as_json, as_text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress
    from rich.text import Text

    from report.fragment import TypesetUnit

CONTENT_ERROR = 1
"""The exit code when the content has errors."""

USAGE_ERROR = 2
"""The exit code when the command was not understood, or cannot be carried out."""

INTERRUPTED = 130
"""The exit code when the command was interrupted at the terminal: 128 and the signal's number."""

CACHE = Path(".cache")
"""Where work is kept for the next command."""


class Stream:
    """One of the two streams of a terminal; a build that has nothing to say loads no Rich."""

    def __init__(self, *, is_of_errors: bool = False) -> None:
        """Speak where results go, or where errors do."""
        self._is_of_errors = is_of_errors

    @cached_property
    def console(self) -> Console:
        """The stream as Rich sees it."""
        from rich.console import Console

        return Console(stderr=self._is_of_errors, highlight=False, soft_wrap=True)

    @property
    def is_terminal(self) -> bool:
        """Whether somebody may be looking."""
        return self.console.is_terminal

    def print(self, *things: Any, **how: Any) -> None:
        """Say things, as `Console.print` does."""
        self.console.print(*things, **how)


out = Stream()
err = Stream(is_of_errors=True)


def escape(words: str) -> str:
    """Return words in which nothing is taken for markup."""
    from rich.markup import escape

    return escape(words)


def styled(*parts: str | tuple[str, str]) -> Text:
    """Return a text of parts, some of which have a style."""
    from rich.text import Text

    return Text.assemble(*parts)


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
LanguageOption = Annotated[
    str,
    typer.Option(
        "--language",
        "-l",
        metavar="LANGUAGE",
        help="The edition in this language, such as fr.  [default: the main language]",
        show_default=False,
    ),
]
LanguagesOption = Annotated[
    str,
    typer.Option(
        "--language",
        "-l",
        metavar="LANGUAGE|all",
        help="The edition in this language, such as fr, or all of them.  [default: the main one]",
        show_default=False,
    ),
]
FormatOption = Annotated[
    Style, typer.Option("--format", metavar="text|json", help="How problems are shown.")
]


NAME_IT = "name the event's folder with --event DIR"
"""What to do where no event is found."""


def event_folder(
    given: Path | None, none_is_here: str = f"there is no event here: {NAME_IT}"
) -> Path:
    """The event's folder that is meant; without one, this command stops and says so."""
    if given is None:
        given = Path() if Path("event.yaml").is_file() else Path("statements")
        if not given.is_dir():
            fail(none_is_here)
    if not given.is_dir():
        fail(f"{given} is not a folder: --event names the folder that holds event.yaml")
    return given


def fail(message: str) -> NoReturn:
    """Say why a command cannot be carried out, and stop."""
    err.print(styled(("error", "bold red"), f": {message}"))
    raise typer.Exit(USAGE_ERROR)


def show(diagnostics: tuple[Diagnostic, ...], style: Style) -> None:
    """Show problems: as text where errors are told, as JSON where output is."""
    if style is Style.JSON:
        typer.echo(as_json(diagnostics))
        return
    for diagnostic in diagnostics:
        head, _, rest = as_text(diagnostic).partition("\n")
        colour = "bold red" if diagnostic.is_error else "bold yellow"
        label, _, message = head.partition(":")
        err.print(styled((label, colour), ":", (message, "bold"), "\n", rest, "\n"))


def count(diagnostics: tuple[Diagnostic, ...]) -> str:
    """How many problems there are: 2 errors, 1 warning. Nothing where there are none."""
    counts = [
        (sum(d.rule.severity is severity for d in diagnostics), severity.value)
        for severity in Severity
    ]
    return ", ".join(f"{n} {name}{'' if n == 1 else 's'}" for n, name in counts if n)


class Bar:
    """A bar that shows how far typesetting is, on a terminal only."""

    def __init__(self, *, shown: bool):
        self._progress = _progress() if shown else None

    def __enter__(self) -> Bar:
        if self._progress:
            self._task = self._progress.add_task("Typesetting", total=None)
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress:
            self._progress.stop()

    def show(self, done: int, of: int, unit: TypesetUnit) -> None:
        """Move the bar: `done` of `of` units are typeset, the last of them `unit`."""
        self.move(done, of, unit.id)

    def move(self, done: int, of: int, name: str) -> None:
        """Move the bar: so many are done of so many, the last of them `name`."""
        if self._progress:
            self._progress.update(self._task, completed=done, total=of, description=escape(name))


def _progress() -> Progress:
    # Imported here, as it takes long to load and most builds of a script show no bar.
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    return Progress(*columns, console=err.console, transient=True)

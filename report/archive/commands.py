"""What is told of many events that are compiled as one."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path

import typer
from rich.table import Table

from report.archive.archive import Compiled, Order, compile_archive, events, side_by_side
from report.console import CONTENT_ERROR, Bar, Style, err, escape, fail, out, show
from report.diagnostics import as_json
from report.workers import Hands


def build_all(archive: Path, order: Order, executor: Hands, style: Style, *, quiet: bool) -> None:
    """Compile all events below a folder, and tell what became of each."""
    start = time.perf_counter()
    folders = events(archive)
    if not folders:
        fail(f"there is no event in {archive}: an event is a folder that holds event.yaml")
    done: list[Compiled] = []
    with Bar(shown=not quiet and err.is_terminal) as bar:
        at_once = min(len(folders), side_by_side(executor.jobs))
        for compiled in compile_archive(folders, order, executor, at_once):
            done.append(compiled)
            bar.move(len(done), len(folders), compiled.event)
            if style is Style.TEXT:
                _tell(compiled)
    done.sort(key=lambda compiled: compiled.event)
    if style is Style.JSON:
        typer.echo(_as_json(done))
    elif not quiet:
        out.print(_table(done), soft_wrap=False)
        out.print(_summary(done, time.perf_counter() - start))
    if any(compiled.failed for compiled in done):
        raise typer.Exit(CONTENT_ERROR)


def _tell(compiled: Compiled) -> None:
    """Show what is wrong with an event, under its name."""
    if compiled.diagnostics or compiled.trouble:
        err.print(f"{escape(compiled.event)}:", style="bold")
        show(compiled.diagnostics, Style.TEXT)
    if compiled.trouble:
        err.print(f"[bold red]error[/]: {escape(compiled.trouble.rstrip())}\n")


def _table(done: Sequence[Compiled]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("Event", overflow="fold")
    for heading in ("Pages", "Statements", "Warnings", "Errors", "Seconds"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for each in done:
        figures = (each.pages, each.statements, each.warnings, each.errors)
        told = (f"{figure:,}" if figure else "\u2013" for figure in figures)
        style = "red" if each.failed else "dim" if each.was_up_to_date else ""
        row = (escape(each.event), *told, f"{each.seconds:.1f}", _standing(each))
        table.add_row(*row, style=style)
    return table


def _standing(compiled: Compiled) -> str:
    if compiled.failed:
        return "failed"
    return "up to date" if compiled.was_up_to_date else ""


def _summary(done: Sequence[Compiled], seconds: float) -> str:
    counts = {
        "compiled": sum(not each.failed and not each.was_up_to_date for each in done),
        "up to date": sum(each.was_up_to_date for each in done),
        "failed": sum(each.failed for each in done),
    }
    facts = ", ".join(f"{number} {what}" for what, number in counts.items() if number)
    return f"{len(done)} event{'' if len(done) == 1 else 's'}: {facts}, {seconds:.1f} s"


def _as_json(done: Sequence[Compiled]) -> str:
    """What became of each event, with its problems as `as_json` renders them."""
    return json.dumps(
        [
            {
                "event": each.event,
                "pages": each.pages,
                "statements": each.statements,
                "warnings": each.warnings,
                "errors": each.errors,
                "seconds": round(each.seconds, 3),
                "up_to_date": each.was_up_to_date,
                "failed": each.failed,
                "trouble": each.trouble,
                "diagnostics": json.loads(as_json(each.diagnostics)),
            }
            for each in done
        ],
        ensure_ascii=False,
        indent=2,
    )

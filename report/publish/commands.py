"""The commands of publishing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from report.console import fail


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
            fail(f"{error.filename or folder}: {error.strerror}")
        typer.echo(folder / name)

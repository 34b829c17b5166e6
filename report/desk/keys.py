"""The page of keys: what may stand in each file of an event, made from the models as forms are.

`make docs` writes it to `docs/keys.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from report.desk.form import Field, fields
from report.model import (
    ChapterMatter,
    ChapterTranslation,
    EventMatter,
    Participants,
    PhotographList,
    Record,
    SessionMatter,
    SessionTranslation,
    StatementMatter,
    StatementTranslation,
    SummaryMatter,
    SummaryTranslation,
)

_FILES: tuple[tuple[str, type[Record]], ...] = (
    ("`event.yaml`", EventMatter),
    ("A chapter, such as `background.md`", ChapterMatter),
    ("A session, `session.md`", SessionMatter),
    ("A statement, such as `02-minister.md`", StatementMatter),
    ("The Chairman's Summary, `chairmans-summary.md`", SummaryMatter),
    ("`participants.yaml`", Participants),
    ("`media/photographs.yaml`", PhotographList),
    ("A translated chapter, such as `background.fr.md`", ChapterTranslation),
    ("A translated session, such as `session.fr.md`", SessionTranslation),
    ("A translated statement, such as `02-minister.fr.md`", StatementTranslation),
    ("The translated summary, such as `chairmans-summary.fr.md`", SummaryTranslation),
)

_HEAD = """\
# The keys of an event's files

What may stand in `event.yaml` and the other lists, and between the two lines of dashes at the head
of a text. `edition: number` is the key `number` below `edition`. Keys in **bold** must be given.
This page is written by `make docs`."""


def page() -> str:
    """A page in Markdown with a table of keys for each kind of file."""
    return "\n\n".join((_HEAD, *(_section(title, kind) for title, kind in _FILES))) + "\n"


def _section(title: str, kind: type[Record]) -> str:
    rows = "\n".join(_rows(fields(kind), ""))
    return f"## {title}\n\n| key | what it says |\n| --- | --- |\n{rows}"


def _rows(listed: Iterable[Field], above: str) -> Iterator[str]:
    for field in listed:
        key = f"`{above}{field.key}`"
        choices = ", ".join(f"`{choice}`" for choice in field.choices)
        told = (field.help, f"One of {choices}." if choices else "")
        text = " ".join(" ".join(told).split()).replace("|", r"\|")
        yield f"| {f'**{key}**' if field.required else key} | {text} |"
        yield from _rows(field.fields, f"{above}{field.key}: ")


if __name__ == "__main__":
    print(page(), end="")

"""The corrigendum: what changed between two editions, as a document in the report's own styles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from report import citation, web
from report.assets import PRINT_STYLES, WEB_STYLES, stylesheets, template_folders
from report.link import link
from report.merge import SPECIMEN, day, full_title
from report.model import Event
from report.release.comparison import Comparison, Difference, Kind
from report.typeset import Styles, typeset
from report.unit import Paging, Report, Unit
from report.webform import direction

Numbered = tuple[int, Difference]

_STYLES = "corrigendum.css"

_UNIT_SIZE = 60_000
"""About how many characters of what changed are typeset together."""


def edition_name(event: Event, name: str) -> str:
    """What a corrigendum calls an edition: by its number and date, or as the editor called it."""
    if not event.edition:
        return name
    edition = event.edition
    remark = f" ({edition.status.remark})" if edition.status.remark else ""
    return f"edition {edition.number}{remark} of {day(edition.date)}"


def corrigendum(
    comparison: Comparison, event: Event, folder: Path, names: tuple[str, str]
) -> Report:
    """The corrigendum that leads to the edition `event`, whose folder is `folder`.

    `names` are those of the old and the new edition, in words. Raises `jinja2.TemplateError` for a
    template that cannot be used.
    """
    title, (old_name, new_name) = full_title(event), names
    template = _environment(folder).get_template("corrigendum.html")
    numbered = list(enumerate(comparison.differences, start=1))
    units: list[Unit] = []
    for batch in _batches(numbered):
        number = len(units) + 1
        identity = "corrigendum" if number == 1 else f"corrigendum-{number}"
        html = template.render(
            id=identity,
            is_first=number == 1,
            title=title,
            old_name=old_name,
            new_name=new_name,
            all=numbered,
            differences=batch,
        )
        heading = "Corrigendum" if number == 1 else f"Corrigendum ({number})"
        units.append(_unit(identity, heading, html, event))
    issued = citation.entry(event, title).issued
    return Report(
        title=f"Corrigendum: {title}",
        author=", ".join(event.organizers),
        subject=f"What changed from {old_name} to {new_name}",
        keywords=(),
        language=event.language,
        timestamp=int(datetime.combine(issued, time(), UTC).timestamp()),
        folder=folder,
        units=tuple(units),
        specimen=SPECIMEN if event.specimen else "",
    )


def files(report: Report, cache: Path) -> Mapping[str, bytes]:
    """The corrigendum's PDF and its web page, by name; the cache holds what was typeset before."""
    print_styles = Styles(stylesheets(report.folder, (*PRINT_STYLES, _STYLES)))
    pages = typeset(report, print_styles, cache)
    web_styles = stylesheets(report.folder, (*WEB_STYLES, _STYLES))
    page = web.publish(report, web_styles, template_folders(report.folder))
    return {
        "corrigendum.pdf": link(report, pages, cache),
        "corrigendum.html": page.encode(),
    }


def _unit(identity: str, heading: str, html: str, event: Event) -> Unit:
    head = (event.series or event.title, "Corrigendum")
    return Unit(
        identity, "corrigendum", heading, html, event.language, Paging.BODY, running_head=head
    )


def _batches(differences: Sequence[Numbered]) -> Iterator[list[Numbered]]:
    """Differences divided so that no unit is long to typeset."""
    batch: list[Numbered] = []
    size = 0
    for number, difference in differences:
        batch.append((number, difference))
        size += sum(len(change.old) + len(change.new) for change in difference.changes)
        if size > _UNIT_SIZE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(template_folders(folder)),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"direction": direction, "tally": _tally}
    return environment


def _tally(difference: Difference) -> str:
    """What became of a part, in a few words: `moved; 2 changed, 1 added`."""
    if difference.kind in (Kind.ADDED, Kind.REMOVED):
        return difference.kind.capitalize()
    counts = Counter(change.kind for change in difference.changes)
    told = ", ".join(f"{counts[kind]} {kind}" for kind in Kind if counts[kind])
    fate = "moved" if difference.kind is Kind.MOVED else ""
    renamed = "renamed" if difference.was else ""
    return "; ".join(filter(None, (fate, renamed, told))).capitalize()

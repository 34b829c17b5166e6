"""The corrigendum: what changed between two editions, as a document in the report's own styles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path

from report import citation, naming, web
from report.assets import PRINT_STYLES, WEB_STYLES, stylesheets, template_folders
from report.clearance import clearables, is_marked
from report.digits import digits_of, write_digits
from report.link import link
from report.merge import SPECIMEN, mark_of, notice_of
from report.model import Clearable, Event, Status
from report.release.comparison import Comparison, Difference, Kind
from report.runs import set_apart
from report.templating import environment
from report.typeset import Styles, typeset
from report.unit import Mark, Paging, Report, Unit
from report.words import Words, words

Numbered = tuple[int, Difference]

_STYLES = "corrigendum.css"

_UNIT_SIZE = 60_000
"""About how many characters of what changed are typeset together."""


def edition_name(event: Event, name: str) -> str:
    """What a corrigendum calls an edition: by its number and date, or as the editor called it."""
    if not event.edition:
        return name
    own, edition = words(event.language), event.edition
    number = str(edition.number)
    if edition.status.remark:
        remark = own.gettext(edition.status.remark)
        number = own.gettext("%(number)s (%(remark)s)", number=number, remark=remark)
    return own.gettext("edition %(number)s of %(date)s", number=number, date=own.day(edition.date))


def corrigendum(
    comparison: Comparison, event: Event, folder: Path, names: tuple[str, str]
) -> Report:
    """The corrigendum that leads to the edition `event`, whose folder is `folder`.

    `names` are those of the old and the new edition, in words. Raises `jinja2.TemplateError` for a
    template that cannot be used.
    """
    own, title, (old_name, new_name) = words(event.language), naming.full_title(event), names
    rendering = environment(template_folders(folder), own, typographic=False)
    rendering.filters["tally"] = partial(_tally, own=own)
    template = rendering.get_template("corrigendum.html")
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
        heading = own.gettext("Corrigendum")
        if number > 1:
            heading = own.gettext("Corrigendum (%(number)s)", number=number)
        told = _told(event, [difference for _, difference in batch])
        units.append(_unit(identity, heading, html, event, _mark(told, own)))
    return Report(
        title=own.gettext("Corrigendum: %(title)s", title=title),
        author=own.listed(event.organizers),
        subject=own.gettext("What changed from %(old)s to %(new)s", old=old_name, new=new_name),
        keywords=(),
        language=event.language,
        timestamp=int(datetime.combine(citation.entry(event).issued, time(), UTC).timestamp()),
        folder=folder,
        units=tuple(units),
        specimen=own.gettext(SPECIMEN) if event.specimen else "",
        notice=notice_of(_told(event, comparison.differences), own),
        digits=digits_of(event.language, event.digits),
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


def _unit(identity: str, heading: str, html: str, event: Event, mark: Mark | None) -> Unit:
    head = (event.series or event.title, words(event.language).gettext("Corrigendum"))
    return Unit(
        identity,
        "corrigendum",
        heading,
        write_digits(set_apart(html, event.language), digits_of(event.language, event.digits)),
        event.language,
        Paging.BODY,
        running_head=head,
        mark=mark,
    )


def _told(event: Event, differences: Sequence[Difference]) -> tuple[Clearable, ...]:
    """The texts of the new edition in whose words differences are told."""
    told = frozenset[str]().union(*(difference.texts for difference in differences))
    return tuple(text for text in clearables(event) if text.id in told)


def _mark(texts: Sequence[Clearable], own: Words) -> Mark | None:
    """The strictest mark of the texts: of a draft before others, then of the longest embargo."""
    strictest = max(filter(is_marked, texts), key=_strictness, default=None)
    return mark_of(strictest, own) if strictest else None


def _strictness(text: Clearable) -> tuple[bool, float]:
    return text.status is Status.DRAFT, text.embargo.timestamp() if text.embargo else 0


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


def _tally(difference: Difference, own: Words) -> str:
    """What became of a part, in a few words: `moved; 2 changed, 1 added`."""
    if difference.kind in (Kind.ADDED, Kind.REMOVED):
        return own.gettext(difference.kind.heading)
    counts = Counter(change.kind for change in difference.changes)
    told = own.listed(_counted(kind, counts[kind], own) for kind in Kind if counts[kind])
    fate = own.gettext("moved") if difference.kind is Kind.MOVED else ""
    renamed = own.gettext("renamed") if difference.was else ""
    line = own.enumerated((fate, renamed, told))
    return line[:1].upper() + line[1:]


def _counted(kind: Kind, count: int, own: Words) -> str:
    match kind:
        case Kind.ADDED:
            return own.ngettext("%(num)s added", "%(num)s added", count)
        case Kind.REMOVED:
            return own.ngettext("%(num)s removed", "%(num)s removed", count)
        case Kind.MOVED:
            return own.ngettext("%(num)s moved", "%(num)s moved", count)
        case _:
            return own.ngettext("%(num)s changed", "%(num)s changed", count)

"""The merge: an Event and the templates become a Report of units.

There is one template for each kind of unit. What a template prints is escaped and gets typographic
quotes; only what `markup` made is taken as HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property, partial
from html import escape, unescape
from itertools import chain
from operator import attrgetter
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from report import acronyms, citation, index, naming, reference
from report.clearance import clearables, is_marked
from report.conclusions import Citation, Conclusion, by_pillar, citations, conclude
from report.drawing import Draw
from report.figures import FigureKind
from report.glance import at_a_glance
from report.languages import language_name
from report.markup import Text, link
from report.model import (
    Clearable,
    Event,
    Level,
    Pillar,
    Session,
    SessionKind,
    StatementKind,
    Status,
)
from report.reference import Reference
from report.slides import placed_slides, slides
from report.support import support_map
from report.timetable import timetable
from report.typography import smarten
from report.unit import Mark, Paging, PlacedSlide, Report, Unit

SPECIMEN = "Specimen: illustrative text, not the words of any speaker"

_NO_SLIDES: Mapping[str, PlacedSlide] = {}

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Group:
    """Recommendations of one pillar, ordered by level; no pillar is what cuts across all."""

    title: str
    levels: tuple[tuple[Level, tuple[Conclusion, ...]], ...]


class _Compiled(BytecodeCache):
    """Templates compiled before by this process, for one that merges again after every edit."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


def merge(event: Event, folder: Path, templates: Sequence[Path], draw: Draw) -> Report:
    """Merge the event with the templates.

    `folder` is the event's folder. `templates` are folders to look for a template in, one after the
    other, so that an event's own template comes before the report's. `draw` makes the
    figures. The event must be without errors. Raises `jinja2.TemplateError` for a template that
    cannot be used.
    """
    return _Merge(event, templates, draw).report(folder)


class _Merge:
    def __init__(self, event: Event, templates: Sequence[Path], draw: Draw):
        self.event = event
        self.conclusions = conclude(event)
        printed = event.prints("chairmans-summary")
        self.citations = citations(event, self.conclusions) if printed else {}
        self.environment = Environment(
            loader=FileSystemLoader(templates),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_finalize,
            bytecode_cache=_COMPILED,
        )
        self.environment.filters |= {
            "cite": self._cite,
            "refer": self._refer,
            "fill": self._fill,
            "speakers": self._speakers,
            "day": day,
            "slides": slides,
            "draw": lambda figure: Markup(draw(figure)),
            "language": language_name,
            "name": partial(naming.name, event),
            "label": partial(naming.label, event),
        }
        self.entry = citation.entry(event, full_title(event))
        self.notice = _notice(event)
        self.environment.globals |= {
            "event": event,
            "specimen": SPECIMEN,
            "notice": self.notice,
            "entry": self.entry,
        }

    def report(self, folder: Path) -> Report:
        event = self.event
        parts = [
            *chain.from_iterable(self._part(name, Paging.FRONT) for name in event.front),
            *chain.from_iterable(self._part(name, Paging.BODY) for name in event.body),
        ]
        contents = self._contents(parts)
        units = [contents if unit.id == "contents" else unit for unit in parts]
        return Report(
            title=full_title(event),
            author=", ".join(event.organizers),
            subject=f"Comprehensive report of the symposium held on {day(event.date)}",
            keywords=tuple(smarten(pillar.title) for pillar in event.pillars),
            language=event.language,
            timestamp=int(datetime.combine(self.entry.issued, time(), UTC).timestamp()),
            folder=folder,
            units=(self._cover(), self._imprint(), *units),
            specimen=SPECIMEN if event.specimen else "",
            entry=self.entry,
            notice=self.notice,
            limits=event.limits,
        )

    def _cover(self) -> Unit:
        return self._unit("cover", "cover", full_title(self.event), Paging.NONE)

    def _imprint(self) -> Unit:
        return self._unit("imprint", "imprint", "Imprint", Paging.NONE)

    def _part(self, name: str, paging: Paging) -> Iterator[Unit]:
        """The units of one part of the order; a part that has nothing to say has no unit."""
        event = self.event
        if name in event.chapters:
            chapter = event.chapters[name]
            yield self._unit(name, "chapter", chapter.title, paging, chapter=chapter)
        elif name == "contents":
            yield self._unit(name, "contents", "Contents", paging, entries=())
        elif name == "acronyms" and event.acronyms:
            terms = sorted(event.acronyms.items(), key=lambda term: term[0].casefold())
            yield self._unit(name, "acronyms", "Acronyms", paging, terms=terms)
        elif name == "programme":
            slots = tuple(timetable(event))
            yield self._unit(name, "programme", "Programme", paging, slots=slots)
        elif name == "chairmans-summary" and event.summary:
            yield self._summary(paging)
        elif name == "sessions":
            for session in event.sessions:
                yield from self._session(session, paging)
        elif name == "at-a-glance" and (charts := at_a_glance(event)):
            yield self._unit(name, "at_a_glance", _GLANCE_TITLE, paging, charts=charts)
        elif name == "map" and any(self.conclusions):
            drawn = support_map(event, self.conclusions)
            yield self._unit(name, "map", _MAP_TITLE, paging, map=drawn)
        elif name == "photographs" and event.photographs:
            yield self._unit(name, "photographs", "Photographs", paging)
        elif name in _INDEX_TITLES and (entries := self._index(name)):
            yield self._unit(name, name, _INDEX_TITLES[name], paging, entries=entries)

    def _index(self, name: str) -> tuple[Any, ...]:
        """The entries of an index or list, as its template wants them."""
        event = self.event
        match name:
            case "participants":
                return index.delegations(event)
            case "recommendations":
                return self._groups(self.conclusions.recommendations)
            case "speakers":
                return index.by_letter(index.speakers(event), attrgetter("name"))
            case "documents":
                return index.documents(event, self._passages)
            case "subjects":
                subjects = index.subjects(event, self._passages)
                return index.by_letter(subjects, attrgetter("term"))
            case _:
                return index.by_kind(self._figures)

    def _session(self, session: Session, paging: Paging) -> Iterator[Unit]:
        head = f"Session {session.number}. {session.heading}"
        yield self._unit(
            session.id,
            "session",
            f"Session {session.number}. {session.title}",
            paging,
            session=session,
            label=_SESSION_KINDS[session.kind],
            pillar=self._pillar(session.pillar),
            discussion=_discussion_id(session),
            mark=_mark(session),
        )
        for statement in session.statements:
            yield self._unit(
                statement.id,
                "statement",
                statement.byline,
                paging,
                level=2,
                running_head=(head, statement.byline),
                language=statement.language,
                statement=statement,
                slides=placed_slides(statement),
                label=_STATEMENT_KINDS[statement.kind],
                mark=_mark(statement),
            )
        if session.discussion.html:
            title = _DISCUSSION_TITLES[session.kind]
            yield self._unit(
                _discussion_id(session),
                "discussion",
                title,
                paging,
                level=2,
                running_head=(head, title),
                session=session,
                heading=title,
                mark=_mark(session),
            )

    def _summary(self, paging: Paging) -> Unit:
        summary = self.event.summary
        assert summary
        return self._unit(
            summary.id,
            "chairmans_summary",
            "Chairman\u2019s Summary",
            paging,
            summary=summary,
            findings=self.conclusions.findings,
            groups=self._groups(self.conclusions.recommendations),
            way_forward=self.conclusions.way_forward,
            mark=_mark(summary),
        )

    def _contents(self, parts: Iterable[Unit]) -> Unit:
        entries = tuple(unit for unit in parts if unit.id != "contents")
        return self._unit("contents", "contents", "Contents", Paging.FRONT, entries=entries)

    def _unit(
        self,
        identity: str,
        kind: str,
        title: str,
        paging: Paging,
        *,
        level: int = 1,
        running_head: tuple[str, str] | None = None,
        language: str = "",
        mark: Mark | None = None,
        slides: Mapping[str, PlacedSlide] = _NO_SLIDES,
        **values: Any,
    ) -> Unit:
        html = self.environment.get_template(f"{kind}.html").render(id=identity, **values)
        title = smarten(title)
        start, end = running_head or ("" if kind in _PLAIN_HEADS else self._event_head(), title)
        return Unit(
            id=identity,
            kind=kind,
            title=title,
            html=html,
            language=language or self.event.language,
            paging=paging,
            level=level,
            running_head=("", "") if kind in _WITHOUT_HEAD else (smarten(start), smarten(end)),
            images={
                file: slides[file].deck.key if file in slides else self.event.pictures[file].digest
                for file in dict.fromkeys(unescape(src) for src in _IMAGE_SOURCE.findall(html))
            },
            slides=slides,
            mark=mark,
        )

    def _event_head(self) -> str:
        return self.event.series or self.event.title

    def _pillar(self, identity: str | None) -> Pillar | None:
        return next((pillar for pillar in self.event.pillars if pillar.id == identity), None)

    def _groups(self, conclusions: Sequence[Conclusion]) -> tuple[Group, ...]:
        """Group by pillar, in the event's order of pillars, and by level within each."""
        return tuple(
            Group(title, tuple(_levels(listed)))
            for title, listed in by_pillar(self.event, conclusions)
        )

    @cached_property
    def _passages(self) -> tuple[index.Passage, ...]:
        return index.passages(self.event, self.conclusions)

    @cached_property
    def _figures(self) -> tuple[index.FigureEntry, ...]:
        return index.figures(self.event)

    @cached_property
    def _numbers(self) -> Mapping[str, str]:
        """What figures and tables are called, by their ids: Table 3."""
        return {f.anchor: f"{_FIGURE_KINDS[f.kind]}\u00a0{f.number}" for f in self._figures}

    @cached_property
    def _languages(self) -> Mapping[str, str]:
        return {statement.id: statement.language for statement in self.event.statements}

    def _ordinal(self, anchor: str) -> str:
        number = self._numbers.get(anchor)
        return f'<span class="ordinal">{number}.</span> ' if number else ""

    def _fill(self, text: Text, identity: str) -> Markup:
        """A text's HTML with all that only the whole report knows.

        References are filled in, figures numbered, acronyms expanded in a text of the report's own
        language, and paragraphs marked where the summary cites them.
        """
        html = text.html
        if self._languages.get(identity, self.event.language) == self.event.language:
            html = acronyms.expand(html, self.event.acronyms)
        html = _ATTRIBUTION.sub(lambda mark: self._links(reference.parse(unescape(mark[1]))), html)
        html = _MARK.sub(lambda mark: self._cite(reference.parse(unescape(mark[1]))), html)
        html = _ORDINAL.sub(lambda room: self._ordinal(unescape(room[1])), html)
        for number in range(1, len(text.paragraphs) + 1):
            if cited := self.citations.get((identity, number)):
                html = _insert_citations(html, f"{identity}:{number}", cited)
        return Markup(html)

    def _speakers(self, conclusion: Conclusion) -> str:
        """Who made a recommendation, as a list of bylines."""
        return "; ".join(naming.name(self.event, identity) for identity in conclusion.speakers)

    def _refer(self, text: str) -> Markup:
        """A plain text with the references in it as links."""
        parts = reference.MARK.split(smarten(text))
        parts[1::2] = (self._cite(reference.parse(mark)) for mark in parts[1::2])
        return Markup("").join(parts)

    def _cite(self, references: Iterable[Reference]) -> Markup:
        """References as links in parentheses: (Mayor, Member State C, para. 4)."""
        return Markup(f"({self._links(references)})")

    def _links(self, references: Iterable[Reference]) -> str:
        labels = ((target.anchor, naming.label(self.event, target)) for target in references)
        return "; ".join(link(anchor, label) for anchor, label in labels)


_INDEX_TITLES = {
    "participants": "Participants",
    "recommendations": "Table of recommendations",
    "speakers": "Index of speakers",
    "documents": "Index of United Nations documents",
    "subjects": "Index of subjects",
    "figures": "Figures and tables",
}
_FIGURE_KINDS = {FigureKind.FIGURE: "Figure", FigureKind.TABLE: "Table"}
_GLANCE_TITLE = "The symposium at a glance"
_MAP_TITLE = "The map of the symposium"
_PLAIN_HEADS = {"contents", "acronyms"}
_WITHOUT_HEAD = {"cover", "imprint", "session"}
_IMAGE_SOURCE = re.compile(r'<img[^>]*? src="([^"]*)"')
_ORDINAL = re.compile(r'<span class="ordinal" data-figure="([^"]*)"></span>')
_MARK = re.compile(r'<a class="reference" data-ref="([^"]*)"></a>')
_ATTRIBUTION = re.compile(rf"(?<=[>\n][\u2013\u2014] ){_MARK.pattern}(?=</p>)")
"""A reference that alone says, after a dash, whose words a block quotation gives."""
_SESSION_KINDS = {
    SessionKind.OPENING: "Opening session",
    SessionKind.THEMATIC: "Thematic session",
    SessionKind.CLOSING: "Closing session",
}
_STATEMENT_KINDS = {
    StatementKind.KEYNOTE: "Keynote address",
    StatementKind.STATEMENT: "Statement",
    StatementKind.PRESENTATION: "Presentation",
}
_DISCUSSION_TITLES = {
    SessionKind.OPENING: "Summary of the session",
    SessionKind.THEMATIC: "Summary of the discussion",
    SessionKind.CLOSING: "Summary of the session",
}


def full_title(event: Event) -> str:
    """The event's title, with its part when it has several."""
    return smarten(event.title) + (f" (Part {event.part})" if event.part else "")


def day(value: date) -> str:
    """A date as the United Nations Editorial Manual writes it: 19 September 2011."""
    return f"{value.day}\u00a0{_MONTHS[value.month - 1]}\u00a0{value.year}"


def _mark(text: Clearable) -> Mark | None:
    """What the pages of a text that is not cleared say."""
    if not is_marked(text):
        return None
    until = f"Embargoed until {_moment(text.embargo)}" if text.embargo else ""
    if text.status is Status.DRAFT:
        notice = "Draft, not cleared for distribution"
        return Mark("Draft", f"{notice}. {until}" if until else notice)
    return Mark("Embargo", until)


def _moment(value: datetime) -> str:
    """A moment with its time zone: 20 September 2011, 09:00 (UTC-04:00)."""
    return f"{day(value)}, {value:%H:%M} ({value.tzname()})"


def _notice(event: Event) -> str:
    """How many of the event's texts are marked, for the cover and the head of the page."""
    count = sum(is_marked(text) for text in clearables(event))
    if not count:
        return ""
    texts = "1 text in this report is" if count == 1 else f"{count} texts in this report are"
    return f"Not for distribution: {texts} not cleared"


def _finalize(value: Any) -> Any:
    return smarten(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _discussion_id(session: Session) -> str:
    return f"{session.id}/discussion"


def _insert_citations(html: str, anchor: str, cited: Sequence[Citation]) -> str:
    """Put a mark that leads back to the summary at the end of the paragraph with this `id`."""
    links = ", ".join(link(citation.anchor, citation.label) for citation in cited)
    mark = f' <span class="cited">Cited in Chairman\u2019s Summary, {links}</span>'
    start = html.index(f'id="{escape(anchor)}"')
    end = html.find("</p>", start)
    return html if end < 0 else html[:end] + mark + html[end:]


def _levels(conclusions: Iterable[Conclusion]) -> Iterator[tuple[Level, tuple[Conclusion, ...]]]:
    listed = tuple(conclusions)
    for level in Level:
        if found := tuple(c for c in listed if c.level is level):
            yield level, found

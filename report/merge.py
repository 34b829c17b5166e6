"""The merge: an Event and the templates become a Report of units.

There is one template for each kind of unit. What a template prints is escaped and gets typographic
quotes; only what `markup` made is taken as HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from functools import cached_property, partial
from html import escape, unescape
from itertools import chain, islice
from operator import attrgetter
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from report import acronyms, citation, index, naming, reference
from report.booklet import BIOGRAPHIES, speakers
from report.clearance import clearables, is_marked
from report.collation import order
from report.conclusions import Citation, Conclusion, by_pillar, citations, conclude
from report.digits import digits_of, write_digits, written
from report.drawing import Draw
from report.figures import FigureKind
from report.glance import at_a_glance
from report.languages import direction
from report.markup import Text, link, link_out
from report.model import (
    Clearable,
    Event,
    Hours,
    Level,
    NumberedPages,
    Pillar,
    Session,
    Statement,
    Status,
    Volume,
)
from report.naming import VolumeHead
from report.reference import Reference
from report.resources import ResourceRefusedError
from report.runs import set_apart
from report.slides import SlideShown, placed_slides, slides
from report.support import support_map
from report.templating import environment
from report.timetable import timetable
from report.typography import bracketed, smarten
from report.unit import Mark, Paging, PlacedSlide, Report, Unit
from report.words import Words, gettext_noop, words

SPECIMEN = gettext_noop("Specimen: illustrative text, not the words of any speaker")
"""The message on every page of a report whose texts are only examples."""


@dataclass(frozen=True, slots=True)
class Group:
    """Recommendations of one pillar, ordered by level; no pillar is what cuts across all."""

    title: str
    levels: tuple[tuple[Level, tuple[Conclusion, ...]], ...]


def booklet(event: Event, folder: Path, templates: Sequence[Path]) -> Report:
    """Merge the programme booklet of an event, as `handed_out` gives it. Otherwise as `Merging`."""
    return Merging(event, folder, templates, lambda _: "").booklet()


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a unit is made of: all but its HTML, and the `values` that its template wants for it.

    Of contents there is only the place at first: no values.
    """

    id: str
    kind: str
    title: str
    paging: Paging
    level: int = 1
    volume: VolumeHead | None = None
    running_head: tuple[str, str] | None = None
    mark: Mark | None = None
    slides: Mapping[str, PlacedSlide] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)


class Merging:
    """An event on its way to a Report: as a whole, as its programme booklet, or one unit alone.

    All raise `jinja2.TemplateError` for a template that cannot be used.
    """

    def __init__(self, event: Event, folder: Path, templates: Sequence[Path], draw: Draw):
        """Merge an event without errors, whose folder is given, with templates.

        `templates` are folders to look for a template in, one after the other, so that an event's
        own template comes before the report's. `draw` makes the figures.
        """
        self.event = event
        self.folder = folder
        self.words = words(event.language)
        self.digits = digits_of(event.language, event.digits)
        self.volumes = naming.volume_heads(event)
        self.conclusions = conclude(event)
        printed = event.prints("chairmans-summary")
        self.citations = citations(event, self.conclusions) if printed else {}
        self.environment = environment(templates, self.words, typographic=True)
        self.environment.filters |= {
            "cite": self._cite,
            "refer": self._refer,
            "fill": self._fill,
            "speakers": self._speakers,
            "delivery": self._delivery,
            "foreign": self._foreign,
            "typographic": _typographic,
            "availability": self._availability,
            "spoken": self._spoken,
            "title_language": lambda identity: event.language_of(identity, "title"),
            "dates": self._dates,
            "hours": self._hours,
            "slides": self._slides,
            "draw": lambda figure: Markup(draw(figure)),
            "name": partial(naming.name, event),
            "place": self._place_of,
            "heading": partial(naming.session_heading, event),
            "conclusion": partial(naming.conclusion, event),
            "title": naming.full_title,
        }
        faces = (statement.face for statement in event.statements)
        self.pictures = {**event.pictures, **{face.file: face for face in faces if face}}
        self.entry = citation.entry(event)
        self.notice = notice_of(clearables(event), self.words)
        self.environment.globals |= {
            "event": event,
            "specimen": self.words.gettext(SPECIMEN),
            "notice": self.notice,
            "edition": naming.edition(event),
        }

    def report(self) -> Report:
        """Merge the whole event."""
        event = self.event
        parts = {
            head: tuple(map(self._unit, self._parts(head, volume)))
            for head, volume in self._bound()
        }
        whole = self._whole()
        volumes = tuple(self._volume(whole, head, parts) for head in parts)
        if not event.volumes:
            return volumes[0]
        return replace(whole, units=tuple(self._read_on(parts)), volumes=volumes)

    def alone(self, identity: str) -> Report:
        """Merge one unit: the Report has no other, and none if there is none such.

        Contents, which are made from the other units, cannot be had alone.
        """
        plans = chain.from_iterable(
            chain(self._opening(head), self._parts(head, volume, identity))
            for head, volume in self._bound()
        )
        wanted = (plan for plan in plans if plan.id == identity and plan.kind != "contents")
        return replace(self._whole(), units=tuple(map(self._unit, islice(wanted, 1))))

    def _bound(self) -> Iterator[tuple[VolumeHead, Volume]]:
        return zip(naming.volumes(self.event), self.event.bound, strict=True)

    def booklet(self) -> Report:
        """Merge the programme booklet."""
        event, title = self.event, self.words.gettext("Programme")
        cover = _Plan(
            "cover",
            "cover",
            naming.full_title(event),
            Paging.NONE,
            values={"kind_of": title, "notice": ""},
        )
        parts = chain.from_iterable(self._part(name, Paging.BODY) for name in event.body)
        return replace(
            self._whole(),
            title=self.words.gettext("%(title)s: programme", title=naming.full_title(event)),
            subject=title,
            entry=None,
            notice="",
            units=tuple(map(self._unit, chain((cover,), parts))),
        )

    def _whole(self) -> Report:
        """What describes the report as a whole, without its units."""
        event = self.event
        return Report(
            title=naming.full_title(event),
            author=self.words.listed(event.organizers),
            subject=self.words.gettext(
                "Comprehensive report of the symposium held on %(date)s",
                date=self.words.day(event.date),
            ),
            keywords=tuple(smarten(pillar.title, event.language) for pillar in event.pillars),
            language=event.language,
            timestamp=int(datetime.combine(self.entry.issued, time(), UTC).timestamp()),
            folder=self.folder,
            units=(),
            specimen=self.words.gettext(SPECIMEN) if event.specimen else "",
            entry=self.entry,
            notice=self.notice,
            allowance=event.limits.allowance,
            digits=self.digits,
        )

    def _volume(
        self, whole: Report, head: VolumeHead, parts: Mapping[VolumeHead, tuple[Unit, ...]]
    ) -> Report:
        """One volume as it is printed."""
        contents = self._contents(head, parts)
        units = (contents if unit.id == contents.id else unit for unit in parts[head])
        return replace(
            whole,
            title=f"{whole.title}. {head.name}" if head.name else whole.title,
            entry=citation.entry(self.event, head.cited),
            units=(*map(self._unit, self._opening(head)), *units),
            volume=f"{head.numeral}{self.words.comma.rstrip()}\u00a0" if head.numeral else "",
            runs_on=head.number > 1 and self.event.paging is NumberedPages.CONTINUOUS,
        )

    def _read_on(self, parts: Mapping[VolumeHead, tuple[Unit, ...]]) -> Iterator[Unit]:
        """All volumes as one: it opens once, and where a volume begins its name is told."""
        yield from map(self._unit, self._opening(VolumeHead()))
        for head, units in parts.items():
            begun = _Plan(head.id, "volume", head.name, Paging.NONE, level=0, volume=head)
            yield self._unit(begun)
            yield from (unit for unit in units if unit.kind != "contents")

    def _opening(self, head: VolumeHead) -> Iterator[_Plan]:
        """Cover and imprint of a volume, or of the report as a whole."""
        cover, imprint = naming.full_title(self.event), self.words.gettext("Imprint")
        told = self.words.gettext("Comprehensive report")
        entry = citation.entry(self.event, head.cited)
        yield _Plan(
            head.own("cover"), "cover", cover, Paging.NONE, volume=head, values={"kind_of": told}
        )
        yield _Plan(
            head.own("imprint"),
            "imprint",
            imprint,
            Paging.NONE,
            volume=head,
            values={"entry": entry},
        )

    def _parts(self, head: VolumeHead, volume: Volume, first: str = "") -> Iterator[_Plan]:
        """The parts of a volume in their order. Of its contents there is only the place.

        Front matter or body begin with the part that is wanted `first`, if it is theirs.
        """
        for paging, parts in ((Paging.FRONT, volume.front), (Paging.BODY, volume.body)):
            for name in sorted(parts, key=lambda part: part != first):
                if name == "contents":
                    yield _Plan(head.own(name), name, "", paging)
                else:
                    yield from self._part(name, paging)

    def _part(self, name: str, paging: Paging) -> Iterator[_Plan]:
        """The units of one part of the order; a part that has nothing to say has no unit."""
        event, own = self.event, self.words
        if name in event.chapters:
            chapter = event.chapters[name]
            yield _Plan(name, "chapter", chapter.title, paging, values={"chapter": chapter})
        elif name == "acronyms" and event.acronyms:
            terms = sorted(event.acronyms.items(), key=lambda term: order(term[0], event.language))
            yield _Plan(name, "acronyms", own.gettext("Acronyms"), paging, values={"terms": terms})
        elif name == "programme":
            slots = tuple(timetable(event))
            yield _Plan(
                name, "programme", own.gettext("Programme"), paging, values={"slots": slots}
            )
        elif name == BIOGRAPHIES:
            told = tuple(speakers(event))
            yield _Plan(name, name, own.gettext("Speakers"), paging, values={"speakers": told})
        elif name == "chairmans-summary" and event.summary:
            yield self._summary(paging)
        elif sessions := event.sessions_in(name):
            for session in sessions:
                yield from self._session(session, paging)
        elif name == "at-a-glance" and (charts := at_a_glance(event)):
            title = own.gettext("The symposium at a glance")
            yield _Plan(name, "at_a_glance", title, paging, values={"charts": charts})
        elif name == "map" and any(self.conclusions):
            drawn = support_map(event, self.conclusions)
            yield _Plan(
                name, "map", own.gettext("The map of the symposium"), paging, values={"map": drawn}
            )
        elif name == "photographs" and event.photographs:
            yield _Plan(name, "photographs", own.gettext("Photographs"), paging)
        elif name in _INDEX_TITLES and (entries := self._index(name)):
            yield _Plan(
                name, name, own.gettext(_INDEX_TITLES[name]), paging, values={"entries": entries}
            )

    def _index(self, name: str) -> tuple[Any, ...]:
        """The entries of an index or list, as its template wants them."""
        event = self.event
        match name:
            case "participants":
                return index.delegations(event)
            case "recommendations":
                return self._groups(self.conclusions.recommendations)
            case "speakers":
                return index.by_letter(index.speakers(event), attrgetter("name"), event.language)
            case "documents":
                return index.documents(event, self._passages)
            case "subjects":
                subjects = index.subjects(event, self._passages)
                return index.by_letter(subjects, attrgetter("term"), event.language)
            case _:
                return index.by_kind(self._figures)

    def _session(self, session: Session, paging: Paging) -> Iterator[_Plan]:
        head = naming.session_heading(self.event, session)
        yield _Plan(
            session.id,
            "session",
            naming.session_title(self.event, session),
            paging,
            mark=mark_of(session, self.words),
            values={
                "session": session,
                "pillar": self._pillar(session.pillar),
                "discussion": _discussion_id(session),
            },
        )
        for statement in session.statements:
            byline = naming.byline(self.event, statement)
            yield _Plan(
                statement.id,
                "statement",
                byline,
                paging,
                level=2,
                running_head=(head, byline),
                slides=placed_slides(statement),
                mark=mark_of(statement, self.words),
                values={"statement": statement},
            )
        if session.discussion.html:
            title = self.words.gettext(session.kind.discussion)
            yield _Plan(
                _discussion_id(session),
                "discussion",
                title,
                paging,
                level=2,
                running_head=(head, title),
                mark=mark_of(session, self.words),
                values={"session": session, "heading": title},
            )

    def _summary(self, paging: Paging) -> _Plan:
        summary = self.event.summary
        assert summary
        return _Plan(
            summary.id,
            "chairmans_summary",
            self.words.gettext("Chairman’s Summary"),
            paging,
            mark=mark_of(summary, self.words),
            values={
                "summary": summary,
                "findings": self.conclusions.findings,
                "groups": self._groups(self.conclusions.recommendations),
                "way_forward": self.conclusions.way_forward,
            },
        )

    def _contents(self, head: VolumeHead, parts: Mapping[VolumeHead, tuple[Unit, ...]]) -> Unit:
        """The contents of a volume: all of its own, and the parts and sessions of the others."""
        listed = {
            volume: tuple(unit for unit in units if unit.kind != "contents")
            for volume, units in parts.items()
        }
        plan = _Plan(
            head.own("contents"),
            "contents",
            self.words.gettext("Contents"),
            Paging.FRONT,
            volume=head,
            values={
                "entries": listed.pop(head),
                "others": [
                    (v.name, [u for u in units if u.level == 1]) for v, units in listed.items()
                ],
            },
        )
        return self._unit(plan)

    def _unit(self, plan: _Plan) -> Unit:
        kind, slides = plan.kind, plan.slides
        volume = plan.volume or self.volumes.get(plan.id, VolumeHead())
        if kind == "contents" and not plan.values:
            return Unit(plan.id, kind, "", "", self.event.language, plan.paging)
        template = self.environment.get_template(f"{kind}.html")
        html = template.render(id=plan.id, volume=volume, **plan.values)
        title = self._set(plan.title)
        usual = "" if kind in _PLAIN_HEADS else self._event_head(), title
        start, end = plan.running_head or usual
        return Unit(
            id=plan.id,
            kind=kind,
            title=title,
            html=write_digits(set_apart(html, self.event.language), self.digits),
            language=self.event.language,
            paging=plan.paging,
            level=plan.level,
            running_head=("", "") if kind in _WITHOUT_HEAD else (self._set(start), self._set(end)),
            images={
                file: slides[file].deck.key if file in slides else self._digest(kind, file)
                for file in dict.fromkeys(unescape(src) for src in _IMAGE_SOURCE.findall(html))
            },
            slides=slides,
            mark=plan.mark,
        )

    def _digest(self, kind: str, file: str) -> str:
        """The digest of a picture that a template shows, which is one of a text's."""
        if file not in self.pictures:
            raise ResourceRefusedError(
                f"{kind}.html shows {file}, which no text shows, nor media/photographs.yaml; a "
                "picture of the report's looks is a background in styles/event.css"
            )
        return self.pictures[file].digest

    def _set(self, text: str) -> str:
        """A plain text with the signs and digits of the report's language."""
        return written(smarten(text, self.event.language), self.digits)

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
        return {f.anchor: self._numbered(f) for f in self._figures}

    def _numbered(self, figure: index.FigureEntry) -> str:
        if figure.kind is FigureKind.FIGURE:
            return self.words.gettext("Figure\u00a0%(number)s", number=figure.number)
        return self.words.gettext("Table\u00a0%(number)s", number=figure.number)

    def _ordinal(self, anchor: str, language: str) -> str:
        number = self._numbers.get(anchor)
        told = self._amid(f"{number}.", language)
        return f'<span class="ordinal">{told}</span> ' if number else ""

    @pass_context
    def _fill(self, context: Context, text: Text, identity: str) -> Markup:
        """A text's HTML with all that only the whole report knows.

        References are filled in, figures numbered, acronyms expanded in a text of the report's own
        language, and paragraphs marked where the summary cites them.
        """
        html = text.html
        if text.language == self.event.language:
            html = acronyms.expand(html, self.event.acronyms, text.language)
        volume, own = context["volume"], partial(self._amid, language=text.language)
        if _REFERENCE in html:
            html = _ATTRIBUTION.sub(lambda mark: own(self._links(_read(mark[1]), volume)), html)
        html = _MARK.sub(lambda mark: own(self._in_brackets(_read(mark[1]), volume)), html)
        html = _ORDINAL.sub(lambda room: self._ordinal(unescape(room[1]), text.language), html)
        for number in range(1, len(text.paragraphs) + 1):
            if cited := self.citations.get((identity, number)):
                told = own(self._cited(cited, volume))
                note = f' <span class="cited">{told}</span>'
                html = _insert(html, f"{identity}:{number}", note)
        return Markup(html)

    def _amid(self, html: str, language: str) -> str:
        """Words of the report's own, set apart where they stand amid a text in another language."""
        if language == self.event.language:
            return html
        way = direction(self.event.language)
        return f'<bdi lang="{self.event.language}" dir="{way}">{html}</bdi>'

    def _cited(self, cited: Iterable[Citation], volume: VolumeHead) -> str:
        """Where the Chairman's Summary cites a paragraph, as links."""
        assert self.event.summary
        where = self._elsewhere(self.event.summary.id, volume)
        places = self.words.listed(link(place.anchor, self._place(place)) for place in cited)
        links = self.words.line((where, places))
        return self.words.gettext("Cited in Chairman’s Summary, %(places)s", places=links)

    def _place(self, citation: Citation) -> str:
        if citation.conclusion:
            return naming.conclusion(self.event, citation.conclusion)
        return naming.paragraphs(self.words, citation.paragraph, 1)

    def _delivery(self, statement: Statement) -> str:
        """How a statement was delivered: in which language, and how long it took."""
        told = [self._language_of(statement)]
        if statement.minutes:
            told.append(self.words.ngettext("%(num)s minute", "%(num)s minutes", statement.minutes))
        check = statement.check_against_delivery
        return self.words.enumerated(
            (self.words.line(told), self.words.gettext("check against delivery") if check else "")
        )

    def _language_of(self, statement: Statement) -> str:
        delivered, language = statement.language, statement.text.language
        name = self.words.language_name
        if language == delivered or statement.status is Status.WITHHELD:
            return self.words.gettext("Delivered in %(language)s", language=name(delivered))
        if language == self.event.language:
            return self.words.gettext("Translated from %(language)s", language=name(delivered))
        return self.words.gettext(
            "Translated from %(original)s into %(language)s",
            original=name(delivered),
            language=name(language),
        )

    def _availability(self, text: Text) -> Markup:
        """A line that says in which language a text is, where it is not the report's."""
        if text.language == self.event.language:
            return Markup("")
        language = self.words.language_name(text.language)
        told = self.words.gettext("Available only in %(language)s", language=language)
        return Markup('<p class="available">{}</p>').format(told)

    def _spoken(self, html: Markup, language: str) -> Markup:
        """Words in their language, where it is not the report's."""
        attributes = self._foreign(language)
        return Markup("<span{}>{}</span>").format(attributes, html) if attributes else html

    def _foreign(self, language: str) -> Markup:
        """Attributes that state the language of an element where it is not the report's."""
        if language == self.event.language:
            return Markup("")
        return Markup(' lang="{}" dir="{}"').format(language, direction(language))

    def _slides(self, statement: Statement) -> Iterator[SlideShown]:
        return slides(statement, self.event.language_of(statement.id, "slides_alt"), self.words)

    def _dates(self, event: Event) -> str:
        """The day of the event, or its first and its last."""
        first = self.words.day(event.date)
        if not event.end_date:
            return first
        return self.words.gettext(
            "%(first)s to %(last)s", first=first, last=self.words.day(event.end_date)
        )

    def _hours(self, hours: Hours) -> str:
        return self.words.gettext(
            "%(start)s\u2013%(end)s",
            start=self.words.clock(hours.start),
            end=self.words.clock(hours.end),
        )

    def _speakers(self, conclusion: Conclusion) -> str:
        """Who made a recommendation, as a list of bylines."""
        return self.words.enumerated(
            naming.name(self.event, identity) for identity in conclusion.speakers
        )

    @pass_context
    def _refer(self, context: Context, text: str, language: str = "") -> Markup:
        """A plain text with the references in it as links; in the report's language if not told."""
        parts = reference.MARK.split(smarten(text, language or self.event.language))
        parts[1::2] = (self._cite(context, reference.parse(mark)) for mark in parts[1::2])
        return Markup("").join(parts)

    @pass_context
    def _cite(self, context: Context, references: Iterable[Reference]) -> Markup:
        """References as links in parentheses: (Mayor, Member State C, para. 4)."""
        return Markup(self._in_brackets(references, context["volume"]))

    def _in_brackets(self, references: Iterable[Reference], volume: VolumeHead) -> str:
        return bracketed(self._links(references, volume), self.event.language)

    @pass_context
    def _place_of(self, context: Context, target: Reference) -> Markup:
        """A reference as a link: Mayor, Member State C, para. 4."""
        return Markup(self._link(target, context["volume"]))

    def _links(self, references: Iterable[Reference], volume: VolumeHead) -> str:
        return self.words.enumerated(self._link(target, volume) for target in references)

    def _link(self, target: Reference, volume: VolumeHead) -> str:
        """A link to a place; only its name, if it is in another report whose file is not known."""
        label = self._name(target, volume)
        if not target.companion:
            return link(target.anchor, label)
        file = self.event.companions[target.companion].file
        volume_there = self.event.companion_texts[target.target].volume
        return link_out(file, volume_there, target.anchor.partition(":")[2], label)

    def _name(self, target: Reference, volume: VolumeHead) -> str:
        return naming.label(self.event, target, self._elsewhere(target.target, volume))

    def _elsewhere(self, identity: str, volume: VolumeHead) -> str:
        """The volume in which a text stands when it is another than this one."""
        head = self.volumes.get(identity, volume)
        return head.cited if head != volume else ""


def _read(mark: str) -> tuple[Reference, ...]:
    """The references of a mark in a text's HTML."""
    return reference.parse(unescape(mark))


_INDEX_TITLES = {
    "participants": gettext_noop("Participants"),
    "recommendations": gettext_noop("Table of recommendations"),
    "speakers": gettext_noop("Index of speakers"),
    "documents": gettext_noop("Index of United Nations documents"),
    "subjects": gettext_noop("Index of subjects"),
    "figures": gettext_noop("Figures and tables"),
}
_PLAIN_HEADS = {"contents", "acronyms"}
_WITHOUT_HEAD = {"cover", "imprint", "session"}
_IMAGE_SOURCE = re.compile(r'<img[^>]*? src="([^"]*)"')
_ORDINAL = re.compile(r'<span class="ordinal" data-figure="([^"]*)"></span>')
_REFERENCE = '<a class="reference"'
_MARK = re.compile(rf'{_REFERENCE} data-ref="([^"]*)"></a>')
_ATTRIBUTION = re.compile(rf"(?<=[>\n][\u2013\u2014] ){_MARK.pattern}(?=</p>)")
"""A reference that alone says, after a dash, whose words a block quotation gives."""


def mark_of(text: Clearable, own: Words) -> Mark | None:
    """What the pages of a text that is not cleared say."""
    if not is_marked(text):
        return None
    until = ""
    if text.embargo:
        until = own.gettext("Embargoed until %(moment)s", moment=own.moment(text.embargo))
    if text.status is Status.DRAFT:
        notice = own.gettext("Draft, not cleared for distribution")
        return Mark(own.gettext("Draft"), f"{notice}. {until}" if until else notice)
    return Mark(own.gettext("Embargo"), until)


def notice_of(texts: Iterable[Clearable], own: Words) -> str:
    """How many of the texts are marked, for the cover and the head of the page."""
    count = sum(map(is_marked, texts))
    if not count:
        return ""
    return own.ngettext(
        "Not for distribution: %(num)s text in this report is not cleared",
        "Not for distribution: %(num)s texts in this report are not cleared",
        count,
    )


def _typographic(text: str, language: str) -> Markup:
    """A plain text with the quotes, dashes and spaces of its language."""
    return Markup.escape(smarten(text, language))


def _discussion_id(session: Session) -> str:
    return f"{session.id}/discussion"


def _insert(html: str, anchor: str, mark: str) -> str:
    """Put a mark at the end of the paragraph with this `id`."""
    start = html.index(f'id="{escape(anchor)}"')
    end = html.find("</p>", start)
    return html if end < 0 else html[:end] + mark + html[end:]


def _levels(conclusions: Iterable[Conclusion]) -> Iterator[tuple[Level, tuple[Conclusion, ...]]]:
    listed = tuple(conclusions)
    for level in Level:
        if found := tuple(c for c in listed if c.level is level):
            yield level, found

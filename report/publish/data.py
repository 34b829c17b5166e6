"""The report as data: `report.json`, for those who search, count, compare and build upon it.

The models below are the published format; their JSON Schema is written from them. Every `id` in
the data is the `id` of the same place in the web page and the name of a destination in the PDF,
so that `report.html#id` and `report.pdf#nameddest=id` show it.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from report import index, naming, reference
from report.conclusions import Conclusion, Conclusions, conclude
from report.described import Described
from report.markup import Text
from report.model import (
    Category,
    ChairmansSummary,
    Chapter,
    EditionStatus,
    Event,
    Level,
    Region,
    Session,
    SessionKind,
    Statement,
    StatementKind,
    Status,
)
from report.reference import Reference
from report.symbols import address, without_year
from report.typography import smarten
from report.unit import Report

SCHEMA_FILE = "report.schema.json"
"""The schema's file, which lies beside `report.json`."""

Folios = Mapping[str, str]
"""The printed page number of the page on which each id stands; empty when there is no PDF."""

Words = Annotated[str, AfterValidator(smarten)]
MaybeWords = Annotated[Words | None, BeforeValidator(lambda text: text or None)]


class Data(BaseModel):
    """A frozen record of the published format. What is not known is left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PillarData(Data):
    """One of the themes that order sessions and conclusions."""

    id: str
    title: Words


class DocumentData(Data):
    """A document of the United Nations that the report cites."""

    symbol: str
    title: MaybeWords = None
    date: datetime.date | None = None
    url: str
    mandate: bool
    """Whether the event has its mandate from it."""
    cited_in: tuple[str, ...]
    """The ids of the paragraphs, conclusions or texts that cite it."""


class EditionData(Data):
    """The edition of the report."""

    number: int
    date: datetime.date
    status: EditionStatus


class EventData(Data):
    """The event that is reported on."""

    title: Words
    part: int | None = None
    series: MaybeWords = None
    date: datetime.date
    end_date: datetime.date | None = None
    venue: Words
    organizers: tuple[Words, ...]
    partners: tuple[Words, ...]
    pillars: tuple[PillarData, ...]


class CitationData(Data):
    """How to cite the report."""

    text: str
    """A line to copy."""
    bibtex: str
    csl: dict[str, Any]
    """An item of CSL-JSON, the format of the Citation Style Language."""


class ParagraphData(Data):
    """A numbered paragraph, as plain text without notes."""

    id: str
    number: int
    text: str
    folio: str | None = None
    """The number printed on the page of the PDF on which it begins; of several, with its volume."""


class ChapterData(Data):
    """A text of the event's own, such as a foreword."""

    id: str
    title: Words
    folio: str | None = None
    paragraphs: tuple[ParagraphData, ...]


class Clearance(Data):
    """Whether a text may be distributed. One that is withheld has no paragraphs."""

    status: Status | None = None
    embargo: datetime.datetime | None = None


class SessionData(Clearance):
    """A session; its paragraphs are the summary of its discussion."""

    id: str
    number: int
    kind: SessionKind
    title: Words
    chair: Words
    start: str
    """Local time: 10:15."""
    end: str
    pillar: str | None = None
    floor: tuple[Words, ...]
    """Who took the floor in the discussion."""
    statements: tuple[str, ...]
    """The ids of its statements in the order of delivery."""
    folio: str | None = None
    paragraphs: tuple[ParagraphData, ...]


class StatementData(Clearance):
    """A statement, keynote address or presentation as delivered."""

    id: str
    session: str
    kind: StatementKind
    title: MaybeWords = None
    byline: Words
    """How the report refers to it."""
    speaker: Words
    function: MaybeWords = None
    affiliation: Words
    category: Category
    region: Region | None = None
    language: str
    """The language in which it was delivered."""
    text_language: str
    """The language of its paragraphs: another one, where they are a translation."""
    minutes: int | None = None
    words: int
    key_points: tuple[Words, ...]
    folio: str | None = None
    paragraphs: tuple[ParagraphData, ...]


class SpeakerData(Data):
    """Who spoke: a person, or an office."""

    name: Words
    functions: tuple[Words, ...]
    affiliation: Words
    category: Category
    statements: tuple[str, ...]
    """The ids of the speaker's statements."""


class SummaryData(Clearance):
    """The Chairman's Summary; what it concludes is listed for itself."""

    id: str
    chair: Words
    folio: str | None = None
    paragraphs: tuple[ParagraphData, ...]


class FindingData(Data):
    """A key finding, or a step of the way forward."""

    id: str
    number: int
    text: Words
    pillar: str | None = None
    folio: str | None = None


class RecommendationData(FindingData):
    """A recommendation. Its number is the same in every edition."""

    level: Level
    chairmans: bool
    """Whether the Chairman made it."""
    speakers: tuple[str, ...]
    """The ids of the statements whose speakers made it."""


class Edge(Data):
    """One place of the report that rests on another, or refers to it."""

    source: str
    """The id of a finding, recommendation, step or paragraph."""
    target: str
    """The id of a paragraph, or of a text as a whole."""


class DelegationData(Data):
    """A State, organization or entity that took part."""

    entity: Words
    category: Category
    representatives: tuple[Words, ...]


class VolumeData(Data):
    """A volume of a report that fills several."""

    number: int
    title: Words
    texts: tuple[str, ...]
    """The ids of the chapters, sessions, statements and the summary that it holds."""


class CompanionData(Data):
    """Another report, to whose texts references lead."""

    name: str
    """What references begin with: the id of a place in it is this name, a colon, its id there."""
    title: Words
    part: int | None = None


class ReportData(Data):
    """The report of a symposium, as compiled by Rapporteur."""

    schema_name: str = Field(default=SCHEMA_FILE, alias="$schema")
    """Where this schema lies, relative to the data."""
    version: Literal[1] = 1
    """The version of the format: a change that readers must know of makes it greater."""
    title: Words
    language: str
    specimen: str | None = None
    """Says that the texts are only examples. Without it, they are what was said."""
    publisher: MaybeWords = None
    symbol: MaybeWords = None
    edition: EditionData | None = None
    citation: CitationData
    event: EventData
    volumes: tuple[VolumeData, ...]
    """The volumes of a report that fills several; each is a PDF of its own."""
    companions: tuple[CompanionData, ...]
    """Other reports to which this one refers."""
    speakers: tuple[SpeakerData, ...]
    chapters: tuple[ChapterData, ...]
    sessions: tuple[SessionData, ...]
    statements: tuple[StatementData, ...]
    summary: SummaryData | None = None
    findings: tuple[FindingData, ...]
    recommendations: tuple[RecommendationData, ...]
    way_forward: tuple[FindingData, ...]
    evidence: tuple[Edge, ...]
    """What each finding, recommendation and step rests on."""
    references: tuple[Edge, ...]
    """What each paragraph refers to."""
    participants: tuple[DelegationData, ...]
    documents: tuple[DocumentData, ...]


def publish(event: Event, report: Report, folios: Folios, suffix: str = "") -> Mapping[str, bytes]:
    """The files for researchers and programs, by name: the data, their schema, and BibTeX.

    The event must be without errors. The same event and folios give the same bytes. `suffix` is
    what names have before their endings; the schema is the same for all editions.
    """
    data = describe(event, report, folios)
    text = data.model_dump_json(indent=1, exclude_none=True, by_alias=True) + "\n"
    return {
        f"report{suffix}.json": text.encode(),
        SCHEMA_FILE: schema(ReportData),
        f"report{suffix}.bib": data.citation.bibtex.encode(),
    }


def describe(event: Event, report: Report, folios: Folios) -> ReportData:
    """The event and its report as data; the event must be without errors."""
    assert report.entry
    conclusions = conclude(event)
    return ReportData(
        title=report.title,
        language=report.language,
        specimen=report.specimen or None,
        publisher=event.publisher,
        symbol=event.symbol,
        edition=EditionData(**_shared(event.edition, EditionData)) if event.edition else None,
        citation=CitationData(**_shared(report.entry, CitationData)),
        event=_event(event),
        volumes=tuple(_volumes(event)),
        companions=tuple(
            CompanionData(name=name, title=other.report.title, part=other.report.part)
            for name, other in event.companions.items()
        ),
        speakers=tuple(_speakers(event.statements)),
        chapters=tuple(_text(chapter, ChapterData, folios) for chapter in event.chapters.values()),
        sessions=tuple(_session(session, folios) for session in event.sessions),
        statements=tuple(
            _text(
                statement,
                StatementData,
                folios,
                session=session.id,
                words=statement.text.words,
                text_language=statement.text.language,
                byline=naming.byline(event, statement),
            )
            for session in event.sessions
            for statement in session.statements
        ),
        summary=_text(event.summary, SummaryData, folios) if event.summary else None,
        findings=tuple(_conclusion(c, FindingData, folios) for c in conclusions.findings),
        recommendations=tuple(
            _conclusion(wish, RecommendationData, folios, chairmans=wish.is_chairmans)
            for wish in conclusions.recommendations
        ),
        way_forward=tuple(_conclusion(c, FindingData, folios) for c in conclusions.way_forward),
        evidence=tuple(
            edge for c in conclusions for target in c.evidence for edge in _edges(c.anchor, target)
        ),
        references=tuple(_references(event)),
        participants=tuple(
            DelegationData(category=category, **_shared(delegation, DelegationData))
            for category, delegations in event.participants.by_category()
            for delegation in delegations
        ),
        documents=tuple(_documents(event, conclusions)),
    )


def schema(model: type[BaseModel]) -> bytes:
    """The JSON Schema of a model, as the bytes of a file."""
    described = model.model_json_schema(schema_generator=Described)
    text = {"$schema": Described.schema_dialect, **described}
    return (json.dumps(text, ensure_ascii=False, indent=2) + "\n").encode()


_Record = TypeVar("_Record", bound=Data)


def _shared(record: object, kind: type[Data]) -> dict[str, Any]:
    """What a record of the event and one of the format name alike."""
    return {name: getattr(record, name) for name in kind.model_fields if hasattr(record, name)}


def _text(
    record: Chapter | Statement | ChairmansSummary,
    kind: type[_Record],
    folios: Folios,
    **more: Any,
) -> _Record:
    paragraphs = _paragraphs(record.id, record.text, folios)
    folio = folios.get(record.id)
    return kind.model_validate(
        {**_shared(record, kind), "folio": folio, "paragraphs": paragraphs, **more}
    )


def _session(session: Session, folios: Folios) -> SessionData:
    return SessionData(
        **_shared(session, SessionData)
        | {
            "start": clock(session.time.start),
            "end": clock(session.time.end),
            "statements": tuple(statement.id for statement in session.statements),
            "folio": folios.get(session.id),
            "paragraphs": _paragraphs(session.id, session.discussion, folios),
        }
    )


def clock(minutes: int) -> str:
    """Minutes after midnight as a time of the day (ISO 8601): `10:15`."""
    return datetime.time(*divmod(minutes, 60)).isoformat("minutes")


def _event(event: Event) -> EventData:
    pillars = tuple(PillarData(id=pillar.id, title=pillar.title) for pillar in event.pillars)
    return EventData(**_shared(event, EventData) | {"pillars": pillars})


def _volumes(event: Event) -> Iterator[VolumeData]:
    for number, volume in enumerate(event.volumes, start=1):
        parts = (*volume.front, *volume.body)
        texts = tuple(identity for part in parts for identity, _ in event.texts_in(part))
        yield VolumeData(number=number, title=volume.title, texts=texts)


def _speakers(statements: Iterable[Statement]) -> Iterator[SpeakerData]:
    """Every speaker once, in the order of their first statements."""
    spoken: dict[tuple[str, str, Category], list[Statement]] = {}
    for statement in statements:
        speaker = (statement.speaker, statement.affiliation, statement.category)
        spoken.setdefault(speaker, []).append(statement)
    for (name, affiliation, category), delivered in spoken.items():
        yield SpeakerData(
            name=name,
            functions=tuple(dict.fromkeys(s.function for s in delivered if s.function)),
            affiliation=affiliation,
            category=category,
            statements=tuple(statement.id for statement in delivered),
        )


def _paragraphs(identity: str, text: Text, folios: Folios) -> tuple[ParagraphData, ...]:
    """The paragraphs of a text. Where a reference stood no space is left before the stop."""
    return tuple(
        ParagraphData(id=anchor, number=number, text=_GAP.sub("", words), folio=folios.get(anchor))
        for number, words in enumerate(text.paragraphs, start=1)
        for anchor in [f"{identity}:{number}"]
    )


_GAP = re.compile(r" (?=[.,])")


def _conclusion(
    conclusion: Conclusion, kind: type[_Record], folios: Folios, **more: Any
) -> _Record:
    anchor = conclusion.anchor
    folio = folios.get(anchor)
    # What an inline reference says is in the evidence graph.
    text = " ".join(reference.MARK.sub("", conclusion.text).split())
    shared = {**_shared(conclusion, kind), "text": text}
    return kind.model_validate({**shared, "id": anchor, "folio": folio, **more})


def _references(event: Event) -> Iterator[Edge]:
    for identity, text in index.texts(event):
        for number, mark in text.citing:
            for target in reference.parse(mark):
                yield from _edges(f"{identity}:{number}", target)


def _edges(source: str, target: Reference) -> Iterator[Edge]:
    """An edge to every paragraph that is named, or to the text when none is."""
    ends = [f"{target.target}:{number}" for number in target.paragraphs] or [target.target]
    return (Edge(source=source, target=end) for end in ends)


def _documents(event: Event, conclusions: Conclusions) -> Iterator[DocumentData]:
    """Every document that is cited, by symbol, and then those of the mandate that nothing cites."""
    mandate = {without_year(resolution.symbol): resolution for resolution in event.resolutions}
    for entry in index.documents(event, index.passages(event, conclusions)):
        yield DocumentData(
            symbol=entry.symbol,
            title=entry.title,
            date=entry.date,
            url=entry.address,
            mandate=mandate.pop(without_year(entry.symbol), None) is not None,
            cited_in=tuple(place.anchor for mention in entry.mentions for place in mention.places),
        )
    for resolution in mandate.values():
        yield DocumentData(
            symbol=resolution.symbol,
            title=resolution.title,
            date=resolution.date,
            url=address(resolution.symbol),
            mandate=True,
            cited_in=(),
        )

"""Companions: other reports whose texts this one cites, such as Part 1 of the same event.

A companion is known by its data, `report.json`, as a compiled module is by its interface: who said
what in which paragraph, and no more. Whoever holds it can check a reference, and the words of
a quotation, without the other event's files. Nobody vouches for it: what it says is text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from report.reference import NAME
from report.source import UNFIT


class BadCompanion(ValueError):  # noqa: N818 (it says what the data are)
    """The data of no report; the message says why."""


class TextKind(StrEnum):
    """What kind of text a companion has."""

    CHAPTER = "chapter"
    SESSION = "session"
    STATEMENT = "statement"
    SUMMARY = "summary"


def _fit(text: str) -> str:
    return " ".join(UNFIT.sub("\ufffd", text).split())


def _identity(text: str) -> str:
    if not all(NAME.fullmatch(part) for part in text.split("/")):
        raise ValueError("this is not the name of a text")
    return text


_Words = Annotated[str, AfterValidator(_fit)]


class _Data(BaseModel):
    """What is read of the data; whatever else they hold is passed over."""

    model_config = ConfigDict(defer_build=True, frozen=True, extra="ignore")


class _Paragraph(_Data):
    text: _Words


class _TextData(_Data):
    id: Annotated[str, AfterValidator(_identity)]
    status: Literal["draft", "cleared", "withheld"] | None = None
    paragraphs: tuple[_Paragraph, ...]


class _ChapterData(_TextData):
    title: _Words


class _SessionData(_TextData):
    number: int


class _StatementData(_TextData):
    byline: _Words
    text_language: _Words


class _VolumeData(_Data):
    number: Annotated[int, Field(ge=1, le=1000)]
    texts: tuple[str, ...]


class _EventData(_Data):
    part: int | None = None


class _ReportData(_Data):
    version: Literal[1]
    title: _Words
    language: _Words
    event: _EventData
    volumes: tuple[_VolumeData, ...] = ()
    chapters: tuple[_ChapterData, ...]
    sessions: tuple[_SessionData, ...]
    statements: tuple[_StatementData, ...]
    summary: _TextData | None = None


@dataclass(frozen=True, slots=True)
class CompanionText:
    """A text of a companion.

    `name` is how it is called: of a session its number, of a summary nothing. `volume` counts the
    companion's volumes from 1; it is 0 where there is only one.
    """

    kind: TextKind
    name: str
    language: str
    status: str | None
    paragraphs: tuple[str, ...]
    volume: int = 0

    @property
    def is_withheld(self) -> bool:
        """Whether the companion says that it is not available, and none of its words."""
        return self.status == "withheld"


@dataclass(frozen=True, slots=True)
class CompanionReport:
    """A companion as its data tell it: its title, its part, and its texts by identity."""

    title: str
    part: int | None
    texts: Mapping[str, CompanionText]


def read_companion(data: bytes) -> CompanionReport:
    """Read the data of a report; raises `BadCompanion` when they are not that."""
    try:
        report = _ReportData.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise BadCompanion(f"{place}: {first['msg']}" if place else first["msg"]) from None
    volumes = {text: volume.number for volume in report.volumes for text in volume.texts}
    texts = {
        text.id: CompanionText(
            kind,
            name,
            language,
            text.status,
            tuple(paragraph.text for paragraph in text.paragraphs),
            volumes.get(text.id, 0),
        )
        for kind, name, language, text in _texts(report)
    }
    return CompanionReport(report.title, report.event.part, texts)


def _texts(report: _ReportData) -> Iterator[tuple[TextKind, str, str, _TextData]]:
    """Each text with its kind, its name and its language."""
    for chapter in report.chapters:
        yield TextKind.CHAPTER, chapter.title, report.language, chapter
    for session in report.sessions:
        yield TextKind.SESSION, str(session.number), report.language, session
    for statement in report.statements:
        yield TextKind.STATEMENT, statement.byline, statement.text_language, statement
    if report.summary:
        yield TextKind.SUMMARY, "", report.language, report.summary

"""The map of the symposium: which conclusion rests on which statement, and who asked for it.

Conclusions against sources: the statements, and the discussions of the sessions. The map is told
twice, as matrices to be drawn and as a list of what rests on each source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from report.conclusions import Conclusion, Conclusions, by_pillar
from report.model import Event, Session, Statement, StatementKind
from report.words import Words, words

ROWS = 30
"""Rows of one matrix: with the names above them and a heading they fill an A4 page."""

COLUMNS = 36
"""Columns of one matrix: narrower ones could not be told from each other on an A4 page."""


class Bond(StrEnum):
    """How a conclusion is bound to a source."""

    MADE = "made"
    """The speaker made the recommendation."""

    CITED = "cited"
    """The conclusion rests on what was said there."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a conclusion can rest on: a statement, or the discussion of a session."""

    id: str
    """The identity of its text, to which references lead."""
    label: str
    name: str
    """Who speaks there, as briefly as columns need."""
    session: int
    """The number of its session."""
    is_discussion: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A conclusion, and its bond to each of the matrix's sources; or a heading, without bonds."""

    number: int | None
    text: str
    bonds: tuple[Bond | None, ...] = ()

    @property
    def is_heading(self) -> bool:
        """Whether the row is the heading of the rows below it."""
        return self.number is None


@dataclass(frozen=True, slots=True)
class Matrix:
    """As much of the map as one page can show.

    `band` says what the columns stand in. `alternative` is the matrix in words, for those who do
    not see it.
    """

    id: str
    title: str
    sources: tuple[Source, ...]
    rows: tuple[Row, ...]
    band: str
    alternative: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A source, the recommendations that its speaker made, and what else rests on it."""

    source: Source
    recommends: tuple[Conclusion, ...]
    supports: tuple[Conclusion, ...]

    @property
    def is_bare(self) -> bool:
        """Whether no conclusion rests on it."""
        return not self.recommends and not self.supports


@dataclass(frozen=True, slots=True)
class SupportMap:
    """The map: its matrices, and the same by session and source."""

    matrices: tuple[Matrix, ...]
    sessions: tuple[tuple[Session, tuple[Entry, ...]], ...]

    @property
    def bare(self) -> tuple[Source, ...]:
        """The statements on which no conclusion rests."""
        entries = (entry for _, listed in self.sessions for entry in listed)
        return tuple(e.source for e in entries if e.is_bare and not e.source.is_discussion)


def support_map(event: Event, conclusions: Conclusions) -> SupportMap:
    """Draw up the map of an event and what it concluded."""
    own = words(event.language)
    by_session = [(s, tuple(_sources(own, s, conclusions))) for s in event.sessions]
    sources = [source for _, listed in by_session for source in listed]
    return SupportMap(
        tuple(_matrices(own, sources, tuple(_groups(own, event, conclusions)))),
        tuple((s, tuple(_entry(source, conclusions) for source in own)) for s, own in by_session),
    )


def bond(conclusion: Conclusion, source: Source) -> Bond | None:
    """How a conclusion is bound to a source, if it is."""
    if source.id in conclusion.speakers:
        return Bond.MADE
    cited = any(reference.target == source.id for reference in conclusion.evidence)
    return Bond.CITED if cited else None


def _sources(own: Words, session: Session, conclusions: Conclusions) -> Iterator[Source]:
    """The session's statements, and its discussion when a conclusion rests on it."""
    for statement in session.statements:
        label = own.line(statement.byline)
        yield Source(statement.id, label, _name(statement), session.number)
    name = own.gettext("Discussion")
    discussion = Source(session.id, name, name, session.number, is_discussion=True)
    if any(bond(conclusion, discussion) for conclusion in conclusions):
        yield discussion


def _name(statement: Statement) -> str:
    """Who spoke: who gave a keynote address by name, others by those for whom they spoke."""
    is_keynote = statement.kind is StatementKind.KEYNOTE
    return statement.speaker if is_keynote else statement.affiliation


def _entry(source: Source, conclusions: Conclusions) -> Entry:
    bonds = [(conclusion, bond(conclusion, source)) for conclusion in conclusions]
    return Entry(
        source,
        tuple(conclusion for conclusion, kind in bonds if kind is Bond.MADE),
        tuple(conclusion for conclusion, kind in bonds if kind is Bond.CITED),
    )


_Group = tuple[str, tuple[Conclusion, ...]]


def _groups(own: Words, event: Event, conclusions: Conclusions) -> Iterator[_Group]:
    """The conclusions under their headings, in the order of the Chairman's Summary."""
    yield own.gettext("Findings"), conclusions.findings
    for title, listed in by_pillar(event, conclusions.recommendations):
        yield own.gettext("Recommendations: %(pillar)s", pillar=title), listed
    yield own.gettext("The way forward"), conclusions.way_forward


def _matrices(own: Words, sources: Sequence[Source], groups: Sequence[_Group]) -> Iterator[Matrix]:
    sheets = [
        (columns, rows)
        for columns in _batches(sources)
        for rows in _pages(_rows(groups, columns, everything=len(sources) <= COLUMNS))
    ]
    for number, (columns, rows) in enumerate(sheets, start=1):
        title = own.gettext("Conclusions and what they rest on")
        if len(sheets) > 1:
            title = own.gettext(
                "%(title)s, %(number)s of %(count)s", title=title, number=number, count=len(sheets)
            )
        told = _told(own, title, columns, rows)
        yield Matrix(f"map-{number}", title, columns, rows, own.gettext("Session"), told)


def _told(own: Words, title: str, columns: Sequence[Source], rows: Iterable[Row]) -> str:
    """A matrix in words."""
    told = [
        own.ngettext(
            "Matrix of dots. %(title)s. %(num)s statement or discussion is the column.",
            "Matrix of dots. %(title)s. %(num)s statements and discussions are the columns.",
            len(columns),
            title=title,
        )
    ]
    for row in rows:
        if row.is_heading:
            told.append(
                own.gettext("%(heading)s, each with how many of them support it:", heading=row.text)
            )
        else:
            count = sum(bond is not None for bond in row.bonds)
            told.append(own.gettext("%(number)s: %(count)s;", number=row.number, count=count))
    return " ".join(told)


def _batches(sources: Sequence[Source]) -> Iterator[tuple[Source, ...]]:
    for start in range(0, len(sources), COLUMNS):
        yield tuple(sources[start : start + COLUMNS])


def _rows(
    groups: Iterable[_Group], columns: Sequence[Source], *, everything: bool
) -> Iterator[tuple[Row, tuple[Row, ...]]]:
    """The rows of each group under its heading; those without a bond only when asked for."""
    for title, conclusions in groups:
        rows = (
            Row(c.number, c.text, tuple(bond(c, source) for source in columns)) for c in conclusions
        )
        if shown := tuple(row for row in rows if everything or any(row.bonds)):
            yield Row(None, title), shown


def _pages(groups: Iterable[tuple[Row, tuple[Row, ...]]]) -> Iterator[tuple[Row, ...]]:
    """Break rows into pages; a heading is never last on one, and is said again on the next."""
    page: list[Row] = []
    for heading, rows in groups:
        for index, row in enumerate(rows):
            if len(page) + (2 if index == 0 else 1) > ROWS:
                yield tuple(page)
                page = []
            if index == 0 or not page:
                page.append(heading)
            page.append(row)
    if page:
        yield tuple(page)

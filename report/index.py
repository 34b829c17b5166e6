"""What the indexes and lists at the end of the report hold: an Event becomes frozen entries.

An entry knows the places that it leads to by their ids in the report; it knows no page number.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Generic, TypeVar

from report import symbols
from report.collation import initial, order
from report.conclusions import Conclusion, Conclusions
from report.figures import FigureKind
from report.markup import Text
from report.model import Category, Delegation, Event, Session, Statement, Subject

LONG = 25
"""From how many entries on an index is divided by letters."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry leads: an id, and what is there: a numbered paragraph, or a conclusion.

    With neither, it is the text as a whole.
    """

    anchor: str
    paragraph: int = 0
    conclusion: Conclusion | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that stand at one place of a text; `text` is the text's identity."""

    text: str
    place: Place
    words: str


@dataclass(frozen=True, slots=True)
class Mention:
    """All the places at which one text speaks of what is indexed."""

    text: str
    places: tuple[Place, ...]

    @property
    def paragraphs(self) -> tuple[Place, ...]:
        """The places that are numbered paragraphs."""
        return tuple(place for place in self.places if place.paragraph)


@dataclass(frozen=True, slots=True)
class SpeakerEntry:
    """A speaker, and the statements that they made, each with its session."""

    name: str
    function: str
    affiliation: str
    statements: tuple[tuple[Session, Statement], ...]


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A United Nations document, and where it is cited. `address` is where it is served."""

    symbol: str
    address: str
    title: str
    date: date | None
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class SubjectEntry:
    """A subject, and where texts speak of it; `see` and `see_also` are other entries' anchors."""

    term: str
    anchor: str
    mentions: tuple[Mention, ...] = ()
    see: tuple[tuple[str, str], ...] = ()
    see_also: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FigureEntry:
    """A figure or table with its number in the report, and the text that it stands in."""

    kind: FigureKind
    number: int
    anchor: str
    caption: str
    text: str


@dataclass(frozen=True, slots=True)
class Representative:
    """Who took part for a delegation, and the statements that they made."""

    name: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class DelegationEntry:
    """A delegation: who took part for it, and where it was heard besides.

    `statements` are those of speakers whom the list of participants does not name; `floor` are the
    sessions in whose discussion the delegation took the floor.
    """

    entity: str
    representatives: tuple[Representative, ...]
    statements: tuple[Statement, ...]
    floor: tuple[Session, ...]


_Entry = TypeVar("_Entry")


@dataclass(frozen=True, slots=True)
class Letter(Generic[_Entry]):
    """The entries of an index that begin with one letter; a short index is one without letter."""

    letter: str
    entries: tuple[_Entry, ...]


def texts(event: Event) -> Iterator[tuple[str, Text]]:
    """Every text that the report prints, with its identity, in reading order."""
    for part in event.order:
        yield from event.texts_in(part)


def passages(event: Event, conclusions: Conclusions) -> tuple[Passage, ...]:
    """All that the report's texts say, in reading order."""
    titles = {s.id: (s.title, *s.key_points) for s in event.statements}
    found: list[Passage] = []
    for identity, text in texts(event):
        whole = Place(identity)
        found += (Passage(identity, whole, words) for words in titles.get(identity, ()) if words)
        for number, words in text.passages:
            place = Place(f"{identity}:{number}", number) if number else whole
            found.append(Passage(identity, place, words))
        if event.summary and identity == event.summary.id:
            for conclusion in conclusions:
                place = Place(conclusion.anchor, conclusion=conclusion)
                found.append(Passage(identity, place, conclusion.text))
    return tuple(found)


def speakers(event: Event) -> tuple[SpeakerEntry, ...]:
    """The speakers by name."""
    made: defaultdict[tuple[str, str, str], list[tuple[Session, Statement]]] = defaultdict(list)
    for session in event.printed_sessions:
        for statement in session.statements:
            name = statement.index_as or statement.speaker
            made[name, statement.function, statement.affiliation].append((session, statement))
    entries = (SpeakerEntry(*speaker, tuple(statements)) for speaker, statements in made.items())
    language = event.language
    return tuple(sorted(entries, key=lambda e: (order(e.name, language), natural(e.affiliation))))


def documents(event: Event, said: Iterable[Passage]) -> tuple[DocumentEntry, ...]:
    """The documents that the passages cite, by symbol in natural order."""
    forms: defaultdict[str, set[str]] = defaultdict(set)
    citing: defaultdict[str, list[Passage]] = defaultdict(list)
    for passage in said:
        for symbol in dict.fromkeys(symbols.cited(passage.words)):
            forms[symbols.without_year(symbol)].add(symbol)
            citing[symbols.without_year(symbol)].append(passage)
    titles = _document_titles(event)
    return tuple(
        _document(max(forms[key], key=len), titles.get(key, ("", None)), citing[key])
        for key in sorted(citing, key=natural)
    )


def _document(
    symbol: str, titled: tuple[str, date | None], citing: Iterable[Passage]
) -> DocumentEntry:
    return DocumentEntry(symbol, symbols.address(symbol), *titled, _mentions(citing))


def _document_titles(event: Event) -> Mapping[str, tuple[str, date | None]]:
    """Title and date of the documents of which event.yaml tells them, by symbol without year."""
    titles: dict[str, tuple[str, date | None]] = {
        symbols.without_year(r.symbol): (r.title, r.date) for r in event.resolutions
    }
    further = {symbols.without_year(s): (title, None) for s, title in event.documents.items()}
    return titles | further


def subjects(event: Event, said: Iterable[Passage]) -> tuple[SubjectEntry, ...]:
    """The subjects by term; a reference to a subject that does not exist is left out."""
    anchors = {s.term: f"subjects/{number}" for number, s in enumerate(event.subjects, start=1)}
    places = subject_places(event, said)
    entries = (
        SubjectEntry(
            subject.term,
            anchors[subject.term],
            places[subject.term],
            tuple((term, anchors[term]) for term in (subject.see,) if term in anchors),
            tuple((term, anchors[term]) for term in subject.see_also if term in anchors),
        )
        for subject in event.subjects
    )
    return tuple(sorted(entries, key=lambda entry: order(entry.term, event.language)))


def subject_places(event: Event, said: Iterable[Passage]) -> Mapping[str, tuple[Mention, ...]]:
    """Where texts speak of each subject, by its term."""
    spelt = [(passage, _spelt(passage.words)) for passage in said]
    folded = [(passage, words, words.casefold()) for passage, words in spelt]
    return {subject.term: _mentions(_speaking_of(subject, folded)) for subject in event.subjects}


def _speaking_of(subject: Subject, folded: Iterable[tuple[Passage, str, str]]) -> Iterator[Passage]:
    """The passages in which the subject's term, or a variant of it, stands as whole words."""
    if subject.see:
        return
    forms = [
        (_spelt(term).casefold(), _pattern(term)) for term in (subject.term, *subject.variants)
    ]
    for passage, words, small in folded:
        # Most passages are told by the quicker search to have nothing.
        if any(form in small and pattern.search(words) for form, pattern in forms):
            yield passage


def _pattern(term: str) -> re.Pattern[str]:
    spelt = _spelt(term)
    flags = re.IGNORECASE if spelt == spelt.lower() else re.NOFLAG
    return re.compile(rf"(?<!\w){re.escape(spelt)}(?!\w)", flags)


def _spelt(words: str) -> str:
    """Words with plain apostrophes, hyphens and spaces."""
    return " ".join(words.replace("\u2019", "'").replace("\u2011", "-").split())


def figures(event: Event) -> tuple[FigureEntry, ...]:
    """The figures and tables of all texts, each kind numbered through the report."""
    numbers = dict.fromkeys(FigureKind, 0)
    entries = []
    for identity, text in texts(event):
        for figure in text.figures:
            numbers[figure.kind] += 1
            number = numbers[figure.kind]
            entries.append(
                FigureEntry(figure.kind, number, figure.anchor, figure.caption, identity)
            )
    return tuple(entries)


def by_kind(
    entries: Iterable[FigureEntry],
) -> tuple[tuple[FigureKind, tuple[FigureEntry, ...]], ...]:
    """The figures, then the tables, each if there are any."""
    listed = tuple(entries)
    grouped = ((kind, tuple(e for e in listed if e.kind is kind)) for kind in FigureKind)
    return tuple((kind, found) for kind, found in grouped if found)


def delegations(event: Event) -> tuple[tuple[Category, tuple[DelegationEntry, ...]], ...]:
    """The participants by category, with what each of them said."""
    heard: defaultdict[str, list[Statement]] = defaultdict(list)
    sessions = event.printed_sessions
    for session in sessions:
        for statement in session.statements:
            heard[statement.affiliation].append(statement)
    discussed = tuple(session for session in sessions if session.discussion.html)
    return tuple(
        (category, tuple(_delegation(discussed, d, heard[d.entity]) for d in listed))
        for category, listed in event.participants.by_category()
    )


def _delegation(
    discussed: Iterable[Session], delegation: Delegation, statements: Iterable[Statement]
) -> DelegationEntry:
    by_speaker: defaultdict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        by_speaker[_listed_as(statement, delegation)].append(statement)
    return DelegationEntry(
        delegation.entity,
        tuple(Representative(p, tuple(by_speaker[p])) for p in delegation.representatives),
        tuple(by_speaker[""]),
        tuple(session for session in discussed if delegation.entity in session.floor),
    )


def _listed_as(statement: Statement, delegation: Delegation) -> str:
    """The representative who is the speaker; an empty text when none of those listed is."""
    names = {statement.speaker, statement.function, f"{statement.speaker}, {statement.function}"}
    return next((person for person in delegation.representatives if person in names), "")


def by_letter(
    entries: tuple[_Entry, ...], name: Callable[[_Entry], str], language: str
) -> tuple[Letter[_Entry], ...]:
    """Divide an index, which is in the order of its language, by letters, if it is long."""
    if len(entries) < LONG:
        return (Letter("", entries),) if entries else ()
    groups = groupby(entries, key=lambda entry: initial(name(entry), language))
    return tuple(Letter(letter, tuple(group)) for letter, group in groups)


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """What symbols are sorted by: as people count, A/RES/9/1 before A/RES/60/288."""
    # A number is longer than a smaller one; words come after all numbers.
    parts = (part.casefold() for part in re.split(r"(\d+)", name) if part)
    return tuple(
        (len(part.lstrip("0")), part) if part.isdecimal() else (_WORD, part) for part in parts
    )


_WORD = 1_000_000


def _mentions(found: Iterable[Passage]) -> tuple[Mention, ...]:
    """Passages gathered by text, each place once."""
    places: defaultdict[str, dict[Place, None]] = defaultdict(dict)
    for passage in found:
        places[passage.text][passage.place] = None
    return tuple(Mention(text, _in_reading_order(found)) for text, found in places.items())


def _in_reading_order(places: Iterable[Place]) -> tuple[Place, ...]:
    """The text as a whole, then its paragraphs by number, as notes come last in a text."""
    return tuple(sorted(places, key=lambda place: (bool(place.conclusion), place.paragraph)))

"""Editions: the event in one of its languages.

Everything after this stage sees one Event in one language. What is translated takes the place of
the original; what is not stays in the language in which it exists, as its text tells. What a
conclusion rests on, its number, and the numbers of paragraphs are those of the original in every
edition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar, cast

from report.clearance import distributable
from report.collation import order
from report.conclusions import numbering
from report.markup import Text
from report.model import (
    PARTICIPANTS,
    PHOTOGRAPHS,
    ChairmansSummary,
    Chapter,
    ChapterMatter,
    Clearable,
    Delegation,
    Event,
    EventMatter,
    Finding,
    Origin,
    Participants,
    Photograph,
    PhotographList,
    Recommendation,
    Record,
    Session,
    SessionMatter,
    SpeakerRecommendation,
    Statement,
    StatementMatter,
    Status,
    Subject,
    SummaryMatter,
    SummaryTranslation,
    Translation,
)
from report.translatable import untranslated
from report.words import words


class UnknownEditionError(ValueError):
    """A language in which the event has no edition."""

    def __init__(self, event: Event, language: str):
        known = ", ".join(event.editions)
        super().__init__(f"the event has no edition in `{language}`: its languages are {known}")


def edition(event: Event, language: str) -> Event:
    """The event in one of its languages; `event` is as loaded, its texts as they were delivered.

    Raises `UnknownEditionError`.
    """
    if language not in event.editions:
        raise UnknownEditionError(event, language)
    if len(event.editions) == 1 and not event.translations:
        return event
    return _Edition(event, language).event()


def corresponds(original: Text, translation: Text) -> bool:
    """Whether a translation has the paragraphs of its original, so that it can be cited as it is.

    One that has not is in no edition until it has.
    """
    return len(original.paragraphs) == len(translation.paragraphs)


_Record = TypeVar("_Record", bound=Record)
_Said = TypeVar("_Said", Chapter, Session, Statement, ChairmansSummary)
_Matter = TypeVar("_Matter", bound=Record)
_Conclusion = TypeVar("_Conclusion", Finding, Recommendation, SpeakerRecommendation)


class _Edition:
    def __init__(self, event: Event, language: str) -> None:
        self._event = event
        self._language = language
        self._order = tuple(dict.fromkeys((language, *event.editions)))
        self._foreign: dict[tuple[str, str], str] = {}

    def event(self) -> Event:
        event = self._event
        known = {name: getattr(event, name) for name in Event.model_fields}
        made = dict(self._read(EventMatter, event.origin.tree.data)) | {
            "language": self._language,
            "subjects": self._subjects(),
            "companions": event.companions,
            "chapters": {key: self._chapter(text) for key, text in event.chapters.items()},
            "handout": {key: self._chapter(text) for key, text in event.handout.items()},
            "sessions": tuple(map(self._session, event.sessions)),
            "participants": self._in_order(self._participants),
            "photographs": tuple(self._photographs()),
            "summary": self._summary(event.summary) if event.summary else None,
            "translations": {},
            "foreign": self._foreign,
            "numbering": numbering(distributable(event)),
        }
        return Event.model_construct(**known | made)

    def _read(self, kind: type[_Matter], data: Mapping[str, Any]) -> _Matter:
        """A record as an editor wrote it, in this language."""
        return kind.model_validate(data, context=self._order)

    def _translation(self, identity: str, language: str) -> Translation | None:
        """A text's translation into a language, unless it is withheld."""
        translation = self._event.translations.get(language, {}).get(identity)
        if translation and isinstance(translation.matter, Clearable):
            return None if translation.matter.status is Status.WITHHELD else translation
        return translation

    # Texts

    def _chapter(self, chapter: Chapter) -> Chapter:
        matter = self._read(ChapterMatter, chapter.origin.tree.data)
        given = self._given(chapter.id)
        self._note_language(chapter, "title", given)
        values = {"title": matter.title} | given
        return _changed(chapter, values | self._said(chapter, chapter.text))

    def _session(self, session: Session) -> Session:
        matter = self._read(SessionMatter, session.origin.tree.data)
        values: dict[str, Any] = {
            "title": matter.title,
            "short_title": matter.short_title,
            "chair": self._persons.get(session.chair, session.chair),
            "floor": tuple(self._entities.get(entity, entity) for entity in session.floor),
            "statements": tuple(map(self._statement, session.statements)),
        }
        given = self._given(session.id)
        self._note_language(session, "title", given)
        if "title" in given:
            # The short form of the original's title is none of the translated one.
            values["short_title"] = ""
        said = self._said(session, session.discussion)
        said["discussion"] = said.pop("text")
        return _changed(session, values | given | said | self._clearance(session))

    def _statement(self, statement: Statement) -> Statement:
        matter = self._read(StatementMatter, statement.origin.tree.data)
        values: dict[str, Any] = {
            "title": matter.title,
            "speaker": self._office(statement.speaker, matter.speaker, statement.affiliation),
            "function": self._office(statement.function, matter.function, statement.affiliation),
            "affiliation": self._entities.get(statement.affiliation, statement.affiliation),
            "index_as": matter.index_as,
            "biography": matter.biography,
            "key_points": matter.key_points,
        }
        given = self._given(statement.id)
        for key in ("title", "key_points", "recommendations"):
            self._note_language(statement, key, given)
        if self._language != self._event.language and "slides_alt" not in given:
            # The original cannot give it by language.
            self._foreign[statement.id, "slides_alt"] = self._event.language
        wishes = given.pop("recommendations", ())
        values["recommendations"] = _in_words(matter.recommendations, wishes)
        said = self._said(statement, statement.text)
        return _changed(statement, values | given | said | self._clearance(statement))

    def _summary(self, summary: ChairmansSummary) -> ChairmansSummary:
        matter = self._read(SummaryMatter, summary.origin.tree.data)
        translation = self._translation(summary.id, self._language)
        given = translation.matter if translation else SummaryTranslation()
        assert isinstance(given, SummaryTranslation)
        for key in ("findings", "recommendations", "way_forward"):
            self._note_language(summary, key, self._given(summary.id))
        values = {
            "chair": self._persons.get(summary.chair, summary.chair),
            "findings": _in_words(matter.findings, given.findings),
            "recommendations": _in_words(matter.recommendations, given.recommendations),
            "way_forward": _in_words(matter.way_forward, given.way_forward),
        }
        return _changed(
            summary, values | self._said(summary, summary.text) | self._clearance(summary)
        )

    def _given(self, identity: str) -> dict[str, Any]:
        """What a translation says in the place of the original's front matter."""
        translation = self._translation(identity, self._language)
        if not translation:
            return {}
        matter = translation.matter
        keys = matter.model_fields_set - Clearable.model_fields.keys()
        return {key: getattr(matter, key) for key in keys}

    def _note_language(self, record: _Said, key: str, given: Mapping[str, Any]) -> None:
        """Note of a value that it is in the main language still, where nothing translates it."""
        data = record.origin.tree.data
        if self._language == self._event.language or key in given or key not in data:
            return
        kind = _MATTERS[type(record)]
        alone = {key: data[key]}
        if any(untranslated(kind, alone, self._language, alone_suffices=False)):
            self._foreign[record.id, key] = self._event.language

    def _said(self, record: _Said, original: Text) -> dict[str, Any]:
        """The text in the most wanted of its languages, and where it was read."""
        translation = self._shown(record.id, original)
        if not translation:
            return {"text": original, "origin": record.origin}
        # What stands at the head of the original is its own; the text was read elsewhere.
        origin = Origin(tree=record.origin.tree, document=translation.origin.document)
        return {"text": translation.text, "origin": origin}

    def _shown(self, identity: str, original: Text) -> Translation | None:
        """The translation that stands in the place of the original: into this language or the main.

        None where the original is in the more wanted of the languages, or in the only one.
        """
        for language in (self._language, self._event.language):
            if original.language == language:
                return None
            translation = self._translation(identity, language)
            if translation and translation.text and corresponds(original, translation.text):
                return translation
        return None

    def _clearance(self, original: Session | Statement | ChairmansSummary) -> dict[str, Any]:
        """The stricter of the original's clearance and that of the translation that is used."""
        text = original.discussion if isinstance(original, Session) else original.text
        used = (self._translation(original.id, self._language), self._shown(original.id, text))
        matters = (translation.matter for translation in used if translation)
        given = (original, *(matter for matter in matters if isinstance(matter, Clearable)))
        status = max((each.status for each in given), key=_STRICTNESS.index)
        embargo = max((each.embargo for each in given if each.embargo), default=None)
        return {"status": status, "embargo": embargo}

    # Names

    @cached_property
    def _participants(self) -> Participants:
        table = self._event.tables.get(PARTICIPANTS)
        return self._read(Participants, table.data) if table else self._event.participants

    @cached_property
    def _entities(self) -> Mapping[str, str]:
        """What each State, organization or entity is called, by its name in the main language."""
        return {old.entity: new.entity for old, new in self._delegations()}

    @cached_property
    def _offices(self) -> Mapping[str, str]:
        """What each representative is called, by `office, entity` in the main language."""
        return {
            f"{office}, {old.entity}": name
            for old, new in self._delegations()
            for office, name in zip(old.representatives, new.representatives, strict=True)
        }

    def _delegations(self) -> Iterator[tuple[Delegation, Delegation]]:
        """Each delegation as the main edition lists it, and as this one does."""
        for key in Participants.model_fields:
            listed = (getattr(each, key) for each in (self._event.participants, self._participants))
            yield from zip(*listed, strict=True)

    @cached_property
    def _persons(self) -> Mapping[str, str]:
        """The representatives as `office, entity`, by what they are in the main language."""
        return {
            f"{office}, {old.entity}": words(self._language).line((name, new.entity))
            for old, new in self._delegations()
            for office, name in zip(old.representatives, new.representatives, strict=True)
        }

    def _office(self, name: str, own: str, entity: str) -> str:
        """An office in this language: as the text's file has it, or else the participants."""
        return own if own != name else self._offices.get(f"{name}, {entity}", name)

    # Lists

    def _in_order(self, participants: Participants) -> Participants:
        """Each list that is in alphabetical order in the main language, so in this one too."""
        listed = {}
        for key in Participants.model_fields:
            main, own = getattr(self._event.participants, key), getattr(participants, key)
            is_in_order = main == _sorted(main, self._event.language)
            listed[key] = _sorted(own, self._language) if is_in_order else own
        return _changed(participants, listed)

    def _subjects(self) -> tuple[Subject, ...]:
        """The subjects under their terms in this language, found by those of every language."""
        data = self._event.origin.tree.data
        read = [EventMatter.model_validate(data, context=(code,)) for code in self._event.editions]
        own = self._read(EventMatter, data).subjects
        terms = {
            main.term: subject.term for main, subject in zip(self._event.subjects, own, strict=True)
        }
        return tuple(
            Subject(
                term=subject.term,
                variants=tuple(
                    dict.fromkeys(
                        form
                        for matter in read
                        for given in (matter.subjects[place],)
                        for form in (given.term, *given.variants)
                        if form != subject.term
                    )
                ),
                see=terms.get(subject.see, subject.see),
                see_also=tuple(terms.get(term, term) for term in subject.see_also),
            )
            for place, subject in enumerate(own)
        )

    def _photographs(self) -> Iterator[Photograph]:
        table = self._event.tables.get(PHOTOGRAPHS)
        listed = self._read(PhotographList, table.data).photographs if table else ()
        told = {photograph.file: photograph for photograph in listed}
        for photograph in self._event.photographs:
            yield _changed(photograph, dict(told[photograph.file]))


def _changed(record: _Record, values: Mapping[str, Any]) -> _Record:
    """The record with other values. It is made anew: a copy would keep what it has worked out."""
    kind = type(record)
    known = {name: getattr(record, name) for name in kind.model_fields}
    return cast(_Record, kind.model_construct(**{**known, **values}))


def _sorted(delegations: Sequence[Delegation], language: str) -> tuple[Delegation, ...]:
    return tuple(sorted(delegations, key=lambda each: order(each.entity, language)))


def _in_words(originals: Sequence[_Conclusion], texts: Sequence[str]) -> tuple[_Conclusion, ...]:
    """Conclusions in the words of a translation, if it has as many."""
    if len(texts) != len(originals):
        return tuple(originals)
    pairs = zip(originals, texts, strict=True)
    return tuple(_changed(original, {"text": text}) for original, text in pairs)


_MATTERS: Mapping[type[Record], type[Record]] = {
    Chapter: ChapterMatter,
    Session: SessionMatter,
    Statement: StatementMatter,
    ChairmansSummary: SummaryMatter,
}

_STRICTNESS = (Status.CLEARED, None, Status.DRAFT, Status.WITHHELD)
"""From what may go out to what may not: nothing said of a text is less than that it is cleared."""

"""Coverage: what of an event is there in each of its languages, and what is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from report import index, rules
from report.diagnostics import Diagnostic
from report.edition import corresponds
from report.model import (
    PARTICIPANTS,
    PHOTOGRAPHS,
    Event,
    EventMatter,
    Participants,
    PhotographList,
    Record,
    SessionMatter,
)
from report.source import KeyPath, Tree
from report.translatable import untranslated
from report.words import words


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of an event's texts are there in a language, and all that is missing, by place."""

    language: str
    texts: int
    of: int
    missing: tuple[Diagnostic, ...]

    @property
    def values(self) -> int:
        """How many values are missing."""
        return len(self.missing) - (self.of - self.texts)


def coverage(event: Event, language: str) -> Coverage:
    """What is there in a language of an event, which is as it was loaded."""
    printed = {identity: text for identity, text in index.texts(event) if text.html}
    missing = [identity for identity in printed if not _is_there(event, identity, language)]
    told = (*_texts(event, missing, language), *_values(event, language))
    return Coverage(language, len(printed) - len(missing), len(printed), told)


def _is_there(event: Event, identity: str, language: str) -> bool:
    original = event.texts[identity]
    translation = event.translations.get(language, {}).get(identity)
    if not translation or not translation.text:
        return original.language == language
    return corresponds(original, translation.text)


def _texts(event: Event, missing: list[str], language: str) -> Iterator[Diagnostic]:
    for identity in missing:
        place = event.origins[identity].tree.place()
        beside = PurePosixPath(place.file).with_suffix(f".{language}.md")
        yield Diagnostic(
            rules.NOT_TRANSLATED,
            place,
            f"this text is not there in {words('en').language_name(language)}",
            f"write {beside}, with as many paragraphs",
        )


def _values(event: Event, language: str) -> Iterator[Diagnostic]:
    """The values that a reader of the edition would see in another language."""
    yield from _of_record(event, EventMatter, event.origin.tree, language)
    for key, kind in ((PARTICIPANTS, Participants), (PHOTOGRAPHS, PhotographList)):
        if key in event.tables:
            yield from _of_record(event, kind, event.tables[key], language)
    for session in event.sessions:
        translation = event.translations.get(language, {}).get(session.id)
        if not translation or "title" not in translation.matter.model_fields_set:
            yield from _of_record(event, SessionMatter, session.origin.tree, language)


_OF_ONE_LANGUAGE = frozenset({"publisher", "acronyms", "subjects"})
"""Keys whose values may well be the same in all editions, or be in one of them alone."""


def _of_record(event: Event, kind: type[Record], tree: Tree, language: str) -> Iterator[Diagnostic]:
    alone_suffices = language == event.language
    for path in untranslated(kind, tree.data, language, alone_suffices=alone_suffices):
        if path[0] not in _OF_ONE_LANGUAGE:
            yield Diagnostic(
                rules.NOT_TRANSLATED,
                tree.place(*path),
                f"`{_key(path)}` is not there in {words('en').language_name(language)}",
                f"write {{{event.language}: ..., {language}: ...}} in its place",
            )


def _key(path: KeyPath) -> str:
    return next(str(step) for step in reversed(path) if isinstance(step, str))

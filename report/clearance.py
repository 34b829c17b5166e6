"""Clearance: which texts of an event may be distributed, and the one place where others are cut.

A text is a draft, cleared or withheld, and may be under embargo. `distributable` takes every word
of a withheld text out of the Event, directly after the checks, so that no later stage can print,
index, embed or publish what it never sees.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from html import escape, unescape
from typing import Any, TypeVar

from report import reference, rules
from report.diagnostics import Diagnostic, Place
from report.languages import direction
from report.markup import Text
from report.model import (
    ChairmansSummary,
    Clearable,
    Event,
    Finding,
    Origin,
    Picture,
    Record,
    Session,
    Statement,
    Status,
    Translation,
)
from report.reference import MalformedReference, Reference
from report.source import Tree
from report.words import words

_KEPT: Mapping[type[Record], tuple[str, ...]] = {
    Statement: (
        *("speaker", "function", "index_as", "affiliation", "category", "region"),
        *("kind", "language", "minutes", "status", "id"),
        *("biography", "portrait", "face"),
    ),
    Session: (
        *("kind", "title", "short_title", "chair", "time", "pillar", "floor"),
        *("status", "id", "number", "statements"),
    ),
    ChairmansSummary: ("chair", "status", "id"),
}
"""What is known of a withheld text: who spoke, for whom and when. A title is the speaker's own
words, and so are key points and recommendations; a key that is not named here is taken out."""

_Clearable = TypeVar("_Clearable", Statement, Session, ChairmansSummary)


def clearables(event: Event) -> Iterator[Statement | Session | ChairmansSummary]:
    """Every text that is cleared for itself, in the order of the sessions; the summary comes last.

    A session stands for the summary of its discussion.
    """
    for session in event.sessions:
        yield session
        yield from session.statements
    if event.summary:
        yield event.summary


def withheld(event: Event) -> frozenset[str]:
    """The identities of the texts that are withheld."""
    return frozenset(text.id for text in clearables(event) if text.status is Status.WITHHELD)


def is_marked(text: Clearable) -> bool:
    """Whether a build marks the text as not cleared.

    A text that says nothing of its status is not marked: it may have been delivered in public. One
    with an embargo is marked whatever the time, since a build never asks the clock.
    """
    if text.status is Status.WITHHELD:
        return False
    return text.status is Status.DRAFT or text.embargo is not None


def is_restricted(text: Clearable) -> bool:
    """Whether the report does not show the text, or shows it with a mark."""
    return text.status is Status.WITHHELD or is_marked(text)


def distributable(event: Event) -> Event:
    """The event with "Text not available" in the place of every withheld text.

    References into a withheld text lead to that place. Of its pictures only those stay that
    another text shows too.
    """
    hidden = withheld(event)
    if not hidden:
        return event
    sessions = tuple(
        disclosed(session, event.language).model_copy(
            update={"statements": tuple(disclosed(s, event.language) for s in session.statements)}
        )
        for session in event.sessions
    )
    parts: dict[str, Any] = {
        "sessions": tuple(_redirected_session(session, hidden) for session in sessions),
        "summary": _redirected(disclosed(event.summary, event.language), hidden)
        if event.summary
        else None,
        "chapters": {k: _redirected(chapter, hidden) for k, chapter in event.chapters.items()},
        "aside": {},
    }
    # Built anew and not copied: a copy would keep what the event has worked out before.
    kept = {name: getattr(event, name) for name in Event.model_fields} | parts
    cut = Event.model_construct(**kept)
    return cut.model_copy(update={"pictures": dict(shown_pictures(cut))})


def disclosed(text: _Clearable, language: str) -> _Clearable:
    """The text, or when it is withheld, what may be known of it, in the report's language."""
    if text.status is not Status.WITHHELD:
        return text
    kind = type(text)
    kept = {name: getattr(text, name) for name in _KEPT[kind]}
    place = Place(text.origin.tree.place().file)
    origin = Origin(tree=Tree({}, {}, {(): place}))
    if isinstance(text, Session):
        said = _unavailable(language) if text.discussion.html else text.discussion
        return kind.model_construct(**kept, discussion=said, origin=origin)
    return kind.model_construct(**kept, text=_unavailable(language), origin=origin)


def _unavailable(language: str) -> Text:
    """What stands in the place of a withheld text."""
    told = escape(words(language).gettext("Text not available"))
    attributes = f'lang="{escape(language)}" dir="{direction(language)}"'
    html = f'<p class="unavailable" {attributes}>{told}</p>'
    return Text(html, (), (), (), language=language)


def released(event: Event) -> Event:
    """The event with no embargo on any text, as it is when all embargoes are over."""
    lifted = {"embargo": None}
    sessions = tuple(
        session.model_copy(
            update=lifted
            | {"statements": tuple(s.model_copy(update=lifted) for s in session.statements)}
        )
        for session in event.sessions
    )
    summary = event.summary.model_copy(update=lifted) if event.summary else None
    return event.model_copy(update={"sessions": sessions, "summary": summary})


def check_clearance(event: Event) -> Iterator[Diagnostic]:
    """No conclusion rests on a text that is withheld, and none unseen on one that is a draft.

    Quotations of withheld texts are told where quotations are verified.
    """
    if not event.summary:
        return
    status = {text.id: text.status for text in clearables(event)}
    elsewhere = event.companion_texts.items()
    status |= {identity: Status(text.status) for identity, text in elsewhere if text.status}
    for key in ("findings", "recommendations", "way_forward"):
        conclusions: tuple[Finding, ...] = getattr(event.summary, key)
        for index, conclusion in enumerate(conclusions):
            for position, target in enumerate(conclusion.evidence):
                place = event.summary.origin.tree.place(key, index, "evidence", position)
                if found := _questionable(target.target, status.get(target.target), place):
                    yield found


def _questionable(identity: str, status: Status | None, place: Place) -> Diagnostic | None:
    if status is Status.WITHHELD:
        return Diagnostic(
            rules.WITHHELD_EVIDENCE,
            place,
            f"this rests on {identity}, which is withheld: no reader could follow it",
            "cite a text that is distributed, or have that one cleared",
        )
    if status is Status.DRAFT:
        return Diagnostic(
            rules.UNCLEARED_EVIDENCE,
            place,
            f"this rests on {identity}, which is a draft and may still change",
            "have it cleared, and write `status: cleared` in its file",
        )
    return None


def obstacles(event: Event, now: datetime) -> Iterator[Diagnostic]:
    """What keeps the event's texts from being released at the moment `now`, in any time zone.

    A translation that says nothing of its status goes with its original.
    """
    for text in clearables(event):
        if text.status is Status.WITHHELD:
            continue
        yield from _obstacles(text, text.origin.tree, now)
        for translations in event.translations.values():
            translation = translations.get(text.id)
            if translation and isinstance(translation.matter, Clearable):
                yield from _obstacles_of_translation(translation, translation.matter, now)


def _obstacles(text: Clearable, tree: Tree, now: datetime) -> Iterator[Diagnostic]:
    if text.status is not Status.CLEARED:
        is_draft = text.status is Status.DRAFT
        yield Diagnostic(
            rules.NOT_CLEARED,
            tree.place("status"),
            "this text is a draft" if is_draft else "nothing says that this text is cleared",
            "when its owner agrees, write `status: cleared`; else `status: withheld`",
        )
    if text.embargo and text.embargo > now:
        yield Diagnostic(
            rules.UNDER_EMBARGO,
            tree.place("embargo"),
            f"this text is under embargo until {text.embargo.isoformat(timespec='minutes')}",
            "release the report after that moment",
        )


def _obstacles_of_translation(
    translation: Translation, matter: Clearable, now: datetime
) -> Iterator[Diagnostic]:
    if matter.status is not Status.WITHHELD:
        status = matter.status or Status.CLEARED
        own = matter.model_copy(update={"status": status})
        yield from _obstacles(own, translation.origin.tree, now)


_Texted = TypeVar("_Texted", bound=Any)


def _redirected(record: _Texted, hidden: Collection[str]) -> _Texted:
    """A record whose text refers to withheld texts as wholes."""
    return record.model_copy(update={"text": _redirect(record.text, hidden)})  # type: ignore[no-any-return]


def _redirected_session(session: Session, hidden: Collection[str]) -> Session:
    statements = tuple(_redirected(statement, hidden) for statement in session.statements)
    discussion = _redirect(session.discussion, hidden)
    return session.model_copy(update={"statements": statements, "discussion": discussion})


_MARK = re.compile(r'(?<=data-ref=")[^"]*')


def _redirect(text: Text, hidden: Collection[str]) -> Text:
    """The text with references to whole texts where they named paragraphs of hidden ones."""
    if not any(identity in each.text for each in text.references for identity in hidden):
        return text
    return replace(
        text,
        html=_MARK.sub(lambda mark: escape(_whole(unescape(mark[0]), hidden)), text.html),
        references=tuple(replace(r, text=_whole(r.text, hidden)) for r in text.references),
        citing=tuple((number, _whole(mark, hidden)) for number, mark in text.citing),
    )


def _whole(mark: str, hidden: Collection[str]) -> str:
    try:
        references = reference.parse(mark)
    except MalformedReference:
        return mark
    led = (Reference(each.target) if each.target in hidden else each for each in references)
    return ";".join(dict.fromkeys(map(str, led)))


def shown_pictures(event: Event) -> Iterator[tuple[str, Picture]]:
    """The pictures that the event's texts, its list of photographs and its booklet show."""
    texts = (*event.texts.values(), *(chapter.text for chapter in event.handout.values()))
    shown = {image.file for text in texts for image in text.images}
    shown.update(photograph.picture.file for photograph in event.photographs)
    return ((file, picture) for file, picture in event.pictures.items() if file in shown)

"""What must hold across the files of an event.

Each check is one function from the Event to diagnostics; `CHECKS` lists them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rapidfuzz import process

from report import reference, rules
from report.diagnostics import Diagnostic, Place, in_order
from report.markup import Text
from report.model import Event, Finding, Origin
from report.reference import MalformedReference, Reference


def check(event: Event) -> tuple[Diagnostic, ...]:
    """Everything that is wrong between the files of the event, sorted by place."""
    return in_order(found for rule in CHECKS for found in rule(event))


def check_pillars(event: Event) -> Iterator[Diagnostic]:
    """A pillar named anywhere is one of the event's pillars, and each has its own identifier."""
    known: list[str] = []
    for index, pillar in enumerate(event.pillars):
        if pillar.id in known:
            yield Diagnostic(
                rules.DUPLICATE_ID,
                event.origin.tree.place("pillars", index, "id"),
                f"there is a pillar `{pillar.id}` already",
                "give each pillar an identifier of its own",
            )
        known.append(pillar.id)
    for pillar_id, place in _pillars_named(event):
        if pillar_id not in known:
            yield Diagnostic(
                rules.UNKNOWN_PILLAR,
                place,
                f"there is no pillar `{pillar_id}`",
                _nearest(pillar_id, known, "event.yaml names the pillars"),
            )


def _pillars_named(event: Event) -> Iterator[tuple[str, Place]]:
    for session in event.sessions:
        if session.pillar:
            yield session.pillar, session.origin.tree.place("pillar")
    for statement in event.statements:
        for index, wish in enumerate(statement.recommendations):
            if wish.pillar:
                place = statement.origin.tree.place("recommendations", index, "pillar")
                yield wish.pillar, place
    for key, index, conclusion in conclusions(event):
        if conclusion.pillar and event.summary:
            yield conclusion.pillar, event.summary.origin.tree.place(key, index, "pillar")


def check_chairs(event: Event) -> Iterator[Diagnostic]:
    """Whoever chairs a session, or signs the summary, is among the participants."""
    chairs = [(session.chair, session.origin) for session in event.sessions]
    if event.summary:
        chairs.append((event.summary.chair, event.summary.origin))
    known = sorted(event.participants.representatives)
    for chair, origin in chairs:
        if chair not in event.participants.representatives and known:
            yield Diagnostic(
                rules.UNKNOWN_CHAIR,
                origin.tree.place("chair"),
                f"`{chair}` is not among the participants",
                _nearest(chair, known, "write `office, entity` as in participants.yaml"),
            )


def check_participants(event: Event) -> Iterator[Diagnostic]:
    """Speakers' affiliations and those who took the floor are among the participants."""
    known = sorted(event.participants.entities)
    if not known:
        return
    for entity, place in _entities_named(event):
        if entity not in event.participants.entities:
            yield Diagnostic(
                rules.UNKNOWN_PARTICIPANT,
                place,
                f"`{entity}` is not in the list of participants",
                _nearest(entity, known, "add it to participants.yaml"),
            )


def _entities_named(event: Event) -> Iterator[tuple[str, Place]]:
    for session in event.sessions:
        for index, entity in enumerate(session.floor):
            yield entity, session.origin.tree.place("floor", index)
    for statement in event.statements:
        yield statement.affiliation, statement.origin.tree.place("affiliation")


def check_photographs(event: Event) -> Iterator[Diagnostic]:
    """A photograph that belongs to a session belongs to one that exists."""
    known = [session.id for session in event.sessions]
    for photograph in event.photographs:
        if photograph.session and photograph.session not in {*known, *event.unreadable}:
            yield Diagnostic(
                rules.UNKNOWN_SESSION,
                photograph.place,
                f"there is no session `{photograph.session}`",
                _nearest(photograph.session, known, "name the session's folder"),
            )


def check_references(event: Event) -> Iterator[Diagnostic]:
    """Every reference in a text leads to a paragraph that exists."""
    for text, origin in _texts(event):
        for mark in text.marks:
            assert origin.document
            place = origin.document.place_in_body(mark.offset, len(mark.text) + 3)
            try:
                references = reference.parse(mark.text)
            except MalformedReference as error:
                yield Diagnostic(
                    rules.BAD_REFERENCE,
                    place,
                    f"[@{mark.text}] is not understood: {error}",
                    "write it like [@2-dialogue/03-mayor:4]",
                )
                continue
            for target in references:
                yield from _follow(event, target, place)


def check_evidence(event: Event) -> Iterator[Diagnostic]:
    """Every conclusion rests on paragraphs that exist."""
    if not event.summary:
        return
    tree = event.summary.origin.tree
    for key, index, conclusion in conclusions(event):
        if not conclusion.evidence:
            yield Diagnostic(
                rules.NO_EVIDENCE,
                tree.place(key, index),
                "this rests on no evidence",
                "add `evidence:` with the paragraphs it rests on, such as 2-dialogue/03-mayor:4",
            )
        for position, target in enumerate(conclusion.evidence):
            yield from _follow(event, target, tree.place(key, index, "evidence", position))


def check_recommended_paragraphs(event: Event) -> Iterator[Diagnostic]:
    """The paragraph that a speaker's recommendation names exists in the statement."""
    for statement in event.statements:
        for index, wish in enumerate(statement.recommendations):
            if wish.paragraph:
                target = Reference(statement.id, ((wish.paragraph, wish.paragraph),))
                place = statement.origin.tree.place("recommendations", index, "paragraph")
                yield from _follow(event, target, place)


CHECKS: tuple[Callable[[Event], Iterator[Diagnostic]], ...] = (
    check_pillars,
    check_chairs,
    check_participants,
    check_photographs,
    check_references,
    check_evidence,
    check_recommended_paragraphs,
)


def conclusions(event: Event) -> Iterator[tuple[str, int, Finding]]:
    """The findings, recommendations and steps of the way forward: key, index and record."""
    if event.summary:
        for key in ("findings", "recommendations", "way_forward"):
            for index, conclusion in enumerate(getattr(event.summary, key)):
                yield key, index, conclusion


def _texts(event: Event) -> Iterator[tuple[Text, Origin]]:
    for chapter in event.chapters.values():
        yield chapter.text, chapter.origin
    for session in event.sessions:
        yield session.discussion, session.origin
        for statement in session.statements:
            yield statement.text, statement.origin
    if event.summary:
        yield event.summary.text, event.summary.origin


def _follow(event: Event, target: Reference, place: Place) -> Iterator[Diagnostic]:
    if target.target in event.unreadable:
        return
    text = event.texts.get(target.target)
    if text is None:
        yield Diagnostic(
            rules.UNKNOWN_REFERENCE,
            place,
            f"there is no text `{target.target}`",
            _nearest(target.target, list(event.texts), "name the file without its extension"),
        )
        return
    count = len(text.paragraphs)
    for number in target.paragraphs:
        if number > count:
            has = f"has {count} paragraph{'' if count == 1 else 's'}" if count else "has no text"
            yield Diagnostic(
                rules.UNKNOWN_PARAGRAPH,
                place,
                f"there is no paragraph {number}: {target.target} {has}",
                "count the numbers in the margin of the report's page",
            )
            return


def _nearest(word: str, known: list[str], otherwise: str) -> str:
    match = process.extractOne(word, known, score_cutoff=60)
    return f"did you mean `{match[0]}`?" if match else otherwise

"""What must hold across the files of an event.

Each check is one function from the Event to diagnostics; `CHECKS` lists them all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TypeAlias, TypeVar

from report import nearest, reference, rules
from report.acceptance import fingerprints
from report.booklet import BOOKLET_PARTS, handed_out
from report.clearance import check_clearance
from report.diagnostics import Diagnostic, Place, in_order
from report.edition import corresponds, edition
from report.index_checks import check_acronyms, check_indexes
from report.load import parts_named
from report.markup import FaultyRow, Mark, Text
from report.model import (
    PARTICIPANTS,
    Event,
    EvidenceDemand,
    Finding,
    Origin,
    Recommendation,
    SpeakerRecommendation,
    Translation,
)
from report.quotation_checks import check_quotations
from report.reference import MalformedReference, Reference
from report.source import KeyPath


def check(event: Event) -> tuple[Diagnostic, ...]:
    """Everything that is wrong between the files of the event, sorted by place.

    The event is as it was loaded. Texts are checked in the editions that they are written for.
    """
    found = [diagnostic for rule in CHECKS for diagnostic in rule(event)]
    main = edition(event, event.language)
    found += check_indexes(main)
    for read, files in _readings(event, main):
        found += (
            diagnostic
            for rule in TEXT_CHECKS
            for diagnostic in rule(read)
            if files is None or diagnostic.place.file in files
        )
    return in_order(found)


def _readings(event: Event, main: Event) -> Iterator[tuple[Event, Collection[str] | None]]:
    """Each edition with the files that are read in it for the first time; None means all."""
    yield main, None
    for language, translations in event.translations.items():
        if language != event.language:
            read = {translation.origin.tree.place().file for translation in translations.values()}
            yield edition(event, language), read
    # What the main edition has in translation alone.
    shown, delivered = main.texts, event.texts
    unread = {
        event.origins[key].tree.place().file
        for key in delivered
        if shown[key] is not delivered[key]
    }
    if unread:
        yield event, unread


def check_languages(event: Event) -> Iterator[Diagnostic]:
    """The main language is the first of the languages, where they are listed."""
    if event.languages and event.language != event.languages[0]:
        yield Diagnostic(
            rules.MAIN_LANGUAGE_MISSING,
            event.origin.tree.place("language"),
            f"`{event.language}` is not the first of the languages {', '.join(event.languages)}",
            "leave `language:` away, and name the main language first in `languages:`",
        )


def check_translations(event: Event) -> Iterator[Diagnostic]:
    """A translation has the paragraphs and the conclusions of its original."""
    for translations in event.translations.values():
        for identity, translation in translations.items():
            original = event.texts.get(identity)
            if original is None:
                continue
            yield from _paragraphs_differ(original, translation)
            yield from _lists_differ(event, identity, translation)


def _paragraphs_differ(original: Text, translation: Translation) -> Iterator[Diagnostic]:
    if translation.text and not corresponds(original, translation.text):
        counts = len(translation.text.paragraphs), len(original.paragraphs)
        yield Diagnostic(
            rules.TRANSLATION_DIFFERS,
            translation.origin.tree.place(),
            f"this translation has {counts[0]} paragraphs, and its original {counts[1]}",
            "divide it as the original is divided: until then no edition shows it",
        )


def _lists_differ(event: Event, identity: str, translation: Translation) -> Iterator[Diagnostic]:
    records = {text.id: text for text in (*event.statements, event.summary) if text}
    tree = translation.origin.tree
    for key in ("findings", "recommendations", "way_forward"):
        texts: tuple[str, ...] = getattr(translation.matter, key, ())
        count = len(getattr(records.get(identity), key, ()))
        if texts and len(texts) != count:
            yield Diagnostic(
                rules.TRANSLATION_DIFFERS,
                tree.place(key),
                f"this list has {len(texts)} texts, and that of the original {count}",
                "write a text for each of them, in their order: until then no edition shows these",
            )
        for index, words in enumerate(texts):
            for match in reference.MARK.finditer(words):
                yield from _refer(event, match[1], tree.place(key, index))


def check_programme(event: Event) -> tuple[Diagnostic, ...]:
    """What is wrong with the event as its programme booklet tells it, sorted by place."""
    told = handed_out(event)
    return in_order(found for rule in _PROGRAMME_CHECKS for found in rule(told))


def check_edition(event: Event) -> Iterator[Diagnostic]:
    """An edition of the report is not issued before the event begins."""
    if event.edition and event.edition.date < event.date:
        yield Diagnostic(
            rules.EDITION_TOO_EARLY,
            event.origin.tree.place("edition", "date"),
            "this edition is issued before the event begins",
            "write the day on which the edition is issued",
        )


def check_pillars(event: Event) -> Iterator[Diagnostic]:
    """A pillar named anywhere is one of the event's pillars, and each has its own identifier."""
    known: list[str] = []
    for index, pillar in enumerate(event.pillars):
        if pillar.id in known:
            yield Diagnostic(
                rules.DUPLICATE_ID,
                event.origin.tree.place("pillars", index, "id"),
                f"there is a pillar `{pillar.id}` already, in line"
                f" {event.origin.tree.place('pillars', known.index(pillar.id)).line}",
                "give each pillar an identifier of its own",
            )
        known.append(pillar.id)
    for pillar_id, place in _pillars_named(event):
        if pillar_id not in known:
            yield Diagnostic(
                rules.UNKNOWN_PILLAR,
                place,
                f"there is no pillar `{pillar_id}`",
                nearest.hint(pillar_id, known, "event.yaml names the pillars"),
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
    if PARTICIPANTS in event.unreadable:
        return
    chairs = [(session.chair, session.origin) for session in event.sessions]
    if event.summary:
        chairs.append((event.summary.chair, event.summary.origin))
    known = sorted(event.participants.representatives)
    for chair, origin in chairs:
        if chair not in known:
            yield Diagnostic(
                rules.UNKNOWN_CHAIR,
                origin.tree.place("chair"),
                f"`{chair}` is not among the participants",
                nearest.hint(chair, known, "write `office, entity` as in participants.yaml"),
            )


def check_participants(event: Event) -> Iterator[Diagnostic]:
    """Speakers' affiliations and those who took the floor are among the participants."""
    if PARTICIPANTS in event.unreadable:
        return
    known = sorted(event.participants.entities)
    for entity, origin, path in _entities_named(event):
        if entity not in event.participants.entities:
            yield Diagnostic(
                rules.UNKNOWN_PARTICIPANT,
                origin.tree.place(*path),
                f"`{entity}` is not in the list of participants",
                nearest.hint(entity, known, "add it to participants.yaml"),
            )


def _entities_named(event: Event) -> Iterator[tuple[str, Origin, KeyPath]]:
    for session in event.sessions:
        for index, entity in enumerate(session.floor):
            yield entity, session.origin, ("floor", index)
    for statement in event.statements:
        yield statement.affiliation, statement.origin, ("affiliation",)


def check_photographs(event: Event) -> Iterator[Diagnostic]:
    """A photograph that belongs to a session belongs to one that exists."""
    known = [session.id for session in event.sessions]
    for photograph in event.photographs:
        if photograph.session and photograph.session not in {*known, *event.unreadable}:
            yield Diagnostic(
                rules.UNKNOWN_SESSION,
                photograph.place,
                f"there is no session `{photograph.session}`",
                nearest.hint(photograph.session, known, "name the session's folder"),
            )


def check_references(event: Event) -> Iterator[Diagnostic]:
    """Every reference in a text leads to a paragraph that exists."""
    for text, origin in _texts(event):
        for mark in text.references:
            assert origin.document
            place = origin.document.place_in_body(mark.offset, len(mark.text) + 3)
            if mark.text.startswith("[@"):
                yield Diagnostic(
                    rules.BAD_REFERENCE,
                    origin.document.place_in_body(mark.offset, len(mark.text)),
                    "a reference begins here that is not closed with `]`",
                    f"{_LIKE_THIS}; a backslash before the bracket makes it plain text",
                )
                continue
            yield from _refer(event, mark.text, place)


def check_conclusion_references(event: Event) -> Iterator[Diagnostic]:
    """Every reference in a conclusion leads to a paragraph that exists."""
    for words, place in _conclusion_texts(event):
        for match in reference.MARK.finditer(words):
            yield from _refer(event, match[1], place)


def _conclusion_texts(event: Event) -> Iterator[tuple[str, Place]]:
    for key, index, conclusion in conclusions(event):
        assert event.summary
        yield conclusion.text, event.summary.origin.tree.place(key, index, "text")
    for statement in event.statements:
        for index, wish in enumerate(statement.recommendations):
            yield wish.text, statement.origin.tree.place("recommendations", index, "text")


def _refer(event: Event, marked: str, place: Place) -> Iterator[Diagnostic]:
    try:
        references = reference.parse(marked)
    except MalformedReference as error:
        message = f"this reference is not understood: {error}"
        yield Diagnostic(rules.BAD_REFERENCE, place, message, _LIKE_THIS)
        return
    for target in references:
        yield from _follow(event, target, place)


_LIKE_THIS = "write it like [@2-dialogue/03-mayor:4]"


_Passage = TypeVar("_Passage", Mark, FaultyRow)


def _written(
    event: Event, of: Callable[[Text], Iterable[_Passage]]
) -> Iterator[tuple[_Passage, Place]]:
    """What texts have of a kind, as it is written there, and its place."""
    for text, origin in _texts(event):
        for found in of(text):
            assert origin.document
            yield found, origin.document.place_in_body(found.offset, len(found.text))


def check_links(event: Event) -> Iterator[Diagnostic]:
    """A link leads to a place in its own text or to the web: the report has nothing else."""
    for link, place in _written(event, lambda text: text.dead_links):
        yield Diagnostic(
            rules.DEAD_LINK,
            place,
            f"`{link.text}` leads to nothing in the report",
            "refer to another text like [@2-dialogue/03-mayor:4], to the web with https://",
        )


def check_notes(event: Event) -> Iterator[Diagnostic]:
    """A call leads to every note: at the foot of which page would it stand else?"""
    for call, place in _written(event, lambda text: text.uncalled):
        yield Diagnostic(
            rules.UNCALLED_NOTE,
            place,
            f"no call in the text leads to the note {call.text}",
            f"write {call.text} after the words that it belongs to, or take the note out",
        )


def check_calls(event: Event) -> Iterator[Diagnostic]:
    """Every call leads to a note: it would be printed as it is written else."""
    for call, place in _written(event, _first_calls):
        yield Diagnostic(
            rules.NO_NOTE,
            place,
            f"the text calls the note {call.text}, and has no such note",
            f"write it on a line of its own, as `{call.text}: what it says`, with the colon "
            "right after the bracket; a backslash before the bracket makes this plain text",
        )


def _first_calls(text: Text) -> Iterable[Mark]:
    """The first call of each note that there is not."""
    return {call.text: call for call in reversed(text.noteless)}.values()


def check_rows(event: Event) -> Iterator[Diagnostic]:
    """Every row stands in a table that has a column for each of its cells."""
    for row, place in _written(event, lambda text: text.faulty_rows):
        if row.fault:
            yield Diagnostic(
                rules.TOO_MANY_CELLS,
                place,
                f"{row.fault}: the words of the last would be lost",
                "give the head and the line of dashes below it as many cells, or take a bar out"
                " of the row; `\\|` is a bar within a cell",
            )
        else:
            yield Diagnostic(
                rules.ROW_IN_NO_TABLE,
                place,
                "this line begins like the row of a table, and is in none",
                "leave an empty line above the table, and write below its head a line of dashes"
                " with as many cells, such as | --- | --- |; `\\|` begins a line with a bar",
            )


def check_definitions(event: Event) -> Iterator[Diagnostic]:
    """Every link or abbreviation that a text defines is used in it: it is not printed itself."""
    for line, place in _written(event, lambda text: text.unused):
        yield Diagnostic(
            rules.UNUSED_DEFINITION,
            place,
            f"what follows {line.text} is printed nowhere, as nothing in the text uses it",
            "a backslash before the bracket makes this plain text; or take the line out",
        )


def check_dates(event: Event) -> Iterator[Diagnostic]:
    """The event ends on the day on which it begins, or later."""
    if event.end_date and event.end_date < event.date:
        yield Diagnostic(
            rules.DATES_REVERSED,
            event.origin.tree.place("end_date"),
            f"the event ends on {event.end_date} and begins on {event.date}",
            "leave end_date away for an event of one day",
        )


def check_order(event: Event) -> Iterator[Diagnostic]:
    """Each part is named once in the order of the report, and has a name of its own."""
    seen: set[str] = set()
    for part, path in parts_named(event):
        place = event.origin.tree.place(*path)
        # Each volume has its own contents.
        known = f"{path[1]}/contents" if event.volumes and part == "contents" else part
        if known in seen:
            yield Diagnostic(
                rules.PART_TWICE,
                place,
                f"the part `{part}` is named twice",
                "name each part once, in front or in body",
            )
        elif part in _ALWAYS_THERE and part in event.chapters:
            yield Diagnostic(
                rules.UNKNOWN_PART,
                place,
                f"no chapter can be called `{part}`: every report has one by itself",
                f"give the file {part}.md another name",
            )
        seen.add(known)


_ALWAYS_THERE = {"cover", "imprint"}


def check_booklet(event: Event) -> Iterator[Diagnostic]:
    """Each chapter of the programme booklet is named once, and has a name of its own."""
    for index, part in enumerate(event.booklet):
        place = event.origin.tree.place("booklet", index)
        if part in event.booklet[:index]:
            yield Diagnostic(
                rules.PART_TWICE, place, f"the chapter `{part}` is named twice", "name it once"
            )
        elif part in BOOKLET_PARTS and part in event.handout:
            yield Diagnostic(
                rules.UNKNOWN_PART,
                place,
                f"no chapter can be called `{part}`: every booklet has one by itself",
                f"give the file {part}.md another name",
            )


def check_volumes(event: Event) -> Iterator[Diagnostic]:
    """Volumes alone give the order of a report that has some, and none leaves a session out."""
    tree = event.origin.tree
    for key in ("front", "body") if event.volumes else ():
        if (key,) in tree.keys:
            yield Diagnostic(
                rules.ORDER_BESIDE_VOLUMES,
                tree.keys[key,],
                f"`{key}` stands beside `volumes`: the parts in it belong to no volume",
                f"move them to `{key}` of the volume that holds them",
            )
    printed = {session.id for session in event.printed_sessions}
    for session in event.sessions if printed else ():
        if session.id not in printed:
            yield Diagnostic(
                rules.SESSION_LEFT_OUT,
                session.origin.tree.place(),
                f"the order of the report names other sessions, and leaves out {session.id}",
                f"add `{session.id}` to a `body` in event.yaml, or `sessions` for all the rest",
            )


def check_evidence(event: Event) -> Iterator[Diagnostic]:
    """Every conclusion rests on paragraphs that exist."""
    if not event.summary:
        return
    tree = event.summary.origin.tree
    required = event.evidence is EvidenceDemand.REQUIRED
    for key, index, conclusion in conclusions(event):
        if not conclusion.evidence:
            yield Diagnostic(
                rules.EVIDENCE_REQUIRED if required else rules.NO_EVIDENCE,
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


def check_accepted(event: Event) -> Iterator[Diagnostic]:
    """What the Chairman's Summary cites still says what it said when it was accepted."""
    accepted = event.accepted.citations
    if not accepted:
        return
    current = fingerprints(event)
    told: set[str] = set()
    for target, place in _cited(event):
        for number in target.paragraphs:
            key = f"{target.target}:{number}"
            if key in told or key not in current or current[key] == accepted.get(key):
                continue
            told.add(key)
            if key in accepted:
                message = f"paragraph {number} of {target.target} has changed since it was cited"
                yield Diagnostic(rules.CITED_TEXT_CHANGED, place, message, _REVIEW)
            else:
                message = f"the citation of {key} has not been accepted yet"
                yield Diagnostic(rules.NOT_ACCEPTED, place, message, _REVIEW)


_REVIEW = "read both again; when they agree, run `build.py accept`"


def check_same_recommendations(event: Event) -> Iterator[Diagnostic]:
    """Recommendations are joined with ones that exist, and those that look alike are joined."""
    wishes = list(_wishes(event))
    known: dict[str, Place] = {}
    for wish, origin, path in wishes:
        if wish.id and wish.id in known:
            yield Diagnostic(
                rules.DUPLICATE_ID,
                origin.tree.place(*path, "id"),
                f"there is a recommendation `{wish.id}` already, at {known[wish.id]}",
                "give each recommendation an identifier of its own",
            )
        elif wish.id:
            known[wish.id] = origin.tree.place(*path, "id")
    for wish, origin, path in wishes:
        if wish.same_as and wish.same_as not in known:
            yield Diagnostic(
                rules.UNKNOWN_RECOMMENDATION,
                origin.tree.place(*path, "same_as"),
                f"no recommendation has the id `{wish.same_as}`",
                nearest.hint(wish.same_as, list(known), "give the other recommendation this `id:`"),
            )
    yield from _alike(wishes)


_Wish: TypeAlias = tuple[Recommendation | SpeakerRecommendation, Origin, KeyPath]

_ALIKE = 88
"""From how alike on, of 100, two recommendations are taken for the same."""


def _alike(wishes: list[_Wish]) -> Iterator[Diagnostic]:
    # Imported here because most events have few recommendations to compare.
    from rapidfuzz import fuzz, process

    for position, (wish, origin, path) in enumerate(wishes):
        if wish.same_as:
            continue
        earlier = {i: w.text for i, (w, _, _) in enumerate(wishes[:position]) if not w.same_as}
        match = process.extractOne(
            wish.text, earlier, scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE
        )
        if match:
            other, other_origin, other_path = wishes[match[2]]
            yield Diagnostic(
                rules.ALIKE,
                origin.tree.place(*path, "text"),
                f"this is nearly the recommendation at {other_origin.tree.place(*other_path)}",
                f"if it is the same, write `same_as: {other.id or 'the id of that one'}` here",
            )


def _wishes(event: Event) -> Iterator[_Wish]:
    if event.summary:
        for index, wish in enumerate(event.summary.recommendations):
            yield wish, event.summary.origin, ("recommendations", index)
    for statement in event.statements:
        for index, asked in enumerate(statement.recommendations):
            yield asked, statement.origin, ("recommendations", index)


def _cited(event: Event) -> Iterator[tuple[Reference, Place]]:
    """Every well-formed citation in the Chairman's Summary, and its place."""
    if not event.summary or not event.summary.origin.document:
        return
    for mark in event.summary.text.references:
        place = event.summary.origin.document.place_in_body(mark.offset, len(mark.text) + 3)
        try:
            for target in reference.parse(mark.text):
                yield target, place
        except MalformedReference:
            continue
    for key, index, conclusion in conclusions(event):
        for position, target in enumerate(conclusion.evidence):
            yield target, event.summary.origin.tree.place(key, index, "evidence", position)


_Check: TypeAlias = Callable[[Event], Iterator[Diagnostic]]

CHECKS: tuple[_Check, ...] = (
    check_languages,
    check_translations,
    check_edition,
    check_pillars,
    check_chairs,
    check_participants,
    check_photographs,
    check_conclusion_references,
    check_dates,
    check_order,
    check_booklet,
    check_volumes,
    check_evidence,
    check_recommended_paragraphs,
    check_accepted,
    check_same_recommendations,
    check_clearance,
)
"""What is checked of the event as it was loaded."""

TEXT_CHECKS: tuple[_Check, ...] = (
    check_references,
    check_links,
    check_notes,
    check_calls,
    check_rows,
    check_definitions,
    check_quotations,
    check_acronyms,
)
"""What is checked of the texts of each edition."""


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
    yield from event.aside.values()


def _follow(event: Event, target: Reference, place: Place) -> Iterator[Diagnostic]:
    text = event.texts.get(target.target)
    if text is None and target.target in event.aside:
        text, part = event.aside[target.target][0], ""
    elif text is None and event.unreadable & {target.target, target.companion}:
        return
    else:
        part = "" if target.companion else _part(event, target.target)
    if text is None and target.companion and target.companion not in event.companions:
        yield Diagnostic(
            rules.UNKNOWN_COMPANION,
            place,
            f"no other report is called `{target.companion}`",
            nearest.hint(
                target.companion,
                list(event.companions),
                "name it under `companions` in event.yaml; of a paragraph write the number",
            ),
        )
        return
    if text is None:
        yield Diagnostic(
            rules.UNKNOWN_REFERENCE,
            place,
            f"there is no text `{target.target}`",
            nearest.hint(
                target.target,
                [*event.texts, *event.aside],
                "name the file with its folder and without .md, like 2-dialogue/03-mayor",
            ),
        )
        return
    if part and not event.prints(part):
        yield Diagnostic(
            rules.NOT_IN_REPORT,
            place,
            f"the report leaves out {target.target}: `{part}` is not in its order",
            f"name `{part}` under front or body in event.yaml",
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


def _part(event: Event, identity: str) -> str:
    """The part of the report that holds the text."""
    if identity in event.chapters:
        return identity
    if event.summary and identity == event.summary.id:
        return "chairmans-summary"
    session = identity.partition("/")[0]
    return session if event.prints(session) else "sessions"


_PROGRAMME_CHECKS = (check_dates, check_booklet, check_references, check_links)
"""What must hold before any statement has come in."""

"""What must hold for the indexes: terms, titles and acronyms have their counterparts in texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from report import acronyms, index, nearest, rules, symbols
from report.conclusions import conclude
from report.diagnostics import Diagnostic, Place
from report.index import Passage
from report.model import Event, Origin
from report.source import KeyPath


def check_indexes(event: Event) -> Iterator[Diagnostic]:
    """What event.yaml says of subjects and documents fits the texts."""
    if event.subjects or event.documents:
        said = index.passages(event, conclude(event))
        yield from _check_subjects(event, said)
        yield from _check_documents(event, said)


def check_acronyms(event: Event) -> Iterator[Diagnostic]:
    """What a report with a list of acronyms uses in its own language is in the list."""
    if not event.prints("acronyms"):
        return
    said = index.passages(event, conclude(event))
    texts = {i: text.html for i, text in index.texts(event) if text.language == event.language}
    explained = {acronym for html in texts.values() for acronym in acronyms.explained(html)}
    formulas = {formula for html in texts.values() for formula in acronyms.formulas(html)}
    own = (passage for passage in said if passage.text in texts)
    origins = _origins(event)
    for found in acronyms.unknown(own, explained.union(event.acronyms, formulas)):
        times = "once" if found.count == 1 else f"{found.count} times"
        yield Diagnostic(
            rules.UNKNOWN_ACRONYM,
            _first_use(origins[found.text], found.acronym),
            f"`{found.acronym}` is not in the list of acronyms; the texts use it {times}",
            f"add `{found.acronym}: what it stands for` to `acronyms:` in event.yaml",
        )


def _origins(event: Event) -> Mapping[str, Origin]:
    origins = {chapter.id: chapter.origin for chapter in event.chapters.values()}
    origins |= {session.id: session.origin for session in event.sessions}
    origins |= {statement.id: statement.origin for statement in event.statements}
    return origins | ({event.summary.id: event.summary.origin} if event.summary else {})


def _first_use(origin: Origin, acronym: str) -> Place:
    assert origin.document
    source = origin.document.source
    # What an expression in the summary makes stands nowhere in the file.
    use = re.search(rf"(?<![\w.-]){re.escape(acronym)}", source.text)
    return source.place_of(use.start(), len(acronym)) if use else source.place(1)


def _check_subjects(event: Event, said: Sequence[Passage]) -> Iterator[Diagnostic]:
    tree = event.origin.tree
    places = index.subject_places(event, said)
    terms: list[str] = []
    for number, subject in enumerate(event.subjects):
        place = tree.place("subjects", number, "term")
        if subject.term in terms:
            message = f"there is a subject `{subject.term}` already"
            yield Diagnostic(rules.DUPLICATE_ID, place, message, "join the two in one entry")
        elif not subject.see and not places[subject.term]:
            yield Diagnostic(
                rules.UNUSED_SUBJECT,
                place,
                f"no text speaks of `{subject.term}`, so the index leads nowhere",
                "add the words that the texts use to its `variants:`, or take it out",
            )
        terms.append(subject.term)
    for number, subject in enumerate(event.subjects):
        others: dict[KeyPath, str] = {("see",): subject.see} if subject.see else {}
        others |= {("see_also", position): term for position, term in enumerate(subject.see_also)}
        for path, term in others.items():
            if term not in terms:
                yield Diagnostic(
                    rules.UNKNOWN_SUBJECT,
                    tree.place("subjects", number, *path),
                    f"there is no subject `{term}` to look under",
                    nearest.hint(term, terms, "write a term of the list"),
                )


def _check_documents(event: Event, said: Sequence[Passage]) -> Iterator[Diagnostic]:
    cited = {entry.symbol for entry in index.documents(event, said)}
    known = {symbols.without_year(symbol) for symbol in cited}
    for symbol in event.documents:
        if symbols.without_year(symbol) not in known:
            tree = event.origin.tree
            yield Diagnostic(
                rules.UNCITED_DOCUMENT,
                tree.keys.get(("documents", symbol)) or tree.place("documents", symbol),
                f"no text cites {symbol}, so its title is not printed",
                nearest.hint(symbol, sorted(cited), "take it out, or mind how the texts write it"),
            )

"""What the symposium concluded, and what each conclusion rests on.

The Chairman's own recommendations and those that speakers made are merged into one list; those
that an editor joined with `same_as` become one. Numbers are given once and for all: a conclusion
that the lock file knows keeps its number, a new one takes the next that was never used.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from report import reference
from report.model import Event, Finding, Level, NumberedText, Statement
from report.reference import MalformedReference, Reference
from report.words import gettext_noop, words

ACROSS_PILLARS = gettext_noop("Across the pillars")
"""The message that heads what belongs to no one pillar."""

_SAME_TEXT = 85
"""How alike, of 100, a text must be to the locked one to be the same conclusion reworded."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A finding, a recommendation or a step of the way forward, as the report prints it.

    `speakers` are the statements whose speakers made the recommendation; the Chairman made it too
    when `is_chairmans`. `anchor` is its `id` in the report, `language` that of its text.
    """

    kind: str
    number: int
    text: str
    evidence: tuple[Reference, ...]
    pillar: str | None = None
    level: Level | None = None
    speakers: tuple[str, ...] = ()
    is_chairmans: bool = True
    language: str = ""

    @property
    def anchor(self) -> str:
        """The conclusion's `id` in the report."""
        return f"{self.kind}-{self.number}"


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in the Chairman's Summary that cites a paragraph: a conclusion, or a paragraph."""

    anchor: str
    paragraph: int = 0
    conclusion: Conclusion | None = None


@dataclass(frozen=True, slots=True)
class Conclusions:
    """All that was concluded, in the order in which the Chairman's Summary gives it."""

    findings: tuple[Conclusion, ...]
    recommendations: tuple[Conclusion, ...]
    way_forward: tuple[Conclusion, ...]

    def __iter__(self) -> Iterator[Conclusion]:
        return iter((*self.findings, *self.recommendations, *self.way_forward))


def conclude(event: Event) -> Conclusions:
    """Gather, merge and number the event's conclusions."""
    return Conclusions(
        findings=tuple(_listed(event, "finding", "findings")),
        recommendations=tuple(_recommendations(event).values()),
        way_forward=tuple(_listed(event, "step", "way_forward")),
    )


def numbering(event: Event) -> Mapping[str, int]:
    """The number of each recommendation by its identity, which is the same in every edition."""
    return {identity: wish.number for identity, wish in _recommendations(event).items()}


def by_pillar(
    event: Event, recommendations: Sequence[Conclusion]
) -> tuple[tuple[str, tuple[Conclusion, ...]], ...]:
    """Recommendations under the title of each pillar that has any, in the event's order.

    Those of no pillar come last.
    """
    pillars = [(pillar.id, pillar.title) for pillar in event.pillars]
    others = words(event.language).gettext(ACROSS_PILLARS)
    listed = (
        (title, tuple(c for c in recommendations if c.pillar == identity))
        for identity, title in [*pillars, (None, others)]
    )
    return tuple((title, found) for title, found in listed if found)


def citations(event: Event, conclusions: Conclusions) -> Mapping[tuple[str, int], list[Citation]]:
    """For each paragraph that the Chairman's Summary cites, where it does.

    A paragraph is given by its text's identity and its number.
    """
    cited: defaultdict[tuple[str, int], list[Citation]] = defaultdict(list)
    for target, citation in _citing(event, conclusions):
        for number in target.paragraphs:
            if citation not in cited[target.target, number]:
                cited[target.target, number].append(citation)
    return dict(cited)


def _citing(event: Event, conclusions: Conclusions) -> Iterator[tuple[Reference, Citation]]:
    summary = event.summary
    if not summary:
        return
    for number, mark in summary.text.citing:
        for target in _references(mark):
            yield target, Citation(f"{summary.id}:{number}", number)
    for conclusion in conclusions:
        inline = chain.from_iterable(
            _references(mark[1]) for mark in reference.MARK.finditer(conclusion.text)
        )
        for target in (*conclusion.evidence, *inline):
            yield target, Citation(conclusion.anchor, conclusion=conclusion)


def _references(mark: str) -> tuple[Reference, ...]:
    try:
        return reference.parse(mark)
    except MalformedReference:
        return ()


def _listed(event: Event, kind: str, key: str) -> Iterator[Conclusion]:
    if not event.summary:
        return
    findings: tuple[Finding, ...] = getattr(event.summary, key)
    language = event.language_of(event.summary.id, key)
    for number, finding in enumerate(findings, start=1):
        yield Conclusion(
            kind, number, finding.text, finding.evidence, finding.pillar, language=language
        )


def _recommendations(event: Event) -> Mapping[str, Conclusion]:
    """Each recommendation by its identity, in the order of the report."""
    merged: dict[str, Conclusion] = {}
    for identity, same_as, conclusion in _proposed(event):
        if same_as in merged:
            merged[same_as] = _joined(merged[same_as], conclusion)
        else:
            merged[identity] = conclusion
    pillars = [pillar.id for pillar in event.pillars]
    in_order = sorted(merged.items(), key=lambda entry: _place_in_print(entry[1], pillars))
    return _numbered(dict(in_order), event.numbering, event.accepted.recommendations)


def _place_in_print(conclusion: Conclusion, pillars: Sequence[str]) -> tuple[int, int]:
    """By pillar in the event's order, what cuts across all at the end; by level within each."""
    known = conclusion.pillar in pillars
    place = pillars.index(conclusion.pillar) if known and conclusion.pillar else len(pillars)
    return place, list(Level).index(conclusion.level) if conclusion.level else 0


def _proposed(event: Event) -> Iterator[tuple[str, str, Conclusion]]:
    """Each recommendation, its identity and the one it repeats; the Chairman's come first."""
    summary = event.summary
    for index, wish in enumerate(summary.recommendations if summary else ()):
        assert summary
        conclusion = Conclusion(
            "recommendation",
            0,
            wish.text,
            wish.evidence,
            wish.pillar,
            wish.level,
            language=event.language_of(summary.id, "recommendations"),
        )
        yield wish.id or f"chairman/{index}", wish.same_as, conclusion
    for statement in event.statements:
        yield from _wishes(event, statement)


def _wishes(event: Event, statement: Statement) -> Iterator[tuple[str, str, Conclusion]]:
    for index, wish in enumerate(statement.recommendations):
        ranges = ((wish.paragraph, wish.paragraph),) if wish.paragraph else ()
        conclusion = Conclusion(
            "recommendation",
            0,
            wish.text,
            (Reference(statement.id, ranges),),
            wish.pillar,
            wish.level,
            speakers=(statement.id,),
            is_chairmans=False,
            language=event.language_of(statement.id, "recommendations"),
        )
        yield wish.id or f"{statement.id}/{index}", wish.same_as, conclusion


def _joined(first: Conclusion, second: Conclusion) -> Conclusion:
    """One of two that are the same, with the evidence of both, but no paragraph a second time."""
    cited = {(place.target, number) for place in first.evidence for number in place.paragraphs}
    more = (
        place
        for place in second.evidence
        if not place.ranges or {(place.target, number) for number in place.paragraphs} - cited
    )
    evidence = tuple(dict.fromkeys((*first.evidence, *more)))
    speakers = tuple(dict.fromkeys((*first.speakers, *second.speakers)))
    return replace(first, evidence=evidence, speakers=speakers)


def _numbered(
    conclusions: Mapping[str, Conclusion], given: Mapping[str, int], locked: Sequence[NumberedText]
) -> Mapping[str, Conclusion]:
    """Give each conclusion the number given or locked, or the next that was never used."""
    texts = {identity: conclusion.text for identity, conclusion in conclusions.items()}
    numbers = dict(given or _known_numbers(texts, locked))
    following = max((*(entry.number for entry in locked), *numbers.values()), default=0) + 1
    for identity in conclusions:
        if identity not in numbers:
            numbers[identity] = following
            following += 1
    return {key: replace(each, number=numbers[key]) for key, each in conclusions.items()}


def _known_numbers(texts: Mapping[str, str], locked: Sequence[NumberedText]) -> dict[str, int]:
    """The locked number of each text that the lock knows: word for word first, then reworded."""
    # Imported here, as most builds have no conclusions to look for.
    from rapidfuzz import fuzz, process

    exact = {entry.text: entry.number for entry in locked}
    numbers = {key: exact[text] for key, text in texts.items() if text in exact}
    free = {entry.number: entry.text for entry in locked if entry.number not in numbers.values()}
    for key, text in texts.items():
        if key in numbers or not free:
            continue
        match = process.extractOne(text, free, scorer=fuzz.ratio, score_cutoff=_SAME_TEXT)
        if match:
            numbers[key] = match[2]
            del free[match[2]]
    return numbers

"""The symposium at a glance: what there was how much of, ready to be drawn and told.

Only counts, no shapes: `plot` draws them, and a table says the same in words and numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from report.conclusions import ACROSS_PILLARS
from report.languages import language_name
from report.model import Category, Event, Region, Session, Statement

NO_REGION = "Worldwide, or not stated"
"""Who represents no one region."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One of the things compared, and how much of it there is."""

    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A comparison in bars.

    `id` is its anchor in the report, `subject` what the bars stand for, `unit` what is counted.
    """

    id: str
    title: str
    subject: str
    unit: str
    bars: tuple[Bar, ...]

    @property
    def total(self) -> int:
        """The sum of all bars."""
        return sum(bar.value for bar in self.bars)

    @property
    def alternative(self) -> str:
        """The chart in words, for those who do not see it (ISO 14289-1, 7.3; WCAG 2.2, 1.1.1)."""
        told = "; ".join(f"{bar.label}: {bar.value}" for bar in self.bars)
        return f"Bar chart. {self.title}: {told}. In all: {self.total} {self.unit}."


def at_a_glance(event: Event) -> tuple[Chart, ...]:
    """The charts of an event; one that has fewer than two things to compare is left out."""
    charts = (
        _statements(event, "session", "Session", _sessions(event), _session_of(event)),
        _statements(event, "pillar", "Pillar", _pillars(event), _pillar_of(event)),
        _statements(event, "category of speaker", "Category", _categories(), _category),
        _statements(event, "region", "Region", _regions(), _region),
        _statements(event, "language", "Language", _languages(event), _language),
        _speaking_time(event),
    )
    return tuple(chart for chart in charts if len(chart.bars) > 1)


def _statements(
    event: Event,
    by: str,
    subject: str,
    labels: Iterable[str],
    label: Callable[[Statement], str],
) -> Chart:
    """Count the statements by their label, in the order of `labels`, leaving out what has none."""
    counts = Counter(map(label, event.statements))
    bars = tuple(Bar(name, counts[name]) for name in labels if counts[name])
    return Chart(_anchor(f"statements by {by}"), f"Statements by {by}", subject, "statements", bars)


def _speaking_time(event: Event) -> Chart:
    bars = tuple(
        Bar(_numbered(session), minutes)
        for session in event.sessions
        if (minutes := sum(statement.minutes or 0 for statement in session.statements))
    )
    title = "Speaking time by session, in minutes"
    return Chart(_anchor("speaking time by session"), title, "Session", "minutes", bars)


def _anchor(words: str) -> str:
    return "chart-" + words.replace(" ", "-")


def _sessions(event: Event) -> Iterator[str]:
    return map(_numbered, event.sessions)


def _session_of(event: Event) -> Callable[[Statement], str]:
    return _by_session(event, _numbered)


def _pillars(event: Event) -> Sequence[str]:
    return [*(pillar.title for pillar in event.pillars), ACROSS_PILLARS]


def _pillar_of(event: Event) -> Callable[[Statement], str]:
    titles = {pillar.id: pillar.title for pillar in event.pillars}
    return _by_session(event, lambda session: titles.get(session.pillar or "", ACROSS_PILLARS))


def _by_session(event: Event, label: Callable[[Session], str]) -> Callable[[Statement], str]:
    """What a label of sessions makes of the statements that were delivered in them."""
    labels = {s.id: label(session) for session in event.sessions for s in session.statements}
    return lambda statement: labels[statement.id]


def _numbered(session: Session) -> str:
    return f"{session.number}. {session.heading}"


def _categories() -> Iterator[str]:
    return (category.heading for category in Category)


def _category(statement: Statement) -> str:
    return statement.category.heading


def _regions() -> Sequence[str]:
    return [*(region.heading for region in Region), NO_REGION]


def _region(statement: Statement) -> str:
    return statement.region.heading if statement.region else NO_REGION


def _languages(event: Event) -> Iterator[str]:
    """The languages, that of the most statements first."""
    counts = Counter(map(_language, event.statements))
    return iter(sorted(counts, key=lambda name: (-counts[name], name)))


def _language(statement: Statement) -> str:
    return language_name(statement.language)

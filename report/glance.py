"""The symposium at a glance: what there was how much of, ready to be drawn and told.

Only counts, no shapes: `plot` draws them, and a table says the same in words and numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from report.conclusions import ACROSS_PILLARS
from report.model import Category, Event, Region, Session, Statement
from report.words import Words, gettext_noop, words

NO_REGION = gettext_noop("Worldwide, or not stated")
"""The message for those who represent no one region."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One of the things compared, and how much of it there is."""

    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A comparison in bars.

    `id` is its anchor in the report, `subject` what the bars stand for, `unit` what is counted.
    `alternative` is the chart in words, for those who do not see it (ISO 14289-1, 7.3; WCAG 2.2,
    1.1.1).
    """

    id: str
    title: str
    subject: str
    unit: str
    bars: tuple[Bar, ...]
    alternative: str

    @property
    def total(self) -> int:
        """The sum of all bars."""
        return sum(bar.value for bar in self.bars)


def at_a_glance(event: Event) -> tuple[Chart, ...]:
    """The charts of an event; one that has fewer than two things to compare is left out."""
    return tuple(chart for chart in _Counting(event).charts() if len(chart.bars) > 1)


class _Counting:
    """The charts of one event, in its words."""

    def __init__(self, event: Event) -> None:
        self._event = event
        self._words = words(event.language)
        self._sessions = {s.id: session for session in event.sessions for s in session.statements}
        self._pillars = {pillar.id: pillar.title for pillar in event.pillars}

    def charts(self) -> Iterator[Chart]:
        own = self._words
        yield self._statements(
            "session",
            own.gettext("Statements by session"),
            own.gettext("Session"),
            map(self._numbered, self._event.sessions),
            lambda statement: self._numbered(self._sessions[statement.id]),
        )
        yield self._statements(
            "pillar",
            own.gettext("Statements by pillar"),
            own.gettext("Pillar"),
            [*self._pillars.values(), own.gettext(ACROSS_PILLARS)],
            self._pillar,
        )
        yield self._statements(
            "category-of-speaker",
            own.gettext("Statements by category of speaker"),
            own.gettext("Category"),
            (own.gettext(category.heading) for category in Category),
            lambda statement: own.gettext(statement.category.heading),
        )
        yield self._statements(
            "region",
            own.gettext("Statements by region"),
            own.gettext("Region"),
            map(own.gettext, [*(region.heading for region in Region), NO_REGION]),
            lambda statement: own.gettext(
                statement.region.heading if statement.region else NO_REGION
            ),
        )
        yield self._statements(
            "language",
            own.gettext("Statements by language"),
            own.gettext("Language"),
            self._languages(),
            self._language,
        )
        yield self._speaking_time()

    def _statements(
        self,
        by: str,
        title: str,
        subject: str,
        labels: Iterable[str],
        label: Callable[[Statement], str],
    ) -> Chart:
        """Count the statements by their label, in the order of `labels`, without what has none."""
        counts = Counter(map(label, self._event.statements))
        bars = tuple(Bar(name, counts[name]) for name in labels if counts[name])
        unit = self._words.gettext("Statements")
        return _chart(self._words, f"chart-statements-by-{by}", title, subject, unit, bars)

    def _speaking_time(self) -> Chart:
        bars = tuple(
            Bar(self._numbered(session), minutes)
            for session in self._event.sessions
            if (minutes := sum(statement.minutes or 0 for statement in session.statements))
        )
        return _chart(
            self._words,
            "chart-speaking-time-by-session",
            self._words.gettext("Speaking time by session, in minutes"),
            self._words.gettext("Session"),
            self._words.gettext("Minutes"),
            bars,
        )

    def _numbered(self, session: Session) -> str:
        return self._words.gettext(
            "%(number)s. %(title)s", number=session.number, title=session.heading
        )

    def _pillar(self, statement: Statement) -> str:
        pillar = self._pillars.get(self._sessions[statement.id].pillar or "")
        return pillar or self._words.gettext(ACROSS_PILLARS)

    def _languages(self) -> Sequence[str]:
        """The languages, that of the most statements first."""
        counts = Counter(map(self._language, self._event.statements))
        return sorted(counts, key=lambda name: (-counts[name], name))

    def _language(self, statement: Statement) -> str:
        return self._words.language_name(statement.language)


def _chart(
    own: Words, identity: str, title: str, subject: str, unit: str, bars: tuple[Bar, ...]
) -> Chart:
    told = own.enumerated(
        own.gettext("%(label)s: %(value)s", label=bar.label, value=bar.value) for bar in bars
    )
    alternative = own.gettext(
        "Bar chart. %(title)s: %(bars)s. In all: %(total)s.",
        title=title,
        bars=told,
        total=sum(bar.value for bar in bars),
    )
    return Chart(identity, title, subject, unit, bars, alternative)

"""Speaking time: how long a statement takes to deliver, against the minutes it was given.

Interpreters can follow 100 to 120 English words a minute, and 150 to 180 Chinese syllables
(Changshuan Li, "Coping Strategies for Fast Delivery in Simultaneous Interpretation", Journal of
Specialised Translation 13, 2010); a Chinese character is a syllable. The rates of the other
languages are those of English by the usual length of a translation, in words. An event that knows
better says so by `speaking_rates` in event.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from report import rules
from report.diagnostics import Diagnostic
from report.model import Event, Statement

RATES = {"en": 120, "fr": 130, "es": 130, "ru": 100, "ar": 100, "zh": 180}
"""Words a minute by language; in Chinese, characters."""

_OTHERWISE = 120
_CHINESE_CHARACTER = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")


@dataclass(frozen=True, slots=True)
class Timing:
    """A statement's length in words (in Chinese, characters), and in minutes to a tenth."""

    statement: Statement
    words: int
    minutes: float

    @property
    def over(self) -> float | None:
        """Minutes over the time allotted, negative when under it; None when none was allotted."""
        allotted = self.statement.minutes
        return None if allotted is None else self.minutes - allotted


def timings(event: Event) -> tuple[Timing, ...]:
    """How long each statement takes, in the order of delivery."""
    return tuple(_timing(statement, event) for statement in event.statements)


def check_speaking_time(event: Event) -> Iterator[Diagnostic]:
    """No statement takes longer than the minutes that it was given.

    It is no part of `check`: a text that was handed in may be longer than what was said.
    """
    for timing in timings(event):
        if timing.over is not None and timing.over > 0:
            yield Diagnostic(
                rules.TOO_LONG,
                timing.statement.origin.tree.place("minutes"),
                f"{timing.words} words take {timing.minutes:.1f} minutes,"
                f" {timing.over:.1f} more than allotted",
                "check the text against delivery, or the minutes;"
                " `speaking_rates` in event.yaml sets the words a minute",
            )


def _timing(statement: Statement, event: Event) -> Timing:
    words = _length(statement)
    return Timing(statement, words, round(words / _rate(statement.language, event), 1))


def _length(statement: Statement) -> int:
    if statement.language.partition("-")[0] == "zh":
        return sum(len(_CHINESE_CHARACTER.findall(text)) for text in statement.text.paragraphs)
    return statement.text.words


def _rate(language: str, event: Event) -> int:
    """The rate of a language, or of the language that it is a variant of."""
    rates = {**RATES, **event.speaking_rates}
    return rates.get(language) or rates.get(language.partition("-")[0], _OTHERWISE)

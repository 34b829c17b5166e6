"""Failure: why a unit could not be typeset, and what stands in its place if the rest is wanted.

A failure is a value: a worker sends it, and the other units go on. Only what the machine lacks,
such as room on its disk, is an exception, since it concerns them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING

from lxml.html import fragment_fromstring

from report import rules
from report.diagnostics import Diagnostic, Rule
from report.languages import direction
from report.quota import Allowance, OutOfTimeError
from report.unit import Unit
from report.words import words

if TYPE_CHECKING:
    from report.model import Event


@dataclass(frozen=True, slots=True)
class Failure:
    """The unit that could not be typeset, the rule that tells of it, and the reason in words."""

    unit: str
    rule: Rule
    reason: str


class UnitsFailedError(RuntimeError):
    """Some units could not be typeset: their failures by the ids of the units."""

    def __init__(self, failures: Mapping[str, Failure]):
        super().__init__("; ".join(f"{each.unit}: {each.reason}" for each in failures.values()))
        self.failures = failures


def failure(unit: str, error: BaseException, allowance: Allowance) -> Failure:
    """What an exception in typesetting means for its unit."""
    match error:
        case OutOfTimeError():
            return Failure(unit, rules.UNIT_TOO_SLOW, str(error))
        case MemoryError():
            reason = f"it takes more than {allowance.megabytes} megabytes"
            return Failure(unit, rules.UNIT_TOO_LARGE, reason)
        case BrokenExecutor():
            reason = "the process that typeset it ended: it took too much, or was ended"
            return Failure(unit, rules.UNIT_FAILED, reason)
        case RecursionError():
            reason = "too many elements stand one within the other"
            return Failure(unit, rules.UNIT_FAILED, reason)
    return Failure(unit, rules.UNIT_FAILED, f"{type(error).__name__}: {error}")


def told(failures: Mapping[str, Failure], event: Event) -> tuple[Diagnostic, ...]:
    """The failures as diagnostics at the files that the units were made from."""
    hints = {
        rules.UNIT_TOO_SLOW: "divide or simplify it; `unit_seconds` under `limits` allows more",
        rules.UNIT_TOO_LARGE: "divide or simplify it; `unit_megabytes` under `limits` allows more",
        rules.UNIT_FAILED: "simplify it, and report what it was; --keep-going makes the rest",
    }
    return tuple(
        Diagnostic(
            each.rule,
            event.origins.get(each.unit, event.origin).tree.place(),
            f"{each.unit} cannot be typeset: {each.reason}",
            hints[each.rule],
        )
        for each in failures.values()
    )


def stand_in(unit: Unit, failure: Failure, language: str) -> Unit:
    """A page that says what is missing, with all places to which other units may link.

    `language` is that of the report; the reason is told in English, as all diagnostics are.
    """
    body = fragment_fromstring(unit.html, create_parent="div")
    names = [name for element in body.iter() if (name := element.get("id"))]
    heading = f"h{min(6, unit.level + 1)}"
    told = words(language).gettext(
        "This part is missing from this copy of the report: %(reason)s.", reason=failure.reason
    )
    anchors = "".join(f'<span id="{escape(name)}"></span>' for name in names)
    html = (
        f"<section><{heading}>{escape(unit.title)}</{heading}>"
        f'<p class="unavailable" lang="{escape(language)}" dir="{direction(language)}">{anchors}'
        f"{escape(told)}</p></section>"
    )
    return replace(unit, html=html, images={}, slides={})

"""The lock file of the Chairman's Summary: what was accepted on its last review.

It lies beside the summary and is written by `build.py accept` alone. It keeps a fingerprint of each
cited paragraph, so that a later change of a statement is seen, and the number of each
recommendation, so that an inserted one never renumbers those of an issued edition.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import yaml

from report.conclusions import citations, conclude
from report.model import Event
from report.wording import as_compared

_HEAD = """\
# Written by `build.py accept` after a review of the Chairman's Summary. Keep it with the event, and
# do not edit it. `citations` shows when a cited paragraph changes; `recommendations` keeps numbers.
"""


def fingerprints(event: Event) -> Mapping[str, str]:
    """A fingerprint of each paragraph that the Chairman's Summary cites, by `identity:number`.

    Citations that lead nowhere are left out: another check tells them.
    """
    cited = citations(event, conclude(event))
    return {
        f"{identity}:{number}": _fingerprint(event.texts[identity].paragraphs[number - 1])
        for identity, number in sorted(cited)
        if identity in event.texts and number <= len(event.texts[identity].paragraphs)
    }


def lock(event: Event) -> str:
    """The text of the lock file for the event as it stands.

    A recommendation that is no longer made keeps its entry: its number is never given anew.
    """
    numbers = {entry.number: entry.text for entry in event.accepted.recommendations}
    numbers |= {wish.number: wish.text for wish in conclude(event).recommendations}
    content = {
        "citations": dict(fingerprints(event)),
        "recommendations": [{"number": n, "text": text} for n, text in sorted(numbers.items())],
    }
    return _HEAD + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=10_000)


def is_accepted(event: Event) -> bool:
    """Whether the Chairman's Summary says, cites and recommends what was accepted of it.

    An event without a summary has nothing to accept.
    """
    numbers = {(entry.number, entry.text) for entry in event.accepted.recommendations}
    return fingerprints(event).items() <= event.accepted.citations.items() and all(
        (wish.number, wish.text) in numbers for wish in conclude(event).recommendations
    )


def _fingerprint(text: str) -> str:
    """Tell texts apart by their words and signs: another dash or space is no change of them."""
    return hashlib.sha256(" ".join(as_compared(text)).encode()).hexdigest()[:16]

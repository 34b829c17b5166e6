"""How the report calls its texts and their paragraphs."""

from __future__ import annotations

from report.model import Event
from report.reference import Reference
from report.typography import smarten


def name(event: Event, identity: str) -> str:
    """How the report calls a text that is referred to; raises `KeyError` for one it has not."""
    if identity in event.chapters:
        return event.chapters[identity].title
    if event.summary and identity == event.summary.id:
        return "Chairman's Summary"
    for session in event.sessions:
        if session.id == identity:
            return f"Session {session.number}, discussion"
        for statement in session.statements:
            if statement.id == identity:
                return statement.byline
    raise KeyError(identity)


def label(event: Event, target: Reference) -> str:
    """How the report calls a place: `Mayor, Member State C, paras. 4–6`.

    Raises `KeyError` when the report has no such text.
    """
    text = smarten(name(event, target.target))
    spans = [f"{a}" if a == b else f"{a}\u2013{b}" for a, b in target.ranges]
    if not spans:
        return text
    one = len(spans) == 1 and target.ranges[0][0] == target.ranges[0][1]
    return f"{text}, {'para.' if one else 'paras.'}\u00a0{', '.join(spans)}"

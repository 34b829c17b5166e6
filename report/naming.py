"""How the report calls its texts, their paragraphs, and what was concluded, in its own language."""

from __future__ import annotations

from report.conclusions import Conclusion
from report.model import Event, Session
from report.reference import Reference
from report.typography import smarten
from report.words import Words, words


def name(event: Event, identity: str) -> str:
    """How the report calls a text that is referred to; raises `KeyError` for one it has not."""
    if identity in event.chapters:
        return event.chapters[identity].title
    if event.summary and identity == event.summary.id:
        return words(event.language).gettext("Chairman’s Summary")
    for session in event.sessions:
        if session.id == identity:
            return words(event.language).gettext(
                "Session %(number)s, discussion", number=session.number
            )
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
    own = words(event.language)
    count = sum(last - first + 1 for first, last in target.ranges)
    return own.line((text, paragraphs(own, own.listed(spans), count)))


def paragraphs(own: Words, numbers: object, count: int) -> str:
    """What numbers of paragraphs are called: para. 4."""
    return own.ngettext(
        "para.\u00a0%(paragraphs)s", "paras.\u00a0%(paragraphs)s", count, paragraphs=numbers
    )


def session_title(event: Event, session: Session) -> str:
    """A session with its number and its title."""
    return _numbered(event, session, session.title)


def session_heading(event: Event, session: Session) -> str:
    """A session with its number and its title where room is short."""
    return _numbered(event, session, session.heading)


def _numbered(event: Event, session: Session, title: str) -> str:
    return words(event.language).gettext(
        "Session %(number)s. %(title)s", number=session.number, title=title
    )


def conclusion(event: Event, concluded: Conclusion) -> str:
    """How other parts of the report call a conclusion: recommendation 4."""
    own, number = words(event.language), concluded.number
    match concluded.kind:
        case "finding":
            return own.gettext("finding %(number)s", number=number)
        case "recommendation":
            return own.gettext("recommendation %(number)s", number=number)
        case _:
            return own.gettext("way forward %(number)s", number=number)


def full_title(event: Event) -> str:
    """The event's title, with its part when it has several."""
    title = smarten(event.title)
    if not event.part:
        return title
    return words(event.language).gettext(
        "%(title)s (Part %(number)s)", title=title, number=event.part
    )


def edition(event: Event) -> str:
    """The event's edition as the imprint tells it: 1 (provisional), 12 December 2011."""
    own, told = words(event.language), event.edition
    if not told:
        return ""
    number = str(told.number)
    if told.status.remark:
        remark = own.gettext(told.status.remark)
        number = own.gettext("%(number)s (%(remark)s)", number=number, remark=remark)
    return own.line((number, own.day(told.date)))

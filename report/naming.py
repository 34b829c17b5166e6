"""How the report calls its texts, their paragraphs, and what was concluded, in its own language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from report.companion import TextKind
from report.conclusions import Conclusion
from report.model import Event, Session, Statement
from report.numerals import roman
from report.reference import Reference
from report.typography import smarten
from report.words import Words, gettext_noop, words


@dataclass(frozen=True, slots=True)
class VolumeHead:
    """How a volume is called: Volume II: Statements. The only volume has neither name nor number.

    `numeral` is its number in print, II; `cited` is how references give it (United Nations
    Editorial Manual): vol. II.
    """

    number: int = 0
    title: str = ""
    numeral: str = ""
    name: str = ""
    cited: str = ""

    @property
    def id(self) -> str:
        """The `id` of the place where it begins."""
        return f"volume-{self.number}"

    def own(self, part: str) -> str:
        """The `id` of a part that each volume has, such as its cover."""
        return f"{self.id}/{part}" if self.number else part


def volumes(event: Event) -> tuple[VolumeHead, ...]:
    """The volumes of the report in their order."""
    if not event.volumes:
        return (VolumeHead(),)
    named = enumerate(event.volumes, start=1)
    return tuple(_volume(words(event.language), number, v.title) for number, v in named)


def _volume(own: Words, number: int, title: str) -> VolumeHead:
    title, numeral = smarten(title, own.language), roman(number).upper()
    name = own.gettext("Volume\u00a0%(numeral)s: %(title)s", numeral=numeral, title=title)
    return VolumeHead(number, title, numeral, name, _cited(own, number))


def _cited(own: Words, volume: int) -> str:
    return own.gettext("vol.\u00a0%(numeral)s", numeral=roman(volume).upper())


def volume_heads(event: Event) -> Mapping[str, VolumeHead]:
    """The volume that holds each part of the report and each text, by its identity."""
    heads = {}
    for head, volume in zip(volumes(event), event.bound, strict=True):
        for part in (*volume.front, *volume.body):
            heads[part] = head
            heads |= {identity: head for identity, _ in event.texts_in(part)}
    return heads


def name(event: Event, identity: str) -> str:
    """How the report calls a text that is referred to; raises `KeyError` for one it has not."""
    own = words(event.language)
    if identity in event.companion_texts:
        return _in_companion(event, identity)
    if identity in event.chapters:
        return event.chapters[identity].title
    if event.summary and identity == event.summary.id:
        return own.gettext(_SUMMARY)
    for session in event.sessions:
        if session.id == identity:
            return own.gettext(_DISCUSSION, number=session.number)
        for statement in session.statements:
            if statement.id == identity:
                return byline(event, statement)
    raise KeyError(identity)


_SUMMARY = gettext_noop("Chairman’s Summary")
_DISCUSSION = gettext_noop("Session %(number)s, discussion")


def _in_companion(event: Event, identity: str) -> str:
    """How a text of another report is called: Mayor, Member State C, Part 1."""
    own, text = words(event.language), event.companion_texts[identity]
    report = event.companions[identity.partition(":")[0]].report
    match text.kind:
        case TextKind.SESSION:
            called = own.gettext(_DISCUSSION, number=text.name)
        case TextKind.SUMMARY:
            called = own.gettext(_SUMMARY)
        case _:
            called = text.name
    part = own.gettext("Part %(number)s", number=report.part) if report.part else report.title
    volume = _cited(own, text.volume) if text.volume else ""
    return own.line((called, part, volume))


def label(event: Event, target: Reference, volume: str = "") -> str:
    """How the report calls a place: `Mayor, Member State C, vol. II, paras. 4–6`.

    `volume` names the volume where that needs saying. Raises `KeyError` for a text that the report
    has not.
    """
    own = words(event.language)
    text = own.line((smarten(name(event, target.target), event.language), volume))
    spans = [f"{a}" if a == b else f"{a}\u2013{b}" for a, b in target.ranges]
    if not spans:
        return text
    count = sum(last - first + 1 for first, last in target.ranges)
    return own.line((text, paragraphs(own, own.listed(spans), count)))


def paragraphs(own: Words, numbers: object, count: int) -> str:
    """What numbers of paragraphs are called: para. 4."""
    return own.ngettext(
        "para.\u00a0%(paragraphs)s", "paras.\u00a0%(paragraphs)s", count, paragraphs=numbers
    )


def byline(event: Event, statement: Statement) -> str:
    """Who spoke: a person by name, an office with its affiliation."""
    return words(event.language).line(statement.byline)


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
            return own.gettext("finding\u00a0%(number)s", number=number)
        case "recommendation":
            return own.gettext("recommendation\u00a0%(number)s", number=number)
        case _:
            return own.gettext("way forward\u00a0%(number)s", number=number)


def full_title(event: Event) -> str:
    """The event's title, with its part when it has several."""
    title = smarten(event.title, event.language)
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

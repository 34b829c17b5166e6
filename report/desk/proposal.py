"""Proposals: the changes to an event's texts that somebody asks for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from report.desk.rewording import Rewording
from report.wordtext import Hand


class State(StrEnum):
    """What can be done with a proposal."""

    OPEN = "open"
    """It can be made by itself."""

    MADE = "made"
    """The text says already what is proposed."""

    BY_HAND = "by hand"
    """Only a person can make it; the proposal says why."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that is proposed: old words between those beside them, and new ones.

    `file` is the file of the text, relative to the event's folder; for what stands in no text it is
    empty. `paragraph` is its number, or 0. `hands` are those who tracked it: none, if nobody did.
    """

    number: int
    file: str
    name: str
    paragraph: int
    before: str
    old: str
    new: str
    after: str
    hands: tuple[Hand, ...]
    state: State = State.BY_HAND
    reason: str = ""
    rewording: Rewording | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment, at the place that it is on."""

    name: str
    paragraph: int
    hand: Hand
    words: str


@dataclass(frozen=True, slots=True)
class Returned:
    """What a file that came back proposes.

    `is_complete` is whether it still holds what was sent: without that, only tracked changes are
    known. `absent` are the texts of which it has no paragraph.
    """

    proposals: tuple[Proposal, ...]
    remarks: tuple[Remark, ...]
    is_complete: bool
    absent: tuple[str, ...] = ()

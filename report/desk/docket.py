"""The docket: proposals as lines for the terminal, `{-what goes-}` and `{+what comes+}`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from rich.text import Text

from report.desk.proposal import Proposal, Remark, Returned, State
from report.wordtext import Hand

_LONGEST = 300
"""How many characters of a paragraph that comes or goes as a whole are shown."""


def docket(returned: Returned, refused: Collection[int]) -> Iterator[Text]:
    """Every proposal under the text that it is for, then the comments."""
    heading = None
    for proposal in returned.proposals:
        if heading != (proposal.file, proposal.name):
            heading = proposal.file, proposal.name
            yield _heading(proposal)
        yield line(proposal, is_refused=proposal.number in refused)
    if returned.remarks:
        yield Text("Comments", style="bold")
        yield from map(_remark, returned.remarks)


def _heading(proposal: Proposal) -> Text:
    if not proposal.file:
        return Text("Outside of the texts", style="bold")
    return Text(proposal.file, style="bold").append(f"  {proposal.name}", style="not bold")


def line(proposal: Proposal, *, is_refused: bool = False) -> Text:
    """A proposal in one line: its number, place and words, whose it is, and where it stands."""
    told = Text(f"{proposal.number:4}  ")
    if proposal.paragraph:
        told.append(f"para. {proposal.paragraph}: ")
    told.append(f"{proposal.before} " if proposal.before else "")
    if proposal.old:
        told.append(f"{{-{_short(proposal.old)}-}}", style="red")
    if proposal.old and proposal.new:
        told.append(" ")
    if proposal.new:
        told.append(f"{{+{_short(proposal.new)}+}}", style="green")
    told.append(_joined(proposal.after))
    told.append(f"  ({_hands(proposal.hands)})", style="dim")
    if is_refused:
        told.append("  refused", style="yellow")
    elif proposal.state is State.MADE:
        told.append("  made already", style="cyan")
    elif proposal.state is State.BY_HAND:
        told.append(f"\n        by hand: {proposal.reason}", style="yellow")
    return told


def _joined(after: str) -> str:
    """The words after a change, without a space before a sign that ends something."""
    return after if not after or re.match(r"[.,;:!?)\]\u201d\u2019]", after) else f" {after}"


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}\u2026"


def _hands(hands: tuple[Hand, ...]) -> str:
    return "; ".join(map(_hand, hands)) or "not tracked"


def _hand(hand: Hand) -> str:
    """Who changed something, and when, to the minute: Jane Doe, 2011-12-12 14:05."""
    moment = hand.date[:16].replace("T", " ")
    return ", ".join(filter(None, (hand.author or "somebody", moment)))


def _remark(remark: Remark) -> Text:
    place = remark.name + (f", para. {remark.paragraph}" if remark.paragraph else "")
    told = Text("      ").append(f"{place}: " if place else "").append(remark.words)
    return told.append(f"  ({_hand(remark.hand)})", style="dim")


def tally(returned: Returned, refused: Collection[int]) -> str:
    """How many proposals there are, and where they stand: 5 changes proposed: 3 open, 2 made."""
    every = returned.proposals
    counts = dict.fromkeys(State, 0)
    for proposal in every:
        counts[proposal.state] += proposal.number not in refused
    parts = [f"{count} {state}" for state, count in counts.items() if count]
    if turned := sum(proposal.number in refused for proposal in every):
        parts.append(f"{turned} refused")
    number = f"{len(every)} change{'' if len(every) == 1 else 's'} proposed"
    return f"{number}: {', '.join(parts)}" if parts else number

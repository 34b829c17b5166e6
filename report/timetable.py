"""The timetable of the programme: sessions in their order, and the breaks between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from report.model import Event, Hours, Session


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of the day: a session, or a break when there is none."""

    time: Hours
    session: Session | None = None


def timetable(event: Event) -> Iterator[Slot]:
    """The sessions, with a break wherever one begins later than the one before it ended.

    A session that begins earlier than the one before it is the first of another day.
    """
    end: int | None = None
    for session in event.sessions:
        if end is not None and session.time.start > end:
            yield Slot(Hours(end, session.time.start))
        yield Slot(session.time, session)
        end = session.time.end

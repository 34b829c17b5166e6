"""The programme booklet, which is handed out before the event: what of an event is in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from report.markup import Text
from report.model import Event, Participants, Picture, Session, Statement

BIOGRAPHIES = "biographies"
"""The identity of the part that tells who the speakers are."""

BOOKLET_PARTS = ("cover", "programme", BIOGRAPHIES)
"""The parts that every booklet has, before its chapters."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who speaks, once or more often; `anchors` are the identities of the statements."""

    name: str
    function: str
    affiliation: str
    biography: str
    face: Picture | None
    sessions: tuple[Session, ...]
    anchors: tuple[str, ...]


def speakers(event: Event) -> Iterator[Speaker]:
    """Those who speak, in the order in which they first do."""
    heard: dict[tuple[str, str], list[tuple[Session, Statement]]] = {}
    for session in event.sessions:
        for statement in session.statements:
            who = statement.speaker, statement.affiliation
            heard.setdefault(who, []).append((session, statement))
    for (name, affiliation), times in heard.items():
        statements = [statement for _, statement in times]
        yield Speaker(
            name,
            next((s.function for s in statements if s.function), ""),
            affiliation,
            next((s.biography for s in statements if s.biography), ""),
            next((s.face for s in statements if s.face), None),
            tuple({session.id: session for session, _ in times}.values()),
            tuple(statement.id for statement in statements),
        )


def handed_out(event: Event) -> Event:
    """The event as the booklet tells it: sessions and speakers, its own chapters, and no text.

    It has parts of its own in the place of the report's, and no edition.
    """
    nothing = Text("", (), (), ())
    sessions = tuple(
        session.model_copy(
            update={
                "discussion": nothing,
                "statements": tuple(
                    statement.model_copy(
                        update={"text": nothing, "deck": None, "recommendations": ()}
                    )
                    for statement in session.statements
                ),
            }
        )
        for session in event.sessions
    )
    kept = {name: getattr(event, name) for name in Event.model_fields}
    return Event.model_construct(
        **kept
        | {
            "front": (),
            "body": (*BOOKLET_PARTS[1:], *event.handout),
            "volumes": (),
            "edition": None,
            "chapters": event.handout,
            "sessions": sessions,
            "participants": Participants(),
            "photographs": (),
            "summary": None,
            "numbering": {},
            "companions": {},
            "aside": {},
        }
    )

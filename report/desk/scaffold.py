"""Scaffolds: the files of a new event, session or statement, which check clean from the start."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import yaml

from report.load import EVENT_FILE, PARTICIPANTS_FILE, SESSION_FILE, SUMMARY_FILE, load
from report.markup import Text
from report.model import Event, Session, SessionKind

_CHAIR = "Chairperson, Host organization"
_LONGEST_NAME = 60
_PLACEHOLDER = "The text goes here. An empty line begins a new paragraph."


class ScaffoldError(Exception):
    """A scaffold that cannot be made; the message says why, for the editor."""


def new_event(folder: Path, today: datetime.date) -> tuple[Path, ...]:
    """Write the files of a new event into `folder`, which must be empty or absent.

    Gives the files written. Raises `ScaffoldError` when the folder already holds something.
    """
    if folder.exists() and any(folder.iterdir()):
        raise ScaffoldError(f"{folder} is not empty: name a new folder")
    files = {
        EVENT_FILE: _EVENT.format(date=today.isoformat()),
        PARTICIPANTS_FILE: _PARTICIPANTS,
        "background.md": _text({"title": "Background"}, _PLACEHOLDER),
        f"1-opening/{SESSION_FILE}": _session("opening", "Opening session", "09:30-10:30"),
        "1-opening/01-keynote.md": _statement("Name of the speaker", "keynote"),
        f"9-closing/{SESSION_FILE}": _session("closing", "Closing session", "17:00-18:00"),
        f"9-closing/{SUMMARY_FILE}": _SUMMARY,
    }
    return tuple(_write(folder / name, text) for name, text in files.items())


def new_session(folder: Path, title: str) -> Path:
    """Write a thematic session before the closing one; gives its `session.md`.

    Raises `ScaffoldError` when the event cannot be read.
    """
    event = read_event(folder)
    number = _free_number(folder, event)
    chair = event.sessions[0].chair if event.sessions else _CHAIR
    path = folder / f"{number}-{slug(title)}" / SESSION_FILE
    return _write(path, _session("thematic", title, _hours_after(event), chair))


def new_statement(folder: Path, session: str, speaker: str) -> Path:
    """Write a statement at the end of a session; gives its file.

    `session` is the session's folder, or the part of its name after the number. Raises
    `ScaffoldError` when there is no such session.
    """
    event = read_event(folder)
    path = next_statement(folder / find_session(event, session).id, speaker)
    entities = [d.entity for _, group in event.participants.by_category() for d in group]
    affiliation = entities[0] if entities else "Affiliation of the speaker"
    return _write(path, _statement(speaker, "statement", affiliation, event.language))


def next_statement(folder: Path, speaker: str) -> Path:
    """The file of the statement that comes last in the session kept in `folder`."""
    # Files and not statements: one that cannot be read has its number all the same.
    numbers = [_number(file.name) for file in folder.iterdir()]
    return folder / f"{max(numbers, default=0) + 1:02d}-{slug(speaker[:_LONGEST_NAME])}.md"


def slug(text: str) -> str:
    """A name for a file: lower-case letters, digits and hyphens.

    >>> slug("Ministère de l'Intérieur")
    'ministere-de-l-interieur'
    """
    plain = unicodedata.normalize("NFKD", text)
    letters = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    return re.sub(r"[^\w]+", "-", letters).strip("-_") or "untitled"


def read_event(folder: Path) -> Event:
    """The event of a folder; raises `ScaffoldError` when it cannot be read."""
    event, _ = load(folder, _unparsed)
    if event is None:
        raise ScaffoldError(f"{folder / EVENT_FILE} cannot be read: run `check` to see why")
    return event


def _unparsed(*_: object) -> Text:
    """No text at all: scaffolds need only know what there is, and Markdown takes its time."""
    return Text("", (), (), ())


def find_session(event: Event, name: str) -> Session:
    """The session of this folder, or of the part of its name after the number, or its number.

    Raises `ScaffoldError` when there is none.
    """
    for session in event.sessions:
        if name in (session.id, session.id.partition("-")[2], str(session.number)):
            return session
    known = ", ".join(session.id for session in event.sessions) or "none yet"
    raise ScaffoldError(f"there is no session {name}; the sessions are: {known}")


def _number(name: str) -> int:
    return int(re.match(r"\d*", name)[0] or 0)  # type: ignore[index]


def _free_number(folder: Path, event: Event) -> int:
    """The number after the last session before the closing one."""
    # Folders and not sessions: one that cannot be read has its number all the same.
    entries = [entry for entry in folder.iterdir() if entry.is_dir()]
    names = [entry.name for entry in entries if re.match(r"\d+-\S", entry.name)]
    closing = {session.id for session in event.sessions if session.kind is SessionKind.CLOSING}
    number = max((_number(name) for name in names if name not in closing), default=0) + 1
    taken = {_number(name) for name in names}
    return number if number not in taken else max(taken) + 1


def _hours_after(event: Event) -> str:
    """An hour's sitting after the last session before the closing one."""
    ends = [s.time.end for s in event.sessions if s.kind is not SessionKind.CLOSING]
    start = min(max(ends, default=600), 22 * 60)
    return f"{start // 60:02d}:{start % 60:02d}-{start // 60 + 1:02d}:{start % 60:02d}"


def _session(kind: str, title: str, time: str, chair: str = _CHAIR) -> str:
    matter = {"kind": kind, "title": title, "chair": chair, "time": time, "status": "draft"}
    return _text(matter, "" if kind != "thematic" else "The summary of the discussion goes here.")


def _statement(
    speaker: str, kind: str, affiliation: str = "Host organization", language: str = "en"
) -> str:
    matter = {
        "speaker": speaker,
        "affiliation": affiliation,
        "category": "governments",
        "kind": kind,
        "language": language,
        "minutes": "6",
        "status": "draft",
    }
    return _text(matter, _PLACEHOLDER)


def _text(matter: dict[str, str], body: str) -> str:
    return "\n".join(["---", *_lines(matter), "---", "", body]).rstrip() + "\n"


def _lines(matter: dict[str, str]) -> Iterator[str]:
    for key, value in matter.items():
        written = yaml.safe_dump({key: value}, allow_unicode=True, width=10_000).rstrip()
        # Every value is read as text, so quotes around a number would only puzzle.
        yield f"{key}: {value}" if value.isdigit() else written


def _write(path: Path, text: str) -> Path:
    if path.exists():
        raise ScaffoldError(f"{path} is there already")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


_EVENT = """\
title: Title of the symposium
date: {date}
venue: Venue, city
organizers:
  - Host organization
language: en

# The parts of the report in their order: generated parts, and chapters that have a file of their
# own, such as background.md.
front: [contents, acronyms]
body: [background, programme, chairmans-summary, sessions, photographs, participants]

# The themes that order the recommendations. Uncomment to use them:
# pillars:
#   - id: capacity
#     title: Building capacity

# acronyms:
#   NGO: non-governmental organization

# What is released has an edition; its status is draft, provisional or final:
# edition: {{number: 1, date: {date}, status: final}}
"""

_PARTICIPANTS = """\
governments:
  - entity: Host organization
    representatives: [Chairperson]
"""

_SUMMARY = """\
---
chair: Chairperson, Host organization
status: draft
findings: []
recommendations: []
way_forward: []
---

The symposium met in {{ sessions | length }} sessions and heard {{ statements | length }}
statements.
"""

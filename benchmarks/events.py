"""Deterministic events of any size, made from the paragraphs of the sample.

The same size gives the same files, byte for byte. A statement has about six hundred words with
headings, a list, now and then a table or a note: about two pages.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

STATEMENTS_IN_A_SESSION = 25

_BLOCK = re.compile(r"\n\s*\n")
_CATEGORIES = ("governments", "regional_organizations", "civil_society", "united_nations")


def make_event(folder: Path, statements: int, sample: Path) -> Path:
    """Write an event of so many statements into `folder`, from the text of the `sample` event."""
    paragraphs = _paragraphs(sample)
    sessions = max(1, -(-statements // STATEMENTS_IN_A_SESSION))
    _write(folder / "event.yaml", _EVENT)
    _write(folder / "participants.yaml", _participants(statements))
    remaining = statements
    for session in range(1, sessions + 1):
        chance = random.Random(f"session {session}")
        name = f"{session:02d}-session"
        _write(folder / name / "session.md", _session(session, paragraphs, chance))
        for number in range(1, min(remaining, STATEMENTS_IN_A_SESSION) + 1):
            place = (session - 1) * STATEMENTS_IN_A_SESSION + number
            text = _statement(place, paragraphs, random.Random(f"statement {place}"))
            _write(folder / name / f"{number:02d}-speaker.md", text)
        remaining -= STATEMENTS_IN_A_SESSION
    return folder


def first_statement(folder: Path) -> Path:
    """The file of an event's first statement."""
    return folder / "01-session" / "01-speaker.md"


def change_a_word(folder: Path) -> None:
    """Change one word of a statement in the middle of the event."""
    files = sorted(folder.glob("*/[0-9]*-speaker.md"))
    file = files[len(files) // 2]
    head, fence, body = file.read_text(encoding="utf-8").partition("---\n\n")
    first, _, rest = body.partition(" ")
    _write(file, f"{head}{fence}{first}ly {rest}")


def add_a_page(folder: Path, sample: Path) -> None:
    """Lengthen the first statement by about a page, so that all later pages move."""
    file = first_statement(folder)
    more = "\n\n".join(_paragraphs(sample)[:9])
    _write(file, f"{file.read_text(encoding='utf-8').rstrip()}\n\n{more}\n")


def _paragraphs(sample: Path) -> list[str]:
    """Plain paragraphs of the sample's statements, without references and notes."""
    found = []
    for file in sorted(sample.glob("*/[0-9]*.md")):
        body = file.read_text(encoding="utf-8").split("\n---\n", 1)[1]
        for block in _BLOCK.split(body):
            text = " ".join(block.split())
            if len(text) > 200 and text[0].isalpha() and not re.search(r"\[[@^]|\|", text):
                found.append(text)
    return found


def _statement(place: int, paragraphs: list[str], chance: random.Random) -> str:
    blocks = []
    for number, paragraph in enumerate(chance.sample(paragraphs, 8)):
        if number in (2, 5):
            blocks.append(f"## {_heading(paragraph)}")
        blocks.append(paragraph)
        if number == 3:
            items = (sentence for sentence in re.split(r"(?<=[.!?]) ", paragraph)[:3])
            blocks.append("\n".join(f"- {item}" for item in items))
    if place % 5 == 0:
        blocks.append(_TABLE)
    if place % 3 == 0:
        blocks[0] += "[^1]"
        blocks.append("[^1]: Figures reported by the speaker.")
    matter = (
        f"speaker: Minister {place}\n"
        f"affiliation: Member State {place}\n"
        f"category: {_CATEGORIES[place % len(_CATEGORIES)]}\n"
        "language: en\n"
        "minutes: 6\n"
    )
    return f"---\n{matter}---\n\n" + "\n\n".join(blocks) + "\n"


def _session(number: int, paragraphs: list[str], chance: random.Random) -> str:
    start = 8 * 60 + number
    hours = f"{start // 60:02d}:{start % 60:02d}-{start // 60 + 1:02d}:{start % 60:02d}"
    summary = "\n\n".join(chance.sample(paragraphs, 4))
    matter = (
        "kind: thematic\n"
        f"title: Thematic session {number}\n"
        "chair: Chairperson, Host organization\n"
        f'time: "{hours}"\n'
    )
    return f"---\n{matter}---\n\n{summary}\n"


def _heading(paragraph: str) -> str:
    return " ".join(re.findall(r"\w+", paragraph)[:4])


def _participants(statements: int) -> str:
    states = "".join(f"  - entity: Member State {n}\n" for n in range(1, statements + 1))
    return (
        "governments:\n"
        f"{states}"
        "united_nations:\n"
        "  - entity: Host organization\n"
        "    representatives: [Chairperson]\n"
    )


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


_EVENT = """\
title: A symposium to measure
date: 2011-09-19
venue: United Nations Headquarters, New York
organizers: [Host organization]
specimen: true
front: [contents]
body: [programme, sessions, participants]
"""

_TABLE = """\
| Year | Requests | Answered |
| --- | ---: | ---: |
| 2008 | 96 | 61 |
| 2009 | 101 | 77 |
| 2010 | 94 | 90 |"""

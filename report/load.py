"""From an event's folder to an Event.

`load` never raises for content: what cannot be read is left out of the Event and told as a
diagnostic, so that one broken file hides nothing that is wrong in the others.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from PIL import Image as PillowImage
from pydantic import ValidationError

from report import markup, rules, source
from report.diagnostics import Diagnostic, Place, Rule
from report.expressions import fill_in
from report.markup import Text
from report.model import (
    GENERATED_PARTS,
    Accepted,
    ChairmansSummary,
    Chapter,
    ChapterMatter,
    Event,
    EventMatter,
    Finding,
    Origin,
    Participants,
    Photograph,
    PhotographList,
    PhotographMatter,
    Picture,
    Recommendation,
    Record,
    Session,
    SessionMatter,
    Statement,
    StatementMatter,
    SummaryMatter,
)
from report.source import Document, Tree, Unreadable
from report.validation import explain

EVENT_FILE = "event.yaml"
SESSION_FILE = "session.md"
SUMMARY_FILE = "chairmans-summary.md"
PARTICIPANTS_FILE = "participants.yaml"
PHOTOGRAPHS_FILE = "media/photographs.yaml"

_RESERVED_FILES = {SESSION_FILE, SUMMARY_FILE}
_NUMBERED = re.compile(r"(\d+)-\S")
_IMAGE_FORMATS = ("PNG", "JPEG")

_Matter = TypeVar("_Matter", bound=Record)


def load(folder: Path) -> tuple[Event | None, tuple[Diagnostic, ...]]:
    """Read the event that `folder` holds.

    Gives the Event and what is wrong with its files. The Event is None when `event.yaml` cannot be
    understood; otherwise it holds every record that could be read.
    """
    loading = _Loading(folder)
    return loading.event(), tuple(loading.diagnostics)


class _Loading:
    """One reading of an event's folder; it gathers the diagnostics on its way."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.diagnostics: list[Diagnostic] = []
        self.unreadable: set[str] = set()
        self.pictures: dict[str, Picture] = {}

    def event(self) -> Event | None:
        read = self._matter_of_yaml(EventMatter, EVENT_FILE)
        if not read:
            return None
        matter, tree = read
        event = Event.model_construct(
            **dict(matter),
            chapters=self._chapters(matter, tree),
            sessions=self._sessions(),
            participants=self._participants(),
            photographs=self._photographs(),
            pictures=self.pictures,
            summary=None,
            accepted=Accepted(),
            origin=Origin(tree=tree),
            unreadable=frozenset(self.unreadable),
        )
        summary = self._summary(event)
        return event.model_copy(
            update={
                "summary": summary,
                "accepted": self._accepted(summary),
                "unreadable": frozenset(self.unreadable),
            }
        )

    def _chapters(self, matter: EventMatter, tree: Tree) -> dict[str, Chapter]:
        chapters = {}
        for key in ("front", "body"):
            for index, part in enumerate(getattr(matter, key)):
                if part in GENERATED_PARTS or part in chapters:
                    continue
                if chapter := self._chapter(part, tree.place(key, index)):
                    chapters[part] = chapter
        return chapters

    def _chapter(self, part: str, mention: Place) -> Chapter | None:
        name = f"{part}.md"
        if not (self.folder / name).is_file():
            known = ", ".join(sorted(GENERATED_PARTS))
            self._report(
                rules.UNKNOWN_PART,
                mention,
                f"there is no part `{part}` and no file {name}",
                f"write the file {name}, or name one of: {known}",
            )
            self.unreadable.add(part)
            return None
        read = self._text_with(ChapterMatter, name, part, level=2)
        if not read:
            return None
        matter, text, origin = read
        return Chapter.model_construct(**dict(matter), id=part, text=text, origin=origin)

    def _sessions(self) -> tuple[Session, ...]:
        folders = [
            entry
            for entry in self._entries(self.folder)
            if entry.is_dir() and _NUMBERED.match(entry.name)
        ]
        if not folders:
            self._report(
                rules.SESSIONS_MISSING,
                Place(EVENT_FILE),
                "the event has no session",
                "make a folder such as 1-opening with a file session.md in it",
            )
        sessions = (self._session(folder) for folder in self._by_number(folders))
        return tuple(session for session in sessions if session)

    def _session(self, folder: Path) -> Session | None:
        statements = self._statements(folder)
        name = f"{folder.name}/{SESSION_FILE}"
        read = self._text_with(SessionMatter, name, folder.name, level=3, may_be_empty=True)
        if not read:
            return None
        matter, text, origin = read
        return Session.model_construct(
            **dict(matter),
            id=folder.name,
            number=_number(folder),
            statements=statements,
            discussion=text,
            origin=origin,
        )

    def _statements(self, folder: Path) -> tuple[Statement, ...]:
        files = [
            entry
            for entry in self._entries(folder)
            if entry.suffix == ".md" and entry.name not in _RESERVED_FILES
        ]
        for file in files:
            if not _NUMBERED.match(file.name):
                self._report(
                    rules.NO_NUMBER,
                    Place(f"{folder.name}/{file.name}"),
                    f"{file.name} is left out: its name does not begin with a number",
                    f"call it 01-{file.name}, with the number of its place in the session",
                )
        numbered = [file for file in files if _NUMBERED.match(file.name)]
        statements = (self._statement(folder, file) for file in self._by_number(numbered))
        return tuple(statement for statement in statements if statement)

    def _statement(self, folder: Path, file: Path) -> Statement | None:
        identity = f"{folder.name}/{file.stem}"
        read = self._text_with(StatementMatter, f"{identity}.md", identity, level=3)
        if not read:
            return None
        matter, text, origin = read
        return Statement.model_construct(**dict(matter), id=identity, text=text, origin=origin)

    def _summary(self, event: Event) -> ChairmansSummary | None:
        files = sorted(self.folder.glob(f"*/{SUMMARY_FILE}"))
        if not files:
            if "chairmans-summary" in (*event.front, *event.body):
                self._report(
                    rules.MISSING_FILE,
                    event.origin.tree.place("body"),
                    f"there is no {SUMMARY_FILE} in any session's folder",
                    f"write {SUMMARY_FILE} in the closing session's folder, or take"
                    " chairmans-summary out of the order",
                )
            return None
        name = files[0].relative_to(self.folder).as_posix()
        identity = name.removesuffix(".md")
        document = self._document(name, identity)
        matter = document and self._validate(SummaryMatter, document.matter)
        if not document or not matter:
            self.unreadable.add(identity)
            return None
        body, problems = fill_in(document, _values(event, matter))
        self.diagnostics += problems
        return ChairmansSummary.model_construct(
            **dict(matter),
            id=identity,
            text=self._text(document, body, identity, level=2),
            origin=Origin(tree=document.matter, document=document),
        )

    def _accepted(self, summary: ChairmansSummary | None) -> Accepted:
        if not summary or not (self.folder / lock_file(summary.id)).exists():
            return Accepted()
        read = self._matter_of_yaml(Accepted, lock_file(summary.id))
        return read[0] if read else Accepted()

    def _participants(self) -> Participants:
        read = self._matter_of_yaml(Participants, PARTICIPANTS_FILE)
        return read[0] if read else Participants()

    def _photographs(self) -> tuple[Photograph, ...]:
        if not (self.folder / PHOTOGRAPHS_FILE).exists():
            return ()
        read = self._matter_of_yaml(PhotographList, PHOTOGRAPHS_FILE)
        if not read:
            return ()
        matter, tree = read
        photographs = (
            self._photograph(entry, tree, index) for index, entry in enumerate(matter.photographs)
        )
        return tuple(photograph for photograph in photographs if photograph)

    def _photograph(self, matter: PhotographMatter, tree: Tree, index: int) -> Photograph | None:
        file = markup.resolve(matter.file, PHOTOGRAPHS_FILE)
        picture = self._picture(file, tree.place("photographs", index, "file"))
        if not picture:
            return None
        place = tree.place("photographs", index, "session")
        return Photograph.model_construct(**dict(matter), picture=picture, place=place)

    def _picture(self, file: str, place: Place) -> Picture | None:
        """Read an image's bytes once for its digest and size; tell what is wrong with it."""
        if file in self.pictures:
            return self.pictures[file]
        path = (self.folder / file).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            self._report(
                rules.BAD_IMAGE,
                place,
                f"the picture {file} lies outside the event's folder",
                "put the picture into the folder media/",
            )
            return None
        try:
            data = path.read_bytes()
            with PillowImage.open(path, formats=_IMAGE_FORMATS) as image:
                width, height = image.size
        except FileNotFoundError:
            self._report(
                rules.MISSING_IMAGE,
                place,
                f"there is no picture {file}",
                "put the picture into the folder media/, and mind the case of its letters",
            )
            return None
        except (OSError, ValueError, SyntaxError, PillowImage.DecompressionBombError):
            self._report(
                rules.BAD_IMAGE,
                place,
                f"{file} is not a picture that can be read",
                "save the picture again as PNG or JPEG",
            )
            return None
        picture = Picture(
            file=file, digest=hashlib.sha256(data).hexdigest(), width=width, height=height
        )
        self.pictures[file] = picture
        return picture

    def _text_with(
        self,
        kind: type[_Matter],
        name: str,
        identity: str,
        level: int,
        may_be_empty: bool = False,
    ) -> tuple[_Matter, Text, Origin] | None:
        """Read a text with its front matter; None when either cannot be understood."""
        document = self._document(name, identity)
        matter = document and self._validate(kind, document.matter)
        if not document or not matter:
            self.unreadable.add(identity)
            return None
        if not document.body.strip() and not may_be_empty:
            self._report(
                rules.EMPTY_TEXT,
                document.source.place(document.body_line),
                "nothing follows the front matter",
                "put the text below the second line ---",
            )
        text = self._text(document, document.body, identity, level)
        return matter, text, Origin(tree=document.matter, document=document)

    def _document(self, name: str, identity: str) -> Document | None:
        try:
            document, problems = source.parse_document(source.read(self.folder / name, name))
        except Unreadable as error:
            self.diagnostics.append(error.diagnostic)
            self.unreadable.add(identity)
            return None
        self.diagnostics += problems
        return document

    def _text(self, document: Document, body: str, identity: str, level: int) -> Text:
        text = markup.parse(body, identity, document.source.name, level)
        for image in text.images:
            place = document.place_in_body(image.offset, 2)
            self._picture(image.file, place)
            if not image.alt:
                self._report(
                    rules.NO_ALTERNATIVE,
                    place,
                    f"the picture {image.file} has no alternative text",
                    "say in the square brackets what the picture shows:"
                    f" ![Delegates in the hall]({image.file})",
                )
        return text

    def _matter_of_yaml(self, kind: type[_Matter], name: str) -> tuple[_Matter, Tree] | None:
        try:
            tree, problems = source.parse_yaml(source.read(self.folder / name, name))
        except Unreadable as error:
            self.diagnostics.append(error.diagnostic)
            return None
        self.diagnostics += problems
        matter = self._validate(kind, tree)
        return (matter, tree) if matter else None

    def _validate(self, kind: type[_Matter], tree: Tree) -> _Matter | None:
        try:
            return kind.model_validate(tree.data)
        except ValidationError as error:
            self.diagnostics += explain(error, kind, tree)
            return None

    def _entries(self, folder: Path) -> Iterator[Path]:
        """What a folder holds, without hidden files and those that editors leave behind."""
        return (
            entry
            for entry in sorted(folder.iterdir())
            if not entry.name.startswith((".", "~", "_"))
        )

    def _by_number(self, entries: list[Path]) -> list[Path]:
        ordered = sorted(entries, key=lambda entry: (_number(entry), entry.name))
        for before, after in zip(ordered, ordered[1:], strict=False):
            if _number(before) == _number(after):
                name = after.relative_to(self.folder).as_posix()
                self._report(
                    rules.SAME_NUMBER,
                    Place(f"{name}/{SESSION_FILE}" if after.is_dir() else name),
                    f"{after.name} has the same number as {before.name}",
                    "give each its own number: the numbers are the order of the report",
                )
        return ordered

    def _report(self, rule: Rule, place: Place, message: str, hint: str) -> None:
        self.diagnostics.append(Diagnostic(rule, place, message, hint))


def lock_file(summary: str) -> str:
    """The path of the lock file of the Chairman's Summary with this identity."""
    return f"{summary}.lock"


def _number(entry: Path) -> int:
    match = _NUMBERED.match(entry.name)
    return int(match[1]) if match else 0


def _values(event: Event, matter: SummaryMatter) -> Mapping[str, Any]:
    """The plain values that expressions in the Chairman's Summary may use."""
    return {
        "event": _plain(event, EventMatter),
        "sessions": [_plain(session, SessionMatter) for session in event.sessions],
        "statements": [_plain(statement, StatementMatter) for statement in event.statements],
        "participants": event.participants.model_dump(),
        "findings": [_plain(finding, Finding) for finding in matter.findings],
        "recommendations": [_plain(wish, Recommendation) for wish in matter.recommendations],
    }


def _plain(record: Record, kind: type[Record]) -> dict[str, Any]:
    """The values that an editor wrote, by their keys."""
    return {key: getattr(record, key) for key in kind.model_fields}

"""From an event's folder to an Event.

`load` never raises for content: what cannot be read is left out of the Event and told as a
diagnostic, so that one broken file hides nothing that is wrong in the others.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from posixpath import dirname, split
from stat import S_ISREG
from typing import Any, TypeVar

from pydantic import ValidationError

from report import markup, misnamed, reference, rules, source
from report.clearance import disclosed
from report.companion import BadCompanion, read_companion
from report.deck import SUFFIXES, Deck, DeckRefused, OpenDeck
from report.diagnostics import Diagnostic, Place, Rule
from report.edition import edition
from report.expressions import Filled, fill_in
from report.intricacy import TooIntricate
from report.limits import USUAL
from report.markup import PLACED, Parse, Text
from report.model import (
    GENERATED_PARTS,
    PARTICIPANTS,
    PHOTOGRAPHS,
    Accepted,
    ChairmansSummary,
    Chapter,
    ChapterMatter,
    ChapterTranslation,
    Companion,
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
    SessionTranslation,
    Statement,
    StatementMatter,
    StatementTranslation,
    SummaryMatter,
    SummaryTranslation,
    Translation,
    TranslationMatter,
)
from report.quota import OutOfTimeError, quota
from report.source import Document, KeyPath, Source, Tree, Unreadable
from report.translatable import CODE
from report.validation import explain
from report.words import words

EVENT_FILE = "event.yaml"
SESSION_FILE = "session.md"
SUMMARY_FILE = "chairmans-summary.md"
PARTICIPANTS_FILE = "participants.yaml"
PHOTOGRAPHS_FILE = "media/photographs.yaml"

_RESERVED_FILES = {SESSION_FILE, SUMMARY_FILE}
_NUMBERED = re.compile(r"(\d+)-\S")
_IMAGE_FORMATS = ("PNG", "JPEG")
_ENOUGH_PIXELS = (
    "make it smaller: 3000 pixels are enough for the width of a page; `picture_pixels` under"
    " `limits` in event.yaml allows more"
)

_Matter = TypeVar("_Matter", bound=Record)


def load(
    folder: Path, parse: Parse = markup.parse, open_deck: OpenDeck | None = None
) -> tuple[Event | None, tuple[Diagnostic, ...]]:
    """Read the event that `folder` holds; `parse` turns Markdown into texts.

    `open_deck` makes decks of files; without it, decks are not opened and statements lack them.

    Gives the Event and what is wrong with its files. The Event is None when `event.yaml` cannot be
    understood; otherwise it holds every record that could be read.
    """
    loading = _Loading(folder, parse, open_deck)
    return loading.event(), tuple(loading.diagnostics)


def _as_written(document: Document, _language: str) -> Filled:
    """A body without expressions."""
    return Filled(document.body)


def load_programme(
    folder: Path, parse: Parse = markup.parse
) -> tuple[Event | None, tuple[Diagnostic, ...]]:
    """Read what is known of an event before it: who speaks on what and when, but no statement.

    Statements may have no text yet, and nothing is asked of those that have one, nor of any other
    file but event.yaml and the chapters of the booklet. Otherwise as `load`.
    """
    loading = _Loading(folder, parse, None, reads_texts=False)
    return loading.programme(), tuple(loading.diagnostics)


class _Loading:
    """One reading of an event's folder; it gathers the diagnostics on its way."""

    def __init__(
        self, folder: Path, parse: Parse, open_deck: OpenDeck | None, *, reads_texts: bool = True
    ):
        self.folder = folder
        self.root = folder.resolve()
        self.reads_texts = reads_texts
        self.parse = parse
        self.limits = USUAL
        self.language = "en"
        self.languages: tuple[str, ...] = ()
        self.translations: dict[str, dict[str, Translation]] = {}
        self.tables: dict[str, Tree] = {}
        self.beside: dict[str, Mapping[str, Sequence[tuple[str, str]]]] = {}
        self.within: dict[str, bool] = {}
        self.open_deck = open_deck
        self.diagnostics: list[Diagnostic] = []
        self.unreadable: set[str] = set()
        self.aside: dict[str, tuple[Text, Origin]] = {}
        self.pictures: dict[str, Picture] = {}

    def event(self) -> Event | None:
        tree, matter = self._head()
        if not tree or not matter:
            # What is wrong with the other files can be told all the same.
            self._sessions()
            self._participants()
            self._photographs()
            return None
        event = Event.model_construct(
            **dict(matter) | {"companions": self._companions(matter, tree)},
            chapters=self._chapters(matter, tree),
            sessions=self._sessions(),
            participants=self._participants(),
            photographs=self._photographs(),
            pictures=self.pictures,
            summary=None,
            accepted=Accepted(),
            origin=Origin(tree=tree),
            unreadable=frozenset(self.unreadable),
            tables=self.tables,
            handout=self._handout(matter, tree),
        )
        summary = self._summary(event)
        return event.model_copy(
            update={
                "summary": summary,
                "accepted": self._accepted(summary),
                "unreadable": frozenset(self.unreadable),
                "aside": self.aside,
                "translations": self.translations,
            }
        )

    def programme(self) -> Event | None:
        tree, matter = self._head()
        if not tree or not matter:
            self._sessions()
            return None
        sessions, handout = self._sessions(), self._handout(matter, tree)
        # Names in other languages stand there, when there is a list already.
        is_listed = (self.folder / PARTICIPANTS_FILE).exists()
        return Event.model_construct(
            **dict(matter) | {"companions": {}},
            chapters={},
            sessions=sessions,
            participants=self._participants() if is_listed else Participants(),
            photographs=(),
            pictures=self.pictures,
            summary=None,
            accepted=Accepted(),
            origin=Origin(tree=tree),
            tables=self.tables,
            handout=handout,
            translations=self.translations,
        )

    def _head(self) -> tuple[Tree | None, EventMatter | None]:
        """What event.yaml says, as far as it can be understood, and the languages of the event."""
        tree = self._tree(EVENT_FILE, "name the folder that holds event.yaml, or write the file")
        self.languages = _languages(tree.data) if tree else ()
        matter = self._validate(EventMatter, tree) if tree else None
        if matter:
            self.limits, self.language = matter.limits, matter.language
            self.languages = matter.editions
        return tree, matter

    def _handout(self, matter: EventMatter, tree: Tree) -> dict[str, Chapter]:
        """The chapters of the programme booklet."""
        named = {part: tree.place("booklet", n) for n, part in enumerate(matter.booklet)}
        read = {part: self._chapter(part, place) for part, place in named.items()}
        return {part: chapter for part, chapter in read.items() if chapter}

    def _chapters(self, matter: EventMatter, tree: Tree) -> dict[str, Chapter]:
        chapters = {}
        for part, path in parts_named(matter):
            if part in GENERATED_PARTS or part in chapters or self._is_session(part):
                continue
            if chapter := self._chapter(part, tree.place(*path)):
                chapters[part] = chapter
        return chapters

    def _companions(self, matter: EventMatter, tree: Tree) -> dict[str, Companion]:
        """Read the data of other reports; one that cannot be used hides no other problem."""
        companions = {}
        for name, named in matter.companions.items():
            try:
                data = self._data(named.data)
                report = read_companion(data)
            except (BadCompanion, OSError) as error:
                reason = error.strerror if isinstance(error, OSError) else str(error)
                self._report(
                    rules.BAD_COMPANION,
                    tree.place("companions", name, "data"),
                    f"{named.data} cannot be used as the data of another report: {reason}",
                    "copy the report.json of that report into this event's folder, and name it",
                )
                self.unreadable.add(name)
            else:
                digest = hashlib.sha256(data).hexdigest()
                companions[name] = Companion.of(named, report=report, digest=digest)
        return companions

    def _data(self, name: str) -> bytes:
        """The data of another report; raises `BadCompanion` and `OSError`."""
        path = self._inside(name)
        if not path:
            raise BadCompanion("it lies outside the event's folder")
        status, most = path.stat(), self.limits.data_bytes
        if not S_ISREG(status.st_mode) or status.st_size > most:
            raise BadCompanion(
                f"it is no file of at most {most:,} bytes (`data_bytes` under `limits` allows more)"
            )
        return path.read_bytes()

    def _is_session(self, part: str) -> bool:
        return bool(_NUMBERED.match(part)) and (self.folder / part).is_dir()

    def _chapter(self, part: str, mention: Place) -> Chapter | None:
        name = f"{part}.md"
        if not _exists(self.folder / name):
            known = ", ".join(sorted(GENERATED_PARTS))
            self._report(
                rules.UNKNOWN_PART,
                mention,
                f"there is no part `{part}` and no file {name}",
                f"write the file {name}, or name a session's folder or one of: {known}",
            )
            self.unreadable.add(part)
            return None
        read = self._text_with(ChapterMatter, name, part, level=2)
        if not read:
            return None
        matter, text, origin = read
        self._translate(ChapterTranslation, part, 2)
        return Chapter.of(matter, id=part, text=text, origin=origin)

    def _sessions(self) -> tuple[Session, ...]:
        within = [entry for entry in self._entries(self.folder) if entry.is_dir()]
        folders = [entry for entry in within if _NUMBERED.match(entry.name)]
        for entry in within:
            if not _NUMBERED.match(entry.name) and _exists(entry / SESSION_FILE):
                self._tell_no_number(entry, folders)
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
        read = self._text_with(
            SessionMatter,
            name,
            folder.name,
            level=3,
            may_be_empty=True,
            mend=f"write {SESSION_FILE} with the session's kind, title, chair and time",
        )
        if not read:
            for statement in statements:
                self.aside[statement.id] = statement.text, statement.origin
            return None
        matter, text, origin = read
        self._translate(SessionTranslation, folder.name, 3, file=f"{folder.name}/session")
        return Session.of(
            matter,
            id=folder.name,
            number=_number(folder),
            statements=statements,
            discussion=text,
            origin=origin,
        )

    def _statements(self, folder: Path) -> tuple[Statement, ...]:
        entries = tuple(self._entries(folder))
        names = {entry.name for entry in entries}
        files = [
            entry
            for entry in entries
            if entry.name not in _RESERVED_FILES
            and entry.suffix != ".lock"
            and not self._is_translation(entry, names)
        ]
        texts = [entry for entry in files if entry.suffix == ".md"]
        numbered = [entry for entry in texts if _NUMBERED.match(entry.name)]
        for entry in texts:
            if not _NUMBERED.match(entry.name):
                self._tell_no_number(entry, numbered)
        read = (self._statement(folder, file) for file in self._by_number(numbered))
        statements = tuple(statement for statement in read if statement)
        decks = {statement.slides for statement in statements}
        for entry in files:
            if entry.suffix != ".md" and self._name(entry) not in decks:
                self._tell_no_text(entry, numbered)
        return statements

    def _tell_no_text(self, entry: Path, numbered: Sequence[Path]) -> None:
        """Tell of a file that may be a statement as it came."""
        if entry.suffix.lower() in misnamed.OTHER_TEXTS:
            taken = {_number(other) for other in numbered}
            self._report(
                rules.NO_TEXT,
                Place(self._name(entry)),
                f"{entry.name} is left out: its name does not end in .md",
                misnamed.hint(entry.name, taken, _RESERVED_FILES),
            )

    def _tell_no_number(self, entry: Path, numbered: Sequence[Path]) -> None:
        """Tell of a statement or a session that has no place; `numbered` are those that have."""
        taken = {_number(other) for other in numbered}
        name = misnamed.numbered(entry.stem, taken)
        self._report(
            rules.NO_NUMBER,
            Place(self._name(entry)),
            f"{entry.name} is left out: its name does not begin with a number and a hyphen",
            f"call it, for example, {name}{entry.suffix}: the number gives its place",
        )

    def _name(self, entry: Path) -> str:
        return entry.relative_to(self.folder).as_posix()

    def _statement(self, folder: Path, file: Path) -> Statement | None:
        identity = f"{folder.name}/{file.stem}"
        read = self._text_with(StatementMatter, f"{identity}.md", identity, level=3)
        if not read:
            return None
        matter, text, origin = read
        self._translate(StatementTranslation, identity, 3)
        return Statement.of(
            matter,
            id=identity,
            text=text,
            origin=origin,
            deck=self._deck(matter, origin.tree) if matter.slides and self.reads_texts else None,
            face=self._face(matter, origin.tree) if matter.portrait else None,
        )

    def _face(self, matter: StatementMatter, tree: Tree) -> Picture | None:
        """The portrait of a speaker, which is no picture of the report."""
        return self._open_picture(matter.portrait, tree.place("portrait"))

    def _deck(self, matter: StatementMatter, tree: Tree) -> Deck | None:
        """Open a statement's deck; tell what is wrong with it."""
        place = tree.place("slides")
        if not matter.slides_alt:
            self._report(
                rules.SLIDES_NOT_DESCRIBED,
                place,
                f"the slides {matter.slides} have no alternative text",
                "add `slides_alt: ...`: a text for all of them, or a list with one for each",
            )
        if not self.open_deck:
            return None
        try:
            deck = self.open_deck(self._deck_file(matter.slides), self.limits)
        except DeckRefused as refused:
            self._report(refused.rule, place, str(refused), refused.hint)
            return None
        except OSError as error:
            self._report(
                rules.MISSING_DECK,
                place,
                f"the deck {matter.slides} cannot be read: {error.strerror}",
                "put it into the folder media/, and mind the case of its letters",
            )
            return None
        self._tell_of_slides(matter, deck, tree)
        return deck

    def _deck_file(self, name: str) -> Path:
        path = self._inside(name)
        if not path:
            raise DeckRefused(
                rules.BAD_DECK,
                f"the deck {name} lies outside the event's folder",
                "put it into the folder media/",
            )
        if path.suffix.lower() not in SUFFIXES:
            raise DeckRefused(
                rules.BAD_DECK,
                f"the deck {name} is of a kind that cannot be read",
                f"save it as PDF; the names of decks end in {', '.join(SUFFIXES)}",
            )
        return path

    def _tell_of_slides(self, matter: StatementMatter, deck: Deck, tree: Tree) -> None:
        """Tell of slides that lack a text, and of those that are shown as pictures."""
        count, texts = len(deck.slides), len(matter.slides_alt)
        if texts not in (0, 1, count):
            self._report(
                rules.SLIDES_NOT_DESCRIBED,
                tree.place("slides_alt"),
                f"the deck has {count} slides, and this list has {texts} texts",
                "write a text for each slide, or a single one for all of them",
            )
        faults: dict[str, list[str]] = {}
        for number, slide in enumerate(deck.slides, start=1):
            if slide.fault:
                faults.setdefault(slide.fault, []).append(str(number))
        for fault, numbers in faults.items():
            named = "every slide" if len(numbers) == count else f"slide {', '.join(numbers)}"
            self._report(
                rules.SLIDE_AS_PICTURE,
                tree.place("slides"),
                f"{named} of {matter.slides} is shown as a picture: {fault}",
                "save the deck as PDF with all fonts embedded (PDF/A does so), or leave it: only"
                " the words on these slides cannot be searched",
            )

    def _summary(self, event: Event) -> ChairmansSummary | None:
        files = [
            folder / SUMMARY_FILE
            for folder in self._entries(self.folder)
            if _NUMBERED.match(folder.name) and _exists(folder / SUMMARY_FILE)
        ]
        if not files:
            if place := _mention(event, "chairmans-summary"):
                self._report(
                    rules.MISSING_FILE,
                    place,
                    f"there is no {SUMMARY_FILE} in any session's folder",
                    f"write {SUMMARY_FILE} in the closing session's folder, or take"
                    " chairmans-summary out of the order",
                )
            return None
        for other in files[1:]:
            self._report(
                rules.DUPLICATE_ID,
                Place(self._name(other)),
                f"there is a Chairman's Summary already, {self._name(files[0])}",
                "keep one of the two",
            )
        name = self._name(files[0])
        identity = name.removesuffix(".md")
        document = self._document(name, identity)
        if not document:
            return None
        matter = self._validate(SummaryMatter, document.matter)
        origin = Origin(tree=document.matter, document=document)
        if not matter:
            text = self._text(document, Filled(document.body), identity, 2, self.language)
            self._put_aside(identity, text, origin)
            return None
        filled, problems = fill_in(document, _values(event, matter), words(event.language))
        self.diagnostics += problems
        summary = ChairmansSummary.of(
            matter,
            id=identity,
            text=self._text(document, filled, identity, 2, self.language),
            origin=origin,
        )
        self._translate_summary(event, summary)
        return summary

    def _translate_summary(self, event: Event, summary: ChairmansSummary) -> None:
        """Read the summary's translations; expressions have the values of their edition."""
        known = {name: getattr(event, name) for name in Event.model_fields}
        whole = Event.model_construct(
            **known | {"summary": summary, "translations": self.translations}
        )

        def fill(document: Document, language: str) -> Filled:
            translated = edition(whole, language)
            assert translated.summary
            values = _values(translated, translated.summary)
            filled, problems = fill_in(document, values, words(language))
            self.diagnostics += problems
            return filled

        self._translate(SummaryTranslation, summary.id, 2, fill=fill)

    def _translate(
        self,
        kind: type[TranslationMatter],
        identity: str,
        level: int,
        *,
        file: str = "",
        fill: Callable[[Document, str], Filled] = _as_written,
    ) -> None:
        """Read the translations that lie beside a text: `03-mayor.fr.md` beside `03-mayor.md`."""
        folder, stem = split(file or identity)
        for language, name in self._beside(folder).get(stem, ()):
            if language in self.languages:
                if read := self._translation(kind, name, identity, level, language, fill):
                    self.translations.setdefault(language, {})[identity] = read
            else:
                self._report(
                    rules.NO_SUCH_EDITION,
                    Place(name),
                    f"this is a translation into `{language}`, in which the event has no edition",
                    f"add {language} to `languages:` in event.yaml",
                )

    def _beside(self, folder: str) -> Mapping[str, Sequence[tuple[str, str]]]:
        """The languages and names of the files that translate another, by the stem of that one."""
        if folder not in self.beside:
            found: dict[str, list[tuple[str, str]]] = {}
            for entry in self._entries(self.folder / folder):
                stem, _, language = entry.stem.rpartition(".")
                if entry.suffix == ".md" and stem and re.fullmatch(CODE, language):
                    found.setdefault(stem, []).append((language, self._name(entry)))
            self.beside[folder] = found
        return self.beside[folder]

    def _translation(
        self,
        kind: type[TranslationMatter],
        name: str,
        identity: str,
        level: int,
        language: str,
        fill: Callable[[Document, str], Filled],
    ) -> Translation | None:
        try:
            document, problems = source.parse_document(self._read(name, ""))
        except Unreadable as error:
            self.diagnostics.append(error.diagnostic)
            return None
        self.diagnostics += problems
        matter = self._validate(kind, document.matter)
        if not matter:
            return None
        text = None
        if document.body.strip():
            text = self._text(document, fill(document, language), identity, level, language)
        origin = Origin(tree=document.matter, document=document)
        return Translation(matter=matter, text=text, origin=origin)

    def _is_translation(self, entry: Path, names: Collection[str]) -> bool:
        """Whether a file translates another; tell of one that translates a file that is not there.

        What is not the code of one of the event's languages may be part of a name.
        """
        original, _, language = entry.stem.rpartition(".")
        if entry.suffix != ".md" or not re.fullmatch(CODE, language):
            return False
        if f"{original}.md" in names:
            return True
        if language in self.languages:
            self._report(
                rules.MISSING_FILE,
                Place(self._name(entry)),
                f"{entry.name} translates {original}.md, which is not there",
                f"call the text as it was delivered {original}.md",
            )
            return True
        return False

    def _accepted(self, summary: ChairmansSummary | None) -> Accepted:
        if not summary or not (self.folder / lock_file(summary.id)).exists():
            return Accepted()
        read = self._matter_of_yaml(Accepted, lock_file(summary.id))
        return read[0] if read else Accepted()

    def _participants(self) -> Participants:
        read = self._matter_of_yaml(
            Participants, PARTICIPANTS_FILE, f"write {PARTICIPANTS_FILE} with all who took part"
        )
        if not read:
            self.unreadable.add(PARTICIPANTS)
            return Participants()
        participants, tree = read
        self.tables[PARTICIPANTS] = tree
        if not participants.entities:
            self.unreadable.add(PARTICIPANTS)
            self._report(
                rules.EMPTY_TEXT,
                tree.place(),
                "the list of participants names nobody",
                "list them under governments, regional_organizations, civil_society, media and"
                " united_nations",
            )
        return participants

    def _photographs(self) -> tuple[Photograph, ...]:
        if not _exists(self.folder / PHOTOGRAPHS_FILE):
            return ()
        read = self._matter_of_yaml(PhotographList, PHOTOGRAPHS_FILE)
        if not read:
            return ()
        matter, tree = read
        self.tables[PHOTOGRAPHS] = tree
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
        return Photograph.of(matter, picture=picture, place=place)

    def _picture(self, file: str, place: Place) -> Picture | None:
        """Read an image's bytes once for its digest and size; tell what is wrong with it."""
        picture = self.pictures.get(file) or self._open_picture(file, place)
        if picture:
            self.pictures[file] = picture
        return picture

    def _open_picture(self, file: str, place: Place) -> Picture | None:
        try:
            return self._read_picture(file)
        except _BadPicture as error:
            self._report(error.rule, place, str(error), error.hint)
            return None

    def _read_picture(self, file: str) -> Picture:
        # Imported here because an event without pictures does without it.
        from PIL import Image as PillowImage

        if markup.is_address(file) or not file:
            raise _BadPicture(
                rules.BAD_IMAGE,
                f"the picture {file or 'here'} is no file of the event",
                "save the picture in the folder media/ and name it there",
            )
        path = self._inside(file)
        if not path:
            raise _BadPicture(
                rules.BAD_IMAGE,
                f"the picture {file} lies outside the event's folder",
                "put the picture into the folder media/",
            )
        try:
            status = path.stat()
            if not S_ISREG(status.st_mode) or status.st_size > self.limits.picture_bytes:
                raise _BadPicture(
                    rules.BAD_IMAGE,
                    f"{file} is no file, or too large a file, for a picture",
                    f"save it as PNG or JPEG with at most {self.limits.picture_bytes:,} bytes"
                    " (`picture_bytes` under `limits` in event.yaml)",
                )
            data = path.read_bytes()
            with warnings.catch_warnings():
                # Pillow warns of many pixels; they are counted below.
                warnings.simplefilter("ignore")
                with PillowImage.open(io.BytesIO(data), formats=_IMAGE_FORMATS) as image:
                    width, height = image.size
                    if width * height <= self.limits.picture_pixels:
                        _read_to_its_end(image, data)
        except FileNotFoundError:
            raise _BadPicture(
                rules.MISSING_IMAGE, f"there is no picture {file}", self._way_to(file)
            ) from None
        except PillowImage.DecompressionBombError:
            raise _BadPicture(
                rules.BAD_IMAGE, f"{file} has far too many pixels", _ENOUGH_PIXELS
            ) from None
        # Pillow raises many kinds of errors for damaged files, struct.error among them.
        except _BadPicture:
            raise
        except Exception:
            raise _BadPicture(
                rules.BAD_IMAGE,
                f"{file} is not a picture that can be read to its end",
                "save the picture again as PNG or JPEG",
            ) from None
        if width * height > self.limits.picture_pixels:
            raise _BadPicture(
                rules.BAD_IMAGE,
                f"{file} has too many pixels: {width} by {height}",
                _ENOUGH_PIXELS,
            )
        digest = hashlib.sha256(data).hexdigest()
        return Picture(file=file, digest=digest, width=width, height=height)

    def _way_to(self, file: str) -> str:
        """What may be wrong with the name of a picture that is not there."""
        _, _, beside = file.partition("/")
        if beside and (path := self._inside(beside)) and _exists(path):
            return f"write ../{beside}: the way begins at the folder of the text"
        if re.search("\\s[\u201c-\u201f\u2018\u2019\u00ab\u00bb]", file):
            return 'write the caption in straight quotation marks, " and not \u201c or \u201d'
        if "\\" in file:
            return "write / between the folder and the file"
        if "%20" in file or " " in file:
            return "give the picture a name without spaces"
        return "put the picture into the folder media/, and mind the case of its letters"

    def _text_with(
        self,
        kind: type[_Matter],
        name: str,
        identity: str,
        level: int,
        may_be_empty: bool = False,
        mend: str = "write the file, or take out what names it",
    ) -> tuple[_Matter, Text, Origin] | None:
        """Read a text with its front matter; None when either cannot be understood."""
        document = self._document(name, identity, mend)
        if not document:
            return None
        matter = self._in_main_language(self._validate(kind, document.matter))
        origin = Origin(tree=document.matter, document=document)
        if not self.reads_texts and kind is not ChapterMatter:
            return (matter, Text("", (), (), ()), origin) if matter else None
        if not document.body.strip() and not may_be_empty:
            self._report(
                rules.EMPTY_TEXT,
                document.source.place(document.body_line),
                "nothing follows the front matter",
                "put the text below the second line ---",
            )
        language = getattr(matter, "language", self.language)
        text = self._text(document, Filled(document.body), identity, level, language)
        if not matter:
            self._put_aside(identity, text, origin)
            return None
        return matter, text, origin

    def _in_main_language(self, matter: _Matter | None) -> _Matter | None:
        """A statement that does not tell its language is in the report's main one."""
        if isinstance(matter, StatementMatter) and "language" not in matter.model_fields_set:
            return matter.model_copy(update={"language": self.language})
        return matter

    def _put_aside(self, identity: str, text: Text, origin: Origin) -> None:
        """Keep a text whose front matter is refused, so that its references can be checked."""
        self.unreadable.add(identity)
        self.aside[identity] = text, origin

    def _document(self, name: str, identity: str, mend: str = "") -> Document | None:
        if not reference.NAME.fullmatch(identity.rpartition("/")[2]):
            self._report(
                rules.BAD_NAME,
                Place(name),
                "this name holds a space or a sign that references cannot use",
                f"call it {misnamed.fit(name)}",
            )
            if not identity.isprintable():
                self.unreadable.add(identity)
                return None
        try:
            document, problems = source.parse_document(self._read(name, mend))
        except Unreadable as error:
            self.diagnostics.append(error.diagnostic)
            self.unreadable.add(identity)
            return None
        self.diagnostics += problems
        return document

    def _read(self, name: str, mend: str) -> Source:
        path = self.folder / name
        # A folder is looked at once, where the file itself is no link that leads out of it.
        is_plain = not path.is_symlink() and self._holds(dirname(name))
        if not is_plain and _exists(path) and not self._inside(name):
            raise Unreadable(
                Diagnostic(
                    rules.UNREADABLE,
                    Place(name),
                    f"{name} leads out of the event's folder",
                    "put the file itself into the folder",
                )
            )
        return source.read(path, name, mend, self.limits.file_bytes)

    def _holds(self, folder: str) -> bool:
        """Whether a folder is within the event's."""
        if folder not in self.within:
            self.within[folder] = self._inside(folder) is not None
        return self.within[folder]

    def _inside(self, name: str) -> Path | None:
        """The file that the name leads to when it is in the event's folder."""
        try:
            path = Path(os.path.realpath(self.folder / name))
            return path if path.is_relative_to(self.root) else None
        # A NUL in the name.
        except (OSError, ValueError):
            return self.folder / name

    def _text(
        self, document: Document, filled: Filled, identity: str, level: int, language: str
    ) -> Text:
        try:
            with quota(self.limits.unit_seconds):
                nesting = self.limits.nesting
                text = self.parse(
                    filled.text, identity, document.source.name, level, nesting, language
                )
        except (TooIntricate, RecursionError, OutOfTimeError) as error:
            self._report(
                rules.TOO_INTRICATE,
                document.source.place(document.body_line),
                f"this text cannot be read: {error}",
                "check that it is the text that you meant, and simplify it; `nesting` and"
                " `unit_seconds` stand under `limits` in event.yaml",
            )
            text = Text("", (), (), ())
        # Words are counted only where there are enough letters for them.
        if text.letters > self.limits.words and text.words > self.limits.words:
            self._report(
                rules.TOO_MANY_WORDS,
                document.source.place(document.body_line),
                f"this text has {text.words:,} words, more than {self.limits.words:,}",
                "check that it is the text that you meant; an event may allow more with `words`"
                " under `limits` in event.yaml",
            )
        if filled.differs:
            text = _placed(text, filled)
        for image in text.images:
            place = document.place_in_body(image.offset, 2)
            if self._picture(image.file, place) and not image.alt:
                self._report(
                    rules.NO_ALTERNATIVE,
                    place,
                    f"the picture {image.file} has no alternative text",
                    "say in the square brackets what the picture shows, such as"
                    " ![Delegates in the hall](...)",
                )
        return text

    def _matter_of_yaml(
        self, kind: type[_Matter], name: str, mend: str = ""
    ) -> tuple[_Matter, Tree] | None:
        tree = self._tree(name, mend)
        matter = self._validate(kind, tree) if tree else None
        return (matter, tree) if tree and matter else None

    def _tree(self, name: str, mend: str) -> Tree | None:
        try:
            tree, problems = source.parse_yaml(self._read(name, mend))
        except Unreadable as error:
            self.diagnostics.append(error.diagnostic)
            return None
        self.diagnostics += problems
        return tree

    def _validate(self, kind: type[_Matter], tree: Tree) -> _Matter | None:
        try:
            return kind.model_validate(tree.data, context=self.languages)
        except ValidationError as error:
            self.diagnostics += explain(error, kind, tree)
            return None

    def _entries(self, folder: Path) -> Iterator[Path]:
        """What a folder holds, without hidden files and those that editors leave behind."""
        try:
            entries = sorted(folder.iterdir(), key=str)
        except FileNotFoundError:
            return
        except OSError as error:
            name = self._name(folder)
            self._report(
                rules.UNREADABLE,
                Place(EVENT_FILE if name == "." else name),
                f"the folder {folder.name} cannot be opened: {error.strerror}",
                "check that it is a folder and that you are allowed to open it",
            )
            return
        for entry in entries:
            if not entry.name.startswith((".", "~", "_")):
                yield entry

    def _by_number(self, entries: list[Path]) -> list[Path]:
        ordered = sorted(entries, key=lambda entry: (_number(entry), entry.name))
        for before, after in pairwise(ordered):
            if _number(before) == _number(after):
                name = self._name(after)
                self._report(
                    rules.SAME_NUMBER,
                    Place(f"{name}/{SESSION_FILE}" if after.is_dir() else name),
                    f"{after.name} has the same number as {before.name}",
                    "give each its own number: the numbers are the order of the report",
                )
        return ordered

    def _report(self, rule: Rule, place: Place, message: str, hint: str) -> None:
        self.diagnostics.append(Diagnostic(rule, place, message, hint))


class _BadPicture(Exception):  # noqa: N818 (it names a state of the file)
    def __init__(self, rule: Rule, message: str, hint: str):
        super().__init__(message)
        self.rule = rule
        self.hint = hint


def _read_to_its_end(image: Any, data: bytes) -> None:
    """Make sure that the picture is whole, as cheaply as may be; raises what Pillow raises."""
    if image.format == "PNG":
        image.verify()
    # A JPEG that ends with the marker EOI (ITU-T T.81, B.1.1.3) is not cut short; a camera may
    # write more after it, and only then is the picture decoded, at an eighth of its size.
    elif not data.endswith(b"\xff\xd9"):
        image.draft("L", (1, 1))
        image.load()


def _placed(text: Text, filled: Filled) -> Text:
    """Give what stands in a text the place that it has in the text as written."""

    def moved(placed: Iterable[Any]) -> Any:
        return tuple(replace(each, offset=filled.written(each.offset)) for each in placed)

    return replace(text, **{name: moved(getattr(text, name)) for name in PLACED})


def _exists(path: Path) -> bool:
    """Whether something has this name, be it only a link that leads nowhere."""
    return os.path.lexists(path)


def parts_named(matter: EventMatter) -> Iterator[tuple[str, KeyPath]]:
    """Every part that the order of the report names, and the path to its name in event.yaml."""
    for number, volume in enumerate(matter.bound):
        above: KeyPath = ("volumes", number) if matter.volumes else ()
        for key in ("front", "body"):
            for index, part in enumerate(getattr(volume, key)):
                yield part, (*above, key, index)


def _mention(event: Event, part: str) -> Place | None:
    """Where the order of the report names a part."""
    paths = (path for named, path in parts_named(event) if named == part)
    path = next(paths, None)
    return event.origin.tree.place(*path) if path else None


def _languages(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The languages that event.yaml names, the main one first, whether or not it is right."""
    listed = data.get("languages")
    codes = [code for code in listed if isinstance(code, str)] if isinstance(listed, list) else []
    main = data.get("language")
    return tuple(dict.fromkeys((main, *codes) if isinstance(main, str) else codes or ("en",)))


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
        "statements": [
            _plain(disclosed(each, event.language), StatementMatter) for each in event.statements
        ],
        "participants": event.participants.model_dump(),
        "findings": [_plain(finding, Finding) for finding in matter.findings],
        "recommendations": [_plain(wish, Recommendation) for wish in matter.recommendations],
    }


def _plain(record: Record, kind: type[Record]) -> dict[str, Any]:
    """The values that an editor wrote, by their keys."""
    return {key: getattr(record, key) for key in kind.model_fields}

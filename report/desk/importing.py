"""Importing: files as they are sent in become statements, and nothing in them is lost unseen.

The way of a file: what it says (`original`) and its structure (`conversion`), the guesses at its
head (`head`), its Markdown (`dialect`), and the comparison of the first with the last (`tokens`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from report import markup, rules
from report.desk.conversion import Node, Tree, convert, has_uneven_rows
from report.desk.dialect import Composed, compose
from report.desk.head import Head, read_head
from report.desk.incoming import Incoming, incoming
from report.desk.kinds import Kind, kind_of
from report.desk.matter import front_matter
from report.desk.original import (
    Original,
    Revision,
    Trace,
    read_original,
    shown_in_word,
    web_page,
)
from report.desk.pages import read_pages
from report.desk.pictures import usable
from report.desk.plaintext import read_plain_text
from report.desk.refusal import Refused
from report.desk.richtext import for_pandoc, read_rich_text
from report.desk.scaffold import find_session, next_statement, read_event
from report.desk.tokens import lost, tokens
from report.diagnostics import Diagnostic, Place, Rule
from report.intricacy import TooIntricate
from report.limits import USUAL
from report.markup import Text
from report.model import Event
from report.source import Source

_MEDIA = "media"

_MOST_TOLD = 20
"""How many changes, comments or differences of one file are told one by one."""

_UNEVEN = (
    "empty lines in the cells of tables are not read from rich text: what stands beside a label"
    " may belong to another"
)


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file. `statement` is None when it was refused; a diagnostic says why."""

    file: str
    diagnostics: tuple[Diagnostic, ...]
    statement: Path | None = None
    head: Head | None = None
    words: int = 0
    pictures: int = 0


def import_files(
    folder: Path, session: str, paths: Sequence[Path], *, accept_changes: bool = False
) -> Iterator[Imported]:
    """Make statements of files, of all files in folders, and of those in zip archives.

    `folder` is the event's, `session` one of its sessions, as `scaffold.find_session` takes it. The
    statements come last in the session, in the order of the files; what exists is never changed.
    Gives each result once it is written. Raises `ScaffoldError` when there is no such session, and
    `OSError` when the event's folder cannot be written to.
    """
    event = read_event(folder)
    desk = _Desk(folder, event, find_session(event, session).id, accept_changes)
    return (desk.take(file) for path in paths for file in incoming(path))


@dataclass(frozen=True)
class _Desk:
    """Where statements are written: the event and the session, and whether changes are accepted."""

    folder: Path
    event: Event
    session: str
    accept_changes: bool

    def take(self, file: Incoming) -> Imported:
        """Make a statement of a file, or say why not."""
        try:
            if isinstance(file.content, Refused):
                raise file.content
            return self._imported(file.name, file.content)
        except Refused as refused:
            return Imported(file.name, (refused.diagnostic(file.name),))

    def _imported(self, name: str, data: bytes) -> Imported:
        original, tree = _read(data, kind_of(name, data), self.accept_changes)
        head, blocks = read_head(tree.blocks, self.event, name)
        path = next_statement(self.folder / self.session, head.short_name)
        statement = path.relative_to(self.folder).as_posix()
        pictures = self._pictures(tree, f"{self.session}-{path.stem}")
        composed = compose(blocks, {old: f"../{_MEDIA}/{new}" for old, new, _ in pictures}.get)
        text = _parsed(composed, statement)
        matter = front_matter(head, PurePosixPath(name).name, self._notes(original))
        source = Source(statement, matter + composed.markdown)
        diagnostics = (
            *self._revisions(name, original),
            *_left_out(name, original, tree, {old for old, _, _ in pictures}),
            *_differences(name, original, head, composed, text),
            *_without_alternative(source, len(matter), text),
        )
        self._write(path, source.text, {new: content for _, new, content in pictures})
        return Imported(name, diagnostics, path, head, text.words, len(pictures))

    def _pictures(self, tree: Tree, stem: str) -> tuple[tuple[str, str, bytes], ...]:
        """The pictures that can be used: the name in the tree, the name to be, the bytes."""
        made = [(old, usable(tree.pictures[old])) for old in _shown(tree) if old in tree.pictures]
        taken = {file.stem for file in (self.folder / _MEDIA).glob(f"{stem}-*")}
        free = (f"{stem}-{n}" for n in range(1, 100_000) if f"{stem}-{n}" not in taken)
        return tuple((old, next(free) + new[0], new[1]) for old, new in made if new)

    def _notes(self, original: Original) -> tuple[str, ...]:
        """What the statement itself should tell of changes."""
        count = len(original.changes)
        if not count:
            return ()
        done = "accepted" if self.accept_changes else "left out"
        return (f"Tracked changes that were {done}: {count}.",)

    def _revisions(self, name: str, original: Original) -> Iterator[Diagnostic]:
        if self.accept_changes:
            hint = "see that the statement reads as it should"
            yield from _told(rules.CHANGE_ACCEPTED, name, map(_told_change, original.changes), hint)
        else:
            hint = "the text is as before the change; import with --accept-changes to take it over"
            yield from _told(rules.CHANGE_LEFT_OUT, name, map(_told_change, original.changes), hint)
        hint = "do what it asks for in the statement, if anything"
        yield from _told(rules.COMMENT_LEFT_OUT, name, map(_told_change, original.comments), hint)

    def _write(self, path: Path, text: str, pictures: Mapping[str, bytes]) -> None:
        """Write the pictures, then the statement that shows them; nothing is overwritten."""
        files = {self.folder / _MEDIA / name: content for name, content in pictures.items()}
        for file, content in (*files.items(), (path, text.encode())):
            file.parent.mkdir(exist_ok=True)
            with file.open("xb") as written:
                written.write(content)


def _read(data: bytes, kind: Kind, accept_changes: bool) -> tuple[Original, Tree]:
    """What a file says, and its structure."""
    match kind:
        case Kind.BATCH:
            raise Refused(
                rules.UNKNOWN_KIND,
                "it is an archive within an archive",
                "unpack it, and import what is in it",
            )
        case Kind.PLAIN_TEXT:
            return read_plain_text(data)
        case Kind.PDF:
            return read_pages(data)
        case Kind.RICH_TEXT:
            original, readable = read_rich_text(data), for_pandoc(data)
        case Kind.WEB_PAGE:
            original, readable = read_original(data, kind), web_page(data)
        case Kind.WORD:
            original = read_original(data, kind, accept_changes=accept_changes)
            readable = shown_in_word(data, accept_changes=accept_changes)
        case _:
            original, readable = read_original(data, kind, accept_changes=accept_changes), data
    if original.changes and kind is not Kind.WORD and not accept_changes:
        raise _unsettled(original.changes)
    tree = convert(readable, kind, accept_changes=accept_changes)
    if kind is Kind.RICH_TEXT and has_uneven_rows(tree):
        original = replace(original, guesses=(_UNEVEN,))
    return original, tree


def _unsettled(changes: Sequence[Revision]) -> Refused:
    """Only of Word files can pandoc give the text before the changes."""
    told = "; ".join(_told_change(change) for change in changes[:_MOST_TOLD])
    return Refused(
        rules.CHANGES_UNSETTLED,
        f"it has tracked changes: {told}",
        "accept or reject them in the program that made it, or import with --accept-changes",
    )


def _parsed(composed: Composed, statement: str) -> Text:
    """The text as the report will have it; raises `Refused` when there is none, or too much."""
    if len(composed.markdown.encode()) > USUAL.file_bytes * 9 // 10:
        raise Refused(rules.SOURCE_TOO_GREAT, "its text is far too long", "divide it into several")
    try:
        text = markup.parse(composed.markdown, statement.removesuffix(".md"), statement, 3)
    except TooIntricate as error:
        raise Refused(rules.SOURCE_TOO_GREAT, str(error), "save its text as .txt") from None
    if not any(tokens(passage) for _, passage in text.passages):
        raise Refused(
            rules.EMPTY_SOURCE,
            "there is no text in it",
            "if its pages are pictures, ask for the file that they were made from",
        )
    return text


def _differences(
    name: str, original: Original, head: Head, composed: Composed, text: Text
) -> Iterator[Diagnostic]:
    """Tell of words that got lost, and of words that nobody wrote."""
    result = [*head.lines, *(passage for _, passage in text.passages)]
    missing = lost(original.passages, result)
    added = lost(result, [*original.passages, *composed.labels])
    hint = "compare the statement with the file there"
    lacks = (f"the statement lacks \u201c{_short(words)}\u201d" for words in missing)
    yield from _told(rules.WORDS_DIFFER, name, lacks, hint)
    has = (f"the statement has \u201c{_short(words)}\u201d, the file has not" for words in added)
    yield from _told(rules.WORDS_DIFFER, name, has, hint)


def _left_out(
    name: str, original: Original, tree: Tree, used: Iterable[str]
) -> Iterator[Diagnostic]:
    hint = "nothing need be done, unless it belongs to what was said"
    parts = (f"left out: {_short(part)}" for part in original.left_out)
    yield from _told(rules.PART_LEFT_OUT, name, parts, hint)
    pictures = (
        f"the picture {PurePosixPath(each).name} cannot be used in a report"
        for each in _shown(tree)
        if each not in used
    )
    hint = (
        f"save it as PNG or JPEG in {_MEDIA}/, and write `![what it shows](../{_MEDIA}/name.png)`"
    )
    yield from _told(rules.PICTURE_LEFT_OUT, name, pictures, hint)
    hint = "read the statement through beside the file"
    yield from _told(rules.STRUCTURE_GUESSED, name, original.guesses, hint)


def _without_alternative(source: Source, start: int, text: Text) -> Iterator[Diagnostic]:
    for image in text.images:
        if not image.alt.strip():
            yield Diagnostic(
                rules.NO_ALTERNATIVE,
                source.place_of(start + image.offset),
                "the picture has no alternative text",
                "say between the square brackets what it shows",
            )


def _told(rule: Rule, file: str, messages: Iterable[str], hint: str) -> Iterator[Diagnostic]:
    """A diagnostic for each message; of many the last one says how many more there are."""
    every = list(messages)
    for message in every[:_MOST_TOLD]:
        yield Diagnostic(rule, Place(file), message, hint)
    more = len(every) - _MOST_TOLD
    if more > 0:
        yield Diagnostic(rule, Place(file), f"and {more} more like these", hint)


_VERBS = {Trace.INSERTED: "inserted", Trace.DELETED: "deleted", Trace.COMMENT: "commented"}


def _told_change(revision: Revision) -> str:
    who = revision.author or "somebody"
    return f"{who} {_VERBS[revision.trace]} \u201c{_short(revision.words)}\u201d"


def _short(words: str) -> str:
    return words if len(words) <= 120 else f"{words[:119]}\u2026"


def _shown(tree: Tree) -> list[str]:
    """The names of the pictures that a text shows, in their order, each once."""
    nodes = _nodes(tree.blocks)
    return list(dict.fromkeys(str(node["c"][2][0]) for node in nodes if node.get("t") == "Image"))


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, dict):
        yield value
        yield from _nodes(value.get("c"))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _nodes(each)

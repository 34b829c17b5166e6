"""Reading text, YAML and front matter so that every value knows its file, line and column.

All YAML scalars are read as text: what a value means is said by the model, never guessed from its
form (YAML 1.1 reads `10:15` as the number 615 and `No` as false). A key whose value is left empty
is as good as absent. Of YAML only what an editor needs is taken: texts, lists and keys with values.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from sys import intern
from typing import Any, TypeAlias

import yaml

from report import rules
from report.compact import compact
from report.diagnostics import Diagnostic, Place, Rule
from report.limits import USUAL

KeyPath: TypeAlias = tuple[str | int, ...]
"""Where a value stands in YAML data: keys and list indexes from the root."""

_Loader: type[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_KEPT = 1024
"""How many files are remembered as they were read: a preview reads most of them again and again."""

_DEEPEST = 32
"""How many lists and records may stand one within the other."""


class _WithRoom:
    """Has room for what is worked out of a record."""


@compact("text")
@dataclass(frozen=True, slots=True)
class Source(_WithRoom):
    """A text file of the event: `name` is its path relative to the event's folder."""

    name: str
    text: str

    @cached_property
    def _starts(self) -> list[int]:
        """The offset at which each line begins."""
        return [0, *(end.end() for end in re.finditer("\n", self.text))]

    def _line(self, line: int) -> str:
        """The text of a line. The texts of an event are many, so their lines are not kept."""
        start, text = self._starts[line - 1], self.text
        end = text.find("\n", start)
        return text[start:] if end < 0 else text[start:end]

    def place(self, line: int, column: int = 1, width: int = 1) -> Place:
        """A place in this file with its line's text; a line past the end is the last one."""
        line = max(1, min(line, len(self._starts)))
        return Place(self.name, line, max(1, column), max(1, width), self._line(line))

    def place_of(self, offset: int, width: int = 1) -> Place:
        """The place of the character at `offset`; of several lines the first one is marked."""
        line = bisect_right(self._starts, offset)
        column = offset - self._starts[line - 1] + 1
        room = len(self._line(line)) - column + 1
        return self.place(line, column, min(width, room))


_Span: TypeAlias = tuple[int, int]
"""Where something begins in a text, and how many characters it has."""


class Places(Mapping[KeyPath, Place]):
    """The places of keys or values, each worked out when it is asked for: most never are."""

    def __init__(self, source: Source, spans: Mapping[KeyPath, _Span]) -> None:
        """Give each path the place of its span in a file."""
        self._source = source
        self._spans = spans

    def __getitem__(self, path: KeyPath) -> Place:
        return _spanned(self._source, self._spans[path])

    def __iter__(self) -> Iterator[KeyPath]:
        return iter(self._spans)

    def __len__(self) -> int:
        return len(self._spans)


def _spanned(source: Source, span: _Span) -> Place:
    """The place of a span, which ends with the words of its line."""
    place = source.place_of(*span)
    room = len(place.excerpt.rstrip()) - place.column + 1
    return replace(place, width=max(1, min(place.width, room)))


@dataclass(frozen=True, slots=True)
class Tree:
    """YAML data and the place of every key and value in it.

    `keys` gives the place of a key, or of a list's item; `values` that of what it holds. `faulty`
    are the paths whose values could not be taken over: a diagnostic said why.
    """

    data: dict[str, Any]
    keys: Mapping[KeyPath, Place]
    values: Mapping[KeyPath, Place]
    faulty: frozenset[KeyPath] = field(default=frozenset())

    def place(self, *path: str | int) -> Place:
        """The place of a value, or of the nearest thing around it when it is absent."""
        for length in range(len(path), 0, -1):
            for places in (self.values, self.keys):
                if path[:length] in places:
                    return places[path[:length]]
        return self.values[()]


@dataclass(frozen=True, slots=True)
class Document:
    """A text with front matter: the YAML between the two `---` lines, and the body after them."""

    source: Source
    matter: Tree
    body_start: int
    body_line: int

    @property
    def body(self) -> str:
        """The text after the front matter."""
        return self.source.text[self.body_start :]

    def place_in_body(self, offset: int, width: int = 1) -> Place:
        """The place in the file of the character at `offset` in the body."""
        return self.source.place_of(self.body_start + offset, width)


class Unreadable(Exception):  # noqa: N818 (it names a state of the file, not a fault of ours)
    """A file whose text or YAML cannot be read at all; it carries the diagnostic that says why."""

    def __init__(self, diagnostic: Diagnostic):
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def read(
    path: Path,
    name: str,
    mend: str = "write the file, or take out what names it",
    most: int = USUAL.file_bytes,
) -> Source:
    """Read a UTF-8 text file. A byte order mark and CR LF line ends are accepted.

    `mend` is the hint for a file that does not exist; `most` is how many bytes it may have. Raises
    `Unreadable` when the file is missing, cannot be opened, or holds what no text can hold.
    """
    try:
        status = path.stat()
        # Of what is no plain file, such as a pipe, reading might never end.
        if not S_ISREG(status.st_mode):
            what = "a folder" if S_ISDIR(status.st_mode) else "no plain file"
            raise _failure(
                rules.UNREADABLE,
                Place(name),
                f"{name} is {what}, where a text is expected",
                "put a text file in its place, or give it another name",
            )
        refuse_size(status.st_size, name, most)
        data = path.read_bytes()
    except FileNotFoundError:
        raise _failure(rules.MISSING_FILE, Place(name), f"{name} is missing", mend) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _failure(
            rules.UNREADABLE,
            Place(name),
            f"{name} cannot be opened: {reason}",
            "check that it is a file and that you are allowed to open it",
        ) from None
    if data.startswith(b"PK\x03\x04"):
        raise _failure(
            rules.NOT_UTF8,
            Place(name),
            "this is a Word document or another packed file, not a plain text",
            "open it in Word and save it as plain text with the encoding UTF-8",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(data, error, name) from None
    found = Source(name, text.replace("\r\n", "\n").replace("\r", "\n"))
    if data.translate(None, _FIT):
        refuse_unfit(found)
    return found


def refuse_size(size: int, name: str, most: int = USUAL.file_bytes) -> None:
    """Raise `Unreadable` for a text of more bytes than it may have."""
    if size > most:
        raise _failure(
            rules.UNREADABLE,
            Place(name),
            f"{name} is too large for a text: {size / 1_000_000:.1f} million bytes",
            "check that it is the right file, and divide it; an event may allow more with"
            " `file_bytes` under `limits` in event.yaml",
        )


def refuse_unfit(source: Source) -> None:
    """Raise `Unreadable` for a character that no text may hold."""
    if unfit := UNFIT.search(source.text):
        raise _unfit(source, unfit)


_SAVE_AGAIN = "save the file again as plain text with the encoding UTF-8"


def _not_utf8(data: bytes, error: UnicodeDecodeError, name: str) -> Unreadable:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _failure(rules.NOT_UTF8, Place(name), "the encoding is UTF-16", _SAVE_AGAIN)
    before = data[: error.start].decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    start = before.rfind("\n") + 1
    rest = re.split(rb"[\r\n]", data[error.start :], maxsplit=1)[0]
    excerpt = before[start:] + rest.decode("utf-8", "replace")
    place = Place(name, before.count("\n") + 1, len(before) - start + 1, 1, excerpt)
    byte = data[error.start : error.start + 1]
    message = f"the byte 0x{byte.hex()} is not UTF-8 text"
    windows = byte.decode("cp1252", "replace")
    if windows != "\ufffd":
        message += f" (in the older encoding of Windows it would be `{windows}`)"
    return _failure(rules.NOT_UTF8, place, message, _SAVE_AGAIN)


UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
"""Characters that no text may hold: those that XML 1.0, YAML 1.1 or both exclude."""

_FIT = bytes({*range(0x100)} - {*range(9), 11, 12, *range(14, 32), 0x7F, 0xC2, 0xEF})
"""Bytes with which no such character begins in UTF-8: of most texts, all."""

_UNFIT_MENDS = {
    "\x00": "the file may be no text at all: save it again as plain text with the encoding UTF-8",
    "\x0b": "Word writes it for a line break within a paragraph: put an empty line in its place",
    "\x0c": "Word writes it for a page break: delete it, the report makes its own pages",
    "\x1f": "Word writes it for an optional hyphen: delete it, the report hyphenates by itself",
}


def _unfit(source: Source, match: re.Match[str]) -> Unreadable:
    count = len(UNFIT.findall(source.text))
    more = f", here and {count - 1} more times" if count > 1 else ""
    return _failure(
        rules.BAD_CHARACTER,
        source.place_of(match.start()),
        f"the invisible character U+{ord(match[0]):04X} cannot stand in a text{more}",
        _UNFIT_MENDS.get(match[0], "delete it: another program left it there"),
    )


@lru_cache(maxsize=_KEPT)
def parse_yaml(source: Source) -> tuple[Tree, tuple[Diagnostic, ...]]:
    """Read a whole file as YAML; raises `Unreadable` when it is no YAML mapping."""
    return _Reading(source, 0, len(source.text)).tree((0, 1))


_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)
_LIKE_A_FENCE = re.compile(r"\s*[-\u2010-\u2015_*]{1,5}\s*$", re.MULTILINE)


@lru_cache(maxsize=_KEPT)
def parse_document(source: Source) -> tuple[Document, tuple[Diagnostic, ...]]:
    """Split a text into front matter and body; raises `Unreadable` when it cannot be done."""
    text = source.text
    opening = _FENCE.match(text)
    if not opening:
        raise _no_front_matter(source)
    closing = _FENCE.search(text, opening.end())
    if not closing:
        raise _failure(
            rules.UNCLOSED_FRONT_MATTER,
            source.place(1, width=3),
            "the front matter that begins here is not closed",
            "put a line --- between the last key and the text",
        )
    start = opening.end() + 1
    reading = _Reading(source, start, max(start, closing.start()))
    tree, found = reading.tree((0, 3))
    body_start = min(closing.end() + 1, len(text))
    line = text.count("\n", 0, body_start) + 1
    return Document(source, tree, body_start, line), found


def _no_front_matter(source: Source) -> Unreadable:
    mend = "begin the file with a line ---, then keys such as `title: ...`, then a line ---"
    place = source.place(1)
    if not source.text.strip():
        return _failure(rules.NO_FRONT_MATTER, place, "the file is empty", mend)
    if like := _LIKE_A_FENCE.match(source.text):
        place = source.place_of(like.end() - 1)
        place = source.place(place.line, width=len(place.excerpt))
        mend = "the very first line of the file must be exactly three hyphens: ---"
    return _failure(rules.NO_FRONT_MATTER, place, "the file does not begin with front matter", mend)


_BEGINNINGS = "put the value in quotes when it begins with a sign"
_YAML_PROBLEMS: tuple[tuple[str, bool, str, str], ...] = (
    # A part of what libyaml says, whether its context tells the better place, message, hint.
    ("tab character", False, "a tab stands here", "indent with spaces: YAML does not allow tabs"),
    (
        "after quotation",
        False,
        "text follows a closing quotation mark",
        "put the whole value in quotes, of the other kind when it has quotation marks inside",
    ),
    (
        "mapping values are not allowed",
        False,
        "this colon makes a second key in the same value",
        "put the value in quotes when it holds a colon and a space; else check the indentation",
    ),
    (
        "could not find expected ':'",
        True,
        "this line has no colon after its key",
        "write `key: value`; indent the line when it continues the text above",
    ),
    (
        "quoted scalar: found unexpected",
        True,
        "the quotation mark that opens here is never closed",
        "close it; a text with quotation marks or apostrophes inside goes in the other kind",
    ),
    (
        "quoted scalar",
        False,
        "a backslash between double quotes has a meaning of its own",
        "use single quotes, in which it has none",
    ),
    (
        "flow sequence",
        True,
        "the list that opens here with `[` is not well formed",
        "put a comma between two items and `]` at the end; quote a text that begins with `[`",
    ),
    (
        "flow mapping",
        True,
        "what opens here with `{` is not well formed",
        "put a comma between two keys and `}` at the end; quote a text that begins with `{`",
    ),
    ("anchor", True, "a value cannot begin with `&`", _BEGINNINGS),
    ("alias", True, "a value cannot begin with `*`", _BEGINNINGS),
    ("tag", True, "a value cannot begin with `!`", _BEGINNINGS),
    ("directive", True, "a line cannot begin with `%`", "put the value in quotes"),
    (
        "block scalar",
        True,
        "nothing may follow this sign on its line",
        "begin the text on the next line, indented; quote a text that begins with `>` or `|`",
    ),
    (
        "block sequence entries",
        False,
        "a list cannot begin on the line of its key",
        "begin it on the next line; put the value in quotes when it is no list",
    ),
    (
        "expected '-' indicator",
        False,
        "this line is not an item of the list above",
        "begin it with `- `, or indent it to continue the item above",
    ),
    (
        "did not find expected key",
        False,
        "this does not belong with the lines above it",
        "put it exactly below the keys that it belongs with",
    ),
)


def _bad_yaml(source: Source, error: yaml.YAMLError, start: int, end: int) -> Unreadable:
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    context = getattr(error, "context", None) or ""
    marks = [getattr(error, name, None) for name in ("problem_mark", "context_mark")]
    at, around = [start + mark.index if mark else start for mark in marks]
    said = f"{context}: {problem}"
    if source.text[at : at + 1] == "\t":
        said = "tab character"
    elif source.text[:at].rstrip(" ").endswith(("'", '"')) and source.text[at : at + 1].strip():
        said = "after quotation"
    for fragment, by_context, message, hint in _YAML_PROBLEMS:
        if fragment in said:
            place = source.place_of(around if by_context and marks[1] else at)
            return _failure(rules.BAD_YAML, place, message, hint)
    sign = source.text[at : min(at + 1, end)].strip()
    if sign:
        named = "a backtick" if sign == "`" else f"`{sign}`"
        message, hint = f"a value cannot begin with {named}", "put the value in quotes"
    else:
        at = max(start, len(source.text[:at].rstrip()) - 1)
        message = "something is missing after this"
        hint = "check that each `[`, `{` and quotation mark is closed"
    return _failure(rules.BAD_YAML, source.place_of(at), message, hint)


_LIKE_A_COMMENT = re.compile(r"[ \t]*(?<=[ \t])(#\w.*)")


class _Reading:
    """One pass over YAML's events, which gathers the data, the places and the problems.

    Events and not nodes: they come one after the other, so that no nesting, however deep, can
    exhaust the stack, and an alias is seen as such before it has multiplied anything.
    """

    def __init__(self, source: Source, start: int, end: int):
        self.source = source
        self.start = start
        self.text = source.text[start:end]
        self.keys: dict[KeyPath, _Span] = {}
        self.values: dict[KeyPath, _Span] = {}
        self.faulty: set[KeyPath] = set()
        self.diagnostics: list[Diagnostic] = []
        self._events: Iterator[Any] = iter(())

    def tree(self, whole: _Span) -> tuple[Tree, tuple[Diagnostic, ...]]:
        """Read it all; `whole` is where the data as a whole is said to stand."""
        try:
            self._events = yaml.parse(self.text, Loader=_Loader)
            data = self._document()
        except yaml.YAMLError as error:
            end = self.start + len(self.text)
            raise _bad_yaml(self.source, error, self.start, end) from None
        self.values[()] = whole
        keys, values = Places(self.source, self.keys), Places(self.source, self.values)
        return Tree(data, keys, values, frozenset(self.faulty)), tuple(self.diagnostics)

    def _document(self) -> dict[str, Any]:
        data: dict[str, Any] = {}
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _failure(
                        rules.BAD_YAML,
                        self._place(event, width=3),
                        "a second set of keys begins here",
                        "take this line out: a file holds one set of keys",
                    )
            elif isinstance(event, yaml.MappingStartEvent):
                data = self._mapping(())
            elif isinstance(event, yaml.NodeEvent) and getattr(event, "value", True):
                raise _failure(
                    rules.BAD_YAML,
                    self._place(event),
                    "keys with values are expected here",
                    "write one `key: value` on each line",
                )
        return data

    def _mapping(self, path: KeyPath) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key in self._events:
            if isinstance(key, yaml.MappingEndEvent):
                break
            if not isinstance(key, yaml.ScalarEvent):
                self._report(rules.BAD_YAML, key, "a key must be a word", "put it in quotes")
                self.faulty.add(path)
                self._skip(key)
                self._skip(next(self._events))
                continue
            # Thousands of files have the same keys.
            name = intern(str(key.value))
            here, value = (*path, name), next(self._events)
            if here in self.keys:
                message = f"the key `{name}` is given twice"
                first = _spanned(self.source, self.keys[here]).line
                mend = f"keep this one or that in line {first}"
                self._report(rules.DUPLICATE_KEY, key, message, mend)
                self._skip(value)
                continue
            self.keys[here] = self._span(key)
            self._tell_what_is_lost(value)
            if not _is_empty(value):
                data[name] = self._value(value, here)
        return data

    def _sequence(self, path: KeyPath) -> list[Any]:
        items: list[Any] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            here = (*path, len(items))
            self.keys[here] = self._span(event)
            self._tell_what_is_lost(event)
            items.append(self._value(event, here))
        return items

    def _value(self, event: Any, path: KeyPath) -> Any:
        self.values[path] = self._span(event)
        if len(path) > _DEEPEST:
            raise _failure(
                rules.BAD_YAML,
                self._place(event),
                "too many lists and keys stand one within the other",
                "quote a text that begins with a sign such as `[` or `-`",
            )
        self._refuse_marks(event, path)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._text(event, path) if isinstance(event, yaml.ScalarEvent) else None

    def _text(self, event: Any, path: KeyPath) -> str:
        text = str(event.value)
        # The file itself has none, but an escape between double quotes can make one.
        if unfit := UNFIT.search(text):
            message = f"the invisible character U+{ord(unfit[0]):04X} cannot stand in a text"
            self._report(rules.BAD_CHARACTER, event, message, "take it out of the quotes")
            self.faulty.add(path)
        return text

    def _tell_what_is_lost(self, event: Any) -> None:
        """Tell of what looks like a part of the value before it, and is a comment to YAML."""
        if not _is_plain(event):
            return
        if lost := _LIKE_A_COMMENT.match(self.text, event.end_mark.index):
            place = _spanned(self.source, (self.start + lost.start(1), len(lost[1])))
            message = f"`{lost[1].rstrip()}` is lost: to YAML a comment begins here"
            mend = "put the value in quotes; in a comment, write a space after the #"
            self.diagnostics.append(Diagnostic(rules.LOST_VALUE, place, message, mend))

    def _refuse_marks(self, event: Any, path: KeyPath) -> None:
        """Refuse what YAML reads in place of a text when it begins with `*`, `&` or `!`."""
        if isinstance(event, yaml.AliasEvent):
            sign = "*"
        else:
            sign = "&" if event.anchor else "!" if getattr(event, "tag", None) else ""
        if sign:
            message = f"a value cannot begin with `{sign}`: YAML gives it a meaning of its own"
            self._report(rules.ALIAS, event, message, "put the value in quotes")
            self.faulty.add(path)

    def _skip(self, event: Any) -> None:
        """Pass over the rest of what `event` begins."""
        depth = 0
        while True:
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth == 0:
                return
            event = next(self._events)

    def _span(self, event: Any, width: int = 0) -> _Span:
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, yaml.CollectionStartEvent):
            end = len(self.text)
        return self.start + start, max(1, width or end - start)

    def _place(self, event: Any, width: int = 0) -> Place:
        return _spanned(self.source, self._span(event, width))

    def _report(self, rule: Rule, event: Any, message: str, hint: str) -> None:
        self.diagnostics.append(Diagnostic(rule, self._place(event), message, hint))


def _is_empty(event: Any) -> bool:
    """Whether nothing stands after the colon (an empty text in quotes is something)."""
    return _is_plain(event) and event.value == ""


def _is_plain(event: Any) -> bool:
    """Whether a text stands without quotes."""
    return isinstance(event, yaml.ScalarEvent) and not event.style


def _failure(rule: Rule, place: Place, message: str, hint: str) -> Unreadable:
    return Unreadable(Diagnostic(rule, place, message, hint))

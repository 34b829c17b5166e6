"""Reading text, YAML and front matter so that every value knows its file, line and column.

All YAML scalars are read as text: what a value means is said by the model, never guessed from its
form (YAML 1.1 reads `10:15` as the number 615 and `No` as false). A key whose value is left empty is
as good as absent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from report import rules
from report.diagnostics import Diagnostic, Place, Rule

KeyPath: TypeAlias = tuple[str | int, ...]
"""Where a value stands in YAML data: keys and list indexes from the root."""

_Loader: type[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class Source:
    """A text file of the event: `name` is its path relative to the event's folder."""

    name: str
    text: str

    def place(self, line: int, column: int = 1, width: int = 1) -> Place:
        """A place in this file with its line's text; a line past the end is the last one."""
        lines = self.text.split("\n")
        line = max(1, min(line, len(lines)))
        return Place(self.name, line, max(1, column), max(1, width), lines[line - 1])

    def place_of(self, offset: int, width: int = 1) -> Place:
        """The place of the character at `offset` in the text."""
        line = self.text.count("\n", 0, offset) + 1
        return self.place(line, offset - self.text.rfind("\n", 0, offset), width)


@dataclass(frozen=True, slots=True)
class Tree:
    """YAML data and the place of every key and value in it.

    `keys` gives the place of a key, or of a list's item; `values` that of what it holds.
    """

    data: dict[str, Any]
    keys: Mapping[KeyPath, Place]
    values: Mapping[KeyPath, Place]

    def place(self, *path: str | int) -> Place:
        """The place of a value, or of the nearest thing around it when it is absent."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.values:
                return self.values[path[:length]]
        return self.values[()]


@dataclass(frozen=True, slots=True)
class Document:
    """A text with front matter: the YAML between the two `---` lines, and the body after them."""

    source: Source
    matter: Tree
    body: str
    body_line: int

    def place_in_body(self, offset: int, width: int = 1) -> Place:
        """The place in the file of the character at `offset` in the body."""
        line = self.body.count("\n", 0, offset)
        column = offset - self.body.rfind("\n", 0, offset)
        return self.source.place(self.body_line + line, column, width)


class Unreadable(Exception):
    """A file whose text or YAML cannot be read at all; it carries the diagnostic that says why."""

    def __init__(self, diagnostic: Diagnostic):
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def read(path: Path, name: str) -> Source:
    """Read a UTF-8 text file. A byte order mark and CR LF line ends are accepted.

    Raises `Unreadable` when the file is missing, cannot be opened, or is not UTF-8.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise _failure(
            rules.MISSING_FILE,
            Place(name),
            f"{name} is missing",
            "add the file, or remove its mention",
        ) from None
    except OSError as error:
        raise _failure(
            rules.UNREADABLE,
            Place(name),
            f"{name} cannot be read: {error.strerror}",
            "check that it is a file and that you may open it",
        ) from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(data, error, name) from None
    return Source(name, text.replace("\r\n", "\n").replace("\r", "\n"))


def _not_utf8(data: bytes, error: UnicodeDecodeError, name: str) -> Unreadable:
    before = data[: error.start]
    start = before.rfind(b"\n") + 1
    line = data[start : (data.find(b"\n", error.start) + 1 or len(data) + 1) - 1]
    place = Place(
        name,
        before.count(b"\n") + 1,
        len(before[start:].decode("utf-8", "replace")) + 1,
        1,
        line.decode("utf-8", "replace"),
    )
    return _failure(
        rules.NOT_UTF8,
        place,
        f"byte 0x{data[error.start]:02x} is not UTF-8 text",
        "save the file again with the encoding UTF-8",
    )


def parse_yaml(source: Source) -> tuple[Tree, tuple[Diagnostic, ...]]:
    """Read a whole file as YAML; raises `Unreadable` when it is no YAML mapping."""
    return _parse(source, source.text, 1)


_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)


def parse_document(source: Source) -> tuple[Document, tuple[Diagnostic, ...]]:
    """Split a text into front matter and body; raises `Unreadable` when it cannot be done."""
    opening = _FENCE.match(source.text)
    if not opening:
        raise _failure(
            rules.NO_FRONT_MATTER,
            source.place(1),
            "the file does not begin with front matter",
            "begin the file with a line ---, then keys such as `title: ...`, then a line ---",
        )
    closing = _FENCE.search(source.text, opening.end())
    if not closing:
        raise _failure(
            rules.UNCLOSED_FRONT_MATTER,
            source.place(1, width=3),
            "the front matter that begins here is not closed",
            "put a line --- between the last key and the text",
        )
    tree, found = _parse(source, source.text[opening.end() + 1 : closing.start()], 2)
    body_start = min(closing.end() + 1, len(source.text))
    line = source.text.count("\n", 0, body_start) + 1
    return Document(source, tree, source.text[body_start:], line), found


def _parse(source: Source, text: str, first_line: int) -> tuple[Tree, tuple[Diagnostic, ...]]:
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise _bad_yaml(source, error, first_line, text) from None
    except RecursionError:
        raise _failure(
            rules.BAD_YAML, source.place(first_line), "the YAML is nested too deeply", "flatten it"
        ) from None
    reading = _Reading(source, first_line)
    if root is None:
        return Tree({}, {}, {(): source.place(first_line)}), ()
    if not isinstance(root, yaml.MappingNode):
        raise _failure(
            rules.BAD_YAML,
            source.place(first_line),
            "keys with values are expected here",
            "write one `key: value` on each line",
        )
    data = reading.value(root, ())
    return Tree(data, reading.keys, reading.values), tuple(reading.diagnostics)


def _bad_yaml(source: Source, error: yaml.YAMLError, first_line: int, text: str) -> Unreadable:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    if mark is None:
        position = getattr(error, "position", 0)
        line, column = text.count("\n", 0, position), 0
    else:
        line, column = mark.line, mark.column
    hint = "check the indentation, and put a value that holds `: ` or begins with a sign in quotes"
    if "\t" in source.place(first_line + line).excerpt[: column + 1]:
        hint = "indent with spaces: YAML does not allow tabs"
    return _failure(
        rules.BAD_YAML, source.place(first_line + line, column + 1), f"YAML: {problem}", hint
    )


class _Reading:
    """One pass over a YAML node graph, which gathers the data, the places and the problems."""

    def __init__(self, source: Source, first_line: int):
        self.source = source
        self.first_line = first_line
        self.keys: dict[KeyPath, Place] = {}
        self.values: dict[KeyPath, Place] = {}
        self.diagnostics: list[Diagnostic] = []
        self._seen: set[int] = set()

    def value(self, node: yaml.Node, path: KeyPath) -> Any:
        self.values[path] = self._place(node)
        # An alias is the very node of its anchor: to follow it could be endless work.
        if id(node) in self._seen:
            self._report(rules.ALIAS, node, "this repeats a value by `*`", "write the value again")
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._item(item, (*path, index)) for index, item in enumerate(node.value)]
        return node.value

    def _item(self, node: yaml.Node, path: KeyPath) -> Any:
        self.keys[path] = self._place(node)
        return self.value(node, path)

    def _mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._report(rules.BAD_YAML, key, "a key must be a word", "put quotes around it")
                continue
            name = str(key.value)
            if (*path, name) in self.keys:
                message = f"the key `{name}` is given twice"
                self._report(rules.DUPLICATE_KEY, key, message, "keep one of the two")
                continue
            self.keys[(*path, name)] = self._place(key)
            if not _is_empty(value):
                data[name] = self.value(value, (*path, name))
        return data

    def _place(self, node: yaml.Node) -> Place:
        start, end = node.start_mark, node.end_mark
        line = self.source.place(self.first_line + start.line)
        one_line = start.line == end.line
        width = (end.column if one_line else len(line.excerpt)) - start.column
        return self.source.place(line.line, start.column + 1, width)

    def _report(self, rule: Rule, node: yaml.Node, message: str, hint: str) -> None:
        self.diagnostics.append(Diagnostic(rule, self._place(node), message, hint))


def _is_empty(node: yaml.Node) -> bool:
    """Whether nothing stands after the colon (an empty text in quotes is something)."""
    return isinstance(node, yaml.ScalarNode) and node.value == "" and node.style is None


def _failure(rule: Rule, place: Place, message: str, hint: str) -> Unreadable:
    return Unreadable(Diagnostic(rule, place, message, hint))

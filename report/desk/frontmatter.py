"""Changing values in front matter, and nothing else in it.

A value that changes is replaced where it stands; comments, order, quotes and line breaks around it
stay as whoever wrote the file left them. YAML's own parser tells from where to where a value
reaches, and the result is read again before it is given out.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, TypeAlias

import yaml

Value: TypeAlias = "str | list[Value] | dict[str, Value]"
"""What front matter holds: texts, lists and keys with values, all scalars being texts."""

_WIDTH = 100
"""The column at which a long text is broken."""

_INDENT = "  "


class CannotChangeError(ValueError):
    """Front matter that cannot be changed value by value."""


def changed(matter: str, values: Mapping[str, Value | None]) -> str:
    """Return front matter with new values for some of its keys.

    `matter` is YAML without the lines of hyphens, ending in a line break. A value of None takes its
    key away. A text that only its line breaks tell from what stands there is no change, since a
    form has texts without them. Raises `CannotChangeError` when what results would not say what is
    wanted.
    """
    before = _loaded(matter)
    values = {
        key: value if value is None else _as_written(before.get(key), value)
        for key, value in values.items()
    }
    wanted = {**before, **values}
    wanted = {key: value for key, value in wanted.items() if value is not None}
    root = yaml.compose(matter, Loader=yaml.BaseLoader)
    if root is None:
        return matter + "".join(_entry(key, value, "") for key, value in wanted.items())
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise CannotChangeError("the front matter is not written one key on each line")
    for edit in (_Edit(matter), _Edit(matter, whole=True)):
        result = edit.changed(root, values)
        if _holds_all(result, wanted):
            return result
    raise CannotChangeError("the front matter is written in a way that only its author knows")


def _as_written(before: Value | None, value: Value) -> Value:
    """A value, whose texts are as they stand there where they differ in line breaks alone."""
    match before, value:
        case str(), str():
            return before if _unbroken(before) == _unbroken(value) else value
        case dict(), dict():
            return {key: _as_written(before.get(key), text) for key, text in value.items()}
        case list(), list():
            beside = zip_longest(before[: len(value)], value)
            return [
                next(
                    (old for old in before if _as_written(old, new) == old), _as_written(there, new)
                )
                for there, new in beside
            ]
    return value


def _unbroken(text: str) -> str:
    return " ".join(filter(None, re.split(r"\s*\n\s*", text)))


class _Edit:
    """The replacements that lead from one text to another.

    `whole` is whether a value is replaced as a whole even where a part of it would do.
    """

    def __init__(self, text: str, *, whole: bool = False) -> None:
        self._text = text
        self._whole = whole
        self._replacements: list[tuple[int, int, str]] = []

    def changed(self, root: yaml.MappingNode, values: Mapping[str, Value | None]) -> str:
        self._mapping(root, values)
        text = self._text
        for start, end, new in sorted(self._replacements, reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def _mapping(self, node: yaml.MappingNode, values: Mapping[str, Value | None]) -> None:
        entries = {key.value: (key, value) for key, value in node.value}
        added = ""
        indent = " " * (node.value[0][0].start_mark.column if node.value else 0)
        for name, value in values.items():
            if name not in entries:
                if value is not None:
                    added += f"{indent}{_entry(name, value, indent)}"
            elif value is None:
                self._replace(*self._lines(*entries[name]), "")
            else:
                self._value(*entries[name], value)
        if added:
            last = node.value[-1] if node.value else None
            place = self._lines(*last)[1] if last else len(self._text)
            self._replace(place, place, added)

    def _value(self, key: yaml.Node, node: yaml.Node, value: Value) -> None:
        if _plain(node) == value:
            return
        in_part = not self._whole and not getattr(node, "flow_style", False)
        if in_part and isinstance(node, yaml.MappingNode) and isinstance(value, dict):
            gone = dict.fromkeys(k.value for k, _ in node.value if k.value not in value)
            self._mapping(node, {**value, **gone})
        elif in_part and isinstance(node, yaml.SequenceNode) and isinstance(value, list) and value:
            self._sequence(node, value)
        elif in_part and isinstance(node, yaml.ScalarNode) and isinstance(value, str):
            self._scalar(node, value, " " * key.start_mark.column)
        else:
            start, end = self._lines(key, node)
            indent = " " * key.start_mark.column
            self._replace(start, end, f"{indent}{_entry(key.value, value, indent)}")

    def _sequence(self, node: yaml.SequenceNode, values: list[Value]) -> None:
        """Change, take out and add items, and leave alone those that stay the same."""
        items, indent = node.value, " " * node.start_mark.column
        before, after = ([json.dumps(v) for v in vs] for vs in (map(_plain, items), values))
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        for kind, i, j, m, n in matcher.get_opcodes():
            if kind == "equal":
                continue
            both = min(j - i, n - m)
            for item, value in zip(items[i : i + both], values[m : m + both], strict=True):
                self._item(item, value, indent)
            for item in items[i + both : j]:
                self._replace(*self._lines(item, item), "")
            added = "".join(f"{indent}- {_item(value, indent)}" for value in values[m + both : n])
            start, end = self._lines(items[max(0, i + both - 1)], items[max(0, i + both - 1)])
            place = end if i + both else start
            self._replace(place, place, added)

    def _item(self, node: yaml.Node, value: Value, indent: str) -> None:
        if isinstance(node, yaml.MappingNode) and isinstance(value, dict) and not node.flow_style:
            self._value(node, node, value)
        elif isinstance(node, yaml.ScalarNode) and isinstance(value, str):
            self._scalar(node, value, indent)
        else:
            self._replace(*self._lines(node, node), f"{indent}- {_item(value, indent)}")

    def _scalar(self, node: yaml.ScalarNode, value: str, indent: str) -> None:
        """Replace a text between its first and its last character: a comment after it stays."""
        start, end = node.start_mark.index, node.end_mark.index
        end = start + len(self._text[start:end].rstrip())
        # Where nothing stands after the colon, not even a space does.
        space = "" if end > start else " "
        self._replace(start, end, space + _text(value, indent, node.style or ""))

    def _lines(self, key: yaml.Node, node: yaml.Node) -> tuple[int, int]:
        """From where to where the lines of a key and its value reach."""
        return self._line_start(key.start_mark.index), self._after(node)

    def _line_start(self, place: int) -> int:
        return self._text.rfind("\n", 0, place) + 1

    def _after(self, node: yaml.Node) -> int:
        """Where the line ends on which the last character of a value stands."""
        last = _last(node)
        written = self._text[last.start_mark.index : last.end_mark.index].rstrip()
        end = self._text.find("\n", last.start_mark.index + len(written))
        return len(self._text) if end < 0 else end + 1

    def _replace(self, start: int, end: int, new: str) -> None:
        self._replacements.append((start, end, new))


def _last(node: yaml.Node) -> yaml.Node:
    """The scalar, or the flow collection, that a value ends with."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return node


def _entry(key: str, value: Value, indent: str) -> str:
    """A key with its value, without indentation before it and with a line break after it."""
    if isinstance(value, str):
        return f"{key}: {_text(value, indent, '')}\n"
    if not value:
        return f"{key}: {'[]' if isinstance(value, list) else '{}'}\n"
    deeper = indent + _INDENT
    if isinstance(value, list):
        items = (f"{deeper}- {_item(item, deeper)}" for item in value)
    else:
        items = (f"{deeper}{_entry(name, item, deeper)}" for name, item in value.items())
    return f"{key}:\n{''.join(items)}"


def _item(value: Value, indent: str) -> str:
    """An item of a list, without its hyphen and with a line break after it."""
    if isinstance(value, str):
        return f"{_text(value, indent, '')}\n"
    if not value or isinstance(value, list):
        return f"{json.dumps(value, ensure_ascii=False)}\n"
    deeper = indent + _INDENT
    return deeper.join(_entry(name, item, deeper) for name, item in value.items())


def _text(value: str, indent: str, style: str) -> str:
    """A text as YAML: in the style that it had if that can hold it, else as plainly as may be."""
    quoted = json.dumps(value, ensure_ascii=False)
    is_long = len(indent) + len(value) > _WIDTH - 20
    candidates = {
        "'": [f"'{value.replace(chr(39), chr(39) * 2)}'"] if not is_long else [],
        '"': [quoted] if not is_long else [],
    }.get(style, [])
    folded = ">-\n" + textwrap.indent(
        textwrap.fill(
            value,
            _WIDTH - len(indent) - len(_INDENT),
            break_long_words=False,
            break_on_hyphens=False,
        ),
        indent + _INDENT,
    )
    if is_long or style in (">", "|"):
        candidates.append(folded)
    for written in (*candidates, value):
        if _holds(written, value, indent):
            return written
    return quoted


def _holds(written: str, value: str, indent: str) -> bool:
    """Whether YAML reads this as the value, before a comment and in a list too."""
    try:
        return bool(
            _loaded(f"{indent}- {written}\n") == [value]
            and _loaded(f"{indent}k: {written}\n") == {"k": value}
        )
    except yaml.YAMLError:
        return False


def _holds_all(matter: str, wanted: Mapping[str, Value]) -> bool:
    try:
        return bool(_loaded(matter) == wanted)
    except yaml.YAMLError:
        return False


def _loaded(text: str) -> Any:
    return yaml.load(text, Loader=yaml.BaseLoader) or {}


def _plain(node: yaml.Node) -> Value:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    return str(node.value)

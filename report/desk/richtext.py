"""The words of a file in rich text (RTF 1.9.1), read without pandoc to compare them with its own.

Pandoc takes a note in the form that LibreOffice writes for something that it may pass over;
`for_pandoc` gives it the form that it knows.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from report.desk.original import FURNITURE, Original, Revision, Trace

_TOKEN = re.compile(
    rb"\\([A-Za-z]+)(-?[0-9]+)? ?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])|([{}])|([^\\{}\r\n]+)"
)
_UNREAD = {
    *("fonttbl", "colortbl", "stylesheet", "info", "pict", "fldinst", "listtext", "pntext"),
    *("annotation", "atnid", "atnauthor", "sp", "private", "object", "themedata"),
}
_READ_IN_SPITE = {"footnote", "shpinst"}
"""Destinations with words, which a reader may pass over all the same."""
_BREAKS = {"par", "line", "cell", "row", "sect", "page", "footnote", "shptxt", "nestcell"}
_SIGNS = {
    "tab": " ",
    "emdash": "\u2014",
    "endash": "\u2013",
    "bullet": "\u2022",
    "~": " ",
    "lquote": "\u2018",
    "rquote": "\u2019",
    "ldblquote": "\u201c",
    "rdblquote": "\u201d",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
    "_": "-",
    "{": "{",
    "}": "}",
    "\\": "\\",
}
_CHARSETS = {
    128: "cp932",
    129: "cp949",
    134: "gbk",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}
_FONT = re.compile(rb"\\f([0-9]+)[^;{}]*?\\fcharset([0-9]+)")
_NOTE = re.compile(rb"\{\s*\\\*\s*\\footnote\b")
_CHANGE = re.compile(rb"\\(revised|deleted)(?![a-z0-9])")
_COMMENT = re.compile(rb"\{\\\*\\annotation\b")
_HEAD_OR_FOOT = re.compile("(header|footer)[lrf]?$")


def for_pandoc(data: bytes) -> bytes:
    """The file with its notes in the form that pandoc knows."""
    return _NOTE.sub(rb"{\\footnote", data)


def read_rich_text(data: bytes) -> Original:
    """Read a file. Whether it has changes and comments is told, but not their words."""
    traces = {b"revised": Trace.INSERTED, b"deleted": Trace.DELETED}
    changes = (Revision(traces[m[1]], "", "some words") for m in _CHANGE.finditer(data))
    comments = (Revision(Trace.COMMENT, "", "some words") for _ in _COMMENT.finditer(data))
    text, edges = "", dict.fromkeys(FURNITURE, "")
    for words, story in _words(data):
        if story:
            edges[story] += words
        else:
            text += words
    left_out = [
        f"{FURNITURE[story]}, \u201c{' '.join(words.split())}\u201d"
        for story, words in edges.items()
        if re.search(r"[^\W\d_]", words)
    ]
    return Original(tuple(text.split("\n")), (*changes, *comments), tuple(left_out))


@dataclass(frozen=True, slots=True)
class _State:
    """What holds within a group: whether it is read, its story, its letters."""

    read: bool = True
    story: str = ""
    encoding: str = "cp1252"
    fallback: int = 1
    """How many signs stand after a character of Unicode for readers that do not know it."""


def _words(data: bytes) -> Iterator[tuple[str, str]]:
    """The words in their order, each with `header` or `footer` when they stand there."""
    fonts = {m[1]: _CHARSETS.get(int(m[2]), "") for m in _FONT.finditer(data)}
    state, groups = _State(), list[_State]()
    passed, starred = 0, False
    pending = bytearray()
    for token in _TOKEN.finditer(data):
        word, number, code, symbol, brace, plain = token.groups()
        if code or plain:
            # A letter of some encodings takes two codes, so codes are gathered.
            signs = bytes([int(code, 16)]) if code else plain
            taken = min(passed, len(signs))
            passed -= taken
            pending += signs[taken:]
            continue
        yield from _spoken(pending.decode(state.encoding, "replace"), state)
        pending.clear()
        name = (word or symbol or b"").decode("latin-1")
        if brace == b"{":
            groups.append(state)
        elif brace == b"}":
            state = groups.pop() if groups else _State()
        elif name == "*":
            starred = True
            continue
        elif name == "u" and number:
            yield from _spoken(_character(int(number)), state)
            passed = state.fallback
        elif name in _SIGNS:
            yield from _spoken(_SIGNS[name], state)
        else:
            state = _after(state, name, number or b"", starred=starred, fonts=fonts)
            yield from _spoken("\n" if name in _BREAKS else "", state)
        starred = False
    yield from _spoken(pending.decode(state.encoding, "replace"), state)


def _spoken(words: str, state: _State) -> Iterator[tuple[str, str]]:
    if words and state.read:
        yield words, state.story


def _character(number: int) -> str:
    """A character by its number, which is signed; halves of a pair are put together by nobody."""
    code = number % 0x10000
    return "" if 0xD800 <= code <= 0xDFFF else chr(code)


def _after(
    state: _State, name: str, number: bytes, *, starred: bool, fonts: dict[bytes, str]
) -> _State:
    """What holds after a control word."""
    if name in _UNREAD or (starred and name not in _READ_IN_SPITE):
        return replace(state, read=False)
    if edge := _HEAD_OR_FOOT.match(name):
        return replace(state, story=edge[1])
    if name == "uc" and number:
        return replace(state, fallback=max(0, int(number)))
    if name == "f" and fonts.get(number):
        return replace(state, encoding=fonts[number])
    if name == "ansicpg" and _is_encoding(f"cp{number.decode()}"):
        return replace(state, encoding=f"cp{number.decode()}")
    return state


def _is_encoding(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True

"""Compact texts: the long texts of a record, kept as UTF-8.

Python keeps a text in which there is one curly quotation mark with two bytes for each character,
and with four where there is one emoji. HTML in the languages of Europe takes little more than one
in UTF-8, and what a build holds in its memory is HTML for the most part.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MemberDescriptorType
from typing import TypeVar

_Kind = TypeVar("_Kind", bound=type)


def compact(*names: str) -> Callable[[_Kind], _Kind]:
    """Return a decorator of a dataclass with slots, which keeps these texts of it as UTF-8.

    Whoever reads or replaces one of them deals with a `str`, which is made anew at each reading.
    """

    def compacted(kind: _Kind) -> _Kind:
        for name in names:
            setattr(kind, name, _as_utf8(kind.__dict__[name]))
        return kind

    return compacted


def _as_utf8(slot: MemberDescriptorType) -> property:
    """Return what stands before a slot and turns texts into bytes and back."""

    def read(record: object) -> str:
        return str(slot.__get__(record), "utf-8", "surrogatepass")

    def write(record: object, text: str) -> None:
        slot.__set__(record, text.encode("utf-8", "surrogatepass"))

    return property(read, write)

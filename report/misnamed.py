"""What to do about files in a session's folder that are no statements because of their names."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import PurePath

_TEXTS = {".md", ".markdown", ".mdown", ".txt", ".text"}
_IMPORTED = {".docx", ".docm", ".odt", ".rtf", ".htm", ".html", ".pdf", ".txt", ".text"}
_SAVED_FIRST = {".doc", ".pages"}
OTHER_TEXTS = _TEXTS | _IMPORTED | _SAVED_FIRST
"""How the names of files end, in small letters, that may be statements as they came."""

_IMPORT = "make a statement of it with `python build.py import`"
_PLACE = re.compile(r"(\d{1,3}(?!\d))?[\d\W_]*(.*)")


def hint(name: str, taken: Collection[int], reserved: Collection[str]) -> str:
    """How a file with a text becomes a statement or what `reserved` names.

    `taken` are the numbers of the statements beside it.
    """
    suffix = PurePath(name).suffix.lower()
    stem = re.sub(r"\.md$", "", PurePath(name).stem, flags=re.IGNORECASE)
    proposed = f"{stem.lower()}.md"
    if proposed not in reserved:
        proposed = f"{numbered(stem, taken)}.md"
    if suffix in _SAVED_FIRST:
        return f"save it as .docx, and {_IMPORT}"
    if suffix not in _TEXTS:
        return f"{_IMPORT}, or save it as plain text with the name {proposed}"
    if suffix in _IMPORTED and not name.lower().endswith(f".md{suffix}"):
        return f"{_IMPORT}, or call it {proposed} when it begins with front matter"
    return f"call it {proposed}, with the small letters .md at the end"


def numbered(stem: str, taken: Collection[int]) -> str:
    """A name that begins with a number: its own, or the next when that is missing or taken."""
    match = _PLACE.fullmatch(stem)
    assert match
    number = int(match[1] or 0)
    if not number or number in taken:
        number = max(taken, default=0) + 1
    return f"{number:02d}-{fit(match[2] or 'name')}"


def fit(name: str) -> str:
    """The name with hyphens in place of what references cannot use."""
    parts = (re.sub(r"-?[^\w.-]+-?", "-", part).strip("-") for part in name.split("/"))
    return "/".join(part or "name" for part in parts)

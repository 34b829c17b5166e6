"""The patterns by which HTML is read, each compiled once.

tinyhtml5 2.1 means to keep the pattern of each set of characters, but under another key than that
by which it looks for it: a tenth of what it takes to read a document with many attributes.
"""

from __future__ import annotations

import re

from tinyhtml5 import inputstream


class _Patterns(dict[tuple[frozenset[str], bool], re.Pattern[str]]):
    """Makes the pattern of a set of characters, or of all others, when it is first asked for."""

    def __missing__(self, key: tuple[frozenset[str], bool]) -> re.Pattern[str]:
        characters, is_of_them = key
        listed = "".join(map(re.escape, characters))
        pattern = self[key] = re.compile(f"[{'' if is_of_them else '^'}{listed}]+")
        return pattern


def install() -> None:
    """Have tinyhtml5 find its patterns from now on."""
    inputstream.characters_until_regex = _Patterns()

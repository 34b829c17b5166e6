"""Typographic quotes and dashes for plain texts, such as titles and findings.

Markdown bodies get theirs from Python-Markdown; this does the same for values from YAML.
"""

from __future__ import annotations

import re

_RULES = (
    (re.compile(r"(^|[\s(\[\u2014\u2013/])\""), "\\1\u201c"),
    (re.compile(r'"'), "\u201d"),
    (re.compile(r"(^|[\s(\[\u2014\u2013/\u201c])'(?=\w)"), "\\1\u2018"),
    (re.compile(r"'"), "\u2019"),
    (re.compile(r"(?<=\s)---(?=\s)"), "\u2014"),
    (re.compile(r"(?<=\s)--(?=\s)|(?<=\d)--(?=\d)"), "\u2013"),
)


def smarten(text: str) -> str:
    """Replace straight quotes, apostrophes and double hyphens by their typographic forms.

    >>> smarten('The "Chairman\\'s Summary" -- part 2')
    '“The “Chairman’s Summary” – part 2'[1:]
    """
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text

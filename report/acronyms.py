"""Acronyms: what they stand for is said where a text first uses them.

A statement is printed as it was delivered, so what is added to it stands in square brackets.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape

from report.index import Passage
from report.symbols import SYMBOL
from report.typography import smarten

_TAG = r"""<(?:[^>"']|"[^"]*"|'[^']*')*>"""
_LEFT_ALONE = rf"<(?P<name>h[1-6]|a|abbr|code|pre)\b.*?</(?P=name)>|{_TAG}"
"""What keeps its words: headings, links, what is explained already, code, and every tag."""


def expand(html: str, acronyms: Mapping[str, str], language: str) -> str:
    """Mark each acronym at its first use in a text's HTML with what it stands for.

    The words are shown after it, in square brackets, unless the text itself has said them by then.
    """
    meanings = {
        escape(acronym): smarten(meaning, language)
        for acronym, meaning in acronyms.items()
        if escape(acronym) in html
    }
    if not meanings:
        return html
    done, end = [], 0
    for use in _uses(html, meanings):
        meaning = meanings.pop(use["acronym"], None)
        if meaning:
            is_said = _said(meaning, html[: use.start()], html[use.end() :])
            done += [html[end : use.start()], _explained(use, meaning, is_said=is_said)]
            end = use.end()
    return "".join((*done, html[end:]))


def _uses(html: str, acronyms: Iterable[str]) -> Iterator[re.Match[str]]:
    longest_first = sorted(acronyms, key=len, reverse=True)
    pattern = re.compile(
        rf"{_LEFT_ALONE}|(?<![\w/.-])(?P<acronym>{'|'.join(map(re.escape, longest_first))})"
        r"(?P<ending>(?:['\u2019]?s)?)(?![\w/]|-\w)",
        re.DOTALL,
    )
    return (match for match in pattern.finditer(html) if match["acronym"])


def _explained(use: re.Match[str], meaning: str, *, is_said: bool) -> str:
    marked = f'<abbr title="{escape(meaning)}">{use["acronym"]}</abbr>{use["ending"]}'
    return marked if is_said else f'{marked} <span class="expansion">[{escape(meaning)}]</span>'


def _said(meaning: str, before: str, after: str) -> bool:
    """Whether the text gives the meaning before the acronym, or in parentheses right after it."""
    meaning = meaning.casefold()
    return meaning in _plain(before) or _plain(after).startswith(f"({meaning}")


def _plain(html: str) -> str:
    return " ".join(unescape(re.sub(_TAG, "", html)).split()).casefold()


@dataclass(frozen=True, slots=True)
class UnknownAcronym:
    """An acronym that nothing explains, how often it is used, and the text that uses it first."""

    acronym: str
    count: int
    text: str


_KEPT = 8192
"""Of how many passages the acronyms are remembered: each edition of an event is checked."""

_CAPITAL = "A-Z\u00c0-\u00d6\u00d8-\u00de\u0401\u0410-\u042f"
_ACRONYM = re.compile(rf"(?<![\w.-])([{_CAPITAL}][{_CAPITAL}0-9]*[{_CAPITAL}])s?(?![\w-])")
_NUMERAL = re.compile(r"[IVX]+")
_OTHER = re.compile(rf"://\S+|{SYMBOL.pattern}")
"""What holds capitals and is no acronym: addresses and document symbols."""


def unknown(said: Iterable[Passage], known: Container[str]) -> Iterator[UnknownAcronym]:
    """The acronyms in the passages that are not known, in the order of their first use."""
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    for passage in said:
        for acronym in _acronyms(passage.words):
            if acronym not in known:
                counts[acronym] += 1
                first.setdefault(acronym, passage.text)
    return (UnknownAcronym(acronym, counts[acronym], text) for acronym, text in first.items())


@lru_cache(maxsize=_KEPT)
def _acronyms(words: str) -> tuple[str, ...]:
    # In a title that is all in capitals nothing tells an acronym from other words.
    if words.isupper():
        return ()
    found = (match[1] for match in _ACRONYM.finditer(_OTHER.sub(" ", words)))
    return tuple(acronym for acronym in found if not _NUMERAL.fullmatch(acronym))


_EXPLAINED = re.compile(r'<abbr title="[^"]+">([^<]+)</abbr>')


def explained(html: str) -> Iterator[str]:
    """The acronyms that a text's HTML explains by itself."""
    return (unescape(match) for match in _EXPLAINED.findall(html))


_FORMULA = re.compile(r"(?<!\w)\w*(?:<(su[bp])>[^<]*</\1>\w*)+")


def formulas(html: str) -> Iterator[str]:
    """The words of a text's HTML with a letter or number set lower or higher, such as H2O."""
    return (unescape(re.sub(_TAG, "", match[0])) for match in _FORMULA.finditer(html))

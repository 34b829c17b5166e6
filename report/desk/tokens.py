"""Whether the words of a file are all in the statement that was made of it, and no others."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from report.desk.characters import normalize
from report.wording import QUOTATION_MARKS

# Quotation marks and bullets may be written in another way, and what fonts of symbols show is not
# known: none of them is a word.
_UNHEARD = re.compile(
    f"[{re.escape(QUOTATION_MARKS)}\u2022\u2023\u25aa\u25cf\u25e6\u00b7\ufffc`\ue000-\uf8ff]"
)
_DASHES = re.compile("[-\u2010-\u2015\u2212]+")
_TOKEN = re.compile(r"\w+|[^\w\s]")


def tokens(text: str) -> list[str]:
    """The words and signs of a text, in one form for what is only written in another way.

    >>> tokens("“The State’s re\\u00adport” — 5 %…")
    ['The', 'State', 's', 'report', '5', '%', '.', '.', '.']
    """
    # Compatibility forms: an ellipsis is three dots, a ligature its letters.
    text = unicodedata.normalize("NFKC", normalize(text))
    return _TOKEN.findall(_DASHES.sub(" ", _UNHEARD.sub(" ", text)))


def lost(source: Iterable[str], result: Iterable[str]) -> tuple[str, ...]:
    """The runs of words in the passages of `source` that the passages of `result` lack.

    How often a word occurs counts, where it stands does not: notes and text boxes move.
    """
    left = Counter(token for passage in result for token in tokens(passage))
    return tuple(run for passage in source for run in _runs(tokens(passage), left))


def _runs(words: Iterable[str], left: Counter[str]) -> Iterator[str]:
    """The runs of words that are not left; those that are, are taken."""
    run: list[str] = []
    for word in words:
        if left[word] > 0:
            left[word] -= 1
            if run:
                yield " ".join(run)
            run = []
        else:
            run.append(word)
    if run:
        yield " ".join(run)

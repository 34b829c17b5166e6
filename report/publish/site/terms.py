"""Terms: words in the form in which they are looked for, however they are written.

No dictionary and no rules of one language, since a report has texts in many: signs that are
written or left out at will are taken off, and scripts without spaces are cut into pairs of signs
that overlap, so that any part of a text can be found. `templates/site/search.js` does the same with
what is typed; a test holds the two together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from report.digits import SAME_DIGITS

_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
"""Han and kana, written without spaces."""

_RUN = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+")
_ARTICLE = re.compile("^(?:[وفبك]?ال|لل)(?=..)")
"""The Arabic article, alone or with a particle, which is written as one with its word."""

_LETTERS = {
    "\u00ad": "",
    "\u0640": "",
    "\u200c": "",
    "\u200d": "",
    "ى": "ي",
    "ة": "ه",
    **SAME_DIGITS,
}
"""What is written in two ways: soft hyphen, tatweel, joiners, Arabic digits and final forms."""


class _Plain(dict[int, str]):
    """Signs by code point, without what stands above or below letters; filled as it is asked."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        plain = "" if unicodedata.category(sign)[0] == "M" else _LETTERS.get(sign, sign)
        self[code] = plain
        return plain


_PLAIN = _Plain()


def terms(text: str) -> Iterator[str]:
    """The terms of a text, in its order.

    A run of signs of a script without spaces gives each pair of neighbours, and its last sign.
    """
    folded = unicodedata.normalize("NFKD", text.lower()).translate(_PLAIN)
    for run in _RUN.findall(folded):
        if re.match(f"[{_UNSPACED}]", run):
            yield from (run[n : n + 2] for n in range(len(run)))
        else:
            yield _ARTICLE.sub("", run)

"""Characters as an editor would type them, whatever a word processor made of them."""

from __future__ import annotations

import re
import unicodedata

from report.source import UNFIT

# Soft hyphens, zero-width spaces, word joiners, byte order marks, and the controls of direction
# (Unicode Standard Annex 9): the report hyphenates by itself and takes direction from language.
# Joiners (U+200C, U+200D) stay: Persian and Indic words are misspelt without them.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c]")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t]")
_BREAKS = re.compile("\r\n?|[\u000b\u000c\u0085\u2028\u2029]")
_DOUBLE = re.compile("[\u201c\u201d\u201f\u2033]")
_SINGLE = re.compile("[\u2018\u2019\u201b](?!\\w)|(?<=\\w)[\u2018\u2019]|\u2018(?=\\w)")
_HYPHENS = re.compile("[\u2010\u2011]")


def normalize(text: str) -> str:
    """The text with plain spaces and quotes, and without characters that nobody sees.

    Straight quotes are set as curly ones by the report. An apostrophe that begins a word, as in
    ’tis, stays: a straight one there would be taken for an opening quote.

    >>> normalize("the\u00a0\u201cState\u2019s\u201d co\u00adop\u2011eration")
    'the "State\\'s" coop-eration'
    """
    text = _INVISIBLE.sub("", _SPACES.sub(" ", _BREAKS.sub("\n", text)))
    text = _HYPHENS.sub("-", _SINGLE.sub("'", _DOUBLE.sub('"', text)))
    return unicodedata.normalize("NFC", UNFIT.sub("", text))

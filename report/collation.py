"""Collation: the order in which names stand in an index, by the rules of the index's language.

English, French, Russian and Spanish follow their alphabets, Arabic does so without the article, and
Chinese by pinyin. Accents decide nothing but where a letter with a mark is a letter of its own:
й in Russian, ñ in Spanish.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from report.languages import primary

_AFTER = "\uffff"
"""After a letter, makes another one that follows it in the alphabet."""

_LETTERS: Mapping[str, Mapping[str, str]] = {
    "es": {"ñ": f"n{_AFTER}"},
    "ru": {"й": "й", "ё": "е"},
    # The carriers of hamza count as themselves, ta marbuta as ha, alif maqsura as ya.
    "ar": {"ؤ": "و", "ئ": "ي", "ء": "", "ة": "ه", "ى": "ي", "ٱ": "ا"},
}
"""Letters that do not count as what is left of them without their marks."""

_ARTICLE = re.compile(r"^ال(?=\w{2})")
_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"


@lru_cache(maxsize=4096)
def order(name: str, language: str) -> str:
    """What names are sorted by: letters without accents, figures and spaces, in small letters."""
    return _plain(_spelt(name.casefold(), language), _LETTERS.get(primary(language), {})).strip()


def initial(name: str, language: str) -> str:
    """The letter under which an index has a name."""
    key = order(name, language)
    if key[1:2] == _AFTER:
        return _of_its_own(key[:2], language).upper()
    return key[:1].upper()


def _of_its_own(key: str, language: str) -> str:
    return next(letter for letter, k in _LETTERS[primary(language)].items() if k == key)


def _spelt(name: str, language: str) -> str:
    """A name as it is looked up: in Arabic without its article, in Chinese by its sounds."""
    if primary(language) == "ar":
        return _ARTICLE.sub("", name)
    if primary(language) == "zh" and re.search(_HAN, name):
        # Imported here because it takes a third of a second, and few editions are in Chinese.
        from pypinyin import Style, lazy_pinyin

        return "".join(lazy_pinyin(name, style=Style.TONE3, neutral_tone_with_five=True))
    return name


def _plain(name: str, letters: Mapping[str, str]) -> str:
    return "".join(
        letters[letter] if letter in letters else _bare(letter)
        for letter in unicodedata.normalize("NFC", name)
    )


def _bare(letter: str) -> str:
    plain = unicodedata.normalize("NFKD", letter)
    return "".join(c for c in plain if c.isalnum() or c == " ")

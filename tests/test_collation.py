"""Collation: names in the order in which readers of each language look for them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from report.collation import initial, order
from tests.conftest import PROJECT


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Åland", "Albania", "Côte d'Ivoire", "Croatia", "Türkiye", "Uganda"]),
        ("fr", ["Écosse", "Égypte", "Espagne", "État A", "Éthiopie", "Europe", "Zambie"]),
        ("es", ["España", "Nicaragua", "Nzema", "Ñandú", "Omán", "Órgano", "Perú"]),
        ("ru", ["Австрия", "Европа", "Ёлка", "Ель", "Индия", "Ирак", "Йемен", "Катар", "Япония"]),
        # Algeria, Denmark, Iraq, Oman, Morocco, Ministry: with the article or without it.
        (
            "ar",
            ["إيران", "الجزائر", "الدانمرك", "السودان", "العراق", "عمان", "مصر", "المغرب", "اليمن"],
        ),
        ("zh", ["阿富汗", "安哥拉", "北京", "长城", "重庆", "法国", "会员国", "中国", "总干事"]),
    ],
)
def test_names_stand_in_the_order_of_their_language(language: str, names: list[str]) -> None:
    mixed = names[::2] + names[1::2]
    assert sorted(mixed, key=lambda name: order(name, language)) == names


@pytest.mark.parametrize(
    ("language", "name", "letter"),
    [
        ("en", "Óscar", "O"),
        ("es", "Óscar", "O"),
        ("es", "ñandú", "Ñ"),
        ("pt", "ñandú", "N"),
        ("ru", "Йемен", "Й"),
        ("ru", "Ёлка", "Е"),
        ("ar", "الوزير", "و"),
        ("ar", "أمين", "ا"),
        ("zh-Hans", "重庆", "C"),
        ("zh", "NGO", "N"),
        ("en", "42 States", "4"),
    ],
)
def test_an_index_has_names_under_their_letters(language: str, name: str, letter: str) -> None:
    assert initial(name, language) == letter


def test_arabic_words_that_only_look_like_the_article_keep_their_beginning() -> None:
    assert order("ألمانيا", "ar").startswith("ا")
    assert order("آل", "ar") == "ال"


def test_the_sounds_of_chinese_are_loaded_for_chinese_alone() -> None:
    code = (
        "import sys; from report.collation import order;"
        "order('中国', 'en'); order('China', 'zh'); sys.exit('pypinyin' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=True)

"""The gallery: its pictures show every kind of page as it is now, in every language."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from PIL import Image

from gallery.editions import Edition, editions
from gallery.record import FOLDER, SPREAD, picture, stale
from tests.conftest import CACHE, PROJECT


@pytest.fixture(scope="module")
def shown() -> Mapping[str, Edition]:
    return editions(CACHE)


def test_its_pictures_are_of_the_pages_as_they_are(shown: Mapping[str, Edition]) -> None:
    languages = ", ".join(stale(shown))
    assert not languages, f"pages look otherwise now ({languages}): run `make gallery`"


def test_it_shows_every_kind_of_page_in_each_language(shown: Mapping[str, Edition]) -> None:
    assert set(shown) == {"ar", "en", "es", "fr", "ru", "zh"}
    for edition in shown.values():
        assert {page.unit.kind for page in edition.pages} == {u.kind for u in edition.report.units}
    assert {path.name for path in FOLDER.glob("*.webp")} == {*map(picture, shown), SPREAD}


def test_its_pictures_are_light_and_named_where_they_are_used() -> None:
    pictures = [*FOLDER.glob("*.webp")]
    assert sum(path.stat().st_size for path in pictures) < 2_000_000
    for path in pictures:
        assert Image.open(path).width > 1000
    for page in ("README.md", "docs/designers.md", "docs/gallery/README.md"):
        text = (PROJECT / page).read_text(encoding="utf-8")
        named = re.findall(r"!?\[([^\]]+)\]\(([^)]+\.webp)\)", text)
        assert named
        for words, target in named:
            assert words
            assert (PROJECT / page).parent.joinpath(target).is_file(), target

"""The slides of a presentation as its template shows them, and as typesetting finds them again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from report.deck import Hotspot
from report.model import Statement
from report.unit import PlacedSlide
from report.words import Words, words


@dataclass(frozen=True, slots=True)
class HotspotShown:
    """A link of a slide: its sides (`Hotspot`), where it leads, and what it says of that."""

    place: str
    href: str
    label: str


@dataclass(frozen=True, slots=True)
class SlideShown:
    """A slide: its number and anchor, its shape and links; the source of its picture, and its text.

    `language` is that of the text.
    """

    number: int
    anchor: str
    source: str
    alternative: str
    language: str
    ratio: float
    hotspots: tuple[HotspotShown, ...]


def slides(statement: Statement, language: str, own: Words) -> Iterator[SlideShown]:
    """Yield the slides that accompany a statement, whose texts for them are in a language.

    Where their links lead is told in the report's own words.
    """
    deck = statement.deck
    for number, slide in enumerate(deck.slides if deck else (), start=1):
        yield SlideShown(
            number,
            _anchor(statement, number),
            _source(statement, number),
            _alternative(statement, number, words(language)),
            language,
            slide.width / slide.height,
            tuple(_hotspot(statement, spot, own) for spot in slide.hotspots),
        )


def placed_slides(statement: Statement) -> Mapping[str, PlacedSlide]:
    """The slides of a statement by the sources of their pictures."""
    deck = statement.deck
    return {
        _source(statement, number): PlacedSlide(deck, number)
        for number in range(1, len(deck.slides) + 1 if deck else 1)
        if deck
    }


def _source(statement: Statement, number: int) -> str:
    # The page of a PDF file as a fragment of its address (RFC 8118, 3).
    return f"{statement.slides}#page={number}"


def _anchor(statement: Statement, number: int) -> str:
    return f"{statement.id}/slide-{number}"


def _alternative(statement: Statement, number: int, told: Words) -> str:
    """The text for one slide, or that for all of them with its number."""
    assert statement.deck
    count = len(statement.deck.slides)
    if len(statement.slides_alt) == count:
        return statement.slides_alt[number - 1]
    return told.gettext(
        "%(description)s (slide %(number)s of %(count)s)",
        description=statement.slides_alt[0],
        number=number,
        count=count,
    )


def _hotspot(statement: Statement, spot: Hotspot, own: Words) -> HotspotShown:
    place = f"{spot.left} {spot.top} {spot.width} {spot.height}"
    if isinstance(spot.target, int):
        label = own.gettext("Slide %(number)s", number=spot.target)
        return HotspotShown(place, f"#{_anchor(statement, spot.target)}", label)
    return HotspotShown(place, spot.target, spot.target)

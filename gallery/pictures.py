"""Pictures of the pages of an edition, and the sheet on which they stand together."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw, ImageFont
from PIL.Image import Resampling
from playwright.sync_api import Browser, Page
from pypdfium2 import PdfDocument

from gallery.editions import Edition
from report.compilation import compile_report
from report.formats import Format
from report.frame import name_bytes
from report.publish.site.pages import START, address
from report.resources import locate

WIDTH, HEIGHT = 280, 396
"""A page on the sheet, in pixels: as wide to its height as A4."""

COLUMNS = 7
_GAP = 16
_CAPTION = 26
_GROUND, _INK, _EDGE = "#e4e9ee", "#1d2126", "#b9c4ce"
_FACE = "package:fontpkg_fira_sans/files/FiraSans-Regular.ttf"

_DESKTOP, _TELEPHONE = 1280, 360
"""How wide the screens are on which the site is shown, in CSS pixels."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as a picture, and what it is called."""

    name: str
    image: Image.Image


def pictures(edition: Edition, output: Path, cache: Path, browser: Browser) -> Iterator[Picture]:
    """Compile an edition into a folder and look at its pages, on paper and on screens."""
    _compile(edition, output, cache)
    yield from _report(edition, output)
    yield from _screens(edition, output, browser)


def spread(edition: Edition, output: Path) -> Image.Image:
    """Two facing pages of an edition that is compiled there, with the opening of a statement."""
    path = output / f"report{edition.suffix}.pdf"
    page = _numbers(path)[name_bytes(edition.rich.id)]
    left = page if page % 2 else page - 1
    width, height, edge = 860, 1216, 30
    image = Image.new("RGB", (2 * width + 2 * edge, height + 2 * edge), _GROUND)
    for number in (left, left + 1):
        image.paste(_page(path, number, width, height), (edge + (number - left) * width, edge))
    ImageDraw.Draw(image).line((edge + width, edge, edge + width, edge + height), fill=_GROUND)
    return image


def sheet(shown: list[Picture]) -> Image.Image:
    """All pictures of an edition, in rows, each with its name below."""
    rows = -(-len(shown) // COLUMNS)
    across, down = WIDTH + _GAP, HEIGHT + _CAPTION + _GAP
    image = Image.new("RGB", (COLUMNS * across + _GAP, rows * down + _GAP), _GROUND)
    face = ImageFont.truetype(str(locate(_FACE, Path())), 15)
    draw = ImageDraw.Draw(image)
    for number, picture in enumerate(shown):
        x, y = _GAP + number % COLUMNS * across, _GAP + number // COLUMNS * down
        image.paste(picture.image, (x, y))
        draw.rectangle((x - 1, y - 1, x + WIDTH, y + HEIGHT), outline=_EDGE)
        draw.text((x, y + HEIGHT + 6), picture.name, font=face, fill=_INK)
    return image


def _compile(edition: Edition, output: Path, cache: Path) -> None:
    """Make the report, its site, an offprint and the programme booklet."""
    for formats, unit in (
        ({Format.PDF, Format.SITE}, None),
        ({Format.PDF}, edition.rich.id),
        ({Format.PROGRAMME}, None),
    ):
        outcome = compile_report(
            edition.folder,
            output,
            cache,
            frozenset(formats),
            language=edition.language,
            unit=unit,
        )
        assert outcome.outputs, outcome.diagnostics


def _report(edition: Edition, output: Path) -> Iterator[Picture]:
    report = output / f"report{edition.suffix}.pdf"
    numbers = _numbers(report)
    for shown in edition.pages:
        yield Picture(shown.name, _page(report, numbers[name_bytes(shown.anchor)]))
    offprint = edition.rich.id.replace("/", "-")
    yield Picture("Offprint", _page(output / f"{offprint}{edition.suffix}.pdf", 0))
    programme = output / f"programme{edition.suffix}.pdf"
    yield Picture("Programme booklet", _page(programme, 0))
    number = _numbers(programme)[name_bytes(edition.speakers.id)]
    yield Picture("Its speakers", _page(programme, number))


def _numbers(path: Path) -> dict[bytes, int]:
    """The index of the page of each named destination."""
    with pikepdf.open(path) as pdf:
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        names = pikepdf.NameTree(pdf.Root.Names.Dests)
        return {name_bytes(name): pages[target[0].objgen] for name, target in names.items()}


def _page(path: Path, number: int, width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    with PdfDocument(path) as document:
        page = document[number]
        image = page.render(scale=2 * width / page.get_width()).to_pil().convert("RGB")
    picture: Image.Image = image.resize((width, height), Resampling.LANCZOS)
    return picture


def _screens(edition: Edition, output: Path, browser: Browser) -> Iterator[Picture]:
    site = output / f"site{edition.suffix}"
    statement = address(edition.rich)
    for name, page, width in (
        ("Site, start page", START, _DESKTOP),
        ("Site, 1280 pixels", statement, _DESKTOP),
        ("Site, 360 pixels", statement, _TELEPHONE),
    ):
        tab = browser.new_page(
            viewport={"width": width, "height": round(width * HEIGHT / WIDTH)},
            device_scale_factor=2,
        )
        tab.goto((site / page).as_uri())
        tab.evaluate("document.fonts.ready")
        image = _taken(tab)
        tab.close()
        yield Picture(name, image.resize((WIDTH, HEIGHT), Resampling.LANCZOS))


_TRIES = 50
"""Pictures that are taken of a tab, one each tenth of a second, until it shows something."""


def _taken(tab: Page) -> Image.Image:
    """What a tab shows. Taken before anything is painted, a picture is of one colour."""
    for _ in range(_TRIES):
        image = Image.open(io.BytesIO(tab.screenshot())).convert("RGB")
        if image.getcolors(1) is None:
            return image
        tab.wait_for_timeout(100)
    raise RuntimeError(f"{tab.url} stays blank")

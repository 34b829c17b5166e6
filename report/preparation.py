"""Preparing a deck: each page becomes a form XObject that an accessible archive may hold.

A page that cannot be one as it is, because a font is not embedded, say, becomes a picture, and its
slide says why. What decides is a validator, asked about the form alone.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path

import page as validator
import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream, String
from PIL import Image

from report import resources, rules
from report.deck import DeckRefused, Hotspot, Slide, archive
from report.limits import Limits
from report.quota import OutOfTimeError, quota
from report.slideform import frame, picture_form, slide_form

_LONGEST_SIDE = 960
"""Points of the longer side of a prepared page; only its shape matters."""

_PRINT_PIXELS = 1350
"""Pixels of the longer side of a slide that is printed as a picture: 200 an inch over 17 cm."""

_SCREEN_PIXELS = 1000
"""Pixels of the longer side of a slide on the screen."""

_HEAVIEST = 60_000
"""Bytes that a slide on the screen should have at most."""

_FADED = {"/Link", "/Popup", "/Text", "/FileAttachment", "/Sound", "/Movie", "/Screen", "/3D",
          "/RichMedia", "/PrinterMark", "/TrapNet"}  # fmt: skip
"""Annotations (12.5.6) that are no part of what a slide shows; others are drawn in their places."""

_REASONS = (
    ("FONT-EMBEDDING", "a font is not embedded"),
    ("DEVICE-CMYK", "it has colours for printing inks (CMYK)"),
    ("UNICODE", "a font does not tell which letters its signs are"),
    ("NOTDEF", "a font lacks a sign that is used"),
    ("FONT", "a font is not well formed"),
    ("CMAP", "a font is not well formed"),
    ("IMAGE", "a picture on it is of a kind that archives do not allow"),
    ("JPEG2000", "a picture on it is of a kind that archives do not allow"),
    ("BLEND", "its transparency is of a kind that archives do not allow"),
)
"""What the validator's rules mean to a reader; the first whose words are in a rule's name."""

_MALFORMED = (pikepdf.PdfError, pikepdf.DependencyError, TypeError, ValueError, LookupError,
              AttributeError, RuntimeError)  # fmt: skip
"""What pikepdf raises where an object is not of the kind that it should be (RecursionError is a
RuntimeError)."""

_DAMAGED = "save it again as PDF, or print it to a PDF file"


def prepare(pdf: Path, result: Path, limits: Limits, answer: Connection) -> None:
    """Prepare a deck, write its archive to `result`, and answer with nothing.

    Or answer why it is refused: rule, message, hint.
    """
    try:
        with quota(limits.deck_seconds, limits.unit_megabytes, dies=True):
            _prepare(pdf, result, limits.deck_slides)
        answer.send(None)
    except DeckRefused as refused:
        answer.send((refused.rule, str(refused), refused.hint))
    except (OutOfTimeError, MemoryError):
        answer.send((
            rules.BAD_DECK,
            f"takes more than {limits.deck_seconds} seconds to read, or more than"
            f" {limits.unit_megabytes} megabytes of memory",
            "simplify its drawings, or divide it (`deck_seconds` and `unit_megabytes` under"
            " `limits` in event.yaml)",
        ))  # fmt: skip


def _prepare(path: Path, result: Path, most: int) -> None:
    with _opened(path, most) as deck, Pdf.new() as prepared:
        with pypdfium2.PdfDocument(path) as shown:
            slides = tuple(_slides(deck, shown, prepared))
        output = io.BytesIO()
        prepared.save(output, deterministic_id=True)
    pages = output.getvalue()
    archive(pages, slides, tuple(_pictures(pages)), result)


def _opened(path: Path, most: int) -> Pdf:
    """Open a deck of at most so many slides, or refuse it."""
    try:
        deck = Pdf.open(path, suppress_warnings=True)
        count = len(deck.pages)
    except pikepdf.PasswordError:
        raise _protected() from None
    except pikepdf.PdfError:
        raise DeckRefused(rules.BAD_DECK, "is damaged, or is no PDF file", _DAMAGED) from None
    if deck.is_encrypted:
        raise _protected()
    if count == 0:
        raise DeckRefused(rules.BAD_DECK, "has no slide that can be read", _DAMAGED)
    if count > most:
        raise DeckRefused(
            rules.BAD_DECK,
            f"has {count} slides, and no more than {most} are taken",
            "keep those that the report needs (`deck_slides` under `limits` in event.yaml)",
        )
    return deck


def _protected() -> DeckRefused:
    return DeckRefused(
        rules.ENCRYPTED_DECK,
        "is protected by a password or by restrictions",
        "ask the speaker for the deck without them, and save it as PDF",
    )


def _slides(deck: Pdf, shown: pypdfium2.PdfDocument, prepared: Pdf) -> Iterator[Slide]:
    """Yield the slides of a deck, and add a page with the form of each to `prepared`."""
    numbers = {page.obj.objgen: number for number, page in enumerate(deck.pages, start=1)}
    slides = [_slide(deck, page, numbers) for page in deck.pages]
    _flatten(deck)
    hides = _hides_layers(deck)
    for number, slide in enumerate(slides):
        fault = _fault(deck, number, hides)
        if fault:
            form = _picture(prepared, shown, number)
        else:
            form = prepared.copy_foreign(deck.pages[number].obj.SlideForm)
        _add_page(prepared, form, slide)
        yield replace(slide, fault=fault)


def _slide(deck: Pdf, page: Page, numbers: Mapping[tuple[int, int], int]) -> Slide:
    width, height = frame(page).size
    return Slide(width, height, tuple(_hotspots(deck, page, numbers)))


def _hotspots(deck: Pdf, page: Page, numbers: Mapping[tuple[int, int], int]) -> Iterator[Hotspot]:
    """Yield the links (12.5.6.5) of a page that lead to the web or to a slide of the deck."""
    shown = frame(page)
    for annotation in _annotations(page):
        if annotation.get("/Subtype") != Name.Link:
            continue
        with suppress(*_MALFORMED):
            target = _target(deck, annotation, numbers)
            left, bottom, right, top = shown.placed(map(float, annotation.Rect))
            if target and right > left and top > bottom:
                sides = (left, 1 - top, right - left, top - bottom)
                x, y, width, height = (round(side * 100, 2) for side in sides)
                yield Hotspot(x, y, width, height, target)


_WEB = re.compile(r"(https?|mailto):[^\s<>\"]+", re.IGNORECASE)


def _target(deck: Pdf, link: Object, numbers: Mapping[tuple[int, int], int]) -> str | int:
    """Where a link leads: a URI, the number of a slide, or nothing that the report can lead to."""
    action = link.get("/A", Dictionary())
    if action.get("/S") == Name.URI:
        uri = str(action.URI).strip()
        return uri if _WEB.fullmatch(uri) else ""
    destination = link.get("/Dest", action.get("/D") if action.get("/S") == Name.GoTo else None)
    if isinstance(destination, Name | String):
        destination = _named(deck, destination)
    if isinstance(destination, Dictionary):
        destination = destination.get("/D")
    if isinstance(destination, Array) and isinstance(destination[0], Dictionary):
        return numbers.get(destination[0].objgen, "")
    return ""


def _named(deck: Pdf, name: Object) -> Object | None:
    """A named destination (12.3.2.3), of either kind."""
    if isinstance(name, Name):
        return deck.Root.get("/Dests", Dictionary()).get(str(name))
    names = deck.Root.get("/Names", Dictionary())
    return pikepdf.NameTree(names.Dests).get(str(name)) if "/Dests" in names else None


def _annotations(page: Page) -> Iterator[Object]:
    annotations = page.obj.get("/Annots", Array())
    for annotation in annotations if isinstance(annotations, Array) else ():
        if isinstance(annotation, Dictionary):
            yield annotation


def _flatten(deck: Pdf) -> None:
    """Draw into the pages what annotations and filled forms show (12.5.5)."""
    for page in deck.pages:
        drawn = [a for a in _annotations(page) if str(a.get("/Subtype")) not in _FADED]
        if "/Annots" in page.obj:
            page.obj.Annots = Array(drawn)
    with suppress(*_MALFORMED):
        deck.generate_appearance_streams()
    with suppress(*_MALFORMED):
        deck.flatten_annotations("screen")
    # Pages often share one list of fonts, most of which another page needs.
    deck.remove_unreferenced_resources()


def _hides_layers(deck: Pdf) -> bool:
    """Whether some layers of the deck (8.11) are not shown."""
    layers = deck.Root.get("/OCProperties", Dictionary()).get("/D", Dictionary())
    return bool(len(layers.get("/OFF", ()))) or layers.get("/BaseState", Name.ON) != Name.ON


def _fault(deck: Pdf, number: int, hides_layers: bool) -> str:
    """Make the form of a page, and say why it cannot be used, if so."""
    page = deck.pages[number]
    if hides_layers:
        return "the deck has layers that are hidden"
    try:
        page.obj.SlideForm = slide_form(deck, page)
        return _objection(page.obj.SlideForm)
    except _MALFORMED:
        return "it is not well formed"


def _objection(form: Object) -> str:
    """What an archive has against a form, in a few words."""
    broken = [rule for rule in _broken(form) if rule not in _accepted()]
    for words, reason in _REASONS:
        if any(words in rule for rule in broken):
            return reason
    return f"it breaks the rule {broken[0]} of the archive standard" if broken else ""


def _broken(form: Object | None) -> list[str]:
    """The validator's rules that a page with nothing but a form on it breaks.

    But for the lengths of streams: it takes a stream's last byte for part of the line's end when
    that is a carriage return, and lengths are written anew in the report.
    """
    with Pdf.new() as trial:
        _make_trial(trial, form)
        output = io.BytesIO()
        trial.save(output, deterministic_id=True)
    rules_broken: dict[str, None] = {}
    for profile in ("3a", "ua1"):
        try:
            verdict = validator.validate_pdf_bytes(output.getvalue(), profile=profile)
        except validator.PageError as error:
            return [str(error)]
        rules_broken |= dict.fromkeys(failure.rule_id for failure in verdict.failures)
    return [rule for rule in rules_broken if "STREAM-LENGTH" not in rule]


def _make_trial(trial: Pdf, form: Object | None) -> None:
    """Make a document with a form as its only figure; what the linker adds is left out."""
    _add_page(trial, trial.copy_foreign(form) if form is not None else None, Slide(100, 100))
    page, root = trial.pages[0].obj, trial.Root
    page.StructParents = 0
    profile = resources.locate("package:weasyprint/pdf/sRGB2014.icc", Path()).read_bytes()
    root.OutputIntents = Array([
        Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFA1,
                   OutputConditionIdentifier=String("sRGB2014"),
                   DestOutputProfile=Stream(trial, profile, N=3))
    ])  # fmt: skip
    root.Lang = String("en")
    root.MarkInfo = Dictionary(Marked=True)
    tree = trial.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    figure = trial.make_indirect(
        Dictionary(Type=Name.StructElem, S=Name.Figure, P=tree, Pg=page, K=0, Alt=String("Slide"))
    )
    tree.K = Array([figure])
    tree.ParentTree = trial.make_indirect(Dictionary(Nums=Array([0, Array([figure])])))
    root.StructTreeRoot = tree


@cache
def _accepted() -> frozenset[str]:
    """Rules that the trial breaks without any slide: those of metadata, which the linker writes."""
    return frozenset(_broken(None))


def _picture(prepared: Pdf, shown: pypdfium2.PdfDocument, number: int) -> Object:
    """The form of a slide that is shown as a picture."""
    try:
        image = _rendered(shown, number, _PRINT_PIXELS)
    except pypdfium2.PdfiumError:
        raise DeckRefused(
            rules.BAD_DECK, f"has a slide that cannot be read, number {number + 1}", _DAMAGED
        ) from None
    output = io.BytesIO()
    image.save(output, "JPEG", quality=88, subsampling=0)
    return picture_form(prepared, output.getvalue(), image.size)


def _rendered(document: pypdfium2.PdfDocument, number: int, pixels: int) -> Image.Image:
    page = document[number]
    image: Image.Image = page.render(scale=pixels / max(page.get_size())).to_pil()
    return image.convert("RGB")


def _add_page(prepared: Pdf, form: Object | None, slide: Slide) -> None:
    scale = _LONGEST_SIDE / max(slide.width, slide.height)
    width, height = round(slide.width * scale, 3), round(slide.height * scale, 3)
    prepared.add_blank_page(page_size=(max(1, width), max(1, height)))
    page = prepared.pages[-1].obj
    begun = f"/Figure <</MCID 0>> BDC q {width} 0 0 {height} 0 0 cm ".encode()
    drawn = b"/Slide Do" if form is not None else b""
    page.Contents = Stream(prepared, begun + drawn + b" Q EMC")
    page.Resources = Dictionary(XObject=Dictionary())
    if form is not None:
        page.Resources.XObject.Slide = form


def _pictures(pages: bytes) -> Iterator[bytes]:
    """Yield each slide as a picture for the screen."""
    with pypdfium2.PdfDocument(pages) as document:
        for number in range(len(document)):
            yield _compressed(_rendered(document, number, _SCREEN_PIXELS))


def _compressed(image: Image.Image) -> bytes:
    """A picture as WebP, of the best quality that is light enough."""
    for quality in (80, 60, 40):
        output = io.BytesIO()
        image.save(output, "WEBP", quality=quality, method=4)
        if output.tell() <= _HEAVIEST:
            break
    return output.getvalue()

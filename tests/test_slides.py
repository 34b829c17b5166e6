"""Slides: the pages of a deck found again in the report's own pages and on its web page."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from io import BytesIO
from pathlib import Path
from unittest import mock

import lxml.html
import page as validator
import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String
from PIL import Image

from report.compilation import Outcome, compile_report
from report.deck import Slide, archive, opened
from report.formats import Format
from tests.conftest import CACHE, Compiled
from tests.reading import Reading

EVENTS = Path(__file__).parent / "events"
SHARED = Path(__file__).parents[2] / "shared"
STATEMENT = "1-opening/01-minister.md"
VALIDATOR = SHARED / "verapdf/validate"

NUMBERS = ("one", "two", "three", "four", "five", "six")

RED, GREEN, BLUE, GOLD = (200, 0, 0), (0, 160, 0), (0, 0, 200), (220, 180, 0)
MARKED = (200, 0, 200)
"""The colour of the spot that a link lies over."""


# Decks, drawn here


def operators(colour: tuple[int, ...], *box: float) -> str:
    shade = " ".join(f"{value / 255:.3f}" for value in colour)
    return f"{shade} rg {' '.join(map(str, box))} re f\n"


CORNERS = "".join(
    (
        operators((230, 230, 230), 0, 0, 400, 300),
        operators(RED, 0, 250, 60, 50),
        operators(GREEN, 340, 250, 60, 50),
        operators(BLUE, 0, 0, 60, 50),
        operators(GOLD, 340, 0, 60, 50),
        operators(MARKED, 100, 180, 80, 40),
    )
)
CROPPED = "".join(
    (
        operators((0, 0, 0), 0, 0, 400, 300),
        operators((230, 230, 230), 40, 30, 300, 200),
        operators(RED, 40, 180, 60, 50),
        operators(GREEN, 280, 180, 60, 50),
        operators(BLUE, 40, 30, 60, 50),
        operators(GOLD, 280, 30, 60, 50),
        operators(MARKED, 150, 100, 80, 40),
    )
)


def add_slide(deck: Pdf, content: str, **entries: Object | int | str) -> Dictionary:
    """Add a page of 400 by 300 points to a deck."""
    deck.add_blank_page(page_size=(400, 300))
    slide = deck.pages[-1].obj
    slide.Contents = Stream(deck, content.encode())
    for key, value in entries.items():
        slide[f"/{key}"] = value
    return slide


def link_over(deck: Pdf, box: tuple[float, ...], **action: Object) -> Array:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array(box), **action)
    return Array([deck.make_indirect(link)])


def to_web(uri: str) -> Dictionary:
    return Dictionary(S=Name.URI, URI=String(uri))


def turned() -> Pdf:
    """A deck whose slides are turned and cropped in every way, each with a link to the next."""
    deck = Pdf.new()
    for rotation in (0, 90, 180, 270):
        add_slide(deck, CORNERS, Rotate=rotation)
    for rotation in (0, 90):
        add_slide(deck, CROPPED, Rotate=rotation, CropBox=Array([40, 30, 340, 230]))
    for number, slide in enumerate(deck.pages, start=1):
        box = (100, 180, 180, 220) if number <= 4 else (150, 100, 230, 140)
        slide.obj.Annots = link_over(deck, box, A=to_web(f"https://example.org/{number}"))
    return deck


def written(deck: Pdf, **options: object) -> bytes:
    output = BytesIO()
    deck.save(output, **options)
    return output.getvalue()


def with_text() -> Pdf:
    """A slide with text in a font that is not embedded, between two without text."""
    deck = Pdf.new()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    add_slide(deck, CORNERS)
    add_slide(
        deck,
        f"{CORNERS} 0 g BT /F1 24 Tf 80 60 Td (Not embedded) Tj ET",
        Resources=Dictionary(Font=Dictionary(F1=font)),
    )
    add_slide(deck, CORNERS)
    return deck


def with_inks() -> Pdf:
    deck = Pdf.new()
    add_slide(deck, "0 1 1 0 k 0 0 400 300 re f")
    return deck


def busy() -> Pdf:
    """A deck with all that must stay behind, and a form field that shows what is filled in."""
    deck = Pdf.new()
    slide = add_slide(deck, f"/P <</MCID 0>> BDC {CORNERS} EMC q q /Gone BMC EMC Q Q Q bogus q")
    slide.StructParents = 0
    shown = Stream(deck, operators((0, 120, 120), 0, 0, 50, 40).encode())
    shown.update({"/Type": Name.XObject, "/Subtype": Name.Form, "/BBox": Array([0, 0, 50, 40])})
    field = deck.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Btn, T=String("field"), F=4,
            Rect=Array([200, 100, 250, 140]), AP=Dictionary(N=deck.make_indirect(shown)),
        )
    )  # fmt: skip
    slide.Annots = Array([field])
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert('hello from the deck')"))
    deck.Root.OpenAction = script
    deck.Root.AcroForm = Dictionary(Fields=Array([field]))
    deck.attachments["secret.txt"] = b"hello from the deck"
    slide.AA = Dictionary(O=script)
    slide.Metadata = Stream(deck, b"hello from the deck", Type=Name.Metadata, Subtype=Name.XML)
    return deck


def with_bullet() -> Pdf:
    """A deck with a bullet as slide programs write it: a letter of private use."""
    deck = Pdf.new()
    glyph = Stream(deck, b"500 0 0 0 400 400 d1 0 0 400 400 re f")
    to_unicode = Stream(
        deck,
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def"
        b" /CMapType 2 def 1 begincodespacerange <00> <ff> endcodespacerange"
        b" 1 beginbfchar <61> <f0b7> endbfchar endcmap end end",
    )
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 500, 500]), FirstChar=97,
        FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]), LastChar=97, Widths=Array([500]),
        Encoding=Dictionary(Type=Name.Encoding, Differences=Array([97, Name("/a")])),
        CharProcs=Dictionary(a=deck.make_indirect(glyph)), Resources=Dictionary(),
        ToUnicode=deck.make_indirect(to_unicode),
    )  # fmt: skip
    fonts = Dictionary(F1=deck.make_indirect(font))
    text = f"{CORNERS} 0 g BT /F1 24 Tf 80 60 Td (a) Tj ET"
    add_slide(deck, text, Resources=Dictionary(Font=fonts))
    return deck


def with_jumps() -> Pdf:
    """A deck whose first slide leads to its second, by place and by name."""
    deck = Pdf.new()
    for _ in range(2):
        add_slide(deck, CORNERS)
    target = Array([deck.pages[1].obj, Name.Fit])
    deck.Root.Dests = Dictionary(Second=target)
    deck.pages[0].obj.Annots = Array(
        [
            *link_over(deck, (100, 180, 180, 220), Dest=target),
            *link_over(deck, (10, 10, 50, 40), Dest=Name.Second),
            *link_over(deck, (60, 10, 90, 40), A=to_web("file:///etc/passwd")),
            *link_over(deck, (60, 60, 90, 90), A=Dictionary(S=Name.Launch, F=String("calculator"))),
        ]
    )
    return deck


# Events with a deck


@dataclass(frozen=True)
class Built:
    """An event with a deck, compiled."""

    folder: Path
    output: Path
    outcome: Outcome

    @cached_property
    def reading(self) -> Reading:
        return Reading(self.output / "report.pdf")

    @cached_property
    def html(self) -> lxml.html.HtmlElement:
        return lxml.html.fromstring((self.output / "report.html").read_text(encoding="utf-8"))

    @property
    def told(self) -> list[tuple[str, str]]:
        return [(d.rule.code, d.message) for d in self.outcome.diagnostics]

    @cached_property
    def figures(self) -> list[Figure]:
        """The slides in the PDF, as its structure tells them."""
        pages = {page.obj.objgen: n for n, page in enumerate(self.reading.pdf.pages)}
        return [
            Figure(self.output / "report.pdf", pages[e.Pg.objgen], str(e.Alt), box_of(e))
            for e in elements(self.reading.pdf.Root.StructTreeRoot)
            if str(e.S) == "/Figure" and "slide" in str(e.get("/Alt", "")).lower()
        ]


def box_of(element: Object) -> tuple[float, ...]:
    return tuple(map(float, element.A.BBox))


def elements(node: Object) -> Iterator[Object]:
    kids = node.get("/K", ())
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


@dataclass(frozen=True)
class Figure:
    """A slide on a page of the report: its alternative, and its box in points."""

    path: Path
    page: int
    alternative: str
    box: tuple[float, ...]

    def colour(self, across: float, up: float) -> tuple[int, ...]:
        """The colour at a place given in parts of the slide's width and height."""
        left, bottom, right, top = self.box
        return self.at(left + across * (right - left), bottom + up * (top - bottom))

    def at(self, x: float, y: float) -> tuple[int, ...]:
        image = rendered(self.path, self.page)
        return image.getpixel((int(x * 2), int(image.height - y * 2)))


@lru_cache(maxsize=32)
def rendered(path: Path, number: int) -> Image.Image:
    with pypdfium2.PdfDocument(path) as document:
        return document[number].render(scale=2).to_pil().convert("RGB")


def event_with(
    folder: Path, deck: bytes | Pdf, front: str = "slides_alt: Slides of the talk", **more: str
) -> Path:
    """The minimal event, whose only statement has a deck."""
    shutil.copytree(EVENTS / "minimal", folder, dirs_exist_ok=True)
    name = more.get("name", "deck.pdf")
    content = written(deck) if isinstance(deck, Pdf) else deck
    (folder / "media" / name).write_bytes(content)
    statement = folder / STATEMENT
    text = statement.read_text(encoding="utf-8")
    slides = f"minutes: 6\nslides: media/{name}\n{front}\n"
    statement.write_text(text.replace("minutes: 6\n", slides), encoding="utf-8")
    return folder


def built(folder: Path, cache: Path | None = None) -> Built:
    output = folder.parent / f"{folder.name}-out"
    formats = frozenset({Format.PDF, Format.HTML})
    outcome = compile_report(folder, output, cache or CACHE, formats, jobs=1)
    return Built(folder, output, outcome)


@pytest.fixture(scope="module")
def corners(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return built(event_with(tmp_path_factory.mktemp("corners") / "event", turned()))


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Built:
    texts = "\n".join(f"  - Slide about {word}" for word in NUMBERS)
    front = f"slides_per_page: 4\nslides_alt:\n{texts}"
    return built(event_with(tmp_path_factory.mktemp("four") / "event", turned(), front))


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A deck with what must stay behind."""
    return built(event_with(tmp_path_factory.mktemp("crowd") / "event", busy()))


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A deck of which one slide has a font that is not embedded."""
    return built(event_with(tmp_path_factory.mktemp("mixed") / "event", with_text()))


@pytest.fixture(scope="module")
def jumps(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return built(event_with(tmp_path_factory.mktemp("jumps") / "event", with_jumps()))


# What is on the page


def test_slides_are_upright_and_cropped_as_a_viewer_shows_them(corners: Built) -> None:
    assert len(corners.figures) == 6
    for number, figure in enumerate(corners.figures):
        original = rendered(corners.folder / "media/deck.pdf", number)
        width, height = original.size
        for across in (0.05, 0.5, 0.95):
            for up in (0.05, 0.5, 0.95):
                seen = original.getpixel((int(across * width), int((1 - up) * height)))
                assert figure.colour(across, up) == seen, (number, across, up)
        left, bottom, right, top = figure.box
        assert (right - left) / (top - bottom) == pytest.approx(width / height, rel=0.002)


def test_the_corners_of_a_turned_slide_are_where_they_belong(corners: Built) -> None:
    # Turned clockwise by a quarter, the lower left corner comes to the upper left.
    corner = corners.figures[1].colour
    assert [corner(0.03, 0.97), corner(0.97, 0.97), corner(0.03, 0.03)] == [BLUE, RED, GOLD]


def test_there_are_two_slides_on_a_page_or_four(corners: Built, four: Built) -> None:
    def counts(report: Built) -> list[int]:
        pages = [figure.page for figure in report.figures]
        return [pages.count(page) for page in dict.fromkeys(pages)]

    assert counts(corners) == [2, 2, 2]
    assert counts(four) == [4, 2]


def test_slides_come_after_the_text_of_their_statement(corners: Built) -> None:
    pages = corners.reading.pages
    text = next(n for n, page in enumerate(pages) if "We are glad to be here" in page)
    assert all(figure.page >= text for figure in corners.figures)


def test_pages_of_slides_bear_running_heads_and_folios(corners: Built) -> None:
    for figure in corners.figures:
        words = corners.reading.pages[figure.page]
        assert "Session 1. Opening" in words
        label = corners.reading.labels[figure.page]
        assert label in corners.reading.zone(figure.page, 0, 0, 600, 80).split()


def test_slides_keep_within_the_paper_and_apart(corners: Built, four: Built) -> None:
    for report in (corners, four):
        for figure in report.figures:
            left, bottom, right, top = figure.box
            assert left > 30
            assert right < 595 - 30
            assert bottom > 90
            assert top < 842 - 80
        boxes = [f.box for f in report.figures if f.page == report.figures[0].page]
        for n, (left, bottom, right, top) in enumerate(boxes):
            for other in boxes[n + 1 :]:
                apart = (
                    other[0] >= right or other[2] <= left or other[1] >= top or other[3] <= bottom
                )
                assert apart


def test_the_text_of_slides_is_text_of_the_report(sample: Compiled) -> None:
    page = next(n for n, t in enumerate(sample.pdf.pages) if "www.example.org/survey" in t)
    words = " ".join(sample.pdf.pages[page].split())
    assert "Tracing of those who leave: the 372 we did not reach" in words
    assert "Executive Director, Civil society organization A" in words


def test_fonts_of_slides_are_kept(sample: Compiled) -> None:
    page = next(n for n, t in enumerate(sample.pdf.pages) if "www.example.org/survey" in t)
    objects = sample.pdf.pdf.pages[page].obj.Resources.XObject
    forms = [o for _, o in objects.items() if o.get("/Subtype") == Name.Form and "/Matrix" in o]
    faces = {str(f.BaseFont) for o in forms for _, f in o.Resources.get("/Font", {}).items()}
    assert any("Fira" in face for face in faces)
    assert not any(o.get("/Subtype") == Name.Image for _, o in objects.items())


# Links


def links(report: Built, page: int) -> list[Object]:
    return [
        annotation
        for annotation in report.reading.pdf.pages[page].obj.get("/Annots", ())
        if annotation.Subtype == Name.Link
    ]


def test_links_lie_over_what_they_mark(corners: Built) -> None:
    for number, figure in enumerate(corners.figures, start=1):
        uri = f"https://example.org/{number}"
        found = [a for a in links(corners, figure.page) if "/A" in a and str(a.A.URI) == uri]
        assert len(found) == 1
        left, bottom, right, top = map(float, found[0].Rect)
        inset = 0.06
        for across in (inset, 0.5, 1 - inset):
            for up in (inset, 0.5, 1 - inset):
                place = (left + across * (right - left), bottom + up * (top - bottom))
                assert figure.at(*place) == MARKED
        assert str(found[0].Contents) == uri


def test_links_between_slides_lead_to_the_slide_in_the_report(jumps: Built) -> None:
    first, second = jumps.figures
    found = [a for a in links(jumps, first.page) if "/Dest" in a]
    names = {bytes(annotation.Dest) for annotation in found}
    assert len(found) == 2
    assert [jumps.reading.destinations[name] for name in names] == [second.page]


def test_links_that_leave_the_web_are_dropped(jumps: Built) -> None:
    content = jumps.reading.path.read_bytes()
    assert len(links(jumps, jumps.figures[0].page)) == 2
    with pikepdf.open(BytesIO(content)) as pdf:
        text = " ".join(repr(o) for o in pdf.objects if isinstance(o, Dictionary))
    assert "passwd" not in text
    assert "calculator" not in text


# Alternatives and structure


def test_each_slide_has_its_alternative(corners: Built, four: Built) -> None:
    assert [figure.alternative for figure in corners.figures] == [
        f"Slides of the talk (slide {n} of 6)" for n in range(1, 7)
    ]
    assert [figure.alternative for figure in four.figures] == [f"Slide about {w}" for w in NUMBERS]


def test_forms_and_their_marks_do_not_meet_the_structure(crowd: Built) -> None:
    [figure] = crowd.figures
    forms = [
        o
        for o in crowd.reading.pdf.objects
        if isinstance(o, Stream) and o.get("/Subtype") == Name.Form and "/Matrix" in o
    ]
    assert forms
    for form in forms:
        content = form.read_bytes()
        assert b"MCID" not in content
        assert b"BMC" not in content
        assert b"bogus" not in content
        assert content.split().count(b"q") == content.split().count(b"Q")
    assert figure.colour(0.05, 0.95) == RED


def test_what_would_act_stays_behind_and_what_is_filled_in_is_seen(crowd: Built) -> None:
    pdf = crowd.reading.pdf
    texts = [bytes(o.read_bytes()) for o in pdf.objects if isinstance(o, Stream) and o.keys()]
    assert not any(b"hello from the deck" in text for text in texts)
    assert "/AcroForm" not in pdf.Root
    assert "/OpenAction" not in pdf.Root
    assert "secret.txt" not in pdf.attachments
    assert crowd.figures[0].colour(225 / 400, 120 / 300) == (0, 120, 120)
    assert crowd.told == []


def objections(report: Built, profile: str) -> list[str]:
    """What a validator finds, but for its mistake about streams that end in a carriage return."""
    verdict = validator.validate_pdf(report.output / "report.pdf", profile=profile)
    found = [f"{f.rule_id}: {f.message}" for f in verdict.failures]
    return [failure for failure in found if "STREAM-LENGTH" not in failure]


@pytest.mark.parametrize("name", ["corners", "four", "crowd", "mixed", "jumps"])
@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_a_report_with_slides_is_accessible_and_fit_for_archives(
    name: str, profile: str, request: pytest.FixtureRequest
) -> None:
    report = request.getfixturevalue(name)
    assert objections(report, profile) == []


@pytest.mark.heavy
@pytest.mark.skipif(not VALIDATOR.exists(), reason="veraPDF is not beside the project")
@pytest.mark.skipif(shutil.which("java") is None, reason="veraPDF needs Java")
def test_verapdf_finds_nothing(
    corners: Built, four: Built, crowd: Built, mixed: Built, jumps: Built
) -> None:
    files = [str(r.output / "report.pdf") for r in (corners, four, crowd, mixed, jumps)]
    run = subprocess.run(
        [VALIDATOR, "ua1,3a", *files], capture_output=True, text=True, check=False, timeout=300
    )
    assert run.stdout.count(": compliant") == 2 * len(files), run.stdout


# Slides as pictures


def test_a_slide_whose_font_is_not_embedded_is_a_picture_and_the_editor_hears_why(
    mixed: Built,
) -> None:
    [(code, message)] = mixed.told
    assert code == "W409"
    assert message == ("slide 2 of media/deck.pdf is shown as a picture: a font is not embedded")
    assert mixed.outcome.diagnostics[0].place.line == 6
    assert len(mixed.figures) == 3
    assert mixed.figures[1].colour(0.03, 0.97) == pytest.approx(RED, abs=12)
    dark = [mixed.figures[1].colour(0.2 + n / 500, 0.225) for n in range(250)]
    assert min(map(sum, dark)) < 250, "the words are seen"


@pytest.mark.heavy
def test_a_slide_in_printing_inks_is_a_picture(tmp_path: Path) -> None:
    report = built(event_with(tmp_path / "event", with_inks()))
    [(code, message)] = report.told
    assert (code, message.rpartition(": ")[2]) == (
        "W409",
        "it has colours for printing inks (CMYK)",
    )
    red, green, blue = report.figures[0].colour(0.5, 0.5)
    assert red > 150
    assert max(green, blue) < 100


def test_bullets_of_symbol_fonts_are_told_as_bullets(tmp_path: Path) -> None:
    report = built(event_with(tmp_path / "event", with_bullet()))
    assert report.told == []
    assert "\u2022" in report.reading.pages[report.figures[0].page]
    assert_sound(report)


# The web page


def test_the_page_shows_slides_as_light_pictures_with_their_text(corners: Built) -> None:
    slides = corners.html.xpath("//section[contains(@class, 'slides')]//img")
    assert [slide.get("alt") for slide in slides] == [f.alternative for f in corners.figures]
    for slide in slides:
        assert slide.get("src").startswith("data:image/webp;base64,")
        assert len(slide.get("src")) < 90_000
        assert int(slide.get("width")) >= 600
        assert slide.get("loading") == "lazy"
        assert not slide.xpath("ancestor-or-self::*/@style")


def test_the_page_has_the_links_of_a_slide_below_it(corners: Built, jumps: Built) -> None:
    listed = corners.html.xpath("//ul[@class='links']//a/@href")
    assert listed == [f"https://example.org/{n}" for n in range(1, 7)]
    [target] = jumps.html.xpath("//ul[@class='links']//a/@href")
    assert jumps.html.get_element_by_id(target[1:]).xpath(".//img/@alt") == [
        jumps.figures[1].alternative
    ]


# Keeping


@pytest.mark.heavy
def test_the_same_deck_gives_the_same_bytes(corners: Built, tmp_path: Path) -> None:
    again = built(corners.folder, tmp_path / "another-cache")
    assert (again.output / "report.pdf").read_bytes() == corners.reading.path.read_bytes()


def test_what_is_kept_of_a_deck_is_the_same_at_any_time(tmp_path: Path) -> None:
    slides, pictures = (Slide(160, 90),), (b"picture",)
    archive(b"pages", slides, pictures, tmp_path / "now")
    with mock.patch("time.time", return_value=1_000_000_000.0):
        archive(b"pages", slides, pictures, tmp_path / "then")
    assert (tmp_path / "now").read_bytes() == (tmp_path / "then").read_bytes()
    deck = opened("key", "digest", tmp_path / "now")
    assert (deck.slides, deck.pages(), deck.picture(1)) == (slides, b"pages", b"picture")


def test_a_changed_deck_makes_only_its_statement_stale(tmp_path: Path) -> None:
    folder = event_with(tmp_path / "event", with_inks())
    built(folder)
    assert built(folder).outcome.reasons == {}
    deck = Pdf.new()
    add_slide(deck, CORNERS)
    deck.save(folder / "media/deck.pdf")
    changed = built(folder)
    assert list(changed.outcome.reasons) == ["1-opening/01-minister"]
    assert changed.figures[0].colour(0.05, 0.95) == RED


def test_slides_of_a_withheld_statement_are_withheld(tmp_path: Path) -> None:
    folder = event_with(tmp_path / "event", turned(), "slides_alt: Slides\nstatus: withheld")
    summary = folder / "1-opening/chairmans-summary.md"
    summary.write_text("---\nchair: Chairman, United Nations entity B\n---\nA word.\n")
    session = folder / "1-opening/session.md"
    session.write_text(session.read_text().replace(" [@1-opening/01-minister:2]", ""))
    report = built(folder)
    assert report.outcome.outputs, report.told
    assert report.figures == []
    assert report.html.xpath("//section[contains(@class, 'slides')]") == []


# Diagnostics


def refused(folder: Path) -> tuple[str, str, str]:
    """The code, place and message of the only problem of an event."""
    report = built(folder)
    assert not report.outcome.outputs
    [diagnostic] = report.outcome.diagnostics
    return diagnostic.rule.code, str(diagnostic.place), diagnostic.message


def encrypted(user: str) -> bytes:
    return written(turned(), encryption=pikepdf.Encryption(owner="owner", user=user))


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        pytest.param(lambda: encrypted("secret"), "E406", "protected", id="password"),
        pytest.param(lambda: encrypted(""), "E406", "restrictions", id="restrictions"),
        pytest.param(lambda: b"", "E405", "damaged", id="empty"),
        pytest.param(lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40, "E405", "", id="noise"),
        pytest.param(lambda: written(Pdf.new()), "E405", "no slide", id="no page"),
        pytest.param(lambda: b"PK\x03\x04 not a PDF", "E405", "damaged", id="other kind"),
    ],
)
def test_a_deck_that_cannot_be_used_is_told(
    tmp_path: Path, content: object, code: str, words: str
) -> None:
    assert callable(content)
    found = refused(event_with(tmp_path / "event", content()))
    assert found[:2] == (code, f"{STATEMENT}:6:9")
    assert "deck.pdf" in found[2]
    assert words in found[2]


def test_a_deck_cut_short_is_told_or_read(tmp_path: Path) -> None:
    whole = (EVENTS.parents[1] / "statements/media/youth-survey.pdf").read_bytes()
    report = built(event_with(tmp_path / "event", whole[: len(whole) // 2]))
    assert {code for code, _ in report.told} <= {"E405", "W409"}
    assert report.told


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("media/other.pdf", "E404", "media/other.pdf"),
        ("media", "E405", "of a kind"),
        ("media/hall.png", "E405", "of a kind"),
        ("../deck.pdf", "E405", "outside"),
        ("/etc/passwd", "E405", "outside"),
    ],
)
def test_a_deck_that_is_no_file_of_the_event_is_told(
    tmp_path: Path, name: str, code: str, words: str
) -> None:
    folder = event_with(tmp_path / "event", turned())
    statement = folder / STATEMENT
    statement.write_text(statement.read_text().replace("media/deck.pdf", name))
    found = refused(folder)
    assert found[:2] == (code, f"{STATEMENT}:6:9")
    assert words in found[2]


@pytest.mark.parametrize(
    ("limit", "words"),
    [("deck_slides: 5", "has 6 slides"), ("deck_bytes: 100", "more than 100 bytes")],
)
def test_a_deck_over_the_limits_is_told(tmp_path: Path, limit: str, words: str) -> None:
    folder = event_with(tmp_path / "event", turned())
    with (folder / "event.yaml").open("a") as file:
        file.write(f"limits: {{{limit}}}\n")
    code, _, message = refused(folder)
    assert code == "E405"
    assert words in message


def test_a_deck_that_takes_too_long_is_told(tmp_path: Path) -> None:
    deck = Pdf.new()
    add_slide(deck, CORNERS * 100_000)
    folder = event_with(tmp_path / "event", deck)
    with (folder / "event.yaml").open("a") as file:
        file.write("limits: {deck_seconds: 1}\n")
    code, _, message = refused(folder)
    assert code == "E405"
    assert "more than 1 seconds" in message or "is damaged" in message


@pytest.mark.parametrize(
    ("front", "place", "words"),
    [
        ("slides_per_page: 2", f"{STATEMENT}:6:9", "no alternative text"),
        ("slides_alt: [One, Two]", f"{STATEMENT}:7:13", "6 slides, and this list has 2 texts"),
    ],
)
def test_slides_without_alternative_are_told(
    tmp_path: Path, front: str, place: str, words: str
) -> None:
    found = refused(event_with(tmp_path / "event", turned(), front))
    assert found[:2] == ("E408", place)
    assert words in found[2]


def test_only_two_or_four_slides_stand_on_a_page(tmp_path: Path) -> None:
    front = "slides_alt: Slides\nslides_per_page: 3"
    codes = {code for code, _ in built(event_with(tmp_path / "event", turned(), front)).told}
    assert "E105" in codes


# Decks of office programs

needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None or shutil.which("loimpress") is None,
    reason="LibreOffice Impress is not installed",
)
needs_decks = pytest.mark.skipif(
    not (SHARED / "decks").exists(), reason="the decks of others are not beside the project"
)


def test_without_libreoffice_the_editor_hears_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    folder = event_with(tmp_path / "event", b"PK\x03\x04", name="deck.pptx")
    code, place, message = refused(folder)
    assert (code, place) == ("E407", f"{STATEMENT}:6:9")
    assert "LibreOffice is not installed" in message


@needs_office
@pytest.mark.heavy
def test_a_deck_that_libreoffice_cannot_read_is_told(tmp_path: Path) -> None:
    folder = event_with(tmp_path / "event", b"PK\x03\x04" + bytes(100), name="deck.odp")
    assert refused(folder)[0] == "E405"


@needs_office
@needs_decks
@pytest.mark.heavy
def test_slides_of_powerpoint_are_placed_the_same_each_time(tmp_path: Path) -> None:
    deck = (SHARED / "decks/pythonpptx-cht-charts.pptx").read_bytes()
    folder = event_with(tmp_path / "event", deck, name="deck.pptx")
    first, second = (built(folder, tmp_path / name) for name in ("first", "second"))
    assert first.told == []
    assert "Category 4" in first.reading.pages[first.figures[0].page]
    assert first.reading.path.read_bytes() == second.reading.path.read_bytes()
    assert_sound(first)


def assert_sound(report: Built) -> None:
    for profile in ("ua1", "3a"):
        assert objections(report, profile) == []


@needs_decks
@pytest.mark.heavy
def test_every_deck_of_others_is_placed_or_told(tmp_path: Path) -> None:
    found: Mapping[str, list[str]] = {}
    for deck in sorted((SHARED / "decks").glob("*.pdf")):
        folder = event_with(tmp_path / deck.stem / "event", deck.read_bytes())
        report = built(folder, tmp_path / "cache")
        found = {**found, deck.stem: [code for code, _ in report.told]}
        if report.outcome.outputs:
            assert report.figures, deck.name
            assert_sound(report)
        else:
            assert set(found[deck.stem]) <= {"E405", "E406"}
    assert [stem for stem, codes in found.items() if re.match(r"E", "".join(codes))] == [
        "pypdf-encrypted-empty-password",
        "pypdf-encrypted-user-password",
        "qpdf-bad-content",
    ]

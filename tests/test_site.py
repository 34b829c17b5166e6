"""The site as a folder: what its pages say, where their links lead, what a change costs."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import lxml.html
import pytest
from lxml.html import HtmlElement
from tinyhtml5.parser import HTMLParser

from report.compilation import compile_report
from report.formats import Format
from tests.conftest import PROJECT, Compiled

MINIMAL = PROJECT / "tests/events/minimal"
START, SEARCH = "index.html", "search/index.html"


@dataclass(frozen=True)
class Site:
    """A site on the disk, read as a visitor's browser reads it."""

    folder: Path

    @cached_property
    def files(self) -> dict[str, bytes]:
        paths = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in paths}

    @cached_property
    def pages(self) -> dict[str, HtmlElement]:
        return {
            name: lxml.html.document_fromstring(content.decode())
            for name, content in self.files.items()
            if name.endswith(".html")
        }

    @cached_property
    def units(self) -> dict[str, HtmlElement]:
        return {name: page for name, page in self.pages.items() if name not in (START, SEARCH)}

    def target(self, page: str, href: str) -> tuple[str, str]:
        """The file and the fragment that a link of a page leads to."""
        parts = urlsplit(urljoin(f"http://site/{page}", href))
        return unquote(parts.path.lstrip("/")), unquote(parts.fragment)


@pytest.fixture(scope="module")
def site(sample: Compiled) -> Site:
    assert sample.outcome.outputs, sample.outcome.diagnostics
    return Site(sample.site)


def made(event: Path, name: str = "out") -> Site:
    """Compile an event's site; all outputs of an event share one cache."""
    cache, output = event.parent / "cache", event.parent / name
    outcome = compile_report(event, output, cache, frozenset({Format.SITE}), jobs=1)
    assert outcome.outputs, outcome.diagnostics
    return Site(output / "site")


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The minimal event, with a cache that has all that its site needs."""
    home = tmp_path_factory.mktemp("warm")
    made(Path(shutil.copytree(MINIMAL, home / "event")))
    shutil.rmtree(home / "out")
    return home


@pytest.fixture
def event(warm: Path, tmp_path: Path) -> Path:
    shutil.copytree(warm, tmp_path, dirs_exist_ok=True)
    return tmp_path / "event"


# What the pages hold


def said(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_every_part_of_the_one_page_has_a_page_with_the_same_words_and_anchors(
    sample: Compiled, site: Site
) -> None:
    whole = lxml.html.document_fromstring(sample.page)
    parts = {part.get("id"): part for part in whole.find(".//main") if part.get("id")}
    assert len(parts) > 40
    for name, part in parts.items():
        page = site.pages[START if name == "cover" else f"{name}.html"]
        (found,) = page.xpath("//main/*[@id=$name]", name=name)
        assert said(found) == said(part)
        assert found.xpath(".//@id") == part.xpath(".//@id")


def test_every_link_leads_to_a_place_that_is_there(site: Site) -> None:
    count = 0
    for name, page in site.pages.items():
        for href in page.xpath("//@href | //@src | //form/@action"):
            if re.match(r"https?:|data:|http:", href):
                continue
            file, fragment = site.target(name, href)
            assert file in site.files, (name, href)
            if file in site.pages and fragment:
                assert site.pages[file].xpath("//*[@id=$id]", id=fragment), (name, href)
            count += 1
    assert count > 3000


def test_a_strict_parser_finds_no_fault_in_any_page(site: Site) -> None:
    for name in site.pages:
        parser = HTMLParser()
        parser.parse(site.files[name].decode())
        assert parser.errors == [], name


def test_ids_are_unique_on_each_page(site: Site) -> None:
    for name, page in site.pages.items():
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), name


def test_each_page_has_one_heading_of_level_1_and_skips_none(site: Site) -> None:
    for name, page in site.pages.items():
        levels = [
            int(heading.get("aria-level") or heading.tag[1])
            for heading in page.iter("h1", "h2", "h3", "h4", "h5", "h6")
        ]
        assert levels.count(1) == 1, name
        assert [(a, b) for a, b in pairwise(levels) if b > a + 1] == [], name


def test_from_the_first_page_on_each_leads_to_the_next_and_back(site: Site) -> None:
    (name,) = site.pages[START].xpath("//a[@class='begin']/@href")
    listed = [site.target(START, link.get("href"))[0] for link in site.pages[START].xpath(
        "//nav[@id='contents']//a")]  # fmt: skip
    visited = [name]
    while following := site.pages[visited[-1]].xpath("//nav[@class='turn']/a[@rel='next']/@href"):
        after, _ = site.target(visited[-1], following[0])
        (back,) = site.pages[after].xpath("//nav[@class='turn']/a[@rel='prev']/@href")
        assert site.target(after, back)[0] == visited[-1]
        visited.append(after)
    assert visited == listed
    assert sorted(visited) == sorted(site.units)


def test_a_statement_tells_where_it_belongs(site: Site) -> None:
    name = "1-opening/01-secretary-general.html"
    page = site.pages[name]
    links = page.xpath("//nav[@class='trail']//a")
    assert [site.target(name, link.get("href"))[0] for link in links] == [START, "1-opening.html"]
    (here,) = page.xpath("/html/body/nav//a[@aria-current='page']")
    assert site.target(name, here.get("href"))[0] == name
    beside = [link.get("href") for link in page.xpath("/html/body/nav//ol/ol//a | //nav//li//li/a")]
    assert {site.target(name, href)[0].split("/")[0] for href in beside} == {"1-opening"}


def test_each_paragraph_has_its_permanent_link(site: Site) -> None:
    numbers = [
        (number.get("href"), number.getparent().get("id"))
        for page in site.units.values()
        for number in page.xpath("//*[@class='number']")
    ]
    assert len(numbers) > 200
    assert all(href == f"#{name}" for href, name in numbers)


def test_each_page_leads_to_its_page_of_the_pdf(sample: Compiled, site: Site) -> None:
    pdf = sample.pdf
    assert site.files["report.pdf"] == (sample.output / "report.pdf").read_bytes()
    told = 0
    for name, page in site.units.items():
        (link,) = page.xpath("//p[@class='paper']/a")
        file, fragment = site.target(name, link.get("href"))
        destination = fragment.removeprefix("nameddest=")
        assert file == "report.pdf"
        label = pdf.labels[pdf.destinations[destination.encode()]]
        if match := re.search(r"page (\w+)$", link.text):
            assert match[1] == label, name
            told += 1
    assert told == len(site.units)


# What the pages need


def test_pages_need_nothing_but_files_of_the_site(site: Site) -> None:
    for name, page in site.pages.items():
        assert page.xpath("//@style | //style | //iframe | //object | //embed | //base") == []
        assert [e for e in page.iter() if any(key.startswith("on") for key in e.attrib)] == []
        (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert policy.startswith("default-src 'none'; ")
        scripts = page.xpath("//script/@src")
        assert scripts == (["search.js"] if name == SEARCH else [])
        assert ("script-src" in policy) is (name == SEARCH)
        assert "unsafe" not in policy and "http" not in policy
    css = b"".join(data for name, data in site.files.items() if name.endswith(".css"))
    assert re.findall(rb"@import|url\((?![\"']?data:font/)", css) == []


def test_the_start_page_is_light(site: Site) -> None:
    start = site.pages[START]
    styles = start.xpath("//link[@rel='stylesheet']/@href")
    assert styles == ["site.css"]
    weight = sum(len(site.files[name]) for name in (START, *styles))
    # What its picture weighs does not count, and there is none.
    assert start.xpath("//img") == []
    assert weight < 100_000


def test_faces_are_shared(site: Site) -> None:
    assert all(b"font-face" not in site.files[name] for name in site.pages)
    css = b"".join(data for name, data in site.files.items() if name.endswith(".css"))
    assert css.count(b"@font-face") == css.count(b"data:font/woff2") == 8


# What a change costs


def stamps(site: Site) -> dict[str, tuple[int, int]]:
    """What tells whether a file was written: its number on the disk and its time."""
    return {
        name: ((site.folder / name).stat().st_ino, (site.folder / name).stat().st_mtime_ns)
        for name in site.files
    }


def pages_kept(event: Path) -> set[Path]:
    """The pages in the cache."""
    files = (event.parent / "cache").glob("??/*")
    return {path for path in files if b'<body class="unit">' in path.read_bytes()}


def test_a_build_without_changes_writes_no_file(event: Path) -> None:
    before = stamps(made(event))
    assert len(before) > 40
    assert stamps(made(event)) == before


def test_a_changed_statement_makes_its_page_anew_and_no_other(event: Path) -> None:
    first = made(event)
    before, kept = stamps(first), pages_kept(event)
    assert len(kept) == len(first.units)
    statement = event / "1-opening/01-minister.md"
    statement.write_text(statement.read_text().replace("glad to be", "delighted to be"))
    after = stamps(made(event))
    assert len(pages_kept(event) - kept) == 1
    written = {name for name, stamp in after.items() if before.get(name) != stamp}
    pages = {name for name in written if name.endswith(".html")}
    assert pages == {"1-opening/01-minister.html"}
    assert "search/said/1-opening/01-minister.js" in written
    assert "search/said/foreword.js" not in written


def test_a_page_more_in_the_pdf_makes_no_other_page_anew(event: Path) -> None:
    first, kept = made(event), pages_kept(event)
    before = re.search(r"page (\d+)", said(first.pages["photographs.html"]))
    statement = event / "1-opening/01-minister.md"
    statement.write_text(statement.read_text() + "\nWe shall be patient. " * 200)
    second = made(event)
    assert len(pages_kept(event) - kept) == 1
    after = re.search(r"page (\d+)", said(second.pages["photographs.html"]))
    assert before and after and int(after[1]) > int(before[1])


def test_what_is_kept_is_what_would_be_made(event: Path) -> None:
    first = made(event)
    statement = event / "1-opening/01-minister.md"
    text = statement.read_text()
    statement.write_text(text.replace("glad to be", "delighted to be"))
    made(event)
    statement.write_text(text)
    assert made(event).files == first.files


def test_a_template_that_another_includes_makes_pages_anew(event: Path) -> None:
    templates = event / "templates"
    (templates / "site").mkdir(parents=True)
    own = (PROJECT / "templates/site/unit.html").read_text()
    including = own.replace("{% block main %}", '{% block main %}{% include "banner.html" %}')
    assert including != own
    (templates / "site/unit.html").write_text(including)
    for banner in ("First of all", "Second to none"):
        (templates / "banner.html").write_text(f"<p>{banner}</p>")
        pages = made(event).units.values()
        assert all(banner in said(page) for page in pages)


def test_a_removed_statement_vanishes_and_what_is_not_ours_stays(event: Path) -> None:
    second = event / "2-closing"
    second.mkdir()
    shutil.copy(event / "1-opening/session.md", second / "session.md")
    shutil.copy(event / "1-opening/01-minister.md", second / "01-guest.md")
    site = made(event)
    assert "2-closing/01-guest.html" in site.pages
    (site.folder / "CNAME").write_text("report.example")
    shutil.rmtree(second)
    after = made(event)
    assert [name for name in after.files if "2-closing" in name or "01-guest" in name] == []
    assert not (after.folder / "2-closing").exists()
    assert b"01-guest" not in b"".join(after.files.values())
    assert after.files["CNAME"] == b"report.example"


def test_a_site_goes_on_where_another_delivery_was_interrupted(event: Path) -> None:
    site = made(event)
    listing = site.folder / ".made"
    # As if a build had been killed after it had listed a page and written it.
    listing.write_text(listing.read_text() + "9-gone/01-nobody.html\n../../keep.txt\n")
    (site.folder / "9-gone").mkdir()
    (site.folder / "9-gone/01-nobody.html").write_text("gone")
    outside = event.parent / "keep.txt"
    outside.write_text("not of the site")
    after = made(event)
    assert not (after.folder / "9-gone").exists()
    assert outside.exists()


# Names


def test_a_chapter_called_index_does_not_take_the_start_pages_place(event: Path) -> None:
    (event / "foreword.md").rename(event / "index.md")
    text = (event / "event.yaml").read_text()
    (event / "event.yaml").write_text(text.replace("foreword", "index"))
    site = made(event)
    assert "contents" in site.pages[START].xpath("//@id")
    assert site.pages["index/index.html"].xpath("//main//section/@id") == ["index"]


def test_a_picture_has_the_ending_of_what_it_is(event: Path) -> None:
    (event / "media/hall.png").rename(event / "media/hall.html")
    listing = event / "media/photographs.yaml"
    listing.write_text(listing.read_text().replace("hall.png", "hall.html"))
    site = made(event)
    assert [name for name in site.files if name.startswith("media/")]
    assert {Path(name).suffix for name in site.files if name.startswith("media/")} == {".png"}

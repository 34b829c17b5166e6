"""The web page as its readers meet it: a strict parser, a keyboard, a small screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import lxml.html
import pypdfium2
import pytest
from lxml.html import HtmlElement
from playwright.sync_api import Browser, Locator, Page
from tinyhtml5.parser import HTMLParser

from report import webfonts
from report.assets import PRINT_STYLES, WEB_STYLES, stylesheets, template_folders
from report.booklet import handed_out
from report.compilation import in_language, merged
from report.load import load
from report.merge import booklet
from report.unit import Paging, Report, Unit
from report.web import outline, publish
from tests.conftest import CACHE, PROJECT
from tests.waiting import wait_until

SAMPLE = PROJECT / "statements"


def published(report: Report) -> str:
    return publish(report, stylesheets(report.folder, WEB_STYLES), template_folders(report.folder))


@pytest.fixture(scope="module")
def report() -> Report:
    event, _ = load(SAMPLE)
    assert event
    return merged(in_language(event), SAMPLE, CACHE, stylesheets(SAMPLE, PRINT_STYLES))


@pytest.fixture(scope="module")
def page(report: Report) -> str:
    return published(report)


@pytest.fixture(scope="module")
def root(page: str) -> HtmlElement:
    return lxml.html.document_fromstring(page)


def small_report(*units: Unit, folder: Path = SAMPLE) -> Report:
    cover = Unit(
        "cover", "cover", "Title", '<section id="cover"><h1>T</h1></section>', "en", Paging.NONE
    )
    return Report("Title", "Author", "Subject", (), "en", 0, folder, (cover, *units))


def unit(html: str, identity: str = "u", *, language: str = "en", level: int = 1) -> Unit:
    return Unit(identity, "statement", "A title", html, language, Paging.BODY, level)


def parsed(*units: Unit) -> HtmlElement:
    return lxml.html.document_fromstring(published(small_report(*units)))


# The text


def words(element: HtmlElement) -> list[str]:
    """What is read in an element, but for page numbers."""
    texts = element.xpath(".//text()[not(ancestor::span[@class='folios' or @data-folio])]")
    return " ".join(texts).split()


def test_every_unit_is_in_the_page_word_for_word_and_in_order(
    report: Report, root: HtmlElement
) -> None:
    shown = [unit for unit in report.units if unit.kind != "contents"]
    main = root.find(".//main")
    sections = {part.get("id"): part for part in main}
    assert [name for name in sections if name] == [unit.id for unit in shown]
    for part in shown:
        assert words(sections[part.id]) == words(lxml.html.fragment_fromstring(part.html)), part.id


def test_the_same_report_gives_the_same_page(report: Report, page: str) -> None:
    assert published(report) == page


# The markup


def test_a_strict_parser_finds_no_fault(page: str) -> None:
    parser = HTMLParser()
    parser.parse(page)
    assert parser.errors == []


def test_ids_are_unique_and_every_internal_link_has_its_place(root: HtmlElement) -> None:
    names = root.xpath("//@id")
    assert len(names) == len(set(names))
    links = root.xpath("//a[starts-with(@href, '#')]/@href")
    assert len(links) > 100
    assert {link[1:] for link in links} <= set(names)


def test_links_to_the_contents_lead_to_the_navigation() -> None:
    contents = replace(
        unit('<section id="contents"><h2>C</h2></section>', "contents"), kind="contents"
    )
    tree = parsed(contents, unit('<section id="u"><a href="#contents">up</a></section>'))
    assert [element.tag for element in tree.xpath("//*[@id='contents']")] == ["nav"]


def test_the_page_needs_nothing_from_outside(root: HtmlElement) -> None:
    assert root.xpath("//iframe | //object | //embed | //form | //base | //@style") == []
    # A data block is never run (HTML Living Standard, 4.12.1).
    assert set(root.xpath("//script/@type")) <= {"application/ld+json"}
    assert root.xpath("//script[not(@type)]") == []
    assert [
        name for name in root.xpath("//@*/..") for name in name.attrib if name[:2] == "on"
    ] == []
    sources = root.xpath("//@src | //@srcset | //link[@rel='icon' or @rel='stylesheet']/@href")
    assert all(source.startswith("data:") for source in sources)
    style = root.findtext(".//style")
    assert re.findall(r"@import|url\((?![\"']?data:)", style) == []


def test_there_is_one_h1_and_no_heading_skips_a_level(root: HtmlElement) -> None:
    levels = [int(heading.tag[1]) for heading in root.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert [(a, b) for a, b in pairwise(levels) if b > a + 1] == []


def test_landmarks_and_languages_are_stated(report: Report, root: HtmlElement) -> None:
    assert root.get("lang") == report.language
    assert [len(root.findall(f"./body/{tag}")) for tag in ("header", "nav", "main", "footer")] == [
        1
    ] * 4
    assert root.findtext(".//title") == report.title
    assert root.xpath("//meta[@name='description']/@content") == [report.subject]


def test_a_unit_in_another_language_says_so_and_runs_its_way() -> None:
    tree = parsed(unit('<article id="u"><p>نص</p></article>', language="ar"))
    article = tree.find(".//article")
    assert (article.get("lang"), article.get("dir")) == ("ar", "rtl")


def test_a_paragraph_number_is_the_permanent_link_to_its_paragraph(root: HtmlElement) -> None:
    numbers = root.xpath("//*[@class='number']")
    assert len(numbers) > 200
    for number in numbers:
        assert number.tag == "a"
        assert number.get("href") == f"#{number.getparent().get('id')}"


def test_notes_and_their_calls_lead_to_each_other(root: HtmlElement) -> None:
    calls = root.xpath("//a[@class='footnote-ref']")
    assert len(calls) >= 8
    for call in calls:
        (note,) = root.xpath("//li[@id=$name]", name=call.get("href")[1:])
        ways_back = note.xpath(".//a[@class='footnote-backref']/@href")
        assert f"#{call.getparent().get('id')}" in ways_back
        statement = next(up for up in call.iterancestors() if up.getparent().tag == "main")
        assert note in statement.iterdescendants(), "notes stand at the end of their own text"


def test_page_numbers_are_left_to_paper() -> None:
    tree = parsed(unit('<p id="u">see page <span data-folio="u"></span>, above</p>'))
    assert tree.xpath("//*[@data-folio]") == []
    assert "see page , above" in tree.text_content()


def test_the_alignment_of_cells_needs_no_style_attribute() -> None:
    cell = '<td style="text-align: right;">1</td>'
    tree = parsed(unit(f'<section id="u"><table><tr>{cell}</tr></table></section>'))
    (found,) = tree.iter("td")
    assert (found.get("class"), found.get("style")) == ("align-right", None)


def test_what_scrolls_does_so_by_keyboard_and_has_a_name(root: HtmlElement) -> None:
    boxes = root.xpath("//div[@class='table' or @class='plate']")
    assert boxes
    for box in boxes:
        assert (box.get("tabindex"), box.get("role")) == ("0", "group")
        assert box.get("aria-label").strip()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("<caption>Cases by <i>year</i></caption><tr><th>Year</th></tr>", "Cases by year"),
        ("<thead><tr><th></th><th>Year</th><th>Cases</th></tr></thead>", "Table: Year, Cases"),
        ("<caption> </caption><tr><td>1</td></tr>", "Table"),
    ],
)
def test_a_table_is_named_by_its_caption_or_else_by_its_columns(content: str, name: str) -> None:
    table = f'<div class="table"><table>{content}</table></div>'
    (box,) = parsed(unit(f'<section id="u">{table}</section>')).xpath("//div[@class='table']")
    assert box.get("aria-label") == name


def test_a_specimen_is_marked_at_the_top_and_after_each_statement(
    report: Report, root: HtmlElement
) -> None:
    statements = root.xpath("//main/article")
    assert len(statements) >= 24
    assert root.findtext("./body/header/p") == report.specimen
    for statement in statements:
        assert (statement.getnext().get("class"), statement.getnext().text) == (
            "specimen",
            report.specimen,
        )


def test_a_report_of_real_words_bears_no_such_mark() -> None:
    assert parsed(unit('<article id="u"></article>')).xpath("//*[@class='specimen']") == []


# The navigation


def test_units_nest_by_their_level() -> None:
    levels = (1, 2, 3, 2, 1, 3)
    units = [unit("", str(place), level=level) for place, level in enumerate(levels)]

    def names(entries: Any) -> list[Any]:
        return [(entry.unit.id, names(entry.children)) for entry in entries]

    assert names(outline(units)) == [
        ("0", [("1", [("2", [])]), ("3", [])]),
        ("4", [("5", [])]),
    ]


def test_the_navigation_lists_every_unit_in_order(report: Report, root: HtmlElement) -> None:
    listed = [(link.get("href")[1:], link.text) for link in root.findall("./body/nav//a")]
    assert listed == [
        (unit.id, unit.title) for unit in report.units if unit.kind not in ("cover", "contents")
    ]


# Pictures and fonts


def test_a_picture_travels_in_the_page_with_its_size(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (30, 20)).save(tmp_path / "a b.png")
    picture = unit('<figure id="u"><img src="a b.png" alt="A"></figure>')
    tree = lxml.html.document_fromstring(published(small_report(picture, folder=tmp_path)))
    (image,) = tree.iter("img")
    assert (image.get("width"), image.get("height")) == ("30", "20")
    assert image.get("src").startswith("data:image/png;base64,")


def test_fonts_are_subsets_and_weigh_little(page: str) -> None:
    faces = re.findall(r"data:font/woff;base64,[^\"]+", page)
    assert len(faces) == len(re.findall("@font-face", page)) > 0
    assert sum(map(len, faces)) < webfonts.LIMIT


def test_fonts_that_would_weigh_too_much_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webfonts, "LIMIT", 1)
    page = published(small_report(unit('<p id="u">x</p>')))
    assert "@font-face" not in page
    assert "package:" not in page


# In a browser


@pytest.fixture(scope="module")
def address(page: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("web") / "report.html"
    file.write_text(page, encoding="utf-8")
    return file.as_uri()


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Any]:
    """Opens the page at a width, in a colour scheme; fails if the browser had to complain."""
    complaints: list[str] = []
    contexts = []

    def open_page(width: int, scheme: Any = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("width", [320, 360, 768, 1440])
def test_nothing_is_wider_than_the_screen_but_tables_and_plates_in_their_boxes(
    opened: Any, width: int
) -> None:
    # WCAG 2.2, 1.4.10 asks it at 320 pixels.
    too_wide = """width => [...document.querySelectorAll('main *, nav *, footer *')]
        .filter(e => !e.closest('.table table, .plate svg'))
        .filter(e => e.getBoundingClientRect().right > width)
        .map(e => e.outerHTML.slice(0, 100))"""
    page = opened(width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(too_wide, width) == []


CLOSE_LINES = """() => {
  document.documentElement.style.fontSize = '200%';
  return [...document.querySelectorAll('main *')]
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .filter(e => !e.closest('svg, sup, sub'))
    .filter(e => {
      const style = getComputedStyle(e);
      return parseFloat(style.lineHeight) < parseFloat(style.fontSize);
    })
    .map(e => e.outerHTML.slice(0, 100));
}"""


def test_lines_keep_apart_when_the_text_is_twice_as_large(opened: Any, browser: Browser) -> None:
    # WCAG 2.2, 1.4.4.
    assert opened(1440).evaluate(CLOSE_LINES) == []
    event, _ = load(SAMPLE)
    assert event
    programme = booklet(handed_out(in_language(event)), SAMPLE, template_folders(SAMPLE))
    page = browser.new_page()
    page.set_content(published(programme))
    assert page.locator(".speaker .when").count() > 10
    assert page.evaluate(CLOSE_LINES) == []
    page.close()


def test_on_a_narrow_screen_the_contents_unfold_and_lead_to_a_statement(opened: Any) -> None:
    page = opened(360)
    link = page.locator("nav ol ol a").first
    assert not link.is_visible()
    page.locator("nav summary").click()
    link.click()
    assert_at_top(page.locator("main article h3").first)


def test_on_a_wide_screen_the_contents_stand_beside_the_text(opened: Any) -> None:
    page = opened(1440)
    assert not page.locator("nav summary").is_visible()
    link = page.locator("nav ol ol a").last
    link.click()
    assert_at_top(page.locator("main section.discussion h3").last)
    assert link.is_visible()


def height_of(part: Locator) -> float:
    """How far a part of a page stands below the head of the screen."""
    return float(part.evaluate("part => part.getBoundingClientRect().top"))


def assert_at_top(heading: Locator) -> None:
    wait_until(lambda: 0 <= height_of(heading) < 400)


def test_the_first_key_skips_to_the_report(opened: Any) -> None:
    page = opened(1440)
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    assert skip.evaluate("e => e === document.activeElement")
    box = skip.bounding_box()
    assert box and box["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_address_of_a_paragraph_opens_the_page_there(opened: Any) -> None:
    page = opened(360)
    paragraph = page.locator("article p[id]").last
    address = f"{page.url}#{paragraph.get_attribute('id')}"
    # From elsewhere: a page that is there already is not loaded again.
    page.goto("about:blank")
    page.goto(address)
    wait_until(lambda: 0 <= height_of(paragraph) < 100)


def test_a_paragraph_number_is_large_enough_to_touch_and_is_not_copied(opened: Any) -> None:
    page = opened(360)
    number = page.locator("article .number").first
    box = number.bounding_box()
    assert box and min(box["width"], box["height"]) >= 24  # WCAG 2.2, 2.5.8
    copied = number.evaluate("""number => {
        getSelection().selectAllChildren(number.parentElement);
        return getSelection().toString();
    }""")
    assert copied and not copied.lstrip().startswith("1")


def test_a_wide_screen_has_room_for_the_recommendations(opened: Any) -> None:
    table = opened(1440).locator(".recommendations .table")
    assert table.evaluate("table => table.scrollWidth <= table.clientWidth")
    assert table.evaluate("table => table.getBoundingClientRect().right <= innerWidth")


CONTRASTS = """() => {
  const channels = colour => colour.match(/[\\d.]+/g).map(Number);
  const luminance = colour => channels(colour).slice(0, 3)
    .map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = element => {
    const colour = getComputedStyle(element).backgroundColor;
    return (channels(colour)[3] ?? 1) > 0 ? colour : ground(element.parentElement);
  };
  const found = {};
  for (const element of document.querySelectorAll('body *')) {
    if (![...element.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const colours = [getComputedStyle(element).color, ground(element)];
    const [dark, light] = colours.map(luminance).sort((a, b) => a - b);
    found[colours.join(' on ')] = (light + 0.05) / (dark + 0.05);
  }
  return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(opened: Any, scheme: str) -> None:
    contrasts = opened(1440, scheme).evaluate(CONTRASTS)
    assert len(contrasts) >= 5
    # WCAG 2.2, 1.4.3: 4.5 to 1, whatever the size.
    assert {pair: ratio for pair, ratio in contrasts.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_so_does_every_text_in_the_colours_that_the_guide_gives(opened: Any, scheme: str) -> None:
    guide = (PROJECT / "docs/designers.md").read_text(encoding="utf-8")
    colours, _ = guide.partition("event.css\n")[2].split(".statement", 1)
    page = opened(1440, scheme)
    page.evaluate(
        """css => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(css);
            document.adoptedStyleSheets = [sheet];
        }""",
        colours,
    )
    assert {pair: ratio for pair, ratio in page.evaluate(CONTRASTS).items() if ratio < 4.5} == {}


def test_light_and_dark_differ(opened: Any) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    assert opened(360).evaluate(ground) != opened(360, "dark").evaluate(ground)


def test_fonts_load_under_the_policy(opened: Any) -> None:
    page = opened(1440)
    page.evaluate("document.fonts.ready.then(() => null)")
    states = page.evaluate("[...document.fonts].map(face => face.family + ' ' + face.status)")
    assert "Spectral loaded" in states
    assert not [state for state in states if "error" in state]


def test_pictures_show_under_the_policy(opened: Any) -> None:
    sizes = opened(1440).evaluate("[...document.images].map(image => image.naturalWidth)")
    assert sizes and all(sizes)


def test_printed_it_is_the_text_without_the_navigation(opened: Any) -> None:
    page = opened(1440, "dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.locator("nav").is_visible()
    assert page.locator("main article").first.is_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).color") == "rgb(29, 33, 38)"


def test_printed_each_part_begins_a_page(opened: Any, page: str) -> None:
    with pypdfium2.PdfDocument(opened(1440).pdf(prefer_css_page_size=True)) as document:
        printed = [" ".join(each.get_textpage().get_text_bounded().split()) for each in document]
    root = lxml.html.document_fromstring(page.encode())
    first = root.xpath(".//main/section/*[1][self::h2]")
    titles = {" ".join(title.text_content().split()) for title in first}
    assert {"Programme", "Index of speakers", "Photographs"} <= titles
    assert {
        title for title in titles if not any(text.startswith(title) for text in printed)
    } == set()


def test_the_policy_stops_what_does_not_belong_in_the_page(
    browser: Browser, page: str, tmp_path: Path
) -> None:
    hostile = (
        "<script>document.title = 'owned'</script><img src='http://127.0.0.1:9/x.png' "
        "onerror=\"document.title = 'owned'\"><p style='color: red'>x</p></main>"
    )
    file = tmp_path / "hostile.html"
    file.write_text(page.replace("</main>", hostile), encoding="utf-8")
    opened, answered = browser.new_page(), []
    title = lxml.html.document_fromstring(page).findtext(".//title")
    refused: list[str] = []
    opened.on("console", lambda message: refused.append(message.text))
    opened.on("response", lambda response: answered.append(response.url))
    opened.goto(file.as_uri())
    assert opened.title() == title
    assert [url for url in answered if url.startswith("http")] == []
    assert len([text for text in refused if "Content Security Policy" in text]) >= 3
    opened.close()

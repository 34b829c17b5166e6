"""The site in a real browser: reading, searching and finding one's way, by whatever means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from report.compilation import compile_report
from report.formats import Format
from report.publish.site.terms import terms
from tests import tongues
from tests.conftest import CACHE, CHROMIUM, Compiled
from tests.waiting import PATIENCE, wait_until

STATEMENT = "1-opening/01-secretary-general.html"
SUMMARY = "6-closing/chairmans-summary.html"
SEARCH = "search/index.html"
FOUND = f"{SEARCH}?q=prisons"
KINDS = ("index.html", "2-dialogue.html", STATEMENT, SUMMARY, "map.html", "programme.html", FOUND)
ARABIC = f"{tongues.statement('ar')}.html"

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed"),
]
expect.set_options(timeout=1000 * PATIENCE)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A folder as a web server shows it, at an address of this machine."""
    handler = partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.fixture(scope="module")
def site(sample: Compiled) -> Iterator[str]:
    with served(sample.site) as address:
        yield address


def compiled(folder: Path, language: str) -> Path:
    event = tongues.event_in(folder / "event", language)
    outcome = compile_report(event, folder / "out", CACHE, frozenset({Format.SITE}), jobs=1)
    assert outcome.outputs, outcome.diagnostics
    return folder / "out/site"


@pytest.fixture(scope="module")
def in_six_languages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled(tmp_path_factory.mktemp("english"), "en")


@pytest.fixture(scope="module")
def in_arabic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled(tmp_path_factory.mktemp("arabic"), "ar")


Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Opens an address; fails if the browser complained, or asked anybody else for anything."""
    wrong: list[str] = []
    contexts = []

    def opened(address: str, width: int = 1440, scheme: Any = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        home = address[: address.index("/", len("http://"))]
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith((home, "data:")) else wrong.append(request.url)
            ),
        )
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


# How it looks


def test_no_page_is_wider_than_the_screen(open_page: Open, site: str, sample: Compiled) -> None:
    page = open_page(f"{site}{FOUND}")
    addresses = [path.relative_to(sample.site).as_posix() for path in sample.site.rglob("*.html")]
    assert len(addresses) > 40
    for address in (*addresses, FOUND):
        page.goto(f"{site}{address}")
        for width in (1440, 768, 360, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)


@pytest.mark.parametrize("width", [320, 390, 700])
def test_numbers_of_a_text_that_runs_the_other_way_hang_on_the_screen(
    open_page: Open, in_six_languages: Path, in_arabic: Path, width: int
) -> None:
    for folder, language in ((in_six_languages, "ar"), (in_arabic, "en")):
        with served(folder) as address:
            page = open_page(f"{address}{tongues.statement(language)}.html", width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            box = page.locator("a.number").first.bounding_box()
            assert box and box["x"] >= 0 and box["x"] + box["width"] <= width


def violations(page: Page) -> list[str]:
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
    return [
        f"{violation['id']}: {node['html'][:200]}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", KINDS)
def test_axe_finds_nothing(open_page: Open, site: str, address: str, scheme: str) -> None:
    page = open_page(f"{site}{address}", 1440, scheme)
    if address == FOUND:
        expect(page.get_by_role("status")).to_be_visible()
    assert violations(page) == []


def test_axe_finds_nothing_on_a_small_screen_and_in_a_mirror(
    open_page: Open, site: str, in_arabic: Path
) -> None:
    assert violations(open_page(f"{site}{STATEMENT}", 360)) == []
    with served(in_arabic) as address:
        assert violations(open_page(f"{address}{ARABIC}")) == []


def test_light_and_dark_differ_and_paper_has_neither(open_page: Open, site: str) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    light, dark = (open_page(f"{site}{STATEMENT}", 1440, scheme) for scheme in ("light", "dark"))
    assert light.evaluate(ground) != dark.evaluate(ground)
    dark.emulate_media(media="print")
    assert dark.evaluate("getComputedStyle(document.documentElement).color") == "rgb(29, 33, 38)"
    for part in (".masthead", "body > nav", ".trail", ".turn", ".paper"):
        assert not dark.locator(part).is_visible(), part
    assert dark.locator("article").is_visible()


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("address", ["index.html", STATEMENT, SUMMARY])
def test_nothing_moves_while_a_page_comes(
    open_page: Open, site: str, address: str, width: int
) -> None:
    shifts = """() => new Promise(done => {
      let sum = 0;
      new PerformanceObserver(list => list.getEntries().forEach(entry => sum += entry.value))
        .observe({ type: "layout-shift", buffered: true });
      setTimeout(() => done(sum), 500);
    })"""
    page = open_page(f"{site}{address}", width)

    def is_still() -> bool:
        page.reload()
        return bool(page.evaluate(shifts) == 0)

    # A machine that has other things to do may have the faces too late.
    wait_until(is_still)


def test_the_start_page_is_light_to_load(open_page: Open, site: str) -> None:
    weight = """performance.getEntries()
      .filter(entry => ["navigation", "resource"].includes(entry.entryType))
      .reduce((sum, entry) => sum + entry.transferSize, 0)"""
    page = open_page(f"{site}index.html")
    page.wait_for_load_state("networkidle")
    assert 10_000 < page.evaluate(weight) < 100_000


def test_a_mirrored_site_reads_from_the_right(open_page: Open, in_arabic: Path) -> None:
    with served(in_arabic) as address:
        page = open_page(f"{address}{ARABIC}")
        assert page.evaluate("document.documentElement.dir") == "rtl"
        nav, main = (page.locator(f"body > {part}").bounding_box() for part in ("nav", "main"))
        assert nav and main and nav["x"] >= main["x"] + main["width"] - 1
        paragraph = page.locator("article .text p").first
        number = paragraph.locator(".number").bounding_box()
        text = paragraph.bounding_box()
        assert number and text and number["x"] >= text["x"] + text["width"] - 1
        back, on = (page.locator(f".turn .{way}").bounding_box() for way in ("previous", "next"))
        assert back and on and on["x"] < back["x"]
        page.set_viewport_size({"width": 360, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


# Finding one's way


def test_one_walks_through_a_session_and_back_to_the_contents(open_page: Open, site: str) -> None:
    page = open_page(f"{site}index.html", 360)
    page.get_by_role("link", name=re.compile("^Session 2")).click()
    expect(page.locator("main [aria-level='1']")).to_contain_text("Promoting dialogue")
    page.locator(".turn .next").click()
    expect(page.locator("article.statement")).to_be_visible()
    expect(page).to_have_url(re.compile(f"^{site}2-dialogue/01-"))
    page.locator("body > nav summary").click()
    page.get_by_role("link", name="Foreword").click()
    expect(page).to_have_url(f"{site}foreword.html")
    page.locator(".trail a").first.click()
    expect(page).to_have_url(f"{site}index.html")


def test_the_address_of_a_paragraph_leads_to_it(open_page: Open, site: str) -> None:
    page = open_page(f"{site}{STATEMENT}", 360)
    number = page.locator("article .number").last
    number.click()
    identity = page.evaluate("decodeURIComponent(location.hash.slice(1))")
    opened = open_page(page.url, 1440)
    paragraph = opened.locator(f"[id='{identity}']")
    expect(paragraph).to_be_in_viewport()
    plain = opened.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paragraph.evaluate("e => getComputedStyle(e).backgroundColor") != plain


def test_a_citation_leads_over_pages_to_the_paragraph(open_page: Open, site: str) -> None:
    page = open_page(f"{site}{SUMMARY}")
    link = page.locator(".evidence a").first
    href = link.get_attribute("href") or ""
    link.click()
    expect(page.locator(f"[id='{href.partition('#')[2]}']")).to_be_in_viewport()


def test_everything_is_done_by_keyboard(open_page: Open, site: str) -> None:
    page = open_page(f"{site}{STATEMENT}")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('article') !== null")
    page.goto(f"{site}index.html")
    seen = []
    for _ in range(24):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(
            "[document.activeElement.outerHTML.slice(0, 80),"
            " getComputedStyle(document.activeElement).outlineStyle !== 'none']"
        ))  # fmt: skip
    assert [html for html, is_shown in seen if not is_shown] == []
    page.get_by_role("searchbox").focus()
    page.keyboard.type("prisons")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Texts found")
    field = page.get_by_role("searchbox")
    expect(field).to_have_value("prisons")
    field.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main > article, main > section")).to_be_visible()
    assert "search" not in page.url


# Searching


@pytest.mark.parametrize("language", tongues.STATEMENTS)
def test_a_text_is_found_in_its_language_from_a_disk(
    open_page: Open, in_six_languages: Path, language: str
) -> None:
    question, number = tongues.QUESTIONS[language]
    page = open_page((in_six_languages / SEARCH).as_uri())
    page.get_by_role("searchbox").fill(question)
    statement = tongues.statement(language)
    place = page.locator(f"a[href$='{statement}.html#{statement}:{number}']")
    expect(place).to_be_visible()
    excerpt = page.locator(".excerpt > span", has=page.locator("mark")).first
    assert excerpt.get_attribute("lang") == language
    assert excerpt.get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    place.click()
    expect(page.locator(f"[id='{statement}:{number}']")).to_be_in_viewport()


def test_a_site_in_arabic_is_searched_in_arabic(open_page: Open, in_arabic: Path) -> None:
    with served(in_arabic) as address:
        page = open_page(f"{address}{ARABIC}")
        page.get_by_role("searchbox").fill("التعاون")
        page.keyboard.press("Enter")
        expect(page.locator(".found mark").first).to_have_text("التعاون")
        expect(page.get_by_role("status")).to_contain_text("1")


def test_results_follow_what_is_typed_and_can_be_sent_on(open_page: Open, site: str) -> None:
    page = open_page(f"{site}{SEARCH}")
    assert not page.get_by_role("status").is_visible()
    page.get_by_role("searchbox").press_sequentially("prison")
    expect(page.locator(".found mark").first).to_contain_text(re.compile("prison", re.IGNORECASE))
    page.wait_for_url(f"{site}{SEARCH}?q=prison")
    sent = open_page(page.url)
    expect(sent.locator(".found > li")).to_have_count(page.locator(".found > li").count())
    page.get_by_role("searchbox").fill("zzzz")
    expect(page.get_by_role("status")).to_have_text("Nothing was found.")
    page.get_by_role("searchbox").fill("")
    expect(page.get_by_role("status")).to_have_count(0)


def test_more_results_are_shown_when_asked_for(open_page: Open, site: str) -> None:
    page = open_page(f"{site}{SEARCH}?q=the")
    results = page.locator(".found > li")
    expect(results).to_have_count(20)
    page.get_by_role("button", name="Show more").click()
    expect(results.nth(20).locator("h2 a")).to_be_focused()
    assert results.count() > 20


def test_what_is_typed_is_text(open_page: Open, site: str) -> None:
    page = open_page(f"{site}{SEARCH}")
    page.get_by_role("searchbox").fill("<img src=x onerror=alert(1)> constructor __proto__")
    expect(page.get_by_role("status")).to_have_text("Nothing was found.")
    page.goto(f"{site}{SEARCH}?q=%3Cb%3Eprisons%3C/b%3E")
    expect(page.get_by_role("searchbox")).to_have_value("<b>prisons</b>")


def test_the_words_of_a_question_are_the_terms_of_the_index(
    open_page: Open, in_six_languages: Path
) -> None:
    page = open_page((in_six_languages / SEARCH).as_uri())
    texts = [
        *tongues.STATEMENTS.values(),
        *(question for question, _ in tongues.QUESTIONS.values()),
        "Ｆｕｌｌ ﬁgures: 19\u00a0June, n\u00ba\u00a04, A/RES/60/288; l\u2019État",
        "soft\u00ad hyphens",
        "عام ٢٠٠٦",
        "Ёлка, йод; Ångström, İstanbul, ΟΔΥΣΣΕΥΣ; والكتاب بالعربية للجميع كتـــاب",
        "ひらがな カタカナ 漢字𠀀𠀁 한국어 हिन्दी ไทย",
        "under_score x² ½ ™ \U0001f468\u200d\U0001f469",
    ]
    for text in texts:
        asked = page.evaluate("text => words(text)", text)
        indexed = list(terms(text))
        # Of signs without spaces, the index also has the last of each run alone.
        assert [term for term in indexed if term in asked] == asked
        assert all(len(term) == 1 for term in set(indexed) - set(asked))


def test_a_screen_reader_is_told_one_title_on_each_page(open_page: Open, site: str) -> None:
    for address in (STATEMENT, "2-dialogue.html", "imprint.html"):
        page = open_page(f"{site}{address}")
        tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
        levels = [
            prop["value"]["value"]
            for node in tree
            if node.get("role", {}).get("value") == "heading"
            for prop in node["properties"]
            if prop["name"] == "level"
        ]
        assert levels.count(1) == 1, address

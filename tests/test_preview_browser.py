"""The live preview in a real browser: what an editor sees and does, by mouse and by keyboard."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.conftest import CHROMIUM
from tests.serving import event_in, is_settled, pages_of, save, served, wait_for_state
from tests.waiting import PATIENCE, wait_until

STATEMENT = "1-opening/02-envoy"
PICTURES = os.environ.get("PREVIEW_PICTURES")
"""A folder for pictures of what the tests see, to be looked at."""

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed"),
]
expect.set_options(timeout=1000 * PATIENCE)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    event = event_in(tmp_path_factory.mktemp("browser"))
    with served(event, "--edit") as address:
        wait_for_state(address, is_settled)
        yield address, event


@pytest.fixture
def statement(running: tuple[str, Path]) -> Iterator[Path]:
    """The file of a statement, put right again after the test."""
    address, event = running
    file = event / f"{STATEMENT}.md"
    text, before = file.read_bytes(), pages_of(wait_for_state(address, is_settled))
    yield file
    save(file, text)
    wait_for_state(address, lambda state: is_settled(state) and pages_of(state) == before)


@pytest.fixture
def density() -> int:
    """Pixels of the screen to a pixel of CSS, in each direction: fewer are drawn sooner."""
    return 2 if PICTURES else 1


@pytest.fixture
def page(browser: Browser, running: tuple[str, Path], density: int, request: Any) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1400, "height": 900}, device_scale_factor=density
    )
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(running[0])
    expect(page.locator("#state")).to_contain_text("up to date")
    yield page
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{request.node.name}.png")
    context.close()
    assert not wrong


def part(page: Page, identity: str = STATEMENT) -> Locator:
    return page.locator(f'#pages > section[data-id="{identity}"]')


def is_drawn(image: Locator) -> bool:
    return bool(image.evaluate("image => image.complete && image.naturalWidth > 0"))


def edit(page: Page) -> Locator:
    """Open the pane of the statement."""
    part(page).get_by_role("button", name="Edit").click()
    pane = page.locator("#pane")
    expect(pane.get_by_role("heading", name="Envoy")).to_be_focused()
    return pane


@contextmanager
def one_core() -> Iterator[None]:
    """Let what is started here have one core, and so one worker: it does one thing at a time."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


NOTE_WHAT_CHANGES = """() => {
  window.noted = [];
  const shown = (part) => part.pages.map((page) => page.picture).join();
  const images = (section) => [...section.querySelectorAll("img")];
  const drawn = (section) => images(section).map((image) => image.dataset.picture).join();
  const sections = [...document.querySelectorAll("#pages > section")];
  const before = new Map(sections.map((each) => [each.dataset.id, drawn(each)]));
  document.addEventListener("preview", ({ detail }) => {
    const changed = detail.parts.filter((part) => before.get(part.id) !== shown(part));
    if (changed.length) noted.push(changed.map((part) => part.id));
    for (const part of detail.parts) before.set(part.id, shown(part));
  });
}"""
"""Has the page note the ids of the units that each preview shows anew."""


def top(image: Locator) -> float:
    return float(image.evaluate("image => image.getBoundingClientRect().top"))


@pytest.mark.parametrize("density", [2])
def test_pages_stand_beside_the_list_of_units_with_their_status(page: Page) -> None:
    units = page.get_by_role("navigation").get_by_role("link")
    expect(units.first).to_have_text(re.compile("Symposium on Cooperation.*1 page", re.S))
    units.filter(has_text="Envoy").click()
    image = part(page).get_by_role("img").first
    expect(image).to_be_in_viewport()
    wait_until(lambda: is_drawn(image))
    assert re.fullmatch(r"Page \d+: Envoy, Member State A", image.get_attribute("alt") or "")
    shown = image.evaluate("image => image.width")
    drawn = int(image.evaluate("image => image.currentSrc").rsplit("/", 1)[1].split(".")[0])
    assert drawn >= 2 * shown * 0.95, "as many pixels as the screen has"


def test_an_edit_on_disk_shows_and_the_page_stays(page: Page, statement: Path) -> None:
    page.get_by_role("navigation").get_by_role("link").filter(has_text="Mayor").click()
    read = part(page, "1-opening/03-mayor").get_by_role("img").nth(1)
    read.scroll_into_view_if_needed()
    page.locator("#pages").evaluate("pages => { pages.scrollTop += 120 }")
    wait_until(lambda: is_drawn(read))
    place, before = top(read), part(page).get_by_role("img").count()
    text = statement.read_text()
    save(statement, text + "\n\n" + "More is said now. " * 900)
    wait_until(lambda: part(page).get_by_role("img").count() > before)
    expect(page.locator("#state")).to_contain_text("up to date")
    assert abs(top(read) - place) < 2
    save(statement, text)
    wait_until(lambda: part(page).get_by_role("img").count() == before)
    assert abs(top(read) - place) < 2


def test_what_is_on_the_screen_is_shown_first_and_the_page_stays(
    browser: Browser, tmp_path: Path
) -> None:
    event, read = event_in(tmp_path), "1-opening/01-minister"
    with one_core(), served(event) as address:
        wait_for_state(address, is_settled)
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.goto(address)
        expect(page.locator("#state")).to_contain_text("up to date")
        with page.expect_response(
            lambda answer: read in (answer.request.post_data or "")
        ) as answer:
            page.locator(f'#units [data-id="{read}"] a').click()
        assert answer.value.status == 204
        image = part(page, read).get_by_role("img").first
        wait_until(lambda: is_drawn(image))
        place = top(image)
        page.evaluate(NOTE_WHAT_CHANGES)
        save(event / "styles" / "event.css", "h2, h3 { letter-spacing: 0.1pt }")
        expect(page.locator("#state")).to_contain_text("more")
        noted = page.evaluate("noted")
        assert abs(top(image) - place) < 2
        page.close()
    assert read in noted[0]
    assert sum(map(len, noted)) > 5, "all units change"


def test_the_changed_page_itself_is_drawn_anew(page: Page, statement: Path) -> None:
    page.get_by_role("navigation").get_by_role("link").filter(has_text="Envoy").click()
    image = part(page).get_by_role("img").first
    wait_until(lambda: is_drawn(image))
    before = image.screenshot()
    save(statement, statement.read_text().replace("We speak of point 0", "WE SHOUT, LOUDLY"))
    wait_until(lambda: image.screenshot() != before)


def test_the_page_on_the_screen_is_fetched_before_those_around_it(
    page: Page, statement: Path
) -> None:
    page.get_by_role("navigation").get_by_role("link").filter(has_text="Envoy").click()
    read = part(page).get_by_role("img").nth(1)
    read.evaluate("image => image.scrollIntoView()")
    page.locator("#pages").evaluate("pages => { pages.scrollTop += 120 }")
    wait_until(lambda: is_drawn(read))
    above = part(page).get_by_role("img").first
    wait_until(lambda: is_drawn(above))
    fetched: list[str] = []
    page.on("request", lambda asked: "/pages/" in asked.url and fetched.append(asked.url))
    save(statement, statement.read_text().replace("We speak", "You speak"))
    expect(page.locator("#state")).to_contain_text("changed: Envoy")
    # The page before is not far.
    wait_until(lambda: is_drawn(above) and is_drawn(read) and len(fetched) > 1)
    places = [_place(address) for address in fetched]
    # What is read comes by itself at first, as the only page of an excerpt.
    assert places[0][1] == "1" or [key for key, _ in places].count(places[0][0]) == 1


def _place(address: str) -> tuple[str, str]:
    """The key of what was typeset, and the number of the page in it that a picture shows."""
    found = re.search(r"/pages/([0-9a-f]+)/(\d+)/", address)
    assert found
    return found[1], found[2]


def test_a_broken_file_shows_its_diagnostic_and_the_pages_stay(page: Page, statement: Path) -> None:
    pages = page.get_by_role("img").count()
    text = statement.read_text()
    save(statement, text.replace("category: governments", "category: goverments"))
    problems = page.get_by_role("region", name="problem")
    expect(problems).to_contain_text("4 | category: goverments")
    expect(problems).to_contain_text("^^^^^^^^^^")
    expect(page.locator("#state")).to_contain_text("1 error; the last good pages stay")
    expect(page.locator(f'#units [data-id="{STATEMENT}"] .status')).to_have_text("1 error")
    assert page.get_by_role("img").count() == pages
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/broken.png")
    save(statement, text)
    expect(page.locator("#state")).to_contain_text("up to date")
    expect(problems).to_be_hidden()


def test_editing_and_saving(page: Page, statement: Path) -> None:
    pane = edit(page)
    pane.get_by_text("Facts", exact=True).click()
    pane.get_by_label("Minutes").fill("12")
    pane.get_by_label("Key points").fill("Trust grows slowly.\nIt goes: quickly.")
    pane.get_by_role("button", name="Add to recommendations").click()
    pane.get_by_label("Text (needed)").fill("States should listen.")
    pane.get_by_label("Level").select_option("national")
    body = pane.get_by_label("Text", exact=True)
    body.fill("We *hope*.\n\nAnd more.\n")
    rendering = page.frame_locator("#rendering")
    expect(rendering.locator("em")).to_have_text("hope")
    expect(pane.get_by_role("status")).to_have_text("Not saved yet")
    pane.get_by_role("button", name="Save").click()
    expect(pane.get_by_role("status")).to_have_text("Saved")
    assert statement.read_text() == (
        "---\nspeaker: Envoy  # as announced\naffiliation: Member State A\n"
        "category: governments\nminutes: 12\n"
        'key_points:\n  - Trust grows slowly.\n  - "It goes: quickly."\n'
        "recommendations:\n  - text: States should listen.\n    level: national\n"
        "---\nWe *hope*.\n\nAnd more.\n"
    )
    expect(part(page).get_by_role("img")).to_have_count(1)
    pane.get_by_role("button", name="Close").click()
    expect(pane).to_be_hidden()
    expect(part(page).get_by_role("button", name="Edit")).to_be_focused()


def test_a_value_by_language_is_edited_in_one_of_them(page: Page, statement: Path) -> None:
    text = statement.read_text().replace(
        "minutes: 6", "function:\n  en: Chair  # so far\n  ar: رئيسة\nminutes: 6"
    )
    save(statement, text)
    pane = edit(page)
    pane.get_by_text("Facts", exact=True).click()
    function = pane.get_by_role("group", name="Function")
    expect(function.get_by_label("Arabic")).to_have_css("direction", "rtl")
    function.get_by_label("English").fill("President")
    pane.get_by_role("button", name="Save").click()
    expect(pane.get_by_role("status")).to_have_text("Saved")
    assert statement.read_text() == text.replace("Chair  #", "President  #")
    function.get_by_label("English").fill("")
    pane.get_by_role("button", name="Save").click()
    expect(pane.get_by_role("status")).to_have_text("Saved")
    assert statement.read_text() == text.replace("  en: Chair  # so far\n", "")
    pane.get_by_role("button", name="Close").click()


def test_of_a_translated_statement_the_original_is_edited(page: Page, statement: Path) -> None:
    text = statement.read_text()
    translation = statement.with_suffix(".en.md")
    try:
        save(translation, f"---\nstatus: draft\n---{text.rpartition('---')[2]}")
        save(statement, text.replace("minutes: 6", "minutes: 6\nlanguage: fr"))
        button = part(page).get_by_role("button", name="Edit the original: Envoy")
        expect(button).to_be_visible()
        expect(button).to_have_text("Edit the original")
    finally:
        translation.unlink()
    save(statement, text)
    expect(part(page).get_by_role("button", name="Edit: Envoy")).to_be_visible()


def test_the_rendering_reads_as_the_page_will(page: Page) -> None:
    pane = edit(page)
    body = pane.get_by_label("Text", exact=True)
    rendering = page.frame_locator("#rendering")
    body.fill("السيد الرئيس، A/RES/60/288.\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n")
    expect(body).to_have_css("direction", "rtl")
    expect(rendering.get_by_text("السيد الرئيس")).to_have_css("direction", "rtl")
    expect(rendering.get_by_role("cell", name="2")).to_have_css("text-align", re.compile("right$"))
    page.once("dialog", lambda dialog: dialog.accept())
    pane.get_by_role("button", name="Close").click()


@pytest.mark.parametrize("link", ["us", "1"])
def test_no_link_leads_away_from_the_rendering(page: Page, link: str) -> None:
    pane = edit(page)
    body = pane.get_by_label("Text", exact=True)
    rendering = page.frame_locator("#rendering")
    body.fill("Ask [us](https://www.un.org/).[^1]\n\n[^1]: A note.\n")
    rendering.get_by_role("link", name=link, exact=True).click()
    rendering.get_by_role("link", name=link, exact=True).press("Enter")
    body.fill("And now?\n")
    expect(rendering.get_by_text("And now?")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    pane.get_by_role("button", name="Close").click()


def test_the_page_amid_the_screen_is_told_to_the_server(page: Page) -> None:
    second = part(page).locator("img").nth(1)
    with page.expect_request(lambda request: STATEMENT in (request.post_data or "")) as told:
        second.evaluate("image => image.scrollIntoView({block: 'center'})")
    assert told.value.post_data_json == {"unit": STATEMENT, "page": 1}
    answer = told.value.response()
    assert answer
    assert answer.status == 204


def test_a_wrong_value_is_told_beside_the_form(page: Page, statement: Path) -> None:
    before = statement.read_text()
    pane = edit(page)
    pane.get_by_text("Facts", exact=True).click()
    pane.get_by_label("Language").fill("english, perhaps")
    pane.get_by_role("button", name="Save").click()
    expect(pane.locator(".answer")).to_contain_text("write the code of a language")
    assert statement.read_text() == before


@pytest.mark.parametrize("choice", ["Save my changes", "Take the file as it is"])
def test_in_a_conflict_the_editor_chooses_and_nothing_is_lost(
    page: Page, statement: Path, choice: str
) -> None:
    pane = edit(page)
    body = pane.get_by_label("Text", exact=True)
    body.fill("My own words.\n")
    head = statement.read_text().split("\n---\n")[0]
    save(statement, f"{head}\ntitle: Theirs\n---\nThe words of another.\n")
    pane.get_by_role("button", name="Save").click()
    conflict = pane.locator(".answer")
    expect(conflict).to_be_focused()
    expect(conflict).to_contain_text("The file was changed meanwhile")
    expect(conflict.locator("ins").first).to_contain_text("My own words.")
    expect(conflict.locator("del").first).to_contain_text("The words of another.")
    assert "The words of another." in statement.read_text()
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/conflict.png")
    conflict.get_by_role("button", name=choice).click()
    if choice == "Save my changes":
        expect(pane.get_by_role("status")).to_have_text("Saved")
        assert statement.read_text() == f"{head}\ntitle: Theirs\n---\nMy own words.\n"
        kept = "The words of another."
    else:
        expect(body).to_have_value("The words of another.\n")
        assert statement.read_text() == f"{head}\ntitle: Theirs\n---\nThe words of another.\n"
        kept = "My own words."
    for details in pane.locator(".answer summary").all():
        details.click()
    expect(pane.locator(".answer")).to_contain_text(kept)


def test_saving_twice_at_once_is_no_conflict(page: Page, statement: Path) -> None:
    pane = edit(page)
    body = pane.get_by_label("Text", exact=True)
    body.fill("We hope.\n")
    body.press("Control+s")
    body.press_sequentially("!")
    body.press("Control+s")
    expect(pane.get_by_role("status")).to_have_text("Saved")
    expect(pane.locator(".answer")).to_be_hidden()
    wait_until(lambda: statement.read_text().endswith("\n---\nWe hope.\n!"))
    pane.get_by_role("button", name="Close").click()


def test_after_a_conflict_the_form_has_what_another_changed(page: Page, statement: Path) -> None:
    pane = edit(page)
    pane.get_by_text("Facts", exact=True).click()
    pane.get_by_label("Text", exact=True).fill("My own words.\n")
    save(statement, statement.read_text().replace("minutes: 6", "minutes: 8"))
    pane.get_by_role("button", name="Save").click()
    pane.get_by_role("button", name="Save my changes").click()
    expect(pane.get_by_label("Minutes")).to_have_value("8")
    expect(pane.get_by_label("Text", exact=True)).to_have_value("My own words.\n")
    assert "minutes: 8" in statement.read_text()
    pane.get_by_role("button", name="Close").click()


def test_what_cannot_be_saved_is_told(page: Page, statement: Path) -> None:
    pane = edit(page)
    pane.get_by_label("Text", exact=True).fill("My own words.\n")
    save(statement, "---\nspeaker: [\n---\n")
    pane.get_by_role("button", name="Save").click()
    expect(pane.locator(".answer")).to_contain_text(f"{STATEMENT}.md:2")
    page.route("**/texts/**", lambda route: route.abort())
    pane.get_by_role("button", name="Save").click()
    expect(pane.get_by_role("status")).to_contain_text("Not saved: the preview does not answer")
    page.once("dialog", lambda dialog: dialog.accept())
    pane.get_by_role("button", name="Close").click()


def test_who_is_at_a_problem_stays_there(page: Page, statement: Path) -> None:
    text = statement.read_text()
    save(statement, text.replace("minutes: 6", "minutes: many"))
    problems = page.get_by_role("region", name="problem")
    problems.get_by_role("button").focus()
    save(statement, text.replace("minutes: 6", "minutes: many\nkind: song"))
    expect(problems.get_by_role("listitem")).to_have_count(2)
    expect(problems.get_by_role("button").first).to_be_focused()
    save(statement, text)
    expect(problems).to_be_hidden()


def test_an_untouched_pane_follows_the_file(page: Page, statement: Path) -> None:
    pane = edit(page)
    save(statement, statement.read_text().replace("We speak", "You speak"))
    expect(pane.get_by_label("Text", exact=True)).to_have_value(re.compile("You speak"))


def test_a_text_can_run_nothing(page: Page) -> None:
    pane = edit(page)
    pane.get_by_label("Text", exact=True).fill(
        'Quiet.\n\n<img src=x onerror="top.ran = 1"><script>top.ran = 1</script>'
        '<iframe src="http://example.org"></iframe><a href="javascript:top.ran = 1">x</a>'
    )
    rendering = page.frame_locator("#rendering")
    expect(rendering.locator(".text")).to_contain_text("Quiet.")
    assert page.evaluate("() => window.ran") is None
    assert rendering.locator("script, iframe, [onerror], [href^=javascript]").count() == 0
    page.once("dialog", lambda dialog: dialog.accept())
    pane.get_by_role("button", name="Close").click()


def test_all_of_it_by_keyboard_alone(page: Page, statement: Path) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the pages")).to_be_focused()
    page.keyboard.press("Enter")
    seen = focused(page)
    assert seen["id"] == "pages"
    for _ in range(80):
        page.keyboard.press("Tab")
        seen = focused(page)
        assert seen["outline"] >= 2, f"the focus is not seen on {seen}"
        if seen["name"] == "Edit: Envoy, Member State A":
            break
    else:
        raise AssertionError("the button is not reached")
    page.keyboard.press("Enter")
    expect(page.locator("#pane-heading")).to_be_focused()
    for _ in range(5):
        page.keyboard.press("Tab")
        if focused(page)["id"] == "body":
            break
    assert focused(page)["id"] == "body"
    page.keyboard.press("Control+a")
    page.keyboard.type("By keyboard alone.")
    page.keyboard.press("Control+s")
    expect(page.locator("#pane").get_by_role("status")).to_have_text("Saved")
    assert statement.read_text().endswith("\n---\nBy keyboard alone.")


def focused(page: Page) -> dict[str, Any]:
    return dict(
        page.evaluate(
            """() => {
              const it = document.activeElement, style = getComputedStyle(it);
              return {
                id: it.id,
                name: it.getAttribute("aria-label") ?? it.textContent,
                outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
              };
            }"""
        )
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 420])
def test_it_is_accessible(page: Page, statement: Path, scheme: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    save(statement, statement.read_text().replace("minutes: 6", "minutes: many"))
    expect(page.get_by_role("region", name="problem")).to_be_visible()
    save(statement, statement.read_text().replace("minutes: many", "minutes: 6\nregion: afrika"))
    expect(page.get_by_role("region", name="problem")).to_contain_text("afrika")
    pane = edit(page)
    pane.get_by_text("Facts", exact=True).click()
    pane.get_by_role("button", name="Add to recommendations").click()
    pane.get_by_role("button", name="Save").click()
    expect(pane.locator(".answer")).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    if width < 500:
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{scheme}-{width}.png")
    page.once("dialog", lambda dialog: dialog.accept())
    pane.get_by_role("button", name="Close").click()

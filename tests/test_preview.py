"""The live preview's server: who may ask it what, what it shows, and that it writes nothing."""

import asyncio
import io
import json
import socket
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from itertools import pairwise
from multiprocessing import active_children
from pathlib import Path

import httpx
import lxml.html
import pypdfium2
import pytest
from PIL import Image, ImageChops
from starlette.testclient import TestClient

from report.assets import template_folders
from report.desk import preview
from report.desk.opening import editor
from report.desk.preview import Compositor, Part, Place, Preview
from report.desk.proof import Proofs
from report.desk.server import Desk, application
from report.desk.watch import changes
from report.fragment import Store
from report.typeset import AHEAD
from tests.serving import (
    State,
    event_in,
    is_settled,
    pages_of,
    save,
    served,
    wait_for_state,
)
from tests.waiting import PATIENCE, wait_until

TOKEN = "the-token"
HOST = "127.0.0.1:8123"
ORIGIN = f"http://{HOST}"
STATEMENT = "1-opening/02-envoy"


@pytest.fixture
def event(tmp_path: Path) -> Path:
    return event_in(tmp_path)


def client(
    event: Path, *, token: str = TOKEN, may_edit: bool = False, command: str = ""
) -> TestClient:
    """The application without its compositor: all but the pages."""
    desk = Desk(event, event.parent / ".cache", command, may_edit)
    return TestClient(application(desk, TOKEN, 8123), base_url=f"{ORIGIN}/{token}/")


@pytest.fixture
def reader(event: Path) -> TestClient:
    return client(event)


@pytest.fixture
def writer(event: Path) -> TestClient:
    return client(event, may_edit=True)


def put(client: TestClient, digest: str, matter: dict[str, object], body: str | None = None):
    change = json.dumps({"digest": digest, "matter": matter, "body": body})
    return client.put(f"texts/{STATEMENT}", content=change, headers={"Origin": ORIGIN})


def digest_of(client: TestClient) -> str:
    return client.get(f"texts/{STATEMENT}").text.split('data-digest="')[1].split('"')[0]


# --- Who may ask ---------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["another-token", "the-toke", "the-token2", "", "."])
def test_without_the_token_there_is_nothing(event: Path, token: str) -> None:
    assert client(event, token=token).get("desk.css").status_code == 404


@pytest.mark.parametrize(
    "host", ["example.org", "example.org:8123", "127.0.0.1", "127.0.0.1:80", ""]
)
def test_another_host_is_refused(reader: TestClient, host: str) -> None:
    answer = reader.get("desk.css", headers={"Host": host})
    assert answer.status_code == 421
    assert reader.get("desk.css", headers={"Host": "localhost:8123"}).status_code == 200


@pytest.mark.parametrize(
    "origin", ["http://example.org", "null", "http://127.0.0.1:80", f"{ORIGIN}0"]
)
def test_another_origin_is_refused(writer: TestClient, origin: str) -> None:
    assert writer.get("desk.css", headers={"Origin": origin}).status_code == 403
    assert writer.post("open", json={}, headers={"Origin": origin}).status_code == 403


def test_what_may_change_something_must_state_its_origin(writer: TestClient) -> None:
    assert writer.put(f"texts/{STATEMENT}", json={}).status_code == 403
    assert writer.post("open", json={"file": "event.yaml"}).status_code == 403


@pytest.mark.parametrize("address", ["", "desk.css", "preview.js", "nothing", "report.pdf"])
def test_no_answer_can_be_read_framed_or_scripted_by_another_site(
    reader: TestClient, address: str
) -> None:
    headers = reader.get(address).headers if address != "report.pdf" else reader.get("no").headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert not [name for name in headers if name.lower().startswith("access-control")]


# --- What it does not do -------------------------------------------------------------------


@pytest.mark.parametrize(
    "file",
    [
        "../secret.md",
        "/etc/passwd",
        ".hidden.md",
        "link.md",
        "1-opening",
        "no.md",
        "",
        "a\0b",
        "~/x",
    ],
)
def test_only_files_of_the_event_are_opened(event: Path, tmp_path: Path, file: str) -> None:
    (tmp_path / "secret.md").write_text("secret")
    (event / ".hidden.md").write_text("secret")
    (event / "link.md").symlink_to(tmp_path / "secret.md")
    command = f'{sys.executable} -c \'open("{tmp_path}/opened", "w")\''
    desk = client(event, command=command)
    answer = desk.post("open", json={"file": file, "line": 1}, headers={"Origin": ORIGIN})
    assert answer.status_code == 400
    assert answer.json()["message"] == "this is no file of the event"
    time.sleep(0.1)
    assert not (tmp_path / "opened").exists()


@pytest.mark.parametrize(
    "address",
    [
        "files/../../secret.png",
        "files/%2e%2e/%2e%2e/secret.png",
        "files/..%2f..%2fsecret.png",
        "files/event.yaml",
        "files/link.png",
        "fonts/report/link.py",
        "fonts/fontpkg_spectral/../report/link.py",
        "text.css/../../x",
        "..%2fpyproject.css",
        "texts/../secret",
        "texts/event.yaml",
        "texts/1-opening/session",
        f"pages/{'0' * 64}/0/800.jpg",
        "pages/..%2f..%2fsecret/0/800.jpg",
    ],
)
def test_nothing_else_can_be_read(event: Path, tmp_path: Path, address: str) -> None:
    for name in ("secret.png", "secret.md"):
        (tmp_path / name).write_text("secret")
    (event / "link.png").symlink_to(tmp_path / "secret.png")
    answer = client(event, may_edit=True).get(address)
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_without_leave_to_edit_nothing_can_be_written(reader: TestClient, event: Path) -> None:
    before = {path: path.read_bytes() for path in event.rglob("*") if path.is_file()}
    for method in ("PUT", "POST", "PATCH", "DELETE"):
        for address in (f"texts/{STATEMENT}", f"rendering/{STATEMENT}", "", "files/media/hall.png"):
            answer = reader.request(method, address, json={}, headers={"Origin": ORIGIN})
            assert answer.status_code in (404, 405)
    assert before == {path: path.read_bytes() for path in event.rglob("*") if path.is_file()}


# --- Editing -------------------------------------------------------------------------------


def test_saving_changes_the_value_and_nothing_else(writer: TestClient, event: Path) -> None:
    file = event / f"{STATEMENT}.md"
    before = file.read_text()
    answer = put(writer, digest_of(writer), {"minutes": "9", "title": "On trust: a beginning"})
    assert answer.status_code == 200
    expected = before.replace("minutes: 6\n", 'minutes: 9\ntitle: "On trust: a beginning"\n')
    assert file.read_text() == expected


def test_saving_keeps_line_ends_byte_order_mark_and_mode(writer: TestClient, event: Path) -> None:
    file = event / f"{STATEMENT}.md"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    file.chmod(0o640)
    assert put(writer, digest_of(writer), {"minutes": "9"}, "New.\n\nText.\n").status_code == 200
    saved = file.read_bytes()
    assert saved.startswith(b"\xef\xbb\xbf---\r\n")
    assert saved.endswith(b"minutes: 9\r\n---\r\nNew.\r\n\r\nText.\r\n")
    assert file.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("line", "key", "told"),
    [
        ("function: {en: Chair, fr: Présidente}", "function", "French"),
        ("key_points: {en: [One.], fr: [Un.]}", "key_points", "French"),
        ("speaker: [A, B]", "speaker", "change it in the file"),
        ("key_points: [{en: One., fr: Un.}]", "key_points", "change it in the file"),
        ("recommendations: None yet", "recommendations", "change it in the file"),
        ("recommendations: [Meet again.]", "recommendations", "change it in the file"),
        ("kind: {en: keynote}", "kind", "change it in the file"),
    ],
)
def test_a_value_is_shown_as_it_is_or_left_to_the_file(
    writer: TestClient, event: Path, line: str, key: str, told: str
) -> None:
    file = event / f"{STATEMENT}.md"
    kept = [each for each in file.read_text().split("\n") if not each.startswith(f"{key}:")]
    file.write_text("\n".join(["---", line, *kept[1:]]))
    pane = lxml.html.fromstring(writer.get(f"texts/{STATEMENT}").text)
    assert told in pane.text_content()
    (asked,) = pane.xpath(f"//*[@data-key='{key}']") or [None]
    assert (asked is None) == (told != "French")
    controls = pane.xpath(f"//*[@data-key='{key}']//*[@data-key]")
    assert [each.get("data-key") for each in controls] == ["en", "fr"] * (asked is not None)
    assert not any("{" in (each.text or "") for each in pane.iter("textarea"))


def test_a_conflict_shows_both_and_writes_nothing(writer: TestClient, event: Path) -> None:
    digest = digest_of(writer)
    file = event / f"{STATEMENT}.md"
    file.write_text(file.read_text().replace("minutes: 6", "minutes: 7"))
    theirs = file.read_text()
    answer = put(writer, digest, {"function": "Chair"}, "My text.\n")
    assert answer.status_code == 409
    assert "minutes: 7" in answer.json()["html"]
    assert "My text." in answer.json()["html"]
    assert file.read_text() == theirs
    now = answer.json()["html"].split('data-digest="')[1].split('"')[0]
    assert put(writer, now, {"function": "Chair"}, "My text.\n").status_code == 200
    assert "minutes: 7\nfunction: Chair\n---\nMy text.\n" in file.read_text()


def test_a_file_that_was_moved_meanwhile_is_told(writer: TestClient, event: Path) -> None:
    digest = digest_of(writer)
    (event / f"{STATEMENT}.md").rename(event / "1-opening" / "05-envoy.md")
    answer = put(writer, digest, {}, "My text.\n")
    assert answer.status_code == 422
    assert f"there is no {STATEMENT}.md: was the file moved" in answer.json()["html"]
    assert not (event / f"{STATEMENT}.md").exists()


def test_a_wrong_value_is_told_and_not_saved(writer: TestClient, event: Path) -> None:
    before = (event / f"{STATEMENT}.md").read_bytes()
    answer = put(writer, digest_of(writer), {"minutes": "many"})
    assert answer.status_code == 422
    assert "a whole number is expected here" in answer.json()["html"]
    assert (event / f"{STATEMENT}.md").read_bytes() == before


@pytest.mark.parametrize(
    ("matter", "body", "told"),
    [
        ({}, "A page\fbreak.\n", "U+000C cannot stand in a text"),
        ({}, "A mark\ufeff amid it.\n", "U+FEFF cannot stand in a text"),
        ({}, "Half\ud800 a sign.\n", "U+D800 cannot stand in a text"),
        ({"title": "A page\fbreak"}, None, "U+000C cannot stand in a text"),
        ({"title": "Half\ud800 a sign"}, None, "Not saved"),
        ({}, "word " * 1_000_000, "too large for a text"),
    ],
    ids=["form feed", "byte order mark", "surrogate", "fact", "fact with surrogate", "size"],
)
def test_what_could_not_be_read_again_is_not_saved(
    writer: TestClient, event: Path, matter: dict[str, object], body: str | None, told: str
) -> None:
    before = (event / f"{STATEMENT}.md").read_bytes()
    digest = digest_of(writer)
    for known in (digest, "another"):
        answer = put(writer, known, matter, body)
        assert answer.status_code in (409, 422)
        assert (event / f"{STATEMENT}.md").read_bytes() == before
    answer = put(writer, digest, matter, body)
    assert answer.status_code == 422
    assert told in answer.json()["message"] + answer.json()["html"]
    assert put(writer, digest, {"minutes": "9"}).status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        *("", "{", "[]", "{}"),
        '{"digest": "", "matter": 1, "body": ""}',
        '{"digest": "", "matter": {}, "body": 1}',
    ],
)
def test_what_is_no_change_is_refused(writer: TestClient, asked: str) -> None:
    told = writer.put(f"texts/{STATEMENT}", content=asked, headers={"Origin": ORIGIN})
    assert (told.status_code, told.json()["html"]) == (400, "")
    opened = writer.post("open", content=asked, headers={"Origin": ORIGIN})
    assert opened.status_code == 400


def test_a_text_is_rendered_without_what_could_run(writer: TestClient) -> None:
    body = (
        "Hello *there*\n\n<script>alert(1)</script><img src=x onerror=alert(1)>\n\n"
        "![Hall](../media/hall.png)"
    )
    html = writer.post(f"rendering/{STATEMENT}", content=body, headers={"Origin": ORIGIN}).text
    assert "<em>there</em>" in html
    assert "<script" not in html
    assert "onerror" not in html
    assert 'src="files/media/hall.png"' in html
    picture = writer.get("files/media/hall.png")
    assert picture.headers["content-type"] == "image/png"


# --- The editor's own program --------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "environment", "command"),
    [
        ("pen {file} {line}", {"VISUAL": "code"}, "pen {file} {line}"),
        (
            None,
            {"VISUAL": "/usr/bin/code --wait", "EDITOR": "vi"},
            "/usr/bin/code --wait -g {file}:{line}",
        ),
        (None, {"EDITOR": "nano"}, "nano +{line} {file}"),
    ],
)
def test_the_editor_is_the_one_that_is_named(
    given: str | None, environment: dict[str, str], command: str
) -> None:
    assert editor(given, environment) == command


# --- What is shown first -------------------------------------------------------------------

READ = "1-opening/01-minister"
"""The shortest statement, whose turn comes last otherwise."""


class _Watched:
    """A compositor with one worker, and each preview that it shows."""

    def __init__(self, event: Path) -> None:
        self.previews: list[Preview] = []
        cache = event.parent / ".cache"
        self.compositor = Compositor(event, cache, self.previews.append, jobs=1)
        self.proofs = Proofs(Store(cache))
        self.compositor.compose()

    def told(
        self, overtaken: Callable[[], bool] = lambda: False, *, is_read: bool = False
    ) -> list[str]:
        """Compose; the ids of the units in the order in which their new pages are shown."""
        self.previews[:] = self.previews[-1:]
        self.compositor.compose(overtaken, is_read=is_read)
        return [
            part.id
            for before, after in pairwise(self.previews)
            for part in after.parts
            if part.key not in {old.key for old in before.parts}
        ]

    def shown(self, unit: str) -> list[Part]:
        """A part of the report as the previews have it, one after the other."""
        return [part for each in self.previews for part in each.parts if part.id == unit]

    def part(self, unit: str) -> Part:
        return self.shown(unit)[-1]

    def picture(self, part: Part, page: int) -> bytes:
        """A page without its folio."""
        sheet = part.pages[page]
        return self.proofs.picture(sheet.key, sheet.page, None, 500)

    def settled(self) -> Preview:
        assert not self.previews[-1].busy
        return self.previews[-1]


def test_a_preview_that_ends_waits_for_no_pages(event: Path) -> None:
    with Compositor(event, event.parent / ".cache", lambda _: None, jobs=1) as compositor:
        busy = compositor._workers.submit(time.sleep, 600)
    assert isinstance(busy.exception(), BrokenExecutor)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[_Watched, Path]]:
    event = event_in(tmp_path_factory.mktemp("watched"))
    watched = _Watched(event)
    with watched.compositor:
        yield watched, event


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


@pytest.mark.parametrize(
    ("changed", "read"),
    [("title", "foreword"), ("speaker", "contents"), ("style", READ), ("template", READ)],
)
def test_what_is_read_is_shown_before_all_else_that_changes(
    watched: tuple[_Watched, Path], changed: str, read: str
) -> None:
    desk, event = watched
    match changed:
        case "title":
            text = (event / "event.yaml").read_text()
            write(event / "event.yaml", text.replace("Cooperation", "Concerted Work"))
        case "speaker":
            mayor = event / "1-opening" / "03-mayor.md"
            write(mayor, mayor.read_text().replace("Mayor  #", "Mayor of Elsewhere  #"))
        case "style":
            write(event / "styles" / "event.css", "h2, h3 { letter-spacing: 0.1pt }")
        case "template":
            own = (template_folders(event)[-1] / "statement.html").read_text()
            write(
                event / "templates" / "statement.html", own.replace("</article>", "<hr></article>")
            )
    desk.compositor.read = Place(read)
    told = desk.told()
    assert told[0] == read
    assert len(told) > 2, "others change too"
    assert len(desk.settled().parts) > 5


def test_an_event_that_only_looks_otherwise_is_not_read_again(
    watched: tuple[_Watched, Path],
) -> None:
    desk, event = watched
    desk.compositor.read = Place(READ)
    kept = (event / "foreword.md").read_text()
    write(event / "foreword.md", f"{kept}\n\nWords that nobody has read yet.\n")
    write(event / "styles" / "event.css", "h2, h3 { letter-spacing: 0.3pt }")
    foreword = desk.part("foreword").key
    told = desk.told(is_read=True)
    assert told[0] == READ
    looks = desk.part("foreword").key
    assert foreword != looks
    assert desk.told() == ["foreword"]
    (event / "foreword.md").unlink()
    assert not desk.told()
    wrong = desk.previews[-1].diagnostics
    assert any(found.is_error for found in wrong)
    write(event / "styles" / "event.css", "h2, h3 { letter-spacing: 0.4pt }")
    assert not desk.told(is_read=True)
    assert desk.previews[-1].diagnostics == wrong
    write(event / "foreword.md", kept)
    write(event / "styles" / "event.css", "h2, h3 { letter-spacing: 0.3pt }")
    desk.told()
    assert desk.part("foreword").key == looks


def test_a_composition_gives_way_to_the_next_once_it_has_shown_a_unit(
    watched: tuple[_Watched, Path],
) -> None:
    desk, event = watched
    desk.compositor.read = Place(READ)
    write(event / "styles" / "event.css", "h2, h3 { letter-spacing: 0.2pt }")
    assert desk.told(lambda: True) == [READ]
    assert desk.previews[-1].busy
    left = desk.told()
    assert READ not in left
    assert STATEMENT in left
    shown = {part.id: part.key for part in desk.settled().parts}
    assert not desk.told(), "all that is shown is what the files come to"
    assert {part.id: part.key for part in desk.settled().parts} == shown


def test_workers_give_way_to_new_ones_once_all_is_shown(
    watched: tuple[_Watched, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The typesetter leaves something of each unit in them, which grows in a day of changes."""
    desk, event = watched
    desk.compositor.read = Place(READ)

    def workers() -> set[int | None]:
        return {process.pid for process in active_children()}

    def workers_after(spacing: str) -> set[int | None]:
        write(event / "styles" / "event.css", f"h2, h3 {{ letter-spacing: {spacing} }}")
        assert len(desk.told()) > 2
        desk.settled()
        return workers()

    usual = workers_after("0.5pt")
    assert workers_after("0.6pt") == usual
    monkeypatch.setattr(preview, "_LIFE", 1)
    workers_after("0.7pt")
    wait_until(lambda: not usual & workers())
    monkeypatch.undo()
    relieved = workers_after("0.8pt")
    assert relieved
    assert workers_after("0.9pt") == relieved


@pytest.mark.parametrize("asked", ["", "[]", "{}", '{"unit": "cover", "page": "last"}'])
def test_a_place_that_is_none_is_refused(reader: TestClient, asked: str) -> None:
    answer = reader.post("reading", content=asked, headers={"Origin": ORIGIN})
    assert answer.status_code == 400


def test_the_page_that_is_read_is_shown_before_the_rest_of_a_long_text(
    watched: tuple[_Watched, Path],
) -> None:
    desk, event = watched
    envoy = event / f"{STATEMENT}.md"
    write(
        envoy, envoy.read_text() + "\n\n".join(["", *(f"{n}. {'More. ' * 250}" for n in range(8))])
    )
    desk.told()
    before = desk.part(STATEMENT)
    write(envoy, envoy.read_text().replace("We speak of point 8.", "We speak of the eighth point."))
    read = 2
    desk.compositor.read = Place(STATEMENT, read)
    assert desk.told() == [STATEMENT]
    first = next(part for part in desk.shown(STATEMENT) if part != before)
    new = [page for page in range(len(before.pages)) if first.pages[page] != before.pages[page]]
    assert new[-1] == read < len(before.pages) - 1
    assert new[0] > 0
    whole = desk.part(STATEMENT)
    assert {sheet.key for sheet in whole.pages} == {whole.key}
    assert [sheet.folio for sheet in first.pages] == [sheet.folio for sheet in before.pages]
    for page in new:
        assert desk.picture(first, page) == desk.picture(whole, page)
    assert desk.picture(first, read) != desk.picture(before, read)


def test_what_is_turned_to_meanwhile_comes_next(watched: tuple[_Watched, Path]) -> None:
    desk, event = watched
    desk.compositor.read = Place(STATEMENT)
    write(event / "styles" / "event.css", "h1, h2, h3 { letter-spacing: 0.4pt }")

    def turn() -> bool:
        desk.compositor.read = Place(READ)
        return False

    told = desk.told(turn)
    assert told[0] == STATEMENT
    assert told.index(READ) <= 1 + AHEAD < len(told) - 1, "what is in hand is done before"


def test_what_is_read_is_shown_though_others_cannot_be_merged(
    watched: tuple[_Watched, Path],
) -> None:
    desk, event = watched
    desk.compositor.read = Place(READ)
    # No other test leaves this one.
    write(event / "styles" / "event.css", "h2, h3 { letter-spacing: 0.25pt }")
    write(event / "templates" / "session.html", "{{ nothing.at.all }}")
    assert desk.told() == [READ]
    assert "session.html:1" in desk.previews[-1].trouble
    (event / "templates" / "session.html").unlink()
    assert READ not in desk.told()
    assert not desk.settled().trouble


def test_an_event_that_cannot_be_read_is_told_and_read_anew(
    watched: tuple[_Watched, Path],
) -> None:
    desk, event = watched
    cache, kept = event.parent / ".cache", event.parent / ".kept"
    foreword = (event / "foreword.md").read_text()
    cache.rename(kept)
    cache.write_text("A file where a folder is needed.")
    write(event / "foreword.md", f"{foreword}\n\nWords that could not be read at first.\n")
    assert not desk.told()
    assert "Not a directory" in desk.settled().trouble
    assert desk.settled().failed
    cache.unlink()
    kept.rename(cache)
    assert desk.told(is_read=True) == ["foreword"]
    assert not desk.settled().trouble


def test_the_cache_in_the_events_own_folder_is_no_change(event: Path) -> None:
    """Otherwise each composition, which writes there, would lead to the next without end."""

    (event / "templates").mkdir(exist_ok=True)

    async def hear() -> None:
        heard = asyncio.ensure_future(anext(changes(event)))
        for _ in range(10):
            for name in (
                ".cache/ab/cdef",
                ".git/index",
                "1-opening/.draft.md.swp",
                "draft.tmp",
                "templates/__pycache__/cover.html.cpython-311",
            ):
                write(event / name, "Words.")
            await asyncio.wait({heard}, timeout=0.1)
        assert not heard.done()
        assert await heard_of(heard, event / "foreword.md")

    asyncio.run(hear())


async def heard_of(heard: asyncio.Future[bool], file: Path) -> bool:
    """What is heard of changes to a file, of which none counts before it is watched."""
    async with asyncio.timeout(PATIENCE):
        while not heard.done():
            write(file, "Words.")
            await asyncio.wait({heard}, timeout=0.2)
    return heard.result()


@pytest.mark.parametrize(
    ("name", "says_else"),
    [("styles/event.css", False), ("templates/cover.html", False), ("1-opening/styles.md", True)],
)
def test_the_watcher_tells_whether_an_event_says_something_else(
    name: str, says_else: bool, event: Path
) -> None:
    async def hear() -> bool:
        (event / name).parent.mkdir(exist_ok=True)
        return await heard_of(asyncio.ensure_future(anext(changes(event))), event / name)

    assert asyncio.run(hear()) == says_else


# --- The whole, as it is started -----------------------------------------------------------


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    event = event_in(tmp_path_factory.mktemp("preview"))
    note = event.parent / "opened"
    write = f"import sys; open({str(note)!r}, 'w').write(sys.argv[1])"
    with served(event, "--editor", f'{sys.executable} -c "{write}" {{file}}:{{line}}') as address:
        wait_for_state(address, is_settled)
        yield address, event


def test_pages_are_those_of_the_pdf(running: tuple[str, Path]) -> None:
    address, _ = running
    state = wait_for_state(address, is_settled)
    shown = [page for part in state["parts"] for page in part["pages"]]
    part = next(part for part in state["parts"] if part["id"] == STATEMENT)
    pdf = pypdfium2.PdfDocument(httpx.get(f"{address}report.pdf", timeout=PATIENCE).content)
    labels = [pdf.get_page_label(number) for number in range(len(pdf))]
    assert [page["folio"] for page in shown] == [
        x for x in labels if x in {p["folio"] for p in shown}
    ]
    assert len(part["pages"]) > 1
    for page in (part["pages"][1], shown[0], shown[2]):
        answer = httpx.get(address + page["picture"].replace("{width}", "500"), timeout=PATIENCE)
        picture = Image.open(io.BytesIO(answer.content)).convert("RGB")
        sheet = pdf[labels.index(page["folio"])]
        expected = sheet.render(scale=500 / sheet.get_width()).to_pil().convert("RGB")
        assert picture.size == expected.size
        assert max(high for _, high in ImageChops.difference(picture, expected).getextrema()) < 64
        assert len(picture.getcolors(1 << 20)) > 20, "the page is not empty"


def test_a_broken_file_shows_its_diagnostic_and_the_pages_stay(running: tuple[str, Path]) -> None:
    address, event = running
    before = wait_for_state(address, is_settled)
    file = event / f"{STATEMENT}.md"
    good = file.read_text()
    save(file, good.replace("minutes: 6", "minutes: many"))
    state = wait_for_state(address, lambda state: state["failed"])
    (problem,) = (found for found in state["diagnostics"] if found["severity"] == "error")
    assert (problem["file"], problem["line"]) == (f"{STATEMENT}.md", 5)
    assert "5 | minutes: many\n  |          ^^^^" in problem["text"]
    assert pages_of(state) == pages_of(before)
    assert next(part for part in state["parts"] if part["id"] == STATEMENT)["errors"] == 1
    save(file, good.replace("point 1", "point one"))
    state = wait_for_state(address, is_settled)
    changed = [
        after["id"]
        for part, after in zip(before["parts"], state["parts"], strict=True)
        if part["pages"] != after["pages"]
    ]
    assert changed == [STATEMENT]


def test_pages_of_an_event_with_errors_are_never_shown(running: tuple[str, Path]) -> None:
    """An error between files is found while the changed texts are typeset already."""
    address, event = running
    before = wait_for_state(address, is_settled)
    pdf = httpx.get(f"{address}report.pdf", timeout=PATIENCE).content
    file, other = event / f"{STATEMENT}.md", event / "1-opening/03-mayor.md"
    texts = {path: path.read_text() for path in (file, other)}
    shown: list[object] = []

    def failed(state: State) -> bool:
        shown.append(pages_of(state))
        return bool(state["failed"])

    # The error first, as they may be seen one after the other.
    save(file, texts[file].replace("point 2", "point 2 [@1-opening/09-nobody:1]"))
    save(other, texts[other].replace("point 2", "a point"))
    state = wait_for_state(address, failed)
    (problem,) = (found for found in state["diagnostics"] if found["severity"] == "error")
    assert "there is no text `1-opening/09-nobody`" in problem["text"]
    assert not state["busy"]
    assert shown[-1] == pages_of(before)
    assert httpx.get(f"{address}report.pdf", timeout=PATIENCE).content == pdf
    for path, text in texts.items():
        save(path, text)
    wait_for_state(address, lambda state: is_settled(state) and pages_of(state) == pages_of(before))


def test_a_broken_template_is_told_and_the_pages_stay(running: tuple[str, Path]) -> None:
    address, event = running
    save(event / "templates" / "chapter.html", "<h2>{{ chapter.title }</h2>")
    state = wait_for_state(address, lambda state: state["trouble"])
    assert "chapter.html:1: unexpected '}'" in state["trouble"]
    assert state["parts"]
    (event / "templates" / "chapter.html").unlink()
    wait_for_state(address, is_settled)


def test_a_source_opens_at_its_line(running: tuple[str, Path]) -> None:
    address, event = running
    origin = address.rsplit("/", 2)[0]
    asked = {"file": "foreword.md", "line": 4}
    answer = httpx.post(f"{address}open", json=asked, headers={"Origin": origin})
    assert answer.json() == {"message": "foreword.md is open in your editor."}
    note = event.parent / "opened"
    wait_until(lambda: note.exists() and note.read_text() != "")
    assert note.read_text() == f"{event.resolve() / 'foreword.md'}:4"


def test_it_listens_on_loopback_only(running: tuple[str, Path]) -> None:
    port = int(running[0].split(":")[2].split("/")[0])
    with socket.create_connection(("127.0.0.1", port), 2):
        pass
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.2", port), 2)


def test_each_start_has_an_address_of_its_own(running: tuple[str, Path], event: Path) -> None:
    with served(event) as address:
        ours, theirs = (each.split("/")[3] for each in (address, running[0]))
    assert ours != theirs
    assert min(len(ours), len(theirs)) >= 43

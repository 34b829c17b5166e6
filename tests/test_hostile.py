"""Texts that want to do harm: what they cannot do, whatever stands in them."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any, NoReturn

import lxml.html
import pikepdf
import pytest
from lxml import etree
from playwright.sync_api import Browser, Page, Request, expect

from report import markup
from report.assets import WEB_STYLES, stylesheets, template_folders
from report.check import check
from report.compilation import Outcome, compile_report
from report.diagnostics import Diagnostic, as_text
from report.formats import RELEASED, Format
from report.intricacy import TooIntricate
from report.load import load
from report.source import UNFIT, Source, Unreadable, parse_document, parse_yaml
from report.unit import Paging, Report, Unit
from report.web import publish
from report.wellformed import StyleError
from tests import hostile
from tests.conftest import CACHE, PROJECT
from tests.reading import Reading, letters

MINIMAL = PROJECT / "tests/events/minimal"
HEAD = "---\nspeaker: Minister\naffiliation: Member State A\ncategory: governments\n---\n\n"
BATCH = 60

APART = CACHE / "apart"
"""A cache in which nothing is that was made where more was allowed than is here."""

needs_vectors = pytest.mark.skipif(
    not hostile.PUBLISHED.exists(), reason="the published vectors are not beside the project"
)


def event_with(statements: Iterable[str], folder: Path) -> Path:
    """The minimal event with further statements, numbered from 100 in their order."""
    shutil.copytree(MINIMAL, folder)
    for number, text in enumerate(statements, start=100):
        (folder / f"1-opening/{number}-x.md").write_text(HEAD + text, encoding="utf-8")
    return folder


def between_marks(vector: str) -> str:
    return f"Before it.\n\n{vector}\n\nAlready after it.\n"


def compiled(folder: Path) -> tuple[Outcome, Path]:
    """Compile in this process, so that what a test forbids is forbidden to the typesetter."""
    output = folder.parent / "out"
    return compile_report(folder, output, APART, RELEASED, jobs=1), output


@dataclass(frozen=True)
class Sorted:
    """Vectors by what becomes of them: taken as they are, or refused with diagnostics."""

    taken: tuple[str, ...]
    refused: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


def sort(vectors: Iterable[str], folder: Path) -> Sorted:
    """Load and check an event with one statement for each vector."""
    vectors = tuple(vectors)
    event, found = load(event_with(map(between_marks, vectors), folder))
    assert event
    diagnostics = (*found, *check(event))
    faulty = {d.place.file for d in diagnostics if d.is_error}
    files = [f"1-opening/{number}-x.md" for number in range(100, 100 + len(vectors))]
    kept = {statement.id + ".md": statement.text for statement in event.statements}
    for file, vector in zip(files, vectors, strict=True):
        text = kept.get(file)
        if text is not None and file not in faulty:
            said = " ".join(words for _, words in text.passages)
            assert "Already after it." in said, vector
    sorted_in = {
        part: tuple(v for f, v in zip(files, vectors, strict=True) if (f in faulty) is part)
        for part in (False, True)
    }
    return Sorted(sorted_in[False], sorted_in[True], diagnostics)


def batched(vectors: tuple[str, ...]) -> Iterator[str]:
    """A statement for every sixty vectors, with numbers between them.

    A vector that defines the target of links stands alone, or it would serve others too.
    """
    batch: list[str] = []
    for number, vector in enumerate(vectors):
        told = f"Vector {number}.\n\n{vector}"
        if "]:" in vector:
            yield told
        else:
            batch.append(told)
        if len(batch) == BATCH:
            yield "\n\n".join(batch)
            batch = []
    yield "\n\n".join(batch) or "Nothing."


# Every vector through every stage


EXPECTED_REFUSALS = {
    *("E007", "E107", "E301", "E302", "E303", "E309", "E311", "E312", "E401", "E402", "E403"),
    *("E322", "E323"),
}
"""Bad characters, nesting, references, links and quotations without a target, pictures, bars
that begin a line (as YAML writes blocks), which are rows of no table, and unused definitions."""


def vectors(name: str) -> tuple[str, ...]:
    if name == "own":
        return hostile.OWN
    found = hostile.published(name)
    if name == "yaml-documents":
        found = [document["yaml"] for document in found]
    return tuple(vector for vector in found if not UNFIT.search(vector))


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("own", marks=pytest.mark.heavy),
        pytest.param("html-payloads", marks=[needs_vectors, pytest.mark.heavy]),
        pytest.param("naughty-strings", marks=[needs_vectors, pytest.mark.heavy]),
        pytest.param("commonmark-inputs", marks=[needs_vectors, pytest.mark.heavy]),
        pytest.param("yaml-documents", marks=[needs_vectors, pytest.mark.heavy]),
    ],
)
@pytest.mark.usefixtures("offline")
def test_vectors_go_through_every_stage_and_do_nothing(
    name: str, tmp_path: Path, page: Page
) -> None:
    sorted_out = sort(vectors(name), tmp_path / "one-by-one")
    codes = {d.rule.code for d in sorted_out.diagnostics if d.is_error}
    assert codes <= EXPECTED_REFUSALS
    assert len(sorted_out.taken) > len(sorted_out.refused)
    outcome, output = compiled(event_with(batched(sorted_out.taken), tmp_path / "event"))
    assert outcome.outputs, [as_text(d) for d in outcome.diagnostics if d.is_error]
    html = output / "report.html"
    told = Reading(output / "report.pdf")
    spoken = letters(told.spoken)
    for number in range(len(sorted_out.taken)):
        assert letters(f"Vector {number}.") in spoken, sorted_out.taken[number]
    assert_no_attachment(told.pdf)
    assert_inert(html, page)
    assert_site_inert(output / "site", page)
    page.goto(f"{(output / 'site/search/index.html').as_uri()}?q=vector")
    statements = list((output / "site/1-opening").glob("1??-x.html"))
    expect(page.locator(".found > li")).to_have_count(min(20, len(statements)))
    refused = tmp_path / "refused.html"
    refused.write_text(as_if_taken(sorted_out.refused), encoding="utf-8")
    assert_inert(refused, page)


_LOADED = re.compile(r"\b(?:script|object|iframe|embed|form|audio|video|oleObject|vbaProject)\b")


@pytest.mark.heavy
@pytest.mark.usefixtures("offline")
def test_word_files_and_books_hold_nothing_that_acts(tmp_path: Path) -> None:
    taken = sort(hostile.OWN, tmp_path / "one-by-one").taken
    folder = event_with(batched(taken), tmp_path / "event")
    formats = frozenset({Format.DOCX, Format.EPUB})
    outcome = compile_report(folder, tmp_path / "out", APART, formats, jobs=1)
    assert outcome.outputs, [as_text(d) for d in outcome.diagnostics if d.is_error]
    for path in outcome.outputs:
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        assert [name for name in parts if ".." in name or name.startswith("/")] == []
        for name, part in parts.items():
            if not name.endswith((".png", ".css")) and name != "mimetype":
                root = etree.fromstring(part)
                assert not root.getroottree().docinfo.internalDTD
                for element in root.iter(etree.Element):
                    assert_loads_nothing(element, name)
        said = letters(
            "".join(re.sub("<[^>]*>", "", p.decode("utf-8", "replace")) for p in parts.values())
        )
        for number in range(len(taken)):
            assert letters(f"Vector {number}.") in said, taken[number]


def assert_loads_nothing(element: Any, part: str) -> None:
    """No element runs or fetches anything, and links lead to the web only."""
    assert not _LOADED.fullmatch(etree.QName(element).localname), part
    assert "instrText" not in element.tag or element.text.strip() == "PAGE"
    for name, value in element.items():
        assert not etree.QName(name).localname.lower().startswith("on"), (part, name)
        assert not re.match(r"[\s\x00-\x20]*(?:java|vb)script:", value, re.IGNORECASE), part
    if element.get("TargetMode") == "External":
        assert element.get("Type").endswith("/hyperlink")
        assert element.get("Target").startswith(("http://", "https://", "mailto:"))
    if source := element.get("src"):
        assert not re.match(r"[a-z]+:|//", source), part


def as_if_taken(vectors: Iterable[str]) -> str:
    """The page that the sanitizer's work alone would make of vectors that are refused."""
    sanitized = []
    for vector in vectors:
        try:
            html = markup.parse(vector, "1-a/01-b", "1-a/01-b.md", 3).html
        except TooIntricate:
            continue
        root = lxml.html.fragment_fromstring(html, create_parent="div")
        for image in root.iter("img"):
            image.set("src", "media/hall.png")
        sanitized.append(lxml.html.tostring(root, encoding="unicode"))
    unit = Unit("u", "statement", "X", f"<div>{''.join(sanitized)}</div>", "en", Paging.BODY)
    cover = Unit("c", "cover", "X", "<section><h1>X</h1></section>", "en", Paging.NONE)
    report = Report("X", "X", "X", (), "en", 0, MINIMAL, (cover, unit))
    return publish(report, stylesheets(MINIMAL, WEB_STYLES), template_folders(MINIMAL))


def assert_no_attachment(pdf: pikepdf.Pdf) -> None:
    """Nothing is attached, and no action runs."""
    assert not pdf.attachments
    for value in pdf.objects:
        if isinstance(value, pikepdf.Dictionary) and "/S" in value and "/Type" not in value:
            assert value.S not in ("/JavaScript", "/Launch", "/GoToR", "/SubmitForm", "/ImportData")


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    return browser.new_page()


_ACTING = """within => [...document.querySelectorAll(within)].filter(element =>
  (element.localName === 'script' && element.type !== 'application/ld+json')
  || ['iframe', 'object', 'embed', 'form', 'base'].includes(element.localName)
  || (element.localName === 'link' && /stylesheet|import|preload|attachment/.test(element.rel))
  || (element.localName === 'meta' && element.httpEquiv === 'refresh')
  || [...element.attributes].some(attribute => attribute.name.startsWith('on')
       || /^[\\s\\x00-\\x20]*(javascript|vbscript):/i.test(attribute.value))
).map(element => element.outerHTML.slice(0, 200))"""


def assert_inert(
    file: Path, page: Page, question: str = "", own: str = "", within: str = "*"
) -> None:
    """A browser shows the page without a dialog, an error, or a request to anywhere.

    But to files whose addresses begin with `own`. What would act is looked for `within` a part.
    """
    address = file.as_uri() + question
    events: list[str] = []

    def dismissed(dialog: Any) -> None:
        events.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def requested(request: Request) -> None:
        if not request.url.startswith(("data:", own or address)):
            events.append(f"request {request.url}")

    listeners = {
        "dialog": dismissed,
        "request": requested,
        "pageerror": lambda error: events.append(f"error {error}"),
        "console": lambda message: events.append(f"console {message.text}"),
    }
    for name, listener in listeners.items():
        page.on(name, listener)  # type: ignore[call-overload]
    page.goto(address)
    page.wait_for_timeout(300)
    for name, listener in listeners.items():
        page.remove_listener(name, listener)
    assert events == []
    assert page.evaluate(_ACTING, within) == []


def assert_site_inert(site: Path, page: Page) -> None:
    """No page of a site acts, nor does its search when it shows what is in them."""
    own = f"{site.as_uri()}/"
    for file in sorted(site.glob("1-opening/*.html")):
        assert_inert(file, page, own=own, within="main > article, main > article *")
    for question in ("?q=vector", "?q=x", "?q=alert"):
        assert_inert(site / "search/index.html", page, question, own, "main > div, main > div *")


# Files and networks


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection and every question to a name server."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a network was asked")

    plain = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX:
            refuse()
        plain(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


_opened: list[str] | None = None


def _note_opening(event: str, arguments: tuple[Any, ...]) -> None:
    if _opened is not None and event == "open":
        name = arguments[0]
        _opened.append("" if isinstance(name, int) else os.path.realpath(os.fsdecode(name)))


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """The names of all files that Python code opens during a test (PEP 578)."""
    global _opened
    if _note_opening not in _hooked:
        sys.addaudithook(_note_opening)
        _hooked.append(_note_opening)
    _opened = []
    yield _opened
    _opened = None


_hooked: list[Any] = []
CANARY = "Quetzalcoatlus"


def ways_out(outside: Path) -> tuple[str, ...]:
    """Texts that ask for files in a folder outside the event, or for the network."""
    file, picture = outside / "secret.txt", outside / "secret.png"
    return (
        f"![a picture]({picture})",
        "![a picture](../../outside/secret.png)",
        "![a picture](../media/../../outside/secret.png)",
        "![a picture](..%2f..%2foutside%2fsecret.png)",
        "![a picture](..\\\\..\\\\outside\\\\secret.png)",
        "![a picture](../media/link.png)",
        "![a picture](../media/folder/secret.png)",
        f"![a picture]({picture.as_uri()})",
        f'<img alt="a picture" src="{picture.as_uri()}">',
        '<img alt="a picture" src="event:../outside/secret.png">',
        '<img alt="a picture" src="package:report/../../outside/secret.png">',
        '<img alt="a picture" src="share:../../../outside/secret.png">',
        '<img alt="a picture" src="//192.0.2.1/x.png">',
        "![a picture](http://192.0.2.1/x.png)",
        '<img alt="a picture" src="http://192.0.2.1/x.png" srcset="http://192.0.2.1/x.png 2x">',
        f'<svg xmlns:xlink="x"><image xlink:href="{picture.as_uri()}"/></svg>',
        f'<svg><use href="{outside.as_uri()}/x.svg#x"/></svg>',
        f'<link rel=attachment href="{file.as_uri()}">',
        f'<link rel=stylesheet href="{file.as_uri()}">',
        f'<a rel=attachment href="{file.as_uri()}">attached</a>',
        f"<style>@import url({file.as_uri()}); p {{ background: url({picture.as_uri()}) }}</style>",
        f'<p style="background: url({picture.as_uri()}); text-align: url(x)">p</p>',
        f'<table><tr><td style="text-align: url({picture.as_uri()})">cell</td></tr></table>',
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "{file.as_uri()}">]>\n\n<p>&e; stays</p>',
        f'<object data="{file.as_uri()}"></object><embed src="{file.as_uri()}">',
        f'<iframe src="{file.as_uri()}"></iframe><video src="{file.as_uri()}"></video>',
        f'<xi:include href="{file}" parse="text"/>',
        "{% include '../outside/secret.txt' %}",
        f"!include {file}",
    )


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder with files that no build may open."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret.txt").write_text(f"---\ntitle: {CANARY}\n---\n\n{CANARY}\n")
    shutil.copy(MINIMAL / "media/hall.png", folder / "secret.png")
    return folder


@pytest.mark.heavy
@pytest.mark.usefixtures("offline")
def test_no_text_opens_a_file_outside_the_event(
    tmp_path: Path, outside: Path, opened: list[str]
) -> None:
    folder = tmp_path / "one-by-one"
    ways = ways_out(outside)
    event_with((), folder)
    (folder / "media/link.png").symlink_to(outside / "secret.png")
    (folder / "media/folder").symlink_to(outside)
    shutil.copytree(folder, tmp_path / "event", symlinks=True)
    for number, way in enumerate(ways, start=100):
        (folder / f"1-opening/{number}-x.md").write_text(HEAD + between_marks(way))
    event, found = load(folder)
    assert event
    diagnostics = [d for d in (*found, *check(event)) if d.is_error]
    assert {d.rule.code for d in diagnostics} == {"E401", "E403"}
    faulty = {d.place.file for d in diagnostics}
    for number, way in enumerate(ways, start=100):
        file = f"1-opening/{number}-x.md"
        if file not in faulty:
            (tmp_path / "event" / file).write_text(HEAD + between_marks(way))
    outcome, output = compiled(tmp_path / "event")
    assert outcome.outputs, [as_text(d) for d in outcome.diagnostics if d.is_error]
    assert len(opened) > 100
    assert [name for name in opened if Path(name).is_relative_to(outside)] == []
    reading = Reading(output / "report.pdf")
    assert_no_attachment(reading.pdf)
    assert CANARY not in reading.spoken
    for path in (path for path in output.rglob("*") if path.is_file()):
        assert CANARY.encode() not in path.read_bytes(), path


@pytest.mark.parametrize(
    "name",
    [
        *("1-opening/50-x.md", "1-opening/session.md", "1-opening/chairmans-summary.md"),
        *("participants.yaml", "media/photographs.yaml", "foreword.md", "event.yaml"),
        "1-opening/chairmans-summary.lock",
    ],
)
def test_no_file_of_the_event_is_a_link_to_one_outside(
    name: str, tmp_path: Path, outside: Path, opened: list[str]
) -> None:
    folder = event_with((), tmp_path / "event")
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(outside / "secret.txt")
    opened.clear()
    _, found = load(folder)
    assert "E002" in {d.rule.code for d in found if d.is_error}
    assert CANARY not in str(found)
    assert [each for each in opened if Path(each).is_relative_to(outside)] == []


@pytest.mark.parametrize(
    ("key", "value"),
    [("file", "../../outside/secret.png"), ("file", "/etc/passwd"), ("file", "http://192.0.2.1/x")],
)
def test_no_photograph_lies_outside_the_event(
    key: str, value: str, tmp_path: Path, outside: Path, opened: list[str]
) -> None:
    folder = event_with((), tmp_path / "event")
    listing = folder / "media/photographs.yaml"
    listing.write_text(re.sub(rf"(?m)^(.*\b{key}:).*$", rf"\1 {value}", listing.read_text()))
    _, found = load(folder)
    assert "E403" in {d.rule.code for d in found}
    assert [name for name in opened if Path(name).is_relative_to(outside)] == []


@pytest.mark.heavy
@pytest.mark.usefixtures("offline")
def test_styles_of_an_event_reach_nothing_outside_it(
    tmp_path: Path, outside: Path, opened: list[str]
) -> None:
    folder = event_with((), tmp_path / "event")
    (folder / "styles").mkdir()
    own, uri = folder / "styles/text.css", outside.as_uri()
    css = (
        f"{(PROJECT / 'styles/text.css').read_text()}\n"
        f"p {{ background: url({uri}/secret.png) }} h1 {{ background: url(http://192.0.2.1/x) }}"
    )
    for imported in (f"url({uri}/secret.txt)", "'http://192.0.2.1/x.css'"):
        own.write_text(f"@import {imported};\n{css}")
        with pytest.raises(StyleError, match="cannot import another"):
            compiled(folder)
    own.write_text(css)
    outcome, _ = compiled(folder)
    assert outcome.outputs
    assert [name for name in opened if Path(name).is_relative_to(outside)] == []


def test_no_module_of_an_event_is_run(tmp_path: Path) -> None:
    """A build that is started in the event's folder begins interpreters for decks and pages."""
    folder = event_with((), tmp_path / "event")
    for name in ("weasyprint", "lxml", "pydantic", "multiprocessing", "pickle", "pikepdf"):
        (folder / f"{name}.py").write_text(f"open({str(tmp_path / name)!r}, 'w').close()")
    with pikepdf.Pdf.new() as deck:
        deck.add_blank_page(page_size=(400, 300))
        deck.save(folder / "media/deck.pdf")
    statement = next(folder.glob("1-*/0*.md"))
    text = statement.read_text().replace(
        "---\n", "---\nslides: media/deck.pdf\nslides_alt: A slide\n", 1
    )
    statement.write_text(text)
    command = [sys.executable, PROJECT / "build.py", "--only", "pdf", "-j", "2", "-q"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (folder / "dist/report.pdf").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["event"]


def without_network() -> bool:
    unshare = shutil.which("unshare")
    return bool(unshare) and subprocess.run([unshare, "-n", "true"], check=False).returncode == 0


def test_a_report_is_made_where_there_is_no_network(tmp_path: Path) -> None:
    if not without_network():
        pytest.skip("this machine lets nobody leave the network: unshare -n")
    folder = event_with((), tmp_path / "event")
    command = [sys.executable, PROJECT / "build.py", "-e", folder, "-q"]
    done = subprocess.run(
        ["unshare", "-n", *command], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "dist/report.pdf").exists()


# Templates


def test_no_expression_in_a_statement_is_evaluated(tmp_path: Path) -> None:
    folder = event_with(["\n\n".join(hostile.TEMPLATES)], tmp_path / "event")
    statement = folder / "1-opening/100-x.md"
    statement.write_text(statement.read_text().replace("Minister", '"{{ 7 * 191 }} Minister"', 1))
    outcome, output = compiled(folder)
    assert outcome.outputs
    page = unescape((output / "report.html").read_text())
    spoken = Reading(output / "report.pdf").spoken
    assert "{{ 7 * 191 }}" in page
    assert "{{ 7 * 191 }}" in spoken
    assert "{{ 7 * 191 }} Minister" in spoken
    assert "range(9)" in spoken
    for text in (spoken, re.sub(r"data:[^\"')]*", "", page)):
        assert "1337" not in text.replace("%}1337{%", "")


# YAML


BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(24)
)
YAMLS = (
    BOMB,
    "[" * 100_000,
    "- " * 50_000,
    "{a: " * 20_000,
    "a: !!python/object/apply:os.system [true]",
    "a: !!binary x",
    "<<: {a: b}",
    "? [a]\n: b",
    "a: " + "9" * 5000,
    "a: 0x7fffffffffffffffffff\nb: .inf\nc: 1e999",
    "a: |\n  \u2028\n",
    "%YAML 9.9\n---\na: b",
    "--- a\n...\n--- b",
    "\ufeff\ufeff",
    "a: 'x",
)


@pytest.mark.parametrize("files", ["own", pytest.param("published", marks=needs_vectors)])
def test_yaml_is_read_or_refused_with_a_place(files: str, tmp_path: Path) -> None:
    documents = YAMLS
    if files == "published":
        documents = tuple(document["yaml"] for document in hostile.published("yaml-documents"))
    folder = event_with((), tmp_path / "event")
    sound = (folder / "event.yaml").read_bytes()
    for text in documents:
        for read, written in ((parse_yaml, text), (parse_document, f"---\n{text}\n---\n\nBody.")):
            try:
                read(Source("x.yaml", written))
            except Unreadable as refused:
                assert refused.diagnostic.place.file == "x.yaml"
                assert refused.diagnostic.hint
        (folder / "event.yaml").write_text(text, encoding="utf-8", newline="")
        event, found = load(folder)
        assert event is None
        assert any(d.is_error for d in found)
        (folder / "event.yaml").write_bytes(sound)
        statement = folder / "1-opening/100-x.md"
        statement.write_text(f"---\n{text}\n---\n\nBody.\n", encoding="utf-8", newline="")
        _, found = load(folder)
        assert {d.place.file for d in found if d.is_error} == {"1-opening/100-x.md"}


def test_a_yaml_bomb_is_refused_before_it_grows() -> None:
    tree, found = parse_yaml(Source("x.yaml", BOMB))
    assert {d.rule.code for d in found} == {"E006"}
    assert len(str(tree.data)) < 10_000


@pytest.mark.heavy
def test_values_of_keys_are_text_in_both_outputs(tmp_path: Path, page: Page) -> None:
    """Names, titles and captions are no markup, in whatever file they stand."""
    folder = event_with((), tmp_path / "event")
    evil = "<img src=x onerror=alert(1)>\"'&lt;{{ 7 * 191 }}</title><script>alert(1)</script>"
    quoted = "'" + evil.replace("'", "''") + "'"
    for file, key in (
        ("event.yaml", "venue"),
        ("event.yaml", "title"),
        ("1-opening/session.md", "title"),
        ("1-opening/01-minister.md", "function"),
        ("media/photographs.yaml", "caption"),
        ("media/photographs.yaml", "alt"),
    ):
        path = folder / file
        text = re.sub("(?m)^minutes: ", "function: x\nminutes: ", path.read_text())
        before, found, after = re.split(rf"(?m)(^\W*{key}:).*$", text, maxsplit=1)
        path.write_text(f"{before}{found} {quoted}{after}")
    outcome, output = compiled(folder)
    assert outcome.outputs, [as_text(d) for d in outcome.diagnostics if d.is_error]
    assert_inert(output / "report.html", page)
    assert_site_inert(output / "site", page)
    assert letters("<img src=x onerror=alert(1)>") in letters(Reading(output / "report.pdf").spoken)

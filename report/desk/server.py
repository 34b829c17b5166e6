"""The desk as a local web application: what is served at which address.

`serve` puts together what works here: the compositor and the pictures of pages each have a thread
of their own, the watcher tells of changes, and every page that is open hears of each preview as
server-sent events (WHATWG HTML, 9.2).
"""

from __future__ import annotations

import asyncio
import gc
import json
import re
import signal
import socket
import webbrowser
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import uvicorn
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from report import markup
from report.assets import stylesheets, template_folders
from report.desk import editing
from report.desk.form import fields, shows, shows_by_language
from report.desk.frontmatter import CannotChangeError
from report.desk.guard import Guard, new_token
from report.desk.opening import CannotOpenError, source_file, start
from report.desk.preview import Compositor, Part, Place, Preview, Sheet
from report.desk.proof import Proofs
from report.desk.watch import changes
from report.diagnostics import Diagnostic, as_text
from report.fragment import Store
from report.intricacy import TooIntricate
from report.model import StatementMatter
from report.resources import fonts, locate
from report.source import Unreadable
from report.words import words
from report.workers import leave_garbage

LOOPBACK = "127.0.0.1"

_FOREVER = {"Cache-Control": "private, max-age=31536000, immutable"}
"""For what is named by its content."""
_NEVER = {"Cache-Control": "no-store"}

_KEY = re.compile("[0-9a-f]{64}")
_IMAGE = re.compile(r'(<img[^>]*\ssrc=")(?![a-z]+:)')
_PICTURES = {".png", ".jpg", ".jpeg"}
_STYLES = {"fonts.css", "tokens.css", "text.css", "desk.css", "rendering.css"}
_SCRIPTS = {"preview.js", "editing.js"}


@dataclass(frozen=True, slots=True)
class Desk:
    """What an editor sits down to: an event, the cache, and what may be done."""

    folder: Path
    cache: Path
    editor: str = ""
    """The command that opens a source, with `{file}` and `{line}`."""
    may_edit: bool = False
    """Whether statements may be changed in the browser; without it nothing is ever written."""
    language: str = ""
    """The language of the edition that is shown; the main one when none is named."""


class Feed:
    """The latest preview, and a way to wait for the next."""

    def __init__(self) -> None:
        self.latest = Preview()
        self._news = asyncio.Condition()

    async def put(self, preview: Preview) -> None:
        """Tell all who wait of a preview."""
        async with self._news:
            self.latest = preview
            self._news.notify_all()

    async def after(self, version: int) -> Preview:
        """Wait for a preview that is not the one of this version, and return it."""
        async with self._news:
            await self._news.wait_for(lambda: self.latest.version != version)
            return self.latest


def serve(desk: Desk, port: int, opened: Callable[[str], None], *, browser: bool) -> None:
    """Serve the desk at a port of the loopback interface (0: any that is free) until interrupted.

    `opened` is called with the address as soon as it can be reached; `browser` is whether a browser
    is started with it.
    Raises `OSError` when the port is taken.
    """
    # What is loaded by now stays.
    gc.freeze()
    leave_garbage()
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        port = listener.getsockname()[1]
        token = new_token()
        config = uvicorn.Config(
            application(desk, token, port),
            log_level="error",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        listener.listen()
        server = uvicorn.Server(config)
        # From now on, as it is told how to stop: the server itself begins with it only later.
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, server.handle_exit)
        address = f"http://{LOOPBACK}:{port}/{token}/"
        opened(address)
        if browser:
            webbrowser.open(address)
        server.run(sockets=[listener])


def application(desk: Desk, token: str, port: int) -> Guard:
    """The desk as an ASGI application behind its guard."""
    return Guard(_Application(desk).starlette(), token, port)


class _Application:
    """The addresses below the token, and what answers at each."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._feed = Feed()
        self._is_read = False
        self._own = template_folders(desk.folder)[-1]
        self._templates = Environment(
            loader=FileSystemLoader(self._own / "desk"),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._proofs = Proofs(Store(desk.cache))
        self._darkroom = ThreadPoolExecutor(1, "proofs")

    def starlette(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/", self._page),
                Route("/events", self._events),
                Route("/pages/{key}/{page:int}/{width:int}.jpg", self._picture),
                Route("/{name:str}.pdf", self._pdf),
                Route("/open", self._open, methods=["POST"]),
                Route("/reading", self._reading, methods=["POST"]),
                Route("/{name}.css", self._style),
                Route("/{name}.js", self._script),
                Route("/fonts/{path:path}", self._font),
                *(self._editing() if self._desk.may_edit else ()),
            ],
            lifespan=self._at_work,
        )

    @asynccontextmanager
    async def _at_work(self, _app: Starlette) -> AsyncIterator[None]:
        """Compose at the start and after each change for as long as the server runs."""
        loop = asyncio.get_running_loop()

        def show(preview: Preview) -> None:
            asyncio.run_coroutine_threadsafe(self._feed.put(preview), loop)

        changed = asyncio.Event()
        changed.set()
        with (
            ThreadPoolExecutor(1, "compositor") as room,
            self._darkroom,
            Compositor(
                self._desk.folder, self._desk.cache, show, language=self._desk.language
            ) as self._compositor,
        ):
            watching = asyncio.create_task(self._watch(changed))
            composing = asyncio.create_task(self._compose(changed, room))
            yield
            watching.cancel()
            composing.cancel()

    async def _watch(self, changed: asyncio.Event) -> None:
        async for says_else in changes(self._desk.folder):
            self._is_read &= not says_else
            changed.set()

    async def _compose(self, changed: asyncio.Event, room: ThreadPoolExecutor) -> None:
        while True:
            await changed.wait()
            changed.clear()
            is_read, self._is_read = self._is_read, True
            await asyncio.get_running_loop().run_in_executor(
                room, partial(self._compositor.compose, changed.is_set, is_read=is_read)
            )

    async def _page(self, _request: Request) -> Response:
        name, may_edit = self._desk.folder.resolve().name, self._desk.may_edit
        html = self._html("preview.html", folder=name, edit=may_edit)
        return Response(html, media_type="text/html", headers=_NEVER)

    async def _events(self, _request: Request) -> Response:
        async def stream() -> AsyncIterator[str]:
            version = -1
            while True:
                preview = await self._feed.after(version)
                version = preview.version
                yield f"data: {json.dumps(_shown(preview), ensure_ascii=False)}\n\n"

        return StreamingResponse(stream(), media_type="text/event-stream", headers=_NEVER)

    async def _picture(self, request: Request) -> Response:
        key, page, width = (request.path_params[name] for name in ("key", "page", "width"))
        folio = self._feed.latest.sheets.get(request.query_params.get("folio", ""))
        if not _KEY.fullmatch(key):
            return _missing("no such page")
        loop = asyncio.get_running_loop()
        try:
            picture = await loop.run_in_executor(
                self._darkroom, self._proofs.picture, key, page, folio, width
            )
        except LookupError as error:
            return _missing(str(error))
        return Response(picture, media_type="image/jpeg", headers=_FOREVER)

    async def _pdf(self, request: Request) -> Response:
        name = f"{request.path_params['name']}.pdf"
        try:
            pdf = await asyncio.to_thread(self._compositor.pdf, name)
        except LookupError as error:
            return _missing(str(error))
        return Response(pdf, media_type="application/pdf", headers=_NEVER)

    async def _open(self, request: Request) -> Response:
        try:
            asked = await request.json()
            file = source_file(self._desk.folder, str(asked["file"]))
            start(self._desk.editor, file, int(asked.get("line", 1)))
        except (CannotOpenError, KeyError, TypeError, ValueError) as error:
            return JSONResponse({"message": str(error)}, 400)
        return JSONResponse({"message": f"{asked['file']} is open in your editor."})

    async def _reading(self, request: Request) -> Response:
        """Take note of the place that is being read, which is set before others from now on."""
        try:
            asked = await request.json()
            self._compositor.read = Place(str(asked["unit"]), int(asked["page"]))
        except (KeyError, TypeError, ValueError):
            return PlainTextResponse("say a unit and a page", 400)
        return Response(status_code=204)

    async def _style(self, request: Request) -> Response:
        name = f"{request.path_params['name']}.css"
        if name not in _STYLES:
            return _missing(name)
        ((_, css),) = stylesheets(self._desk.folder, (name,))
        return Response(css.replace("package:", "fonts/"), media_type="text/css", headers=_NEVER)

    async def _script(self, request: Request) -> Response:
        name = f"{request.path_params['name']}.js"
        if name not in _SCRIPTS:
            return _missing(name)
        script = (self._own / "desk" / name).read_text(encoding="utf-8")
        return Response(script, media_type="text/javascript", headers=_NEVER)

    async def _font(self, request: Request) -> Response:
        """A face of the report, for the desk to look like it."""
        url = f"package:{request.path_params['path']}"
        if url not in fonts(text for _, text in stylesheets(self._desk.folder, ("fonts.css",))):
            return _missing("no such face")
        return FileResponse(locate(url, self._desk.folder), headers=_FOREVER)

    def _editing(self) -> tuple[Route, ...]:
        return (
            Route("/texts/{identity:path}", self._statement, methods=["GET"]),
            Route("/texts/{identity:path}", self._save, methods=["PUT"]),
            Route("/rendering/{identity:path}", self._rendering, methods=["POST"]),
            Route("/files/{name:path}", self._file),
        )

    async def _statement(self, request: Request) -> Response:
        """The pane of a statement."""
        try:
            draft = editing.draft(self._desk.folder, request.path_params["identity"])
        except CannotOpenError as error:
            return _missing(str(error))
        except Unreadable as error:
            return PlainTextResponse(f"Open it in your editor: {error}.", 409)
        html = self._html(
            "statement.html",
            draft=draft,
            fields=fields(StatementMatter),
            shows=shows,
            shows_by_language=shows_by_language,
            language_name=words("en").language_name,
        )
        return Response(html, media_type="text/html", headers=_NEVER)

    async def _save(self, request: Request) -> Response:
        identity = request.path_params["identity"]
        try:
            asked = await request.json()
            digest, matter, body = str(asked["digest"]), dict(asked["matter"]), asked["body"]
            if not isinstance(body, str | None):
                raise TypeError(body)
        except (KeyError, TypeError, ValueError):
            return _refused("Not saved: say a digest, facts that change, and a text.", "", 400)
        try:
            change = editing.Change(matter, body)
            saved = editing.save(self._desk.folder, identity, digest, change)
        except editing.ConflictError as conflict:
            html = self._html(
                "conflict.html",
                identity=identity,
                digest=conflict.digest,
                disk=conflict.disk,
                mine=conflict.mine,
                differences=editing.differences(conflict.disk, conflict.mine),
            )
            return _refused("The file was changed meanwhile: choose below.", html, 409)
        except editing.RefusedError as error:
            problems = [as_text(diagnostic) for diagnostic in error.diagnostics]
            html = self._html("problems.html", problems=problems)
            return _refused("Not saved: something is wrong in the facts.", html, 422)
        except (CannotOpenError, CannotChangeError, Unreadable, OSError) as error:
            told = as_text(error.diagnostic) if isinstance(error, Unreadable) else str(error)
            html = self._html("problems.html", problems=[told])
            return _refused("Not saved: see below.", html, 422)
        return JSONResponse({"digest": saved.digest}, headers=_NEVER)

    async def _rendering(self, request: Request) -> Response:
        """A text as it will read, from its Markdown; `markup` lets no script through."""
        identity = request.path_params["identity"]
        body = (await request.body()).decode("utf-8", "replace")
        try:
            html = markup.parse(body, identity, f"{identity}.md", level=3).html
        except (TooIntricate, RecursionError) as error:
            html = f"<p>{escape(str(error))}</p>"
        return Response(_IMAGE.sub(r"\1files/", html), media_type="text/html", headers=_NEVER)

    async def _file(self, request: Request) -> Response:
        """A picture of the event."""
        try:
            file = source_file(self._desk.folder, request.path_params["name"])
        except CannotOpenError as error:
            return _missing(str(error))
        if file.suffix.lower() not in _PICTURES:
            return _missing("this is no picture")
        return FileResponse(file, headers=_NEVER)

    def _html(self, template: str, **values: Any) -> str:
        return self._templates.get_template(template).render(**values)


def _refused(message: str, html: str, status: int) -> Response:
    return JSONResponse({"message": message, "html": html}, status)


def _missing(what: str) -> Response:
    return PlainTextResponse(what, 404)


def _shown(preview: Preview) -> dict[str, Any]:
    """A preview as the page takes it."""
    found = Counter(
        (diagnostic.place.file, diagnostic.is_error) for diagnostic in preview.diagnostics
    )
    return {
        "title": preview.title,
        "language": preview.language,
        "busy": preview.busy,
        "failed": preview.failed,
        "trouble": preview.trouble,
        "diagnostics": [_problem(diagnostic) for diagnostic in preview.diagnostics],
        "parts": [_part(part, found, preview.sheets) for part in preview.parts],
    }


def _problem(diagnostic: Diagnostic) -> dict[str, Any]:
    place = diagnostic.place
    return {
        "severity": diagnostic.rule.severity,
        "text": as_text(diagnostic),
        "file": place.file,
        "line": place.line,
    }


def _part(
    part: Part, found: Mapping[tuple[str, bool], int], sheets: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "id": part.id,
        "title": part.title,
        "level": part.level,
        "language": part.language,
        "source": part.source,
        "editable": part.kind == "statement",
        "mark": part.mark,
        "errors": found[part.source, True] if part.source else 0,
        "warnings": found[part.source, False] if part.source else 0,
        "pages": [
            {"folio": each.folio, "picture": _address(each, has_folio=each.folio in sheets)}
            for each in part.pages
        ],
    }


def _address(sheet: Sheet, *, has_folio: bool) -> str:
    """Where a page's picture is, but for its width: it tells all that the picture shows."""
    query = f"?folio={sheet.folio}" if has_folio else ""
    return f"pages/{sheet.key}/{sheet.page}/{{width}}.jpg{query}"

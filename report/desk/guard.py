"""Who may ask the desk for anything: the browser of whoever started it, and nothing else.

The server listens on loopback only, but every page of the web that the same browser shows can send
requests there. So the address holds a token that no page can guess; the Host is checked, since a
name of the web may be made to lead here (DNS rebinding); and the Origin, which a browser states
whenever one site asks another. No answer allows another origin to read it (CORS), to frame it, or
to run in it anything but the desk's own scripts (Content Security Policy, level 3).
"""

from __future__ import annotations

import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def new_token() -> str:
    """Return a token of 256 bits that fits in an address."""
    return secrets.token_urlsafe(32)


class Guard:
    """Lets through what carries the token and comes from the desk's own page.

    What the application behind it sees has the token as its root path.
    """

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        """Guard an application that is reached at this port of the loopback interface."""
        self._app = app
        self._root = f"/{token}"
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = self._refusal(scope)
        app = refusal or self._app
        await app({**scope, "root_path": self._root}, receive, send_guarded)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if host not in self._hosts:
            return PlainTextResponse("This address is not served here.", 421)
        # A browser states the origin of every request that may change something.
        reads = scope["method"] in ("GET", "HEAD")
        if origin != f"http://{host}" and not (reads and origin is None):
            return PlainTextResponse("Only the desk's own pages may ask this.", 403)
        start = scope["path"][: len(self._root) + 1].encode()
        if not secrets.compare_digest(start, f"{self._root}/".encode()):
            return PlainTextResponse("There is nothing here.", 404)
        return None

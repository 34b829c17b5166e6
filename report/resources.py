"""What typesetting may read: files of the event's folder and files of installed packages.

The one policy on resources. A statement is not trusted, so a URL in it can neither leave the
event's folder nor reach a network; everything that is not expressly served is refused.
"""

from __future__ import annotations

import hashlib
import re
import sys
from base64 import b64encode
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

EVENT_SCHEME = "event"
"""Scheme of files in the event's folder: the same URL wherever the folder lies."""

PACKAGE_SCHEME = "package"
"""Scheme of files in an installed Python package: `package:NAME/path`."""

SHARE_SCHEME = "share"
"""Scheme of files that set-up fetched because no Python package has them: `share:NAME/path`."""

SHARE = Path(sys.prefix) / "share/rapporteur"
"""Where these files are: in the environment beside the packages, and as trusted."""

_CSS_URL = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^"')\s]*))\s*\)""")
_FONT_SUFFIXES = (".ttf", ".otf", ".ttc", ".woff", ".woff2")


class ResourceRefusedError(ValueError):
    """A URL that the policy does not serve."""


def event_url(source: str) -> str:
    """Return the URL of a file named relative to the event's folder."""
    return f"{EVENT_SCHEME}:{quote(source)}"


def locate(url: str, folder: Path) -> Path:
    """Return the file that a URL stands for, or refuse it."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    if parts.netloc or parts.query or parts.fragment:
        raise ResourceRefusedError(f"not a plain path: {url}")
    if parts.scheme == EVENT_SCHEME:
        return _inside(folder, path, url)
    if parts.scheme == PACKAGE_SCHEME:
        name, _, path = path.partition("/")
        return _inside(_package_folder(name), path, url)
    if parts.scheme == SHARE_SCHEME:
        return _inside(SHARE, path, url)
    raise ResourceRefusedError(f"neither in the event's folder nor in a package: {url}")


def _found(url: str, folder: Path) -> Path | None:
    """The file that a stylesheet names, or nothing where it is not there: nor is it then shown."""
    with suppress(FileNotFoundError, ResourceRefusedError):
        return locate(url, folder)
    return None


def _inside(folder: Path, path: str, url: str) -> Path:
    # Resolving first follows symbolic links, so that none leads out of the folder.
    root = folder.resolve()
    file = (root / path).resolve()
    if not file.is_relative_to(root):
        raise ResourceRefusedError(f"leads out of {folder.name}: {url}")
    if not file.is_file():
        raise FileNotFoundError(f"no such file: {url}")
    return file


@lru_cache
def _package_folder(name: str) -> Path:
    # The specification is found without running the package's code.
    spec = find_spec(name) if name.isidentifier() else None
    if spec is None or not spec.submodule_search_locations:
        raise ResourceRefusedError(f"not an installed package: {name}")
    return Path(spec.submodule_search_locations[0])


def fonts(stylesheets: Iterable[str]) -> tuple[str, ...]:
    """Return the URLs of the font files that stylesheets name, in order, each once."""
    return tuple(url for url in _urls(stylesheets) if url.lower().endswith(_FONT_SUFFIXES))


def pictures(stylesheets: Iterable[str]) -> tuple[str, ...]:
    """Return the URLs of an event's pictures that stylesheets name, in order, each once."""
    urls = filter(_is_of_event, _urls(stylesheets))
    return tuple(url for url in urls if not url.lower().endswith(_FONT_SUFFIXES))


def data_url(media_type: str, content: bytes) -> str:
    """A file that travels in the page or stylesheet itself, as a `data:` URL (RFC 2397)."""
    return f"data:{media_type};base64,{b64encode(content).decode()}"


def with_urls(css: str, urls: Mapping[str, str]) -> str:
    """A stylesheet in which files that it names have other URLs."""

    def renamed(found: re.Match[str]) -> str:
        url = urls.get(_url(found))
        return found[0] if url is None else f'url("{url}")'

    return _CSS_URL.sub(renamed, css)


def names_event_files(stylesheets: Iterable[str]) -> bool:
    """Whether stylesheets name any file of an event."""
    return any(map(_is_of_event, _urls(stylesheets)))


def event_files(stylesheets: Iterable[str], folder: Path) -> Mapping[str, Path]:
    """Return the event's files that stylesheets name, and that are there.

    They have the names that they are given, relative to the event's folder.
    """
    urls = filter(_is_of_event, _urls(stylesheets))
    return {unquote(urlsplit(url).path): file for url in urls if (file := _found(url, folder))}


def _is_of_event(url: str) -> bool:
    return urlsplit(url).scheme == EVENT_SCHEME


def names_files(css: str) -> bool:
    """Whether a stylesheet may name any file."""
    return bool(_named(css))


def _urls(stylesheets: Iterable[str]) -> dict[str, None]:
    """The URLs that stylesheets name, in order, each once."""
    return dict.fromkeys(url for css in stylesheets for url in _named(css))


@lru_cache(maxsize=64)
def _named(css: str) -> tuple[str, ...]:
    """The URLs in a stylesheet, which many units are set with."""
    return tuple(map(_url, _CSS_URL.finditer(css)))


def _url(found: re.Match[str]) -> str:
    return next(filter(None, found.groups()), "")


def unfetched(stylesheets: Iterable[str]) -> tuple[str, ...]:
    """Return the URLs of the font files that stylesheets name and set-up has not fetched yet."""
    named = dict.fromkeys(url for css in stylesheets for url in _to_fetch(css))
    return tuple(url for url in named if not _is_there(url))


@lru_cache(maxsize=64)
def _to_fetch(css: str) -> tuple[str, ...]:
    """The URLs of the font files in a stylesheet that set-up fetches."""
    return tuple(url for url in fonts([css]) if url.startswith(f"{SHARE_SCHEME}:"))


def _is_there(url: str) -> bool:
    try:
        return bool(locate(url, SHARE))
    except FileNotFoundError:
        return False


def fonts_digest(stylesheets: Iterable[str], folder: Path) -> str:
    """Return the SHA-256 over the bytes of all fonts that stylesheets name."""
    digest = hashlib.sha256()
    for url in fonts(stylesheets):
        digest.update(url.encode())
        digest.update(file_digest(locate(url, folder)).encode())
    return digest.hexdigest()


def pictures_digest(stylesheets: Iterable[str], folder: Path) -> str:
    """Return the SHA-256 over the bytes of the event's pictures that stylesheets name.

    One that is not there is none in the pages either.
    """
    digest = hashlib.sha256()
    for url in pictures(stylesheets):
        digest.update(url.encode())
        if file := _found(url, folder):
            digest.update(file_digest(file).encode())
    return digest.hexdigest()


def file_digest(file: Path) -> str:
    """Return the SHA-256 of a file's bytes, read once as long as it is not changed."""
    status = file.stat()
    return _digest_of(file, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=256)
def _digest_of(file: Path, _modified: int, _size: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()

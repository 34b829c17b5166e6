"""Pictures that styles name, such as an emblem, for the screen: they travel in the stylesheet.

The folder of an event does not go with its web pages; on paper, WeasyPrint reads the files itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from mimetypes import guess_type
from pathlib import Path

from report.resources import ResourceRefusedError, data_url, locate, pictures, with_urls


def embed_pictures(css: str, folder: Path) -> str:
    """Put the pictures of an event's `folder` that a stylesheet names into it, as `data:` URLs.

    One that is not there is none on paper either.
    """
    return with_urls(css, dict(_embedded(css, folder)))


def _embedded(css: str, folder: Path) -> Iterator[tuple[str, str]]:
    for url in pictures([css]):
        try:
            file = locate(url, folder)
        except (FileNotFoundError, ResourceRefusedError):
            continue
        kind = guess_type(file.name)[0] or "application/octet-stream"
        yield url, data_url(kind, file.read_bytes())

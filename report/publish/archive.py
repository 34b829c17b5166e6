"""Zip archives, of which Word files and e-books are made: the same bytes for the same parts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest moment that a zip archive can state."""


def pack(parts: Mapping[str, bytes], *, plain: str = "") -> bytes:
    """An archive of parts by name, in their order; the one named `plain` is not compressed."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as target:
        for name, content in parts.items():
            method = zipfile.ZIP_STORED if name == plain else zipfile.ZIP_DEFLATED
            target.writestr(zipfile.ZipInfo(name, _EPOCH), content, method)
    return archive.getvalue()

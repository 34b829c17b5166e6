"""The programs that decide what typeset units are, besides our own, by name and version.

They are asked without the typesetter being loaded, as every build names them in the keys of units.
"""

from __future__ import annotations

import ctypes
import zlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version

TYPESETTING = ("weasyprint", "pydyf", "tinycss2", "cssselect2", "tinyhtml5", "pyphen", "pillow",
               "pikepdf", "fonttools", "uharfbuzz")  # fmt: skip
"""The packages that typeset."""

_MISSING = "(none)"


@cache
def programs() -> Mapping[str, str]:
    """What a unit's bytes depend on, on this machine."""
    packages = {package: package_version(package) for package in TYPESETTING}
    return {**packages, "Pango": pango(), "zlib": zlib.ZLIB_RUNTIME_VERSION}


@cache
def package_version(package: str) -> str:
    """The version of an installed package, which is looked for on the disk but once."""
    try:
        return version(package)
    except PackageNotFoundError:
        return _MISSING


@cache
def pango() -> str:
    """The version of the library that shapes text and breaks lines."""
    try:
        number = int(ctypes.CDLL("libpango-1.0.so.0").pango_version())
    except OSError:
        return _MISSING
    return f"{number // 10_000}.{number // 100 % 100}.{number % 100}"

"""The doctor: what this machine has of what Rapporteur uses, what it lacks, and how to get it."""

from __future__ import annotations

import ctypes
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from report.desk.typefaces import missing
from report.resources import SHARE

_OLDEST_PYTHON = (3, 11)
_OLDEST_PANGO = (1, 44)
_ENOUGH_SPACE = 500_000_000
"""Free bytes that a large report and its cache need."""

_TIMEOUT = 30


@dataclass(frozen=True, slots=True)
class Part:
    """A thing that Rapporteur uses.

    `found` tells what there is of it, and is empty when there is none, or none that will do.
    `purpose` is what goes wrong or missing without it, `remedy` how to get it.
    """

    name: str
    found: str
    purpose: str
    remedy: str
    is_needed: bool = False


class Machine:
    """The machine that this program runs on, as far as the doctor looks at it."""

    def python(self) -> tuple[int, ...]:
        """The version of Python."""
        return sys.version_info[:3]

    def package(self, name: str) -> str:
        """The version of an installed Python package; empty when it is not installed."""
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            return ""

    def has_library(self, name: str) -> bool:
        """Whether a shared library can be loaded."""
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    def pango(self) -> tuple[int, ...]:
        """The version of Pango; empty when it cannot be loaded."""
        if not (self.has_library(_PANGO) and self.has_library("libpangoft2-1.0.so.0")):
            return ()
        number = int(ctypes.CDLL(_PANGO).pango_version())
        return number // 10_000, number // 100 % 100, number % 100

    def program(self, *names: str) -> str:
        """What the first of these programs that is there says of its version."""
        path = next(filter(None, map(shutil.which, names)), None)
        return _first_line(path) if path else ""

    def pandoc(self) -> str:
        """The version of the pandoc that imports documents; empty when there is none."""
        try:
            import pypandoc

            return str(pypandoc.get_pandoc_version())
        except (ImportError, OSError):
            return ""

    def lacks_typefaces(self) -> bool:
        """Whether there are typefaces that set-up has not fetched."""
        return bool(missing(SHARE))

    def free(self, folder: Path) -> int:
        """Free bytes on the disk of a folder."""
        return shutil.disk_usage(folder).free

    def size(self, folder: Path) -> int:
        """Bytes of all files in a folder."""
        return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


_PANGO = "libpango-1.0.so.0"

_PACKAGES = (
    *("weasyprint", "pikepdf", "uharfbuzz", "fonttools", "jinja2", "markdown", "nh3", "lxml"),
    *("pydantic", "pyyaml", "pillow", "rapidfuzz", "matplotlib", "typer", "rich"),
)
_FACES = (
    *("fontpkg-spectral", "fontpkg-fira-sans"),
    *("fontpkg-amiri", "fontpkg-ibm-plex-sans-arabic"),
)
_SET_UP = "make setup"


def examine(folder: Path, cache: Path, machine: Machine) -> Iterator[Part]:
    """Every part, the needed ones first; `folder` is where reports are made."""
    yield from _needed(folder, machine)
    yield from _useful(machine)
    yield Part(
        "Cache",
        f"{machine.size(cache) / 1e6:,.0f} MB in {cache}",
        "keeps the work for the next build",
        "it grows to 1 GB at most; `build.py clean` empties it",
    )


def _needed(folder: Path, machine: Machine) -> Iterator[Part]:
    python, pango = machine.python(), machine.pango()
    yield Part(
        "Python",
        _dotted(python) if python >= _OLDEST_PYTHON else "",
        "3.11 or newer runs all of this",
        "apt install python3 python3-venv",
        is_needed=True,
    )
    yield Part(
        "Pango",
        _dotted(pango) if pango >= _OLDEST_PANGO else "",
        "sets the lines of every page",
        "apt install libpango-1.0-0 libpangoft2-1.0-0",
        is_needed=True,
    )
    yield _all_of("Packages", _PACKAGES, "the compiler is made with them", machine)
    yield _all_of("Fonts", _FACES, "the faces of the report, and those of Arabic", machine)
    free = machine.free(folder)
    yield Part(
        "Disk space",
        f"{free / 1e9:,.1f} GB free" if free >= _ENOUGH_SPACE else "",
        "a large report and its cache take half a gigabyte",
        "delete what is not needed; `build.py clean` empties the cache",
        is_needed=True,
    )


def _all_of(name: str, packages: tuple[str, ...], purpose: str, machine: Machine) -> Part:
    missing = [package for package in packages if not machine.package(package)]
    found = ", ".join(f"{package} {machine.package(package)}" for package in packages)
    remedy = f"{_SET_UP}, or: pip install {' '.join(missing)}"
    return Part(name, "" if missing else found, purpose, remedy, is_needed=True)


def _useful(machine: Machine) -> Iterator[Part]:
    yield Part(
        "Chinese fonts",
        "" if machine.lacks_typefaces() else f"in {SHARE}",
        "set statements in Chinese",
        "build.py fonts",
    )
    subsetter = "libharfbuzz-subset.so.0"
    yield Part(
        "HarfBuzz subsetter",
        subsetter if machine.has_library(subsetter) else "",
        "embeds fonts several times as fast",
        "apt install libharfbuzz-subset0",
    )
    yield Part(
        "pandoc",
        machine.pandoc(),
        "imports statements from documents of Word and others",
        f"{_SET_UP}, or: pip install pypandoc_binary",
    )
    for name, programs, purpose, package in (
        (
            "LibreOffice",
            ("soffice", "libreoffice"),
            "takes in slides as .pptx and .odp",
            "libreoffice-impress",
        ),
        ("git", ("git",), "compares an edition with an earlier revision", "git"),
        (
            "Chromium",
            ("chromium", "chromium-browser"),
            "tests the web page and the preview",
            "chromium",
        ),
        (
            "Java",
            ("java",),
            "runs veraPDF, a validator of PDF/UA and PDF/A",
            "default-jre-headless",
        ),
        ("Poppler", ("pdftoppm",), "turns pages into pictures in tests", "poppler-utils"),
        ("qpdf", ("qpdf",), "checks the form of PDF in tests", "qpdf"),
    ):
        yield Part(name, machine.program(*programs), purpose, f"apt install {package}")


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _first_line(program: str) -> str:
    """The line in which a program tells its version; the program's path when it tells none."""
    # Poppler knows -v alone, and Java writes to the other stream.
    option = "-v" if program.endswith("pdftoppm") else "--version"
    try:
        told = subprocess.run(
            [program, option], capture_output=True, text=True, check=False, timeout=_TIMEOUT
        )
    except (OSError, subprocess.TimeoutExpired):
        return program
    lines = (told.stdout or told.stderr).strip().splitlines()
    return lines[0].strip() if lines and told.returncode == 0 else program


def system() -> str:
    """What machine it is: system, release and processor."""
    return f"{platform.system()} {platform.release()}, {platform.machine()}"

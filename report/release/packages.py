"""The packages that Rapporteur is made with: what is locked, what is installed, and its licences.

The lock, as pip-compile writes it, tells what needs what; the metadata of installed packages tell
their licences.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib import metadata
from pathlib import Path

from packaging.version import Version

from report.assets import own

EVERY_REPORT = ""
"""The extra of packages that are always needed."""

_DEVELOPMENT = "dev"
_ENTRY = re.compile(r"^([\w.-]+)==([^\s\\]+)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_NEEDED_BY = re.compile(r"^    #(?: via|  ) ([\w.-]+)(?: \(pyproject\.toml\))?$", re.MULTILINE)
_OURSELVES = "rapporteur"
_NAME = re.compile(r"[\w.-]+")
_SHORT = 60
"""Signs that a name of a licence has at most; longer ones are the licence's own text."""

_SPDX = {
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 3": "BSD-3-Clause",
    "BSD 3-Clause License": "BSD-3-Clause",
    "ISC License": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "PSFL": "PSF-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""What packages call licences that have one identifier only (spdx.org/licenses)."""


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font's file, and the SHA-256 of its bytes."""

    path: Path
    digest: str

    @classmethod
    def of(cls, path: Path) -> FontFile:
        """A file with the digest of what it holds."""
        return cls(path, sha256(path.read_bytes()).hexdigest())


@dataclass(frozen=True, slots=True)
class Package:
    """A package that is installed.

    `licences` are as it states them, by their SPDX identifiers where these are sure; several are a
    choice. `hashes` are the SHA-256 of the archives that the lock allows, if it is the version that
    is locked. `requires` names packages; `extra` is the extra of Rapporteur that needs it;
    `is_direct` says whether Rapporteur itself does, and not only another package.
    """

    name: str
    version: str
    licences: tuple[str, ...]
    hashes: tuple[str, ...]
    requires: tuple[str, ...]
    extra: str
    is_direct: bool


@dataclass(frozen=True, slots=True)
class _Locked:
    version: str
    hashes: tuple[str, ...]
    needed_by: frozenset[str]


def packages() -> tuple[Package, ...]:
    """All packages of the lock that are installed, sorted by name."""
    locked = dict(_locked(own("requirements.lock").read_text(encoding="utf-8")))
    requires = {
        name: tuple(other for other, entry in locked.items() if name in entry.needed_by)
        for name in locked
    }
    extras = _extras(requires)
    return tuple(
        _package(name, entry, requires[name], extras[name])
        for name, entry in sorted(locked.items())
        if name in extras and _is_installed(name)
    )


def shipped() -> tuple[Package, ...]:
    """The packages that are there for users, and not for development alone."""
    return tuple(package for package in packages() if package.extra != _DEVELOPMENT)


def font_files(package: Package) -> tuple[FontFile, ...]:
    """The fonts that a font package carries, sorted by name."""
    if not package.name.startswith("fontpkg-"):
        return ()
    files = metadata.files(package.name) or ()
    paths = sorted(Path(str(f.locate())) for f in files if f.suffix.lower() in (".ttf", ".otf"))
    return tuple(map(FontFile.of, paths))


def _locked(lock: str) -> Iterator[tuple[str, _Locked]]:
    """The entries of a lock as pip-compile writes it."""
    starts = [match.start() for match in _ENTRY.finditer(lock)]
    for start, end in zip(starts, [*starts[1:], len(lock)], strict=True):
        entry = lock[start:end]
        match = _ENTRY.match(entry)
        assert match
        needed_by = frozenset(map(_canonical, _NEEDED_BY.findall(entry)))
        yield match[1], _Locked(match[2], tuple(_HASH.findall(entry)), needed_by)


def _extras(requires: Mapping[str, tuple[str, ...]]) -> Mapping[str, str]:
    """The extra that each package is there for: the first that leads to it."""
    project = tomllib.loads(own("pyproject.toml").read_text(encoding="utf-8"))["project"]
    found: dict[str, str] = {}
    roots = {EVERY_REPORT: project["dependencies"], **project["optional-dependencies"]}
    for extra, requirements in roots.items():
        reached = [_canonical(_NAME.findall(requirement)[0]) for requirement in requirements]
        while reached:
            name = reached.pop()
            if name not in found:
                found[name] = extra
                reached += requires.get(name, ())
    return found


def _package(name: str, entry: _Locked, requires: tuple[str, ...], extra: str) -> Package:
    installed = metadata.version(name)
    is_locked = Version(installed) == Version(entry.version)
    version, hashes = (entry.version, entry.hashes) if is_locked else (installed, ())
    return Package(
        name, version, _licences(name), hashes, requires, extra, _OURSELVES in entry.needed_by
    )


def _is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _licences(name: str) -> tuple[str, ...]:
    """The licences that a package states: an expression (PEP 639), a name, or classifiers."""
    stated = metadata.metadata(name).json
    if "license_expression" in stated:
        return (str(stated["license_expression"]),)
    named = str(stated.get("license", "")).strip()
    if named and len(named) <= _SHORT:
        return (_SPDX.get(named, named),)
    kinds = [
        c.rpartition(" :: ")[2] for c in stated.get("classifier", ()) if c.startswith("License")
    ]
    return tuple(_SPDX.get(kind, kind) for kind in kinds)


def _canonical(name: str) -> str:
    """A package's name as the lock writes it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()

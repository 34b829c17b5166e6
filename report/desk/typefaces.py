"""Typefaces that no Python package has: fetched once, at set-up, and the same on every machine.

An archive is known by its SHA-512: what differs by one bit is not taken. This is the only part of
the program that asks a network, and only its own command does so.
"""

from __future__ import annotations

import hashlib
import shutil
import tarfile
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.request import urlopen

_TIMEOUT = 60
_CHUNK = 1 << 20


class FetchError(RuntimeError):
    """A typeface cannot be had; the message says why."""


@dataclass(frozen=True, slots=True)
class Typeface:
    """A typeface in an archive (.tgz) of the npm registry.

    `folder` is where its files come to lie, `package` and `version` are what the registry calls it.
    `integrity` is the SHA-512 of the archive in base 64 as registries state it, `megabytes` its
    size, `files` the members that are kept, `licence` an SPDX identifier.
    """

    name: str
    folder: str
    package: str
    version: str
    url: str
    integrity: str
    megabytes: int
    files: tuple[str, ...]
    licence: str = "OFL-1.1"


_REGISTRY = "https://registry.npmjs.org"

TYPEFACES = (
    Typeface(
        "Noto Serif SC",
        "noto-serif-sc",
        "@expo-google-fonts/noto-serif-sc",
        "0.4.3",
        f"{_REGISTRY}/@expo-google-fonts/noto-serif-sc/-/noto-serif-sc-0.4.3.tgz",
        "fSmUpiSFtSeyHV45/2xUOy5SdfExklQwwMKN3cQjAZAujITHDmSbpMHCVdCMhRqMjQtu0ZRgc29u8A+CU3akfw==",
        69,
        (
            "package/LICENSE_FONT",
            "package/400Regular/NotoSerifSC_400Regular.ttf",
            "package/600SemiBold/NotoSerifSC_600SemiBold.ttf",
        ),
    ),
    Typeface(
        "Noto Sans SC",
        "noto-sans-sc",
        "@expo-google-fonts/noto-sans-sc",
        "0.4.3",
        f"{_REGISTRY}/@expo-google-fonts/noto-sans-sc/-/noto-sans-sc-0.4.3.tgz",
        "9rAwdFTFHbO/u6Cs0gj2jZbW74TGIiaFNQnXYH2s5wA1bzVkwbaviL4t8YUV642eGYjg86eH6DkAEQmfNHDncQ==",
        57,
        (
            "package/LICENSE_FONT",
            "package/400Regular/NotoSansSC_400Regular.ttf",
            "package/500Medium/NotoSansSC_500Medium.ttf",
        ),
    ),
)
"""The faces of Chinese, in the forms that the mainland uses."""


def missing(share: Path, typefaces: Iterable[Typeface] = TYPEFACES) -> tuple[Typeface, ...]:
    """The typefaces that are not in a folder yet."""
    return tuple(face for face in typefaces if not (share / face.folder).is_dir())


def fetch(typeface: Typeface, share: Path, tell: Callable[[int], None]) -> None:
    """Fetch a typeface into a folder; `tell` is called with every number of bytes that came.

    Raises `FetchError`, and then nothing has changed.
    """
    try:
        share.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=share, prefix=".new-") as folder:
            archive = Path(folder) / "archive.tgz"
            _download(typeface, archive, tell)
            files = Path(folder) / "files"
            _unpack(archive, typeface.files, files)
            # Renamed at the end, so that the folder is there whole or not at all.
            files.rename(share / typeface.folder)
    except (OSError, tarfile.TarError, KeyError) as error:
        raise FetchError(f"{typeface.name} cannot be fetched: {error}") from None


def _download(typeface: Typeface, archive: Path, tell: Callable[[int], None]) -> None:
    digest = hashlib.sha512()
    with urlopen(typeface.url, timeout=_TIMEOUT) as response, archive.open("wb") as file:
        while chunk := response.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
            tell(len(chunk))
    if b64encode(digest.digest()).decode() != typeface.integrity:
        raise FetchError(f"{typeface.name} is not what it should be: {typeface.url} has changed")


def _unpack(archive: Path, members: Iterable[str], folder: Path) -> None:
    folder.mkdir()
    with tarfile.open(archive) as opened:
        for member in members:
            content = opened.extractfile(member)
            assert content
            _copy(content, folder / Path(member).name)


def _copy(content: IO[bytes], file: Path) -> None:
    with file.open("wb") as target:
        shutil.copyfileobj(content, target)

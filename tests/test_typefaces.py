"""Typefaces that are fetched: whole and as expected, or not at all."""

from __future__ import annotations

import hashlib
import io
import tarfile
from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pytest

from report.desk.typefaces import TYPEFACES, FetchError, Typeface, fetch, missing
from report.resources import fonts

STYLE = Path(__file__).parents[1] / "styles/chinese.css"


@pytest.fixture
def typeface(tmp_path: Path) -> Typeface:
    """A typeface whose archive is on this machine."""
    archive = tmp_path / "archive.tgz"
    with tarfile.open(archive, "w:gz") as opened:
        for name, content in (("package/A.ttf", b"one"), ("package/B.ttf", b"another")):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            opened.addfile(member, io.BytesIO(content))
    integrity = b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    return Typeface(
        "A face", "a-face", "a-face", "1.0", archive.as_uri(), integrity, 1, ("package/A.ttf",)
    )


def test_a_typeface_is_fetched_once_and_only_what_is_wanted_of_it(
    tmp_path: Path, typeface: Typeface
) -> None:
    share = tmp_path / "share"
    came: list[int] = []
    assert missing(share, [typeface]) == (typeface,)
    fetch(typeface, share, came.append)
    assert missing(share, [typeface]) == ()
    assert {path.name: path.read_bytes() for path in share.rglob("*.ttf")} == {"A.ttf": b"one"}
    assert sum(came) == (tmp_path / "archive.tgz").stat().st_size
    assert [path.name for path in share.iterdir()] == ["a-face"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"integrity": "0" * 88}, "is not what it should be"),
        ({"url": "file:///nowhere/archive.tgz"}, "A face cannot be fetched"),
        ({"files": ("package/C.ttf",)}, "A face cannot be fetched"),
    ],
)
def test_what_is_not_as_expected_leaves_nothing(
    tmp_path: Path, typeface: Typeface, change: dict[str, object], message: str
) -> None:
    share = tmp_path / "share"
    with pytest.raises(FetchError, match=message):
        fetch(replace(typeface, **change), share, lambda _: None)  # type: ignore[arg-type]
    assert list(share.iterdir()) == []


def test_all_that_the_styles_name_is_fetched() -> None:
    named = {url.partition(":")[2] for url in fonts([STYLE.read_text(encoding="utf-8")])}
    kept = {f"{face.folder}/{Path(file).name}" for face in TYPEFACES for file in face.files}
    assert named == {file for file in kept if file.endswith(".ttf")}


def test_the_licence_comes_with_the_fonts() -> None:
    assert all(any("LICENSE" in file for file in face.files) for face in TYPEFACES)

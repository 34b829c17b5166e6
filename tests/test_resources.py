"""The policy on resources: what units and styles may name, and what is refused."""

from pathlib import Path

import pytest

from report.resources import (
    ResourceRefusedError,
    event_url,
    fonts,
    fonts_digest,
    locate,
)


@pytest.fixture
def event(tmp_path: Path) -> Path:
    folder = tmp_path / "event"
    (folder / "media").mkdir(parents=True)
    (folder / "media/a b.png").write_bytes(b"image")
    (tmp_path / "secret").write_bytes(b"secret")
    (folder / "media/leak.png").symlink_to(tmp_path / "secret")
    return folder


def test_files_of_the_event_are_served(event: Path) -> None:
    assert locate(event_url("media/a b.png"), event).read_bytes() == b"image"


def test_files_of_packages_are_served(event: Path) -> None:
    url = "package:fontpkg_spectral/files/Spectral-Regular.ttf"
    assert locate(url, event).name == "Spectral-Regular.ttf"


@pytest.mark.parametrize(
    "url",
    [
        "event:../secret",
        "event:media/%2e%2e/%2e%2e/secret",
        "event:/etc/passwd",
        "event:media/leak.png",
        "event://host/media/a.png",
        "event:media/a%20b.png?x",
        "file:///etc/passwd",
        "http://example.org/",
        "data:text/plain,x",
        "package:os/../secret",
        "package:nowhere/x.ttf",
        "package:../x",
        "share:../../pyvenv.cfg",
        "share:nowhere/x.ttf",
        "media/a.png",
    ],
)
def test_everything_else_is_refused(event: Path, url: str) -> None:
    with pytest.raises((ResourceRefusedError, FileNotFoundError)):
        locate(url, event)


def test_fonts_are_found_in_styles_and_change_the_digest(event: Path) -> None:
    (event / "a.ttf").write_bytes(b"one")
    css = "@font-face { src: url('event:a.ttf') } p { background: url(event:b.png) }"
    assert fonts([css]) == ("event:a.ttf",)
    before = fonts_digest([css], event)
    (event / "a.ttf").write_bytes(b"another")
    assert fonts_digest([css], event) != before

"""Texts kept between builds."""

from __future__ import annotations

from pathlib import Path

import pytest

from report import markup
from report.library import Library

MARKDOWN = """A paragraph [@a/b:2] with a note.[^1]

## Heading

- item 😀

![A hall](hall.png "The hall")

| A | B |
| --- | --- |
| 1 | 2 |

A paragraph [here](#nowhere), without a note[^3].

| in no table |

[no link]: nowhere.html

[^1]: The note.
[^2]: Not called.
"""
PLACE = ("2-dialogue/03-mayor", "2-dialogue/03-mayor.md", 3)


def test_a_kept_text_is_the_text_itself(tmp_path: Path) -> None:
    parsed = markup.parse(MARKDOWN, *PLACE)
    assert all(getattr(parsed, name) for name in markup.PLACED)
    assert parsed.figures and parsed.citing and len(parsed.passages) > len(parsed.paragraphs)
    assert Library(tmp_path).parse(MARKDOWN, *PLACE) == parsed
    assert Library(tmp_path).parse(MARKDOWN, *PLACE) == parsed


def test_a_kept_text_is_not_parsed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Library(tmp_path).parse(MARKDOWN, *PLACE)
    monkeypatch.setattr(markup, "parse", lambda *_: pytest.fail("parsed again"))
    assert Library(tmp_path).parse(MARKDOWN, *PLACE).paragraphs


def test_another_place_is_another_text(tmp_path: Path) -> None:
    library = Library(tmp_path)
    here = library.parse(MARKDOWN, *PLACE)
    there = library.parse(MARKDOWN, "1-opening/01-x", "1-opening/01-x.md", 3)
    assert here.html != there.html


def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    parsed = Library(tmp_path).parse(MARKDOWN, *PLACE)
    (kept,) = (path for path in tmp_path.rglob("*") if path.is_file())
    kept.write_bytes(kept.read_bytes()[:-20])
    assert Library(tmp_path).parse(MARKDOWN, *PLACE) == parsed

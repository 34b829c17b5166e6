"""Texts that are kept as UTF-8 are read as they were written."""

from __future__ import annotations

import pickle
from dataclasses import asdict, replace

import pytest
from pydantic import TypeAdapter

from report.markup import Text

TEXTS = ["", "plain", "“curly” – 会议 🙂", "half of a pair: \ud83d"]


@pytest.mark.parametrize("html", TEXTS)
def test_a_text_is_read_as_it_was_written(html: str) -> None:
    text = Text(html, ("one",), (), ())
    assert text.html == html
    assert replace(text, paragraphs=()).html == html
    assert replace(Text("other", ("one",), (), ()), html=html) == text
    assert asdict(text)["html"] == html
    assert pickle.loads(pickle.dumps(text)) == text
    assert hash(text) == hash(Text(html, ("one",), (), ()))


def test_it_goes_through_json() -> None:
    text, adapter = Text("“curly” 🙂", ("one",), (), ()), TypeAdapter(Text)
    assert adapter.validate_json(adapter.dump_json(text)) == text


def test_it_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Text("said", (), (), ()).html = "never said"  # type: ignore[misc]

"""Lines: each holds as many words as there is room for."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest import mock

import pypdfium2

from report import knownlines
from report.press import Press

TEXT = "such as cargo targeting and document examination, within their region."


def first_lines(html: str, widths: range) -> list[str]:
    """The first line of a paragraph in each of these widths, in pixels."""
    from weasyprint import HTML

    assert Press((), Path())
    pages = "".join(
        f'<p style="width: {width}px; break-after: page; font-size: 14px">{html}</p>'
        for width in widths
    )
    with pypdfium2.PdfDocument(HTML(string=pages).write_pdf()) as document:
        return [page.get_textpage().get_text_bounded().split("\r\n")[0] for page in document]


def test_a_line_that_is_full_but_for_the_space_at_its_end_is_not_broken_early() -> None:
    lines = first_lines(f"{TEXT} <em>(Mayor, Member State C)</em>", range(400, 640, 2))
    assert any(line.strip() == TEXT for line in lines)
    lengths = [len(line) for line in lines]
    # The wider the line, the more it holds.
    assert lengths == sorted(lengths)
    assert len(TEXT) // 2 < min(lengths)


class Asked(dict[str, Any]):
    """A style that notes what is asked of it, all of which is that of another one."""

    def __init__(self, style: Any, names: set[str]) -> None:
        self.font_config, self.style, self.names = style.font_config, style, names

    def __missing__(self, name: str) -> Any:
        self.names.add(name)
        return self.style[name]


def test_a_line_is_remembered_by_all_that_it_is_set_by() -> None:
    asked: set[str] = set()
    split = knownlines._split_first_line

    def note(text: str, style: Any, *others: Any, **named: Any) -> Any:
        return split(text, Asked(style, asked), *others, **named)

    with mock.patch.object(knownlines, "_split_first_line", note):
        first_lines("Internationalization of exam\u00adples", range(40, 200, 40))
        first_lines('<span style="white-space: pre">tabs\tare</span>', range(40, 41))
        first_lines('<span lang="de" style="hyphens: auto">Donaudampfschiff</span>', range(40, 41))
        first_lines('<span style="overflow-wrap: anywhere">wwwwwwwwwww</span>', range(40, 41))
    assert asked
    assert asked <= {*knownlines._PROPERTIES}

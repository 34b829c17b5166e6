"""Lines: each holds as many words as there is room for."""

from __future__ import annotations

from pathlib import Path

import pypdfium2

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

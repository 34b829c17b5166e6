"""The text of drawings: set as it would be in HTML, but for letters with places of their own."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
from weasyprint import HTML

from report import press
from tests.reading import characters

SIZE = "font: 20px 'Spectral', serif"


def letters(html: str) -> list[tuple[str, float, float]]:
    """Each letter with its left and its right edge, in points."""
    assert press, "has WeasyPrint set the text of drawings so"
    page = f"<style>@page {{ margin: 40pt }} body {{ {SIZE} }}</style>{html}"
    with pypdfium2.PdfDocument(BytesIO(HTML(string=page).write_pdf())) as document:
        return [(letter, left, right) for letter, (left, _, right, _) in characters(document[0])]


def places(html: str) -> list[float]:
    """How far from the leftmost letter each one stands, in points."""
    lefts = sorted(left for _, left, _ in letters(html))
    return [left - lefts[0] for left in lefts]


def drawn(text: str, **attributes: str) -> str:
    listed = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f'<svg width="400" height="40"><text font-size="20"{listed}>{text}</text></svg>'


@pytest.mark.parametrize("text", ["AVATAR To.", "\u0645\u0631\u062d\u0628\u0627"])
def test_the_text_of_a_drawing_is_set_as_in_html(text: str) -> None:
    as_html = places(f"<p>{text}</p>")
    assert len(as_html) > 4
    assert places(drawn(text, x="5", y="30", font_family="Spectral, serif")) == pytest.approx(
        as_html, abs=0.02
    )


@pytest.mark.parametrize("anchor", ["start", "middle", "end"])
def test_a_text_stands_where_its_anchor_says(anchor: str) -> None:
    drawing = (
        '<svg width="200" height="40"><text font-size="20" x="100" y="30">|</text>'
        f'<text font-size="20" x="100" y="30" text-anchor="{anchor}">HOX</text></svg>'
    )
    edges = {letter: (left, right) for letter, left, right in letters(drawing)}
    (bar, _), (left, _), (_, right) = edges["|"], edges["H"], edges["X"]
    anchored = {"start": left, "middle": (left + right) / 2, "end": right}
    assert anchored[anchor] == pytest.approx(bar, abs=4)
    assert right - left > 20


def test_letters_with_places_of_their_own_stand_there() -> None:
    assert places(drawn("III", x="0 100 150", y="30")) == pytest.approx([0, 75, 112.5], abs=0.01)
    apart = places(drawn("III", y="30", letter_spacing="8"))
    assert apart[1] > places(drawn("III", y="30"))[1] + 5

"""Content streams made terse: what is shown stays where it was."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.content import terse

PIECE = st.one_of(
    st.lists(st.integers(0, 0xFFFF), max_size=4).map(lambda g: "".join(f"{n:04x}" for n in g)),
)
NUMBER = st.one_of(st.integers(-900, 900), st.floats(-90, 90, allow_nan=False)).map(
    lambda n: f"{n:.9f}".rstrip("0").rstrip(".") if isinstance(n, float) else str(n)
)


@pytest.mark.parametrize(
    ("written", "short"),
    [
        (b"[<0001>0<0002>] TJ", b"[<00010002>] TJ"),
        (b"[<0001>-30<>-30.712104857<0002>] TJ", b"[<0001>-60.71<0002>] TJ"),
        (b"[<0001>5<>-5<0002>] TJ", b"[<00010002>] TJ"),
        (b"[<0001><0002>12.3456<0003>] TJ", b"[<00010002>12.35<0003>] TJ"),
    ],
)
def test_adjustments_of_one_place_are_one(written: bytes, short: bytes) -> None:
    assert terse(written) == short


@given(st.lists(st.tuples(PIECE, NUMBER), min_size=1, max_size=12))
def test_every_glyph_stays_where_it_was(pieces: list[tuple[str, str]]) -> None:
    written = "[" + "".join(f"<{glyphs}>{number}" for glyphs, number in pieces) + "] TJ"
    before, after = _placed(written), _placed(terse(written.encode()).decode())
    assert [glyph for glyph, _ in before] == [glyph for glyph, _ in after]
    # Each adjustment may be rounded to a hundredth of a thousandth of an em.
    for (_, x), (_, y) in zip(before, after, strict=True):
        assert x == pytest.approx(y, abs=0.01 * len(pieces))


def _placed(operator: str) -> list[tuple[str, float]]:
    """Each glyph with the sum of the adjustments before it."""
    array = operator[operator.index("[") + 1 : operator.rindex("]")]
    assert re.fullmatch(r"(?:<[0-9a-f]*>|-?\d+(?:\.\d+)?(?=<|$))*", array), array
    moved, placed = 0.0, []
    for glyphs, number in re.findall(r"<([0-9a-f]*)>|(-?[\d.]+)", array):
        if number:
            moved += float(number)
        placed += [(glyphs[n : n + 4], moved) for n in range(0, len(glyphs), 4)]
    return placed

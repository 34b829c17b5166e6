"""Roman numerals: lower-case for the folios of front matter, upper-case for volumes."""

from __future__ import annotations


def roman(number: int) -> str:
    """Return a number from 1 on in lower-case roman numerals."""
    numerals = ""
    for value, numeral in (
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
        (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ):  # fmt: skip
        numerals += numeral * (number // value)
        number %= value
    return numerals

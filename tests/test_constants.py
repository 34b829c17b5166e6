"""Custom properties: which are put where they are used, and which are left to the cascade."""

import pytest

from report.constants import resolve


def test_constants_are_put_where_they_are_used_in_any_sheet() -> None:
    tokens = ":root { --line: 15pt; --half: calc(var(--line) / 2) } /* --line is a unit: */"
    text = "p { margin: 0 var(--half) var( --line ) }"
    assert resolve([text, tokens])[0] == "p { margin: 0 calc(15pt / 2) 15pt }"


@pytest.mark.parametrize(
    "css",
    [
        ":root { --a: 1pt } .x { --a: 2pt } p { margin: var(--a) }",
        ":root { --a: 1pt } :root { --a: 2pt } p { margin: var(--a) }",
        "@media screen { :root { --a: 1pt } } p { margin: var(--a) }",
        ".x { --a: 1pt } p { margin: var(--a) }",
        ":root { --a: 1pt } p { margin: var(--a, 2pt) }",
    ],
)
def test_what_may_have_other_values_is_left_to_the_cascade(css: str) -> None:
    assert resolve([css]) == [css]


def test_properties_that_name_each_other_in_a_circle_stay_invalid() -> None:
    (css,) = resolve([":root { --a: var(--b); --b: var(--a) } p { margin: var(--a) }"])
    assert "p { margin: var(--" in css

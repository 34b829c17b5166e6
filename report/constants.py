"""Custom properties that are constants, put where they are used.

CSS Custom Properties 1. WeasyPrint resolves `var()` for every element of every unit anew, which is
some 5 % of the time of typesetting. What only `:root` sets, and sets once, has one value.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_ROOT = re.compile(r":root\s*\{([^{}]*)\}")
_SET = re.compile(r"(--[\w-]+)\s*:\s*([^;{}]*[^;{}\s])")
_USE = re.compile(r"var\(\s*(--[\w-]+)\s*\)")


def resolve(stylesheets: Sequence[str]) -> list[str]:
    """Return stylesheets that mean the same, with the values of constants in place of their names.

    What is set under a condition (`@media`) or more than once is left to the cascade.
    """
    plain = [_COMMENT.sub("", css) for css in stylesheets]
    if any("@media" in css or "@supports" in css for css in plain):
        return plain
    times = Counter(name for css in plain for name, _ in _SET.findall(css))
    at_root = (
        entry for css in plain for block in _ROOT.findall(css) for entry in _SET.findall(block)
    )
    values = {name: value for name, value in at_root if times[name] == 1}
    return [_put(css, values) for css in plain]


def _put(css: str, values: dict[str, str]) -> str:
    """Put values in place of names; a value that names others is resolved in turn."""
    name = next((name for name in _USE.findall(css) if name in values), None)
    if name is None:
        return css
    others = {other: value for other, value in values.items() if other != name}
    value = _put(values[name], others)
    return _put(_USE.sub(lambda use: value if use[1] == name else use[0], css), others)

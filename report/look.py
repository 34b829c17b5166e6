"""How figures look: the colours and faces of the tokens in the report's stylesheets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from report.constants import resolve
from report.digits import Digits
from report.resources import fonts, locate

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CONDITIONAL = re.compile(r"@(?:media|supports)[^{}]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_ROOT = re.compile(r":root\s*\{([^{}]*)\}")
_TOKEN = re.compile(r"--([\w-]+)\s*:\s*([^;{}]*[^;{}\s])")
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)


class MissingTokenError(ValueError):
    """A token that figures or a form of the report need is not in the stylesheets."""

    def __init__(self, name: str):
        super().__init__(f"styles/tokens.css lacks the token --{name}, which is needed")


def require_tokens(sheets: Iterable[str], usual: str) -> None:
    """Raise `MissingTokenError` for a token of the usual stylesheet that is in none of these."""
    found = tokens(sheets)
    for name in tokens([usual]):
        if name not in found:
            raise MissingTokenError(name)


@dataclass(frozen=True, slots=True)
class Look:
    """How figures look: colours by the names of tokens, stack of faces, font files, words."""

    colours: Mapping[str, str]
    faces: str
    fonts: tuple[Path, ...]
    language: str
    digits: Digits


def look(styles: Sequence[tuple[str, str]], folder: Path, language: str, digits: Digits) -> Look:
    """How figures look in stylesheets, name and text; `folder` is that of the event.

    Raises `MissingTokenError`.
    """
    found = tokens(css for _, css in styles)
    if "sans" not in found:
        raise MissingTokenError("sans")
    colours = {name: v.lower() for name, v in found.items() if _COLOUR.fullmatch(v)}
    files = (locate(url, folder) for url in fonts(text for _, text in styles))
    return Look(colours, found["sans"], tuple(files), language, digits)


def tokens(sheets: Iterable[str]) -> Mapping[str, str]:
    """The tokens of stylesheets in the order of the cascade, by their names without dashes.

    What is set under a condition, such as for the dark form of the page, is left out. A token that
    is another has its value.
    """
    plain = (_CONDITIONAL.sub("", _COMMENT.sub("", css)) for css in sheets)
    last = {
        name: value
        for css in plain
        for root in _ROOT.findall(css)
        for name, value in _TOKEN.findall(root)
    }
    (resolved,) = resolve([":root {" + "; ".join(f"--{n}: {v}" for n, v in last.items()) + "}"])
    return dict(_TOKEN.findall(resolved))

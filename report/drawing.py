"""Figures: charts and matrices as SVG in the report's own colours and faces, drawn once.

A drawing is kept under a digest of all that it is made of, so that a build without changes
neither draws nor waits for the plotting library to be loaded. It is kept without its colours, which
are put in when it is used: in other colours it is the same drawing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from report.digits import Digits, digits_of
from report.fragment import Store
from report.glance import Chart
from report.look import Look, MissingTokenError, look
from report.resources import fonts_digest
from report.scripts import sheets_for
from report.support import Matrix

Draw = Callable[[Chart | Matrix], str]
"""Makes the SVG of a figure, to stand in HTML."""

_TAG = re.compile("<[^>]+>")
_COLOUR = re.compile('(?<=(?:fill|roke)=")#[0-9a-f]{6}(?=")')


class Draughtsman:
    """Draws the figures of one event, or finds them drawn."""

    def __init__(
        self,
        styles: Sequence[tuple[str, str]],
        folder: Path,
        cache: Path,
        language: str,
        digits: Digits = Digits.LATIN,
    ) -> None:
        """Take colours and faces from stylesheets, name and text; `folder` is the event's.

        `language` and `digits` are the report's.
        """
        self._styles = styles
        self._folder = folder
        self._language = language
        self._digits = digits_of(language, digits)
        self._store = Store(cache)
        self._looks: dict[tuple[tuple[str, str], ...], tuple[Look, str]] = {}

    def draw(self, figure: Chart | Matrix) -> str:
        """The SVG of a figure, the same bytes for the same figure and look.

        Raises `MissingTokenError`.
        """
        styles = sheets_for(self._styles, str(figure), (self._language,))
        how, fonts = self._look(styles)
        marks = {name: f"#{place:06x}" for place, name in enumerate(sorted(how.colours), start=1)}
        unpainted = replace(how, colours=marks)
        made_of = f"{figure} {unpainted} {fonts} {_library()}"
        key = hashlib.sha256(made_of.encode()).hexdigest()
        stored = self._store.read(key)
        if stored is None:
            # Imported here: the plotting library takes longer to load than the figures to draw.
            from report.plot import plot

            try:
                stored = plot(figure, unpainted).encode()
            except KeyError as error:
                raise MissingTokenError(str(error.args[0])) from None
            self._store.write(key, stored)
        return _painted(stored.decode(), {marks[name]: how.colours[name] for name in marks})

    def _look(self, styles: tuple[tuple[str, str], ...]) -> tuple[Look, str]:
        """How figures look in stylesheets, and the digest of their fonts, worked out once."""
        if styles not in self._looks:
            fonts = fonts_digest([text for _, text in styles], self._folder)
            how = look(styles, self._folder, self._language, self._digits)
            self._looks[styles] = how, fonts
        return self._looks[styles]


def _painted(svg: str, colours: Mapping[str, str]) -> str:
    """A drawing with colours in the place of the marks by which its shapes name them."""

    def paint(tag: re.Match[str]) -> str:
        return _COLOUR.sub(lambda mark: colours.get(mark[0], mark[0]), tag[0])

    return _TAG.sub(paint, svg)


@lru_cache
def _library() -> str:
    """What draws: the plotting library's version, and our own code that uses it."""
    own = Path(__file__).with_name("plot.py").read_bytes()
    return f"{version('matplotlib')} {hashlib.sha256(own).hexdigest()}"

"""A job for the press: what the process that plans the typesetting hands to the one that does it.

It stands apart from the press so that whoever plans does not load the typesetter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from report.quota import USUAL, Allowance
from report.scripts import sheets_for
from report.unit import Paging, Unit


@dataclass(frozen=True, slots=True)
class Job:
    """All that typesetting one unit needs, fit to be sent to another process.

    `files` are digests of the fonts and pictures that the styles name, as the key has them.
    """

    unit: Unit
    key: str
    folios: Mapping[str, str]
    specimen: str
    styles: tuple[tuple[str, str], ...]
    folder: Path
    cache: Path
    allowance: Allowance = USUAL
    files: tuple[str, ...] = ()


def specimen(styles: tuple[tuple[str, str], ...], folder: Path, cache: Path, language: str) -> Job:
    """A job that leaves a worker warm: with fonts, styles and the hyphenation of a language.

    Most units of most events want no more of the stylesheets. Its pages belong to no report.
    """
    usual = sheets_for(styles, "", (language,))
    unit = Unit("specimen", "chapter", "Specimen", _SPECIMEN, language, Paging.NONE)
    key = hashlib.sha256(repr((unit, usual)).encode()).hexdigest()
    return Job(unit, key, {}, "", usual, folder, cache)


_WORDS = "Understanding intergovernmental communication characterizes multilateral institutions. "
_SPECIMEN = f"""\
<h2>Specimen</h2><div class="text"><p>{10 * _WORDS}<em>Emphasis</em></p></div>"""
"""A heading, and a paragraph as in a text, of which words are divided at the ends of lines."""

"""The programme booklet as PDF and page, in the report's own styles on smaller paper."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from report import web
from report.assets import BOOKLET_STYLES, WEB_STYLES, stylesheets, template_folders
from report.booklet import handed_out
from report.link import link
from report.merge import booklet
from report.model import Event
from report.typeset import Styles, typeset

_CACHE = "programme"
"""Where in the cache its pages are kept: those of the report are others."""


def files(event: Event, folder: Path, cache: Path, suffix: str) -> Mapping[str, bytes]:
    """The booklet's files by name; raises what the forms of the report raise."""
    templates = template_folders(folder)
    report = booklet(handed_out(event), folder, templates)
    pages = typeset(report, Styles(stylesheets(folder, BOOKLET_STYLES)), cache / _CACHE, jobs=1)
    page = web.publish(report, stylesheets(folder, WEB_STYLES), templates)
    return {
        f"programme{suffix}.pdf": link(report, pages, cache / _CACHE),
        f"programme{suffix}.html": page.encode(),
    }

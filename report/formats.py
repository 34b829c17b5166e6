"""What the report can be made as."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """A form of the report, by the name under which commands ask for it."""

    PDF = "pdf"
    HTML = "html"
    JSON = "json"
    DOCX = "docx"
    EPUB = "epub"
    MARKDOWN = "markdown"
    PROGRAMME = "programme"
    SITE = "site"


USUAL = frozenset({Format.PDF, Format.HTML, Format.JSON})
"""What is made when nothing in particular is asked for."""

RELEASED = USUAL | {Format.SITE}
"""What a release holds."""

PAGED = frozenset({Format.PDF, Format.EPUB, Format.SITE})
"""Forms that need pages: for these, units are typeset."""

OFFPRINTS = frozenset({Format.PDF, Format.HTML, Format.DOCX})
"""What a part of the report can be made as by itself."""

PRINTED = frozenset({Format.PDF, Format.PROGRAMME})
"""Forms whose pages a printer can be given."""

"""How to cite the report: its bibliographic entry, in the forms that people and programs want.

The line to copy has the order of the United Nations Editorial Manual, "Footnotes and other
references": author, title, and in parentheses edition, publisher and year, then the symbol.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from report import naming
from report.typography import smarten
from report.words import words

if TYPE_CHECKING:
    from report.model import Event


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the report that is cited by itself: whose it is, its title, and its folios.

    `pages` are the first and the last folio, or the one that is both. Author or title may be empty.
    """

    author: str
    title: str
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """The report as a bibliography lists it, or a `part` of it.

    `relations` are the symbols of the resolutions that gave the event its mandate; `coverage` says
    where the event took place. Anything but title, authors, date and language may be empty.
    """

    title: str
    authors: tuple[str, ...]
    issued: date
    language: str
    contributors: tuple[str, ...] = ()
    publisher: str = ""
    series: str = ""
    symbol: str = ""
    edition: str = ""
    coverage: str = ""
    relations: tuple[str, ...] = ()
    part: Part | None = None

    @property
    def text(self) -> str:
        """The line to copy: of a part, whose it is, and in what and on which pages it stands."""
        own = words(self.language)
        line = own.line((self._whole, self.symbol))
        if self.part:
            pages = own.ngettext(
                "p.\u00a0%(pages)s", "pp.\u00a0%(pages)s", len(self.part.pages),
                pages="\u2013".join(self.part.pages),
            )  # fmt: skip
            title = own.gettext("\u201c%(title)s\u201d", title=self.part.title)
            said = own.line((self.part.author, title if self.part.title else ""))
            line = own.gettext("%(part)s, in %(report)s", part=said, report=line)
            line = own.line((line, pages))
        return own.gettext("%(entry)s.", entry=line)

    @property
    def _whole(self) -> str:
        own = words(self.language)
        imprint = own.line((self.edition, self.publisher, str(self.issued.year)))
        return own.gettext(
            "%(authors)s, %(title)s (%(imprint)s)",
            authors=own.listed(self.authors),
            title=self.title,
            imprint=imprint,
        )

    @property
    def key(self) -> str:
        """A name for the entry in a bibliography: the first words of the title, and the year."""
        title = f"{self.part.author} {self.part.title}" if self.part else self.title
        words = [word for word in _plain_words(title) if word not in _ARTICLES]
        return "-".join((*(words[:3] or ["report"]), str(self.issued.year)))

    @property
    def bibtex(self) -> str:
        """The entry for BibTeX and biblatex."""
        own = words(self.language)
        authors = " and ".join(f"{{{_tex(author)}}}" for author in self.authors)
        fields = {
            "author": authors,
            "title": f"{{{_tex(self.title)}}}",
            "institution": _tex(self.publisher or own.listed(self.authors)),
            "type": _tex(own.gettext("Comprehensive report")),
            "number": _tex(self.symbol),
            "series": _tex(self.series),
            "year": str(self.issued.year),
            "month": _MONTHS[self.issued.month - 1],
            "note": _tex(self.edition[:1].upper() + self.edition[1:]),
            "language": self.language,
        }
        kind = "techreport"
        if self.part:
            kind = "incollection"
            fields |= {
                "author": f"{{{_tex(self.part.author)}}}" if self.part.author else "",
                "title": f"{{{_tex(self.part.title or self.part.author)}}}",
                "booktitle": fields["title"],
                "editor": authors,
                "publisher": fields.pop("institution"),
                "pages": "--".join(self.part.pages),
            }
        # A month is one of BibTeX's own abbreviations, which stand without braces.
        lines = (
            f"  {name} = {value if name == 'month' else f'{{{value}}}'},\n"
            for name, value in fields.items()
            if value
        )
        return f"@{kind}{{{self.key},\n{''.join(lines)}}}\n"

    @property
    def csl(self) -> dict[str, Any]:
        """The entry as CSL-JSON (Citation Style Language 1.0.2), which reference managers read."""
        entry = {
            "id": self.key,
            "type": "report",
            "genre": words(self.language).gettext("Comprehensive report"),
            "title": self.title,
            "author": [{"literal": author} for author in self.authors],
            "issued": {"date-parts": [[self.issued.year, self.issued.month, self.issued.day]]},
            "publisher": self.publisher,
            "collection-title": self.series,
            "number": self.symbol,
            "note": self.edition,
            "event-place": self.coverage,
            "language": self.language,
        }
        return {name: value for name, value in entry.items() if value}


def entry(event: Event, volume: str = "") -> Entry:
    """The bibliographic entry of the event's report, or of a volume of it.

    Without an edition the report is as old as its event: the clock is never asked.
    """
    own = words(event.language)
    title = own.gettext("%(title)s: comprehensive report", title=naming.full_title(event))
    return Entry(
        title=own.line((title, volume)),
        authors=tuple(smarten(name, event.language) for name in event.organizers),
        issued=event.edition.date if event.edition else event.date,
        language=event.language,
        contributors=tuple(smarten(name, event.language) for name in event.partners),
        publisher=smarten(event.publisher, event.language),
        series=smarten(event.series, event.language),
        symbol=event.symbol,
        edition=_edition(event),
        coverage=smarten(event.venue, event.language),
        relations=tuple(resolution.symbol for resolution in event.resolutions),
    )


def _edition(event: Event) -> str:
    own, edition = words(event.language), event.edition
    parts = []
    if edition:
        parts.append(own.gettext("edition %(number)s", number=edition.number))
        if edition.status.remark:
            parts.append(own.gettext(edition.status.remark))
    if event.specimen:
        parts.append(own.gettext("specimen"))
    return own.line(parts)


_ARTICLES = {"a", "an", "the"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "{}$&#%_"},
}


def _tex(text: str) -> str:
    """The text with what has a meaning in TeX made harmless."""
    return "".join(_TEX.get(character, character) for character in text)


def _plain_words(text: str) -> list[str]:
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.findall(r"[a-z0-9]+", ascii_text.casefold())

"""The program's own words in the language of an edition, and how it writes dates, times and lists.

English is the language of the messages; the five other official languages of the United Nations
have a catalogue each in `locale/`. Dates have the forms of the United Nations' editorial manuals,
which differ from those of CLDR, so that months and their order are messages like any other; only
the names of other languages and larger numbers are asked of CLDR.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from report.languages import primary

OFFICIAL = ("ar", "en", "es", "fr", "ru", "zh")
"""The official languages of the United Nations, by their codes (ISO 639-1)."""

CATALOGUES = Path(__file__).with_name("locale")
"""Where the catalogues are: `LANGUAGE/LC_MESSAGES/rapporteur.po`."""


def gettext_noop(message: str) -> str:
    """Mark a message for the catalogues where it is not translated yet."""
    return message


def pgettext_noop(context: str, message: str) -> tuple[str, str]:
    """Mark a message that means what it means in a context; gives what `pgettext` takes."""
    return context, message


_MONTHS = (
    pgettext_noop("in a date", "January"),
    pgettext_noop("in a date", "February"),
    pgettext_noop("in a date", "March"),
    pgettext_noop("in a date", "April"),
    pgettext_noop("in a date", "May"),
    pgettext_noop("in a date", "June"),
    pgettext_noop("in a date", "July"),
    pgettext_noop("in a date", "August"),
    pgettext_noop("in a date", "September"),
    pgettext_noop("in a date", "October"),
    pgettext_noop("in a date", "November"),
    pgettext_noop("in a date", "December"),
)
_LANGUAGES = {
    "ar": gettext_noop("Arabic"),
    "en": gettext_noop("English"),
    "es": gettext_noop("Spanish"),
    "fr": gettext_noop("French"),
    "ru": gettext_noop("Russian"),
    "zh": gettext_noop("Chinese"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language. Messages have placeholders such as `%(number)s`."""

    language: str
    """The code of the language."""

    _catalogue: NullTranslations

    def gettext(self, message: str, **values: object) -> str:
        """A message in this language, filled in."""
        return self._catalogue.gettext(message) % values

    def ngettext(self, one: str, many: str, number: int, **values: object) -> str:
        """A message in the form that goes with a number, which is `%(num)s` in it."""
        return self._catalogue.ngettext(one, many, number) % {"num": number, **values}

    def pgettext(self, context: str, message: str, **values: object) -> str:
        """A message as it reads in a context."""
        return self._catalogue.pgettext(context, message) % values

    def day(self, value: date) -> str:
        """A date as the United Nations write it: 19 September 2011."""
        # In French, the first of a month alone is an ordinal.
        day = self.pgettext("in a date", "1") if value.day == 1 else value.day
        month = self.pgettext(*_MONTHS[value.month - 1])
        return self.pgettext(
            "date", "%(day)s\u00a0%(month)s\u00a0%(year)s", day=day, month=month, year=value.year
        )

    def clock(self, minutes: int) -> str:
        """Minutes after midnight as a time of the day: 10:15."""
        hours, rest = divmod(minutes, 60)
        return self.pgettext("time", "%(hours)02d:%(minutes)02d", hours=hours, minutes=rest)

    def moment(self, value: datetime) -> str:
        """A moment with its time zone: 20 September 2011, 09:00 (UTC-04:00)."""
        time = self.clock(value.hour * 60 + value.minute)
        return self.pgettext(
            "moment", "%(day)s, %(time)s (%(zone)s)",
            day=self.day(value), time=time, zone=value.tzname(),
        )  # fmt: skip

    @property
    def comma(self) -> str:
        """What stands between facts that follow one another: a name, a function, a place."""
        return self.pgettext("between facts", ", ")

    @property
    def list_comma(self) -> str:
        """What stands between the items of a list."""
        return self.pgettext("between items", ", ")

    @property
    def semicolon(self) -> str:
        """What stands between the items of a list that may have commas of their own."""
        return self.pgettext("between longer items", "; ")

    def line(self, facts: Iterable[str | None]) -> str:
        """Facts, but for empty ones, in a line: Mayor, Member State C, para. 4."""
        return self.comma.join(filter(None, facts))

    def listed(self, items: Iterable[str | None]) -> str:
        """Items, but for empty ones, one after the other: 4, 6, 9."""
        return self.list_comma.join(filter(None, items))

    def enumerated(self, items: Iterable[str | None]) -> str:
        """Items that may have commas of their own: Mayor, State C; Minister, State A."""
        return self.semicolon.join(filter(None, items))

    def language_name(self, code: str) -> str:
        """What a language is called: official ones as the United Nations do, others by CLDR."""
        if name := _LANGUAGES.get(primary(code)):
            return self.gettext(name)
        # Imported here because most editions name official languages only.
        from babel import Locale, UnknownLocaleError

        try:
            return Locale.parse(code, sep="-").get_display_name(self.language) or code
        except (ValueError, UnknownLocaleError):
            return code


@lru_cache
def words(language: str) -> Words:
    """The program's words in a language: in English, where no catalogue has the language."""
    code = primary(language)
    if code == "en" or code not in OFFICIAL:
        return Words("en", NullTranslations())
    return Words(code, _read(catalogue(code)))


def catalogue(language: str) -> Path:
    """Where the catalogue of a language is; English has none."""
    return CATALOGUES / primary(language) / "LC_MESSAGES" / "rapporteur.po"


def _read(path: Path) -> NullTranslations:
    """Read a catalogue. English does without, and need not wait for what reads it."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=path.parts[-3]))
    compiled.seek(0)
    return GNUTranslations(compiled)

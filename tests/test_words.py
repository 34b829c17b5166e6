"""The program's own words: every language has all of them, in the forms of the United Nations."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache

import pytest
from babel.dates import get_month_names
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from report.model import (
    ChapterMatter,
    Edition,
    EventMatter,
    Pillar,
    Resolution,
    SessionMatter,
    SpeakerRecommendation,
    StatementMatter,
    Subject,
    Volume,
)
from report.release.inventory import _LABELS, _UNPRINTED
from report.words import CATALOGUES, OFFICIAL, words
from tests.conftest import PROJECT

TRANSLATED = [language for language in OFFICIAL if language != "en"]
PLACEHOLDER = re.compile(r"%\((\w+)\)\w+")


@cache
def catalogue(language: str) -> Catalog:
    with (CATALOGUES / language / "LC_MESSAGES" / "rapporteur.po").open("rb") as file:
        return read_po(file, locale=language)


def messages(catalogue: Catalog) -> set[object]:
    return {(m.context, m.id) for m in catalogue if m.id}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What `make messages` finds in the program and its templates."""
    path = tmp_path_factory.mktemp("words") / "rapporteur.pot"
    make = ["make", "--silent", f"TEMPLATE={path}", str(path)]
    subprocess.run(make, cwd=PROJECT, check=True, capture_output=True)
    with path.open("rb") as file:
        return read_po(file)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_has_the_messages_of_the_program_and_no_others(
    language: str, template: Catalog
) -> None:
    assert len(messages(template)) > 200
    told = messages(catalogue(language))
    assert told == messages(template), "run `make messages`"
    assert not catalogue(language).obsolete


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_message_is_missing_or_uncertain(language: str) -> None:
    for message in catalogue(language):
        if not message.id:
            continue
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(forms), f"{language}: {message.id} has no translation"
        assert not message.fuzzy, f"{language}: {message.id} is marked fuzzy"
        if isinstance(message.id, tuple):
            assert len(forms) == catalogue(language).num_plurals


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_placeholders_of_their_messages(language: str) -> None:
    for message in catalogue(language):
        if message.id:
            _check_placeholders(language, message)


def _check_placeholders(language: str, message: Message) -> None:
    plural = isinstance(message.id, tuple)
    wanted = set(PLACEHOLDER.findall(message.id[0] if plural else message.id))
    for form in message.string if plural else (message.string,):
        found = set(PLACEHOLDER.findall(form))
        # A form for one or two may say the number in a word.
        assert found | ({"num"} & wanted) == wanted, f"{language}: {message.id} became {form}"


def test_each_key_of_the_files_has_a_name() -> None:
    kinds = (
        *(EventMatter, ChapterMatter, SessionMatter, StatementMatter, SpeakerRecommendation),
        *(Pillar, Resolution, Subject, Edition, Volume),
    )
    keys = {key for kind in kinds for key in kind.model_fields}
    assert keys - _UNPRINTED <= _LABELS.keys()


@pytest.mark.parametrize(
    ("language", "ninth", "first"),
    [
        ("en", "9 June 2011", "1 October 2011"),
        ("fr", "9 juin 2011", "1er octobre 2011"),
        ("es", "9 de junio de 2011", "1 de octubre de 2011"),
        ("ru", "9 июня 2011 года", "1 октября 2011 года"),
        ("zh", "2011年6月9日", "2011年10月1日"),
        ("ar", "9 حزيران/يونيه 2011", "1 تشرين الأول/أكتوبر 2011"),
    ],
)
def test_dates_have_the_forms_of_the_editorial_manuals(
    language: str, ninth: str, first: str
) -> None:
    told = [words(language).day(day) for day in (date(2011, 6, 9), date(2011, 10, 1))]
    assert [day.replace("\u00a0", " ") for day in told] == [ninth, first]


@pytest.mark.parametrize("language", [code for code in OFFICIAL if code not in ("ar", "zh")])
def test_months_are_those_of_cldr(language: str) -> None:
    for number, name in get_month_names("wide", "format", language).items():
        assert name in words(language).day(date(2011, number, 19)).replace("\u00a0", " ")


def test_arabic_months_have_the_names_of_both_east_and_west() -> None:
    eastern, western = (get_month_names("wide", "format", code) for code in ("ar_LB", "ar_EG"))
    for number, name in eastern.items():
        told = words("ar").day(date(2011, number, 19))
        assert f"{name}/" in told
        if number not in (6, 7):  # The United Nations write these two in another way.
            assert f"/{western[number]}" in told


def test_a_moment_tells_its_time_zone() -> None:
    moment = datetime(2011, 9, 20, 9, 0, tzinfo=timezone(timedelta(hours=-4)))
    assert words("en").moment(moment).endswith(", 09:00 (UTC-04:00)")
    assert "à 9\u00a0h\u00a000" in words("fr").moment(moment)
    assert words("zh").moment(moment.astimezone(UTC)).startswith("2011年9月20日13:00")


def test_forms_go_with_their_numbers() -> None:
    def minutes(language: str, number: int) -> str:
        return words(language).ngettext("%(num)s minute", "%(num)s minutes", number)

    assert [minutes("ru", n)[-6:] for n in (1, 3, 7)] == ["минута", "минуты", "\u00a0минут"]
    assert minutes("fr", 1) == "1\u00a0minute"
    assert minutes("ar", 2) == "دقيقتان"
    assert minutes("zh", 2) == "2分钟"


def test_any_language_has_a_name_in_each() -> None:
    assert words("en").language_name("sw") == "Swahili"
    assert words("fr").language_name("pt") == "portugais"
    assert words("ar").language_name("en") == "الإنكليزية", "as the United Nations write it"
    assert words("zh-Hans").language_name("ru") == "俄文"
    assert words("en").language_name("tlh-x-none") == "tlh-x-none"


def test_a_language_without_a_catalogue_has_english_words() -> None:
    assert words("de").language == "en"
    assert words("de").gettext("Contents") == "Contents"


def test_english_asks_nothing_of_the_library_of_locales() -> None:
    code = (
        "import sys; from report.words import words; from datetime import date;"
        "words('en').day(date(2011, 9, 19)); words('en').language_name('fr');"
        "sys.exit('babel' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=True)

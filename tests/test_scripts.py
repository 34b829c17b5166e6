"""Scripts: each language in faces that have it, at no cost to units that are not written in it."""

from dataclasses import replace
from pathlib import Path

import pytest

from report.assets import PRINT_STYLES, WEB_STYLES, stylesheets, template_folders
from report.typeset import Styles, Typeset, typeset
from report.unit import Report, Unit
from report.web import publish
from tests import synthetic

NOWHERE = Path(__file__).parent / "no-event"
STYLES = Styles(stylesheets(NOWHERE, PRINT_STYLES))

ARABIC = "يولد جميع الناس أحرارًا متساوين في الكرامة والحقوق"
RUSSIAN = "Все люди рождаются свободными и равными в своем достоинстве и правах"


def unit(text: str, language: str = "en", number: int = 1) -> Unit:
    return replace(
        synthetic.statement(number, 1),
        html=f'<h2>{text}</h2><p class="text">{text} <em>{text}</em> <strong>{text}</strong></p>',
        language=language,
    )


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def build(cache: Path, *units: Unit, styles: Styles = STYLES) -> tuple[Report, Typeset]:
    report = replace(synthetic.report(*units), folder=NOWHERE)
    return report, typeset(report, styles, cache, jobs=1)


def families(pressed: Typeset) -> set[str]:
    return {face.family for unit in pressed.units for face in unit.faces()}


# Faces


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        (ARABIC, "ar", {"Amiri", "IBM Plex Sans Arabic"}),
        (RUSSIAN, "ru", {"Spectral", "Fira Sans"}),
    ],
)
def test_a_language_is_set_in_faces_that_have_all_of_it(
    cache: Path, text: str, language: str, wanted: set[str]
) -> None:
    _, pressed = build(cache, unit(text, language))
    assert [unit.missing for unit in pressed.units] == [""]
    assert wanted <= families(pressed)


def test_a_word_of_arabic_in_an_english_text_has_a_face_too(cache: Path) -> None:
    _, pressed = build(cache, unit("The word سلام means peace"))
    assert pressed.units[0].missing == ""
    assert {"Spectral", "Fira Sans", "Amiri"} <= families(pressed)


def test_styles_of_a_script_make_only_units_stale_that_are_written_in_it(cache: Path) -> None:
    units = unit("Peace", number=1), unit(ARABIC, "ar", number=2)
    build(cache, *units)
    changed = tuple(
        (name, css + "/* changed */" * (name == "arabic.css")) for name, css in STYLES.sheets
    )
    _, again = build(cache, *units, styles=Styles(changed))
    assert again.reasons == {units[1].id: "styles changed"}


# The web page


def test_the_page_has_the_faces_of_the_scripts_in_it_alone() -> None:
    def page(*units: Unit) -> str:
        report = replace(synthetic.report(*units), folder=NOWHERE)
        return publish(report, stylesheets(NOWHERE, WEB_STYLES), template_folders(NOWHERE))

    assert "font-family: Amiri" not in page(unit("Peace"))
    assert "font-family: Amiri" in page(unit("Peace"), unit(ARABIC, "ar", 2))

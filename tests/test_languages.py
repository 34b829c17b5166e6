"""The official languages on real text: the Declaration of Human Rights, and a small event.

What a PDF is read aloud, searched and copied by is the text that the editors wrote, in its order.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from unicodedata import normalize

import page
import pytest
from pikepdf import Dictionary

from report.assets import PRINT_STYLES, stylesheets
from report.compilation import compile_report
from report.formats import Format
from report.resources import unfetched
from tests import tongues
from tests.conftest import CACHE
from tests.reading import Reading, letters

UDHR = Path(__file__).parents[2] / "shared/udhr"
VERAPDF = Path(__file__).parents[2] / "shared/verapdf/validate"
LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")

pytestmark = pytest.mark.skipif(
    bool(unfetched(css for _, css in stylesheets(Path(), PRINT_STYLES))),
    reason="the fonts of Chinese are not fetched",
)
with_udhr = pytest.mark.skipif(not UDHR.exists(), reason="the UDHR is not beside the project")


MISREAD = "PDFA3A-STREAM-LENGTH-001"
"""page-validation takes a carriage return that ends a stream for an end of line."""


def compiled(event: Path, output: Path) -> Reading:
    outcome = compile_report(event, output, CACHE, frozenset({Format.PDF}), jobs=1)
    assert outcome.outputs, outcome.diagnostics
    assert [found for found in outcome.diagnostics if found.rule.code in ("W110", "W111")] == []
    return Reading(output / "report.pdf")


@pytest.fixture(scope="module")
def declaration(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Reading]:
    """The Declaration in a language, as a statement of an event in that language."""
    language: str = request.param
    folder = tmp_path_factory.mktemp(f"udhr-{language}")
    event = folder / "event"
    shutil.copytree(tongues.MINIMAL, event)
    with (event / "event.yaml").open("a", encoding="utf-8") as file:
        file.write(f"language: {language}\n")
    text = (UDHR / f"{language}.md").read_text(encoding="utf-8")
    head = f"{tongues.SPEAKER}\nlanguage: {language}"
    (event / "1-opening/02-declaration.md").write_text(
        f"---\n{head}\n---\n{text}", encoding="utf-8"
    )
    return text, compiled(event, folder)


def paragraphs(markdown: str) -> list[str]:
    """The paragraphs and headings of a text, with one sign for all quotation marks and spaces."""
    blocks = re.split(r"\n\s*\n|\n(?=\d+\. |- )", markdown)
    return [found for block in blocks if (found := plain(re.sub(r"^(#+|\d+\.|-) ", "", block)))]


def plain(text: str) -> str:
    """A text as it is said: quotation marks and spaces have many forms."""
    text = re.sub("[\u00ad\u2010\x02-]", "", normalize("NFC", text))
    return " ".join(re.sub('[«»“”„"]', "", text.replace("’", "'")).split())


@pytest.mark.heavy
@with_udhr
@pytest.mark.parametrize("declaration", LANGUAGES, indirect=True, ids=LANGUAGES)
def test_every_word_is_read_aloud_as_it_was_written(declaration: tuple[str, Reading]) -> None:
    text, reading = declaration
    spoken, place = plain(reading.spoken), 0
    compact = spoken.replace(" ", "")
    for paragraph in paragraphs(text):
        wanted = paragraph.replace(" ", "")
        found = compact.find(wanted, place)
        assert found >= 0, paragraph
        assert paragraph in spoken
        place = found + len(wanted)


@pytest.mark.heavy
@with_udhr
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="Poppler is not installed")
@pytest.mark.parametrize("declaration", LANGUAGES, indirect=True, ids=LANGUAGES)
def test_every_word_is_found_by_programs_that_see_only_what_is_drawn(
    declaration: tuple[str, Reading],
) -> None:
    """PDFium and Poppler turn lines of Arabic round by themselves, and break words at signs.

    A paragraph that goes over a page has a running head in it: its beginning and its end are found.
    """
    text, reading = declaration
    poppler = subprocess.run(
        ["pdftotext", reading.path, "-"], capture_output=True, encoding="utf-8", check=True
    ).stdout
    for drawn in (" ".join(reading.pages), poppler):
        seen = words(drawn)
        divided = [found for p in paragraphs(text) if (found := words(p)) not in seen]
        assert len(divided) < len(reading.pages) / 2
        assert [p for p in divided if p[:30] not in seen or p[-30:] not in seen] == []


def words(text: str) -> str:
    """Letters alone: folios and numbers stand between those of a text that goes on."""
    return re.sub(r"\d", "", letters(normalize("NFKC", text)))


# Validators


@pytest.fixture(scope="module")
def tongue(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Reading:
    """An event in a language with statements in all six."""
    folder = tmp_path_factory.mktemp(f"in-{request.param}")
    return compiled(tongues.event_in(folder / "event", request.param), folder)


in_every_language = pytest.mark.parametrize(
    "tongue",
    [
        "ar",
        *(pytest.param(code, marks=pytest.mark.heavy) for code in ("en", "es", "fr", "ru", "zh")),
    ],
    indirect=True,
)


@in_every_language
def test_a_report_is_small_and_sound_in_any_language(tongue: Reading) -> None:
    assert tongue.pdf.check_pdf_syntax() == []
    # The files of all faces are some 50 MB.
    assert tongue.path.stat().st_size < 250_000
    objects = [item for item in tongue.pdf.objects if isinstance(item, Dictionary)]
    faces = {str(item.BaseFont) for item in objects if "/BaseFont" in item}
    assert len(faces) > 5
    assert [name for name in faces if not re.fullmatch(r"/[A-Z]{6}\+.+", name)] == []


@in_every_language
def test_every_change_of_language_is_in_the_structure(tongue: Reading) -> None:
    """PDFium gives the words of a line in another order on a page of Arabic, so letters count."""
    own = str(tongue.pdf.Root.Lang)
    for code, text in tongues.STATEMENTS.items():
        if code == own:
            continue
        told = Counter("".join(tongue.spoken_in(code)))
        for paragraph in text.replace("*", "").split("\n\n"):
            assert not Counter(letters(normalize("NFC", paragraph))) - told, (code, paragraph)


@pytest.mark.parametrize("tongue", ["zh"], indirect=True)
def test_references_in_chinese_stand_in_brackets_of_full_width(tongue: Reading) -> None:
    assert re.search("（[^（）()]+第2段）", tongue.spoken)
    assert not re.search(r"[(][^()]*第2段[)]", tongue.spoken)


@in_every_language
def test_validators_find_nothing_in_any_language(tongue: Reading) -> None:
    for profile in ("ua1", "3a"):
        verdict = page.validate_pdf(tongue.path, profile=profile)
        found = {f"{f.rule_id}: {f.message}" for f in verdict.failures if f.rule_id != MISREAD}
        assert found == set()
    languages = {str(element.Lang) for element in tongue.structure if "/Lang" in element}
    assert set(LANGUAGES) - {str(tongue.pdf.Root.Lang)} <= languages


@pytest.mark.heavy
@pytest.mark.skipif(not VERAPDF.exists(), reason="veraPDF is not beside the project")
@pytest.mark.skipif(shutil.which("java") is None, reason="veraPDF needs Java")
@in_every_language
def test_verapdf_finds_nothing_in_any_language(tongue: Reading) -> None:
    run = subprocess.run(
        [VERAPDF, "ua1,3a", tongue.path], capture_output=True, text=True, check=False, timeout=300
    )
    assert run.returncode == 0, run.stdout
    assert run.stdout.count(": compliant") == 2

"""Editions: one event folder, read in each of its languages; what is missing, and what is told."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import page as page_validation
import pytest
from lxml.html import fragment_fromstring

from report.acceptance import lock
from report.assets import PRINT_STYLES, stylesheets
from report.check import check
from report.compilation import ALL, Outcome, compile_report, examine, in_language, merged
from report.conclusions import conclude
from report.coverage import coverage
from report.edition import UnknownEditionError
from report.formats import USUAL, Format
from report.load import load
from report.model import Event
from report.release.release import obstacles_to_release, release
from report.release.verification import Verdict, check_sources, volumes
from report.slides import slides
from report.typography import smarten
from report.words import words as words_of
from tests.conftest import CACHE, PROJECT
from tests.reading import Reading, letters
from tests.terminal import run
from tests.test_languages import MISREAD

MINIMAL = PROJECT / "tests" / "events" / "minimal"
MINISTER = "1-opening/01-minister"
IMAM = "1-opening/02-imam"

EVENT = """
title: {en: Symposium on Cooperation, fr: Colloque sur la coopération, ar: ندوة التعاون}
languages: [en, fr, ar]
date: 2011-09-19
venue: {en: City Hall, fr: Hôtel de ville}
organizers: [{en: Host organization, fr: Organisation hôte}]
edition: {number: 1, date: 2011-12-12}
pillars:
  - id: trust
    title: {en: Measures to build trust, fr: Mesures de confiance}
acronyms:
  UN: {en: United Nations}
  ONU: {fr: Organisation des Nations Unies}
subjects:
  - term: {en: roads, fr: routes}
    variants: {en: [road], fr: [route]}
  - term: {en: ways, fr: voies}
    see: roads
front: [contents, acronyms, foreword]
body: [programme, chairmans-summary, sessions, participants, recommendations, speakers, subjects]
"""

PARTICIPANTS = """
governments:
  - entity: {en: Member State A, fr: État Membre A, ar: الدولة العضو ألف}
    representatives: [{en: Minister, fr: Ministre, ar: الوزير}]
civil_society:
  - entity: {en: House of Study, ar: بيت الدراسة}
    representatives: [Imam]
united_nations:
  - entity: United Nations entity B
    representatives: [{en: Chairman, fr: Président}]
"""

IMAM_ARABIC = """---
speaker: Imam
affiliation: House of Study
category: civil_society
language: ar
minutes: 5
title: {en: On roads, ar: في الطرق}
---
نشكر المضيفين على حسن الاستقبال.

الطريق بيننا طويل، وقد بدأ اليوم.
"""

IMAM_ENGLISH = """---
---
We thank our hosts for their welcome.

The road between us is long, and it began today.
"""

MINISTER_FRENCH = """---
recommendations: [Les États devraient se réunir chaque année.]
---
Nous sommes heureux d'être ici.

Nous demandons à tous les États de se réunir chaque année sur les routes de l'ONU.
"""

SUMMARY_FRENCH = """---
findings: [Les réunions créent la confiance.]
---
Le colloque a compté {{ sessions | length }} séance à {{ event.venue }}, comme le Ministre l'a
demandé [@1-opening/01-minister:2].
"""

SESSION_FRENCH = """---
title: Ouverture
---
L'État Membre A a approuvé l'orateur [@1-opening/01-minister:2].
"""

FILES = {
    "event.yaml": EVENT,
    "participants.yaml": PARTICIPANTS,
    "foreword.fr.md": "---\ntitle: Avant-propos\n---\nL'hôte remercie tous les participants.\n",
    f"{IMAM}.md": IMAM_ARABIC,
    f"{IMAM}.en.md": IMAM_ENGLISH,
    f"{MINISTER}.fr.md": MINISTER_FRENCH,
    "1-opening/session.fr.md": SESSION_FRENCH,
    "1-opening/chairmans-summary.fr.md": SUMMARY_FRENCH,
}


def write(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def event(tmp_path: Path) -> Path:
    """An event in English, French and Arabic, with a statement delivered in Arabic."""
    return write(Path(shutil.copytree(MINIMAL, tmp_path / "event")), FILES)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The event, compiled in all its languages."""
    folder = tmp_path_factory.mktemp("editions")
    event = write(Path(shutil.copytree(MINIMAL, folder / "event")), FILES)
    outcome = compile_report(event, folder / "out", CACHE, USUAL, language=ALL, jobs=1)
    assert [d.message for d in outcome.diagnostics if d.is_error] == []
    return folder / "out"


def loaded(folder: Path) -> Event:
    event, diagnostics = load(folder)
    assert event
    assert [d.message for d in (*diagnostics, *check(event))] == []
    return event


def told(folder: Path) -> list[tuple[str, str]]:
    event, found = load(folder)
    diagnostics = (*found, *(check(event) if event else ()))
    return sorted({(d.rule.code, str(d.place)) for d in diagnostics})


def test_an_edition_is_the_event_in_one_language(event: Path) -> None:
    french = in_language(loaded(event), "fr")
    assert french.language == "fr"
    assert french.title == "Colloque sur la coopération"
    assert french.venue == "Hôtel de ville"
    assert french.organizers == ("Organisation hôte",)
    assert french.pillars[0].title == "Mesures de confiance"
    assert french.chapters["foreword"].title == "Avant-propos"
    (session,) = french.sessions
    assert session.title == "Ouverture"
    assert session.floor == ("État Membre A",)
    minister, imam = session.statements
    assert (minister.speaker, minister.affiliation) == ("Ministre", "État Membre A")
    assert minister.recommendations[0].text == "Les États devraient se réunir chaque année."
    assert minister.text.language == "fr"
    assert imam.title == "On roads"
    assert french.summary
    assert french.summary.chair == "Président, United Nations entity B"
    assert french.summary.findings[0].text == "Les réunions créent la confiance."


def test_what_is_not_translated_is_in_the_language_in_which_it_exists(event: Path) -> None:
    read = loaded(event)
    languages = {
        code: [s.text.language for s in in_language(read, code).statements]
        for code in read.editions
    }
    assert languages == {"en": ["en", "en"], "fr": ["fr", "en"], "ar": ["en", "ar"]}
    assert [s.language for s in in_language(read, "fr").statements] == ["en", "ar"]
    assert in_language(read, "ar").venue == "City Hall"


def test_numbers_and_evidence_are_those_of_the_original(event: Path) -> None:
    (event / "1-opening/chairmans-summary.lock").write_text(lock(loaded(event)), encoding="utf-8")
    read = loaded(event)
    for code in read.editions:
        conclusions = conclude(in_language(read, code))
        assert [wish.number for wish in conclusions.recommendations] == [1]
        assert [str(e) for e in conclusions.findings[0].evidence] == [f"{MINISTER}:2"]


def test_numbers_that_were_given_stay_when_texts_are_translated(event: Path) -> None:
    accepted = "recommendations:\n- {number: 7, text: States should meet every year.}\n"
    (event / "1-opening/chairmans-summary.lock").write_text(accepted, encoding="utf-8")
    read, _ = load(event)
    assert read
    (wish,) = conclude(in_language(read, "fr")).recommendations
    assert (wish.number, wish.text) == (7, "Les États devraient se réunir chaque année.")


def test_there_is_no_edition_in_a_language_that_is_not_listed(event: Path) -> None:
    with pytest.raises(UnknownEditionError, match="no edition in `es`: its languages are en, fr"):
        in_language(loaded(event), "es")


def test_a_statement_that_does_not_tell_its_language_is_in_the_main_one(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(MINIMAL, tmp_path / "event"))
    with (folder / "event.yaml").open("a") as event:
        event.write("language: fr\n")
    new = ("new", "statement", "--session", "1", "--speaker", "Maire")
    made = run(*new, "-e", folder, folder=tmp_path)
    assert made.returncode == 0
    (statement,) = folder.glob("1-opening/*-maire.md")
    assert "language: fr\n" in statement.read_text()
    compile_report(folder, tmp_path / "dist", CACHE, frozenset({Format.HTML}))
    page = (tmp_path / "dist/report.html").read_text()
    assert set(re.findall(r'lang="([^"]*)"', page)) == {"fr"}


def test_an_event_of_one_language_is_what_it_was() -> None:
    event, _ = load(MINIMAL)
    assert event
    assert in_language(event) is event
    assert event.editions == ("en",)


# What the reader sees


def page(compiled: Path, name: str) -> str:
    return (compiled / name).read_text(encoding="utf-8")


def test_each_edition_has_files_of_its_own(compiled: Path) -> None:
    assert sorted(path.name for path in compiled.iterdir()) == [
        *("report.ar.bib", "report.ar.html", "report.ar.json", "report.ar.pdf", "report.bib"),
        *("report.fr.bib", "report.fr.html", "report.fr.json", "report.fr.pdf", "report.html"),
        *("report.json", "report.pdf", "report.schema.json"),
    ]


def test_the_pdf_is_in_the_language_of_its_edition(compiled: Path) -> None:
    french = Reading(compiled / "report.fr.pdf")
    assert french.pdf.Root.Lang == "fr"
    text = letters("".join(french.pages))
    for words in (
        *("Colloque sur la coopération", "19 septembre 2011", "Table des matières"),
        *("Résumé du Président", "Séance 1", "Ouverture", "Ont pris la parole", "Avant-propos"),
        *("Le colloque a compté 1 séance à Hôtel de ville", "Index des orateurs et oratrices"),
        *("Cité dans le Résumé du Président", "Tableau des recommandations", "Participants"),
    ):
        assert letters(words) in text, words
    for words in ("Contents", "Session 1", "Chairman", "Delivered in", "United Nations Secretary"):
        assert letters(words) not in text.replace("UnitedNationsentityB", ""), words


def test_a_statement_says_from_what_it_was_translated(compiled: Path) -> None:
    delivered = r'<p class="delivered">([^<]*)</p>'
    assert [
        w.replace("\xa0", " ") for w in re.findall(delivered, page(compiled, "report.html"))
    ] == [
        "Delivered in English, 6 minutes",
        "Translated from Arabic, 5 minutes",
    ]
    assert [
        w.replace("\xa0", " ") for w in re.findall(delivered, page(compiled, "report.fr.html"))
    ] == [
        "Traduit de l’original en anglais, 6 minutes",
        "Texte prononcé en arabe, traduit en anglais, 5 minutes",
    ]
    assert "ألقي باللغة العربية" in page(compiled, "report.ar.html")


def test_what_is_in_another_language_says_so_and_is_marked(compiled: Path) -> None:
    arabic = page(compiled, "report.ar.html")
    assert '<html lang="ar" dir="rtl">' in arabic
    chapter = arabic[arabic.index('id="foreword"') :]
    assert re.search(r'<h2 lang="en" dir="ltr">Foreword</h2>', chapter)
    assert "متاح باللغة الإنكليزية فقط" in chapter
    assert re.search(r'<div class="text" lang="en" dir="ltr">', chapter)
    assert 'class="available"' not in page(compiled, "report.html")


def test_a_cell_with_words_in_another_language_is_of_the_table_still(compiled: Path) -> None:
    for language in ("fr", "ar"):
        table = page(compiled, f"report.{language}.html").partition('id="recommendations"')[2]
        assert not re.search(r"<t[dh][^>]* dir=", table)
    assert '<td><div lang="en" dir="ltr">States should meet every year.</div></td>' in table


def test_references_amid_a_text_in_another_language_are_set_apart(compiled: Path) -> None:
    """They are words of the edition, and have its direction: numbers would come out before them."""
    arabic, french = page(compiled, "report.ar.html"), page(compiled, "report.fr.html")
    ((told, place),) = re.findall(r"asked\s+<bdi ([^>]*)>\((.*?)\)</bdi>", arabic, re.DOTALL)
    assert told == 'lang="ar" dir="rtl"'
    assert "الفقرة" in place
    notes = re.findall(r'<span class="cited"><bdi ([^>]*)>', arabic)
    assert notes == ['lang="ar" dir="rtl"']
    assert '<span class="cited">Cité dans' in french, "the statement is in French"
    assert "<bdi" not in page(compiled, "report.html")


def test_indexes_and_acronyms_are_those_of_the_language(compiled: Path) -> None:
    french = page(compiled, "report.fr.html")
    acronyms = french[french.index('id="acronyms"') :].split("</section>")[0]
    assert "Organisation des Nations Unies" in acronyms
    assert "United Nations" not in acronyms
    subjects = french[french.index('id="subjects"') :].split("</section>")[0]
    assert ">routes</span>" in subjects
    assert f'href="#{MINISTER}:2"' in subjects, "by its own form, in French"
    assert f'href="#{IMAM}:2"' in subjects, "by its English form, in an English text"
    assert re.search(r">voies</span>.*voir.*>routes</a>", subjects, re.DOTALL)


def test_data_tells_its_language(compiled: Path) -> None:
    data = json.loads(page(compiled, "report.fr.json"))
    assert data["language"] == "fr"
    assert data["$schema"] == "report.schema.json"
    assert [s["language"] for s in data["statements"]] == ["en", "ar"]
    assert [s["text_language"] for s in data["statements"]] == ["fr", "en"]


def test_paragraphs_have_the_same_anchors_in_every_edition(compiled: Path) -> None:
    for name in ("report.pdf", "report.fr.pdf", "report.ar.pdf"):
        destinations = Reading(compiled / name).destinations
        for anchor in (f"{MINISTER}:2", f"{IMAM}:1", f"{IMAM}:2", "finding-1", "foreword:1"):
            assert anchor.encode() in destinations, f"{anchor} in {name}"


@pytest.mark.usefixtures("compiled")
def test_a_translation_is_typeset_alone(event: Path, tmp_path: Path) -> None:
    """Units are kept by what they are made of: the other editions have nothing to do."""
    pdf = frozenset({Format.PDF})

    def typeset() -> Mapping[str, str]:
        done = compile_report(event, tmp_path / "out", CACHE, pdf, language=ALL, jobs=1)
        assert done.outputs
        return done.reasons

    assert typeset() == {}
    write(event, {f"{MINISTER}.fr.md": MINISTER_FRENCH.replace("heureux", "très heureux")})
    assert typeset().keys() == {MINISTER}


# Checks


def test_a_translation_that_does_not_correspond_is_told_and_not_shown(event: Path) -> None:
    write(event, {f"{MINISTER}.fr.md": MINISTER_FRENCH + "\nEncore un paragraphe.\n"})
    read, _ = load(event)
    assert read
    (found,) = check(read)
    assert (found.rule.code, str(found.place)) == ("W219", f"{MINISTER}.fr.md:1:1")
    assert "has 3 paragraphs, and its original 2" in found.message
    assert in_language(read, "fr").statements[0].text.language == "en"


def test_lists_of_a_translation_are_as_long_as_those_of_the_original(event: Path) -> None:
    changed = SUMMARY_FRENCH.replace("confiance.]", "confiance., Et encore.]")
    write(event, {"1-opening/chairmans-summary.fr.md": changed})
    assert told(event) == [("W219", "1-opening/chairmans-summary.fr.md:2:11")]


def test_references_and_keys_of_translations_are_checked(event: Path) -> None:
    wrong = SUMMARY_FRENCH.replace("minister:2", "minister:9").replace("findings", "conclusions")
    write(event, {"1-opening/chairmans-summary.fr.md": wrong})
    codes = {code for code, place in told(event) if place.startswith("1-opening/chairmans")}
    assert codes == {"E103"}, "with unknown keys the file is not used"
    wrong = SUMMARY_FRENCH.replace("minister:2", "minister:9")
    write(event, {"1-opening/chairmans-summary.fr.md": wrong})
    assert told(event) == [("E303", "1-opening/chairmans-summary.fr.md:5:9")]


def test_a_reference_in_a_translated_finding_is_checked(event: Path) -> None:
    wrong = SUMMARY_FRENCH.replace("la confiance.", "la confiance [@nulle-part:1].")
    wrong = wrong.replace("[Les", '["Les').replace(":1].]", ':1]."]')
    write(event, {"1-opening/chairmans-summary.fr.md": wrong})
    assert told(event) == [("E302", "1-opening/chairmans-summary.fr.md:2:12")]


def test_a_language_without_an_edition_is_told(event: Path) -> None:
    write(event, {f"{MINISTER}.es.md": "---\n---\nUno.\n\nDos.\n"})
    assert told(event) == [("W218", f"{MINISTER}.es.md:1:1")]


def test_a_translation_of_nothing_is_told(event: Path) -> None:
    write(event, {"1-opening/03-nobody.fr.md": "---\n---\nUn.\n"})
    assert told(event) == [("E001", "1-opening/03-nobody.fr.md:1:1")]


def test_a_name_may_have_a_point_in_it(event: Path) -> None:
    (event / f"{IMAM}.en.md").unlink()
    (event / f"{IMAM}.md").rename(event / "1-opening/02-dr.who.md")
    assert [s.id for s in loaded(event).statements] == [MINISTER, "1-opening/02-dr.who"]


def test_the_main_language_comes_first(event: Path) -> None:
    write(event, {"event.yaml": EVENT + "language: fr\n"})
    assert ("E220", "event.yaml:21:11") in told(event)


def test_a_value_by_language_has_a_text_for_each(event: Path) -> None:
    write(event, {"event.yaml": EVENT.replace("fr: Hôtel de ville", "fr: ''")})
    assert told(event) == [("E105", "event.yaml:5:8")]


def test_check_tells_what_is_missing_by_language(event: Path) -> None:
    read = loaded(event)
    english, french, arabic = (coverage(read, code) for code in read.editions)
    assert (english.texts, english.of, english.values) == (5, 5, 0)
    assert (french.texts, french.of) == (4, 5)
    assert [str(found.place) for found in french.missing] == [
        f"{IMAM}.md:1:1",
        "participants.yaml:6:13",
        "participants.yaml:7:23",
        "participants.yaml:9:13",
        "media/photographs.yaml:3:14",
        "media/photographs.yaml:4:13",
        "media/photographs.yaml:5:10",
    ]
    assert arabic.texts == 1
    assert any(found.message == "`venue` is not there in Arabic" for found in arabic.missing)


def test_check_shows_a_table_and_lists_a_language_only_when_asked(
    event: Path, tmp_path: Path
) -> None:
    done = run("check", "--event", str(event), folder=tmp_path)
    assert done.returncode == 0
    assert re.search(r"French\s+4 of 5\s+6", done.stdout)
    assert "W221" not in done.stderr
    done = run("check", "--event", str(event), "--language", "fr", folder=tmp_path)
    assert done.stderr.count("warning[W221]") == 7
    assert f"write {IMAM}.fr.md, with as many paragraphs" in done.stderr
    assert "Arabic" not in done.stderr
    done = run("check", "--event", str(event), "--language", "es", folder=tmp_path)
    assert done.returncode == 2
    assert "no edition in `es`" in done.stderr


# Clearance and release

CLEARED = "status: cleared\n"


def clear(event: Path) -> Path:
    for path in event.rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        if "foreword" not in path.name:
            path.write_text(text.replace("---\n", f"---\n{CLEARED}", 1), encoding="utf-8")
    (event / "1-opening/chairmans-summary.lock").write_text(lock(loaded(event)), encoding="utf-8")
    return event


def test_translations_of_a_withheld_text_are_withheld_too(event: Path, tmp_path: Path) -> None:
    path = event / f"{IMAM}.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("---\n", "---\nstatus: withheld\n", 1), encoding="utf-8")
    forms = frozenset({Format.HTML, Format.JSON})
    outcome = compile_report(event, tmp_path, CACHE, forms, language=ALL)
    assert outcome.outputs
    for name in ("report.html", "report.fr.html", "report.ar.html", "report.fr.json"):
        assert "road between us" not in page(tmp_path, name), name
        assert "نشكر المضيفين" not in page(tmp_path, name), name
        assert "في الطرق" not in page(tmp_path, name), name
    assert "Texte non disponible" in page(tmp_path, "report.fr.html")
    assert "Texte prononcé en arabe" in page(tmp_path, "report.fr.html")


def test_what_a_withheld_guest_recommends_takes_no_number(event: Path, tmp_path: Path) -> None:
    guest = (event / "1-opening/01-minister.md").read_text(encoding="utf-8")
    guest = guest.replace("States should meet every year.", "States should close their borders.")
    guest = guest.replace("---\n", "---\nstatus: withheld\n", 1)
    (event / "1-opening/00-guest.md").write_text(guest, encoding="utf-8")
    outcome = compile_report(event, tmp_path, CACHE, frozenset({Format.JSON}), language=ALL)
    assert outcome.outputs
    for name in ("report.json", "report.fr.json", "report.ar.json"):
        wishes = json.loads(page(tmp_path, name))["recommendations"]
        assert [(w["number"], w["speakers"]) for w in wishes] == [(1, [MINISTER])], name


def test_a_draft_translation_marks_its_edition_alone(event: Path, tmp_path: Path) -> None:
    clear(event)
    path = event / f"{MINISTER}.fr.md"
    path.write_text(path.read_text().replace(CLEARED, "status: draft\n"), encoding="utf-8")
    compile_report(event, tmp_path, CACHE, frozenset({Format.HTML}), language=ALL)
    assert "Projet dont la distribution n’est pas autorisée" in page(tmp_path, "report.fr.html")
    assert "not cleared" not in page(tmp_path, "report.html")
    assert "لم يؤذن" not in page(tmp_path, "report.ar.html")


def test_a_withheld_translation_gives_way_to_the_original(event: Path) -> None:
    path = event / f"{MINISTER}.fr.md"
    withheld = path.read_text(encoding="utf-8").replace("---\n", "---\nstatus: withheld\n", 1)
    path.write_text(withheld, encoding="utf-8")
    minister = in_language(loaded(event), "fr").statements[0]
    assert minister.status is None
    assert minister.text.language == "en"


def test_a_draft_translation_stands_in_the_way_of_a_release(event: Path) -> None:
    clear(event)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert list(obstacles_to_release(loaded(event), now)) == []
    path = event / f"{MINISTER}.fr.md"
    path.write_text(path.read_text().replace(CLEARED, "status: draft\n"), encoding="utf-8")
    (found,) = obstacles_to_release(loaded(event), now)
    assert (found.rule.code, str(found.place)) == ("E701", f"{MINISTER}.fr.md:2:9")


@pytest.mark.heavy
def test_a_release_holds_every_edition(event: Path, tmp_path: Path) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    done = release(clear(event), tmp_path, CACHE, now, jobs=1)
    assert done.folder, [d.message for d in done.diagnostics]
    names = {path.name for path in done.folder.iterdir()}
    assert {"report.pdf", "report.fr.pdf", "report.ar.html", "report.fr.json"} <= names
    sums = (done.folder / "SHA256SUMS").read_text(encoding="utf-8")
    assert all(name in sums for name in names - {"SHA256SUMS"})
    told = json.loads((done.folder / "manifest.json").read_bytes())
    assert told["languages"] == ["en", "fr", "ar"]
    assert f"{MINISTER}.fr.md" in told["texts"]
    found = [*check_sources(volumes(done.folder), event, jobs=1)]
    assert [finding.verdict for finding in found] == [Verdict.GOOD] * 3
    assert "gives this report.fr.pdf, byte for byte" in found[1].text


# Commands


def test_build_makes_the_main_edition_unless_another_is_asked_for(
    event: Path, tmp_path: Path
) -> None:
    page = ("build", "--event", event, "--only", "html", "-o")
    main, french = tmp_path / "main", tmp_path / "french"
    done = run(*page, main, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in main.iterdir()] == ["report.html"]
    done = run(*page, french, "-l", "fr", folder=tmp_path)
    assert [path.name for path in french.iterdir()] == ["report.fr.html"]
    done = run(*page, french, "-l", "es", folder=tmp_path)
    assert done.returncode == 2
    assert "no edition in `es`: its languages are en, fr, ar" in done.stderr


def test_diff_compares_the_edition_that_is_asked_for(event: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(event, tmp_path / "other"))
    changed = MINISTER_FRENCH.replace("heureux", "très heureux")
    write(other, {f"{MINISTER}.fr.md": changed})
    folders = ("diff", event, other, "--event", event)
    assert "Nothing changed" in run(*folders, folder=tmp_path).stderr
    french = run(*folders, "--language", "fr", folder=tmp_path)
    assert "{+très+}" in french.stdout


def test_the_lock_holds_for_the_texts_as_they_were_delivered(event: Path) -> None:
    (event / "1-opening/chairmans-summary.lock").write_text(lock(loaded(event)), encoding="utf-8")
    write(event, {f"{MINISTER}.fr.md": MINISTER_FRENCH.replace("chaque année", "chaque mois")})
    assert told(event) == []
    original = (event / f"{MINISTER}.md").read_text(encoding="utf-8")
    write(event, {f"{MINISTER}.md": original.replace("We ask", "We beg")})
    assert {code for code, _ in told(event)} == {"W305"}


# The sample

VERAPDF = PROJECT.parent / "shared/verapdf/validate"


@pytest.fixture(scope="module", params=["fr", "ar"])
def translated(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Outcome, Path]:
    """The sample in a language that is not its main one."""
    folder, language = tmp_path_factory.mktemp("sample"), request.param
    pdf = frozenset({Format.PDF})
    outcome = compile_report(PROJECT / "statements", folder, CACHE, pdf, language=language)
    return language, outcome, folder / f"report.{language}.pdf"


def test_the_sample_is_in_order_in_every_language() -> None:
    event, found = load(PROJECT / "statements")
    assert event
    assert [str(each.message) for each in (*found, *check(event))] == []
    assert event.editions == ("en", "fr", "ar")
    assert {each.language for each in event.statements} == {"ar", "en", "es", "fr", "ru", "zh"}
    whole, *others = (coverage(event, language) for language in event.editions)
    assert (whole.texts, whole.of, whole.values) == (37, 37, 0)
    for each in others:
        translations = event.translations[each.language]
        assert {"background", "foreword", "format", event.summary.id} <= translations.keys()
        assert each.values == 0


def test_what_is_not_translated_has_its_own_quotes_and_spaces() -> None:
    folder = PROJECT / "statements"
    event, _ = examine(folder, CACHE)
    assert event
    french = in_language(event, "fr")
    report = merged(french, folder, CACHE, stylesheets(folder, PRINT_STYLES))
    units = {unit.id: fragment_fromstring(unit.html) for unit in report.units}
    decks = [statement for statement in french.statements if statement.deck]
    assert len(decks) == 2
    for statement in decks:
        images = units[statement.id].findall(".//img")
        assert [image.get("alt") for image in images] == [*map(smarten, statement.slides_alt)]
        assert {(image.get("lang"), image.get("dir")) for image in images} == {("en", "ltr")}
    within = "//*[@class='title' or @class='key-points']/descendant-or-self::*[@lang='en']"
    told = [element for unit in units.values() for element in unit.xpath(within)]
    assert any(":" in element.text_content() for element in told)
    assert any("\u201c" in element.text_content() for element in told)
    for element in told:
        assert not re.search("[\u00ab\u00a0\u202f]", element.text_content())


def test_the_number_of_a_slide_is_told_in_the_language_of_its_text() -> None:
    event, _ = examine(PROJECT / "statements", CACHE)
    assert event
    statement = next(each for each in event.statements if each.deck)
    one = statement.model_copy(update={"slides_alt": ("A survey",)})
    first = next(slides(one, "en", words_of("fr")))
    assert (first.alternative, first.language) == ("A survey (slide 1 of 6)", "en")


@pytest.mark.heavy
def test_the_sample_is_read_in_the_language_of_its_edition(
    translated: tuple[str, Outcome, Path],
) -> None:
    language, outcome, path = translated
    assert outcome.diagnostics == ()
    reading = Reading(path)
    assert str(reading.pdf.Root.Lang) == language
    spoken = letters(reading.spoken)
    for words in SAID[language]:
        assert letters(words) in spoken, words


SAID = {
    "fr": (
        "Le présent résumé n’est que de moi et ne lie personne.",
        "Colloque du Secrétaire général sur la coopération internationale contre le terrorisme",
        "Texte prononcé en anglais, 8 minutes",
        "Texte prononcé en français, 5 minutes",
        "Texte prononcé en chinois, traduit en anglais, 6 minutes",
    ),
    "ar": (
        "وهذا الموجز موجزي وحدي ولا يلزم أحدا.",
        "ندوة الأمين العام بشأن التعاون الدولي على مكافحة الإرهاب",
        "ألقي باللغة العربية",
        "ألقي باللغة الإنكليزية",
    ),
}


@pytest.mark.heavy
def test_validators_find_nothing_in_the_editions_of_the_sample(
    translated: tuple[str, Outcome, Path],
) -> None:
    _, _, path = translated
    for profile in ("ua1", "3a"):
        failures = page_validation.validate_pdf(path, profile=profile).failures
        assert {f"{f.rule_id}: {f.message}" for f in failures if f.rule_id != MISREAD} == set()
    if qpdf := shutil.which("qpdf"):
        subprocess.run([qpdf, "--check", path], check=True, capture_output=True, timeout=120)


@pytest.mark.heavy
@pytest.mark.skipif(not VERAPDF.exists(), reason="veraPDF is not beside the project")
@pytest.mark.skipif(shutil.which("java") is None, reason="veraPDF needs Java")
def test_verapdf_finds_nothing_in_the_editions_of_the_sample(
    translated: tuple[str, Outcome, Path],
) -> None:
    done = subprocess.run(
        [VERAPDF, "ua1,3a", translated[2]], capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stdout
    assert done.stdout.count(": compliant") == 2

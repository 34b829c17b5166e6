"""A report in several volumes: books of their own, and one report all the same."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import lxml.html
import page as page_validation
import pytest
import yaml

from report.compilation import Outcome, compile_report
from report.formats import RELEASED
from tests.conftest import CACHE
from tests.reading import Element, Reading

EVENTS = Path(__file__).parent / "events"
VALIDATOR = Path(__file__).parents[2] / "shared/verapdf/validate"

pytestmark = pytest.mark.heavy


@dataclass(frozen=True)
class Link:
    """A link of a page: what it says, the file that it leads into if another, and the place."""

    page: int
    says: str
    file: str
    name: str


@dataclass(frozen=True)
class Volumes:
    """An event, compiled."""

    outcome: Outcome
    output: Path

    @cached_property
    def first(self) -> Reading:
        return Reading(self.output / "report-1.pdf")

    @cached_property
    def second(self) -> Reading:
        return Reading(self.output / "report-2.pdf")

    def of_site(self, name: str) -> lxml.html.HtmlElement:
        """A page of the site."""
        return lxml.html.parse(self.output / "site" / name).getroot()

    @cached_property
    def page(self) -> lxml.html.HtmlElement:
        return lxml.html.parse(self.output / "report.html").getroot()


def new_event(home: Path, paging: str = "") -> Path:
    """Two volumes; the second has a statement of several pages that speaks of rowing on all."""
    folder = Path(shutil.copytree(EVENTS / "minimal", home / "event"))
    shutil.copytree(EVENTS / "several-volumes", folder, dirs_exist_ok=True)
    mayor = folder / "2-dialogue/01-mayor.md"
    rowing = "\n\nRowing is done in a boat, " + "and in a boat all look the same way, " * 12
    mayor.write_text(mayor.read_text().rstrip() + f"{rowing.rstrip(', ')}." * 18 + "\n")
    if paging:
        text = (folder / "event.yaml").read_text()
        (folder / "event.yaml").write_text(f"{text}paging: {paging}\n")
    return folder


def build(folder: Path) -> Volumes:
    output = folder.parent / "dist"
    return Volumes(compile_report(folder, output, CACHE, RELEASED, jobs=1), output)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Volumes:
    return build(new_event(tmp_path_factory.mktemp("volumes")))


@pytest.fixture(scope="module")
def continued(tmp_path_factory: pytest.TempPathFactory) -> Volumes:
    return build(new_event(tmp_path_factory.mktemp("continued"), "continuous"))


def links(reading: Reading) -> Iterator[Link]:
    for number, sheet in enumerate(reading.pdf.pages):
        for annotation in sheet.get("/Annots", ()):
            says = str(annotation.Contents)
            if "/Dest" in annotation:
                yield Link(number, says, "", str(annotation.Dest))
            elif str(annotation.A.S) == "/GoToR":
                yield Link(number, says, str(annotation.A.F), str(annotation.A.D))


def headings(reading: Reading) -> list[Element]:
    return [element for element in reading.elements if re.fullmatch("H[1-6]", element.kind)]


def test_every_volume_is_a_file_and_the_page_and_the_data_hold_all(report: Volumes) -> None:
    assert report.outcome.diagnostics == ()
    made = {path.relative_to(report.output).parts[0] for path in report.outcome.outputs}
    assert made == {
        *("report-1.pdf", "report-2.pdf", "report.html", "site"),
        *("report.json", "report.schema.json", "report.bib"),
    }
    assert report.outcome.pages == len(report.first.pages) + len(report.second.pages)


def test_each_volume_has_its_own_cover_imprint_and_title(report: Volumes) -> None:
    for reading, number, title in (
        (report.first, "I", "Opening"),
        (report.second, "II", "The dialogue"),
    ):
        assert headings(reading)[0].text == "Symposium on Cooperation"
        cover, imprint = (" ".join(text.split()) for text in reading.pages[:2])
        assert f"Volume {number}: {title} Comprehensive" in cover
        assert f"Volume {number}: {title}" in imprint
        assert f"comprehensive report, vol. {number} (2011)" in imprint
        whole = "Symposium on Cooperation (Part 2). Volume\u00a0"
        assert str(reading.pdf.docinfo.Title) == f"{whole}{number}: {title}"
        with reading.pdf.open_metadata() as xmp:
            assert xmp["dc:title"] == f"{whole}{number}: {title}"


def test_separate_paging_begins_each_volume_with_page_one(report: Volumes) -> None:
    for reading in (report.first, report.second):
        front = reading.labels.index("1")
        assert front % 2 == 0
        assert reading.labels[:3] == ["i", "ii", "iii"]
        assert reading.labels[front:] == [str(n + 1) for n in range(len(reading.labels) - front)]
        assert reading.pages[front].rstrip().endswith("\n1")


def test_continuous_paging_goes_on_from_the_volume_before_on_a_recto(continued: Volumes) -> None:
    last = int(continued.first.labels[-1])
    labels = continued.second.labels
    front = next(index for index, label in enumerate(labels) if label.isdecimal())
    assert labels[:front] == ["i", "ii", "iii", "iv"]
    first = int(labels[front])
    assert first in (last + 1, last + 2)
    assert first % 2 == 1
    assert front % 2 == 0
    assert labels[front:] == [str(first + n) for n in range(len(labels) - front)]
    assert continued.second.pages[front].rstrip().endswith(f"\n{first}")


def test_contents_list_the_volume_and_lead_into_the_others(report: Volumes) -> None:
    own, others = report.first.pages[2].split("Volume\u00a0II: The dialogue")
    assert re.search(r"Foreword[ .]+iv\b", own)
    assert re.search(r"Minister, Member State A[ .]+\d", own)
    assert re.search(r"Session 2. Dialogue[ .]+II,\s1\b", others)
    assert "Mayor" not in others
    assert re.search(r"Session 2. Dialogue[ .]+1\b", report.second.pages[2])
    assert re.search(r"Foreword[ .]+I,\siv\b", report.second.pages[2])


def test_folios_of_another_volume_are_told_with_it_and_folded(report: Volumes) -> None:
    index = next(page for page in report.first.pages if page.startswith("Index of subjects"))
    pages = [n for n, text in enumerate(report.second.pages) if "Rowing is" in text]
    first, last = (report.second.labels[pages[n]] for n in (0, -1))
    assert len(pages) > 2
    discussion = int(last) + 1
    told = f"rowing, II, {first}\u2013{last}, {discussion} trust, 2; II, {first}"
    assert told in " ".join(index.split())


def test_places_in_another_volume_are_named_with_it(report: Volumes) -> None:
    first, second = " ".join(report.first.spoken.split()), " ".join(report.second.spoken.split())
    assert "(Minister, Member State A, para. 2; Mayor, Member State A, vol. II, para. 2)" in first
    assert "(Minister, Member State A, vol. I, para. 2)" in second
    assert "Cited in Chairman\u2019s Summary, vol. I, para. 1, finding 1" in second
    assert "Cited in Chairman\u2019s Summary, para. 1" not in first
    assert "Cited in Chairman\u2019s Summary, finding 1" in first


def test_links_lead_into_the_file_of_the_other_volume_and_back(report: Volumes) -> None:
    out = [link for link in links(report.first) if link.file]
    back = [link for link in links(report.second) if link.file]
    assert {link.file for link in out} == {"report-2.pdf"}
    assert {link.file for link in back} == {"report-1.pdf"}
    for link in out:
        assert link.name.encode() in report.second.destinations
    for link in back:
        assert link.name.encode() in report.first.destinations
    assert "2-dialogue/01-mayor:2" in {link.name for link in out}
    assert "finding-1" in {link.name for link in back}


def test_links_within_a_volume_stay_in_it(report: Volumes) -> None:
    for reading in (report.first, report.second):
        within = [link for link in links(reading) if not link.file]
        assert within
        assert all(link.name.encode() in reading.destinations for link in within)


def test_the_page_has_every_part_once_under_its_volume(report: Volumes) -> None:
    ids = [element.get("id") for element in report.page.iterfind(".//*[@id]")]
    assert len(ids) == len(set(ids))
    assert {"volume-1", "volume-2", "foreword", "2-dialogue/01-mayor:2", "speakers"} <= set(ids)
    assert [h.text_content() for h in report.page.iterfind(".//h1")] == ["Symposium on Cooperation"]
    navigation = report.page.find(".//nav[@id='contents']")
    volumes = {
        item.find("a").text: [a.get("href") for a in item.iterfind("ol//a")]
        for item in navigation.iterfind("details/ol/li")
        if item.find("a").get("href").startswith("#volume-")
    }
    assert list(volumes) == ["Volume\u00a0I: Opening", "Volume\u00a0II: The dialogue"]
    assert "#1-opening/01-minister" in volumes["Volume\u00a0I: Opening"]
    assert "#2-dialogue/01-mayor" in volumes["Volume\u00a0II: The dialogue"]
    for link in report.page.iterfind(".//a[@href]"):
        if link.get("href").startswith("#"):
            assert link.get("href")[1:] in ids


def test_the_data_tell_folios_with_their_volume(report: Volumes) -> None:
    data = json.loads((report.output / "report.json").read_bytes())
    folios = {statement["id"]: statement["folio"] for statement in data["statements"]}
    assert folios["1-opening/01-minister"].startswith("I,\u00a0")
    assert folios["2-dialogue/01-mayor"] == "II,\u00a02"


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_volumes_are_accessible_and_fit_for_archives(report: Volumes, profile: str) -> None:
    for reading in (report.first, report.second):
        assert page_validation.validate_pdf(reading.path, profile=profile).failures == []


@pytest.mark.heavy
@pytest.mark.skipif(not VALIDATOR.exists(), reason="veraPDF is not beside the project")
@pytest.mark.skipif(shutil.which("java") is None, reason="veraPDF needs Java")
def test_verapdf_finds_nothing(report: Volumes, continued: Volumes) -> None:
    files = [str(r.path) for v in (report, continued) for r in (v.first, v.second)]
    run = subprocess.run(
        [VALIDATOR, "ua1,3a", *files], capture_output=True, text=True, check=False, timeout=300
    )
    assert run.stdout.count(": compliant") == 2 * len(files), run.stdout


def test_the_same_files_give_the_same_bytes(report: Volumes, tmp_path: Path) -> None:
    again = build(new_event(tmp_path))
    for name in ("report-1.pdf", "report-2.pdf"):
        assert (again.output / name).read_bytes() == (report.output / name).read_bytes()


def test_a_withheld_text_of_one_volume_is_in_none(tmp_path: Path) -> None:
    folder = new_event(tmp_path)
    mayor = folder / "2-dialogue/01-mayor.md"
    mayor.write_text(mayor.read_text().replace("minutes: 6", "status: withheld"))
    summary = folder / "1-opening/chairmans-summary.md"
    text = summary.read_text().replace(", 2-dialogue/01-mayor:2]", "]")
    summary.write_text(re.sub(r'"Trust.*"\n\[', "[", text))
    cut = build(folder)
    assert cut.outcome.diagnostics == ()
    said = cut.first.spoken + cut.second.spoken
    assert "row together" not in said
    assert "Rowing is" not in said
    assert "Text not available" in cut.second.spoken
    assert "(Mayor, Member State A, vol. II)" in " ".join(cut.first.spoken.split())
    assert b"2-dialogue/01-mayor:2" not in cut.second.destinations


def test_one_volume_of_many_is_counted_too(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(EVENTS / "minimal", tmp_path / "event"))
    written = yaml.safe_load((folder / "event.yaml").read_text())
    volume = {"title": "All", "front": written.pop("front"), "body": written.pop("body")}
    text = yaml.safe_dump({**written, "volumes": [volume]})
    (folder / "event.yaml").write_text(text)
    made = build(folder)
    assert made.outcome.diagnostics == ()
    assert "Volume\u00a0I: All" in made.first.pages[0]
    assert not (made.output / "report.pdf").exists()


def test_the_site_leads_from_each_text_into_the_volume_that_it_is_in(report: Volumes) -> None:
    books = {"1-opening/01-minister": "report-1.pdf", "2-dialogue/01-mayor": "report-2.pdf"}
    for name, book in books.items():
        (link,) = report.of_site(f"{name}.html").iterfind(".//p[@class='paper']/a")
        assert link.get("href") == f"../{book}#nameddest={name}"
        assert name.encode() in Reading(report.output / "site" / book).destinations
    start = report.of_site("index.html")
    offered = [link for link in start.iterfind(".//p[@class='ways']/a") if "PDF" in link.text]
    assert [link.get("href") for link in offered] == list(books.values())
    assert ["Opening" in offered[0].text, "dialogue" in offered[1].text] == [True, True]
    outer = start.xpath("//nav[@id='contents']/ol/li/a/@href")
    assert [href for href in outer if href.startswith("volume")] == [
        "volume-1.html",
        "volume-2.html",
    ]
    trail = report.of_site("2-dialogue/01-mayor.html").xpath("//nav[@class='trail']//a/@href")
    assert trail == ["../index.html", "../volume-2.html", "../2-dialogue.html"]

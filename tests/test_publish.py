"""The report as data, read by those for whom it is made: programs, libraries and researchers."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import lxml.html
import pikepdf
import pytest
import yaml
from playwright.sync_api import Browser

from report.compilation import compile_report
from report.desk import keys
from report.formats import Format
from report.publish.schemas import schemas
from tests.conftest import CACHE, PROJECT, Compiled
from tests.reading import letters

EVENT = {
    "event.yaml": """\
title: "Talks </script><script>alert(1)</script> & 100% of {braces}"
date: 2011-09-19
venue: Hall 1, New York
organizers: [The "Office", Council & Co]
symbol: A/60/825
publisher: Printers_1
edition: {number: 2, date: 2012-03-01, status: provisional}
resolutions: [{symbol: A/RES/60/288, title: The Strategy, date: 2006-09-08}]
body: [chairmans-summary, sessions]
front: []
""",
    "participants.yaml": """\
governments: [{entity: State A, representatives: [Minister]}]
""",
    "1-opening/session.md": """\
---
{kind: opening, title: Opening, chair: "Minister, State A", time: 10:15-11:30, floor: [State A]}
---
It was discussed [@1-opening/01-minister:2].
""",
    "1-opening/01-minister.md": """\
---
speaker: Minister
affiliation: State A
category: governments
language: fr
key_points: [One thing matters]
recommendations:
  - {text: Share what is "known", level: regional, paragraph: 1}
---
The first paragraph rests on A/RES/60/288 and S/RES/1373 (2001).

The *second* one.

The third.
""",
    "2-closing/session.md": """\
---
{kind: closing, title: Closing, chair: "Minister, State A", time: 14:00-15:00}
---
""",
    "2-closing/chairmans-summary.md": """\
---
chair: Minister, State A
findings:
  - {text: All agreed., evidence: "1-opening/01-minister:1-2"}
recommendations:
  - {text: Meet again., level: international, evidence: ["1-opening:1", "1-opening/01-minister"]}
---
The Chairman noted it [@1-opening/01-minister:3].
""",
}


def compiled(folder: Path, output: Path, *formats: Format) -> None:
    outcome = compile_report(folder, output, CACHE, frozenset(formats))
    assert not outcome.failed, outcome.diagnostics


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("event")
    for name, text in EVENT.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def output(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("output")
    compiled(folder, output, Format.HTML, Format.JSON)
    return output


@pytest.fixture(scope="module")
def data(output: Path) -> Any:
    return json.loads((output / "report.json").read_bytes())


@pytest.fixture(scope="module")
def page(output: Path) -> lxml.html.HtmlElement:
    return lxml.html.fromstring((output / "report.html").read_text(encoding="utf-8"))


def test_the_data_follow_the_schema_that_they_name(output: Path, data: Any) -> None:
    schema = json.loads((output / data["$schema"]).read_bytes())
    validator = jsonschema.Draft202012Validator
    validator.check_schema(schema)
    assert list(validator(schema).iter_errors(data)) == []
    without_text = {**data, "findings": [{"id": "finding-1", "number": 1}]}
    assert [e.json_path for e in validator(schema).iter_errors(without_text)] == ["$.findings[0]"]


def test_the_data_tell_the_event_as_the_report_does(data: Any) -> None:
    assert data["edition"] == {"number": 2, "date": "2012-03-01", "status": "provisional"}
    assert data["event"]["organizers"] == ["The \u201cOffice\u201d", "Council & Co"]
    assert data["sessions"][0]["start"] == "10:15"
    assert data["sessions"][0]["statements"] == ["1-opening/01-minister"]
    [statement] = data["statements"]
    assert statement["language"] == "fr"
    assert [p["text"] for p in statement["paragraphs"]] == [
        "The first paragraph rests on A/RES/60/288 and S/RES/1373 (2001).",
        "The second one.",
        "The third.",
    ]
    assert "folio" not in statement, "no PDF was made"
    assert "specimen" not in data
    assert data["participants"] == [
        {"entity": "State A", "category": "governments", "representatives": ["Minister"]}
    ]
    assert data["speakers"][0]["statements"] == ["1-opening/01-minister"]


def test_recommendations_tell_number_level_and_who_made_them(data: Any) -> None:
    chairmans, speakers = data["recommendations"]
    assert (chairmans["number"], chairmans["level"], chairmans["chairmans"]) == (
        1,
        "international",
        True,
    )
    assert speakers["text"] == "Share what is \u201cknown\u201d"
    assert (speakers["number"], speakers["level"], speakers["chairmans"]) == (2, "regional", False)
    assert speakers["speakers"] == ["1-opening/01-minister"]


def test_evidence_leads_from_conclusions_to_paragraphs(data: Any) -> None:
    assert [(edge["source"], edge["target"]) for edge in data["evidence"]] == [
        ("finding-1", "1-opening/01-minister:1"),
        ("finding-1", "1-opening/01-minister:2"),
        ("recommendation-1", "1-opening:1"),
        ("recommendation-1", "1-opening/01-minister"),
        ("recommendation-2", "1-opening/01-minister:1"),
    ]
    assert [(edge["source"], edge["target"]) for edge in data["references"]] == [
        ("2-closing/chairmans-summary:1", "1-opening/01-minister:3"),
        ("1-opening:1", "1-opening/01-minister:2"),
    ]


def test_documents_are_those_of_the_mandate_and_those_cited(data: Any) -> None:
    strategy, resolution = data["documents"]
    assert strategy == {
        "symbol": "A/RES/60/288",
        "title": "The Strategy",
        "date": "2006-09-08",
        "url": "https://undocs.org/A/RES/60/288",
        "mandate": True,
        "cited_in": ["1-opening/01-minister:1"],
    }
    assert resolution["symbol"] == "S/RES/1373 (2001)"
    assert resolution["mandate"] is False


def test_every_edge_of_the_sample_begins_and_ends_at_a_place_of_page_and_pdf(
    sample: Compiled,
) -> None:
    data = json.loads((sample.output / "report.json").read_bytes())
    edges = data["evidence"] + data["references"]
    ends = {edge[end] for edge in edges for end in ("source", "target")}
    in_page = set(lxml.html.fromstring(sample.page).xpath("//@id"))
    assert len(edges) > 60
    assert ends - in_page == set()
    assert {end.encode() for end in ends} - set(sample.pdf.destinations) == set()


def test_every_paragraph_of_the_sample_is_on_the_page_of_its_folio(sample: Compiled) -> None:
    data = json.loads((sample.output / "report.json").read_bytes())
    paragraphs = [p for s in data["statements"] for p in s["paragraphs"]]
    assert len(paragraphs) > 200
    for paragraph in paragraphs:
        page = sample.pdf.labels.index(paragraph["folio"])
        begin = letters(paragraph["text"])[:25]
        assert begin in letters("".join(sample.pdf.pages[page : page + 2])), paragraph["id"]


def test_the_sample_follows_the_schema(sample: Compiled) -> None:
    data = json.loads((sample.output / "report.json").read_bytes())
    schema = json.loads((sample.output / "report.schema.json").read_bytes())
    jsonschema.validate(data, schema)
    assert data["specimen"].startswith("Specimen")


def test_the_same_event_gives_the_same_bytes(folder: Path, output: Path, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path;"
        "from report.compilation import compile_report;"
        "from report.formats import Format;"
        "a, b = map(Path, sys.argv[1:]);"
        "compile_report(a, b, b / 'cache', frozenset({Format.HTML, Format.JSON}))"
    )
    # Another process has another order of sets and dictionaries, were any used.
    subprocess.run(
        [sys.executable, "-c", program, folder, tmp_path],
        check=True,
        cwd=PROJECT,
        env={"PYTHONHASHSEED": "7"},
    )
    for name in ("report.json", "report.schema.json", "report.bib", "report.html"):
        assert (tmp_path / name).read_bytes() == (output / name).read_bytes(), name


@pytest.mark.parametrize("name", list(schemas()))
def test_the_schemas_in_docs_are_those_of_the_models(name: str) -> None:
    assert (PROJECT / "docs" / name).read_bytes() == schemas()[name], (
        "the model has changed: run `python build.py schema docs`"
    )


def test_the_page_of_keys_is_that_of_the_models_and_tells_what_each_is_for() -> None:
    told = (PROJECT / "docs/keys.md").read_text(encoding="utf-8")
    assert told == keys.page(), "the model has changed: run `make docs`"
    assert not re.findall(r"^\| \S+ \|  \|$", told, re.MULTILINE)


_MATTER = re.compile(r"---\n(.*?)\n---\n", re.DOTALL)


def matter(path: Path) -> Any:
    """What stands in a YAML file or at the head of a text, as a text editor reads it."""
    text = path.read_text(encoding="utf-8")
    head = _MATTER.match(text)
    # A text editor takes dates for texts.
    loader = type("Loader", (yaml.SafeLoader,), {})
    loader.yaml_implicit_resolvers = {
        first: [(tag, form) for tag, form in forms if "timestamp" not in tag and ":int" not in tag]
        for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"\d+$"), "0123456789")
    return yaml.load(head[1] if head else text, loader)


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("event", "event.yaml"),
        ("chapter", "background.md"),
        ("session", "*/session.md"),
        ("statement", "*/[0-9]*.md"),
        ("chairmans-summary", "*/chairmans-summary.md"),
        ("participants", "participants.yaml"),
        ("photographs", "media/photographs.yaml"),
    ],
)
def test_the_files_of_the_sample_follow_their_schemas(schema: str, files: str) -> None:
    found = sorted((PROJECT / "statements").glob(files))
    found = [path for path in found if not path.with_suffix("").suffix]
    rules = json.loads(schemas()[f"schemas/{schema}.json"])
    assert found
    for path in found:
        jsonschema.validate(matter(path), rules)


def test_a_schema_finds_a_misspelt_key_and_explains_the_right_one() -> None:
    rules = json.loads(schemas()["schemas/statement.json"])
    with pytest.raises(jsonschema.ValidationError, match="speker"):
        jsonschema.validate({"speker": "X"}, rules)
    described = [key for key, rule in rules["properties"].items() if "description" in rule]
    assert {"speaker", "affiliation", "language", "minutes"} <= set(described)


def test_the_page_describes_itself_in_dublin_core(page: lxml.html.HtmlElement) -> None:
    described = [
        (meta.get("name"), meta.get("content"))
        for meta in page.xpath("//head/meta[starts-with(@name, 'DC.')]")
    ]
    [namespace] = page.xpath("//head/link[@rel='schema.DC']/@href")
    assert namespace == "http://purl.org/dc/elements/1.1/"
    assert ("DC.title", "Talks </script><script>alert(1)</script> & 100% of {braces}") in described
    assert ("DC.creator", "The \u201cOffice\u201d") in described
    assert ("DC.creator", "Council & Co") in described
    assert ("DC.date", "2012-03-01") in described
    assert ("DC.identifier", "A/60/825") in described
    assert ("DC.relation", "A/RES/60/288") in described


def test_linked_data_are_read_whatever_stands_in_a_title(page: lxml.html.HtmlElement) -> None:
    [script] = page.xpath("//script")
    assert script.get("type") == "application/ld+json"
    data = json.loads(script.text)
    assert data["@context"] == "https://schema.org"
    assert data["@type"] == "Report"
    assert "</script><script>" in data["name"]
    assert data["datePublished"] == "2012-03-01"
    session = data["about"]["subEvent"][0]
    assert session["startDate"] == "2011-09-19T10:15"
    assert session["performer"][0]["affiliation"]["name"] == "State A"
    ids = set(page.xpath("//@id"))
    parts = [part["@id"].removeprefix("#") for part in [session, *data["hasPart"]]]
    assert len(parts) == 2
    assert set(parts) <= ids


def test_linked_data_have_the_quotes_of_their_language(tmp_path: Path) -> None:
    for name, text in EVENT.items():
        (tmp_path / "event" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "event" / name).write_text(text, encoding="utf-8")
    told = EVENT["event.yaml"].partition("\n")[2]
    talks = f'title: Les "paroles"\nlanguage: fr\n{told}'
    (tmp_path / "event/event.yaml").write_text(talks, encoding="utf-8")
    compile_report(tmp_path / "event", tmp_path, CACHE, frozenset({Format.HTML}), jobs=1)
    [script] = lxml.html.parse(str(tmp_path / "report.html")).getroot().xpath("//script")
    data = json.loads(script.text)
    assert data["name"] == data["about"]["name"] == "Les «\xa0paroles\xa0»"


def test_the_policy_of_the_page_has_nothing_against_linked_data(
    output: Path, browser: Browser
) -> None:
    messages = []
    shown = browser.new_page()
    shown.on("console", lambda message: messages.append(message.text))
    shown.on("pageerror", lambda error: messages.append(str(error)))
    shown.goto((output / "report.html").as_uri())
    assert shown.locator("#how-to-cite").is_visible()
    assert messages == []


def test_the_page_and_the_imprint_say_how_to_cite(page: lxml.html.HtmlElement) -> None:
    line = (
        "The \u201cOffice\u201d, Council & Co, Talks </script><script>alert(1)</script> & 100% of"
        " {braces}: comprehensive report (edition 2, provisional, Printers_1, 2012), A/60/825."
    )
    [imprint] = page.xpath("//section[@id='imprint']")
    [cite] = page.xpath("//footer/section[@class='cite']")
    assert line in imprint.text_content()
    assert "2 (provisional), 1\u00a0March\u00a02012" in imprint.text_content()
    assert line in cite.text_content()


def test_bibtex_is_well_formed_and_escaped(output: Path, data: Any, page: Any) -> None:
    text = (output / "report.bib").read_text(encoding="utf-8")
    kind, key, body = re.fullmatch(r"@(\w+)\{([\w-]+),\n(.*)\}\n", text, re.DOTALL).groups()
    fields = dict(re.findall(r"^  (\w+) = (.*),$", body, re.MULTILINE))
    assert (kind, key) == ("techreport", "talks-script-script-2012")
    assert len(fields) == len(body.splitlines())
    assert fields["author"] == "{{The \u201cOffice\u201d} and {Council \\& Co}}"
    assert fields["title"].endswith(r"\& 100\% of \{braces\}: comprehensive report}}")
    assert fields["institution"] == r"{Printers\_1}"
    assert fields["month"] == "mar"
    unescaped = re.sub(r"\\.", "", text)
    assert unescaped.count("{") == unescaped.count("}")
    assert data["citation"]["bibtex"] == text
    assert page.xpath("//footer//pre")[0].text == text
    assert data["citation"]["csl"]["issued"] == {"date-parts": [[2012, 3, 1]]}


def test_the_sample_says_in_xmp_what_its_page_says_in_dublin_core(sample: Compiled) -> None:
    with pikepdf.open(sample.output / "report.pdf") as pdf, pdf.open_metadata() as xmp:
        in_pdf = {name: xmp.get(f"dc:{name}") for name in ("title", "date", "publisher", "type")}
        partners, relations = set(xmp["dc:contributor"]), set(xmp["dc:relation"])
        assert xmp["dc:coverage"] == "United Nations Headquarters, New York"
    in_page: dict[str, list[str]] = {}
    for meta in lxml.html.fromstring(sample.page).xpath("//meta[starts-with(@name, 'DC.')]"):
        in_page.setdefault(meta.get("name").removeprefix("DC."), []).append(meta.get("content"))
    assert in_pdf["title"] == in_page["title"][0]
    assert list(in_pdf["date"]) == in_page["date"]
    assert list(in_pdf["publisher"]) == in_page["publisher"]
    assert partners == set(in_page["contributor"])
    assert relations == set(in_page["relation"])


def test_the_pdf_shows_edition_and_citation(sample: Compiled) -> None:
    cover, imprint = (letters(text).casefold() for text in sample.pdf.pages[:2])
    assert "provisionaledition" in cover
    assert "edition1provisional12december2011" in imprint
    assert "comprehensivereportedition1provisionalspecimen" in imprint


def test_an_edition_is_not_older_than_its_event(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "event"
    shutil.copytree(folder, copy)
    text = (copy / "event.yaml").read_text(encoding="utf-8").replace("2012-03-01", "2010-03-01")
    (copy / "event.yaml").write_text(text, encoding="utf-8")
    outcome = compile_report(copy, tmp_path, tmp_path, frozenset({Format.JSON}))
    [problem] = outcome.diagnostics
    assert problem.rule.code == "E214"
    assert problem.place.line == 7
    assert not (tmp_path / "report.json").exists()

"""Files as they are sent in become statements: what is kept, what is told, what is refused."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

import lxml.html
import pypandoc
import pytest
import weasyprint
import yaml
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from playwright.sync_api import Browser

from report import markup
from report.check import check
from report.desk import conversion
from report.desk.characters import normalize
from report.desk.dialect import compose
from report.desk.head import language_of
from report.desk.importing import Imported, import_files
from report.desk.plaintext import paragraph
from report.desk.tokens import lost, tokens
from report.load import load
from tests.conftest import CHROMIUM, PROJECT
from tests.terminal import run

MINIMAL = PROJECT / "tests" / "events" / "minimal"
SENT_IN = PROJECT.parent / "shared" / "docx"

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE_DOCUMENT = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
)
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
PACKAGE_RELATIONSHIPS = (
    f'<Relationships xmlns="{RELATIONSHIPS}">'
    f'<Relationship Id="r1" Type="{OFFICE_DOCUMENT}" Target="word/document.xml"/></Relationships>'
)


@pytest.fixture
def event(tmp_path: Path) -> Path:
    folder = tmp_path / "event"
    shutil.copytree(MINIMAL, folder)
    return folder


def take(event: Path, file: Path, *, accept_changes: bool = False) -> Imported:
    """Import one file into the first session."""
    (made,) = import_files(event, "1-opening", [file], accept_changes=accept_changes)
    return made


def codes(made: Imported) -> list[str]:
    return [diagnostic.rule.code for diagnostic in made.diagnostics]


def read(made: Imported) -> tuple[dict[str, str], str]:
    """The front matter and the Markdown of the statement that was made."""
    assert made.statement, made.diagnostics
    _, matter, body = made.statement.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.load(matter, yaml.BaseLoader), body.strip()


def converted(path: Path, markdown: str) -> Path:
    """A file of the kind that its name says, made by pandoc."""
    kind = path.suffix[1:]
    pypandoc.convert_text(markdown, kind, "markdown", ["--standalone"], outputfile=str(path))
    return path


def packed(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def word(path: Path, body: str, **parts: str | bytes) -> Path:
    """A Word file around the XML of a body; `parts` are further parts of `word/`."""
    document = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return packed(
        path,
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": PACKAGE_RELATIONSHIPS,
            "word/document.xml": document,
        }
        | {f"word/{name.replace('_', '.')}": content for name, content in parts.items()},
    )


def p(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def r(text: str, tag: str = "t") -> str:
    return f'<w:r><w:{tag} xml:space="preserve">{text}</w:{tag}></w:r>'


def png() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (4, 3), "navy").save(written, "PNG")
    return written.getvalue()


SPEECH = """\
# Cooperation between neighbours

We met **three times** this year, and *every* meeting was shorter.[^1]

## What we did

- We shared lists.
- We shared worries:
    - about money,
    - about time.

1. First rule.
2. Second rule.

> Nobody is safe alone.

## What it cost

| Year | Cost |
|------|-----:|
| 2009 | 12   |
| 2010 | 9    |

Read [the report](https://www.un.org/).

[^1]: The last took *nine* minutes.
"""


@pytest.mark.parametrize("kind", ["docx", "odt", "rtf", "html"])
def test_structure_is_kept(event: Path, tmp_path: Path, kind: str) -> None:
    made = take(event, converted(tmp_path / f"speech.{kind}", SPEECH))
    assert "E807" not in codes(made), made.diagnostics
    _, body = read(made)
    html = markup.parse(body, "s", "1-opening/s.md", 3).html
    parts = [
        "<strong>three times</strong>",
        "<em>every</em>",
        "<em>nine</em> minutes",
        "What we did</h",
        "2010</td>",
        'href="https://www.un.org/"',
        'class="footnote',
    ]
    if kind != "rtf":
        # Pandoc writes lists and quotations into rich text as paragraphs.
        parts += ["<li>about money,", "<ol>", "<blockquote>"]
    for part in parts:
        assert part in html, f"{part} not in\n{body}"


def test_the_statement_comes_last_in_its_session_and_checks_without_errors(
    event: Path, tmp_path: Path
) -> None:
    made = take(event, converted(tmp_path / "05 Minister of Justice.docx", SPEECH))
    assert made.statement == event / "1-opening" / "02-minister-of-justice.md"
    matter, body = read(made)
    assert matter["title"] == "Cooperation between neighbours"
    assert body.startswith("We met **three times**")
    assert "## What we did" in body
    loaded, found = load(event)
    assert loaded
    errors = [d for d in (*found, *check(loaded)) if d.is_error]
    assert not errors
    assert loaded.statements[1].speaker == "Minister of Justice"


def test_nothing_is_overwritten(event: Path, tmp_path: Path) -> None:
    file = converted(tmp_path / "speech.docx", "The same text.")
    first, second = take(event, file), take(event, file)
    assert first.statement and second.statement
    assert (first.statement.name, second.statement.name) == ("02-speech.md", "03-speech.md")


HEAD = """\
Statement by H.E. Ms. Jane Doe, Minister of Justice of {entity}

at the opening of the symposium

New York, 19 September 2011

**Check against delivery**

Mr. President,

I thank you for the floor, and for the patience with which the members of this assembly have
listened to those who spoke before me on the matters that concern us all.
"""


def test_the_head_is_guessed_and_its_lines_are_kept(event: Path, tmp_path: Path) -> None:
    loaded, _ = load(event)
    assert loaded
    category, (delegation, *_) = loaded.participants.by_category()[0]
    made = take(event, converted(tmp_path / "x.docx", HEAD.format(entity=delegation.entity)))
    assert codes(made) == []
    matter, body = read(made)
    assert matter == {
        "speaker": "H.E. Ms. Jane Doe",
        "function": "Minister of Justice",
        "affiliation": delegation.entity,
        "category": category.value,
        "kind": "statement",
        "language": "en",
        "check_against_delivery": "true",
        "status": "draft",
    }
    assert body.startswith("at the opening of the symposium\n\nMr. President,")
    assert made.statement
    assert made.statement.name == "02-jane-doe.md"
    text = made.statement.read_text()
    assert "#   New York, 19 September 2011" in text
    assert "speaker: H.E. Ms. Jane Doe  # guessed" in text
    assert f"#   Statement by H.E. Ms. Jane Doe, Minister of Justice of {delegation.entity}" in text
    assert "#   Check against delivery" in text


def test_required_keys_are_there_when_nothing_can_be_guessed(event: Path, tmp_path: Path) -> None:
    made = take(event, converted(tmp_path / "2.docx", "Thank you."))
    matter, _ = read(made)
    assert {"speaker", "affiliation", "category", "language"} <= matter.keys()
    loaded, found = load(event)
    assert loaded and not [d for d in found if d.is_error]


@pytest.mark.parametrize(
    ("head", "speaker"),
    [
        ("Remarks by the Executive Secretary", "the Executive Secretary"),
        ("Keynote address of Dr. A. B. Smith, President", "Dr. A. B. Smith"),
        ("Allocution de M. Jean Dupont, Ministre", "M. Jean Dupont"),
        ("Intervención del Embajador Juan Pérez", "Embajador Juan Pérez"),
        ("Выступление Министра юстиции", "Министра юстиции"),
        ("Statement by\n\nMs. Jane Doe", "Ms. Jane Doe"),
        ("By way of introduction, see the list", "Some file"),
    ],
)
def test_speakers_in_several_languages(
    event: Path, tmp_path: Path, head: str, speaker: str
) -> None:
    file = tmp_path / "some-file.txt"
    file.write_text(f"{head}\n\nThe text itself follows here.\n")
    assert read(take(event, file))[0]["speaker"] == speaker


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We the peoples of the United Nations are determined to save this generation."),
        ("fr", "Nous sommes résolus à préserver les générations du fléau de la guerre."),
        (
            "es",
            "Nosotros los pueblos estamos resueltos a preservar a las generaciones del flagelo.",
        ),
        ("ru", "Мы, народы Объединенных Наций, преисполненные решимости"),
        ("ar", "نحن شعوب الأمم المتحدة وقد آلينا على أنفسنا"),
        ("zh", "我联合国人民同兹决心"),
    ],
)
def test_languages(language: str, text: str) -> None:
    assert language_of(text) == language


CHANGED = p(
    r("We "),
    f'<w:ins w:id="1" w:author="Ann">{r("firmly ")}</w:ins>',
    r("support "),
    f'<w:del w:id="2" w:author="Bob">{r("nearly ", "delText")}</w:del>',
    r("every measure."),
)


def test_tracked_changes_are_left_out_and_listed(event: Path, tmp_path: Path) -> None:
    made = take(event, word(tmp_path / "changed.docx", CHANGED))
    assert [(d.rule.code, d.message) for d in made.diagnostics] == [
        ("W808", "Ann inserted “firmly”"),
        ("W808", "Bob deleted “nearly”"),
    ]
    assert read(made)[1] == "We support nearly every measure."
    assert made.statement and "Tracked changes that were left out: 2" in made.statement.read_text()


def test_tracked_changes_are_accepted_when_asked(event: Path, tmp_path: Path) -> None:
    made = take(event, word(tmp_path / "changed.docx", CHANGED), accept_changes=True)
    assert codes(made) == ["W809", "W809"]
    assert read(made)[1] == "We firmly support every measure."


def test_an_inserted_end_of_paragraph_is_a_change_too(event: Path, tmp_path: Path) -> None:
    mark = '<w:pPr><w:rPr><w:ins w:id="1" w:author="Ann"/></w:rPr></w:pPr>'
    file = word(tmp_path / "x.docx", p(mark, r("One and ")) + p(r("the same.")))
    made = take(event, file)
    assert codes(made) == ["W808"]
    assert "the end of a paragraph" in made.diagnostics[0].message
    assert read(made)[1] == "One and the same."


@pytest.mark.parametrize(("accept_changes", "years"), [(False, "2009 2010"), (True, "2009 2011")])
def test_rows_that_are_not_there_leave_no_empty_ones(
    event: Path, tmp_path: Path, accept_changes: bool, years: str
) -> None:
    def row(year: str, mark: str, tag: str = "t") -> str:
        change = f'w:{mark} w:id="1" w:author="A" w:date="2020-01-01T00:00:00Z"'
        words = f"<{change}>{r(year, tag)}</w:{mark}>" if mark else r(year)
        marked = f"<w:trPr><{change}/></w:trPr>" if mark else ""
        return f"<w:tr>{marked}<w:tc>{p(words)}</w:tc><w:tc>{p(words)}</w:tc></w:tr>"

    table = row("2009", "") + row("2010", "del", "delText") + row("2011", "ins")
    file = word(tmp_path / "x.docx", p(r("We paid:")) + f"<w:tbl>{table}</w:tbl>")
    made = take(event, file, accept_changes=accept_changes)
    assert not {"E807"} & set(codes(made))
    rows = [line.split()[1] for line in read(made)[1].splitlines() if line.startswith("| ")]
    assert " ".join(rows) == years


def test_comments_are_left_out_and_listed(event: Path, tmp_path: Path) -> None:
    file = converted(
        tmp_path / "x.docx",
        'We agree [Do we?]{.comment-start id="0" author="Ann"}here[]{.comment-end id="0"}.',
    )
    made = take(event, file)
    assert [(d.rule.code, d.message) for d in made.diagnostics] == [
        ("W810", "Ann commented “Do we?”")
    ]
    assert read(made)[1] == "We agree here."


ODT_CHANGED = """\
<office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.2"><office:body><office:text>
<text:tracked-changes><text:changed-region text:id="a"><text:deletion>
<office:change-info><dc:creator>Bob</dc:creator></office:change-info>
<text:p>nearly</text:p></text:deletion></text:changed-region></text:tracked-changes>
<text:p>We support <text:change text:change-id="a"/>every measure.</text:p>
</office:text></office:body></office:document-content>"""


def test_changes_that_cannot_be_undone_must_be_settled(event: Path, tmp_path: Path) -> None:
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": ODT_CHANGED,
        "styles.xml": '<office:document-styles xmlns:office="urn:oasis:names:tc:opendocument:xmlns'
        ':office:1.0" office:version="1.2"><office:styles/></office:document-styles>',
    }
    file = packed(tmp_path / "x.odt", parts)
    refused = take(event, file)
    assert codes(refused) == ["E814"]
    assert "Bob deleted “nearly”" in refused.diagnostics[0].message
    assert refused.statement is None
    assert read(take(event, file, accept_changes=True))[1] == "We support every measure."


def test_words_of_text_boxes_and_symbols_are_kept(event: Path, tmp_path: Path) -> None:
    box = (
        '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox>'
        f"<w:txbxContent>{p(r('Seen from the side.'))}</w:txbxContent>"
        "</v:textbox></v:shape></w:pict></w:r>"
    )
    made = take(event, word(tmp_path / "x.docx", p(r("Seen from above."), box)))
    body = read(made)[1]
    assert "Seen from above." in body
    assert "Seen from the side." in body or codes(made) == ["E807"]


def test_heads_and_feet_of_pages_are_left_out_and_told(event: Path, tmp_path: Path) -> None:
    footer = f'<w:ftr xmlns:w="{W}">{p(r("Permanent Mission, 5 Some Street"))}</w:ftr>'
    made = take(event, word(tmp_path / "x.docx", p(r("Thank you.")), footer1_xml=footer))
    assert codes(made) == ["W811"]
    assert "foot of the page, “Permanent Mission, 5 Some Street”" in made.diagnostics[0].message


def test_hidden_words_of_word_stay_hidden_and_are_told(event: Path, tmp_path: Path) -> None:
    def hidden(text: str, value: str) -> str:
        return r(text).replace("<w:r>", f"<w:r><w:rPr><w:vanish{value}/></w:rPr>")

    secret = hidden(" (do not", "") + hidden(" say so)", ' w:val="1"')
    shown = hidden(" fully.", ' w:val="0"')
    made = take(event, word(tmp_path / "x.docx", p(r("We agree"), secret, shown)))
    assert read(made)[1] == "We agree fully."
    assert [found.message for found in made.diagnostics] == [
        "left out: hidden text, \u201c(do not say so)\u201d"
    ]


def test_a_word_that_gets_lost_is_told(event: Path, tmp_path: Path) -> None:
    """Pandoc knows no ruby: what it passes over must be told, whatever it is."""
    ruby = (
        "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>above</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>base</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    )
    made = take(event, word(tmp_path / "x.docx", p(r("A word "), ruby, r(" here."))))
    body = read(made)[1]
    told = " ".join(d.message for d in made.diagnostics if d.rule.code == "E807")
    for each in ("above", "base"):
        assert (each in body) != (each in told)


def test_pictures_go_into_media_and_want_alternative_text(event: Path, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png())
    Image.open(io.BytesIO(png())).save(tmp_path / "b.gif")
    markdown = f"![A blue flag]({tmp_path}/a.png)\n\nAnd ![]({tmp_path}/b.gif) here."
    made = take(event, converted(tmp_path / "flags.docx", markdown))
    assert codes(made) == ["E402"]
    place = made.diagnostics[0].place
    assert place.file == "1-opening/02-flags.md"
    assert made.statement
    assert "![](../media/" in made.statement.read_text().splitlines()[place.line - 1]
    body = read(made)[1]
    assert "![A blue flag](../media/1-opening-02-flags-1.png" in body
    for number in (1, 2):
        with Image.open(event / "media" / f"1-opening-02-flags-{number}.png") as picture:
            assert picture.format == "PNG"


def test_cells_that_span_and_hold_paragraphs_keep_their_words(event: Path, tmp_path: Path) -> None:
    file = tmp_path / "x.html"
    file.write_text(
        "<p>See the table.</p><table><tr><th colspan=2>Both<th>Third</tr>"
        "<tr><td rowspan=2>Tall<td><p>One | two</p><ul><li>three</li></ul><td>4</tr>"
        "<tr><td>five<td>6</tr></table>"
    )
    made = take(event, file)
    assert codes(made) == []
    assert read(made)[1].splitlines()[2:] == [
        "| Both |  | Third |",
        "|---|---|---|",
        "| Tall | One \\| two<br>three | 4 |",
        "|  | five | 6 |",
    ]


def rows(*rows: list[list[str]]) -> str:
    """A table of Word: of each row the cells, and of each cell the paragraphs."""
    cells = ["".join(f"<w:tc>{''.join(p(r(t)) for t in c)}</w:tc>" for c in row) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


LABELS = ["", "Gross", "Tax", "", "Net", ""]
FIGURES = ["\u20ac", "38", "", "9", "29", "", ""]


def test_empty_lines_in_cells_keep_figures_beside_their_labels(event: Path, tmp_path: Path) -> None:
    body = rows([["Item"], ["Sum"]], [LABELS, FIGURES], [["", "Total"], ["", "29"]])
    made = take(event, word(tmp_path / "x.docx", p(r("See the table.")) + p() + p() + body))
    assert codes(made) == []
    assert read(made)[1].splitlines() == [
        "See the table.",
        "",
        "| Item | Sum |",
        "|---|---|",
        "| <br>Gross<br>Tax<br><br>Net | \u20ac<br>38<br><br>9<br>29 |",
        "| Total | 29 |",
    ]


def tabulated(path: Path) -> Path:
    """A file with the labels and figures in a table, of the kind that its name says."""
    cells = ("".join(f"<p>{t}</p>" for t in lines) for lines in (LABELS, FIGURES))
    page = f"<p>See.</p><table><tr><td>{'</td><td>'.join(cells)}</td></tr></table>"
    kept = "" if path.suffix == ".rtf" else "+empty_paragraphs"
    options = ["-t", f"{path.suffix[1:]}{kept}", "--standalone", "--metadata=title:x"]
    pypandoc.convert_text(
        page, path.suffix[1:], "html+empty_paragraphs", options, outputfile=str(path)
    )
    return path


@pytest.mark.parametrize("kind", ["html", "odt"])
def test_other_kinds_keep_empty_lines_in_cells_too(event: Path, tmp_path: Path, kind: str) -> None:
    file = tabulated(tmp_path / f"x.{kind}")
    made = take(event, file)
    assert "<br>Gross<br>Tax<br><br>Net | \u20ac<br>38<br><br>9<br>29 |" in read(made)[1]


def test_rich_text_tells_that_figures_may_stand_beside_other_labels(
    event: Path, tmp_path: Path
) -> None:
    file = tabulated(tmp_path / "x.rtf")
    made = take(event, file)
    assert codes(made) == ["W813"]
    assert "beside a label" in made.diagnostics[0].message


@pytest.mark.skipif(not SENT_IN.is_dir(), reason=f"{SENT_IN} is not here")
def test_figures_of_a_real_table_stand_beside_their_labels(event: Path) -> None:
    made = take(event, SENT_IN / "poi-IllustrativeCases.docx")
    row = next(line for line in read(made)[1].splitlines() if "Exemption Limits" in line)
    cells = (cell.strip().split("<br>") for cell in row.replace("*", "").strip("|").split("|"))
    beside = list(zip(*cells, strict=True))
    assert beside[:2] == [("", "\u20ac", "\u20ac"), ("Gross Income", "38,000", "38,000")]
    assert beside[2] == ("Exemption Limits", "34,000", "38,000")


def test_lists_by_letters_keep_their_labels(event: Path, tmp_path: Path) -> None:
    made = take(event, converted(tmp_path / "x.docx", "As follows:\n\na.  one\nb.  two\n"))
    assert codes(made) == []
    assert "- (a) one\n- (b) two" in read(made)[1]


@pytest.mark.parametrize("kind", ["odt", "html"])
def test_items_of_several_paragraphs_are_items(event: Path, tmp_path: Path, kind: str) -> None:
    markdown = "We ask for:\n\n- lights,\n\n    in every street,\n\n- a bus.\n\nThat is all."
    made = take(event, converted(tmp_path / f"x.{kind}", markdown))
    body = read(made)[1]
    assert body.split("\n\n") == [
        "We ask for:",
        "- lights,",
        "    in every street,",
        "- a bus.",
        "That is all.",
    ]
    html = markup.parse(body, "x", "x.md", 3).html
    assert re.findall(r"<li>\s*<p>(\w+)", html) == ["lights", "a"]


@pytest.mark.parametrize(
    ("page", "items"),
    [
        ("<ul><li><ul><li>one</li><li>two</li></ul></li><li>three</li></ul>", 4),
        ("<ol><li><ol><li>one</li></ol></li><li>two</li></ol>", 3),
        ("<ul><li><blockquote>one</blockquote></li><li>two</li></ul>", 2),
        ("<ul><li><h3>one</h3></li><li>two</li></ul>", 2),
        ("<ul><li><table><tr><th>one</th><th>1</th></tr></table></li><li>two</li></ul>", 2),
    ],
)
def test_items_that_begin_with_no_words_are_items(
    event: Path, tmp_path: Path, page: str, items: int
) -> None:
    (tmp_path / "x.html").write_text(f"<p>See:</p>{page}")
    html = markup.parse(read(take(event, tmp_path / "x.html"))[1], "x", "x.md", 3).html
    assert html.count("<li>") == items
    shown = lxml.html.fragment_fromstring(html, create_parent="div").text_content()
    assert not set("-#>") & set(shown)


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("<i>He <b>never</b></i>", "<em>He <strong>never</strong></em>"),
        (
            "<i><b>a</b> b</i>c <b><i>d</i></b> <i><b>e</b> f<b>g</b></i>",
            "<em><strong>a</strong> b</em>c <strong><em>d</em></strong> "
            "<em><strong>e</strong> f<strong>g</strong></em>",
        ),
        ('Write!<a href="https://un.org">Us</a>', 'Write!<a href="https://un.org">Us</a>'),
        ("It is [emphasis added](see annex) so.", "It is [emphasis added](see annex) so."),
        ("<span>See [1]</span>(below)", "See [1](below)"),
        ("<i>[Spoke in French]: thanks</i>", "<em>[Spoke in French]: thanks</em>"),
    ],
)
def test_words_mean_what_they_did(event: Path, tmp_path: Path, page: str, shown: str) -> None:
    (tmp_path / "x.html").write_text(f"<p>Good day.</p><p>{page}</p>")
    html = markup.parse(read(take(event, tmp_path / "x.html"))[1], "x", "x.md", 3).html
    assert f"</span>{shown}</p>" in html


def test_characters_are_as_an_editor_would_type_them() -> None:
    written = "“The State’s\u00a0co\u00adoperation”\u200f \u202bin\u202c 1990’s ’tis e\u0301"
    assert normalize(written) == "\"The State's cooperation\" in 1990's ’tis é"


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=60), max_size=6))
def test_any_text_keeps_its_words_and_gets_no_markup(lines: list[str]) -> None:
    composed = compose([paragraph(line) for line in lines], lambda _: None)
    text = markup.parse(composed.markdown, "s", "s.md", 3)
    result = [passage for _, passage in text.passages]
    assert lost(lines, result) == ()
    assert lost(result, lines) == ()
    assert "<h" not in text.html and "<li" not in text.html and "<em" not in text.html


@pytest.mark.parametrize(
    "line",
    [
        *("1. one", "- dash", "+ plus", "* star", "# head", "> quote", ":   term", "a\n:   term"),
        *("[@1-opening/x:4]", "[^1]", "[a]: b", "[a](b)", "[a b]: c", "*a*", "_a_", "`a`", "&amp;"),
        *("| a | b |\n|---|---|", "a\n===", "a\n---", "{: #x }", "*[UN]: x", "Table: x", "![a](b)"),
        *("\\*", "<!-- a -->", "<http://a.b>", "2009) was", "http://a.b/c_d_e", "<b>a</b>"),
    ],
)
def test_signs_with_a_meaning_in_markdown_are_only_signs(line: str) -> None:
    markdown = compose([paragraph("Before."), paragraph(line)], lambda _: None).markdown
    text = markup.parse(markdown, "s", "s.md", 3)
    assert len(text.paragraphs) == 2
    assert tokens(text.paragraphs[1]) == tokens(line)


def test_naughty_strings_stay_what_they_are() -> None:
    file = PROJECT.parent / "shared" / "hostile" / "naughty-strings.json"
    if not file.exists():
        pytest.skip(f"{file} is not here")
    naughty = json.loads(file.read_text())
    lines = [str(each["string"] if isinstance(each, dict) else each) for each in naughty]
    for line in lines:
        text = markup.parse(compose([paragraph(line)], lambda _: None).markdown, "s", "s.md", 3)
        assert lost([line], (passage for _, passage in text.passages)) == ()


def test_plain_text_of_another_encoding(event: Path, tmp_path: Path) -> None:
    text = "Выступление Министра\n\nУважаемый господин Председатель! Мы поддерживаем резолюцию.\n"
    (tmp_path / "x.txt").write_bytes((text * 3).encode("cp1251"))
    made = take(event, tmp_path / "x.txt")
    assert codes(made) == ["W813"]
    matter, body = read(made)
    assert matter["language"] == "ru"
    assert "Мы поддерживаем резолюцию." in body


def test_plain_text_lists_what_stands_below_words(event: Path, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text(
        "Mr. President, we ask for three things of this great symposium:\n"
        "- a bus that is on time and that everybody who lives here can\n  afford,\n"
        "* a lamp.\n\n1. First, thank you for the invitation to your beautiful city.\n"
        "2) Second, goodbye.\n\nThe State I speak for and its people, as you know,\n"
        "\u2013 all of them \u2013 are glad.\n\n* * *\n"
    )
    made = take(event, tmp_path / "x.txt")
    assert codes(made) == []
    assert read(made)[1].split("\n\n") == [
        "Mr. President, we ask for three things of this great symposium:",
        "- a bus that is on time and that everybody who lives here can afford,\n- a lamp.",
        "1\\. First, thank you for the invitation to your beautiful city.",
        "2\\) Second, goodbye.",
        "The State I speak for and its people, as you know, \u2013 all of them \u2013 are glad.",
        "\\* \\* \\*",
    ]


def test_a_pdf_gives_paragraphs_headings_and_lists(event: Path, tmp_path: Path) -> None:
    html = (
        "<style>@page { size: A5; @bottom-center { content: 'Mission of A, page ' counter(page) } }"
        "body { hyphens: auto; text-align: justify }</style><body lang=en>"
        "<h1>Cooperation between neighbours</h1>"
        + "<p>Administrations communicate extraordinarily infrequently notwithstanding "
        "international recommendations, and representatives acknowledge responsibilities.</p>"
        * 12
        + "<h2>What we did</h2><ul><li>We shared lists.<li>We shared worries.</ul>"
    )
    (tmp_path / "x.pdf").write_bytes(weasyprint.HTML(string=html).write_pdf())
    made = take(event, tmp_path / "x.pdf")
    assert set(codes(made)) == {"W811", "W813"}, made.diagnostics
    matter, body = read(made)
    assert matter["title"] == "Cooperation between neighbours"
    assert body.count("Administrations communicate extraordinarily infrequently") == 12
    assert body.count("\n\n") == 13
    assert "## What we did\n\n- We shared lists.\n- We shared worries." in body
    assert "Mission of A" not in body


@pytest.mark.heavy
@pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed")
def test_words_of_arabic_in_the_pdf_of_a_browser_run_on_to_the_right(
    event: Path, tmp_path: Path, browser: Browser
) -> None:
    words = "السلام عليكم، ولا نزال نعمل إلى الآن في 2011 مع الأمم المتحدة."
    page = browser.new_page()
    page.set_content(f"<p dir=rtl lang=ar>{words}</p>")
    (tmp_path / "x.pdf").write_bytes(page.pdf())
    page.close()
    made = take(event, tmp_path / "x.pdf")
    assert codes(made) == ["W813"]
    assert set(tokens(words)) == set(tokens(read(made)[1]))


def test_a_pdf_of_pictures_has_no_text(event: Path, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png())
    page = weasyprint.HTML(string="<img src=a.png>", base_url=str(tmp_path)).write_pdf()
    (tmp_path / "scan.pdf").write_bytes(page)
    assert codes(take(event, tmp_path / "scan.pdf")) == ["E805"]


def test_a_folder_and_a_zip_come_in_as_batches_in_the_order_of_names(
    event: Path, tmp_path: Path
) -> None:
    batch = tmp_path / "batch"
    (batch / "later").mkdir(parents=True)
    for name in ("2 second", "10 tenth", "1 first"):
        (batch / f"{name}.txt").write_text(f"The text of {name}.")
    (batch / "later" / "3.xyz").write_bytes(b"\x00\x01\x02")
    (batch / "~$2 second.docx").write_text("Ann")
    (batch / ".hidden").write_text("x")
    archive = shutil.make_archive(str(tmp_path / "sent"), "zip", batch)
    for source in (batch, Path(archive)):
        made = list(import_files(event, "opening", [source]))
        assert [Path(each.file).name for each in made] == [
            *("1 first.txt", "2 second.txt", "10 tenth.txt", "3.xyz")
        ]
        assert [codes(each) for each in made] == [[], [], [], ["E801"]]
    names = sorted(path.name for path in (event / "1-opening").glob("0*"))
    assert names[1:] == [
        *("02-first.md", "03-second.md", "04-tenth.md"),
        *("05-first.md", "06-second.md", "07-tenth.md"),
    ]


ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>'
)


def hostile(folder: Path) -> dict[str, tuple[Path, str]]:
    """Files that cannot be imported, each with the code of the one diagnostic that says why."""
    good = word(folder / "good.docx", p(r("Thank you."))).read_bytes()
    files: dict[str, tuple[bytes, str]] = {
        "empty.docx": (b"", "E805"),
        "blank.txt": (b" \n\n", "E805"),
        "no-words.txt": ("\u200b \u00ad".encode(), "E805"),
        "cut.docx": (good[: len(good) // 2], "E802"),
        "text.docx": (b"no zip at all", "E802"),
        "old.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "E801"),
        "password.docx": (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "E803",
        ),
        "cut.pdf": (b"%PDF-1.7\n1 0 obj\n<<", "E802"),
        "deep.html": (b"<div>a" * 4000 + b"x", "E806"),
        "program.exe": (b"MZ\x90\x00", "E801"),
    }
    made = {name: (folder / name, code) for name, (_, code) in files.items()}
    for name, (content, _) in files.items():
        (folder / name).write_bytes(content)
    parts = {"[Content_Types].xml": TYPES, "_rels/.rels": PACKAGE_RELATIONSHIPS}
    packages: dict[str, tuple[dict[str, str | bytes], str]] = {
        "entities.docx": (parts | {"word/document.xml": ENTITIES}, "E804"),
        "no-text.docx": (parts | {"word/styles.xml": "<a/>"}, "E802"),
        "bomb.zip": ({"a.txt": b"a" * 300_000_000}, "E804"),
        "elsewhere.zip": ({"../../a.txt": "Thank you."}, "E804"),
        "sheet.xlsx": ({"[Content_Types].xml": TYPES, "xl/workbook.xml": "<a/>"}, "E801"),
        "void.zip": ({".hidden": "a"}, "E805"),
    }
    for name, (content_of, code) in packages.items():
        made[name] = (packed(folder / name, content_of), code)
    return made


def test_what_cannot_be_imported_gives_one_diagnostic_and_no_file(
    event: Path, tmp_path: Path
) -> None:
    before = sorted(event.rglob("*"))
    for name, (file, code) in hostile(tmp_path).items():
        made = list(import_files(event, "1-opening", [file]))
        assert [codes(each) for each in made] == [[code]], name
        assert all(d.message and d.hint for d in made[0].diagnostics)
    assert sorted(event.rglob("*")) == before


def test_pandoc_has_a_limit_of_memory(
    event: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversion, "_MEMORY", "16m")
    (tmp_path / "x.html").write_text("<p>a <b>word</b> here</p>" * 50_000)
    assert codes(take(event, tmp_path / "x.html")) == ["E806"]


def test_pandoc_has_a_limit_of_time(
    event: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "pandoc"
    slow.write_text("#!/bin/sh\nexec sleep 30\n")
    slow.chmod(0o755)
    monkeypatch.setattr(conversion, "_SECONDS", 1)
    monkeypatch.setattr(pypandoc, "get_pandoc_path", lambda: str(slow))
    assert codes(take(event, word(tmp_path / "x.docx", p(r("Thank you."))))) == ["E806"]


def test_macros_are_left_out_and_told(event: Path, tmp_path: Path) -> None:
    made = take(event, word(tmp_path / "x.docm", p(r("Thank you.")), vbaProject_bin=b"\0"))
    assert [d.message for d in made.diagnostics] == ["left out: macros"]


def test_a_page_of_the_web_runs_and_fetches_nothing(event: Path, tmp_path: Path) -> None:
    file = tmp_path / "x.html"
    file.write_text(
        "<html><head><title>Mission</title></head><script>alert(1)</script>"
        "<p onclick=alert(1)>Thank you."
        "<img src=http://127.0.0.1:9/x.png><img src=file:///etc/passwd>"
    )
    made = take(event, file)
    assert read(made)[1] == "Thank you."
    assert codes(made) == ["W811", "W812", "W812"]


def test_the_command_shows_a_table_and_its_exit_code(event: Path, tmp_path: Path) -> None:
    converted(tmp_path / "a.docx", "Thank you, Madam Chairperson.")
    (tmp_path / "b.docx").write_bytes(b"PK\x03\x04 broken")
    command = ("import", "-e", event, "--session", "1-opening")
    result = run(*command, "a.docx", folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "1-opening/02-a.md" in result.stdout
    result = run(*command, "b.docx", "nowhere.docx", folder=tmp_path)
    assert result.returncode == 1
    assert result.stdout.count("not imported") == 2
    assert "error[E802]" in result.stderr
    assert "error[E001]" in result.stderr
    assert "Traceback" not in result.stderr
    result = run(*command[:-1], "9-none", "a.docx", folder=tmp_path)
    assert result.returncode == 2
    assert "there is no session 9-none" in result.stderr


@pytest.mark.heavy
@pytest.mark.skipif(not SENT_IN.is_dir(), reason=f"{SENT_IN} is not here")
@pytest.mark.parametrize("accept_changes", [False, True])
def test_real_documents_keep_their_words_or_say_why_not(event: Path, accept_changes: bool) -> None:
    made = list(import_files(event, "1-opening", [SENT_IN], accept_changes=accept_changes))
    assert len(made) == len(list(SENT_IN.iterdir()))
    refused = {each.file: codes(each) for each in made if each.statement is None}
    assert refused == {
        "mammoth-empty.docx": ["E805"],
        "mammoth-tiny-picture.docx": ["E805"],
        "poi-ExternalEntityInText.docx": ["E804"],
        "poi-clusterfuzz-testcase-minimized-POIXWPFFuzzer-6733884933668864.docx": ["E802"],
    }
    differ = [each.file for each in made if "E807" in codes(each)]
    # Pandoc puts a space between two paragraphs whose division was deleted.
    assert differ == ["pandoc-paragraph_insertion_deletion.docx"] * accept_changes
    loaded, _ = load(event)
    assert loaded
    assert len(loaded.statements) == 1 + len(made) - len(refused)

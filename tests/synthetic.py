"""Small reports made for tests of typesetting and linking: units as merging would give them."""

from dataclasses import replace
from pathlib import Path

from report.typeset import Styles
from report.unit import Paging, Report, Unit

STYLES_FOLDER = Path(__file__).parents[1] / "styles"

PRINT = """
@page {
  size: A5; margin: 20mm;
  @top-left { content: string(session); font: 8pt "Fira Sans" }
  @top-right { content: string(speaker); font: 8pt "Fira Sans" }
}
[data-running-start] {
  string-set: session attr(data-running-start), speaker attr(data-running-end);
}
html { font: 10pt/14pt Spectral }
h1, h2 { font: 600 14pt/21pt "Fira Sans"; bookmark-level: 1 }
h2 { bookmark-level: 2 }
h3 { bookmark-level: 3 }
p { margin: 0 0 7pt; text-align: justify; hyphens: auto }
nav ol { list-style: none }
nav span::before { content: leader(".") }
td, th { border: 0.5pt solid #888 }
.footnote { float: footnote; font-size: 8pt }
"""

SENTENCE = (
    "The Secretary-General recalled that the <em>Strategy</em> had been adopted by consensus, "
    "and that its four pillars were to be implemented by Member States with regional "
    "organizations, civil society and the media. "
)

NOTE = (
    '<p>A sentence with a note<sup id="fnref:{0}-1"><a class="footnote-ref" href="#fn:{0}-1">1</a>'
    '</sup> in it.</p><div class="footnote"><hr><ol><li id="fn:{0}-1"><p>The text of the note.'
    '&#160;<a class="footnote-backref" href="#fnref:{0}-1">↩</a></p></li></ol></div>'
)


def styles(extra: str = "") -> Styles:
    """Return the styles of the tests, small ones, with the report's own faces and folios."""
    own = tuple(
        (name, (STYLES_FOLDER / name).read_text(encoding="utf-8"))
        for name in ("fonts.css", "folios.css")
    )
    return Styles((*own, ("print.css", PRINT + extra)))


def statement(number: int, paragraphs: int = 6, *, extra: str = "", word: str = "") -> Unit:
    """Return a statement whose paragraphs have ids and whose last links to the next statement."""
    name = f"s{number}"
    body = "".join(
        f'<p id="{name}-{n}">{n}. {word}{SENTENCE * (2 + n % 3)}</p>'
        for n in range(1, paragraphs + 1)
    )
    html = (
        f'<article><h2 id="{name}">Statement {number}</h2>{body}'
        f'<p>See <a href="#s1-2">the second paragraph of statement 1</a>.</p>{extra}</article>'
    )
    head = ("Session 1", f"Speaker {number}")
    return Unit(
        id=f"1-opening/{name}",
        kind="statement",
        title=f"Statement {number}",
        html=html,
        language="en",
        paging=Paging.BODY,
        running_head=head,
    )


def cover() -> Unit:
    """Return a cover, which shows no folio."""
    html = '<section><h1 id="cover">Report of the Symposium</h1></section>'
    return Unit("cover", "cover", "Report", html, "en", Paging.NONE)


def contents(count: int) -> Unit:
    """Return the contents of so many statements."""
    items = "".join(
        f'<li><a href="#s{n}">Statement {n} <span data-folio="s{n}"></span></a></li>'
        for n in range(1, count + 1)
    )
    html = f'<section><h1 id="contents">Contents</h1><nav><ol>{items}</ol></nav></section>'
    return Unit("contents", "contents", "Contents", html, "en", Paging.FRONT)


def report(*units: Unit, folder: Path = STYLES_FOLDER) -> Report:
    """Return a report of the given units."""
    return Report(
        title="Report of the Symposium", author="The Secretariat", subject="A test",
        keywords=("test", "report"), language="en", timestamp=1316390400, folder=folder,
        units=units,
    )  # fmt: skip


def small_report(count: int = 4) -> Report:
    """Return a report with a cover, contents and statements: the last with all kinds of text."""
    statements = [statement(n) for n in range(1, count)]
    rich = statement(count, 3, extra=RICH + NOTE.format(f"s{count}"))
    return report(cover(), contents(count), *statements, rich)


def with_unit(whole: Report, unit: Unit) -> Report:
    """Return a report in which a unit takes the place of that of the same id."""
    units = tuple(unit if old.id == unit.id else old for old in whole.units)
    return replace(whole, units=units)


RICH = (
    '<h3 id="rich">Rich text</h3><ul><li>One</li><li>Two<ol><li>Three</li></ol></li></ul>'
    "<dl><dt>Term</dt><dd>Description</dd></dl>"
    "<table><caption>Pillars</caption><thead><tr><th>Pillar</th><th>Measures</th></tr></thead>"
    "<tbody>"
    + "".join(f'<tr><th scope="row">Pillar {n}</th><td>Measure {n}</td></tr>' for n in range(40))
    + "</tbody></table>"
    '<blockquote lang="fr"><p>Bonjour, Messieurs.</p></blockquote>'
    '<p>The <abbr title="United Nations">UN</abbr> and <span lang="de">Weltordnung</span>.</p>'
    f"<p>A long paragraph. {SENTENCE * 20}</p>"
)

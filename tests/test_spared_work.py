"""What the press spares WeasyPrint changes no page: it is the one that WeasyPrint makes alone."""

from __future__ import annotations

from unittest import mock
from xml.etree.ElementTree import tostring

import pytest
import tinyhtml5
from tinyhtml5 import inputstream
from weasyprint import CSS, HTML, css
from weasyprint.layout import absolute, background, block, column, inline, percent, table
from weasyprint.layout import float as floats
from weasyprint.layout import page as pages
from weasyprint.text import line_break

from report import cascade, htmlpatterns, knownlines, press, usedvalues

STYLES = """
@page { margin: 2cm 10%; @top-left { content: string(head); color: #a4561f } }
html { font: 10pt/14pt serif }
h2 { string-set: head content(); break-after: avoid }
li::marker { color: #17496f }
li::before { content: counter(list-item) attr(title) }
li:nth-child(even)::before { content: "\\2013"; padding: 1%; border-radius: 3px; background: #eee }
.footnote { float: footnote; line-height: 1 }
.box { box-sizing: border-box; width: 40%; padding: 2mm; border: 1px solid; margin-left: 5% }
.float { float: right; width: 30mm; box-shadow: 0 0 2px; border-radius: 2mm; background: #eee }
.at { position: absolute; right: 2mm; top: 1mm }
.row { display: flex } .row > * { flex: 1 }
.columns { columns: 2; text-align: justify } .columns p { hyphens: auto }
p { font-style: normal !important; text-indent: 1mm }
table { border-collapse: collapse; width: 100% } td { border: 1px solid; padding: 1mm }
tr.wide td { border-width: 3px; width: 20% }
"""

TEXT = """
<h2 id="{n}">Part {n}</h2>
<p id="p{n}">Words<span class="footnote">A note <em>of {n}</em>.</span> and <a href="#{n}">more</a>.
<p id="q{n}" lang="fr">Des mots <a name="old{n}" id="new{n}">encore</a> <q>cités</q>.
<ol style="counter-reset: list-item {n}; color: #17496f">
<li id="a{n}" title="x">One <b>bold</b>
<li title="y" style="counter-set: list-item 7">Two <b>bold</b>
<li id="c{n}">Three</ol>
<div class="box" id="b{n}"><p>In a box <span class="at">aside</span></p></div>
<div class="float">At the side <img class="at" alt="" width="9" src="data:image/svg+xml,\
%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/%3E"></div>
<div class="row"><p>Left</p><p id="r{n}">Right</p></div>
<section id="s{n}"><table><tr><td>1<td id="d{n}">2<tr class="wide"><td>3<td>4</table></section>
<svg width="200" height="20"><text x="1" y="9" font-size="9">Letters, letters</text>
<g class="float" id="g{n}"><title>All letters</title>
<text x="90" y="9" font-size="7" font-weight="bold" class="at">Letters</text>
<svg class="box"><rect class="at" width="4" height="4"/></svg></g></svg>
<div class="columns" lang="en"><p id="e{n}" style="font-style: italic; text-indent: 0">Some
<b>words</b> in columns, of which there are some incontrovertibly extraordinary ones, and more of
them than would go into a line.<p>Some <b>words</b> more.</div>
"""


def test_html_is_read_as_ever() -> None:
    odd = (
        "<p title='a&amp;b' DATA-x=1 q\x00r=s>&lt;&#x41;<b>b</p><!-- -- -->"
        '<a\thref="#\u00e9">c</a\n>]]>'
    )
    plain: dict[object, object] = {}
    with mock.patch.object(inputstream, "characters_until_regex", plain):
        expected = tostring(tinyhtml5.parse(odd))
    assert plain
    assert isinstance(inputstream.characters_until_regex, htmlpatterns._Patterns), press
    assert tostring(tinyhtml5.parse(odd)) == expected


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """WeasyPrint as it is, as soon as this is undone."""
    monkeypatch.setattr(css, "StyleFor", cascade._StyleFor)
    monkeypatch.setattr(css, "find_stylesheets", cascade._find_stylesheets)
    monkeypatch.setattr(css, "find_style_attributes", cascade._find_style_attributes)
    for module in (absolute, block, column, floats, inline, pages, percent, table):
        monkeypatch.setattr(module, "resolve_percentages", usedvalues._resolve_percentages)
    monkeypatch.setattr(background, "layout_box_backgrounds", usedvalues._layout_box_backgrounds)
    monkeypatch.setattr(inline, "strut", usedvalues._strut)
    monkeypatch.setattr(line_break, "strut", usedvalues._strut)
    monkeypatch.setattr(line_break, "get_font_description", usedvalues._get_font_description)
    monkeypatch.setattr(line_break, "split_first_line", knownlines._split_first_line)
    monkeypatch.setattr(knownlines, "split_first_line", knownlines._split_first_line)
    return monkeypatch


def pdf() -> bytes:
    text = "<style>h2 { color: #a4561f }</style>"
    text += "".join(TEXT.format(n=n) for n in range(8))
    made: bytes = HTML(string=text).write_pdf(
        stylesheets=[CSS(string=STYLES)], pdf_variant="pdf/ua-1", pdf_identifier=b"same"
    )
    return made


def test_pages_are_those_that_weasyprint_makes_alone(without: pytest.MonkeyPatch) -> None:
    assert press
    alone = pdf()
    without.undo()
    assert css.StyleFor is cascade.Styles
    assert pdf() == alone

"""Markdown: what an editor writes is kept, numbered and addressable; what acts is not."""

from __future__ import annotations

import re

import lxml.html
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml.html import HtmlElement

from report.intricacy import TooIntricate
from report.markup import PLACED, Text, parse, resolve
from report.printform import print_document
from report.unit import Paging, Unit

STEADY = settings(deadline=None, max_examples=120, derandomize=True)


def text(markdown: str, level: int = 3) -> Text:
    return parse(markdown, "1-a/01-b", "1-a/01-b.md", level)


def tree(markdown: str, level: int = 3) -> HtmlElement:
    return lxml.html.fragment_fromstring(text(markdown, level).html, create_parent="div")


def labels(root: HtmlElement) -> list[str]:
    return [label.text_content() for label in root.iter("span") if label.get("class") == "number"]


# Numbering


def test_every_paragraph_has_its_number_and_address() -> None:
    root = tree("One.\n\nTwo.\n\nThree.")
    assert [p.get("id") for p in root.iter("p")] == ["1-a/01-b:1", "1-a/01-b:2", "1-a/01-b:3"]
    assert labels(root) == ["1", "2", "3"]
    assert text("One.\n\nTwo *words*.").paragraphs == ("One.", "Two words.")


def test_a_list_quotation_or_table_belongs_to_the_paragraph_before_it() -> None:
    found = text("One:\n\n- a\n- b\n\n> said\n\nTwo:\n\n| A | B |\n|---|---|\n| 1 | 2 |\n")
    assert found.paragraphs == ("One: a b said", "Two: A B 1 2")


def test_a_block_that_begins_the_text_or_follows_a_heading_has_its_own_number() -> None:
    root = tree("- a\n- b\n\n## Head\n\n> said\n\nLast.")
    assert labels(root) == ["1", "2", "3"]
    assert [e.tag for e in root.xpath("//*[@id]")] == ["div", "div", "p"]
    assert text("- a\n- b\n\n## Head\n\n> said").paragraphs == ("a b", "said")


def test_rules_and_figures_have_no_number() -> None:
    assert labels(tree("One.\n\n* * *\n\n![Hall](h.png)\n\nTwo.")) == ["1", "2"]


def test_words_keep_apart_where_lines_break() -> None:
    assert text("one<br>two\n\n- three\n- four").paragraphs == ("one two three four",)
    assert text("o*n*e").paragraphs == ("one",)


def test_words_are_counted_without_numbers() -> None:
    assert text("One two[^1].\n\nThree.\n\n[^1]: Note.").words == 3


# Identifiers and links


def test_own_identifiers_are_unique_in_the_report_and_links_follow_them() -> None:
    root = tree("Para.\n{: #key }\n\n[There](#key)\n\n## Head {#head}\n\n[Up](#head)")
    ids = [element.get("id") for element in root.xpath("//*[@id]")]
    assert "1-a/01-b/key" in ids
    assert "1-a/01-b/head" in ids
    assert [a.get("href") for a in root.iter("a")] == ["#1-a/01-b/key", "#1-a/01-b/head"]
    assert text("Para.\n{: #key }\n\n[There](#key)").dead_links == ()


def test_an_identifier_given_twice_stays_with_the_first() -> None:
    root = tree("## One {#x}\n\n## Two {#x}\n")
    assert [h.get("id") for h in root.iter("h4")] == ["1-a/01-b/x", None]


def test_links_that_lead_nowhere_are_known() -> None:
    markdown = (
        "See [it](#nowhere), [file](../foreword.md), [web](https://un.org), [m](mailto:a@b.c)."
    )
    assert [(m.text, m.offset) for m in text(markdown).dead_links] == [
        ("#nowhere", 9),
        ("../foreword.md", 27),
    ]


def test_footnotes_lead_to_their_notes_and_back() -> None:
    root = tree("One[^a].\n\n[^a]: The note.")
    ids = {element.get("id") for element in root.xpath("//*[@id]")}
    assert len(list(root.iter("a"))) == 2
    for a in root.iter("a"):
        assert a.get("href", "").removeprefix("#") in ids
    assert text("One[^a].\n\n[^a]: The note.").dead_links == ()


# Headings, tables, figures


@pytest.mark.parametrize(
    ("written", "levels"),
    [
        ("# a\n\n## b\n\n# c", ["h4", "h5", "h4"]),
        ("### a\n\n###### b\n\n## c", ["h4", "h5", "h4"]),
        ("## a\n\n# b\n\n## c", ["h4", "h4", "h5"]),
        ("# a\n\n## b\n\n### c\n\n#### d\n\n##### e", ["h4", "h5", "h6", "h6", "h6"]),
    ],
)
def test_headings_stand_below_the_texts_own_without_gaps(written: str, levels: list[str]) -> None:
    assert [e.tag for e in tree(written).iter("h1", "h2", "h3", "h4", "h5", "h6")] == levels


def test_header_cells_say_what_they_head_and_a_table_has_a_box() -> None:
    root = tree("Text.\n\n| A | B |\n|:--|--:|\n| 1 | 2 |\n")
    assert [cell.get("scope") for cell in root.iter("th")] == ["col", "col"]
    (table,) = root.iter("table")
    assert table.getparent().get("class") == "table"
    assert root.xpath("//td/@style") == ["text-align:left", "text-align:right"]


def test_an_image_that_stands_alone_is_a_figure() -> None:
    markdown = 'One ![x](a.png) two.\n\n![The hall](../media/h.png "In session")\n'
    root = tree(markdown)
    (figure,) = root.iter("figure")
    assert figure.text_content().strip() == "In session"
    assert [image.get("src") for image in root.iter("img")] == ["1-a/a.png", "media/h.png"]
    assert [(i.file, i.alt, i.offset) for i in text(markdown).images] == [
        ("1-a/a.png", "x", 4),
        ("media/h.png", "The hall", 22),
    ]


@pytest.mark.parametrize(
    ("markdown", "file", "alt", "offset"),
    [
        ('Text <img src="b.png"> here', "1-a/b.png", "", 15),
        ("![A [b] c](d.png)", "1-a/d.png", "A [b] c", 11),
        ("![Hall][h]\n\n[h]: d.png", "1-a/d.png", "Hall", 17),
        ("![Hall](https://un.org/h.png)", "https://un.org/h.png", "Hall", 0),
        ("![Hall](data:image/png;base64,AAAA)", "", "Hall", 0),
        ("![Hall](/etc/passwd)", "/etc/passwd", "Hall", 0),
    ],
)
def test_every_image_is_known_however_it_is_written(
    markdown: str, file: str, alt: str, offset: int
) -> None:
    (image,) = text(markdown).images
    assert (image.file, image.alt, image.offset) == (file, alt, offset)


def test_an_image_is_told_apart_from_those_before_it() -> None:
    markdown = (
        "![Hall](a.png)\n\n![Alt](b.png)\n\n![Alt](C:\\pics\\a.jpg)\n\n![](C:\\pics\\b.jpg)\n\n"
        "![](a.png)\n\n![Quay](my hall.png)\n"
    )
    offsets = [image.offset for image in text(markdown).images]
    assert offsets == [match.start() for match in re.finditer("!", markdown)]


def test_a_link_is_told_apart_from_words_before_it() -> None:
    markdown = "Of a.md and `[x](a.md)` see [it](a.md)."
    (link,) = text(markdown).dead_links
    assert link.offset == markdown.index("a.md).")


def test_images_in_code_are_none() -> None:
    assert text("`![x](a.png)`\n").images == ()


def test_the_path_of_an_image() -> None:
    assert resolve("../media/a.png", "1-a/01-b.md") == "media/a.png"
    assert resolve("a.png", "foreword.md") == "a.png"
    assert resolve("../../a.png", "1-a/01-b.md") == "../a.png"


# References


def test_references_are_marks_with_their_offset() -> None:
    markdown = "See [@a:1] and [@b:2;\n@c] and [@a:1]."
    found = text(markdown)
    assert [(m.text, m.offset) for m in found.references] == [
        ("a:1", 4),
        ("b:2; @c", 15),
        ("a:1", 30),
    ]
    assert '<a class="reference" data-ref="b:2; @c"></a>' in found.html


@pytest.mark.parametrize(
    "markdown",
    ["`[@a:1]`", "``x ` [@a:1]``", "\\[@a:1]", "<!-- [@a:1] -->", "`a\n[@a:1]`"],
)
def test_a_reference_in_code_an_escape_or_a_comment_is_none(markdown: str) -> None:
    assert text(markdown).references == ()
    found = text(f"{markdown}\n\nSee [@a:1] and [@b].")
    assert [m.text for m in found.references] == ["a:1", "b"]
    assert found.references[1].offset == len(markdown) + 17


def test_a_reference_in_a_footnote_list_or_table_is_one() -> None:
    markdown = "A[^1].\n\n- [@a]\n\n| [@b] |\n|---|\n| [@c] |\n\n[^1]: See [@d].\n"
    assert {m.text for m in text(markdown).references} == {"a", "b", "c", "d"}


@pytest.mark.parametrize("markdown", ["See [@a:1", "See [@a:1\n\nNext]", "See [@a [b]]", "[@]"])
def test_a_reference_that_is_not_closed_is_not_overlooked(markdown: str) -> None:
    (mark,) = text(markdown).references
    assert mark.text.startswith("[@")
    assert mark.offset == markdown.index("[@")


def test_a_mark_in_raw_html_is_a_mark_too() -> None:
    found = text('Text <a data-ref="x y" class="other">words</a>.')
    assert [m.text for m in found.references] == ["x y"]


# Symbols


@pytest.mark.parametrize(
    ("written", "href"),
    [
        ("A/RES/60/288", "https://undocs.org/A/RES/60/288"),
        ("S/RES/1373 (2001)", "https://undocs.org/S/RES/1373(2001)"),
        ("S/25704", "https://undocs.org/S/25704"),
        ("A/C.3/66/L.5", "https://undocs.org/A/C.3/66/L.5"),
        ("E/CN.4/2006/98/Add.1", "https://undocs.org/E/CN.4/2006/98/Add.1"),
    ],
)
def test_a_document_symbol_is_a_link(written: str, href: str) -> None:
    (link,) = tree(f"In resolution {written}.").iter("a")
    assert link.get("href") == href
    assert link.text_content().replace("\u00a0", " ") == written


def test_a_document_symbol_is_a_link_between_chinese_characters_too() -> None:
    (link,) = tree("参见A/RES/60/288号决议。").iter("a")
    assert link.text_content() == "A/RES/60/288"


@pytest.mark.parametrize(
    "written", ["`A/RES/60/288`", "[x](https://un.org/A/RES/60/288)", "24/7", "A/4", "T/1."]
)
def test_no_symbol_in_code_or_addresses(written: str) -> None:
    assert 'class="symbol"' not in text(f"See {written}.").html


# Safety


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "<a href='java\tscript:alert(1)'>x</a>",
        "<iframe src='https://x'></iframe>",
        "<style>*{display:none}</style>",
        "<p style='background:url(https://x)'>x</p>",
        "<svg onload=alert(1)>",
        "<object data='file:///etc/passwd'></object>",
        "<link rel=stylesheet href=https://x>",
        "<meta http-equiv=refresh content=0>",
        "<form action=https://x><input></form>",
        "x {: onclick=alert(1) style=position:fixed}",
        "[x](file:///etc/passwd)",
        "{{ 7*7 }} {% raw %}",
    ],
)
def test_nothing_acts(attack: str) -> None:
    html = text(f"Before.\n\n{attack}\n\nAfter.").html
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    forbidden = {"script", "style", "iframe", "svg", "object", "link", "meta", "form", "input"}
    assert not forbidden & {element.tag for element in root.iter()}
    for element in root.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert name != "style"
            assert not re.match(r"\s*(javascript|file|data|vbscript):", value)
    assert "49" not in html
    assert text(f"Before.\n\n{attack}\n\nAfter.").paragraphs[0] == "Before."


def test_the_words_of_an_element_that_is_taken_away_stay() -> None:
    found = text("<section>kept <em>words</em> here</section>\n\nand <blink>these</blink>\n")
    assert found.paragraphs == ("kept words here", "and these")


@pytest.mark.parametrize("opening", ["> ", "- ", "1. ", "<div>", "<em>", "<ul><li>"])
def test_nesting_loses_no_word_or_is_refused(opening: str) -> None:
    assert "end" in text(f"{opening * 12}end").paragraphs[0]
    with pytest.raises(TooIntricate):
        text(f"{opening * 200}end")


@pytest.mark.parametrize(
    ("sign", "times"),
    [
        *((sign, 50) for sign in ("[", "![", "[^", "[a](")),
        ("<![CDATA[", 20),
        *((sign, 500) for sign in ("*a ", "**", "_", "`", "<", "<a ", "&", "|", "~")),
    ],
)
def test_signs_without_their_like_lose_no_word(sign: str, times: int) -> None:
    assert "end" in text(f"{sign * times} end").paragraphs[0]


@pytest.mark.parametrize(
    "sign",
    ["[", "![", "[a](", "[[a](b)](", "<![CDATA[", "<a ", "*[a]: b\n", "> a\n\n", "a: b\n: c\n"],
)
def test_what_would_take_for_ever_is_refused(sign: str) -> None:
    with pytest.raises(TooIntricate):
        text(sign * 100_000)


@pytest.mark.parametrize(
    "paragraph", ["*a* " * 20_000, "A/RES/60/288 " * 20_000, "a  \n" * 20_000, "a[^1] " * 101]
)
def test_what_would_take_for_ever_in_one_paragraph_is_refused(paragraph: str) -> None:
    with pytest.raises(TooIntricate):
        text(f"{paragraph}\n\n[^1]: note")


@pytest.mark.parametrize(
    "markdown",
    [
        '*a* word, "b" -- A/RES/60/288.\n\n' * 5_000,
        '- *a* word, "b" -- A/RES/60/288.\n' * 2_500,
        "word " * 38_000,
    ],
)
def test_long_texts_are_not_refused(markdown: str) -> None:
    assert text(markdown).paragraphs


@pytest.mark.parametrize(
    "markdown",
    [
        "[" + "word " * 20_000 + "](https://example.org/)",
        "[a](https://example.org/(b)) " * 1500,
        "- [@1-opening/01-minister:1] says it, and (as we know) [others].\n" * 900,
        r"\[ " * 1500,
    ],
)
def test_brackets_that_are_closed_are_not_refused(markdown: str) -> None:
    assert text(markdown).paragraphs


# Any text


plain = st.lists(
    st.text(st.characters(categories=["Lu", "Ll"]), min_size=1, max_size=9), min_size=1, max_size=8
).map(" ".join)
marked = st.text(
    st.sampled_from("ab1 \n\n#*_-`>|[]()!<>&:{}.=~^@/\\\"'\t\u00e9\u4e2d"), max_size=80
)


@given(st.lists(plain, min_size=1, max_size=5))
@STEADY
def test_every_word_is_kept_and_every_paragraph_numbered(paragraphs: list[str]) -> None:
    found = text("\n\n".join(paragraphs))
    assert found.paragraphs == tuple(paragraphs)
    root = lxml.html.fragment_fromstring(found.html, create_parent="div")
    assert labels(root) == [str(number + 1) for number in range(len(paragraphs))]


@given(marked | st.text(max_size=60))
@example("<p id=a><p id=a>")
@example("\x0b[@\x02]")
@example("[@<script>]")
@example("[@`a`]")
@example("[@a\\_b]")
@example("<![CDATA[x]]>")
@example("<?php x ?>")
@example("&#0; &#x1F; &#xD800;")
@settings(deadline=None, max_examples=400, derandomize=True)
def test_any_text_gives_safe_html_with_consecutive_numbers(markdown: str) -> None:
    found = text(markdown)
    root = lxml.html.fragment_fromstring(found.html, create_parent="div")
    assert not list(root.iter("script", "style", "iframe"))
    assert not [name for e in root.iter() for name in e.attrib if str(name).startswith("on")]
    assert len(set(root.xpath("//*/@id"))) == len(root.xpath("//*/@id"))
    numbers = [e.get("id") for e in root.xpath("//*[span[@class='number']]") if e.get("id")]
    assert numbers == [f"1-a/01-b:{number + 1}" for number in range(len(found.paragraphs))]
    for name in PLACED:
        assert all(0 <= each.offset <= len(markdown) for each in getattr(found, name))


# Lists


@pytest.mark.parametrize(
    ("markdown", "numbers"),
    [
        ("3. a\n7. b\n8. c", [("3", None), (None, "7"), (None, None)]),
        ("9. a\n8. b", [("9", None), (None, "8")]),
        ("1. a\n\n    more\n\n3. b", [(None, None), (None, "3")]),
        ("1. a\n1. b\n1. c", [(None, None)] * 3),
        ("4. a\n4. b", [("4", None), (None, None)]),
        ("1. a\n    2. b\n    4. c\n3. d", [(None, None), ("2", None), (None, "4"), (None, "3")]),
        ("٣. a\n٥. b", [("3", None), (None, "5")]),
        ("1. a\n2. b\n\n[^1]: A note.\n[^2]: A note.\n", [(None, None)] * 4),
        (f"1. a\n{'9' * 5000}. b", [(None, None), (None, None)]),
        ("- - a\n    1. b\n    3. c", [(None, None)] * 4),
    ],
)
def test_items_keep_the_numbers_that_they_were_written_with(
    markdown: str, numbers: list[tuple[str | None, str | None]]
) -> None:
    """The start of the list at its first item, and the value of each."""
    items = list(tree(markdown).iter("li"))
    starts = [
        item.getparent().get("start") if item.getprevious() is None else None for item in items
    ]
    assert list(zip(starts, (item.get("value") for item in items), strict=True)) == numbers


@pytest.mark.parametrize(
    ("markdown", "blocks"),
    [
        ("We ask for:\n- a bus\n- a lamp\n  at night\n\nNow.", "p ul li li p"),
        ("First:\n1. a bus\n2. a lamp", "p ol li li"),
        ("We met in\n1986. It rained.", "p"),
        ("He said \u2013 and\n\u2013 so did I \u2013 no.", "p"),
        ("> First:\n> - a bus", "blockquote p ul li"),
        ("- a bus\n\n    at night\n- a lamp", "ul li p p li p"),
        ("4. a bus\n\n    at night\n5. a lamp", "ol li p p li p"),
        ("    We met in\n1986. It rained.", "p"),
        ("A line\n- ", "h4"),
    ],
)
def test_a_list_may_begin_directly_below_words(markdown: str, blocks: str) -> None:
    found = [each.tag for each in tree(markdown).iter() if each.tag not in ("div", "span")]
    assert " ".join(found) == blocks


# Rows


@pytest.mark.parametrize(
    ("markdown", "rows"),
    [
        (
            "| a | b |\n|---|---|\n| c | d |\n| e | f | g |",
            [("| e | f | g |", "row 2 has 3 cells")],
        ),
        ("a | b\n--|--\nc | d | e", [("c | d | e", "row 1 has 3 cells")]),
        ("> | a |\n> |---|\n> | c | d |", [("| c | d |", "and its table has 1 column")]),
        ("| a | b |\n|---|---|\n| c | `d|e` |\n| c | d\\|e |\n| f |\n| g | h | |", []),
        ("| a | b |\n| c | d |", [("| a | b |", "")]),
        ("Words:\n| a | b |\n|---|---|\n| c | d |", [("| a | b |", "")]),
        ("- Words\n| a | b |\n\n1. | c |\n\n[^1]", [("| a | b |", ""), ("| c |", "")]),
        ("`x\n| a | b |`\n\n\\| e | f |\n\n<pre>\n| g |\n</pre>", []),
    ],
)
def test_rows_without_a_place_are_told(markdown: str, rows: list[tuple[str, str]]) -> None:
    found = text(markdown).faulty_rows
    assert len(found) == len(rows)
    for mark, (row, fault) in zip(found, rows, strict=True):
        assert mark.text == row
        assert fault in mark.fault
        assert markdown[mark.offset :].startswith(row)


def test_a_faulty_row_is_told_apart_from_its_like() -> None:
    wide = "| a | b | c |\n|---|---|---|\n| d | e | f |\n"
    narrow = "| a | b |\n|---|---|\n| d | e | f |\n"
    (row,) = text(f"{wide}\n{narrow}").faulty_rows
    assert row.offset == len(wide) + 1 + narrow.index("| d")


# Definitions


@pytest.mark.parametrize(
    ("markdown", "unused"),
    [
        ("[The Chair]: Agreed.\n\nNext.", ["[The Chair]:"]),
        ("> [The Chair]: Agreed.\n\n*[Applause]: long*", ["[The Chair]:", "*[Applause]:"]),
        ("\\[The Chair]: Agreed.\n\n`[x]: y`\n\n[The Chair]: Agreed to that.", []),
        ("The UN [here][x], [X] and ![y].\n\n[x]: #a\n[y]: b.png\n*[UN]: United Nations", []),
    ],
)
def test_lines_that_would_not_be_printed_are_told(markdown: str, unused: list[str]) -> None:
    found = text(markdown).unused
    assert [mark.text for mark in found] == unused
    assert all(markdown[mark.offset :].startswith(mark.text) for mark in found)


def test_a_link_may_have_its_address_elsewhere() -> None:
    html = text("See [the page][x], [@a:1].\n\n[x]: https://www.un.org").html
    assert 'href="https://www.un.org"' in html
    assert ">the page</a>" in html
    assert 'data-ref="a:1"' in html


# Notes


@pytest.mark.parametrize(
    "markdown",
    [
        '<div class="footnote">words that count</div>\n\nText.',
        '<div class="footnote"><hr><ol><li>words that count</li></ol></div>\n\nText.',
        '<div class="footnote"><hr>words that count<ol></ol></div>\n\nText.',
        "Text[^1].\n\n[^1]: A note.</li><li>words that count\n",
        "Text[^1].\n\n[^1]: A note.</li></ol></div>words that count\n",
        'Text <a class="footnote-ref" href="#fn:1">words that count</a>.',
        'Text[^1].\n\n[^1]: <a class="footnote-backref" href="#">words that count</a>\n',
        "///Footnotes Go Here///\n\nText[^1].\n\n[^1]: words that count\n",
    ],
)
def test_what_only_looks_like_notes_is_read_and_printed(markdown: str) -> None:
    found = text(markdown)
    assert found.uncalled == ()
    assert "words that count" in " ".join(words for _, words in found.passages)
    unit = Unit("1-a/01-b", "statement", "X", f"<div>{found.html}</div>", "en", Paging.BODY)
    printed = lxml.html.document_fromstring(print_document(unit, {}, "en"))
    assert "words that count" in printed.text_content()


@pytest.mark.parametrize(
    ("markdown", "uncalled"),
    [
        ("Text[^a].\n\n[^a]: One.\n[^b]: Two.", ["[^b]"]),
        ("Text.\n\n[^a]: This calls itself[^a].", ["[^a]"]),
        ("Text.\n\n[^a]: One[^b].\n[^b]: Two[^a].", ["[^a]", "[^b]"]),
        ("Text[^a].\n\n[^a]: One[^b].\n[^b]: Two[^a].", []),
        ("Text[^a], text[^a].\n\n[^a]: One.", []),
        ("Text[^long name].\n\n[^long name]: One.\n[^other name]: Two.", ["[^other name]"]),
    ],
)
def test_notes_that_nobody_calls_are_told(markdown: str, uncalled: list[str]) -> None:
    found = text(markdown).uncalled
    assert sorted(mark.text for mark in found) == uncalled
    for mark in found:
        assert markdown[mark.offset :].startswith(f"{mark.text}:")


@pytest.mark.parametrize(
    ("markdown", "calls"),
    [
        ("Text[^a], text[^b].\n\n[^a]: One.", ["[^b]"]),
        ("Text[^a].\n\n[^a] : One.", ["[^a]", "[^a]"]),
        ("Text[^a].\n\n[^a]: One[^long\nname].", ["[^long name]"]),
        ("Text.\n\n- [^a]\n\n| [^b] |\n|---|\n| [^c] |", ["[^a]", "[^b]", "[^c]"]),
        ("`[^a]`, \\[^b] and ``[^c]``.", []),
    ],
)
def test_calls_of_no_note_are_told(markdown: str, calls: list[str]) -> None:
    found = text(markdown).noteless
    assert [mark.text for mark in found] == calls
    for mark in found:
        assert " ".join(markdown[mark.offset :].split()).startswith(mark.text)

"""Runs of other scripts: set apart with their direction, and with no word lost or moved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import fragment_fromstring

from report.runs import set_apart


@pytest.mark.parametrize(
    ("language", "html", "wanted"),
    [
        (
            "ar",
            '<p>القرار <a class="symbol" href="x">A/RES/60/288</a> المؤرخ 8 أيلول (الفقرة 10)</p>',
            '<p>القرار <a class="symbol" href="x"><bdi dir="ltr">A/RES/60/288</bdi></a> المؤرخ '
            "8 أيلول (الفقرة 10)</p>",
        ),
        (
            "ar",
            "<p>موقع https://www.un.org/ctc/ على الإنترنت</p>",
            '<p>موقع <bdi dir="ltr">https://www.un.org/ctc/</bdi> على الإنترنت</p>',
        ),
        (
            "ar",
            "<p>قال <em>John</em> Smith (Mayor, State C) كلمة</p>",
            '<p>قال <bdi dir="ltr"><em>John</em> Smith (Mayor, State C)</bdi> كلمة</p>',
        ),
        (
            "en",
            "<p>The word <em>سلام</em> عليكم, and <b>peace</b> 2011 (سلام 12).</p>",
            '<p>The word <bdi dir="rtl" lang="ar"><em>سلام</em> عليكم</bdi>, and <b>peace</b> '
            '2011 (<bdi dir="rtl" lang="ar">سلام</bdi> 12).</p>',
        ),
        (
            "en",
            '<div lang="ar" dir="rtl"><p>نص John Smith نص</p></div><p>Plain</p>',
            '<div lang="ar" dir="rtl"><p>نص <bdi dir="ltr">John Smith</bdi> نص</p></div>'
            "<p>Plain</p>",
        ),
        (
            "en",
            '<p>“你好” 2011</p><div lang="zh"><p>我们 like</p></div>',
            '<p>“<span lang="zh">你好</span>” 2011</p><div lang="zh"><p>我们 like</p></div>',
        ),
        (
            "ar",
            '<li><a href="#x">Minister</a> <span class="affiliation">State A</span></li>',
            '<li><a href="#x"><bdi dir="ltr">Minister</bdi></a> <span class="affiliation">'
            '<bdi dir="ltr">State A</bdi></span></li>',
        ),
        ("zh", "<p>我们 like it</p>", "<p>我们 like it</p>"),
        (
            "zh",
            "<p>我们在l’État说‘是’</p>",
            '<p>我们在<span class="latin">l’État</span>说‘是’</p>',
        ),
    ],
)
def test_a_run_of_another_script_is_an_element(language: str, html: str, wanted: str) -> None:
    assert set_apart(html, language) == wanted
    assert set_apart(wanted, language) == wanted


_PIECES = st.sampled_from(
    [
        "سلام",
        "peace",
        "A/RES/60/288",
        "8",
        " ",
        " (",
        ")",
        "، ",
        ", ",
        "你好",
        "<em>",
        "</em>",
        "<br>",
    ]
)


@given(st.lists(_PIECES, max_size=12), st.sampled_from(["ar", "en", "zh"]))
def test_no_word_is_lost_or_moved(pieces: list[str], language: str) -> None:
    html = f"<p>{''.join(pieces)}</p>"
    before = fragment_fromstring(html, create_parent="div")
    after = fragment_fromstring(set_apart(html, language), create_parent="div")
    assert after.text_content() == before.text_content()
    assert len(list(after.iter("em", "br"))) == len(list(before.iter("em", "br")))

"""Markdown to safe HTML with numbered, addressable paragraphs.

The result of `parse` is neutral: it knows no page and no other text. References stay in it as marks
that merging fills in, because only the whole report knows what they lead to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from posixpath import dirname, join, normpath
from xml.etree.ElementTree import Element

import lxml.html
import nh3
from lxml.html import HtmlElement
from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

from report import reference, symbols


@dataclass(frozen=True, slots=True)
class Mark:
    """A reference as written, without `[@` and `]`, and where it begins in the Markdown."""

    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class Image:
    """An image of the text: its path relative to the event's folder, and its alternative text."""

    file: str
    alt: str
    offset: int


@dataclass(frozen=True, slots=True)
class Text:
    """A text ready to be merged.

    `html` holds paragraphs with the ids `identity:1`, `identity:2`, ..., and references as
    `<a class="reference" data-ref="..."></a>`. `paragraphs` is the plain text of each numbered
    paragraph, with the list, quotation or table that belongs to it. `citing` pairs the number of a
    paragraph with each reference that stands in it.
    """

    html: str
    paragraphs: tuple[str, ...]
    marks: tuple[Mark, ...]
    images: tuple[Image, ...]
    citing: tuple[tuple[int, str], ...] = ()

    @property
    def words(self) -> int:
        """How many words the numbered paragraphs have."""
        return sum(len(paragraph.split()) for paragraph in self.paragraphs)


def parse(markdown: str, identity: str, file: str, level: int) -> Text:
    """Turn Markdown into a `Text`.

    `identity` begins every id. `file` is the path of the source relative to the event's folder, to
    which image paths are relative. `level` is the level of the heading that the text stands
    under: its own headings begin one level below, without gaps (ISO 14289-1, 7.4.2).
    """
    root = lxml.html.fragment_fromstring(_sanitize(_convert(markdown)), create_parent="div")
    _prefix_ids(root, identity)
    _nest_headings(root, level)
    _mark_figures(root, file)
    _mark_tables(root)
    paragraphs = tuple(_number(root, identity))
    html = "".join(_serialize(child) for child in root)
    return Text(
        html,
        paragraphs,
        tuple(_marks(markdown)),
        tuple(_images(markdown, file)),
        tuple(_citing(root, identity)),
    )


def resolve(source: str, file: str) -> str:
    """The path of an image, relative to the event's folder, that `file` names as `source`."""
    return normpath(join(dirname(file), source))


class _Links(Extension):
    """Turns `[@target:4]` into a mark that merging fills in, and document symbols into links."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        # Before links (160), after code (190): a reference in code is code.
        md.inlinePatterns.register(_ReferenceMark(reference.MARK.pattern, md), "reference", 165)
        # After links (160) and automatic links (110): an address may hold a symbol.
        md.inlinePatterns.register(_SymbolLink(symbols.SYMBOL.pattern, md), "symbol", 85)


class _SymbolLink(InlineProcessor):
    """Makes a document symbol a link to the United Nations' document system."""

    def handleMatch(  # type: ignore[override] # noqa: N802
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002
    ) -> tuple[Element, int, int]:
        symbol = " ".join(m[0].split())
        element = Element("a", {"class": "symbol", "href": symbols.address(symbol)})
        element.text = AtomicString(symbol.replace(" ", "\u00a0"))
        return element, m.start(0), m.end(0)


class _ReferenceMark(InlineProcessor):
    def handleMatch(  # type: ignore[override] # noqa: N802
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002
    ) -> tuple[Element, int, int]:
        element = Element("a", {"class": "reference", "data-ref": m[1]})
        return element, m.start(0), m.end(0)


def _convert(markdown: str) -> str:
    converter = Markdown(
        extensions=[
            "tables",
            "footnotes",
            "abbr",
            "def_list",
            "smarty",
            "attr_list",
            "sane_lists",
            _Links(),
        ],
        extension_configs={"footnotes": {"BACKLINK_TITLE": "Back to the text"}},
        output_format="html",
    )
    return converter.convert(markdown)


_TAGS = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd"),
    *("blockquote", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption"),
    *("figure", "figcaption", "pre", "code", "hr", "br", "div", "span", "a", "img"),
    *("em", "strong", "i", "b", "u", "s", "sub", "sup", "small", "abbr", "cite", "q"),
    *("dfn", "time", "bdi", "bdo", "kbd", "var", "samp", "mark", "ins", "del"),
}
_ATTRIBUTES = {
    "*": {"id", "class", "lang", "dir", "title"},
    "a": {"href", "data-ref"},
    "img": {"src", "alt"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "th": {"colspan", "rowspan", "scope", "style"},
    "td": {"colspan", "rowspan", "style"},
    "time": {"datetime"},
}


def _sanitize(html: str) -> str:
    """Keep what a report's text needs and nothing that acts (nh3: ammonia's allow-list)."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        filter_style_properties={"text-align"},
        link_rel=None,
    )


def _prefix_ids(root: HtmlElement, identity: str) -> None:
    """Make every id unique in the report, and let the text's own links follow."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if own := element.get("id"):
            element.set("id", f"{identity}/{own}")
        if (href := element.get("href", "")).startswith("#"):
            element.set("href", f"#{identity}/{href[1:]}")


_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def _nest_headings(root: HtmlElement, level: int) -> None:
    """Put headings below `level`, each at most one level below the heading before it."""
    open_levels: list[int] = []
    for heading in root.iter(*_HEADINGS):
        own = int(str(heading.tag)[1])
        while open_levels and open_levels[-1] >= own:
            open_levels.pop()
        open_levels.append(own)
        heading.tag = f"h{min(6, level + len(open_levels))}"


def _mark_figures(root: HtmlElement, file: str) -> None:
    """Give every image its path from the event's folder; one that stands alone is a figure."""
    for image in root.iter("img"):
        image.set("src", resolve(image.get("src", ""), file))
    for paragraph in root.findall("p"):
        alone = len(paragraph) == 1 and paragraph[0].tag == "img"
        if alone and not (paragraph.text or "").strip() and not (paragraph[0].tail or "").strip():
            _make_figure(paragraph)


def _make_figure(paragraph: HtmlElement) -> None:
    image = paragraph[0]
    image.tail = None
    paragraph.tag, paragraph.text = "figure", None
    if caption := image.attrib.pop("title", None):
        element = lxml.html.Element("figcaption")
        element.text = caption
        paragraph.append(element)


def _mark_tables(root: HtmlElement) -> None:
    """Say what each header cell heads (ISO 14289-1, 7.5), and let wide tables scroll in the page."""
    for cell in root.iter("th"):
        if not cell.get("scope"):
            cell.set("scope", "col")
    for table in list(root.iter("table")):
        parent = table.getparent()
        if parent is None:
            continue
        box = lxml.html.Element("div")
        box.set("class", "table")
        box.tail, table.tail = table.tail, None
        parent.replace(table, box)
        box.append(table)


_UNNUMBERED = {"hr", "figure"}


def _number(root: HtmlElement, identity: str) -> Iterator[str]:
    """Number the paragraphs in place, and give the plain text of each.

    A paragraph takes the next number, and so does any block that follows a heading or begins the
    text. A list, quotation or table after a paragraph belongs to that paragraph.
    """
    number, fresh, words = 0, True, [""]
    for block in list(root):
        if not isinstance(block.tag, str) or block.tag in _UNNUMBERED or _is_footnotes(block):
            continue
        if block.tag in _HEADINGS:
            fresh = True
            continue
        if block.tag == "p" or fresh:
            if number:
                yield " ".join(words)
            number, fresh, words = number + 1, False, []
            _set_number(block, f"{identity}:{number}", number)
        words.append(" ".join(_plain(block).split()))
    if number:
        yield " ".join(words)


def _citing(root: HtmlElement, identity: str) -> Iterator[tuple[int, str]]:
    number = 0
    for block in root:
        number += block.get("id") == f"{identity}:{number + 1}"
        for mark in block.iterfind(".//a[@class='reference']"):
            yield number, mark.get("data-ref", "")


def _set_number(block: HtmlElement, anchor: str, number: int) -> None:
    if block.tag != "p":
        box = lxml.html.Element("div")
        box.set("class", "numbered")
        parent = block.getparent()
        assert parent is not None
        box.tail, block.tail = block.tail, None
        parent.replace(block, box)
        box.append(block)
        block = box
    block.set("id", anchor)
    label = lxml.html.Element("span")
    label.set("class", "number")
    label.text = str(number)
    label.tail, block.text = block.text, None
    block.insert(0, label)


def _is_footnotes(block: HtmlElement) -> bool:
    return block.tag == "div" and "footnote" in (block.get("class") or "").split()


def _plain(block: HtmlElement) -> str:
    """The text that a reader hears: without paragraph and footnote numbers."""
    if block.get("class") in ("number", "footnote-ref"):
        return ""
    parts = [block.text or ""]
    for child in block:
        if isinstance(child.tag, str):
            parts.append(_plain(child))
        parts.append(child.tail or "")
    return "".join(parts) + (" " if block.tag in ("li", "td", "th", "p", "dt", "dd") else "")


def _serialize(element: HtmlElement) -> str:
    return str(lxml.html.tostring(element, encoding="unicode"))


_CODE = re.compile(r"(?P<ticks>`+).+?(?P=ticks)", re.DOTALL)
_IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\(\s*<?(?P<src>[^)\s>]+)>?[^)]*\)")


def _marks(markdown: str) -> Iterator[Mark]:
    for match in reference.MARK.finditer(_without_code(markdown)):
        yield Mark(match[1], match.start())


def _images(markdown: str, file: str) -> Iterator[Image]:
    for match in _IMAGE.finditer(_without_code(markdown)):
        yield Image(resolve(match["src"], file), match["alt"].strip(), match.start())


def _without_code(markdown: str) -> str:
    """The Markdown with code blanked out, every other character at its offset."""
    return _CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), markdown)


def link(anchor: str, label: str) -> str:
    """A link to a place in the report, as HTML."""
    return f'<a class="reference" href="#{escape(anchor)}">{escape(label)}</a>'

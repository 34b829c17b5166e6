"""Markdown to safe HTML with numbered, addressable paragraphs.

The result of `parse` is neutral: it knows no page and no other text. References stay in it as marks
that merging fills in, because only the whole report knows what they lead to.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import chain
from posixpath import dirname, join, normpath
from typing import TypeAlias
from urllib.parse import quote
from xml.etree.ElementTree import Element

import lxml.html
import nh3
from lxml.html import HtmlElement, defs
from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from report import reference, symbols
from report.codespans import without_code
from report.compact import compact
from report.definitions import Definitions
from report.figures import Figure, name_figures
from report.intricacy import TooIntricate, refuse_intricate
from report.limits import USUAL
from report.lists import Lists
from report.source import UNFIT
from report.tables import Row, Tables
from report.typography import CLOSING, OPENING, Quotes, needs_care, spaced


@dataclass(frozen=True, slots=True)
class Mark:
    """What leads from a text, or to a note, as written; and where it begins in the Markdown."""

    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class FaultyRow:
    """A row as written that would lose words, and where it begins in the Markdown.

    `fault` is what is wrong with it, and is empty when no table has it.
    """

    text: str
    offset: int
    fault: str


@dataclass(frozen=True, slots=True)
class Image:
    """An image of the text: its path relative to the event's folder, and its alternative text.

    An image of the web keeps its address; one that names no file has an empty path.
    """

    file: str
    alt: str
    offset: int


@compact("html")
@dataclass(frozen=True, slots=True)
class Text:
    """A text ready to be merged.

    `html` holds paragraphs with the ids `identity:1`, `identity:2`, ..., and references as
    `<a class="reference" data-ref="..."></a>`. `paragraphs` is the plain text of each numbered
    paragraph, with the list, quotation or table that belongs to it. `citing` pairs the number of a
    paragraph with each reference that stands in it. `figures` are its figures and tables.
    `passages` is all that a reader reads in it, headings, captions and notes too, each with the
    number of its paragraph. `language` is the code of the language that it is written in.

    `references` are without `[@` and `]`; one that is not closed has its `[@`. `dead_links` are the
    text's own links that lead to no place in it. `uncalled` are the notes to which no call leads,
    by what would be their calls, and `noteless` the calls that lead to no note. `unused` are links
    and abbreviations that the text defines, up to the colon, and does not use.
    """

    html: str
    paragraphs: tuple[str, ...]
    references: tuple[Mark, ...]
    images: tuple[Image, ...]
    citing: tuple[tuple[int, str], ...] = ()
    dead_links: tuple[Mark, ...] = ()
    figures: tuple[Figure, ...] = ()
    passages: tuple[tuple[int, str], ...] = ()
    language: str = "en"
    uncalled: tuple[Mark, ...] = ()
    noteless: tuple[Mark, ...] = ()
    faulty_rows: tuple[FaultyRow, ...] = ()
    unused: tuple[Mark, ...] = ()

    @property
    def words(self) -> int:
        """How many words the numbered paragraphs have."""
        return sum(len(paragraph.split()) for paragraph in self.paragraphs)

    @property
    def letters(self) -> int:
        """How many characters the numbered paragraphs have."""
        return sum(map(len, self.paragraphs))


PLACED = {
    "references": Mark,
    "images": Image,
    "dead_links": Mark,
    "uncalled": Mark,
    "noteless": Mark,
    "faulty_rows": FaultyRow,
    "unused": Mark,
}
"""What of a `Text` has a place in its Markdown, and of which kind it is."""


Parse: TypeAlias = Callable[[str, str, str, int, int, str], Text]
"""Makes a text from Markdown, identity, file, heading level, nesting and language, as `parse`."""


def parse(
    markdown: str,
    identity: str,
    file: str,
    level: int,
    nesting: int = USUAL.nesting,
    language: str = "en",
) -> Text:
    """Turn Markdown into a `Text`.

    `identity` begins every id. `file` is the path of the source relative to the event's folder, to
    which image paths are relative. `level` is the level of the heading that the text stands
    under: its own headings begin one level below, without gaps (ISO 14289-1, 7.4.2). `nesting` is
    how many elements may stand one within the other. `language` is the code of the text's language.

    Raises `TooIntricate`.
    """
    refuse_intricate(markdown)
    markdown = UNFIT.sub("\ufffd", markdown)
    converted, rows, idle = _convert(markdown, language)
    root = lxml.html.fragment_fromstring(_sanitize(converted, nesting), create_parent="div")
    uncalled = tuple(_settle_notes(root, markdown))
    if needs_care(language):
        _set_in(root, language)
    marks = tuple(_marks(root, markdown))
    references = tuple(mark for mark in marks if not _is_call(mark))
    noteless = tuple(filter(_is_call, marks))
    faulty_rows = tuple(_faulty_rows(rows, markdown))
    images = tuple(_images(root, markdown, file))
    dead_links = tuple(_dead_links(root, markdown))
    _wrap_stray_text(root)
    _prefix_ids(root, identity)
    _nest_headings(root, level)
    _mark_figures(root, file)
    _mark_tables(root)
    figures = tuple(name_figures(root, identity))
    paragraphs = tuple(_number(root, identity))
    html = "".join(_serialize(child) for child in root)
    citing = tuple(_citing(root, identity))
    passages = tuple(_passages(root, identity))
    return Text(
        html,
        paragraphs,
        references,
        images,
        citing,
        dead_links,
        figures,
        passages,
        language,
        uncalled,
        noteless,
        faulty_rows,
        idle,
    )


_ADDRESS = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//|[A-Za-z][A-Za-z0-9+.-]+:")


def resolve(source: str, file: str) -> str:
    """The path of an image, relative to the event's folder, that `file` names as `source`."""
    if not source or is_address(source):
        return source
    return normpath(join(dirname(file), source))


def is_address(source: str) -> bool:
    """Whether this is an address of the web and no path of a file."""
    return bool(_ADDRESS.match(source))


class _Links(Extension):
    """Turns `[@target:4]` into a mark that merging fills in, and document symbols into links."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        # What begins with a tab or four spaces is a paragraph, as texts of Word begin, and no code.
        md.parser.blockprocessors.deregister("code")
        # Before links (160), after code (190): a reference in code is code.
        md.inlinePatterns.register(_ReferenceMark(reference.MARK.pattern, md), "mark", 165)
        md.inlinePatterns.register(_OpenMark(_OPEN_MARK, md), "open-reference", 164)
        # After calls of notes (175): what is left of these leads to none.
        md.inlinePatterns.register(_OpenMark(_CALL, md), "call-of-no-note", 163)
        # After links (160) and automatic links (110): an address may hold a symbol.
        md.inlinePatterns.register(_SymbolLink(symbols.SYMBOL.pattern, md), "symbol", 85)
        # Around quotation marks and dashes (6), which attributes (8) and acronyms (7) precede.
        line_ends = _LineEndsAside(md)
        md.treeprocessors.register(line_ends, "line-ends-aside", 6.5)
        md.treeprocessors.register(_LineEndsBack(line_ends), "line-ends-back", 5.5)


class _LineEndsAside(Treeprocessor):
    """Puts the line ends between blocks aside, as quotation marks are looked for in each of them.

    For each, Python-Markdown counts the blocks before it: a long text would take minutes.
    """

    def run(self, root: Element) -> None:
        self.blocks = [block for block in root.iter() if block.tail == "\n" and block.tag != "br"]
        for block in self.blocks:
            block.tail = None


class _LineEndsBack(Treeprocessor):
    """Puts them back."""

    def __init__(self, aside: _LineEndsAside):
        super().__init__(aside.md)
        self._aside = aside

    def run(self, root: Element) -> None:  # noqa: ARG002
        for block in self._aside.blocks:
            block.tail = "\n"


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
        element = Element("a", {"class": "reference", "data-ref": " ".join(m[1].split())})
        return element, m.start(0), m.end(0)


_OPEN_MARK = r"\[@[^\s\[\]]*"
_CALL = r"\[\^[^\[\]]+\]"


class _OpenMark(InlineProcessor):
    """Takes a reference that is not closed, or a call of no note, for a mark all the same.

    So a check can tell of it.
    """

    def handleMatch(  # type: ignore[override] # noqa: N802
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002
    ) -> tuple[Element, int, int]:
        written = " ".join(m[0].split())
        return Element("a", {"class": "reference", "data-ref": written}), m.start(0), m.end(0)


def _convert(markdown: str, language: str) -> tuple[str, tuple[Row, ...], tuple[Mark, ...]]:
    """The HTML, the rows of its tables, and what the text defines and does not use."""
    converter, tables, definitions = _converter(needs_care(language))
    html = converter.reset().convert(markdown)
    idle = tuple(Mark(*each) for each in definitions.unused(markdown))
    return html, tuple(tables.rows), idle


@cache
def _converter(marks_come_later: bool) -> tuple[Markdown, Tables, Definitions]:
    """The converter; quotation marks are put by `typography` where they depend on the language."""
    tables, definitions = Tables(), Definitions()
    marks = {"left-double-quote": OPENING, "right-double-quote": CLOSING}
    converter = Markdown(
        extensions=[
            tables,
            "footnotes",
            definitions,
            "def_list",
            "smarty",
            "attr_list",
            Lists(),
            _Links(),
        ],
        extension_configs={
            # The marker that would put the notes elsewhere is one that no text can have.
            "footnotes": {"BACKLINK_TITLE": "Back to the text", "PLACE_MARKER": "\ufffe"},
            "smarty": {"substitutions": marks if marks_come_later else {}},
        },
        output_format="html",
    )
    return converter, tables, definitions


_VERBATIM = {"code", "pre", "kbd", "samp"}
"""Elements whose text is not written in a language."""


def _set_in(element: HtmlElement, language: str) -> None:
    """Give a text the quotation marks and spaces of its language."""
    quotes, before = Quotes(language), ""
    for part, attribute, is_verbatim in _texts(element, False):
        text = getattr(part, attribute) or ""
        if part.tag not in _INLINE and attribute == "text":
            # A block begins a text of its own.
            quotes, before = Quotes(language), ""
        if not is_verbatim:
            text = spaced(quotes.put(text), language, before)
            setattr(part, attribute, text)
        # A reference is filled in later.
        before = "]" if part.get("data-ref") and attribute == "text" else text[-1:] or before


def _texts(element: HtmlElement, is_verbatim: bool) -> Iterator[tuple[HtmlElement, str, bool]]:
    """The texts in an element in their order: of which element, `text` or `tail`, and verbatim."""
    is_verbatim = is_verbatim or element.tag in _VERBATIM or element.get("class") == "symbol"
    yield element, "text", is_verbatim
    for child in element:
        yield from _texts(child, is_verbatim)
        yield child, "tail", is_verbatim


_TAGS = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd"),
    *("blockquote", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption"),
    *("figure", "figcaption", "pre", "code", "hr", "br", "div", "span", "a", "img"),
    *("em", "strong", "i", "b", "u", "s", "sub", "sup", "small", "abbr", "cite", "q"),
    *("dfn", "time", "bdi", "bdo", "kbd", "var", "samp", "mark", "ins", "del"),
}
_ATTRIBUTES = {
    "*": {"id", "lang", "dir", "title"},
    "a": {"href", "data-ref"},
    "img": {"src", "alt"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "th": {"colspan", "rowspan", "scope", "style"},
    "td": {"colspan", "rowspan", "style"},
    "time": {"datetime"},
}


_CLASSES = {
    "div": {"footnote"},
    "a": {"footnote-ref", "footnote-backref", "symbol"},
}
"""What Python-Markdown and we write; any other could pass for a part of the report's own."""


_ELEMENTS = (defs.tags | _TAGS | {"bdi", "main", "noembed", "noframes"}) - {"svg", "math"}
"""What HTML knows; its own tags vanish where they are not allowed, and leave their words."""

_MARKUP = re.compile(
    r"""<(?:/?(?P<name>[A-Za-z][^\s/<>]*)(?:[^<>"']|"[^"<]*"|'[^'<]*')*>|!--.*?-->)?""", re.DOTALL
)
"""A sign `<`, with the tag or comment that it begins if it begins one."""


def _take_at_its_word(html: str) -> str:
    """Make text of `<` where no tag of HTML begins, nor a comment that ends.

    A parser would take such for markup all the same, and words with it: `<svg>` has another
    grammar, `<sic>` has none, and a quotation mark that is not closed takes all up to the next.
    """
    head, end, tail = html.rpartition("-->")
    return _MARKUP.sub(_markup_or_text, head + end + tail.replace("<!--", "&lt;!--"))


def _markup_or_text(match: re.Match[str]) -> str:
    name = match["name"]
    if match[0] == "<" or (name and name.lower() not in _ELEMENTS):
        return "&lt;" + match[0][1:]
    return match[0]


def _sanitize(html: str, nesting: int) -> str:
    """Keep what a report's text needs and nothing that acts (nh3: ammonia's allow-list)."""
    safe = nh3.clean(
        _take_at_its_word(html),
        tags=_TAGS,
        # Of a script nothing runs, as its tags are taken away. Its words stay: without an end tag
        # they are all that follows in the text, and nothing may be lost without being seen.
        clean_content_tags=set(),
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        attribute_filter=_fit,
        filter_style_properties={"text-align"},
        allowed_classes=_CLASSES,
        link_rel=None,
    )
    # What was written as `&#1;` is a character only now.
    safe = UNFIT.sub("\ufffd", safe)
    _measure(safe, nesting)
    return safe


_GREATEST = {"colspan": 100, "rowspan": 1000, "start": 99_999, "value": 99_999}
"""More than any page has room for: typesetting takes the longer, the greater these are."""


def _fit(_tag: str, attribute: str, value: str) -> str | None:
    """The value of an attribute when it can be used; a number is at most as great as is useful."""
    if attribute not in _GREATEST:
        return value
    if not re.fullmatch(r"-?[0-9]{1,9}", value):
        return None
    return str(min(int(value), _GREATEST[attribute]))


_TAG = re.compile(r"<(/?)(?!br|img|hr)[a-z]")


def _measure(html: str, nesting: int) -> None:
    """Refuse what is nested so deeply that lxml would leave words out (it stops at 256)."""
    depth = 0
    for tag in _TAG.finditer(html):
        depth += -1 if tag[1] else 1
        if depth > nesting:
            raise TooIntricate(
                f"more than {nesting} lists, quotations or elements stand one within the other"
            )


_INLINE = {
    *("code", "br", "span", "a", "img", "em", "strong", "i", "b", "u", "s", "sub", "sup", "small"),
    *("abbr", "cite", "q", "dfn", "time", "bdi", "bdo", "kbd", "var", "samp", "mark", "ins", "del"),
}


def _settle_notes(root: HtmlElement, markdown: str) -> Iterator[Mark]:
    """Take the classes of notes from what only looks like some; give the notes that nobody calls.

    Print takes each note to its call, and has no place for what else stands among them.
    """
    box = _box_of_notes(root)
    notes = (
        {f"#{note.get('id')}": note for note in box.iterfind("ol/li")} if box is not None else {}
    )
    for other in root.iter("div"):
        if other is not box:
            other.attrib.pop("class", None)
    for link in root.iter("a"):
        if not _belongs_to_notes(link, notes):
            link.attrib.pop("class", None)
    called = _called(root, notes)
    for href, note in notes.items():
        if href not in called:
            for back in note.findall(".//a[@class='footnote-backref']"):
                back.drop_tree()
            call = f"[^{href.removeprefix('#fn:')}]"
            yield Mark(call, max(0, markdown.find(f"{call}:")))


_RETURN = "\u21a9"
"""What Python-Markdown writes for the way back from a note."""


def _box_of_notes(root: HtmlElement) -> HtmlElement | None:
    """What Python-Markdown puts last: a line and a list, and every item of it a note."""
    boxes = [box for box in root.iter("div") if _is_footnotes(box)]
    if not boxes or [part.tag for part in boxes[-1]] != ["hr", "ol"]:
        return None
    line, items = boxes[-1]
    between = (boxes[-1].text, line.tail, items.text, items.tail, *(item.tail for item in items))
    names = [item.get("id", "") for item in items]
    is_whole = all(name.startswith("fn:") for name in names) and len(set(names)) == len(names)
    return boxes[-1] if is_whole and not "".join(filter(None, between)).strip() else None


def _belongs_to_notes(link: HtmlElement, notes: Mapping[str, HtmlElement]) -> bool:
    """Whether a link that is said to be a call, or the way back from a note, can be one."""
    text = link.text or ""
    if link.get("class") == "footnote-ref":
        return link.get("href") in notes and text.isdecimal() and not len(link)
    return link.get("class") != "footnote-backref" or (text == _RETURN and not len(link))


def _called(root: HtmlElement, notes: Mapping[str, HtmlElement]) -> set[str]:
    """The notes to which calls in the text lead, and those to which calls in these lead."""
    within = {href: _calls(note) for href, note in notes.items()}
    inner = Counter(chain.from_iterable(within.values()))
    reached = deque((Counter(_calls(root)) - inner).keys())
    called = set[str]()
    while reached:
        href = reached.popleft()
        if href not in called:
            called.add(href)
            reached += within[href]
    return called


def _calls(element: HtmlElement) -> list[str]:
    return [call.get("href", "") for call in element.iterfind(".//a[@class='footnote-ref']")]


def _wrap_stray_text(root: HtmlElement) -> None:
    """Make paragraphs of text that stands between blocks: it is left when a tag is taken away."""
    children = list(root)
    stray, root.text = root.text, None
    paragraph = _paragraph_for(stray, None)
    if paragraph is not None:
        root.insert(0, paragraph)
    for child in children:
        if child.tag in _INLINE:
            if paragraph is None:
                paragraph = lxml.html.Element("p")
                root.replace(child, paragraph)
            paragraph.append(child)
            continue
        stray, child.tail = child.tail, None
        paragraph = _paragraph_for(stray, child)


def _paragraph_for(stray: str | None, after: HtmlElement | None) -> HtmlElement | None:
    if not stray or not stray.strip():
        return None
    paragraph = lxml.html.Element("p")
    paragraph.text = stray
    if after is not None:
        after.addnext(paragraph)
    return paragraph


def _prefix_ids(root: HtmlElement, identity: str) -> None:
    """Make every id unique in the report, and let the text's own links follow.

    Of an id given twice the first stays, which is where browsers go.
    """
    seen: set[str] = set()
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if (own := element.attrib.pop("id", "")) and own not in seen:
            seen.add(own)
            element.set("id", f"{identity}/{'-'.join(own.split())}")
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
    """Say what each header cell heads (ISO 14289-1, 7.5), and let wide tables scroll."""
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


def _passages(root: HtmlElement, identity: str) -> Iterator[tuple[int, str]]:
    """What is read in each block; a heading is of the paragraph below it, a note of its call's."""
    number, calls = 0, dict[str, int]()
    for block in root:
        number += block.get("id") == f"{identity}:{number + 1}"
        if _is_footnotes(block):
            for note in block.iter("li"):
                yield calls.get(f"#{note.get('id')}", number), " ".join(_plain(note).split())
        else:
            heads = block.tag in _HEADINGS and _precedes_paragraph(block)
            yield number + heads, " ".join(_plain(block).split())
            for call in block.iterfind(".//a[@class='footnote-ref']"):
                calls.setdefault(call.get("href", ""), number)


def _precedes_paragraph(heading: HtmlElement) -> bool:
    following = heading.itersiblings()
    return any(block.find("./span[@class='number']") is not None for block in following)


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
    label = lxml.html.Element("span")
    if own := block.get("id"):
        label.set("id", own)
    block.set("id", anchor)
    label.set("class", "number")
    label.text = str(number)
    label.tail, block.text = block.text, None
    block.insert(0, label)


_JOINED = _INLINE - {"br", "img"}


def _is_footnotes(block: HtmlElement) -> bool:
    return block.tag == "div" and "footnote" in (block.get("class") or "").split()


def _plain(block: HtmlElement) -> str:
    """The text that a reader hears: without paragraph and footnote numbers."""
    if block.get("class") in ("number", "footnote-ref", "footnote-backref"):
        return ""
    parts = [block.text or ""]
    for child in block:
        if isinstance(child.tag, str):
            parts.append(_plain(child))
        parts.append(child.tail or "")
    return "".join(parts) + (" " if block.tag not in _JOINED else "")


def _serialize(element: HtmlElement) -> str:
    return str(lxml.html.tostring(element, encoding="unicode"))


_IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\(\s*<?(?P<src>[^)\s>]+)>?[^)]*\)")
_HREF = re.compile(r"\]\(\s*<?(?P<href>[^)\s>]+)")
_ANY_MARK = re.compile(rf"{reference.MARK.pattern}|{_OPEN_MARK}|{_CALL}")


# What a text holds is asked of its HTML, which alone knows what was code, an escape or a comment;
# its place is asked of the Markdown, where the first such words not yet taken are those meant.


def _marks(root: HtmlElement, markdown: str) -> Iterator[Mark]:
    """The references, and the calls of no note, which stand in their place."""
    places = _Places(
        (" ".join((match[1] or match[0]).split()), match.start())
        for match in _ANY_MARK.finditer(without_code(markdown))
    )
    for element in root.iter("a"):
        if (text := element.get("data-ref")) is not None:
            element.set("class", "reference")
            yield Mark(text, places.take(text, markdown.find(text)))


def _is_call(mark: Mark) -> bool:
    return mark.text.startswith("[^")


_ROW = re.compile(
    r"^[ \t>]*+(?:(?:[-*+]|\d+\.|\[\^[^\]\n]+\]:|:)[ \t]++)?+(?P<row>[^\n]*\|[^\n]*)$", re.MULTILINE
)
"""A line that may be the row of a table, be it in a quotation, a list or a note."""


def _faulty_rows(rows: Iterable[Row], markdown: str) -> Iterator[FaultyRow]:
    places = _Places(
        (" ".join(match["row"].split()), match.start("row")) for match in _ROW.finditer(markdown)
    )
    for row in rows:
        offset = places.take(" ".join(row.text.split()), 0)
        if row.is_faulty:
            yield FaultyRow(row.text, offset, row.fault)


def _images(root: HtmlElement, markdown: str, file: str) -> Iterator[Image]:
    """The images; one whose source is not as it was written has its place by its alternative."""
    kept = {element.get("src", "") for element in root.iter("img")}
    written = list(_IMAGE.finditer(without_code(markdown)))
    sources = {match["src"] for match in written}
    places = _Places(
        (match["src"] if match["src"] in kept else match["alt"].strip(), match.start())
        for match in written
    )
    for element in root.iter("img"):
        source, alt = element.get("src", ""), element.get("alt", "").strip()
        otherwise = markdown.find(source or "![")
        offset = places.take(source if source in sources else alt, otherwise)
        yield Image(resolve(source, file), alt, offset)


def _dead_links(root: HtmlElement, markdown: str) -> Iterator[Mark]:
    """Links within the text to what it does not have, and links to files beside it."""
    known = {f"#{name}" for element in root.iter() if (name := element.get("id"))}
    places = _Places(
        (match["href"], match.start("href")) for match in _HREF.finditer(without_code(markdown))
    )
    for element in root.iter("a"):
        href = element.get("href")
        if href is not None and href not in known and not is_address(href):
            yield Mark(href, places.take(href, markdown.find(href)))


class _Places:
    """Where words stand, one occurrence after the other."""

    def __init__(self, found: Iterable[tuple[str, int]]):
        self._offsets: dict[str, deque[int]] = {}
        for words, offset in found:
            self._offsets.setdefault(words, deque()).append(offset)

    def take(self, words: str, otherwise: int) -> int:
        """The next occurrence not yet taken; `otherwise`, or the beginning, when none is left."""
        offsets = self._offsets.get(words)
        return offsets.popleft() if offsets else max(0, otherwise)


def link(anchor: str, label: str) -> str:
    """A link to a place in the report, as HTML."""
    return f'<a class="reference" href="#{escape(anchor)}">{escape(label)}</a>'


def link_out(file: str, volume: int, anchor: str, label: str) -> str:
    """A link to a place in another report, as HTML; just its label when no file is known.

    `file` is what that report's PDF and page are called, without the ending. `volume` counts its
    volumes, each of which is a PDF. The link is that of a page; print takes `data-destination`.
    """
    if not file:
        return escape(label)
    page = f"{file}.html#{quote(anchor, safe='/:')}"
    pdf = f"{file}-{volume}.pdf" if volume else f"{file}.pdf"
    place = f'href="{escape(page)}" data-destination="{escape(f"{pdf}#{anchor}")}"'
    return f'<a class="reference" {place}>{escape(label)}</a>'

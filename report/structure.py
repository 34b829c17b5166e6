"""The logical structure of a unit: its HTML elements as PDF structure elements.

ISO 32000-1, 14.7 and 14.8. The tree is that of the HTML, not of the boxes: an element that
continues on the next page is one structure element with content on two pages, so that a reader
hears one paragraph, one list, one table. The boxes tell only which marked content belongs to
which element. (WeasyPrint's own tree has one element a box, and artifacts among the content.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from unicodedata import east_asian_width

import pydyf
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

from report.content import SOFT_HYPHEN, Joints
from report.glyphtexts import RIGHT_TO_LEFT
from report.languages import primary

Box = Any
"""A laid-out box of WeasyPrint, which has no types."""

STANDARD_TYPES = {
    "article": "Art", "section": "Sect", "main": "Part", "blockquote": "BlockQuote",
    "nav": "TOC", "p": "P", "pre": "P", "address": "P", "dt": "Lbl", "dd": "LBody",
    "h1": "H1", "h2": "H2", "h3": "H3", "h4": "H4", "h5": "H5", "h6": "H6",
    "ul": "L", "ol": "L", "dl": "L", "li": "LI", "table": "Table", "caption": "Caption",
    "thead": "THead", "tbody": "TBody", "tfoot": "TFoot", "tr": "TR", "th": "TH", "td": "TD",
    "figure": "Figure", "figcaption": "Caption", "img": "Figure",
    "{http://www.w3.org/2000/svg}svg": "Figure", "a": "Link", "q": "Quote", "code": "Code",
    "ins": "Span", "del": "Span",
}  # fmt: skip
"""Structure type of each HTML element that has one (14.8.4); the others dissolve."""

INLINE = frozenset(
    ("a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "data", "del", "dfn", "em", "i", "img",
     "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u",
     "var")
)  # fmt: skip
"""HTML elements of phrasing content, by which an element that holds text is known."""

GROUPING = frozenset({"Document", "Part", "Art", "Sect", "Div", "BlockQuote", "TOC", "L", "Table"})
"""Types that group elements and hold no text of their own (14.8.4.2)."""

_BREAKING = "-\u2010\u2013\u2014/"
"""Characters after which a line may end within a word."""

NUMBERING = {"decimal": "Decimal", "lower-roman": "LowerRoman", "upper-roman": "UpperRoman",
             "lower-alpha": "LowerAlpha", "upper-alpha": "UpperAlpha", "disc": "Disc",
             "circle": "Circle", "square": "Square"}  # fmt: skip
"""ListNumbering (14.8.5.5) of CSS list styles."""

_DECORATIONS = {"ins": "Underline", "del": "LineThrough"}
"""How revised text is decorated (14.8.5.4.5). Its alternative says what else its element says."""


@dataclass(eq=False)
class Content:
    """A marked-content sequence of one page (14.6); `properties` holds its MCID."""

    page: int
    properties: dict[str, Any]


@dataclass(eq=False)
class Annotation:
    """A link annotation as content of its element (14.7.4.3, object references)."""

    page: int
    dictionary: Any


@dataclass(eq=False)
class Element:
    """A structure element (14.7.2) while the tree grows."""

    type: str
    parent: Element | None
    kids: list[Element | Content | Annotation] = field(default_factory=list)
    entries: dict[str, Any] = field(default_factory=dict)

    def add(self, type_: str) -> Element:
        """Append a child element."""
        child = Element(type_, self)
        self.kids.append(child)
        return child

    def nearest(self, type_: str) -> Element | None:
        """Return the closest element of a type, this one or one above it."""
        here: Element | None = self
        while here is not None and here.type != type_:
            here = here.parent
        return here

    @property
    def pages(self) -> Iterator[int]:
        """Yield the pages of all content below."""
        for kid in self.kids:
            if isinstance(kid, Element):
                yield from kid.pages
            else:
                yield kid.page


class StructureTree:
    """The structure tree of one unit, grown page by page from the laid-out boxes."""

    def __init__(self, identity: str) -> None:
        """Begin a tree; `identity` makes the IDs in it unique in the whole report."""
        self.root = Element("Document", None)
        self._identity = identity
        self._notes = 0
        self._elements: dict[tuple[Any, str], Element] = {}
        self._done_headers: set[Any] = set()
        self._page = 0
        self._height = 0.0
        self._marks: dict[Box, dict[str, Any]] = {}
        self._owned: set[int] = set()
        self._joints = Joints({}, {})
        self._last: dict[str, Any] | None = None
        self._told: Element | None = None

    def add_page(self, number: int, page_box: Box, marks: Mapping[Box, dict[str, Any]]) -> Joints:
        """Hang the marked content of a page under its elements; return how it joins."""
        self._joints = Joints({}, {})
        self._page = number
        self._height = page_box.margin_height()
        self._marks = dict(marks)
        for child in page_box.children:
            if isinstance(child, boxes.MarginBox):
                self._artifact(child, _pagination(child.at_keyword))
            else:
                self._visit(child, self.root, None)
        # Nothing drawn may be lost to a reader, wherever its box hung.
        for properties in self._marks.values():
            self._append(properties, self.root)
        return self._joints

    def owns(self, annotation: dict[str, Any]) -> bool:
        """Whether an annotation belongs to an element."""
        return id(annotation) in self._owned

    def _visit(self, box: Box, parent: Element, link: Any) -> None:
        if isinstance(box, AbsolutePlaceholder):
            box = box._box
        if isinstance(box, boxes.TextBox):
            self._content(box, parent)
        elif _is_decoration(box) or self._is_repeated_header(box):
            self._artifact(box, pydyf.Dictionary({"Type": "/Layout"}))
        else:
            element = self._element(box, parent)
            link = self._annotation(box, element, link)
            if isinstance(box, boxes.ReplacedBox):
                self._figure(box, element)
                self._content(box, element)
            if isinstance(box, boxes.LineBox) and box.resume_at is not None:
                self._end_line(box)
            for child in box.children if isinstance(box, boxes.ParentBox) else ():
                self._visit(child, element, link)

    def _end_line(self, line: Box) -> None:
        """Note what the end of a line stands for within its paragraph (14.8.2.5)."""
        # A space between two elements is a box of its own, and not drawn at the end of a line.
        drawn = [box for box in _all(line) if isinstance(box, boxes.TextBox) and box in self._marks]
        for box in drawn[-1:]:
            self._joints.line_ends[id(self._marks[box])] = _line_end(box)

    def _content(self, box: Box, parent: Element) -> None:
        properties = self._marks.pop(box, None)
        if properties is None:
            return
        text = box.text if isinstance(box, boxes.TextBox) else ""
        if text.isspace():
            self._add_space()
        self._told = None
        if RIGHT_TO_LEFT.search(text):
            end = self._joints.line_ends.pop(id(properties), "")
            self._told = parent = self._tell(parent, text + end)
        self._append(properties, parent)
        self._last = properties

    def _add_space(self) -> None:
        """Add a space that is a box of its own, and so is not drawn, to what stands before it."""
        if self._told is not None:
            self._tell(self._told, " ")
        elif self._last is not None:
            self._joints.line_ends.setdefault(id(self._last), " ")

    def _tell(self, parent: Element, text: str) -> Element:
        """Return the element of what is not drawn in the order in which it is read, with its text.

        ISO 32000-1, 14.9.4. A line of Arabic is drawn from left to right.
        """
        holder = self._holder(parent)
        told = holder.kids[-1] if holder.kids and "ActualText" not in holder.entries else holder
        if not (isinstance(told, Element) and "ActualText" in told.entries):
            told = holder.add("Span")
        before = told.entries.get("ActualText", pydyf.String("")).string
        told.entries["ActualText"] = pydyf.String(before + text)
        return told

    def _append(self, properties: dict[str, Any], parent: Element) -> None:
        kids = self._holder(parent).kids
        if kids and isinstance(kids[-1], Content) and kids[-1].page == self._page:
            self._joints.followed[id(properties)] = kids[-1].properties
        kids.append(Content(self._page, properties))

    def _holder(self, parent: Element) -> Element:
        """Return the element that may hold text directly: a paragraph within groups."""
        if parent.type == "LI":
            return self._body_of(parent)
        if parent.type not in GROUPING:
            return parent
        last = parent.kids[-1] if parent.kids else None
        if isinstance(last, Element) and last.type == "P" and last.entries.get("_anonymous"):
            return last
        paragraph = parent.add("P")
        paragraph.entries["_anonymous"] = True
        return paragraph

    def _body_of(self, item: Element) -> Element:
        for kid in item.kids:
            if isinstance(kid, Element) and kid.type == "LBody":
                return kid
        return item.add("LBody")

    def _element(self, box: Box, parent: Element) -> Element:
        """Return the structure element of a box, which its HTML element may have already."""
        if box.element is None or isinstance(box, boxes.LineBox):
            return parent
        key = (box.element, box.element_tag)
        if key not in self._elements:
            self._elements[key] = self._begin(box, parent)
        return self._elements[key]

    def _begin(self, box: Box, parent: Element) -> Element:
        html, (_, _, pseudo) = box.element, box.element_tag.partition("::")
        if pseudo == "marker" and parent.type == "LI":
            return parent.add("Lbl")
        if pseudo == "footnote-call":
            return self._reference(html, parent)
        if pseudo == "footnote-marker":
            return parent.add("Lbl")
        if pseudo:
            return parent
        if html.get("class") == "footnote" and html.tag == "span":
            return self._note(html, parent)
        return self._describe(html, box, self._typed(html, parent))

    def _typed(self, html: Any, parent: Element) -> Element:
        type_ = _type_of(html)
        if parent.type == "LI" and type_ not in ("Lbl", "LBody"):
            parent = self._body_of(parent)
        if parent.nearest("TOC"):
            return _in_contents(type_, parent)
        if type_ == "":
            return parent
        if type_ == "Figure" and parent.type == "Figure":
            return parent
        if html.tag in ("dt", "dd"):
            return _described_item(html.tag, parent).add(type_)
        return parent.add(type_)

    def _describe(self, html: Any, box: Box, element: Element) -> Element:
        if html.tag == "body":
            element.entries["Lang"] = pydyf.String(html.get("lang") or box.style["lang"] or "")
            return element
        if html.get("lang") and element.kids == []:
            element.entries["Lang"] = pydyf.String(html.get("lang"))
        if html.tag == "abbr" and html.get("title"):
            element.entries["E"] = pydyf.String(html.get("title"))
        if html.tag in _DECORATIONS:
            element.entries["Alt"] = pydyf.String(" ".join("".join(html.itertext()).split()))
        if attributes := _attributes(html, box, element):
            element.entries["A"] = attributes
        return element

    def _reference(self, html: Any, parent: Element) -> Element:
        """Begin a call of a note, and the note after it, where it is to be read (14.8.4.4.1)."""
        holder = self._holder(parent)
        reference = holder.add("Reference")
        self._note(html, holder)
        return reference

    def _note(self, html: Any, parent: Element) -> Element:
        """Return the note of an element, with the ID that ISO 14289-1, 7.9 wants."""
        key = (html, html.tag)
        if key not in self._elements:
            note = parent.add("Note")
            self._notes += 1
            note.entries["ID"] = pydyf.String(f"{self._identity}-note-{self._notes}")
            self._elements[key] = note
        return self._elements[key]

    def _annotation(self, box: Box, element: Element, link: Any) -> Any:
        """Hang a link's annotation under its element, once for each of its rectangles."""
        annotation = getattr(box, "link_annotation", None)
        if not annotation:
            return link
        target = box.link or link
        owner = element.nearest("Link")
        # WeasyPrint annotates each box within a link anew: the outermost is enough.
        if owner is not None and link is None:
            self._owned.add(id(annotation))
            owner.kids.append(Annotation(self._page, annotation))
            annotation["Contents"] = pydyf.String(_link_text(box.element))
        return target

    def _figure(self, box: Box, element: Element) -> None:
        """Describe a figure: its alternative (14.9.3) and its place (14.8.5.4.3)."""
        if alternative := _alternative(box.element):
            element.entries.setdefault("Alt", pydyf.String(alternative))
        x, y = box.content_box_x(), box.content_box_y()
        left, right = x * 0.75, (x + box.width) * 0.75
        bottom, top = (self._height - y - box.height) * 0.75, (self._height - y) * 0.75
        element.entries["A"] = pydyf.Dictionary({
            "O": "/Layout", "Placement": "/Block",
            "BBox": pydyf.Array([left, bottom, right, top]),
        })  # fmt: skip

    def _is_repeated_header(self, box: Box) -> bool:
        """Whether a table's header is shown again because the table continues."""
        if not (isinstance(box, boxes.TableRowGroupBox) and box.is_header):
            return False
        repeated = box.element in self._done_headers
        self._done_headers.add(box.element)
        return repeated

    def _artifact(self, box: Box, properties: pydyf.Dictionary) -> None:
        """Mark all content of a box as an artifact (14.8.2.2)."""
        for inner in _all(box):
            if mark := self._marks.pop(inner, None):
                mark.pop("MCID")
                mark.update(properties)


def _line_end(box: Box) -> str:
    """Return the character that a line's end stands for, if it stands for one."""
    text = box.text
    if text.endswith(box.style["hyphenate_character"]):
        return SOFT_HYPHEN
    if primary(box.style["lang"] or "") == "zh":
        # A line of Chinese may end anywhere; only Latin words have a space between them.
        return " " if text[-1:].isascii() and text[-1:].isalnum() else ""
    within_word = text[-1:] in _BREAKING and text[-2:-1] != " "
    wide = east_asian_width(text[-1:] or " ") in "WF"
    return "" if within_word or wide else " "


def _all(box: Box) -> Iterator[Box]:
    if isinstance(box, AbsolutePlaceholder):
        box = box._box
    yield box
    for child in box.children if isinstance(box, boxes.ParentBox) else ():
        yield from _all(child)


def _pagination(keyword: str) -> pydyf.Dictionary:
    side = "Header" if keyword.startswith("@top") else "Footer"
    return pydyf.Dictionary({"Type": "/Pagination", "Subtype": f"/{side}"})


def _is_decoration(box: Box) -> bool:
    """Whether a box shows nothing that should be read: leaders, images with an empty `alt`."""
    if getattr(box, "is_leader", False):
        return True
    if box.element is None or "::" in box.element_tag:
        return False
    html = box.element
    hidden = html.get("aria-hidden") == "true" or html.get("role") == "presentation"
    return bool(hidden or (html.tag == "img" and html.get("alt") == ""))


def _type_of(html: Any) -> str:
    """Return the structure type of an HTML element, or nothing where it dissolves."""
    if html.get("role") == "doc-index":
        return "Index"
    if html.tag in STANDARD_TYPES:
        return STANDARD_TYPES[html.tag]
    if html.tag in INLINE:
        titled = html.tag == "abbr" and html.get("title")
        return "Span" if html.get("lang") or titled else ""
    if html.tag == "body":
        return "Sect"
    if html.tag == "div" and html.get("lang"):
        return "Div"
    return "P" if _holds_text(html) else ""


def _holds_text(html: Any) -> bool:
    if (html.text or "").strip():
        return True
    return any(child.tag in INLINE or (child.tail or "").strip() for child in html)


def _in_contents(type_: str, parent: Element) -> Element:
    """Return the element within a table of contents (14.8.4.2): TOC, TOCI and Reference."""
    contents = parent.type in ("TOC", "TOCI")
    if type_ == "L":
        return parent if parent.type == "TOC" else parent.add("TOC")
    if type_ == "LI":
        return parent.add("TOCI")
    if type_ == "Link":
        return parent.add("Reference").add("Link")
    if type_ in ("", "LBody", "Lbl") or (type_ == "P" and contents):
        return parent
    return parent.add(type_)


def _described_item(tag: str, parent: Element) -> Element:
    """Return the item of a description list that a term begins and its descriptions join."""
    if parent.type != "L":
        return parent
    last = parent.kids[-1] if parent.kids else None
    if tag == "dd" and isinstance(last, Element) and last.type == "LI":
        return last
    return parent.add("LI")


def _attributes(html: Any, box: Box, element: Element) -> pydyf.Dictionary | None:
    """Return the attributes of lists (14.8.5.5), table cells (14.8.5.7) and revised text."""
    if html.tag in _DECORATIONS:
        decoration = f"/{_DECORATIONS[html.tag]}"
        return pydyf.Dictionary({"O": "/Layout", "TextDecorationType": decoration})
    if element.type == "L" and html.tag in ("ul", "ol"):
        style = box.style["list_style_type"]
        numbering = NUMBERING.get(style, "None") if isinstance(style, str) else "None"
        return pydyf.Dictionary({"O": "/List", "ListNumbering": f"/{numbering}"})
    if element.type not in ("TH", "TD"):
        return None
    attributes = pydyf.Dictionary({"O": "/Table"})
    if element.type == "TH":
        attributes["Scope"] = f"/{_scope(html, element)}"
    for name, span in (("ColSpan", box.colspan), ("RowSpan", box.rowspan)):
        if span != 1:
            attributes[name] = span
    return attributes if len(attributes) > 1 else None


def _scope(html: Any, header: Element) -> str:
    """Return what a header cell heads: its column at the top of a table, its row elsewhere."""
    if scope := html.get("scope"):
        return "Row" if scope.startswith("row") else "Column"
    row = header.parent
    first = row is not None and row.kids[0] is header
    return "Row" if first and header.nearest("THead") is None else "Column"


def _alternative(html: Any) -> str:
    title = html.find("{http://www.w3.org/2000/svg}title")
    return (title.text if title is not None else html.get("aria-label") or html.get("alt")) or ""


def _link_text(html: Any) -> str:
    """Return what a link says, for those who meet its annotation alone (14289-1, 7.18.5)."""
    if label := html.get("aria-label") or html.get("title"):
        return str(label)
    text = " ".join("".join(html.itertext()).split())
    images = (image.get("alt", "") for image in html.iter("img"))
    return text or " ".join(filter(None, images)) or str(html.get("href", ""))


def write_structure(pdf: pydyf.PDF, tree: StructureTree) -> None:
    """Replace the structure of a PDF by a tree (14.7.2), with its parent tree (14.7.4.4)."""
    _Writer(pdf, tree).write()


def _unwrapped(section: Element | Content | Annotation) -> Element | Content | Annotation:
    """Return the article or section that is all that the body holds, in place of the body."""
    kids = section.kids if isinstance(section, Element) else []
    if len(kids) != 1 or not isinstance(kids[0], Element) or kids[0].type not in GROUPING:
        return section
    assert isinstance(section, Element)
    kids[0].entries = {**section.entries, **kids[0].entries}
    return kids[0]


class _Writer:
    def __init__(self, pdf: pydyf.PDF, tree: StructureTree) -> None:
        self._pdf = pdf
        self._tree = tree
        self._pages = pdf.page_references
        self._parents: list[dict[int, bytes]] = [{} for _ in self._pages]
        self._annotations: list[tuple[dict[str, Any], bytes]] = []
        self._ids: list[tuple[str, bytes]] = []

    def write(self) -> None:
        root = pydyf.Dictionary({"Type": "/StructTreeRoot"})
        self._pdf.add_object(root)
        self._tree.root.kids[:] = map(_unwrapped, self._tree.root.kids)
        document = self._element(self._tree.root, root.reference)
        root["K"] = pydyf.Array([document] if document else [])
        root["ParentTree"] = pydyf.Dictionary({"Nums": self._parent_tree()})
        if self._ids:
            names = pydyf.Array()
            for name, reference in sorted(self._ids):
                names.extend([pydyf.String(name), reference])
            root["IDTree"] = pydyf.Dictionary({"Names": names})
        self._pdf.catalog["StructTreeRoot"] = root.reference

    def _element(self, element: Element, parent: bytes) -> bytes | None:
        page = next(element.pages, None)
        # Rows have the same number of cells (ISO 14289-1, 7.5), those with nothing in them too.
        if page is None and element.type not in ("TH", "TD"):
            return None
        written = pydyf.Dictionary({"Type": "/StructElem", "S": f"/{element.type}", "P": parent})
        if page is not None:
            written["Pg"] = self._pages[page]
        self._pdf.add_object(written)
        written.update((k, v) for k, v in element.entries.items() if not k.startswith("_"))
        if "ID" in written:
            self._ids.append((written["ID"].string, written.reference))
        kids = [self._kid(kid, page, written.reference) for kid in element.kids]
        written["K"] = pydyf.Array(kid for kid in kids if kid is not None)
        return bytes(written.reference)

    def _kid(self, kid: Element | Content | Annotation, page: int | None, owner: bytes) -> Any:
        if isinstance(kid, Element):
            return self._element(kid, owner)
        if isinstance(kid, Annotation):
            self._annotations.append((kid.dictionary, owner))
            return pydyf.Dictionary({
                "Type": "/OBJR", "Obj": kid.dictionary.reference, "Pg": self._pages[kid.page],
            })  # fmt: skip
        number = kid.properties.get("MCID")
        if number is None:  # Joined to the content before it.
            return None
        self._parents[kid.page][number] = owner
        if kid.page == page:
            return number
        return pydyf.Dictionary({"Type": "/MCR", "Pg": self._pages[kid.page], "MCID": number})

    def _parent_tree(self) -> pydyf.Array:
        numbers = pydyf.Array()
        for page, owners in enumerate(self._parents):
            numbers.extend([page, pydyf.Array(owners[mcid] for mcid in sorted(owners))])
        for key, (annotation, owner) in enumerate(self._annotations, start=len(self._pages)):
            annotation["StructParent"] = key
            numbers.extend([key, owner])
        return numbers

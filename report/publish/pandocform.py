"""The form of a unit that pandoc understands: plain structure, as far as other formats have it.

Made from the web form. What is only for a screen is taken out: marks in the margin, boxes to scroll
and to fold, the number of a paragraph that is a link to itself.
"""

from __future__ import annotations

from lxml.html import Element, HtmlElement, fragment_fromstring

from report.unit import Report, Unit
from report.webform import Place, in_page, web_section

_BLOCKS = {"affiliation", "person", "source", "title", "where"}
"""Classes of spans that styles set on lines of their own."""

_NARROWEST, _WIDEST = 12, 60
"""Characters in a line of a column."""


def pandoc_form(unit: Unit, report: Report, place: Place = in_page) -> HtmlElement:
    """The unit's content in a `div`, with the report's own ids, and pictures where `place` says.

    Raises `ResourceRefusedError` and `OSError` for a picture that may not be read.
    """
    section = web_section(unit, report.folder, report.language, place=place)
    root = fragment_fromstring(section, create_parent="div")
    for article in root.iter("article"):
        article.tag = "section"  # pandoc drops what an article is called
    _take_out_margins(root)
    _open_folds(root)
    _free_tables(root)
    _lift_calls(root)
    _keep_numbers(root)
    _break_lines(root)
    _lay_tables(root)
    return root


def wrap(element: HtmlElement, box: HtmlElement) -> HtmlElement:
    """Put an element into a box that takes its place, and return the box."""
    parent = element.getparent()
    assert parent is not None
    box.tail, element.tail = element.tail, None
    parent.replace(element, box)
    box.append(element)
    return box


def _take_out_margins(root: HtmlElement) -> None:
    """Drop what says in the margin where a paragraph is cited: it is no word of the text."""
    for mark in root.findall(".//span[@class='cited']"):
        mark.drop_tree()


def _open_folds(root: HtmlElement) -> None:
    for fold in root.findall(".//details"):
        for summary in fold.findall("summary"):
            summary.drop_tree()
        fold.drop_tag()


def _lift_calls(root: HtmlElement) -> None:
    """Leave the raising of a note's call to its style, which does it once."""
    for call in root.findall(".//sup/a[@class='footnote-ref']"):
        parent = call.getparent()
        assert parent is not None
        parent.drop_tag()


def _keep_numbers(root: HtmlElement) -> None:
    """Divide lists where a number is not the next: pandoc knows but the number of the first."""
    for listing in root.findall(".//ol"):
        number = int(listing.get("start") or 1)
        for item in listing.findall("li"):
            stated = int(item.attrib.pop("value", number))
            if stated != number:
                listing = _divided(listing, item, stated)
            number = stated + 1


def _divided(listing: HtmlElement, item: HtmlElement, number: int) -> HtmlElement:
    """The list from an item on, which has this number; the items before it stay where they were."""
    if item.getprevious() is None:
        listing.set("start", str(number))
        return listing
    rest = Element("ol", {"start": str(number)})
    following = [item, *item.itersiblings("li")]
    listing.addnext(rest)
    rest.extend(following)
    return rest


def _break_lines(root: HtmlElement) -> None:
    """Begin a line where styles make a span a block, unless it is the first of its parent."""
    for span in root.findall(".//span[@class]"):
        before = span.getprevious()
        if span.get("class") in _BLOCKS and before is not None and before.tag != "br":
            span.addprevious(Element("br"))


def _free_tables(root: HtmlElement) -> None:
    """Put the table of a figure's numbers after the figure, whose caption it shares."""
    for figure in root.findall(".//figure"):
        for box in figure.findall("./div[@class='table']"):
            for caption in box.findall("table/caption"):
                caption.drop_tree()
            figure.addnext(box)


def _lay_tables(root: HtmlElement) -> None:
    """Give columns widths after the words in them, and make lines of the lists in cells."""
    for table in root.iter("table"):
        for listing in table.findall(".//td/ul"):
            _make_lines(listing)
        for group in table.findall("colgroup"):
            group.drop_tree()
        group = Element("colgroup")
        group.extend(Element("col", {"style": f"width: {w:.0%}"}) for w in _widths(table))
        captions = table.findall("caption")
        table.insert(len(captions), group)


def _make_lines(listing: HtmlElement) -> None:
    """Make a list a paragraph with a line for each of its items."""
    listing.tag = "p"
    for number, item in enumerate(listing.findall("li")):
        if number:
            item.addprevious(Element("br"))
        item.drop_tag()


def _widths(table: HtmlElement) -> list[float]:
    """The part of a table's width that each column takes."""
    rows = [row.xpath("th|td") for row in table.iter("tr")]
    columns = max(map(len, rows), default=0)
    whole = [row for row in rows if len(row) == columns]
    sizes = [max(_room(row[column].text_content()) for row in whole) for column in range(columns)]
    return [size / sum(sizes) for size in sizes]


def _room(words: str) -> int:
    """How many characters wide a cell should be: one that is long breaks, but not in a word."""
    longest = max(map(len, words.split()), default=0)
    return max(_NARROWEST, longest, min(_WIDEST, len(words.strip())))

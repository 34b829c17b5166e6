"""The Markdown form: the report as one text file, which any editor or program reads.

GitHub Flavored Markdown, by pandoc. A place has its anchor as an empty HTML element, so that links
lead where they do in the other forms; a picture is told by its alternative text.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from lxml.etree import SubElement
from lxml.html import Element, HtmlElement

from report.pandoc import pandoc
from report.publish.pandocform import pandoc_form, wrap
from report.runs import inside
from report.unit import Report, Unit
from report.words import Words, words

_SECONDS = 300
_MEMORY = "3g"

_BOXES = ("section", "div", "aside", "nav", "header", "figure")
"""Elements that only hold others, for which Markdown has no sign."""

_KEPT = {"href", "id", "start", "style", "colspan", "rowspan", "scope"}
"""Attributes that Markdown, or the HTML in it, has a use for."""

_NOTES = {"doc-endnotes", "doc-noteref", "doc-backlink"}
"""By these roles pandoc knows notes."""

_HOLDERS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "dt", "dd", "figcaption"}
"""Elements in which an anchor can stand."""


def publish(report: Report) -> str:
    """The report as Markdown: the same text for the same report.

    Raises `PandocError`, `NoPandocError`, and what `pandoc_form` raises.
    """
    say = words(report.language)
    sections = "".join(_section(unit, report, say) for unit in report.units)
    with tempfile.TemporaryDirectory(prefix="report-") as name:
        folder = Path(name)
        (folder / "report.html").write_text(sections, encoding="utf-8")
        arguments = ["--from=html-auto_identifiers", "--to=gfm", "--wrap=none", "report.html"]
        return pandoc(arguments, folder, seconds=_SECONDS, memory=_MEMORY).decode()


def _section(unit: Unit, report: Report, say: Words) -> str:
    root = pandoc_form(unit, report, lambda _source, _content: "")
    _tell_pictures(root, say)
    _set_anchors(root)
    _nest_contents(root)
    _stress_labels(root)
    for number in root.iterfind(".//a[@class='number']"):
        number.tail = f" {number.tail or ''}"
    _forget_looks(root)
    return inside(root)


def _tell_pictures(root: HtmlElement, say: Words) -> None:
    for picture in [*root.iter("img"), *root.iter("svg")]:
        description = picture.get("alt") or picture.get("aria-label") or ""
        told = Element("em")
        told.text = say.gettext("Picture: %(description)s", description=description)
        told.tail = picture.tail
        parent = picture.getparent()
        assert parent is not None
        parent.replace(picture, told)
        if parent.tag != "p":
            wrap(told, Element("p"))


def _set_anchors(root: HtmlElement) -> None:
    """Move ids to where Markdown has room for them: into the first text of what they name."""
    for element in root.xpath(".//*[@id][not(ancestor::*[@class='footnote'])]"):
        name = element.attrib.pop("id")
        holder = next((part for part in element.iter() if part.tag in _HOLDERS), None)
        if holder is not None:
            mark = Element("span", {"id": name})
            mark.tail, holder.text = holder.text, None
            holder.insert(0, mark)


def _nest_contents(root: HtmlElement) -> None:
    """Say by nesting which level an entry of the contents has, as Markdown has no styles."""
    for listing in root.findall(".//nav/ol"):
        listing.tag = "ul"
        above = None
        for item in listing.findall("li"):
            if item.get("class") == "level-1" or above is None:
                above = item
            else:
                below = above.find("ul")
                below = SubElement(above, "ul") if below is None else below
                below.append(item)


def _stress_labels(root: HtmlElement) -> None:
    for label in [*root.iter("dt"), *root.findall(".//*[@class='label']")]:
        strong = Element("strong")
        strong.text, label.text = label.text, None
        strong.extend(list(label))
        label.append(strong)


def _forget_looks(root: HtmlElement) -> None:
    """Take away boxes, and what is said for styles only."""
    for caption in root.iter("figcaption"):
        caption.tag = "p"
    for element in list(root.iter(*_BOXES)):
        if element is not root and element.get("class") != "footnote":
            element.drop_tag()
    for element in list(root.iter()):
        if element.get("role") not in _NOTES:
            for name in set(element.keys()) - _KEPT:
                del element.attrib[name]
        if element.tag == "span" and not element.get("id"):
            element.drop_tag()

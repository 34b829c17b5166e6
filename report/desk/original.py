"""What a file says, read from it a second time and in another way than by pandoc.

The passages found here are what a statement is compared with, so that nothing is lost. Revisions
and comments are found here too, and what no statement takes over: the heads and feet of pages,
charts, macros.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from posixpath import dirname, join, normpath

import lxml.html
from lxml import etree

from report import rules
from report.desk.kinds import Kind
from report.desk.package import Package, open_package, parse_xml
from report.desk.refusal import Refused

Element = etree._Element


class Trace(StrEnum):
    """What somebody left in a text beside its words."""

    INSERTED = "inserted"
    DELETED = "deleted"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Revision:
    """A tracked change or a comment: whose it is, and its words."""

    trace: Trace
    author: str
    words: str


@dataclass(frozen=True, slots=True)
class Original:
    """A file as it came: its passages, the revisions in it, and what is left out of it.

    `guesses` says what about the file could not be known.
    """

    passages: tuple[str, ...]
    revisions: tuple[Revision, ...] = ()
    left_out: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()

    @property
    def changes(self) -> tuple[Revision, ...]:
        """The tracked changes."""
        return tuple(r for r in self.revisions if r.trace is not Trace.COMMENT)

    @property
    def comments(self) -> tuple[Revision, ...]:
        """The comments."""
        return tuple(r for r in self.revisions if r.trace is Trace.COMMENT)


def read_original(data: bytes, kind: Kind, *, accept_changes: bool = False) -> Original:
    """Read what a Word or OpenDocument file, or a web page, says.

    Raises `Refused` when the file is damaged or hostile.
    """
    match kind:
        case Kind.WORD:
            return _word(open_package(data), accept_changes)
        case Kind.OPEN_DOCUMENT:
            return _open_document(open_package(data))
        case Kind.WEB_PAGE:
            return _web_page(data)
    raise AssertionError(f"{kind} is read elsewhere")


# Word (ISO 29500-1; its strict form has other namespaces, so elements are told by local names)

_MAIN = "/officeDocument"
FURNITURE = {"header": "head of the page", "footer": "foot of the page"}
"""What stands at the edges of pages and is no part of a text."""
_EMBEDDED = {
    "charts/": "a chart",
    "diagrams/": "a diagram",
    "embeddings/": "an embedded file",
    "vbaProject.bin": "macros",
    "activeX/": "controls of a form",
}
_DELETIONS = {"del", "moveFrom"}
_INSERTIONS = {"ins", "moveTo"}


def _word(package: Package, accept_changes: bool) -> Original:
    # Every part is read once, so that a hostile one is found wherever it is.
    parts = {name: package.xml(name) for name in package.names if name.endswith((".xml", ".rels"))}
    hidden = [words for root in parts.values() for words in _hidden(root)]
    main = _main_part(parts)
    if main not in parts:
        raise Refused(
            rules.DAMAGED_SOURCE,
            "the file is damaged: the part that holds its text is missing",
            "open it in the program that made it, save it anew, and import that file",
        )
    skipped = _DELETIONS if accept_changes else _INSERTIONS
    folder = dirname(main)
    passages = list(_passages(parts[main], skipped))
    revisions = list(_revisions(parts[main]))
    for note in ("footnote", "endnote"):
        root = parts.get(join(folder, f"{note}s.xml"))
        called = {_attribute(e, "id") for e in _named(parts[main], f"{note}Reference")}
        for element in _named(root, note):
            if _attribute(element, "id") in called:
                passages += _passages(element, skipped)
        revisions += _revisions(root) if root is not None else ()
    for element in _named(parts.get(join(folder, "comments.xml")), "comment"):
        words = " ".join(_passages(element, set()))
        revisions.append(Revision(Trace.COMMENT, _attribute(element, "author"), words))
    left_out = [*_left_out(package, parts, folder), *hidden]
    return Original(tuple(passages), tuple(revisions), tuple(dict.fromkeys(left_out)))


def shown_in_word(data: bytes, *, accept_changes: bool) -> bytes:
    """A Word file without what pandoc would show though it is not there.

    That is words that Word hides, and the rows of tables that were inserted, or that were deleted
    when changes are accepted: they would be empty rows.
    """
    package = open_package(data)
    parts = {name: package.read(name) for name in package.names}
    absent = _DELETIONS if accept_changes else _INSERTIONS
    shown = {name: _shown(name, part, absent) for name, part in parts.items()}
    if shown == parts:
        return data
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in shown.items():
            archive.writestr(name, part)
    return written.getvalue()


def _shown(name: str, part: bytes, absent: set[str]) -> bytes:
    if not name.endswith(".xml") or not re.search(rb"vanish|trPr", part):
        return part
    root = parse_xml(part, name)
    rows = [row for row in root.iter("{*}tr") if _row_marks(row) & absent]
    for row in rows:
        row.getparent().remove(row)  # type: ignore[union-attr]
    is_other = list(_hidden(root)) or rows
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) if is_other else part


def _hidden(root: Element) -> Iterator[str]:
    """Empty the texts that are formatted as hidden, and tell them, those of a paragraph as one."""
    runs = (run for run in root.iter("{*}r") if _is_hidden(run))
    for _, neighbours in groupby(runs, lambda run: run.getparent()):
        words = ""
        for text in (text for run in neighbours for text in run.iter("{*}t", "{*}delText")):
            words += text.text or ""
            text.text = ""
        if words.strip():
            yield f"hidden text, \u201c{' '.join(words.split())}\u201d"


def _is_hidden(run: Element) -> bool:
    mark = run.find("{*}rPr/{*}vanish")
    return mark is not None and _attribute(mark, "val") not in ("0", "false", "off")


def _main_part(parts: dict[str, Element]) -> str:
    for relationship in parts.get("_rels/.rels", ()):
        if str(relationship.get("Type", "")).endswith(_MAIN):
            return normpath(str(relationship.get("Target", "")).lstrip("/"))
    return "word/document.xml"


def _left_out(package: Package, parts: dict[str, Element], folder: str) -> Iterator[str]:
    for name, root in parts.items():
        kind = re.match(rf"{re.escape(folder)}/(header|footer)\d*\.xml$", name)
        words = " ".join(" ".join(_passages(root, set())).split()) if kind else ""
        if kind and re.search(r"[^\W\d_]", words):
            yield f"{FURNITURE[kind[1]]}, \u201c{words}\u201d"
    for name in package.names:
        for part, what in _EMBEDDED.items():
            if name.startswith(f"{folder}/{part}") and not name.endswith(".rels"):
                yield what


def _passages(root: Element, skipped: set[str]) -> Iterator[str]:
    """The words of each paragraph, then those of each text box."""
    unread = skipped | _UNREAD
    boxes = (
        box
        for box in root.iter("{*}txbxContent")
        if not any(_local(ancestor) in unread for ancestor in box.iterancestors())
    )
    for story in (root, *boxes):
        text = "".join(_words(story, skipped, unread))
        yield from (passage for line in text.split("\n") if (passage := line.strip()))


# Properties hold tab stops and marks of revisions; a fallback repeats what stands beside it.
_UNREAD = {
    *("pPr", "rPr", "sectPr", "tblPr", "tcPr", "trPr"),
    *("instrText", "delInstrText", "Fallback"),
}


def _words(element: Element, skipped: set[str], unread: set[str]) -> Iterator[str]:
    """The words below an element, with line ends after paragraphs; text boxes are passed over."""
    for child in element:
        match _local(child):
            case "t" | "delText":
                yield (child.text or "").replace("\n", " ")
            case "tab" | "br" | "cr" | "ptab":
                yield " "
            case "noBreakHyphen":
                yield "\u2011"
            case "sym":
                yield _symbol(child)
            case "p":
                yield from _words(child, skipped, unread)
                # A paragraph whose end is left out goes on in the next.
                marks = {_local(mark) for mark in child.findall("{*}pPr/{*}rPr/*")}
                yield "" if marks & skipped else "\n"
            case "txbxContent":
                pass
            case name if name not in unread and not (name == "tr" and _row_marks(child) & skipped):
                yield from _words(child, skipped, unread)


def _row_marks(row: Element) -> set[str]:
    """The marks of revision that a row of a table has."""
    return {_local(mark) for mark in row.findall("{*}trPr/*")}


def _symbol(element: Element) -> str:
    try:
        code = int(_attribute(element, "char"), 16)
    except ValueError:
        return ""
    # Fonts of symbols have their signs in a private area: what they show is not known.
    return "" if 0xE000 <= code <= 0xF8FF else chr(code)


def _revisions(root: Element) -> Iterator[Revision]:
    """The changes of words one by one, and of each author how many ends of paragraphs and rows."""
    ends: Counter[tuple[Trace, str, str]] = Counter()
    for element in root.iter("{*}ins", "{*}del", "{*}moveFrom", "{*}moveTo"):
        trace = Trace.DELETED if _local(element) in _DELETIONS else Trace.INSERTED
        author = _attribute(element, "author")
        words = " ".join(" ".join(_passages(element, set())).split())
        parent = element.getparent()
        what = _MARKED.get(_local(parent)) if parent is not None else None
        if what:
            ends[trace, author, what] += 1
        elif words:
            yield Revision(trace, author, words)
    for (trace, author, what), count in ends.items():
        yield Revision(trace, author, f"({count} \u00d7 {what})")


_MARKED = {"rPr": "the end of a paragraph", "trPr": "a row of a table"}


def _named(root: Element | None, name: str) -> Iterable[Element]:
    return () if root is None else root.iter(f"{{*}}{name}")


def _local(element: Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _attribute(element: Element, name: str) -> str:
    return next((str(v) for k, v in element.items() if etree.QName(str(k)).localname == name), "")


# OpenDocument (ISO 26300-1)

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_ASIDE = {
    *(f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_TEXT}note-citation"),
    *(f"{_TEXT}sequence-decls", f"{_TEXT}index-title-template"),
    *("{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}title",),
    *("{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}desc",),
}


def _open_document(package: Package) -> Original:
    parts = {name: package.xml(name) for name in package.names if name.endswith(".xml")}
    content = parts.get("content.xml")
    body = content.find(f"{_OFFICE}body/{_OFFICE}text") if content is not None else None
    if body is None:
        raise Refused(
            rules.DAMAGED_SOURCE,
            "the file is damaged: the part that holds its text is missing",
            "open it in the program that made it, save it anew, and import that file",
        )
    revisions = (*_odt_changes(body), *_odt_comments(body))
    styles = parts.get("styles.xml")
    left_out = tuple(dict.fromkeys(_odt_left_out(package, styles)))
    return Original(tuple(_odt_passages(body)), revisions, left_out)


def _odt_passages(root: Element) -> Iterator[str]:
    """The words of each paragraph and heading; notes are passages of their own."""
    for block in root.iter(f"{_TEXT}p", f"{_TEXT}h"):
        aside = (ancestor.tag in _ASIDE for ancestor in block.iterancestors())
        if not any(aside) and (text := _odt_words(block).strip()):
            yield text


def _odt_words(element: Element) -> str:
    if element.tag in _ASIDE:
        return ""
    if element.tag in (f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break"):
        return " "
    words = element.text or ""
    for child in element:
        # Blocks within a block, such as those of a note or a frame, are given by themselves.
        if child.tag not in (f"{_TEXT}p", f"{_TEXT}h"):
            words += _odt_words(child) if isinstance(child.tag, str) else ""
        words += child.tail or ""
    return words


def _odt_changes(body: Element) -> Iterator[Revision]:
    for region in body.iter(f"{_TEXT}changed-region"):
        for change in region:
            trace = {"insertion": Trace.INSERTED, "deletion": Trace.DELETED}.get(_local(change))
            if trace:
                words = " ".join(_odt_words(p) for p in change.iter(f"{_TEXT}p", f"{_TEXT}h"))
                author = change.findtext(f".//{_DC}creator", "")
                yield Revision(trace, author, words.strip() or "(some words)")


def _odt_comments(body: Element) -> Iterator[Revision]:
    for note in body.iter(f"{_OFFICE}annotation"):
        words = " ".join(_odt_words(p) for p in note.iter(f"{_TEXT}p"))
        yield Revision(Trace.COMMENT, note.findtext(f"{_DC}creator", ""), words)


def _odt_left_out(package: Package, styles: Element | None) -> Iterator[str]:
    for name, what in FURNITURE.items():
        for element in _named(styles, name):
            words = " ".join(" ".join(_odt_words(p) for p in element.iter(f"{_TEXT}p")).split())
            if re.search(r"[^\W\d_]", words):
                yield f"{what}, \u201c{words}\u201d"
    if any(name.startswith("Basic/") for name in package.names):
        yield "macros"


# Web pages (HTML Living Standard)

_HIDDEN = ("head", "script", "style", "template", "noscript", "iframe", "object", "svg")
_BLOCKS = re.compile("p|h[1-6]|li|td|th|div|dt|dd|pre|blockquote|caption|figcaption|tr|br|section")


def web_page(data: bytes) -> bytes:
    """A web page with every element closed and nothing that is not seen, for pandoc."""
    root = _page(data)
    etree.strip_elements(root, *_HIDDEN, etree.Comment, with_tail=False)
    return bytes(lxml.html.tostring(root, encoding="utf-8"))


def _web_page(data: bytes) -> Original:
    root = _page(data)
    scripts = ["scripts"] if root.find(".//script") is not None else []
    etree.strip_elements(root, *_HIDDEN, etree.Comment, with_tail=False)
    # The links between a note and its call are the page's own; the report makes others.
    for link in root.xpath("//a[@role='doc-backlink' or @role='doc-noteref']"):
        link.drop_tree()
    for element in root.iter():
        if isinstance(element.tag, str) and _BLOCKS.fullmatch(element.tag):
            element.text = "\n" + (element.text or "")
            element.tail = "\n" + (element.tail or "")
    lines = (" ".join(line.split()) for line in "".join(map(str, root.itertext())).split("\n"))
    return Original(tuple(filter(None, lines)), (), tuple(scripts))


def _page(data: bytes) -> lxml.html.HtmlElement:
    said = re.search(rb"""<meta[^>]{0,200}charset=["']?\s*([\w-]+)""", data[:4096], re.I)
    encoding = said[1].decode("ascii") if said else "utf-8"
    try:
        parser = lxml.html.HTMLParser(encoding=encoding, no_network=True)
        root = lxml.html.document_fromstring(data, parser=parser)
    except LookupError:
        raise Refused(
            rules.DAMAGED_SOURCE,
            f"it says that it is encoded as {encoding}, which is not known",
            "open it in a browser, and save it anew",
        ) from None
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise Refused(
            rules.EMPTY_SOURCE, "there is no text in it", "check that it is the right file"
        ) from None
    # What is nested more deeply than lxml allows is passed over, words and all.
    if any("depth" in error.message.lower() for error in parser.error_log):
        raise Refused(
            rules.SOURCE_TOO_GREAT,
            "too many of its elements stand one within the other",
            "save its text as .txt",
        )
    return root

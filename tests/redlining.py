"""A Word file in the hands of its readers: what Word writes when they change it."""

from __future__ import annotations

import copy
import io
import zipfile
from typing import Any

from lxml import etree

from report.wordtext import bookmark

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
MOMENT = "2011-12-12T14:05:00Z"


class Redlined:
    """A .docx to be changed; `content` is what is sent back."""

    def __init__(self, content: bytes, author: str = "Jane Doe"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self.document = etree.fromstring(self.parts["word/document.xml"])
        self.author = author
        self._revisions = 1000

    @property
    def content(self) -> bytes:
        parts = {**self.parts, "word/document.xml": etree.tostring(self.document)}
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in parts.items():
                archive.writestr(name, data)
        return packed.getvalue()

    def paragraph(self, anchor: str, further: int = 0) -> Any:
        """The paragraph at an anchor, or one further on."""
        name = bookmark(anchor)
        (start,) = (s for s in self.document.iter(f"{W}bookmarkStart") if s.get(f"{W}name") == name)
        every = list(self.document.iter(f"{W}p"))
        return every[every.index(next(start.iterancestors(f"{W}p"))) + further]

    def change(self, paragraph: Any, old: str, new: str, *, tracked: bool = True) -> None:
        """Replace words, wherever in the paragraph's runs they stand; each once."""
        runs = self._divided(paragraph, old)
        assert runs, f"no {old!r} in {said(paragraph)!r}"
        self._replace(runs, new, tracked=tracked)

    def insert(self, paragraph: Any, after: str, new: str, *, tracked: bool = True) -> None:
        """Insert words after others."""
        last = self._divided(paragraph, after)[-1]
        run = _run(last, new)
        last.addnext(self._mark("ins", [run]) if tracked else run)

    def delete_paragraph(self, paragraph: Any) -> None:
        """Delete a whole paragraph, its end included."""
        for run in list(paragraph.iter(f"{W}r")):
            self._delete(run)
        self._mark_end(paragraph, "del")

    def join(self, paragraph: Any) -> None:
        """Delete the end of a paragraph, so that the next one goes on in it."""
        self._mark_end(paragraph, "del")

    def add_paragraph(self, after: Any, words: str) -> None:
        """Press Enter at the end of a paragraph, and write another."""
        added = etree.Element(f"{W}p")
        added.append(self._mark("ins", [_run(None, words)]))
        self._mark_end(after, "ins")
        after.addnext(added)

    def split(self, paragraph: Any, after: str) -> None:
        """Press Enter within a paragraph."""
        last = self._divided(paragraph, after)[-1]
        rest = list(last.itersiblings())
        following = etree.Element(f"{W}p")
        if (properties := paragraph.find(f"{W}pPr")) is not None:
            following.append(copy.deepcopy(properties))
        following.extend(rest)
        self._mark_end(paragraph, "ins")
        paragraph.addnext(following)

    def comment(self, paragraph: Any, words: str) -> None:
        """Comment on a paragraph."""
        root = etree.fromstring(self.parts["word/comments.xml"])
        note = etree.SubElement(root, f"{W}comment", self._attributes())
        block = etree.SubElement(note, f"{W}p")
        block.append(_run(None, words))
        reference = etree.SubElement(paragraph, f"{W}r")
        etree.SubElement(reference, f"{W}commentReference").set(f"{W}id", note.get(f"{W}id"))
        self.parts["word/comments.xml"] = etree.tostring(root)

    def change_note(self, number: int, old: str, new: str) -> None:
        """Replace words in a footnote, counted from 1."""
        root = etree.fromstring(self.parts["word/footnotes.xml"])
        notes = [n for n in root.iter(f"{W}footnote") if n.get(f"{W}type") is None]
        block = notes[number - 1].find(f"{W}p")
        self.change(block, old, new)
        self.parts["word/footnotes.xml"] = etree.tostring(root)

    def _divided(self, paragraph: Any, words: str) -> list[Any]:
        """The runs that hold exactly these words, after dividing those at their edges."""
        runs = [run for run in paragraph.iter(f"{W}r") if _text(run)]
        whole = "".join(map(_text, runs))
        start = whole.find(words)
        if start < 0:
            return []
        end, place, chosen = start + len(words), 0, []
        for run in runs:
            text = _text(run)
            low, high = max(start - place, 0), min(end - place, len(text))
            if low < high:
                chosen.append(_cut(run, text, low, high))
            place += len(text)
        return chosen

    def _replace(self, runs: list[Any], new: str, *, tracked: bool) -> None:
        if new:
            run = _run(runs[-1], new)
            runs[-1].addnext(self._mark("ins", [run]) if tracked else run)
        for run in runs:
            if tracked:
                self._delete(run)
            else:
                run.getparent().remove(run)

    def _delete(self, run: Any) -> None:
        for text in run.iter(f"{W}t"):
            text.tag = f"{W}delText"
        marked = self._mark("del", [])
        run.addprevious(marked)
        marked.append(run)

    def _mark(self, name: str, content: list[Any]) -> Any:
        mark = etree.Element(f"{W}{name}", self._attributes())
        mark.extend(content)
        return mark

    def _mark_end(self, paragraph: Any, name: str) -> None:
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            properties = etree.Element(f"{W}pPr")
            paragraph.insert(0, properties)
        look = properties.find(f"{W}rPr")
        if look is None:
            look = etree.SubElement(properties, f"{W}rPr")
        look.insert(0, self._mark(name, []))

    def _attributes(self) -> dict[str, str]:
        self._revisions += 1
        return {f"{W}id": str(self._revisions), f"{W}author": self.author, f"{W}date": MOMENT}


def said(paragraph: Any) -> str:
    """The words of a paragraph."""
    return "".join(map(_text, paragraph.iter(f"{W}r")))


def _text(run: Any) -> str:
    return "".join(text.text or "" for text in run.findall(f"{W}t"))


def _run(like: Any, words: str) -> Any:
    """A run of words that looks like another."""
    run = etree.Element(f"{W}r")
    properties = None if like is None else like.find(f"{W}rPr")
    if properties is not None:
        run.append(copy.deepcopy(properties))
    text = etree.SubElement(run, f"{W}t", {XML_SPACE: "preserve"})
    text.text = words
    return run


def _cut(run: Any, text: str, low: int, high: int) -> Any:
    """The part of a run from one character to another, as a run of its own."""
    before, after = _run(run, text[:low]), _run(run, text[high:])
    if low:
        run.addprevious(before)
    if high < len(text):
        run.addnext(after)
    (words,) = run.findall(f"{W}t")
    words.text = text[low:high]
    words.set(XML_SPACE, "preserve")
    return run

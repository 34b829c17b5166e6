"""The reference document, from which pandoc takes the styles and the page of a Word file.

It lies unpacked in `styles/reference/` (ECMA-376, part 2), with tokens in the place of colours,
faces and lengths, so that the Word file looks like the report.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Mapping
from pathlib import Path

from lxml import etree

from report.assets import stylesheets
from report.look import MissingTokenError, tokens
from report.publish.archive import pack

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
"""The namespace of WordprocessingML (ECMA-376, part 1)."""

_PARTS = (
    *("[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels"),
    *("word/document.xml", "word/styles.xml", "word/numbering.xml", "word/footer1.xml"),
)
_VARIABLE = re.compile(r"var\(--([\w-]+)\)")
_LENGTH = re.compile(r"([0-9.]+)(pt|mm)")
_POINTS = {"pt": 1.0, "mm": 72 / 25.4}
_HALF_POINTS = {f"{{{WORD}}}sz", f"{{{WORD}}}szCs"}
"""What is counted in half points (17.18.42); other lengths are in twentieths of a point."""


def reference_document(folder: Path) -> bytes:
    """The reference document as a .docx, in the colours and faces of the event in `folder`.

    Raises `OSError` for a part that cannot be read or is not XML, and `MissingTokenError`.
    """
    values = tokens(css for _, css in stylesheets(folder, ("tokens.css",)))
    found = dict(stylesheets(folder, tuple(f"reference/{part}" for part in _PARTS)))
    return pack({part: _resolved(part, found, values) for part in _PARTS})


def _resolved(part: str, found: Mapping[str, str], values: Mapping[str, str]) -> bytes:
    """A part with the values of tokens in the places of their names."""
    name = f"reference/{part}"
    try:
        root = etree.fromstring(found[name].encode())
    except etree.XMLSyntaxError as error:
        raise OSError(errno.EINVAL, f"it is not XML: {error.msg}", f"styles/{name}") from None
    for element in root.iter(etree.Element):
        for attribute, value in element.items():
            if variable := _VARIABLE.fullmatch(str(value)):
                element.set(attribute, _value(str(element.tag), variable[1], values))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _value(tag: str, name: str, values: Mapping[str, str]) -> str:
    """A token as WordprocessingML writes it: a colour, a length or a face."""
    if name not in values:
        raise MissingTokenError(name)
    value = values[name]
    if length := _LENGTH.fullmatch(value):
        points = float(length[1]) * _POINTS[length[2]]
        return str(round(points * (2 if tag in _HALF_POINTS else 20)))
    if value.startswith("#"):
        return value[1:].upper()
    return _face(value)


def _face(stack: str) -> str:
    """The last face of a stack before the generic family, which is on every machine."""
    names = [name.strip(" \"'") for name in stack.split(",")]
    return names[-2] if len(names) > 1 else names[0]

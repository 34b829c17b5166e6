"""The kinds of file in which statements arrive, told by what is in them and not by their names."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import PurePath

from report import rules
from report.desk.package import open_package
from report.desk.refusal import Refused


class Kind(StrEnum):
    """A kind of file that can be imported."""

    WORD = "docx"
    OPEN_DOCUMENT = "odt"
    RICH_TEXT = "rtf"
    WEB_PAGE = "html"
    PLAIN_TEXT = "txt"
    PDF = "pdf"
    BATCH = "zip"


_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PAGE = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_PAGE_NAMES = {".html", ".htm", ".xhtml"}
_TEXT_NAMES = {".txt", ".text", ".md", ""}


def kind_of(name: str, data: bytes) -> Kind:
    """Tell the kind of a file; raises `Refused` when it is none that can be imported."""
    if not data.strip():
        raise Refused(rules.EMPTY_SOURCE, "the file is empty", "ask for it to be sent again")
    if data.startswith(_ZIP):
        return _kind_of_package(data)
    if data.startswith(_COMPOUND):
        raise _compound(data)
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return Kind.PDF
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        return Kind.RICH_TEXT
    suffix = PurePath(name).suffix.lower()
    if suffix in _PAGE_NAMES or _PAGE.match(data[:4096].lstrip(b"\xef\xbb\xbf")):
        return Kind.WEB_PAGE
    if suffix in _TEXT_NAMES:
        return Kind.PLAIN_TEXT
    if suffix in {".docx", ".odt", ".rtf", ".pdf", ".zip"}:
        raise Refused(
            rules.DAMAGED_SOURCE,
            f"the file is damaged: it does not begin as a {suffix} file does",
            "ask for it to be sent again",
        )
    raise Refused(
        rules.UNKNOWN_KIND,
        "files of this kind cannot be imported",
        "save it as .docx, .odt, .rtf, .html, .txt or .pdf",
    )


def _kind_of_package(data: bytes) -> Kind:
    package = open_package(data)
    names = set(package.names)
    if "[Content_Types].xml" in names:
        if any(name.startswith("word/") for name in names):
            return Kind.WORD
        raise Refused(
            rules.UNKNOWN_KIND,
            "this is a spreadsheet or a presentation, not a text",
            "save its text as .docx, or its pages as .pdf for the slides of a statement",
        )
    if "mimetype" in names:
        if b"opendocument.text" not in package.read("mimetype"):
            raise Refused(
                rules.UNKNOWN_KIND, "this OpenDocument file is not a text", "save it as .odt"
            )
        if "META-INF/manifest.xml" in names and (
            b"encryption-data" in package.read("META-INF/manifest.xml")
        ):
            raise _password()
        return Kind.OPEN_DOCUMENT
    return Kind.BATCH


def _compound(data: bytes) -> Refused:
    """Tell a .docx with a password from a file of Word 97: both are compound files."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return _password()
    return Refused(
        rules.UNKNOWN_KIND,
        "this is a file of Word 97 or an e-mail of Outlook, which cannot be imported",
        "open it and save it as .docx",
    )


def _password() -> Refused:
    return Refused(
        rules.ENCRYPTED_SOURCE,
        "it is protected by a password",
        "open it with the password, save it without, and import that file",
    )

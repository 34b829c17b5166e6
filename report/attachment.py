"""Files that travel in the report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pydyf

from report.frame import Frame, name_bytes


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels in the report (7.11.4), with its relation to it (19005-3, 6.8)."""

    name: str
    content: bytes
    media_type: str
    description: str
    relationship: str = "Supplement"


def attach(frame: Frame, attachment: Attachment, timestamp: int) -> tuple[bytes, str]:
    """Embed a file (7.11.4), associated with the document (ISO 19005-3, 6.8).

    Return its name and the reference to its specification. The timestamp is in seconds since 1970.
    """
    moment = pydyf.String(datetime.fromtimestamp(timestamp, UTC).strftime("D:%Y%m%d%H%M%SZ"))
    size = len(attachment.content)
    embedded = {
        "Type": "/EmbeddedFile",
        "Subtype": pydyf.name(attachment.media_type),
        "Params": pydyf.Dictionary({"Size": size, "CreationDate": moment, "ModDate": moment}),
    }
    file = frame.add(pydyf.Stream([attachment.content], embedded, compress=True))
    specification = {
        "Type": "/Filespec",
        "F": pydyf.String(attachment.name),
        "UF": pydyf.String(attachment.name),
        "Desc": pydyf.String(attachment.description),
        "AFRelationship": pydyf.name(attachment.relationship),
        "EF": pydyf.Dictionary({"F": file, "UF": file}),
    }
    return name_bytes(attachment.name), frame.add(pydyf.Dictionary(specification))

"""What the pictures of the gallery show, so that a test can tell when pages look otherwise now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from gallery.editions import PROJECT, Edition
from report.words import words

FOLDER = PROJECT / "docs/gallery"
RECORD = FOLDER / "record.json"
SPREAD = "pages.webp"
"""The two facing pages that the README begins with."""

_HEAD = """\
# Gallery

Every kind of page, as it is made today. `make gallery` writes this folder, and a test fails when a
text, a template or a style that is shown has changed since. The languages of the sample in
[statements/](../../statements) show the sample, the others a small event in
[gallery/event/](../../gallery/event). A picture opens at its full size.

On each sheet, from the cover on: the parts of the report in their order, an offprint, the programme
booklet, and the site on screens of 1280 and of 360 pixels.
"""


def picture(language: str) -> str:
    """The name of the sheet of a language."""
    return f"{language}.webp"


def entry(edition: Edition, content: bytes) -> Mapping[str, str]:
    """What is recorded of an edition and its sheet."""
    return {"shows": edition.digest, "sha256": hashlib.sha256(content).hexdigest()}


def recorded() -> Mapping[str, Mapping[str, str]]:
    """What is recorded of each language."""
    found: Mapping[str, Mapping[str, str]] = json.loads(RECORD.read_text(encoding="utf-8"))
    return found


def record(entries: Mapping[str, Mapping[str, str]]) -> None:
    """Write down what the pictures show, and the page on which they stand."""
    RECORD.write_text(json.dumps(entries, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    names = {words("en").language_name(language): language for language in entries}
    sheets = (
        f"## {name}\n\n![All kinds of pages in {name}, cover to site]({picture(names[name])})\n"
        for name in sorted(names)
    )
    (FOLDER / "README.md").write_text("\n".join((_HEAD, *sheets)), encoding="utf-8")


def stale(current: Mapping[str, Edition], folder: Path = FOLDER) -> tuple[str, ...]:
    """The languages whose pictures are not of the pages as they are now, or are not there."""
    known = recorded()
    return tuple(
        language
        for language, edition in current.items()
        if not (folder / picture(language)).is_file()
        or known.get(language) != entry(edition, (folder / picture(language)).read_bytes())
    )

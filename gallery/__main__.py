"""Make the pictures anew, and write down what they show."""

from __future__ import annotations

import io
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from gallery.editions import PROJECT, SAMPLE, editions
from gallery.pictures import pictures, sheet, spread
from gallery.record import FOLDER, SPREAD, entry, picture, record

_CACHE = PROJECT / ".cache"


def main() -> None:
    """Write a sheet for each language, and the pages with which the README begins."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("The site is shown as Chromium shows it: apt-get install chromium")
    FOLDER.mkdir(exist_ok=True)
    entries = {}
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"]) as browser,
        tempfile.TemporaryDirectory(prefix="gallery-") as name,
    ):
        for language, edition in editions(_CACHE).items():
            output = Path(name) / language
            content = _webp(sheet(list(pictures(edition, output, _CACHE, browser))))
            (FOLDER / picture(language)).write_bytes(content)
            entries[language] = entry(edition, content)
            if edition.folder == SAMPLE and not edition.suffix:
                (FOLDER / SPREAD).write_bytes(_webp(spread(edition, output)))
            print(f"docs/gallery/{picture(language)}  {len(content) / 1024:,.0f} kB")
    record(entries)


def _webp(image: Image.Image) -> bytes:
    content = io.BytesIO()
    image.save(content, "WEBP", quality=72, method=6)
    return content.getvalue()


if __name__ == "__main__":
    main()

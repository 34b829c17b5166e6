"""The same text for every engine, and the command that each sets it with."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

from report.assets import PRINT_STYLES, stylesheets
from report.compilation import examine, merged
from report.printform import print_document
from report.resources import fonts, locate
from report.unit import Report, Unit

_PYTHON = sys.executable
_CHROMIUM_OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@dataclass(frozen=True, slots=True)
class Peer:
    """Another engine: its name, and how it sets the text that `prepare` wrote."""

    name: str
    command: tuple[str, ...]
    output: str
    missing: str = ""
    """What is not installed, when it cannot be measured."""


def prepare(event: Path, folder: Path) -> None:
    """Write the event's text for the other engines: one HTML page and one Markdown file."""
    report = _report(event, folder / "cache")
    (folder / "whole.html").write_text(_whole(report, event), encoding="utf-8")
    (folder / "whole.md").write_text("\n\n".join(_markdown(event)), encoding="utf-8")
    (folder / "weasy.py").write_text(_WEASYPRINT, encoding="utf-8")
    (folder / "typst_compile.py").write_text(_TYPST, encoding="utf-8")
    (folder / "pandoc_typst.py").write_text(_PANDOC + _TYPST, encoding="utf-8")
    if find_spec("pypandoc"):
        import pypandoc

        pypandoc.convert_file(
            str(folder / "whole.md"),
            "typst",
            outputfile=str(folder / "whole.typ"),
            extra_args=["--standalone", "--toc"],
        )


def peers(folder: Path) -> tuple[Peer, ...]:
    """Every peer, also those that are not installed: they are named as missing."""
    chromium = shutil.which("chromium") or ""
    typst = "" if find_spec("typst") else "typst (PyPI)"
    pandoc = "" if find_spec("pypandoc") else "pypandoc_binary (PyPI)"
    profile = f"--user-data-dir={folder / 'profile'}"
    return (
        Peer("WeasyPrint, whole document", (_PYTHON, "weasy.py"), "weasyprint.pdf"),
        Peer(
            "Chromium, print to PDF",
            (chromium, *_CHROMIUM_OPTIONS, profile, "--print-to-pdf=chromium.pdf", "whole.html"),
            "chromium.pdf",
            "" if chromium else "chromium (Debian)",
        ),
        Peer("Typst", (_PYTHON, "typst_compile.py"), "whole.pdf", typst or pandoc),
        Peer("pandoc to Typst", (_PYTHON, "pandoc_typst.py"), "whole.pdf", typst or pandoc),
    )


def _report(event: Path, cache: Path) -> Report:
    read, diagnostics = examine(event, cache)
    assert read and not any(found.is_error for found in diagnostics)
    return merged(read, event, cache, stylesheets(event, PRINT_STYLES))


def _whole(report: Report, event: Path) -> str:
    """All units as one page, with their links inside it and page numbers made by CSS."""
    css = "\n".join(text for _, text in stylesheets(event, PRINT_STYLES))
    for url in fonts([css]):
        css = css.replace(url, locate(url, event).as_uri())
    bodies = "\n".join(_division(unit, report) for unit in report.units)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{report.title}</title>'
        f"<style>{css}{_TOGETHER}</style></head><body>{bodies}</body></html>"
    )


def _division(unit: Unit, report: Report) -> str:
    document = print_document(unit, {}, report.specimen)
    body = document[document.index("<body") : document.index("</body>")]
    inside = re.sub(r'href="unit:([^"]*)"', lambda link: f'href="#{unquote(link[1])}"', body)
    numbered = re.sub(
        r'data-folio="([^"]*)">[^<]*<', lambda folio: f'data-page-of="#{folio[1]}"><', inside
    )
    opening = numbered.replace("<body", "<div", 1).replace('class="', 'class="unit ', 1)
    return f"{opening}</div>"


def _markdown(event: Path) -> Iterator[str]:
    for folder in sorted(path for path in event.iterdir() if path.is_dir()):
        head, body = _split(folder / "session.md")
        yield f"# {_value(head, 'title')}\n\n{body}"
        for file in sorted(folder.glob("[0-9]*.md")):
            head, body = _split(file)
            # Notes are numbered anew in each statement; one document wants names of its own.
            own = body.replace("[^1]", f"[^{folder.name}-{file.stem}]")
            yield f"## {_value(head, 'speaker')}, {_value(head, 'affiliation')}\n\n{own}"


def _split(file: Path) -> tuple[str, str]:
    _, head, body = file.read_text(encoding="utf-8").split("---\n", 2)
    return head, body.strip()


def _value(head: str, key: str) -> str:
    found = re.search(rf"^{key}: (.*)$", head, re.MULTILINE)
    return found[1] if found else ""


_TOGETHER = """
.unit { break-before: page; counter-reset: footnote }
[data-page-of]::after { content: target-counter(attr(data-page-of), page) }
@page { @bottom-right { content: counter(page); font: 9pt "Fira Sans" } }
"""

_WEASYPRINT = """\
from weasyprint import HTML

HTML("whole.html").write_pdf("weasyprint.pdf", pdf_variant="pdf/a-3a")
"""

_TYPST = """\
import typst

typst.compile("whole.typ", output="whole.pdf")
"""

_PANDOC = """\
import pypandoc

pypandoc.convert_file(
    "whole.md", "typst", outputfile="whole.typ", extra_args=["--standalone", "--toc"]
)

"""

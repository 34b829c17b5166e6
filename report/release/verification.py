"""Verification of a release: its signature, its checksums, and that its sources give this very PDF.

What is found is a value; whether it is well is for the report officer to read.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pypdfium2

from report.clearance import released
from report.compilation import in_language, make, read
from report.formats import Format
from report.release.increment import additions
from report.release.manifest import media, programs, sources
from report.release.release import CHECKSUMS_FILE, MANIFEST_FILE
from report.release.signature import DamagedError, Signature, Trusted, signatures
from report.translatable import CODE
from report.typeset import Progress


class Verdict(StrEnum):
    """What a finding means for whoever wants to rely on the file."""

    GOOD = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, in one sentence."""

    verdict: Verdict
    text: str


def volumes(path: Path) -> tuple[Path, ...]:
    """The PDFs that are meant: one by its own path, or all of a release by that of its folder."""
    return tuple(sorted(path.glob("*.pdf"))) if path.is_dir() else (path,)


def check_signature(pdf: Path, trusted: tuple[Trusted, ...], now: datetime) -> Iterator[Finding]:
    """Whether the file is signed, by whom, is still what was signed, and is trusted.

    Without certificates to trust, whose signature it is is told and left to the reader. Raises
    `OSError` when the file cannot be read.
    """
    try:
        found = signatures(pdf.read_bytes(), trusted)
    except DamagedError:
        yield Finding(Verdict.WRONG, f"{pdf.name} is no PDF, or it is damaged.")
        return
    if not found:
        verdict = Verdict.WRONG if trusted else Verdict.NOTE
        yield Finding(verdict, f"{pdf.name} is not signed.")
    for signature in found:
        yield _integrity(pdf.name, signature)
        if signature.is_intact:
            yield _trust(signature, trusted, now)


def _integrity(name: str, signature: Signature) -> Finding:
    signed = f"{name} was signed by {signature.signer}"
    if not signature.is_intact:
        return Finding(Verdict.WRONG, f"{signed}, and changed or damaged since.")
    if signature.moment:
        signed += f" on {_stated(signature.moment)}, by the signer's clock"
    if not signature.is_whole:
        return Finding(Verdict.WRONG, f"{signed}, but something was added to it after that.")
    return Finding(Verdict.GOOD, f"{signed}; the whole file is as it was then.")


def _stated(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%-d %B %Y, %H:%M UTC}"


def _trust(signature: Signature, trusted: tuple[Trusted, ...], now: datetime) -> Finding:
    signer = signature.signer
    if now > signature.expires:
        day = f"{signature.expires.astimezone(UTC):%-d %B %Y}"
        verdict = Verdict.WRONG if trusted else Verdict.NOTE
        return Finding(
            verdict,
            f"The certificate of {signer} expired on {day}, and no authority vouches that the"
            " signature was made before.",
        )
    if signature.trusted:
        return Finding(
            Verdict.GOOD, f"{signature.trusted.file} vouches for the certificate of {signer}."
        )
    if trusted:
        files = ", ".join(dict.fromkeys(str(each.file) for each in trusted))
        return Finding(
            Verdict.WRONG,
            f"Nothing in {files} vouches for the certificate of {signer},"
            f" which {signature.issuer} issued.",
        )
    if signature.is_self_signed:
        return Finding(
            Verdict.NOTE,
            f"The certificate is self-signed: anybody can make one in the name of {signer}. Name"
            " the one that you know with --trust.",
        )
    return Finding(
        Verdict.NOTE,
        f"The certificate was issued by {signature.issuer}; whether you trust them, --trust says.",
    )


def check_checksums(folder: Path) -> Iterator[Finding]:
    """Whether the files of a release are those that its checksums name."""
    try:
        listed = dict(_listed((folder / CHECKSUMS_FILE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        yield Finding(Verdict.NOTE, f"There is no {CHECKSUMS_FILE}, so no other file was checked.")
        return
    except ValueError:
        yield Finding(Verdict.WRONG, f"{CHECKSUMS_FILE} is damaged.")
        return
    files = (path for path in folder.rglob("*") if path.is_file())
    there = {path.relative_to(folder).as_posix() for path in files} - {CHECKSUMS_FILE}
    wrong = [*_differences(listed, folder)]
    wrong += [f"{name} is not in {CHECKSUMS_FILE}" for name in sorted(there - set(listed))]
    yield from (Finding(Verdict.WRONG, f"{text}.") for text in wrong)
    if not wrong:
        yield Finding(Verdict.GOOD, f"All {len(listed)} files are as {CHECKSUMS_FILE} says.")


def _listed(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        digest, name = line.split("  ", 1)
        yield name, digest


def _differences(listed: Mapping[str, str], folder: Path) -> Iterator[str]:
    for name, digest in sorted(listed.items()):
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            yield f"{name} is missing"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            yield f"{name} is not the file that was released"


def check_sources(
    pdfs: tuple[Path, ...],
    folder: Path,
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Iterator[Finding]:
    """Whether the event in `folder` gives these very PDFs, but for signatures, and if not, why.

    The report is made anew from nothing but its sources: no work of earlier builds is used.
    Raises what `compile_report` raises.
    """
    with TemporaryDirectory(prefix="rapporteur-") as empty:
        event, diagnostics = read(folder, Path(empty))
        if event is None or any(diagnostic.is_error for diagnostic in diagnostics):
            yield Finding(Verdict.WRONG, f"{folder} has errors: `build.py check` shows them.")
            return
        wanted = [in_language(event, language) for language in sorted({*map(_language, pdfs)})]
        final = [released(edition) for edition in wanted]
        made = make(final, folder, Path(empty), _PDF_ALONE, jobs=jobs, progress=progress)
        shown = media((in_language(event, language) for language in event.editions), folder)
        changes = tuple(_changes(pdfs[0].with_name(MANIFEST_FILE), folder, shown))
    found = [finding for pdf in pdfs for finding in _compared(pdf, made.files, folder)]
    is_same = all(finding.verdict is Verdict.GOOD for finding in found)
    yield from (Finding(Verdict.NOTE if is_same else Verdict.WRONG, f"{c}.") for c in changes)
    yield from found


_PDF_ALONE = frozenset({Format.PDF})
_NAME = re.compile(rf"report(-\d+)?\.(?P<language>{CODE})\.pdf")


def _language(pdf: Path) -> str:
    """The language that a PDF's name tells: fr of report-1.fr.pdf, and none for the main one."""
    name = _NAME.fullmatch(pdf.name)
    return name["language"] if name else ""


def _compared(pdf: Path, made: Mapping[str, bytes], folder: Path) -> Iterator[Finding]:
    """Whether the PDF begins with the bytes that were made anew, and adds a signature at most."""
    there = pdf.read_bytes()
    # A report in one volume may have been given another name.
    anew = made.get(pdf.name) or (next(iter(made.values())) if len(made) == 1 else None)
    if anew is None:
        yield Finding(Verdict.WRONG, f"{folder} gives {', '.join(made)}, and no {pdf.name}.")
        return
    if not there.startswith(anew):
        differs = _difference(there, anew)
        yield Finding(Verdict.WRONG, f"{folder} does not give this {pdf.name}: {differs}.")
        return
    added = additions(anew, there) if there != anew else ()
    yield from (
        Finding(Verdict.WRONG, f"Beside the signature, {text} after it was made.") for text in added
    )
    if not added:
        but = " before the signature" if there != anew else ""
        yield Finding(Verdict.GOOD, f"{folder} gives this {pdf.name}, byte for byte{but}.")


def _changes(manifest: Path, folder: Path, shown: Mapping[str, str]) -> Iterator[str]:
    """What is not as the manifest says: sources, and the versions of programs."""
    try:
        told: Mapping[str, Any] = json.loads(manifest.read_bytes())
        found = sources(folder)
        for kind, now in (
            ("texts", found.texts),
            ("media", shown),
            ("templates", found.templates),
            ("styles", found.styles),
        ):
            yield from _changed_files(told[kind], now)
        for name, version in dict(programs()).items():
            if told["programs"].get(name) != version:
                yield f"{name} is {version}; it was {told['programs'].get(name, 'not used')}"
    except FileNotFoundError:
        yield f"There is no {MANIFEST_FILE} beside it that would tell what it was made from"
    except (ValueError, LookupError, TypeError, AttributeError):
        yield f"{MANIFEST_FILE} is damaged"


def _changed_files(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*then, *now}):
        if name not in now:
            yield f"{name} is missing"
        elif name not in then:
            yield f"{name} is new"
        elif then[name] != now[name]:
            yield f"{name} was changed"


def _difference(then: bytes, now: bytes) -> str:
    """Where two reports differ, by their pages."""
    try:
        old, new = _pages(then), _pages(now)
    except pypdfium2.PdfiumError:
        return "it is no PDF"
    if len(old) != len(new):
        return f"that has {len(new)} pages, and this has {len(old)}"
    pages = [str(number) for number, (a, b) in enumerate(zip(old, new, strict=True), 1) if a != b]
    if not pages:
        return "the words of all pages are the same, but not the bytes"
    return f"the words differ on page {', '.join(pages[:20])}{' and others' * (len(pages) > 20)}"


def _pages(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_bounded() for page in document]

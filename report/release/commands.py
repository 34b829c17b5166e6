"""The commands of releases: what a report officer answers for."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Callable
from functools import partial
from getpass import getpass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from report.console import (
    CACHE,
    CONTENT_ERROR,
    NAME_IT,
    Bar,
    EventOption,
    FormatOption,
    LanguageOption,
    Style,
    count,
    err,
    escape,
    event_folder,
    fail,
    out,
    show,
    styled,
)

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

    from report.model import Event


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="An event's folder, or a revision.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Another folder or revision.")],
    event: EventOption = None,
    language: LanguageOption = "",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="DIR", help="Also write corrigendum.pdf and corrigendum.html."
        ),
    ] = None,
) -> None:
    """Show what changed between two editions, by statement and paragraph.

    What is not a folder is taken for a git revision of the event's folder. The exit code is 0
    whether or not anything changed.
    """
    from report.release.revision import RevisionError, event_at

    # Two folders are compared wherever one stands; only a revision is one of a certain event.
    folder = Path()
    if revision := next((name for name in (old, new) if not Path(name).is_dir()), None):
        folder = event_folder(event, f"{revision} is no folder; for a revision, {NAME_IT}")
    try:
        with event_at(old, folder) as before, event_at(new, folder) as after:
            _compare((old, before), (new, after), language, output)
    except RevisionError as error:
        fail(str(error))


def _compare(
    old: tuple[str, Path], new: tuple[str, Path], language: str, output: Path | None
) -> None:
    """Show what changed between two events, each given as it was named and its folder."""
    from report.release.comparison import compare
    from report.release.listing import listing, tally

    before, after = _loaded(*old, language), _loaded(*new, language)
    comparison = compare(before, after)
    for line in listing(comparison):
        out.print(line)
    if not comparison.differences:
        err.print("Nothing changed.")
        return
    err.print(tally(comparison))
    if output:
        from report.delivery import deliver
        from report.release.corrigendum import corrigendum, edition_name, files

        names = edition_name(before, old[0]), edition_name(after, new[0])
        report = corrigendum(comparison, after, new[1], names)
        written = files(report, CACHE / "corrigendum")
        deliver(output, written)
        for name in written:
            typer.echo(output / name)


def _loaded(name: str, folder: Path, language: str) -> Event:
    """What may be distributed of an event that could be read whole: a gap would seem removed."""
    from report.compilation import in_language
    from report.edition import UnknownEditionError
    from report.load import load

    event, diagnostics = load(folder)
    errors = tuple(diagnostic for diagnostic in diagnostics if diagnostic.is_error)
    if errors or event is None:
        show(errors, Style.TEXT)
        err.print(f"Not compared: {escape(name)} has errors.")
        raise typer.Exit(CONTENT_ERROR)
    try:
        return in_language(event, language)
    except UnknownEditionError as error:
        fail(f"{name}: {error}")


def accept(event: EventOption = None) -> None:
    """Accept the Chairman's Summary after its review.

    Keeps a fingerprint of every paragraph that it cites, and the numbers of its recommendations.
    """
    from report.acceptance import lock
    from report.check import check as check_event
    from report.fragment import replace
    from report.load import load, lock_file

    folder = event_folder(event)
    read, found = load(folder)
    diagnostics = (*found, *(check_event(read) if read else ()))
    errors = tuple(diagnostic for diagnostic in diagnostics if diagnostic.is_error)
    if errors or read is None or read.summary is None:
        show(errors, Style.TEXT)
        err.print("Nothing is accepted while there are errors, or no Chairman's Summary.")
        raise typer.Exit(CONTENT_ERROR)
    path = folder / lock_file(read.summary.id)
    replace(path, lock(read).encode())
    err.print(escape(f"Accepted: {path}"))


def release(
    event: EventOption = None,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="DIR", help="Where the release's folder is made."),
    ] = Path("dist"),
    key: Annotated[
        Path | None,
        typer.Option(
            "--sign",
            metavar="KEY.p12",
            help="Sign the PDF with this key and its certificate, in one PKCS #12 file.",
        ),
    ] = None,
    passphrase_file: Annotated[
        Path | None,
        typer.Option(
            "--passphrase-file",
            metavar="FILE",
            help="Its first line opens the key; else RAPPORTEUR_PASSPHRASE, or you are asked.",
        ),
    ] = None,
    style: FormatOption = Style.TEXT,
) -> None:
    """Make the report to be sent out, once all of it is cleared, with checksums and a manifest.

    Refused while a text is a draft or under embargo, or the Chairman's Summary is not accepted.
    """
    from report.release.release import ReleaseError
    from report.release.release import release as release_event

    folder = event_folder(event)
    # The one place where the clock is asked: embargoes end at a moment.
    now = datetime.datetime.now(datetime.UTC)
    sign = _signer(key, passphrase_file, now) if key else None
    with Bar(shown=err.is_terminal) as bar:
        try:
            made = release_event(folder, output, CACHE, now, sign=sign, progress=bar.show)
        except ReleaseError as error:
            fail(str(error))
    show(made.diagnostics, style)
    if not made.folder:
        err.print(f"Not released: {count(made.diagnostics)}.")
        raise typer.Exit(CONTENT_ERROR)
    # Who reads JSON wants nothing else where it is.
    if style is Style.JSON:
        return
    out.print(escape(f"Released: {made.folder}"))
    for path in sorted(made.folder.iterdir()):
        out.print(escape(f"  {path}"), style="bold")


def _signer(
    key: Path, passphrase_file: Path | None, now: datetime.datetime
) -> Callable[[bytes], bytes]:
    """What signs a PDF with a key, opened before anything is compiled."""
    try:
        from report.release.signature import KeyRefusedError, sign
    except ModuleNotFoundError as error:
        fail(f"signatures need {error.name}: install rapporteur[sign]")
    passphrase = _passphrase_given(passphrase_file)
    try:
        return partial(sign, key=_opened(key, passphrase, now))
    except KeyRefusedError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{key}: {error.strerror or error}")


def _opened(key: Path, passphrase: str | None, now: datetime.datetime) -> SimpleSigner:
    """A key, opened with the passphrase that was given or, on a terminal, is asked for."""
    from report.release.signature import PassphraseNeededError, open_key

    try:
        return open_key(key, passphrase, now)
    except PassphraseNeededError:
        if passphrase is not None or not sys.stdin.isatty():
            raise
    return open_key(key, getpass(f"Passphrase of {key}: "), now)


def _passphrase_given(file: Path | None) -> str | None:
    """The passphrase as a script gives it: never on the command line, where others see it."""
    if file is None:
        return os.environ.get("RAPPORTEUR_PASSPHRASE")
    try:
        return file.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{file}: {getattr(error, 'strerror', None) or 'it is not encoded in UTF-8'}")


def verify(
    path: Annotated[
        Path, typer.Argument(metavar="FILE|DIR", help="A report as PDF, or a release's folder.")
    ],
    trust: Annotated[
        list[Path] | None,
        typer.Option(
            "--trust", metavar="CERT.pem", help="A certificate that you know: signer's or issuer's."
        ),
    ] = None,
    event: Annotated[
        Path | None,
        typer.Option(
            "--event",
            "-e",
            metavar="DIR",
            help="Also make the report anew from this event, and compare.",
        ),
    ] = None,
) -> None:
    """Tell whether a released report is what it says: signature, checksums, and its sources.

    The exit code is 1 when something is wrong. What is not signed, or signed by somebody whom no
    --trust names, is told and not wrong in itself.
    """
    try:
        from report.release.release import CHECKSUMS_FILE
        from report.release.signature import CertificateRefusedError, certificates
        from report.release.verification import (
            Verdict,
            check_checksums,
            check_signature,
            check_sources,
            volumes,
        )
    except ModuleNotFoundError as error:
        fail(f"signatures need {error.name}: install rapporteur[sign]")
    pdfs, folder = volumes(path), path if path.is_dir() else path.parent
    if not pdfs and not (folder / CHECKSUMS_FILE).is_file():
        fail(f"{path} holds no PDF: name a report, or the folder of a release")
    now = datetime.datetime.now(datetime.UTC)
    try:
        trusted = tuple(chain.from_iterable(map(certificates, trust or ())))
        findings = [finding for pdf in pdfs for finding in check_signature(pdf, trusted, now)]
        findings += check_checksums(folder)
        if event and pdfs:
            with Bar(shown=err.is_terminal) as bar:
                findings += check_sources(pdfs, event_folder(event), progress=bar.show)
    except CertificateRefusedError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename or path}: {error.strerror or error}")
    # What is said of the certificate is the same for every volume.
    for finding in dict.fromkeys(findings):
        verdict = finding.verdict.value
        out.print(styled((f"{verdict:<6}", _COLOURS[verdict]), finding.text))
    if any(finding.verdict is Verdict.WRONG for finding in findings):
        raise typer.Exit(CONTENT_ERROR)


_COLOURS = {"ok": "green", "note": "yellow", "wrong": "bold red"}

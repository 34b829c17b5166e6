"""Signed releases: who answers for them, whether they are whole, and what they were made from."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import page as page_validation
import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from typer.testing import CliRunner

from report.cli import app
from report.release.release import release
from report.release.signature import open_key, sign
from report.release.verification import Verdict, check_checksums, check_sources
from tests import signing
from tests.conftest import CACHE, PROJECT
from tests.signing import NOW, YEAR, Identity, identity
from tests.terminal import run
from tests.test_release import AFTER, STATEMENT, ready_for_release

pytestmark = pytest.mark.heavy

VERAPDF = PROJECT.parent / "shared/verapdf/validate"
PASSPHRASE = "open sesame"
VOLUMES = """volumes:
  - title: Proceedings
    front: [contents, foreword]
    body: [programme, chairmans-summary, sessions]
  - title: Annexes
    front: [contents]
    body: [photographs, participants]
"""


@dataclass(frozen=True)
class Signed:
    """A signed release, the event that it was made from, and the key that signed it."""

    event: Path
    folder: Path
    key: Path
    signer: Identity
    issuer: Identity

    @property
    def pdf(self) -> Path:
        return self.folder / "report.pdf"


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    """The minimal event, released as a person would do it who has a certificate of an issuer."""
    folder = tmp_path_factory.mktemp("signed")
    event = ready_for_release(folder / "event")
    issuer = signing.authority("Root of Trust")
    signer = identity("Secretariat of the Symposium", issuer)
    key = signer.write_p12(folder / "key.p12")
    (folder / "secret").write_text(f"{PASSPHRASE}\n")
    done = run(
        *("release", "-e", "event", "--sign", "key.p12", "--passphrase-file", "secret"),
        folder=folder,
    )
    assert done.returncode == 0, done.stderr
    return Signed(event, folder / "dist/release-2", key, signer, issuer)


@pytest.fixture(scope="module")
def plain(signed: Signed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the same release, not signed."""
    folder = tmp_path_factory.mktemp("plain")
    made = release(signed.event, folder, CACHE, AFTER, jobs=1).folder
    assert made
    return made


@pytest.fixture
def unsigned(plain: Path) -> bytes:
    return (plain / "report.pdf").read_bytes()


@pytest.fixture
def copy(signed: Signed, tmp_path: Path) -> Signed:
    """The release and its event, to be changed by a test."""
    event = Path(shutil.copytree(signed.event, tmp_path / "event"))
    folder = Path(shutil.copytree(signed.folder, tmp_path / "release-2"))
    return Signed(event, folder, signed.key, signed.signer, signed.issuer)


def verified(*arguments: str | Path) -> tuple[int, dict[str, list[str]]]:
    """What `verify` says: its exit code, and its sentences by their verdict."""
    done = CliRunner().invoke(app, ["verify", *map(str, arguments)])
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert done.stderr == ""
    said: dict[str, list[str]] = {verdict.value: [] for verdict in Verdict}
    for line in done.stdout.splitlines():
        verdict, text = line.split(maxsplit=1)
        assert text.endswith(".")
        said[verdict].append(text)
    return done.exit_code, said


# What a signature is


def test_a_signature_leaves_every_byte_of_the_report_as_it_was(signed: Signed, plain: Path) -> None:
    before, after = (plain / "report.pdf").read_bytes(), signed.pdf.read_bytes()
    assert after.startswith(before)
    assert len(after) > len(before)
    assert (signed.folder / "site/report.pdf").read_bytes() == after
    files = {path.relative_to(plain) for path in plain.rglob("*") if path.is_file()}
    for name in files - set(map(Path, ("report.pdf", "site/report.pdf", "SHA256SUMS"))):
        assert (plain / name).read_bytes() == (signed.folder / name).read_bytes()


def test_it_is_what_pades_asks_for_and_cannot_be_seen(signed: Signed) -> None:
    with pikepdf.open(signed.pdf) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        assert field.V.SubFilter == pikepdf.Name("/ETSI.CAdES.detached")
        start, length, rest, tail = map(int, field.V.ByteRange)
        assert (start, rest + tail) == (0, signed.pdf.stat().st_size)
        assert length < rest
        left, bottom, right, top = map(float, field.Rect)
        assert (left, bottom) == (right, top)
        assert "/AP" not in field
        assert pdf.docinfo["/Producer"] == "Rapporteur"


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_a_signed_report_is_accessible_and_fit_for_archives(signed: Signed, profile: str) -> None:
    found = page_validation.validate_pdf(signed.pdf, profile=profile).failures
    # The validator is mistaken about streams that end in a carriage return.
    assert [f.message for f in found if "STREAM-LENGTH" not in f.rule_id] == []


@pytest.mark.skipif(not VERAPDF.exists(), reason="veraPDF is not beside the project")
@pytest.mark.skipif(shutil.which("java") is None, reason="veraPDF needs Java")
def test_verapdf_finds_nothing(signed: Signed) -> None:
    done = subprocess.run(
        [VERAPDF, "ua1,3a", signed.pdf], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.stdout.count(": compliant") == 2, done.stdout


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler-utils is not installed")
def test_another_program_finds_the_signature_valid(signed: Signed) -> None:
    done = subprocess.run(
        ["pdfsig", "-nocert", signed.pdf], capture_output=True, text=True, check=False
    )
    assert "Signature is Valid" in done.stdout
    assert "Total document signed" in done.stdout
    assert "Secretariat of the Symposium" in done.stdout


# Verification


def test_a_release_is_found_whole_signed_and_trusted(signed: Signed, tmp_path: Path) -> None:
    issuer = signed.issuer.write_pem(tmp_path / "root.pem")
    code, said = verified(signed.folder, "--trust", issuer, "--event", signed.event)
    assert (code, said["note"], said["wrong"]) == (0, [], [])
    whole, trusted, checksums, sources = said["ok"]
    assert whole.startswith("report.pdf was signed by Secretariat of the Symposium on ")
    assert whole.endswith("the whole file is as it was then.")
    assert trusted == f"{issuer} vouches for the certificate of Secretariat of the Symposium."
    count = len((signed.folder / "SHA256SUMS").read_text().splitlines())
    assert checksums == f"All {count} files are as SHA256SUMS says."
    assert sources.endswith("gives this report.pdf, byte for byte before the signature.")


def test_whom_to_trust_is_the_readers_to_say(signed: Signed, tmp_path: Path) -> None:
    code, said = verified(signed.pdf)
    assert code == 0
    assert said["note"] == [
        "The certificate was issued by Root of Trust; whether you trust them, --trust says."
    ]
    own = signed.signer.write_pem(tmp_path / "own.pem")
    code, said = verified(signed.pdf, "--trust", own)
    assert (code, said["note"], len(said["ok"])) == (0, [], 3)
    other = signing.authority("Somebody else").write_pem(tmp_path / "other.pem")
    code, said = verified(signed.pdf, "--trust", other)
    assert code == 1
    assert said["wrong"] == [
        f"Nothing in {other} vouches for the certificate of Secretariat of the Symposium,"
        " which Root of Trust issued."
    ]


def signed_by(someone: Identity, unsigned: bytes, folder: Path) -> Path:
    """The report, signed by somebody at a moment at which their certificate was valid."""
    key = someone.write_p12(folder / "someone.p12", None)
    path = folder / "other.pdf"
    then = someone.certificate.not_valid_before_utc
    path.write_bytes(sign(unsigned, open_key(key, None, then)))
    return path


def test_a_self_signed_certificate_is_told_as_such(unsigned: bytes, tmp_path: Path) -> None:
    someone = identity("Anybody")
    pdf = signed_by(someone, unsigned, tmp_path)
    code, said = verified(pdf)
    assert code == 0
    assert said["note"][0] == (
        "The certificate is self-signed: anybody can make one in the name of Anybody. Name the one"
        " that you know with --trust."
    )
    known = someone.write_pem(tmp_path / "known.pem")
    assert verified(pdf, "--trust", known)[0] == 0


def test_a_certificate_that_has_expired_is_told(unsigned: bytes, tmp_path: Path) -> None:
    someone = identity("Past", begins=NOW - 2 * YEAR, ends=NOW - YEAR)
    pdf = signed_by(someone, unsigned, tmp_path)
    trust = someone.write_pem(tmp_path / "past.pem")
    code, said = verified(pdf, "--trust", trust)
    assert code == 1
    (text,) = said["wrong"]
    day = f"{NOW - YEAR:%-d %B %Y}"
    assert text.startswith(f"The certificate of Past expired on {day}, and no authority vouches")


def test_a_report_that_is_not_signed(signed: Signed, plain: Path, tmp_path: Path) -> None:
    code, said = verified(plain)
    assert (code, said["note"], len(said["ok"])) == (0, ["report.pdf is not signed."], 1)
    root = signed.issuer.write_pem(tmp_path / "root.pem")
    assert verified(plain, "--trust", root)[0] == 1


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_a_byte_that_was_changed_is_found(copy: Signed, place: float) -> None:
    data = bytearray(copy.pdf.read_bytes())
    data[int(place * len(data))] ^= 1
    copy.pdf.write_bytes(data)
    code, said = verified(copy.folder)
    assert code == 1
    assert said["wrong"][0] in (
        "report.pdf was signed by Secretariat of the Symposium, and changed or damaged since.",
        "report.pdf is no PDF, or it is damaged.",
    )
    assert said["wrong"][-1] == "report.pdf is not the file that was released."


def updated(pdf: bytes, update: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer, changed = IncrementalPdfFileWriter(io.BytesIO(pdf)), io.BytesIO()
    update(writer)
    writer.write(changed)
    return changed.getvalue()


def nth_page(writer: IncrementalPdfFileWriter, number: int) -> generic.DictionaryObject:
    reference, _ = writer.find_page_for_modification(number)
    return reference.get_object()


def upside_down(writer: IncrementalPdfFileWriter) -> None:
    page = nth_page(writer, 0)
    page["/Rotate"] = generic.NumberObject(180)
    writer.update_container(page)


def test_what_is_added_after_signing_is_found(copy: Signed) -> None:
    copy.pdf.write_bytes(updated(copy.pdf.read_bytes(), upside_down))
    code, said = verified(copy.pdf)
    assert code == 1
    assert said["wrong"][0].endswith("but something was added to it after that.")


@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.97, 0.999])
def test_a_file_that_is_cut_short_is_told_in_one_sentence(copy: Signed, share: float) -> None:
    copy.pdf.write_bytes(copy.pdf.read_bytes()[: int(share * copy.pdf.stat().st_size)])
    (copy.folder / "SHA256SUMS").unlink()
    code, said = verified(copy.pdf)
    assert code == 1
    assert len(said["wrong"]) == 1


def test_files_that_are_missing_changed_or_new_are_named(copy: Signed) -> None:
    (copy.folder / "report.bib").unlink()
    (copy.folder / "report.html").write_text("Other words")
    (copy.folder / "site/readme.txt").write_text("Read me")
    found = [finding.text for finding in check_checksums(copy.folder)]
    assert found == [
        "report.bib is missing.",
        "report.html is not the file that was released.",
        "site/readme.txt is not in SHA256SUMS.",
    ]
    copy.pdf.unlink()
    code, said = verified(copy.folder, "--event", copy.event)
    assert (code, said["ok"]) == (1, [])
    assert "report.pdf is missing." in said["wrong"]
    (copy.folder / "SHA256SUMS").write_text("nonsense\n")
    assert [f.text for f in check_checksums(copy.folder)] == ["SHA256SUMS is damaged."]


# Sources


def said_of_sources(copy: Signed) -> list[tuple[Verdict, str]]:
    return [(f.verdict, f.text) for f in check_sources((copy.pdf,), copy.event, jobs=1)]


def test_a_source_that_was_changed_is_named_with_the_pages_that_differ(copy: Signed) -> None:
    statement = copy.event / STATEMENT
    statement.write_text(statement.read_text().replace("glad to be here", "sorry to be here"))
    (copy.event / "foreword.md").rename(copy.event / "annex.md")
    event = copy.event / "event.yaml"
    event.write_text(event.read_text().replace("foreword", "annex"))
    changes = said_of_sources(copy)
    assert {verdict for verdict, _ in changes} == {Verdict.WRONG}
    *named, difference = [text for _, text in changes]
    assert named == [
        f"{STATEMENT} was changed.",
        "annex.md is new.",
        "event.yaml was changed.",
        "foreword.md is missing.",
    ]
    assert re.search(r"does not give this report\.pdf: the words differ on page \d", difference)


def test_a_change_that_no_reader_sees_is_noted(copy: Signed) -> None:
    with (copy.event / "event.yaml").open("a") as file:
        file.write("# a remark\n")
    (noted, text), (good, _) = said_of_sources(copy)
    assert (noted, text) == (Verdict.NOTE, "event.yaml was changed.")
    assert good is Verdict.GOOD


def test_other_versions_of_programs_are_named(copy: Signed) -> None:
    path = copy.folder / "manifest.json"
    manifest = json.loads(path.read_text())
    now = manifest["programs"]["weasyprint"]
    manifest["programs"]["weasyprint"] = "1.0"
    path.write_text(json.dumps(manifest))
    assert said_of_sources(copy)[0] == (Verdict.NOTE, f"weasyprint is {now}; it was 1.0.")


def test_sources_with_errors_give_nothing(copy: Signed) -> None:
    (copy.event / "event.yaml").write_text("title: [\n")
    ((verdict, text),) = said_of_sources(copy)
    assert verdict is Verdict.WRONG
    assert "has errors" in text


def with_other_words(writer: IncrementalPdfFileWriter) -> None:
    page = nth_page(writer, 1)
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b""))
    writer.update_container(page)


def with_a_note(writer: IncrementalPdfFileWriter) -> None:
    page = nth_page(writer, 0)
    note = {"/Subtype": "/Text", "/Rect": generic.ArrayObject(map(generic.NumberObject, range(4)))}
    named = generic.DictionaryObject(
        {k: generic.NameObject(v) if isinstance(v, str) else v for k, v in note.items()}
    )
    page["/Annots"] = generic.ArrayObject([*page.get("/Annots", ()), writer.add_object(named)])
    writer.update_container(page)


@pytest.mark.parametrize(
    ("update", "told"),
    [
        (upside_down, "page 1 was changed"),
        (with_other_words, r"object \d+ was changed"),
        (with_a_note, "a form or a note was added"),
    ],
)
def test_a_signature_over_more_than_the_report_does_not_pass_for_its_sources(
    update: Callable[[IncrementalPdfFileWriter], None], told: str, copy: Signed, unsigned: bytes
) -> None:
    """Whoever holds the key can sign anything; the sources tell."""
    meddled = updated(unsigned, update)
    copy.pdf.write_bytes(sign(meddled, open_key(copy.key, PASSPHRASE, NOW)))
    (copy.folder / "manifest.json").write_text("{}")
    found = said_of_sources(copy)
    assert found[0] == (Verdict.WRONG, "manifest.json is damaged.")
    assert {verdict for verdict, _ in found} == {Verdict.WRONG}
    assert any(re.search(f"Beside the signature, {told}", text) for _, text in found)


def test_every_volume_is_signed_and_verified(signed: Signed, tmp_path: Path) -> None:
    event = Path(shutil.copytree(signed.event, tmp_path / "event"))
    text = (event / "event.yaml").read_text()
    text = re.sub(r"(?m)^(front|body):.*\n(?:[ -].*\n)*", "", text) + VOLUMES
    (event / "event.yaml").write_text(text)
    key = open_key(signed.key, PASSPHRASE, NOW)
    made = release(event, tmp_path, CACHE, AFTER, sign=partial(sign, key=key), jobs=1).folder
    assert made
    issuer = signed.issuer.write_pem(tmp_path / "root.pem")
    code, said = verified(made, "--trust", issuer, "--event", event)
    assert (code, said["note"], said["wrong"]) == (0, [], [])
    for name in ("report-1.pdf", "report-2.pdf"):
        assert sum(text.startswith(f"{name} was signed by") for text in said["ok"]) == 1
        assert sum(f"gives this {name}, byte for byte" in text for text in said["ok"]) == 1


# Keys


@pytest.mark.parametrize(
    ("make", "passphrase", "words"),
    [
        (
            lambda key: identity("A").write_p12(key),
            "wrong",
            "this passphrase does not open key.p12",
        ),
        (lambda key: identity("A").write_p12(key), None, "key.p12 needs its passphrase: name a"),
        (lambda key: key.write_bytes(b"?"), "wrong", "key.p12 is no PKCS #12 file, or it is dam"),
        (Path.exists, "wrong", "key.p12: No such file"),
        (
            lambda key: identity("Past", begins=NOW - 2 * YEAR, ends=NOW - YEAR).write_p12(key),
            PASSPHRASE,
            f"the certificate of Past expired on {NOW - YEAR:%-d %B %Y}; ask its issuer",
        ),
        (
            lambda key: identity("Early", begins=NOW + YEAR, ends=NOW + 2 * YEAR).write_p12(key),
            PASSPHRASE,
            f"the certificate of Early is valid only from {NOW + YEAR:%-d %B %Y}",
        ),
        (
            lambda key: identity("Letters", signs=False).write_p12(key),
            PASSPHRASE,
            "the certificate of Letters is not made for signatures",
        ),
        (
            lambda key: key.write_bytes(
                pkcs12.serialize_key_and_certificates(
                    None, None, identity("A").certificate, None, NoEncryption()
                )
            ),
            None,
            "key.p12 does not hold both a private key and its certificate",
        ),
    ],
)
def test_a_key_that_cannot_sign_is_refused_in_one_sentence_before_anything_is_made(
    make: Callable[[Path], object],
    passphrase: str | None,
    words: str,
    signed: Signed,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make(tmp_path / "key.p12")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RAPPORTEUR_PASSPHRASE", raising=False)
    if passphrase is not None:
        monkeypatch.setenv("RAPPORTEUR_PASSPHRASE", passphrase)
    command = ["release", "-e", str(signed.event), "--sign", "key.p12"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 2
    assert done.stderr.startswith("error: ")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert {path.name for path in tmp_path.iterdir()} <= {"key.p12"}


def test_the_passphrase_is_asked_for_on_a_terminal_and_not_shown(
    signed: Signed, tmp_path: Path
) -> None:
    terminal, end = pty.openpty()
    command = [sys.executable, PROJECT / "build.py", "release", "-e", signed.event]
    with subprocess.Popen(
        [*command, "--sign", signed.key],
        cwd=tmp_path,
        stdin=end,
        stdout=end,
        stderr=end,
        start_new_session=True,
        env={k: v for k, v in os.environ.items() if k != "RAPPORTEUR_PASSPHRASE"},
    ) as process:
        os.close(end)
        said = until(terminal, b": ")
        os.write(terminal, b"not the one\n")
        said += until(terminal, None)
        assert process.wait() == 2
    assert f"Passphrase of {signed.key}: " in said
    assert "not the one" not in said
    assert "this passphrase does not open" in said


def until(terminal: int, mark: bytes | None) -> str:
    """What is said on a terminal up to a mark, or to the end."""
    said = b""
    while mark is None or not said.rstrip(b"\r\n").endswith(mark):
        try:
            more = os.read(terminal, 4096)
        except OSError:
            break
        if not more:
            break
        said += more
    return said.decode()


def test_a_file_of_certificates_that_is_none(signed: Signed, tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n")
    done = CliRunner().invoke(
        app, ["verify", str(signed.pdf), "--trust", str(tmp_path / "root.pem")]
    )
    assert done.exit_code == 2
    assert done.stderr.endswith("root.pem is no certificate, or it is damaged\n")

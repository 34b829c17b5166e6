"""The signature of a report: who answers for its bytes, and whether they are still those bytes.

PAdES-B-B (ETSI EN 319 142-1): the signature lies in the PDF as an incremental update, covers the
whole file, and asks nobody for anything, a timestamp authority neither. Its field is invisible:
outside the page, as PDF/UA-1 wants (ISO 14289-1, 7.18.1), without an area and not hidden, as
PDF/A-3 wants (ISO 19005-3, 6.3.2 and 6.3.3). It certifies the file (ISO 32000-1, 12.8.2.2): readers
tell of any later change.
"""

from __future__ import annotations

import io
import logging
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from asn1crypto import pem
from asn1crypto import x509 as asn1
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    PdfSignatureStatus,
    SignatureCoverageLevel,
    validate_pdf_signature,
)
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

_FIELD = "Signature"
# What it logs is told by what is returned.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)

_PURPOSES = {"digital_signature", "non_repudiation"}
"""The uses of a key (RFC 5280, 4.2.1.3) of which a signer's certificate must allow one."""


class KeyRefusedError(Exception):
    """A key that cannot be used for signing; the message says why."""


class PassphraseNeededError(KeyRefusedError):
    """A key that no passphrase, or this one, does not open."""


class CertificateRefusedError(Exception):
    """A file of certificates to trust that cannot be read; the message says why."""


class DamagedError(Exception):
    """A PDF whose signatures cannot be read."""


@dataclass(frozen=True, slots=True)
class Trusted:
    """A certificate that the user trusts, and the file that it came in."""

    file: Path
    certificate: asn1.Certificate


@dataclass(frozen=True, slots=True)
class Signature:
    """What a signature in a PDF says, and what of it holds.

    `moment` is what the signer's clock said; nobody vouches for it. `is_intact`: the signature is
    that of the certificate's key over the bytes that it covers. `is_whole`: those bytes are the
    whole file. `trusted` is the certificate given by the user on which the signer's rests.
    """

    signer: str
    issuer: str
    moment: datetime | None
    expires: datetime
    is_self_signed: bool
    is_intact: bool
    is_whole: bool
    trusted: Trusted | None = None


def open_key(path: Path, passphrase: str | None, now: datetime) -> signers.SimpleSigner:
    """Open a private key with its certificate, a PKCS #12 file (RFC 7292).

    Raises `PassphraseNeededError` when the passphrase, or None, does not open it,
    `KeyRefusedError` when it cannot sign at the moment `now`, `OSError` when it cannot be read.
    """
    data, secret = path.read_bytes(), passphrase.encode() if passphrase else None
    try:
        held = pkcs12.load_pkcs12(data, secret)
    except UnsupportedAlgorithm as error:
        raise KeyRefusedError(f"{path} is encrypted in a way that is not supported") from error
    except ValueError as error:
        if "password" not in str(error).lower():
            raise KeyRefusedError(f"{path} is no PKCS #12 file, or it is damaged") from error
        raise PassphraseNeededError(
            f"{path} needs its passphrase: name a file that holds it with --passphrase-file, or"
            " put it into RAPPORTEUR_PASSPHRASE"
            if passphrase is None
            else f"this passphrase does not open {path}"
        ) from error
    if held.key is None or held.cert is None:
        raise KeyRefusedError(f"{path} does not hold both a private key and its certificate")
    key: signers.SimpleSigner = signers.SimpleSigner.load_pkcs12_data(data, (), secret)
    assert key.signing_cert
    _refuse_unfit(key.signing_cert, path, now)
    return key


def _refuse_unfit(certificate: asn1.Certificate, path: Path, now: datetime) -> None:
    """Refuse a certificate that is not valid now or not made for signing documents."""
    begins, ends = certificate.not_valid_before, certificate.not_valid_after
    name = _name(certificate.subject)
    if now > ends:
        raise KeyRefusedError(
            f"{path}: the certificate of {name} expired on {_day(ends)}; ask its issuer for another"
        )
    if now < begins:
        raise KeyRefusedError(
            f"{path}: the certificate of {name} is valid only from {_day(begins)}"
        )
    usage = certificate.key_usage_value
    if usage and not _PURPOSES & usage.native:
        raise KeyRefusedError(f"{path}: the certificate of {name} is not made for signatures")


class _Writer(IncrementalPdfFileWriter):
    """Adds a signature and nothing else: what the report says of itself stays as it is."""

    def _update_meta(self) -> None:
        """Leave the metadata alone."""


class _Signer(signers.PdfSigner):
    """Keeps the file PDF 1.7, on which PDF/UA-1 and PDF/A-3 rest, whatever the key's algorithm."""

    def register_extensions(
        self,
        pdf_out: BasePdfFileWriter,
        *,
        md_algorithm: str,  # noqa: ARG002
    ) -> None:
        """Name the one extension that PAdES asks for (EN 319 142-1, 5.1)."""
        pdf_out.register_extension(ESIC_EXTENSION_1)


def sign(pdf: bytes, key: signers.SimpleSigner) -> bytes:
    """The PDF with a signature behind its bytes, which stay as they are."""
    metadata = signers.PdfSignatureMetadata(
        field_name=_FIELD,
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    field = fields.SigFieldSpec(
        _FIELD,
        readable_field_name=_FIELD,
        invis_sig_settings=fields.InvisSigSettings(box_out_of_bounds=True),
    )
    writer = _Writer(io.BytesIO(pdf))
    signed: io.BytesIO = _Signer(metadata, key, new_field_spec=field).sign_pdf(writer)
    return signed.getvalue()


def certificates(path: Path) -> tuple[Trusted, ...]:
    """The certificates in a file, PEM or DER. Raises `CertificateRefusedError` and `OSError`."""
    data = path.read_bytes()
    try:
        blocks = [block for _, _, block in pem.unarmor(data, multiple=True)]
    except ValueError:
        blocks = [data]
    try:
        found = tuple(Trusted(path, asn1.Certificate.load(block, strict=True)) for block in blocks)
        for trusted in found:
            _ = trusted.certificate.subject.native, trusted.certificate.public_key.native
    except (ValueError, TypeError) as error:
        raise CertificateRefusedError(f"{path} is no certificate, or it is damaged") from error
    return found


_UNREADABLE = (PdfError, SignatureValidationError, zlib.error, ValueError, TypeError, LookupError)
"""What pyHanko raises where it meets damage: of its own accord, and what it lets pass."""


def signatures(pdf: bytes, trusted: Iterable[Trusted]) -> tuple[Signature, ...]:
    """The signatures in a PDF, in the order in which they were made.

    Raises `DamagedError` when the PDF, or a signature in it, cannot be read.
    """
    trusted = tuple(trusted)
    try:
        embedded = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        return tuple(_examined(each, trusted) for each in embedded)
    except _UNREADABLE as error:
        raise DamagedError(str(error)) from error


def _examined(embedded: EmbeddedPdfSignature, trusted: tuple[Trusted, ...]) -> Signature:
    # Asks no network: a certificate that was revoked meanwhile is not found out.
    context = ValidationContext(
        trust_roots=[each.certificate for each in trusted],
        allow_fetching=False,
        other_certs=embedded.other_embedded_certs,
    )
    usage = KeyUsageConstraints(key_usage=_PURPOSES, match_all_key_usages=False)
    status = validate_pdf_signature(embedded, context, key_usage_settings=usage, skip_diff=True)
    certificate = embedded.signer_cert
    return Signature(
        signer=_name(certificate.subject),
        issuer=_name(certificate.issuer),
        moment=embedded.self_reported_timestamp,
        expires=certificate.not_valid_after,
        is_self_signed=certificate.self_signed != "no",
        is_intact=status.intact and status.valid,
        is_whole=status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        trusted=_anchor(status, trusted),
    )


def _anchor(status: PdfSignatureStatus, trusted: tuple[Trusted, ...]) -> Trusted | None:
    """The trusted certificate on which a signer's rests."""
    path = status.validation_path
    if not status.trusted or path is None:
        return None
    digests = {each.certificate.sha256: each for each in trusted}
    return next((digests[c.sha256] for c in path if c.sha256 in digests), None)


def _name(name: asn1.Name) -> str:
    parts = name.native
    named = parts.get("common_name"), parts.get("organization_name")
    return ", ".join(dict.fromkeys(filter(None, named))) or name.human_friendly


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%-d %B %Y}"

"""Keys and certificates for tests of signatures: made anew for each run, worth nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    pkcs12,
)

NOW = datetime.now(UTC)
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Identity:
    """A private key with its certificate, and those of its issuers."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    issuers: tuple[x509.Certificate, ...] = ()

    def write_p12(self, path: Path, passphrase: str | None = "open sesame") -> Path:
        """Write key and certificates as a PKCS #12 file."""
        secret = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
        path.write_bytes(
            pkcs12.serialize_key_and_certificates(
                b"key", self.key, self.certificate, self.issuers, secret
            )
        )
        return path

    def write_pem(self, path: Path) -> Path:
        """Write the certificate."""
        path.write_bytes(self.certificate.public_bytes(Encoding.PEM))
        return path


def identity(
    name: str,
    issuer: Identity | None = None,
    *,
    begins: datetime = NOW - YEAR,
    ends: datetime = NOW + YEAR,
    signs: bool = True,
) -> Identity:
    """Somebody who signs; without an issuer, self-signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _named(name)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(_usage(signs=signs), critical=True)
        .sign((issuer or Identity(key, None)).key, hashes.SHA256())  # type: ignore[arg-type]
    )
    return Identity(key, certificate, (issuer.certificate, *issuer.issuers) if issuer else ())


def authority(name: str) -> Identity:
    """Somebody who issues certificates."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - YEAR)
        .not_valid_after(NOW + YEAR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Identity(key, certificate)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_encipherment=not signs,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )

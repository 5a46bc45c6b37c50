"""Certificates of an authority that lives for one test."""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

LOOPBACK = "127.0.0.1"

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Where certificate and key of a server lie."""

    chain: Path
    key: Path


class Authority:
    """Signs whatever it is asked to; who trusts it names `trusted` in SSL_CERT_FILE."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("Throw-away authority")
        now = datetime.now(UTC)
        made = _begun(self._name, self._name, self._key, now - 90 * _DAY, now + _DAY)
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self._certificate = made.sign(self._key, hashes.SHA256())
        self.trusted = folder / "authority.pem"
        self.trusted.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    def issue(self, host: str = LOOPBACK, *, since: timedelta = -_DAY, until: timedelta = _DAY) -> Certificate:
        """A certificate for this host, valid from and until so long from now."""
        key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
        made = _begun(_name(host), self._name, key, now + since, now + until)
        made = made.add_extension(x509.SubjectAlternativeName([_alternative(host)]), critical=False)
        files = Certificate(self._folder / "server.pem", self._folder / "server.key")
        signed = made.sign(self._key, hashes.SHA256())
        files.chain.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        files.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return files


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, since: datetime, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)

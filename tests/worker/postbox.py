"""A mail server at the loopback address that keeps what it is sent, or answers as the recipient's name asks."""

import asyncio
import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

LOGIN = "anshou"
PASSWORD = "p@ss:word/"


class Postbox:
    """The letters that arrived, and whether each came encrypted."""

    def __init__(self) -> None:
        self.port = 0
        self.letters: list[EmailMessage] = []
        self.encrypted: list[bool] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse or put off by the recipient's name."""
        if address.startswith("unknown"):
            return f"550 5.1.1 <{address}> is not known here"
        if address.startswith("greylisted"):
            return "451 4.7.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the letter."""
        assert isinstance(envelope.content, bytes)
        assert server.transport is not None
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        self.encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        return "250 OK"


@asynccontextmanager
async def mail_server(scheme: str, certificate: Path) -> AsyncIterator[Postbox]:
    """A running server for `smtp`, `smtp+starttls` or `smtps`; the second wants `LOGIN` and `PASSWORD`."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    postbox = Postbox()

    def speak() -> SMTP:
        return SMTP(
            postbox,
            tls_context=tls if scheme == "smtp+starttls" else None,
            require_starttls=scheme == "smtp+starttls",
            authenticator=_sign_in,
            auth_required=scheme == "smtp+starttls",
            auth_require_tls=scheme == "smtp+starttls",
        )

    server = await asyncio.get_running_loop().create_server(
        speak, "127.0.0.1", 0, ssl=tls if scheme == "smtps" else None
    )
    async with server:
        postbox.port = server.sockets[0].getsockname()[1]
        yield postbox


def _sign_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object) -> AuthResult:
    right = isinstance(given, LoginPassword) and given == LoginPassword(LOGIN.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


def write_certificate(file: Path) -> Path:
    """Write a certificate for 127.0.0.1, signed by itself, and its key to one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file

"""Mail: one seam, a mail server or a folder of `.eml` files behind it.

Whoever sends gives the letter a `Message-ID` of its own making, so that sending it a second time after a crash is
recognised: the folder keeps one file, and mailboxes drop the double.
"""

import asyncio
import os
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

# How long one conversation with the mail server may take, in seconds.
PATIENCE = 15

# Scheme of the URL -> usual port, whether TLS is spoken from the start, whether it is begun by STARTTLS.
_SCHEMES = {"smtp": (25, False, False), "smtp+starttls": (587, False, True), "smtps": (465, True, False)}


class MailUnavailable(Exception):
    """Raised when the letter could not be handed over now; later may do."""


class MailRefused(Exception):
    """Raised when the server will never take this letter, above all because it does not know the recipient."""


class Mail(Protocol):
    """Where letters are handed over. Every adapter passes `tests/worker/test_mail.py`."""

    async def send(self, letter: EmailMessage) -> None:
        """Hand the letter over. Raises MailUnavailable or MailRefused, whose texts hold no address."""
        ...


def open_mail(url: str, folder: Path) -> Mail:
    """The server at `smtp://`, `smtp+starttls://` or `smtps://user:password@host:port`; without a URL the folder."""
    return SmtpMail(url) if url else FolderMail(folder)


class SmtpMail:
    """A mail server. Its certificate is checked whenever TLS is asked for; `smtp://` is for a server close by."""

    def __init__(self, url: str, *, tls: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        usual_port, self._tls_at_once, self._starttls = _SCHEMES[parts.scheme]
        self._host = parts.hostname or "localhost"
        self._port = parts.port or usual_port
        self._username = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._tls = tls

    async def send(self, letter: EmailMessage) -> None:
        """See `Mail.send`."""
        try:
            await aiosmtplib.send(
                letter,
                hostname=self._host,
                port=self._port,
                username=self._username,
                password=self._password,
                use_tls=self._tls_at_once,
                start_tls=self._starttls,
                tls_context=self._tls,
                timeout=PATIENCE,
            )
        except aiosmtplib.SMTPRecipientsRefused as refusal:
            raise _outcome(max(one.code for one in refusal.recipients)) from None
        except aiosmtplib.SMTPAuthenticationError:
            # Wrong credentials are the operator's to mend; the letter waits.
            raise MailUnavailable("the mail server did not accept the credentials") from None
        except aiosmtplib.SMTPResponseException as answer:
            raise _outcome(answer.code) from None
        except (aiosmtplib.SMTPException, OSError) as failure:
            raise MailUnavailable(type(failure).__name__) from None


def _outcome(code: int) -> Exception:
    """4xx asks to come back, 5xx says never (RFC 5321, 4.2.1). The server's text may quote the address: left out."""
    said = f"the mail server answered {code}"
    return MailRefused(said) if code >= 500 else MailUnavailable(said)


class FolderMail:
    """A folder of letters that nobody sends on, so that a first start needs no mail server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, letter: EmailMessage) -> None:
        """See `Mail.send`. The file is named after the Message-ID and appears whole or not at all."""
        await asyncio.to_thread(self._write, letter["Message-ID"].strip("<>"), letter.as_bytes(policy=SMTP))

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self._folder / f".{name}.part"
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self._folder / f"{name}.eml")

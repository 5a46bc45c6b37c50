"""Looking into a mailbox by IMAP (RFC 9051), read only: nothing is marked, moved or deleted there.

The standard library's client blocks and runs in a thread of its own. It connects to the very address that was checked.
"""

import asyncio
import imaplib
import re
import socket
import ssl
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field

from anshou.notifying.replies.mailbox import Security
from anshou.webhooks.destinations import resolve
from anshou.webhooks.errors import DestinationRefused

# Seconds for each step of the conversation.
PATIENCE = 20

# Messages in one look; more wait for the next one, which follows at once.
MOST = 20

# What OpenSSL calls X509_V_ERR_… (x509_vfy.h); whatever else it finds wrong is a matter of trust.
_CERTIFICATES = {
    9: "the certificate is not valid yet",
    10: "the certificate has expired",
    62: "the certificate is for another name",
    64: "the certificate is for another name",
}

_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxUnreadable(Exception):
    """Raised when the mailbox cannot be looked into. The text is a code, without the server's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """How a mailbox is entered."""

    host: str
    port: int
    security: Security
    username: str
    password: str = field(repr=False)
    folder: str


@dataclass(frozen=True, slots=True)
class Look:
    """What was found. `messages` are by UID, in order; None for one that is too large. `more` if there are others."""

    uid_validity: int
    seen_uid: int
    messages: tuple[tuple[int, bytes | None], ...]
    more: bool


async def look(
    entry: Entry, *, uid_validity: int | None, seen_uid: int | None, largest: int, inside: Collection[str]
) -> Look:
    """What came after `seen_uid`; on the first look nothing, only where the mailbox stands. Raises MailboxUnreadable.

    `largest` is in bytes; `inside` are the hosts that may be private.
    """
    try:
        addresses = await resolve(entry.host, entry.port, allow_private=entry.host in inside)
    except DestinationRefused:
        raise MailboxUnreadable("destination refused") from None
    return await asyncio.to_thread(_look, entry, addresses[0], uid_validity, seen_uid, largest)


class _Pinned(imaplib.IMAP4):
    def __init__(self, address: str, entry: Entry) -> None:
        self._address = address
        self._tls = ssl.create_default_context() if entry.security is Security.TLS else None
        super().__init__(entry.host, entry.port, PATIENCE)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        connected = socket.create_connection((self._address, self.port), timeout)
        return self._tls.wrap_socket(connected, server_hostname=self.host) if self._tls else connected


def _look(entry: Entry, address: str, uid_validity: int | None, seen_uid: int | None, largest: int) -> Look:
    try:
        server = _Pinned(address, entry)
    except (OSError, imaplib.IMAP4.error) as trouble:
        raise MailboxUnreadable(_why(trouble, "no connection")) from None
    try:
        if entry.security is Security.STARTTLS:
            _secure(server)
        return _found(server, entry, uid_validity, seen_uid, largest)
    except (OSError, imaplib.IMAP4.abort):
        raise MailboxUnreadable("connection broken") from None
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            server.logout()


def _secure(server: _Pinned) -> None:
    """Go over to TLS, before a word of who we are: a server, or somebody between, that will not is left."""
    if "STARTTLS" not in server.capabilities:
        raise MailboxUnreadable("no STARTTLS")
    try:
        server.starttls(ssl.create_default_context())
    except (OSError, imaplib.IMAP4.error) as trouble:
        raise MailboxUnreadable(_why(trouble, "no TLS")) from None


def _why(trouble: Exception, otherwise: str) -> str:
    """What a person is told who can do something about it."""
    if isinstance(trouble, ssl.SSLCertVerificationError):
        return _CERTIFICATES.get(trouble.verify_code, "the certificate is not trusted")
    if isinstance(trouble, ssl.SSLError):
        return "no TLS"
    return "timed out" if isinstance(trouble, TimeoutError) else otherwise


def _found(server: _Pinned, entry: Entry, uid_validity: int | None, seen_uid: int | None, largest: int) -> Look:
    _enter(server, entry)
    now_valid, following = _standing(server)
    if seen_uid is None:
        # What lay there before is not ours to read.
        return Look(now_valid, following - 1, (), more=False)
    if now_valid != uid_validity:
        # The server counts anew; what was taken in before is known by its Message-ID.
        seen_uid = 0
    uids = [uid for uid in _search(server, seen_uid) if uid > seen_uid]
    messages = tuple((uid, _fetch(server, uid, largest)) for uid in uids[:MOST])
    return Look(now_valid, messages[-1][0] if messages else seen_uid, messages, more=len(uids) > MOST)


def _enter(server: _Pinned, entry: Entry) -> None:
    try:
        server.login(entry.username, entry.password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        raise MailboxUnreadable("login refused") from None
    # 163 and 126 refuse to open a mailbox to a client that has not said its name (RFC 2971).
    if "ID" in server.capabilities:
        imaplib.Commands.setdefault("ID", ("AUTH", "SELECTED"))
        server._simple_command("ID", '("name" "anshou")')
    status, _ = server.select(f'"{entry.folder}"', readonly=True)
    if status != "OK":
        raise MailboxUnreadable("no such folder")


def _standing(server: _Pinned) -> tuple[int, int]:
    """The UIDVALIDITY of the folder and the next UID."""
    valid = server.response("UIDVALIDITY")[1][0]
    following = server.response("UIDNEXT")[1][0]
    if not isinstance(valid, bytes) or not isinstance(following, bytes):
        raise MailboxUnreadable("not as IMAP wants it")
    return int(valid), int(following)


def _search(server: _Pinned, seen_uid: int) -> list[int]:
    status, found = server.uid("SEARCH", f"UID {seen_uid + 1}:*")
    if status != "OK" or not found or not isinstance(found[0], bytes):
        return []
    return sorted(int(uid) for uid in found[0].split())


def _fetch(server: _Pinned, uid: int, largest: int) -> bytes | None:
    _, sized = server.uid("FETCH", str(uid), "(RFC822.SIZE)")
    size = _SIZE.search(b" ".join(part for part in sized if isinstance(part, bytes)))
    if size is None or int(size[1]) > largest:
        return None
    _, fetched = server.uid("FETCH", str(uid), "(BODY.PEEK[])")
    return next((part[1] for part in fetched if isinstance(part, tuple)), None)

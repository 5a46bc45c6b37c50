"""A mailbox behind TLS: entered where the certificate is right, and told apart why it was not; never in the clear."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from anshou.language import choose
from anshou.notifying.replies.imap import Entry, Look, MailboxUnreadable, look
from anshou.notifying.replies.mailbox import Security
from anshou.portal.notifying.reasons import saying_why
from tests.notifying.replies.certificates import LOOPBACK, Authority, Certificate
from tests.notifying.replies.dovecot import PASSWORD, MailServer, running_dovecot

SECURED = (Security.TLS, Security.STARTTLS)

MAIL = b"From: a@x.test\r\nSubject: hello\r\n\r\nhello\r\n"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """The authority, named as operators name one of their own."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.trusted))
    return authority


async def looked(
    port: int, security: Security, *, host: str = LOOPBACK, uid_validity: int | None = None, seen_uid: int | None = None
) -> Look:
    entry = Entry(host=host, port=port, security=security, username="reply", password=PASSWORD, folder="INBOX")
    return await look(entry, uid_validity=uid_validity, seen_uid=seen_uid, largest=10_000, inside=(host,))


def port_of(server: MailServer, security: Security) -> int:
    return server.tls_port if security is Security.TLS else server.port


async def refusals(certificate: Certificate) -> set[str]:
    """Why the server with this certificate is not looked into, by TLS and by STARTTLS."""
    found = set()
    with running_dovecot(certificate) as server:
        for security in SECURED:
            with pytest.raises(MailboxUnreadable) as refusal:
                await looked(port_of(server, security), security)
            found.add(str(refusal.value))
    return found


@pytest.mark.parametrize("security", SECURED)
async def test_a_mailbox_behind_tls_is_read_where_the_certificate_is_right(
    trusted: Authority, security: Security
) -> None:
    with running_dovecot(trusted.issue()) as server:
        port = port_of(server, security)
        first = await looked(port, security)
        server.deliver(MAIL)
        then = await looked(port, security, uid_validity=first.uid_validity, seen_uid=first.seen_uid)
    assert [raw for _, raw in then.messages] == [MAIL]


async def test_an_authority_that_nobody_trusts_is_refused(authority: Authority) -> None:
    assert await refusals(authority.issue()) == {"the certificate is not trusted"}


async def test_a_certificate_for_another_address_or_name_is_refused(trusted: Authority) -> None:
    assert await refusals(trusted.issue("192.0.2.1")) == {"the certificate is for another name"}
    assert await refusals(trusted.issue("imap.elsewhere.test")) == {"the certificate is for another name"}


async def test_a_certificate_out_of_its_time_is_refused(trusted: Authority) -> None:
    day = timedelta(days=1)
    assert await refusals(trusted.issue(since=-30 * day, until=-day)) == {"the certificate has expired"}
    assert await refusals(trusted.issue(since=day, until=2 * day)) == {"the certificate is not valid yet"}


async def test_a_server_without_tls_is_refused(trusted: Authority) -> None:
    with running_dovecot() as server:
        for security, why in ((Security.TLS, "no TLS"), (Security.STARTTLS, "no STARTTLS")):
            with pytest.raises(MailboxUnreadable, match=why):
                await looked(server.port, security)


@pytest.mark.parametrize(
    ("greeting", "capabilities", "why"),
    [
        (b"* OK ready", b"IMAP4rev1", "no STARTTLS"),
        (b"* OK ready", b"IMAP4rev1 STARTTLS", "no TLS"),
        # Whoever says that we are signed in already takes STARTTLS away with it (RFC 9051, 11.1).
        (b"* PREAUTH welcome", b"IMAP4rev1 STARTTLS", "no TLS"),
    ],
)
async def test_somebody_between_who_holds_starttls_back_is_told_no_name_and_no_password(
    greeting: bytes, capabilities: bytes, why: str
) -> None:
    heard: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting + b"\r\n")
        while line := await reader.readline():
            heard.append(line)
            tag, command = line.split()[:2]
            if command == b"CAPABILITY":
                writer.write(b"* CAPABILITY " + capabilities + b"\r\n")
            refused = command == b"STARTTLS"
            writer.write(tag + (b" NO not today" if refused else b" OK done") + b"\r\n")
        writer.close()

    server = await asyncio.start_server(answer, LOOPBACK, 0)
    async with server:
        with pytest.raises(MailboxUnreadable, match=why):
            await looked(server.sockets[0].getsockname()[1], Security.STARTTLS)
    assert heard
    assert not [line for line in heard if b"reply" in line or PASSWORD.encode() in line or b"SELECT" in line]


@pytest.mark.parametrize(
    "why",
    [
        "the certificate has expired",
        "the certificate is not valid yet",
        "the certificate is for another name",
        "the certificate is not trusted",
        "no TLS",
        "no STARTTLS",
    ],
)
def test_each_reason_is_said_in_words(why: str) -> None:
    assert saying_why(choose("zh-CN"))(why) != why

"""The contract of mail, the same for the folder and for a mail server that is spoken to over the wire."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from urllib.parse import quote

import pytest
import pytest_asyncio

from anshou.worker.mail import FolderMail, Mail, MailRefused, MailUnavailable, SmtpMail, open_mail
from tests.worker.postbox import LOGIN, PASSWORD, Postbox, mail_server, write_certificate

Inbox = Callable[[], list[EmailMessage]]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the servers of this module show and what the adapters are told to trust."""
    return write_certificate(tmp_path_factory.mktemp("tls") / "mail.pem")


def adapter(scheme: str, postbox: Postbox, certificate: Path, password: str = PASSWORD) -> SmtpMail:
    user = f"{LOGIN}:{quote(password, safe='')}@" if scheme == "smtp+starttls" else ""
    trust = ssl.create_default_context(cafile=certificate)
    return SmtpMail(f"{scheme}://{user}127.0.0.1:{postbox.port}", tls=trust)


def read_folder(folder: Path) -> list[EmailMessage]:
    return [message_from_bytes(file.read_bytes(), policy=default) for file in folder.glob("*.eml")]


@pytest_asyncio.fixture(params=["folder", "smtp", "smtp+starttls", "smtps"])
async def post(request: pytest.FixtureRequest, tmp_path: Path, certificate: Path) -> AsyncIterator[tuple[Mail, Inbox]]:
    """Each adapter in turn, and how to read what arrived."""
    if request.param == "folder":
        yield FolderMail(tmp_path / "mail"), lambda: read_folder(tmp_path / "mail")
        return
    async with mail_server(request.param, certificate) as postbox:
        yield adapter(request.param, postbox, certificate), lambda: postbox.letters


def names_and_modes(folder: Path) -> list[tuple[str, int]]:
    return [(file.name, file.stat().st_mode & 0o777) for file in folder.iterdir()]


def letter(to: str = "chen@example.test", message_id: str = "<one@anshou.test>") -> EmailMessage:
    made = EmailMessage()
    made["From"] = "安售 <notices@anshou.test>"
    made["To"] = to
    made["Subject"] = "工单 FW2611-00123 有事项等待您处理"
    made["Message-ID"] = message_id
    made.set_content("请打开：\nhttp://127.0.0.1/t/FW2611-00123\n.\n一行以点开头\n")
    return made


async def test_a_letter_arrives_as_it_was_written(post: tuple[Mail, Inbox]) -> None:
    mail, inbox = post
    await mail.send(letter())
    (arrived,) = inbox()
    for header in ("From", "To", "Subject", "Message-ID"):
        assert arrived[header] == letter()[header]
    assert arrived.get_content().replace("\r\n", "\n") == letter().get_content()


async def test_letters_are_kept_apart(post: tuple[Mail, Inbox]) -> None:
    mail, inbox = post
    await asyncio.gather(*(mail.send(letter(message_id=f"<{n}@anshou.test>")) for n in range(5)))
    assert {one["Message-ID"] for one in inbox()} == {f"<{n}@anshou.test>" for n in range(5)}


async def test_the_folder_keeps_one_private_file_of_a_letter_sent_twice(tmp_path: Path) -> None:
    mail = open_mail("", tmp_path)
    await mail.send(letter())
    await mail.send(letter())
    assert names_and_modes(tmp_path) == [("one@anshou.test.eml", 0o600)]


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
async def test_the_letter_is_encrypted_on_its_way(scheme: str, certificate: Path) -> None:
    async with mail_server(scheme, certificate) as postbox:
        await adapter(scheme, postbox, certificate).send(letter())
    assert postbox.encrypted == [True]


async def test_a_certificate_that_nobody_vouches_for_is_not_trusted(certificate: Path) -> None:
    async with mail_server("smtps", certificate) as postbox:
        with pytest.raises(MailUnavailable):
            await SmtpMail(f"smtps://127.0.0.1:{postbox.port}").send(letter())
    assert postbox.letters == []


async def test_an_unknown_recipient_is_refused_for_good_and_not_quoted(certificate: Path) -> None:
    async with mail_server("smtp", certificate) as postbox:
        with pytest.raises(MailRefused, match="550") as refusal:
            await adapter("smtp", postbox, certificate).send(letter(to="unknown@example.test"))
    assert "unknown@" not in str(refusal.value)
    assert refusal.value.__suppress_context__


async def test_a_server_that_asks_to_come_back_is_unavailable(certificate: Path) -> None:
    async with mail_server("smtp", certificate) as postbox:
        with pytest.raises(MailUnavailable, match="451"):
            await adapter("smtp", postbox, certificate).send(letter(to="greylisted@example.test"))


async def test_wrong_credentials_leave_the_letter_waiting(certificate: Path) -> None:
    async with mail_server("smtp+starttls", certificate) as postbox:
        with pytest.raises(MailUnavailable, match="credentials"):
            await adapter("smtp+starttls", postbox, certificate, password="wrong").send(letter())


async def test_a_server_that_is_down_is_unavailable(unused_tcp_port: int) -> None:
    with pytest.raises(MailUnavailable):
        await SmtpMail(f"smtp://127.0.0.1:{unused_tcp_port}").send(letter())

"""Replies by mail, from a real IMAP server: taken in once, as whose they are, and only from whom they must be."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.notifying.errors import MailboxPasswordMissing, MailboxUnsafe
from anshou.notifying.replies.incoming import IncomingMail, Outcome
from anshou.notifying.replies.mailbox import MailboxWishes, ReplyMailbox, Security, set_mailbox
from anshou.notifying.replies.tokens import letter_of, token_of
from anshou.people.person import Person
from anshou.tickets.ending import Withdrawal
from anshou.tickets.entries import Attachment, Entry
from anshou.tickets.kinds import EntrySort, Kind, Side
from anshou.tickets.marking import mark_confidential
from anshou.tickets.moving import make_move
from anshou.tickets.opening import open_ticket
from anshou.tickets.reach import visible_ticket
from anshou.tickets.timeline import post_message
from anshou.worker.actors import ACTORS
from anshou.worker.process import Plan
from confidentiality.local_key import LocalKey
from tenants.base import new_id
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import NOW, Anhe, settle
from tests.database import Database
from tests.notifying.replies.dovecot import PASSWORD, MailServer, running_dovecot
from tests.tickets.samples import report
from tests.worker.workshop import Kept, Ledger, outside, plan, until, working

INSIDE = ("127.0.0.1",)


@pytest.fixture(scope="module")
def mailbox() -> Iterator[MailServer]:
    with running_dovecot() as running:
        yield running


@pytest.fixture
async def anhe(tenants: Tenants, tenant: Tenant, wiped: None) -> Anhe:
    async with tenants.session(tenant, AGENCY) as session:
        return await settle(session)


class Desk:
    """安和 with a mailbox, a worker that looks into it, and the letters that left."""

    def __init__(
        self, tenants: Tenants, tenant: Tenant, database: Database, anhe: Anhe, server: MailServer, ledger: Ledger
    ) -> None:
        self.tenants, self.tenant, self.database, self.anhe = tenants, tenant, database, anhe
        self.server, self.ledger, self.mail = server, ledger, Kept()

    @property
    def key(self) -> LocalKey:
        return LocalKey(self.database.secret, self.tenant.id)

    def plan(self) -> Plan:
        beyond = replace(outside(), secret=self.database.secret, mail=self.mail, mailbox_hosts=INSIDE)
        return plan(self.database, ACTORS, outside=beyond)

    async def set_mailbox(self, *, password: str = PASSWORD, inside: Collection[str] = INSIDE, **changed: Any) -> None:
        wishes = MailboxWishes(password=password, **{**self.place(), **changed})
        async with self.tenants.session(self.tenant, self.anhe.admin.context()) as session:
            await set_mailbox(session, self.key, wishes, inside=inside, by=self.anhe.admin, at=NOW)

    def place(self) -> dict[str, Any]:
        """Where the mailbox is."""
        at = {"host": "127.0.0.1", "port": self.server.port, "security": Security.NONE}
        return {**at, "username": "reply", "address": "reply@anhe.test"}

    async def reported(self) -> str:
        """The merchant's owner reports something, just now, so that no limit runs out; the ticket's number."""
        owner, at = self.anhe.owner, datetime.now(UTC)
        async with self.tenants.session(self.tenant, owner.context()) as session:
            stated = report(Kind.SERVICE_QUALITY, at, shop=self.anhe.yunshan.shop_id)
            return (await open_ticket(session, stated, by=owner, at=at)).number

    async def answered(self, number: str) -> None:
        """The account manager writes to the merchant."""
        manager = self.anhe.account_manager
        async with self.tenants.session(self.tenant, manager.context()) as session:
            ticket = await visible_ticket(session, manager, number)
            await post_message(session, ticket, "已处理", by=manager, at=datetime.now(UTC))

    async def letter_to(self, address: str) -> EmailMessage:
        """The latest letter to this address, once it left."""
        await until(lambda: self._left(address))
        return [letter for letter in self.mail.letters if letter["To"] == address][-1]

    async def looked(self) -> None:
        """Until the mailbox was looked into anew."""
        # Twice, for a look that is under way may have begun before what was just delivered.
        for _ in range(2):
            before = (await self.box()).looked_at
            await self.ledger.hasten()
            await until(lambda before=before: self._looked_after(before))

    async def box(self) -> ReplyMailbox:
        async with self.tenants.session(self.tenant, AGENCY) as session:
            return (await session.scalars(select(ReplyMailbox))).one()

    async def outcomes(self) -> list[Outcome]:
        async with self.tenants.session(self.tenant, AGENCY) as session:
            return [one.outcome for one in await session.scalars(select(IncomingMail).order_by(IncomingMail.id))]

    async def last_said(self, person: Person) -> Entry | None:
        """The last message or note that this person reads."""
        async with self.tenants.session(self.tenant, person.context()) as session:
            said = select(Entry).where(Entry.sort.in_([EntrySort.MESSAGE, EntrySort.NOTE])).order_by(Entry.id.desc())
            return (await session.scalars(said.limit(1))).one_or_none()

    async def _left(self, address: str) -> bool:
        return any(letter["To"] == address for letter in self.mail.letters)

    async def _looked_after(self, before: object) -> bool:
        await self.ledger.hasten()
        return (await self.box()).looked_at != before


@pytest.fixture
async def desk(
    tenants: Tenants, tenant: Tenant, database: Database, anhe: Anhe, mailbox: MailServer, ledger: Ledger
) -> Desk:
    return Desk(tenants, tenant, database, anhe, mailbox, ledger)


def reply_to(letter: EmailMessage, text: str, *, sender: str = "", ident: str = "", **headers: str) -> EmailMessage:
    """What somebody's mail client makes of an answer to this letter."""
    made = EmailMessage()
    made["From"] = sender or letter["To"]
    made["To"] = letter["Reply-To"] or letter["From"]
    made["Subject"] = f"回复：{letter['Subject']}"
    made["Message-ID"] = ident or f"<{new_id()}@client.test>"
    made["In-Reply-To"] = letter["Message-ID"]
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    quoted = "\n".join(f"> {line}" for line in letter.get_content().splitlines())
    made.set_content(
        f'{text}\n\n在 2026-11-23 10:00:00，"安和" <notices@anshou.test> 写道：\n{quoted}\n', charset="gb18030"
    )
    return made


OWNER, MANAGER = "yunshan-owner@merchant.example", "manager@agency.example"


async def test_a_merchants_reply_is_their_message_with_its_file_once_and_the_mailbox_stays_as_it_was(
    desk: Desk,
) -> None:
    await desk.set_mailbox()
    number = await desk.reported()
    async with working(desk.plan()):
        await desk.looked()
        await desk.answered(number)
        letter = await desk.letter_to(OWNER)
        assert "直接回复本邮件，您写的内容会登记为工单的消息。" in letter.get_content()
        answer = reply_to(letter, "收到，谢谢。运费怎么算？", ident="<once@client.test>")
        answer.add_attachment(b"%PDF-1.7\n%%EOF\n", maintype="application", subtype="pdf", filename="运费单.pdf")
        desk.server.deliver(answer.as_bytes())
        desk.server.deliver(answer.as_bytes())
        await desk.looked()
        await desk.looked()
    said = await desk.last_said(desk.anhe.account_manager)
    assert said is not None
    assert (said.body, said.author_id, said.sort, said.audience) == (
        "收到，谢谢。运费怎么算？",
        desk.anhe.owner.id,
        EntrySort.MESSAGE,
        Side.MERCHANT,
    )
    async with desk.tenants.session(desk.tenant, AGENCY) as session:
        assert [one.name for one in await session.scalars(select(Attachment))] == ["运费单.pdf"]
    assert await desk.outcomes() == [Outcome.MESSAGE]
    assert not any(b"Seen" in flags or b"Deleted" in flags for flags in desk.server.flags())


async def test_a_colleagues_reply_is_an_internal_note_that_the_merchant_never_reads(desk: Desk) -> None:
    await desk.set_mailbox()
    await desk.reported()
    async with working(desk.plan()):
        await desk.looked()
        letter = await desk.letter_to(MANAGER)
        assert "内部备注，商家看不到" in letter.get_content()
        desk.server.deliver(reply_to(letter, "这家上次也是这样").as_bytes())
        await desk.looked()
    note = await desk.last_said(desk.anhe.account_manager)
    assert note is not None
    assert (note.body, note.sort, note.audience) == ("这家上次也是这样", EntrySort.NOTE, Side.AGENCY)
    assert await desk.last_said(desk.anhe.owner) is None


async def test_a_mailbox_without_tags_finds_the_letter_by_what_the_reply_refers_to(desk: Desk) -> None:
    await desk.set_mailbox(tagged=False)
    await desk.reported()
    async with working(desk.plan()):
        await desk.looked()
        letter = await desk.letter_to(MANAGER)
        assert letter["Reply-To"] == "reply@anhe.test"
        desk.server.deliver(reply_to(letter, "按引用找到").as_bytes())
        await desk.looked()
    assert await desk.outcomes() == [Outcome.NOTE]


async def test_nobody_but_the_letters_recipient_answers_it_and_no_robot(desk: Desk) -> None:
    await desk.set_mailbox(authority="mx.anhe.test")
    await desk.reported()
    spoken_for = "mx.anhe.test; dmarc=pass header.from=agency.example"
    async with working(desk.plan()):
        await desk.looked()
        letter = await desk.letter_to(MANAGER)
        letters = len(desk.mail.letters)
        for mail in (
            reply_to(letter, "假的", sender="other@agency.example", Authentication_Results=spoken_for),
            reply_to(letter, "没有验证"),
            reply_to(letter, "休假中", Auto_Submitted="auto-replied"),
            _to_nobody(letter),
        ):
            desk.server.deliver(mail.as_bytes())
        await desk.looked()
        assert await desk.outcomes() == [Outcome.STRANGER, Outcome.FORGED, Outcome.AUTOMATIC, Outcome.UNKNOWN]
        desk.server.deliver(reply_to(letter, "真的", Authentication_Results=spoken_for).as_bytes())
        await desk.looked()
    assert (await desk.outcomes())[-1] is Outcome.NOTE
    # Strangers are told nothing: an answer would go to whoever they named.
    assert len(desk.mail.letters) == letters


async def test_a_reply_to_a_closed_ticket_is_answered_by_a_plain_mail(desk: Desk) -> None:
    await desk.set_mailbox()
    number = await desk.reported()
    owner = desk.anhe.owner
    async with working(desk.plan()):
        await desk.looked()
        await desk.answered(number)
        letter = await desk.letter_to(OWNER)
        async with desk.tenants.session(desk.tenant, owner.context()) as session:
            ticket = await visible_ticket(session, owner, number)
            await make_move(
                session,
                ticket,
                "withdraw",
                Withdrawal(reason="已解决"),
                by=owner,
                at=datetime.now(UTC),
                seen=ticket.version,
            )
        desk.mail.letters.clear()
        desk.server.deliver(reply_to(letter, "还有一件机密的事").as_bytes())
        await desk.looked()
        told = await desk.letter_to(OWNER)
    assert told["Subject"] == f"您的邮件回复没有登记到工单 {number}"
    assert "工单已结案" in told.get_content()
    assert "机密的事" not in told.get_content()
    assert told["Auto-Submitted"] == "auto-replied"
    assert await desk.outcomes() == [Outcome.CLOSED]


async def test_a_confidential_ticket_takes_no_reply_and_its_letters_say_so(desk: Desk) -> None:
    await desk.set_mailbox()
    number = await desk.reported()
    manager = desk.anhe.account_manager
    async with working(desk.plan()):
        await desk.looked()
        letter = await desk.letter_to(MANAGER)
        async with desk.tenants.session(desk.tenant, manager.context()) as session:
            await mark_confidential(
                session, await visible_ticket(session, manager, number), by=manager, at=datetime.now(UTC)
            )
        desk.mail.letters.clear()
        desk.server.deliver(reply_to(letter, "配方如下").as_bytes())
        await desk.looked()
        told = await desk.letter_to(MANAGER)
        assert "保密工单不收邮件回复" in told.get_content()
    assert await desk.outcomes() == [Outcome.CONFIDENTIAL]


async def test_a_mailbox_that_cannot_be_entered_says_so_and_is_tried_again(desk: Desk) -> None:
    await desk.set_mailbox(password="not this one")
    async with working(desk.plan()):
        await desk.looked()
    assert (await desk.box()).failure in ("login refused", "connection broken")


async def test_nothing_is_entered_in_the_clear_but_where_the_operator_allows_it(session: AsyncSession) -> None:
    anhe = await settle(session)
    wishes = MailboxWishes(host="127.0.0.1", security=Security.NONE, username="r", address="r@anhe.test", password="x")
    with pytest.raises(MailboxUnsafe):
        await set_mailbox(session, LocalKey(bytes(32), new_id()), wishes, inside=(), by=anhe.admin, at=NOW)


async def test_a_password_goes_to_no_other_server_or_account(desk: Desk) -> None:
    with pytest.raises(MailboxPasswordMissing):
        await desk.set_mailbox(password="")
    await desk.set_mailbox()
    kept = (await desk.box()).sealed_password
    await desk.set_mailbox(password="", tagged=False)
    assert (await desk.box()).sealed_password == kept
    for changed, field in (
        ({"host": "localhost"}, "IMAP 服务器"),
        ({"port": desk.server.port + 1}, "端口"),
        ({"username": "somebody"}, "账号"),
    ):
        with pytest.raises(MailboxPasswordMissing) as refused:
            await desk.set_mailbox(password="", inside=("127.0.0.1", "localhost"), **changed)
        assert f"改了“{field}”" in refused.value.fields["password"]
        assert (await desk.box()).sealed_password == kept


async def test_a_password_is_not_said_where_more_listen_than_before(desk: Desk) -> None:
    await desk.set_mailbox(security=Security.TLS)
    for weaker in (Security.STARTTLS, Security.NONE):
        with pytest.raises(MailboxPasswordMissing, match="加密方式"):
            await desk.set_mailbox(password="", security=weaker)
    await desk.set_mailbox(security=Security.NONE)
    for safer in (Security.STARTTLS, Security.TLS):
        await desk.set_mailbox(password="", security=safer)
        assert (await desk.box()).security is safer


def test_a_token_is_found_in_addresses_and_references_and_another_agencys_opens_nothing() -> None:
    mine, others = LocalKey(bytes(32), new_id()), LocalKey(bytes(32), new_id())
    letter = new_id()
    token = token_of(mine, letter)
    assert letter_of(mine, "云 <someone@x.test>", f"<Reply+{token.upper()}@Anhe.test>") == letter
    assert letter_of(mine, f"<a@b> <{token}@anshou.test>") == letter
    assert letter_of(others, token) is None
    assert letter_of(mine, token[:-1] + ("a" if token[-1] != "a" else "b")) is None


def _to_nobody(letter: EmailMessage) -> EmailMessage:
    made = reply_to(letter, "写信给客服")
    made.replace_header("To", "reply@anhe.test")
    made.replace_header("In-Reply-To", "<unknown@elsewhere.test>")
    return made

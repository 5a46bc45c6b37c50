"""What happens to a ticket reaches people: in the portal, and by letters that say nothing of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from anshou.language import languages
from anshou.people.accounts import Locale
from anshou.people.letters import Letter
from anshou.people.notices import Notice, list_notices
from anshou.people.person import Person
from anshou.tickets.kinds import Kind
from anshou.tickets.opening import open_ticket
from anshou.tickets.tickets import Ticket
from anshou.worker import letters
from anshou.worker.actors import ACTORS
from anshou.worker.mail import FolderMail, MailRefused, MailUnavailable
from anshou.worker.process import Plan
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import NOW, Anhe, settle
from tests.database import Database
from tests.tickets.samples import report
from tests.worker.test_mail import read_folder
from tests.worker.workshop import Kept, Ledger, outside, plan, until, working

SECRET = "旗舰新品降价清单"
LETTER = UUID(int=7)


class Refusing(Kept):
    """Mail whose server answers with an error until it is mended."""

    def __init__(self, error: type[Exception]) -> None:
        super().__init__()
        self.error: type[Exception] | None = error
        self.tries = 0

    async def send(self, letter: EmailMessage) -> None:
        """See `Mail.send`."""
        self.tries += 1
        if self.error is not None:
            raise self.error("no")
        await super().send(letter)


@pytest.fixture
async def anhe(tenants: Tenants, tenant: Tenant, wiped: None) -> Anhe:
    """安和 with everybody in it, committed."""
    async with tenants.session(tenant, AGENCY) as session:
        return await settle(session)


async def reported(tenants: Tenants, tenant: Tenant, anhe: Anhe) -> Ticket:
    """The merchant's owner reports a matter that must not leave the house; just now, so that no limit runs out."""
    at = datetime.now(UTC)
    async with tenants.session(tenant, anhe.owner.context()) as session:
        stated = report(Kind.SERVICE_QUALITY, at, shop=anhe.yunshan.shop_id, description=SECRET, title=f"关于{SECRET}")
        return await open_ticket(session, stated, by=anhe.owner, at=at)


async def notices_of(tenants: Tenants, tenant: Tenant, person: Person) -> Sequence[Notice]:
    async with tenants.session(tenant, person.context()) as session:
        return await list_notices(session, person)


def with_mail(database: Database, mail: object) -> Plan:
    return plan(database, ACTORS, outside=replace(outside(), mail=mail))


async def test_a_report_reaches_the_merchants_front_desk_in_the_portal_and_by_a_letter_without_content(
    database: Database, tenants: Tenants, tenant: Tenant, anhe: Anhe, ledger: Ledger, tmp_path: Path
) -> None:
    ticket = await reported(tenants, tenant, anhe)
    async with working(with_mail(database, FolderMail(tmp_path))):
        await until(ledger.all_are, "done")
    for person in (anhe.account_manager, anhe.service_agent):
        (notice,) = await notices_of(tenants, tenant, person)
        assert (notice.number, notice.event, notice.acting_for) == (ticket.number, "opened", None)
    for person in (anhe.owner, anhe.member, anhe.specialist, anhe.executive):
        assert await notices_of(tenants, tenant, person) == []
    sent = read_folder(tmp_path)
    assert sorted(mail["To"] for mail in sent) == ["agent@agency.example", "manager@agency.example"]
    for mail in sent:
        whole = mail["Subject"] + mail.get_content()
        assert ticket.number in mail["Subject"]
        assert "http://127.0.0.1:8000/notices/" in mail.get_content()
        assert mail["From"] == f"{tenant.name} <notices@anshou.test>"
        for inside in (SECRET, "云杉", anhe.owner.name):
            assert inside not in whole


async def test_letters_that_no_server_takes_now_are_sent_when_one_does(
    database: Database, tenants: Tenants, tenant: Tenant, anhe: Anhe, ledger: Ledger
) -> None:
    mail = Refusing(MailUnavailable)
    await reported(tenants, tenant, anhe)
    async with working(with_mail(database, mail)):
        await until(_has_tried, mail, 2)
        mail.error = None
        await until(_done_when_hastened, ledger)
    assert sorted(letter["To"] for letter in mail.letters) == ["agent@agency.example", "manager@agency.example"]


async def test_a_letter_that_is_refused_for_good_is_noted_and_makes_no_dead_letter(
    database: Database, tenants: Tenants, tenant: Tenant, anhe: Anhe, ledger: Ledger
) -> None:
    mail = Refusing(MailRefused)
    await reported(tenants, tenant, anhe)
    async with working(with_mail(database, mail)):
        await until(ledger.all_are, "done")
    async with tenants.session(tenant, AGENCY) as session:
        ends = [(one.sent_at, one.refused_at is not None) for one in await session.scalars(select(Letter))]
    assert ends == [(None, True)] * 2
    assert mail.tries == 2


def test_a_letter_is_written_in_the_persons_language() -> None:
    owed = letters.OwedLetter(
        id=LETTER, notice_id=LETTER, number="FW2611-00001", to="a@agency.example", locale=Locale.ENGLISH
    )
    english = letters.write(owed, outside(), agency="Anhe", at=NOW)
    assert english["Subject"] == languages()[Locale.ENGLISH].say(letters.SUBJECT, number="FW2611-00001")
    assert english["Message-ID"] == f"<{LETTER}@127.0.0.1>"
    assert english["Auto-Submitted"] == "auto-generated"


async def _has_tried(mail: Refusing, times: int) -> bool:
    return mail.tries >= times


async def _done_when_hastened(ledger: Ledger) -> bool:
    await ledger.hasten()
    return await ledger.all_are("done")

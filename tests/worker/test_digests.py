"""What was gathered for a person arrives as one mail, also when the first attempt at it fails."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

from sqlalchemy import ColumnElement, select, update

from anshou.notifying.wishes import Mailing, Wishes, choose
from anshou.people.letters import Letter
from anshou.worker.actors import ACTORS
from anshou.worker.mail import MailUnavailable
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import NOW, settle
from tests.database import Database
from tests.notifying.test_mailing import happens
from tests.worker.workshop import Kept, Ledger, outside, plan, until, working


async def test_a_digest_is_one_mail_with_counts_and_links_and_is_sent_once_over_a_crash(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger, wiped: None
) -> None:
    async with tenants.session(tenant, AGENCY) as session:
        anhe = await settle(session)
        await choose(session, anhe.specialist, Wishes(message=Mailing.DIGEST), at=NOW)
        past = datetime.now(UTC) - timedelta(days=2)
        for number in ("FW2611-00001", "FW2611-00001", "FW2611-00002"):
            await happens(session, anhe.specialist, "message", past, number)
    mail = Flaky(fails=1)
    async with working(plan(database, ACTORS, outside=replace(outside(), mail=mail))):
        await until(lambda: _all(tenants, tenant, Letter.reason.is_not(None)))
        async with tenants.session(tenant, AGENCY) as session:
            await session.execute(update(Letter).values(next_attempt_at=past))
        await ledger.hasten()
        await until(lambda: _all(tenants, tenant, Letter.sent_at.is_not(None)))
    [letter] = mail.letters
    body = letter.get_content()
    assert letter["Subject"] == "有 3 项事项等待查看"
    assert "工单 FW2611-00001：2 项" in body
    assert "工单 FW2611-00002：1 项" in body
    assert "/account/notifications" in body


async def _all(tenants: Tenants, tenant: Tenant, condition: ColumnElement[bool]) -> bool:
    async with tenants.session(tenant, AGENCY) as session:
        return len((await session.scalars(select(Letter).where(condition))).all()) == 3


class Flaky(Kept):
    """Mail that fails a few times."""

    def __init__(self, fails: int) -> None:
        super().__init__()
        self.fails = fails

    async def send(self, letter: EmailMessage) -> None:
        """See `Mail.send`."""
        if self.fails:
            self.fails -= 1
            raise MailUnavailable("the mail server answered 451")
        await super().send(letter)

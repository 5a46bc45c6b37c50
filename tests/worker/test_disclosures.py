"""What happens around disclosures reaches people by notices and letters that say nothing of it; consents run out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from anshou.consumers.recording import add_record
from anshou.people.notices import Notice, list_notices
from anshou.people.person import Person
from anshou.portal.notices.addresses import address_of_notice
from anshou.portal.notices.wording import EVENTS
from anshou.privacy.disclosures.kinds import RecipientKind, Standing
from anshou.privacy.disclosures.reading import visible_consent
from anshou.privacy.disclosures.requesting import TIMER, DisclosureRequest, request_disclosure
from anshou.privacy.disclosures.rows import Disclosure
from anshou.tickets.kinds import Kind
from anshou.tickets.opening import open_ticket
from anshou.worker.actors import ACTORS
from anshou.worker.mail import FolderMail
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tenants.timers import set_timer
from tests.cast import NOW, Anhe, settle
from tests.consumers.samples import SECRETS, card
from tests.database import Database
from tests.tickets.samples import report
from tests.worker.test_mail import read_folder
from tests.worker.workshop import Ledger, outside, plan, until, working

ASKED = ("安速物流", "理赔部", "破损包裹理赔")


@pytest.fixture
async def anhe(tenants: Tenants, tenant: Tenant, wiped: None) -> Anhe:
    """安和 with everybody in it, committed."""
    async with tenants.session(tenant, AGENCY) as session:
        return await settle(session)


async def requested(tenants: Tenants, tenant: Tenant, anhe: Anhe) -> Disclosure:
    """The account manager asks 云杉 for a consent, just now: the worker's clock is the wall's."""
    manager, at = anhe.account_manager, datetime.now(UTC)
    async with tenants.session(tenant, manager.context()) as session:
        stated = report(Kind.SERVICE_QUALITY, at, merchant=anhe.yunshan.id, shop=anhe.yunshan.shop_id, channel="phone")
        ticket = await open_ticket(session, stated, by=manager, at=at)
        await add_record(session, ticket, card(), by=manager, at=at)
        asked = DisclosureRequest(
            merchant=anhe.yunshan.id,
            recipient_name="安速物流",
            recipient_kind=RecipientKind.CARRIER,
            recipient_contact="理赔部 400",
            purpose="破损包裹理赔",
            tickets=(ticket.number,),
            fields=("consumer_record.name",),
            valid_from=at.date(),
            valid_until=at.date() + timedelta(days=30),
        )
        return await request_disclosure(session, asked, by=manager, at=at)


async def notices_of(tenants: Tenants, tenant: Tenant, person: Person) -> list[Notice]:
    async with tenants.session(tenant, person.context()) as session:
        return [one for one in await list_notices(session, person) if one.event.startswith("disclosure")]


async def test_a_request_reaches_the_owner_and_says_nothing_of_what_it_is_about(
    database: Database, tenants: Tenants, tenant: Tenant, anhe: Anhe, ledger: Ledger, tmp_path: Path
) -> None:
    disclosure = await requested(tenants, tenant, anhe)
    async with working(plan(database, ACTORS, outside=replace(outside(), mail=FolderMail(tmp_path)))):
        await until(ledger.all_are, "done")
    (notice,) = await notices_of(tenants, tenant, anhe.owner)
    assert (notice.number, notice.event) == (disclosure.number, "disclosure_requested")
    assert address_of_notice(notice) == f"/my/data/consents/{disclosure.number}"
    assert notice.event in EVENTS
    for person in (anhe.member, anhe.other_owner):
        assert await notices_of(tenants, tenant, person) == []
    letters = [mail for mail in read_folder(tmp_path) if mail["To"] == "yunshan-owner@merchant.example"]
    assert letters
    for mail in letters:
        whole = mail["Subject"] + mail.get_content()
        assert [word for word in (*SECRETS, *ASKED) if word in whole] == []


async def test_a_timer_that_fires_early_ends_nothing_and_the_date_alone_is_enough(
    database: Database, tenants: Tenants, tenant: Tenant, anhe: Anhe, ledger: Ledger
) -> None:
    disclosure = await requested(tenants, tenant, anhe)
    async with tenants.session(tenant, AGENCY) as session:
        await set_timer(session, TIMER, disclosure.id, NOW.replace(year=2020))
    async with working(plan(database, ACTORS)):
        await until(ledger.all_are, "done")
    async with tenants.session(tenant, anhe.owner.context()) as session:
        consent = await visible_consent(session, anhe.owner, disclosure.number)
        assert consent.ends == []
        assert consent.standing(disclosure.requested_at) is Standing.WAITING
        assert consent.standing(disclosure.valid_until) is Standing.EXPIRED

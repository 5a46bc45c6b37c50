"""An export of sealed consumer records holds what the consent covers, and is refused the moment it does not."""

import asyncio
import json
from hashlib import sha256

import pytest
from sqlalchemy import select

from anshou.consumers.cards import ConsumerCard, Correction
from anshou.consumers.recording import add_record, correct_record, remove_record
from anshou.consumers.records import visible_record
from anshou.merchants.accounts import AccountCard, keep_account
from anshou.privacy.disclosures import consenting, requesting
from anshou.privacy.disclosures.coverage import everything
from anshou.privacy.disclosures.documents import read_document
from anshou.privacy.disclosures.errors import NotCovered, NothingToExport
from anshou.privacy.disclosures.exporting import ExportedFile, export
from anshou.privacy.disclosures.kinds import Format, Part
from anshou.privacy.disclosures.reading import exports_of, visible_consent
from anshou.privacy.disclosures.rows import DisclosureExport
from anshou.tickets.kinds import Kind
from anshou.tickets.opening import open_ticket
from anshou.tickets.reach import visible_ticket
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import add_note
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import settle
from tests.privacy.disclosures.desk import Desk
from tests.tickets.desk import Desk as TicketDesk
from tests.tickets.samples import NOW, report

PLAIN = ConsumerCard(name="王小明", phone="13812341234", address="科技路 1 号", product="登山杖", private=False)
PRIVATE = ConsumerCard(name="李私密", phone="13987654321", product="某私密用品", usage="每周两次", private=True)
FIELDS = ("consumer_record.name", "consumer_record.phone")


async def recorded(desk: Desk, *cards: ConsumerCard) -> None:
    """Records on the ticket of the desk."""
    for card in cards:
        ticket = await _ticket(desk)
        await add_record(desk.session, ticket, card, by=desk.cast.account_manager, at=desk.now)


async def _ticket(desk: Desk) -> Ticket:
    await desk.act_as(desk.cast.account_manager.context())
    return await visible_ticket(desk.session, desk.cast.account_manager, desk.tickets[0])


async def exported(desk: Desk, kind: Format = Format.JSON) -> ExportedFile:
    """The account manager exports everything that the text names."""
    manager = desk.cast.account_manager
    consent = await desk.seen_by(manager)
    wanted = everything(read_document(consent.disclosure))
    return await export(desk.session, consent.disclosure, wanted, kind, by=manager, at=desk.now)


def records(file: ExportedFile) -> list[dict[str, str]]:
    """The records of the one table."""
    (table,) = json.loads(file.content)["tables"]
    return [{name: value for name, value in one.items() if name != "id"} for one in table["records"]]


async def test_an_export_holds_the_fields_and_records_that_were_signed_and_no_others(desk: Desk) -> None:
    await recorded(desk, PLAIN)
    await desk.request(fields=FIELDS, attachments=False)
    await recorded(desk, ConsumerCard(name="后来者", private=False))
    await desk.sign()
    file = await exported(desk)
    assert records(file) == [{"ticket": desk.tickets[0], "name": "王小明", "phone": "13812341234"}]
    assert "后来者" not in file.content.decode()
    assert "科技路" not in file.content.decode()


async def test_the_merchant_finds_it_listed_with_the_digest_of_the_very_file(desk: Desk) -> None:
    await recorded(desk, PLAIN)
    await desk.request(fields=FIELDS, attachments=False)
    await desk.sign()
    file = await exported(desk, Format.XLSX)
    consent = await desk.seen_by(desk.cast.owner)
    (kept,) = (await exports_of(desk.session, desk.cast.owner, [consent]))[consent.disclosure.id]
    assert (kept.sha256, kept.size) == (sha256(file.content).hexdigest(), len(file.content))
    assert (kept.row_count, kept.left_out, kept.fields) == (1, 0, list(FIELDS))
    assert file.name == f"{desk.number}-01.xlsx"


async def test_private_products_need_the_separate_consent(desk: Desk) -> None:
    await recorded(desk, PLAIN, PRIVATE)
    fields = (*FIELDS, "consumer_record.usage")
    await desk.request(fields=fields, attachments=False, sensitive=True, necessity="鉴定须了解使用情况")
    await desk.sign()
    without = await exported(desk)
    assert [one["name"] for one in records(without)] == ["王小明"]
    assert "李私密" not in without.content.decode()
    await desk.sign(sensitive=True)
    assert [one["name"] for one in records(await exported(desk))] == ["王小明", "李私密"]
    await desk.withdraw(Part.SENSITIVE)
    assert [one["name"] for one in records(await exported(desk))] == ["王小明"]


async def test_what_became_private_after_the_signature_stays_out(desk: Desk) -> None:
    await recorded(desk, PLAIN, ConsumerCard(name="赵后改", private=False))
    await desk.request(fields=FIELDS, attachments=False)
    await desk.sign()
    manager = desk.cast.account_manager
    consent = await desk.seen_by(manager)
    changed = read_document(consent.disclosure).tables[0].rows[1].id
    ticket = await _ticket(desk)
    record = await visible_record(desk.session, ticket, changed)
    await correct_record(desk.session, ticket, record, Correction(private=True), by=manager, at=desk.now)
    assert [one["name"] for one in records(await exported(desk))] == ["王小明"]


async def test_a_correction_is_exported_and_a_removed_record_is_not(desk: Desk) -> None:
    await recorded(desk, PLAIN)
    await desk.request(fields=FIELDS, attachments=False)
    await desk.sign()
    manager = desk.cast.account_manager
    covered = read_document((await desk.seen_by(manager)).disclosure).tables[0].rows[0].id
    ticket = await _ticket(desk)
    record = await visible_record(desk.session, ticket, covered)
    await correct_record(desk.session, ticket, record, Correction(name="王大明"), by=manager, at=desk.now)
    assert [one["name"] for one in records(await exported(desk))] == ["王大明"]
    ticket = await _ticket(desk)
    record = await visible_record(desk.session, ticket, covered)
    await remove_record(desk.session, ticket, record, by=manager, at=desk.now)
    with pytest.raises(NothingToExport):
        await exported(desk)


async def test_nothing_that_a_record_says_stands_in_what_is_signed(desk: Desk) -> None:
    await recorded(desk, PLAIN, PRIVATE)
    consent = await desk.request(fields=FIELDS, sensitive=True, necessity="鉴定")
    text = consent.disclosure.document.decode()
    assert [word for word in ("王小明", "13812341234", "李私密", "私密用品") if word in text] == []


async def test_account_and_identity_numbers_need_the_separate_consent_on_every_record(desk: Desk) -> None:
    account = AccountCard(bank="杭州银行", holder="云杉户外有限公司", number="6222020000001234567")
    await desk.act_as(AGENCY)
    await keep_account(desk.session, desk.cast.yunshan.id, account, by=desk.cast.finance, at=desk.now)
    fields = ("settlement_account.holder", "settlement_account.number")
    await desk.request(fields=fields, attachments=False, sensitive=True, necessity="法院要求核对收款账户")
    await desk.sign()
    assert records(await exported(desk)) == [{"ticket": "", "holder": "云杉户外有限公司"}]
    await desk.sign(sensitive=True)
    assert [one["number"] for one in records(await exported(desk))] == ["6222020000001234567"]


async def test_what_a_confidential_ticket_is_about_can_be_handed_out_and_what_was_said_on_it_cannot(desk: Desk) -> None:
    tickets = TicketDesk(desk.session, desk.act_as, desk.cast, now=desk.now)
    manager = desk.cast.account_manager
    ticket = await tickets.open(Kind.SERVICE_QUALITY, manager, title="新品定价泄露", confidential=True)
    await add_note(desk.session, ticket, "内部怀疑同行", by=manager, at=desk.now)
    desk.tickets = [ticket.number]
    await desk.request(fields=("sealed_content.content",), attachments=False)
    await desk.sign()
    (row,) = records(await exported(desk))
    assert json.loads(row["content"])["title"] == "新品定价泄露"
    assert "内部怀疑同行" not in row["content"]


async def test_an_export_that_waits_for_a_withdrawal_is_refused(tenants: Tenants, tenant: Tenant, wiped: None) -> None:
    async with tenants.session(tenant, AGENCY) as session:
        cast = await settle(session)
    manager, owner = cast.account_manager, cast.owner
    async with tenants.session(tenant, manager.context()) as session:
        stated = report(Kind.SERVICE_QUALITY, NOW, merchant=cast.yunshan.id, shop=cast.yunshan.shop_id, channel="phone")
        ticket = await open_ticket(session, stated, by=manager, at=NOW)
        await add_record(session, ticket, PLAIN, by=manager, at=NOW)
        desk = Desk(session, None, cast, tickets=[ticket.number])  # type: ignore[arg-type]
        asked = desk.asked(fields=FIELDS, attachments=False)
        number = (await requesting.request_disclosure(session, asked, by=manager, at=NOW)).number
    async with tenants.session(tenant, owner.context()) as session:
        consent = await visible_consent(session, owner, number)
        proof = desk.proof(owner, consent)
        digest = consent.disclosure.sha256
        await consenting.sign(session, consent.disclosure, digest, sensitive=False, proof=proof, by=owner, at=NOW)

    withdrawn = asyncio.Event()

    async def hand_out() -> ExportedFile:
        async with tenants.session(tenant, manager.context()) as session:
            consent = await visible_consent(session, manager, number)
            assert consent.standing(NOW).value == "in_force"
            wanted = everything(read_document(consent.disclosure))
            await withdrawn.wait()
            return await export(session, consent.disclosure, wanted, Format.JSON, by=manager, at=NOW)

    handing = asyncio.create_task(hand_out())
    async with tenants.session(tenant, owner.context()) as session:
        consent = await visible_consent(session, owner, number)
        await consenting.withdraw(session, consent.disclosure, Part.GENERAL, "", by=owner, at=NOW)
        # The export now asks for the lock that this transaction holds until it commits.
        withdrawn.set()
        await asyncio.sleep(0.3)
        assert not handing.done()
    with pytest.raises(NotCovered, match="已撤回"):
        await handing
    async with tenants.session(tenant, owner.context()) as session:
        assert list(await session.scalars(select(DisclosureExport.id))) == []

"""Invoices: asked for what a statement bills and no more, written out, issued outside and recorded, red-lettered."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from anshou.finance.answering_disputes import Acceptance, accept_dispute
from anshou.finance.close_checks import Check
from anshou.finance.closing import read_checklist
from anshou.finance.disputing_lines import Objection, confirm_statement, dispute_line
from anshou.finance.invoice_buyers import keep_buyer
from anshou.finance.invoice_shapes import (
    BuyerCard,
    Correction,
    Dropped,
    Handed,
    InvoiceAccepted,
    InvoiceAsked,
    InvoiceRecorded,
    ItemGiven,
    Rate,
    RedInvoiceRecorded,
)
from anshou.finance.invoicing import (
    accept_invoice,
    ask_correction,
    ask_invoice,
    cancel_invoice,
    record_delivery,
    record_issue,
    refuse_invoice,
)
from anshou.finance.reading_invoices import open_invoice, visible_invoice
from anshou.finance.reading_statements import line_at
from anshou.people.errors import PermissionMissing
from billing.invoices.asking import current_buyer
from billing.invoices.errors import (
    AlreadyCorrected,
    BuyerMissing,
    InvoiceInvalid,
    InvoiceNotFound,
    InvoiceNotOpen,
    NoInvoiceFile,
    NothingToInvoice,
    NumberTaken,
)
from billing.invoices.figures import invoiceable
from billing.invoices.rows import Cause, InvoiceDeed, InvoiceKind, InvoiceRequest, InvoiceState
from billing.ledger.posting import reverse
from billing.statements.rows import Statement
from confidentiality.keys.vault import open_keys
from tenants.shapes import ShapeInvalid, accept
from tests.finance.office import AFTER_NOVEMBER, AFTER_OCTOBER, NOVEMBER, OCTOBER, Office

BUYER = BuyerCard(
    name="云杉户外用品（杭州）有限公司",
    tax_number="91330106MA27XY4N5P",
    address="杭州市西湖区文三路 90 号",
    phone="0571-88990011",
    bank="中国工商银行杭州文三支行",
    account="1202 0214 0990 0123 456",
)
TODAY = date(2026, 12, 2)
NUMBER = "26332000000012345678"


async def confirmed(office: Office, *fen: int, month: date = NOVEMBER, at: datetime = AFTER_NOVEMBER) -> Statement:
    """A statement of these costs, all confirmed."""
    for one in fen:
        await office.charge(one, month.replace(day=5))
    issued = await office.issue(month, at)
    await office.act_as(office.owner)
    statement = (await office.session.scalars(select(Statement).where(Statement.id == issued.id))).one()
    await confirm_statement(office.session, statement, by=office.owner, at=at)
    return statement


async def ask(office: Office, *statements: Statement, fen: int | None = None) -> InvoiceRequest:
    """The owner asks, with a buyer kept."""
    await office.act_as(office.owner)
    merchant = office.counter.cast.yunshan.id
    if await current_buyer(office.session, merchant) is None:
        await keep_buyer(office.session, merchant, BUYER, by=office.owner, at=AFTER_NOVEMBER)
    asked = InvoiceAsked(kind=InvoiceKind.SPECIAL, statements=tuple(one.id for one in statements), fen=fen)
    return await checked(office, await ask_invoice(office.session, merchant, asked, by=office.owner, at=AFTER_NOVEMBER))


async def checked(office: Office, request: InvoiceRequest) -> InvoiceRequest:
    """The request, once the database has checked what it checks as a transaction commits."""
    for when in ("IMMEDIATE", "DEFERRED"):
        await office.session.execute(text(f"SET CONSTRAINTS invoice_adds_up {when}"))
    return request


async def accepted(office: Office, request: InvoiceRequest, *items: ItemGiven) -> InvoiceRequest:
    """Finance writes it out; everything at 6 % if nothing else is said."""
    await office.act_as(office.finance)
    request = await visible_invoice(office.session, request.number, by=office.finance)
    lines = items or (ItemGiven(item="代运营售后服务费", fen=abs(request.gross_fen)),)
    await accept_invoice(office.session, request, InvoiceAccepted(lines=lines), by=office.finance, at=AFTER_NOVEMBER)
    return request


async def issued(office: Office, request: InvoiceRequest, number: str = NUMBER) -> InvoiceRequest:
    """Written out and issued."""
    request = await accepted(office, request)
    recorded = InvoiceRecorded(invoice_number=number, issued_on=TODAY)
    await record_issue(office.session, request, recorded, by=office.finance, at=AFTER_NOVEMBER)
    return request


async def open_fen(office: Office) -> list[int]:
    """What is left of each statement, the latest first."""
    return [one.open_fen for one in await invoiceable(office.session, office.counter.cast.yunshan.id)]


async def test_an_invoice_is_asked_for_written_out_issued_and_handed_over(office: Office) -> None:
    statement = await confirmed(office, 10_600, 11_300)

    request = await ask(office, statement)
    assert (request.gross_fen, request.state, await open_fen(office)) == (21_900, InvoiceState.REQUESTED, [0])
    assert request.number.startswith("KP2612-")
    # Wednesday morning; five workdays later service ends.
    assert request.issue_by == datetime(2026, 12, 9, 10, 0, tzinfo=UTC)

    request = await accepted(
        office,
        request,
        ItemGiven(item="代运营售后服务费", rate=Rate.SIX, fen=10_600),
        ItemGiven(item="存储设备", tax_code="1090000000000000000", rate=Rate.THIRTEEN, fen=11_300),
    )
    assert (request.net_fen, request.tax_fen) == (20_000, 1_900)
    await record_issue(
        office.session,
        request,
        InvoiceRecorded(invoice_number="2633 2000 0000 1234 5678", issued_on=TODAY),
        by=office.finance,
        at=AFTER_NOVEMBER,
    )
    assert (request.invoice_number, request.state) == (NUMBER, InvoiceState.ISSUED)
    with pytest.raises(NoInvoiceFile):
        await record_delivery(office.session, request, Handed(how="邮件"), by=office.finance, at=AFTER_NOVEMBER)

    opened = await open_invoice(office.session, request)
    assert [(line.rate, line.net_fen, line.tax_fen) for line in opened.lines] == [(6, 10_000, 600), (13, 10_000, 1_300)]
    assert [deed.deed.value for deed in opened.deeds] == ["requested", "accepted", "issued"]
    assert [(portion.fen, of.number) for portion, of in opened.portions] == [(21_900, statement.number)]


async def test_only_what_both_sides_settled_is_invoiced_less_what_was_taken_off(office: Office) -> None:
    for fen in (10_000, 500, 70):
        await office.charge(fen, date(2026, 11, 5))
    statement = await office.issue()
    await office.act_as(office.owner)
    assert await open_fen(office) == [0]
    first, second = [await line_at(office.session, statement, place) for place in (1, 2)]
    for line in (first, second):
        await dispute_line(
            office.session, statement, line, Objection(reason="不认可"), by=office.owner, at=AFTER_NOVEMBER
        )
    await confirm_statement(office.session, statement, by=office.owner, at=AFTER_NOVEMBER)
    await office.act_as(office.finance)
    await accept_dispute(office.session, statement, first, Acceptance(fen=2_500), by=office.finance, at=AFTER_NOVEMBER)

    assert await open_fen(office) == [7_570]
    # The credit of the dispute stands on the next statement and is not taken off twice.
    december = await office.issue(date(2026, 12, 1), datetime(2027, 1, 4, 2, 0, tzinfo=UTC))
    assert december.closing_fen == 8_070
    assert await open_fen(office) == [0, 7_570]
    with pytest.raises(NothingToInvoice):
        await ask(office, december)


async def test_a_part_leaves_the_rest_and_no_more_than_the_rest_can_be_asked_for(office: Office) -> None:
    statement = await confirmed(office, 10_000)
    await ask(office, statement, fen=4_000)

    assert await open_fen(office) == [6_000]
    with pytest.raises(InvoiceInvalid):
        await ask(office, statement, fen=6_001)
    rest = await ask(office, statement)
    assert rest.gross_fen == 6_000
    with pytest.raises(NothingToInvoice):
        await ask(office, statement)

    rest = await visible_invoice(office.session, rest.number, by=office.owner)
    await cancel_invoice(office.session, rest, Dropped(reason="改开普票"), by=office.owner, at=AFTER_NOVEMBER)
    assert await open_fen(office) == [6_000]


async def test_several_statements_are_one_invoice_and_a_credit_lessens_it(office: Office) -> None:
    october = await confirmed(office, 10_000, month=OCTOBER, at=AFTER_OCTOBER)
    await office.charge(1, date(2026, 11, 4))
    late = await office.charge(900, date(2026, 11, 5))
    await reverse(office.session, late.id, reason="重复", by=office.finance.id, at=AFTER_NOVEMBER, on=TODAY)
    november = await confirmed(office)
    december = await office.issue(date(2026, 12, 1), datetime(2027, 1, 4, 2, 0, tzinfo=UTC))

    assert await open_fen(office) == [-900, 901, 10_000]
    with pytest.raises(InvoiceInvalid):
        await ask(office, december)
    request = await ask(office, october, november, december)
    assert (request.gross_fen, await open_fen(office)) == (10_001, [0, 0, 0])


async def test_the_database_keeps_more_from_being_invoiced_than_is_billed(office: Office) -> None:
    statement = await confirmed(office, 1_000)
    request = await ask(office, statement, fen=600)
    await office.act_as(office.owner)

    async def refused(sql: str, **values: object) -> str:
        with pytest.raises(DBAPIError) as error:
            async with office.session.begin_nested():
                await office.session.execute(text(sql), values)
                await office.session.execute(text("SET CONSTRAINTS invoice_adds_up IMMEDIATE"))
        return str(getattr(error.value.orig, "sqlstate", ""))

    of = {"id": uuid4(), "merchant": request.merchant_id, "request": request.id}
    portion = "INSERT INTO invoice_portion VALUES (:id, :merchant, :request, :statement, :fen)"
    later = await confirmed(office, 50, month=date(2026, 12, 1), at=datetime(2027, 1, 4, 2, 0, tzinfo=UTC))
    await office.act_as(office.owner)
    assert await refused(portion, **of, statement=later.id, fen=51) == "ANINV"
    # Within the statement, but not the sum of the request any more.
    assert await refused(portion, **of, statement=later.id, fen=50) == "23514"
    # A merchant's session neither accepts nor issues, and nobody changes what was asked for.
    moves = "UPDATE invoice_request SET {} WHERE id = :request"
    for change in (
        "state = 'accepted', net_fen = 600, tax_fen = 0",
        "state = 'issued', net_fen = 600, tax_fen = 0, invoice_number = repeat('2', 20), issued_on = now()",
        "gross_fen = 1000",
        "state = 'red_lettered'",
    ):
        assert await refused(moves.format(change), request=request.id) in ("23001", "23514")
    line = "INSERT INTO invoice_line VALUES (:id, :merchant, :request, 1, '服务费', '', 0, 600, 0)"
    assert await refused(line, **of) == "42501"


async def test_a_red_invoice_takes_back_the_whole_with_its_stored_lines_and_opens_it_again(office: Office) -> None:
    statement = await confirmed(office, 10_001)
    first = await issued(office, await ask(office, statement))
    await office.act_as(office.owner)
    why = Correction(cause=Cause.ERROR, reason="抬头有误")
    first = await visible_invoice(office.session, first.number, by=office.owner)
    red = await checked(office, await ask_correction(office.session, first, why, by=office.owner, at=AFTER_NOVEMBER))
    with pytest.raises(AlreadyCorrected):
        await ask_correction(office.session, first, why, by=office.owner, at=AFTER_NOVEMBER)
    assert (red.gross_fen, await open_fen(office)) == (-10_001, [0])

    red = await accepted(office, red)
    assert (red.net_fen, red.tax_fen) == (-9_435, -566)
    plain = InvoiceRecorded(invoice_number="26332000000012345679", issued_on=TODAY)
    with pytest.raises(InvoiceInvalid):
        await record_issue(office.session, red, plain, by=office.finance, at=AFTER_NOVEMBER)
    noticed = RedInvoiceRecorded(
        invoice_number="26332000000012345679", issued_on=TODAY, confirmation="33010626120000012345"
    )
    await record_issue(office.session, red, noticed, by=office.finance, at=AFTER_NOVEMBER)

    first = await visible_invoice(office.session, first.number, by=office.finance)
    assert (first.state, await open_fen(office)) == (InvoiceState.RED_LETTERED, [10_001])
    opened = await open_invoice(office.session, first)
    assert opened.corrected_by is not None
    assert opened.corrected_by.id == red.id
    again = await ask(office, statement)
    assert again.gross_fen == 10_001


async def test_what_was_done_already_is_refused_in_words(office: Office) -> None:
    statement = await confirmed(office, 1_000)
    request = await ask(office, statement)
    await office.act_as(office.finance)
    request = await visible_invoice(office.session, request.number, by=office.finance)
    with pytest.raises(InvoiceInvalid):
        short = InvoiceAccepted(lines=(ItemGiven(item="服务费", fen=999),))
        await accept_invoice(office.session, request, short, by=office.finance, at=AFTER_NOVEMBER)
    with pytest.raises(InvoiceInvalid):
        free = InvoiceAccepted(lines=(ItemGiven(item="服务费", rate=Rate.NONE, fen=1_000),))
        await accept_invoice(office.session, request, free, by=office.finance, at=AFTER_NOVEMBER)
    await refuse_invoice(office.session, request, Dropped(reason="请先补充税号"), by=office.finance, at=AFTER_NOVEMBER)
    with pytest.raises(InvoiceNotOpen):
        await accepted(office, request)

    other = await issued(office, await ask(office, statement))
    with pytest.raises(NumberTaken):
        third = await confirmed(office, 7, month=date(2026, 12, 1), at=datetime(2027, 1, 4, 2, 0, tzinfo=UTC))
        await issued(office, await ask(office, third), other.invoice_number or "")
    deeds = (await office.session.scalars(select(InvoiceDeed.reason).where(InvoiceDeed.deed == "refused"))).all()
    assert deeds == ["请先补充税号"]


async def test_a_merchant_asks_for_its_own_and_a_stranger_sees_nothing(office: Office) -> None:
    statement = await confirmed(office, 1_000)
    with pytest.raises(BuyerMissing):
        asked = InvoiceAsked(kind=InvoiceKind.ORDINARY, statements=(statement.id,))
        await ask_invoice(office.session, statement.merchant_id, asked, by=office.owner, at=AFTER_NOVEMBER)
    request = await ask(office, statement)
    number = request.number
    with pytest.raises(PermissionMissing):
        await accept_invoice(office.session, request, None, by=office.owner, at=AFTER_NOVEMBER)
    with pytest.raises(PermissionMissing):
        await cancel_invoice(
            office.session, request, Dropped(reason="不要了"), by=office.counter.cast.member, at=AFTER_NOVEMBER
        )

    stranger = office.counter.cast.other_owner
    await office.act_as(stranger)
    with pytest.raises(InvoiceNotFound):
        await visible_invoice(office.session, number, by=stranger)
    assert (await office.session.scalars(select(InvoiceRequest))).all() == []
    assert await invoiceable(office.session, office.counter.cast.yunshan.id) == []


async def test_the_buyers_account_lies_sealed_and_another_card_leaves_the_former_with_its_invoices(
    office: Office,
) -> None:
    statement = await confirmed(office, 1_000)
    request = await ask(office, statement)
    merchant = office.counter.cast.yunshan.id
    rows = str([row[0] for row in await office.session.execute(text("SELECT to_jsonb(b) FROM invoice_buyer b"))])
    assert "12020214" not in rows
    card = msgspec.structs.replace(BUYER, name="云杉户外（上海）有限公司", account="")
    await keep_buyer(office.session, merchant, card, by=office.owner, at=AFTER_NOVEMBER + timedelta(days=1))

    opened = await open_invoice(office.session, request)
    ring = await open_keys(office.session, merchant)
    assert opened.buyer.name == BUYER.name
    assert opened.buyer.account is not None
    assert ring.open(opened.buyer.account) == "1202021409900123456"
    now = await current_buyer(office.session, merchant)
    assert now is not None
    assert (now.name, now.account) == ("云杉户外（上海）有限公司", None)


@pytest.mark.parametrize(
    ("shape", "given", "field"),
    [
        (BuyerCard, {"name": "云杉", "tax_number": "91330106MA27XY4N50"}, "tax_number"),
        (BuyerCard, {"name": "云杉", "account": "12ab"}, "account"),
        (InvoiceRecorded, {"invoice_number": "2633200000001234567", "issued_on": "2026-12-02"}, "invoice_number"),
        (InvoiceRecorded, {"invoice_number": NUMBER, "issued_on": "2025-12-02"}, "invoice_number"),
        (ItemGiven, {"item": "服务费", "fen": 1.5}, "fen"),
        (ItemGiven, {"item": "服务费", "fen": 0}, "fen"),
        (ItemGiven, {"item": "服务费", "fen": 1, "tax_code": "109"}, "tax_code"),
        (ItemGiven, {"item": "服务费", "fen": 1, "rate": "17"}, "rate"),
    ],
)
def test_what_cannot_be_is_refused_with_the_field(shape: type, given: dict[str, object], field: str) -> None:
    with pytest.raises(ShapeInvalid) as refusal:
        accept(shape, given)
    assert list(refusal.value.fields) == [field]


async def test_an_invoice_that_is_owed_reminds_the_close_and_does_not_block_it(office: Office) -> None:
    await ask(office, await confirmed(office, 1_000))
    # December's books are begun.
    await office.charge(5, TODAY)
    await office.act_as(office.finance)

    checklist = await read_checklist(office.session, date(2026, 12, 1), by=office.finance, at=AFTER_NOVEMBER)
    (owed,) = [one for one in checklist.found if one.check is Check.UNINVOICED]
    assert (owed.count, owed.check.blocks) == (1, False)
    november = await read_checklist(office.session, NOVEMBER, by=office.finance, at=AFTER_NOVEMBER)
    assert [one.count for one in november.found if one.check is Check.UNINVOICED] == [0]

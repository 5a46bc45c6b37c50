"""A month is closed when nothing blocks it, and its vouchers go out once to each accounting program."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from anshou.finance.answering_disputes import Rejection, reject_dispute
from anshou.finance.attributing import attribute_costs
from anshou.finance.bookkeeping import post_opening
from anshou.finance.carrying_over import Carrying, carried_together, carry_over, open_things
from anshou.finance.claiming import submit_cost
from anshou.finance.close_checks import Check
from anshou.finance.closing import Checklist, close_month, read_checklist
from anshou.finance.disputing_lines import Objection, dispute_line
from anshou.finance.errors import CloseBlocked, NothingToCarryOver
from anshou.finance.evidence import add_evidence
from anshou.finance.handing_over import fetch_file, hand_over, set_export
from anshou.finance.periods import Reopening, reopen_period, request_reopening
from anshou.finance.reading_statements import line_at
from anshou.finance.reconciling import explain, match_by_hand, set_match_rule, write_off
from anshou.finance.statements import Payment, record_payment
from anshou.people.errors import PermissionMissing
from billing.ledger.errors import PeriodNotReady
from billing.ledger.openings import OpeningBalance
from billing.ledger.periods import PeriodState, open_period
from billing.ledger.posting import reverse
from billing.ledger.uses import AccountUse, Side
from billing.reconciliation.batches import Arrival, Arrived, ExternalLineRow, import_lines
from billing.reconciliation.books import open_lines
from billing.reconciliation.rules import MatchRule
from billing.statements.errors import StatementNotFound
from billing.voucher_exports.choosing import waiting_vouchers
from billing.voucher_exports.errors import FileChanged, SettingMissing
from billing.voucher_exports.exporting import list_exports, preflight
from billing.voucher_files.shapes import Export, ExportRefused, ReversalStyle, Target, TargetAccount
from tenants.context import AGENCY
from tests.finance.counter import invoice
from tests.finance.office import AFTER_NOVEMBER, NOVEMBER, Office

RECEIVABLE, PENDING = "1122", "190101"
DECEMBER = date(2026, 12, 1)
U8 = Export(
    target=Target.U8,
    prepared_by="出纳",
    accounts={
        RECEIVABLE: TargetAccount(code="112201", name="应收账款-代垫"),
        PENDING: TargetAccount(code="190101", name="待判定费用"),
    },
)


async def checklist(office: Office, at: datetime = AFTER_NOVEMBER) -> Checklist:
    await office.act_as(office.finance)
    return await read_checklist(office.session, NOVEMBER, by=office.finance, at=at)


async def counts(office: Office) -> dict[Check, int]:
    """What is not clear."""
    return {one.check: one.count for one in (await checklist(office)).found if not one.is_clear}


async def closed(office: Office, *fen: int) -> None:
    """November with charges of these amounts, stated and closed."""
    for amount in fen:
        await office.charge(amount, date(2026, 11, 5))
    await office.issue()
    await office.act_as(office.finance)
    await close_month(office.session, NOVEMBER, by=office.finance, at=AFTER_NOVEMBER)


async def exports(office: Office, export: Export = U8) -> None:
    await office.act_as(office.finance)
    await set_export(office.session, export, by=office.finance, at=AFTER_NOVEMBER)


async def test_a_month_is_closed_only_when_nothing_blocks(office: Office) -> None:
    await office.charge(12_345, date(2026, 11, 5))
    assert await counts(office) == {Check.UNSTATED: 1}
    with pytest.raises(CloseBlocked, match="2026-11") as refused:
        await close_month(office.session, NOVEMBER, by=office.finance, at=AFTER_NOVEMBER)
    assert refused.value.checks == (Check.UNSTATED.label,)

    await office.issue()
    assert await counts(office) == {}
    period = await close_month(office.session, NOVEMBER, by=office.finance, at=AFTER_NOVEMBER)

    assert period.state is PeriodState.CLOSED


async def test_a_running_month_and_an_earlier_open_one_block(office: Office) -> None:
    await office.charge(5, date(2026, 10, 5))
    await office.charge(5, date(2026, 11, 5))
    found = {one.check: one.count for one in (await checklist(office, datetime(2026, 11, 30, 15, tzinfo=UTC))).found}

    assert (found[Check.MONTH_RUNNING], found[Check.EARLIER_OPEN]) == (1, 1)
    assert (await counts(office)).get(Check.MONTH_RUNNING) is None


async def carry(office: Office, check: Check, reason: str = "责任方尚在举证", **given: Any) -> int:
    """Carry over all that the check found, or what is named."""
    await office.act_as(office.finance)
    named = Carrying(reason=reason, **(given or {"everything": True}))
    return await carry_over(office.session, NOVEMBER, check, named, by=office.finance, at=AFTER_NOVEMBER)


async def test_a_cost_before_finance_and_one_that_nobody_determined_block_and_a_draft_reminds(office: Office) -> None:
    await office.charge(5, date(2026, 11, 5))
    await office.issue()
    drafted = await office.counter.claim()
    submitted = await office.counter.submit()
    found = await checklist(office)
    assert {one.check: (one.count, one.fen) for one in found.found if not one.is_clear} == {
        Check.UNVERIFIED: (1, submitted.fen),
        Check.UNCLAIMED: (1, drafted.fen),
    }
    assert [one.check for one in found.blocking] == [Check.UNVERIFIED]

    await office.counter.verify(submitted.number)
    found = await checklist(office)
    assert [one.check for one in found.blocking] == [Check.UNDETERMINED]
    assert {one.check: one.fen for one in found.found if not one.is_clear} == {
        Check.UNCLAIMED: drafted.fen,
        Check.UNDETERMINED: submitted.fen,
    }


async def test_what_is_carried_over_with_a_reason_closes_the_month_and_blocks_the_next(office: Office) -> None:
    await office.charge(5, date(2026, 11, 5))
    await office.issue()
    first, second = await office.counter.submit(), await office.counter.submit()
    await office.act_as(office.finance)
    _, things = await open_things(office.session, NOVEMBER, Check.UNVERIFIED, by=office.finance, limit=9)
    assert {one.name: one.fen for one in things} == {one.number: one.fen for one in (first, second)}

    assert await carry(office, Check.UNVERIFIED, subjects=(first.id,)) == 1
    assert await counts(office) == {Check.UNVERIFIED: 1}
    assert await carry(office, Check.UNVERIFIED) == 1
    await office.act_as(office.finance)
    (found,) = [one for one in (await checklist(office)).found if one.check is Check.UNVERIFIED]
    assert (found.count, found.fen, found.carried) == (0, 0, 2)
    await close_month(office.session, NOVEMBER, by=office.finance, at=AFTER_NOVEMBER)

    told = await carried_together(office.session, NOVEMBER, by=office.finance)
    assert sum(one.count for one in told) == 2
    assert {(one.check, one.reason, one.carried_by) for one in told} == {
        (Check.UNVERIFIED, "责任方尚在举证", office.finance.id)
    }
    later = datetime(2027, 1, 2, 2, 0, tzinfo=UTC)
    await open_period(office.session, DECEMBER, by=office.finance.id, at=later)
    checked = await read_checklist(office.session, DECEMBER, by=office.finance, at=later)
    assert {one.check: one.count for one in checked.blocking} == {Check.UNVERIFIED: 2}


async def test_only_what_is_open_in_an_open_month_is_carried_over_and_never_the_statements(office: Office) -> None:
    await office.charge(5, date(2026, 11, 5))
    with pytest.raises(NothingToCarryOver):
        await carry(office, Check.UNSTATED)
    with pytest.raises(NothingToCarryOver):
        await carry(office, Check.UNVERIFIED)
    await office.issue()
    submitted = await office.counter.submit()
    with pytest.raises(NothingToCarryOver):
        await carry(office, Check.UNVERIFIED, subjects=(office.finance.id,))
    await carry(office, Check.UNVERIFIED)
    await close_month(office.session, NOVEMBER, by=office.finance, at=AFTER_NOVEMBER)
    with pytest.raises(PeriodNotReady):
        await carry(office, Check.UNVERIFIED, subjects=(submitted.id,))
    for person in (office.counter.cast.executive, office.counter.cast.auditor, office.counter.cast.account_manager):
        await office.act_as(person)
        given = Carrying(reason="x", everything=True)
        with pytest.raises(PermissionMissing):
            await carry_over(office.session, NOVEMBER, Check.UNVERIFIED, given, by=person, at=AFTER_NOVEMBER)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE carried_over SET reason = 'x'",
        "DELETE FROM carried_over",
        """INSERT INTO carried_over (id, month, matter, subject_id, fen, currency, reason, carried_by, carried_at)
        SELECT gen_random_uuid(), month, 'disputed', subject_id, 1, 'CNY', 'x', carried_by, carried_at
        FROM carried_over""",
    ],
)
async def test_what_was_carried_over_of_a_closed_month_is_kept_by_the_database(office: Office, statement: str) -> None:
    await office.charge(5, date(2026, 11, 5))
    await office.issue()
    await office.counter.submit()
    await carry(office, Check.UNVERIFIED)
    await close_month(office.session, NOVEMBER, by=office.finance, at=AFTER_NOVEMBER)
    with pytest.raises(DBAPIError):
        async with office.session.begin_nested():
            await office.session.execute(text(statement))


async def test_a_match_whose_difference_is_not_written_off_blocks(office: Office) -> None:
    await office.charge(10_000, date(2026, 11, 5))
    await office.issue()
    await office.act_as(office.finance)
    paid = Payment(fen=10_000, paid_on=date(2026, 11, 20), reference="T1")
    merchant = office.counter.cast.yunshan.id
    await record_payment(office.session, merchant, paid, by=office.finance, at=AFTER_NOVEMBER)
    came = Arrived(
        number=1, booked_on=date(2026, 11, 20), fen=9_990, currency="CNY", references=(), counterparty="", text="",
        key="a",
    )  # fmt: skip
    arrival = Arrival(sha256=bytes(32), name="流水.csv", source="bank_statement", account="招行 0099", lines=(came,))
    await import_lines(office.session, arrival, by=office.finance.id, at=AFTER_NOVEMBER)
    external = (await office.session.scalars(select(ExternalLineRow.id))).one()
    (internal,) = await open_lines(office.session, "ledger", first=NOVEMBER, last=date(2026, 11, 30))
    made = await match_by_hand(office.session, [external, internal.id], by=office.finance, at=AFTER_NOVEMBER)
    assert await counts(office) == {Check.DIFFERENCE: 1}

    rule = MatchRule(source="bank_statement", against="ledger")
    await set_match_rule(office.session, rule, write_off_fen=100, by=office.finance, at=AFTER_NOVEMBER)
    await write_off(office.session, made, account=AccountUse.WRITTEN_OFF, by=office.finance, at=AFTER_NOVEMBER)

    assert await counts(office) == {}


async def test_a_dispute_blocks_until_it_is_answered(office: Office) -> None:
    await office.charge(10_000, date(2026, 11, 5))
    statement = await office.issue()
    await office.act_as(office.owner)
    line = await line_at(office.session, statement, 1)
    objection = Objection(reason="不是我方责任")
    await dispute_line(office.session, statement, line, objection, by=office.owner, at=AFTER_NOVEMBER)
    assert await counts(office) == {Check.DISPUTED: 1}

    rejection = Rejection(reason="见责任判定")
    await reject_dispute(office.session, statement, line, rejection, by=office.finance, at=AFTER_NOVEMBER)

    assert await counts(office) == {Check.CONTESTED: 1}
    assert [one.check for one in (await checklist(office)).blocking] == [Check.CONTESTED]
    assert await carry(office, Check.CONTESTED) == 1
    assert (await checklist(office)).blocking == ()


async def test_a_line_of_a_bill_that_nothing_answers_for_blocks_until_it_is_explained(office: Office) -> None:
    await office.charge(10_000, date(2026, 11, 5))
    await office.issue()
    await office.act_as(office.finance)
    lines = tuple(
        Arrived(
            number=number, booked_on=day, fen=-500, currency="CNY", references=(), counterparty="", text="", key=key
        )
        for number, day, key in ((1, date(2026, 11, 30), "a"), (2, date(2026, 12, 1), "b"))
    )
    arrival = Arrival(sha256=bytes(32), name="流水.csv", source="bank_statement", account="招行 0099", lines=lines)
    await import_lines(office.session, arrival, by=office.finance.id, at=AFTER_NOVEMBER)
    assert await counts(office) == {Check.UNRECONCILED: 1}
    asked = select(ExternalLineRow.id).where(ExternalLineRow.number == 1)
    line = (await office.session.scalars(asked)).one()

    await explain(office.session, [line], why="银行手续费", by=office.finance, at=AFTER_NOVEMBER)

    assert await counts(office) == {}


async def test_no_merchant_and_no_front_desk_reads_the_checklist(office: Office) -> None:
    await office.charge(5, date(2026, 11, 5))
    await office.act_as(office.owner)
    with pytest.raises(StatementNotFound):
        await read_checklist(office.session, NOVEMBER, by=office.owner, at=AFTER_NOVEMBER)
    agent = office.counter.cast.account_manager
    await office.act_as(agent)
    with pytest.raises(PermissionMissing):
        await read_checklist(office.session, NOVEMBER, by=agent, at=AFTER_NOVEMBER)


async def test_vouchers_go_out_once_and_the_same_file_can_be_had_again(office: Office) -> None:
    await closed(office, 12_345, 5)
    await exports(office)
    made = await hand_over(office.session, NOVEMBER, Target.U8, by=office.finance, at=AFTER_NOVEMBER)
    first = await fetch_file(office.session, made, by=office.finance, at=AFTER_NOVEMBER)
    assert first.content.decode("gbk").splitlines()[1].split(",")[:3] == ["2026-11-05", "记", "1"]

    # Another mapping counts for what goes out from now on.
    other = {**U8.accounts, PENDING: TargetAccount(code="999", name="别的")}
    await exports(office, msgspec.structs.replace(U8, accounts=other))
    again = await fetch_file(office.session, made, by=office.finance, at=AFTER_NOVEMBER)

    assert (made.vouchers, again.content) == (2, first.content)
    with pytest.raises(ExportRefused):
        await hand_over(office.session, NOVEMBER, Target.U8, by=office.finance, at=AFTER_NOVEMBER)
    assert len(await list_exports(office.session, NOVEMBER)) == 1


@pytest.mark.parametrize("target", [Target.JINGDOUYUN, Target.K3])
async def test_a_workbook_is_the_same_to_the_byte_when_it_is_made_again(office: Office, target: Target) -> None:
    await closed(office, 12_345)
    await exports(office, msgspec.structs.replace(U8, target=target))
    made = await hand_over(office.session, NOVEMBER, target, by=office.finance, at=AFTER_NOVEMBER)
    file = await fetch_file(office.session, made, by=office.finance, at=AFTER_NOVEMBER)

    await office.session.execute(text("SELECT pg_sleep(1.1)"))
    again = await fetch_file(office.session, made, by=office.finance, at=AFTER_NOVEMBER)

    assert again.content == file.content


async def test_what_is_posted_after_a_reopening_goes_out_in_a_file_of_its_own(office: Office) -> None:
    await closed(office, 12_345)
    await exports(office, msgspec.structs.replace(U8, reversals=ReversalStyle.RED_LETTER))
    await hand_over(office.session, NOVEMBER, Target.U8, by=office.finance, at=AFTER_NOVEMBER)
    why = Reopening(reason="漏记")
    await request_reopening(office.session, NOVEMBER, why, by=office.finance, at=AFTER_NOVEMBER)
    with pytest.raises(PeriodNotReady):
        await hand_over(office.session, NOVEMBER, Target.U8, by=office.finance, at=AFTER_NOVEMBER)
    await reopen_period(office.session, NOVEMBER, by=office.colleague, at=AFTER_NOVEMBER)
    late = await office.charge(700, date(2026, 11, 6))
    await reverse(office.session, late.id, reason="重复", by=office.finance.id, at=AFTER_NOVEMBER, on=date(2026, 11, 7))
    await office.act_as(office.finance)
    await close_month(office.session, NOVEMBER, by=office.finance, at=AFTER_NOVEMBER)

    made = await hand_over(office.session, NOVEMBER, Target.U8, by=office.finance, at=AFTER_NOVEMBER)
    file = await fetch_file(office.session, made, by=office.finance, at=AFTER_NOVEMBER)
    rows = [line.split(",") for line in file.content.decode("gbk").splitlines()[1:]]

    assert [(row[2], row[6], row[7]) for row in rows] == [
        ("2", "7.00", "0.00"),
        ("2", "0.00", "7.00"),
        ("3", "-7.00", "0.00"),
        ("3", "0.00", "-7.00"),
    ]


async def test_every_obstacle_is_named_before_anything_goes_out(office: Office) -> None:
    await office.charge(5, date(2026, 11, 5))
    assert (await preflight(office.session, NOVEMBER, Target.U8)).obstacles
    await closed(office)
    with pytest.raises(SettingMissing):
        await hand_over(office.session, NOVEMBER, Target.U8, by=office.finance, at=AFTER_NOVEMBER)
    await exports(office, msgspec.structs.replace(U8, accounts={RECEIVABLE: U8.accounts[RECEIVABLE]}))

    found = await preflight(office.session, NOVEMBER, Target.U8)

    assert (found.waiting, [obstacle.account for obstacle in found.obstacles]) == (1, [PENDING])
    with pytest.raises(ExportRefused):
        await hand_over(office.session, NOVEMBER, Target.U8, by=office.finance, at=AFTER_NOVEMBER)
    assert await list_exports(office.session, NOVEMBER) == []
    with pytest.raises(PermissionMissing):
        await hand_over(office.session, NOVEMBER, Target.U8, by=office.counter.cast.admin, at=AFTER_NOVEMBER)


@pytest.mark.parametrize(
    ("statement", "state"),
    [
        ("INSERT INTO voucher_export_item SELECT target, voucher_id, export_id FROM voucher_export_item", "23505"),
        ("UPDATE voucher_export_item SET target = 'k3'", "42501"),
        ("DELETE FROM voucher_export", "42501"),
        (
            "INSERT INTO voucher_export SELECT gen_random_uuid(), target, month, setting_id, 1, sha256, exported_by, "
            "exported_at FROM voucher_export; SET CONSTRAINTS ALL IMMEDIATE",
            "23514",
        ),
        (
            "INSERT INTO voucher_export SELECT gen_random_uuid(), target, '2026-12-01', setting_id, 1, sha256, "
            "exported_by, exported_at FROM voucher_export",
            "23514",
        ),
    ],
    ids=["twice", "moved", "deleted", "without its vouchers", "of an open month"],
)
async def test_the_database_itself_keeps_what_went_out(office: Office, statement: str, state: str) -> None:
    await closed(office, 12_345)
    await office.charge(5, date(2026, 12, 1))
    await exports(office)
    await hand_over(office.session, NOVEMBER, Target.U8, by=office.finance, at=AFTER_NOVEMBER)

    with pytest.raises(DBAPIError) as refused:
        for part in statement.split("; "):
            await office.session.execute(text(part))

    assert getattr(refused.value.orig, "sqlstate", None) == state


async def test_a_file_that_would_not_be_the_same_is_not_handed_out(office: Office) -> None:
    await closed(office, 12_345)
    await exports(office)
    made = await hand_over(office.session, NOVEMBER, Target.U8, by=office.finance, at=AFTER_NOVEMBER)
    office.session.expunge(made)
    made.sha256 = bytes(32)
    with pytest.raises(FileChanged):
        await fetch_file(office.session, made, by=office.finance, at=AFTER_NOVEMBER)
    assert await waiting_vouchers(office.session, NOVEMBER, Target.U8) == {}


@pytest.mark.parametrize("wanted", [True, False])
async def test_opening_balances_go_out_too_unless_the_target_has_them(office: Office, wanted: bool) -> None:
    await office.act_as(office.finance)
    stood = OpeningBalance(account=AccountUse.PENDING_DETERMINATION, side=Side.DEBIT, fen=700)
    await post_opening(office.session, NOVEMBER, [stood], idempotency_key="o", by=office.finance, at=AFTER_NOVEMBER)
    await closed(office, 12_345)
    await exports(office, msgspec.structs.replace(U8, openings=wanted))

    found = await preflight(office.session, NOVEMBER, Target.U8)

    assert found.waiting == (2 if wanted else 1)
    assert [obstacle.account for obstacle in found.obstacles] == (["410499"] if wanted else [])


async def test_a_voucher_counts_the_evidence_of_the_cost_that_it_books(office: Office) -> None:
    account_manager = office.counter.cast.account_manager
    drafted = await office.counter.claim()
    for _ in range(3):
        item, ticket = await office.counter.held(drafted.number, account_manager)
        await add_evidence(office.session, ticket, item, invoice(), by=account_manager, at=office.counter.desk.now)
    await submit_cost(office.session, item, by=account_manager, at=office.counter.desk.now)
    await office.counter.verify(item.number)
    await office.counter.desk.act_as(AGENCY)
    await attribute_costs(office.session, item.merchant_id, item.ticket_id, at=office.counter.desk.now)
    await office.charge(5, date(2026, 11, 30))
    await office.issue()
    await carry(office, Check.UNDETERMINED)
    await close_month(office.session, NOVEMBER, by=office.finance, at=AFTER_NOVEMBER)
    payable = TargetAccount(code="2241", name="其他应付款")
    await exports(office, msgspec.structs.replace(U8, accounts={**U8.accounts, "224101": payable}))

    made = await hand_over(office.session, NOVEMBER, Target.U8, by=office.finance, at=AFTER_NOVEMBER)
    file = await fetch_file(office.session, made, by=office.finance, at=AFTER_NOVEMBER)

    rows = [line.split(",") for line in file.content.decode("gbk").splitlines()[1:]]
    assert [(row[2], row[3]) for row in rows] == [("1", "3"), ("1", "3"), ("2", "0"), ("2", "0")]

"""A month is closed when nothing blocks it, and its vouchers go out once to each accounting program."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from anshou.finance.answering_disputes import Rejection, reject_dispute
from anshou.finance.carrying_over import Carrying, carry_over
from anshou.finance.close_checks import Check
from anshou.finance.closing import Checklist, close_month, read_checklist
from anshou.finance.disputing_lines import Objection, dispute_line
from anshou.finance.errors import CloseBlocked
from anshou.finance.handing_over import fetch_file, hand_over, set_export
from anshou.finance.periods import Reopening, reopen_period, request_reopening
from anshou.finance.reading_statements import line_at
from anshou.finance.reconciling import explain
from anshou.people.errors import PermissionMissing
from billing.ledger.errors import PeriodNotReady
from billing.ledger.periods import PeriodState
from billing.ledger.posting import reverse
from billing.reconciliation.batches import Arrival, Arrived, ExternalLineRow, import_lines
from billing.statements.errors import StatementNotFound
from billing.voucher_exports.choosing import waiting_vouchers
from billing.voucher_exports.errors import FileChanged, SettingMissing
from billing.voucher_exports.exporting import list_exports, preflight
from billing.voucher_files.shapes import Export, ExportRefused, ReversalStyle, Target, TargetAccount
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

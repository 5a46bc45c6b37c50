"""What stays open as a month is closed goes over into the next by name, with a reason, and blocks that one too."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from anshou.finance.carrying_over import Carrying, carried_together, carry_over, open_things
from anshou.finance.close_checks import Check
from anshou.finance.closing import close_month, read_checklist
from anshou.finance.errors import NothingToCarryOver
from anshou.finance.reconciling import match_by_hand, set_match_rule, write_off
from anshou.finance.statements import Payment, record_payment
from anshou.people.errors import PermissionMissing
from billing.ledger.errors import PeriodNotReady
from billing.ledger.periods import open_period
from billing.ledger.uses import AccountUse
from billing.reconciliation.batches import Arrival, Arrived, ExternalLineRow, import_lines
from billing.reconciliation.books import open_lines
from billing.reconciliation.rules import MatchRule
from tests.finance.office import AFTER_NOVEMBER, NOVEMBER, Office
from tests.finance.test_month_closing import DECEMBER, carry, checklist, counts


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

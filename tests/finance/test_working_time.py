"""Labour is claimed by time: exact pay by rate and day, the rate of a person before that of a role."""

from datetime import date

import pytest

from anshou.finance.errors import ClaimInvalid, OwnClaim
from anshou.finance.flags import FlagKind, flags_of
from anshou.finance.rates import PaidRole
from anshou.finance.verifying import verify_cost
from anshou.finance.working_time import TimeWorked, Work, claim_time
from billing.costs.errors import NoRate
from billing.costs.items import CostItem
from billing.costs.labour import DayKind
from billing.costs.states import State
from billing.costs.time_entries import find_time_entry, rates_in_force
from billing.parties import CostCategory
from tests.finance.counter import Counter

# A Friday, a Saturday, the first day of the national holiday and the last of its days off.
FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)
HOLIDAY, DAY_OFF = date(2026, 10, 1), date(2026, 10, 7)


async def _worked(
    counter: Counter, day: date, minutes: int = 90, work: Work = Work.OVERTIME, **more: object
) -> CostItem:
    by = counter.cast.specialist
    ticket = await counter.ticket(by)
    given = TimeWorked(work=work, worked_on=day, minutes=minutes, **more)  # type: ignore[arg-type]
    return await claim_time(counter.session, ticket, given, by=by, at=counter.desk.now)


@pytest.mark.parametrize(
    ("day", "kind", "fen"),
    [
        (FRIDAY, DayKind.WORKDAY, 90 * 6000 * 150 // 6000),
        (SATURDAY, DayKind.REST_DAY, 18_000),
        (HOLIDAY, DayKind.HOLIDAY, 27_000),
        (DAY_OFF, DayKind.REST_DAY, 18_000),
    ],
)
async def test_overtime_is_paid_by_the_day(counter: Counter, day: date, kind: DayKind, fen: int) -> None:
    await counter.rate(6_000)
    item = await _worked(counter, day)
    assert (item.category, item.fen, item.state) == (CostCategory.LABOUR_OVERTIME, fen, State.DRAFT)
    entry = await find_time_entry(counter.session, item)
    assert entry is not None
    assert (entry.day_kind, entry.minutes, entry.rate_fen, entry.pay.fen) == (kind, 90, 6_000, fen)


async def test_a_specialists_support_is_paid_at_the_rate_on_any_day(counter: Counter) -> None:
    await counter.rate(6_000)
    assert (await _worked(counter, SATURDAY, work=Work.SPECIALIST)).fen == 9_000


async def test_a_persons_own_rate_goes_before_their_roles_and_counts_from_its_day(counter: Counter) -> None:
    specialist = counter.cast.specialist
    await counter.rate(6_000)
    await counter.rate(8_000, role=None, person=specialist.id, valid_from=date(2026, 11, 1))
    assert (await _worked(counter, HOLIDAY, 60)).fen == 18_000
    assert (await _worked(counter, FRIDAY, 60)).fen == 12_000
    await counter.rate(None, role=None, person=specialist.id, valid_from=date(2026, 11, 20))
    assert (await _worked(counter, FRIDAY, 60)).fen == 9_000
    await counter.desk.act_as(counter.cast.finance.context())
    in_force = await rates_in_force(counter.session, FRIDAY)
    assert [(rate.role, rate.fen_per_hour) for rate in in_force] == [(PaidRole.SPECIALIST.value, 6_000)]


async def test_without_a_rate_nothing_is_guessed(counter: Counter) -> None:
    with pytest.raises(NoRate, match="2026-11-20 没有工时费率"):
        await _worked(counter, FRIDAY)


async def test_a_rate_set_later_leaves_what_was_claimed(counter: Counter) -> None:
    await counter.rate(6_000)
    item = await _worked(counter, FRIDAY, 60)
    await counter.rate(60_000)
    assert (await counter.item(item.number, counter.cast.finance)).fen == 9_000


async def test_a_day_to_come_and_a_merchants_person_are_refused(counter: Counter) -> None:
    await counter.rate(6_000)
    with pytest.raises(ClaimInvalid, match="不能晚于今天"):
        await _worked(counter, date(2026, 11, 30))
    with pytest.raises(ClaimInvalid, match="在职的同事"):
        await _worked(counter, FRIDAY, person=counter.cast.owner.id)


async def test_nobody_verifies_their_own_time_though_another_entered_it(counter: Counter) -> None:
    finance = counter.cast.finance
    await counter.rate(6_000, role=PaidRole.FINANCE)
    item = await _worked(counter, FRIDAY, person=finance.id)
    item.state = State.SUBMITTED
    await counter.session.flush()
    item = await counter.item(item.number, finance)
    with pytest.raises(OwnClaim):
        await verify_cost(counter.session, item, by=finance, at=counter.desk.now)


async def test_more_overtime_than_the_law_allows_in_a_month_is_flagged(counter: Counter) -> None:
    await counter.rate(6_000)
    items = [await _worked(counter, date(2026, 11, day), 12 * 60) for day in (14, 15, 21)]
    item = await counter.item(items[-1].number, counter.cast.finance)
    assert await flags_of(counter.session, item, []) == []
    last = await _worked(counter, FRIDAY, 30)
    item = await counter.item(last.number, counter.cast.finance)
    (flag,) = await flags_of(counter.session, item, [])
    assert flag.kind is FlagKind.OVERTIME
    assert "36.5 小时" in flag.why

"""Budgets: set by those who may, counted from verified costs by their day, told of once per threshold."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event, text

from anshou.finance.budgets import (
    BudgetChange,
    BudgetGiven,
    BudgetRetirement,
    Watched,
    budgets_at,
    change_budget,
    history_of,
    may_set,
    retire_budget,
    set_budget,
    visible_budget,
)
from anshou.finance.watching_budgets import watch_budgets, watch_budgets_of
from anshou.people.accounts import Account
from anshou.people.errors import PermissionMissing
from anshou.people.grants import Grant, set_grants
from anshou.people.person import Person
from anshou.people.persons import find_person
from anshou.people.roles import Department, Role
from billing.budgets.errors import BudgetChanged, BudgetExists, BudgetNotFound, BudgetRetired
from billing.budgets.lines import Budget, passings_of
from billing.budgets.periods import Per
from billing.budgets.watching import Standing
from billing.parties import CostCategory
from tenants.base import new_id
from tenants.context import AGENCY
from tenants.shapes import ShapeInvalid, accept
from tests.cast import staff
from tests.finance.counter import Counter

DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LICENCES = BudgetGiven(category=CostCategory.MATERIAL_LICENCE, day=DAY, fen=1_000_000)


async def given(counter: Counter, budget: BudgetGiven = LICENCES, by: Person | None = None) -> Budget:
    by = by or counter.cast.executive
    await counter.desk.act_as(by.context())
    return await set_budget(counter.session, budget, by=by, at=AT)


async def stands(counter: Counter, budget: Budget, today: date = DAY) -> Watched:
    await counter.desk.act_as(AGENCY)
    found = await budgets_at(counter.session, budget.first_day, by=counter.cast.finance, today=today)
    return next(one for one in found if one.budget.id == budget.id)


async def test_what_is_verified_within_the_period_is_used_and_nothing_else(counter: Counter) -> None:
    budget = await given(counter)
    await counter.verify((await counter.submit(fen=300_000)).number)
    await counter.verify((await counter.submit(fen=100_000, incurred_on=date(2026, 10, 31))).number)
    await counter.verify((await counter.submit(fen=100_000, category=CostCategory.COMMUNICATION)).number)
    await counter.submit(fen=70_000)
    await counter.claim(fen=50_000)
    found = await stands(counter, budget)
    assert (found.spent.used, found.spent.waiting) == (300_000, 70_000)
    assert found.standing is Standing.OK
    # Of November's 21 workdays 15 are over on the 20th; the last 21 hold October's licence too.
    assert found.spent.recent == 400_000
    assert found.forecast == 300_000 + (2 * 400_000 * 6 + 21) // 42


async def test_a_budget_counts_what_all_its_dimensions_say(counter: Counter) -> None:
    await counter.verify((await counter.submit(by=counter.cast.specialist, fen=200_000)).number)
    department = (await counter.item("FY2611-00001", counter.cast.finance)).department
    of = {"day": DAY, "fen": 1_000_000}
    theirs = await given(counter, BudgetGiven(department=Department(department), **of))
    others = await given(counter, BudgetGiven(department=Department.LOGISTICS, **of))
    yunshan = await given(counter, BudgetGiven(merchant=counter.cast.yunshan.id, per=Per.QUARTER, **of))
    qinghe = await given(counter, BudgetGiven(merchant=counter.cast.qinghe.id, per=Per.YEAR, **of))
    used = [(await stands(counter, one)).spent.used for one in (theirs, others, yunshan, qinghe)]
    assert used == [200_000, 0, 200_000, 0]


async def test_at_four_fifths_and_at_all_of_it_a_budget_is_told_of_once(counter: Counter) -> None:
    budget, quiet = (
        await given(counter),
        await given(counter, BudgetGiven(department=Department.QUALITY, day=DAY, fen=1)),
    )
    told = []
    for fen in (499_999, 300_001, 200_000, 5):
        item = await counter.verify((await counter.submit(fen=fen, tax_fen=0)).number)
        await counter.desk.act_as(AGENCY)
        told.append(await watch_budgets_of(counter.session, item.merchant_id, item.id, at=AT))
        assert await watch_budgets_of(counter.session, item.merchant_id, item.id, at=AT) == []
        assert await watch_budgets(counter.session, at=AT) == []
    assert told == [[], [(budget.id, Standing.WARNED)], [(budget.id, Standing.FLAGGED)], []]
    (passings,) = (await passings_of(counter.session, budget)).values()
    assert [(one.threshold, one.used_fen) for one in passings] == [
        (Standing.WARNED, 800_000),
        (Standing.FLAGGED, 1_000_000),
    ]
    assert await passings_of(counter.session, quiet) == {}


async def test_who_hears_that_all_is_used_does_not_hear_of_four_fifths_at_the_same_moment(counter: Counter) -> None:
    budget = await given(counter, BudgetGiven(category=CostCategory.MATERIAL_LICENCE, day=DAY, fen=1_000))
    await counter.verify((await counter.submit()).number)
    await counter.desk.act_as(AGENCY)
    assert await watch_budgets(counter.session, at=AT) == [(budget.id, Standing.FLAGGED)]
    assert await watch_budgets(counter.session, at=AT) == []


async def test_a_cost_of_a_period_that_is_over_is_still_watched(counter: Counter) -> None:
    october = date(2026, 10, 31)
    budget = await given(counter, BudgetGiven(category=CostCategory.MATERIAL_LICENCE, day=october, fen=1_000))
    item = await counter.verify((await counter.submit(incurred_on=october)).number)
    await counter.desk.act_as(AGENCY)
    assert await watch_budgets(counter.session, at=AT) == []
    told = await watch_budgets_of(counter.session, item.merchant_id, item.id, at=AT)
    assert told == [(budget.id, Standing.FLAGGED)]


async def test_a_raised_budget_is_watched_anew(counter: Counter) -> None:
    budget = await given(counter, BudgetGiven(category=CostCategory.MATERIAL_LICENCE, day=DAY, fen=128_000))
    await counter.verify((await counter.submit()).number)
    await counter.desk.act_as(AGENCY)
    assert await watch_budgets(counter.session, at=AT) == [(budget.id, Standing.FLAGGED)]
    by = counter.cast.executive
    await change_budget(counter.session, budget, BudgetChange(version=1, fen=160_000), by=by, at=AT)
    assert (await stands(counter, budget)).standing is Standing.WARNED
    assert await watch_budgets(counter.session, at=AT) == [(budget.id, Standing.WARNED)]


@pytest.mark.parametrize("role", list(Role))
async def test_executives_set_budgets_and_of_the_supervisors_finances(counter: Counter, role: Role) -> None:
    person = counter.cast.everybody[role]
    assert may_set(person) is (role is Role.EXECUTIVE)
    if role is not Role.EXECUTIVE:
        with pytest.raises(PermissionMissing):
            await given(counter, by=person)
    budget = await given(counter)
    of_finance = replace(counter.cast.supervisor, supervises=frozenset({Department.FINANCE}))
    await change_budget(counter.session, budget, BudgetChange(version=1, fen=5), by=of_finance, at=AT)
    if role is not Role.EXECUTIVE:
        with pytest.raises(PermissionMissing):
            await change_budget(counter.session, budget, BudgetChange(version=2, fen=6), by=person, at=AT)
        with pytest.raises(PermissionMissing):
            await retire_budget(counter.session, budget, BudgetRetirement(reason="不再需要"), by=person, at=AT)


async def test_a_supervisor_sees_the_budgets_of_their_departments(counter: Counter) -> None:
    licences = await given(counter)
    own = await given(counter, BudgetGiven(department=Department.OPERATIONS, day=DAY, fen=100))
    supervisor = counter.cast.supervisor
    await counter.desk.act_as(supervisor.context())
    seen = await budgets_at(counter.session, DAY, by=supervisor, today=DAY)
    assert [one.budget.id for one in seen] == [own.id]
    with pytest.raises(BudgetNotFound):
        await visible_budget(counter.session, licences.id, by=supervisor)
    with pytest.raises(BudgetNotFound):
        await visible_budget(counter.session, new_id(), by=counter.cast.finance)
    for person in (counter.cast.account_manager, counter.cast.admin, counter.cast.owner):
        with pytest.raises(PermissionMissing):
            await budgets_at(counter.session, DAY, by=person, today=DAY)


async def test_the_same_is_budgeted_once_and_a_retired_one_comes_back_with_its_history(counter: Counter) -> None:
    budget, by = await given(counter), counter.cast.executive
    with pytest.raises(BudgetExists, match="2026-11 已有相同范围的预算"):
        await given(counter, BudgetGiven(category=LICENCES.category, day=date(2026, 11, 1), fen=7))
    await given(counter, BudgetGiven(category=LICENCES.category, day=DAY, fen=7, per=Per.QUARTER))
    await retire_budget(counter.session, budget, BudgetRetirement(reason="并入季度预算"), by=by, at=AT)
    with pytest.raises(BudgetRetired):
        await retire_budget(counter.session, budget, BudgetRetirement(reason="再次"), by=by, at=AT)
    with pytest.raises(BudgetRetired):
        await change_budget(counter.session, budget, BudgetChange(version=2, fen=8), by=by, at=AT)
    found = await budgets_at(counter.session, DAY, by=by, today=DAY)
    assert [one.budget.per for one in found] == [Per.QUARTER]
    again = await given(counter, BudgetGiven(category=LICENCES.category, day=DAY, fen=9))
    assert again.id == budget.id
    assert [one.fen for one in await history_of(counter.session, again, by=by)] == [9, None, 1_000_000]


async def test_of_two_who_change_a_budget_the_second_is_told(counter: Counter) -> None:
    budget, by = await given(counter), counter.cast.executive
    await change_budget(counter.session, budget, BudgetChange(version=1, fen=5), by=by, at=AT)
    with pytest.raises(BudgetChanged):
        await change_budget(counter.session, budget, BudgetChange(version=1, fen=6), by=by, at=AT)


async def test_the_database_keeps_budgets_as_they_were_set(counter: Counter) -> None:
    budget = await given(counter)
    for statement in (
        f"UPDATE budget_version SET fen = 5 WHERE budget_id = '{budget.id}'",
        f"DELETE FROM budget WHERE id = '{budget.id}'",
        "INSERT INTO budget SELECT gen_random_uuid(), department, merchant_id, category, per, first_day, made_by, "
        "made_at FROM budget",
        "INSERT INTO budget SELECT gen_random_uuid(), department, merchant_id, category, 'quarter', first_day, "
        "made_by, made_at FROM budget",
        "INSERT INTO budget SELECT gen_random_uuid(), NULL, NULL, NULL, 'year', '2026-01-01', made_by, made_at "
        "FROM budget",
    ):
        assert await counter.desk.refused(statement, counter.cast.executive), statement


async def test_no_budget_is_in_a_merchants_or_the_front_desks_context(counter: Counter) -> None:
    await given(counter)
    for person in (counter.cast.owner, counter.cast.account_manager):
        await counter.desk.act_as(person.context())
        for table in ("budget", "budget_version", "budget_passing"):
            assert await counter.session.scalar(text(f"SELECT count(*) FROM {table}")) == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"category": None}, "department"), ({"fen": 0}, "fen"), ({"fen": 10**12 + 1}, "fen"), ({"fen": 1.5}, "fen")],
)
def test_what_cannot_be_a_budget_is_refused_by_its_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(ShapeInvalid) as refused:
        accept(BudgetGiven, {"category": "freight", "day": "2026-11-20", "fen": 100} | changes)
    assert set(refused.value.fields) == {field}


async def test_a_specialist_of_finance_who_supervises_elsewhere_sets_no_budgets(counter: Counter) -> None:
    admin = counter.cast.admin
    both = await staff(counter.session, "田野", "both", Role.SPECIALIST, departments=(Department.FINANCE,))
    account = await counter.session.get_one(Account, both.id)
    grants = [
        Grant(role=Role.SPECIALIST, department=Department.FINANCE),
        Grant(role=Role.SUPERVISOR, department=Department.LOGISTICS),
    ]
    await set_grants(counter.session, account, grants, by=admin, at=AT)
    person = await find_person(counter.session, both.id)
    assert person is not None
    assert (person.departments, person.supervises) == (
        {Department.FINANCE, Department.LOGISTICS},
        {Department.LOGISTICS},
    )
    assert not may_set(person)
    with pytest.raises(PermissionMissing):
        await given(counter, by=person)
    licences = await given(counter)
    await counter.desk.act_as(person.context())
    with pytest.raises(BudgetNotFound):
        await visible_budget(counter.session, licences.id, by=person)


async def test_all_budgets_of_a_month_are_looked_at_in_one_query(counter: Counter) -> None:
    yunshan = counter.cast.yunshan.id
    wanted = [
        BudgetGiven(merchant=yunshan, day=DAY, fen=500_000),
        BudgetGiven(category=CostCategory.MATERIAL_LICENCE, per=Per.YEAR, day=DAY, fen=500_000),
        BudgetGiven(category=CostCategory.COMMUNICATION, per=Per.QUARTER, day=DAY, fen=500_000),
        BudgetGiven(merchant=yunshan, category=CostCategory.COMMUNICATION, day=DAY, fen=500_000),
        BudgetGiven(merchant=counter.cast.qinghe.id, day=DAY, fen=500_000),
    ]
    made = [await given(counter, one) for one in wanted]
    await counter.verify((await counter.submit(fen=300_000)).number)
    await counter.verify((await counter.submit(fen=40_000, category=CostCategory.COMMUNICATION)).number)
    old = {"incurred_on": date(2026, 10, 9), "tax_fen": 0}
    earlier = await counter.submit(fen=5_000, category=CostCategory.COMMUNICATION, **old)
    await counter.verify(earlier.number)
    await counter.submit(fen=600, tax_fen=0)
    await counter.desk.act_as(AGENCY)
    asked = []
    connection = (await counter.session.connection()).sync_connection

    def count(_: object, __: object, statement: str, *___: object) -> None:
        asked.append(statement)

    event.listen(connection, "before_cursor_execute", count)
    found = await budgets_at(counter.session, DAY, by=counter.cast.finance, today=DAY)
    event.remove(connection, "before_cursor_execute", count)
    assert len([one for one in asked if "cost_item" in one]) == 1
    spent = {one.budget.id: (one.spent.used, one.spent.waiting) for one in found}
    assert [spent[one.id] for one in made] == [(340_000, 600), (300_000, 600), (45_000, 0), (40_000, 0), (0, 0)]

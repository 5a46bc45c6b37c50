"""Whatever happens to tickets, every measure is what plain Python makes of their timelines."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from itertools import cycle
from typing import Any

import pytest
from sqlalchemy import delete, select, text

from anshou.finance.verifying import return_cost
from anshou.performance.asking import NOTHING, By, Narrowed, Period, month_from
from anshou.performance.behind import behind
from anshou.performance.counts import Spread
from anshou.performance.dashboard import Dashboard, dashboard
from anshou.performance.figures import Figure
from anshou.performance.months import fresh_months, measure_month, months_to_measure
from anshou.performance.reading import laid_out, whole
from anshou.performance.sight import sight_of
from anshou.tickets.courses.recounting import recount
from anshou.tickets.courses.rows import Course, DecidedLimit
from anshou.tickets.kinds import Kind
from anshou.tickets.situation import SHANGHAI
from anshou.tickets.tickets import Ticket
from tests.finance.counter import Counter
from tests.performance.plainly import ONE_VERIFIES, Plainly, said
from tests.performance.wandering import Wandering
from tests.tickets.desk import Desk

Of = Callable[[Ticket], bool]


def questions(desk: Desk, chance: random.Random) -> list[tuple[Period, Narrowed, Of]]:
    """Periods short and long, of everything and of each sort of thing."""
    cast, found = desk.cast, []
    last = desk.now.astimezone(SHANGHAI).date()
    narrowed: list[tuple[Narrowed, Of]] = [
        (NOTHING, lambda _: True),
        (Narrowed(merchant=cast.qinghe.id), lambda ticket: ticket.merchant_id == cast.qinghe.id),
        (Narrowed(shop=cast.yunshan.shop_id), lambda ticket: ticket.shop_id == cast.yunshan.shop_id),
        (Narrowed(kind=Kind.SERVICE_QUALITY), lambda ticket: ticket.kind is Kind.SERVICE_QUALITY),
        (Narrowed(person=cast.specialist.id), lambda ticket: ticket.owner_id == cast.specialist.id),
        (Narrowed(unknown=frozenset({By.DEPARTMENT})), lambda ticket: ticket.department is None),
    ]
    for one, of in narrowed:
        found.append((Period(date(2025, 1, 1), last, SHANGHAI), one, of))
        for _ in range(3):
            first = last - timedelta(days=chance.randint(0, 60))
            found.append((Period(first, first + timedelta(days=chance.randint(0, 40)), SHANGHAI), one, of))
    return found


async def rows(desk: Desk) -> set[tuple[Any, ...]]:
    """All courses and decided limits as they are kept."""
    return {
        (kept.__tablename__, *row)
        for kept in (Course, DecidedLimit)
        for row in await desk.session.execute(select(*kept.__table__.columns))
    }


async def spend(desk: Desk, numbers: list[str], chance: random.Random) -> None:
    """What tickets cost: verified, by two where it takes two, still waiting for one of them, and returned."""
    finance, second = desk.cast.finance, await Counter(desk).second_finance()
    ways = cycle(
        (
            (1, [finance]),
            (ONE_VERIFIES, [second]),
            (ONE_VERIFIES + 1, [finance, second]),
            (ONE_VERIFIES + 2, [finance]),
            (128_000, []),
        )
    )
    for number, (fen, verifiers) in zip(sorted(set(numbers)), ways, strict=False):
        counter = Counter(desk, number)
        on = desk.now.astimezone(SHANGHAI).date() - timedelta(days=chance.randint(0, 60))
        item = await counter.submit(desk.cast.service_agent, fen=fen, tax_fen=0, incurred_on=on)
        for person in verifiers:
            await counter.verify(item.number, by=person)
        if not verifiers:
            seen = await counter.item(item.number, finance)
            await return_cost(desk.session, seen, "发票抬头不是本公司", by=finance, at=desk.now)


def shown(found: Dashboard) -> tuple[Any, ...]:
    """A dashboard as something that compares."""
    steps, lines = ([(key, said(counts)) for key, counts in one] for one in (found.steps, found.lines))
    return said(found.period), said(found.before), steps, lines


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_measure_is_what_the_timelines_say(desk: Desk, seed: int) -> None:
    wandering = Wandering(desk, seed)
    await wandering.import_some(4)
    await wandering.wander(tickets=8, moves=150)
    await spend(desk, wandering.numbers, wandering.chance)
    await desk.act_as(desk.cast.executive.context())
    desk.session.expunge_all()
    plainly = await Plainly.read(desk.session)
    stretches = [stretch for life in plainly.lives for stretch in life.stretches]
    assert {"resolved", "withdrawn", "refused", "merged", None} <= {stretch.outcome for stretch in stretches}
    assert any(stretch.reopened for stretch in stretches)
    assert any(life.waits for life in plainly.lives)
    assert {item.fen > ONE_VERIFIES for _, item in plainly.costs} == {False, True}
    sight = await sight_of(desk.session, desk.cast.executive)
    # With every other month kept, so that periods are put together of what is kept and what is not.
    for month in (await months_to_measure(desk.session, desk.now.date(), limit=100))[::2]:
        await measure_month(desk.session, month, at=desk.now)
    for period, narrowed, of in questions(desk, wandering.chance):
        expected = said(plainly.count(period, of))
        counted = await whole(desk.session, sight, period, narrowed, repeat_days=30)
        assert said(counted) == expected, (period, narrowed)
        listed = await behind(desk.session, sight, Figure.REPEATED, period, narrowed, repeat_days=30, limit=1000)
        assert len(listed) == expected["repeated"]
    period = Period(date(2025, 1, 1), desk.now.date(), SHANGHAI)
    for by, name in ((By.CATEGORY, "category"), (By.DEPARTMENT, "department"), (By.PERSON, "owner_id")):
        found = await laid_out(desk.session, sight, period, NOTHING, repeat_days=30, by=by)
        for key, counts in found.lines.items():
            expected = said(plainly.count(period, lambda ticket, k=key, n=name: getattr(ticket, n) == k))
            # Lines have spreads of open time alone.
            expected |= {"response_wall": Spread(), "handling_wall": Spread()}
            counts.add({Figure.BACKLOG: expected["backlog"]})
            assert said(counts) == expected, (by, key)


async def test_counting_anew_makes_the_same_courses(desk: Desk) -> None:
    wandering = Wandering(desk, 4)
    await wandering.import_some(2)
    await wandering.wander(tickets=8, moves=60)
    await desk.act_as(desk.cast.executive.context())
    kept = await rows(desk)
    ids = list(await desk.session.scalars(select(Ticket.id)))
    await recount(desk.session, ids)
    assert await rows(desk) == kept
    for one in (Course, DecidedLimit):
        await desk.session.execute(delete(one))
    await recount(desk.session, ids)
    assert await rows(desk) == kept


async def test_what_is_kept_of_a_month_is_never_older_than_the_last_move(desk: Desk) -> None:
    wandering = Wandering(desk, 5)
    await wandering.wander(tickets=4, moves=10)
    for _ in range(5):
        await desk.act_as(desk.cast.executive.context())
        last = desk.now.astimezone(SHANGHAI).date()
        for month in await months_to_measure(desk.session, last, limit=100):
            await measure_month(desk.session, month, at=desk.now)
        period = Period(date(2026, 1, 1), month_from(last, 1) - timedelta(days=1), SHANGHAI)
        sight = await sight_of(desk.session, desk.cast.executive)
        assert await fresh_months(desk.session, period)
        await wandering.wander(tickets=0, moves=3)
        await desk.act_as(desk.cast.executive.context())
        for by in (By.PERSON, By.MERCHANT, By.KIND):
            for narrowed in (NOTHING, Narrowed(kind=Kind.SERVICE_QUALITY)):
                kept = await dashboard(desk.session, sight, period, narrowed, by=by)
                await desk.session.execute(text("UPDATE measured_state SET basis = '-' || basis"))
                assert not await fresh_months(desk.session, period)
                counted = await dashboard(desk.session, sight, period, narrowed, by=by)
                await desk.session.execute(text("UPDATE measured_state SET basis = substr(basis, 2)"))
                assert shown(kept) == shown(counted)

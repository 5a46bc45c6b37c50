"""Budgets are watched when a cost is verified, and once a day: a day's end moves no sum, but a budget may be new."""

from datetime import timedelta
from uuid import UUID

import msgspec

from anshou.finance.watching_budgets import WATCH_BUDGETS, watch_budgets, watch_budgets_of
from anshou.worker.schedules import Schedule
from anshou.worker.work import Work, actor


class OfCost(msgspec.Struct, frozen=True):
    """Which cost was verified; none when the day's turn has come for all budgets."""

    merchant: UUID | None = None
    item: UUID | None = None


@actor(WATCH_BUDGETS, OfCost)
async def watch(work: Work, cost: OfCost) -> None:
    """Tell those concerned of every threshold that is passed for the first time."""
    async with work.finish() as session:
        if cost.merchant is not None and cost.item is not None:
            await watch_budgets_of(session, cost.merchant, cost.item, at=work.at)
        else:
            await watch_budgets(session, at=work.at)


EVERY_DAY = Schedule(name=WATCH_BUDGETS, actor=watch.name, every=timedelta(days=1), spread=timedelta(hours=1))

"""Every measure counted once more, in plain Python, from the timeline's entries, the clocks and what was done to costs.

Knows nothing of courses, kept limits, statements or open time: days are walked through, lists are sorted, rows are
looked at one by one. Only what a ticket is (merchant, kind, category, …) is read from its row.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from math import ceil
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.performance.asking import Period
from anshou.performance.counts import Counts, Spread
from anshou.performance.figures import Figure
from anshou.tickets.clocks.clock_rows import TicketClock
from anshou.tickets.entries import Entry
from anshou.tickets.kinds import Clock
from anshou.tickets.situation import SHANGHAI
from anshou.tickets.tickets import Ticket
from billing.costs.items import CostDeed, CostItem

ENDS = {
    "close": "resolved",
    "withdraw": "withdrawn",
    "refuse": "refused",
    "merge": "merged",
    "close_unanswered": "unanswered",
}
OPENS, CLOSES = time(9), time(18, 30)
ONE_VERIFIES = 500_000


@dataclass
class Stretch:
    """One time that a ticket was open."""

    ticket: Ticket
    first: bool
    began: datetime
    ended: datetime | None = None
    outcome: str | None = None
    reopened: bool = False
    unsatisfied: int = 0
    rating: tuple[datetime, int, bool] | None = None


@dataclass
class Life:
    """A ticket as its timeline tells it."""

    ticket: Ticket
    stretches: list[Stretch] = field(default_factory=list)
    waits: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    responded: datetime | None = None


def live(ticket: Ticket, entries: Sequence[Entry], clocks: Sequence[TicketClock]) -> Life:
    """Follow the timeline from its first entry to its last."""
    life = Life(ticket)
    waits = False
    for entry in entries:
        if "status" in entry.changes:
            now_waits = entry.changes["status"][1] == "awaiting_customer"
            if now_waits and not waits:
                life.waits.append((entry.at, None))
            if waits and not now_waits:
                life.waits[-1] = (life.waits[-1][0], entry.at)
            waits = now_waits
        if entry.part_of is not None or entry.move is None:
            continue
        if entry.move == "open":
            life.stretches.append(Stretch(ticket, True, entry.at))
        elif entry.move == "reopen":
            life.stretches[-1].reopened = True
            life.stretches.append(Stretch(ticket, False, entry.at))
        elif entry.move in ENDS:
            life.stretches[-1].ended, life.stretches[-1].outcome = entry.at, ENDS[entry.move]
        elif entry.move in {"reject_plan", "ask_again"}:
            life.stretches[-1].unsatisfied += 1
        elif entry.move == "rate":
            satisfied = entry.record["satisfied"]
            life.stretches[-1].unsatisfied += not satisfied
            life.stretches[-1].rating = entry.at, entry.record["score"], satisfied
    answers = [clock for clock in clocks if clock.clock is Clock.FIRST_RESPONSE]
    if answers:
        life.responded = min(answers, key=lambda clock: (clock.started_at, clock.id)).met_at
    return life


def served(since: datetime, until: datetime) -> timedelta:
    """The time within service hours, day after day."""
    whole, day = timedelta(), since.astimezone(SHANGHAI).date()
    while day <= until.astimezone(SHANGHAI).date():
        opens, closes = datetime.combine(day, OPENS, SHANGHAI), datetime.combine(day, CLOSES, SHANGHAI)
        whole += max(timedelta(), min(closes, until) - max(opens, since))
        day += timedelta(days=1)
    return whole


def minutes(length: timedelta) -> int:
    return int(length // timedelta(minutes=1))


def handled(life: Life, stretch: Stretch) -> timedelta:
    """Service hours from beginning to end, without those in which the merchant was waited for."""
    assert stretch.ended is not None
    length = served(stretch.began, stretch.ended)
    for since, until in life.waits:
        begins, ends = max(since, stretch.began), min(until or stretch.ended, stretch.ended)
        if begins < ends:
            length -= served(begins, ends)
    return length


def spread(times: Sequence[int]) -> Spread:
    """By sorting."""
    if not times:
        return Spread()
    lined = sorted(times)
    return Spread(len(lined), lined[ceil(len(lined) / 2) - 1], lined[ceil(len(lined) * 9 / 10) - 1])


def is_verified(item: CostItem, deeds: Sequence[str]) -> bool:
    """Whether whoever has to verify it has: above a limit two of them."""
    wanted = "verified" if item.fen <= ONE_VERIFIES else "countersigned"
    return bool(deeds) and deeds[-1] in {wanted, "allocated"}


class Plainly:
    """All tickets, read once."""

    def __init__(
        self,
        lives: Sequence[Life],
        clocks: Sequence[tuple[Ticket, TicketClock]],
        costs: Sequence[tuple[Ticket, CostItem]],
    ) -> None:
        self.lives, self.clocks, self.costs = lives, clocks, costs

    @classmethod
    async def read(cls, session: AsyncSession) -> "Plainly":
        """Everything that the context reaches."""
        tickets = (await session.scalars(select(Ticket))).all()
        entries = (await session.scalars(select(Entry).order_by(Entry.at, Entry.id))).all()
        clocks = (await session.scalars(select(TicketClock))).all()
        lives = [
            live(
                ticket,
                [entry for entry in entries if entry.ticket_id == ticket.id],
                [clock for clock in clocks if clock.ticket_id == ticket.id],
            )
            for ticket in tickets
        ]
        by_id = {ticket.id: ticket for ticket in tickets}
        items = (await session.scalars(select(CostItem))).all()
        deeds = (await session.scalars(select(CostDeed).order_by(CostDeed.done_at))).all()
        costs = [
            (by_id[item.ticket_id], item)
            for item in items
            if is_verified(item, [one.deed.value for one in deeds if one.item_id == item.id])
        ]
        return cls(lives, [(by_id[clock.ticket_id], clock) for clock in clocks], costs)

    def count(self, period: Period, of: Callable[[Ticket], bool], repeat_days: int = 30) -> Counts:
        """The counts of the period."""

        def inside(at: datetime | None) -> bool:
            return at is not None and period.first <= at.astimezone(SHANGHAI).date() <= period.last

        counts = Counts()
        response: list[tuple[int, int]] = []
        handling: list[tuple[int, int]] = []

        def one(figure: Figure, counted: bool) -> None:
            counts.add({figure: int(counted)})

        for life in self.lives:
            if not of(life.ticket):
                continue
            opened = life.stretches[0].began
            if inside(life.responded):
                assert life.responded is not None
                one(Figure.RESPONDED, True)
                response.append((minutes(served(opened, life.responded)), minutes(life.responded - opened)))
            for stretch in life.stretches:
                if inside(stretch.began):
                    one(Figure.OPENED, stretch.first)
                    one(Figure.REOPENED_AGAIN, not stretch.first)
                    complains = stretch.first and life.ticket.category is not None and stretch.outcome != "merged"
                    one(Figure.COMPLAINTS, complains)
                    one(Figure.REPEATED, complains and self._had_ended(life, repeat_days))
                if stretch.began.astimezone(SHANGHAI).date() <= period.last:
                    one(
                        Figure.BACKLOG, stretch.ended is None or stretch.ended.astimezone(SHANGHAI).date() > period.last
                    )
                if stretch.rating is not None and inside(stretch.rating[0]):
                    one(Figure.RATED, True)
                    one(Figure.SATISFIED, stretch.rating[2])
                    counts.scores += stretch.rating[1]
                if stretch.ended is None or not inside(stretch.ended):
                    continue
                merged = stretch.outcome == "merged"
                one(Figure.CLOSED, True)
                one(Figure.ENDED, not merged)
                one(Figure.JUDGED, stretch.outcome not in {"merged", "withdrawn"})
                one(Figure.RESOLVED, stretch.outcome == "resolved" and not stretch.reopened)
                one(Figure.REOPENED, not merged and stretch.reopened)
                one(Figure.UNSATISFIED, not merged and stretch.unsatisfied > 0)
                counts.rounds += 0 if merged else stretch.unsatisfied
                if stretch.outcome == "resolved":
                    one(Figure.HANDLED, True)
                    handling.append((minutes(handled(life, stretch)), minutes(stretch.ended - stretch.began)))
        for ticket, clock in self.clocks:
            decided = clock.breached_at or clock.met_at
            if of(ticket) and clock.limit_value is not None and inside(decided):
                into = counts.kept if clock.breached_at is None else counts.breached
                into[clock.clock] = into.get(clock.clock, 0) + 1
        counts.fen = sum(
            item.fen for ticket, item in self.costs if of(ticket) and period.first <= item.incurred_on <= period.last
        )
        counts.response_open, counts.response_wall = (spread([one[at] for one in response]) for at in (0, 1))
        counts.handling_open, counts.handling_wall = (spread([one[at] for one in handling]) for at in (0, 1))
        return counts

    def _had_ended(self, life: Life, days: int) -> bool:
        opened = life.stretches[0].began
        return any(
            stretch.ended is not None
            and stretch.outcome != "merged"
            and opened - timedelta(days=days) <= stretch.ended <= opened
            for other in self.lives
            if other is not life
            and other.ticket.merchant_id == life.ticket.merchant_id
            and other.ticket.category is life.ticket.category
            for stretch in other.stretches
        )


def said(counts: Counts) -> dict[str, Any]:
    """Counts as something that compares: zeros and what is missing are the same."""
    found: dict[str, Any] = {
        name: getattr(counts, name)
        for name in ("rounds", "scores", "response_open", "response_wall", "handling_open", "handling_wall")
    }
    found |= {
        name: {clock: number for clock, number in getattr(counts, name).items() if number}
        for name in ("kept", "breached")
    }
    found["fen"] = counts.fen or 0
    return found | {figure.value: counts[figure] for figure in Figure if figure is not Figure.COSTED}

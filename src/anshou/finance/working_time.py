"""Claiming labour by the time worked: the amount follows from minutes, rate and the day, and nobody types it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.claiming import Claim, add_item, check_claim, check_note
from anshou.finance.errors import ClaimInvalid
from anshou.people.cards import staff_among
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.people.persons import find_person
from anshou.tickets.clocks.figures import WORKING_HOURS
from anshou.tickets.clocks.reading import read_rulebook
from anshou.tickets.tickets import Ticket
from billing.costs.errors import NoRate
from billing.costs.items import CostItem
from billing.costs.labour import MINUTES_OF_A_DAY, DayKind, Pay, kind_of_day
from billing.costs.rules import read_cost_rules
from billing.costs.time_entries import TimeEntry, rate_on
from billing.days import require_bookable
from billing.parties import CostCategory
from tenants.labels import Labelled
from tenants.refusals import N_, Message


class Work(Labelled):
    """What kind of labour it was, by the category that it is claimed under."""

    OVERTIME = CostCategory.LABOUR_OVERTIME.value, CostCategory.LABOUR_OVERTIME.label
    SPECIALIST = CostCategory.LABOUR_SPECIALIST.value, CostCategory.LABOUR_SPECIALIST.label


class TimeWorked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who worked how long on a day; time past midnight is the next day's. Without a person it is whoever enters it."""

    work: Annotated[Work, Meta(title=N_("工时类别"))]
    person: Annotated[UUID | None, Meta(title=N_("工作人员"))] = None
    worked_on: Annotated[date, Meta(title=N_("工作日期"))]
    minutes: Annotated[int, Meta(ge=1, le=MINUTES_OF_A_DAY, title=N_("工时（分钟）"))]
    note: Annotated[str, Meta(max_length=200, title=N_("工作内容（不写消费者信息）"))] = ""

    def __post_init__(self) -> None:
        """Refuse numbers of people where everybody who verifies reads them."""
        require_bookable(self.worked_on, "worked_on")
        check_note(self.note)


async def claim_time(session: AsyncSession, ticket: Ticket, given: TimeWorked, *, by: Person, at: datetime) -> CostItem:
    """Draft what the time costs. Overtime counts by the day: a workday, a rest day or a statutory holiday.

    Raises PermissionMissing, NoRate, HolidaysUnknown, ClaimInvalid.
    """
    authorize(by, Permission.RECORD_COSTS)
    worker = await _worker(session, given.person or by.id)
    rate = await rate_on(session, worker.id, frozenset(role.value for role in worker.roles), given.worked_on)
    if rate is None or rate.fen_per_hour is None:
        raise NoRate(worker.name, given.worked_on.isoformat())
    kind, percent = await _day(session, given)
    pay = Pay(minutes=given.minutes, rate_fen=rate.fen_per_hour, percent=percent)
    if pay.fen < 1:
        raise ClaimInvalid("minutes", Message(N_("按费率计算不足一分钱")))
    claim = Claim(
        category=CostCategory(given.work.value), fen=pay.fen, incurred_on=given.worked_on, note=given.note.strip()
    )
    currency = await check_claim(session, ticket, claim, by=by, at=at)
    item = await add_item(session, ticket, claim, currency, by=by, at=at)
    session.add(
        TimeEntry(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            item_id=item.id,
            person_id=worker.id,
            worked_on=given.worked_on,
            minutes=given.minutes,
            day_kind=kind,
            percent=percent,
            rate_fen=rate.fen_per_hour,
            rate_id=rate.id,
            entered_by=by.id,
            entered_at=at,
        )
    )
    await session.flush()
    return item


async def _worker(session: AsyncSession, person_id: UUID) -> Person:
    found = await find_person(session, person_id)
    if found is None or not await staff_among(session, [person_id]):
        raise ClaimInvalid("person", Message(N_("请选择在职的同事")))
    return found


async def _day(session: AsyncSession, given: TimeWorked) -> tuple[DayKind, int]:
    """What the day was by the calendar of working hours, and what is paid for it in per cent."""
    calendar = (await read_rulebook(session)).calendar(WORKING_HOURS)
    kind = kind_of_day(given.worked_on, is_worked=bool(calendar.hours_on(given.worked_on)))
    if given.work is Work.SPECIALIST:
        return kind, 100
    return kind, (await read_cost_rules(session)).percent(kind)

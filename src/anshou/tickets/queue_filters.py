"""What narrows a queue: a condition for everything that stands on a ticket.

What only the agency's inside knows (severity, escalation, what is confidential, how the merchant rated it) narrows
nothing for whoever reads summaries alone or works for a merchant: a filter would tell it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from anshou.merchants.limits import Clock
from anshou.people.permissions import Permission, allows
from anshou.people.person import Person
from anshou.people.roles import Department
from anshou.tickets.categories import Category
from anshou.tickets.clocks.clock_rows import IS_RUNNING, TicketClock
from anshou.tickets.kinds import Channel, EscalationLevel, Kind, Outcome, Severity, Status, Urgency
from anshou.tickets.process import CLOSED
from anshou.tickets.queue_tabs import NOW, Tab, of_few, open_on_desk, placed, risen
from anshou.tickets.ratings import Rating
from anshou.tickets.sealed_contents import find_titled
from anshou.tickets.tickets import Ticket, TicketDesk
from tenants.labels import Labelled
from tenants.refusals import N_


class Rated(Labelled):
    """What the merchant thought of the result, by their latest rating."""

    SATISFIED = "satisfied", N_("满意")
    UNSATISFIED = "unsatisfied", N_("不满意")
    NOT_RATED = "not_rated", N_("未评价")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What narrows a queue; None or empty narrows nothing. Periods hold their `since` and not their `before`, in UTC.

    `text` is looked for in number and title; a confidential ticket is found by its number, or by its whole title among
    the tickets of one merchant. `owned` False means that nobody owns it; `again`, that it is in its second round or a
    later one; `overdue`, that this limit was missed, met late or not.
    """

    kind: Kind | None = None
    merchant: UUID | None = None
    shop: UUID | None = None
    channel: Channel | None = None
    category: Category | None = None
    urgency: Urgency | None = None
    severity: Severity | None = None
    status: Status | None = None
    step: str | None = None
    owner: UUID | None = None
    owned: bool | None = None
    department: Department | None = None
    escalated: bool | None = None
    level: EscalationLevel | None = None
    on_hold: bool | None = None
    confidential: bool | None = None
    again: bool | None = None
    outcome: Outcome | None = None
    rated: Rated | None = None
    overdue: Clock | None = None
    opened_since: datetime | None = None
    opened_before: datetime | None = None
    closed_since: datetime | None = None
    closed_before: datetime | None = None
    due_since: datetime | None = None
    due_before: datetime | None = None
    updated_since: datetime | None = None
    updated_before: datetime | None = None
    text: str = ""

    @property
    def narrowing(self) -> tuple[str, ...]:
        """The names of those that narrow."""
        return tuple(one.name for one in fields(self) if getattr(self, one.name) != one.default)


NO_FILTERS = Filters()
_NAMES = tuple(one.name for one in fields(Filters))

# Those whose value decides which condition there is; of the others it is compared with.
SHAPING = frozenset(
    {"owned", "escalated", "again", "rated", "kind", "status", "step", "outcome", "urgency", "department", "overdue"}
)

# What tells of the inside of the agency's work, and of what is said on a ticket.
INSIDE = frozenset({"severity", "escalated", "level", "confidential", "rated"})

_EXACT: dict[str, InstrumentedAttribute[object]] = {
    "kind": Ticket.kind,
    "merchant": Ticket.merchant_id,
    "shop": Ticket.shop_id,
    "channel": Ticket.channel,
    "category": Ticket.category,
    "urgency": Ticket.urgency,
    "status": Ticket.status,
    "step": Ticket.step,
    "owner": Ticket.owner_id,
    "department": Ticket.department,
    "outcome": Ticket.outcome,
    "on_hold": Ticket.on_hold,
    "confidential": Ticket.is_confidential,
}

_PERIODS: dict[str, InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]] = {
    "opened": Ticket.opened_at,
    "closed": Ticket.closed_at,
    "due": Ticket.next_due_at,
    "updated": Ticket.last_entry_at,
}


def knows_inside(person: Person) -> bool:
    """Whether what only the agency's inside knows may narrow the person's lists."""
    return allows(person, Permission.READ_TICKETS) and not person.is_merchant


def narrowing(person: Person, filters: Filters) -> dict[str, Any]:
    """By name what narrows the person's lists: what is set, but for what they may not know of."""
    unknown = frozenset() if knows_inside(person) else INSIDE
    said = {name: getattr(filters, name) for name in _NAMES if name not in unknown}
    return {name: value for name, value in said.items() if value is not None and name != "text"}


def conditions(said: Mapping[str, Any], tab: Tab = Tab.ALL) -> list[ColumnElement[bool]]:
    """The conditions on `Ticket` that `narrowing` means, for people who are narrowed to their reach and `tab` besides.

    What is not in SHAPING may be a parameter of the statement.
    """
    open_or_closed = set(_of_open_or_closed(said, tab))
    if len(open_or_closed) > 1 or _excludes_itself(said, tab):
        # PostgreSQL would look through the whole list for what is open and closed, or one thing and another, at once.
        return [false()]
    # A status or step that only closed tickets have (ck_ticket_closed) is said by `closed_at` alone, for which the
    # indexes of closed tickets are made: that of each one would have to be read in its row.
    found = [
        column == _placed(said[name])
        for name, column in _EXACT.items()
        if name in said and not _only_closed(name, said[name])
    ]
    if tab is Tab.ALL:
        # Nothing new: said so that the indexes of open tickets, or of closed ones, can serve. Other tabs say it, and
        # of what is said twice PostgreSQL believes that it leaves a thirtieth of a thirtieth.
        found += [Ticket.closed_at.is_(None) if each else Ticket.closed_at.is_not(None) for each in open_or_closed]
    found += _in_periods(said)
    if "owned" in said:
        found.append(Ticket.owner_id.is_not(None) if said["owned"] else Ticket.owner_id.is_(None))
    if "again" in said:
        found.append(Ticket.round > 1 if said["again"] else Ticket.round == 1)
    # Who is in that tab is escalated, to the level of who asks: nothing is looked up twice.
    escalated = None if tab is Tab.ESCALATED else said.get("escalated")
    found += _on_desk(said.get("severity"), escalated, said.get("level"), is_open=open_or_closed == {True})
    if "rated" in said:
        found.append(_rated(said["rated"]))
    if "overdue" in said:
        found.append(_missed(said["overdue"]))
    return found


def _of_open_or_closed(said: Mapping[str, Any], tab: Tab) -> Iterator[bool]:
    """Whether what narrows holds of open tickets alone (True), of closed ones alone (False); nothing where of both."""
    if tab is not Tab.ALL:
        yield tab is not Tab.CLOSED
    if "status" in said:
        yield said["status"] is not Status.CLOSED
    if "step" in said:
        yield said["step"] != CLOSED
    if "due_since" in said or "due_before" in said:
        yield True
    if "outcome" in said or "closed_since" in said or "closed_before" in said:
        yield False


def _excludes_itself(said: Mapping[str, Any], tab: Tab) -> bool:
    """Whether no ticket can be all of it: not escalated and at a level, unowned and of an owner."""
    escalated, is_owned = tab is Tab.ESCALATED or "level" in said, "owner" in said
    return (
        (escalated and said.get("escalated") is False)
        or (is_owned and (tab is Tab.UNASSIGNED or said.get("owned") is False))
        or (tab is Tab.UNASSIGNED and said.get("owned") is True)
        or (
            tab is Tab.AWAITING_CUSTOMER
            and said.get("status", Status.AWAITING_CUSTOMER) is not Status.AWAITING_CUSTOMER
        )
    )


def _only_closed(name: str, value: Any) -> bool:
    return (name == "status" and value is Status.CLOSED) or (name == "step" and value == CLOSED)


def _placed(value: Any) -> Any:
    return placed(value) if isinstance(value, Labelled) else value


async def saying(session: AsyncSession, person: Person, filters: Filters) -> list[ColumnElement[bool]]:
    """The condition that the filters' text means; none without a text."""
    text = filters.text.strip()
    return [_says(text, await _titled(session, person, filters.merchant, text))] if text else []


def _in_periods(said: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    for name, column in _PERIODS.items():
        if f"{name}_since" in said:
            yield column >= said[f"{name}_since"]
        if f"{name}_before" in said:
            yield column < said[f"{name}_before"]


def _on_desk(severity: Any, escalated: bool | None, level: Any, *, is_open: bool) -> list[ColumnElement[bool]]:
    # The desk's own row again: the list joins it only to show what stands there.
    desk = aliased(TicketDesk)
    of_ticket = and_(desk.merchant_id == Ticket.merchant_id, desk.ticket_id == Ticket.id)
    found: list[ColumnElement[bool]] = []
    if severity is not None:
        found.append(select(desk.id).where(of_ticket, desk.severity == severity).correlate(Ticket).exists())
    if level is not None:
        of_open = (open_on_desk(desk),) if is_open else ()
        found.append(of_few(select(desk.ticket_id).where(desk.level == level, *of_open)))
    if escalated:
        found.append(risen(is_open=is_open))
    if escalated is False:
        # Most are not: looked up one by one until a page is full.
        found.append(~select(desk.id).where(of_ticket, desk.level.is_not(None)).correlate(Ticket).exists())
    return found


def _rated(rated: Rated) -> ColumnElement[bool]:
    of_ticket = select(Rating.id).where(Rating.merchant_id == Ticket.merchant_id, Rating.ticket_id == Ticket.id)
    if rated is Rated.NOT_RATED:
        return ~of_ticket.correlate(Ticket).exists()
    other = aliased(Rating)
    later = select(other.id).where(
        other.merchant_id == Rating.merchant_id, other.ticket_id == Rating.ticket_id, other.id > Rating.id
    )
    last = of_ticket.where(Rating.satisfied == (rated is Rated.SATISFIED), ~later.exists())
    return last.correlate(Ticket).exists()


def _missed(clock: Clock) -> ColumnElement[bool]:
    missed = select(TicketClock.id).where(
        TicketClock.merchant_id == Ticket.merchant_id,
        TicketClock.ticket_id == Ticket.id,
        TicketClock.clock == _placed(clock),
        # A breach is recorded a moment after the due time.
        or_(TicketClock.breached_at.is_not(None), and_(TicketClock.due_at <= NOW, *IS_RUNNING)),
    )
    return missed.correlate(Ticket).exists()


async def _titled(session: AsyncSession, person: Person, merchant: UUID | None, text: str) -> Sequence[UUID]:
    """Confidential tickets of the one merchant that is looked through whose whole title is the text."""
    merchant_id = person.merchant_id or merchant
    return await find_titled(session, merchant_id, text) if merchant_id is not None else ()


def _says(text: str, titled: Sequence[UUID]) -> ColumnElement[bool]:
    by_text = [Ticket.number.icontains(text, autoescape=True), Ticket.title.icontains(text, autoescape=True)]
    return or_(*by_text, *([Ticket.id.in_(titled)] if titled else []))

"""The tabs of the queues: what each holds, who has it, and how it is sorted."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    DateTime,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from anshou.people.grants import RoleGrant
from anshou.people.person import Person
from anshou.people.roles import Department, Role
from anshou.tickets.clocks.clock_rows import IS_RUNNING, TicketClock
from anshou.tickets.kinds import EscalationLevel, Status
from anshou.tickets.queue_orders import BY_DEADLINE, DUE, LATEST_CLOSED, NEWEST, OF_ALL, OF_CLOSED, OF_OPEN, Order, Sort
from anshou.tickets.tickets import Ticket, TicketDesk
from tenants.labels import Labelled
from tenants.prepared import among
from tenants.refusals import N_

_WHO: BindParameter[Any] = bindparam("asking", type_=Uuid())
NOW: BindParameter[Any] = bindparam("now", type_=DateTime(timezone=True))


# A number in the text, for which PostgreSQL need not plan anew.
ONE: ColumnElement[int] = literal_column("1", Integer())


class Tab(Labelled):
    """A queue. A merchant has the three of `MERCHANT_TABS`; `tabs_of` says which somebody of the agency has."""

    MINE = "mine", N_("我的")
    DEPARTMENT = "department", N_("本部门")
    TEAM = "team", N_("我的组员")
    ESCALATED = "escalated", N_("升级给我")
    UNASSIGNED = "unassigned", N_("未分派")
    AWAITING_CUSTOMER = "awaiting_customer", N_("待客户确认")
    ABOUT_TO_BREACH = "about_to_breach", N_("即将超时")
    OVERDUE = "overdue", N_("已超时")
    OPEN = "open", N_("处理中")
    CLOSED = "closed", N_("已关闭")
    ALL = "all", N_("全部")


MERCHANT_TABS = (Tab.AWAITING_CUSTOMER, Tab.OPEN, Tab.CLOSED)

# Nobody works through these, so they are not counted.
UNCOUNTED = (Tab.CLOSED, Tab.ALL)


def tabs_of(person: Person) -> tuple[Tab, ...]:
    """The tabs that the person has: those of a department, and of who supervises one, are theirs alone."""
    if person.is_merchant:
        return MERCHANT_TABS
    lacking: set[Tab] = set()
    if not person.departments:
        lacking.add(Tab.DEPARTMENT)
    if not person.supervises:
        lacking.add(Tab.TEAM)
    if not person.supervises and not person.has(Role.EXECUTIVE):
        lacking.add(Tab.ESCALATED)
    return tuple(tab for tab in Tab if tab not in lacking)


def sorts_of(tab: Tab) -> tuple[Sort, ...]:
    """By what a tab can be sorted: what its tickets have, and an index serves."""
    return OF_CLOSED if tab is Tab.CLOSED else OF_ALL if tab is Tab.ALL else OF_OPEN


def usual_order(tab: Tab) -> Order:
    """Open ones by next deadline, closed ones latest first, all of them newest first."""
    return LATEST_CLOSED if tab is Tab.CLOSED else NEWEST if tab is Tab.ALL else BY_DEADLINE


def order_of(tab: Tab, wished: Order | None) -> Order:
    """The order that was wished for if the tab can be sorted so, else its usual one."""
    return wished if wished is not None and wished.sort in sorts_of(tab) else usual_order(tab)


def asking(person: Person, at: datetime) -> dict[str, Any]:
    """The parameters of `in_tab`, and of other conditions that ask what time it is."""
    return {
        "asking": person.id,
        "now": at,
        "asking_departments": sorted(person.departments),
        "asking_supervises": sorted(person.supervises),
    }


def placed(member: Labelled) -> ColumnElement[Any]:
    """A member of an enum as a constant of the text: what PostgreSQL knows of how often each occurs, and with which
    others, decides how the list is found, and of a parameter it knows nothing."""
    return literal_column(f"'{member.value}'", Text())


def in_tab(tab: Tab, person: Person, *, listed: bool = True, narrowed: bool = True) -> list[ColumnElement[bool]]:
    """The conditions on `Ticket` that put it into the tab.

    They say how, for everybody of such a person's roles and departments; `asking` says who it is and what time it is.
    What is not `listed` is counted, without an order; what is not `narrowed` has no filters besides.
    """
    if tab is Tab.ALL:
        return []
    if tab is Tab.CLOSED:
        return [Ticket.closed_at.is_not(None)]
    return [Ticket.closed_at.is_(None), *_open_in_tab(tab, person, listed=listed, narrowed=narrowed)]


def _open_in_tab(tab: Tab, person: Person, *, listed: bool, narrowed: bool) -> list[ColumnElement[bool]]:
    match tab:
        case Tab.MINE:
            return [Ticket.owner_id == _WHO]
        case Tab.DEPARTMENT:
            return [among(Ticket.department.expression, "asking_departments") if person.departments else false()]
        case Tab.TEAM:
            return [_of_my_people(person)]
        case Tab.ESCALATED:
            return [_risen_to(person, narrowed=narrowed)]
        case Tab.UNASSIGNED:
            return [Ticket.owner_id.is_(None)]
        case Tab.AWAITING_CUSTOMER:
            return [Ticket.status == Status.AWAITING_CUSTOMER]
        case Tab.OVERDUE:
            return [DUE <= NOW]
        case Tab.ABOUT_TO_BREACH:
            return [DUE > NOW, _is_warned(listed=listed)]
        case _:
            return []


def _is_warned(*, listed: bool) -> ColumnElement[bool]:
    """None of its clocks is due yet, and one of them has come so far that its owner was to be told."""
    is_warned = (
        TicketClock.warn_at <= NOW,
        TicketClock.due_at > NOW,
        TicketClock.breached_at.is_(None),
        *IS_RUNNING,
    )
    if not listed:
        return of_few(select(TicketClock.ticket_id).where(*is_warned))
    # Among those that are due next nearly each is, so that looking up a page's is sooner done than reading all.
    one = select(TicketClock.ticket_id).where(TicketClock.ticket_id == Ticket.id, *is_warned).limit(ONE)
    return case((one.correlate(Ticket).scalar_subquery().is_not(None), true()), else_=false())


def of_few(tickets: Select[UUID]) -> ColumnElement[bool]:
    """Whether the ticket is one of these, which are few and have an index of their own.

    Inside a CASE they are read once, and hashed, while the list is walked in its order until a page is full: as a join
    each list would be put together from all of them, and looked up one by one they cost a search for each row.
    """
    return case((Ticket.id.in_(tickets), true()), else_=false())


def risen(*, is_open: bool) -> ColumnElement[bool]:
    """Whether the ticket is escalated, to whichever level; `is_open` where only open ones are asked for, who are few.

    Over the years so many were as make the list long before they are read: each ticket is looked up, in an index that
    holds only these; in a CASE, as there.
    """
    desk = aliased(TicketDesk)
    if is_open:
        return of_few(select(desk.ticket_id).where(desk.level.is_not(None), open_on_desk(desk)))
    level = select(desk.level).where(desk.ticket_id == Ticket.id, desk.level.is_not(None))
    return case((level.correlate(Ticket).scalar_subquery().is_not(None), true()), else_=false())


def open_on_desk(desk: type[TicketDesk]) -> ColumnElement[bool]:
    """Whether the desk's ticket is open, if it is escalated: as the index of these says it."""
    return desk.risen_status != placed(Status.CLOSED)


def _raised_to(level: EscalationLevel, *, narrowed: bool) -> ColumnElement[bool]:
    desk = aliased(TicketDesk)
    these = select(desk.ticket_id).where(desk.level == placed(level), open_on_desk(desk))
    # Put together from them, but where more narrows the list: there PostgreSQL may believe that one ticket is left, and
    # read all of these again for each of the thousands that are.
    return of_few(these) if narrowed else Ticket.id.in_(these)


def _of_my_people(person: Person) -> ColumnElement[bool]:
    """Owned by somebody who works in a department that the person supervises, themselves left out."""
    if not person.supervises:
        return false()
    people = select(RoleGrant.account_id).where(
        among(RoleGrant.department.expression, "asking_supervises"), RoleGrant.account_id != _WHO
    )
    # An array, read once, so that the list is walked in its order and not put together person by person.
    return Ticket.owner_id == func.any(func.array(people.scalar_subquery()))


def _risen_to(person: Person, *, narrowed: bool) -> ColumnElement[bool]:
    """Raised to the person's level: a supervisor's by the ticket's department, which is after-sales without one."""
    carrying = func.coalesce(Ticket.department, Department.AFTER_SALES_SERVICE.value)
    ways: list[ColumnElement[bool]] = []
    if person.supervises:
        ways.append(
            and_(among(carrying, "asking_supervises"), _raised_to(EscalationLevel.SUPERVISOR, narrowed=narrowed))
        )
    if person.has(Role.EXECUTIVE):
        ways.append(_raised_to(EscalationLevel.EXECUTIVE, narrowed=narrowed))
    return or_(*ways) if ways else false()

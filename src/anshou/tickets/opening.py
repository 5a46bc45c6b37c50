"""Opening a ticket: by the merchant, or by the agency on its behalf."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.contracts import find_contract_in_force
from anshou.merchants.merchants import require_served, visible_merchant
from anshou.merchants.shops import require_open, visible_shop
from anshou.people.permissions import Permission, allows, authorize
from anshou.people.person import Person
from anshou.tickets.advancing import begin
from anshou.tickets.entries import new_entry
from anshou.tickets.entry_labels import OPEN
from anshou.tickets.errors import RecordInvalid
from anshou.tickets.events import announce, tidings_of_opening
from anshou.tickets.kinds import Channel, EntrySort, Side
from anshou.tickets.metrics import MetricWindow
from anshou.tickets.numbering import next_number
from anshou.tickets.processes import PROCESSES
from anshou.tickets.records import check_record, told_part
from anshou.tickets.reports import AnomalyReport, Report, kind_of
from anshou.tickets.rules import rules_at
from anshou.tickets.situation import Rules
from anshou.tickets.tickets import Ticket, TicketDesk
from anshou.tickets.timing import start_first_clocks
from tenants.refusals import N_


async def open_ticket(session: AsyncSession, report: Report, *, by: Person, at: datetime) -> Ticket:
    """Open a ticket of the report's kind. Whoever of the front desk takes it in is its first owner.

    Raises PermissionMissing, RecordInvalid, MerchantNotFound, MerchantEnded, ShopNotFound, ShopClosed.
    """
    authorize(by, Permission.REPORT_TICKET)
    check_record(report, at)
    merchant_id = await _merchant(session, report, by)
    rules = await rules_at(session, at)
    ticket = await _ticket(session, report, merchant_id, by=by, at=at, rules=rules)
    session.add(ticket)
    # Everything else refers to it.
    await session.flush()
    session.add(TicketDesk(merchant_id=merchant_id, ticket_id=ticket.id, severity=None, level=None))
    if isinstance(report, AnomalyReport):
        session.add(_window(ticket, report))
    entry = new_entry(ticket, EntrySort.MOVE, Side.MERCHANT, by=by, at=at, move=OPEN, record=_told(report))
    session.add(entry)
    await session.flush()
    await start_first_clocks(session, ticket)
    await announce(session, ticket, entry, tidings_of_opening(ticket, by))
    return ticket


async def _merchant(session: AsyncSession, report: Report, by: Person) -> UUID:
    """The merchant whose problem it is; a merchant's people report their own and say nothing about it."""
    if by.merchant_id is not None:
        if report.merchant not in (None, by.merchant_id):
            raise RecordInvalid({"merchant": N_("只能为本商家提交")})
        if report.channel not in (None, Channel.PORTAL):
            raise RecordInvalid({"channel": N_("商家自行提交时不填写渠道")})
        return await _served(session, by.merchant_id)
    if report.merchant is None:
        raise RecordInvalid({"merchant": N_("请选择商家")})
    if report.channel is None:
        raise RecordInvalid({"channel": N_("请选择反馈渠道")})
    return await _served(session, report.merchant)


async def _served(session: AsyncSession, merchant_id: UUID) -> UUID:
    require_served(await visible_merchant(session, merchant_id))
    return merchant_id


async def _ticket(
    session: AsyncSession, report: Report, merchant_id: UUID, *, by: Person, at: datetime, rules: Rules
) -> Ticket:
    if report.shop is not None:
        require_open(await visible_shop(session, merchant_id, report.shop))
    contract = await find_contract_in_force(session, merchant_id, report.occurred_on)
    kind = kind_of(report)
    process = PROCESSES[kind]
    now = begin(process, rules)
    takes_in = not by.is_merchant and allows(by, Permission.ACCEPT_TICKET)
    return Ticket(
        merchant_id=merchant_id,
        number=await next_number(session, process.prefix, rules.day_of(at)),
        kind=kind,
        shop_id=report.shop,
        contract_version_id=contract.id if contract else None,
        channel=report.channel or Channel.PORTAL,
        title=report.title,
        description=report.description,
        request=report.request,
        category=report.category,
        urgency=report.urgency,
        owner_id=by.id if takes_in else None,
        department=None,
        promised_at=None,
        step=now.step,
        step_since=at,
        status=process.status(now),
        round=now.round,
        on_hold=now.held,
        awaiting_since=now.awaiting_since,
        version=1,
        occurred_on=report.occurred_on,
        opened_at=at,
        opened_by=by.id,
        closed_at=None,
        outcome=None,
        next_due_at=None,
        last_entry_at=at,
        is_confidential=report.confidential,
    )


def _told(report: Report) -> dict[str, Any]:
    # That a ticket is confidential is said by the ticket, not by what is said on it.
    return {name: value for name, value in told_part(report).items() if name != "confidential"}


def _window(ticket: Ticket, report: AnomalyReport) -> MetricWindow:
    return MetricWindow(
        merchant_id=ticket.merchant_id,
        ticket_id=ticket.id,
        metric=report.metric,
        unit=report.unit,
        starts_at=report.starts_at,
        ends_at=report.ends_at,
        expected=report.expected,
        observed=report.observed,
    )

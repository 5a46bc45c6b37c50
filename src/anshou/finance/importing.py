"""Costs of many tickets from one spreadsheet: every row becomes a draft, or nothing does and each fault is named.

Columns by their headings: 工单号, 费用类别, 金额, 税额, 发生日期, 用途说明; 税额 and 用途说明 may be missing. Labour
is not imported: it is claimed by working time.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.claiming import Claim, claim_cost
from anshou.finance.errors import ClaimInvalid
from anshou.finance.reach import ticket_with_costs
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.errors import TicketNotFound
from anshou.tickets.tickets import Ticket
from billing.bills import values
from billing.bills.files import Sheet, sheets
from billing.bills.rows import Faults, Row
from billing.bills.shapes import BillRefused, Fault
from billing.costs.items import CostItem
from billing.costs.states import State
from billing.parties import CostCategory
from tenants.refusals import N_, Invalid, Message
from tenants.shapes import ShapeInvalid, accept

TICKET, CATEGORY, AMOUNT, TAX, DAY, NOTE = "工单号", "费用类别", "金额", "税额", "发生日期", "用途说明"
COLUMNS = (TICKET, CATEGORY, AMOUNT, TAX, DAY, NOTE)
NEEDED = frozenset({TICKET, CATEGORY, AMOUNT, DAY})

# A month of a busy department; more are another file.
MOST_ROWS = 1000

# Which column a field of a claim stands in.
_COLUMN_OF = {"category": CATEGORY, "fen": AMOUNT, "tax_fen": TAX, "incurred_on": DAY, "note": NOTE}

_NAMES = {name: one for one in CostCategory for name in (one.value, one.label, one.label.rpartition("：")[2])}


class ImportRefused(Invalid):
    """Raised when a spreadsheet of costs has faults; nothing of it is taken. `faults` has each place."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(N_("表格未导入，共 %(count)s 处问题，请逐处改正后重新上传。"), count=len(self.faults))


@dataclass(frozen=True, slots=True)
class _Line:
    row: Row
    ticket: str
    claim: Claim


async def import_costs(session: AsyncSession, name: str, content: bytes, *, by: Person, at: datetime) -> list[CostItem]:
    """Draft every cost of the file, `name` telling what it is called. Raises PermissionMissing, ImportRefused.

    A row that says what the person has claimed already is a fault, so that a file sent twice is not booked twice.
    """
    authorize(by, Permission.RECORD_COSTS)
    faults = Faults(name)
    # A large file takes its time, and nobody else waits for it.
    lines = list(_lines(await asyncio.to_thread(_sheet, name, content), faults))
    tickets = await _tickets(session, lines, by=by)
    claimed = await _claimed_already(session, tickets, by=by)
    items = []
    for line in lines:
        ticket = tickets.get(line.ticket)
        if ticket is None:
            line.row.fault(TICKET, Message(N_("没有找到这个工单")))
            continue
        known = claimed.get(_key(ticket, line.claim))
        if known is not None:
            line.row.fault(AMOUNT, Message(N_("与 %(other)s 完全相同，如确为另一笔请在用途说明中区分"), other=known))
            continue
        claimed[_key(ticket, line.claim)] = Message(N_("第 %(line)s 行"), line=line.row.number)
        try:
            items.append(await claim_cost(session, ticket, line.claim, by=by, at=at))
        except ClaimInvalid as refused:
            for field, expected in refused.fields.items():
                line.row.fault(_COLUMN_OF.get(field, ""), _message(expected))
    if faults.found:
        raise ImportRefused(faults.found)
    return items


def _sheet(name: str, content: bytes) -> Sheet:
    """The file's table; of a text that splits in two ways the one whose first row has the columns."""
    try:
        found = list(sheets(name, content))
    except BillRefused as refused:
        raise ImportRefused(refused.faults) from None
    return next((one for one in found if one.rows and set(_headings(one)) >= NEEDED), found[0])


def _headings(sheet: Sheet) -> list[str]:
    """The headings of the first row, without what stands in brackets: 金额（含税） is 金额."""
    return [values.heading(cell).partition("(")[0] for cell in sheet.rows[0][1]]


def _lines(sheet: Sheet, faults: Faults) -> Iterable[_Line]:
    headings = _headings(sheet) if sheet.rows else []
    if missing := sorted(NEEDED - set(headings), key=COLUMNS.index):
        expected = Message(N_("首行须有这些列：%(columns)s"), columns="、".join(missing))
        raise ImportRefused([Fault.at(sheet.file, sheet.rows[0][0] if sheet.rows else 0, "", "", expected)])
    if len(sheet.rows) - 1 > MOST_ROWS:
        expected = Message(N_("一次最多导入 %(most)s 行"), most=MOST_ROWS)
        raise ImportRefused([Fault.at(sheet.file, 0, "", str(len(sheet.rows) - 1), expected)])
    if len(sheet.rows) == 1:
        raise ImportRefused([Fault.at(sheet.file, 1, "", "", Message(N_("表格里没有费用")))])
    columns = {heading: place for place, heading in enumerate(headings) if heading in COLUMNS}
    for number, cells in sheet.rows[1:]:
        row = Row(number, [values.plain(cell) for cell in cells], columns, faults)
        before = len(faults.found)
        claim = _claim(row)
        if claim is not None and len(faults.found) == before:
            yield _Line(row, row.text(TICKET), claim)


def _claim(row: Row) -> Claim | None:
    category = _NAMES.get(row.text(CATEGORY))
    if category is None:
        names = "、".join(one.label for one in CostCategory)
        row.fault(CATEGORY, Message(N_("须为以下之一：%(names)s"), names=names))
        return None
    said: dict[str, object] = {
        "category": category.value,
        "fen": row.fen(AMOUNT),
        "tax_fen": row.read(TAX, values.fen_or_nothing, 0),
        "incurred_on": row.read(DAY, values.day, date.min).isoformat(),
        "note": row.text(NOTE),
    }
    unreadable = bool(row.faults.found) and row.faults.found[-1].line == row.number
    try:
        return accept(Claim, said)
    except ShapeInvalid as refused:
        # A cell that could not be read is noted already.
        for field, expected in () if unreadable else refused.fields.items():
            row.fault(_COLUMN_OF.get(field, ""), _message(expected))
        return None


def _message(expected: str) -> Message:
    return expected if isinstance(expected, Message) else Message(expected)


async def _tickets(session: AsyncSession, lines: list[_Line], *, by: Person) -> dict[str, Ticket]:
    found = {}
    for number in {line.ticket for line in lines}:
        try:
            found[number] = await ticket_with_costs(session, by, number)
        except TicketNotFound:
            continue
    return found


async def _claimed_already(
    session: AsyncSession, tickets: dict[str, Ticket], *, by: Person
) -> dict[tuple[object, ...], str]:
    query = select(CostItem).where(
        CostItem.ticket_id.in_([ticket.id for ticket in tickets.values()]),
        CostItem.claimed_by == by.id,
        CostItem.state != State.WITHDRAWN,
    )
    return {
        (one.ticket_id, one.category, one.fen, one.incurred_on, one.note): one.number
        for one in await session.scalars(query)
    }


def _key(ticket: Ticket, claim: Claim) -> tuple[object, ...]:
    return ticket.id, claim.category, claim.fen, claim.incurred_on, claim.note.strip()

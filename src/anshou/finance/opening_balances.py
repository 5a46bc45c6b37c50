"""Opening balances as finance enters them: line by line, or read from a spreadsheet and then looked over.

Columns of the file by their headings: 科目编码, 借方, 贷方, 商家; 商家 may be missing.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.bookkeeping import post_opening
from anshou.finance.errors import VoucherUnfit
from anshou.finance.importing import ImportRefused
from anshou.finance.vouchers_by_hand import MOST_ENTRIES, BalanceGiven, accounts_named, line_faults
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from billing.bills import values
from billing.bills.files import sheets
from billing.bills.rows import Faults
from billing.bills.shapes import BillRefused, Fault
from billing.ledger.openings import OpeningBalance
from billing.ledger.posting import BOOKS_ZONE, Posted
from billing.ledger.uses import AccountUse, Side
from tenants.refusals import N_, Message

ACCOUNT, DEBIT, CREDIT, MERCHANT = "科目编码", "借方", "贷方", "商家"
COLUMNS = (ACCOUNT, DEBIT, CREDIT, MERCHANT)
_NEEDED = frozenset({ACCOUNT, DEBIT, CREDIT})

# Older books are another program's.
_FURTHEST = timedelta(days=731)


class OpeningGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stood in the accounts as the month began in which the books begin; any day of it names it."""

    begins_on: Annotated[date, Meta(title=N_("账簿启用月份（当月任一天）"))]
    entries: Annotated[tuple[BalanceGiven, ...], Meta(min_length=1, max_length=MOST_ENTRIES, title=N_("余额"))]


async def enter_openings(
    session: AsyncSession, given: OpeningGiven, *, idempotency_key: str, by: Person, at: datetime
) -> Posted:
    """Post them on the first day of the month; what both sides differ by stands in the account for openings.

    Raises PermissionMissing, VoucherUnfit with every fault beside its field, VoucherInvalid where something is booked
    before, PeriodClosed, KeyUsedOtherwise.
    """
    authorize(by, Permission.KEEP_BOOKS)
    accounts = await accounts_named(session, given.entries)
    today = at.astimezone(BOOKS_ZONE).date()
    faults: dict[str, Message] = {}
    if not today - _FURTHEST <= given.begins_on <= today:
        faults["begins_on"] = Message(N_("启用月份须在最近两年内，且不晚于今天"))
    for place, line in enumerate(given.entries):
        account = accounts.get(line.account)
        faults |= {f"entries[{place}].{field}": why for field, why in line_faults(line, account)}
        if account is not None and account.use == AccountUse.OPENING:
            faults[f"entries[{place}].account"] = Message(N_("差额自动记入这个科目，不必录入"))
    if faults:
        raise VoucherUnfit(faults)
    balances = [
        OpeningBalance(
            account=line.account,
            side=Side.DEBIT if line.debit is not None else Side.CREDIT,
            fen=line.debit or line.credit or 0,
            currency=accounts[line.account].currency or "",
            merchant_id=line.merchant,
        )
        for line in given.entries
    ]
    key = f"opening:{by.id}:{idempotency_key}"
    return await post_opening(session, given.begins_on.replace(day=1), balances, idempotency_key=key, by=by, at=at)


def read_sheet(name: str, content: bytes, merchants: Mapping[str, UUID]) -> list[dict[str, str]]:
    """The lines of a spreadsheet as they would be typed; `merchants` are the known ones by name.

    Raises ImportRefused for what is no table, lacks a column, is too long, or names a merchant that there is not.
    """
    try:
        tables = [sheet for sheet in sheets(name, content) if sheet.rows]
    except BillRefused as refused:
        raise ImportRefused(refused.faults) from None
    table = next((one for one in tables if set(_headings(one.rows[0][1])) >= _NEEDED), None)
    if table is None:
        expected = Message(N_("首行须有这些列：%(columns)s"), columns="、".join(COLUMNS[:3]))
        raise ImportRefused([Fault.at(name, 1, "", "", expected)])
    if len(table.rows) - 1 > MOST_ENTRIES:
        expected = Message(N_("一次最多导入 %(most)s 行"), most=MOST_ENTRIES)
        raise ImportRefused([Fault.at(name, 0, "", str(len(table.rows) - 1), expected)])
    columns = {heading: place for place, heading in enumerate(_headings(table.rows[0][1])) if heading in COLUMNS}
    faults = Faults(name)
    lines = []
    for number, cells in table.rows[1:]:
        said = {heading: values.something(cells[place]) for heading, place in columns.items() if place < len(cells)}
        merchant = said.get(MERCHANT, "")
        if merchant and merchant not in merchants:
            faults.note(number, MERCHANT, merchant, Message(N_("没有这个商家，请填写系统中的商家名称")))
        lines.append(
            {
                "account": said.get(ACCOUNT, ""),
                "debit": _amount(said.get(DEBIT, "")),
                "credit": _amount(said.get(CREDIT, "")),
                "merchant": str(merchants.get(merchant, "")),
            }
        )
    if faults.found:
        raise ImportRefused(faults.found)
    return [line for line in lines if line["debit"] or line["credit"]]


def _headings(cells: Sequence[str]) -> list[str]:
    """The headings, without what stands in brackets: 借方（元） is 借方."""
    return [values.heading(cell).partition("(")[0] for cell in cells]


def _amount(text: str) -> str:
    """An amount as it was written; a nought, as programs write it on the other side, is no amount."""
    return "" if not text.strip("0.,") else text

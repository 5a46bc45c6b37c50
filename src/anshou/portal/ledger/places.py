"""Where the pages of the books are, and where what a voucher leads back to is shown."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.voucher_origins import Behind, Origin
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission, allows
from anshou.people.person import Person
from anshou.portal.costs.places import address_of as cost_address
from anshou.portal.pages import language_of
from anshou.portal.reconciliation.places import bench_of
from anshou.portal.statements.months import read_month
from anshou.portal.statements.places import address_of as statement_address
from anshou.portal.statements.places import line_address
from billing.ledger.periods import list_periods, month_of
from billing.ledger.posting import BOOKS_ZONE
from tenants.refusals import N_

LEDGER = "/ledger"
VOUCHERS = f"{LEDGER}/vouchers"
BALANCES = f"{LEDGER}/balances"
ACCOUNTS = f"{LEDGER}/accounts"
OPENINGS = f"{LEDGER}/openings"
PROOF = f"{LEDGER}/proof"


def voucher_address(voucher_id: UUID) -> str:
    """The page of a voucher."""
    return f"{VOUCHERS}/{voucher_id}"


def detail_address(code: str, month: date) -> str:
    """The detail of an account in a month."""
    return f"{ACCOUNTS}/{code}/detail?{urlencode({'month': f'{month:%Y-%m}'})}"


def source_link(behind: Behind, origin: Origin | None, person: Person) -> tuple[str, str]:
    """The text and address of what made a voucher; both empty where it stands for itself or the person may not look."""
    match origin:
        case Origin.DISPUTE if behind.statement:
            number, place = behind.statement
            return f"{number} · {place}", line_address(statement_address(number), place)
        case Origin.MATCH_PAYMENT | Origin.WRITE_OFF if behind.match and allows(person, Permission.KEEP_BOOKS):
            return f"{behind.match[1]} · {behind.match[2]:%Y-%m}", bench_of(*behind.match)
        case _ if len(behind.costs) == 1:
            (number,) = behind.costs.values()
            return number, cost_address(number)
        case _:
            return "", ""


async def shown_month(session: AsyncSession, visit: Visit, asked: str) -> tuple[date, Sequence[date]]:
    """The month that is asked for, else the latest of the books that has begun; and all months to choose from."""
    months = [period.month for period in await list_periods(session)]
    this_month = month_of(visit.at.astimezone(BOOKS_ZONE).date())
    begun = next((month for month in months if month <= this_month), months[0] if months else this_month)
    chosen = read_month(asked) or begun
    return chosen, months if chosen in months else sorted({chosen, *months}, reverse=True)


def tabs(request: Asked, current: str) -> list[dict[str, object]]:
    """The pages of the books."""
    say = language_of(request).say
    listed = (
        (N_("记账凭证"), LEDGER),
        (N_("科目余额表"), BALANCES),
        (N_("科目"), ACCOUNTS),
        (N_("期初余额"), OPENINGS),
        (N_("账簿校验"), PROOF),
    )
    return [{"label": say(label), "address": address, "current": address == current} for label, address in listed]

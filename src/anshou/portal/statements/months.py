"""A month: how far each merchant's statement is."""

from datetime import date, timedelta

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.finance.statement_months import months_of_merchants
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.pages import page
from anshou.portal.statements.places import STATEMENTS, TONES, address_of, month_address
from billing.days import month_named
from billing.ledger.periods import month_after
from billing.ledger.posting import BOOKS_ZONE


@get("/statements")
async def months_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The month that is asked for, else the last one."""
    authorize_at_desk(visit.person, Permission.READ_STATEMENTS)
    last = month_before(visit.at.astimezone(BOOKS_ZONE).date().replace(day=1))
    month = read_month(request.query_params.get("month", "")) or last
    rows = await months_of_merchants(visit.session, month, by=visit.person)
    return page(
        request,
        "statements/months.html",
        month=month,
        before=f"{STATEMENTS}?month={month_before(month):%Y-%m}",
        following=f"{STATEMENTS}?month={month_after(month):%Y-%m}" if month < last else "",
        last=last,
        rows=rows,
        addresses=[
            address_of(one.statement.number) if one.statement else month_address(month, one.merchant_id) for one in rows
        ],
        may_issue=allows(visit.person, Permission.ISSUE_STATEMENTS),
        tones=TONES,
    )


def read_month(text: str) -> date | None:
    """The first day of a month like `2026-10`, or None."""
    return month_named(text)


def month_before(month: date) -> date:
    """The first day of the month before."""
    return (month - timedelta(days=1)).replace(day=1)

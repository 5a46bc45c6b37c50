"""The trial balance of a month, as a page and as a spreadsheet, and one account in detail."""

from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.downloads import disposition
from anshou.finance.books import read_accounts, read_detail, read_trial_balance
from anshou.finance.trial_rows import MEDIA_TYPE, TrialSection, sections, write_trial_balance
from anshou.finance.voucher_origins import ticket_numbers
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import merchant_names
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.ledger.places import BALANCES, detail_address, shown_month, tabs
from anshou.portal.pages import page
from anshou.portal.query_values import identifier

PAGE = 100


@get(BALANCES)
async def balances_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Opening, movement and closing of every account that moved."""
    authorize_at_desk(visit.person, Permission.READ_BOOKS)
    month, months = await shown_month(visit.session, visit, request.query_params.get("month", ""))
    return page(
        request,
        "ledger/balances.html",
        tabs=tabs(request, BALANCES),
        month=month,
        months=months,
        sections=await _sections(visit, month),
        detail_address=detail_address,
    )


@get(f"{BALANCES}.xlsx")
async def balances_sheet(request: Asked, visit: NamedDependency[Visit]) -> Response[bytes]:
    """The same as a file."""
    authorize_at_desk(visit.person, Permission.READ_BOOKS)
    month, _ = await shown_month(visit.session, visit, request.query_params.get("month", ""))
    headers = {
        "content-disposition": disposition(f"trial-balance-{month:%Y-%m}.xlsx", "attachment"),
        "cache-control": "private, no-store",
    }
    content = write_trial_balance(month, await _sections(visit, month))
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


@get("/ledger/accounts/{code:str}/detail")
async def detail_page(code: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Every entry of an account in a month with the balance after it."""
    authorize_at_desk(visit.person, Permission.READ_BOOKS)
    session = visit.session
    month, months = await shown_month(session, visit, request.query_params.get("month", ""))
    after = _cursor(request.query_params.get("after", ""))
    found = await read_detail(session, code, month, by=visit.person, limit=PAGE + 1, after=after)
    lines = found.lines[:PAGE]
    here = detail_address(code, month)
    following = ""
    if len(found.lines) > PAGE:
        day, voucher, line = lines[-1].place
        following = f"{here}&{urlencode({'after': f'{day}.{voucher}.{line}'})}"
    return page(
        request,
        "ledger/detail.html",
        account=found.account,
        opening=None if after else found.opening,
        lines=lines,
        month=month,
        months=months,
        balances=f"{BALANCES}?{urlencode({'month': f'{month:%Y-%m}'})}",
        merchants=await merchant_names(session),
        tickets=await ticket_numbers(session, {line.ticket_id for line in lines}),
        first=here if after else "",
        following=following,
    )


async def _sections(visit: Visit, month: date) -> tuple[TrialSection, ...]:
    accounts = await read_accounts(visit.session, by=visit.person)
    return sections(accounts, await read_trial_balance(visit.session, month, by=visit.person))


def _cursor(text: str) -> tuple[date, UUID, int] | None:
    day, _, rest = text.partition(".")
    voucher, _, line = rest.partition(".")
    known = identifier(voucher)
    try:
        return (date.fromisoformat(day), known, int(line)) if known else None
    except ValueError:
        return None

"""Vouchers: all of them with filters, a page at a time, and one with its entries and where they lead."""

from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.finance.books import VoucherFilters, accounts_by_id, read_accounts, read_voucher, read_vouchers
from anshou.finance.voucher_origins import Origin
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import list_merchants, merchant_names
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows
from anshou.people.person import SYSTEM
from anshou.people.roles import Department
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.ledger.naming import account_choices
from anshou.portal.ledger.places import LEDGER, source_link, tabs
from anshou.portal.pages import language_of, page
from anshou.portal.query_values import identifier
from anshou.portal.statements.months import read_month
from billing.ledger.periods import list_periods

PAGE = 50

_FILTERS = ("month", "account", "merchant", "ticket", "origin", "q")


@get(LEDGER)
async def vouchers_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What stands in the books, the latest first."""
    authorize_at_desk(visit.person, Permission.READ_BOOKS)
    session, language = visit.session, language_of(request)
    kept = {name: value for name in _FILTERS if (value := _plain(request.query_params.get(name, "")))}
    before = _cursor(request.query_params.get("before", ""))
    found = await read_vouchers(session, _filters(kept), by=visit.person, limit=PAGE + 1, before=before)
    lines = found[:PAGE]
    last = lines[-1].voucher if len(found) > PAGE else None
    more = {**kept, "before": f"{last.booked_on}.{last.id}"} if last else None
    accounts = await accounts_by_id(session, {one.account_id for line in lines for one in line.sums}, by=visit.person)
    return page(
        request,
        "ledger/vouchers.html",
        tabs=tabs(request, LEDGER),
        may_write=allows(visit.person, Permission.KEEP_BOOKS),
        lines=lines,
        accounts=accounts,
        kept=kept,
        months=[f"{period.month:%Y-%m}" for period in await list_periods(session)],
        offered_accounts=account_choices(
            [one for one in await read_accounts(session, by=visit.person) if one.is_leaf], language
        ),
        offered_merchants=[(str(one.id), one.name) for one in await list_merchants(session)],
        origins=[(one.value, language.say(one.label)) for one in Origin],
        first=f"{LEDGER}?{urlencode(kept)}" if before else "",
        following=f"{LEDGER}?{urlencode(more)}" if more else "",
    )


@get("/ledger/vouchers/{voucher_id:uuid}")
async def voucher_page(voucher_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """A voucher as it would stand on paper."""
    authorize_at_desk(visit.person, Permission.READ_BOOKS)
    session, language = visit.session, language_of(request)
    found = await read_voucher(session, voucher_id, by=visit.person)
    totals: dict[str, int] = {}
    for entry, _ in found.entries:
        if entry.side == "debit":
            totals[entry.currency] = totals.get(entry.currency, 0) + entry.fen
    return page(
        request,
        "ledger/voucher.html",
        found=found,
        voucher=found.voucher,
        totals=sorted(totals.items()),
        source=source_link(found.behind, found.origin, visit.person),
        merchants=await merchant_names(session),
        departments={one.value: language.say(one.label) for one in Department},
        people={**await names_of(session, {found.voucher.posted_by}), SYSTEM.id: language.say(SYSTEM.name)},
        may_reverse=allows(visit.person, Permission.KEEP_BOOKS) and found.may_be_taken_back,
    )


def _filters(kept: dict[str, str]) -> VoucherFilters:
    return VoucherFilters(
        month=read_month(kept.get("month", "")),
        account=kept.get("account", ""),
        merchant=identifier(kept.get("merchant")),
        ticket=kept.get("ticket", ""),
        origin=kept.get("origin", ""),
        words=kept.get("q", ""),
    )


def _plain(text: str) -> str:
    """What the database can look for: it knows no NUL."""
    return text.replace("\x00", "").strip()


def _cursor(text: str) -> tuple[date, UUID] | None:
    day, _, last = text.partition(".")
    known = identifier(last)
    try:
        return (date.fromisoformat(day), known) if known else None
    except ValueError:
        return None

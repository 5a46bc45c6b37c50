"""Opening balances: entered by line, or read from a spreadsheet into the same form and looked over before posting."""

import asyncio

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency

from anshou.finance.books import VoucherFilters, read_accounts, read_vouchers
from anshou.finance.importing import ImportRefused
from anshou.finance.opening_balances import COLUMNS, OpeningGiven, enter_openings, read_sheet
from anshou.finance.voucher_origins import Origin
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import list_merchants
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.error_pages import status_of
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.shown import Choices
from anshou.portal.forms.typed import Typed
from anshou.portal.ledger.naming import account_choices
from anshou.portal.ledger.places import OPENINGS, tabs, voucher_address
from anshou.portal.pages import Notice, go_to, language_of, page, portal_of
from anshou.portal.query_values import identifier
from billing.bills.shapes import Fault
from billing.ledger.posting import BOOKS_ZONE
from tenants.base import new_id
from tenants.refusals import N_, Message, Refusal

# Blank lines that an empty form begins with; what stays blank is left out.
_LINES = 4
_SHOWN = 50


@get(OPENINGS)
async def openings_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What was entered, and the form for more."""
    authorize_at_desk(visit.person, Permission.READ_BOOKS)
    return await _page(request, visit, _blank(visit), str(new_id()))


@post(OPENINGS, status_code=303)
async def submit_openings(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Post them; what was typed stands there again where they are refused."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    sent = await typed_by(request)
    key = str(identifier(sent.one("key")) or new_id())
    reading = read(OpeningGiven, sent)
    if reading.value is None:
        return await _page(request, visit, reading.typed, key, reading.refusal)
    try:
        async with visit.session.begin_nested():
            posted = await enter_openings(
                visit.session, reading.value, idempotency_key=key, by=visit.person, at=visit.at
            )
    except Refusal as refusal:
        return await _page(request, visit, reading.typed, key, refusal)
    return go_to(request, voucher_address(posted.id), Notice(language_of(request).say(N_("期初余额已过账。"))))


@post(f"{OPENINGS}/import", status_code=200)
async def fill_in(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Fill the form from a file; nothing is posted yet."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    blank, key = _blank(visit), str(new_id())
    sent = (await request.form()).get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        return await _page(request, visit, blank, key, faults=[Fault.at("", 0, "", "", Message(N_("请选择文件")))])
    limit = portal_of(request).upload_limit
    content = await sent.read(limit + 1)
    if len(content) > limit:
        expected = Message(N_("文件超过 %(limit)s MB 的上限，请压缩后再上传"), limit=limit // 2**20)
        return await _page(request, visit, blank, key, faults=[Fault.at(sent.filename, 0, "", "", expected)])
    merchants = {one.name: one.id for one in await list_merchants(visit.session)}
    try:
        lines = await asyncio.to_thread(read_sheet, sent.filename, content, merchants)
    except ImportRefused as refused:
        return await _page(request, visit, blank, key, faults=list(refused.faults))
    filled = {"begins_on": blank.every("begins_on")}
    for place, line in enumerate(lines):
        filled |= {f"entries[{place}].{name}": [value] for name, value in line.items()}
    return await _page(request, visit, Typed(filled), key, read_lines=len(lines))


def _blank(visit: Visit) -> Typed:
    today = visit.at.astimezone(BOOKS_ZONE).date()
    return Typed({"begins_on": [str(today.replace(day=1))]} | {f"entries[{n}].account": [""] for n in range(_LINES)})


async def _page(
    request: Asked,
    visit: Visit,
    typed: Typed,
    key: str,
    wrong: Refusal | None = None,
    *,
    faults: list[Fault] | None = None,
    read_lines: int = 0,
) -> Response[str]:
    language = language_of(request)
    accounts = await read_accounts(visit.session, by=visit.person)
    entered = await read_vouchers(
        visit.session, VoucherFilters(origin=Origin.OPENING.value), by=visit.person, limit=_SHOWN
    )
    choices = Choices(
        by_name={
            "account": account_choices([one for one in accounts if one.is_leaf], language),
            "merchant": [(str(one.id), one.name) for one in await list_merchants(visit.session)],
        }
    )
    return page(
        request,
        "ledger/openings.html",
        status_code=status_of(wrong) if wrong else 422 if faults else 200,
        tabs=tabs(request, OPENINGS),
        may_keep=allows(visit.person, Permission.KEEP_BOOKS),
        has_accounts=bool(accounts),
        entered=entered,
        faults=[(fault, fault.expected.text(language.translate)) for fault in faults or ()],
        columns=COLUMNS,
        read_lines=read_lines,
        action=OPENINGS,
        key=key,
        **form_values(request, OpeningGiven, typed, wrong=wrong, choices=choices),
    )

"""What finance writes in the books itself: a voucher, and the reversal of one."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.finance.bookkeeping import Reversal, reverse
from anshou.finance.books import read_accounts, read_voucher
from anshou.finance.vouchers_by_hand import VoucherGiven, post_by_hand
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import list_merchants
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.error_pages import status_of
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.shown import Choices
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.ledger.naming import account_choices
from anshou.portal.ledger.places import LEDGER, VOUCHERS, voucher_address
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.portal.query_values import identifier
from billing.ledger.posting import BOOKS_ZONE
from tenants.base import new_id
from tenants.refusals import N_, Refusal

NEW = f"{VOUCHERS}/new"

# Blank lines that an empty form begins with; what stays blank is left out.
_LINES = 4


@get(NEW)
async def new_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """An empty voucher of today."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    today = visit.at.astimezone(BOOKS_ZONE).date()
    typed = Typed({"booked_on": [str(today)]} | {f"entries[{line}].account": [""] for line in range(_LINES)})
    return await _form(request, visit, typed, str(new_id()))


@post(NEW, status_code=303)
async def submit_voucher(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Post it; what was typed stands there again where it is refused, or where only another line was asked for."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    sent = await typed_by(request)
    # Sent twice by an impatient finger it is posted once.
    key = str(identifier(sent.one("key")) or new_id())
    reading = read(VoucherGiven, sent)
    if reading.value is None:
        return await _form(request, visit, reading.typed, key, reading.refusal)
    try:
        async with visit.session.begin_nested():
            posted = await post_by_hand(visit.session, reading.value, idempotency_key=key, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return await _form(request, visit, reading.typed, key, refusal)
    return go_to(request, voucher_address(posted.id), Notice(language_of(request).say(N_("凭证已过账。"))))


@get("/ledger/vouchers/{voucher_id:uuid}/reverse")
async def reversing_page(voucher_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Why it is taken back."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    await read_voucher(visit.session, voucher_id, by=visit.person)
    return _reversal_form(request, voucher_id)


@post("/ledger/vouchers/{voucher_id:uuid}/reverse", status_code=303)
async def submit_reversal(voucher_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Take it back."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    reading = read(Reversal, await typed_by(request))
    if reading.value is None:
        return _reversal_form(request, voucher_id, reading.typed, reading.refusal)
    reason = reading.value.reason
    try:
        async with visit.session.begin_nested():
            posted = await reverse(visit.session, voucher_id, reason=reason, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return _reversal_form(request, voucher_id, reading.typed, refusal)
    said = language_of(request).say(N_("已冲销，冲销凭证记在 %(day)s。"), day=str(posted.booked_on))
    return go_to(request, voucher_address(voucher_id), Notice(said))


async def _form(request: Asked, visit: Visit, typed: Typed, key: str, wrong: Refusal | None = None) -> Response[str]:
    accounts = await read_accounts(visit.session, by=visit.person)
    choices = Choices(
        by_name={
            "account": account_choices(
                [one for one in accounts if one.is_leaf and one.retired_at is None], language_of(request)
            ),
            "merchant": [(str(one.id), one.name) for one in await list_merchants(visit.session)],
        }
    )
    return page(
        request,
        "ledger/new_voucher.html",
        status_code=status_of(wrong) if wrong else 200,
        action=NEW,
        key=key,
        has_accounts=bool(accounts),
        trail=[(language_of(request).say(N_("账簿")), LEDGER)],
        **form_values(request, VoucherGiven, typed, wrong=wrong, choices=choices),
    )


def _reversal_form(
    request: Asked, voucher_id: UUID, typed: Typed = NOTHING, wrong: Refusal | None = None
) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("冲销凭证")),
        action=f"{voucher_address(voucher_id)}/reverse",
        back=voucher_address(voucher_id),
        button=say(N_("冲销")),
        trail=((say(N_("账簿")), LEDGER), (say(N_("记账凭证")), voucher_address(voucher_id))),
        intro=say(N_("冲销以一张逐行相反的凭证抵销原凭证，原凭证保留；原期间已结账的，记在第一个可记账的日期。")),
        danger=True,
    )
    return show_form(request, form, Reversal, typed, wrong=wrong)

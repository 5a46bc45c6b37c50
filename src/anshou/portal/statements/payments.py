"""What a merchant paid, recorded at finance's desk."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.finance.statements import Payment, record_payment
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import Merchant, visible_merchant
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.pages import Notice, go_to, language_of
from anshou.portal.statements.places import STATEMENTS
from tenants.refusals import N_, Refusal


@get("/statements/merchants/{merchant_id:uuid}/payment")
async def payment_page(merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The amount, the day, the bank's number of it."""
    authorize_at_desk(visit.person, Permission.ISSUE_STATEMENTS)
    return _form(request, await visible_merchant(visit.session, merchant_id))


@post("/statements/merchants/{merchant_id:uuid}/payment", status_code=303)
async def submit_payment(merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Book it."""
    authorize_at_desk(visit.person, Permission.ISSUE_STATEMENTS)
    merchant = await visible_merchant(visit.session, merchant_id)
    reading = read(Payment, await typed_by(request))
    if reading.value is None:
        return _form(request, merchant, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            posted = await record_payment(visit.session, merchant.id, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return _form(request, merchant, reading.typed, refusal)
    said = N_("这笔付款此前已登记，没有重复入账。") if posted.is_replay else N_("付款已入账，列入入账月份的对账单。")
    address = f"{STATEMENTS}?month={posted.booked_on:%Y-%m}"
    return go_to(request, address, Notice(language_of(request).say(said)))


def _form(request: Asked, merchant: Merchant, typed: Typed = NOTHING, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("登记 %(merchant)s 的付款"), merchant=merchant.name),
        action=f"{STATEMENTS}/merchants/{merchant.id}/payment",
        back=STATEMENTS,
        button=say(N_("登记付款")),
        trail=((say(N_("对账单")), STATEMENTS),),
        intro=say(N_("同一银行流水号只入账一次。")),
    )
    return show_form(request, form, Payment, typed, wrong=wrong)

"""A merchant's contracts with their versions on a time line, and a new contract."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.contracts import Standing, contracts_of, versions_of
from anshou.merchants.drafting import ContractHead, draw_up
from anshou.merchants.merchants import Merchant, visible_merchant
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, allows, authorize
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.merchants.places import address_of_merchant, contracts_trail, tabs
from anshou.portal.merchants.validity import time_line
from anshou.portal.pages import go_to, language_of, page
from tenants.refusals import N_, Refusal

STANDING_TONES = {
    Standing.DRAFT: "",
    Standing.UPCOMING: "blue",
    Standing.IN_FORCE: "green",
    Standing.EXPIRED: "amber",
    Standing.ENDED: "red",
}


@get("/merchants/{merchant_id:uuid}/contracts")
async def contracts_page(merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Every contract, and which version is in force today."""
    merchant = await visible_merchant(visit.session, merchant_id)
    contracts = await contracts_of(visit.session, merchant.id, by=visit.person)
    versions = await versions_of(visit.session, merchant.id, by=visit.person)
    today = visit.at.astimezone((await read_settings(visit.session)).zone).date()
    return page(
        request,
        "merchants/contracts.html",
        merchant=merchant,
        tabs=tabs(language_of(request), merchant, "contracts"),
        contracts=[(contract, [one for one in versions if one.contract_id == contract.id]) for contract in contracts],
        in_force=next((one for one in versions if one.covers(today)), None),
        line=time_line(versions, today),
        today=today,
        tones=STANDING_TONES,
        may_manage=allows(visit.person, Permission.MANAGE_CONTRACTS),
    )


@get("/merchants/{merchant_id:uuid}/contracts/new")
async def new_contract_page(
    merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """The form for a contract's number and title."""
    authorize(visit.person, Permission.MANAGE_CONTRACTS)
    return _form(request, await visible_merchant(visit.session, merchant_id))


@post("/merchants/{merchant_id:uuid}/contracts/new", status_code=303)
async def submit_contract(merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Draw it up, and go on to its first version."""
    authorize(visit.person, Permission.MANAGE_CONTRACTS)
    merchant = await visible_merchant(visit.session, merchant_id)
    reading = read(ContractHead, await typed_by(request))
    if reading.value is None:
        return _form(request, merchant, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            contract = await draw_up(visit.session, merchant, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return _form(request, merchant, reading.typed, refusal)
    return go_to(request, f"{address_of_merchant(merchant_id)}/contracts/{contract.id}/versions/new")


def _form(request: Asked, merchant: Merchant, typed: Typed = NOTHING, wrong: Refusal | None = None) -> Response[str]:
    say, here = language_of(request).say, f"{address_of_merchant(merchant.id)}/contracts"
    form = FormPage(
        heading=say(N_("新建合同")),
        action=f"{here}/new",
        back=here,
        button=say(N_("下一步：起草条款")),
        trail=contracts_trail(request, merchant),
    )
    return show_form(request, form, ContractHead, typed, wrong=wrong)

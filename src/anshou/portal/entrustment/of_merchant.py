"""A merchant's entrustment: what is agreed per contract, to whom it is passed on, and its return or deletion."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.contracts import Contract, contracts_of, visible_contract
from anshou.merchants.merchants import Merchant, visible_merchant
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.prefilled import prefilled
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.merchants.places import address_of_merchant, tabs, trail
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.privacy.entrustment.recording import (
    EntrustmentGiven,
    SubprocessorGiven,
    entrustments_of,
    passings_of,
    propose_subprocessor,
    record_entrustment,
)
from anshou.privacy.entrustment.returning import begin_return, returns_of
from tenants.refusals import N_, Refusal


def here_of(merchant_id: UUID) -> str:
    """The page."""
    return f"{address_of_merchant(merchant_id)}/entrustment"


@get("/merchants/{merchant_id:uuid}/entrustment")
async def entrustment_page(merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Everything about it."""
    authorize_at_desk(visit.person, Permission.READ_CONTRACTS)
    merchant = await visible_merchant(visit.session, merchant_id)
    contracts = await contracts_of(visit.session, merchant.id, by=visit.person)
    returns = await returns_of(visit.session, merchant.id)
    return page(
        request,
        "entrustment/merchant.html",
        merchant=merchant,
        tabs=tabs(language_of(request), merchant, "entrustment"),
        contracts=[(one, await entrustments_of(visit.session, merchant.id, one.id)) for one in contracts],
        passings=await passings_of(visit.session, merchant.id),
        returns=returns,
        returned={one.data_return.contract_id for one in returns},
        here=here_of(merchant.id),
        may_manage=allows(visit.person, Permission.MANAGE_CONTRACTS),
    )


@get("/merchants/{merchant_id:uuid}/entrustment/{contract_id:uuid}")
async def record_page(
    merchant_id: FromPath[UUID], contract_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """The form, filled in with the version that holds."""
    merchant, contract = await _contract(visit, merchant_id, contract_id)
    held = await entrustments_of(visit.session, merchant.id, contract.id)
    if not held:
        return _form(request, merchant, contract)
    kept = {name: getattr(held[0], name) for name in EntrustmentGiven.__struct_fields__}
    given = EntrustmentGiven(**(kept | {"data_kinds": tuple(held[0].data_kinds)}))
    return _form(request, merchant, contract, prefilled(given))


@post("/merchants/{merchant_id:uuid}/entrustment/{contract_id:uuid}", status_code=303)
async def submit_record(
    merchant_id: FromPath[UUID], contract_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Write the next version down."""
    merchant, contract = await _contract(visit, merchant_id, contract_id)
    reading = read(EntrustmentGiven, await typed_by(request))
    if reading.value is None:
        return _form(request, merchant, contract, reading.typed, reading.refusal)
    await record_entrustment(visit.session, contract, reading.value, by=visit.person, at=visit.at)
    return go_to(request, here_of(merchant.id), Notice(language_of(request).say(N_("委托处理已登记。"))))


@get("/merchants/{merchant_id:uuid}/entrustment/{contract_id:uuid}/subprocessors/new")
async def new_subprocessor_page(
    merchant_id: FromPath[UUID], contract_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """To whom a part would be passed on."""
    return _passing(request, *await _contract(visit, merchant_id, contract_id))


@post("/merchants/{merchant_id:uuid}/entrustment/{contract_id:uuid}/subprocessors/new", status_code=303)
async def submit_subprocessor(
    merchant_id: FromPath[UUID], contract_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Ask the merchant."""
    merchant, contract = await _contract(visit, merchant_id, contract_id)
    reading = read(SubprocessorGiven, await typed_by(request))
    if reading.value is None:
        return _passing(request, merchant, contract, reading.typed, reading.refusal)
    await propose_subprocessor(visit.session, contract, reading.value, by=visit.person, at=visit.at)
    said = language_of(request).say(N_("已提交商家决定，同意前不得转委托。"))
    return go_to(request, here_of(merchant.id), Notice(said))


@post("/merchants/{merchant_id:uuid}/entrustment/{contract_id:uuid}/return", status_code=303)
async def submit_return(
    merchant_id: FromPath[UUID], contract_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Begin the return or deletion."""
    _, contract = await _contract(visit, merchant_id, contract_id)
    made = await begin_return(visit.session, contract, by=visit.person, at=visit.at)
    return go_to(request, f"/returns/{made.number}", Notice(language_of(request).say(N_("已通知商家选择。"))))


async def _contract(visit: Visit, merchant_id: UUID, contract_id: UUID) -> tuple[Merchant, Contract]:
    authorize_at_desk(visit.person, Permission.MANAGE_CONTRACTS)
    merchant = await visible_merchant(visit.session, merchant_id)
    return merchant, await visible_contract(visit.session, merchant.id, contract_id, by=visit.person)


def _form(
    request: Asked, merchant: Merchant, contract: Contract, typed: Typed = NOTHING, wrong: Refusal | None = None
) -> Response[str]:
    say, here = language_of(request).say, here_of(merchant.id)
    form = FormPage(
        heading=say(N_("委托处理：合同 %(number)s"), number=contract.number),
        action=f"{here}/{contract.id}",
        back=here,
        button=say(N_("保存")),
        trail=(*trail(request, merchant), (say(N_("委托处理")), here)),
        intro=say(N_("依照《个人信息保护法》第二十一条登记委托的目的、期限、方式、数据种类和保护措施。")),
    )
    return show_form(request, form, EntrustmentGiven, typed, wrong=wrong)


def _passing(
    request: Asked, merchant: Merchant, contract: Contract, typed: Typed = NOTHING, wrong: Refusal | None = None
) -> Response[str]:
    say, here = language_of(request).say, here_of(merchant.id)
    form = FormPage(
        heading=say(N_("提出转委托")),
        action=f"{here}/{contract.id}/subprocessors/new",
        back=here,
        button=say(N_("提交商家决定")),
        trail=(*trail(request, merchant), (say(N_("委托处理")), here)),
    )
    return show_form(request, form, SubprocessorGiven, typed, wrong=wrong)

"""Writing a contract version: a new draft, empty or after an earlier version, and changing one."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.amounts import open_terms
from anshou.merchants.contracts import Contract, ContractVersion, visible_contract, visible_version
from anshou.merchants.drafting import Draft, add_draft, change_draft
from anshou.merchants.merchants import visible_merchant
from anshou.people.permissions import Permission, authorize
from anshou.portal.error_pages import status_of
from anshou.portal.forms.form_page import FormPage
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.prefilled import prefilled
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.shown import Choices
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.merchants.places import address_of_merchant, contracts_trail
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.tickets.clocks.clauses import clause_faults
from anshou.tickets.clocks.reading import read_rulebook
from anshou.tickets.clocks.setting_calendars import calendar_lines
from tenants.refusals import N_, Message, Refusal
from tenants.shapes import ShapeInvalid


@get("/merchants/{merchant_id:uuid}/contracts/{contract_id:uuid}/versions/new")
async def new_draft_page(
    merchant_id: FromPath[UUID], contract_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """The form for the next version; `from` in the query names the version whose terms it begins with."""
    authorize(visit.person, Permission.MANAGE_CONTRACTS)
    contract = await visible_contract(visit.session, merchant_id, contract_id, by=visit.person)
    return await _form(request, visit, contract, None, await _begun_with(request, visit, merchant_id))


@post("/merchants/{merchant_id:uuid}/contracts/{contract_id:uuid}/versions/new", status_code=303)
async def submit_new_draft(
    merchant_id: FromPath[UUID], contract_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Write the draft down."""
    authorize(visit.person, Permission.MANAGE_CONTRACTS)
    contract = await visible_contract(visit.session, merchant_id, contract_id, by=visit.person)
    reading = read(Draft, await typed_by(request))
    if reading.value is None:
        return await _form(request, visit, contract, None, reading.typed, reading.refusal)
    try:
        await _check_limits(visit, reading.value)
        async with visit.session.begin_nested():
            version = await add_draft(visit.session, contract, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        contract = await visible_contract(visit.session, merchant_id, contract_id, by=visit.person)
        return await _form(request, visit, contract, None, reading.typed, refusal)
    said = language_of(request).say(N_("草稿已保存。核对无误后使其生效。"))
    return go_to(request, f"{address_of_merchant(merchant_id)}/contracts/versions/{version.id}", Notice(said))


@get("/merchants/{merchant_id:uuid}/contracts/versions/{version_id:uuid}/draft")
async def draft_page(
    merchant_id: FromPath[UUID], version_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """A draft as it is."""
    authorize(visit.person, Permission.MANAGE_CONTRACTS)
    version = await visible_version(visit.session, merchant_id, version_id, by=visit.person)
    draft = Draft(
        valid_from=version.valid_from,
        valid_until=version.valid_until,
        terms=await open_terms(visit.session, version, by=visit.person, at=visit.at),
    )
    return await _form(request, visit, version.contract, version, prefilled(draft))


@post("/merchants/{merchant_id:uuid}/contracts/versions/{version_id:uuid}/draft", status_code=303)
async def submit_draft(
    merchant_id: FromPath[UUID], version_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Change it."""
    authorize(visit.person, Permission.MANAGE_CONTRACTS)
    version = await visible_version(visit.session, merchant_id, version_id, by=visit.person)
    reading = read(Draft, await typed_by(request))
    if reading.value is None:
        return await _form(request, visit, version.contract, version, reading.typed, reading.refusal)
    try:
        await _check_limits(visit, reading.value)
        async with visit.session.begin_nested():
            await change_draft(visit.session, version, reading.value, by=visit.person)
    except Refusal as refusal:
        version = await visible_version(visit.session, merchant_id, version_id, by=visit.person)
        return await _form(request, visit, version.contract, version, reading.typed, refusal)
    said = language_of(request).say(N_("草稿已保存。"))
    return go_to(request, f"{address_of_merchant(merchant_id)}/contracts/versions/{version_id}", Notice(said))


async def _begun_with(request: Asked, visit: Visit, merchant_id: UUID) -> Typed:
    """The earlier version's terms, without its dates: the new one begins on another day."""
    try:
        earlier = UUID(request.query_params.get("from", ""))
    except ValueError:
        return NOTHING
    version = await visible_version(visit.session, merchant_id, earlier, by=visit.person)
    terms = await open_terms(visit.session, version, by=visit.person, at=visit.at)
    values = prefilled(Draft(valid_from=version.valid_from, terms=terms)).values
    return Typed({name: typed for name, typed in values.items() if name != "valid_from"})


async def _check_limits(visit: Visit, draft: Draft) -> None:
    """Raise ShapeInvalid for a limit that names no calendar of the agency, or that could never take effect."""
    rulebook = await read_rulebook(visit.session)
    faults: dict[str, Message] = {}
    for number, clause in enumerate(draft.terms.limits):
        for field, fault in clause_faults(clause, rulebook, at=visit.at).items():
            faults[f"terms.limits[{number}].{field}"] = fault
    if faults:
        raise ShapeInvalid(faults)


async def _form(
    request: Asked,
    visit: Visit,
    contract: Contract,
    version: ContractVersion | None,
    typed: Typed,
    wrong: Refusal | None = None,
) -> Response[str]:
    language, contracts = language_of(request), f"{address_of_merchant(contract.merchant_id)}/contracts"
    merchant = await visible_merchant(visit.session, contract.merchant_id)
    here = f"{contracts}/versions/{version.id}" if version else ""
    form = FormPage(
        heading=language.say(N_("修改草稿")) if version else language.say(N_("起草新版本")),
        action=f"{here}/draft" if version else f"{contracts}/{contract.id}/versions/new",
        back=here or contracts,
        button=language.say(N_("保存草稿")),
        trail=contracts_trail(request, merchant),
    )
    calendars = {one.code: language.say(one.label) for one in calendar_lines(await read_rulebook(visit.session))}
    choices = Choices(by_name={"calendar": list(calendars.items())})
    shown = form_values(request, Draft, typed, wrong=wrong, choices=choices)
    return page(
        request,
        "merchants/draft.html",
        status_code=status_of(wrong) if wrong else 200,
        form=form,
        contract=contract,
        **shown,
    )

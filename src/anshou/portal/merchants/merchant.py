"""One merchant: profile, shops, contacts, and the people on both sides."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.contacts import contacts_of
from anshou.merchants.contracts import find_contract_in_force
from anshou.merchants.merchants import (
    Merchant,
    Profile,
    change_profile,
    end_service,
    resume_service,
    visible_merchant,
)
from anshou.merchants.shops import shops_of
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, allows, authorize
from anshou.people.serving import serving, working_for
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.prefilled import prefilled
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import Typed
from anshou.portal.merchants.accounts import shown_accounts
from anshou.portal.merchants.places import address_of_merchant, tabs, trail
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.tickets.per_merchant import open_tickets
from tenants.refusals import N_, Refusal


@get("/merchants/{merchant_id:uuid}")
async def merchant_page(merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Everything about the merchant but its contracts."""
    authorize(visit.person, Permission.READ_MERCHANTS)
    merchant = await visible_merchant(visit.session, merchant_id)
    today = visit.at.astimezone((await read_settings(visit.session)).zone).date()
    return page(
        request,
        "merchants/merchant.html",
        merchant=merchant,
        tabs=tabs(language_of(request), merchant, "overview"),
        version=await find_contract_in_force(visit.session, merchant.id, today),
        shops=await shops_of(visit.session, merchant.id, closed=True),
        contacts=await contacts_of(visit.session, merchant.id),
        served_by=await serving(visit.session, merchant.id),
        own_people=await working_for(visit.session, merchant.id),
        tickets=(await open_tickets(visit.session, visit.person, [merchant.id])).get(merchant.id, 0),
        reads_tickets=allows(visit.person, Permission.READ_TICKET_SUMMARY),
        may_manage=allows(visit.person, Permission.MANAGE_MERCHANTS),
        may_keep_accounts=allows(visit.person, Permission.KEEP_ACCOUNTS),
        accounts=await shown_accounts(visit, merchant.id),
        may_keep_contacts=allows(visit.person, Permission.MANAGE_CONTACTS),
        may_manage_people=allows(visit.person, Permission.MANAGE_PEOPLE),
    )


@get("/merchants/{merchant_id:uuid}/profile")
async def profile_page(merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The profile as it is."""
    authorize(visit.person, Permission.MANAGE_MERCHANTS)
    merchant = await visible_merchant(visit.session, merchant_id)
    return _form(request, merchant, prefilled(Profile(name=merchant.name, company=merchant.company)))


@post("/merchants/{merchant_id:uuid}/profile", status_code=303)
async def submit_profile(merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Change it."""
    authorize(visit.person, Permission.MANAGE_MERCHANTS)
    merchant = await visible_merchant(visit.session, merchant_id)
    reading = read(Profile, await typed_by(request))
    if reading.value is None:
        return _form(request, merchant, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            await change_profile(visit.session, merchant, reading.value, by=visit.person)
    except Refusal as refusal:
        merchant = await visible_merchant(visit.session, merchant_id)
        return _form(request, merchant, reading.typed, refusal)
    return go_to(request, address_of_merchant(merchant_id), Notice(language_of(request).say(N_("资料已更新。"))))


@post("/merchants/{merchant_id:uuid}/end", status_code=303)
async def end(merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Begin nothing new for the merchant."""
    merchant = await visible_merchant(visit.session, merchant_id)
    end_service(merchant, by=visit.person, at=visit.at)
    said = language_of(request).say(N_("与%(name)s的合作已标记为结束，未结的工单继续处理。"), name=merchant.name)
    return go_to(request, address_of_merchant(merchant_id), Notice(said))


@post("/merchants/{merchant_id:uuid}/resume", status_code=303)
async def resume(merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Serve the merchant again."""
    merchant = await visible_merchant(visit.session, merchant_id)
    resume_service(merchant, by=visit.person)
    said = language_of(request).say(N_("已恢复与%(name)s的合作。"), name=merchant.name)
    return go_to(request, address_of_merchant(merchant_id), Notice(said))


def _form(request: Asked, merchant: Merchant, typed: Typed, wrong: Refusal | None = None) -> Response[str]:
    say, here = language_of(request).say, address_of_merchant(merchant.id)
    form = FormPage(
        heading=say(N_("修改商家资料")),
        action=f"{here}/profile",
        back=here,
        button=say(N_("保存")),
        trail=trail(request, merchant),
    )
    return show_form(request, form, Profile, typed, wrong=wrong)

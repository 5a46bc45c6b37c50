"""A merchant's contacts: added, changed, removed."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.contacts import (
    Contact,
    ContactCard,
    add_contact,
    change_contact,
    remove_contact,
    visible_contact,
)
from anshou.merchants.merchants import Merchant, visible_merchant
from anshou.people.permissions import Permission, authorize
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.prefilled import prefilled
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.merchants.places import address_of_merchant, trail
from anshou.portal.pages import Notice, go_to, language_of
from tenants.refusals import N_, Refusal


@get("/merchants/{merchant_id:uuid}/contacts/new")
async def new_contact_page(merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form for another contact."""
    authorize(visit.person, Permission.MANAGE_CONTACTS)
    return _form(request, await visible_merchant(visit.session, merchant_id), None)


@post("/merchants/{merchant_id:uuid}/contacts/new", status_code=303)
async def submit_contact(merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Keep another contact."""
    authorize(visit.person, Permission.MANAGE_CONTACTS)
    merchant = await visible_merchant(visit.session, merchant_id)
    reading = read(ContactCard, await typed_by(request))
    if reading.value is None:
        return _form(request, merchant, None, reading.typed, reading.refusal)
    contact = await add_contact(visit.session, merchant, reading.value, by=visit.person, at=visit.at)
    return _done(request, merchant_id, language_of(request).say(N_("已添加联系人%(name)s。"), name=contact.name))


@get("/merchants/{merchant_id:uuid}/contacts/{contact_id:uuid}")
async def contact_page(
    merchant_id: FromPath[UUID], contact_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """A contact as it is."""
    authorize(visit.person, Permission.MANAGE_CONTACTS)
    merchant = await visible_merchant(visit.session, merchant_id)
    contact = await visible_contact(visit.session, merchant.id, contact_id)
    kept = ContactCard(**{field: getattr(contact, field) for field in ContactCard.__struct_fields__})
    return _form(request, merchant, contact, prefilled(kept))


@post("/merchants/{merchant_id:uuid}/contacts/{contact_id:uuid}", status_code=303)
async def change(
    merchant_id: FromPath[UUID], contact_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Change it."""
    merchant = await visible_merchant(visit.session, merchant_id)
    contact = await visible_contact(visit.session, merchant.id, contact_id)
    reading = read(ContactCard, await typed_by(request))
    if reading.value is None:
        return _form(request, merchant, contact, reading.typed, reading.refusal)
    await change_contact(visit.session, contact, reading.value, by=visit.person)
    return _done(request, merchant_id, language_of(request).say(N_("联系人已更新。")))


@post("/merchants/{merchant_id:uuid}/contacts/{contact_id:uuid}/remove", status_code=303)
async def remove(
    merchant_id: FromPath[UUID], contact_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Keep the contact no longer."""
    merchant = await visible_merchant(visit.session, merchant_id)
    contact = await visible_contact(visit.session, merchant.id, contact_id)
    await remove_contact(visit.session, contact, by=visit.person)
    return _done(request, merchant_id, language_of(request).say(N_("联系人已移除。")))


def _done(request: Asked, merchant_id: UUID, said: str) -> Response[str]:
    return go_to(request, address_of_merchant(merchant_id), Notice(said))


def _form(
    request: Asked,
    merchant: Merchant,
    contact: Contact | None,
    typed: Typed = NOTHING,
    wrong: Refusal | None = None,
) -> Response[str]:
    say, here = language_of(request).say, address_of_merchant(merchant.id)
    form = FormPage(
        heading=say(N_("修改联系人")) if contact else say(N_("添加联系人")),
        action=f"{here}/contacts/{contact.id if contact else 'new'}",
        back=here,
        button=say(N_("保存")),
        trail=trail(request, merchant),
    )
    return show_form(request, form, ContactCard, typed, wrong=wrong)

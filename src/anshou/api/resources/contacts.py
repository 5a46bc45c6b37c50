"""A merchant's contacts and how each prefers to be reached."""

from typing import Annotated
from uuid import UUID

from litestar import Response, Router
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Listing, made, shown
from anshou.api.document import PREFIX
from anshou.api.routing import delete, get, post, put
from anshou.api.visits import ApiVisit, Visiting
from anshou.merchants import contacts, merchants
from anshou.merchants.channels import Channel
from anshou.merchants.contacts import ContactCard
from anshou.merchants.merchants import Merchant
from anshou.people.permissions import Permission, authorize
from tenants.refusals import N_


class ContactShown(Struct, frozen=True, kw_only=True):
    """A contact of a merchant."""

    id: UUID
    name: Annotated[str, Meta(title=N_("联系人"))]
    position: Annotated[str, Meta(title=N_("职务"))]
    phone: Annotated[str, Meta(title=N_("电话"))]
    email: Annotated[str, Meta(title=N_("邮箱"))]
    messenger: Annotated[str, Meta(title=N_("微信等即时通讯账号"))]
    preferred_channel: Annotated[Channel, Meta(title=N_("首选联系方式"))]
    is_primary: Annotated[bool, Meta(title=N_("主要联系人"))]
    note: Annotated[str, Meta(title=N_("备注"))]


@get("/merchants/{merchant_id:uuid}/contacts", summary=N_("列出联系人"), operation_id="listContacts")
async def list_contacts(merchant_id: FromPath[UUID], visit: Visiting) -> Listing[ContactShown]:
    merchant = await _merchant(visit, merchant_id)
    return Listing(items=[shown(ContactShown, one) for one in await contacts.contacts_of(visit.session, merchant.id)])


@post(
    "/merchants/{merchant_id:uuid}/contacts",
    summary=N_("新建联系人"),
    operation_id="addContact",
    opt={"answers_with": {"Location": N_("联系人的位置")}},
)
async def add_contact(
    merchant_id: FromPath[UUID], data: JSONBody[ContactCard], visit: Visiting
) -> Response[ContactShown]:
    merchant = await _merchant(visit, merchant_id)
    contact = await contacts.add_contact(visit.session, merchant, data, by=visit.person, at=visit.at)
    return made(shown(ContactShown, contact), f"{PREFIX}/merchants/{merchant_id}/contacts/{contact.id}")


@get("/merchants/{merchant_id:uuid}/contacts/{contact_id:uuid}", summary=N_("读取联系人"), operation_id="readContact")
async def read_contact(merchant_id: FromPath[UUID], contact_id: FromPath[UUID], visit: Visiting) -> ContactShown:
    merchant = await _merchant(visit, merchant_id)
    return shown(ContactShown, await contacts.visible_contact(visit.session, merchant.id, contact_id))


@put("/merchants/{merchant_id:uuid}/contacts/{contact_id:uuid}", summary=N_("修改联系人"), operation_id="changeContact")
async def change_contact(
    merchant_id: FromPath[UUID], contact_id: FromPath[UUID], data: JSONBody[ContactCard], visit: Visiting
) -> ContactShown:
    merchant = await _merchant(visit, merchant_id)
    contact = await contacts.visible_contact(visit.session, merchant.id, contact_id)
    await contacts.change_contact(visit.session, contact, data, by=visit.person)
    return shown(ContactShown, contact)


@delete(
    "/merchants/{merchant_id:uuid}/contacts/{contact_id:uuid}", summary=N_("删除联系人"), operation_id="removeContact"
)
async def remove_contact(merchant_id: FromPath[UUID], contact_id: FromPath[UUID], visit: Visiting) -> None:
    merchant = await _merchant(visit, merchant_id)
    contact = await contacts.visible_contact(visit.session, merchant.id, contact_id)
    await contacts.remove_contact(visit.session, contact, by=visit.person)


async def _merchant(visit: ApiVisit, merchant_id: UUID) -> Merchant:
    """The merchant, for those of the agency: what it notes about whom it talks to is its own."""
    authorize(visit.person, Permission.READ_MERCHANTS)
    return await merchants.visible_merchant(visit.session, merchant_id)


router = Router(
    "/",
    tags=[N_("商家")],
    route_handlers=[list_contacts, add_contact, read_contact, change_contact, remove_contact],
)

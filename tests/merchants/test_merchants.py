"""Merchants, their contacts and shops: who keeps them, who sees them."""

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.channels import Channel
from anshou.merchants.contacts import (
    Contact,
    ContactCard,
    add_contact,
    change_contact,
    contacts_of,
    remove_contact,
    visible_contact,
)
from anshou.merchants.contracts import Contract, ContractVersion
from anshou.merchants.documents import ContractDocument, StoredFile, add_document
from anshou.merchants.errors import (
    ContactNotFound,
    MerchantEnded,
    MerchantNotFound,
    NameTaken,
    ShopClosed,
    ShopNotFound,
)
from anshou.merchants.merchants import (
    Merchant,
    Profile,
    add_merchant,
    change_profile,
    end_service,
    list_merchants,
    merchant_names,
    require_served,
    resume_service,
    visible_merchant,
)
from anshou.merchants.shops import (
    Platform,
    Shop,
    ShopCard,
    change_shop,
    close_shop,
    open_shop,
    reopen_shop,
    require_open,
    shops_of,
    visible_shop,
)
from anshou.people.errors import PermissionMissing
from tenants.base import MerchantRow
from tenants.context import Context
from tenants.shapes import ShapeInvalid, accept
from tests.cast import NOW, Anhe, settle
from tests.conftest import ActAs

CARD = ContactCard(name="云一", phone="13800000000", preferred_channel=Channel.PHONE, is_primary=True)
TABLES: tuple[type[MerchantRow], ...] = (Contact, Shop, Contract, ContractVersion, ContractDocument)


async def fill(session: AsyncSession, cast: Anhe) -> None:
    """A contact and a contract document for both merchants; shops and contracts the cast has."""
    scan = StoredFile(name="合同.pdf", media_type="application/pdf", size=1, sha256=b"s" * 32, storage_key="k")
    for merchant in (cast.yunshan, cast.qinghe):
        await add_contact(session, await session.get_one(Merchant, merchant.id), CARD, by=cast.admin, at=NOW)
        version = await session.get_one(ContractVersion, merchant.version_id)
        await add_document(session, version, scan, by=cast.admin, at=NOW)


async def test_each_sees_the_merchants_that_concern_them(session: AsyncSession, act_as: ActAs) -> None:
    cast = await settle(session)
    both = {cast.yunshan.id: "云杉户外", cast.qinghe.id: "青禾食品"}
    yunshan = {cast.yunshan.id: "云杉户外"}
    expected = {
        cast.account_manager: yunshan,
        cast.service_agent: both,
        cast.specialist: both,
        cast.admin: both,
        cast.owner: yunshan,
        cast.other_owner: {cast.qinghe.id: "青禾食品"},
    }
    for person, names in expected.items():
        await act_as(person.context())
        assert await merchant_names(session) == names, person.name


async def test_at_the_door_a_person_sees_the_names_of_their_own_merchants(session: AsyncSession, act_as: ActAs) -> None:
    cast = await settle(session)
    await act_as(Context("door", person=cast.owner.id))
    assert await merchant_names(session) == {cast.yunshan.id: "云杉户外"}
    await act_as(Context("door"))
    assert await merchant_names(session) == {}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__tablename__)
async def test_rows_of_a_merchant_are_seen_by_itself_and_by_who_serves_it(
    table: type[MerchantRow], session: AsyncSession, act_as: ActAs
) -> None:
    cast = await settle(session)
    await fill(session, cast)
    both = {cast.yunshan.id, cast.qinghe.id}
    for person, expected in {
        cast.owner: {cast.yunshan.id},
        cast.other_owner: {cast.qinghe.id},
        cast.account_manager: {cast.yunshan.id},
        cast.service_agent: both,
        cast.finance: both,
    }.items():
        await act_as(person.context())
        assert set(await session.scalars(select(table.merchant_id))) == expected, person.name


async def test_what_belongs_to_another_merchant_is_not_found(session: AsyncSession, act_as: ActAs) -> None:
    cast = await settle(session)
    await act_as(cast.owner.context())
    with pytest.raises(MerchantNotFound):
        await visible_merchant(session, cast.qinghe.id)
    for merchant_id in (cast.yunshan.id, cast.qinghe.id):
        with pytest.raises(ShopNotFound):
            await visible_shop(session, merchant_id, cast.qinghe.shop_id)
    assert (await visible_shop(session, cast.yunshan.id, cast.yunshan.shop_id)).platform is Platform.TMALL


async def test_a_merchant_is_added_renamed_ended_and_resumed(session: AsyncSession) -> None:
    cast = await settle(session)
    merchant = await add_merchant(session, Profile(name="松果文具"), by=cast.admin, at=NOW)
    with pytest.raises(NameTaken):
        await add_merchant(session, Profile(name="松果文具"), by=cast.admin, at=NOW)
    with pytest.raises(NameTaken):
        await change_profile(session, merchant, Profile(name="云杉户外"), by=cast.admin)
    await change_profile(session, merchant, Profile(name="松果文具", company="松果文具有限公司"), by=cast.admin)
    end_service(merchant, by=cast.admin, at=NOW)
    await session.flush()
    with pytest.raises(MerchantEnded):
        require_served(merchant)
    assert [found.id for found in await list_merchants(session, ended=True)] == [merchant.id]
    assert merchant.id not in {found.id for found in await list_merchants(session)}
    resume_service(merchant, by=cast.admin)
    require_served(merchant)


async def test_there_is_one_primary_contact(session: AsyncSession) -> None:
    cast = await settle(session)
    merchant = await session.get_one(Merchant, cast.yunshan.id)
    first = await add_contact(session, merchant, CARD, by=cast.admin, at=NOW)
    second = await add_contact(
        session, merchant, ContactCard(name="云二", is_primary=True), by=cast.account_manager, at=NOW
    )
    await session.refresh(first)
    assert (first.is_primary, second.is_primary) == (False, True)
    assert [contact.name for contact in await contacts_of(session, merchant.id)] == ["云二", "云一"]
    await change_contact(session, first, CARD, by=cast.admin)
    await session.refresh(second)
    assert (first.is_primary, second.is_primary) == (True, False)
    await remove_contact(session, second, by=cast.admin)
    with pytest.raises(ContactNotFound):
        await visible_contact(session, merchant.id, second.id)


async def test_the_front_desk_keeps_the_contacts_of_its_own_merchants(session: AsyncSession, act_as: ActAs) -> None:
    cast = await settle(session)
    await act_as(cast.account_manager.context())
    merchant = await visible_merchant(session, cast.yunshan.id)
    contact = await add_contact(session, merchant, CARD, by=cast.account_manager, at=NOW)
    await change_contact(session, contact, ContactCard(name="云一一"), by=cast.account_manager)
    with pytest.raises(PermissionMissing):
        await add_contact(session, merchant, CARD, by=cast.specialist, at=NOW)


@pytest.mark.parametrize(
    ("channel", "path"), [("phone", "phone"), ("email", "email"), ("instant_messaging", "messenger")]
)
def test_a_preferred_channel_needs_what_it_reaches_by(channel: str, path: str) -> None:
    with pytest.raises(ShapeInvalid) as refused:
        accept(ContactCard, {"name": "云一", "preferred_channel": channel})
    assert list(refused.value.fields) == [path]


async def test_a_shop_is_opened_changed_closed_and_reopened(session: AsyncSession) -> None:
    cast = await settle(session)
    merchant = await session.get_one(Merchant, cast.yunshan.id)
    shop = await open_shop(
        session, merchant, ShopCard(platform=Platform.DOUYIN, name="云杉抖音店"), by=cast.admin, at=NOW
    )
    change_shop(shop, ShopCard(platform=Platform.DOUYIN, name="云杉直播间"), by=cast.admin)
    close_shop(shop, by=cast.admin, at=NOW)
    await session.flush()
    with pytest.raises(ShopClosed):
        require_open(shop)
    assert shop.id not in {found.id for found in await shops_of(session, merchant.id)}
    assert shop.id in {found.id for found in await shops_of(session, merchant.id, closed=True)}
    reopen_shop(shop, by=cast.admin)
    require_open(shop)


async def test_only_administrators_keep_merchants_and_shops(session: AsyncSession) -> None:
    cast = await settle(session)
    merchant = await session.get_one(Merchant, cast.yunshan.id)
    for person in (cast.account_manager, cast.supervisor, cast.executive, cast.owner):
        with pytest.raises(PermissionMissing):
            await add_merchant(session, Profile(name="新商家"), by=person, at=NOW)
        with pytest.raises(PermissionMissing):
            await open_shop(session, merchant, ShopCard(platform=Platform.JD, name="新店"), by=person, at=NOW)

"""The pages about merchants: list and search, profile, contacts, shops."""

import re
from collections.abc import AsyncIterator

import pytest
from litestar import Litestar

from anshou.merchants.contacts import contacts_of
from anshou.merchants.shops import shops_of
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import Anhe
from tests.portal.visitor import Visitor


@pytest.fixture
async def admin(app: Litestar, anhe: Anhe) -> AsyncIterator[Visitor]:
    """The administrator, signed in."""
    async with Visitor(app) as opened:
        await opened.sign_in("admin")
        yield opened


async def test_the_list_says_which_contract_is_in_force_and_is_searched_by_name(admin: Visitor, anhe: Anhe) -> None:
    await admin.go("/merchants")
    assert admin.says("云杉户外")
    assert admin.says("DY-2026-001")
    assert admin.says("无生效合同"), "the contract of 青禾 begins later"
    assert not admin.says("未结工单"), "an administrator reads no tickets"
    await admin.go("/merchants?name=青禾")
    assert admin.says("青禾食品")
    assert not admin.says("云杉户外")
    await admin.go("/merchants?name=没有的")
    assert admin.says("没有找到")


async def test_a_new_merchant_leads_to_its_page_and_a_taken_name_is_refused(admin: Visitor) -> None:
    await admin.go("/merchants/new")
    await admin.send("/merchants/new", name="云杉户外")
    assert admin.status == 409
    assert admin.says("已有同名的商家")
    await admin.send("/merchants/new", name="松果文具", company="松果文具有限公司")
    assert admin.says("已添加松果文具")
    assert admin.says("还没有联系人")
    assert admin.says("还没有店铺")


async def test_contacts_are_added_changed_and_removed(
    admin: Visitor, anhe: Anhe, tenants: Tenants, tenant: Tenant
) -> None:
    here = f"/merchants/{anhe.yunshan.id}"
    await admin.go(f"{here}/contacts/new")
    await admin.send(f"{here}/contacts/new", name="石榴", preferred_channel="phone", is_primary="yes")
    assert admin.status == 422
    assert admin.says("首选电话联系时请填写电话")
    await admin.send(
        f"{here}/contacts/new", name="石榴", preferred_channel="phone", phone="0571-8800 1234", is_primary="yes"
    )
    assert admin.says("主要联系人")
    async with tenants.session(tenant, AGENCY) as session:
        (contact,) = await contacts_of(session, anhe.yunshan.id)
    await admin.go(f"{here}/contacts/{contact.id}")
    assert admin.value_of("phone") == "0571-8800 1234"
    await admin.send(f"{here}/contacts/{contact.id}", name="石榴", preferred_channel="portal", is_primary="no")
    await admin.send(f"{here}/contacts/{contact.id}/remove")
    assert admin.says("还没有联系人")


async def test_the_front_desk_keeps_the_contacts_of_its_merchants_and_nothing_else(
    visitor: Visitor, anhe: Anhe
) -> None:
    await visitor.sign_in("manager")
    here = f"/merchants/{anhe.yunshan.id}"
    await visitor.go("/merchants")
    assert not visitor.says("青禾食品")
    await visitor.go(f"/merchants/{anhe.qinghe.id}")
    assert visitor.status == 404
    await visitor.go(here)
    assert not visitor.says("添加店铺")
    assert not visitor.says("结束合作")
    await visitor.go(f"{here}/contacts/new")
    await visitor.send(f"{here}/contacts/new", name="石榴", preferred_channel="portal")
    assert visitor.says("已添加联系人石榴")
    await visitor.go(f"{here}/shops/new")
    assert visitor.status == 403


async def test_a_shop_is_opened_closed_and_opened_again(
    admin: Visitor, anhe: Anhe, tenants: Tenants, tenant: Tenant
) -> None:
    here = f"/merchants/{anhe.yunshan.id}"
    await admin.go(f"{here}/shops/new")
    await admin.send(f"{here}/shops/new", platform="douyin", name="云杉抖音店", address="javascript:1")
    assert admin.status == 422
    await admin.send(f"{here}/shops/new", platform="douyin", name="云杉抖音店", address="https://shop.example/1")
    async with tenants.session(tenant, AGENCY) as session:
        shop = next(one for one in await shops_of(session, anhe.yunshan.id) if one.name == "云杉抖音店")
    await admin.send(f"{here}/shops/{shop.id}/close")
    assert admin.says("已停止代运营")
    await admin.send(f"{here}/shops/{shop.id}/reopen")
    assert not re.search(r'<span class="state ">已停止代运营', admin.text)


async def test_service_ends_and_resumes(admin: Visitor, anhe: Anhe) -> None:
    here = f"/merchants/{anhe.yunshan.id}"
    await admin.go(here)
    await admin.send(f"{here}/end")
    assert admin.says("合作已于")
    await admin.go("/merchants?state=ended")
    assert admin.says("云杉户外")
    await admin.send(f"{here}/resume")
    assert not admin.says("合作已于")


async def test_a_merchants_own_people_do_not_enter(visitor: Visitor, anhe: Anhe) -> None:
    await visitor.sign_in("yunshan-owner")
    await visitor.go("/merchants")
    assert visitor.status == 403
    await visitor.go(f"/merchants/{anhe.yunshan.id}")
    assert visitor.status == 403

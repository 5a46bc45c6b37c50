"""People, invitations and interface keys, through the portal as an administrator uses it."""

import re
from collections.abc import AsyncIterator
from html import unescape
from uuid import UUID

import pytest
from litestar import Litestar

from anshou.people.accounts import Account
from anshou.people.api_keys import find_keyed
from anshou.people.grants import Grant, grants_of
from anshou.people.roles import Department, Role, Scope
from anshou.people.serving import assigned_to
from tenants.context import AGENCY, DOOR
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import Anhe
from tests.portal.clock import TestClock
from tests.portal.visitor import BASE, Visitor

PASSWORD = "eine neue Losung 2026"


@pytest.fixture
async def admin(app: Litestar, anhe: Anhe) -> AsyncIterator[Visitor]:
    """The administrator, signed in."""
    async with Visitor(app) as opened:
        await opened.sign_in("admin")
        yield opened


def shown_once(visitor: Visitor) -> str:
    found = re.search(r'id="once" value="([^"]+)"', visitor.text)
    assert found, visitor.text
    return unescape(found[1])


async def test_the_list_shows_each_side_with_roles_and_merchants(admin: Visitor) -> None:
    await admin.go("/people")
    for words in ("林悦", "客户经理", "云杉户外", "业务部门"):
        assert admin.says(words)
    assert not admin.says("云飞")
    await admin.go("/people?side=merchant")
    assert admin.says("云飞")
    assert admin.says("商家负责人")


async def test_an_invited_colleague_comes_in_by_the_link_with_role_department_and_merchants(
    admin: Visitor, visitor: Visitor, anhe: Anhe, tenants: Tenants, tenant: Tenant
) -> None:
    await admin.go("/people/invite/staff")
    await admin.send(
        "/people/invite/staff",
        name="罗小满",
        email="luo@agency.example",
        merchants=str(anhe.qinghe.id),
        **{"grants[0].role": "specialist", "grants[0].department": "quality"},
    )
    assert admin.status == 200
    link = shown_once(admin)
    await admin.go("/people/invitations")
    assert admin.says("罗小满")
    assert link not in admin.text

    await visitor.go(link.removeprefix(BASE))
    await visitor.send(link.removeprefix(BASE), name="罗小满", login="luo", password=PASSWORD)
    await visitor.sign_in("luo", password=PASSWORD)
    assert visitor.says("罗小满")
    await admin.go("/people")
    account_id = UUID(re.search(r"/people/([0-9a-f-]{36})\">罗小满", admin.text)[1])  # type: ignore[index]
    async with tenants.session(tenant, AGENCY) as session:
        held = await grants_of(session, account_id)
        assert held == {Grant(role=Role.SPECIALIST, department=Department.QUALITY)}
        assert await assigned_to(session, account_id) == [anhe.qinghe.id]


async def test_a_form_with_a_missing_department_comes_back_with_what_was_typed(admin: Visitor) -> None:
    await admin.go("/people/invite/staff")
    await admin.send("/people/invite/staff", name="罗小满", **{"grants[0].role": "specialist"})
    assert admin.status == 422
    assert admin.says("请选择部门")
    assert admin.value_of("name") == "罗小满"


async def test_a_revoked_invitation_lets_nobody_in(admin: Visitor, visitor: Visitor, anhe: Anhe) -> None:
    await admin.go(f"/people/invite/merchant?merchant={anhe.yunshan.id}")
    place = {"places[0].merchant_id": str(anhe.yunshan.id), "places[0].role": "merchant_owner"}
    await admin.send("/people/invite/merchant", name="沈青", **place)
    link = shown_once(admin).removeprefix(BASE)
    await admin.go("/people/invitations")
    found = re.search(r'action="(/people/invitations/[^"]+/revoke)"', admin.text)
    assert found
    await admin.send(found[1])
    assert admin.says("没有待接受的邀请")
    await visitor.go(link)
    assert visitor.status == 409


async def test_roles_and_merchants_change_and_the_last_administrator_stays(
    admin: Visitor, anhe: Anhe, tenants: Tenants, tenant: Tenant
) -> None:
    here = f"/people/{anhe.account_manager.id}"
    await admin.go(f"{here}/standing")
    await admin.send(
        f"{here}/standing",
        merchants=[str(anhe.yunshan.id), str(anhe.qinghe.id)],
        **{"grants[0].role": "account_manager", "grants[1].role": "supervisor", "grants[1].department": "logistics"},
    )
    assert admin.path == here
    assert admin.says("物流部")
    async with tenants.session(tenant, AGENCY) as session:
        assert set(await assigned_to(session, anhe.account_manager.id)) == {anhe.yunshan.id, anhe.qinghe.id}

    own = f"/people/{anhe.admin.id}/standing"
    await admin.go(own)
    await admin.send(own, **{"grants[0].role": "auditor"})
    assert admin.status == 409
    assert admin.says("至少要保留一名可登录的系统管理员")
    async with tenants.session(tenant, AGENCY) as session:
        assert await grants_of(session, anhe.admin.id) == {Grant(role=Role.AGENCY_ADMIN)}


async def test_a_card_changes_and_a_taken_login_is_refused(
    admin: Visitor, anhe: Anhe, tenants: Tenants, tenant: Tenant
) -> None:
    here = f"/people/{anhe.specialist.id}"
    await admin.go(f"{here}/card")
    await admin.send(f"{here}/card", name="唐磊", login="agent", email="tang@agency.example")
    assert admin.status == 409
    assert admin.says("这个登录名已被使用")
    await admin.send(f"{here}/card", name="唐小磊", login="tang", email="tang@agency.example")
    assert admin.path == here
    assert admin.says("唐小磊")


async def test_a_suspended_person_is_kept_out_and_let_in_again(
    admin: Visitor, visitor: Visitor, anhe: Anhe, tenants: Tenants, tenant: Tenant
) -> None:
    here = f"/people/{anhe.service_agent.id}"
    await admin.go(here)
    await admin.send(f"{here}/suspend")
    assert admin.says("这个账号已停用")
    await visitor.sign_in("agent")
    assert visitor.path == "/sign-in"
    await admin.send(f"{here}/resume")
    await visitor.sign_in("agent")
    assert visitor.path != "/sign-in"
    async with tenants.session(tenant, AGENCY) as session:
        account = await session.get_one(Account, anhe.service_agent.id)
        assert not account.is_suspended


async def test_a_password_link_sets_a_new_password(admin: Visitor, visitor: Visitor, anhe: Anhe) -> None:
    here = f"/people/{anhe.specialist.id}"
    await admin.go(here)
    await admin.send(f"{here}/password-link", resets_second_factor="yes")
    assert admin.says("两步验证同时解除")
    link = shown_once(admin).removeprefix(BASE)
    await visitor.go(link)
    await visitor.send(link, password=PASSWORD, again=PASSWORD)
    await visitor.sign_in("specialist", password=PASSWORD)
    assert visitor.says("唐磊")


async def test_a_key_is_shown_once_acts_within_its_scopes_and_is_revoked(
    admin: Visitor, anhe: Anhe, tenants: Tenants, tenant: Tenant, clock: TestClock
) -> None:
    await admin.go("/api-keys")
    assert admin.says("还没有有效的接口密钥")
    await admin.go("/api-keys/new")
    await admin.send(
        "/api-keys/new",
        name="ERP 对接",
        account_id=str(anhe.service_agent.id),
        scopes=["read", "write"],
        expires_at="2027-01-31T18:00",
    )
    text = shown_once(admin)
    async with tenants.session(tenant, DOOR) as session:
        keyed = await find_keyed(session, text, at=clock())
    assert keyed is not None
    assert keyed.person.scopes == {Scope.READ, Scope.WRITE}

    await admin.go("/api-keys")
    assert text not in admin.text
    assert admin.says("ERP 对接")
    assert admin.says("2027-01-31 18:00")
    await admin.send(f"/api-keys/{keyed.key_id}/revoke")
    assert admin.says("密钥已撤销")
    async with tenants.session(tenant, DOOR) as session:
        assert await find_keyed(session, text, at=clock()) is None


@pytest.mark.parametrize("login", ["agent", "executive", "yunshan-owner"])
@pytest.mark.parametrize(
    "address", ["/people", "/people/invitations", "/people/invite/staff", "/api-keys", "/api-keys/new", "/jobs"]
)
async def test_the_pages_are_for_administrators(visitor: Visitor, anhe: Anhe, login: str, address: str) -> None:
    await visitor.sign_in(login)
    assert not visitor.says('href="/people"')
    await visitor.go(address)
    assert visitor.status == 403

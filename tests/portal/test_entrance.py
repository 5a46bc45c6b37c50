"""Coming in: sign-in, second factor, invitations, password links, and who is let in no longer."""

import re
from datetime import timedelta

import pyotp
import pytest
from litestar import Litestar

from anshou.people import invitations, password_links
from anshou.people.accounts import Account, Side
from anshou.people.admitting import Newcomer
from anshou.people.grants import Grant
from anshou.people.roles import Role
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import PASSWORD, Anhe
from tests.portal.clock import TestClock
from tests.portal.visitor import BASE, Visitor


async def test_whoever_is_unknown_is_asked_to_sign_in_and_brought_back(anhe: Anhe, visitor: Visitor) -> None:
    await visitor.go("/account?from=somewhere")
    assert visitor.path.startswith("/sign-in?next=")
    following = visitor.value_of("next")
    await visitor.send("/sign-in", agency="anhe", login="manager", password=PASSWORD, next=following)
    assert (visitor.status, visitor.path) == (200, "/account?from=somewhere")
    assert visitor.says("林悦")


async def test_the_agency_code_is_remembered(anhe: Anhe, visitor: Visitor) -> None:
    await visitor.sign_in("manager")
    await visitor.go("/account")
    await visitor.send("/sign-out")
    assert visitor.says("您已退出登录。")
    assert visitor.value_of("agency") == "anhe"


@pytest.mark.parametrize(
    ("agency", "login", "password"),
    [("anhe", "manager", "wrong"), ("anhe", "nobody", PASSWORD), ("nowhere", "manager", PASSWORD)],
)
async def test_what_is_wrong_is_not_told(anhe: Anhe, visitor: Visitor, agency: str, login: str, password: str) -> None:
    await visitor.sign_in(login, agency=agency, password=password)
    assert visitor.status == 422
    assert visitor.says("登录名或密码不正确")
    assert visitor.value_of("login") == login
    assert password not in visitor.text


async def test_blank_fields_are_named(visitor: Visitor, anhe: Anhe) -> None:
    await visitor.go("/sign-in")
    await visitor.send("/sign-in", agency="", login="", password="")
    assert visitor.says("请填写“公司代码”")
    assert visitor.says("请填写“密码”")


async def test_a_zero_byte_is_refused_and_breaks_nothing(anhe: Anhe, visitor: Visitor) -> None:
    await visitor.go("/sign-in")
    await visitor.send("/sign-in", agency="anhe", login="manager\0", password="x")
    assert visitor.status == 422
    assert visitor.says("空字符")


async def test_too_many_failures_delay_the_next_attempt(anhe: Anhe, visitor: Visitor, clock: TestClock) -> None:
    for _ in range(20):
        await visitor.sign_in("manager", password="wrong")
        if visitor.status == 429:
            break
    assert visitor.says("尝试次数过多")
    await visitor.sign_in("manager")
    assert visitor.status == 429
    clock.forward(hours=2)
    await visitor.sign_in("manager")
    assert visitor.path == "/my-day"


async def test_a_session_ends_when_it_was_idle_for_long(anhe: Anhe, visitor: Visitor, clock: TestClock) -> None:
    await visitor.sign_in("manager")
    clock.forward(hours=7)
    await visitor.go("/account")
    assert visitor.path == "/account"
    clock.forward(hours=9)
    await visitor.go("/account")
    assert visitor.path.startswith("/sign-in")


async def test_signing_out_ends_the_session_on_the_server(anhe: Anhe, visitor: Visitor, app: Litestar) -> None:
    await visitor.sign_in("manager")
    stolen = visitor.client.cookies["sid"]
    await visitor.go("/account")
    await visitor.send("/sign-out")
    async with Visitor(app) as thief:
        thief.client.cookies.set("sid", stolen)
        await thief.go("/account")
        assert thief.path.startswith("/sign-in")


async def test_a_session_of_one_agency_is_worth_nothing_in_another(
    anhe: Anhe, other_tenant: Tenant, visitor: Visitor, app: Litestar
) -> None:
    await visitor.sign_in("manager")
    token = visitor.client.cookies["sid"].partition(".")[2]
    async with Visitor(app) as thief:
        thief.client.cookies.set("sid", f"{other_tenant.code}.{token}")
        await thief.go("/account")
        assert thief.path.startswith("/sign-in")


@pytest.mark.parametrize("cookie", ["", "anhe", "anhe.", ".x", "anhe.x", "nowhere.x", "anhe.\x7f"])
async def test_a_broken_cookie_is_no_session(anhe: Anhe, visitor: Visitor, cookie: str) -> None:
    visitor.client.cookies.set("sid", cookie)
    await visitor.go("/account")
    assert visitor.path.startswith("/sign-in")


async def test_signing_in_never_leads_elsewhere(anhe: Anhe, visitor: Visitor) -> None:
    await visitor.go("/sign-in?next=https://elsewhere.example/")
    assert visitor.value_of("next") == "/"


async def test_a_second_factor_is_set_up_asked_for_and_replaced_by_a_recovery_code(
    anhe: Anhe, visitor: Visitor, app: Litestar, clock: TestClock
) -> None:
    await visitor.sign_in("manager")
    await visitor.go("/account/second-factor")
    await visitor.send("/account/second-factor", present_password="wrong")
    assert visitor.says("密码不正确")
    await visitor.send("/account/second-factor", present_password=PASSWORD)
    assert "<svg" in visitor.text
    found = re.search(r'seed">([A-Z2-7]+)<', visitor.text)
    assert found
    authenticator = pyotp.TOTP(found[1])
    await visitor.send("/account/second-factor/confirm", code="000000")
    assert visitor.says("验证码不正确")
    await visitor.send("/account/second-factor/confirm", code=authenticator.at(clock.now))
    codes = re.findall(r"<li>([^<]+)</li>", visitor.text)
    assert len(codes) == 10
    await visitor.go("/account")
    assert visitor.says("剩余 10 个恢复码")

    clock.forward(minutes=2)
    async with Visitor(app) as elsewhere:
        await elsewhere.sign_in("manager")
        assert elsewhere.path == "/sign-in/code"
        await elsewhere.send("/sign-in/code", code="123456")
        assert elsewhere.says("验证码不正确")
        await elsewhere.send("/sign-in/code", code=authenticator.at(clock.now))
        await elsewhere.go("/account")
        assert elsewhere.says("林悦")
    async with Visitor(app) as without_phone:
        await without_phone.sign_in("manager")
        await without_phone.send("/sign-in/code", code=codes[0])
        await without_phone.go("/account")
        assert without_phone.says("剩余 9 个恢复码")


async def test_an_invitation_becomes_an_account(
    anhe: Anhe, visitor: Visitor, tenants: Tenants, tenant: Tenant, clock: TestClock
) -> None:
    newcomer = Newcomer(
        side=Side.STAFF, name="新同事", email="new@agency.example", grants=(Grant(role=Role.SERVICE_AGENT),)
    )
    async with tenants.session(tenant, AGENCY) as session:
        _, token = await invitations.invite(session, newcomer, by=anhe.admin, at=clock.now)
    await visitor.go(f"/join/anhe/{token}")
    assert visitor.value_of("name") == "新同事"
    await visitor.send(f"/join/anhe/{token}", name="辛彤", login="manager", password="一个很长的密码短语呀")
    assert visitor.status == 409
    assert visitor.value_of("name") == "辛彤"
    await visitor.send(f"/join/anhe/{token}", name="辛彤", login="xintong", password="short")
    assert visitor.says("密码至少")
    await visitor.send(f"/join/anhe/{token}", name="辛彤", login="xintong", password="一个很长的密码短语呀")
    assert visitor.path == "/sign-in?agency=anhe"
    await visitor.sign_in("xintong", password="一个很长的密码短语呀")
    await visitor.go("/account")
    assert visitor.says("辛彤")
    await visitor.go(f"/join/anhe/{token}")
    assert visitor.status == 409


async def test_a_password_is_set_by_a_link_once(
    anhe: Anhe, visitor: Visitor, tenants: Tenants, tenant: Tenant, clock: TestClock
) -> None:
    async with tenants.session(tenant, AGENCY) as session:
        account = await session.get_one(Account, anhe.account_manager.id)
        token = await password_links.issue_link(session, account, by=anhe.admin, at=clock.now)
    await visitor.go(f"/set-password/anhe/{token}")
    await visitor.send(f"/set-password/anhe/{token}", password="另一个很长的密码短语", again="不一样的密码短语啊")
    assert visitor.says("两次输入的密码不一致")
    await visitor.send(f"/set-password/anhe/{token}", password="另一个很长的密码短语", again="另一个很长的密码短语")
    await visitor.sign_in("manager", password="另一个很长的密码短语")
    await visitor.go("/account")
    assert visitor.says("林悦")
    await visitor.go(f"/set-password/anhe/{token}")
    assert visitor.status == 409


@pytest.mark.parametrize("address", ["/join/nowhere/x", "/join/anhe/x", "/set-password/nowhere/x"])
async def test_a_link_that_leads_nowhere_is_not_found(anhe: Anhe, visitor: Visitor, address: str) -> None:
    await visitor.go(address)
    assert visitor.status == 404


async def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(
    anhe: Anhe, visitor: Visitor, app: Litestar
) -> None:
    await visitor.sign_in("manager")
    async with Visitor(app) as elsewhere:
        await elsewhere.sign_in("manager")
        await visitor.go("/account/password")
        new = "另一个很长的密码短语"
        await visitor.send("/account/password", present_password="wrong", password=new, again=new)
        assert visitor.says("密码不正确")
        await visitor.send("/account/password", present_password=PASSWORD, password=new, again=new)
        assert visitor.says("密码已更改")
        await visitor.go("/account")
        assert visitor.path == "/account"
        await elsewhere.go("/account")
        assert elsewhere.path.startswith("/sign-in")


async def test_my_sessions_can_be_ended_one_by_one(anhe: Anhe, visitor: Visitor, app: Litestar) -> None:
    await visitor.sign_in("manager")
    async with Visitor(app) as elsewhere:
        await elsewhere.sign_in("manager")
        await visitor.go("/account")
        found = re.search(r"/account/sessions/([0-9a-f-]{36})/end", visitor.text)
        assert found
        await visitor.send(f"/account/sessions/{found[1]}/end")
        await elsewhere.go("/account")
        assert elsewhere.path.startswith("/sign-in")
        await visitor.send(f"/account/sessions/{found[1]}/end")
        assert visitor.status == 404


async def test_the_language_is_kept_with_the_account(anhe: Anhe, visitor: Visitor, app: Litestar) -> None:
    await visitor.sign_in("manager")
    await visitor.go("/account")
    await visitor.send("/language", language="en", back="/account")
    async with Visitor(app) as elsewhere:
        await elsewhere.sign_in("manager")
        await elsewhere.go("/account")
        assert '<html lang="en">' in elsewhere.text


async def test_a_forged_request_changes_nothing(anhe: Anhe, visitor: Visitor, app: Litestar) -> None:
    await visitor.sign_in("manager")
    await visitor.go("/account")
    token = visitor.token()
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://elsewhere.example"}):
        answer = await visitor.client.post("/sign-out", data={"_token": token}, headers=headers)
        assert answer.status_code == 403
    async with Visitor(app) as somebody:
        await somebody.go("/sign-in")
        foreign = somebody.token()
    answer = await visitor.client.post("/sign-out", data={"_token": foreign})
    assert answer.status_code == 403
    await visitor.go("/account")
    assert visitor.path == "/account"


async def test_a_form_from_before_signing_in_anew_says_so_and_leads_back_to_its_page(
    anhe: Anhe, visitor: Visitor
) -> None:
    await visitor.sign_in("manager")
    await visitor.go("/account/password")
    token = visitor.token()
    visitor.client.cookies.delete("sid")
    await visitor.sign_in("manager")
    own = f"{BASE}/account/password?a=1"
    for before, way_on in ((own, "/account/password?a=1"), ("https://elsewhere.example/x", "/")):
        answer = await visitor.client.post("/account/password", data={"_token": token}, headers={"referer": before})
        assert answer.status_code == 403
        assert "页面已过期" in answer.text
        assert f'href="{way_on}"' in answer.text


async def test_a_form_whose_session_is_gone_leads_to_signing_in(anhe: Anhe, visitor: Visitor, clock: TestClock) -> None:
    await visitor.sign_in("manager")
    await visitor.go("/account")
    token = visitor.token()
    clock.forward(days=30)
    # The page's own questions take nothing from its forms.
    await visitor.client.post("/account/password", data={"_token": token}, headers={"x-fragment": "draft"})
    visitor.client.follow_redirects = False
    for _ in range(2):
        answer = await visitor.client.post("/sign-out", data={"_token": token})
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        visitor.client.cookies.delete("sid")


async def test_the_time_between_password_and_code_is_short(anhe: Anhe, visitor: Visitor, clock: TestClock) -> None:
    await visitor.sign_in("manager")
    await visitor.go("/account/second-factor")
    await visitor.send("/account/second-factor", present_password=PASSWORD)
    found = re.search(r'seed">([A-Z2-7]+)<', visitor.text)
    assert found
    await visitor.send("/account/second-factor/confirm", code=pyotp.TOTP(found[1]).at(clock.now))
    visitor.client.cookies.clear()
    await visitor.sign_in("manager")
    clock.now += timedelta(minutes=6)
    await visitor.send("/sign-in/code", code=pyotp.TOTP(found[1]).at(clock.now))
    assert visitor.says("登录已超时")

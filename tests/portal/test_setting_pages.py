"""The agency's settings, its time limits and calendars, through the portal: previewed, saved, returned to default."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
from litestar import Litestar

from anshou.people.agency import read_settings
from anshou.tickets.clocks.figures import WORKING_HOURS, ChannelClass, FigureKey
from anshou.tickets.clocks.reading import read_rulebook
from anshou.tickets.clocks.rulebook import Rulebook
from anshou.tickets.kinds import Clock, Urgency
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import Anhe
from tests.portal.visitor import Visitor

PLAN = "/settings/limits/plan_submission/normal/any"
KEY = FigureKey(Clock.PLAN_SUBMISSION, Urgency.NORMAL, ChannelClass.ANY)
OFFICE = "09:00-12:00, 13:30-18:00"


@pytest.fixture
async def admin(app: Litestar, anhe: Anhe) -> AsyncIterator[Visitor]:
    """The administrator, signed in."""
    async with Visitor(app) as opened:
        await opened.sign_in("admin")
        yield opened


async def rules(tenants: Tenants, tenant: Tenant) -> Rulebook:
    async with tenants.session(tenant, AGENCY) as session:
        return await read_rulebook(session)


async def test_the_agencys_settings_are_kept_and_a_wrong_zone_comes_back(
    admin: Visitor, tenants: Tenants, tenant: Tenant
) -> None:
    await admin.go("/settings")
    assert admin.value_of("time_zone") == "Asia/Shanghai"
    given = {"name": "安和", "reopen_days": "20", "metric_normal_days": "7", "repeat_days": "30"}
    await admin.send("/settings", time_zone="Asia/Nowhere", feedback_tags="响应及时", **given)
    assert admin.status == 422
    assert admin.says("没有“Asia/Nowhere”这个时区")
    assert admin.value_of("reopen_days") == "20"
    await admin.send("/settings", time_zone="Asia/Urumqi", feedback_tags="响应及时\n沟通顺畅", **given)
    assert admin.says("设置已保存")
    async with tenants.session(tenant, AGENCY) as session:
        kept = await read_settings(session)
    assert (kept.reopen_days, kept.time_zone, kept.feedback_tags) == (20, "Asia/Urumqi", ("响应及时", "沟通顺畅"))


async def test_every_page_shows_its_instants_in_the_agencys_zone(admin: Visitor, anhe: Anhe) -> None:
    person = f"/people/{anhe.account_manager.id}"
    await admin.go(person)
    assert admin.says("2026-11-23 10:00")
    await admin.go("/people")
    assert admin.says("11-23 10:00</time>")
    await admin.go("/settings")
    given = {"reopen_days": "20", "metric_normal_days": "7", "repeat_days": "30", "feedback_tags": "响应及时"}
    await admin.send("/settings", time_zone="America/New_York", **given)
    await admin.go(person)
    assert admin.says("2026-11-22 21:00")
    await admin.go("/people")
    assert admin.says("11-22 21:00</time>")


async def test_a_limit_is_previewed_without_being_saved_then_saved_then_returned(
    admin: Visitor, tenants: Tenants, tenant: Tenant
) -> None:
    await admin.go("/settings/limits")
    assert admin.says("提交分析与方案")
    assert admin.says("2 个工作日")
    await admin.go(PLAN)
    assert admin.value_of("value") == "2"
    changed = {"value": "3", "unit": "workdays", "calendar": WORKING_HOURS, "start": "2026-11-23T10:00"}
    await admin.send(PLAN, _preview="yes", **changed)
    assert admin.status == 200
    assert admin.says("2026-11-25 18:00")
    assert admin.says("2026-11-26 18:00")
    assert admin.says("3 个工作日，按“工作时间”计")
    before = (await rules(tenants, tenant)).figure(KEY)
    assert before is not None
    assert before.limit.value == 2

    await admin.send(PLAN, **changed)
    assert admin.path == "/settings/limits"
    assert admin.says("已调整")
    after = (await rules(tenants, tenant)).figure(KEY)
    assert after is not None
    assert after.limit.value == 3
    await admin.send(f"{PLAN}/reset")
    assert not admin.says("已调整")


async def test_a_limit_without_a_calendar_that_knows_workdays_is_refused(admin: Visitor) -> None:
    await admin.go(PLAN)
    await admin.send(PLAN, value="3", unit="workdays", calendar="around_the_clock", start="2026-11-23T10:00")
    assert admin.status == 422
    assert admin.says("须选用区分工作日的日历")


async def test_no_limit_is_what_an_empty_value_means(admin: Visitor, tenants: Tenants, tenant: Tenant) -> None:
    await admin.go(PLAN)
    await admin.send(PLAN, value="", unit="workdays", calendar=WORKING_HOURS)
    assert (await rules(tenants, tenant)).figure(KEY) is None


async def test_a_calendar_is_previewed_saved_and_set_apart_for_a_department(
    admin: Visitor, tenants: Tenants, tenant: Tenant
) -> None:
    await admin.go("/settings/calendars")
    assert admin.says("09:00-18:30")
    here = f"/settings/calendars/{WORKING_HOURS}/all"
    await admin.go(here)
    week = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "09:00-12:00, 13:30-17:00")
    given = {"label": "工作时间", "zone": "Asia/Shanghai", "rule": "china", "start": "2026-11-23T10:00", **week}
    await admin.send(here, _preview="yes", **given)
    assert admin.says("2026-11-25 17:00")
    await admin.send(here, **given | {"monday": "09:00"})
    assert admin.status == 422
    assert admin.says("无法读懂开放时间")
    await admin.send(here, **given)
    assert admin.says("日历已保存")
    await admin.go(f"/settings/calendars/new?like={WORKING_HOURS}")
    await admin.send("/settings/calendars/new", code=WORKING_HOURS, department="quality", **given)
    assert admin.says("质量检测部")
    assert len((await rules(tenants, tenant)).calendars) == 2
    await admin.send(f"/settings/calendars/{WORKING_HOURS}/quality/reset")
    await admin.send(f"/settings/calendars/{WORKING_HOURS}/all/reset")
    assert (await rules(tenants, tenant)).calendars == {}


async def test_days_are_previewed_entered_and_taken_back(admin: Visitor, tenants: Tenants, tenant: Tenant) -> None:
    await admin.go("/settings/days?year=2026")
    assert admin.says("国庆节")
    assert admin.says("国家公布")
    await admin.send("/settings/days", calendar="china", day="2026-11-24", working="no", name="停电", _preview="yes")
    assert admin.says("预览：尚未保存")
    assert admin.says("2026-11-26 18:00")
    await admin.send("/settings/days", calendar="china", day="2026-11-24", working="no", name="停电")
    assert admin.says("本公司录入")
    assert (date(2026, 11, 24), False) in (await rules(tenants, tenant)).china_changes
    await admin.send("/settings/days/2026-11-24/forget", calendar="china")
    assert (await rules(tenants, tenant)).china_changes == frozenset()


async def test_a_year_is_provisional_until_it_is_confirmed(admin: Visitor, tenants: Tenants, tenant: Tenant) -> None:
    await admin.go("/settings/days?year=2028")
    assert admin.says("2028 年的国家节假日安排尚未公布")
    await admin.send("/settings/days/years/2028")
    assert admin.says("不再是暂定")
    assert 2028 in (await rules(tenants, tenant)).entered_years


@pytest.mark.parametrize("login", ["executive", "auditor"])
async def test_others_who_read_the_settings_change_none(visitor: Visitor, anhe: Anhe, login: str) -> None:
    await visitor.sign_in(login)
    for address in ("/settings", "/settings/limits", "/settings/calendars", "/settings/days"):
        await visitor.go(address)
        assert visitor.status == 200, address
        assert not visitor.says("保存"), address
    await visitor.go(PLAN)
    assert visitor.status == 403


@pytest.mark.parametrize("address", ["/settings", "/settings/limits", "/settings/calendars", "/settings/days"])
async def test_the_settings_are_not_for_the_front_desk(visitor: Visitor, anhe: Anhe, address: str) -> None:
    await visitor.sign_in("agent")
    await visitor.go(address)
    assert visitor.status == 403


async def test_an_address_of_no_figure_or_calendar_is_not_found(admin: Visitor) -> None:
    for address in ("/settings/limits/tea/normal/any", "/settings/calendars/tea/all", "/people/invite/tea"):
        await admin.go(address)
        assert admin.status == 404, address


async def test_the_name_that_the_agency_sets_stands_on_every_page(admin: Visitor) -> None:
    await admin.go("/settings")
    await admin.send(
        "/settings",
        name="安和电商",
        time_zone="Asia/Shanghai",
        reopen_days="15",
        metric_normal_days="7",
        repeat_days="30",
        feedback_tags="响应及时",
    )
    await admin.go("/people")
    assert "<title>人员 · 安和电商</title>" in admin.text

"""Group robots in the administration: registered, tried out, changed, never shown again with their address."""

import pytest
from sqlalchemy import select

from anshou.notifying.robots.registry import GroupRobot
from anshou.notifying.robots.sayings import Saying
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import Anhe
from tests.portal.visitor import Visitor

HOME = "/settings/notifications"
KEY = "693a91f6-7aoc-4bc4-97a0"
URL = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"


@pytest.fixture
async def admin(anhe: Anhe, visitor: Visitor) -> Visitor:
    await visitor.sign_in("admin")
    return visitor


async def register(admin: Visitor, **changes: str) -> None:
    await admin.go(f"{HOME}/robots/new")
    values = {"name": "售后群", "messenger": "wecom", "url": URL, "secret": "", "locale": "zh-CN", **changes}
    await admin.send(f"{HOME}/robots/new", to_all_if_urgent="no", **values)


async def robots(tenants: Tenants, tenant: Tenant) -> list[GroupRobot]:
    async with tenants.session(tenant, AGENCY) as session:
        return list(await session.scalars(select(GroupRobot)))


async def test_a_robot_is_registered_and_its_address_is_never_shown_again(admin: Visitor) -> None:
    await admin.go(HOME)
    assert admin.says("还没有群机器人")
    await register(admin, kinds="breach")
    assert admin.says("群机器人已登记")
    assert admin.says("…97a0")
    assert admin.says("已超时")
    assert not admin.says(KEY)
    await admin.go(HOME)
    assert admin.says("售后群")
    assert admin.says("正在播报")


async def test_an_address_of_another_host_is_refused_beside_its_field(
    admin: Visitor, tenants: Tenants, tenant: Tenant
) -> None:
    await register(admin, url="https://evil.test/cgi-bin/webhook/send?key=1")
    assert admin.status == 422
    assert admin.says("请粘贴企业微信群机器人的完整地址")
    assert await robots(tenants, tenant) == []


async def test_a_test_message_is_owed_and_shows_where_it_stands(
    admin: Visitor, tenants: Tenants, tenant: Tenant
) -> None:
    await register(admin)
    [robot] = await robots(tenants, tenant)
    await admin.send(f"{HOME}/robots/{robot.id}/test")
    assert admin.says("测试消息已排队")
    assert admin.says("待发送")
    async with tenants.session(tenant, AGENCY) as session:
        [saying] = await session.scalars(select(Saying))
    assert saying.event == "test"


async def test_it_is_changed_silenced_resumed_moved_and_removed(
    admin: Visitor, tenants: Tenants, tenant: Tenant
) -> None:
    await register(admin)
    [robot] = await robots(tenants, tenant)
    here = f"{HOME}/robots/{robot.id}"
    await admin.go(f"{here}/change")
    await admin.send(f"{here}/change", name="主管群", department="logistics", locale="en", to_all_if_urgent="yes")
    assert admin.says("主管群")
    assert admin.says("物流部")
    await admin.send(f"{here}/silence")
    assert admin.says("群机器人已停用")
    await admin.send(f"{here}/resume")
    assert admin.says("群机器人已启用")
    await admin.go(f"{here}/address")
    await admin.send(f"{here}/address", url=URL.replace(KEY, "other-key-77ff"), secret="")
    assert admin.says("…77ff")
    await admin.send(f"{here}/remove")
    assert await robots(tenants, tenant) == []


async def test_who_reads_settings_reads_of_robots_and_changes_none(anhe: Anhe, visitor: Visitor) -> None:
    await visitor.sign_in("executive")
    await visitor.go(HOME)
    assert visitor.status == 200
    assert not visitor.says("登记群机器人")
    await visitor.go(f"{HOME}/robots/new")
    assert visitor.status == 403

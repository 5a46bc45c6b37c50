"""The merchant's desk over HTTP, as somebody without scripts uses it."""

import re

import pytest

from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import Anhe
from tests.portal import stories
from tests.portal.clock import TestClock
from tests.portal.stories import Stories
from tests.portal.visitor import Visitor

REPORT = {
    "kind": "service_quality",
    "title": "主图与设计需求不符",
    "description": "上线的主图色差明显，与确认稿不一致。",
    "request": "请重新制作并当天上线。",
    "occurred_on": "2026-11-22",
    "urgency": "normal",
    "category_service_quality": "page_design",
}


@pytest.fixture
def tell(tenants: Tenants, tenant: Tenant, anhe: Anhe, clock: TestClock) -> Stories:
    """Brings tickets of 云杉 to where a test begins."""
    return Stories(tenants, tenant, anhe, clock)


@pytest.fixture
async def owner(anhe: Anhe, visitor: Visitor) -> Visitor:
    """The owner of 云杉, signed in."""
    await visitor.sign_in("yunshan-owner")
    return visitor


async def test_a_merchant_reports_a_problem_in_one_screen_and_finds_it_again(owner: Visitor, anhe: Anhe) -> None:
    await owner.go("/my/report")
    await owner.send("/my/report", shop=str(anhe.yunshan.shop_id), **REPORT)
    found = re.fullmatch(r"/my/tickets/(FW\d{4}-\d{5})", owner.path)
    assert found, owner.text
    assert owner.says(f"已提交，工单号 {found[1]}")
    assert owner.says("已收到，等待客服受理")
    await owner.go("/my/tickets")
    assert owner.says("主图与设计需求不符")
    await owner.go("/my/tickets?tab=awaiting_customer")
    assert owner.says("没有等您处理的工单")
    await owner.go("/my/tickets?tab=closed")
    assert owner.says("还没有已关闭的工单")


@pytest.mark.parametrize(
    ("story", "asked"),
    [
        (stories.awaiting_plan_word, "请确认处理方案"),
        (stories.awaiting_rating, "请评价处理结果"),
        (stories.on_hold, "请补充信息或答复"),
        (stories.explained, "请确认结果说明"),
        (stories.negotiating, "请与我们协商解决办法"),
        (stories.to_be_signed, "请阅读并签署协议"),
    ],
)
async def test_what_is_asked_stands_in_the_list_and_at_the_top_of_the_ticket(
    owner: Visitor, tell: Stories, story: stories.Story, asked: str
) -> None:
    number = await tell.tell(story)
    # Some stories take a week, and nobody stays signed in that long.
    await owner.sign_in("yunshan-owner")
    await owner.go("/my/tickets")
    assert re.search(r'等我处理\s*<span class="count hot">1</span>', owner.text)
    assert owner.says(asked)
    await owner.go(f"/my/tickets/{number}")
    assert owner.status == 200
    assert re.search(rf'id="asked">{asked}<', owner.text)

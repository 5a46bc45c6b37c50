"""Requests of people about their data in the portal: at the desk that handles them, and at the merchant's."""

import json
import re

import pytest
from litestar import Litestar

from tests.cast import Anhe
from tests.consumers.samples import ORDER, PHONE
from tests.portal.agency_steps import open_report
from tests.portal.test_consumers import TYPED
from tests.portal.visitor import Visitor

GIVEN = {"asks_for": "copy", "channel": "phone", "asker": "柳如丝", "contact": "lrs@mail.example", "wish": "要一份副本"}


async def taken_in(visitor: Visitor, anhe: Anhe, **changes: str) -> str:
    """Take a request in; answers its page."""
    await visitor.send("/requests/new", **{**GIVEN, "merchant": str(anhe.yunshan.id), **changes})
    assert visitor.says("请求已登记"), visitor.text
    return visitor.path


async def test_a_request_is_matched_identified_granted_copied_and_answered(manager: Visitor, anhe: Anhe) -> None:
    ticket = f"/tickets/{await open_report(manager, anhe)}"
    await manager.send(f"{ticket}/consumers/new", **TYPED)
    page = await taken_in(manager, anhe)
    assert not manager.says("lrs@mail.example")
    await manager.send(f"{page}/asker")
    assert manager.says("lrs@mail.example")
    assert manager.says("要一份副本")
    await manager.send(f"{page}/search", phone=PHONE, order_number="")
    assert manager.says("100****1234")
    (match,) = set(re.findall(rf'action="({page}/records/[0-9a-f-]+)"', manager.text))
    await manager.send(match)
    assert manager.says("已关联")
    await manager.send(f"{page}/steps/decide", decision="granted", ground="", explanation="")
    assert manager.status == 409
    await manager.send(f"{page}/steps/identify", through="order_details")
    await manager.send(f"{page}/steps/decide", decision="granted", ground="", explanation="")
    assert manager.says("导出副本")
    await manager.send(f"{page}/copy", format="json")
    assert manager.page is not None
    assert manager.page.headers["cache-control"].endswith("no-store")
    assert "柳" not in manager.page.headers["content-disposition"]
    told = json.loads(manager.text)
    texts = told["records"][0]["texts"]
    assert (texts["phone"], texts["order_number"]) == (PHONE, ORDER)
    await manager.go(page)
    await manager.send(f"{page}/copy", format="html")
    assert manager.says(PHONE)
    await manager.go(page)
    await manager.send(f"{page}/execution")
    await manager.send(f"{page}/steps/answer", answer="副本已发送。")
    assert manager.says("按期答复")
    await manager.go("/requests?answered=yes")
    assert 'href="/requests/GR' in manager.text


async def test_a_merchant_hands_a_request_on_and_follows_it(app: Litestar, anhe: Anhe) -> None:
    async with Visitor(app) as owner:
        await owner.sign_in("yunshan-owner")
        await owner.go("/my/data/requests")
        assert owner.says("没有个人信息请求")
        await owner.send("/my/data/requests/new", **GIVEN)
        assert owner.says("已转交代运营方")
        page = owner.path
        assert not owner.says("lrs@mail.example")
    async with Visitor(app) as other:
        await other.sign_in("qinghe-owner")
        await other.go(page)
        assert other.status == 404


@pytest.mark.parametrize("login", ["specialist", "finance", "executive", "auditor", "admin"])
async def test_others_of_the_agency_do_not_get_in(app: Litestar, anhe: Anhe, login: str) -> None:
    async with Visitor(app) as somebody:
        await somebody.sign_in(login)
        await somebody.go("/requests")
        assert somebody.status == 403

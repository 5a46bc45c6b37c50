"""Files of disputes in the portal, the list of disputes that wait, and what is owed by age."""

import re
from random import Random

import pytest
from litestar import Litestar

from anshou.demo.pictures import picture
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import Anhe
from tests.portal.statement_steps import Books
from tests.portal.visitor import Visitor


@pytest.fixture
async def books(tenants: Tenants, tenant: Tenant, anhe: Anhe) -> Books:
    return Books(tenants, tenant, anhe)


async def test_a_dispute_brings_a_picture_that_finance_sees_in_time_and_the_ticket_takes_along(
    visitor: Visitor, app: Litestar, books: Books
) -> None:
    await books.charge(10_000)
    number = await books.issue()
    line = f"/my/statements/{number}/lines/1"
    png = picture(Random(1))  # noqa: S311  Deterministic on purpose.
    await visitor.sign_in("yunshan-owner")
    await visitor.go(f"{line}/dispute")
    form = {"_token": visitor.token(), "reason": "已提前说明"}
    files = [("files", ("聊天记录.png", png, "image/png"))]
    refused = await visitor.client.post(f"{line}/dispute", data=form | {"reason": " "}, files=files)
    kept = re.search(r'name="kept_files" value="([^"]+)"', refused.text)
    assert kept is not None
    visitor.page = await visitor.client.post(f"{line}/dispute", data=form | {"kept_files": kept.group(1)})
    assert visitor.says("聊天记录.png")
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await finance.go("/counts")
        assert '<b id="n-statements-disputes" hx-swap-oob="innerHTML">1<' in finance.text
        await finance.go("/statements/disputes")
        assert finance.says("已提前说明")
        assert finance.says("剩余")
        await finance.go(f"/statements/{number}/lines/1")
        found = re.search(rf'href="(/statements/{number}/lines/1/files/[^"]+)"', finance.text)
        assert found is not None
        await finance.go(found.group(1))
        assert finance.page.content == png
        await finance.go(f"/statements/{number}/lines/1/reject")
        await finance.send(f"/statements/{number}/lines/1/reject", reason="见责任判定")
        await finance.go("/statements/disputes?turn=merchants")
        assert finance.says("见责任判定")
    await visitor.go(line)
    await visitor.send(f"{line}/escalate")
    assert visitor.path.startswith("/my/tickets/")
    assert visitor.says("聊天记录.png")
    async with Visitor(app) as stranger:
        await stranger.sign_in("qinghe-owner")
        await stranger.go(f"/my{found.group(1)}")
        assert stranger.status == 404


async def test_what_is_owed_stands_by_age_at_both_desks(visitor: Visitor, app: Litestar, books: Books) -> None:
    await books.charge(10_000)
    number = await books.issue()
    await visitor.sign_in("yunshan-owner")
    await visitor.go("/my/statements")
    assert 'href="/my/statements/owing"' in visitor.text
    await visitor.go("/my/statements/owing")
    assert f'href="/my/statements/{number}/lines/1"' in visitor.text
    assert visitor.says("31–60 天")
    owing = f"/statements/merchants/{books.anhe.yunshan.id}/owing"
    await visitor.go(owing)
    assert visitor.status == 404
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await finance.go(f"/statements/merchants/{books.anhe.yunshan.id}/payment")
        address = f"/statements/merchants/{books.anhe.yunshan.id}/payment"
        await finance.send(address, fen="40", paid_on="2026-11-18", reference="B-77")
        await finance.go(f"/statements/{number}")
        assert finance.says("部分付清")
        assert f'href="{owing}"' in finance.text
        await finance.go(owing)
        assert finance.says("¥60.00")
        assert finance.says("部分付款")

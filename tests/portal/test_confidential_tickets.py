"""A confidential ticket at both desks: reported with a file, shown as placeholders, opened for a purpose."""

import pytest
from litestar import Litestar
from sqlalchemy import select

from anshou.privacy.reveals import Reveal
from anshou.tickets.entries import Attachment
from anshou.tickets.sealed_contents import PLACEHOLDER
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.browser import DESK, PHONE, axe, new_page, open_browser, overflows, picture, serve
from tests.cast import PASSWORD, Anhe
from tests.portal.clock import TestClock
from tests.portal.stories import Stories, reported
from tests.portal.visitor import Visitor

TITLE, SAID, WANTED = "独家渠道价目外泄", "竞品拿到了我们的底价表", "请查清是谁外泄的"
FILE = b"%PDF-1.4\n" + "底价表".encode() * 100 + b"\n%%EOF\n"


async def report(visitor: Visitor, *, confidential: str = "yes") -> str:
    """The owner of 云杉 reports a confidential problem with a file; the ticket's number."""
    await visitor.sign_in("yunshan-owner")
    await visitor.go("/my/report")
    assert visitor.says("保密工单")
    visitor.page = await visitor.client.post(
        "/my/report",
        data={
            "_token": visitor.token(),
            "kind": "service_quality",
            "title": TITLE,
            "description": SAID,
            "request": WANTED,
            "occurred_on": visitor.value_of("occurred_on"),
            "urgency": "normal",
            "confidential": confidential,
        },
        files={"files": ("底价表.pdf", FILE, "application/pdf")},
    )
    assert visitor.says("已提交")
    return visitor.path.split("?")[0].rsplit("/", 1)[-1]


async def test_nothing_of_it_shows_until_it_is_opened_for_a_purpose(
    anhe: Anhe, visitor: Visitor, app: Litestar, tenants: Tenants, tenant: Tenant
) -> None:
    number = await report(visitor)
    assert not visitor.says(SAID)
    assert visitor.says(PLACEHOLDER)
    async with Visitor(app) as manager:
        await manager.sign_in("manager")
        for address in ("/tickets?tab=all", f"/tickets/{number}"):
            await manager.go(address)
            assert manager.says(PLACEHOLDER)
            assert not any(manager.says(words) for words in (TITLE, SAID, WANTED, "底价表"))
        await manager.go(f"/tickets/{number}/confidential")
        await manager.send(f"/tickets/{number}/confidential", purpose="")
        assert manager.says("请填写“查看目的”")
        await manager.send(f"/tickets/{number}/confidential", purpose="verify_order")
        assert manager.status == 200
        assert all(manager.says(words) for words in (TITLE, SAID, WANTED, "底价表.pdf"))
        assert manager.page is not None
        assert manager.page.headers["cache-control"] == "no-store"
    async with tenants.session(tenant, AGENCY) as session:
        (shown,) = await session.scalars(select(Reveal))
    assert (shown.viewer_name, shown.purpose) == (anhe.account_manager.name, "verify_order")


# However a form says that it is confidential: the ticket and its file agree.
@pytest.mark.parametrize("said", ["yes", "true"])
async def test_its_file_is_sealed_in_the_storage_and_handed_out_with_a_record(
    anhe: Anhe, visitor: Visitor, app: Litestar, tenants: Tenants, tenant: Tenant, said: str
) -> None:
    number = await report(visitor, confidential=said)
    async with tenants.session(tenant, AGENCY) as session:
        (kept,) = await session.scalars(select(Attachment))
    assert kept.name == PLACEHOLDER
    lying = b"".join([piece async for piece in app.state.portal.storage.read(kept.storage_key)])
    assert b"PDF" not in lying
    assert "底价表".encode() not in lying
    await visitor.go(f"/my/tickets/{number}/attachments/{kept.id}")
    assert visitor.status == 409
    await visitor.go(f"/my/tickets/{number}/confidential")
    await visitor.send(f"/my/tickets/{number}/confidential/files/{kept.id}", purpose="verify_order")
    assert visitor.page is not None
    assert visitor.page.content == FILE
    assert "%E5%BA%95%E4%BB%B7%E8%A1%A8.pdf" in visitor.page.headers["content-disposition"]
    async with tenants.session(tenant, AGENCY) as session:
        assert [row.row_id for row in await session.scalars(select(Reveal))] == [kept.id]


@pytest.mark.parametrize(("first", "then"), [("no", "yes"), ("yes", "no")])
async def test_a_file_that_is_brought_along_lies_as_the_form_says_in_the_end(
    anhe: Anhe, visitor: Visitor, app: Litestar, tenants: Tenants, tenant: Tenant, first: str, then: str
) -> None:
    await visitor.sign_in("yunshan-owner")
    await visitor.go("/my/report")
    given = {
        "kind": "service_quality",
        "title": TITLE,
        "description": "",
        "request": WANTED,
        "occurred_on": visitor.value_of("occurred_on"),
        "urgency": "normal",
        "confidential": first,
    }
    files = {"files": ("底价表.pdf", FILE, "application/pdf")}
    visitor.page = await visitor.client.post("/my/report", data={"_token": visitor.token(), **given}, files=files)
    assert visitor.status == 422
    kept = visitor.value_of("kept_files")
    again = {**given, "description": SAID, "confidential": then, "kept_files": kept}
    await visitor.send("/my/report", **again)
    if then == "no":
        assert visitor.status == 422
        assert visitor.says("请重新选择附件")
        assert visitor.says(SAID)
        assert "kept_files" not in visitor.text
        return
    assert visitor.says("已提交"), visitor.text
    async with tenants.session(tenant, AGENCY) as session:
        (row,) = await session.scalars(select(Attachment))
    lying = b"".join([piece async for piece in app.state.portal.storage.read(row.storage_key)])
    assert "底价表".encode() not in lying
    number = visitor.path.split("?")[0].rsplit("/", 1)[-1]
    await visitor.go(f"/my/tickets/{number}/confidential")
    await visitor.send(f"/my/tickets/{number}/confidential/files/{row.id}", purpose="verify_order")
    assert visitor.page is not None
    assert visitor.page.content == FILE


async def test_who_may_not_reveal_gets_no_way_to_it(anhe: Anhe, visitor: Visitor, app: Litestar) -> None:
    number = await report(visitor)
    async with Visitor(app) as executive:
        await executive.sign_in("executive")
        await executive.go(f"/tickets/{number}")
        assert executive.says(PLACEHOLDER)
        assert not executive.says(f"/tickets/{number}/confidential")
        await executive.go(f"/tickets/{number}/confidential")
        assert executive.status == 403
    async with Visitor(app) as stranger:
        await stranger.sign_in("qinghe-owner")
        await stranger.go(f"/my/tickets/{number}/confidential")
        assert stranger.status == 404


async def test_a_ticket_is_marked_from_its_page(
    anhe: Anhe, visitor: Visitor, tenants: Tenants, tenant: Tenant, clock: TestClock
) -> None:
    number = await Stories(tenants, tenant, anhe, clock).tell(reported)
    await visitor.sign_in("manager")
    await visitor.go(f"/tickets/{number}/confidential/mark")
    assert visitor.says("标记后不能取消")
    await visitor.send(f"/tickets/{number}/confidential/mark")
    assert visitor.says("已标为保密工单")
    assert visitor.says(PLACEHOLDER)


@pytest.mark.parametrize(
    ("login", "desk", "size"), [("manager", "/tickets", DESK), ("yunshan-owner", "/my/tickets", PHONE)]
)
async def test_the_opened_page_in_a_browser(
    anhe: Anhe, visitor: Visitor, app: Litestar, login: str, desk: str, size: int
) -> None:
    number = await report(visitor)
    async with serve(app) as address, open_browser() as browser:
        page = await new_page(browser, address, width=size)
        await page.goto("/sign-in")
        await page.get_by_label("公司代码").fill("anhe")
        await page.get_by_label("登录名").fill(login)
        await page.get_by_label("密码").fill(PASSWORD)
        await page.get_by_role("button", name="登录", exact=True).click()
        await page.locator("nav.side").wait_for(state="attached")
        await page.goto(f"{desk}/{number}")
        assert await axe(page) == []
        await picture(page, f"confidential-ticket-{login}")
        # As people come to it: by the link on the ticket, with scripts.
        await page.get_by_role("link", name="查看保密内容").click()
        await page.get_by_label("查看目的").select_option("verify_order")
        await page.get_by_role("button", name="查看", exact=True).click()
        await page.get_by_text(SAID).first.wait_for()
        assert await axe(page) == []
        assert not await overflows(page)
        await picture(page, f"confidential-opened-{login}")

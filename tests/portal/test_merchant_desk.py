"""The merchant's desk over HTTP, as somebody without scripts uses it."""

import re
from html import unescape

import pytest
from litestar import Litestar

from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import PASSWORD, Anhe
from tests.portal import stories
from tests.portal.clock import TestClock
from tests.portal.stories import Stories
from tests.portal.test_agency_writing import PIXEL
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


async def make(visitor: Visitor, number: str, name: str, **values: str) -> None:
    """Send the form of a move as it stands on the ticket's own page."""
    await visitor.go(f"/my/tickets/{number}")
    await visitor.send(f"/my/tickets/{number}/moves/{name}", seen=visitor.value_of("seen"), **values)


async def test_what_is_wrong_with_a_report_stands_beside_its_field_and_nothing_typed_is_lost(owner: Visitor) -> None:
    await owner.go("/my/report")
    await owner.send("/my/report", **REPORT | {"title": "", "occurred_on": "2027-01-01"})
    assert owner.status == 422
    assert owner.says("请填写“标题”")
    assert owner.says(REPORT["description"])
    assert re.search(r'value="page_design" selected', owner.text)
    await owner.send("/my/report", **REPORT | {"occurred_on": "2027-01-01"})
    assert owner.says("不能晚于现在")
    await owner.send("/my/report", **REPORT | {"kind": "nonsense"})
    assert owner.status == 422
    assert owner.says("请选择问题类型")


async def test_a_refused_picture_is_said_beside_it_and_the_text_is_kept(owner: Visitor) -> None:
    await owner.go("/my/report")
    files = [("files", ("截图.png", PIXEL, "image/png")), ("files", ("x.exe", b"MZ" + b"\0" * 99, "image/png"))]
    owner.page = await owner.client.post("/my/report", data={"_token": owner.token(), **REPORT}, files=files)
    assert owner.status == 422
    assert re.search(r'id="f-files-wrong">.*?不支持上传', owner.text, re.DOTALL)
    assert owner.says(REPORT["description"])
    await owner.go("/my/tickets")
    assert not owner.says(REPORT["title"])


async def test_pictures_come_with_the_report_and_are_shown_and_handed_out(
    owner: Visitor, anhe: Anhe, app: Litestar
) -> None:
    await owner.go("/my/report")
    files = [("files", ("截图.png", PIXEL, "image/png")), ("files", ("说明.txt", "色差".encode(), "text/plain"))]
    owner.page = await owner.client.post("/my/report", data={"_token": owner.token(), **REPORT}, files=files)
    assert owner.status == 200, owner.text
    links = sorted(
        {unescape(link) for link in re.findall(r'href="(/my/tickets/[^"]+/attachments/[^"?]+)"', owner.text)}
    )
    assert len(links) == 2
    contents = {(await owner.client.get(link)).content for link in links}
    assert contents == {PIXEL, "色差".encode()}
    async with Visitor(app) as stranger:
        await stranger.sign_in("qinghe-owner")
        assert (await stranger.go(links[0])).status_code == 404


async def test_an_anomaly_is_reported_with_its_metric(owner: Visitor) -> None:
    await owner.go("/my/report?kind=data_anomaly")
    figures = {
        "kind": "data_anomaly",
        "category_data_anomaly": "traffic",
        "metric": "visitors",
        "unit": "人",
        "starts_at": "2026-11-22T00:00",
        "ends_at": "2026-11-21T00:00",
        "expected": "1200",
        "observed": "430.5",
    }
    await owner.send("/my/report", **REPORT | figures)
    assert owner.status == 422
    assert owner.says("截止时间须晚于开始时间")
    await owner.send("/my/report", **REPORT | figures | {"ends_at": "2026-11-22T12:00"})
    assert owner.path.startswith("/my/tickets/SJ")
    assert owner.says("430.5")
    assert owner.says("流量异常")


async def test_a_dispute_is_filed_with_the_claim(owner: Visitor) -> None:
    await owner.go("/my/report?kind=contract_dispute")
    await owner.send("/my/report", **REPORT | {"kind": "contract_dispute", "request": "退还推广费 2,000 元"})
    assert owner.path.startswith("/my/tickets/JF")
    assert owner.says("退还推广费 2,000 元")


async def test_a_rejected_plan_goes_back_and_the_next_one_is_accepted(owner: Visitor, tell: Stories) -> None:
    number = await tell.tell(stories.awaiting_plan_word)
    await owner.go(f"/my/tickets/{number}")
    assert owner.says("按需求单重做主图")
    await make(owner, number, "reject_plan", reason="")
    assert owner.status == 422
    await make(owner, number, "reject_plan", reason="请先给我看小样")
    assert owner.says("正在制定处理方案")
    await tell.tell(stories.replanned, number)
    await make(owner, number, "accept_plan")
    assert owner.says("正在执行方案")


async def test_an_unsatisfied_rating_needs_a_reason_and_begins_another_round(owner: Visitor, tell: Stories) -> None:
    number = await tell.tell(stories.awaiting_rating)
    await make(owner, number, "rate", score="2", satisfied="no")
    assert owner.status == 422
    assert owner.says("请说明不满意的原因")
    assert re.search(r'value="2" checked', owner.text)
    await make(owner, number, "rate", score="2", satisfied="no", comment="色差还在")
    assert owner.says("第 2 轮")
    assert owner.says("正在制定处理方案")


async def test_an_answer_ends_the_hold(owner: Visitor, tell: Stories) -> None:
    number = await tell.tell(stories.on_hold)
    await owner.go(f"/my/tickets/{number}")
    assert owner.says("请提供确认稿的原始文件")
    await owner.send(f"/my/tickets/{number}/messages", body="  ")
    assert owner.status == 422
    await owner.send(f"/my/tickets/{number}/messages", body="原始文件如下")
    assert owner.says("答复已收到，我们继续处理。")
    assert not owner.says("请补充信息或答复")


async def test_a_result_is_asked_about_and_confirmed(owner: Visitor, tell: Stories) -> None:
    number = await tell.tell(stories.explained)
    await owner.sign_in("yunshan-owner")
    await make(owner, number, "ask_again", question="为什么投放没有提前预警？")
    assert owner.says("正在跟进您的反馈")
    assert owner.says("为什么投放没有提前预警？")


async def test_an_agreement_is_signed_only_by_signing_in_again(owner: Visitor, tell: Stories) -> None:
    number = await tell.tell(stories.to_be_signed)
    await owner.go(f"/my/tickets/{number}/sign")
    sha256 = re.findall(r"[0-9a-f]{64}", owner.text)[0]
    said = {"seen": owner.value_of("seen"), "sha256": sha256}
    await owner.send(f"/my/tickets/{number}/sign", **said, present_password="wrong")
    assert owner.status == 422
    await owner.send(f"/my/tickets/{number}/sign", **said | {"sha256": "0" * 64}, present_password=PASSWORD)
    assert owner.status == 409
    await owner.send(f"/my/tickets/{number}/sign", **said, present_password=PASSWORD)
    assert owner.says("协议已签署。")
    assert owner.says("您已签署，等待代运营方签署")


async def test_what_binds_the_merchant_is_the_owners_and_a_member_is_told_so(
    owner: Visitor, tell: Stories, app: Litestar
) -> None:
    number = await tell.tell(stories.awaiting_plan_word)
    async with Visitor(app) as member:
        await member.sign_in("yunshan-member")
        await member.go("/my/tickets")
        assert member.says("等待贵方负责人处理")
        await member.go(f"/my/tickets/{number}")
        assert member.says("这一步需要由贵方负责人操作")
        assert not member.says("同意方案</button>")
        for address in (f"/my/tickets/{number}/moves/accept_plan", f"/my/tickets/{number}/sign", "/my/contract"):
            await member.go(address)
            assert member.status == 403, address


async def test_who_comes_second_is_told_who_did_what_and_keeps_what_they_typed(
    owner: Visitor, tell: Stories, app: Litestar
) -> None:
    number = await tell.tell(stories.awaiting_rating)
    async with Visitor(app) as member:
        await member.sign_in("yunshan-member")
        await member.go(f"/my/tickets/{number}")
        seen = member.value_of("seen")
        await make(owner, number, "rate", score="5", satisfied="yes")
        await member.send(
            f"/my/tickets/{number}/moves/rate", seen=seen, score="1", satisfied="no", comment="没有人联系我"
        )
        assert member.status == 409
        assert member.says("云飞")
        assert member.says("没有人联系我")


async def test_a_closed_ticket_is_reopened_and_an_open_one_withdrawn(owner: Visitor, tell: Stories) -> None:
    number = await tell.tell(stories.closed)
    await owner.go("/my/tickets?tab=closed")
    assert owner.says("已解决")
    await owner.go(f"/my/tickets/{number}")
    assert owner.says("工单已关闭，不能再留言。")
    await owner.go(f"/my/tickets/{number}/moves/reopen")
    await owner.send(f"/my/tickets/{number}/moves/reopen", seen=owner.value_of("seen"), reason="又出现了")
    assert owner.says("正在分析原因")
    await owner.go(f"/my/tickets/{number}/moves/withdraw")
    await owner.send(f"/my/tickets/{number}/moves/withdraw", seen=owner.value_of("seen"))
    assert owner.says("您已撤回")


async def test_what_is_sent_twice_is_said_once_and_told_as_done(owner: Visitor, tell: Stories) -> None:
    number = await tell.tell(stories.on_hold)
    await owner.go(f"/my/tickets/{number}")
    for told in ("答复已收到", "已发送"):
        await owner.send(f"/my/tickets/{number}/messages", body="订单号已经找到")
        assert owner.path == f"/my/tickets/{number}"
        assert owner.says(told)
        assert owner.text.count("订单号已经找到") == 1


async def test_internal_notes_never_reach_the_merchant(owner: Visitor, tell: Stories, app: Litestar) -> None:
    number = await tell.tell(stories.reported)
    async with Visitor(app) as manager:
        await manager.sign_in("manager")
        await manager.go(f"/tickets/{number}")
        await manager.send(f"/tickets/{number}/entries", audience="note", body="商家情绪激动")
        await manager.send(f"/tickets/{number}/entries", audience="message", body="您好，马上处理")
    await owner.go(f"/my/tickets/{number}")
    assert owner.says("您好，马上处理")
    assert not owner.says("商家情绪激动")
    await owner.go(f"/my/tickets/{number}/thread?after=0&seen=0")
    assert owner.says("您好，马上处理")
    assert not owner.says("商家情绪激动")


async def test_another_merchant_and_the_agency_find_nothing_here(owner: Visitor, tell: Stories, app: Litestar) -> None:
    number = await tell.tell(stories.awaiting_plan_word)
    own = (f"/my/tickets/{number}", f"/my/tickets/{number}/thread", f"/my/tickets/{number}/moves/accept_plan")
    async with Visitor(app) as stranger:
        await stranger.sign_in("qinghe-owner")
        for address in own:
            await stranger.go(address)
            assert stranger.status == 404, address
        await stranger.go("/my/tickets?tab=open")
        assert not stranger.says(number)
    async with Visitor(app) as manager:
        await manager.sign_in("manager")
        for address in (*own, "/my/tickets", "/my/report", "/my/people", "/my/contract"):
            await manager.go(address)
            assert manager.status == 404, address


async def test_the_list_is_narrowed_by_shop_and_words(owner: Visitor, tell: Stories, anhe: Anhe) -> None:
    number = await tell.tell(stories.reported)
    await owner.go(f"/my/tickets?tab=open&q={number.lower()}&shop={anhe.yunshan.shop_id}")
    assert owner.says(number)
    await owner.go("/my/tickets?tab=open&q=没有这个词")
    assert owner.says("没有符合条件的工单")
    await owner.go("/my/tickets?tab=open&shop=nonsense")
    assert owner.says(number)
    await owner.go("/my/tickets?after=x")
    assert owner.status == 422


async def test_the_owner_reads_who_serves_them_and_what_is_agreed(owner: Visitor) -> None:
    await owner.go("/my/people")
    assert owner.says("林悦")
    assert owner.says("杉杉")
    assert not owner.says("禾苗")
    await owner.go("/my/contract")
    assert owner.says("工作时段首次响应不超过 5 分钟")
    assert owner.says("5 分钟内")
    assert owner.says("代运营方每月最多承担 ¥50,000.00，超出部分由商家承担")
    assert owner.says("仲裁：杭州仲裁委员会（杭州）")

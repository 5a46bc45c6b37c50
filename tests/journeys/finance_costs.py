"""The first half of the month: what a ticket costs, who verifies it, who has to bear it."""

from pathlib import Path

from playwright.async_api import expect

from tests.journeys.company import Screen, number_in
from tests.journeys.finance_month import CALLS, DISKS, LICENCE, Month, yuan


async def report(month: Month) -> None:
    """The merchant reports what went wrong, and the ticket reaches its department."""
    company = month.company
    phone, manager = await month.screen("yunshan-owner"), await month.screen("manager")
    await phone.go("/my/report?kind=service_quality")
    await phone.fill(
        title="主图素材丢失，活动页无法上线",
        description="素材盘损坏，双十二主图和详情页源文件打不开。",
        request="尽快恢复素材，并说明原因。",
        occurred_on=company.today(),
    )
    await phone.send()
    await phone.reads("主图素材丢失")
    month.ticket = await number_in(phone.page)
    await manager.move(month.ticket, "accept", message="您好，已安排技术人员恢复素材。")
    await manager.move(
        month.ticket,
        "dispatch",
        category="page_design",
        urgency="normal",
        severity="major",
        department="operations",
        owner=str(company.specialist.id),
        promised_at=company.local(days=3),
    )


async def record_costs(month: Month) -> None:
    """The specialist records beside the ticket what recovering took, with the receipts."""
    specialist = await month.screen("specialist")
    await specialist.open(month.ticket)
    await specialist.page.locator(f'a[href="/tickets/{month.ticket}/costs"]').click()
    await specialist.reads("该工单还没有费用")
    await month.look(specialist, "costs-none")
    disks = await month.paper("存储硬盘收据", "企业级存储硬盘 4 块", "6800.05")
    await claim(month, specialist, "disks", disks, category="material_equipment", fen="6800.05", note="恢复素材用硬盘")
    await month.look(specialist, "cost-submitted")
    await specialist.go(f"/tickets/{month.ticket}/costs")
    wrong = await month.paper("恢复软件报价单", "数据恢复软件一年授权", "1380.00", "报价单")
    await claim(
        month, specialist, "licence", wrong, category="material_licence", fen="1380.00", note="数据恢复软件一年授权"
    )
    await specialist.go(f"/tickets/{month.ticket}/costs")
    await specialist.reads(yuan(DISKS + 138_000))
    await month.look(specialist, "costs-of-ticket")


async def claim(month: Month, screen: Screen, name: str, paper: Path, **typed: str) -> None:
    """From the list of a ticket's costs: record, add the paper, submit."""
    await screen.press("登记费用")
    await screen.fill(**typed)
    await screen.send()
    await screen.reads("费用已登记为草稿")
    month.costs[name] = screen.page.url.rpartition("/")[2]
    await screen.page.locator('input[type="file"]').set_input_files(paper)
    await screen.press("添加凭证")
    await screen.reads(paper.name)
    await screen.press("提交核实")
    await screen.reads("待核实")


async def return_and_mend(month: Month) -> None:
    """Finance returns the one whose paper is no receipt; the specialist hears of it and puts it right."""
    finance, specialist = await month.screen("finance"), await month.screen("specialist")
    await finance.go("/")
    await finance.place("费用")
    await finance.page.locator(f'.waiting a[href$="{month.costs["licence"]}"]').click()
    await finance.reads("恢复软件报价单.png")
    await month.show(finance, "verify-queue")
    await finance.key("r")
    await finance.fill(reason="所附为报价单，请换成付款收据，并按实付金额更正。")
    await finance.send()
    await finance.reads("已退回，登记人会收到通知。")
    await month.later()

    await specialist.hear(month.costs["licence"])
    await specialist.reads("所附为报价单，请换成付款收据，并按实付金额更正。")
    await month.look(specialist, "cost-returned")
    await specialist.press("移除 恢复软件报价单.png")
    await specialist.press("修改")
    await specialist.fill(fen="1280.00")
    await specialist.send()
    await specialist.reads(yuan(LICENCE))
    paper = await month.paper("恢复软件收据", "数据恢复软件一年授权", "1280.00")
    await specialist.page.locator('input[type="file"]').set_input_files(paper)
    await specialist.press("添加凭证")
    await specialist.reads("恢复软件收据.png")
    await specialist.press("提交核实")
    await specialist.reads("待核实")


async def verify(month: Month) -> None:
    """One person of finance verifies both by keyboard; what is above the threshold waits for another one."""
    finance, second = await month.screen("finance"), await month.screen("finance2")
    await finance.go("/costs")
    await expect(finance.page.locator(".waiting li")).to_have_count(2)
    await finance.key("v")
    await finance.reads("已核实，等待另一位财务人员复核。")
    await finance.reads("须由其他财务人员核实")
    await finance.page.locator(f'.waiting a[href$="{month.costs["licence"]}"]').click()
    await finance.reads("恢复软件收据.png")
    await finance.key("v")
    await finance.reads("费用已核实。")
    await second.go("/")
    await second.place("费用")
    await second.reads("待复核")
    await month.look(second, "countersigning")
    await second.press("复核通过")
    await second.reads("没有待核实的费用")
    await month.later()
    await second.press("待判定")
    await second.reads(yuan(DISKS + LICENCE))
    await month.look(second, "pending")


async def record_what_stays_undetermined(month: Month) -> None:
    """Another ticket's small cost is verified; nobody says this month who has to bear it."""
    manager, finance = await month.screen("manager"), await month.screen("finance")
    await manager.go(f"/tickets/new/service_quality?merchant={month.company.anhe.yunshan.id}")
    await manager.fill(
        channel="phone",
        title="周末咨询无人应答",
        description="顾客来电反映周末无人应答。",
        request="逐一回访。",
        occurred_on=month.company.today(),
    )
    await manager.send()
    await manager.reads("周末咨询无人应答")
    month.other_ticket = await number_in(manager.page)
    await manager.page.locator(f'a[href="/tickets/{month.other_ticket}/costs"]').click()
    paper = await month.paper("回访话费收据", "回访电话费", "98.00")
    await claim(month, manager, "calls", paper, category="communication", fen="98.00", note="逐一回访顾客的电话费")
    await finance.go("/costs")
    await finance.reads("回访话费收据.png")
    await finance.press("核实")
    await finance.reads("没有待核实的费用")
    await month.later()
    await finance.press("待判定")
    await finance.reads(yuan(CALLS))


async def determine(month: Month) -> None:
    """The department says who caused it; each party's part stands on the cost's page with its sentence."""
    company, specialist, finance = month.company, await month.screen("specialist"), await month.screen("finance")
    await specialist.go(f"/tickets/{month.ticket}/moves/conclude_analysis")
    await specialist.page.locator('[data-more][value="responsibility.shares"]').click()
    await specialist.fill(
        cause="素材盘老化未更换；商家自行改动过共享盘权限",
        responsible_department="operations",
        responsible_person=str(company.specialist.id),
        responsibility__shares_0__party="agency",
        responsibility__shares_0__basis_points="60",
        responsibility__shares_1__party="merchant",
        responsibility__shares_1__basis_points="40",
        responsibility__basis="硬盘检测报告与权限变更记录",
    )
    await specialist.send()
    await specialist.reads("素材盘老化未更换")
    await month.later()
    await finance.go("/costs/all")
    await finance.page.locator("table.list a.number").filter(has_text=month.costs["disks"]).click()
    await finance.reads("费用归属")
    await finance.reads(yuan(408_003))
    await finance.reads(yuan(272_002))
    await finance.page.locator("details summary").first.click()
    await month.look(finance, "allocated")


async def object_and_review(month: Month) -> None:
    """The merchant objects on the phone, the supervisor reviews and determines anew: reversed, allocated again."""
    phone, supervisor = await month.screen("yunshan-owner"), await month.screen("supervisor")
    finance = await month.screen("finance")
    await phone.hear(month.ticket)
    await phone.reads("硬盘检测报告与权限变更记录")
    await phone.press("提出异议")
    await phone.fill(reason="权限是按贵方指引修改的，我方责任不应占四成。")
    await phone.send()
    await phone.reads("异议复议中")
    await month.look(phone, "phone-objection")
    await month.later()
    await finance.go(f"/costs/{month.costs['disks']}")
    await finance.reads("责任异议复议中")
    await supervisor.hear(month.ticket)
    await supervisor.reads("权限是按贵方指引修改的")
    await supervisor.press("复议责任判定")
    await supervisor.page.locator('[data-more][value="responsibility.shares"]').click()
    await supervisor.fill(
        outcome="replaced",
        responsibility__shares_0__party="agency",
        responsibility__shares_0__basis_points="70",
        responsibility__shares_1__party="merchant",
        responsibility__shares_1__basis_points="30",
        responsibility__basis="指引写得不清楚，权限变更记录",
        reason="指引未写明只读权限，酌减商家责任。",
    )
    await month.look(supervisor, "review")
    await supervisor.send()
    await supervisor.reads("指引未写明只读权限")
    await month.later()
    await finance.go(f"/costs/{month.costs['disks']}")
    await finance.reads("已被取代的归属")
    await finance.reads(yuan(476_004))
    await finance.reads(yuan(204_001))
    await month.show(finance, "allocated-anew")
    await phone.open(month.ticket)
    await phone.reads("指引未写明只读权限")

"""A page that is not to brief, from the merchant's phone to the closed ticket.

With a breach, an escalation, a plan sent back, a plan that the merchant rejects, and a round that does not satisfy.
"""

from tests.browser import picture
from tests.journeys.company import Company, Screen, number_in


async def _report(company: Company, phone: Screen) -> str:
    await phone.go("/my/report?kind=service_quality")
    await phone.fill(
        title="详情页首屏与确认稿不符",
        description="上线的首屏卖点和我们确认的第三版不同，颜色也偏暗。",
        request="今天内换回确认稿，并说明原因。",
        occurred_on=company.today(),
    )
    await phone.is_in_order()
    await phone.send()
    await phone.reads("详情页首屏与确认稿不符")
    return await number_in(phone.page)


async def _dispatch(company: Company, manager: Screen, number: str) -> None:
    await manager.move(number, "accept", message="您好，问题已收到，正在安排处理。")
    await manager.move(
        number,
        "dispatch",
        category="page_design",
        urgency="normal",
        severity="moderate",
        department="operations",
        owner=str(company.specialist.id),
        promised_at=company.local(days=3),
    )


async def _plan(company: Company, specialist: Screen, number: str, measure: str) -> None:
    await specialist.move(
        number,
        "submit_plan",
        summary=f"先{measure}，再复核。",
        measures_0__action=measure,
        measures_0__owner=str(company.specialist.id),
        measures_0__deadline=company.local(days=2),
    )


async def _carry_out(company: Company, specialist: Screen, number: str, measure: str) -> None:
    await specialist.move(number, "finish_measure", measure=measure, result="已完成并逐屏核对", done_at=company.local())
    await specialist.move(number, "finish_execution", summary="新版页面已上线，逐屏核对一致。")


async def test_from_the_report_on_a_phone_to_the_closed_ticket(company: Company) -> None:
    phone, manager = await company.screen("yunshan-owner"), await company.screen("manager")
    specialist, supervisor = await company.screen("specialist"), await company.screen("supervisor")
    executive = await company.screen("executive")
    number = await _report(company, phone)

    # Nobody answers for three hours of service: the first response is breached, for good.
    await company.let_time_pass(number, hours=3)
    await manager.open(number)
    await manager.reads("首次响应")
    await manager.reads("超时")
    await _dispatch(company, manager, number)
    await manager.go("/overdue")

    # The department is slow; the agent escalates, and the supervisor decides.
    await manager.move(number, "escalate", reason="商家多次催促，需要协调人手。")
    await supervisor.move(number, "decide_escalation", decision="由专人今天内处理。")
    await phone.open(number)
    await phone.never_reads("由专人今天内处理")

    await specialist.move(
        number,
        "conclude_analysis",
        cause="上架时取用了未经确认的旧稿",
        responsible_department="operations",
        responsible_person=str(company.specialist.id),
        responsibility__shares_0__party="agency",
        responsibility__shares_0__basis_points="100",
        responsibility__basis="上架记录与确认稿比对",
    )
    await _plan(company, specialist, number, "换回确认稿")
    await supervisor.move(number, "send_back_plan", reason="请写明由谁复核。")
    await _plan(company, specialist, number, "换回确认稿并由第二人复核")
    await supervisor.move(number, "approve_plan")

    # The merchant rejects the plan once: round 2.
    await phone.open(number)
    await phone.reads("换回确认稿并由第二人复核")
    await phone.is_in_order()
    await picture(phone.page, "merchant-plan")
    await phone.move(number, "reject_plan", reason="请同时回复错误版本期间的咨询。")
    await _plan(company, specialist, number, "换稿并逐条回复咨询")
    await supervisor.move(number, "approve_plan")
    await phone.move(number, "accept_plan")
    await _carry_out(company, specialist, number, "换稿并逐条回复咨询")

    # The first result does not satisfy: round 3.
    await phone.move(number, "rate", score="2", satisfied="no", comment="手机端首图仍然模糊。")
    await _plan(company, specialist, number, "重出手机端首图")
    await supervisor.move(number, "approve_plan")
    await phone.move(number, "accept_plan")
    await _carry_out(company, specialist, number, "重出手机端首图")
    await phone.move(number, "rate", score="5", satisfied="yes", comment="这次可以了，辛苦。")

    await company.let_time_pass(number, days=2)
    await manager.move(
        number,
        "return_visit",
        visited_at=company.local(hours=-1),
        channel="phone",
        spoke_with="云飞",
        back_to_normal="yes",
        recurred="no",
    )
    await manager.move(number, "close", summary="错用旧稿，已换回并建立双人复核。")
    await manager.reads("已解决")
    await manager.is_in_order()
    await picture(manager.page, "ticket-closed")
    await phone.open(number)
    await phone.reads("已关闭")
    await phone.reads("错用旧稿，已换回并建立双人复核。")
    await phone.never_reads("请写明由谁复核")
    await executive.open(number)
    await executive.reads("第 3 轮")


async def test_a_member_reports_and_the_owner_confirms(company: Company) -> None:
    member, owner = await company.screen("yunshan-member"), await company.screen("yunshan-owner")
    manager = await company.screen("manager")
    await member.go("/my/report?kind=service_quality")
    await member.fill(
        title="周末客服回复慢", description="平均四分钟才回复。", request="周末加人值守。", occurred_on=company.today()
    )
    await member.send()
    number = await number_in(member.page)
    await manager.move(number, "hold", reason="请提供慢回复的会话截图。")
    await owner.open(number)
    await owner.reads("请提供慢回复的会话截图。")
    await owner.move(number, "withdraw", reason="已经自行解决")
    await owner.reads("已关闭")

"""A metric that departs from the normal, until it has stayed normal and the merchant has understood why."""

from tests.journeys.company import Company, number_in


async def test_from_the_departure_of_a_metric_to_the_merchants_confirmation(company: Company) -> None:
    specialist, supervisor = await company.screen("specialist"), await company.screen("supervisor")
    manager, phone = await company.screen("manager"), await company.screen("yunshan-owner")
    await manager.go(f"/tickets/new/data_anomaly?merchant={company.anhe.yunshan.id}")
    await manager.fill(
        channel="phone",
        title="支付转化率骤降",
        description="访客数没有变化，转化率腰斩。",
        request="请查明原因。",
        occurred_on=company.today(),
        metric="conversion",
        unit="%",
        starts_at=company.local(days=-2),
        ends_at=company.local(hours=-1),
        expected="3.2",
        observed="1.4",
    )
    await manager.send()
    await manager.reads("支付转化率骤降")
    number = await number_in(manager.page)
    await manager.move(
        number,
        "dispatch",
        category="conversion",
        urgency="urgent",
        severity="major",
        department="technical_support",
        owner=str(company.specialist.id),
        promised_at=company.local(days=2),
    )
    await specialist.move(
        number,
        "conclude_triage",
        finding="not_technical",
        findings="采集与回调正常，排除技术原因。",
        department="operations",
        owner=str(company.specialist.id),
    )
    await specialist.move(
        number,
        "conclude_analysis",
        root_cause="competitor",
        explanation="竞品大额补贴，价格敏感人群流失。",
        contributions_0__factor="competitor",
        contributions_0__basis_points="100",
    )
    await specialist.move(
        number,
        "submit_plan",
        summary="降低满减门槛",
        measures_0__action="下调满减门槛",
        measures_0__owner=str(company.specialist.id),
        measures_0__deadline=company.local(hours=20),
    )
    await supervisor.move(number, "approve_plan")
    await specialist.move(
        number, "finish_measure", measure="下调满减门槛", result="门槛由 129 调为 89", done_at=company.local()
    )
    await specialist.move(number, "start_monitoring")
    for _ in range(5):
        await company.let_time_pass(number, days=2)
        await specialist.move(number, "observe_metric", day=company.today(), observed="3.1", normal="yes")
    await manager.move(
        number, "report_result", cause="竞品补贴导致转化下降。", measures="下调满减门槛，连续八天恢复正常。"
    )
    await phone.open(number)
    await phone.reads("竞品补贴导致转化下降。")
    await phone.move(number, "ask_again", question="以后怎么及早发现？")
    await manager.move(number, "answer_question", answer="已设置每日提醒，偏离一成即通知您。")
    await phone.move(number, "confirm_result")
    await manager.move(number, "close", summary="竞品补贴引起，调整后恢复。")
    await manager.reads("已解决")
    await phone.open(number)
    await phone.never_reads("采集与回调正常，排除技术原因。")

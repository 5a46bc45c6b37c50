"""A quarrel over the contract, settled by an agreement that both sides sign, and performed with proof."""

from pathlib import Path
from random import Random

from anshou.demo.pictures import picture as proof_picture
from tests.journeys.company import Company, number_in


async def test_from_the_claim_to_the_agreement_performed_with_proof(company: Company, tmp_path: Path) -> None:
    phone, manager = await company.screen("yunshan-owner"), await company.screen("manager")
    executive = await company.screen("executive")
    await phone.go("/my/report?kind=contract_dispute")
    await phone.fill(
        title="服务费计算口径争议",
        description="九月账单把退款订单计入了提成基数。",
        request="按确认收货金额重算。",
        occurred_on=company.today(),
    )
    await phone.send()
    number = await number_in(phone.page)
    await manager.move(
        number,
        "start_procedure",
        category="fee_settlement",
        urgency="normal",
        severity="major",
        department="operations",
        owner=str(company.anhe.account_manager.id),
        promised_at=company.local(days=10),
        message="诉求已受理，纠纷处理程序即日启动。",
    )
    await manager.go(f"/tickets/{number}/moves/conclude_investigation")
    for position, sort in enumerate(("contract_document", "service_record", "communication_record")):
        if position:
            await manager.page.locator('[data-more][value="evidence"]').click()
        await manager.fill(**{f"evidence_{position}__sort": sort, f"evidence_{position}__content": "已收集并核对。"})
    await manager.fill(
        points_0__issue="“实际成交额”是否含退款订单",
        points_0__agency_part="合同未单列退款订单",
        points_0__merchant_part="未及时提出异议",
    )
    await manager.send()
    await manager.move(
        number,
        "record_round",
        held_at=company.local(hours=-1),
        channel="meeting",
        people="林悦、云飞",
        agency_position="历史账单按支付金额计算",
        merchant_position="退款订单不应算成交",
        agency_offer="九月重算，十月起改口径",
    )
    await phone.open(number)
    await phone.reads("退款订单不应算成交")
    await manager.move(
        number,
        "propose_agreement",
        title="服务费口径和解协议",
        text="九月服务费按确认收货金额重算，差额十个工作日内退还。",
        obligations_0__side="agency",
        obligations_0__duty="退还九月服务费差额",
        obligations_0__due_on=company.today(days=14),
    )
    await phone.open(number)
    await phone.reads("服务费口径和解协议")
    await phone.sign(number)
    await executive.sign(number)
    await executive.reads("执行与监督")

    proof = tmp_path / "付款回单.png"
    proof.write_bytes(proof_picture(Random(1)))  # noqa: S311
    await manager.open(number)
    await manager.page.set_input_files('main input[type="file"]', proof)
    await manager.page.locator('main textarea[name="body"]').fill("差额已退还，回单见附件。")
    await (
        manager.page.locator("main form")
        .filter(has=manager.page.locator('textarea[name="body"]'))
        .locator("button.btn-primary")
        .click()
    )
    await manager.reads("付款回单.png")
    await manager.move(
        number,
        "perform_obligation",
        obligation="退还九月服务费差额",
        performed_on=company.today(),
        proof="付款回单.png",
    )
    await manager.move(number, "close", summary="双方签署协议，差额已退还。")
    await phone.open(number)
    await phone.reads("已关闭")

"""The part that two kinds share: a plan is written, reviewed and carried out measure by measure."""

from anshou.demo.scene import Scene
from anshou.demo.stories.incidents import Incident, days, hours
from anshou.tickets.planning import MeasureDraft, MeasureResult, PlanApproval, PlanDraft, SentBack
from anshou.tickets.steering import Escalation, EscalationDecision, Hold
from anshou.tickets.telling import DecisionDraft, Meeting


async def plan(scene: Scene, measures: tuple[str, str], incidents: Incident) -> None:
    """planning → past the review; once back to the desk if the supervisor was not convinced."""
    await scene.move("submit_plan", _draft(scene, measures), by=scene.specialist, after=hours(5))
    if Incident.SENT_BACK in incidents:
        await scene.move(
            "send_back_plan",
            SentBack(reason="缺少完成标准和责任人，请补充如何验证措施有效。"),
            by=scene.supervisor,
            after=hours(3),
        )
        await scene.move("submit_plan", _draft(scene, measures), by=scene.specialist, after=hours(4))
    await scene.move(
        "approve_plan", PlanApproval(comment="措施可行，注意按期完成。"), by=scene.supervisor, after=hours(2)
    )


async def carry_out(scene: Scene, results: tuple[str, str]) -> None:
    """Each measure of the plan done, in its order."""
    for measure, result in zip(await scene.open_measures(), results, strict=True):
        await scene.pass_time(hours(9))
        await scene.move(
            "finish_measure",
            MeasureResult(measure=measure, result=result, done_at=scene.now),
            by=scene.specialist,
        )


async def trouble(scene: Scene, incidents: Incident) -> None:
    """A hold that the merchant answers, an escalation that is decided, a meeting of several departments."""
    if Incident.HELD in incidents:
        await scene.move(
            "hold", Hold(reason="请提供当时的沟通截图和确认稿，以便核对版本。"), by=scene.agent, after=hours(1)
        )
        await scene.merchant_says("截图和确认稿已经传上来了，请尽快核对。", after=hours(20))
        await scene.resume(after=hours(1))
    if Incident.ESCALATED in incidents:
        await scene.move(
            "escalate",
            Escalation(reason="商家多次催促，负责人手上任务冲突，需要协调人手。"),
            by=scene.agent,
            after=hours(2),
        )
        await scene.move(
            "decide_escalation",
            EscalationDecision(decision="由运营组抽调一人专职处理，今日内给出进展。"),
            by=scene.supervisor,
            after=hours(2),
        )
    if Incident.MEETING in incidents:
        await scene.pass_time(hours(3))
        await scene.move(
            "hold_meeting",
            Meeting(
                held_at=scene.now,
                departments=scene.departments,
                people=f"{scene.agent.name}、{scene.specialist.name}、{scene.supervisor.name}",
                discussion="核对问题经过，明确各部门分工与完成时间。",
                decisions=(
                    DecisionDraft(
                        decision="责任部门两日内提交方案，客服每日向商家反馈一次进展。",
                        owner=scene.specialist.id,
                        deadline=scene.now + days(2),
                    ),
                ),
            ),
            by=scene.agent,
        )


def _draft(scene: Scene, measures: tuple[str, str]) -> PlanDraft:
    first, second = measures
    return PlanDraft(
        summary=f"先{first}，再{second}，完成后由客服回访确认效果。",
        measures=(
            MeasureDraft(action=first, owner=scene.specialist.id, deadline=scene.now + days(2)),
            MeasureDraft(action=second, owner=scene.specialist.id, deadline=scene.now + days(4)),
        ),
    )

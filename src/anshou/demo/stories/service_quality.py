"""服务质量问题, from the merchant's report to the closed ticket."""

from anshou.demo.matters.service_quality import ServiceMatter
from anshou.demo.scene import Scene
from anshou.demo.stories.incidents import Incident, days, hours, minutes
from anshou.demo.stories.planning import carry_out, plan, trouble
from anshou.people.roles import Department
from anshou.tickets.categories import Category
from anshou.tickets.closing import Closing, ImprovementDraft
from anshou.tickets.dispatching import Acceptance, Dispatch
from anshou.tickets.kinds import Channel, Severity, Urgency
from anshou.tickets.service_quality import Analysis, Execution, PlanAccepted, PlanRejected, Rating, ReturnVisit
from anshou.tickets.telling import Contact, Direction, Progress
from billing.parties import Party
from billing.responsibility import Determination
from billing.shares import Share

# Whose fault it was, by turns: ours, in part the merchant's, the merchant's.
_WHOSE = (
    Determination(
        shares=(Share(party=Party.AGENCY, basis_points=10_000),),
        basis="问题由我方操作环节造成，商家提供的资料完整及时。",
        clause="服务合同第五条第二款",
    ),
    Determination(
        shares=(Share(party=Party.AGENCY, basis_points=4_000), Share(party=Party.MERCHANT, basis_points=6_000)),
        basis="商家提供的活动资料与最终价格不一致，我方上线前没有核对出来。",
        clause="服务合同第八条",
    ),
    Determination(
        shares=(Share(party=Party.MERCHANT, basis_points=10_000),),
        basis="商家在确认稿之后自行改动了商品资料，没有通知我方。",
        clause="服务合同第八条",
    ),
)


async def tell(scene: Scene, matter: ServiceMatter, incidents: Incident, *, urgency: Urgency, score: int) -> None:
    """The whole story; the scene ends it earlier at the step it was asked to stop at."""
    await _take_in(scene, matter, incidents, urgency)
    await trouble(scene, incidents)
    await _analyse(scene, matter)
    await plan(scene, matter.measures, incidents)
    if Incident.REJECTED in incidents:
        await scene.move("reject_plan", PlanRejected(reason=matter.rejection), by=scene.owner, after=hours(6))
        await plan(scene, matter.measures, Incident.NONE)
    await scene.move("accept_plan", PlanAccepted(comment="同意，按这个做。"), by=scene.owner, after=hours(5))
    await carry_out(scene, matter.results)
    await scene.move(
        "finish_execution",
        Execution(summary=f"{matter.results[0]}；{matter.results[1]}。"),
        by=scene.specialist,
        after=hours(2),
    )
    if Incident.UNSATISFIED in incidents:
        await scene.move(
            "rate", Rating(score=2, satisfied=False, comment=matter.dissatisfaction), by=scene.owner, after=hours(7)
        )
        await plan(scene, matter.measures, Incident.NONE)
        await scene.move("accept_plan", PlanAccepted(), by=scene.owner, after=hours(3))
        await carry_out(scene, matter.results)
        await scene.move(
            "finish_execution",
            Execution(summary=f"按您的意见重新处理：{matter.results[1]}。"),
            by=scene.specialist,
            after=hours(2),
        )
    await scene.move(
        "rate", Rating(score=score, satisfied=True, comment="问题解决了，辛苦。"), by=scene.owner, after=hours(9)
    )
    await scene.pass_time(days(2))
    await scene.move(
        "return_visit",
        ReturnVisit(
            visited_at=scene.now,
            channel=Channel.PHONE,
            spoke_with=scene.owner.name,
            back_to_normal=True,
            recurred=False,
            notes=matter.visit,
        ),
        by=scene.agent,
    )
    await scene.move(
        "close",
        Closing(
            summary=matter.summary,
            improvements=(
                ImprovementDraft(
                    action=f"把“{matter.measures[1]}”写入岗位操作规范",
                    owner=scene.supervisor.id,
                    deadline=scene.now + days(30),
                ),
            ),
        ),
        by=scene.agent,
        after=hours(4),
    )


async def _take_in(scene: Scene, matter: ServiceMatter, incidents: Incident, urgency: Urgency) -> None:
    slow = Incident.SLOW in incidents
    await scene.move(
        "accept",
        Acceptance(message="您好，问题已收到，我们正在核实，稍后告知处理部门和时间。"),
        by=scene.agent,
        after=hours(3) if slow else minutes(6),
    )
    await scene.move(
        "dispatch",
        Dispatch(
            category=Category(matter.category),
            urgency=urgency,
            severity=Severity.MAJOR if urgency is Urgency.URGENT else Severity.MODERATE,
            department=Department.OPERATIONS,
            owner=scene.specialist.id,
            promised_at=scene.now + days(3),
            message="已转运营部门处理，预计三天内给出方案，期间会主动反馈进展。",
        ),
        by=scene.agent,
        after=minutes(25),
    )
    await scene.note(matter.note, by=scene.agent, after=minutes(12))


async def _analyse(scene: Scene, matter: ServiceMatter) -> None:
    await scene.pass_time(hours(4))
    await scene.move(
        "record_contact",
        Contact(
            held_at=scene.now,
            channel=Channel.PHONE,
            direction=Direction.TO_MERCHANT,
            people=scene.owner.name,
            content="电话核对问题发生的时间和影响范围，商家补充了两张截图。",
            show_merchant=True,
        ),
        by=scene.agent,
    )
    await scene.move(
        "conclude_analysis",
        Analysis(
            cause=matter.cause,
            responsible_department=Department.OPERATIONS,
            responsible_person=scene.specialist.id,
            responsibility=_WHOSE[scene.serial % len(_WHOSE)],
        ),
        by=scene.specialist,
        after=hours(3),
    )
    await scene.move(
        "report_progress",
        Progress(message="原因已经查明，正在制定处理方案，今天下班前提交审核。"),
        by=scene.agent,
        after=minutes(30),
    )

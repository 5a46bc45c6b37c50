"""数据异常问题, from the departure of a metric to the merchant's confirmation."""

from decimal import Decimal

from anshou.demo.matters.data_anomaly import AnomalyMatter
from anshou.demo.scene import Scene
from anshou.demo.stories.incidents import Incident, days, hours, minutes
from anshou.demo.stories.planning import carry_out, plan, trouble
from anshou.people.roles import Department
from anshou.tickets.categories import Category
from anshou.tickets.causes import Factor, TechnicalFinding
from anshou.tickets.closing import Closing
from anshou.tickets.data_anomaly import Answer, Confirmation, Contribution, Question, Result, RootCause, Triage
from anshou.tickets.dispatching import Dispatch
from anshou.tickets.kinds import Severity, Urgency
from anshou.tickets.measuring import Observation
from anshou.tickets.records import Nothing
from anshou.tickets.telling import Progress
from billing.parties import Party
from billing.responsibility import Determination
from billing.shares import Share


async def tell(scene: Scene, matter: AnomalyMatter, incidents: Incident, *, urgency: Urgency) -> None:
    """The whole story; the scene ends it earlier at the step it was asked to stop at."""
    await scene.move(
        "dispatch",
        Dispatch(
            category=Category(matter.category),
            urgency=urgency,
            severity=Severity.MAJOR if urgency is Urgency.URGENT else Severity.MODERATE,
            department=Department.TECHNICAL_SUPPORT,
            owner=scene.engineer.id,
            promised_at=scene.now + days(2),
            message="已安排技术支持排查数据采集与系统，两天内给出结论。",
        ),
        by=scene.agent,
        after=hours(4) if Incident.SLOW in incidents else minutes(8),
    )
    await trouble(scene, incidents)
    await scene.move(
        "conclude_triage",
        Triage(
            finding=TechnicalFinding.COLLECTION if matter.technical else TechnicalFinding.NOT_TECHNICAL,
            findings=matter.findings,
            department=Department.OPERATIONS,
            owner=scene.specialist.id,
        ),
        by=scene.engineer,
        after=hours(5),
    )
    await _find_cause(scene, matter)
    await plan(scene, matter.measures, incidents)
    await carry_out(scene, matter.results)
    await scene.move("start_monitoring", Nothing(), by=scene.specialist, after=hours(1))
    if Incident.UNSATISFIED in incidents:
        await scene.pass_time(days(1))
        await scene.move(
            "observe_metric",
            Observation(day=scene.today, observed=Decimal(matter.observed), normal=False, notes="再次偏离，重新分析。"),
            by=scene.specialist,
        )
        await _find_cause(scene, matter)
        await plan(scene, matter.measures, Incident.NONE)
        await carry_out(scene, matter.results)
        await scene.move("start_monitoring", Nothing(), by=scene.specialist, after=hours(1))
    await _watch(scene, matter)
    await scene.move(
        "report_result",
        Result(cause=matter.explanation, measures=f"{matter.measures[0]}；{matter.measures[1]}。"),
        by=scene.agent,
        after=hours(2),
    )
    if Incident.REJECTED in incidents:
        await scene.move(
            "ask_again", Question(question="恢复之后会不会再掉？有没有长期的监测办法？"), by=scene.owner, after=hours(5)
        )
        await scene.move(
            "answer_question",
            Answer(answer="已设置每日阈值提醒，低于正常值一成时当天通知您，并由专人跟进。"),
            by=scene.agent,
            after=hours(3),
        )
    await scene.move(
        "confirm_result", Confirmation(comment="了解了，数据也看到恢复了。"), by=scene.owner, after=hours(6)
    )
    await scene.move("close", Closing(summary=matter.summary), by=scene.agent, after=hours(3))


async def _find_cause(scene: Scene, matter: AnomalyMatter) -> None:
    cause = Factor(matter.cause_kind)
    other = Factor.MARKET if cause is not Factor.MARKET else Factor.OWN_OPERATION
    await scene.move(
        "conclude_analysis",
        RootCause(
            root_cause=cause,
            explanation=matter.cause,
            contributions=(
                Contribution(factor=cause, basis_points=7_500),
                Contribution(factor=other, basis_points=2_500),
            ),
            responsibility=Determination(
                shares=(
                    (Share(party=Party.AGENCY, basis_points=10_000),)
                    if cause in (Factor.OWN_OPERATION, Factor.TECHNICAL, Factor.CAMPAIGN_CHANGE)
                    else (
                        Share(party=Party.PLATFORM, basis_points=6_000),
                        Share(party=Party.AGENCY, basis_points=4_000),
                    )
                ),
                basis="依据排查结论与各因素贡献比例判定。",
            ),
        ),
        by=scene.specialist,
        after=hours(7),
    )
    await scene.move(
        "report_progress",
        Progress(message=f"原因已基本确定：{matter.explanation}"),
        by=scene.agent,
        after=minutes(40),
    )


async def _watch(scene: Scene, matter: AnomalyMatter) -> None:
    """A week on which the metric is back to normal, looked at every other day."""
    expected = Decimal(matter.expected)
    for share in ("0.97", "0.99", "1.01", "1.00", "1.02"):
        await scene.pass_time(days(2))
        figure = (expected * Decimal(share)).quantize(Decimal("0.01"))
        await scene.move(
            "observe_metric", Observation(day=scene.today, observed=figure, normal=True), by=scene.specialist
        )

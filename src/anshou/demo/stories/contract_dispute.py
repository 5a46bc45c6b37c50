"""合作纠纷问题, from the merchant's claim to an agreement that was performed, or to arbitration."""

from anshou.demo.matters.contract_dispute import DisputeMatter
from anshou.demo.scene import Scene
from anshou.demo.stories.incidents import Incident, days, hours
from anshou.merchants.terms import Forum
from anshou.people.roles import Department
from anshou.tickets.categories import Category
from anshou.tickets.closing import Closing
from anshou.tickets.disputing import (
    Agreement,
    Declined,
    Evidence,
    EvidenceDraft,
    Investigation,
    NegotiationRound,
    NoAgreement,
    ObligationDraft,
    PointAtIssue,
    Procedure,
    Proceeding,
    ProceedingOutcome,
    Ruling,
)
from anshou.tickets.kinds import Channel, Severity, Side, Urgency


async def tell(scene: Scene, matter: DisputeMatter, incidents: Incident, *, urgency: Urgency) -> None:
    """The whole story; the scene ends it earlier at the step it was asked to stop at."""
    await _investigate(scene, matter, urgency)
    await _negotiate(scene, matter, offer=matter.offer)
    if Incident.OUTSIDE in incidents:
        await _go_outside(scene, matter)
    else:
        await _settle(scene, matter, declined=Incident.REJECTED in incidents)
    await scene.perform_obligations(matter.proof, after=days(4))
    await scene.move("close", Closing(summary=matter.summary), by=scene.coordinator, after=hours(5))


async def _investigate(scene: Scene, matter: DisputeMatter, urgency: Urgency) -> None:
    await scene.move(
        "start_procedure",
        Procedure(
            category=Category(matter.category),
            urgency=urgency,
            severity=Severity.MAJOR,
            department=Department.AFTER_SALES_SERVICE,
            owner=scene.coordinator.id,
            promised_at=scene.now + days(10),
            message="您的诉求已受理，纠纷处理程序即日启动：先调查核实，再安排双方协商，全程留有记录。",
        ),
        by=scene.coordinator,
        after=hours(1),
    )
    await scene.move(
        "conclude_investigation",
        Investigation(
            evidence=(
                EvidenceDraft(sort=Evidence.CONTRACT_DOCUMENT, content="服务合同正本及附件，双方签字版本。"),
                EvidenceDraft(sort=Evidence.SERVICE_RECORD, content="近三个月服务记录与账单明细。"),
                EvidenceDraft(sort=Evidence.COMMUNICATION_RECORD, content="双方邮件与对接群沟通记录导出。"),
            ),
            points=(
                PointAtIssue(
                    issue=matter.point,
                    agency_part=matter.agency_position,
                    merchant_part=matter.merchant_position,
                    clause="服务合同第四条",
                ),
            ),
        ),
        by=scene.coordinator,
        after=days(2),
    )


async def _negotiate(scene: Scene, matter: DisputeMatter, *, offer: str) -> None:
    await scene.pass_time(days(1))
    await scene.move(
        "record_round",
        NegotiationRound(
            held_at=scene.now,
            channel=Channel.MEETING,
            people=f"{scene.coordinator.name}、{scene.supervisor.name}、{scene.owner.name}",
            agency_position=matter.agency_position,
            merchant_position=matter.merchant_position,
            agency_offer=offer,
            merchant_offer=matter.claim,
        ),
        by=scene.coordinator,
    )


async def _settle(scene: Scene, matter: DisputeMatter, *, declined: bool) -> None:
    await scene.move("propose_agreement", _agreement(scene, matter), by=scene.coordinator, after=days(1))
    if declined:
        await scene.move(
            "decline_agreement",
            Declined(reason="履行期限太长，希望缩短到十个工作日以内。"),
            by=scene.owner,
            after=hours(20),
        )
        await _negotiate(scene, matter, offer=f"{matter.offer}履行期限缩短至十个工作日。")
        await scene.move("propose_agreement", _agreement(scene, matter), by=scene.coordinator, after=hours(8))
    await scene.sign("sign_for_merchant", by=scene.owner, after=hours(16))
    await scene.sign("sign_for_agency", by=scene.signatory, after=hours(4))


async def _go_outside(scene: Scene, matter: DisputeMatter) -> None:
    await scene.move(
        "declare_no_agreement",
        NoAgreement(reason="双方对条款理解差距较大，三次协商未能达成一致。"),
        by=scene.coordinator,
        after=days(3),
    )
    await scene.pass_time(days(6))
    await scene.move(
        "record_proceeding",
        Proceeding(
            forum=Forum.ARBITRATION,
            body="合同约定的仲裁委员会",
            case_number=f"（{scene.today.year}）仲字第 {scene.serial:04} 号",
            filed_on=scene.today,
        ),
        by=scene.coordinator,
    )
    await scene.pass_time(days(35))
    await scene.move(
        "record_outcome",
        ProceedingOutcome(
            ruling=Ruling.MEDIATION,
            decided_on=scene.today,
            text=matter.agreement,
            obligations=_obligations(scene, matter),
        ),
        by=scene.coordinator,
    )


def _agreement(scene: Scene, matter: DisputeMatter) -> Agreement:
    return Agreement(
        title=f"关于“{matter.title}”的和解协议", text=matter.agreement, obligations=_obligations(scene, matter)
    )


def _obligations(scene: Scene, matter: DisputeMatter) -> tuple[ObligationDraft, ...]:
    return (ObligationDraft(side=Side.AGENCY, duty=matter.obligation, due_on=scene.today_in(days(14))),)

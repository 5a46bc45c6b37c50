"""A valid record of every type, for tests that walk whole processes. Deterministic; `at` is now."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from anshou.merchants.terms import Forum
from anshou.people.roles import Department
from anshou.tickets import anytime, ending, objecting, planning, steering, telling
from anshou.tickets import data_anomaly as anomaly
from anshou.tickets import disputing as dispute
from anshou.tickets import service_quality as quality
from anshou.tickets.answering import Heard
from anshou.tickets.categories import Category
from anshou.tickets.causes import Factor, TechnicalFinding
from anshou.tickets.closing import Closing
from anshou.tickets.dispatching import Acceptance, Dispatch
from anshou.tickets.kinds import Channel, Kind, Relation, Severity, Side, Urgency
from anshou.tickets.measuring import Metric, Observation
from anshou.tickets.records import Nothing, Record
from anshou.tickets.reports import REPORTS
from anshou.tickets.situation import Rules
from billing.parties import Party
from billing.responsibility import Determination
from billing.shares import Share

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SOMEBODY = UUID(int=7)
SOMETHING = UUID(int=8)

# The moves of every process; what is left of a process is its ordinary course.
ANYTIME = frozenset(move.name for move in anytime.moves(quality.STEPS, reopens_at="analysis", unanswered_at=()))

AGENCY_BEARS = Determination(
    shares=(Share(party=Party.AGENCY, basis_points=7000), Share(party=Party.PLATFORM, basis_points=3000)),
    basis="需求单与上线页面逐项比对",
    clause="第四条第二款",
)


def report(kind: Kind, at: datetime = NOW, **changes: Any) -> Any:
    """A valid report of that kind, with these fields changed."""
    said: dict[str, Any] = {
        "title": "详情页主图与需求不符",
        "description": "需求单要求白底主图，上线的是场景图。",
        "request": "今天内换成白底主图",
        "occurred_on": at.date(),
    }
    if kind is Kind.DATA_ANOMALY:
        said |= {
            "title": "访客数骤降",
            "metric": Metric.VISITORS,
            "unit": "人",
            "starts_at": at - timedelta(days=1),
            "ends_at": at,
            "expected": Decimal(1200),
            "observed": Decimal("430.5"),
        }
    return REPORTS[kind](**(said | changes))


def heard(at: datetime = NOW) -> Heard:
    """The merchant's answer as an agent heard it on the phone."""
    return Heard(channel=Channel.PHONE, told_by="张敏", told_at=at)


def sample(kind: type[Record], at: datetime = NOW, **changes: Any) -> Any:
    """A valid record of that type made at `at`, with these fields changed. Raises KeyError for an unknown type."""
    return msgspec.structs.replace(_SAMPLES[kind](at), **changes)


def variants(kind: type[Record], rules: Rules) -> list[Any]:
    """Valid records that take a move to each of its ends."""
    record, at = sample(kind, rules.now), rules.now
    match record:
        case quality.Rating():
            return [record, sample(kind, at, satisfied=False, comment="没有解决")]
        case quality.ReturnVisit():
            return [record, sample(kind, at, recurred=True)]
        case Observation():
            long_after = rules.day_of(at) + timedelta(days=rules.normal_days)
            return [record, sample(kind, at, normal=False), sample(kind, at, day=long_after)]
        case dispute.ProceedingOutcome():
            return [record, sample(kind, at, obligations=())]
        case objecting.Review():
            return [record, sample(kind, at, outcome=objecting.ReviewOutcome.UPHELD, responsibility=None)]
        case anomaly.Triage():
            return [record, sample(kind, at, department=Department.TECHNICAL_SUPPORT)]
        case _:
            return [record]


def _later(at: datetime) -> datetime:
    return at + timedelta(days=2)


def _dispatch(kind: type[Dispatch], at: datetime) -> Dispatch:
    return kind(
        category=Category.OTHER,
        urgency=Urgency.NORMAL,
        severity=Severity.MODERATE,
        department=Department.OPERATIONS,
        owner=SOMEBODY,
        promised_at=_later(at),
        message="您的问题已受理，由业务部门处理。",
    )


def _obligation() -> dispute.ObligationDraft:
    return dispute.ObligationDraft(side=Side.AGENCY, duty="退还当月服务费 2,000 元", due_on=_later(NOW).date())


_SAMPLES: dict[type[Record], Any] = {
    Nothing: lambda at: Nothing(),
    steering.Claim: lambda at: steering.Claim(),
    Acceptance: lambda at: Acceptance(message="您好，问题已收到。"),
    Dispatch: lambda at: _dispatch(Dispatch, at),
    dispute.Procedure: lambda at: _dispatch(dispute.Procedure, at),
    quality.Analysis: lambda at: quality.Analysis(
        cause="设计稿未按需求单第 3 项调整主图",
        responsible_department=Department.OPERATIONS,
        responsible_person=SOMEBODY,
        responsibility=AGENCY_BEARS,
    ),
    planning.PlanDraft: lambda at: planning.PlanDraft(
        summary="重做主图并补投一周流量",
        measures=(
            planning.MeasureDraft(action="按需求单重做主图", owner=SOMEBODY, deadline=_later(at)),
            planning.MeasureDraft(action="补投一周流量", owner=SOMEBODY, deadline=_later(at)),
        ),
    ),
    planning.PlanApproval: lambda at: planning.PlanApproval(),
    planning.SentBack: lambda at: planning.SentBack(reason="没有写明补投的预算"),
    planning.Revision: lambda at: planning.Revision(reason="平台活动档期有变"),
    planning.MeasureResult: lambda at: planning.MeasureResult(measure=SOMETHING, result="新主图已上线", done_at=at),
    planning.AnotherLook: lambda at: planning.AnotherLook(reason="商家反馈的现象与原因不符"),
    quality.PlanAccepted: lambda at: quality.PlanAccepted(),
    quality.PlanRejected: lambda at: quality.PlanRejected(reason="补投时间太短"),
    quality.Execution: lambda at: quality.Execution(summary="主图已更换，流量已补投，请您评价。"),
    quality.Rating: lambda at: quality.Rating(score=5, satisfied=True),
    quality.ReturnVisit: lambda at: quality.ReturnVisit(
        visited_at=at, channel=Channel.PHONE, spoke_with="店铺负责人", back_to_normal=True, recurred=False
    ),
    Closing: lambda at: Closing(summary="主图已按需求更换，商家满意。"),
    steering.Hold: lambda at: steering.Hold(reason="请提供活动当天的后台截图"),
    steering.Resumption: lambda at: steering.Resumption(reason="已从平台后台取得截图"),
    steering.Assignment: lambda at: steering.Assignment(owner=SOMEBODY),
    steering.Release: lambda at: steering.Release(reason="本人休假，交回部门"),
    steering.HandOver: lambda at: steering.HandOver(department=Department.TECHNICAL_SUPPORT, reason="需要排查接口"),
    steering.Escalation: lambda at: steering.Escalation(reason="商家要求当天答复"),
    steering.EscalationDecision: lambda at: steering.EscalationDecision(decision="由运营一组加班处理"),
    steering.Reclassification: lambda at: steering.Reclassification(urgency=Urgency.URGENT, reason="影响大促"),
    steering.Promise: lambda at: steering.Promise(promised_at=_later(at), reason="等待平台答复"),
    steering.Redetermination: lambda at: steering.Redetermination(
        responsibility=AGENCY_BEARS, reason="商家补充了聊天记录"
    ),
    objecting.Objection: lambda at: objecting.Objection(reason="主图由平台裁切，不是贵方所说的原因"),
    objecting.Review: lambda at: objecting.Review(
        outcome=objecting.ReviewOutcome.REPLACED, responsibility=AGENCY_BEARS, reason="平台日志显示裁切在先"
    ),
    steering.Link: lambda at: steering.Link(number="FW2611-00001", relation=Relation.RELATED),
    telling.Progress: lambda at: telling.Progress(message="新主图已完成初稿。"),
    telling.Contact: lambda at: telling.Contact(
        held_at=at,
        channel=Channel.PHONE,
        direction=telling.Direction.TO_MERCHANT,
        people="店铺负责人",
        content="说明了处理安排",
    ),
    telling.Meeting: lambda at: telling.Meeting(
        held_at=at,
        departments=(Department.OPERATIONS, Department.TECHNICAL_SUPPORT),
        people="两部门主管",
        discussion="核对上线流程",
        decisions=(telling.DecisionDraft(decision="上线前双人复核", owner=SOMEBODY, deadline=_later(at)),),
    ),
    ending.Withdrawal: lambda at: ending.Withdrawal(reason="已自行解决"),
    ending.Explanation: lambda at: ending.Explanation(explanation="不属于合同约定的服务范围"),
    ending.Merge: lambda at: ending.Merge(into="FW2611-00001"),
    ending.NoAnswer: lambda at: ending.NoAnswer(message="多次联系未获答复，先行结案，期限内可重新打开。"),
    ending.Reopening: lambda at: ending.Reopening(reason="问题再次出现"),
    anomaly.Triage: lambda at: anomaly.Triage(finding=TechnicalFinding.NOT_TECHNICAL, findings="接口与采集均正常"),
    anomaly.RootCause: lambda at: anomaly.RootCause(
        root_cause=Factor.COMPETITOR,
        explanation="竞品同类目加大投放",
        contributions=(
            anomaly.Contribution(factor=Factor.COMPETITOR, basis_points=6000),
            anomaly.Contribution(factor=Factor.MARKET, basis_points=4000),
        ),
    ),
    Observation: lambda at: Observation(day=at.date(), observed=Decimal("1180.5"), normal=True),
    anomaly.Result: lambda at: anomaly.Result(cause="竞品加大投放", measures="调整关键词出价"),
    anomaly.Confirmation: lambda at: anomaly.Confirmation(),
    anomaly.Question: lambda at: anomaly.Question(question="下个月还会这样吗？"),
    anomaly.Answer: lambda at: anomaly.Answer(answer="已设置监测，异常当天即会处理。"),
    dispute.Investigation: lambda at: dispute.Investigation(
        evidence=tuple(dispute.EvidenceDraft(sort=sort, content="见附件") for sort in dispute.Evidence),
        points=(
            dispute.PointAtIssue(issue="推广费由谁承担", agency_part="未事先告知", merchant_part="未按时确认预算"),
        ),
    ),
    dispute.NegotiationRound: lambda at: dispute.NegotiationRound(
        held_at=at,
        channel=Channel.MEETING,
        people="双方负责人",
        agency_position="愿意退还一半",
        merchant_position="要求全额退还",
        agency_offer="退还 2,000 元",
    ),
    dispute.Agreement: lambda at: dispute.Agreement(
        title="推广费争议和解协议", text="双方同意如下：……", obligations=(_obligation(), _obligation())
    ),
    dispute.Signature: lambda at: dispute.Signature(agreement=SOMETHING, sha256="0" * 64),
    dispute.Declined: lambda at: dispute.Declined(reason="金额仍有分歧"),
    dispute.NoAgreement: lambda at: dispute.NoAgreement(reason="三轮协商未果"),
    dispute.Proceeding: lambda at: dispute.Proceeding(
        forum=Forum.ARBITRATION, body="市仲裁委员会", case_number="（2026）仲字第 12 号", filed_on=at.date()
    ),
    dispute.ProceedingOutcome: lambda at: dispute.ProceedingOutcome(
        ruling=dispute.Ruling.AWARD, decided_on=at.date(), text="退还 2,000 元", obligations=(_obligation(),)
    ),
    dispute.Performance: lambda at: dispute.Performance(obligation=SOMETHING, performed_on=at.date(), proof=SOMETHING),
    dispute.Default: lambda at: dispute.Default(reason="到期未退款"),
}

"""数据异常问题: traffic, orders, conversion or another metric departs from the normal (domain.md 2.2).

detected → triage → analysis → planning → plan_review → recovery → monitoring → feedback → closed.
A metric that departs again while it is monitored, and a merchant who asks again, each count a round.

The policy says only that the merchant "confirms or asks again". Asking again keeps the ticket at `feedback` with the
agency to answer, so its status is 处理中 until it did; a department that finds its cause doubted can analyse anew.
"""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import msgspec

from anshou.people.permissions import Permission as P
from anshou.people.roles import Department
from anshou.tickets import anytime
from anshou.tickets.answering import MerchantAnswer
from anshou.tickets.causes import Factor, TechnicalFinding
from anshou.tickets.closing import close
from anshou.tickets.dispatching import TAKEN_IN, Dispatch, dispatched
from anshou.tickets.kinds import Clock, Kind, Status
from anshou.tickets.measuring import Observation, observed
from anshou.tickets.objecting import no_objection
from anshou.tickets.planning import (
    AT_WORK,
    CARRYING_OUT,
    PLANNING,
    approve_plan,
    every_measure_done,
    finish_measure,
    reanalyse,
    revise_plan,
    send_back_plan,
    submit_plan,
)
from anshou.tickets.process import CLOSED, Actor, Lead, Move, Need, Process, Step
from anshou.tickets.records import Nothing, Record, choice, number, part, person, rows, text
from anshou.tickets.situation import Rules, Situation
from billing.responsibility import Determination
from billing.shares import WHOLE
from tenants.refusals import N_, Message
from tenants.shapes import Unfit


def _feedback_standing(now: Situation) -> Status | None:
    if now.facts.question_open:
        return Status.IN_PROGRESS
    return Status.DONE if now.facts.result_confirmed else None


STEPS = (
    Step(
        name="detected",
        label=N_("监测与发现"),
        actor=N_("监测、客服或商家"),
        status=Status.PENDING,
        starts=TAKEN_IN,
    ),
    Step(name="triage", label=N_("初步排查"), actor=N_("技术支持部"), status=Status.IN_PROGRESS, starts=AT_WORK),
    Step(name="analysis", label=N_("深入分析"), actor=N_("分析人员"), status=Status.IN_PROGRESS, starts=PLANNING),
    Step(name="planning", label=N_("方案制定"), actor=N_("责任部门"), status=Status.IN_PROGRESS, starts=PLANNING),
    Step(
        name="plan_review",
        label=N_("方案审核"),
        actor=N_("部门主管"),
        status=Status.IN_PROGRESS,
        meets=(Clock.PLAN_SUBMISSION,),
    ),
    Step(name="recovery", label=N_("方案实施"), actor=N_("责任部门"), status=Status.IN_PROGRESS, starts=CARRYING_OUT),
    Step(
        name="monitoring",
        label=N_("持续跟踪"),
        actor=N_("监测人员"),
        status=Status.IN_PROGRESS,
        starts=AT_WORK,
        meets=(Clock.PLAN_EXECUTION,),
    ),
    Step(
        name="feedback",
        label=N_("结果反馈"),
        actor=N_("售后客服与商家"),
        status=Status.AWAITING_CUSTOMER,
        meets=(Clock.PROGRESS, Clock.RESTORATION),
        standing=_feedback_standing,
    ),
    Step(name=CLOSED, label=N_("结案"), actor=N_("售后客服"), status=Status.CLOSED),
)


class Triage(Record, frozen=True, kw_only=True):
    """Whether the anomaly is technical, with the findings; both ways go on, and perhaps to another department."""

    finding: Annotated[TechnicalFinding, choice(N_("排查结论"))]
    findings: Annotated[str, text(N_("排查过程与发现"))]
    department: Annotated[Department, choice(N_("转交分析的部门"))] | None = None
    owner: Annotated[UUID, person(N_("负责人"))] | None = None


class Contribution(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of the departure one factor explains, in basis points."""

    factor: Annotated[Factor, choice(N_("因素"))]
    basis_points: Annotated[int, number(N_("贡献度"), least=1, most=WHOLE, widget="share")]


class RootCause(Record, frozen=True, kw_only=True):
    """The root cause, the contribution of each factor, and who bears the responsibility."""

    root_cause: Annotated[Factor, choice(N_("根本原因"))]
    explanation: Annotated[str, text(N_("分析说明"))]
    contributions: Annotated[tuple[Contribution, ...], rows(N_("各因素贡献"), widget="contributions", least=1, most=6)]
    responsibility: Annotated[Determination, part(N_("责任判定"), shown=True, widget="responsibility")] | None = None

    def __post_init__(self) -> None:
        """Contributions name each factor once, make up the whole and include the root cause."""
        parts = {each.factor: each.basis_points for each in self.contributions}
        if len(parts) != len(self.contributions):
            raise Unfit(Message(N_("同一因素只能填写一次")), "contributions")
        if sum(parts.values()) != WHOLE:
            raise Unfit(Message(N_("各因素贡献之和须为 100%%"), whole=WHOLE), "contributions")
        if self.root_cause not in parts:
            raise Unfit(Message(N_("根本原因须列在各因素贡献中")), "root_cause")

    def judges(self) -> bool:
        """It does where the responsibility is stated."""
        return self.responsibility is not None


class Result(Record, frozen=True, kw_only=True):
    """Cause and measures, explained to the merchant."""

    cause: Annotated[str, text(N_("原因说明"), shown=True)]
    measures: Annotated[str, text(N_("已采取的措施"), shown=True)]


class Confirmation(MerchantAnswer, frozen=True, kw_only=True):
    """The merchant accepts the explanation."""

    comment: Annotated[str, text(N_("补充意见"), shown=True)] | None = None


class Question(MerchantAnswer, frozen=True, kw_only=True):
    """What the merchant still wants to know."""

    question: Annotated[str, text(N_("还想了解什么"), shown=True)]


class Answer(Record, frozen=True, kw_only=True):
    """The answer to what the merchant asked again."""

    answer: Annotated[str, text(N_("答复"), shown=True)]


def _normal_long_enough(now: Situation, rules: Rules) -> bool:
    since, until = now.facts.normal_since, now.facts.normal_until
    return since is not None and until is not None and until - since >= timedelta(days=rules.normal_days)


stayed_normal = Need(says=N_("指标保持正常的天数还不够"), met=_normal_long_enough)
a_question = Need(says=N_("商家没有待答复的疑问"), met=lambda now, _: now.facts.question_open)
no_question = Need(says=N_("商家的疑问还没有答复"), met=lambda now, _: not now.facts.question_open)
not_confirmed = Need(says=N_("商家已经确认"), met=lambda now, _: not now.facts.result_confirmed)
confirmed = Need(says=N_("商家还没有确认结果"), met=lambda now, _: now.facts.result_confirmed)

MOVES = (
    Move(
        name="dispatch",
        label=N_("受理并分派"),
        at=("detected",),
        by=((Actor.AGENCY, P.ACCEPT_TICKET), (Actor.AGENCY, P.TRIAGE)),
        record=Dispatch,
        leads=(Lead(to="triage"),),
        effect=dispatched,
        meets=(Clock.COORDINATION,),
        shown=True,
    ),
    Move(
        name="conclude_triage",
        label=N_("提交排查结论"),
        at=("triage",),
        by=((Actor.DEPARTMENT, P.TRIAGE),),
        record=Triage,
        leads=(Lead(to="analysis"),),
        effect=lambda now, record: now.learns(department=record.department or now.facts.department),
        shown=True,
    ),
    Move(
        name="conclude_analysis",
        label=N_("提交原因分析"),
        at=("analysis",),
        by=((Actor.DEPARTMENT, P.ANALYSE),),
        record=RootCause,
        leads=(Lead(to="planning"),),
        needs=(no_objection,),
        shown=True,
    ),
    submit_plan(),
    approve_plan(then="recovery"),
    send_back_plan(),
    finish_measure("recovery"),
    revise_plan("recovery"),
    Move(
        name="observe_metric",
        label=N_("登记指标"),
        at=("recovery", "monitoring"),
        by=((Actor.AGENCY, P.WATCH_METRIC),),
        record=Observation,
        leads=(
            Lead(
                to="analysis",
                again=True,
                when=lambda now, record: now.step == "monitoring" and not record.normal,
            ),
        ),
        effect=observed,
        shown=True,
    ),
    Move(
        name="start_monitoring",
        label=N_("转入持续跟踪"),
        at=("recovery",),
        by=((Actor.DEPARTMENT, P.EXECUTE),),
        record=Nothing,
        leads=(Lead(to="monitoring"),),
        needs=(every_measure_done,),
        shown=True,
    ),
    Move(
        name="report_result",
        label=N_("向商家反馈结果"),
        at=("monitoring",),
        by=((Actor.AGENCY, P.WRITE_MESSAGE),),
        record=Result,
        leads=(Lead(to="feedback"),),
        needs=(stayed_normal,),
        # The new explanation is the answer to a question that led to another analysis.
        effect=lambda now, _: now.learns(question_open=False),
        shown=True,
    ),
    Move(
        name="confirm_result",
        label=N_("确认结果"),
        at=("feedback",),
        by=((Actor.MERCHANT, P.CONFIRM_RESULT), (Actor.FOR_MERCHANT, P.RECORD_CONTACT)),
        record=Confirmation,
        needs=(no_question, not_confirmed),
        effect=lambda now, _: now.learns(result_confirmed=True),
        shown=True,
    ),
    Move(
        name="ask_again",
        label=N_("仍有疑问"),
        at=("feedback",),
        by=((Actor.MERCHANT, P.CONFIRM_RESULT), (Actor.FOR_MERCHANT, P.RECORD_CONTACT)),
        record=Question,
        leads=(Lead(to="feedback", again=True, arrives=lambda now: now.learns(question_open=True)),),
        needs=(no_question, not_confirmed),
        shown=True,
        starts=(Clock.PROGRESS,),
    ),
    Move(
        name="answer_question",
        label=N_("答复商家疑问"),
        at=("feedback",),
        by=((Actor.AGENCY, P.WRITE_MESSAGE),),
        record=Answer,
        needs=(a_question,),
        effect=lambda now, _: now.learns(question_open=False),
        shown=True,
        meets=(Clock.PROGRESS,),
    ),
    reanalyse("planning", "feedback"),
    close("feedback", needs=(confirmed,)),
)

PROCESS = Process(
    kind=Kind.DATA_ANOMALY,
    prefix="SJ",
    steps=STEPS,
    moves=MOVES + anytime.moves(STEPS, reopens_at="analysis", unanswered_at=("feedback",)),
)

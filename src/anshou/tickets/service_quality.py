"""服务质量问题: a page not to brief, a campaign below the agreed effect, slow customer service (domain.md 2.1).

reported → accepted → analysis → planning → plan_review → plan_confirmation → execution → evaluation → tracking →
closed. The merchant's refusal of a plan, an unsatisfied rating and a return visit that finds the trouble back each
count a round.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from anshou.people.permissions import Permission as P
from anshou.people.roles import Department
from anshou.tickets import anytime
from anshou.tickets.answering import MerchantAnswer
from anshou.tickets.closing import close
from anshou.tickets.dispatching import TAKEN_IN, Acceptance, Dispatch, dispatched
from anshou.tickets.kinds import Channel, Clock, Kind, Status
from anshou.tickets.objecting import no_objection
from anshou.tickets.planning import (
    AT_WORK,
    CARRYING_OUT,
    PLANNING,
    RESULT_TOLD,
    approve_plan,
    every_measure_done,
    finish_measure,
    reanalyse,
    revise_plan,
    send_back_plan,
    submit_plan,
)
from anshou.tickets.process import CLOSED, Actor, Lead, Move, Need, Process, Step
from anshou.tickets.records import IN_THE_PAST, Record, choice, line, moment, number, part, person, text
from anshou.tickets.situation import Situation
from billing.responsibility import Determination
from tenants.refusals import N_, Message
from tenants.shapes import Unfit

STEPS = (
    Step(
        name="reported",
        label=N_("商家反馈"),
        actor=N_("商家"),
        status=Status.PENDING,
        starts=TAKEN_IN,
    ),
    Step(name="accepted", label=N_("问题受理"), actor=N_("售后客服"), status=Status.IN_PROGRESS, starts=AT_WORK),
    Step(name="analysis", label=N_("原因分析"), actor=N_("责任部门"), status=Status.IN_PROGRESS, starts=PLANNING),
    Step(name="planning", label=N_("方案制定"), actor=N_("责任部门"), status=Status.IN_PROGRESS, starts=PLANNING),
    Step(
        name="plan_review",
        label=N_("方案审核"),
        actor=N_("部门主管"),
        status=Status.IN_PROGRESS,
        meets=(Clock.PLAN_SUBMISSION,),
    ),
    Step(name="plan_confirmation", label=N_("方案确认"), actor=N_("商家"), status=Status.AWAITING_CUSTOMER),
    Step(name="execution", label=N_("方案执行"), actor=N_("责任部门"), status=Status.IN_PROGRESS, starts=CARRYING_OUT),
    Step(
        name="evaluation",
        label=N_("效果评估"),
        actor=N_("商家"),
        status=Status.AWAITING_CUSTOMER,
        meets=RESULT_TOLD,
    ),
    Step(
        name="tracking",
        label=N_("结果跟踪"),
        actor=N_("售后客服"),
        status=Status.DONE,
        starts=(Clock.RETURN_VISIT,),
    ),
    Step(name=CLOSED, label=N_("结案"), actor=N_("售后客服"), status=Status.CLOSED),
)


class Analysis(Record, frozen=True, kw_only=True):
    """The cause, the department and the person responsible, and who bears the responsibility."""

    cause: Annotated[str, text(N_("原因"))]
    responsible_department: Annotated[Department, choice(N_("责任部门"))]
    responsible_person: Annotated[UUID, person(N_("责任人"))]
    responsibility: Annotated[Determination, part(N_("责任判定"), shown=True, widget="responsibility")]

    def judges(self) -> bool:
        """It does."""
        return True


class PlanAccepted(MerchantAnswer, frozen=True, kw_only=True):
    """The merchant agrees to the plan."""

    comment: Annotated[str, text(N_("补充意见"), shown=True)] | None = None


class PlanRejected(MerchantAnswer, frozen=True, kw_only=True):
    """The merchant does not agree, and why."""

    reason: Annotated[str, text(N_("不同意的原因"), shown=True)]


class Execution(Record, frozen=True, kw_only=True):
    """What was achieved, as told to the merchant together with the request for a rating."""

    summary: Annotated[str, text(N_("执行结果说明"), shown=True)]


class Rating(MerchantAnswer, frozen=True, kw_only=True):
    """The merchant's rating: 1 to 5, and whether the matter is settled to their satisfaction."""

    score: Annotated[int, number(N_("评分"), shown=True, least=1, most=5, widget="rating")]
    satisfied: Annotated[bool, choice(N_("问题是否已满意解决"), shown=True, widget="yes_no")]
    comment: Annotated[str, text(N_("评价"), shown=True)] | None = None

    def __post_init__(self) -> None:
        """Whoever is not satisfied says with what, or the department could not plan anew."""
        if not self.satisfied and not self.comment:
            raise Unfit(Message(N_("请说明不满意的原因")), "comment")


class ReturnVisit(Record, frozen=True, kw_only=True):
    """The return visit (回访): is the shop back to normal, did the trouble recur."""

    visited_at: Annotated[datetime, moment(N_("回访时间"), shown=True)]
    channel: Annotated[Channel, choice(N_("回访方式"), shown=True)]
    spoke_with: Annotated[str, line(N_("受访人"), shown=True)]
    back_to_normal: Annotated[bool, choice(N_("店铺是否已恢复正常"), shown=True, widget="yes_no")]
    recurred: Annotated[bool, choice(N_("问题是否再次出现"), shown=True, widget="yes_no")]
    notes: Annotated[str, text(N_("回访记录"))] | None = None

    def faults(self, at: datetime) -> Mapping[str, str]:
        """A visit is recorded after it took place."""
        return {} if self.visited_at <= at else {"visited_at": IN_THE_PAST}


def _trouble_is_back(_: Situation, visit: ReturnVisit) -> bool:
    return visit.recurred or not visit.back_to_normal


visited = Need(says=N_("还没有回访"), met=lambda now, _: now.facts.visited)

MOVES = (
    Move(
        name="accept",
        label=N_("受理"),
        at=("reported",),
        by=((Actor.AGENCY, P.ACCEPT_TICKET),),
        record=Acceptance,
        leads=(Lead(to="accepted"),),
        shown=True,
    ),
    Move(
        name="dispatch",
        label=N_("分派"),
        at=("accepted",),
        by=((Actor.AGENCY, P.ACCEPT_TICKET),),
        record=Dispatch,
        leads=(Lead(to="analysis"),),
        effect=dispatched,
        meets=(Clock.COORDINATION,),
        shown=True,
    ),
    Move(
        name="conclude_analysis",
        label=N_("提交原因分析"),
        at=("analysis",),
        by=((Actor.DEPARTMENT, P.ANALYSE),),
        record=Analysis,
        leads=(Lead(to="planning"),),
        needs=(no_objection,),
        shown=True,
    ),
    submit_plan(),
    approve_plan(then="plan_confirmation"),
    send_back_plan(),
    Move(
        name="accept_plan",
        label=N_("同意方案"),
        at=("plan_confirmation",),
        by=((Actor.MERCHANT, P.CONFIRM_PLAN), (Actor.FOR_MERCHANT, P.RECORD_CONTACT)),
        record=PlanAccepted,
        leads=(Lead(to="execution"),),
        shown=True,
    ),
    Move(
        name="reject_plan",
        label=N_("不同意方案"),
        at=("plan_confirmation",),
        by=((Actor.MERCHANT, P.CONFIRM_PLAN), (Actor.FOR_MERCHANT, P.RECORD_CONTACT)),
        record=PlanRejected,
        leads=(Lead(to="planning", again=True),),
        shown=True,
    ),
    finish_measure("execution"),
    revise_plan("plan_confirmation", "execution"),
    Move(
        name="finish_execution",
        label=N_("提交执行结果"),
        at=("execution",),
        by=((Actor.DEPARTMENT, P.EXECUTE),),
        record=Execution,
        leads=(Lead(to="evaluation"),),
        needs=(every_measure_done,),
        shown=True,
    ),
    Move(
        name="rate",
        label=N_("评价"),
        at=("evaluation",),
        by=((Actor.MERCHANT, P.RATE), (Actor.FOR_MERCHANT, P.RECORD_CONTACT)),
        record=Rating,
        leads=(
            Lead(to="tracking", when=lambda _, rating: rating.satisfied),
            Lead(to="planning", again=True),
        ),
        shown=True,
    ),
    reanalyse("planning"),
    Move(
        name="return_visit",
        label=N_("回访"),
        at=("tracking",),
        by=((Actor.AGENCY, P.RETURN_VISIT),),
        record=ReturnVisit,
        leads=(Lead(to="analysis", again=True, when=_trouble_is_back),),
        effect=lambda now, _: now.learns(visited=True),
        meets=(Clock.RETURN_VISIT,),
        shown=True,
    ),
    close("tracking", needs=(visited,)),
)

PROCESS = Process(
    kind=Kind.SERVICE_QUALITY,
    prefix="FW",
    steps=STEPS,
    moves=MOVES + anytime.moves(STEPS, reopens_at="analysis", unanswered_at=("plan_confirmation", "evaluation")),
)

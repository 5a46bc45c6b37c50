"""The plan (方案): made by the department, reviewed by its supervisor, carried out measure by measure.

Two processes share it (domain.md 2.1 and 2.2). A plan that the supervisor sends back is written anew in the same round;
only the merchant's refusal counts one.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from anshou.people.permissions import Permission as P
from anshou.tickets.kinds import Clock
from anshou.tickets.process import Actor, Lead, Move, Need
from anshou.tickets.records import IN_THE_FUTURE, IN_THE_PAST, Record, choice, moment, person, rows, text
from anshou.tickets.situation import Situation
from tenants.refusals import N_


class MeasureDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One measure of a plan, before it has an id."""

    action: Annotated[str, text(N_("措施"), longest=1000)]
    owner: Annotated[UUID, person(N_("执行人"))]
    deadline: Annotated[datetime, moment(N_("完成期限"))]


class PlanDraft(Record, frozen=True, kw_only=True):
    """A plan submitted for review. The merchant reads it from the plan itself, once it is approved."""

    summary: Annotated[str, text(N_("方案说明"))]
    measures: Annotated[tuple[MeasureDraft, ...], rows(N_("措施"), widget="measures", least=1)]

    def faults(self, at: datetime) -> Mapping[str, str]:
        """Every deadline lies ahead."""
        return {} if all(each.deadline > at for each in self.measures) else {"measures": IN_THE_FUTURE}


class PlanApproval(Record, frozen=True, kw_only=True):
    """The supervisor's approval."""

    comment: Annotated[str, text(N_("审核意见"))] | None = None


class SentBack(Record, frozen=True, kw_only=True):
    """Why the supervisor wants the plan written anew."""

    reason: Annotated[str, text(N_("退回原因"))]


class Revision(Record, frozen=True, kw_only=True):
    """Why a plan that was already approved is taken back."""

    reason: Annotated[str, text(N_("调整原因"), shown=True)]


class MeasureResult(Record, frozen=True, kw_only=True):
    """One measure done, with its result."""

    measure: Annotated[UUID, choice(N_("措施"), shown=True, widget="measure")]
    result: Annotated[str, text(N_("执行结果"), shown=True)]
    done_at: Annotated[datetime, moment(N_("完成时间"), shown=True)]

    def faults(self, at: datetime) -> Mapping[str, str]:
        """Done is done."""
        return {} if self.done_at <= at else {"done_at": IN_THE_PAST}


class AnotherLook(Record, frozen=True, kw_only=True):
    """Why the cause is analysed anew."""

    reason: Annotated[str, text(N_("重新分析的原因"))]


every_measure_done = Need(says=N_("还有措施没有完成"), met=lambda now, _: now.facts.measures_open == 0)


def _planned(now: Situation, record: PlanDraft) -> Situation:
    return now.learns(measures_open=len(record.measures))


def _done(now: Situation, _: MeasureResult) -> Situation:
    return now.learns(measures_open=now.facts.measures_open - 1)


def submit_plan() -> Move[PlanDraft]:
    """planning → plan_review, by the department."""
    return Move(
        name="submit_plan",
        label=N_("提交方案"),
        at=("planning",),
        by=((Actor.DEPARTMENT, P.PLAN),),
        record=PlanDraft,
        leads=(Lead(to="plan_review"),),
        effect=_planned,
    )


def approve_plan(then: str) -> Move[PlanApproval]:
    """plan_review → `then`, by the supervisor."""
    return Move(
        name="approve_plan",
        label=N_("审核通过"),
        at=("plan_review",),
        by=((Actor.SUPERVISOR, P.REVIEW_PLAN),),
        record=PlanApproval,
        leads=(Lead(to=then),),
        shown=True,
    )


def send_back_plan() -> Move[SentBack]:
    """plan_review → planning, by the supervisor, with the reason."""
    return Move(
        name="send_back_plan",
        label=N_("退回修改"),
        at=("plan_review",),
        by=((Actor.SUPERVISOR, P.REVIEW_PLAN),),
        record=SentBack,
        leads=(Lead(to="planning"),),
    )


def revise_plan(*at: str) -> Move[Revision]:
    """Back to planning in the same round, because the approved plan proves unworkable. The policy is silent on it."""
    return Move(
        name="revise_plan",
        label=N_("调整方案"),
        at=at,
        by=((Actor.DEPARTMENT, P.PLAN),),
        record=Revision,
        leads=(Lead(to="planning"),),
        shown=True,
    )


def finish_measure(*at: str) -> Move[MeasureResult]:
    """One measure done. Also by an owner from another department, so the permission is enough."""
    return Move(
        name="finish_measure",
        label=N_("完成措施"),
        at=at,
        by=((Actor.AGENCY, P.EXECUTE),),
        record=MeasureResult,
        effect=_done,
        needs=(Need(says=N_("措施都已完成"), met=lambda now, _: now.facts.measures_open > 0),),
        shown=True,
        additive=True,
    )


def reanalyse(*at: str) -> Move[AnotherLook]:
    """Back to analysis in the same round: an unsatisfied merchant may have shown that the cause was another."""
    return Move(
        name="reanalyse",
        label=N_("重新分析原因"),
        at=at,
        by=((Actor.DEPARTMENT, P.ANALYSE), (Actor.SUPERVISOR, P.REVIEW_PLAN)),
        record=AnotherLook,
        leads=(Lead(to="analysis"),),
    )


# Whoever works on a ticket owes the merchant progress and the department its plan.
AT_WORK = (Clock.PROGRESS,)
PLANNING = (Clock.PLAN_SUBMISSION, Clock.PROGRESS)
CARRYING_OUT = (Clock.PLAN_EXECUTION, Clock.PROGRESS)
RESULT_TOLD = (Clock.PLAN_EXECUTION, Clock.PROGRESS, Clock.RESTORATION)

"""What can be done with a ticket at any step: the moves of every process (domain.md, end of section 2).

The records stand in the files of their concepts; this is the table.
"""

from anshou.people.permissions import Permission as P
from anshou.tickets.dispatching import EMERGENCY, has_department
from anshou.tickets.ending import Explanation, Merge, NoAnswer, Reopening, Withdrawal
from anshou.tickets.kinds import Clock, EntrySort, EscalationLevel, Outcome, Status
from anshou.tickets.objecting import no_objection, objecting
from anshou.tickets.process import CLOSED, Actor, AnyMove, Lead, Move, Need, Step
from anshou.tickets.situation import days_since
from anshou.tickets.steering import (
    Assignment,
    Claim,
    Escalation,
    EscalationDecision,
    HandOver,
    Hold,
    Link,
    Promise,
    Reclassification,
    Redetermination,
    Release,
    Resumption,
    decided,
    escalated,
    handed_over,
    held,
    resumed,
)
from anshou.tickets.telling import Contact, Meeting, Progress
from tenants.refusals import N_

is_held = Need(says=N_("工单没有挂起"), met=lambda now, _: now.held)
can_rise = Need(says=N_("已经升级到最高一级"), met=lambda now, _: now.level is not EscalationLevel.EXECUTIVE)
has_risen = Need(says=N_("工单没有升级"), met=lambda now, _: now.level is not None)
dispatched_before = Need(says=N_("工单还没有分派"), met=lambda now, _: now.facts.department is not None)
within_reopening = Need(
    says=N_("已超过可重新打开的期限"),
    met=lambda now, rules: days_since(now.closed_at, rules.now) <= rules.reopen_days,
)
long_unanswered = Need(
    says=N_("商家的答复期限还没有过"),
    met=lambda now, rules: days_since(now.awaiting_since, rules.now) >= rules.answer_days,
)


def moves(steps: tuple[Step, ...], *, reopens_at: str, unanswered_at: tuple[str, ...]) -> tuple[AnyMove, ...]:
    """The moves of any time for a process of these steps.

    A ticket that had a department is reopened at `reopens_at`, another one at the first step. `unanswered_at` are the
    steps where an agent may close because the merchant never answered; on hold that is possible at every step.
    """
    first = steps[0].name
    anywhere = tuple(step.name for step in steps if step.name != CLOSED)
    agencys = tuple(step.name for step in steps if step.status in (Status.PENDING, Status.IN_PROGRESS))
    return (
        *_holding(agencys),
        *_steering(anywhere, after_first=tuple(name for name in anywhere if name != first)),
        *objecting(tuple(name for name in anywhere if name != first)),
        *_telling(anywhere),
        *_ending(anywhere, first, reopens_at, unanswered_at),
    )


def _holding(at: tuple[str, ...]) -> tuple[AnyMove, ...]:
    return (
        Move(
            name="hold",
            label=N_("挂起等待商家"),
            at=at,
            by=((Actor.AGENCY, P.HOLD),),
            record=Hold,
            effect=held,
            shown=True,
        ),
        Move(
            name="resume",
            label=N_("恢复处理"),
            at=at,
            by=((Actor.AGENCY, P.HOLD),),
            record=Resumption,
            needs=(is_held,),
            effect=resumed,
            shown=True,
            while_held=True,
        ),
    )


def _steering(at: tuple[str, ...], *, after_first: tuple[str, ...]) -> tuple[AnyMove, ...]:
    return (
        Move(
            name="claim",
            label=N_("认领"),
            at=at,
            by=((Actor.AGENCY, P.ACCEPT_TICKET), (Actor.DEPARTMENT, P.ANALYSE)),
            record=Claim,
            while_held=True,
        ),
        Move(
            name="assign",
            label=N_("指定负责人"),
            at=at,
            by=((Actor.AGENCY, P.ASSIGN_OWNER),),
            record=Assignment,
            while_held=True,
        ),
        Move(
            name="release",
            label=N_("退回待分派"),
            at=at,
            by=((Actor.AGENCY, P.ASSIGN_OWNER),),
            record=Release,
            while_held=True,
        ),
        Move(
            name="hand_over",
            label=N_("移交部门"),
            at=after_first,
            by=((Actor.AGENCY, P.HAND_OVER),),
            record=HandOver,
            needs=(dispatched_before,),
            effect=handed_over,
            while_held=True,
            meets=(Clock.COORDINATION,),
        ),
        Move(
            name="escalate",
            label=N_("升级"),
            at=at,
            by=((Actor.AGENCY, P.ESCALATE),),
            record=Escalation,
            needs=(can_rise,),
            effect=escalated,
            while_held=True,
        ),
        Move(
            name="decide_escalation",
            label=N_("处理升级"),
            at=at,
            by=((Actor.SUPERVISOR, P.DECIDE_ESCALATION),),
            record=EscalationDecision,
            needs=(has_risen,),
            effect=decided,
            while_held=True,
        ),
        Move(
            name="reclassify",
            label=N_("调整分类与紧急程度"),
            at=at,
            by=((Actor.AGENCY, P.CHANGE_URGENCY),),
            record=Reclassification,
            while_held=True,
            # The merchant reads of category and urgency; a severity alone is not theirs to know.
            shown=lambda record: record.category is not None or record.urgency is not None,
        ),
        Move(
            name="promise",
            label=N_("调整承诺时间"),
            at=at,
            by=((Actor.AGENCY, P.CHANGE_URGENCY),),
            record=Promise,
            while_held=True,
            shown=True,
        ),
        Move(
            name="determine",
            label=N_("改判责任"),
            at=after_first,
            by=((Actor.SUPERVISOR, P.DETERMINE_RESPONSIBILITY), (Actor.DEPARTMENT, P.DETERMINE_RESPONSIBILITY)),
            record=Redetermination,
            needs=(dispatched_before, no_objection),
            while_held=True,
            shown=True,
        ),
        Move(
            name="link",
            label=N_("关联工单"),
            at=(*at, CLOSED),
            by=((Actor.AGENCY, P.LINK),),
            record=Link,
            while_held=True,
            additive=True,
        ),
    )


def _telling(at: tuple[str, ...]) -> tuple[AnyMove, ...]:
    return (
        Move(
            name="report_progress",
            label=N_("向商家反馈进展"),
            at=at,
            by=((Actor.AGENCY, P.WRITE_MESSAGE),),
            record=Progress,
            while_held=True,
            additive=True,
            sort=EntrySort.MESSAGE,
            shown=True,
            meets=(Clock.RESTORATION,),
            restarts=Clock.PROGRESS,
        ),
        Move(
            name="record_contact",
            label=N_("登记沟通记录"),
            at=(*at, CLOSED),
            by=((Actor.AGENCY, P.RECORD_CONTACT),),
            record=Contact,
            while_held=True,
            additive=True,
            sort=EntrySort.CONTACT,
            shown=lambda contact: contact.show_merchant,
        ),
        Move(
            name="hold_meeting",
            label=N_("登记跨部门会议"),
            at=at,
            by=((Actor.AGENCY, P.MEETING),),
            record=Meeting,
            while_held=True,
            additive=True,
            meets=(Clock.COORDINATION,),
        ),
    )


def _ending(at: tuple[str, ...], first: str, reopens_at: str, unanswered_at: tuple[str, ...]) -> tuple[AnyMove, ...]:
    return (
        Move(
            name="withdraw",
            label=N_("撤回"),
            at=at,
            by=((Actor.MERCHANT, P.WITHDRAW), (Actor.FOR_MERCHANT, P.RECORD_CONTACT)),
            record=Withdrawal,
            leads=(Lead(to=CLOSED),),
            outcome=Outcome.WITHDRAWN,
            while_held=True,
            shown=True,
        ),
        Move(
            name="refuse",
            label=N_("不予受理"),
            at=at,
            by=((Actor.AGENCY, P.REFUSE),),
            record=Explanation,
            leads=(Lead(to=CLOSED),),
            needs=(no_objection,),
            outcome=Outcome.REFUSED,
            while_held=True,
            shown=True,
        ),
        Move(
            name="merge",
            label=N_("合并到其他工单"),
            at=at,
            by=((Actor.AGENCY, P.MERGE),),
            record=Merge,
            leads=(Lead(to=CLOSED),),
            needs=(no_objection,),
            outcome=Outcome.MERGED,
            while_held=True,
            shown=True,
        ),
        Move(
            name="close_unanswered",
            label=N_("商家未答复，结案"),
            at=at,
            by=((Actor.AGENCY, P.CLOSE_TICKET),),
            record=NoAnswer,
            leads=(Lead(to=CLOSED),),
            needs=(
                Need(
                    says=N_("现在不需要商家答复"),
                    met=lambda now, _: now.held or now.step in unanswered_at,
                ),
                long_unanswered,
                no_objection,
            ),
            outcome=Outcome.UNANSWERED,
            while_held=True,
            shown=True,
        ),
        Move(
            name="reopen",
            label=N_("重新打开"),
            at=(CLOSED,),
            by=((Actor.MERCHANT, P.REOPEN), (Actor.AGENCY, P.REOPEN)),
            record=Reopening,
            leads=(Lead(to=reopens_at, again=True, when=has_department), Lead(to=first, again=True)),
            needs=(within_reopening,),
            shown=True,
            starts=EMERGENCY,
        ),
    )

"""Who carries a ticket and how urgently: owner, department, urgency, promise, escalation, hold, links, responsibility.

The records and what each does to the situation; the table of the moves is in `anytime`.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

from anshou.people.roles import Department
from anshou.tickets.categories import Category
from anshou.tickets.kinds import EscalationLevel, Relation, Severity, Urgency
from anshou.tickets.records import IN_THE_FUTURE, Record, choice, line, moment, part, person, text
from anshou.tickets.situation import Situation
from billing.responsibility import Determination
from tenants.refusals import N_, Message
from tenants.shapes import Unfit


class Hold(Record, frozen=True, kw_only=True):
    """What the merchant is asked for; they read it, and the agency's clocks stop until they answer."""

    reason: Annotated[str, text(N_("需要商家提供什么"), shown=True)]


class Resumption(Record, frozen=True, kw_only=True):
    """Why work goes on although the merchant did not answer here."""

    reason: Annotated[str, text(N_("恢复处理的原因"), shown=True)]


class Claim(Record, frozen=True, kw_only=True):
    """Whoever makes it becomes the owner; nothing else is stated."""


class Assignment(Record, frozen=True, kw_only=True):
    """The new owner."""

    owner: Annotated[UUID, person(N_("负责人"))]
    reason: Annotated[str, text(N_("说明"))] | None = None


class Release(Record, frozen=True, kw_only=True):
    """Whoever had it has it no longer; nobody has, until somebody claims it or is given it."""

    reason: Annotated[str, text(N_("说明"))] | None = None


class HandOver(Record, frozen=True, kw_only=True):
    """The next department, and why; the owner is theirs to find unless named."""

    department: Annotated[Department, choice(N_("移交给"))]
    reason: Annotated[str, text(N_("移交原因"))]
    owner: Annotated[UUID, person(N_("负责人"))] | None = None


class Escalation(Record, frozen=True, kw_only=True):
    """Why the next level is asked: the supervisor first, then the executive."""

    reason: Annotated[str, text(N_("升级原因"))]


class EscalationDecision(Record, frozen=True, kw_only=True):
    """What the level that was asked decided; the ticket returns to its ordinary course."""

    decision: Annotated[str, text(N_("处理意见"))]


class Reclassification(Record, frozen=True, kw_only=True):
    """What the matter turns out to be; what is left out stays."""

    category: Annotated[Category, choice(N_("问题类别"), shown=True)] | None = None
    urgency: Annotated[Urgency, choice(N_("紧急程度"), shown=True)] | None = None
    severity: Annotated[Severity, choice(N_("严重程度"))] | None = None
    reason: Annotated[str, text(N_("调整原因"))]

    def __post_init__(self) -> None:
        """Something changes."""
        if self.category is None and self.urgency is None and self.severity is None:
            raise Unfit(Message(N_("请至少调整一项")), "urgency")


class Promise(Record, frozen=True, kw_only=True):
    """Another promised time, and why; the merchant reads both."""

    promised_at: Annotated[datetime, moment(N_("承诺处理时间"), shown=True)]
    reason: Annotated[str, text(N_("调整原因"), shown=True)]

    def faults(self, at: datetime) -> Mapping[str, str]:
        """A promise lies ahead."""
        return {} if self.promised_at > at else {"promised_at": IN_THE_FUTURE}


class Redetermination(Record, frozen=True, kw_only=True):
    """A determination that replaces the one before it, and why."""

    responsibility: Annotated[Determination, part(N_("责任判定"), shown=True, widget="responsibility")]
    reason: Annotated[str, text(N_("改判原因"), shown=True)]

    def judges(self) -> bool:
        """It does."""
        return True


class Link(Record, frozen=True, kw_only=True):
    """Another ticket of the same merchant that this one has to do with."""

    number: Annotated[str, line(N_("工单号"), widget="ticket", longest=40)]
    relation: Annotated[Relation, choice(N_("关系"))]


def held(now: Situation, _: Hold) -> Situation:
    """The merchant owes an answer."""
    return replace(now, held=True)


def resumed(now: Situation, _: Resumption) -> Situation:
    """Work goes on."""
    return replace(now, held=False)


def escalated(now: Situation, _: Escalation) -> Situation:
    """The next level knows."""
    higher = EscalationLevel.SUPERVISOR if now.level is None else EscalationLevel.EXECUTIVE
    return replace(now, level=higher)


def decided(now: Situation, _: EscalationDecision) -> Situation:
    """The ticket is no longer escalated."""
    return replace(now, level=None)


def handed_over(now: Situation, record: HandOver) -> Situation:
    """Another department carries the ticket."""
    return now.learns(department=record.department)

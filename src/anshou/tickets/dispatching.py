"""Taking a matter in: the record that gives it a department, an owner and a promised time (domain.md 2.1)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from anshou.people.roles import Department
from anshou.tickets.categories import Category
from anshou.tickets.kinds import Clock, Severity, Urgency
from anshou.tickets.records import IN_THE_FUTURE, Record, choice, moment, person, text
from anshou.tickets.situation import Situation
from tenants.refusals import N_

# What is owed besides when a matter is urgent; without a limit at its urgency a clock stands by.
EMERGENCY = (Clock.COORDINATION, Clock.RESTORATION)
TAKEN_IN = (Clock.FIRST_RESPONSE, *EMERGENCY)


class Acceptance(Record, frozen=True, kw_only=True):
    """An agent takes the matter up; what they say to the merchant is also the first response."""

    message: Annotated[str, text(N_("给商家的回复"), shown=True)] | None = None


class Dispatch(Record, frozen=True, kw_only=True):
    """Who will handle the matter, how urgent it is, and until when the merchant has been promised an answer."""

    category: Annotated[Category, choice(N_("问题类别"), shown=True)]
    urgency: Annotated[Urgency, choice(N_("紧急程度"), shown=True)]
    severity: Annotated[Severity, choice(N_("严重程度"))]
    department: Annotated[Department, choice(N_("责任部门"), shown=True)]
    owner: Annotated[UUID, person(N_("负责人"), shown=True)]
    promised_at: Annotated[datetime, moment(N_("承诺处理时间"), shown=True)]
    message: Annotated[str, text(N_("给商家的说明"), shown=True)] | None = None

    def faults(self, at: datetime) -> Mapping[str, str]:
        """A promise lies ahead."""
        return {} if self.promised_at > at else {"promised_at": IN_THE_FUTURE}


def dispatched(now: Situation, record: Dispatch) -> Situation:
    """The ticket has a department from here on."""
    return now.learns(department=record.department)


def has_department(now: Situation, _: object) -> bool:
    """Whether the matter was ever given to a department."""
    return now.facts.department is not None

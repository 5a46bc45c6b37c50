"""Where a ticket stands, as far as its process cares. Pure values."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from anshou.people.roles import Department
from anshou.tickets.kinds import EscalationLevel, Outcome, Side

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The tenant's figures that decide when a move opens, and the instant it is, in UTC.

    - `reopen_days`: days after closing within which a ticket can be reopened.
    - `normal_days`: days a metric must have stayed normal before the result is reported.
    - `answer_days`: days without the merchant's answer after which an agent may close for want of one.
    - `objection_days`: days after a determination of responsibility within which the merchant may object to it.
    """

    now: datetime
    zone: ZoneInfo = SHANGHAI
    reopen_days: int = 15
    normal_days: int = 3
    answer_days: int = 15
    objection_days: int = 15

    def day_of(self, instant: datetime) -> date:
        """The calendar day of an instant in the tenant's zone."""
        return instant.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rows of the current round say. A new round starts from none, but for the department and responsibility.

    `judged_at` is when somebody last spoke about who is responsible, and `judged_level` their level, None being the
    department; `objection` is the level that owes an answer to an objection, None while none is open.
    """

    department: Department | None = None
    measures_open: int = 0
    visited: bool = False
    normal_since: date | None = None
    normal_until: date | None = None
    question_open: bool = False
    result_confirmed: bool = False
    negotiated: bool = False
    agreement: bool = False
    signed: frozenset[Side] = frozenset()
    obligations_open: int = 0
    award: bool = False
    judged_at: datetime | None = None
    judged_level: EscalationLevel | None = None
    objection: EscalationLevel | None = None

    def in_next_round(self) -> "Facts":
        """What a new round starts from."""
        return Facts(
            department=self.department,
            judged_at=self.judged_at,
            judged_level=self.judged_level,
            objection=self.objection,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Step, round and standing of one ticket.

    `arrived_on` is the calendar day in the tenant's zone on which the ticket came to its step; `awaiting_since` is the
    instant from which the merchant owes an answer, None while they owe none.
    """

    step: str
    arrived_on: date
    round: int = 1
    held: bool = False
    level: EscalationLevel | None = None
    outcome: Outcome | None = None
    closed_at: datetime | None = None
    awaiting_since: datetime | None = None
    facts: Facts = field(default_factory=Facts)

    def learns(self, **facts: Any) -> "Situation":
        """The same situation with these facts changed."""
        return replace(self, facts=replace(self.facts, **facts))

    def again(self) -> "Situation":
        """The next round: what was planned, signed or observed in the last one no longer counts."""
        return replace(self, round=self.round + 1, facts=self.facts.in_next_round())


def days_since(then: datetime | None, now: datetime) -> float:
    """Whole and part days between two instants; less than any limit when there is no start."""
    return float("-inf") if then is None else (now - then) / timedelta(days=1)

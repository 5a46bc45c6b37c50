"""Records of what was said: progress told to the merchant, communication records, meetings (domain.md 2 and 4)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from anshou.people.roles import Department
from anshou.tickets.kinds import Channel
from anshou.tickets.records import IN_THE_PAST, Record, choice, line, moment, person, rows, text
from tenants.labels import Labelled
from tenants.refusals import N_


class Direction(Labelled):
    """Who sought the contact."""

    TO_MERCHANT = "to_merchant", N_("联系商家")
    FROM_MERCHANT = "from_merchant", N_("商家来联系")


class Progress(Record, frozen=True, kw_only=True):
    """Progress told to the merchant; starts the progress clock anew."""

    message: Annotated[str, text(N_("进展"), shown=True)]


class Contact(Record, frozen=True, kw_only=True):
    """A communication record (沟通记录): time, channel, people, content. The merchant reads it if `show_merchant`."""

    held_at: Annotated[datetime, moment(N_("沟通时间"), shown=True)]
    channel: Annotated[Channel, choice(N_("沟通渠道"), shown=True)]
    direction: Annotated[Direction, choice(N_("沟通方向"), shown=True)]
    people: Annotated[str, line(N_("沟通对象"), shown=True)]
    content: Annotated[str, text(N_("沟通内容"), shown=True)]
    show_merchant: Annotated[bool, choice(N_("商家可见"), widget="yes_no")] = False

    def faults(self, at: datetime) -> Mapping[str, str]:
        """A conversation is recorded after it took place."""
        return {} if self.held_at <= at else {"held_at": IN_THE_PAST}

    def speaks(self) -> bool:
        """Only a contact that the agency sought says something to the merchant."""
        return self.direction is Direction.TO_MERCHANT


class DecisionDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One decision of a meeting: what, by whom, until when."""

    decision: Annotated[str, text(N_("决议"), longest=1000)]
    owner: Annotated[UUID, person(N_("责任人"))] | None = None
    deadline: Annotated[datetime, moment(N_("完成期限"))] | None = None


class Meeting(Record, frozen=True, kw_only=True):
    """A meeting of several departments (跨部门会议) with its decisions."""

    held_at: Annotated[datetime, moment(N_("会议时间"))]
    departments: Annotated[tuple[Department, ...], rows(N_("参会部门"), widget="departments", least=1)]
    people: Annotated[str, text(N_("参会人员"), longest=1000)]
    discussion: Annotated[str, text(N_("讨论内容"))]
    decisions: Annotated[tuple[DecisionDraft, ...], rows(N_("决议"), widget="decisions", least=1)]

    def faults(self, at: datetime) -> Mapping[str, str]:
        """A meeting is recorded after it took place."""
        return {} if self.held_at <= at else {"held_at": IN_THE_PAST}

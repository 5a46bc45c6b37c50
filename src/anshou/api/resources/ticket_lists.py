"""Which tickets a list holds and in which order, as a query asks for it; shared by whatever lists tickets."""

from dataclasses import fields
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from anshou.api.errors import ParameterInvalid
from anshou.api.queries import Paging
from anshou.people.roles import Department
from anshou.tickets.categories import Category
from anshou.tickets.kinds import Channel, Clock, EscalationLevel, Kind, Outcome, Severity, Status, Urgency
from anshou.tickets.queue_filters import Filters, Rated
from anshou.tickets.queue_orders import FIRST, LAST, Order, Sort, is_of_our_time
from anshou.tickets.queue_tabs import Tab, sorts_of, usual_order
from tenants.refusals import N_, Message
from tenants.shapes import Unfit

Instant = Annotated[datetime, Meta(tz=True)]


class TicketQuery(Paging, frozen=True, kw_only=True):
    """Which tickets, in which order: the tab decides it unless `sort` does. Periods hold `since` and not `before`."""

    tab: Annotated[Tab, Meta(title=N_("队列"))] = Tab.ALL
    sort: Annotated[Sort | None, Meta(title=N_("排序"))] = None
    falling: Annotated[bool, Meta(title=N_("是否倒序"))] = False
    kind: Annotated[Kind | None, Meta(title=N_("问题类型"))] = None
    merchant: Annotated[UUID | None, Meta(title=N_("商家"))] = None
    shop: Annotated[UUID | None, Meta(title=N_("店铺"))] = None
    channel: Annotated[Channel | None, Meta(title=N_("反馈渠道"))] = None
    category: Annotated[Category | None, Meta(title=N_("问题类别"))] = None
    urgency: Annotated[Urgency | None, Meta(title=N_("紧急程度"))] = None
    severity: Annotated[Severity | None, Meta(title=N_("严重程度"))] = None
    status: Annotated[Status | None, Meta(title=N_("状态"))] = None
    step: Annotated[str, Meta(title=N_("步骤"), max_length=40)] | None = None
    owner: Annotated[UUID | None, Meta(title=N_("负责人"))] = None
    owned: Annotated[bool | None, Meta(title=N_("是否有负责人"))] = None
    department: Annotated[Department | None, Meta(title=N_("部门"))] = None
    escalated: Annotated[bool | None, Meta(title=N_("是否已升级"))] = None
    level: Annotated[EscalationLevel | None, Meta(title=N_("升级到"))] = None
    on_hold: Annotated[bool | None, Meta(title=N_("是否挂起"))] = None
    confidential: Annotated[bool | None, Meta(title=N_("保密工单"))] = None
    again: Annotated[bool | None, Meta(title=N_("是否多轮处理"))] = None
    outcome: Annotated[Outcome | None, Meta(title=N_("结果"))] = None
    rated: Annotated[Rated | None, Meta(title=N_("商家评价"))] = None
    overdue: Annotated[Clock | None, Meta(title=N_("超过的时限"))] = None
    opened_since: Annotated[Instant | None, Meta(title=N_("提交时间从"))] = None
    opened_before: Annotated[Instant | None, Meta(title=N_("提交时间早于"))] = None
    closed_since: Annotated[Instant | None, Meta(title=N_("关闭时间从"))] = None
    closed_before: Annotated[Instant | None, Meta(title=N_("关闭时间早于"))] = None
    due_since: Annotated[Instant | None, Meta(title=N_("时限从"))] = None
    due_before: Annotated[Instant | None, Meta(title=N_("时限早于"))] = None
    updated_since: Annotated[Instant | None, Meta(title=N_("最近更新从"))] = None
    updated_before: Annotated[Instant | None, Meta(title=N_("最近更新早于"))] = None
    text: Annotated[str, Meta(title=N_("工单号或标题包含"), max_length=100)] = ""

    def __post_init__(self) -> None:
        """Refuse instants that no calendar of ours reaches, in whatever zone they are meant."""
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if isinstance(value, datetime) and not is_of_our_time(value):
                raise Unfit(Message(N_("时间须在 %(first)s 年到 %(last)s 年之间"), first=FIRST, last=LAST), name)

    def filters(self) -> Filters:
        """What narrows the list."""
        return Filters(**{one.name: getattr(self, one.name) for one in fields(Filters)})

    def order(self) -> Order:
        """The order asked for, or the tab's usual one. Raises ParameterInvalid for one that the tab does not have."""
        if self.sort is None:
            return usual_order(self.tab)
        if self.sort not in sorts_of(self.tab):
            sorts = "、".join(sorts_of(self.tab))
            raise ParameterInvalid({"sort": Message(N_("这个队列的排序须为其中之一：%(sorts)s"), sorts=sorts)})
        return Order(self.sort, self.falling)

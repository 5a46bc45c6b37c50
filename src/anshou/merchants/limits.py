"""Time limits as a contract agrees them; what they mean for a ticket's clocks is the clocks' business."""

from typing import Annotated

from msgspec import Meta, Struct

from tenants.labels import Labelled
from tenants.refusals import N_, Message
from tenants.shapes import Unfit


class Urgency(Labelled):
    """Which column of the time limits counts."""

    NORMAL = "normal", N_("一般")
    URGENT = "urgent", N_("紧急")


class Clock(Labelled):
    """The time limits that run on a ticket (domain.md section 3)."""

    FIRST_RESPONSE = "first_response", N_("首次响应")
    COORDINATION = "coordination", N_("应急协调")
    RESTORATION = "restoration", N_("恢复服务或说明进展")
    PLAN_SUBMISSION = "plan_submission", N_("提交分析与方案")
    PLAN_EXECUTION = "plan_execution", N_("执行方案")
    PROGRESS = "progress", N_("进展反馈")
    RETURN_VISIT = "return_visit", N_("回访")
    CONSUMER_ANSWER = "consumer_answer", N_("答复消费者投诉")
    OBJECTION = "objection", N_("复议责任异议")


class LimitUnit(Labelled):
    """What a limit is counted in."""

    MINUTES = "minutes", N_("分钟")
    HOURS = "hours", N_("小时")
    WORKDAYS = "workdays", N_("个工作日")


# A year and a half of workdays; a longer limit is a slip of the finger.
LONGEST = {LimitUnit.MINUTES: 100_000, LimitUnit.HOURS: 9_000, LimitUnit.WORKDAYS: 366}


class LimitClause(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the contract says of one clock at one urgency. `calendar` is the code of the calendar it counts in."""

    number: Annotated[str, Meta(min_length=1, max_length=40, title=N_("条款号"))]
    clock: Annotated[Clock, Meta(title=N_("时限"))]
    urgency: Annotated[Urgency, Meta(title=N_("紧急程度"))]
    value: Annotated[int, Meta(ge=1, title=N_("数值"))]
    unit: Annotated[LimitUnit, Meta(title=N_("单位"))]
    calendar: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$", title=N_("日历"))] = "working_hours"

    def __post_init__(self) -> None:
        """Refuse a limit that nobody means."""
        if self.value > LONGEST[self.unit]:
            longest = LONGEST[self.unit]
            raise Unfit(Message(N_("时限须为 1 到 %(longest)s %(unit)s"), longest=longest, unit=self.unit), "value")

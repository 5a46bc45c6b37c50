"""What a queue can be narrowed by, as the panel offers it and the chips above the list name it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from anshou.merchants.limits import Clock
from anshou.people.roles import Department
from anshou.portal.query_values import day_begins, identifier
from anshou.tickets.categories import Category
from anshou.tickets.kinds import Channel, EscalationLevel, Kind, Outcome, Severity, Status, Urgency
from anshou.tickets.processes import PROCESSES
from anshou.tickets.queue_filters import INSIDE, Filters, Rated
from anshou.tickets.queue_orders import is_of_our_time
from tenants.labels import Labelled
from tenants.refusals import N_

YES, NO = "yes", "no"

# In the field of the owner: nobody at all.
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to narrow by, under its name in the address. `labels` are what a choice offers."""

    name: str
    label: str
    group: Literal["what", "who", "standing", "when"]
    widget: Literal["choice", "yes_no", "merchant", "shop", "owner", "step", "period"]
    labels: type[Labelled] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the address: a period has two."""
        return (f"{self.name}_from", f"{self.name}_to") if self.widget == "period" else (self.name,)

    @property
    def is_inside(self) -> bool:
        """Whether only those are offered it who read what the agency alone knows."""
        return self.name in INSIDE


GROUPS = {"what": N_("问题"), "who": N_("谁"), "standing": N_("处理情况"), "when": N_("时间")}

FIELDS = (
    Field("kind", N_("类型"), "what", "choice", Kind),
    Field("category", N_("问题类别"), "what", "choice", Category),
    Field("channel", N_("反馈渠道"), "what", "choice", Channel),
    Field("urgency", N_("紧急程度"), "what", "choice", Urgency),
    Field("severity", N_("严重程度"), "what", "choice", Severity),
    Field("confidential", N_("保密工单"), "what", "yes_no"),
    Field("merchant", N_("商家"), "who", "merchant"),
    Field("shop", N_("店铺"), "who", "shop"),
    Field("department", N_("部门"), "who", "choice", Department),
    Field("owner", N_("负责人"), "who", "owner"),
    Field("status", N_("状态"), "standing", "choice", Status),
    Field("step", N_("环节"), "standing", "step"),
    Field("on_hold", N_("已挂起"), "standing", "yes_no"),
    Field("escalated", N_("已升级"), "standing", "yes_no"),
    Field("level", N_("升级到"), "standing", "choice", EscalationLevel),
    Field("again", N_("多轮处理"), "standing", "yes_no"),
    Field("overdue", N_("超过的时限"), "standing", "choice", Clock),
    Field("outcome", N_("结果"), "standing", "choice", Outcome),
    Field("rated", N_("商家评价"), "standing", "choice", Rated),
    Field("opened", N_("提交时间"), "when", "period"),
    Field("due", N_("时限"), "when", "period"),
    Field("updated", N_("最近更新"), "when", "period"),
    Field("closed", N_("关闭时间"), "when", "period"),
)

# Every name by which an address narrows a queue.
NAMES = (*(name for field in FIELDS for name in field.names), "q")

# One press away above the list.
AT_HAND = (
    ("urgency", Urgency.URGENT.value, N_("紧急")),
    ("escalated", YES, N_("已升级")),
    ("on_hold", YES, N_("已挂起")),
)


def filters_of(asked: Mapping[str, str], zone: ZoneInfo) -> Filters:
    """What narrows the list; a value that means nothing narrows nothing. Days are whole days in the zone."""
    said: dict[str, Any] = {"text": asked.get("q", "")[:100]}
    for field in FIELDS:
        value = asked.get(field.name, "")
        match field.widget:
            case "choice":
                said[field.name] = _member(field.labels, value)
            case "yes_no":
                said[field.name] = {YES: True, NO: False}.get(value)
            case "merchant" | "shop":
                said[field.name] = identifier(value)
            case "owner":
                said |= {"owner": identifier(value), "owned": False if value == NOBODY else None}
            case "step":
                said["step"] = value if value in STEPS else None
            case "period":
                said[f"{field.name}_since"] = _day(asked.get(f"{field.name}_from"), zone)
                said[f"{field.name}_before"] = _day_after(asked.get(f"{field.name}_to"), zone)
    return Filters(**said)


def _member(labels: type[Labelled] | None, value: str) -> Labelled | None:
    try:
        return labels(value) if labels else None
    except ValueError:
        return None


def _day(day: str | None, zone: ZoneInfo) -> datetime | None:
    """The instant at which the day begins, if it is one of our time."""
    begun = day_begins(day, zone)
    return begun if begun is not None and is_of_our_time(begun) else None


def _day_after(day: str | None, zone: ZoneInfo) -> datetime | None:
    """The instant at which the day is over."""
    begun = _day(day, zone)
    return None if begun is None else day_begins((begun + timedelta(days=1)).date().isoformat(), zone)


def _steps() -> dict[str, str]:
    """The label of each step by its name; a name stands for the same in every process."""
    return {step.name: step.label for process in PROCESSES.values() for step in process.steps}


STEPS: Mapping[str, str] = _steps()

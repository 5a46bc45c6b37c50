"""A shop's metric: the window in which it departed from the normal, and what was observed since (domain.md 2.2).

Figures are decimals in the unit named beside them, never floats.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated

from anshou.tickets.records import IN_THE_PAST, Record, amount, choice, day, text
from anshou.tickets.situation import Situation
from tenants.labels import Labelled
from tenants.refusals import N_, Message
from tenants.shapes import Unfit

# What numeric(20, 4) holds.
LARGEST = Decimal(10) ** 15
FINEST = -4


class Metric(Labelled):
    """What is measured of a shop."""

    VISITORS = "visitors", N_("访客数")
    PAGE_VIEWS = "page_views", N_("浏览量")
    ORDERS = "orders", N_("订单数")
    SALES = "sales", N_("销售额")
    CONVERSION = "conversion", N_("转化率")
    REFUND_RATE = "refund_rate", N_("退款率")
    RESPONSE_TIME = "response_time", N_("客服响应时长")
    SHOP_SCORE = "shop_score", N_("店铺评分")
    AD_RETURN = "ad_return", N_("投入产出比")
    OTHER = "other", N_("其他指标")


class Observation(Record, frozen=True, kw_only=True):
    """What the metric was on one day, and whether the observer judges it normal."""

    day: Annotated[date, day(N_("日期"), shown=True)]
    observed: Annotated[Decimal, amount(N_("实际值"), shown=True)]
    normal: Annotated[bool, choice(N_("是否恢复正常"), shown=True, widget="yes_no")]
    notes: Annotated[str, text(N_("说明"))] | None = None

    def __post_init__(self) -> None:
        """A figure that can be kept as it is."""
        check_figure(self.observed, "observed")

    def faults(self, at: datetime) -> Mapping[str, str]:
        """The day has begun somewhere."""
        return {} if self.day <= latest_day(at) else {"day": IN_THE_PAST}


def counts(now: Situation, record: Observation) -> bool:
    """Whether the observation counts towards the days for which the metric must have stayed normal."""
    return now.step == "monitoring" and record.normal and record.day >= now.arrived_on


def observed(now: Situation, record: Observation) -> Situation:
    """While monitored, the first and the last day observed as normal; what was seen before monitoring does not count.

    An observation that is not normal ends the round, so that the run is unbroken within one.
    """
    if not counts(now, record):
        return now
    first, last = now.facts.normal_since or record.day, now.facts.normal_until or record.day
    return now.learns(normal_since=min(first, record.day), normal_until=max(last, record.day))


def latest_day(at: datetime) -> date:
    """The latest calendar day that has begun anywhere: no zone is further ahead than 14 hours."""
    return (at + timedelta(hours=14)).date()


def check_figure(figure: Decimal, field: str) -> None:
    """Return when the column holds the figure without rounding; otherwise raise Unfit."""
    if not figure.is_finite() or abs(figure) >= LARGEST:
        raise Unfit(Message(N_("须为有限的数值")), field)
    exponent = figure.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < FINEST:
        raise Unfit(Message(N_("最多四位小数")), field)

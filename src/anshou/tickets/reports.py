"""What somebody states when they open a ticket: one shape per kind, asking for what its process needs."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from anshou.tickets.categories import CATEGORIES, Category
from anshou.tickets.kinds import Channel, Kind, Side, Urgency
from anshou.tickets.measuring import Metric, check_figure, latest_day
from anshou.tickets.records import IN_THE_PAST, Record, amount, choice, day, line, moment, part, text
from tenants.refusals import N_, Message
from tenants.shapes import Unfit


class Report(Record, frozen=True, kw_only=True):
    """What every report says. An agent names the merchant and the channel; a merchant's own come through the portal.

    `occurred_on` is the day the problem occurred: the contract in force on it decides.
    """

    merchant: Annotated[UUID, part(N_("商家"), shown=True, widget="merchant", by=Side.AGENCY)] | None = None
    channel: Annotated[Channel, part(N_("反馈渠道"), shown=True, widget="choice", by=Side.AGENCY)] | None = None
    shop: Annotated[UUID, choice(N_("店铺"), shown=True, widget="shop")] | None = None
    title: Annotated[str, line(N_("标题"), shown=True, longest=120)]
    description: Annotated[str, text(N_("问题描述"), shown=True)]
    request: Annotated[str, text(N_("诉求"), shown=True, longest=2000)]
    category: Annotated[Category, choice(N_("问题类别"), shown=True)] | None = None
    urgency: Annotated[Urgency, choice(N_("紧急程度"), shown=True)] = Urgency.NORMAL
    occurred_on: Annotated[date, day(N_("问题发生日期"), shown=True)]
    confidential: Annotated[bool, choice(N_("保密工单"), shown=True, widget="yes_no")] = False

    def faults(self, at: datetime) -> Mapping[str, str]:
        """A problem is reported after it occurred."""
        return {} if self.occurred_on <= latest_day(at) else {"occurred_on": IN_THE_PAST}


class ServiceReport(Report, frozen=True, kw_only=True):
    """A service that was not as agreed."""

    def __post_init__(self) -> None:
        """Refuse a category of another kind."""
        _check_category(self, Kind.SERVICE_QUALITY)


class AnomalyReport(Report, frozen=True, kw_only=True):
    """A metric that departed from the normal: which, when, and by how much."""

    metric: Annotated[Metric, choice(N_("指标"), shown=True)]
    unit: Annotated[str, line(N_("单位"), shown=True, longest=20)]
    starts_at: Annotated[datetime, moment(N_("异常开始时间"), shown=True)]
    ends_at: Annotated[datetime, moment(N_("异常截止时间"), shown=True)]
    expected: Annotated[Decimal, amount(N_("预期值"), shown=True)]
    observed: Annotated[Decimal, amount(N_("实际值"), shown=True)]

    def __post_init__(self) -> None:
        """Refuse a window without length, figures that cannot be kept, and a category of another kind."""
        _check_category(self, Kind.DATA_ANOMALY)
        check_figure(self.expected, "expected")
        check_figure(self.observed, "observed")
        if self.ends_at <= self.starts_at:
            raise Unfit(Message(N_("截止时间须晚于开始时间")), "ends_at")


class DisputeReport(Report, frozen=True, kw_only=True):
    """A merchant's claim under the contract."""

    def __post_init__(self) -> None:
        """Refuse a category of another kind."""
        _check_category(self, Kind.CONTRACT_DISPUTE)


REPORTS: dict[Kind, type[Report]] = {
    Kind.SERVICE_QUALITY: ServiceReport,
    Kind.DATA_ANOMALY: AnomalyReport,
    Kind.CONTRACT_DISPUTE: DisputeReport,
}


def kind_of(report: Report) -> Kind:
    """Which kind of ticket a report opens."""
    return next(kind for kind, shape in REPORTS.items() if type(report) is shape)


def _check_category(report: Report, kind: Kind) -> None:
    if report.category is not None and report.category not in CATEGORIES[kind]:
        raise Unfit(Message(N_("该类别不属于此类问题")), "category")

"""Measures of the service over a period: what they come to, and what they are made of."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from litestar import Router
from litestar.di import NamedDependency
from msgspec import Meta, Struct

from anshou.api.errors import ParameterInvalid
from anshou.api.queries import Query
from anshou.api.routing import get
from anshou.api.visits import Visiting
from anshou.people.agency import read_settings
from anshou.people.roles import Department
from anshou.performance.asking import Narrowed, Period
from anshou.performance.counts import Counts, Spread
from anshou.performance.figures import Figure
from anshou.performance.reading import whole
from anshou.performance.sight import sight_of
from anshou.tickets.categories import Category
from anshou.tickets.kinds import Clock, Kind
from tenants.refusals import N_

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)
LONGEST = timedelta(days=3660)


class MeasuresQuery(Query, frozen=True, kw_only=True):
    """Which period, of what. Both days belong to it; days begin in the agency's time zone."""

    since: Annotated[date, Meta(title=N_("起始日期，含当天"))]
    until: Annotated[date, Meta(title=N_("截止日期，含当天"))]
    merchant: Annotated[UUID | None, Meta(title=N_("商家"))] = None
    shop: Annotated[UUID | None, Meta(title=N_("店铺"))] = None
    kind: Annotated[Kind | None, Meta(title=N_("问题类型"))] = None
    category: Annotated[Category | None, Meta(title=N_("问题类别"))] = None
    department: Annotated[Department | None, Meta(title=N_("部门"))] = None
    person: Annotated[UUID | None, Meta(title=N_("负责人"))] = None


class ShareShown(Struct, frozen=True, kw_only=True):
    """A part of a whole; the rate is one divided by the other, and there is none where the whole is 0."""

    part: Annotated[int, Meta(title=N_("分子"))]
    whole: Annotated[int, Meta(title=N_("分母"))]


class TimesShown(Struct, frozen=True, kw_only=True):
    """Times in whole minutes; null where there are none."""

    count: Annotated[int, Meta(title=N_("件数"))]
    median: Annotated[int | None, Meta(title=N_("中位数，分钟"))]
    ninetieth: Annotated[int | None, Meta(title=N_("90 分位，分钟"))]


class LimitShown(Struct, frozen=True, kw_only=True):
    """How one sort of limit was kept."""

    clock: Annotated[Clock, Meta(title=N_("时限"))]
    kept: Annotated[int, Meta(title=N_("按时"))]
    breached: Annotated[int, Meta(title=N_("超时"))]


class MeasuresShown(Struct, frozen=True, kw_only=True):
    """The measures of the period. What the account may not see is null."""

    opened: Annotated[int, Meta(title=N_("新建数"))]
    closed: Annotated[int, Meta(title=N_("结案数"))]
    backlog: Annotated[int, Meta(title=N_("期末未结"))]
    resolution: Annotated[ShareShown, Meta(title=N_("问题解决率"))]
    satisfaction: Annotated[ShareShown, Meta(title=N_("商家满意度"))]
    score_sum: Annotated[int, Meta(title=N_("评分合计，除以有评价的件数为平均分"))]
    repetition: Annotated[ShareShown, Meta(title=N_("重复投诉率"))]
    reopening: Annotated[ShareShown, Meta(title=N_("重新打开率"))]
    unsatisfied_rounds: Annotated[ShareShown, Meta(title=N_("平均不满意轮次"))]
    response_service_hours: Annotated[TimesShown, Meta(title=N_("首次响应（服务时间）"))]
    response_wall: Annotated[TimesShown, Meta(title=N_("首次响应（自然时间）"))]
    handling_service_hours: Annotated[TimesShown, Meta(title=N_("处理时长（服务时间）"))]
    handling_wall: Annotated[TimesShown, Meta(title=N_("处理时长（自然时间）"))]
    limits: Annotated[list[LimitShown] | None, Meta(title=N_("各项时限"))]
    cost_fen: Annotated[ShareShown | None, Meta(title=N_("每单费用，分"))]


@get("/measures", summary=N_("查询服务指标"), operation_id="getMeasures", query=MeasuresQuery)
async def get_measures(asked: NamedDependency[MeasuresQuery], visit: Visiting) -> MeasuresShown:
    days = {"since": asked.since, "until": asked.until}
    faults = {name: N_("日期须在 1990 年至 2100 年之间") for name, day in days.items() if not EARLIEST <= day <= LATEST}
    if not faults and asked.until < asked.since:
        faults["until"] = N_("截止日期不能早于起始日期")
    if not faults and asked.until - asked.since > LONGEST:
        faults["until"] = N_("期间不能超过十年")
    if faults:
        raise ParameterInvalid(faults)
    sight = await sight_of(visit.session, visit.person)
    settings = await read_settings(visit.session)
    narrowed = Narrowed(
        merchant=asked.merchant,
        shop=asked.shop,
        kind=asked.kind,
        category=asked.category,
        department=asked.department,
        person=asked.person,
    )
    period = Period(asked.since, asked.until, settings.zone)
    counts = await whole(visit.session, sight, period, narrowed, repeat_days=settings.repeat_days)
    return _shown(counts, limits=not sight.is_merchant)


def _shown(counts: Counts, *, limits: bool) -> MeasuresShown:
    def share(part: Figure, of: Figure) -> ShareShown:
        return ShareShown(part=counts[part], whole=counts[of])

    decided = [
        LimitShown(clock=clock, kept=counts.kept.get(clock, 0), breached=counts.breached.get(clock, 0))
        for clock in Clock
        if counts.kept.get(clock, 0) or counts.breached.get(clock, 0)
    ]
    ended = counts[Figure.ENDED]
    return MeasuresShown(
        opened=counts[Figure.OPENED],
        closed=counts[Figure.CLOSED],
        backlog=counts[Figure.BACKLOG],
        resolution=share(Figure.RESOLVED, Figure.JUDGED),
        satisfaction=share(Figure.SATISFIED, Figure.RATED),
        score_sum=counts.scores,
        repetition=share(Figure.REPEATED, Figure.COMPLAINTS),
        reopening=share(Figure.REOPENED, Figure.ENDED),
        unsatisfied_rounds=ShareShown(part=counts.rounds, whole=ended),
        response_service_hours=_times(counts.response_open),
        response_wall=_times(counts.response_wall),
        handling_service_hours=_times(counts.handling_open),
        handling_wall=_times(counts.handling_wall),
        limits=decided if limits else None,
        cost_fen=None if counts.fen is None else ShareShown(part=counts.fen, whole=ended),
    )


def _times(of: Spread) -> TimesShown:
    return TimesShown(count=of.of, median=of.median, ninetieth=of.ninetieth)


router = Router("/", tags=[N_("服务指标")], route_handlers=[get_measures])

"""The agency's time limits: each figure, what changing it would do, and changing it."""

from datetime import datetime
from typing import Annotated

from litestar import Router
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Listing
from anshou.api.routing import delete, get, post, put
from anshou.api.visits import ApiVisit, Visiting
from anshou.people.permissions import Permission, authorize
from anshou.tickets.clocks import setting_figures
from anshou.tickets.clocks.explaining import Explanation
from anshou.tickets.clocks.figures import ChannelClass, FigureKey
from anshou.tickets.clocks.limits import LimitUnit
from anshou.tickets.clocks.previewing import Preview
from anshou.tickets.clocks.reading import read_rulebook
from anshou.tickets.clocks.setting_figures import FigureGiven
from anshou.tickets.kinds import Clock, Urgency
from tenants.refusals import N_


class LimitShown(Struct, frozen=True, kw_only=True):
    """A figure as it is now; without `value` there is no limit."""

    clock: Annotated[Clock, Meta(title=N_("时限"))]
    urgency: Annotated[Urgency, Meta(title=N_("紧急程度"))]
    channels: Annotated[ChannelClass, Meta(title=N_("渠道"))]
    value: Annotated[int | None, Meta(title=N_("数值"))]
    unit: Annotated[LimitUnit | None, Meta(title=N_("单位"))]
    calendar: Annotated[str | None, Meta(title=N_("日历"))]
    is_default: Annotated[bool, Meta(title=N_("是否为默认值"))]


class LimitTried(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A figure to be tried on a clock that starts at `start`, now if not given."""

    limit: Annotated[FigureGiven, Meta(title=N_("时限"))]
    start: Annotated[datetime, Meta(title=N_("计时起点"), tz=True)] | None = None


class DueShown(Struct, frozen=True, kw_only=True):
    """One figure counted from the start: when it is due now, when it would be, and why."""

    clock: Annotated[Clock, Meta(title=N_("时限"))]
    urgency: Annotated[Urgency, Meta(title=N_("紧急程度"))]
    channels: Annotated[ChannelClass, Meta(title=N_("渠道"))]
    before: Annotated[datetime | None, Meta(title=N_("现在的到期时间"))]
    after: Annotated[datetime | None, Meta(title=N_("修改后的到期时间"))]
    why: Annotated[Explanation | None, Meta(title=N_("修改后到期时间的由来"))]


class PreviewShown(Struct, frozen=True, kw_only=True):
    """What a change would do: `changed` of `running` clocks would get another due time."""

    lines: Annotated[list[DueShown], Meta(title=N_("各项时限"))]
    changed: Annotated[int, Meta(title=N_("到期时间会变化的时限数"))]
    running: Annotated[int, Meta(title=N_("正在计时的时限数"))]
    at_least: Annotated[bool, Meta(title=N_("是否只计算了一部分"))]


@get("/limits", summary=N_("列出时限设置"), operation_id="listLimits")
async def list_limits(visit: Visiting) -> Listing[LimitShown]:
    authorize(visit.person, Permission.READ_SETTINGS)
    return await _limits(visit)


@put("/limits", summary=N_("设置时限"), operation_id="setLimit")
async def set_limit(data: JSONBody[FigureGiven], visit: Visiting) -> Listing[LimitShown]:
    await setting_figures.save_figure(visit.session, data, by=visit.person, at=visit.at)
    return await _limits(visit)


@delete("/limits/{clock:str}/{urgency:str}/{channels:str}", summary=N_("恢复默认时限"), operation_id="resetLimit")
async def reset_limit(
    clock: FromPath[Clock], urgency: FromPath[Urgency], channels: FromPath[ChannelClass], visit: Visiting
) -> None:
    key = FigureKey(clock, urgency, channels)
    await setting_figures.reset_figure(visit.session, key, by=visit.person, at=visit.at)


@post("/limits/preview", summary=N_("试算时限"), operation_id="previewLimit", status_code=200)
async def preview_limit(data: JSONBody[LimitTried], visit: Visiting) -> PreviewShown:
    start = data.start or visit.at
    return show_preview(await setting_figures.preview_figure(visit.session, data.limit, start=start, by=visit.person))


def show_preview(preview: Preview) -> PreviewShown:
    """What a change of figures or calendars would do."""
    lines = [
        DueShown(
            clock=line.key.clock,
            urgency=line.key.urgency,
            channels=line.key.channels,
            before=line.before,
            after=line.after,
            why=line.why,
        )
        for line in preview.lines
    ]
    return PreviewShown(lines=lines, changed=preview.changed, running=preview.running, at_least=preview.at_least)


async def _limits(visit: ApiVisit) -> Listing[LimitShown]:
    return Listing(
        items=[
            LimitShown(
                clock=line.key.clock,
                urgency=line.key.urgency,
                channels=line.key.channels,
                value=line.figure.limit.value if line.figure else None,
                unit=line.figure.limit.unit if line.figure else None,
                calendar=line.figure.calendar if line.figure else None,
                is_default=line.is_default,
            )
            for line in setting_figures.figure_lines(await read_rulebook(visit.session))
        ]
    )


router = Router("/", tags=[N_("时限设置")], route_handlers=[list_limits, set_limit, reset_limit, preview_limit])

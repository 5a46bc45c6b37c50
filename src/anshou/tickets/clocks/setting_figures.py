"""The tenant's figures: what the settings page shows, previews and saves."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.clocks.clauses import figure_faults
from anshou.tickets.clocks.clock_rows import ChangeCause, TicketClock
from anshou.tickets.clocks.errors import SettingInvalid
from anshou.tickets.clocks.figures import DEFAULTS, ChannelClass, Figure, FigureKey, figure_keys
from anshou.tickets.clocks.limits import LONGEST, Limit, LimitUnit
from anshou.tickets.clocks.previewing import Preview, preview
from anshou.tickets.clocks.reading import read_rulebook
from anshou.tickets.clocks.recomputing import recompute_running
from anshou.tickets.clocks.rulebook import Rulebook
from anshou.tickets.clocks.setting_rows import LimitSetting
from anshou.tickets.deeds import LIMITS_CHANGED
from anshou.tickets.kinds import Clock, Urgency
from confidentiality.audit.leaves import record
from tenants.base import new_id
from tenants.refusals import N_, Message
from tenants.shapes import Unfit


class FigureGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A figure as the settings page sends it; without a value the clock has no limit at this urgency."""

    clock: Annotated[Clock, Meta(title=N_("时限"))]
    urgency: Annotated[Urgency, Meta(title=N_("紧急程度"))]
    channels: Annotated[ChannelClass, Meta(title=N_("渠道"))]
    value: Annotated[Annotated[int, Meta(ge=1)] | None, Meta(title=N_("数值"))] = None
    unit: Annotated[LimitUnit | None, Meta(title=N_("单位"))] = None
    calendar: Annotated[Annotated[str, Meta(max_length=40)] | None, Meta(title=N_("日历"))] = None

    def __post_init__(self) -> None:
        """Refuse a figure that there is not, and a limit that nobody means."""
        if self.key not in DEFAULTS:
            said = N_("“%(clock)s”没有“%(channels)s”这一档")
            raise Unfit(Message(said, clock=self.clock, channels=self.channels), "channels")
        if self.value is None:
            return
        if self.unit is None:
            raise Unfit(Message(N_("请选择时限的单位")), "unit")
        if self.calendar is None:
            raise Unfit(Message(N_("请选择时限按哪个日历计")), "calendar")
        if self.value > LONGEST[self.unit]:
            said = N_("时限须为 1 到 %(longest)s %(unit)s")
            raise Unfit(Message(said, longest=LONGEST[self.unit], unit=self.unit), "value")

    @property
    def key(self) -> FigureKey:
        """Which figure it is."""
        return FigureKey(self.clock, self.urgency, self.channels)

    @property
    def figure(self) -> Figure | None:
        """The limit and its calendar; None for no limit."""
        if self.value is None or self.unit is None or self.calendar is None:
            return None
        return Figure(Limit(self.value, self.unit), self.calendar)


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One row of the settings page."""

    key: FigureKey
    figure: Figure | None
    is_default: bool


def figure_lines(rulebook: Rulebook) -> list[FigureLine]:
    """Every figure in the order of the policy."""
    return [FigureLine(key, rulebook.figure(key), key not in rulebook.figures) for key in figure_keys()]


async def preview_figure(session: AsyncSession, given: FigureGiven, *, start: datetime, by: Person) -> Preview:
    """What saving it would do to a clock that starts at `start`, and to those that run. Raises SettingInvalid."""
    authorize(by, Permission.MANAGE_LIMITS)
    before = await read_rulebook(session)
    _check(given, before)
    after = replace(before, figures={**before.figures, given.key: given.figure})
    same_figure = (
        TicketClock.clock == given.clock,
        TicketClock.urgency == given.urgency,
        TicketClock.channels == given.channels,
    )
    return await preview(session, before, after, [given.key], start=start, where=same_figure)


async def save_figure(session: AsyncSession, given: FigureGiven, *, by: Person, at: datetime) -> None:
    """Set a figure; running clocks are computed again. Raises SettingInvalid."""
    authorize(by, Permission.MANAGE_LIMITS)
    _check(given, await read_rulebook(session))
    values = {
        "limit_value": given.value,
        "limit_unit": given.unit if given.value is not None else None,
        "calendar": given.calendar if given.value is not None else None,
        "changed_at": at,
        "changed_by": by.id,
    }
    key = {"clock": given.clock, "urgency": given.urgency, "channels": given.channels}
    row = insert(LimitSetting).values(id=new_id(), **key, **values)
    await session.execute(row.on_conflict_do_update(index_elements=list(key), set_=values))
    await recompute_running(session, cause=ChangeCause.SETTING, at=at)
    await record(
        session,
        LIMITS_CHANGED,
        actor=by.actor(),
        at=at,
        body={"clock": given.clock.value, "urgency": given.urgency.value},
    )


async def reset_figure(session: AsyncSession, key: FigureKey, *, by: Person, at: datetime) -> None:
    """Return a figure to its default; running clocks are computed again."""
    authorize(by, Permission.MANAGE_LIMITS)
    await session.execute(
        delete(LimitSetting).where(
            LimitSetting.clock == key.clock,
            LimitSetting.urgency == key.urgency,
            LimitSetting.channels == key.channels,
        )
    )
    await recompute_running(session, cause=ChangeCause.SETTING, at=at)
    await record(
        session,
        LIMITS_CHANGED,
        actor=by.actor(),
        at=at,
        body={"clock": key.clock.value, "urgency": key.urgency.value, "reset": True},
    )


def _check(given: FigureGiven, rulebook: Rulebook) -> None:
    faults = {} if given.figure is None else figure_faults(given.figure, rulebook)
    if faults:
        raise SettingInvalid(faults)

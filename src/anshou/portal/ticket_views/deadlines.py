"""Due times as badges that explain themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from anshou.language import Language
from anshou.portal import formats
from anshou.tickets.clocks.clock_rows import TicketClock
from anshou.tickets.clocks.explaining import Piece, pieces
from anshou.tickets.overview import NextClock
from anshou.tickets.queues import Line
from tenants.refusals import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A badge: what it says, how loudly, and why. `explanation` has a label and a text per line."""

    id: str
    name: str
    text: str
    tone: str
    icon: str
    title: str
    heading: str
    explanation: tuple[tuple[str, str], ...] = ()
    is_running: bool = True


def of_clock(clock: TicketClock, *, now: datetime, zone: ZoneInfo, language: Language) -> Deadline:
    """The badge of one clock, with everything its due time is made of."""
    name = language.say(clock.clock.label)
    text, tone, icon = _standing(clock, now, language)
    at = formats.minute(clock.due_at, zone) if clock.due_at else ""
    heading = language.say(N_("%(name)s：%(at)s 前"), name=name, at=at) if at else name
    why = clock.why
    lines = () if why is None else tuple(_spoken(piece, zone, language) for piece in pieces(why))
    return Deadline(
        id=f"clock-{clock.id}",
        name=name,
        text=text,
        tone=tone,
        icon=icon,
        title=heading,
        heading=heading,
        explanation=lines,
        is_running=clock.is_running,
    )


def of_line(
    line: Line, clock: NextClock | None, *, now: datetime, zone: ZoneInfo, language: Language
) -> Deadline | None:
    """The badge of a list's line: of the next due time, or that the clocks stand still; None where nothing runs."""
    if line.next_due_at is None:
        return None
    text, tone, icon = time_left(line.next_due_at, clock.warn_at if clock else None, now, language)
    at = formats.minute(line.next_due_at, zone)
    name = language.say(clock.clock.label) if clock else ""
    title = at if clock is None else language.say(N_("%(name)s：%(at)s 前"), name=name, at=at)
    if clock and clock.limit_unit:
        limit = language.say(
            N_("时限 %(value)s %(unit)s"), value=clock.limit_value, unit=language.say(clock.limit_unit.label)
        )
        title = f"{title} · {limit}"
    return Deadline(id=f"due-{line.id}", name=name, text=text, tone=tone, icon=icon, title=title, heading=title)


def most_pressing(deadlines: Iterable[Deadline], clocks: Iterable[TicketClock]) -> Deadline | None:
    """The badge of the running clock that is due first."""
    due = {f"clock-{clock.id}": clock.due_at for clock in clocks if clock.is_running and clock.due_at}
    running = [(due[one.id], one) for one in deadlines if one.id in due]
    return min(running, key=lambda pair: pair[0])[1] if running else None


def _standing(clock: TicketClock, now: datetime, language: Language) -> tuple[str, str, str]:
    if clock.met_at is not None:
        if clock.breached_at is None:
            return language.say(N_("按时完成")), "green", "check"
        late = formats.span(clock.met_at - clock.breached_at, language)
        return language.say(N_("超时 %(span)s 完成"), span=late), "red", "check"
    if clock.ended_at is not None:
        return language.say(N_("已结束")) if clock.breached_at is None else language.say(N_("超时未完成")), "", "x"
    if clock.limit_value is None:
        return language.say(N_("无时限")), "", "clock"
    if clock.due_at is None:
        return language.say(N_("已暂停")), "", "clock-pause"
    return time_left(clock.due_at, clock.warn_at, now, language)


def time_left(due_at: datetime, warn_at: datetime | None, now: datetime, language: Language) -> tuple[str, str, str]:
    """What a badge says of a time limit that runs: its words, its tone and its icon."""
    if due_at <= now:
        return language.say(N_("超时 %(span)s"), span=formats.span(now - due_at, language)), "red", "clock-exclamation"
    tone = "amber" if warn_at is not None and warn_at <= now else "green"
    return language.say(N_("剩余 %(span)s"), span=formats.span(due_at - now, language)), tone, "clock"


def _spoken(piece: Piece, zone: ZoneInfo, language: Language) -> tuple[str, str]:
    return language.say(piece.label), piece.say(language.translate, lambda at: formats.minute(at, zone))

"""Why something is due when it is: which hours counted, which stops, which setting or clause set it.

An explanation is a plain value, kept as JSON beside the clock, so that a clock that was met or breached explains itself
long after its calendar changed. `pieces` says it for people, in the reader's language and with their way of showing
times; the API gives the value itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from anshou.tickets.clocks.calendars import DEFAULT_ZONE
from anshou.tickets.clocks.due import Due
from anshou.tickets.clocks.limits import LimitUnit
from tenants.labels import Labelled
from tenants.refusals import N_, Message, said

# A limit of many workdays has many stretches; nobody reads more than this, and the row stays small.
STRETCHES_KEPT = 40


class SourceKind(Labelled):
    """What set a limit."""

    SETTING = "setting", N_("公司时限设置")
    CONTRACT = "contract", N_("合同约定")


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """The setting or contract clause that set a limit; a clause is named by its contract and its number there."""

    kind: SourceKind = SourceKind.SETTING
    contract: str = ""
    clause: str = ""


class Stretch(msgspec.Struct, frozen=True):
    """A stretch of open time that counted."""

    begins: datetime
    ends: datetime


class StopTold(msgspec.Struct, frozen=True, kw_only=True):
    """A stop that moved the due time by `moved_seconds` of open time; without `until` it still lasts."""

    since: datetime
    until: datetime | None
    moved_seconds: float
    reason: str


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a due time is made of. Times are UTC; without `due_at` the clock stands still since `stopped_since`.

    `left_out` counts the stretches in the middle that are not listed.
    """

    started_at: datetime
    limit_value: int
    limit_unit: LimitUnit
    calendar: str
    zone: str
    source: Source
    due_at: datetime | None
    stopped_since: datetime | None
    counted_seconds: float
    counted: list[Stretch]
    left_out: int
    stops: list[StopTold]
    provisional_years: list[int]


def explain(due: Due, source: Source, *, calendar_label: str) -> Explanation:
    """The explanation of a computed due time; `calendar_label` is the calendar's name for people."""
    stretches = [Stretch(begins, ends) for begins, ends in due.counted_intervals]
    half = STRETCHES_KEPT // 2
    left_out = max(0, len(stretches) - STRETCHES_KEPT)
    return Explanation(
        started_at=due.start.astimezone(UTC),
        limit_value=due.limit.value,
        limit_unit=due.limit.unit,
        calendar=calendar_label,
        zone=due.calendar.zone,
        source=source,
        due_at=due.at,
        stopped_since=due.stopped_since,
        counted_seconds=due.counted.total_seconds(),
        counted=stretches[:half] + stretches[-half:] if left_out else stretches,
        left_out=left_out,
        stops=[
            StopTold(since=stop.since, until=stop.until, moved_seconds=moved.total_seconds(), reason=stop.reason)
            for stop, moved in due.counted_stops
        ],
        provisional_years=list(due.provisional_years),
    )


def explanation_as_kept(explanation: Explanation) -> dict[str, Any]:
    """The explanation as JSON values, for the clock's row."""
    values: dict[str, Any] = msgspec.to_builtins(explanation)
    return values


def explanation_from_kept(values: dict[str, Any]) -> Explanation:
    """The explanation of a clock's row."""
    return msgspec.convert(values, Explanation)


@dataclass(frozen=True, slots=True)
class Piece:
    """One line of an explanation: a label, and a message whose parameters may be datetimes and timedeltas."""

    label: str
    text: str
    params: Mapping[str, object] = field(default_factory=dict)

    def say(self, translate: Callable[[str], str], show_time: Callable[[datetime], str]) -> str:
        """The line's text in the reader's language, times as they read them."""

        def shown(value: object) -> object:
            match value:
                case datetime():
                    return show_time(value)
                case timedelta():
                    return said(*_length(value), translate)
                case _:
                    return value

        return said(self.text, {name: shown(value) for name, value in self.params.items()}, translate)


def pieces(explanation: Explanation) -> Iterator[Piece]:
    """The explanation line by line: start, limit, hours that counted, stops, due time, source, what is provisional."""
    yield Piece(N_("计时起点"), "%(at)s", {"at": explanation.started_at})
    yield Piece(
        N_("时限"),
        N_("%(value)s %(unit)s，按“%(calendar)s”计"),
        {
            "value": explanation.limit_value,
            "unit": explanation.limit_unit,
            "calendar": Message(explanation.calendar),
        },
    )
    yield from _counted(explanation)
    for stop in explanation.stops:
        yield _stop(stop)
    if explanation.due_at is None:
        yield Piece(N_("到期时间"), N_("暂停中，恢复后重新计算"))
    else:
        yield Piece(N_("到期时间"), "%(at)s", {"at": explanation.due_at})
    yield _source(explanation.source)
    if explanation.zone != DEFAULT_ZONE:
        yield Piece(N_("时区"), "%(zone)s", {"zone": explanation.zone})
    for year in explanation.provisional_years:
        yield Piece(N_("暂定"), N_("%(year)s 年的节假日安排尚未公布，暂按周一至周五为工作日计算"), {"year": year})


def duration(length: timedelta) -> Message:
    """A length of time in hours and minutes; seconds are shown only below a minute."""
    text, params = _length(length)
    return Message(text, **params)


def _length(length: timedelta) -> tuple[str, dict[str, object]]:
    seconds = round(length.total_seconds())
    hours, minutes = divmod(seconds // 60, 60)
    if seconds < 60:
        return N_("%(seconds)s 秒"), {"seconds": seconds}
    if not hours:
        return N_("%(minutes)s 分钟"), {"minutes": minutes}
    if not minutes:
        return N_("%(hours)s 小时"), {"hours": hours}
    return N_("%(hours)s 小时 %(minutes)s 分钟"), {"hours": hours, "minutes": minutes}


def _counted(explanation: Explanation) -> Iterator[Piece]:
    label = N_("计入时段")
    before_gap: Sequence[Stretch] = explanation.counted[: STRETCHES_KEPT // 2]
    after_gap: Sequence[Stretch] = explanation.counted[STRETCHES_KEPT // 2 :]
    yield from (_stretch(label, stretch) for stretch in before_gap)
    if explanation.left_out:
        yield Piece(label, N_("……另有 %(number)s 段"), {"number": explanation.left_out})
    yield from (_stretch(label, stretch) for stretch in after_gap)
    if explanation.due_at is not None:
        total = timedelta(seconds=explanation.counted_seconds)
        yield Piece(N_("合计"), "%(length)s", {"length": total})


def _stretch(label: str, stretch: Stretch) -> Piece:
    return Piece(
        label,
        N_("%(begins)s 至 %(ends)s，%(length)s"),
        {"begins": stretch.begins, "ends": stretch.ends, "length": stretch.ends - stretch.begins},
    )


def _stop(stop: StopTold) -> Piece:
    reason = Message(stop.reason)
    if stop.until is None:
        return Piece(N_("暂停"), N_("%(since)s 起暂停：%(reason)s"), {"since": stop.since, "reason": reason})
    return Piece(
        N_("暂停"),
        N_("%(since)s 至 %(until)s，顺延 %(length)s：%(reason)s"),
        {
            "since": stop.since,
            "until": stop.until,
            "length": timedelta(seconds=stop.moved_seconds),
            "reason": reason,
        },
    )


def _source(source: Source) -> Piece:
    if source.kind is SourceKind.CONTRACT:
        named = {"kind": source.kind, "contract": source.contract, "clause": source.clause}
        return Piece(N_("来源"), N_("%(kind)s：%(contract)s 第 %(clause)s 条"), named)
    return Piece(N_("来源"), "%(kind)s", {"kind": source.kind})

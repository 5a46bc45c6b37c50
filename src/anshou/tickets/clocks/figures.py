"""The figures: how much time each clock has, by urgency and way in; the defaults of domain.md section 3."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from anshou.tickets.clocks.limits import Limit, hours, minutes, workdays
from anshou.tickets.kinds import Channel, Clock, Urgency
from tenants.labels import Labelled
from tenants.refusals import N_

SERVICE_HOURS = "service_hours"
WORKING_HOURS = "working_hours"
AROUND_THE_CLOCK = "around_the_clock"


class ChannelClass(Labelled):
    """The ways in that a figure tells apart; only the first response does."""

    CHAT = "chat", N_("聊天与工单渠道")
    OTHER = "other", N_("其他渠道")
    ANY = "any", N_("全部渠道")


_CHAT = frozenset({Channel.ONLINE_CHAT, Channel.INSTANT_MESSAGING, Channel.PORTAL, Channel.PLATFORM_MESSAGE})


class FigureKey(NamedTuple):
    """Which figure: one row of the settings page."""

    clock: Clock
    urgency: Urgency
    channels: ChannelClass


@dataclass(frozen=True, slots=True)
class Figure:
    """A limit and the code of the calendar in which it counts."""

    limit: Limit
    calendar: str


@dataclass(frozen=True, slots=True)
class Clause:
    """What a contract says of one clock: it counts where it is tighter than the tenant's own figure.

    `contract` and `number` name the contract and its clause for people.
    """

    clock: Clock
    urgency: Urgency
    figure: Figure
    contract: str
    number: str


def figure_key(clock: Clock, urgency: Urgency, channel: Channel) -> FigureKey:
    """The figure that counts for a ticket that came through this channel."""
    return FigureKey(clock, urgency, channel_class(clock, channel))


def channel_class(clock: Clock, channel: Channel) -> ChannelClass:
    """The class of a channel, as far as this clock tells channels apart."""
    if clock is not Clock.FIRST_RESPONSE:
        return ChannelClass.ANY
    return ChannelClass.CHAT if channel in _CHAT else ChannelClass.OTHER


def figure_keys() -> list[FigureKey]:
    """Every figure there can be, in the order of domain.md section 3."""
    return [
        FigureKey(clock, urgency, channels) for clock in Clock for channels in _classes(clock) for urgency in Urgency
    ]


def _classes(clock: Clock) -> tuple[ChannelClass, ...]:
    return (ChannelClass.CHAT, ChannelClass.OTHER) if clock is Clock.FIRST_RESPONSE else (ChannelClass.ANY,)


def _defaults() -> Mapping[FigureKey, Figure | None]:
    any_, normal, urgent = ChannelClass.ANY, Urgency.NORMAL, Urgency.URGENT
    soon = Figure(minutes(10), SERVICE_HOURS)
    two_days, five_days = Figure(workdays(2), WORKING_HOURS), Figure(workdays(5), WORKING_HOURS)
    at_once = Figure(hours(4), AROUND_THE_CLOCK)
    one_day = Figure(hours(24), AROUND_THE_CLOCK)
    return MappingProxyType(
        {
            FigureKey(Clock.FIRST_RESPONSE, normal, ChannelClass.CHAT): soon,
            FigureKey(Clock.FIRST_RESPONSE, urgent, ChannelClass.CHAT): soon,
            FigureKey(Clock.FIRST_RESPONSE, normal, ChannelClass.OTHER): Figure(hours(2), SERVICE_HOURS),
            FigureKey(Clock.FIRST_RESPONSE, urgent, ChannelClass.OTHER): Figure(minutes(30), SERVICE_HOURS),
            FigureKey(Clock.COORDINATION, normal, any_): None,
            FigureKey(Clock.COORDINATION, urgent, any_): Figure(hours(2), AROUND_THE_CLOCK),
            FigureKey(Clock.RESTORATION, normal, any_): None,
            FigureKey(Clock.RESTORATION, urgent, any_): Figure(hours(8), AROUND_THE_CLOCK),
            FigureKey(Clock.PLAN_SUBMISSION, normal, any_): two_days,
            FigureKey(Clock.PLAN_SUBMISSION, urgent, any_): at_once,
            FigureKey(Clock.PLAN_EXECUTION, normal, any_): five_days,
            FigureKey(Clock.PLAN_EXECUTION, urgent, any_): one_day,
            FigureKey(Clock.PROGRESS, normal, any_): two_days,
            FigureKey(Clock.PROGRESS, urgent, any_): at_once,
            FigureKey(Clock.RETURN_VISIT, normal, any_): five_days,
            FigureKey(Clock.RETURN_VISIT, urgent, any_): two_days,
            FigureKey(Clock.CONSUMER_ANSWER, normal, any_): one_day,
            FigureKey(Clock.CONSUMER_ANSWER, urgent, any_): one_day,
            # The policies name no figure for it; as long as a plan has, which is judged with as much care.
            FigureKey(Clock.OBJECTION, normal, any_): five_days,
            FigureKey(Clock.OBJECTION, urgent, any_): two_days,
        }
    )


# None: there is no limit at this urgency.
DEFAULTS = _defaults()

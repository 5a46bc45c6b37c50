"""What is due today of my own, overdue before all, then hour by hour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from anshou.language import Language
from anshou.portal import formats
from anshou.portal.ticket_views.deadlines import time_left
from anshou.tickets.cards import Card
from anshou.tickets.kinds import Urgency
from anshou.tickets.processes import PROCESSES
from tenants.refusals import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLine:
    """A ticket and its badge; `what` is the limit that ends and the step that it stands at."""

    number: str
    title: str
    merchant: str
    what: str
    is_urgent: bool
    text: str
    tone: str
    icon: str
    tip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """What is due within an hour of the day, or what was due before: then `label` says so."""

    label: str
    is_late: bool
    lines: list[DueLine]


def end_of_day(now: datetime, zone: ZoneInfo) -> datetime:
    """When the day that it is in the zone is over."""
    local = now.astimezone(zone)
    return datetime.combine(local.date() + timedelta(days=1), time(), zone)


def by_hour(
    cards: Sequence[Card], merchants: Mapping[UUID, str], *, now: datetime, zone: ZoneInfo, language: Language
) -> list[Hour]:
    """The cards in order, by the hour of the wall clock in which each is due."""
    hours: dict[str, Hour] = {}
    for card in cards:
        if card.next_due_at is None:
            continue
        late = card.next_due_at <= now
        label = language.say(N_("已超时")) if late else f"{card.next_due_at.astimezone(zone):%H}:00"
        hour = hours.setdefault(label, Hour(label=label, is_late=late, lines=[]))
        hour.lines.append(_line(card, card.next_due_at, merchants, now, zone, language))
    return list(hours.values())


def _line(
    card: Card, due_at: datetime, merchants: Mapping[UUID, str], now: datetime, zone: ZoneInfo, language: Language
) -> DueLine:
    text, tone, icon = time_left(due_at, card.warn_at, now, language)
    step = language.say(PROCESSES[card.kind].step(card.step).label)
    clock = language.say(card.clock.label) if card.clock else ""
    return DueLine(
        number=card.number,
        title=card.title,
        merchant=merchants.get(card.merchant_id, "—"),
        what=f"{clock} · {step}" if clock else step,
        is_urgent=card.urgency is Urgency.URGENT,
        text=text,
        tone=tone,
        icon=icon,
        tip=formats.minute(due_at, zone),
    )

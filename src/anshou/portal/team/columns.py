"""From what a team carries to columns of cards, in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from anshou.language import Language
from anshou.people.teams import Member
from anshou.portal import formats
from anshou.portal.team.places import move_address
from anshou.portal.ticket_views.deadlines import time_left
from anshou.tickets.cards import Card
from anshou.tickets.kinds import Urgency
from anshou.tickets.processes import PROCESSES
from anshou.tickets.workload import Load
from tenants.refusals import N_

ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A card's badge."""

    text: str
    tone: str
    icon: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCard:
    """A ticket on the board. `due` is None where nothing runs."""

    number: str
    title: str
    merchant: str
    step: str
    is_urgent: bool
    level: str | None
    waits: bool
    version: int
    due: Due | None
    move: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One person's tickets, or nobody's when `id` is None.

    `share` is what their load weighs of the heaviest column, in percent. `more` counts the cards that are left out;
    `queue` shows all of them, `overdue` those past their limit.
    """

    id: UUID | None
    name: str
    title: str
    load: Load
    share: int
    cards: list[ShownCard]
    more: int
    queue: str
    overdue: str


def columns_of(
    *,
    team: Sequence[Member],
    loads: Mapping[UUID | None, Load],
    cards: Mapping[UUID | None, Sequence[Card]],
    names: Mapping[UUID, str],
    merchants: Mapping[UUID, str],
    department: str,
    now: datetime,
    zone: ZoneInfo,
    language: Language,
) -> list[Column]:
    """Nobody's first, then the team's, then those of others who have tickets of the department."""
    heaviest = max((load.weight for owner, load in loads.items() if owner is not None), default=0)
    titles = {member.id: member.title for member in team}
    others = sorted((owner for owner in loads if owner and owner not in titles), key=lambda one: names.get(one, ""))

    def column(owner: UUID | None, name: str, title: str) -> Column:
        load, shown = loads.get(owner, Load()), cards.get(owner, ())
        return Column(
            id=owner,
            name=name,
            title=title,
            load=load,
            share=round(100 * load.weight / heaviest) if owner and heaviest else 0,
            cards=[_card(card, merchants, now, zone, language) for card in shown],
            more=max(load.open - len(shown), 0),
            queue=_queue(owner, department, "open"),
            overdue=_queue(owner, department, "overdue"),
        )

    return [
        column(None, language.say(N_("未分派")), ""),
        *(column(member.id, member.name, language.say(member.title)) for member in team),
        *(column(owner, names.get(owner, "—"), language.say(N_("其他部门"))) for owner in others),
    ]


def _queue(owner: UUID | None, department: str, tab: str) -> str:
    narrowed = {} if department == ALL else {"department": department}
    if owner is None:
        return "/tickets?" + urlencode({"tab": "unassigned", **narrowed})
    return "/tickets?" + urlencode({"tab": tab, "owner": str(owner), **narrowed})


def _card(card: Card, merchants: Mapping[UUID, str], now: datetime, zone: ZoneInfo, language: Language) -> ShownCard:
    return ShownCard(
        number=card.number,
        title=card.title,
        merchant=merchants.get(card.merchant_id, "—"),
        step=language.say(PROCESSES[card.kind].step(card.step).label),
        is_urgent=card.urgency is Urgency.URGENT,
        level=language.say(card.level.label) if card.level else None,
        waits=card.awaiting_since is not None or card.on_hold,
        version=card.version,
        due=_due(card, now, zone, language),
        move=move_address(card.number),
    )


def _due(card: Card, now: datetime, zone: ZoneInfo, language: Language) -> Due | None:
    if card.next_due_at is None:
        return None
    text, tone, icon = time_left(card.next_due_at, card.warn_at, now, language)
    at = formats.minute(card.next_due_at, zone)
    name = language.say(card.clock.label) if card.clock else ""
    title = language.say(N_("%(name)s：%(at)s 前"), name=name, at=at) if name else at
    return Due(text=text, tone=tone, icon=icon, title=title)

"""What waits for me: on tickets by their step, and what the other rooms know to be mine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from anshou.finance import disputes
from anshou.finance.listing import CostFilters, list_costs
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.people.permissions import Permission, allows
from anshou.people.person import Person
from anshou.portal.costs.places import address_of as cost_address
from anshou.portal.requests.places import REQUESTS
from anshou.portal.requests.places import address_of as request_address
from anshou.portal.statements.places import DISPUTES
from anshou.privacy.objections import count_unanswered
from anshou.privacy.requests.reading import list_requests
from anshou.tickets.waiting import FIRST, MOST, Matter, Thing, Waiting
from billing.costs.states import State
from tenants.refusals import N_

# Where a thing is done that needs nothing read before; the others lead to the ticket itself.
FORMS: Mapping[Matter, str] = {
    Matter.PLAN: "/moves/submit_plan",
    Matter.MEASURE: "/moves/finish_measure",
    Matter.OBLIGATION: "/moves/perform_obligation",
    Matter.VISIT: "/moves/return_visit",
    Matter.SIGN: "/sign",
}

ICONS: Mapping[Matter, str] = {
    Matter.ACCEPT: "inbox",
    Matter.ANALYSE: "search",
    Matter.PLAN: "writing",
    Matter.REVIEW_PLAN: "checklist",
    Matter.DECIDE_ESCALATION: "flag",
    Matter.REVIEW_OBJECTION: "scale",
    Matter.MEASURE: "check",
    Matter.SIGN: "signature",
    Matter.OBLIGATION: "gavel",
    Matter.VISIT: "phone",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitLine:
    """One thing: `beside` is said of it in soft words, `due_at` is its limit, if one runs."""

    name: str
    title: str
    beside: str
    due_at: datetime | None
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitCard:
    """A matter. `count` in words: bounded counts end in a plus. `address` leads to all of it, where there is one."""

    title: str
    icon: str
    count: str
    lines: list[WaitLine]
    address: str


def of_tickets(
    waiting: Sequence[Waiting], person: Person, merchants: Mapping[UUID, str], language: Language
) -> list[WaitCard]:
    """The cards of what waits on tickets."""
    return [
        WaitCard(
            title=language.say(one.matter.label),
            icon=ICONS[one.matter],
            count=_counted(one.count, MOST),
            lines=[_line(one.matter, thing, merchants) for thing in one.first],
            address=_all_of(one, person),
        )
        for one in waiting
    ]


def _line(matter: Matter, thing: Thing, merchants: Mapping[UUID, str]) -> WaitLine:
    return WaitLine(
        name=thing.number,
        title=thing.title,
        beside=merchants.get(thing.merchant_id, ""),
        due_at=thing.due_at,
        address=f"/tickets/{thing.number}{FORMS.get(matter, '')}",
    )


def _all_of(one: Waiting, person: Person) -> str:
    """The queue that shows all of it; empty where the card does already, or no queue narrows to it."""
    if one.count <= FIRST:
        return ""
    match one.matter:
        case Matter.ACCEPT:
            asked = {"tab": "unassigned", "status": "pending"}
        case Matter.ANALYSE:
            asked = {"tab": "open", "owner": str(person.id), "step": "analysis"}
        case Matter.PLAN:
            asked = {"tab": "open", "owner": str(person.id), "step": "planning"}
        case Matter.REVIEW_PLAN:
            asked = {"tab": "open", "step": "plan_review"}
        case Matter.DECIDE_ESCALATION:
            asked = {"tab": "open", "escalated": "yes"}
        case Matter.VISIT:
            asked = {"tab": "open", "status": "done"}
        case _:
            return ""
    return "/tickets?" + urlencode(asked)


async def of_other_rooms(visit: Visit, merchants: Mapping[UUID, str], language: Language) -> list[WaitCard]:
    """Costs that came back, requests about personal data, objections to reveals and to lines of statements."""
    return [
        *await _returned_costs(visit, merchants, language),
        *await _requests(visit, merchants, language),
        *await _counts(visit, language),
    ]


async def _returned_costs(visit: Visit, merchants: Mapping[UUID, str], language: Language) -> list[WaitCard]:
    if not allows(visit.person, Permission.RECORD_COSTS):
        return []
    mine = CostFilters(state=State.RETURNED, claimed_by=visit.person.id)
    found = await list_costs(visit.session, mine, by=visit.person, limit=FIRST + 1)
    lines = [
        WaitLine(
            name=one.number,
            title=language.say(one.category.label),
            beside=merchants.get(one.merchant_id, ""),
            due_at=None,
            address=cost_address(one.number),
        )
        for one in found[:FIRST]
    ]
    return _card(N_("退回给我的费用"), "wallet", _counted(len(found), FIRST + 1), lines, "", language)


async def _requests(visit: Visit, merchants: Mapping[UUID, str], language: Language) -> list[WaitCard]:
    if not allows(visit.person, Permission.HANDLE_SUBJECT_REQUESTS):
        return []
    found = await list_requests(visit.session, by=visit.person, limit=FIRST + 1)
    lines = [
        WaitLine(
            name=one.number,
            title=language.say(N_("个人信息请求")),
            beside=merchants.get(one.merchant_id, ""),
            due_at=one.due_at,
            address=request_address(one.number),
        )
        for one in found[:FIRST]
    ]
    return _card(N_("待答复的个人信息请求"), "user", _counted(len(found), FIRST + 1), lines, REQUESTS, language)


async def _counts(visit: Visit, language: Language) -> list[WaitCard]:
    """Of these only how many there are: their pages say the rest."""
    cards: list[WaitCard] = []
    reveals = await count_unanswered(visit.session, by=visit.person)
    if reveals:
        cards += _card(N_("待答复的查看异议"), "eye", str(reveals), [], "/reveals", language)
    if allows(visit.person, Permission.READ_DISPUTES):
        lines = await disputes.count_waiting(visit.session, by=visit.person)
        if lines:
            cards += _card(N_("待答复的对账异议"), "message-2", str(lines), [], DISPUTES, language)
    return cards


def _card(title: str, icon: str, count: str, lines: list[WaitLine], address: str, language: Language) -> list[WaitCard]:
    if count == "0":
        return []
    return [WaitCard(title=language.say(title), icon=icon, count=count, lines=lines, address=address)]


def _counted(count: int, most: int) -> str:
    return f"{most - 1}+" if count >= most else str(count)

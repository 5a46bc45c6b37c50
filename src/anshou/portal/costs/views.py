"""A cost as its page and the queue show it: with its evidence, why it is flagged, its history, and what can be done."""

from typing import Any

from anshou.finance.flags import flags_of
from anshou.finance.listing import CostLine
from anshou.finance.taking_back import find_asked, may_take_back
from anshou.finance.verifying import may_verify
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import merchant_names
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows
from anshou.people.person import SYSTEM
from anshou.portal.agency.places import TICKETS
from anshou.portal.costs.allocations import shown_allocations
from anshou.portal.costs.places import TONES, address_of
from anshou.portal.pages import language_of
from anshou.tickets.attachments import attachments_of
from anshou.tickets.tickets import Ticket
from billing.costs.categories import LABOUR
from billing.costs.items import CostItem, deeds_of, evidence_of
from billing.costs.states import OPEN_TO_CLAIMANT, WAITING, State
from billing.costs.time_entries import find_time_entry
from tenants.files import SHOWN_INLINE
from tenants.refusals import Refusal


async def shown_cost(
    request: Asked, visit: Visit, item: CostItem, ticket: Ticket, *, wrong: Refusal | None = None, back: str = ""
) -> dict[str, Any]:
    """The values for `costs/_item.html`. `back` is the page to return to after a deed, empty for its own."""
    session, person, language = visit.session, visit.person, language_of(request)
    deeds = await deeds_of(session, item)
    evidence = (await evidence_of(session, [item]))[item.id]
    entry = await find_time_entry(session, item)
    own = item.claimed_by == person.id and allows(person, Permission.RECORD_COSTS)
    finance = allows(person, Permission.VERIFY_COSTS)
    verifies = finance and item.state in WAITING
    flags = await flags_of(session, item, evidence) if item.state in WAITING else ()
    people = {item.claimed_by, *(deed.done_by for deed in deeds), *([entry.person_id] if entry else [])}
    changing = own and item.state in OPEN_TO_CLAIMANT
    used = {one.attachment_id for one in evidence}
    return {
        "item": item,
        "address": address_of(item.number),
        "ticket": ticket,
        "ticket_address": TICKETS.of(ticket) if allows(person, Permission.READ_TICKETS) else "",
        "merchant_name": (await merchant_names(session)).get(item.merchant_id, "—"),
        "tones": TONES,
        "deeds": deeds,
        "entry": entry,
        "evidence": evidence,
        "inline": SHOWN_INLINE,
        "may_open": not ticket.is_confidential or allows(person, Permission.REVEAL),
        "flags": [(flag, language.translate(flag.why)) for flag in flags],
        "people": {**await names_of(session, people), SYSTEM.id: language.say(SYSTEM.name)},
        "changing": changing,
        "is_labour": item.category in LABOUR,
        "attachments": [one for one in await attachments_of(session, ticket) if one.id not in used]
        if changing and allows(person, Permission.READ_TICKETS) and not ticket.is_confidential
        else (),
        "may_withdraw": own and (changing or item.state is State.SUBMITTED),
        "verifies": verifies,
        "may_verify": verifies and await may_verify(session, item, by=person),
        "may_take_back": finance and await may_take_back(session, item, by=person),
        "take_back_asked": await find_asked(session, item) if finance else None,
        "wrong": language.refusal(wrong) if wrong else "",
        "back": back,
        **await shown_allocations(request, visit, item),
    }


async def shown_lines(visit: Visit, lines: list[CostLine]) -> dict[str, Any]:
    """What a list of costs needs beside its lines."""
    return {
        "lines": lines,
        "tones": TONES,
        "merchants": await merchant_names(visit.session),
        "people": await names_of(visit.session, {line.claimed_by for line in lines}),
    }

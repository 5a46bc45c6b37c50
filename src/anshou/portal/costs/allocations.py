"""Who bears a cost and why, shown under it; what its claims brought; what is still pending determination."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from anshou.finance.allocated import Borne, how_allocated, pending_costs
from anshou.finance.claims import claim_at, conclude_claim
from anshou.finance.reach import visible_cost
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import merchant_names
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.costs.places import COSTS, PENDING, address_of, tabs
from anshou.portal.formats import yuan
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.tickets.objections import under_objection
from billing.attribution.explaining import explain_step
from billing.attribution.tables import AllocationPart
from billing.costs.items import CostItem
from tenants.refusals import N_, Refusal


class Received(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a claim brought, in fen."""

    received: Annotated[int, Meta(ge=0, title=N_("实收金额（元，未获赔付填 0）"), extra={"widget": "money"})]


async def shown_allocations(request: Asked, visit: Visit, item: CostItem) -> dict[str, Any]:
    """The values for `costs/_allocations.html`."""
    found = await how_allocated(visit.session, item, by=visit.person)
    return {
        "allocations": [_shown(request, one) for one in found],
        "is_under_objection": bool(await under_objection(visit.session, {item.ticket_id})),
        "may_conclude": allows(visit.person, Permission.KEEP_BOOKS),
    }


def _shown(request: Asked, one: Borne) -> dict[str, Any]:
    translate = language_of(request).translate
    return {
        "at": one.row.allocated_at,
        "parties": [(party, one.fen[party], translate(why)) for party, why in one.why.items()],
        "parts": [
            {
                "party": part.party,
                "fen": part.fen,
                "clause": "" if part.is_general else part.clause,
                "steps": [translate(explain_step(step)) for step in part.value.steps],
                "position": part.position,
                "is_claim": part.failed_to is not None and part.fen != 0,
                "conclusion": one.conclusions.get(part.id),
            }
            for part in one.parts
        ],
    }


@get("/costs/pending")
async def pending_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What was verified and nobody bears yet, the longest waiting first."""
    authorize_at_desk(visit.person, Permission.READ_COSTS)
    pending = await pending_costs(visit.session, by=visit.person)
    return page(
        request,
        "costs/pending.html",
        tabs=tabs(request, visit.person, PENDING),
        pending=pending,
        total=sum(one.item.fen for one in pending),
        merchants=await merchant_names(visit.session),
    )


@get("/costs/{number:str}/claims/{position:int}")
async def claim_page(
    number: FromPath[str], position: FromPath[int], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """What came of a claim."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    item, _ = await visible_cost(visit.session, visit.person, number)
    return _form(request, item, await claim_at(visit.session, item, position))


@post("/costs/{number:str}/claims/{position:int}", status_code=303)
async def submit_claim(
    number: FromPath[str], position: FromPath[int], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Record it; the rest goes where the clause says."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    item, _ = await visible_cost(visit.session, visit.person, number)
    part = await claim_at(visit.session, item, position)
    reading = read(Received, await typed_by(request))
    if reading.value is None:
        return _form(request, item, part, reading.typed, reading.refusal)
    received = reading.value.received
    try:
        async with visit.session.begin_nested():
            await conclude_claim(visit.session, item, position, received, by=visit.person, at=visit.at)
    except Refusal as refusal:
        visit.session.expire_all()
        item, _ = await visible_cost(visit.session, visit.person, number)
        part = await claim_at(visit.session, item, position)
        return _form(request, item, part, reading.typed, refusal)
    return go_to(request, address_of(number), Notice(language_of(request).say(N_("索赔结果已登记。"))))


def _form(
    request: Asked, item: CostItem, part: AllocationPart, typed: Typed = NOTHING, wrong: Refusal | None = None
) -> Response[str]:
    language = language_of(request)
    say = language.say
    rest_to = "" if part.failed_to is None else language.translate(part.failed_to.label)
    form = FormPage(
        heading=say(N_("登记索赔结果")),
        action=f"{address_of(item.number)}/claims/{part.position}",
        back=address_of(item.number),
        button=say(N_("登记")),
        trail=((say(N_("费用")), COSTS), (item.number, address_of(item.number))),
        intro=say(
            N_("向%(party)s索赔 %(amount)s；未获赔付的部分由%(rest)s承担。"),
            party=language.translate(part.party.label),
            amount=yuan(part.fen),
            rest=rest_to,
        ),
    )
    return show_form(request, form, Received, typed, wrong=wrong)

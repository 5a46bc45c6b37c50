"""What a ticket cost, beside it: the list, and claiming an amount or working time."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.finance.claiming import Claim, categories_for, claim_cost
from anshou.finance.listing import costs_of, count_costs
from anshou.finance.reach import ticket_with_costs
from anshou.finance.working_time import TimeWorked, claim_time
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.cards import colleagues, names_of
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import TICKETS, authorize_at_desk
from anshou.portal.costs.places import TONES, address_of, costs_of_ticket
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.prefilled import starting_with
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.shown import Choices
from anshou.portal.forms.typed import Typed
from anshou.portal.pages import Notice, fragment, go_to, language_of, page
from anshou.portal.ticket_views.choices import named
from anshou.tickets.tickets import Ticket
from billing.costs.categories import LABOUR
from billing.costs.items import evidence_of
from billing.costs.states import BOOKED, State
from tenants.refusals import N_, Refusal


@get("/tickets/{number:str}/costs")
async def ticket_costs_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What was claimed on the ticket."""
    ticket = await _ticket(visit, number, Permission.READ_COSTS)
    items = await costs_of(visit.session, ticket, by=visit.person)
    evidence = await evidence_of(visit.session, items)
    counted = [item for item in items if item.state is not State.WITHDRAWN]
    return page(
        request,
        "costs/of_ticket.html",
        ticket=ticket,
        address=costs_of_ticket(ticket),
        ticket_address=TICKETS.of(ticket) if allows(visit.person, Permission.READ_TICKETS) else "",
        items=items,
        files={item_id: len(files) for item_id, files in evidence.items()},
        total=sum(item.fen for item in counted),
        verified=sum(item.fen for item in counted if item.state in BOOKED),
        tones=TONES,
        people=await names_of(visit.session, {item.claimed_by for item in items}),
        may_record=allows(visit.person, Permission.RECORD_COSTS),
    )


@get("/tickets/{number:str}/costs/count")
async def ticket_costs_count(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """How many, asked for after the ticket's page has come."""
    ticket = await _ticket(visit, number, Permission.READ_COSTS)
    count = await count_costs(visit.session, ticket, by=visit.person)
    words = language_of(request).say(N_("笔费用"))
    return fragment(request, "costs/_count.html", count=count, words=words)


@get("/tickets/{number:str}/costs/new")
async def new_cost_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form for an amount."""
    ticket = await _ticket(visit, number, Permission.RECORD_COSTS)
    return await _claim_form(request, visit, ticket, starting_with({"incurred_on": _today(visit)}))


@post("/tickets/{number:str}/costs/new", status_code=303)
async def submit_cost(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Draft it, and go on to its evidence."""
    ticket = await _ticket(visit, number, Permission.RECORD_COSTS)
    reading = read(Claim, await typed_by(request))
    if reading.value is None:
        return await _claim_form(request, visit, ticket, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            item = await claim_cost(visit.session, ticket, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        ticket = await _ticket(visit, number, Permission.RECORD_COSTS)
        return await _claim_form(request, visit, ticket, reading.typed, refusal)
    said = language_of(request).say(N_("费用已登记为草稿，请添加凭证后提交。"))
    return go_to(request, address_of(item.number), Notice(said))


@get("/tickets/{number:str}/costs/time")
async def new_time_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form for working time."""
    ticket = await _ticket(visit, number, Permission.RECORD_COSTS)
    start = starting_with({"worked_on": _today(visit), "person": visit.person.id})
    return await _time_form(request, visit, ticket, start)


@post("/tickets/{number:str}/costs/time", status_code=303)
async def submit_time(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Draft what the time costs."""
    ticket = await _ticket(visit, number, Permission.RECORD_COSTS)
    reading = read(TimeWorked, await typed_by(request))
    if reading.value is None:
        return await _time_form(request, visit, ticket, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            item = await claim_time(visit.session, ticket, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        ticket = await _ticket(visit, number, Permission.RECORD_COSTS)
        return await _time_form(request, visit, ticket, reading.typed, refusal)
    said = language_of(request).say(N_("工时已按费率计算，请核对后提交。"))
    return go_to(request, address_of(item.number), Notice(said))


async def _ticket(visit: Visit, number: str, needs: Permission) -> Ticket:
    authorize_at_desk(visit.person, needs)
    return await ticket_with_costs(visit.session, visit.person, number)


def _today(visit: Visit) -> str:
    return visit.at.astimezone(visit.caller.zone).date().isoformat()


async def _claim_form(
    request: Asked, visit: Visit, ticket: Ticket, typed: Typed, wrong: Refusal | None = None
) -> Response[str]:
    language = language_of(request)
    categories = [one for one in await categories_for(visit.session, ticket) if one not in LABOUR]
    choices = Choices(by_name={"category": [(one.value, language.say(one.label)) for one in categories]})
    form = _form(request, ticket, N_("登记费用"), "new", N_("登记后添加发票、收据等凭证，再提交财务核实。"))
    return show_form(request, form, Claim, typed, wrong=wrong, choices=choices, without=("currency",))


async def _time_form(
    request: Asked, visit: Visit, ticket: Ticket, typed: Typed, wrong: Refusal | None = None
) -> Response[str]:
    people = [(str(one.id), named(one)) for one in await colleagues(visit.session)]
    choices = Choices(by_name={"person": people})
    intro = N_(
        "金额按费率计算。加班按《劳动法》第四十四条：工作日 1.5 倍、休息日 2 倍、法定节假日 3 倍。"
        "跨零点的请分两天登记。"
    )
    form = _form(request, ticket, N_("登记工时"), "time", intro)
    return show_form(request, form, TimeWorked, typed, wrong=wrong, choices=choices)


def _form(request: Asked, ticket: Ticket, heading: str, action: str, intro: str) -> FormPage:
    say, here = language_of(request).say, costs_of_ticket(ticket)
    return FormPage(
        heading=say(heading),
        action=f"{here}/{action}",
        back=here,
        button=say(N_("登记")),
        trail=((ticket.number, TICKETS.of(ticket)), (say(N_("费用")), here)),
        intro=say(intro),
    )

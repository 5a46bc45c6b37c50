"""The page of one cost, and what is done there: changed, submitted, taken back, verified, returned."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.finance.claiming import Claim, categories_for, change_claim, submit_cost, withdraw_cost
from anshou.finance.reach import visible_cost
from anshou.finance.verifying import Return, return_cost, verify_cost
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.costs.places import COSTS, address_of, tabs
from anshou.portal.costs.views import shown_cost
from anshou.portal.error_pages import status_of
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.prefilled import prefilled
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.shown import Choices
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.notices.pages import seen
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.tickets.tickets import Ticket
from billing.costs.categories import LABOUR
from billing.costs.items import CostItem
from billing.costs.states import State
from tenants.refusals import N_, Refusal

Deed = Callable[..., Awaitable[Any]]


@get("/costs/{number:str}")
async def cost_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Everything about it."""
    authorize_at_desk(visit.person, Permission.READ_COSTS)
    item, _ = await visible_cost(visit.session, visit.person, number)
    await seen(visit, item.id)
    return await show_cost_page(request, visit, number)


@post("/costs/{number:str}/submit", status_code=303)
async def submit(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Give it to finance."""
    return await _done(request, visit, number, submit_cost, N_("费用已提交，等待财务核实。"))


@post("/costs/{number:str}/withdraw", status_code=303)
async def withdraw(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Take it back."""
    return await _done(request, visit, number, withdraw_cost, N_("费用已撤回。"))


@post("/costs/{number:str}/verify", status_code=303)
async def verify(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Verify it, and go on to the next that waits if it came from the queue."""
    return await _done(request, visit, number, verify_cost, N_("费用已核实。"))


@get("/costs/{number:str}/return")
async def return_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Why it is returned."""
    authorize_at_desk(visit.person, Permission.VERIFY_COSTS)
    await visible_cost(visit.session, visit.person, number)
    return _return_form(request, number)


@post("/costs/{number:str}/return", status_code=303)
async def submit_return(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Return it."""
    authorize_at_desk(visit.person, Permission.VERIFY_COSTS)
    item, _ = await visible_cost(visit.session, visit.person, number)
    reading = read(Return, await typed_by(request))
    if reading.value is None:
        return _return_form(request, number, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            await return_cost(visit.session, item, reading.value.reason, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return _return_form(request, number, reading.typed, refusal)
    return go_to(request, COSTS, Notice(language_of(request).say(N_("已退回，登记人会收到通知。"))))


@get("/costs/{number:str}/change")
async def change_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What it says, to be said anew."""
    authorize_at_desk(visit.person, Permission.RECORD_COSTS)
    item, ticket = await visible_cost(visit.session, visit.person, number)
    said = Claim(
        category=item.category, fen=item.fen, tax_fen=item.tax_fen, incurred_on=item.incurred_on, note=item.note
    )
    return await _change_form(request, visit, item, ticket, prefilled(said))


@post("/costs/{number:str}/change", status_code=303)
async def submit_change(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Say it anew."""
    authorize_at_desk(visit.person, Permission.RECORD_COSTS)
    item, ticket = await visible_cost(visit.session, visit.person, number)
    reading = read(Claim, await typed_by(request))
    if reading.value is None:
        return await _change_form(request, visit, item, ticket, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            await change_claim(visit.session, ticket, item, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        item, ticket = await visible_cost(visit.session, visit.person, number)
        return await _change_form(request, visit, item, ticket, reading.typed, refusal)
    return go_to(request, address_of(number), Notice(language_of(request).say(N_("已保存。"))))


async def show_cost_page(request: Asked, visit: Visit, number: str, wrong: Refusal | None = None) -> Response[str]:
    """The page, with what was refused."""
    item, ticket = await visible_cost(visit.session, visit.person, number)
    return page(
        request,
        "costs/item.html",
        status_code=status_of(wrong) if wrong else 200,
        tabs=tabs(request, visit.person, ""),
        **await shown_cost(request, visit, item, ticket, wrong=wrong),
    )


async def _done(request: Asked, visit: Visit, number: str, deed: Deed, said: str) -> Response[str]:
    authorize_at_desk(visit.person, Permission.READ_COSTS)
    item, _ = await visible_cost(visit.session, visit.person, number)
    try:
        async with visit.session.begin_nested():
            await deed(visit.session, item, by=visit.person, at=visit.at)
    except Refusal as refusal:
        visit.session.expire(item)
        return await show_cost_page(request, visit, number, refusal)
    if item.state is State.COUNTERSIGNING:
        said = N_("已核实，等待另一位财务人员复核。")
    back = (await typed_by(request)).one("back")
    address = COSTS if back == COSTS else address_of(number)
    return go_to(request, address, Notice(language_of(request).say(said)))


def _return_form(request: Asked, number: str, typed: Typed = NOTHING, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("退回费用 %(number)s"), number=number),
        action=f"{address_of(number)}/return",
        back=address_of(number),
        button=say(N_("退回")),
        trail=((say(N_("费用")), COSTS), (number, address_of(number))),
        intro=say(N_("登记人会看到原因，补正后可以再次提交。")),
    )
    return show_form(request, form, Return, typed, wrong=wrong)


async def _change_form(
    request: Asked, visit: Visit, item: CostItem, ticket: Ticket, typed: Typed, wrong: Refusal | None = None
) -> Response[str]:
    language = language_of(request)
    form = FormPage(
        heading=language.say(N_("修改费用 %(number)s"), number=item.number),
        action=f"{address_of(item.number)}/change",
        back=address_of(item.number),
        button=language.say(N_("保存")),
        trail=((language.say(N_("费用")), COSTS), (item.number, address_of(item.number))),
    )
    categories = [one for one in await categories_for(visit.session, ticket) if one not in LABOUR]
    options = [(one.value, language.say(one.label)) for one in categories]
    choices = Choices(by_name={"category": options})
    return show_form(request, form, Claim, typed, wrong=wrong, choices=choices, without=("currency",))

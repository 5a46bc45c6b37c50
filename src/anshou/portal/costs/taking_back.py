"""Finance takes back a verification, with the reason."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.finance.reach import visible_cost
from anshou.finance.taking_back import TakingBack, find_asked, take_back
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.costs.places import COSTS, address_of
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.prefilled import prefilled
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.pages import Notice, go_to, language_of
from tenants.refusals import N_, Refusal


@get("/costs/{number:str}/take-back")
async def take_back_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Why it is taken back; where a colleague has asked for it, as that one said."""
    authorize_at_desk(visit.person, Permission.VERIFY_COSTS)
    item, _ = await visible_cost(visit.session, visit.person, number)
    asked = await find_asked(visit.session, item)
    return _form(request, number, prefilled(TakingBack(reason=asked.reason)) if asked else NOTHING)


@post("/costs/{number:str}/take-back", status_code=303)
async def submit_take_back(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Take it back, or ask a colleague to."""
    authorize_at_desk(visit.person, Permission.VERIFY_COSTS)
    item, _ = await visible_cost(visit.session, visit.person, number)
    reading = read(TakingBack, await typed_by(request))
    if reading.value is None:
        return _form(request, number, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            is_back = await take_back(visit.session, item, reading.value.reason, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return _form(request, number, reading.typed, refusal)
    said = N_("核实已撤销，登记人会收到通知。") if is_back else N_("已申请撤销核实，须由另一位财务人员确认。")
    return go_to(request, address_of(number), Notice(language_of(request).say(said)))


def _form(request: Asked, number: str, typed: Typed = NOTHING, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("撤销费用 %(number)s 的核实"), number=number),
        action=f"{address_of(number)}/take-back",
        back=address_of(number),
        button=say(N_("撤销核实")),
        trail=((say(N_("费用")), COSTS), (number, address_of(number))),
        intro=say(N_("记账与归属凭证将在当前会计期间冲销，费用退回登记人补正或撤回。经两人核实的费用，须由两人撤销。")),
    )
    return show_form(request, form, TakingBack, typed, wrong=wrong)

"""The rates by which working time is paid, and the rules for costs: set and listed by finance alone."""

from litestar import Response, get, post
from litestar.di import NamedDependency

from anshou.finance.rates import RateGiven, set_cost_rules, set_rate
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.cards import colleagues, names_of
from anshou.people.permissions import Permission
from anshou.people.roles import Role
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.costs.places import COSTS, SETTINGS, tabs
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.prefilled import prefilled, starting_with
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.shown import Choices
from anshou.portal.forms.typed import Typed
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.portal.ticket_views.choices import named
from billing.costs.rules import CostRules, read_cost_rules
from billing.costs.time_entries import rates_in_force
from tenants.refusals import N_, Refusal


@get("/costs/settings")
async def settings_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What counts today."""
    authorize_at_desk(visit.person, Permission.VERIFY_COSTS)
    today = visit.at.astimezone(visit.caller.zone).date()
    rates = await rates_in_force(visit.session, today)
    return page(
        request,
        "costs/settings.html",
        tabs=tabs(request, visit.person, SETTINGS),
        rules=await read_cost_rules(visit.session),
        rates=[(rate, Role(rate.role).label if rate.role else "") for rate in rates],
        people=await names_of(visit.session, {rate.person_id for rate in rates if rate.person_id}),
    )


@get("/costs/settings/rules")
async def rules_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The rules, to be set anew."""
    authorize_at_desk(visit.person, Permission.VERIFY_COSTS)
    return _rules_form(request, prefilled(await read_cost_rules(visit.session)))


@post("/costs/settings/rules", status_code=303)
async def submit_rules(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Set them; what was verified stays verified."""
    authorize_at_desk(visit.person, Permission.VERIFY_COSTS)
    typed = await typed_by(request)
    # A form without an amount says that none is wanted, not that the default is.
    given = {} if typed.one("four_eyes_fen").strip() else {"four_eyes_fen": None}
    reading = read(CostRules, typed, given=given)
    if reading.value is None:
        return _rules_form(request, reading.typed, reading.refusal)
    await set_cost_rules(visit.session, reading.value, by=visit.person, at=visit.at)
    return go_to(request, SETTINGS, Notice(language_of(request).say(N_("已保存，今后的登记与核实按新规则。"))))


@get("/costs/settings/rates/new")
async def rate_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form for a rate."""
    authorize_at_desk(visit.person, Permission.VERIFY_COSTS)
    today = visit.at.astimezone(visit.caller.zone).date()
    return await _rate_form(request, visit, starting_with({"valid_from": today.isoformat()}))


@post("/costs/settings/rates/new", status_code=303)
async def submit_rate(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Set a rate; what was claimed keeps the one that it was computed by."""
    authorize_at_desk(visit.person, Permission.VERIFY_COSTS)
    reading = read(RateGiven, await typed_by(request))
    if reading.value is None:
        return await _rate_form(request, visit, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            await set_rate(visit.session, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return await _rate_form(request, visit, reading.typed, refusal)
    return go_to(request, SETTINGS, Notice(language_of(request).say(N_("费率已保存。"))))


def _rules_form(request: Asked, typed: Typed, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("费用规则")),
        action=f"{SETTINGS}/rules",
        back=SETTINGS,
        button=say(N_("保存")),
        trail=((say(N_("费用")), COSTS), (say(N_("费率与规则")), SETTINGS)),
        intro=say(N_("加班倍数不得低于《劳动法》第四十四条的规定。每次设置都会留存。")),
    )
    return show_form(request, form, CostRules, typed, wrong=wrong)


async def _rate_form(request: Asked, visit: Visit, typed: Typed, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("设置工时费率")),
        action=f"{SETTINGS}/rates/new",
        back=SETTINGS,
        button=say(N_("保存")),
        trail=((say(N_("费用")), COSTS), (say(N_("费率与规则")), SETTINGS)),
        intro=say(N_("个人费率优先于角色费率；一人有几个角色的，取最高的。已登记的工时不受影响。")),
    )
    people = [(str(one.id), named(one)) for one in await colleagues(visit.session)]
    return show_form(request, form, RateGiven, typed, wrong=wrong, choices=Choices(by_name={"person": people}))

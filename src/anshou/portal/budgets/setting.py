"""Setting, changing and retiring a budget."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.finance.budgets import (
    BudgetChange,
    BudgetGiven,
    BudgetRetirement,
    change_budget,
    history_of,
    require_setting,
    retire_budget,
    set_budget,
    visible_budget,
)
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import list_merchants, merchant_names
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.budgets.overview import today_of
from anshou.portal.budgets.views import BUDGETS, address_of, scope_of
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.prefilled import starting_with
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.shown import Choices
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.pages import Notice, go_to, language_of
from billing.budgets.lines import Budget
from tenants.refusals import N_, Refusal


@get("/budgets/new")
async def new_budget_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form for a budget, of this month unless another period is chosen."""
    _authorize(visit)
    return await _new_form(request, visit, starting_with({"per": "month", "day": (await today_of(visit)).isoformat()}))


@post("/budgets/new", status_code=303)
async def submit_budget(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Set it."""
    _authorize(visit)
    reading = read(BudgetGiven, await typed_by(request))
    if reading.value is None:
        return await _new_form(request, visit, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            budget = await set_budget(visit.session, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return await _new_form(request, visit, reading.typed, refusal)
    return go_to(request, address_of(budget), Notice(language_of(request).say(N_("预算已设置。"))))


@get("/budgets/{budget_id:uuid}/change")
async def change_page(budget_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form for another amount."""
    _authorize(visit)
    budget = await visible_budget(visit.session, budget_id, by=visit.person)
    latest = (await history_of(visit.session, budget, by=visit.person))[0]
    amount = "" if latest.fen is None else f"{latest.fen // 100}.{latest.fen % 100:02d}"
    return await _change_form(request, visit, budget, starting_with({"version": latest.version, "fen": amount}))


@post("/budgets/{budget_id:uuid}/change", status_code=303)
async def submit_change(budget_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Set another amount."""
    _authorize(visit)
    budget = await visible_budget(visit.session, budget_id, by=visit.person)
    reading = read(BudgetChange, await typed_by(request))
    if reading.value is None:
        return await _change_form(request, visit, budget, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            await change_budget(visit.session, budget, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return await _change_form(request, visit, budget, reading.typed, refusal)
    return go_to(request, address_of(budget), Notice(language_of(request).say(N_("预算已修改。"))))


@get("/budgets/{budget_id:uuid}/retire")
async def retire_page(budget_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form that asks why."""
    _authorize(visit)
    budget = await visible_budget(visit.session, budget_id, by=visit.person)
    return await _retire_form(request, visit, budget)


@post("/budgets/{budget_id:uuid}/retire", status_code=303)
async def submit_retirement(budget_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Take it out of force; its history stays."""
    _authorize(visit)
    budget = await visible_budget(visit.session, budget_id, by=visit.person)
    reading = read(BudgetRetirement, await typed_by(request))
    if reading.value is None:
        return await _retire_form(request, visit, budget, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            await retire_budget(visit.session, budget, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return await _retire_form(request, visit, budget, reading.typed, refusal)
    return go_to(request, address_of(budget), Notice(language_of(request).say(N_("预算已停用。"))))


def _authorize(visit: Visit) -> None:
    authorize_at_desk(visit.person, Permission.SET_BUDGETS)
    require_setting(visit.person)


async def _new_form(request: Asked, visit: Visit, typed: Typed, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("设置预算")),
        action=f"{BUDGETS}/new",
        back=BUDGETS,
        button=say(N_("保存")),
        trail=((say(N_("预算")), BUDGETS),),
        intro=say(N_("部门、商家、费用类别至少选一项，留空表示不限。按费用发生日期统计已核实的人民币费用（含税）。")),
    )
    merchants = [(str(one.id), one.name) for one in await list_merchants(visit.session)]
    return show_form(request, form, BudgetGiven, typed, wrong=wrong, choices=Choices(by_name={"merchant": merchants}))


async def _change_form(
    request: Asked, visit: Visit, budget: Budget, typed: Typed, wrong: Refusal | None = None
) -> Response[str]:
    form = await _about(request, visit, budget, N_("修改预算"), "change", N_("保存"))
    return show_form(request, form, BudgetChange, typed, wrong=wrong)


async def _retire_form(
    request: Asked, visit: Visit, budget: Budget, typed: Typed = NOTHING, wrong: Refusal | None = None
) -> Response[str]:
    form = await _about(request, visit, budget, N_("停用预算"), "retire", N_("停用"), danger=True)
    return show_form(request, form, BudgetRetirement, typed, wrong=wrong)


async def _about(
    request: Asked, visit: Visit, budget: Budget, heading: str, page: str, button: str, *, danger: bool = False
) -> FormPage:
    """The form around what is done to a budget, which its introduction names."""
    language = language_of(request)
    scope = scope_of(budget, await merchant_names(visit.session), language)
    return FormPage(
        heading=language.say(heading),
        action=f"{address_of(budget)}/{page}",
        back=address_of(budget),
        button=language.say(button),
        trail=((language.say(N_("预算")), BUDGETS), (scope, address_of(budget))),
        intro=f"{scope} · {budget.period}",
        danger=danger,
    )

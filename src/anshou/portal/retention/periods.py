"""The kinds of kept things with their periods, and one of them with what another figure would erase now."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows, authorize
from anshou.portal.administration.setting_tabs import setting_tabs, wants_preview
from anshou.portal.error_pages import status_of
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.prefilled import starting_with
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import Typed
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.privacy.retention.due import count_due
from anshou.privacy.retention.kinds import Kind, Way
from anshou.privacy.retention.periods import (
    PeriodGiven,
    check_period,
    list_settings,
    period_in,
    period_of,
    read_periods,
    set_period,
)
from anshou.privacy.retention.registry import KINDS, kind_of
from tenants.refusals import N_, Invalid, Refusal

HERE = "/settings/retention"


@get("/settings/retention")
async def retention_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Every kind: when its period starts, how long it is, what a law asks for, what stays."""
    authorize(visit.person, Permission.READ_SETTINGS)
    periods = await read_periods(visit.session)
    return page(
        request,
        "retention/periods.html",
        tabs=setting_tabs(language_of(request), HERE),
        lines=[(kind, period_in(periods, kind)) for kind in KINDS.values()],
        kept=Way.KEPT,
        may_change=allows(visit.person, Permission.MANAGE_CONFIDENTIALITY),
    )


@get("/settings/retention/kinds/{code:str}")
async def period_page(code: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """One kind as it is, with everything that was ever set."""
    authorize(visit.person, Permission.READ_SETTINGS)
    kind = kind_of(code)
    period = await period_of(visit.session, kind)
    return await _page(request, visit, kind, starting_with({"value": period.value}))


@post("/settings/retention/kinds/{code:str}", status_code=303)
async def submit_period(code: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Say what the figure would erase, or keep it."""
    authorize(visit.person, Permission.MANAGE_CONFIDENTIALITY)
    kind = kind_of(code)
    typed = await typed_by(request)
    reading = read(PeriodGiven, typed)
    if reading.value is None:
        return await _page(request, visit, kind, typed, reading.refusal)
    value = reading.value.value
    try:
        if wants_preview(typed):
            check_period(kind, value)
            return await _page(request, visit, kind, typed, preview=value)
        async with visit.session.begin_nested():
            await set_period(visit.session, kind, value, by=visit.person, at=visit.at)
    except Invalid as refusal:
        return await _page(request, visit, kind, typed, refusal)
    return go_to(request, HERE, Notice(language_of(request).say(N_("保留期限已保存，从下一次每日清除起生效。"))))


@post("/settings/retention/kinds/{code:str}/reset", status_code=303)
async def reset_period(code: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Return it to its default."""
    await set_period(visit.session, kind_of(code), None, by=visit.person, at=visit.at)
    return go_to(request, HERE, Notice(language_of(request).say(N_("已恢复默认保留期限。"))))


async def _page(
    request: Asked,
    visit: Visit,
    kind: Kind,
    typed: Typed,
    wrong: Refusal | None = None,
    preview: int | None = None,
) -> Response[str]:
    settings = await list_settings(visit.session, kind, by=visit.person)
    period = await period_of(visit.session, kind)
    found: dict[str, Any] | None = None
    if preview is not None and kind.subjects:
        found = {
            "value": preview,
            "now": await count_due(visit.session, kind, period.before(visit.at)),
            "then": await count_due(visit.session, kind, kind.before(visit.at, preview)),
        }
    return page(
        request,
        "retention/period.html",
        status_code=status_of(wrong) if wrong else 200,
        kind=kind,
        period=period,
        settings=settings,
        names=await names_of(visit.session, {one.changed_by for one in settings}),
        preview=found,
        asked=preview,
        may_change=kind.way is not Way.KEPT and allows(visit.person, Permission.MANAGE_CONFIDENTIALITY),
        **form_values(request, PeriodGiven, typed, wrong=wrong),
    )

"""The months of the books, and one of them: its checklist, closing, and reopening by two people."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.finance.carrying_over import carried_together
from anshou.finance.closing import close_month, list_months, read_checklist
from anshou.finance.periods import Reopening, refuse_reopening, reopen_period, request_reopening
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.closing.places import CLOSING, TONES, carrying_of, month_in, page_of, put_right_at, tabs
from anshou.portal.error_pages import status_of
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.pages import Notice, go_to, language_of, page
from billing.ledger.periods import changes_of
from tenants.refusals import N_, Refusal

Asking = Callable[..., Awaitable[Any]]


@get("/closing")
async def months_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """All months, the latest first."""
    authorize_at_desk(visit.person, Permission.READ_STATEMENTS)
    months = await list_months(visit.session, by=visit.person)
    people = await names_of(visit.session, {change.made_by for _, change in months if change})
    return page(request, "closing/months.html", months=months, tones=TONES, people=people)


@get("/closing/{month:str}")
async def month_page(month: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What it lacks, and what can be done with it."""
    authorize_at_desk(visit.person, Permission.READ_STATEMENTS)
    return await _show(request, visit, month_in(month))


@post("/closing/{month:str}/close", status_code=303)
async def close(month: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Close it."""
    return await _done(request, visit, month_in(month), close_month, N_("已结账，凭证已编号。"))


@post("/closing/{month:str}/reopen/approve", status_code=303)
async def approve(month: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Reopen it as a colleague asked."""
    return await _done(request, visit, month_in(month), reopen_period, N_("已反结账，可以继续记账。"))


@get("/closing/{month:str}/reopen")
async def reopening_page(month: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Why it should be reopened."""
    authorize_at_desk(visit.person, Permission.CLOSE_PERIODS)
    return _reason_form(request, month_in(month), "reopen")


@post("/closing/{month:str}/reopen", status_code=303)
async def submit_reopening(month: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Ask for it."""
    said = N_("已申请反结账，等待另一位财务人员批准。")
    return await _asked(request, visit, month_in(month), "reopen", request_reopening, said)


@get("/closing/{month:str}/refuse")
async def refusing_page(month: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Why it stays closed."""
    authorize_at_desk(visit.person, Permission.CLOSE_PERIODS)
    return _reason_form(request, month_in(month), "refuse")


@post("/closing/{month:str}/refuse", status_code=303)
async def submit_refusal(month: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Leave it closed."""
    said = N_("未批准反结账，期间保持已结账。")
    return await _asked(request, visit, month_in(month), "refuse", refuse_reopening, said)


async def _show(request: Asked, visit: Visit, month: date, wrong: Refusal | None = None) -> Response[str]:
    checklist = await read_checklist(visit.session, month, by=visit.person, at=visit.at)
    changes = await changes_of(visit.session, month)
    carried = await carried_together(visit.session, month, by=visit.person)
    may_close = allows(visit.person, Permission.CLOSE_PERIODS)
    return page(
        request,
        "closing/month.html",
        status_code=status_of(wrong) if wrong else 200,
        wrong=language_of(request).refusal(wrong) if wrong else "",
        tabs=tabs(request, month, page_of(month)),
        # `here` is the frame's own: the place in the navigation.
        address=page_of(month),
        month=month,
        period=checklist.period,
        checklist=checklist,
        addresses={one.check: put_right_at(one.check, month, visit.person) for one in checklist.found},
        carrying={one.check: carrying_of(month, one.check) for one in checklist.found if one.check.may_go_over},
        carried=carried,
        changes=changes,
        people=await names_of(
            visit.session, {*(change.made_by for change in changes), *(one.carried_by for one in carried)}
        ),
        tones=TONES,
        may_close=may_close,
        is_own_request=checklist.period.requested_by == visit.person.id,
    )


async def _done(request: Asked, visit: Visit, month: date, deed: Asking, said: str) -> Response[str]:
    authorize_at_desk(visit.person, Permission.CLOSE_PERIODS)
    try:
        async with visit.session.begin_nested():
            await deed(visit.session, month, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return await _show(request, visit, month, refusal)
    return go_to(request, page_of(month), Notice(language_of(request).say(said)))


async def _asked(request: Asked, visit: Visit, month: date, what: str, deed: Asking, said: str) -> Response[str]:
    authorize_at_desk(visit.person, Permission.CLOSE_PERIODS)
    reading = read(Reopening, await typed_by(request))
    if reading.value is None:
        return _reason_form(request, month, what, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            await deed(visit.session, month, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return _reason_form(request, month, what, reading.typed, refusal)
    return go_to(request, page_of(month), Notice(language_of(request).say(said)))


def _reason_form(
    request: Asked, month: date, what: str, typed: Typed = NOTHING, wrong: Refusal | None = None
) -> Response[str]:
    say = language_of(request).say
    asks = what == "reopen"
    form = FormPage(
        heading=say(N_("申请反结账") if asks else N_("不批准反结账")),
        action=f"{page_of(month)}/{what}",
        back=page_of(month),
        button=say(N_("提交申请") if asks else N_("不批准")),
        trail=((say(N_("月末结账")), CLOSING), (f"{month:%Y-%m}", page_of(month))),
        intro=say(
            N_("反结账须由另一位财务人员批准；申请与理由会留存。")
            if asks
            else N_("期间保持已结账；申请人会在期间页看到理由。")
        ),
    )
    return show_form(request, form, Reopening, typed, wrong=wrong)

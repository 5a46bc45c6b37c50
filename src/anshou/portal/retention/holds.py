"""Legal holds: what is kept whatever its period, why, and since when; placing one and lifting it."""

from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import list_merchants, merchant_names, visible_merchant
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows, authorize
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.shown import Choices
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.portal.retention.periods import HERE
from anshou.privacy.retention.holds import (
    HeldThing,
    HoldGiven,
    LegalHold,
    LiftGiven,
    find_ticket,
    lift_hold,
    list_holds,
    open_disputes,
    place_hold,
    ticket_numbers,
    visible_hold,
)
from tenants.refusals import N_, Invalid, Refusal

HOLDS = f"{HERE}/holds"


class HoldPlaced(HoldGiven, frozen=True, kw_only=True):
    """What is kept, besides why: a merchant's everything, or one ticket by its number."""

    merchant: Annotated[UUID, Meta(title=N_("商家"))]
    ticket: Annotated[str, Meta(max_length=40, title=N_("工单编号（留空则保全该商家的全部数据）"))] = ""


class TicketUnknown(Invalid):
    """Raised when the number is of no ticket of the merchant."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这张工单"), fields={"ticket": N_("该商家没有这个编号的工单")})


@get("/settings/retention/holds")
async def holds_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Those that run, those of open disputes, and those that have ended."""
    authorize(visit.person, Permission.READ_SETTINGS)
    running = await list_holds(visit.session, by=visit.person)
    ended = await list_holds(visit.session, by=visit.person, running=False, limit=30)
    every = [*running, *ended]
    people = {one.placed_by for one in every} | {one.lifted_by for one in ended if one.lifted_by}
    return page(
        request,
        "retention/holds.html",
        running=running,
        ended=ended,
        disputes=await open_disputes(visit.session),
        merchants=await merchant_names(visit.session),
        numbers=await ticket_numbers(
            visit.session, [one.subject_id for one in every if one.on_what is HeldThing.TICKET]
        ),
        names=await names_of(visit.session, people),
        may_change=allows(visit.person, Permission.MANAGE_CONFIDENTIALITY),
    )


@get("/settings/retention/holds/new")
async def new_hold_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form."""
    authorize(visit.person, Permission.MANAGE_CONFIDENTIALITY)
    return await _form(request, visit, NOTHING)


@post("/settings/retention/holds/new", status_code=303)
async def submit_hold(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Keep it."""
    authorize(visit.person, Permission.MANAGE_CONFIDENTIALITY)
    typed = await typed_by(request)
    reading = read(HoldPlaced, typed)
    if reading.value is None:
        return await _form(request, visit, typed, reading.refusal)
    given = reading.value
    try:
        merchant = await visible_merchant(visit.session, given.merchant)
        on_what, subject = HeldThing.MERCHANT, merchant.id
        if given.ticket.strip():
            found = await find_ticket(visit.session, merchant.id, given.ticket.strip())
            if found is None:
                raise TicketUnknown
            on_what, subject = HeldThing.TICKET, found
        async with visit.session.begin_nested():
            await place_hold(
                visit.session,
                HoldGiven(cause=given.cause, reason=given.reason),
                on_what=on_what,
                merchant_id=merchant.id,
                subject_id=subject,
                by=visit.person,
                at=visit.at,
            )
    except Refusal as refusal:
        return await _form(request, visit, typed, refusal)
    return go_to(request, HOLDS, Notice(language_of(request).say(N_("已设置法律保全，到期也不清除。"))))


@get("/settings/retention/holds/{hold_id:uuid}/lift")
async def lift_page(hold_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Why it ends."""
    hold = await visible_hold(visit.session, hold_id, by=visit.person)
    return _lifting(request, hold, NOTHING)


@post("/settings/retention/holds/{hold_id:uuid}/lift", status_code=303)
async def submit_lift(hold_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """End it."""
    hold = await visible_hold(visit.session, hold_id, by=visit.person)
    typed = await typed_by(request)
    reading = read(LiftGiven, typed)
    if reading.value is None:
        return _lifting(request, hold, typed, reading.refusal)
    await lift_hold(visit.session, hold, reading.value, by=visit.person, at=visit.at)
    return go_to(
        request, HOLDS, Notice(language_of(request).say(N_("法律保全已解除，到期的数据将在下一次每日清除时清除。")))
    )


async def _form(request: Asked, visit: Visit, typed: Typed, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    merchants = [
        (str(one.id), one.name) for ended in (False, True) for one in await list_merchants(visit.session, ended=ended)
    ]
    form = FormPage(
        heading=say(N_("设置法律保全")),
        action=f"{HOLDS}/new",
        back=HOLDS,
        button=say(N_("设置法律保全")),
        trail=_trail(request),
        intro=say(N_("保全期间，无论保留期限是否届满、无论谁提出请求，都不清除。未结案的合作纠纷自动保全，不必另设。")),
    )
    return show_form(request, form, HoldPlaced, typed, wrong=wrong, choices=Choices(by_name={"merchant": merchants}))


def _lifting(request: Asked, hold: LegalHold, typed: Typed, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("解除法律保全")),
        action=f"{HOLDS}/{hold.id}/lift",
        back=HOLDS,
        button=say(N_("解除")),
        trail=_trail(request),
        intro=say(N_("解除后，已到期的数据会在下一次每日清除时清除，无法恢复。")),
        danger=True,
    )
    return show_form(request, form, LiftGiven, typed, wrong=wrong)


def _trail(request: Asked) -> tuple[tuple[str, str], ...]:
    say = language_of(request).say
    return ((say(N_("设置")), "/settings"), (say(N_("保留期限")), HERE), (say(N_("法律保全")), HOLDS))

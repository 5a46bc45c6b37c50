"""Breaches: written down, and who was told what and when."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import list_merchants, merchant_names
from anshou.people.agency import read_settings
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.duties.places import tabs, trail
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.shown import Choices
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.notices.pages import seen
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.privacy.duties.breaches import (
    BreachGiven,
    NoticeGiven,
    list_breaches,
    note_authority,
    read_notice,
    record_breach,
    tell_merchant,
    visible_breach,
)
from anshou.privacy.duties.errors import RecordNotFound
from tenants.refusals import N_, Refusal


@get("/breaches")
async def breaches_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Every breach, the latest first."""
    authorize_at_desk(visit.person, Permission.READ_REGISTER)
    return page(
        request,
        "duties/breaches.html",
        tabs=tabs(request, "breaches"),
        breaches=await list_breaches(visit.session, by=visit.person),
        may_manage=allows(visit.person, Permission.MANAGE_CONFIDENTIALITY),
    )


@get("/breaches/new")
async def new_breach_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form."""
    authorize_at_desk(visit.person, Permission.MANAGE_CONFIDENTIALITY)
    return await _form(request, visit)


@post("/breaches/new", status_code=303)
async def submit_breach(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Write it down; the hours run."""
    authorize_at_desk(visit.person, Permission.MANAGE_CONFIDENTIALITY)
    zone = (await read_settings(visit.session)).zone
    reading = read(BreachGiven, await typed_by(request), zone=zone)
    if reading.value is None:
        return await _form(request, visit, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            made = await record_breach(visit.session, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return await _form(request, visit, reading.typed, refusal)
    said = language_of(request).say(N_("已登记，请在期限内通知商家并报告主管部门。"))
    return go_to(request, f"/breaches/{made.number}", Notice(said))


@get("/breaches/{number:str}")
async def breach_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What happened, and whom to tell."""
    authorize_at_desk(visit.person, Permission.READ_REGISTER)
    told = await visible_breach(visit.session, number, by=visit.person)
    await seen(visit, told.breach.id)
    people = [told.breach.recorded_by, *(one.told_by for one in told.notices)]
    return page(
        request,
        "duties/breach.html",
        told=told,
        breach=told.breach,
        authority=told.to(None),
        merchants=await merchant_names(visit.session),
        names=await names_of(visit.session, people),
        trail=trail(request, "breaches"),
        here=f"/breaches/{number}",
        may_manage=allows(visit.person, Permission.MANAGE_CONFIDENTIALITY),
    )


@post("/breaches/{number:str}/merchants/{merchant_id:uuid}", status_code=303)
async def submit_notice(
    number: FromPath[str], merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Tell a merchant."""
    authorize_at_desk(visit.person, Permission.MANAGE_CONFIDENTIALITY)
    told = await visible_breach(visit.session, number, by=visit.person)
    await tell_merchant(visit.session, told.breach, merchant_id, by=visit.person, at=visit.at)
    return go_to(request, f"/breaches/{number}", Notice(language_of(request).say(N_("已通知商家。"))))


@get("/breaches/{number:str}/authority")
async def authority_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Which authority was told, and how."""
    authorize_at_desk(visit.person, Permission.MANAGE_CONFIDENTIALITY)
    await visible_breach(visit.session, number, by=visit.person)
    return _telling(request, number)


@post("/breaches/{number:str}/authority", status_code=303)
async def submit_authority(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Write down that it was told."""
    authorize_at_desk(visit.person, Permission.MANAGE_CONFIDENTIALITY)
    told = await visible_breach(visit.session, number, by=visit.person)
    reading = read(NoticeGiven, await typed_by(request))
    if reading.value is None:
        return _telling(request, number, reading.typed, reading.refusal)
    await note_authority(visit.session, told.breach, reading.value, by=visit.person, at=visit.at)
    return go_to(request, f"/breaches/{number}", Notice(language_of(request).say(N_("已登记报告。"))))


@get("/breaches/{number:str}/notices/{notice_id:uuid}")
async def notice_page(
    number: FromPath[str], notice_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """A notice as it was given, to print."""
    authorize_at_desk(visit.person, Permission.READ_REGISTER)
    told = await visible_breach(visit.session, number, by=visit.person)
    notice = next((one for one in told.notices if one.id == notice_id), None)
    if notice is None:
        raise RecordNotFound
    return page(request, "duties/notice.html", told=notice, said=read_notice(notice), back=f"/breaches/{number}")


async def _form(request: Asked, visit: Visit, typed: Typed = NOTHING, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("登记安全事件")),
        action="/breaches/new",
        back="/breaches",
        button=say(N_("登记")),
        trail=trail(request, "breaches"),
        intro=say(
            N_("内容会原样写入给商家和主管部门的通知（《个人信息保护法》第五十七条）。不要填写个人的姓名、电话等信息。")
        ),
    )
    merchants = [(str(one.id), one.name) for one in await list_merchants(visit.session)]
    return show_form(request, form, BreachGiven, typed, wrong=wrong, choices=Choices(by_name={"merchants": merchants}))


def _telling(request: Asked, number: str, typed: Typed = NOTHING, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("登记向主管部门的报告")),
        action=f"/breaches/{number}/authority",
        back=f"/breaches/{number}",
        button=say(N_("登记")),
        trail=(*trail(request, "breaches"), (number, f"/breaches/{number}")),
    )
    return show_form(request, form, NoticeGiven, typed, wrong=wrong)

"""Inviting a colleague or somebody of a merchant: the link is shown once."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.accounts import Side
from anshou.people.admitting import Newcomer
from anshou.people.invitations import invite
from anshou.people.permissions import Permission, authorize
from anshou.portal.administration.offering import people_choices
from anshou.portal.administration.shown_once import link_to, show_once
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.prefilled import starting_with
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import Typed
from anshou.portal.pages import language_of
from tenants.refusals import N_, Invalid, NotFound

# What only the other side has.
NOT_OF = {Side.STAFF: ("side", "places"), Side.MERCHANT: ("side", "title", "grants", "merchants")}
ONE_ROW = {Side.STAFF: "grants[0].role", Side.MERCHANT: "places[0].merchant_id"}


class NoSuchSide(NotFound):
    """Raised when an address names a side that there is not."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这个页面"))


@get("/people/invite/{side:str}")
async def invite_page(side: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form, with the merchant chosen already where the address names one."""
    authorize(visit.person, Permission.MANAGE_PEOPLE)
    chosen = _side(side)
    return await _form(
        request, visit, chosen, starting_with({ONE_ROW[chosen]: request.query_params.get("merchant", "")})
    )


@post("/people/invite/{side:str}")
async def submit_invitation(side: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Invite, and show the link this once."""
    chosen = _side(side)
    authorize(visit.person, Permission.MANAGE_PEOPLE)
    reading = read(Newcomer, await typed_by(request), given={"side": chosen.value})
    if reading.value is None:
        return await _form(request, visit, chosen, reading.typed, reading.refusal)
    invitation, token = await invite(visit.session, reading.value, by=visit.person, at=visit.at)
    say = language_of(request).say
    return show_once(
        request,
        heading=say(N_("邀请已生成")),
        said=say(N_("请把下面的链接发给%(name)s。链接只显示这一次。"), name=reading.value.name),
        label=say(N_("邀请链接")),
        secret=link_to(request, visit, "join", token),
        advice=say(
            N_("%(days)s 天内有效，只能使用一次。对方打开后自己设置登录名和密码。"),
            days=(invitation.expires_at - invitation.invited_at).days,
        ),
        back="/people/invitations",
        trail=[(say(N_("人员")), "/people")],
    )


async def _form(request: Asked, visit: Visit, side: Side, typed: Typed, wrong: Invalid | None = None) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("邀请同事")) if side is Side.STAFF else say(N_("邀请商家人员")),
        action=f"/people/invite/{side.value}",
        back="/people" if side is Side.STAFF else "/people?side=merchant",
        button=say(N_("生成邀请链接")),
        trail=((say(N_("人员")), "/people"),),
        intro=say(N_("邀请会生成一个链接，对方用它自己设置登录名和密码。")),
    )
    choices = await people_choices(visit.session, side, language_of(request))
    return show_form(request, form, Newcomer, typed, wrong=wrong, choices=choices, without=NOT_OF[side])


def _side(named: str) -> Side:
    try:
        return Side(named)
    except ValueError:
        raise NoSuchSide from None

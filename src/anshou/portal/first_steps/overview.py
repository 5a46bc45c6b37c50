"""The checklist: every step with how far it has come. It is read anew each time; nothing is ticked by hand."""

from collections.abc import Mapping
from dataclasses import dataclass

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.enums import MediaType

from anshou.first_steps.steps import OPTIONAL, Found, OwnSignIn, Step, read_steps
from anshou.gate.callers import Asked, Caller
from anshou.gate.visits import Visit, gate_of
from anshou.language import Language
from anshou.people.dismissals import Shown, dismiss, is_dismissed, show_again
from anshou.people.permissions import Permission, allows
from anshou.people.second_factor import is_enrolled, recovery_codes_left
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.first_steps.places import FIRST_STEPS, WAYS
from anshou.portal.pages import Notice, fragment, go_to, language_of, page
from tenants.refusals import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A step as it is shown. `now` says what there is, `missing` who or what lacks it."""

    label: str
    why: str
    now: str
    missing: str
    action: str
    address: str
    is_done: bool
    is_next: bool
    is_optional: bool


@get(FIRST_STEPS)
async def steps_page(request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """The whole list."""
    authorize_at_desk(caller.person, Permission.MANAGE_PEOPLE)
    gate, language = gate_of(request), language_of(request)
    async with gate.door(caller.tenant).open() as session:
        own = OwnSignIn(
            await is_enrolled(session, caller.person.id), await recovery_codes_left(session, caller.person.id)
        )
    async with gate.enter(caller) as visit:
        found = await read_steps(visit.session, by=visit.person, at=visit.at, own=own)
        away = await is_dismissed(visit.session, visit.person, Shown.FIRST_STEPS)
    lines = _lines(found, language)
    return page(
        request,
        "first_steps/steps.html",
        lines=lines,
        done=sum(line.is_done for line in lines if not line.is_optional),
        total=sum(not line.is_optional for line in lines),
        is_away=away,
    )


@get(f"{FIRST_STEPS}/left")
async def steps_left(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """How many steps are left, for the pages on which they are taken; 204 when none is, or they were put away."""
    authorize_at_desk(visit.person, Permission.MANAGE_PEOPLE)
    left = await _left(visit)
    if not left:
        return Response("", media_type=MediaType.HTML, status_code=204)
    return fragment(request, "first_steps/_left.html", left=left)


@post(f"{FIRST_STEPS}/dismiss", status_code=303)
async def put_away(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Show them to me no more."""
    authorize_at_desk(visit.person, Permission.MANAGE_PEOPLE)
    await dismiss(visit.session, visit.person, Shown.FIRST_STEPS, at=visit.at)
    said = language_of(request).say(N_("已收起。需要时可以从“设置”再打开。"))
    return go_to(request, "/people", Notice(said))


@post(f"{FIRST_STEPS}/show", status_code=303)
async def take_out(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Show them to me again."""
    authorize_at_desk(visit.person, Permission.MANAGE_PEOPLE)
    await show_again(visit.session, visit.person, Shown.FIRST_STEPS)
    return go_to(request, FIRST_STEPS)


async def begins_with_first_steps(visit: Visit) -> bool:
    """Whether the person's day begins with them: who sets up the agency, until it is set up or they put them away."""
    return (
        not visit.person.is_merchant
        and allows(visit.person, Permission.MANAGE_PEOPLE)
        and allows(visit.person, Permission.MANAGE_SETTINGS)
        and await _left(visit) > 0
    )


async def _left(visit: Visit) -> int:
    """Steps that are not done, without those of the person's own sign-in; 0 when they were put away."""
    if await is_dismissed(visit.session, visit.person, Shown.FIRST_STEPS):
        return 0
    found = await read_steps(visit.session, by=visit.person, at=visit.at)
    return sum(not one.is_done for step, one in found.items() if step not in OPTIONAL)


def _lines(found: Mapping[Step, Found], language: Language) -> list[Line]:
    following = next((step for step, one in found.items() if not one.is_done and step not in OPTIONAL), None)
    return [
        Line(
            label=language.say(step.label),
            why=language.say(WAYS[step].why),
            now=_now(step, one, language),
            missing=language.say("、").join(language.say(name) for name in one.missing),
            action=language.say(WAYS[step].action) if WAYS[step].action else "",
            address=WAYS[step].address,
            is_done=one.is_done,
            is_next=step is following,
            is_optional=step in OPTIONAL,
        )
        for step, one in found.items()
    ]


_NOW: Mapping[Step, str] = {
    Step.PEOPLE: N_("已有 %(count)s 人（含已邀请）"),
    Step.HEADS: N_("已有 %(count)s 位主管"),
    Step.SECOND_ADMIN: N_("已有 %(count)s 位系统管理员"),
    Step.RECOVERY: N_("剩余 %(count)s 个恢复码"),
    Step.CALENDAR: N_("%(count)s 年的节假日已就绪"),
    Step.LIMITS: N_("已有 %(count)s 项时限由贵公司确定"),
    Step.CHANNELS: N_("已有 %(count)s 个群机器人"),
    Step.MERCHANT: N_("已有 %(count)s 个商家"),
    Step.CONTRACT: N_("%(count)s 个商家的合同已生效"),
    Step.SERVED: N_("%(count)s 个商家都有人负责"),
    Step.CUSTOMERS: N_("已有 %(count)s 位商家人员"),
    Step.IMPORT: N_("已导入 %(count)s 份台账"),
}


def _now(step: Step, one: Found, language: Language) -> str:
    """What there is already; nothing is said of nothing."""
    if step not in _NOW or not one.count or (step is Step.SERVED and not one.is_done):
        return ""
    return language.say(_NOW[step], count=one.count)

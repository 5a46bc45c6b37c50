"""Decoys and their alarms, for administrators and auditors; nobody else learns that there are any."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import merchant_names
from anshou.people.agency import read_settings
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows, authorize
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.portal.reveals.lines import place_text, read_place
from anshou.privacy.decoys import lift_decoy, list_decoy_alarms, list_decoys
from anshou.privacy.planting import DecoyCard, plant_consumer, tickets_of_decoys
from tenants.refusals import N_, Refusal

HERE = "/decoys"
PAGE = 30


@get(HERE)
async def decoys_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What was touched and by whom, then the decoys."""
    asked = request.query_params
    after = read_place(asked["after"]) if "after" in asked else None
    alarms = await list_decoy_alarms(visit.session, by=visit.person, after=after, limit=PAGE)
    decoys = await list_decoys(visit.session, by=visit.person)
    who = {alarm.account_id for alarm in alarms.rows} | {decoy.planted_by for decoy in decoys}
    return page(
        request,
        "reveals/decoys.html",
        alarms=alarms.rows,
        decoys=decoys,
        by_id={decoy.id: decoy for decoy in decoys},
        numbers=await tickets_of_decoys(visit.session, decoys),
        merchants=await merchant_names(visit.session),
        names=await names_of(visit.session, who),
        may_plant=allows(visit.person, Permission.MANAGE_CONFIDENTIALITY),
        first=HERE if after else "",
        following=f"{HERE}?after={place_text(alarms.after)}".replace("+", "%2B") if alarms.after else "",
        zone=(await read_settings(visit.session)).zone,
    )


@get(f"{HERE}/new")
async def new_decoy_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form for another decoy."""
    authorize(visit.person, Permission.MANAGE_CONFIDENTIALITY)
    return _form(request)


@post(f"{HERE}/new", status_code=303)
async def submit_decoy(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Plant it."""
    authorize(visit.person, Permission.MANAGE_CONFIDENTIALITY)
    reading = read(DecoyCard, await typed_by(request))
    if reading.value is None:
        return _form(request, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            await plant_consumer(visit.session, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return _form(request, reading.typed, refusal)
    said = language_of(request).say(N_("诱饵记录已设置。有人接触时会通知审计和系统管理员。"))
    return go_to(request, HERE, Notice(said))


@post(f"{HERE}/{{decoy_id:uuid}}/lift", status_code=303)
async def lift(decoy_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Watch over it no longer."""
    await lift_decoy(visit.session, decoy_id, by=visit.person, at=visit.at)
    return go_to(request, HERE, Notice(language_of(request).say(N_("已停止监视这条诱饵记录。"))))


def _form(request: Asked, typed: Typed = NOTHING, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("设置诱饵记录")),
        action=f"{HERE}/new",
        back=HERE,
        button=say(N_("设置")),
        trail=((say(N_("诱饵记录")), HERE),),
        intro=say(
            N_(
                "在一个工单上加入一条虚构的消费者记录，办理人员看不出它是诱饵。"
                "请填写虚构的姓名和公司自己接听的电话，不要用真实消费者的信息。"
            )
        ),
    )
    return show_form(request, form, DecoyCard, typed, wrong=wrong)

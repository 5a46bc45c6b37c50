"""我的数据: what a merchant's people read of who saw what of theirs, and how the owner objects."""

from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, allows
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.merchant.places import acting_for, own_merchant
from anshou.portal.notices.pages import seen as notice_seen
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.portal.reveals.lines import line_of, place_text, read_place
from anshou.privacy.objections import Reason, object_to
from anshou.privacy.purposes import purpose_labels
from anshou.privacy.reveals import ViewerSide
from anshou.privacy.seen import Seen, SeenFilters, list_seen, visible_seen
from tenants.refusals import N_, Refusal

PAGE = 30

# Of whom the list speaks; the agency's people are what a merchant looks for first.
_TABS = (
    ("agency", N_("代运营方查看"), SeenFilters(side=ViewerSide.AGENCY)),
    ("merchant", N_("我方查看"), SeenFilters(side=ViewerSide.MERCHANT)),
    ("objected", N_("提出过异议"), SeenFilters(objected=True)),
)


@get("/my/data")
async def my_data_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Who saw what of ours, newest first."""
    merchant_id = own_merchant(visit.person, Permission.READ_REVEALS)
    asked, language = request.query_params, language_of(request)
    tab, _, filters = next((each for each in _TABS if each[0] == asked.get("tab")), _TABS[0])
    after = read_place(asked["after"]) if "after" in asked else None
    found = await list_seen(visit.session, visit.person, filters, after=after, limit=PAGE)
    purposes = await purpose_labels(visit.session)
    return page(
        request,
        "reveals/my_data.html",
        tab=tab,
        tabs=[
            {"label": language.say(label), "address": f"/my/data?tab={name}", "current": name == tab}
            for name, label, _ in _TABS
        ],
        lines=[line_of(seen, purposes, language, now=visit.at) for seen in found.lines],
        may_object=allows(visit.person, Permission.OBJECT_TO_REVEAL),
        first=f"/my/data?tab={tab}" if after else "",
        following="/my/data?" + urlencode({"tab": tab, "after": place_text(found.after)}) if found.after else "",
        zone=(await read_settings(visit.session)).zone,
        **await acting_for(visit, merchant_id),
    )


@get("/my/data/{reveal_id:uuid}")
async def my_reveal_page(reveal_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """One reveal, with the objection to it and the answer."""
    merchant_id = own_merchant(visit.person, Permission.READ_REVEALS)
    seen = await visible_seen(visit.session, visit.person, reveal_id)
    await notice_seen(visit, reveal_id)
    return page(
        request,
        "reveals/my_reveal.html",
        line=line_of(seen, await purpose_labels(visit.session), language_of(request), now=visit.at),
        may_object=allows(visit.person, Permission.OBJECT_TO_REVEAL)
        and seen.objection_id is None
        and seen.side is ViewerSide.AGENCY,
        zone=(await read_settings(visit.session)).zone,
        **await acting_for(visit, merchant_id),
    )


@get("/my/data/{reveal_id:uuid}/objection")
async def objecting_page(reveal_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form for the reason."""
    own_merchant(visit.person, Permission.OBJECT_TO_REVEAL)
    return _form(request, await visible_seen(visit.session, visit.person, reveal_id))


@post("/my/data/{reveal_id:uuid}/objection", status_code=303)
async def submit_objection(reveal_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Object."""
    own_merchant(visit.person, Permission.OBJECT_TO_REVEAL)
    seen = await visible_seen(visit.session, visit.person, reveal_id)
    reading = read(Reason, await typed_by(request))
    if reading.value is None:
        return _form(request, seen, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            await object_to(visit.session, reveal_id, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return _form(request, seen, reading.typed, refusal)
    said = language_of(request).say(N_("异议已提交，代运营方主管会在期限内答复。"))
    return go_to(request, f"/my/data/{reveal_id}", Notice(said))


def _form(request: Asked, seen: Seen, typed: Typed = NOTHING, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    here = f"/my/data/{seen.id}"
    form = FormPage(
        heading=say(N_("对这次查看提出异议")),
        action=f"{here}/objection",
        back=here,
        button=say(N_("提交异议")),
        trail=((say(N_("我的数据")), "/my/data"),),
        intro=say(N_("请写明您认为不妥之处，不要填写消费者的个人信息。代运营方主管会答复，结论和说明您都能看到。")),
    )
    return show_form(request, form, Reason, typed, wrong=wrong)

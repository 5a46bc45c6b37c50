"""The list of disclosures, and asking for another one."""

from datetime import timedelta

from litestar import Response, get, post
from litestar.di import NamedDependency

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import list_merchants, merchant_names
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.disclosures.places import address_of, read_place
from anshou.portal.disclosures.views import TONES
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.prefilled import starting_with
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.shown import Choices
from anshou.portal.forms.typed import Typed
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.privacy.disclosures.catalogue import field_choices
from anshou.privacy.disclosures.reading import list_consents
from anshou.privacy.disclosures.requesting import DisclosureRequest, request_disclosure
from tenants.refusals import N_, Refusal

PAGE = 30
USUAL = timedelta(days=30)


@get("/disclosures")
async def disclosures_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """A page of them, the latest first."""
    authorize_at_desk(visit.person, Permission.READ_DISCLOSURES)
    after = read_place(request.query_params.get("after", ""))
    found = await list_consents(visit.session, visit.person, after=after, limit=PAGE + 1)
    shown = found[:PAGE]
    return page(
        request,
        "disclosures/list.html",
        rows=[(one.disclosure, one.standing(visit.at)) for one in shown],
        tones=TONES,
        merchants=await merchant_names(visit.session),
        may_request=allows(visit.person, Permission.REQUEST_DISCLOSURE),
        first="/disclosures" if after else "",
        following=f"/disclosures?after={shown[-1].disclosure.id}" if len(found) > PAGE else "",
    )


@get("/disclosures/new")
async def new_disclosure_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form; `?merchant=…&ticket=…` fill it in."""
    authorize_at_desk(visit.person, Permission.REQUEST_DISCLOSURE)
    today = visit.at.astimezone((await read_settings(visit.session)).zone).date()
    asked = request.query_params
    start = {
        "merchant": asked.get("merchant", ""),
        "tickets": asked.get("ticket", ""),
        "valid_from": today,
        "valid_until": today + USUAL,
    }
    return await _form(request, visit, starting_with(start))


@post("/disclosures/new", status_code=303)
async def submit_disclosure(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Lay it before the merchant."""
    authorize_at_desk(visit.person, Permission.REQUEST_DISCLOSURE)
    reading = read(DisclosureRequest, await typed_by(request))
    if reading.value is None:
        return await _form(request, visit, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            made = await request_disclosure(visit.session, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return await _form(request, visit, reading.typed, refusal)
    said = language_of(request).say(N_("已提交给商家签署，签署前不能导出。"))
    return go_to(request, address_of(made.number), Notice(said))


async def _form(request: Asked, visit: Visit, typed: Typed, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    fields = []
    for name, table, label, sensitive in field_choices():
        words = say(N_("%(table)s：%(field)s"), table=say(table), field=say(label))
        fields.append((name, f"{words} {say(N_('（敏感）'))}" if sensitive else words))
    form = FormPage(
        heading=say(N_("申请对外提供")),
        action="/disclosures/new",
        back="/disclosures",
        button=say(N_("提交商家签署")),
        trail=((say(N_("对外提供")), "/disclosures"),),
        intro=say(
            N_(
                "未经商家书面同意，任何保密内容不得提供给第三方。请写明接收方、目的、范围和有效期，"
                "商家签署的就是这里的内容；签署后不能修改，需要变更请重新申请。"
            )
        ),
    )
    choices = Choices(
        by_name={
            "merchant": [(str(one.id), one.name) for one in await list_merchants(visit.session)],
            "fields": fields,
        }
    )
    return show_form(request, form, DisclosureRequest, typed, wrong=wrong, choices=choices)

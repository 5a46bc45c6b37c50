"""Ending a contract version before its time."""

from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.contracts import ContractVersion, visible_version
from anshou.merchants.drafting import end_version
from anshou.merchants.merchants import visible_merchant
from anshou.people.permissions import Permission, authorize
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.merchants.places import address_of_merchant, contracts_trail
from anshou.portal.pages import Notice, go_to, language_of
from tenants.refusals import N_, Refusal


class End(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the version ends and why. `last_day` is the last day on which it is in force."""

    last_day: Annotated[date, Meta(title=N_("最后一天"))]
    reason: Annotated[str, Meta(min_length=1, max_length=500, title=N_("终止原因"), extra={"widget": "text"})]


@get("/merchants/{merchant_id:uuid}/contracts/versions/{version_id:uuid}/end")
async def end_page(
    merchant_id: FromPath[UUID], version_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """The form."""
    authorize(visit.person, Permission.MANAGE_CONTRACTS)
    version = await visible_version(visit.session, merchant_id, version_id, by=visit.person)
    return await _form(request, visit, version)


@post("/merchants/{merchant_id:uuid}/contracts/versions/{version_id:uuid}/end", status_code=303)
async def submit_end(
    merchant_id: FromPath[UUID], version_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """End it, once."""
    authorize(visit.person, Permission.MANAGE_CONTRACTS)
    version = await visible_version(visit.session, merchant_id, version_id, by=visit.person)
    reading = read(End, await typed_by(request))
    if reading.value is None:
        return await _form(request, visit, version, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            end = reading.value
            await end_version(visit.session, version, end.last_day, end.reason, by=visit.person, at=visit.at)
    except Refusal as refusal:
        version = await visible_version(visit.session, merchant_id, version_id, by=visit.person)
        return await _form(request, visit, version, reading.typed, refusal)
    said = language_of(request).say(N_("该版本的最后一天已改为 %(day)s。"), day=end.last_day)
    return go_to(request, f"{address_of_merchant(merchant_id)}/contracts/versions/{version_id}", Notice(said))


async def _form(
    request: Asked,
    visit: Visit,
    version: ContractVersion,
    typed: Typed = NOTHING,
    wrong: Refusal | None = None,
) -> Response[str]:
    say = language_of(request).say
    here = f"{address_of_merchant(version.merchant_id)}/contracts/versions/{version.id}"
    form = FormPage(
        heading=say(N_("提前终止")),
        action=f"{here}/end",
        back=here,
        button=say(N_("终止该版本")),
        trail=contracts_trail(request, await visible_merchant(visit.session, version.merchant_id)),
        intro=say(N_("填写仍然有效的最后一天。终止后不能撤回；从未生效过的，填写生效日期的前一天。")),
        danger=True,
    )
    return show_form(request, form, End, typed, wrong=wrong)

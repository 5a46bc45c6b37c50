"""Destroying a merchant's key: proposed by one person, approved by another, cancelled by either."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.agency import read_settings
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.pages import Notice, go_to, language_of
from anshou.privacy.key_keeping import (
    DestructionRequest,
    approve_destruction,
    cancel_destruction,
    open_destruction,
    propose_destruction,
    visible_keys,
)
from tenants.refusals import N_, Refusal


@get("/data-keys/{owner:uuid}/destroy")
async def proposing_page(owner: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form, with what follows from it said plainly."""
    return await _form(owner, request, visit)


@post("/data-keys/{owner:uuid}/destroy", status_code=303)
async def submit_proposal(owner: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Propose it."""
    reading = read(DestructionRequest, await typed_by(request))
    if reading.value is None:
        return await _form(owner, request, visit, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            await propose_destruction(visit.session, owner, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return await _form(owner, request, visit, reading.typed, refusal)
    said = language_of(request).say(N_("已提议销毁密钥，须由另一位有权限的同事批准。"))
    return go_to(request, f"/data-keys/{owner}", Notice(said))


@post("/data-keys/{owner:uuid}/destroy/approve", status_code=303)
async def approve(owner: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Approve what somebody else proposed; the waiting time begins."""
    found = await open_destruction(visit.session, owner, by=visit.person)
    await approve_destruction(visit.session, found.id, by=visit.person, at=visit.at)
    days = (await read_settings(visit.session)).destruction_days
    said = language_of(request).say(N_("已批准。密钥将在 %(days)s 天后销毁，在此之前可以取消。"), days=days)
    return go_to(request, f"/data-keys/{owner}", Notice(said))


@post("/data-keys/{owner:uuid}/destroy/cancel", status_code=303)
async def cancel(owner: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Cancel it, before it is carried out."""
    found = await open_destruction(visit.session, owner, by=visit.person)
    await cancel_destruction(visit.session, found.id, by=visit.person, at=visit.at)
    return go_to(request, f"/data-keys/{owner}", Notice(language_of(request).say(N_("已取消销毁，密钥保持不变。"))))


async def _form(
    owner: UUID, request: Asked, visit: Visit, typed: Typed = NOTHING, wrong: Refusal | None = None
) -> Response[str]:
    card = await visible_keys(visit.session, owner, by=visit.person)
    say = language_of(request).say
    name = card.merchant or say(N_("代运营公司自身"))
    form = FormPage(
        heading=say(N_("提议销毁“%(name)s”的密钥"), name=name),
        action=f"/data-keys/{owner}/destroy",
        back=f"/data-keys/{owner}",
        button=say(N_("提议销毁")),
        trail=((say(N_("数据密钥")), "/data-keys"), (name, f"/data-keys/{owner}")),
        intro=say(
            N_(
                "销毁后，该商家所有加密保存的内容（消费者姓名、电话、地址、订单号、保密工单和附件等）在任何地方都无法再打开，"
                "包括备份，也无法恢复；今后也不能再为该商家保存保密内容。统计数字和依法保留的记录仍在，但不含内容。"
                "须由另一位有权限的同事批准，批准后再等待 %(days)s 天才会执行，期间随时可以取消。"
            ),
            days=(await read_settings(visit.session)).destruction_days,
        ),
        danger=True,
    )
    return show_form(request, form, DestructionRequest, typed, wrong=wrong)

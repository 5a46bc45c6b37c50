"""The mailbox from which replies are taken in: set, and looked after."""

from litestar import Response, get, post
from litestar.di import NamedDependency

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit, gate_of
from anshou.notifying.replies.incoming import list_incoming
from anshou.notifying.replies.mailbox import MailboxWishes, set_mailbox, visible_mailbox
from anshou.people.agency import read_settings
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows, authorize
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.prefilled import prefilled
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.notifying.reasons import saying_why
from anshou.portal.notifying.robots import HOME
from anshou.portal.pages import Notice, go_to, language_of, page, portal_of
from tenants.refusals import N_, Refusal

HERE = f"{HOME}/mailbox"


@get("/settings/notifications/mailbox")
async def mailbox_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """How it is set, how reading it went, and what came."""
    box = await visible_mailbox(visit.session, visit.person)
    came = await list_incoming(visit.session, visit.person)
    return page(
        request,
        "notifying/mailbox.html",
        box=box,
        came=came,
        names=await names_of(visit.session, {one.account_id for one in came if one.account_id}),
        home=HOME,
        here=HERE,
        may_change=allows(visit.person, Permission.MANAGE_SETTINGS),
        why=saying_why(language_of(request)),
        zone=(await read_settings(visit.session)).zone,
    )


@get("/settings/notifications/mailbox/change")
async def change_mailbox_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form."""
    authorize(visit.person, Permission.MANAGE_SETTINGS)
    box = await visible_mailbox(visit.session, visit.person)
    return _form(request, prefilled(box.wishes()) if box else NOTHING)


@post("/settings/notifications/mailbox/change", status_code=303)
async def submit_mailbox(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Set it."""
    authorize(visit.person, Permission.MANAGE_SETTINGS)
    reading = read(MailboxWishes, await typed_by(request))
    if reading.value is None:
        return _form(request, reading.typed, reading.refusal)
    key, inside = gate_of(request).door(visit.tenant).key, portal_of(request).mailbox_hosts
    try:
        await set_mailbox(visit.session, key, reading.value, inside=inside, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return _form(request, reading.typed, refusal)
    return go_to(request, HERE, Notice(language_of(request).say(N_("邮箱已保存，一分钟内开始收取。"))))


def _form(request: Asked, typed: Typed, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("设置收回复的邮箱")),
        action=f"{HERE}/change",
        back=HERE,
        button=say(N_("保存")),
        trail=((say(N_("通知设置")), HOME), (say(N_("邮件回复")), HERE)),
        intro=say(
            N_(
                "请使用专门的邮箱：系统只读取，不标记、不删除。商家的回复登记为消息，同事的回复登记为内部备注。"
                "QQ、163 等邮箱须用授权码，且通常不支持“+标签”地址。"
            )
        ),
    )
    return show_form(request, form, MailboxWishes, typed, wrong=wrong)

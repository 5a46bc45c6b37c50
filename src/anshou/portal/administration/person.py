"""One person: card, roles, merchants, and what an administrator does about their access."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import merchant_names
from anshou.people import suspending
from anshou.people.accounts import Side, visible_account
from anshou.people.cards import names_of
from anshou.people.grants import grants_of
from anshou.people.password_links import LASTS, issue_link
from anshou.people.roles import Role
from anshou.people.serving import assigned_to, places_of
from anshou.portal.administration.shown_once import link_to, show_once
from anshou.portal.pages import Notice, go_to, language_of, page
from tenants.refusals import N_


@get("/people/{account_id:uuid}")
async def person_page(account_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Who they are, what they may do and for whom."""
    account = await visible_account(visit.session, account_id, by=visit.person)
    grants = await grants_of(visit.session, account.id)
    order = list(Role)
    return page(
        request,
        "administration/person.html",
        account=account,
        is_staff=account.side is Side.STAFF,
        is_self=account.id == visit.person.id,
        grants=sorted(grants, key=lambda grant: (order.index(grant.role), grant.department or "")),
        assigned=await assigned_to(visit.session, account.id),
        memberships=await places_of(visit.session, account.id),
        merchants=await merchant_names(visit.session),
        names=await names_of(visit.session, {account.suspended_by} if account.suspended_by else ()),
    )


@post("/people/{account_id:uuid}/suspend", status_code=303)
async def suspend(account_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Keep the person out."""
    account = await visible_account(visit.session, account_id, by=visit.person)
    await suspending.suspend(visit.session, account, by=visit.person, at=visit.at)
    said = language_of(request).say(N_("%(name)s的账号已停用，登录与接口密钥即刻失效。"), name=account.name)
    return go_to(request, f"/people/{account.id}", Notice(said))


@post("/people/{account_id:uuid}/resume", status_code=303)
async def resume(account_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Let the person in again."""
    account = await visible_account(visit.session, account_id, by=visit.person)
    await suspending.resume(visit.session, account, by=visit.person, at=visit.at)
    said = language_of(request).say(N_("%(name)s的账号已恢复，可以重新登录。"), name=account.name)
    return go_to(request, f"/people/{account.id}", Notice(said))


@post("/people/{account_id:uuid}/password-link")
async def make_password_link(
    account_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """A link by which the person sets a new password, and does without the lost second factor if so asked."""
    account = await visible_account(visit.session, account_id, by=visit.person)
    resets = (await request.form()).get("resets_second_factor") == "yes"
    token = await issue_link(visit.session, account, by=visit.person, at=visit.at, resets_second_factor=resets)
    say = language_of(request).say
    also = say(N_("设置新密码后，原来的两步验证同时解除。")) if resets else ""
    advice = say(
        N_("%(hours)s 小时内有效，只能使用一次；之前发出的链接已失效。"), hours=int(LASTS.total_seconds() // 3600)
    )
    return show_once(
        request,
        heading=say(N_("密码链接已生成")),
        said=say(N_("请核实本人身份后，把下面的链接发给%(name)s。链接只显示这一次。"), name=account.name),
        label=say(N_("设置密码的链接")),
        secret=link_to(request, visit, "set-password", token),
        advice=advice + also,
        back=f"/people/{account.id}",
        trail=[(say(N_("人员")), "/people"), (account.name, f"/people/{account.id}")],
    )

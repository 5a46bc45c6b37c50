"""The agency's interface keys: made with scopes and an end, shown once, revoked."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import list_merchants, merchant_names
from anshou.people.accounts import Side
from anshou.people.api_keys import ApiKey, KeyRequest, list_keys, make_key, revoke_key
from anshou.people.cards import list_people, names_of
from anshou.people.permissions import Permission, authorize
from anshou.people.roles import Scope
from anshou.portal.administration.shown_once import show_once
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.shown import Choices
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.pages import Notice, go_to, language_of, page
from tenants.refusals import N_, Refusal

# As many people as a list to unfold can hold.
MOST_PEOPLE = 500


@get("/api-keys")
async def keys_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """All keys: those that hold, then those that hold no longer."""
    keys = await list_keys(visit.session, by=visit.person)
    return page(
        request,
        "administration/keys.html",
        holding=[key for key in keys if _holds(key, visit)],
        over=[key for key in keys if not _holds(key, visit)],
        names=await names_of(visit.session, {key.account_id for key in keys}),
        merchants=await merchant_names(visit.session),
        scopes={scope.value: scope.label for scope in Scope},
    )


@get("/api-keys/new")
async def key_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form for a key."""
    authorize(visit.person, Permission.MANAGE_API_KEYS)
    return await _form(request, visit)


@post("/api-keys/new")
async def submit_key(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Make it, and show it this once."""
    authorize(visit.person, Permission.MANAGE_API_KEYS)
    reading = read(KeyRequest, await typed_by(request), zone=visit.caller.zone)
    if reading.value is None:
        return await _form(request, visit, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            key, text = await make_key(visit.session, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return await _form(request, visit, reading.typed, refusal)
    say = language_of(request).say
    return show_once(
        request,
        heading=say(N_("接口密钥已生成")),
        said=say(N_("请现在保存“%(name)s”的密钥。它只显示这一次。"), name=key.name),
        label=say(N_("接口密钥")),
        secret=text,
        advice=say(N_("请求时放在 Authorization: Bearer 头里。不要写进网页或发到群里；泄露时立即撤销。")),
        back="/api-keys",
        trail=[(say(N_("接口密钥")), "/api-keys")],
    )


@post("/api-keys/{key_id:str}/revoke", status_code=303)
async def revoke(key_id: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Let a key hold no longer."""
    await revoke_key(visit.session, key_id, by=visit.person, at=visit.at)
    return go_to(request, "/api-keys", Notice(language_of(request).say(N_("密钥已撤销。"))))


def _holds(key: ApiKey, visit: Visit) -> bool:
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > visit.at)


async def _form(request: Asked, visit: Visit, typed: Typed = NOTHING, wrong: Refusal | None = None) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("新建接口密钥")),
        action="/api-keys/new",
        back="/api-keys",
        button=say(N_("生成密钥")),
        trail=((say(N_("接口密钥")), "/api-keys"),),
        intro=say(
            N_("密钥以所选人员的身份行事，权限不超过其角色。代表商家人员时，请选择代表的商家。有效期留空表示长期有效。")
        ),
    )
    people = [
        (str(one.id), f"{one.name} · {one.login}")
        for side in Side
        for one in await list_people(visit.session, side, by=visit.person, limit=MOST_PEOPLE)
        if not one.is_suspended
    ]
    merchants = [(str(one.id), one.name) for one in await list_merchants(visit.session)]
    choices = Choices(by_name={"account_id": people, "acting_for": merchants})
    return show_form(request, form, KeyRequest, typed, wrong=wrong, choices=choices)

"""API keys: made for somebody, listed, revoked. Whoever manages them may also make one for themselves."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Response, Router
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Listing, made, shown
from anshou.api.document import PREFIX
from anshou.api.routing import delete, get, post
from anshou.api.visits import Visiting
from anshou.people import api_keys
from anshou.people.api_keys import ApiKey, KeyRequest
from anshou.people.roles import Scope
from tenants.refusals import N_


class KeyShown(Struct, frozen=True, kw_only=True):
    """A key, without its secret half."""

    key_id: Annotated[str, Meta(title=N_("密钥编号"))]
    name: Annotated[str, Meta(title=N_("名称"))]
    account_id: Annotated[UUID, Meta(title=N_("代表的人员"))]
    acting_for: Annotated[UUID | None, Meta(title=N_("代表的商家"))]
    scopes: Annotated[list[Scope], Meta(title=N_("权限范围"))]
    made_at: Annotated[datetime, Meta(title=N_("创建时间"))]
    expires_at: Annotated[datetime | None, Meta(title=N_("有效期至"))]
    last_used_at: Annotated[datetime | None, Meta(title=N_("最近使用"))]
    revoked_at: Annotated[datetime | None, Meta(title=N_("撤销时间"))]


class KeyMade(Struct, frozen=True, kw_only=True):
    """A new key with its whole text, shown this once."""

    key: Annotated[KeyShown, Meta(title=N_("密钥"))]
    text: Annotated[str, Meta(title=N_("密钥全文，仅显示一次"))]


@get("/keys", summary=N_("列出接口密钥"), operation_id="listKeys")
async def list_keys(visit: Visiting) -> Listing[KeyShown]:
    return Listing(items=[_shown(key) for key in await api_keys.list_keys(visit.session, by=visit.person)])


@post(
    "/keys",
    summary=N_("创建接口密钥"),
    operation_id="makeKey",
    opt={"answers_with": {"Location": N_("密钥的位置")}},
)
async def make_key(data: JSONBody[KeyRequest], visit: Visiting) -> Response[KeyMade]:
    key, text = await api_keys.make_key(visit.session, data, by=visit.person, at=visit.at)
    return made(KeyMade(key=_shown(key), text=text), f"{PREFIX}/keys")


@delete("/keys/{key_id:str}", summary=N_("撤销接口密钥"), operation_id="revokeKey")
async def revoke_key(key_id: FromPath[str], visit: Visiting) -> None:
    await api_keys.revoke_key(visit.session, key_id, by=visit.person, at=visit.at)


def _shown(key: ApiKey) -> KeyShown:
    return shown(KeyShown, key, scopes=[scope for scope in Scope if scope in key.scopes])


router = Router("/", tags=[N_("接口密钥")], route_handlers=[list_keys, make_key, revoke_key])

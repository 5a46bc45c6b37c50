"""Keys of confidential data: how they stand, and rotating them. Two people destroy one in the portal."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Router
from litestar.params import FromPath
from msgspec import Meta, Struct

from anshou.api.answers import Listing, shown
from anshou.api.routing import get, post
from anshou.api.visits import Visiting
from anshou.privacy.key_keeping import KeyCard, list_keys, rotate_keys, visible_keys
from confidentiality.keys.key_rows import KeyState, VersionState
from confidentiality.sealing.suites import Suite
from tenants.refusals import N_


class DataKeyVersion(Struct, frozen=True, kw_only=True):
    """One version of an owner's data key."""

    version: Annotated[int, Meta(title=N_("版本"))]
    state: Annotated[VersionState, Meta(title=N_("状态"))]
    made_at: Annotated[datetime, Meta(title=N_("启用时间"))]
    retired_at: Annotated[datetime | None, Meta(title=N_("停用时间"))]


class OwnerKeys(Struct, frozen=True, kw_only=True):
    """An owner's keys: a merchant's, or the agency's own, of which `merchant` is null. No key material."""

    owner: Annotated[UUID, Meta(title=N_("所有者编号"))]
    merchant: Annotated[str | None, Meta(title=N_("商家名称"))]
    state: Annotated[KeyState, Meta(title=N_("状态"))]
    suite: Annotated[Suite, Meta(title=N_("算法"))]
    versions: Annotated[list[DataKeyVersion], Meta(title=N_("数据密钥的版本，新的在前"))]
    resealed_rows: Annotated[int | None, Meta(title=N_("重新加密已处理的条数；从未轮换时为空"))]
    resealed_files: Annotated[int | None, Meta(title=N_("重新加密已处理的文件数；从未轮换时为空"))]
    resealing_since: Annotated[datetime | None, Meta(title=N_("重新加密的开始时间；已完成时为空"))]
    destruction_due_at: Annotated[datetime | None, Meta(title=N_("获准销毁的执行时间"))]
    destroyed_at: Annotated[datetime | None, Meta(title=N_("销毁时间"))]


class DataKeyRotated(Struct, frozen=True, kw_only=True):
    """The version that seals from now on; what there is is sealed anew in the background."""

    owner: UUID
    version: int


@get("/data-keys", summary=N_("列出数据密钥"), operation_id="listDataKeys")
async def list_data_keys(visit: Visiting) -> Listing[OwnerKeys]:
    return Listing(items=[_shown(card) for card in await list_keys(visit.session, by=visit.person)])


@get("/data-keys/{owner:uuid}", summary=N_("读取一个商家的数据密钥"), operation_id="getDataKeys")
async def get_data_keys(owner: FromPath[UUID], visit: Visiting) -> OwnerKeys:
    return _shown(await visible_keys(visit.session, owner, by=visit.person))


@post(
    "/data-keys/{owner:uuid}/rotate",
    summary=N_("轮换数据密钥"),
    operation_id="rotateDataKey",
    status_code=202,
)
async def rotate_data_key(owner: FromPath[UUID], visit: Visiting) -> DataKeyRotated:
    version = await rotate_keys(visit.session, owner, by=visit.person, at=visit.at)
    return DataKeyRotated(owner=owner, version=version)


def _shown(card: KeyCard) -> OwnerKeys:
    keys = card.keys
    resealing = keys.resealing
    return shown(
        OwnerKeys,
        keys,
        merchant=card.merchant,
        versions=[shown(DataKeyVersion, version) for version in keys.versions],
        resealed_rows=resealing.rows_done if resealing else None,
        resealed_files=resealing.files_done if resealing else None,
        resealing_since=resealing.started_at if resealing and resealing.finished_at is None else None,
        destruction_due_at=keys.destruction.due_at if keys.destruction else None,
    )


router = Router("/", tags=[N_("数据密钥")], route_handlers=[list_data_keys, get_data_keys, rotate_data_key])

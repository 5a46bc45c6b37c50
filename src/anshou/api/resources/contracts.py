"""Contracts with a merchant and their versions: drafted, put in force, succeeded, ended."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Listing, made, shown
from anshou.api.document import PREFIX
from anshou.api.errors import ParticularMissing
from anshou.api.queries import Query
from anshou.api.resources import merchants
from anshou.api.routing import delete, get, post, put
from anshou.api.visits import ApiVisit, Visiting
from anshou.merchants import contracts, drafting
from anshou.merchants.contracts import ContractVersion, Standing
from anshou.merchants.drafting import ContractHead, Draft
from anshou.merchants.terms import Terms
from anshou.people.agency import read_settings
from tenants.refusals import N_


class ContractShown(Struct, frozen=True, kw_only=True):
    """A contract under its number."""

    id: UUID
    number: Annotated[str, Meta(title=N_("合同编号"))]
    title: Annotated[str, Meta(title=N_("合同名称"))]
    drawn_up_at: Annotated[datetime, Meta(title=N_("建立时间"))]


class VersionShown(Struct, frozen=True, kw_only=True):
    """What was agreed for a period; `standing` is today's."""

    id: UUID
    contract_id: Annotated[UUID, Meta(title=N_("合同"))]
    number: Annotated[str, Meta(title=N_("合同编号"))]
    version: Annotated[int, Meta(title=N_("版本"))]
    standing: Annotated[Standing, Meta(title=N_("今天的状态"))]
    valid_from: Annotated[date, Meta(title=N_("生效日期"))]
    valid_until: Annotated[date | None, Meta(title=N_("截止日期"))]
    terms: Annotated[Terms, Meta(title=N_("合同条款"))]
    in_force_at: Annotated[datetime | None, Meta(title=N_("确认生效的时间"))]
    ended_on: Annotated[date | None, Meta(title=N_("提前终止的最后一天"))]
    end_reason: Annotated[str | None, Meta(title=N_("终止原因"))]


class DayQuery(Query, frozen=True, kw_only=True):
    """A day in the agency's time zone."""

    on: Annotated[date | None, Meta(title=N_("日期，默认今天"))] = None


class Ending(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a version ends early, and why."""

    last_day: Annotated[date, Meta(title=N_("最后一天"))]
    reason: Annotated[str, Meta(title=N_("原因"), min_length=1, max_length=500, pattern=r"\S")]


MADE = {"answers_with": {"Location": N_("新建内容的位置")}}
_VERSION = "/merchants/{merchant_id:uuid}/contract-versions/{version_id:uuid}"


@get("/merchants/{merchant_id:uuid}/contracts", summary=N_("列出合同"), operation_id="listContracts")
async def list_contracts(merchant_id: FromPath[UUID], visit: Visiting) -> Listing[ContractShown]:
    merchant = await merchants.visible(visit, merchant_id)
    found = await contracts.contracts_of(visit.session, merchant.id, by=visit.person)
    return Listing(items=[shown(ContractShown, one) for one in found])


@post("/merchants/{merchant_id:uuid}/contracts", summary=N_("新建合同"), operation_id="drawUpContract", opt=MADE)
async def draw_up_contract(
    merchant_id: FromPath[UUID], data: JSONBody[ContractHead], visit: Visiting
) -> Response[ContractShown]:
    merchant = await merchants.visible(visit, merchant_id)
    contract = await drafting.draw_up(visit.session, merchant, data, by=visit.person, at=visit.at)
    return made(shown(ContractShown, contract), f"{PREFIX}/merchants/{merchant_id}/contracts")


@post(
    "/merchants/{merchant_id:uuid}/contracts/{contract_id:uuid}/versions",
    summary=N_("起草合同版本"),
    operation_id="draftVersion",
    opt=MADE,
)
async def draft_version(
    merchant_id: FromPath[UUID], contract_id: FromPath[UUID], data: JSONBody[Draft], visit: Visiting
) -> Response[VersionShown]:
    merchant = await merchants.visible(visit, merchant_id)
    contract = await contracts.visible_contract(visit.session, merchant.id, contract_id, by=visit.person)
    version = await drafting.add_draft(visit.session, contract, data, by=visit.person, at=visit.at)
    return made(await _shown(visit, version), f"{PREFIX}/merchants/{merchant_id}/contract-versions/{version.id}")


@get("/merchants/{merchant_id:uuid}/contract-versions", summary=N_("列出合同版本"), operation_id="listVersions")
async def list_versions(merchant_id: FromPath[UUID], visit: Visiting) -> Listing[VersionShown]:
    merchant = await merchants.visible(visit, merchant_id)
    found = await contracts.versions_of(visit.session, merchant.id, by=visit.person)
    return Listing(items=[await _shown(visit, one) for one in found])


@get(
    "/merchants/{merchant_id:uuid}/contract-in-force",
    summary=N_("某日生效的合同版本"),
    operation_id="readVersionInForce",
    query=DayQuery,
)
async def read_version_in_force(
    merchant_id: FromPath[UUID], asked: NamedDependency[DayQuery], visit: Visiting
) -> VersionShown:
    merchant = await merchants.visible(visit, merchant_id)
    on = asked.on or await _today(visit)
    version = await contracts.find_contract_in_force(visit.session, merchant.id, on)
    if version is None:
        raise ParticularMissing(N_("这一天没有生效的合同。"))
    return await _shown(visit, await _visible(visit, merchant_id, version.id))


@get(_VERSION, summary=N_("读取合同版本"), operation_id="readVersion")
async def read_version(merchant_id: FromPath[UUID], version_id: FromPath[UUID], visit: Visiting) -> VersionShown:
    return await _shown(visit, await _visible(visit, merchant_id, version_id))


@put(_VERSION, summary=N_("修改草稿"), operation_id="changeDraft")
async def change_draft(
    merchant_id: FromPath[UUID], version_id: FromPath[UUID], data: JSONBody[Draft], visit: Visiting
) -> VersionShown:
    version = await _visible(visit, merchant_id, version_id)
    await drafting.change_draft(visit.session, version, data, by=visit.person)
    return await _shown(visit, version)


@delete(_VERSION, summary=N_("删除草稿"), operation_id="discardDraft")
async def discard_draft(merchant_id: FromPath[UUID], version_id: FromPath[UUID], visit: Visiting) -> None:
    version = await _visible(visit, merchant_id, version_id)
    await drafting.discard_draft(visit.session, version, by=visit.person)


@post(f"{_VERSION}/put-in-force", summary=N_("确认生效"), operation_id="putVersionInForce", status_code=200)
async def put_version_in_force(
    merchant_id: FromPath[UUID], version_id: FromPath[UUID], visit: Visiting
) -> VersionShown:
    version = await _visible(visit, merchant_id, version_id)
    await drafting.put_in_force(visit.session, version, by=visit.person, at=visit.at)
    return await _shown(visit, version)


@post(
    f"{_VERSION}/supersede/{{former_id:uuid}}",
    summary=N_("替代生效中的版本"),
    operation_id="supersedeVersion",
    status_code=200,
)
async def supersede_version(
    merchant_id: FromPath[UUID], version_id: FromPath[UUID], former_id: FromPath[UUID], visit: Visiting
) -> VersionShown:
    former = await _visible(visit, merchant_id, former_id)
    version = await _visible(visit, merchant_id, version_id)
    await drafting.supersede(visit.session, former, version, by=visit.person, at=visit.at)
    return await _shown(visit, version)


@post(f"{_VERSION}/end", summary=N_("提前终止"), operation_id="endVersion", status_code=200)
async def end_version(
    merchant_id: FromPath[UUID], version_id: FromPath[UUID], data: JSONBody[Ending], visit: Visiting
) -> VersionShown:
    version = await _visible(visit, merchant_id, version_id)
    await drafting.end_version(visit.session, version, data.last_day, data.reason, by=visit.person, at=visit.at)
    return await _shown(visit, version)


async def _visible(visit: ApiVisit, merchant_id: UUID, version_id: UUID) -> ContractVersion:
    return await contracts.visible_version(visit.session, merchant_id, version_id, by=visit.person)


async def _today(visit: ApiVisit) -> date:
    return visit.at.astimezone((await read_settings(visit.session)).zone).date()


async def _shown(visit: ApiVisit, version: ContractVersion) -> VersionShown:
    standing = version.standing(await _today(visit))
    return shown(VersionShown, version, number=version.contract.number, standing=standing, terms=version.agreed)


router = Router(
    "/",
    tags=[N_("合同")],
    route_handlers=[
        list_contracts,
        draw_up_contract,
        draft_version,
        list_versions,
        read_version_in_force,
        read_version,
        change_draft,
        discard_draft,
        put_version_in_force,
        supersede_version,
        end_version,
    ],
)

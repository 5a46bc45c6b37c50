"""What tickets cost: claimed with proof by whoever incurred it, verified or returned by finance. Amounts are in fen."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Stream
from msgspec import Meta, Struct

from anshou.api import uploads, visits
from anshou.api.answers import Listing, Page, made, shown
from anshou.api.cursors import pack, unpack
from anshou.api.document import PREFIX
from anshou.api.queries import Paging
from anshou.api.resources.allocations import AllocationShown, allocations_shown
from anshou.api.routing import get, post
from anshou.api.uploads import Upload
from anshou.api.visits import ApiVisit, Visiting
from anshou.downloads import send_file
from anshou.finance import claiming, evidence, listing, reach, taking_back, verifying, working_time
from anshou.finance.claiming import Claim
from anshou.finance.flags import FlagKind, flags_of
from anshou.finance.taking_back import TakingBack
from anshou.finance.verifying import Return
from anshou.finance.working_time import TimeWorked
from anshou.gate.callers import Asked
from anshou.people.permissions import Permission, authorize
from anshou.tickets.sealed_files import sealing_storage
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import StoredFile
from billing.costs.items import CostItem, deeds_of, evidence_of
from billing.costs.states import WAITING, Deed, State
from billing.currencies import Currency
from billing.parties import CostCategory
from tenants import files
from tenants.refusals import N_
from tenants.storage import ObjectStorage


class CostQuery(Paging, frozen=True, kw_only=True):
    """Which costs; the days are those on which they were incurred, both included."""

    state: Annotated[State, Meta(title=N_("状态"))] | None = None
    category: Annotated[CostCategory, Meta(title=N_("费用类别"))] | None = None
    merchant: Annotated[UUID, Meta(title=N_("商家"))] | None = None
    claimed_by: Annotated[UUID, Meta(title=N_("登记人"))] | None = None
    ticket: Annotated[str, Meta(max_length=40, title=N_("工单号"))] = ""
    incurred_from: Annotated[date, Meta(title=N_("发生日期起"))] | None = None
    incurred_until: Annotated[date, Meta(title=N_("发生日期止"))] | None = None


class CostShown(Struct, frozen=True, kw_only=True):
    """A cost. `fen` is the whole amount in hundredths of the currency, of which `tax_fen` is tax."""

    id: UUID
    number: Annotated[str, Meta(title=N_("费用编号"))]
    merchant_id: Annotated[UUID, Meta(title=N_("商家"))]
    ticket_number: Annotated[str, Meta(title=N_("工单号"))]
    category: Annotated[CostCategory, Meta(title=N_("费用类别"))]
    fen: Annotated[int, Meta(title=N_("金额（含税），分"))]
    tax_fen: Annotated[int, Meta(title=N_("其中税额，分"))]
    currency: Annotated[Currency, Meta(title=N_("币种"))]
    incurred_on: Annotated[date, Meta(title=N_("发生日期"))]
    note: Annotated[str, Meta(title=N_("用途说明"))]
    department: Annotated[str | None, Meta(title=N_("部门"))]
    claimed_by: Annotated[UUID, Meta(title=N_("登记人"))]
    claimed_at: Annotated[datetime, Meta(title=N_("登记时间"))]
    state: Annotated[State, Meta(title=N_("状态"))]
    state_since: Annotated[datetime, Meta(title=N_("状态起始时间"))]


class EvidenceShown(Struct, frozen=True, kw_only=True):
    """A file that proves a cost; `attachment_id` if it is one of the ticket's."""

    id: UUID
    attachment_id: Annotated[UUID | None, Meta(title=N_("工单附件"))]
    name: Annotated[str, Meta(title=N_("文件名"))]
    media_type: Annotated[str, Meta(title=N_("文件类型"))]
    size: Annotated[int, Meta(title=N_("大小，字节"))]
    sha256: Annotated[str, Meta(title=N_("内容的 SHA-256"))]
    added_at: Annotated[datetime, Meta(title=N_("添加时间"))]


class DeedShown(Struct, frozen=True, kw_only=True):
    """What was done to a cost."""

    deed: Annotated[Deed, Meta(title=N_("操作"))]
    reason: Annotated[str, Meta(title=N_("原因"))]
    done_by: Annotated[UUID, Meta(title=N_("操作人"))]
    done_at: Annotated[datetime, Meta(title=N_("时间"))]


class FlagShown(Struct, frozen=True, kw_only=True):
    """Why finance should look twice; `number` is the other cost, where the same file proves it."""

    kind: Annotated[FlagKind, Meta(title=N_("原因类别"))]
    why: Annotated[str, Meta(title=N_("说明"))]
    number: Annotated[str, Meta(title=N_("相关费用"))]


class CostRead(CostShown, frozen=True, kw_only=True):
    """A cost with its files and history, and while it waits to be verified why it is flagged."""

    evidence: Annotated[list[EvidenceShown], Meta(title=N_("凭证"))]
    deeds: Annotated[list[DeedShown], Meta(title=N_("处理记录"))]
    flags: Annotated[list[FlagShown], Meta(title=N_("需留意"))]
    allocations: Annotated[list[AllocationShown], Meta(title=N_("归属，现行的在前"))]


class AttachmentNamed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which of the ticket's attachments proves the cost."""

    attachment_id: Annotated[UUID, Meta(title=N_("工单附件"))]


async def may_prove(request: Asked) -> ObjectStorage:
    """Where the file goes: sealed for the merchant. Raises what keeps the caller from sending one for this cost."""
    caller, door = visits.caller_by_key(request), visits.door_of(request)
    authorize(caller.person, Permission.RECORD_COSTS)
    async with door.tenants.session(caller.tenant, caller.person.context()) as session:
        item, _ = await reach.visible_cost(session, caller.person, request.path_params["cost"])
        return await sealing_storage(session, door.storage, item.merchant_id)


@get("/costs", summary=N_("列出费用"), operation_id="listCosts", query=CostQuery)
async def list_costs(asked: NamedDependency[CostQuery], visit: Visiting) -> Page[CostShown]:
    filters = listing.CostFilters(
        state=asked.state,
        category=asked.category,
        merchant=asked.merchant,
        claimed_by=asked.claimed_by,
        ticket=asked.ticket,
        incurred_from=asked.incurred_from,
        incurred_until=asked.incurred_until,
    )
    narrowed = [str(one) for one in (filters.state, filters.category, filters.merchant, filters.claimed_by)]
    narrowed += [filters.ticket, str(filters.incurred_from), str(filters.incurred_until)]
    after = unpack(asked.after, "costs", narrowed, UUID) if asked.after else None
    found = await listing.list_costs(visit.session, filters, by=visit.person, after=after, limit=asked.limit + 1)
    lines = found[: asked.limit]
    following = pack("costs", narrowed, lines[-1].id) if len(found) > asked.limit else None
    return Page(items=[shown(CostShown, line) for line in lines], next=following)


@get("/tickets/{number:str}/costs", summary=N_("列出工单费用"), operation_id="listTicketCosts")
async def list_ticket_costs(number: FromPath[str], visit: Visiting) -> Listing[CostShown]:
    ticket = await reach.ticket_with_costs(visit.session, visit.person, number)
    items = await listing.costs_of(visit.session, ticket, by=visit.person)
    return Listing(items=[shown(CostShown, item, ticket_number=ticket.number) for item in items])


@post(
    "/tickets/{number:str}/costs",
    summary=N_("登记费用"),
    operation_id="claimCost",
    opt={"answers_with": {"Location": N_("费用的位置")}},
)
async def claim_cost(number: FromPath[str], data: JSONBody[Claim], visit: Visiting) -> Response[CostRead]:
    ticket = await reach.ticket_with_costs(visit.session, visit.person, number)
    item = await claiming.claim_cost(visit.session, ticket, data, by=visit.person, at=visit.at)
    return made(await _read(visit, item, ticket), f"{PREFIX}/costs/{item.number}")


@post(
    "/tickets/{number:str}/working-time",
    summary=N_("登记工时"),
    operation_id="claimTime",
    opt={"answers_with": {"Location": N_("费用的位置")}},
)
async def claim_time(number: FromPath[str], data: JSONBody[TimeWorked], visit: Visiting) -> Response[CostRead]:
    ticket = await reach.ticket_with_costs(visit.session, visit.person, number)
    item = await working_time.claim_time(visit.session, ticket, data, by=visit.person, at=visit.at)
    return made(await _read(visit, item, ticket), f"{PREFIX}/costs/{item.number}")


@get("/costs/{cost:str}", summary=N_("读取费用"), operation_id="readCost")
async def read_cost(cost: FromPath[str], visit: Visiting) -> CostRead:
    return await _read(visit, *await reach.visible_cost(visit.session, visit.person, cost))


@post(
    "/costs/{cost:str}/evidence",
    summary=N_("上传费用凭证"),
    operation_id="addEvidence",
    dependencies=uploads.taking(may_prove),
    opt={"upload": uploads.Beside},
)
async def add_evidence(cost: FromPath[str], uploaded: NamedDependency[Upload], visit: Visiting) -> CostRead:
    item, ticket = await reach.visible_cost(visit.session, visit.person, cost)
    stored = StoredFile(
        name=uploaded.file.name,
        media_type=uploaded.file.content_type,
        size=uploaded.file.size,
        sha256=uploaded.file.sha256,
        storage_key=uploaded.file.key,
    )
    await evidence.add_evidence(visit.session, ticket, item, stored, by=visit.person, at=visit.at)
    return await _read(visit, item, ticket)


@post("/costs/{cost:str}/evidence/attachments", summary=N_("以工单附件为凭证"), operation_id="useAttachment")
async def use_attachment(cost: FromPath[str], data: JSONBody[AttachmentNamed], visit: Visiting) -> CostRead:
    item, ticket = await reach.visible_cost(visit.session, visit.person, cost)
    await evidence.use_attachment(
        visit.session, visit.door.storage, ticket, item, data.attachment_id, by=visit.person, at=visit.at
    )
    return await _read(visit, item, ticket)


@get(
    "/costs/{cost:str}/evidence/{evidence_id:uuid}",
    summary=N_("下载费用凭证"),
    operation_id="downloadEvidence",
    opt={"downloads": tuple(files.ACCEPTED)},
)
async def download_evidence(cost: FromPath[str], evidence_id: FromPath[UUID], visit: Visiting) -> Stream:
    item, ticket = await reach.visible_cost(visit.session, visit.person, cost)
    found = await evidence.visible_evidence(visit.session, item, evidence_id)
    storage = await evidence.open_evidence(
        visit.session, visit.door.storage, ticket, item, found, by=visit.person, at=visit.at
    )
    stored = files.StoredFile(
        key=found.storage_key, name=found.name, content_type=found.media_type, size=found.size, sha256=found.sha256
    )
    return await send_file(storage, stored)


@post("/costs/{cost:str}/submission", summary=N_("提交费用"), operation_id="submitCost", status_code=200)
async def submit_cost(cost: FromPath[str], visit: Visiting) -> CostRead:
    item, ticket = await reach.visible_cost(visit.session, visit.person, cost)
    await claiming.submit_cost(visit.session, item, by=visit.person, at=visit.at)
    return await _read(visit, item, ticket)


@post("/costs/{cost:str}/verification", summary=N_("核实费用"), operation_id="verifyCost", status_code=200)
async def verify_cost(cost: FromPath[str], visit: Visiting) -> CostRead:
    item, ticket = await reach.visible_cost(visit.session, visit.person, cost)
    await verifying.verify_cost(visit.session, item, by=visit.person, at=visit.at)
    return await _read(visit, item, ticket)


@post("/costs/{cost:str}/return", summary=N_("退回费用"), operation_id="returnCost", status_code=200)
async def return_cost(cost: FromPath[str], data: JSONBody[Return], visit: Visiting) -> CostRead:
    item, ticket = await reach.visible_cost(visit.session, visit.person, cost)
    await verifying.return_cost(visit.session, item, data.reason, by=visit.person, at=visit.at)
    return await _read(visit, item, ticket)


@post("/costs/{cost:str}/taking-back", summary=N_("撤销费用核实"), operation_id="takeBackCost", status_code=200)
async def take_back_cost(cost: FromPath[str], data: JSONBody[TakingBack], visit: Visiting) -> CostRead:
    item, ticket = await reach.visible_cost(visit.session, visit.person, cost)
    await taking_back.take_back(visit.session, item, data.reason, by=visit.person, at=visit.at)
    return await _read(visit, item, ticket)


@post("/costs/{cost:str}/withdrawal", summary=N_("撤回费用"), operation_id="withdrawCost", status_code=200)
async def withdraw_cost(cost: FromPath[str], visit: Visiting) -> CostRead:
    item, ticket = await reach.visible_cost(visit.session, visit.person, cost)
    await claiming.withdraw_cost(visit.session, item, by=visit.person, at=visit.at)
    return await _read(visit, item, ticket)


async def _read(visit: ApiVisit, item: CostItem, ticket: Ticket) -> CostRead:
    proofs = (await evidence_of(visit.session, [item]))[item.id]
    flags = await flags_of(visit.session, item, proofs) if item.state in WAITING else []
    return shown(
        CostRead,
        item,
        ticket_number=ticket.number,
        evidence=[shown(EvidenceShown, one) for one in proofs],
        deeds=[shown(DeedShown, one) for one in await deeds_of(visit.session, item)],
        flags=[FlagShown(kind=flag.kind, why=str(flag.why), number=flag.number) for flag in flags],
        allocations=await allocations_shown(visit, item),
    )


router = Router(
    "/",
    tags=[N_("费用")],
    route_handlers=[
        list_costs,
        list_ticket_costs,
        claim_cost,
        claim_time,
        read_cost,
        add_evidence,
        use_attachment,
        download_evidence,
        submit_cost,
        verify_cost,
        return_cost,
        take_back_cost,
        withdraw_cost,
    ],
)

"""The audit record: leaves for auditors, proofs and signed checkpoints for whoever keeps them outside this house."""

import base64
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Router
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from anshou.api.answers import Page
from anshou.api.cursors import pack, unpack
from anshou.api.queries import Paging, Query
from anshou.api.routing import get
from anshou.api.visits import ApiVisit, Visiting
from anshou.privacy import auditing
from confidentiality.audit.checkpoints import CheckpointKey
from confidentiality.audit.leaves import AuditLeaf
from confidentiality.audit.reading import LeafFilter
from confidentiality.audit.tree import AuditCheckpoint
from tenants.refusals import N_

# PostgreSQL's largest bigint.
Size = Annotated[int, Meta(ge=1, le=2**63 - 1, title=N_("记录条数"))]


class LeafQuery(Paging, frozen=True, kw_only=True):
    """Which leaves; `since` is included, `until` is not."""

    action: Annotated[Annotated[str, Meta(max_length=100)] | None, Meta(title=N_("动作代码"))] = None
    actor: Annotated[UUID | None, Meta(title=N_("人员"))] = None
    merchant: Annotated[UUID | None, Meta(title=N_("商家"))] = None
    ticket: Annotated[UUID | None, Meta(title=N_("工单"))] = None
    subject: Annotated[UUID | None, Meta(title=N_("对象"))] = None
    since: Annotated[Annotated[datetime, Meta(tz=True)] | None, Meta(title=N_("起始时间"))] = None
    until: Annotated[Annotated[datetime, Meta(tz=True)] | None, Meta(title=N_("截止时间"))] = None


class LeafShown(Struct, frozen=True, kw_only=True):
    """A leaf; `body` is null when the key that it was sealed with has been destroyed."""

    id: UUID
    at: Annotated[datetime, Meta(title=N_("时间"))]
    action: Annotated[str, Meta(title=N_("动作代码"))]
    actor_id: Annotated[UUID, Meta(title=N_("人员"))]
    actor_side: Annotated[str, Meta(title=N_("哪一方"))]
    merchant_id: Annotated[UUID | None, Meta(title=N_("商家"))]
    subject_id: Annotated[UUID | None, Meta(title=N_("对象"))]
    ticket_id: Annotated[UUID | None, Meta(title=N_("工单"))]
    body: Annotated[dict[str, Any] | None, Meta(title=N_("内容"))]
    leaf_hash: Annotated[str, Meta(title=N_("叶子哈希"))]


class Proof(Struct, frozen=True, kw_only=True):
    """An inclusion proof by RFC 9162 with all that another program needs to check it."""

    format: Annotated[str, Meta(title=N_("格式"))]
    tenant: UUID
    key: Annotated[str, Meta(title=N_("验证密钥"))]
    leaf: Annotated[dict[str, Any], Meta(title=N_("原始记录，正文为 base64"))]
    seq: Annotated[int, Meta(title=N_("序号，从 0 开始"))]
    proof: Annotated[list[str], Meta(title=N_("证明路径，base64"))]
    checkpoint: Annotated[str, Meta(title=N_("签名的检查点"))]


class CheckpointQuery(Paging, frozen=True, kw_only=True):
    """Which checkpoints: the newest first."""


class CheckpointShown(Struct, frozen=True, kw_only=True):
    """A signed statement of what the record was; `note` is what counts."""

    size: Annotated[int, Meta(title=N_("记录条数"))]
    root: Annotated[str, Meta(title=N_("根哈希"))]
    made_at: Annotated[datetime, Meta(title=N_("时间"))]
    note: Annotated[str, Meta(title=N_("签名的检查点"))]
    key: Annotated[str, Meta(title=N_("验证密钥"))]


class ConsistencyQuery(Query, frozen=True, kw_only=True):
    """Between which two checkpoints, by how many leaves they cover."""

    first: Size
    second: Size


class Consistency(Struct, frozen=True, kw_only=True):
    """A consistency proof by RFC 9162: the second tree began as the first."""

    first: Annotated[str, Meta(title=N_("较早的检查点"))]
    second: Annotated[str, Meta(title=N_("较晚的检查点"))]
    proof: Annotated[list[str], Meta(title=N_("证明路径，base64"))]


@get("/audit/leaves", summary=N_("列出审计记录"), operation_id="listAuditLeaves", query=LeafQuery)
async def list_leaves(asked: NamedDependency[LeafQuery], visit: Visiting) -> Page[LeafShown]:
    wanted = LeafFilter(
        action=asked.action,
        actor=asked.actor,
        merchant=asked.merchant,
        ticket=asked.ticket,
        subject=asked.subject,
        since=asked.since,
        until=asked.until,
    )
    described = [str(value) for value in (asked.action, asked.actor, asked.merchant, asked.ticket, asked.subject)]
    described += [str(asked.since), str(asked.until)]
    before = unpack(asked.after, "audit leaves", described, UUID) if asked.after else None
    found = await auditing.browse(visit.session, wanted, by=visit.person, before=before, limit=asked.limit + 1)
    page = [_leaf(leaf, body) for leaf, body in found[: asked.limit]]
    more = len(found) > asked.limit
    return Page(items=page, next=pack("audit leaves", described, page[-1].id) if more else None)


@get("/audit/leaves/{leaf_id:uuid}", summary=N_("读取审计记录"), operation_id="readAuditLeaf")
async def read_leaf(leaf_id: FromPath[UUID], visit: Visiting) -> LeafShown:
    found = await auditing.read_leaf(visit.session, leaf_id, by=visit.person)
    return _leaf(found.leaf, found.body)


@get("/audit/leaves/{leaf_id:uuid}/proof", summary=N_("读取审计记录的证明"), operation_id="readAuditProof")
async def read_proof(leaf_id: FromPath[UUID], visit: Visiting) -> Proof:
    proof = await auditing.prove_leaf(visit.session, leaf_id, by=visit.person)
    told = proof.told(visit.tenant.id, _key(visit))
    return Proof(**{**told, "tenant": visit.tenant.id})


@get("/audit/checkpoints", summary=N_("列出检查点"), operation_id="listCheckpoints", query=CheckpointQuery)
async def list_checkpoints(asked: NamedDependency[CheckpointQuery], visit: Visiting) -> Page[CheckpointShown]:
    below = unpack(asked.after, "audit checkpoints", None, Size) if asked.after else None
    found = await auditing.list_checkpoints(visit.session, by=visit.person, below=below, limit=asked.limit + 1)
    page = [_checkpoint(one, visit) for one in found[: asked.limit]]
    more = len(found) > asked.limit
    return Page(items=page, next=pack("audit checkpoints", None, page[-1].size) if more else None)


@get(
    "/audit/consistency",
    summary=N_("读取两个检查点之间的一致性证明"),
    operation_id="readConsistency",
    query=ConsistencyQuery,
)
async def read_consistency(asked: NamedDependency[ConsistencyQuery], visit: Visiting) -> Consistency:
    hashes, notes = await auditing.prove_extension(visit.session, asked.first, asked.second, by=visit.person)
    return Consistency(first=notes[0], second=notes[1], proof=[base64.b64encode(one).decode() for one in hashes])


def _leaf(leaf: AuditLeaf, body: dict[str, Any] | None) -> LeafShown:
    return LeafShown(
        id=leaf.id,
        at=leaf.at,
        action=leaf.action,
        actor_id=leaf.actor_id,
        actor_side=leaf.actor_side,
        merchant_id=leaf.merchant_id,
        subject_id=leaf.subject_id,
        ticket_id=leaf.ticket_id,
        body=body,
        leaf_hash=leaf.leaf_hash.hex(),
    )


def _checkpoint(one: AuditCheckpoint, visit: ApiVisit) -> CheckpointShown:
    return CheckpointShown(size=one.size, root=one.root.hex(), made_at=one.made_at, note=one.note, key=_key(visit))


def _key(visit: ApiVisit) -> str:
    return str(CheckpointKey(visit.door.secret, visit.tenant.id).verifying)


router = Router(
    "/",
    tags=[N_("审计")],
    route_handlers=[list_leaves, read_leaf, read_proof, list_checkpoints, read_consistency],
)

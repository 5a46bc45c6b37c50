"""Who bears a cost and why, as the door shows it beside the cost. Amounts are in fen."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from anshou.api.visits import ApiVisit
from anshou.finance.allocated import Borne, how_allocated
from billing.attribution.claims import ClaimResult
from billing.costs.items import CostItem
from billing.parties import Party
from tenants.refusals import N_


class BornePart(Struct, frozen=True, kw_only=True):
    """What a party bears of what one cause is responsible for; `general` says that the clause is no contract's."""

    cause: Annotated[Party, Meta(title=N_("责任方"))]
    party: Annotated[Party, Meta(title=N_("承担方"))]
    fen: Annotated[int, Meta(title=N_("金额（分）"))]
    clause: Annotated[str, Meta(title=N_("适用条款"))]
    general: Annotated[bool, Meta(title=N_("按一般规则"))]
    claim: Annotated[ClaimResult | None, Meta(title=N_("索赔结果"))]
    received_fen: Annotated[int | None, Meta(title=N_("索赔实收（分）"))]


class BorneBy(Struct, frozen=True, kw_only=True):
    """What a party bears altogether, and the sentence that says why."""

    party: Annotated[Party, Meta(title=N_("承担方"))]
    fen: Annotated[int, Meta(title=N_("金额（分）"))]
    why: Annotated[str, Meta(title=N_("依据"))]


class AllocationShown(Struct, frozen=True, kw_only=True):
    """An allocation: by which contract version and version of the general rule, what each party bears, in its parts."""

    id: UUID
    determination_id: Annotated[UUID, Meta(title=N_("责任判定"))]
    contract_version_id: Annotated[UUID | None, Meta(title=N_("合同版本"))]
    general_version: Annotated[int, Meta(title=N_("一般规则版本"))]
    allocated_at: Annotated[datetime, Meta(title=N_("归属时间"))]
    supersedes_id: Annotated[UUID | None, Meta(title=N_("取代的归属"))]
    parties: Annotated[list[BorneBy], Meta(title=N_("各方承担"))]
    parts: Annotated[list[BornePart], Meta(title=N_("明细"))]


async def allocations_shown(visit: ApiVisit, item: CostItem) -> list[AllocationShown]:
    """The allocations of the cost, the one that counts first."""
    return [_shown(one) for one in await how_allocated(visit.session, item, by=visit.person)]


def _shown(one: Borne) -> AllocationShown:
    parts = []
    for part in one.parts:
        ended = one.conclusions.get(part.id)
        parts.append(
            BornePart(
                cause=part.cause,
                party=part.party,
                fen=part.fen,
                clause=part.clause,
                general=part.is_general,
                claim=ended.result if ended else None,
                received_fen=ended.received_fen if ended else None,
            )
        )
    return AllocationShown(
        id=one.row.id,
        determination_id=one.row.determination_id,
        contract_version_id=one.row.version_id,
        general_version=one.row.general_version,
        allocated_at=one.row.allocated_at,
        supersedes_id=one.row.supersedes_id,
        parties=[BorneBy(party=party, fen=one.fen[party], why=str(why)) for party, why in one.why.items()],
        parts=parts,
    )

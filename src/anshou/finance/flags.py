"""What finance should look at twice before it verifies a cost: the very file elsewhere, an unusual amount, overtime."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets.tickets import Ticket
from billing.costs.items import CostEvidence, CostItem, amounts_verified, same_files
from billing.costs.labour import MOST_OVERTIME_OF_A_MONTH
from billing.costs.time_entries import TimeEntry, find_time_entry, overtime_of_month
from billing.costs.usual import usual_of
from billing.parties import CostCategory
from tenants.labels import Labelled
from tenants.refusals import N_, Message


class FlagKind(Labelled):
    """Why an item is flagged."""

    SAME_FILE = "same_file", N_("重复凭证")
    OUT_OF_LINE = "out_of_line", N_("金额异常")
    OVERTIME = "overtime", N_("加班超限")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One reason to look twice, with its figures; `number` is the other item, where the same file proves it."""

    kind: FlagKind
    why: Message
    number: str = ""


async def flags_of(session: AsyncSession, item: CostItem, evidence: Sequence[CostEvidence]) -> list[Flag]:
    """Why the item is flagged as things stand now. In the agency's context, which sees the whole tenant."""
    flags = await _same_files(session, evidence)
    usual = usual_of(await amounts_verified(session, item.category, item.currency, besides=item.id))
    if usual is not None and not usual.holds(item.fen):
        said = N_("%(amount)s 偏离同类近 %(count)s 笔的常见范围 %(lowest)s 至 %(highest)s（中位数 %(median)s）")
        why = Message(
            said,
            amount=written(item.fen),
            count=usual.count,
            lowest=written(usual.lowest),
            highest=written(usual.highest),
            median=written(usual.median),
        )
        flags.append(Flag(kind=FlagKind.OUT_OF_LINE, why=why))
    if item.category is CostCategory.LABOUR_OVERTIME and (entry := await find_time_entry(session, item)):
        flags += await _overtime(session, entry)
    return flags


def written(fen: int) -> str:
    """`1,234.50`: an amount within a sentence."""
    return f"{fen // 100:,}.{fen % 100:02}"


async def _same_files(session: AsyncSession, evidence: Sequence[CostEvidence]) -> list[Flag]:
    found = await same_files(session, evidence)
    numbers = await _ticket_numbers(session, {item.ticket_id for _, _, item in found})
    said = N_("“%(file)s”与费用 %(number)s（工单 %(ticket)s）的凭证“%(other)s”内容相同")
    return [
        Flag(
            kind=FlagKind.SAME_FILE,
            why=Message(
                said, file=one.name, number=item.number, ticket=numbers.get(item.ticket_id, "—"), other=other.name
            ),
            number=item.number,
        )
        for one, other, item in found
    ]


async def _ticket_numbers(session: AsyncSession, ids: set[object]) -> dict[object, str]:
    if not ids:
        return {}
    rows = await session.execute(select(Ticket.id, Ticket.number).where(Ticket.id.in_(ids)))
    return {row.id: row.number for row in rows}


async def _overtime(session: AsyncSession, entry: TimeEntry) -> list[Flag]:
    minutes = await overtime_of_month(session, entry.person_id, entry.worked_on)
    if minutes <= MOST_OVERTIME_OF_A_MONTH:
        return []
    said = N_("当月加班合计 %(hours)s 小时，超过《劳动法》第四十一条的每月 36 小时")
    hours = f"{minutes / 60:.1f}".removesuffix(".0")
    return [Flag(kind=FlagKind.OVERTIME, why=Message(said, hours=hours))]

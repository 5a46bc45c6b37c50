"""Lines split and merged: lines made of others, which come to exactly the same and stand in their place.

The lines that are divided are claimed by the division, so that they cannot be matched as well; undoing it frees them
again, as long as nothing that it made is matched. The database checks the sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from billing.ledger.periods import month_of, open_day
from billing.reconciliation.batches import ExternalLineRow, find_external
from billing.reconciliation.claims import LineMatch, MatchedLine, refused_in_words
from billing.reconciliation.errors import LineNotFound, MatchInvalid
from billing.reconciliation.stages import Stage
from tenants.base import new_id
from tenants.refusals import N_, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one of several lines shall be: signed fen, and a word on it."""

    fen: int
    text: str = ""


async def split(
    session: AsyncSession, line_id: UUID, parts: Sequence[Part], *, by: UUID, at: datetime
) -> list[ExternalLineRow]:
    """Put lines of these amounts in the place of one. Raises LineNotFound, LineTaken, MatchInvalid, MonthClosed."""
    (line,) = await _lines(session, [line_id])
    if len(parts) < 2 or any(part.fen == 0 for part in parts):
        raise MatchInvalid(Message(N_("至少拆成两行，且每行金额不为零")))
    if sum(part.fen for part in parts) != line.fen:
        raise MatchInvalid(Message(N_("拆分后的合计须等于原金额")))
    return await _divide(session, [line], parts, by=by, at=at)


async def merge(session: AsyncSession, line_ids: Sequence[UUID], *, by: UUID, at: datetime) -> ExternalLineRow:
    """Put one line in the place of several of one account, currency and month. Raises as `split`."""
    lines = await _lines(session, line_ids)
    # Across months the proof of neither would agree.
    places = {(line.source, line.account, line.currency, month_of(line.booked_on)) for line in lines}
    if len(lines) < 2 or len(places) != 1:
        raise MatchInvalid(Message(N_("只能合并同一账户、同一币种、同一月份的至少两行")))
    text = " + ".join(dict.fromkeys(line.text for line in lines if line.text))
    (merged,) = await _divide(session, lines, [Part(fen=sum(line.fen for line in lines), text=text)], by=by, at=at)
    return merged


async def _lines(session: AsyncSession, line_ids: Sequence[UUID]) -> Sequence[ExternalLineRow]:
    lines = await find_external(session, line_ids)
    if len(lines) != len(set(line_ids)):
        raise LineNotFound
    return lines


async def _divide(
    session: AsyncSession, lines: Sequence[ExternalLineRow], parts: Sequence[Part], *, by: UUID, at: datetime
) -> list[ExternalLineRow]:
    latest = max(lines, key=lambda line: (line.booked_on, line.id))
    day = await open_day(session, latest.booked_on)
    division = LineMatch(
        stage=Stage.DIVIDED,
        is_automatic=False,
        score=100,
        days=0,
        lines=len(lines),
        derived_lines=len(parts),
        fen=0,
        currency=latest.currency,
        booked_on=day,
        note="",
        made_at=at,
        made_by=by,
    )
    refs = list(dict.fromkeys(ref for line in lines for ref in line.refs))[:6]
    made = [_derived(division, latest, part, refs) for part in parts]
    async with refused_in_words(day):
        session.add(division)
        await session.flush()
        session.add_all(made)
        await session.flush()
        await session.execute(insert(MatchedLine), [_claimed(division, line) for line in lines])
    return made


def _derived(division: LineMatch, line: ExternalLineRow, part: Part, refs: list[str]) -> ExternalLineRow:
    own = new_id()
    return ExternalLineRow(
        id=own,
        batch_id=line.batch_id,
        derived_by=division.id,
        source=line.source,
        account=line.account,
        number=line.number,
        booked_on=line.booked_on,
        fen=part.fen,
        currency=line.currency,
        refs=refs,
        counterparty=line.counterparty,
        text=part.text or line.text,
        natural_key=f"derived:{own}",
        nature=line.nature,
    )


def _claimed(division: LineMatch, line: ExternalLineRow) -> dict[str, object]:
    said = {name: getattr(line, name) for name in ("source", "booked_on", "fen", "currency")}
    return said | {"match_id": division.id, "line_id": line.id, "side": "external"}

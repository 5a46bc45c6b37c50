"""Small differences written off: a voucher in the ledger, bound to the match that it makes agree."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from billing.ledger.drafts import Draft, Posting
from billing.ledger.posting import post, reverse
from billing.ledger.uses import AccountUse, Side
from billing.ledger.wording import DIFFERENCE_WRITTEN_OFF
from billing.reconciliation.claims import MatchedLine, get_match, is_live, lines_of, refused_in_words
from billing.reconciliation.errors import MatchUndone, NothingToWriteOff, WriteOffTooLarge
from billing.reconciliation.kept_rules import rules_in_force
from billing.reconciliation.stages import Stage, yuan
from billing.sources import WRITE_OFF
from tenants.base import Base


class MatchWriteOff(Base):
    """By which voucher the difference of a match was written off. `fen` is the match's: external less internal."""

    __tablename__ = "match_write_off"

    match_id: Mapped[UUID] = mapped_column(primary_key=True)
    voucher_id: Mapped[UUID]
    fen: Mapped[int] = mapped_column(BigInteger)
    written_at: Mapped[datetime]
    written_by: Mapped[UUID]


async def write_off(
    session: AsyncSession,
    match_id: UUID,
    *,
    held_on: AccountUse | str = AccountUse.DIFFERENCE,
    account: AccountUse | str = AccountUse.WRITTEN_OFF,
    by: UUID,
    at: datetime,
) -> UUID:
    """Post the match's difference from `held_on` to `account`; the voucher's id.

    More money outside than in the books is debit of `held_on` and credit of `account`, less the other way round. The
    limit is the largest that a rule of the lines' source sets; without a rule nothing is written off. Raises
    NothingToWriteOff, WriteOffTooLarge, MatchNotFound, MatchUndone, and what posting raises.
    """
    match = await get_match(session, match_id)
    if not await is_live(session, match_id):
        raise MatchUndone
    if match.fen == 0 or match.stage is Stage.DIVIDED or await find_write_off(session, match_id) is not None:
        raise NothingToWriteOff
    most = await may_write_off(session, await lines_of(session, match_id))
    if abs(match.fen) > most:
        raise WriteOffTooLarge(yuan(abs(match.fen)), yuan(most))
    debit, credit = (held_on, account) if match.fen > 0 else (account, held_on)
    postings = tuple(
        Posting(account=name, side=side, fen=abs(match.fen), currency=match.currency)
        for name, side in ((debit, Side.DEBIT), (credit, Side.CREDIT))
    )
    draft = Draft(
        booked_on=match.booked_on,
        summary=DIFFERENCE_WRITTEN_OFF % {"yuan": yuan(match.fen)},
        source=WRITE_OFF,
        source_id=match_id,
        postings=postings,
    )
    posted = await post(session, draft, idempotency_key=f"{WRITE_OFF}:{match_id}", by=by, at=at)
    made = {"match_id": match_id, "voucher_id": posted.id, "fen": match.fen, "written_at": at, "written_by": by}
    async with refused_in_words(match.booked_on):
        await session.execute(insert(MatchWriteOff), [made])
    return posted.id


async def may_write_off(session: AsyncSession, lines: Sequence[MatchedLine]) -> int:
    """The largest difference, in fen, that may be written off for a match of these lines; 0 without a rule."""
    sources = {line.source for line in lines if line.side == "external"}
    limits = [rule.write_off_fen for source in sorted(sources) for rule in await rules_in_force(session, source)]
    return max(limits, default=0)


async def take_back(session: AsyncSession, match_id: UUID, *, reason: str, by: UUID, at: datetime) -> None:
    """Reverse what was written off for the match, if anything was. Raises what reversing raises.

    In its own month: a match is undone while that is open, and a month that was reopened for it is to come out right.
    """
    written = await find_write_off(session, match_id)
    if written is not None:
        booked_on = (await get_match(session, match_id)).booked_on
        await reverse(session, written.voucher_id, reason=reason, by=by, at=at, on=booked_on)


async def find_write_off(session: AsyncSession, match_id: UUID) -> MatchWriteOff | None:
    """What was written off for the match."""
    return (await session.scalars(select(MatchWriteOff).where(MatchWriteOff.match_id == match_id))).one_or_none()

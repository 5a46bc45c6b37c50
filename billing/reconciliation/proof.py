"""The proof of an account: every external line is matched, explained or open, and the totals agree to the fen."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from billing.ledger.periods import month_after, month_of

# Lines that a division replaced are not counted, those that it made are, until it is undone.
_PROOF = text(
    """
    WITH standing AS (
        SELECT line.fen, matched.stage FROM external_line AS line
        LEFT JOIN line_claim AS claim ON claim.line_id = line.id
        LEFT JOIN line_match AS matched ON matched.id = claim.match_id
        WHERE line.source = :source AND line.account = :account AND line.currency = :currency
            AND line.booked_on >= :first AND line.booked_on < :after
            AND NOT EXISTS (SELECT FROM line_match_undo WHERE match_id = line.derived_by)
            AND matched.stage IS DISTINCT FROM 'divided'
    ), brought AS (
        SELECT fen FROM external_line
        WHERE source = :source AND account = :account AND currency = :currency
            AND booked_on >= :first AND booked_on < :after AND derived_by IS NULL
    )
    SELECT (SELECT count(*) FROM brought), (SELECT coalesce(sum(fen), 0) FROM brought),
        count(*) FILTER (WHERE stage IS NULL), coalesce(sum(fen) FILTER (WHERE stage IS NULL), 0),
        count(*) FILTER (WHERE stage = 'explained'), coalesce(sum(fen) FILTER (WHERE stage = 'explained'), 0),
        count(*) FILTER (WHERE stage <> 'explained'), coalesce(sum(fen) FILTER (WHERE stage <> 'explained'), 0)
    FROM standing
    """
)
_DIFFERENCES = text(
    """
    SELECT count(*), coalesce(sum(matched.fen), 0) FROM line_match AS matched
    WHERE matched.fen <> 0 AND matched.stage <> 'explained' AND matched.currency = :currency
        AND EXISTS (
            SELECT FROM line_claim AS claim JOIN external_line AS line ON line.id = claim.line_id
            WHERE claim.match_id = matched.id AND line.source = :source AND line.account = :account
                AND line.booked_on >= :first AND line.booked_on < :after)
        AND NOT EXISTS (
            SELECT FROM match_write_off AS off
            WHERE off.match_id = matched.id
                AND NOT EXISTS (SELECT FROM ledger_voucher WHERE reverses_id = off.voucher_id))
    """
)


@dataclass(frozen=True, slots=True)
class Tally:
    """So many lines that come to so many fen."""

    lines: int
    fen: int


@dataclass(frozen=True, slots=True)
class Proof:
    """What files brought for a month, and where each of their lines stands.

    `differences` are live matches that do not agree to the fen and are not written off.
    """

    brought: Tally
    open: Tally
    explained: Tally
    matched: Tally
    differences: Tally

    @property
    def agrees(self) -> bool:
        """Whether no fen is lost between what was brought and where it stands."""
        return self.brought.fen == self.open.fen + self.explained.fen + self.matched.fen

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do."""
        return self.agrees and not self.open.lines and not self.differences.lines


async def prove(session: AsyncSession, *, source: str, account: str, month: date, currency: str = "CNY") -> Proof:
    """The proof for the lines booked in the month of the day."""
    first = month_of(month)
    asked = {"source": source, "account": account, "currency": currency, "first": first, "after": month_after(first)}
    counts = (await session.execute(_PROOF, asked)).one()
    differences = (await session.execute(_DIFFERENCES, asked)).one()
    tallies = [Tally(int(lines), int(fen)) for lines, fen in zip(counts[::2], counts[1::2], strict=True)]
    brought, is_open, explained, matched = tallies
    return Proof(brought, is_open, explained, matched, Tally(int(differences[0]), int(differences[1])))

"""The proof of the books: everything that the database promised, asked again of what stands there.

The triggers let nothing wrong in; this finds what came past them, by a restored file or a superuser's hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.labels import Labelled
from tenants.refusals import N_


class Check(Labelled):
    """One thing that must hold."""

    TOTALS = "totals", N_("汇总等于分录之和")
    BALANCED = "balanced", N_("每张凭证借贷相等")
    COMPLETE = "complete", N_("每张凭证分录齐全")
    REVERSED_ONCE = "reversed_once", N_("每张凭证至多冲销一次")
    REVERSED_EXACTLY = "reversed_exactly", N_("冲销与原凭证逐行相反")
    ON_LEAVES = "on_leaves", N_("分录记在币种相符的末级科目")
    IN_PERIODS = "in_periods", N_("凭证都在已启用的会计期间")
    MONTHS_IN_ORDER = "months_in_order", N_("已结账的期间在前")
    NUMBERED = "numbered", N_("已结账期间的凭证连续编号")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold, and where: a voucher's id, an account's code with the month, or a month."""

    check: Check
    place: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at and what was found; the books are sound when nothing was."""

    vouchers: int
    entries: int
    findings: Sequence[Finding]

    @property
    def is_sound(self) -> bool:
        return not self.findings


_DIMENSIONS = "party, merchant_id, shop_id, ticket_id, cost_item_id, version_id, clause, department"
_TOTALLED = "account_id, month, merchant_id, shop_id, party, department"
_ROWS = ", ".join(f"{{row}}.{name}" for name in f"account_id, fen, currency, {_DIMENSIONS}".split(", "))

# Each answers the places where its check does not hold.
_CHECKS: dict[Check, TextClause] = {
    Check.TOTALS: text(
        f"""
        SELECT DISTINCT coalesce(code, account_id::text) || ' ' || to_char(month, 'YYYY-MM') FROM (
            SELECT {_TOTALLED}, sum(debit) AS debit, sum(credit) AS credit, sum(entries) AS entries FROM (
                SELECT {_TOTALLED}, debit, credit, entries FROM ledger_total
                UNION ALL
                SELECT account_id, date_trunc('month', booked_on)::date, merchant_id, shop_id, party, department,
                    CASE side WHEN 'debit' THEN -fen ELSE 0 END, CASE side WHEN 'credit' THEN -fen ELSE 0 END, -1
                FROM ledger_entry
            ) AS both_sides GROUP BY {_TOTALLED}
        ) AS differences LEFT JOIN ledger_account AS account ON account.id = account_id
        WHERE (debit, credit, entries) <> (0, 0, 0)
        """  # noqa: S608  names of columns, all of them constants of this module
    ),
    Check.BALANCED: text(
        """
        SELECT DISTINCT voucher_id::text FROM ledger_entry GROUP BY voucher_id, currency
        HAVING sum(CASE side WHEN 'debit' THEN fen ELSE -fen END) <> 0
        """
    ),
    Check.COMPLETE: text(
        """
        SELECT coalesce(voucher.id, counted.voucher_id)::text FROM ledger_voucher AS voucher
        FULL JOIN (SELECT voucher_id, count(*) AS entries, max(line) AS last FROM ledger_entry GROUP BY voucher_id)
            AS counted ON counted.voucher_id = voucher.id
        WHERE (lines, lines) IS DISTINCT FROM (entries::integer, last)
        """
    ),
    Check.REVERSED_ONCE: text(
        """
        SELECT reverses_id::text FROM ledger_voucher WHERE reverses_id IS NOT NULL
        GROUP BY reverses_id HAVING count(*) > 1
        """
    ),
    Check.REVERSED_EXACTLY: text(
        f"""
        SELECT DISTINCT reversal.id::text FROM ledger_voucher AS reversal
        JOIN ledger_voucher AS original ON original.id = reversal.reverses_id
        JOIN ledger_entry AS first ON first.voucher_id = original.id
        LEFT JOIN ledger_entry AS own ON own.voucher_id = reversal.id AND own.line = first.line
        WHERE original.kind = 'reversal' OR original.lines <> reversal.lines OR own.side = first.side
            OR ({_ROWS.format(row="own")}) IS DISTINCT FROM ({_ROWS.format(row="first")})
        """  # noqa: S608  names of columns, all of them constants of this module
    ),
    Check.ON_LEAVES: text(
        """
        SELECT DISTINCT voucher_id::text FROM ledger_entry AS entry
        LEFT JOIN ledger_account AS account ON account.id = account_id
        WHERE account.currency IS DISTINCT FROM entry.currency
        """
    ),
    Check.IN_PERIODS: text(
        """
        SELECT voucher.id::text FROM ledger_voucher AS voucher
        LEFT JOIN ledger_period AS period ON period.month = date_trunc('month', voucher.booked_on)::date
        WHERE period.month IS NULL
        UNION
        SELECT voucher.id::text FROM ledger_entry AS entry JOIN ledger_voucher AS voucher ON voucher.id = voucher_id
        WHERE entry.booked_on <> voucher.booked_on
        """
    ),
    Check.MONTHS_IN_ORDER: text(
        """
        SELECT to_char(month, 'YYYY-MM') FROM ledger_period
        WHERE state <> 'open' AND month > (SELECT min(month) FROM ledger_period WHERE state = 'open')
        """
    ),
    Check.NUMBERED: text(
        """
        SELECT to_char(period.month, 'YYYY-MM') FROM ledger_period AS period
        LEFT JOIN ledger_voucher AS voucher ON date_trunc('month', voucher.booked_on)::date = period.month
        LEFT JOIN ledger_number AS numbered ON numbered.voucher_id = voucher.id
        WHERE state <> 'open' GROUP BY period.month
        HAVING count(voucher.id) <> count(number) OR max(number) <> count(number)
        """
    ),
}

_COUNTS = text("SELECT (SELECT count(*) FROM ledger_voucher), (SELECT count(*) FROM ledger_entry)")


async def prove(session: AsyncSession) -> Proof:
    """Ask everything again of the whole ledger; reads every entry. Run it in one snapshot or while nobody posts.

    The findings of a check are in order: ids of vouchers count up in time.
    """
    findings = [
        Finding(check, place)
        for check, statement in _CHECKS.items()
        for place in sorted(await session.scalars(statement))
    ]
    vouchers, entries = (await session.execute(_COUNTS)).one()
    return Proof(vouchers, entries, findings)

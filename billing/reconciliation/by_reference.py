"""Stages that follow a shared reference: the same amount, and an amount within the tolerance."""

from billing.reconciliation.columns import Ints
from billing.reconciliation.joining import mixed, singles, undisputed
from billing.reconciliation.pools import Pairs, Pool
from billing.reconciliation.stages import Stage


def match_exactly(pool: Pool) -> None:
    """The same reference, amount and currency, where exactly one open line of each side has them.

    First with the same day as well: two partial refunds of one order and amount are told apart by their days. A line
    whose references lead to different partners stays open.
    """
    for by_day in (True, False):
        _match_same_amount(pool, by_day=by_day)


def _match_same_amount(pool: Pool, *, by_day: bool) -> None:
    def keys(side_references: Ints, of_external: bool) -> Ints:
        lines = (pool.external if of_external else pool.internal).lines
        at = lines.ref_line[side_references]
        columns = [lines.ref[side_references], lines.fen[at], lines.currency[at]]
        return mixed(*columns, lines.booked_on[at]) if by_day else mixed(*columns)

    mine, theirs = pool.external.references(), pool.internal.references()
    left, right = singles(keys(mine, True), keys(theirs, False))
    external, internal = _lines(pool, mine[left], theirs[right])
    alike = pool.external.lines.fen[external] == pool.internal.lines.fen[internal]
    alike &= pool.same_currency(external, internal)
    pool.claim(Pairs(Stage.REFERENCE, *undisputed(external[alike], internal[alike])))


def match_within_tolerance(pool: Pool) -> None:
    """A reference that one open line of each side carries, amounts within the tolerance, days within the window."""
    mine, theirs = pool.external.references(), pool.internal.references()
    left, right = singles(pool.external.lines.ref[mine], pool.internal.lines.ref[theirs])
    external, internal = _lines(pool, mine[left], theirs[right])
    alike = pool.within_tolerance(pool.external.lines.fen[external], pool.internal.lines.fen[internal])
    alike &= pool.same_currency(external, internal)
    alike &= pool.days(external, internal) <= pool.rule.window_days
    pool.claim(Pairs(Stage.TOLERANCE, *undisputed(external[alike], internal[alike])))


def _lines(pool: Pool, mine: Ints, theirs: Ints) -> tuple[Ints, Ints]:
    return pool.external.lines.ref_line[mine], pool.internal.lines.ref_line[theirs]

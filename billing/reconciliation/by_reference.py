"""Stages that follow a shared reference: the same amount, and an amount within the tolerance."""

import numpy as np

from billing.reconciliation.columns import Ints
from billing.reconciliation.joining import mixed, singles, undisputed
from billing.reconciliation.pools import Pairs, Pool, Side
from billing.reconciliation.stages import Stage


def match_exactly(pool: Pool) -> None:
    """The same reference, amount and currency, where exactly one open line of each side has them.

    First with the same day as well: two partial refunds of one order and amount are told apart by their days. A line
    whose references lead to different partners stays open.
    """
    for by_day in (True, False):
        _match_same_amount(pool, by_day=by_day)


def _match_same_amount(pool: Pool, *, by_day: bool) -> None:
    found = pool.by_reference()
    left, right = singles(
        _keys(pool.external, found.crowded, by_day=by_day), _keys(pool.internal, found.other_crowded, by_day=by_day)
    )
    external = np.concatenate((found.external, pool.external.refs.line[found.crowded[left]]))
    internal = np.concatenate((found.internal, pool.internal.refs.line[found.other_crowded[right]]))
    alike = pool.external.lines.fen[external] == pool.internal.lines.fen[internal]
    alike &= pool.same_currency(external, internal)
    if by_day:
        alike &= pool.days(external, internal) == 0
    pool.claim(Pairs(Stage.REFERENCE, *undisputed(external[alike], internal[alike])))


def _keys(side: Side, references: Ints, *, by_day: bool) -> Ints:
    lines, at = side.lines, side.refs.line[references]
    columns = [side.refs.rank[references], lines.fen[at], lines.currency[at]]
    return mixed(*columns, lines.booked_on[at]) if by_day else mixed(*columns)


def match_within_tolerance(pool: Pool) -> None:
    """A reference that one open line of each side carries, amounts within the tolerance, days within the window."""
    found = pool.by_reference()
    external, internal = found.external, found.internal
    alike = pool.within_tolerance(pool.external.lines.fen[external], pool.internal.lines.fen[internal])
    alike &= pool.same_currency(external, internal)
    alike &= pool.days(external, internal) <= pool.rule.window_days
    pool.claim(Pairs(Stage.TOLERANCE, *undisputed(external[alike], internal[alike])))

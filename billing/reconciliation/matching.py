"""Matching in stages (design.md section 5): exact reference and amount, amount within a date window, tolerance, one to
many and many to one, subset sum; then suggestions.

Pure: the same lines and rules give the same result, in whatever order they come and in whatever process, and with the
sides exchanged the same result exchanged. Nothing ambiguous is confirmed. No line is in two automatic matches.
"""

from collections.abc import Callable, Sequence

import numpy as np

from billing.reconciliation.by_amount import match_in_window, match_named_within_tolerance
from billing.reconciliation.by_reference import match_exactly, match_within_tolerance
from billing.reconciliation.by_sum import match_groups, match_subsets
from billing.reconciliation.columns import Columns, Marks, code, columns_of, kind_bits
from billing.reconciliation.findings import Findings, Matches
from billing.reconciliation.lines import Line
from billing.reconciliation.pools import Pool, References, Side, common_references
from billing.reconciliation.rules import MatchRule, check_rules
from billing.reconciliation.suggesting import lookalikes, suggestions

_STAGES: tuple[Callable[[Pool], None], ...] = (
    match_exactly,
    match_in_window,
    match_within_tolerance,
    match_named_within_tolerance,
    match_groups,
    match_subsets,
)


def match(external: Sequence[Line], internal: Sequence[Line], rules: Sequence[MatchRule]) -> Matches:
    """What belongs together, and what may. Raises ValueError where two lines of a side have one id, Unfit for rules."""
    lines = {line.id: line for line in external}
    other_lines = {line.id: line for line in internal}
    found = find(columns_of(external), columns_of(internal), rules)
    return found.told(lambda line: lines[line].references, lambda line: other_lines[line].references)


def find(external: Columns, internal: Columns, rules: Sequence[MatchRule]) -> Findings:
    """The same for columns, without a value per match: what a million lines are matched by. Raises Unfit for rules."""
    check_rules(tuple(rules))
    is_open, other_is_open = np.ones(len(external), np.bool_), np.ones(len(internal), np.bool_)
    kinds = kind_bits(external, internal)
    refs = common_references(external, internal)
    pools = []
    for rule in sorted(rules, key=lambda each: each.rank):
        within = external.source == code(rule.source), internal.source == code(rule.against)
        pool = Pool(
            rule,
            Side(external, refs[0], is_open, within[0], kinds[0], _known(within, refs)),
            Side(internal, refs[1], other_is_open, within[1], kinds[1], _known(within[::-1], refs[::-1])),
        )
        for stage in _STAGES:
            stage(pool)
        pools.append(pool)
    return Findings(
        external=external,
        internal=internal,
        pairs=[pairs for pool in pools for pairs in pool.pairs],
        groups=[group for pool in pools for group in pool.groups],
        open_external=is_open,
        open_internal=other_is_open,
        suggested=sorted({group for pool in pools for group in suggestions(pool)}, key=lambda each: each.place),
        lookalikes=[lookalikes(pool) for pool in pools],
    )


def _known(within: tuple[Marks, Marks], refs: tuple[References, References]) -> Marks:
    """Which lines of the first side under the rule carry a reference that the second one knows under the rule."""
    mine, theirs = refs
    said = np.zeros(mine.count, np.bool_)
    said[theirs.rank[within[1][theirs.line]]] = True
    known = np.zeros(len(within[0]), np.bool_)
    known[mine.line[said[mine.rank]]] = True
    return known & within[0]

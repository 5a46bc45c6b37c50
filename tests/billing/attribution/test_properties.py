"""What holds of every allocation under every rule."""

from datetime import date

import msgspec
from hypothesis import given, settings

from billing.attribution.allocations import Allocation, CostFacts, Part, Use
from billing.attribution.attributing import attribute, attribute_all
from billing.attribution.rules import Rule
from billing.clauses import CapPeriod, CostClause
from billing.parties import CLAIMED_FROM, Party
from tests.billing.attribution.costs import some_clause, some_clauses, some_costs

CALM = settings(deadline=None)


@CALM
@given(some_clauses(), some_costs())
def test_the_parts_add_up_to_the_cost_and_the_steps_to_the_parts(
    clauses: tuple[CostClause, ...], costs: list[CostFacts]
) -> None:
    for facts, allocation in zip(costs, attribute_all(costs, Rule("v1", clauses)), strict=True):
        assert sum(part.fen for part in allocation.parts) == facts.fen
        assert all(sum(step.fen for step in part.steps) == part.fen for part in allocation.parts)


@CALM
@given(some_clauses(), some_costs())
def test_attributing_again_gives_the_same_however_clauses_and_shares_are_listed(
    clauses: tuple[CostClause, ...], costs: list[CostFacts]
) -> None:
    def turned(shares: tuple[object, ...]) -> tuple[object, ...]:
        return shares[::-1]

    again = [msgspec.structs.replace(facts, shares=turned(facts.shares)) for facts in costs]
    listed = [msgspec.structs.replace(one, shares=turned(one.shares)) for one in reversed(clauses)]
    first = list(attribute_all(costs, Rule("v1", clauses)))
    assert first == list(attribute_all(costs, Rule("v1", clauses)))
    assert first == list(attribute_all(again, Rule("v1", tuple(listed))))


@CALM
@given(some_clauses(), some_costs())
def test_a_credit_is_the_mirror_of_the_cost(clauses: tuple[CostClause, ...], costs: list[CostFacts]) -> None:
    rule = Rule("v1", clauses)
    mirrored = [msgspec.structs.replace(facts, fen=-facts.fen) for facts in costs]
    for charged, credited in zip(attribute_all(costs, rule), attribute_all(mirrored, rule), strict=True):
        assert _fen(charged) == [-fen for fen in _fen(credited)]


@CALM
@given(some_clauses(), some_costs())
def test_costs_and_their_credits_leave_nothing_behind(clauses: tuple[CostClause, ...], costs: list[CostFacts]) -> None:
    # Where caps pass on in a circle, who keeps the rest depends on where it began.
    clauses = tuple(one for one in clauses if not {cap.party for cap in one.caps} & {cap.beyond_to for cap in one.caps})
    mirrored = [msgspec.structs.replace(facts, fen=-facts.fen) for facts in reversed(costs)]
    left: dict[Party, int] = {}
    for allocation in attribute_all([*costs, *mirrored], Rule("v1", clauses)):
        for party, fen in allocation.borne().items():
            left[party] = left.get(party, 0) + fen
    assert not any(left.values())


@CALM
@given(some_clauses(), some_clause(Party.MERCHANT), some_costs())
def test_a_changed_clause_touches_only_the_costs_that_it_is_about(
    clauses: tuple[CostClause, ...], changed: CostClause, costs: list[CostFacts]
) -> None:
    others = tuple(one for one in clauses if one.cause is not Party.MERCHANT)
    before, after = Rule("v1", clauses), Rule("v1", (*others, changed))
    touched = {category for one in (*clauses, changed) if one.cause is Party.MERCHANT for category in one.covers()}
    for facts, old, new in zip(costs, attribute_all(costs, before), attribute_all(costs, after), strict=True):
        if facts.category in touched:
            old, new = _without(old, Party.MERCHANT), _without(new, Party.MERCHANT)
        assert old.parts == new.parts


def _without(allocation: Allocation, cause: Party) -> Allocation:
    return msgspec.structs.replace(
        allocation, parts=tuple(part for part in allocation.parts if part.cause is not cause)
    )


@CALM
@given(some_clauses(), some_costs())
def test_nobody_bears_more_than_a_cap_unless_it_comes_back_to_them(
    clauses: tuple[CostClause, ...], costs: list[CostFacts]
) -> None:
    # Where nothing passes on to a party that is capped itself, a cap is the most that it bears.
    clauses = tuple(one for one in clauses if not {cap.party for cap in one.caps} & _takers(one))
    rule, borne = Rule("v1", clauses), dict[Use, int]()
    limits = {(one.number, cap.party, cap.per): cap.fen or 0 for one in clauses for cap in one.caps}
    for facts, allocation in zip(costs, attribute_all(costs, rule), strict=True):
        for part in allocation.parts:
            for use in _uses(part, facts.incurred_on):
                if part.general or (limit := limits.get((part.clause, part.party, use.per))) is None:
                    continue
                borne[use] = _borne_so_far(borne, use) + part.fen
                assert abs(borne[use]) <= limit


def _takers(clause: CostClause) -> set[Party]:
    return {cap.beyond_to for cap in clause.caps} | {threshold.borne_by for threshold in clause.thresholds}


def _borne_so_far(borne: dict[Use, int], use: Use) -> int:
    return 0 if use.per is CapPeriod.ITEM else borne.get(use, 0)


def _uses(part: Part, on: date) -> list[Use]:
    periods = {CapPeriod.ITEM: "", CapPeriod.MONTH: on.isoformat()[:7], CapPeriod.TERM: ""}
    return [Use(part.clause, part.general, part.party, per, period) for per, period in periods.items()]


@CALM
@given(some_clauses(), some_costs())
def test_what_falls_on_a_platform_carrier_or_supplier_has_somebody_for_the_rest(
    clauses: tuple[CostClause, ...], costs: list[CostFacts]
) -> None:
    for allocation in attribute_all(costs, Rule("v1", clauses)):
        for part in allocation.parts:
            assert (part.failed_to is not None) == (part.party in CLAIMED_FROM)


@CALM
@given(some_clauses(), some_costs())
def test_an_allocation_survives_being_kept(clauses: tuple[CostClause, ...], costs: list[CostFacts]) -> None:
    (allocation, *_) = attribute_all(costs, Rule("v1", clauses))
    kept = msgspec.json.encode(allocation.parts)
    assert msgspec.json.decode(kept, type=tuple[Part, ...]) == allocation.parts


@CALM
@given(some_clauses(), some_costs())
def test_one_cost_alone_is_attributed_as_the_first_of_many(
    clauses: tuple[CostClause, ...], costs: list[CostFacts]
) -> None:
    rule = Rule("v1", clauses)
    assert attribute(costs[0], rule) == next(attribute_all(costs, rule))


def _fen(allocation: Allocation) -> list[int]:
    return [part.fen for part in allocation.parts]


@CALM
@given(some_clauses(), some_clauses(), some_costs())
def test_a_changed_rule_touches_only_what_it_says(
    before: tuple[CostClause, ...], after: tuple[CostClause, ...], costs: list[CostFacts]
) -> None:
    old, new = Rule("v1", before), Rule("v2", after)
    for facts in costs:
        causes = [share.party for share in facts.shares]
        if new.says_as(old, causes, facts.category):
            then, now = attribute(facts, old), attribute(facts, new)
            assert (then.parts, then.calls) == (now.parts, now.calls)
        else:
            assert any(old.courses[cause, facts.category] != new.courses[cause, facts.category] for cause in causes)


@CALM
@given(some_clauses(), some_costs())
def test_the_same_clauses_under_another_name_change_nothing(
    clauses: tuple[CostClause, ...], costs: list[CostFacts]
) -> None:
    old, new = Rule("v1", clauses), Rule("v2", tuple(reversed(clauses)))
    for facts in costs:
        assert new.says_as(old, [share.party for share in facts.shares], facts.category)

"""Cost clauses and determinations add up, or say in Chinese why they do not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.clauses import CostClause
from billing.parties import BEARERS, CostCategory, Party
from billing.responsibility import Determination
from billing.shares import WHOLE, Share, percent
from tenants.shapes import ShapeInvalid, Unfit, accept

CLAUSE: dict[str, Any] = {
    "number": "第 8.2 条",
    "cause": "agency",
    "shares": [{"party": "agency", "basis_points": 7000}, {"party": "merchant", "basis_points": 3000}],
}


def refused(**change: object) -> dict[str, str]:
    with pytest.raises(ShapeInvalid) as invalid:
        accept(CostClause, {**CLAUSE, **change})
    return dict(invalid.value.fields)


def test_a_clause_without_categories_covers_all_but_the_excluded() -> None:
    clause = accept(CostClause, {**CLAUSE, "excluded": ["freight"]})
    assert clause.covers() == frozenset(CostCategory) - {CostCategory.FREIGHT}


def test_a_clause_with_categories_covers_these() -> None:
    clause = accept(CostClause, {**CLAUSE, "categories": ["freight", "repair"]})
    assert clause.covers() == {CostCategory.FREIGHT, CostCategory.REPAIR}


def test_shares_that_miss_the_whole_are_refused_with_their_sum() -> None:
    shares = [{"party": "agency", "basis_points": 7000}, {"party": "merchant", "basis_points": 2950}]
    assert refused(shares=shares) == {"shares": "各方比例之和须为 100%，现为 99.5%"}


def test_a_party_shares_once() -> None:
    shares = [{"party": "agency", "basis_points": 5000}, {"party": "agency", "basis_points": 5000}]
    assert refused(shares=shares) == {"shares": "同一责任方只能出现一次"}


def test_force_majeure_bears_nothing() -> None:
    shares = [{"party": "force_majeure", "basis_points": 10000}]
    assert refused(shares=shares) == {"shares": "不可抗力不能承担费用，请指定承担方"}


def test_a_claim_against_a_carrier_needs_somebody_for_the_rest() -> None:
    shares = [{"party": "carrier", "basis_points": 10000}]
    assert list(refused(shares=shares)) == ["failed_claim_to"]
    assert list(refused(shares=shares, failed_claim_to="platform")) == ["failed_claim_to"]
    assert accept(CostClause, {**CLAUSE, "shares": shares, "failed_claim_to": "agency"}).failed_claim_to == "agency"


def test_a_category_is_either_covered_or_excluded() -> None:
    assert list(refused(categories=["freight"], excluded=["freight"])) == ["excluded"]
    assert list(refused(excluded=[category.value for category in CostCategory])) == ["excluded"]


def test_a_cap_limits_a_sharing_party_once_a_period_and_passes_the_excess_on() -> None:
    cap = {"party": "merchant", "per": "month", "fen": 500_000, "beyond_to": "agency"}
    assert accept(CostClause, {**CLAUSE, "caps": [cap]}).caps[0].fen == 500_000
    assert list(refused(caps=[cap, cap])) == ["caps"]
    assert list(refused(caps=[{**cap, "party": "carrier"}])) == ["caps"]
    assert list(refused(caps=[{**cap, "beyond_to": "merchant"}])) == ["caps[0].beyond_to"]
    assert refused(caps=[{**cap, "fen": -1}]) == {"caps[0].fen": "限额须在 0 到 100 亿元之间"}


parties = st.lists(st.sampled_from(sorted(BEARERS)), min_size=1, unique=True)


@given(parties, st.data())
def test_a_determination_stands_exactly_when_its_shares_make_up_the_whole(
    who: list[Party], data: st.DataObject
) -> None:
    points = data.draw(st.lists(st.integers(1, WHOLE), min_size=len(who), max_size=len(who)))
    shares = tuple(Share(party=party, basis_points=part) for party, part in zip(who, points, strict=True))
    if sum(points) == WHOLE:
        assert Determination(shares=shares, basis="聊天记录").shares == shares
    else:
        with pytest.raises(Unfit):
            Determination(shares=shares, basis="聊天记录")


@given(parties, st.data())
def test_a_determination_that_makes_up_the_whole_is_accepted(who: list[Party], data: st.DataObject) -> None:
    cuts = sorted(
        data.draw(st.lists(st.integers(1, WHOLE - 1), min_size=len(who) - 1, max_size=len(who) - 1, unique=True))
    )
    edges = [0, *cuts, WHOLE]
    shares = tuple(
        Share(party=party, basis_points=upper - lower)
        for party, lower, upper in zip(who, edges[:-1], edges[1:], strict=True)
    )
    assert Determination(shares=shares, basis="聊天记录").shares == shares


@pytest.mark.parametrize(("points", "text"), [(10000, "100"), (3350, "33.5"), (1, "0.01"), (10, "0.1"), (0, "0")])
def test_basis_points_read_as_per_cent(points: int, text: str) -> None:
    assert percent(points) == text

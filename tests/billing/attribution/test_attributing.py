"""What a clause says is what each party bears, to the fen."""

import pytest

from billing.attribution.allocations import Call, Use
from billing.attribution.attributing import attribute, attribute_all
from billing.attribution.errors import AmountsClosed
from billing.attribution.general import STANDARD, GeneralRule
from billing.attribution.rules import Rule
from billing.clauses import Cap, CapPeriod, CostClause, ThresholdKind
from billing.parties import CostCategory, Party
from tenants.shapes import Unfit
from tests.billing.attribution.costs import AGENCY, CARRIER, FREIGHT, MERCHANT, cap, clause, cost, shares, threshold


def borne(fen: int, *clauses: CostClause, **given: object) -> dict[str, int]:
    allocation = attribute(cost(fen, **given), Rule("v1", clauses))  # type: ignore[arg-type]
    return {party.value: amount for party, amount in allocation.borne().items() if amount}


@pytest.mark.parametrize(
    ("cause", "bearer", "failed_to"),
    [
        ("agency", "agency", None),
        ("merchant", "merchant", None),
        ("platform", "platform", "agency"),
        ("carrier", "carrier", "agency"),
        ("supplier", "supplier", "agency"),
        ("consumer", "agency", None),
        ("force_majeure", "agency", None),
    ],
)
def test_without_a_clause_the_general_rule_decides(cause: str, bearer: str, failed_to: str | None) -> None:
    (part,) = attribute(cost(1001, **{cause: 10_000}), Rule("v1")).parts
    assert (part.party, part.fen, part.failed_to, part.general) == (bearer, 1001, failed_to, True)


def test_a_clause_of_the_contract_takes_the_place_of_the_general_rule() -> None:
    assert borne(1000, clause()) == {"merchant": 700, "agency": 300}


def test_an_excluded_category_follows_the_general_rule() -> None:
    assert borne(1000, clause(excluded=(FREIGHT,))) == {"merchant": 1000}
    assert borne(1000, clause(excluded=(FREIGHT,)), category=CostCategory.REPAIR) == {"merchant": 700, "agency": 300}


def test_each_cause_follows_its_own_clause() -> None:
    # 667 fen are the merchant's cause, shared 7:3; 333 the carrier's, claimed from it.
    caused = {"merchant": 6667, "carrier": 3333}
    assert borne(1000, clause(), **caused) == {"merchant": 467, "agency": 200, "carrier": 333}


def test_the_fen_that_is_left_goes_to_the_same_party_however_the_clause_lists_them() -> None:
    one = clause(shares=shares(merchant=5000, agency=5000))
    other = clause(shares=shares(agency=5000, merchant=5000))
    assert borne(1, one) == borne(1, other) == {"agency": 1}


def test_a_cap_per_item_passes_the_excess_on() -> None:
    assert borne(1000, clause(caps=(cap(500),))) == {"merchant": 500, "agency": 500}
    assert borne(-1000, clause(caps=(cap(500),))) == {"merchant": -500, "agency": -500}
    assert borne(600, clause(caps=(cap(500),))) == {"merchant": 420, "agency": 180}


def test_a_cap_per_month_counts_what_the_month_has_used() -> None:
    rule = Rule("v1", (clause(shares=shares(merchant=10_000), caps=(cap(1000, per=CapPeriod.MONTH),)),))
    days = ["2026-03-01", "2026-03-02", "2026-03-31", "2026-04-01"]
    allocations = attribute_all([cost(600, on=day) for day in days], rule)
    assert [allocation.borne()[MERCHANT] for allocation in allocations] == [600, 400, 0, 600]


def test_a_cap_over_the_term_counts_all_months() -> None:
    rule = Rule("v1", (clause(shares=shares(merchant=10_000), caps=(cap(1000, per=CapPeriod.TERM),)),))
    days = ["2026-03-01", "2026-04-01", "2027-03-31"]
    allocations = attribute_all([cost(600, on=day) for day in days], rule)
    assert [allocation.borne()[MERCHANT] for allocation in allocations] == [600, 400, 0]


def test_caps_of_several_periods_hold_together() -> None:
    caps = (cap(1000, per=CapPeriod.TERM), cap(500), cap(800, per=CapPeriod.MONTH))
    rule = Rule("v1", (clause(shares=shares(merchant=10_000), caps=caps),))
    days = ["2026-03-01", "2026-03-02", "2026-04-01"]
    allocations = attribute_all([cost(600, on=day) for day in days], rule)
    assert [allocation.borne()[MERCHANT] for allocation in allocations] == [500, 300, 200]


def test_a_credit_takes_back_first_what_had_gone_beyond_the_cap() -> None:
    rule = Rule("v1", (clause(shares=shares(merchant=10_000), caps=(cap(500, per=CapPeriod.MONTH),)),))
    charged, credited = attribute_all([cost(1000), cost(-1000)], rule)
    assert charged.borne() == {MERCHANT: 500, AGENCY: 500}
    assert credited.borne() == {MERCHANT: -500, AGENCY: -500}


def test_what_passes_on_counts_against_the_cap_of_who_takes_it() -> None:
    caps = (cap(500), cap(400, party=AGENCY, beyond_to=Party.CONSUMER))
    assert borne(1000, clause(caps=caps)) == {"merchant": 500, "agency": 400, "consumer": 100}


def test_two_that_pass_on_to_each_other_end() -> None:
    caps = (cap(100), cap(100, party=AGENCY, beyond_to=MERCHANT))
    assert sum(borne(1000, clause(caps=caps)).values()) == 1000


def test_a_cost_below_the_minimum_is_the_agencys_own() -> None:
    minimum = clause(thresholds=(threshold(ThresholdKind.MINIMUM, 500),))
    assert borne(499, minimum) == {"agency": 499}
    assert borne(500, minimum) == {"merchant": 350, "agency": 150}
    # The whole cost is measured, not the part of one cause.
    assert borne(900, minimum, merchant=5000, carrier=5000) == {"merchant": 315, "agency": 135, "carrier": 450}


def test_what_exceeds_the_reasonable_cost_is_not_shared() -> None:
    reasonable = clause(thresholds=(threshold(ThresholdKind.REASONABLE, 600),))
    assert borne(1000, reasonable) == {"merchant": 420, "agency": 580}
    assert borne(600, reasonable) == {"merchant": 420, "agency": 180}


def test_the_reasonable_cost_counts_in_proportion_to_the_cause() -> None:
    reasonable = clause(thresholds=(threshold(ThresholdKind.REASONABLE, 600),))
    # Of 1,000 fen, 400 are unreasonable; the merchant caused half of all of it.
    assert borne(1000, reasonable, merchant=5000, carrier=5000) == {"merchant": 210, "agency": 290, "carrier": 500}


def test_the_reasonable_cost_of_a_category_comes_before_the_one_of_all() -> None:
    both = clause(
        thresholds=(
            threshold(ThresholdKind.REASONABLE, 100),
            threshold(ThresholdKind.REASONABLE, 900, category=CostCategory.REPAIR),
        ),
        shares=shares(merchant=10_000),
    )
    assert borne(1000, both) == {"merchant": 100, "agency": 900}
    assert borne(1000, both, category=CostCategory.REPAIR) == {"merchant": 900, "agency": 100}


def test_the_deductible_comes_first_and_the_rest_is_shared() -> None:
    deductible = clause(thresholds=(threshold(ThresholdKind.DEDUCTIBLE, 200),))
    assert borne(1000, deductible) == {"merchant": 560, "agency": 440}
    assert borne(150, deductible) == {"agency": 150}
    assert borne(-1000, deductible) == {"merchant": -560, "agency": -440}


def test_an_amount_that_is_not_known_refuses_the_rule() -> None:
    with pytest.raises(AmountsClosed):
        Rule("v1", (clause(caps=(Cap(party=MERCHANT, per=CapPeriod.ITEM, beyond_to=AGENCY),)),))
    closed = threshold(ThresholdKind.MINIMUM, 1).__class__(kind=ThresholdKind.MINIMUM)
    with pytest.raises(AmountsClosed):
        Rule("v1", (clause(thresholds=(closed,)),))


def test_causes_that_do_not_make_up_the_whole_are_refused() -> None:
    with pytest.raises(Unfit, match="100%"):
        attribute(cost(1000, merchant=5000, carrier=4999), Rule("v1"))


def test_what_was_called_on_a_cap_is_told_for_later() -> None:
    (allocation,) = attribute_all(
        [cost(1000)], Rule("v1", (clause(caps=(cap(500, per=CapPeriod.MONTH), cap(600, per=CapPeriod.TERM))),))
    )
    assert allocation.calls == (
        Call(Use("8.1", False, MERCHANT, CapPeriod.MONTH, "2026-03"), called=700, within=500),
        Call(Use("8.1", False, MERCHANT, CapPeriod.TERM, ""), called=500, within=500),
    )


def test_a_cost_of_nothing_falls_on_nobody() -> None:
    assert borne(0, clause(caps=(cap(0),))) == {}


def test_the_general_rule_decides_every_cost_once() -> None:
    with pytest.raises(Unfit, match="没有规则"):
        GeneralRule(version=1, clauses=STANDARD.clauses[1:])
    with pytest.raises(Unfit, match="两条规则"):
        GeneralRule(version=1, clauses=(*STANDARD.clauses, clause(number="G-8")))


def test_a_tenant_may_let_carriers_claims_fail_to_the_merchant() -> None:
    changed = tuple(
        clause(number="G-8", cause=CARRIER, shares=shares(carrier=10_000), failed_claim_to=MERCHANT)
        if one.cause is CARRIER
        else one
        for one in STANDARD.clauses
    )
    (part,) = attribute(cost(100, carrier=10_000), Rule("v1", (), GeneralRule(version=1, clauses=changed))).parts
    assert (part.failed_to, part.clause) == (MERCHANT, "G-8")

"""Every party reads in a sentence why it bears what it bears, in its own language."""

import pytest
from hypothesis import given, settings

from billing.attribution.allocations import CostFacts
from billing.attribution.attributing import attribute, attribute_all
from billing.attribution.explaining import explain, explain_step, yuan
from billing.attribution.rules import Rule
from billing.clauses import CapPeriod, CostClause, ThresholdKind
from billing.parties import Party
from tests.billing.attribution.costs import AGENCY, MERCHANT, cap, clause, cost, some_clauses, some_costs, threshold


def said(fen: int, *clauses: CostClause, **points: int) -> dict[str, str]:
    allocation = attribute(cost(fen, **points), Rule("v1", clauses))
    return {party.value: str(sentence) for party, sentence in explain(allocation).items()}


def test_a_shared_cost_names_the_cause_the_clause_and_the_share() -> None:
    assert said(1001, clause()) == {
        "agency": "代运营方承担 3.00 元：商家责任 100%，按合同条款“8.1”，分担 10.01 元的 30%，即 3.00 元。",
        "merchant": "商家承担 7.01 元：商家责任 100%，按合同条款“8.1”，"
        "分担 10.01 元的 70%，即 7.01 元（含尾差 1 分）。",
    }


def test_a_claim_names_who_carries_the_rest_of_it() -> None:
    assert said(500, carrier=10_000) == {
        "carrier": "物流承担 5.00 元：物流责任 100%，合同未另行约定，按一般规则，"
        "承担全部 5.00 元；须向物流索赔，索赔不成的部分由代运营方承担。"
    }


def test_a_cap_is_told_to_both_sides_without_its_amount() -> None:
    sentences = said(1000, clause(caps=(cap(543, per=CapPeriod.MONTH),)))
    assert "超出每月限额的 1.57 元转由代运营方承担" in sentences["merchant"]
    assert "承接商家超出每月限额的 1.57 元" in sentences["agency"]
    assert "5.43 元转" not in "".join(sentences.values())


@pytest.mark.parametrize(
    ("kind", "fen", "expected"),
    [
        (ThresholdKind.MINIMUM, 2000, "费用低于最低分担金额，全部 10.00 元自行承担"),
        (ThresholdKind.REASONABLE, 600, "承担超出合理费用的 4.00 元；分担 6.00 元的 30%，即 1.80 元"),
        (ThresholdKind.DEDUCTIBLE, 200, "承担免赔额 2.00 元；分担 8.00 元的 30%，即 2.40 元"),
    ],
)
def test_a_threshold_is_told_to_who_bears_it(kind: ThresholdKind, fen: int, expected: str) -> None:
    assert expected in said(1000, clause(thresholds=(threshold(kind, fen),)))["agency"]


def test_who_bears_nothing_of_a_small_cost_is_told_so() -> None:
    sentences = said(1000, clause(thresholds=(threshold(ThresholdKind.MINIMUM, 2000),)))
    assert sentences["merchant"] == "商家承担 0.00 元：商家责任 100%，按合同条款“8.1”，无需分担。"


def test_several_causes_stand_in_one_sentence() -> None:
    sentences = said(1000, clause(), merchant=5000, agency=5000)
    assert sentences["agency"].startswith("代运营方承担 6.50 元：代运营方责任 50%，合同未另行约定")
    assert "；商家责任 50%，按合同条款“8.1”" in sentences["agency"]


def test_a_credit_is_received() -> None:
    assert said(-1000, clause())["merchant"].startswith("商家分得 7.00 元")


def test_a_sentence_is_said_in_another_language() -> None:
    words = {"%(party)s承担 %(yuan)s 元：%(why)s。": "%(party)s bears %(yuan)s yuan: %(why)s.", "商家": "the merchant"}
    sentence = explain(attribute(cost(1000), Rule("v1", (clause(),))))[MERCHANT]
    assert sentence.text(lambda text: words.get(text, text)).startswith(
        "the merchant bears 7.00 yuan: the merchant责任"
    )


@settings(deadline=None)
@given(some_clauses(), some_costs())
def test_every_part_and_every_step_can_be_said(clauses: tuple[CostClause, ...], costs: list[CostFacts]) -> None:
    for allocation in attribute_all(costs, Rule("v1", clauses)):
        borne = allocation.borne()
        for party, sentence in explain(allocation).items():
            assert yuan(abs(borne[party])) in sentence
        for part in allocation.parts:
            assert all(str(explain_step(step)) for step in part.steps)


def test_amounts_read_in_yuan() -> None:
    assert [yuan(fen) for fen in (0, 5, -5, 123_456, -100_000_00)] == [
        "0.00",
        "0.05",
        "-0.05",
        "1,234.56",
        "-100,000.00",
    ]


def test_the_parties_are_told_in_the_order_of_the_parts() -> None:
    assert list(explain(attribute(cost(1000), Rule("v1", (clause(),))))) == [AGENCY, Party.MERCHANT]

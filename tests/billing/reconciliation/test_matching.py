"""What is matched, what is only offered, and what holds whatever the lines are."""

from datetime import date, timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.reconciliation.findings import Match, Matches
from billing.reconciliation.likeness import alike
from billing.reconciliation.lines import ExternalLine, InternalLine, Line, reference
from billing.reconciliation.matching import match
from billing.reconciliation.rules import MatchRule
from billing.reconciliation.stages import Stage
from tenants.shapes import Unfit

DAY = date(2026, 11, 2)
RULE = MatchRule(source="bill", against="books", tolerance_fen=5, window_days=3, group_by="order")
ORDER = "order:20261102000017"


def external(number: int, fen: int, *refs: str, days: int = 0, counterparty: str = "") -> ExternalLine:
    return ExternalLine(
        id=UUID(int=number),
        source="bill",
        booked_on=DAY + timedelta(days=days),
        fen=fen,
        references=refs,
        counterparty=counterparty,
    )


def internal(number: int, fen: int, *refs: str, days: int = 0, counterparty: str = "") -> InternalLine:
    line = external(number, fen, *refs, days=days, counterparty=counterparty)
    return InternalLine(**{**msgspec.structs.asdict(line), "source": "books"})


def told(matches: tuple[Match, ...]) -> list[tuple[Stage, tuple[int, ...], tuple[int, ...]]]:
    return [(each.stage, tuple(x.int for x in each.external), tuple(x.int for x in each.internal)) for each in matches]


def test_a_shared_reference_and_amount_match_whatever_the_days() -> None:
    found = match([external(1, 800, ORDER, days=40)], [internal(1, 800, ORDER)], [RULE])
    assert told(found.automatic) == [(Stage.REFERENCE, (1,), (1,))]
    assert str(found.automatic[0].reason) == "单号与金额一致，日期相差 40 天"
    assert found.automatic[0].score == 90


def test_two_equal_refunds_of_one_order_are_told_apart_by_their_days() -> None:
    found = match(
        [external(1, -800, ORDER), external(2, -800, ORDER, days=5)],
        [internal(1, -800, ORDER), internal(2, -800, ORDER, days=6)],
        [RULE],
    )
    assert told(found.automatic) == [(Stage.REFERENCE, (1,), (1,)), (Stage.REFERENCE, (2,), (2,))]


def test_a_line_that_comes_twice_is_reported_and_offered_and_not_matched() -> None:
    found = match([external(1, 800, ORDER), external(2, 800, ORDER)], [internal(1, 800, ORDER)], [RULE])
    assert found.automatic == ()
    assert told(found.suggestions) == [(Stage.REFERENCE, (1,), (1,)), (Stage.REFERENCE, (2,), (1,))]
    assert found.repeated_external == ((UUID(int=1), UUID(int=2)),)
    assert found.repeated_internal == ()


def test_an_amount_that_occurs_once_within_the_window_matches_without_a_reference() -> None:
    found = match([external(1, 123_456, days=3)], [internal(1, 123_456)], [RULE])
    assert told(found.automatic) == [(Stage.WINDOW, (1,), (1,))]
    assert match([external(1, 123_456, days=4)], [internal(1, 123_456)], [RULE]).automatic == ()


def test_an_amount_that_a_matched_line_has_too_tells_nothing_without_a_counterparty() -> None:
    ours = [internal(1, 800, ORDER), internal(2, 800)]
    found = match([external(1, 800, ORDER), external(2, 800)], ours, [RULE])
    assert told(found.automatic) == [(Stage.REFERENCE, (1,), (1,))]
    assert told(found.suggestions) == [(Stage.WINDOW, (2,), (2,))]


def test_different_numbers_of_one_kind_contradict_each_other() -> None:
    found = match([external(1, 123_456, "order:A")], [internal(1, 123_456, "order:B")], [RULE])
    assert (found.automatic, found.suggestions) == ((), ())


def test_different_numbers_of_which_nobody_says_what_they_number_contradict_nothing() -> None:
    found = match([external(1, 123_456, "no:A")], [internal(1, 123_456, "no:B")], [RULE])
    assert told(found.automatic) == [(Stage.WINDOW, (1,), (1,))]


def test_the_counterparty_is_compared_without_blanks_and_full_width() -> None:
    found = match(
        [external(1, 800, counterparty="顺丰速运（杭州）"), external(2, 800, counterparty="中通")],
        [internal(1, 800, counterparty="顺丰速运 (杭州)"), internal(2, 800, counterparty="圆通")],
        [RULE],
    )
    assert told(found.automatic) == [(Stage.WINDOW, (1,), (1,))]


@pytest.mark.parametrize(("fen", "matched"), [(805, True), (806, False), (795, True), (-800, False)])
def test_an_amount_within_the_tolerance_matches_by_reference(fen: int, matched: bool) -> None:
    found = match([external(1, fen, ORDER)], [internal(1, 800, ORDER)], [RULE])
    assert told(found.automatic) == ([(Stage.TOLERANCE, (1,), (1,))] if matched else [])
    assert [each.fen for each in (*found.automatic, *found.suggestions)] == [fen - 800]


def test_one_line_matches_all_lines_of_its_order() -> None:
    found = match([external(1, 1000, ORDER)], [internal(1, 600, ORDER), internal(2, 400, ORDER)], [RULE])
    assert told(found.automatic) == [(Stage.ONE_TO_MANY, (1,), (1, 2))]


def test_a_part_that_alone_adds_up_matches_and_the_stranger_stays_open() -> None:
    ours = [internal(1, 60_000, ORDER), internal(2, 41_000, ORDER), internal(3, 7_700, ORDER)]
    found = match([external(1, 101_000, ORDER)], ours, [RULE])
    assert told(found.automatic) == [(Stage.SUBSET, (1,), (1, 2))]


def test_two_parts_that_add_up_are_offered() -> None:
    ours = [internal(number, fen, ORDER) for number, fen in ((1, 60_000), (2, 41_000), (3, 41_000))]
    found = match([external(1, 101_000, ORDER)], ours, [RULE])
    assert found.automatic == ()
    assert {each[1:] for each in told(found.suggestions) if each[0] is Stage.SUBSET} == {
        ((1,), (1, 2)),
        ((1,), (1, 3)),
    }


def test_a_mistyped_number_is_offered_and_never_confirmed() -> None:
    found = match([external(1, 800, "order:20261102000071")], [internal(1, 800, ORDER)], [RULE])
    assert found.automatic == ()
    assert told(found.suggestions) == [(Stage.LIKENESS, (1,), (1,))]


def test_other_currencies_and_sources_are_other_money() -> None:
    dollars = msgspec.structs.replace(external(1, 800, ORDER), currency="USD")
    elsewhere = msgspec.structs.replace(external(1, 800, ORDER), source="another")
    for line in (dollars, elsewhere):
        found = match([line], [internal(1, 800, ORDER)], [RULE])
        assert (found.automatic, found.suggestions) == ((), ())


def test_the_rule_of_the_smaller_priority_comes_first() -> None:
    bank = MatchRule(source="bank", against="books", priority=1)
    lines = [external(1, 800, ORDER), msgspec.structs.replace(external(2, 800, ORDER), source="bank")]
    found = match(lines, [internal(1, 800, ORDER)], [RULE, bank])
    assert told(found.automatic) == [(Stage.REFERENCE, (2,), (1,))]


def test_rules_and_lines_that_say_two_things_are_refused() -> None:
    with pytest.raises(Unfit):
        match([], [], [RULE, RULE])
    with pytest.raises(ValueError, match="same id"):
        match([external(1, 1), external(1, 2)], [], [RULE])
    with pytest.raises(Unfit):
        external(1, 1, "no kind")


def test_references_are_compared_as_bills_write_them() -> None:
    assert reference("order", "`４２0000 123\t") == "order:420000123"
    assert reference("order", " -- ") == reference("order", "0") == ""


def test_likeness_knows_one_slip() -> None:
    assert alike("order:1234567", "order:1234568") == 95
    assert alike("order:1234567", "order:1234576") == 95
    assert alike("order:1234567", "order:123456") == 85
    assert alike("order:1234567", "order:134567") == 95
    assert alike("order:1234567", "waybill:1234567") == alike("order:1234567", "order:7654321") == 0


# Few values, so that lines collide in every way.
_REFERENCES = st.lists(st.sampled_from(["order:100001", "order:100002", "flow:700001", "flow:700002"]), max_size=3)


@st.composite
def some_lines(draw: st.DrawFn) -> list[Line]:
    return [
        external(
            number * 3 + 1,
            draw(st.sampled_from([-800, 0, 3, 400, 404, 800, 1200, 1_000_000])),
            *draw(_REFERENCES),
            days=draw(st.integers(0, 5)),
            counterparty=draw(st.sampled_from(["", "", "甲", "乙"])),
        )
        for number in range(draw(st.integers(0, 9)))
    ]


def as_internal(lines: list[Line]) -> list[InternalLine]:
    return [InternalLine(**{**msgspec.structs.asdict(line), "source": "books"}) for line in lines]


@settings(max_examples=150, deadline=None)
@given(theirs=some_lines(), ours=some_lines(), shuffled=st.randoms(use_true_random=False))
def test_the_order_of_the_lines_changes_nothing(theirs: list[Line], ours: list[Line], shuffled: object) -> None:
    first = match(theirs, as_internal(ours), [RULE])
    shuffled.shuffle(theirs)  # type: ignore[attr-defined]
    shuffled.shuffle(ours)  # type: ignore[attr-defined]
    assert match(theirs, as_internal(ours), [RULE]) == first


@settings(max_examples=150, deadline=None)
@given(theirs=some_lines(), ours=some_lines())
def test_no_line_is_matched_twice_and_no_fen_is_lost(theirs: list[Line], ours: list[Line]) -> None:
    found = match(theirs, as_internal(ours), [RULE])
    for side, lines in (("external", theirs), ("internal", ours)):
        fen = {line.id: line.fen for line in lines}
        matched = [line for each in found.automatic for line in getattr(each, side)]
        assert len(set(matched)) == len(matched)
        assert set(matched) <= set(fen)
        assert all(line not in matched for each in found.suggestions for line in getattr(each, side))
    fen = {("e", line.id): line.fen for line in theirs} | {("i", line.id): line.fen for line in ours}
    for each in (*found.automatic, *found.suggestions):
        apart = sum(fen["e", line] for line in each.external) - sum(fen["i", line] for line in each.internal)
        assert each.fen == apart
        if each.automatic:
            totals = [sum(fen["e", line] for line in each.external), sum(fen["i", line] for line in each.internal)]
            assert abs(apart) <= RULE.tolerance(*totals)


@settings(max_examples=150, deadline=None)
@given(theirs=some_lines(), ours=some_lines())
def test_the_sides_exchanged_give_the_same_exchanged(theirs: list[Line], ours: list[Line]) -> None:
    assert _pairs(match(theirs, as_internal(ours), [RULE])) == _pairs(
        match(ours, as_internal(theirs), [RULE]), turn=True
    )


def _pairs(found: Matches, *, turn: bool = False) -> set[tuple[object, ...]]:
    sides = [(each.external, each.internal, each.score) for each in (*found.automatic, *found.suggestions)]
    return {(other, one, score) if turn else (one, other, score) for one, other, score in sides}

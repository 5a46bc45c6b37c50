"""An amount is split without a fen lost or made, and always in the same way."""

import itertools
import time
from fractions import Fraction
from random import Random

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from billing.allotment import allot

FEN = st.integers(-(10**14), 10**14)
WEIGHTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=40).filter(any)


@given(FEN, WEIGHTS)
@example(0, [1, 2, 3])
@example(1, [1, 1, 1])
@example(-1, [5000, 5000])
def test_the_parts_add_up_to_the_amount(fen: int, weights: list[int]) -> None:
    assert sum(allot(fen, weights)) == fen


@given(FEN, WEIGHTS)
def test_every_part_is_within_one_fen_of_its_exact_share(fen: int, weights: list[int]) -> None:
    for part, weight in zip(allot(fen, weights), weights, strict=True):
        assert abs(part - Fraction(fen * weight, sum(weights))) < 1


@given(FEN, WEIGHTS)
def test_the_negated_amount_is_split_into_the_negated_parts(fen: int, weights: list[int]) -> None:
    assert allot(-fen, weights) == tuple(-part for part in allot(fen, weights))


@given(FEN, WEIGHTS)
def test_who_has_no_weight_gets_nothing(fen: int, weights: list[int]) -> None:
    assert all(part == 0 for part, weight in zip(allot(fen, weights), weights, strict=True) if weight == 0)


@given(FEN, WEIGHTS)
def test_a_larger_weight_never_gets_less(fen: int, weights: list[int]) -> None:
    assume(fen >= 0)
    parts = allot(fen, weights)
    by_weight = sorted(zip(weights, parts, strict=True))
    for (lighter, less), (heavier, more) in itertools.pairwise(by_weight):
        assert lighter == heavier or less <= more


@given(FEN, st.dictionaries(st.text(max_size=6), st.integers(0, 500), min_size=1, max_size=20), st.randoms())
def test_with_keys_the_order_of_the_parties_does_not_matter(fen: int, weights: dict[str, int], random: Random) -> None:
    assume(any(weights.values()))
    keys = list(weights)
    random.shuffle(keys)
    shuffled = dict(zip(keys, allot(fen, [weights[key] for key in keys], keys), strict=True))
    ordered = sorted(weights)
    assert shuffled == dict(zip(ordered, allot(fen, [weights[key] for key in ordered], ordered), strict=True))


@given(FEN, WEIGHTS, st.integers(1, 1000))
def test_only_the_proportion_of_the_weights_counts(fen: int, weights: list[int], factor: int) -> None:
    assert allot(fen, weights) == allot(fen, [weight * factor for weight in weights])


def test_a_single_fen_goes_to_the_largest_remainder() -> None:
    assert allot(1, [3000, 4000, 3000]) == (0, 1, 0)


def test_a_single_fen_between_equals_goes_to_the_smallest_key() -> None:
    assert allot(1, [1, 1, 1]) == (1, 0, 0)
    assert allot(1, [1, 1, 1], ["merchant", "carrier", "agency"]) == (0, 0, 1)
    assert allot(-1, [1, 1, 1], ["merchant", "carrier", "agency"]) == (0, 0, -1)


def test_of_equal_keys_the_first_comes_first() -> None:
    assert allot(2, [1, 1, 1], ["b", "a", "a"]) == (0, 1, 1)
    assert allot(1, [1, 1], ["a", "a"]) == (1, 0)


def test_nothing_is_split_into_nothing() -> None:
    assert allot(0, [1, 2, 0]) == (0, 0, 0)


@given(st.integers(-(10**12), 10**12), st.integers(1, 10_000))
def test_one_party_bears_all(fen: int, weight: int) -> None:
    assert allot(fen, [weight]) == (fen,)


def test_ten_thousand_equal_parties_share_to_the_fen() -> None:
    keys = [f"{place:05}" for place in range(10_000)]
    parts = allot(1_234_567, [1] * 10_000, keys)
    assert parts == (124,) * 4567 + (123,) * 5433


@settings(max_examples=15, deadline=None)
@given(st.integers(-(10**12), 10**12), st.integers(0, 2**32))
def test_ten_thousand_different_parties_share_to_the_fen(fen: int, seed: int) -> None:
    weights = [(seed + place * 2_654_435_761) % 9973 for place in range(10_000)]
    parts = allot(fen, weights)
    assert sum(parts) == fen
    assert all(
        abs(part * sum(weights) - fen * weight) < sum(weights) for part, weight in zip(parts, weights, strict=True)
    )


def test_ten_times_the_parties_take_not_much_more_than_ten_times_as_long() -> None:
    def seconds(parties: int) -> float:
        weights = [1 + place * 7919 % 10_007 for place in range(parties)]
        keys = [str(place) for place in range(parties)]
        best = float("inf")
        for _ in range(5):
            began = time.process_time()
            allot(987_654_321, weights, keys)
            best = min(best, time.process_time() - began)
        return best

    # Quadratic would be a hundred times.
    assert seconds(50_000) < 30 * seconds(5_000)


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [-1]])
def test_weights_that_say_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        allot(100, weights)


def test_keys_must_match_the_weights() -> None:
    with pytest.raises(ValueError, match="2 weights but 1 keys"):
        allot(100, [1, 1], ["a"])

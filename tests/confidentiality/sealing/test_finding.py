"""Blind indexes have as many bits as the rule allows, and tell nothing between merchants, columns and indexes."""

import enum
import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confidentiality.sealing import masks
from confidentiality.sealing.fields import sealed, sealed_fields
from confidentiality.sealing.finding import ROWS, UNIQUE_BITS, Find, Last, bits_for, exact, last, named, plan
from confidentiality.sealing.suites import Suite
from tests.confidentiality.sealing.trial import OTHER_MERCHANT, PHONE, Buyer, Note, new_ring

FIELD = Buyer.phone.field


def value(ring_values: dict[str, object], name: str) -> bytes:
    return bytes(ring_values[name])  # type: ignore[call-overload, no-any-return]


@given(st.integers(16, 10**9))
def test_two_rows_at_least_and_the_root_of_all_at_most_share_the_values_of_a_field(rows: int) -> None:
    finds: list[list[Find]] = [[exact(rows=rows)], [last(4, rows=rows)]]
    if rows >= 64:
        finds += [[exact(rows=rows), last(4, rows=rows)], [last(2, rows=rows), exact(rows=rows), last(4, rows=rows)]]
    for find in finds:
        try:
            planned = plan(find)
        except ValueError:
            continue
        told = sum(
            min(index.bits, index.find.possible_bits) if isinstance(index.find, Last) else index.bits
            for index in planned
        )
        assert rows / 2**told >= 2
        if any(not isinstance(each, Last) for each in find):
            assert rows / 2**told <= max(4, math.sqrt(rows))


def test_a_million_phones_get_thirteen_bits_for_their_end_and_five_for_the_rest() -> None:
    assert [(index.name, index.bits, index.size) for index in plan([exact(), last(4)])] == [
        ("last4", 13, 2),
        ("exact", 5, 1),
    ]
    assert bits_for(ROWS) == 18
    assert plan([exact(unique=True)])[0].bits == UNIQUE_BITS


def test_a_plan_that_would_tell_texts_apart_is_refused() -> None:
    for find in ([exact(rows=15)], [exact(rows=16), last(2, rows=16), last(3, rows=16), last(4, rows=16)]):
        with pytest.raises(ValueError, match=r"rows to hide|tell its texts apart"):
            plan(find)
    with pytest.raises(ValueError, match="same number of rows"):
        plan([exact(rows=100), last(4, rows=1000)])
    with pytest.raises(ValueError, match="name of its own"):
        plan([exact(), exact(unique=True)])
    with pytest.raises(ValueError, match="finds nothing"):
        last(0)


def test_names_of_migrations_mean_what_declarations_mean() -> None:
    assert [named("exact"), named("unique"), named("last4")] == [exact(), exact(unique=True), last(4)]
    with pytest.raises(ValueError, match="nothing is found"):
        named("first3")


class Colour(enum.StrEnum):
    RED = "red"


@pytest.mark.parametrize("kind", [bool, Colour, bytes])
def test_few_values_get_no_blind_index(kind: type) -> None:
    with pytest.raises(TypeError, match="blind index"):
        sealed(kind, find=(exact(),))


@pytest.mark.parametrize("kind", [bool, Colour, float, dict])
def test_only_text_whole_numbers_and_bytes_are_sealed_as_fields(kind: type) -> None:
    with pytest.raises(TypeError, match="seal its text"):
        sealed(kind)


def test_a_bucket_is_a_power_of_two() -> None:
    for pad in (0, 8, 24, 100):
        with pytest.raises(ValueError, match="power of two"):
            sealed(pad=pad)


@pytest.mark.parametrize("suite", Suite)
def test_the_same_phone_has_other_values_for_another_merchant_key_table_or_index(suite: Suite) -> None:
    key = b"k" * 32
    ours = new_ring(suite=suite, index_key=key).index_values(FIELD, PHONE)
    assert ours == new_ring(suite=suite, index_key=key).index_values(FIELD, "+86 138 1234 1234")
    others = [
        new_ring(suite=suite, index_key=key, owner=OTHER_MERCHANT).index_values(FIELD, PHONE),
        new_ring(suite=suite, index_key=b"l" * 32).index_values(FIELD, PHONE),
    ]
    for other in others:
        assert value(dict(other), "phone_last4") != value(dict(ours), "phone_last4")
    unique = new_ring(suite=suite, index_key=key).index_values(Note.phone.field, PHONE)
    assert value(dict(unique), "phone_exact")[:1] != value(dict(ours), "phone_exact")[:1] or (
        value(dict(unique), "phone_exact")[1:] != value(dict(ours), "phone_exact")[1:]
    )
    assert len(value(dict(unique), "phone_exact")) == 16


def test_spare_bits_of_an_index_value_are_zero() -> None:
    ring = new_ring()
    for number in range(50):
        values = dict(ring.index_values(FIELD, f"138000{number:05}"))
        assert value(values, "phone_exact")[0] & 0b111 == 0
        assert value(values, "phone_last4")[1] & 0b111 == 0


def test_many_texts_share_each_value_of_a_truncated_index() -> None:
    ring = new_ring()
    texts = [f"1380000{number:04}" for number in range(2000)]
    counted = Counter(value(dict(ring.index_values(FIELD, text)), "phone_exact") for text in texts)
    # Sixty-two on average in 32 values: a row's value says of no text that it is the one.
    assert len(counted) == 2**5
    assert min(counted.values()) > 20


def test_a_model_tells_what_is_sealed() -> None:
    assert {name: (field.label, field.mask.name) for name, field in sealed_fields(Buyer).items()} == {
        "phone": ("电话", "phone"),
        "name": ("姓名", "name"),
        "amount": ("金额", "text"),
    }
    assert sealed_fields(object) == {}
    assert FIELD.mask is masks.phone

"""Attacks on sealed values, each tried: what is written into a row opens nowhere, or only where it was sealed."""

import os
import pickle
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import TracebackType
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect

from confidentiality.associated import bind
from confidentiality.errors import KeyDestroyed, KeysClosed, PlaintextRefused, SealBroken, SealMisplaced, TextUnfit
from confidentiality.sealing import masks
from confidentiality.sealing.handles import Sealed
from confidentiality.sealing.ring import KeyRing
from confidentiality.sealing.suites import Suite, derive
from confidentiality.sealing.wire import HEADER, SHORTEST, TEXT
from tests.confidentiality.sealing.trial import (
    MERCHANT,
    NAME,
    OTHER_MERCHANT,
    OTHER_TENANT,
    PHONE,
    TENANT,
    Buyer,
    Note,
    keys,
    new_buyer,
    new_ring,
)
from tests.confidentiality.sealing.two_keys import opens_under_both

FIELD, OTHER_FIELD, OTHER_TABLE = Buyer.phone.field, Buyer.name.field, Note.phone.field
ROW, OTHER_ROW = UUID(int=20), UUID(int=21)


def place(
    sealed: bytes, field: object = FIELD, row: UUID = ROW, owner: UUID | None = MERCHANT, version: int = 1
) -> Sealed[str]:
    """The bytes as the row there would give them."""
    return Sealed(sealed, field, row, owner, version)


@pytest.mark.parametrize(
    ("elsewhere", "attack"),
    [
        ({"row": OTHER_ROW}, "moved to another row"),
        ({"field": OTHER_FIELD}, "moved to another column"),
        ({"field": OTHER_TABLE}, "moved to the same column of another table"),
        ({"owner": OTHER_MERCHANT}, "its row given to another merchant"),
        ({"owner": None}, "its row given to the agency"),
        ({"version": 2}, "put back after a later write"),
        ({"version": 0}, "its row set back to a time before it was sealed"),
    ],
)
@pytest.mark.parametrize("suite", Suite)
def test_a_cell_opens_in_its_own_place_only(suite: Suite, elsewhere: dict[str, object], attack: str) -> None:
    ring = new_ring(suite=suite)
    sealed = ring.seal_cell(FIELD, PHONE, ROW, 1).ciphertext
    assert ring.open(place(sealed)) == PHONE
    with pytest.raises(SealBroken):
        ring.open(place(sealed, **elsewhere))  # type: ignore[arg-type]


def test_the_same_keys_under_another_merchant_or_tenant_open_nothing() -> None:
    # As if wrapped keys had been exchanged in the key table: the keys are right, their owner is not.
    data_keys, index_key = keys(1), os.urandom(32)
    ring = new_ring(data_keys=data_keys, index_key=index_key)
    sealed = ring.seal_cell(FIELD, PHONE, ROW, 1).ciphertext
    for other in ({"owner": OTHER_MERCHANT}, {"tenant": OTHER_TENANT}):
        theirs = new_ring(data_keys=data_keys, index_key=index_key, **other)
        with pytest.raises(SealBroken):
            theirs.open(place(sealed, owner=theirs.owner))
        assert theirs.index_values(FIELD, PHONE) != ring.index_values(FIELD, PHONE)


def test_a_value_for_two_keys_opens_only_under_the_one_that_it_commits_to() -> None:
    one, two = keys(1), keys(1)
    rings = [new_ring(data_keys=data_keys) for data_keys in (one, two)]
    scope = (b"\x01", TENANT.bytes, MERCHANT.bytes, (1).to_bytes(4, "big"))
    ciphers = [derive(Suite.AES_256_GCM, data_keys[1], bind(b"anshou.cell-key", *scope)) for data_keys in (one, two)]
    bound = bind(b"anshou.cell", b"\x01", TENANT.bytes, MERCHANT.bytes, b"t", b"c", ROW.bytes, (1).to_bytes(8, "big"))
    headers = [ring.seal_bytes(b"", table="t", column="c", row=ROW)[:HEADER] for ring in rings]
    while True:
        nonce = os.urandom(12)
        twofold = opens_under_both(*ciphers, nonce, bound, bound, [os.urandom(16) for _ in range(16)])
        texts = [AESGCM(cipher).decrypt(nonce, twofold, bound) for cipher in ciphers]
        if all(b"\x80" in text for text in texts):
            break
    # AES-GCM itself takes it under both keys, as two different texts that are padded as ours are.
    assert texts[0] != texts[1]
    for mine, ring in enumerate(rings):
        for committed, header in enumerate(headers):
            value = header + nonce + twofold
            if mine == committed:
                assert ring.open_bytes(value, table="t", column="c", row=ROW) == texts[mine].rpartition(b"\x80")[0]
            else:
                with pytest.raises(SealBroken):
                    ring.open_bytes(value, table="t", column="c", row=ROW)


@pytest.mark.parametrize("suite", Suite)
def test_every_changed_byte_and_every_cut_is_the_same_one_error(suite: Suite) -> None:
    ring = new_ring(suite=suite)
    sealed = ring.seal_cell(FIELD, PHONE, ROW, 1).ciphertext
    broken = [sealed[:at] + bytes([sealed[at] ^ 1 << at % 8]) + sealed[at + 1 :] for at in range(len(sealed))]
    broken += [sealed[:at] for at in range(len(sealed))]
    broken += [sealed + b"\0", b"\0" + sealed, sealed[:TEXT] + sealed[TEXT + 16 :]]
    said = set()
    for each in broken:
        with pytest.raises(SealBroken) as error:
            ring.open(place(each))
        said.add((type(error.value), str(error.value), error.value.__cause__, error.value.__context__))
    assert said == {(SealBroken, "sealed bytes did not open", None, None)}


@pytest.mark.parametrize(
    "plain",
    [b"", PHONE.encode(), NAME.encode(), b"\xa5SF", b"\xa5SF\x01\x01" + PHONE.encode() * 20, b"\xa5SF" + bytes(200)],
)
def test_plain_text_in_the_column_is_never_taken_for_what_it_says(plain: bytes) -> None:
    with pytest.raises(SealBroken):
        new_ring().open(place(plain))


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_at_all_open_or_raise_anything_else(noise: bytes) -> None:
    ring = new_ring()
    header = ring.seal_bytes(b"", table="t", column="c", row=ROW)[:HEADER]
    for value in (noise, header + noise):
        with pytest.raises(SealBroken):
            ring.open(place(value))
        with pytest.raises(SealBroken):
            ring.open_rows([_Row(value)], Buyer.phone)


def test_a_suite_or_format_that_does_not_exist_is_refused() -> None:
    ring = new_ring()
    sealed = ring.seal_cell(FIELD, PHONE, ROW, 1).ciphertext
    for at, values in ((3, (0, 2, 255)), (4, (0, 2, 3, 255))):
        for value in values:
            with pytest.raises(SealBroken):
                ring.open(place(sealed[:at] + bytes([value]) + sealed[at + 1 :]))


@given(st.text(), st.text(), st.text(), st.text())
def test_no_two_places_are_bound_alike(table: str, column: str, other_table: str, other_column: str) -> None:
    # With ("ab", "c") and ("a", "bc") alike, a value could be moved between two tables.
    ring = _RING
    sealed = ring.seal_bytes(b"text", table=table, column=column, row=ROW)
    if (table, column) == (other_table, other_column):
        assert ring.open_bytes(sealed, table=other_table, column=other_column, row=ROW) == b"text"
    else:
        with pytest.raises(SealBroken):
            ring.open_bytes(sealed, table=other_table, column=other_column, row=ROW)


def test_nonces_do_not_repeat_in_a_forked_process() -> None:
    ring = new_ring()
    ring.seal_cell(FIELD, PHONE, ROW, 1)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, b"".join(_nonces(ring, 200)))
        os._exit(0)
    ours = list(_nonces(ring, 200))
    os.waitpid(child, 0)
    theirs = os.read(reading, 200 * 12)
    os.close(reading)
    os.close(writing)
    assert len({*ours, *(theirs[at : at + 12] for at in range(0, len(theirs), 12))}) == 400


def test_the_length_of_a_sealed_value_tells_only_its_bucket() -> None:
    ring = new_ring()
    sizes = {text: len(ring.seal_cell(OTHER_FIELD, "x" * text, ROW, 1).ciphertext) for text in range(300)}
    assert {sizes[text] for text in range(32)} == {TEXT + 32 + 16}
    assert {sizes[text] for text in range(32, 64)} == {TEXT + 64 + 16}
    assert {sizes[text] for text in range(128, 256)} == {TEXT + 256 + 16}
    assert len(ring.seal_cell(FIELD, "", ROW, 1).ciphertext) == SHORTEST


@given(st.text(max_size=6000), st.sampled_from([16, 32, 64, 4096]))
@settings(deadline=None)
def test_every_text_opens_as_it_was(text: str, smallest: int) -> None:
    encoded = text.encode()
    cell = _RING._keys.cell("t", "c", smallest)
    sealed = cell.seal(encoded, ROW, 1)
    assert cell.open(sealed, ROW, 1) == encoded
    assert (len(sealed) - SHORTEST + 16) % 16 == 0


def test_the_orm_keeps_no_plain_text_in_state_history_or_repr() -> None:
    ring = new_ring()
    buyer = new_buyer(ring)
    ring.seal(buyer, phone="13911112222")
    state = inspect(buyer)
    shown = [repr(buyer), repr(vars(buyer)), repr(state.dict), repr(state.committed_state)]
    shown += [repr(state.attrs[name].history) for name in ("phone", "name", "phone_exact", "phone_last4")]
    shown += [f"{buyer.phone}", f"{buyer.phone:>20}", str(buyer.phone)]
    for secret in (PHONE, "13911112222", NAME):
        assert not any(secret in each for each in shown)


def test_nothing_sealed_and_no_key_is_pickled() -> None:
    ring = new_ring()
    buyer = new_buyer(ring)
    for carried in (buyer, buyer.phone, buyer.phone_exact, ring):
        with pytest.raises(TypeError):
            pickle.dumps(carried)


def test_a_handle_is_not_moved_between_rows_or_columns() -> None:
    ring = new_ring()
    one, two = new_buyer(ring), new_buyer(ring)
    with pytest.raises(SealMisplaced):
        two.phone = one.phone
    with pytest.raises(SealMisplaced):
        one.name = one.phone
    one.name = None
    assert one.name is None


def test_no_frame_of_ours_holds_the_text_when_an_error_leaves_it() -> None:
    ring = new_ring()
    # A name where a number is expected: it is decrypted, found wrong and dropped.
    sealed = ring._keys.cell("trial_buyer", "amount").seal(NAME.encode(), ROW, 1)
    broken: Sealed[int] = Sealed(sealed, Buyer.amount.field, ROW, MERCHANT, 1)
    with pytest.raises(SealBroken) as error:
        ring.open(broken)
    with pytest.raises(SealBroken) as many:
        ring.open_rows([_Row(sealed)], Buyer.amount)
    buyer = new_buyer(ring)
    with pytest.raises(PlaintextRefused) as refused:
        buyer.phone = "1391111" + "2222"
    for each in (error, many, refused):
        frames = list(_frames(each.value.__traceback__))
        assert len(frames) > 1
        ours = [frame.f_locals for frame in frames if "/confidentiality/sealing/" in frame.f_code.co_filename]
        assert ours
        assert not any(
            secret in repr(locals_) for secret in (NAME, repr(NAME.encode()), "13911112222") for locals_ in ours
        )
        assert NAME not in "".join(traceback.format_exception(each.value))


def test_a_text_that_utf_8_has_no_bytes_for_is_refused_without_being_shown() -> None:
    ring = new_ring()
    with pytest.raises(TextUnfit) as refused:
        new_buyer(ring, name=NAME + "\ud800")
    assert refused.value.__context__ is None
    assert NAME not in str(refused.value)
    # Looked for, it finds nothing, and no error shows it either.
    searched = replace(FIELD, mask=masks.name)
    assert None not in ring.index_values(searched, NAME + "\ud800").values()


@pytest.mark.parametrize("given", [5, 1.5, b"138", True, ["138"]])
def test_another_kind_than_the_declared_one_is_refused_without_being_shown(given: object) -> None:
    with pytest.raises(TypeError, match="phone holds str, not") as refused:
        new_buyer(new_ring(), phone=given)
    assert repr(given) not in str(refused.value)
    with pytest.raises(TypeError, match="amount holds int, not bool"):
        new_buyer(new_ring(), amount=True)


def test_a_closed_ring_and_a_destroyed_key_refuse_everything() -> None:
    attempts: list[Callable[[KeyRing, Buyer], object]] = [
        lambda ring, buyer: ring.open(buyer.phone),
        lambda ring, buyer: ring.masked(buyer.phone),
        lambda ring, buyer: ring.open_rows([buyer], Buyer.phone),
        lambda ring, buyer: ring.seal(buyer, phone=PHONE),
        lambda ring, buyer: ring.seal_cell(FIELD, PHONE, ROW, 1),
        lambda ring, buyer: ring.index_values(FIELD, PHONE),
        lambda ring, buyer: ring.confirms(buyer.phone, PHONE),
        lambda ring, buyer: ring.open_bytes(bytes(100), table="t", column="c", row=ROW),
    ]
    for destroyed, error in ((False, KeysClosed), (True, KeyDestroyed)):
        ring = new_ring(data_keys=keys(1, 2))
        buyer = new_buyer(ring)
        ring.close(destroyed=destroyed)
        for attempt in attempts:
            with pytest.raises(error):
                attempt(ring, buyer)


def test_values_of_older_keys_and_of_the_other_suite_still_open_and_new_ones_use_the_present() -> None:
    data_keys = keys(1, 2)
    old = new_ring(data_keys=data_keys, suite=Suite.SM4_GCM)
    sealed = old.seal_cell(FIELD, PHONE, ROW, 1).ciphertext
    new = new_ring(data_keys=data_keys, current=2)
    assert new.open(place(sealed)) == PHONE
    assert new.seal_cell(FIELD, PHONE, ROW, 1).ciphertext[4:9] == b"\x01\x00\x00\x00\x02"
    assert sealed[4:9] == b"\x02\x00\x00\x00\x01"


def _nonces(ring: KeyRing, count: int) -> Iterator[bytes]:
    for _ in range(count):
        yield ring.seal_cell(FIELD, PHONE, ROW, 1).ciphertext[HEADER:TEXT]


def _frames(at: TracebackType | None) -> Iterator[object]:
    while at is not None:
        yield at.tb_frame
        at = at.tb_next


class _Row:
    """A row with these bytes in every sealed column."""

    def __init__(self, value: bytes) -> None:
        self.id, self.merchant_id, self.seal_version = ROW, MERCHANT, 1
        self.phone = self.amount = Sealed[str](value)


_RING = new_ring()

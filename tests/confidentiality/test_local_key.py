"""A sealed secret opens in its own place and nowhere else."""

import copy
import pickle
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confidentiality.associated import bind
from confidentiality.errors import SealBroken
from confidentiality.local_key import LocalKey

ROOT = bytes(range(32))
TENANT, OTHER_TENANT = UUID(int=1), UUID(int=2)
OWNER, OTHER_OWNER = UUID(int=3), UUID(int=4)


@given(st.binary(max_size=200))
def test_what_was_sealed_opens(secret: bytes) -> None:
    sealed = LocalKey(ROOT, TENANT).seal(secret, owner=OWNER, purpose="totp")
    assert LocalKey(ROOT, TENANT).open(sealed, owner=OWNER, purpose="totp") == secret


def test_the_same_secret_never_seals_to_the_same_bytes() -> None:
    key = LocalKey(ROOT, TENANT)
    assert key.seal(b"seed", owner=OWNER, purpose="totp") != key.seal(b"seed", owner=OWNER, purpose="totp")


@pytest.mark.parametrize(
    ("key", "owner", "purpose"),
    [
        (LocalKey(ROOT, OTHER_TENANT), OWNER, "totp"),
        (LocalKey(ROOT[::-1], TENANT), OWNER, "totp"),
        (LocalKey(ROOT, TENANT), OTHER_OWNER, "totp"),
        (LocalKey(ROOT, TENANT), OWNER, "mail"),
    ],
)
def test_a_sealed_secret_opens_for_no_other_tenant_root_owner_or_purpose(
    key: LocalKey, owner: UUID, purpose: str
) -> None:
    sealed = LocalKey(ROOT, TENANT).seal(b"seed", owner=OWNER, purpose="totp")
    with pytest.raises(SealBroken):
        key.open(sealed, owner=owner, purpose=purpose)


def test_every_changed_or_missing_byte_breaks_the_seal() -> None:
    key = LocalKey(ROOT, TENANT)
    sealed = key.seal(b"seed", owner=OWNER, purpose="totp")
    broken = [sealed[:i] + bytes([sealed[i] ^ 1]) + sealed[i + 1 :] for i in range(len(sealed))]
    broken += [sealed[:i] for i in range(len(sealed))]
    for bytes_ in broken:
        with pytest.raises(SealBroken):
            key.open(bytes_, owner=OWNER, purpose="totp")


@given(st.lists(st.binary(max_size=8), max_size=4), st.lists(st.binary(max_size=8), max_size=4))
def test_different_parts_are_bound_differently(left: list[bytes], right: list[bytes]) -> None:
    assert (bind(*left) == bind(*right)) == (left == right)


def test_a_key_shows_nothing_and_is_never_copied_out() -> None:
    key = LocalKey(ROOT, TENANT)
    assert ROOT.hex() not in repr(key)
    for carry in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            carry(key)


def test_a_short_root_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        LocalKey(b"short", TENANT)


def test_a_mark_recognises_content_and_cannot_be_made_without_the_key() -> None:
    mark = LocalKey(ROOT, TENANT).mark(b"13800001234", purpose="kept answer")
    assert LocalKey(ROOT, TENANT).mark(b"13800001234", purpose="kept answer") == mark
    assert LocalKey(ROOT, TENANT).mark(b"13800001235", purpose="kept answer") != mark
    assert LocalKey(ROOT, TENANT).mark(b"13800001234", purpose="mail") != mark
    assert LocalKey(ROOT, OTHER_TENANT).mark(b"13800001234", purpose="kept answer") != mark
    assert LocalKey(ROOT[::-1], TENANT).mark(b"13800001234", purpose="kept answer") != mark

"""Checkpoints: what is signed, how it reads, and that nothing else passes for one."""

import base64
import pickle
from datetime import UTC, datetime
from uuid import UUID

import pytest

from confidentiality.audit.checkpoints import CheckpointKey, VerifyingKey, split_notes, tenant_of
from confidentiality.audit.errors import CheckpointInvalid

TENANT = UUID("01890000-0000-7000-8000-000000000001")
AT = datetime(2026, 11, 23, 2, 0, 0, 123456, tzinfo=UTC)
KEY = CheckpointKey(bytes(range(32)), TENANT)

# Stands in docs/audit-format.md too: another program must come to the same bytes.
NOTE = """\
anshou.audit/01890000-0000-7000-8000-000000000001
3
rrb8/idLcKFPsGel5VeCZNsPqbUa9eC6BZFY8ymwbnc=
time 2026-11-23T02:00:00.123456Z
previous -

— anshou.audit/01890000-0000-7000-8000-000000000001 SIGNATURE
"""
ROOT = base64.b64decode("rrb8/idLcKFPsGel5VeCZNsPqbUa9eC6BZFY8ymwbnc=")


def test_a_checkpoint_is_a_signed_note() -> None:
    made = KEY.sign(size=3, root=ROOT, at=AT, previous=None)
    signature = made.note.rsplit(" ", 1)[1].strip()
    assert made.note == NOTE.replace("SIGNATURE", signature)
    assert KEY.verifying.read(made.note) == made
    assert tenant_of(made.note) == TENANT


def test_each_checkpoint_names_the_one_before() -> None:
    first = KEY.sign(size=3, root=ROOT, at=AT, previous=None)
    second = KEY.sign(size=5, root=bytes(32), at=AT, previous=first)
    assert second.previous == first.digest()
    assert list(split_notes(first.note + "\n" + second.note + "\n")) == [first.note, second.note]


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("\n3\n", "\n4\n"),
        ("\n3\n", "\n03\n"),
        ("rrb8", "rrb9"),
        ("02:00:00", "03:00:00"),
        ("previous -", "previous " + "0" * 64),
        ("anshou.audit/01890000", "anshou.audit/01890001"),
        ("\n\n", "\nextra\n\n"),
        ("— ", "- "),
    ],
)
def test_an_altered_note_is_refused(was: str, becomes: str) -> None:
    note = KEY.sign(size=3, root=ROOT, at=AT, previous=None).note
    assert was in note
    with pytest.raises(CheckpointInvalid):
        KEY.verifying.read(note.replace(was, becomes))


def test_another_key_does_not_pass() -> None:
    note = KEY.sign(size=3, root=ROOT, at=AT, previous=None).note
    for other in (CheckpointKey(bytes(32), TENANT), CheckpointKey(bytes(range(32)), UUID(int=7))):
        with pytest.raises(CheckpointInvalid):
            other.verifying.read(note)


def test_the_verifying_key_is_read_back_and_nothing_like_it() -> None:
    text = str(KEY.verifying)
    assert str(VerifyingKey.parse(text)) == text
    assert text == f"anshou.audit/{TENANT}+{KEY.verifying.id.hex()}+{text.rsplit('+', 1)[1]}"
    for wrong in ("", "x+y+z", text[:-8], text.replace("01890000", "01890001"), text.replace("anshou.audit", "other")):
        with pytest.raises(CheckpointInvalid):
            VerifyingKey.parse(wrong)


def test_the_signing_key_is_neither_shown_nor_pickled() -> None:
    assert repr(KEY) == f"CheckpointKey(anshou.audit/{TENANT})"
    with pytest.raises(TypeError):
        pickle.dumps(KEY)

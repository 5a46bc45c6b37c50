"""What `docs/audit-format.md` shows is what we write; the document alone is enough to compute it."""

import base64
import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from confidentiality.audit.checkpoints import CheckpointKey
from confidentiality.audit.encoding import Alike, LeafContent, instant_bytes
from confidentiality.audit.merkle import root_of

DOCUMENT = Path("docs/audit-format.md").read_text("utf-8")
AT = datetime(2026, 11, 23, 2, 0, 0, 123456, tzinfo=UTC)


def ident(end: str) -> UUID:
    return UUID(f"01890000-0000-7000-8000-0000000000{end}")


TENANT = ident("01")
READABLE = '{"actor":"沈清"}'.encode()


def leaf(
    end: str,
    action: str,
    body: bytes,
    *,
    merchant: UUID | None = None,
    subject: UUID | None = None,
    ticket: UUID | None = None,
    sealed_for: UUID | None = None,
) -> LeafContent:
    return LeafContent(
        id=ident(end),
        at=AT,
        action=action,
        actor_id=ident("b1"),
        actor_side="agency",
        merchant_id=merchant,
        subject_id=subject,
        ticket_id=ticket,
        sealed_for=sealed_for,
        body=body,
    )


LEAVES = [
    leaf("a1", "sign_in.succeeded", READABLE),
    leaf("a2", "contract.version_in_force", READABLE, merchant=ident("c1"), subject=ident("d1")),
    leaf("a3", "reveal.shown", bytes(range(16)), merchant=ident("c1"), ticket=ident("e1"), sealed_for=ident("c1")),
]


def test_the_leaves_are_those_of_the_document() -> None:
    shown = "".join(re.findall(r"^[0-9a-f]{64,}$", DOCUMENT, re.MULTILINE))
    assert LEAVES[0].canonical(TENANT).hex() == shown
    assert hashlib.sha256(b"\0" + bytes.fromhex(shown)).digest() == LEAVES[0].hash(TENANT)
    for one in LEAVES:
        assert f"`{one.hash(TENANT).hex()}`" in DOCUMENT


def test_leaves_in_bulk_have_the_same_hashes() -> None:
    one = leaf("a4", "ticket.entry", READABLE, merchant=ident("c1"), subject=ident("d1"), ticket=ident("e1"))
    alike = Alike(TENANT, action=one.action, actor_id=one.actor_id, actor_side="agency", merchant_id=ident("c1"))
    in_bulk = alike.hash(
        one.id.bytes,
        instant_bytes(one.at),
        subject=ident("d1").bytes,
        ticket=ident("e1").bytes,
        body=READABLE,
    )
    assert in_bulk == one.hash(TENANT)


def test_the_checkpoint_is_that_of_the_document() -> None:
    key = CheckpointKey(bytes(range(32)), TENANT)
    root = root_of(one.hash(TENANT) for one in LEAVES)
    assert key.sign(size=3, root=root, at=AT, previous=None).note in DOCUMENT
    assert f"`{key.verifying}`" in DOCUMENT


def test_another_program_verifies_the_checkpoint_by_the_document_alone() -> None:
    key = re.search(r"Verifying key: `(\S+)\+([0-9a-f]{8})\+(\S+)`", DOCUMENT)
    note = re.search(r"```\n(anshou\.audit/.*?\n)\n— (\S+) (\S+)\n```", DOCUMENT, re.DOTALL)
    assert key is not None
    assert note is not None
    raw = base64.b64decode(key[3])
    signature = base64.b64decode(note[3])
    assert note[2] == key[1]
    assert hashlib.sha256(key[1].encode() + b"\n" + raw).digest()[:4] == signature[:4] == bytes.fromhex(key[2])
    Ed25519PublicKey.from_public_bytes(raw[1:]).verify(signature[4:], note[1].encode())

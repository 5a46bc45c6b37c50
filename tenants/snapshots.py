"""The committed snapshot: the tables of a new tenant as one piece of SQL, instead of the whole chain of migrations.

It is made by replaying the chain and dumping the result (`make snapshot`), and says of which chain, so that an old one
is noticed. Applying it takes a third of the time of a replay.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tenants.chains import Chain, migrations_folder, tenant_chain
from tenants.ddl import ROLE
from tenants.errors import SnapshotStale

_HEAD = re.compile(r"-- revision: (?P<revision>\S+)\n-- digest: (?P<digest>[0-9a-f]{64})\n")
# pg_dump's own comments, whose bare first and last line would not be missed in a function either, and psql's commands.
_NOISE = re.compile(r"--$|-- (Name: |Data for Name: |Dumped |PostgreSQL database dump)|\\")

# What pg_dump says about the session, the schema itself and the hardened database around it.
_OF_THE_DATABASE = re.compile(
    r"SET |SELECT pg_catalog\.set_config|CREATE SCHEMA |(GRANT|REVOKE) .* ON (SCHEMA|LANGUAGE) "
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Unqualified SQL that makes a tenant's tables at `revision`; `"{role}"` stands for the tenant's login."""

    revision: str | None
    sql: str

    @classmethod
    def replaying(cls, chain: Chain) -> "Snapshot":
        """The chain itself in the place of a snapshot."""
        return cls(chain.head, "\n".join(step.sql for step in chain.revisions))


def snapshot_file() -> Path:
    return migrations_folder() / "tenant" / "snapshot.sql"


@cache
def read_snapshot() -> Snapshot:
    """The committed snapshot. Raises SnapshotStale if it was not made of the present chain."""
    text = snapshot_file().read_text("utf-8") if snapshot_file().exists() else ""
    head = _HEAD.search(text)
    if head is None or head["digest"] != chain_digest(tenant_chain()):
        raise SnapshotStale
    return Snapshot(head["revision"], text)


def chain_digest(chain: Chain) -> str:
    """SHA-256 over the chain's SQL: a revision that was edited makes the snapshot stale, too."""
    digest = hashlib.sha256()
    for step in chain.revisions:
        digest.update(f"{step.name}\0{step.sql}\0".encode())
    return digest.hexdigest()


def from_dump(dump: str, chain: Chain, *, place: str) -> str:
    """The text of the snapshot file, from pg_dump's output of the schema and login `place`."""
    kept = [
        statement.replace(f"{place}.", "").replace(f" TO {place};", f" TO {ROLE};")
        for statement in _statements(dump)
        if not _OF_THE_DATABASE.match(statement)
    ]
    return (
        "-- A new tenant's tables. Written by `make snapshot`; never edit it by hand.\n"
        f"-- revision: {chain.head}\n-- digest: {chain_digest(chain)}\n\n"
        "-- Functions come before the tables that they name.\nSET LOCAL check_function_bodies = off;\n\n"
    ) + "\n".join(kept)


def _statements(dump: str) -> list[str]:
    """The dump without pg_dump's comments and psql's commands, cut at the blank lines between statements."""
    lines = [line for line in dump.splitlines() if not _NOISE.match(line)]
    return [f"{block.strip()}\n" for block in re.split(r"\n{2,}", "\n".join(lines)) if block.strip()]

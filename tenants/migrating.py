"""The migration runner: brings every tenant to the newest revision, one transaction per tenant.

What is done stays done: the revision is written in the transaction that applies it, so a run that was killed is simply
started again. One tenant's failure leaves the others alone, unless there are so many that the revision itself is to
blame.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain as chain_iterables
from itertools import islice
from uuid import UUID

import asyncpg

from tenants.addresses import DatabaseAddress
from tenants.chains import Chain, fill_in, joined, tenant_chain
from tenants.context import AGENCY
from tenants.credentials import Credentials
from tenants.errors import MigrationUnderWay
from tenants.signing import SETTING, Signer

_RUN_LOCK = 0x616E7368_0001
# A backend remembers every table that it has touched, so a worker's connection is replaced now and then.
_TENANTS_PER_CONNECTION = 200

_WORTH_RETRYING = (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError, asyncpg.SerializationError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How the runner goes about it.

    `canaries`, codes of tenants or a number of them, go first and one by one; the first failure among them stops the
    run. Later it stops once more than `failures_allowed` tenants have failed. A lock that cannot be had within
    `lock_timeout_ms` is tried again `attempts` times in all, so that a migration never makes a tenant's people queue.
    """

    workers: int = 4
    canaries: Sequence[str] | int = 1
    failures_allowed: int = 3
    lock_timeout_ms: int = 2000
    attempts: int = 6


@dataclass(frozen=True, slots=True)
class Behind:
    """A tenant that is not at the newest revision."""

    id: UUID
    code: str
    schema: str
    role: str
    revision: str | None


@dataclass(slots=True)
class Outcome:
    """What a run did: codes of the tenants done, and of those that failed with the database's message."""

    total: int = 0
    done: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    stopped: bool = False

    @property
    def complete(self) -> bool:
        """Whether every tenant is at the newest revision now."""
        return len(self.done) == self.total


Progress = Callable[[Outcome], None]


async def migrate_all(
    address: DatabaseAddress,
    credentials: Credentials,
    *,
    chain: Chain | None = None,
    pace: Pace | None = None,
    progress: Progress = lambda outcome: None,
) -> Outcome:
    """Apply to every tenant what it lacks of the chain. Raises MigrationUnderWay if another run is at it.

    LookupError means that a tenant is at a revision which this version does not know.
    """
    chain = tenant_chain() if chain is None else chain
    async with _only_run(address) as lead:
        behind = await _queue_up(lead, chain)
        return await _Run(address, credentials, chain, pace or Pace(), progress).go(behind)


@asynccontextmanager
async def _only_run(address: DatabaseAddress) -> AsyncIterator[asyncpg.Connection]:
    lead = await address.connect()
    try:
        if not await lead.fetchval("SELECT pg_try_advisory_lock($1)", _RUN_LOCK):
            raise MigrationUnderWay
        yield lead
    finally:
        # The session's lock goes with it, also if we are killed.
        await lead.close()


async def _queue_up(lead: asyncpg.Connection, chain: Chain) -> list[Behind]:
    """Read all revisions at once and note in the ledger who is behind."""
    rows = await lead.fetch(
        "SELECT id, code, schema_name, role_name, revision FROM control.tenant "
        "WHERE revision IS DISTINCT FROM $1 ORDER BY code",
        chain.head,
    )
    behind = [Behind(*row) for row in rows]
    for revision in {tenant.revision for tenant in behind}:
        chain.after(revision)
    await lead.execute(
        "INSERT INTO control.tenant_migration (tenant_id, to_revision, from_revision) "
        "SELECT id, $1, revision FROM control.tenant WHERE id = ANY($2) "
        "ON CONFLICT (tenant_id, to_revision) DO UPDATE SET state = 'queued', from_revision = excluded.from_revision",
        chain.head,
        [tenant.id for tenant in behind],
    )
    return behind


class _Run:
    """One run over the tenants that are behind."""

    def __init__(
        self, address: DatabaseAddress, credentials: Credentials, chain: Chain, pace: Pace, progress: Progress
    ) -> None:
        self._address = address
        self._signer = Signer(credentials)
        self._chain = chain
        self._pace = pace
        self._progress = progress
        self._outcome = Outcome()
        self._rendered: dict[str | None, str] = {}

    async def go(self, behind: list[Behind]) -> Outcome:
        canaries, others = self._in_order(behind)
        self._outcome.total = len(behind)
        await self._work(iter(canaries), failures_allowed=0)
        if not self._outcome.stopped:
            queue = iter(others)
            workers = min(self._pace.workers, len(others))
            await asyncio.gather(*(self._work(queue, self._pace.failures_allowed) for _ in range(workers)))
        return self._outcome

    def _in_order(self, behind: list[Behind]) -> tuple[list[Behind], list[Behind]]:
        wanted = self._pace.canaries
        if isinstance(wanted, int):
            return behind[:wanted], behind[wanted:]
        return [t for t in behind if t.code in wanted], [t for t in behind if t.code not in wanted]

    async def _work(self, queue: Iterator[Behind], failures_allowed: int) -> None:
        """Migrate tenants from the queue, which the workers share, until it is empty or the run stops."""
        while not self._outcome.stopped and (batch := list(islice(queue, 1))):
            owner = await self._address.connect()
            try:
                role = await owner.fetchval("SELECT session_user")
                for tenant in chain_iterables(batch, islice(queue, _TENANTS_PER_CONNECTION - 1)):
                    await self._attempt(owner, role, tenant)
                    self._outcome.stopped |= len(self._outcome.failed) > failures_allowed
                    self._progress(self._outcome)
                    if self._outcome.stopped:
                        return
            finally:
                await owner.close()

    async def _attempt(self, owner: asyncpg.Connection, role: str, tenant: Behind) -> None:
        """Migrate one tenant, trying again where waiting helps; note in the ledger what became of it."""
        for attempt in range(1, self._pace.attempts + 1):
            try:
                await owner.execute(self._transaction(owner, role, tenant, attempt))
            except asyncpg.PostgresError as error:
                await owner.execute("ROLLBACK")
                if attempt < self._pace.attempts and isinstance(error, _WORTH_RETRYING):
                    # Jitter, so that workers that met at a lock do not meet there again.
                    await asyncio.sleep(random.uniform(0.05, 0.2) * 2**attempt)  # noqa: S311
                    continue
                reason = f"{type(error).__name__}: {error.args[0]}"
                self._outcome.failed[tenant.code] = reason
                await owner.execute(
                    "UPDATE control.tenant_migration SET state = 'failed', attempt = $3, error = $4, "
                    "finished_at = clock_timestamp() WHERE tenant_id = $1 AND to_revision = $2",
                    tenant.id,
                    self._chain.head,
                    attempt,
                    reason,
                )
            else:
                self._outcome.done.append(tenant.code)
            return

    def _transaction(self, owner: asyncpg.Connection, role: str, tenant: Behind, attempt: int) -> str:
        """The whole transaction of one tenant as one message."""
        pid = owner.get_server_pid()
        # Forced policies bind an owner who is no superuser as well: a backfill needs a context to see the rows.
        token = self._signer.token(AGENCY, role=role, backend_pid=pid, at=datetime.now(UTC))
        return f"""
            BEGIN;
            SET LOCAL lock_timeout = {self._pace.lock_timeout_ms};
            SET LOCAL statement_timeout = 0;
            SET LOCAL search_path = "{tenant.schema}";
            SET LOCAL {SETTING} = '{token}';
            SELECT pg_advisory_xact_lock(hashtextextended('{tenant.id}', 0));
            {fill_in(self._steps_after(tenant.revision), role=tenant.role)}
            UPDATE control.tenant SET revision = '{self._chain.head}' WHERE id = '{tenant.id}';
            UPDATE control.tenant_migration
            SET state = 'done', attempt = {attempt}, error = NULL,
                started_at = transaction_timestamp(), finished_at = clock_timestamp()
            WHERE tenant_id = '{tenant.id}' AND to_revision = '{self._chain.head}';
            COMMIT
        """  # noqa: S608  Names, ids and revisions are ours.

    def _steps_after(self, revision: str | None) -> str:
        if revision not in self._rendered:
            self._rendered[revision] = joined(self._chain.after(revision))
        return self._rendered[revision]

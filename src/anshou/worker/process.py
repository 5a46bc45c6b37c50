"""One worker process: the rounds on the event loop, and dramatiq's threads that bring jobs back to it."""

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from math import inf
from typing import NoReturn
from uuid import UUID

import asyncpg
import dramatiq
from sqlalchemy import text

from anshou.worker import health, sweeping, timers
from anshou.worker.attempts import Attempts
from anshou.worker.bridge import Bridge
from anshou.worker.broker import forgets, open_broker
from anshou.worker.indexing import Indexer
from anshou.worker.line import ControlLine, LineBroken
from anshou.worker.publishing import Publisher
from anshou.worker.relay import PUBLISHED_FOR, Relay
from anshou.worker.rounds import POLL, Duty, Rounds
from anshou.worker.schedules import Schedule, leave_scheduled_jobs
from anshou.worker.sealing import Sealer
from anshou.worker.work import AnyActor, Outside
from confidentiality.audit.publishing import CheckpointFiles
from confidentiality.keys.news import KeyNews
from confidentiality.keys.vault import CARRIED_AS, Vault
from tenants.addresses import DatabaseAddress
from tenants.credentials import Credentials
from tenants.errors import DatabaseUnavailable
from tenants.pool import PoolLimits
from tenants.sessions import Tenants

log = logging.getLogger(__name__)

# Seconds that jobs get to end by themselves when the process is told to stop; then they are put back. The supervisor
# of `anshou run` waits two and a half for everything.
GRACE = 1.0

# Seconds that threads get to notice that they were told to stop, and the broker to say goodbye.
_AFTER_GRACE = 0.6
_LAST_WORD = 0.3

# Seconds until the rounds are broken off that do not end by themselves, as in a message that no broker confirms.
_LAST_ROUND = 0.3

# Seconds between two looks for leases that ran out, for the canary, for schedules, and for what can be cleared away.
_SWEEP = 5.0
_CANARY = 15.0
_CALENDAR = 60.0
_CLEAR = 300.0

# Milliseconds after which dramatiq's threads look up whether they should stop.
_LOOK_UP = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a worker process is to do. `queues` narrows which of the broker's queues it serves; empty means all."""

    database_url: str
    secret: bytes
    broker_url: str
    actors: Sequence[AnyActor]
    schedules: Sequence[Schedule]
    outside: Outside
    vault: Vault
    threads: int = 8
    connections: int = 32
    queues: frozenset[str] = frozenset()
    published_for: timedelta = PUBLISHED_FOR
    checkpoints: tuple[CheckpointFiles, ...] = ()

    @property
    def cap(self) -> int:
        """Most jobs of one tenant in flight: half of the threads, so that one tenant's slow jobs leave room."""
        return max(1, self.threads // 2)


async def work(plan: Plan, stop: asyncio.Event) -> None:
    """Work until `stop` is set, then end within five seconds and leave nothing half done.

    Once in a process, because dramatiq's worker is. Raises what ended it, had it not been told to stop.
    """
    # One connection serves a tenant's jobs in turn, a second one those that must not wait for a long one. No job holds
    # one while it talks to somebody outside.
    limits = PoolLimits(per_tenant=min(2, plan.cap), total=plan.connections)
    tenants = Tenants(plan.database_url, secret=plan.secret, pool=limits, carry={CARRIED_AS: plan.vault})
    news = KeyNews(plan.database_url, plan.secret, plan.vault)
    process = _Process(plan, tenants)
    await news.start()
    try:
        await process.run(stop)
    finally:
        await news.stop()
        await tenants.close()


def end_process(code: int) -> NoReturn:
    """After `work`, end at once: everything is put away by now.

    The interpreter would first wait for threads that are stuck in a broker that answers nothing, which may take
    minutes, and then take itself apart beside dramatiq's, which still knock at a broker that is gone: on a busy machine
    that takes seconds more than there are, and a thread caught while it writes to the log turns it into a crash.
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


class _Process:
    """What belongs together while a worker runs."""

    def __init__(self, plan: Plan, tenants: Tenants) -> None:
        self._plan = plan
        self._tenants = tenants
        self._broker = open_broker(plan.broker_url)
        self._publisher = Publisher(self._broker)
        self._rounds = Rounds(self._duties())
        self._bridge = Bridge(asyncio.get_running_loop(), after=self._rounds.hint)
        self._line = ControlLine(
            DatabaseAddress.at(plan.database_url), Credentials(plan.secret), heard=self._rounds.hint
        )
        self._declare_actors()

    async def run(self, stop: asyncio.Event) -> None:
        threads = dramatiq.Worker(
            self._broker,
            queues=set(self._plan.queues),
            worker_threads=self._plan.threads,
            worker_timeout=_LOOK_UP,
        )
        rounds = asyncio.create_task(self._rounds.run(self._line))
        sealer = Sealer(self._tenants, self._plan.secret, self._plan.checkpoints)
        sealing = asyncio.create_task(sealer.run(stop))
        indexing = asyncio.create_task(Indexer(self._tenants).run(stop))
        standing = (rounds, sealing, indexing)
        stopped = asyncio.create_task(stop.wait())
        threads.start()
        log.info("working with %d threads", self._plan.threads)
        try:
            await asyncio.wait((*standing, stopped), return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
            self._rounds.stop()
            # Sealer and indexer first: a batch that is broken off is rolled back and done by the next worker.
            sealing.cancel()
            indexing.cancel()
            await asyncio.wait(standing, timeout=_LAST_ROUND)
            rounds.cancel()
            await asyncio.wait(standing)
            await self._end(threads)
        for task in standing:
            if not task.cancelled():
                task.result()

    async def _end(self, threads: dramatiq.Worker) -> None:
        last_call = asyncio.get_running_loop().call_later(GRACE, self._bridge.cancel)
        stop = partial(threads.stop, timeout=int((GRACE + _AFTER_GRACE) * 1000))
        await _at_most(GRACE + _AFTER_GRACE, stop)
        last_call.cancel()
        self._publisher.close()
        await _at_most(_LAST_WORD, self._broker.close)
        if forgets(self._broker):
            try:
                async with self._line.use() as control:
                    await sweeping.requeue_all(control)
            except LineBroken:
                log.warning("what was still to be done is queued again at the next start")
        await self._line.close()

    def _declare_actors(self) -> None:
        attempts = Attempts(self._tenants, self._plan.outside)

        for actor in self._plan.actors:

            async def attempt(tenant_id: str, job_id: str, actor: AnyActor = actor) -> None:
                await attempts.carry_out(actor, UUID(tenant_id), UUID(job_id))

            dramatiq.actor(actor_name=actor.name, broker=self._broker)(self._bridge.carry(attempt))

        async def canary_came_out() -> None:
            # Without a database there is nobody to tell, and the next canary comes soon.
            with suppress(DatabaseUnavailable):
                async with self._tenants.control() as control:
                    await control.execute(text(health.CANARY_CAME_OUT))

        dramatiq.actor(actor_name=health.CANARY, broker=self._broker)(self._bridge.carry(canary_came_out))

    def _duties(self) -> list[Duty]:
        relay = Relay(
            self._publisher.publish,
            [actor.name for actor in self._plan.actors],
            cap=self._plan.cap,
            published_for=self._plan.published_for,
        )

        async def requeue_lost(control: asyncpg.Connection) -> None:
            # Answers nothing: done a second time it would take away what has just been published.
            await sweeping.requeue_all(control)

        async def leave_scheduled(control: asyncpg.Connection) -> int:
            return await leave_scheduled_jobs(control, self._plan.schedules)

        async def send_canary(control: asyncpg.Connection) -> None:
            if await health.canary_is_due(control):
                await self._publisher.send([health.canary()])

        return [
            *([Duty(requeue_lost, inf)] if forgets(self._broker) else []),
            Duty(timers.queue_due_timers, POLL),
            Duty(sweeping.requeue_expired, _SWEEP),
            Duty(leave_scheduled, _CALENDAR),
            Duty(send_canary, _CANARY),
            Duty(sweeping.clear_away, _CLEAR),
            Duty(relay.turn, POLL, on_hint=True),
        ]


async def _at_most(seconds: float, block: Callable[[], object]) -> None:
    """Run what may block, and go on without it after so long: the broker may answer nothing."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()

    def run() -> None:
        try:
            block()
        finally:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=run, daemon=True).start()
    try:
        await asyncio.wait_for(ended.wait(), seconds)
    except TimeoutError:
        log.warning("the broker does not let go")

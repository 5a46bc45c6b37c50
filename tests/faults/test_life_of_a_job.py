"""Any order of things that can happen to jobs, drawn by Hypothesis: each has its effect once, or is a dead letter.

The relay, the sweeper and the attempts are the product's, on real rows. What is drawn is when each runs, where it dies,
what the broker delivers twice or loses, and how long an attempt lingers between its effect and its commit.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from anshou.worker import sweeping
from anshou.worker.attempts import Attempts
from anshou.worker.relay import DueJob, Relay
from anshou.worker.work import Work, actor
from tenants.context import AGENCY
from tenants.jobs import enqueue
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.database import Database
from tests.worker.workshop import Effects, Number, leave_effect, outside

ATTEMPTS = 3
# As many can linger in their transactions as the tenant has connections, less one for the others.
LINGERING = 3

Result = TypeVar("Result")
pick = st.integers(min_value=0, max_value=99)


class ProcessDied(BaseException):
    """Raised inside an attempt in place of the process's death: nobody cleans up after it."""


class RelayDied(Exception):
    """Raised while publishing, in place of the relay's death."""


class World:
    """What the machine plays with: rows, a broker that is a list, and attempts that wait to be told how to end."""

    def __init__(self, tenants: Tenants, tenant: Tenant, control: asyncpg.Connection, effects: Effects) -> None:
        self.tenants, self.tenant, self.control, self.effects = tenants, tenant, control, effects
        self.messages: list[DueJob] = []
        self.lingering: list[tuple[asyncio.Future[None], asyncio.Task[None]]] = []
        self.dying = False
        self._reached: asyncio.Queue[asyncio.Future[None]] = asyncio.Queue()
        self._attempts = Attempts(tenants, outside())
        self._relay = Relay(self._publish, ["test.linger"], cap=100)
        self._actor = actor("test.linger", Number, attempts=ATTEMPTS, time_limit=timedelta(minutes=5))(self._linger)

    async def _publish(self, jobs: Sequence[DueJob]) -> list[UUID]:
        for job in jobs:
            self.messages.append(job)
            if self.dying:
                raise RelayDied
        return [job.id for job in jobs]

    async def _linger(self, work: Work, payload: Number) -> None:
        ending: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        async with work.finish() as session:
            await leave_effect(session, payload.number)
            self._reached.put_nowait(ending)
            await ending

    async def leave(self, number: int) -> None:
        async with self.tenants.session(self.tenant, AGENCY) as session:
            await enqueue(session, "test.linger", {"number": number})

    async def relay(self, *, dying: bool) -> None:
        self.dying = dying
        with suppress(RelayDied):
            await self._relay.turn(self.control)
        self.dying = False

    async def deliver(self, message: DueJob) -> None:
        """Begin an attempt; it lingers, or there was nothing to be done."""
        attempt = asyncio.create_task(self._attempts.carry_out(self._actor, message.tenant_id, message.id))
        reached = asyncio.create_task(self._reached.get())
        await asyncio.wait((attempt, reached), return_when=asyncio.FIRST_COMPLETED)
        if reached.done():
            self.lingering.append((reached.result(), attempt))
        else:
            reached.cancel()
            attempt.result()

    async def end(self, number: int, error: BaseException | None = None) -> None:
        """Let a lingering attempt end as it is told."""
        ending, attempt = self.lingering.pop(number)
        if error is None:
            ending.set_result(None)
        else:
            ending.set_exception(error)
        with suppress(ProcessDied):
            await attempt

    async def time_passes(self) -> None:
        """Every lease runs out, every retry is due, and the sweeper comes."""
        await self.control.execute(
            "UPDATE control.job SET lease_until = now() - interval '1 s' WHERE state <> 'queued'"
        )
        await sweeping.requeue_expired(self.control)
        await self.control.execute("UPDATE control.job SET run_at = now() WHERE state = 'queued'")

    async def states(self) -> dict[int, str]:
        rows = await self.control.fetch("SELECT (payload ->> 'number')::int AS number, state FROM control.job")
        return {row["number"]: row["state"] for row in rows}

    async def run_out(self) -> None:
        """Everything goes well from now on."""
        while self.lingering:
            await self.end(0)
        for _ in range(ATTEMPTS + 1):
            await self.time_passes()
            await self.relay(dying=False)
            while self.messages:
                await self.deliver(self.messages.pop())
                while self.lingering:
                    await self.end(0)


class LifeOfJobs(RuleBasedStateMachine):
    """The machine; its world is made by the test."""

    world: World
    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        super().__init__()
        self.left = 0

    def do(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=30)

    @rule()
    def leave(self) -> None:
        self.do(self.world.leave(self.left))
        self.left += 1

    @rule(dying=st.booleans())
    def relay(self, dying: bool) -> None:
        self.do(self.world.relay(dying=dying))

    @precondition(lambda self: self.world.messages and len(self.world.lingering) < LINGERING)
    @rule(which=pick, again=st.booleans())
    def deliver(self, which: int, again: bool) -> None:
        messages = self.world.messages
        message = messages[which % len(messages)]
        if not again:
            messages.remove(message)
        self.do(self.world.deliver(message))

    @precondition(lambda self: self.world.lingering)
    @rule(which=pick)
    def succeed(self, which: int) -> None:
        self.do(self.world.end(which % len(self.world.lingering)))

    @precondition(lambda self: self.world.lingering)
    @rule(which=pick, error=st.sampled_from([ConnectionError, ProcessDied]))
    def fail(self, which: int, error: type[BaseException]) -> None:
        self.do(self.world.end(which % len(self.world.lingering), error()))

    @rule()
    def time_passes(self) -> None:
        self.do(self.world.time_passes())

    @rule()
    def the_broker_forgets(self) -> None:
        self.world.messages.clear()

    @invariant()
    def an_effect_and_its_job_are_done_together(self) -> None:
        states = self.do(self.world.states())
        effects = self.do(self.world.effects.of(self.world.tenant))
        assert effects == sorted(number for number, state in states.items() if state == "done")

    def teardown(self) -> None:
        self.do(self.world.run_out())
        states = self.do(self.world.states())
        assert set(states) == set(range(self.left))
        assert set(states.values()) <= {"done", "dead"}
        self.an_effect_and_its_job_are_done_together()
        self.do(self.world.effects.clear())


async def test_whatever_happens_a_job_has_its_effect_once_or_is_a_dead_letter(
    database: Database, tenants: Tenants, tenant: Tenant, effects: Effects
) -> None:
    control = await database.connect_as_superuser()
    LifeOfJobs.world = World(tenants, tenant, control, effects)
    LifeOfJobs.loop = asyncio.get_running_loop()
    bounds = settings(
        max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    await asyncio.to_thread(run_state_machine_as_test, LifeOfJobs, settings=bounds)
    await control.close()

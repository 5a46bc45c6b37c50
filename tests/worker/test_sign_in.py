"""What sign-in no longer needs is forgotten by a job of its own."""

from sqlalchemy import select

from anshou.people.delays import Delay
from anshou.worker.actors import ACTORS, SCHEDULES
from tenants.context import AGENCY, DOOR
from tenants.jobs import enqueue
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import NOW
from tests.database import Database
from tests.worker.workshop import Ledger, plan, until, working


async def test_old_delays_are_forgotten(database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger) -> None:
    async with tenants.session(tenant, DOOR) as session:
        # The worker's clock is the machine's, whenever this runs.
        session.add(Delay(subject="login:long ago", failures=3, last_failed_at=NOW.replace(year=2020)))
        session.add(Delay(subject="login:to come", failures=3, last_failed_at=NOW.replace(year=2100)))
    async with working(plan(database, ACTORS)):
        async with tenants.session(tenant, AGENCY) as session:
            await enqueue(session, "people.forget_old_sign_ins", {})
        await until(ledger.all_are, "done")
    async with tenants.session(tenant, DOOR) as session:
        assert list(await session.scalars(select(Delay.subject))) == ["login:to come"]


def test_every_schedule_has_its_actor() -> None:
    assert {schedule.actor for schedule in SCHEDULES} <= {actor.name for actor in ACTORS}

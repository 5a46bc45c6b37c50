"""The demo agencies show every step of every kind, and are made once."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select, text

from anshou.demo.agencies import AGENCIES
from anshou.demo.loading import load, make_room, read_sign_ins
from anshou.people.roles import AGENCY_ROLES, Role
from anshou.settings import Settings, read_settings
from anshou.tickets.kinds import Kind
from anshou.tickets.processes import PROCESSES
from anshou.tickets.tickets import Ticket
from tenants.context import AGENCY
from tenants.sessions import Tenants
from tests.database import new_database

# A holiday before anybody is in, of a year whose calendar nobody knows yet: there is everything then as well.
PRESENT = datetime(2027, 5, 1, 0, 0, tzinfo=UTC)


def _settings(directory: Path) -> Settings:
    return read_settings({"ANSHOU_DATA_DIR": str(directory)})


async def test_every_step_of_every_kind_and_every_role_can_be_looked_at(server: str, tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    told: list[str] = []
    async with new_database(server) as database:
        given = {"url": database.url, "secret": database.secret, "at": PRESENT, "progress": told.append}
        assert await load(settings, **given)
        assert not await load(settings, **given)
        assert len(told) == len(AGENCIES)
        tenants = Tenants(database.url, secret=database.secret)
        for agency in AGENCIES:
            tenant = await tenants.find(agency.code)
            assert tenant is not None
            async with tenants.session(tenant, AGENCY) as session:
                rows = await session.execute(select(Ticket.kind, Ticket.step).distinct())
                standing = {(row.kind, row.step) for row in rows}
                assert standing >= {(kind, step.name) for kind in Kind for step in PROCESSES[kind].steps}
                assert await session.scalar(select(func.max(Ticket.round))) == 2
                for table in (
                    "rating",
                    "return_visit",
                    "hold",
                    "signature",
                    "meeting",
                    "attachment",
                    "consumer_record",
                    "subject_request",
                    "reveal",
                    "reveal_objection_answer",
                ):
                    assert await session.scalar(text(f"SELECT count(*) FROM {table}")), table
                states = set(await session.scalars(text("SELECT DISTINCT state FROM cost_item")))
                assert states == {"draft", "submitted", "countersigning", "returned", "verified", "allocated"}
                said = set(await session.scalars(text("SELECT DISTINCT word FROM statement_word")))
                assert said == {"confirmed", "disputed", "rejected"}
                assert await session.scalar(text("SELECT count(*) FROM statement_file"))
                paid = "SELECT count(*) FROM statement_line WHERE sort = 'payment'"
                assert await session.scalar(text(paid)) == 2
                private = "SELECT count(*) FROM consumer_record WHERE is_private"
                assert await session.scalar(text(private))
                breached = "SELECT count(*) FROM ticket_clock WHERE breached_at IS NOT NULL"
                assert await session.scalar(text(breached))
        await tenants.close()
    sign_ins = read_sign_ins(settings)
    shown = {role for one in sign_ins for role in one.roles}
    assert shown == {str(role.value) for role in AGENCY_ROLES} | {Role.MERCHANT_OWNER, Role.MERCHANT_MEMBER}
    assert all(one.api_key.startswith("anshou_") for one in sign_ins)


async def test_what_a_load_that_was_cut_short_left_is_taken_away(server: str, tmp_path: Path) -> None:
    async with new_database(server) as database:
        half = await database.create_tenant(AGENCIES[0].code, AGENCIES[0].name)
        assert await make_room(_settings(tmp_path), database.url)
        owner = await database.connect_as_owner()
        try:
            assert await owner.fetchval("SELECT count(*) FROM control.tenant") == 0
            assert await owner.fetchval("SELECT count(*) FROM pg_namespace WHERE nspname = $1", half.schema) == 0
            assert await owner.fetchval("SELECT count(*) FROM pg_roles WHERE rolname = $1", half.role) == 0
        finally:
            await owner.close()


async def test_where_real_agencies_work_no_demo_is_added(server: str, tmp_path: Path) -> None:
    async with new_database(server) as database:
        await database.create_tenant("real", "真实的公司")
        assert not await make_room(_settings(tmp_path), database.url)

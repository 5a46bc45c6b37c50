"""A tenant with as many tickets as asked for: 1,000,000 and 5,000,000 entries in a few minutes, or 10,000 beside them.

    small, large = await seeded(ground, 10_000), await seeded(ground, 1_000_000)
    async with tenants.session(large.tenant, large.manager.context()) as session: …
    await visitor.sign_in("manager", agency=large.tenant.code)      # with the cast's password

Each size is made once per run, as a tenant of its own beside those of the ground, and is the same for all benches: read
it, or change it so that others' figures stay true. 200 merchants with shops and contracts and 40 people are made by the
product's verbs; the tickets by SQL of the superuser, with triggers off, so a table that follows tickets by triggers
(an index for searching) has to be filled by its own function, as for tenants that are older than it.

Three years of tickets, 3 % open, most of them of the last two months; a twelfth of the open ones overdue, some about
to be; merchants of very different size: `owner` belongs to the largest one, `manager` looks after every twelfth.
`bench.vocabulary` says which words of the texts are common and which rare. Nothing is confidential.
"""

import asyncio
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.merchants import visible_merchant
from anshou.merchants.shops import Platform, ShopCard, open_shop
from anshou.people.person import Person
from anshou.people.roles import Department, Role
from bench import million_rows as sql
from bench import vocabulary
from bench.ground import Ground, ground
from tenants.context import AGENCY
from tenants.provisioning import create_tenant
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests import cast

SMALL, LARGE = 10_000, 1_000_000
MERCHANTS = 200
SENTENCES = 40_000
FILES = 3_000
STRETCH = 25_000
WRITERS = 3

_BRANDS = ("云青海山晨橙木星北南若锦禾悦素知百千一初", "杉麦棠岚石子屿朗川舟")
_TRADES = ("户外", "食品", "家居", "母婴", "数码", "服饰", "美妆", "图书", "宠物", "运动")
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = ("文静", "子涵", "志强", "雨桐", "建国", "思远", "晓燕", "俊杰", "梦琪", "浩然")
_PLATFORMS = (Platform.TMALL, Platform.PINDUODUO, Platform.JD, Platform.DOUYIN, Platform.TAOBAO)
_CARRIERS = (
    Department.OPERATIONS,
    Department.TECHNICAL_SUPPORT,
    Department.QUALITY,
    Department.LOGISTICS,
    Department.AFTER_SALES_SERVICE,
    Department.OPERATIONS_MANAGEMENT,
    Department.FINANCE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """The tenant and one person of each kind of context; each signs in by the name of the field. `at` is its present.

    `merchants` are ordered by size, the largest first.
    """

    tenant: Tenant
    tickets: int
    at: datetime
    executive: Person
    manager: Person
    agent: Person
    specialist: Person
    supervisor: Person
    owner: Person
    merchants: tuple[UUID, ...]
    seconds: float
    admin: Person


_NAMED = ("executive", "manager", "agent", "specialist", "supervisor")

_made: dict[tuple[str, int], Seeded] = {}


async def tenant_with_tickets(server: Ground, tickets: int) -> Tenant:
    """The tenant alone, for benches that need nobody of it."""
    return (await seeded(server, tickets)).tenant


async def seeded(server: Ground, tickets: int) -> Seeded:
    """The tenant with so many tickets, made when it is asked for the first time in this run."""
    key = (server.url, tickets)
    if key not in _made:
        server.say(f"  seeding {tickets:,} tickets")
        _made[key] = await _seed(server, tickets)
        server.say(f"  seeded in {_made[key].seconds:.0f} s")
    return _made[key]


@dataclass(frozen=True, slots=True)
class _Staff:
    """By the fields of Seeded, the account managers, and per department those who carry its tickets."""

    named: dict[str, Person]
    managers: list[Person]
    workers: dict[Department, list[Person]]


async def _seed(ground: Ground, tickets: int) -> Seeded:
    began, at = time.monotonic(), datetime.now(UTC)
    code = f"large{tickets}"
    owner = await ground.address.connect()
    try:
        tenant = await create_tenant(owner, ground.credentials, code=code, name=code, at=at)
    finally:
        await owner.close()
    tenants = Tenants(ground.url, secret=ground.credentials.secret, carry=ground.carry)
    try:
        async with tenants.session(tenant, AGENCY) as session:
            admin = await cast.staff(session, "许静", "admin", Role.AGENCY_ADMIN, at=at)
            merchants = [await _merchant(session, place, admin, at) for place in range(MERCHANTS)]
            staff = await _staff(session, [each.id for each in merchants], at)
            customers = [
                await cast.of_merchant(
                    session, _name(place), f"owner{place or ''}", merchant.id, Role.MERCHANT_OWNER, at=at
                )
                for place, merchant in enumerate(merchants)
            ]
    finally:
        await tenants.close()
    await _write(ground, tenant, tickets, at, _Helpers(merchants, staff, customers))
    return Seeded(
        tenant=tenant,
        tickets=tickets,
        at=at,
        admin=admin,
        owner=customers[0],
        merchants=tuple(each.id for each in merchants),
        seconds=time.monotonic() - began,
        **staff.named,
    )


def _name(place: int) -> str:
    return _SURNAMES[place % len(_SURNAMES)] + _GIVEN[place // len(_SURNAMES) % len(_GIVEN)]


async def _merchant(session: AsyncSession, place: int, admin: Person, at: datetime) -> cast.CastMerchant:
    first, second = _BRANDS
    name = first[place % 20] + second[place // 20] + _TRADES[place % 7]
    platform = _PLATFORMS[place % len(_PLATFORMS)]
    made = await cast.merchant(session, name, platform, valid_from=date(2020, 1, 1), by=admin, at=at)
    for more in range(place % 3):
        card = ShopCard(platform=_PLATFORMS[(place + more + 1) % len(_PLATFORMS)], name=f"{name}专营店 {more + 2}")
        await open_shop(session, await visible_merchant(session, made.id), card, by=admin, at=at)
    return made


async def _staff(session: AsyncSession, merchants: Sequence[UUID], at: datetime) -> _Staff:
    """Forty people with the admin: three alone in their role, a dozen managers, four agents, and departments."""
    alone = {"executive": Role.EXECUTIVE, "finance": Role.FINANCE, "auditor": Role.AUDITOR}
    named = {
        login: await cast.staff(session, _name(200 + len(login)), login, role, at=at) for login, role in alone.items()
    }
    managers, agents = [
        [
            await cast.staff(
                session,
                _name(first + place),
                f"{login}{place or ''}",
                role,
                merchants=tuple(merchants[place::count]),
                at=at,
            )
            for place in range(count)
        ]
        for login, role, count, first in (
            ("manager", Role.ACCOUNT_MANAGER, 12, 220),
            ("agent", Role.SERVICE_AGENT, 4, 240),
        )
    ]
    workers: dict[Department, list[Person]] = {department: [] for department in _CARRIERS}
    for place in range(17):
        # The first is of two departments, as the cast's is.
        departments = cast.BOTH_DEPARTMENTS if place == 0 else (_CARRIERS[place % len(_CARRIERS)],)
        one = await cast.staff(
            session, _name(250 + place), f"specialist{place or ''}", Role.SPECIALIST, departments=departments, at=at
        )
        workers[departments[0]].append(one)
    for place, departments in enumerate((cast.BOTH_DEPARTMENTS, _CARRIERS[2:4], _CARRIERS[4:5])):
        login = f"supervisor{place or ''}"
        named |= {
            login: await cast.staff(session, _name(270 + place), login, Role.SUPERVISOR, departments=departments, at=at)
        }
    named |= {"manager": managers[0], "agent": agents[0], "specialist": workers[Department.OPERATIONS][0]}
    return _Staff({name: named[name] for name in _NAMED}, managers, workers)


@dataclass(frozen=True, slots=True)
class _Helpers:
    """Who the tickets are of and who works on them, as the rows that the statements join."""

    merchants: Sequence[cast.CastMerchant]
    staff: _Staff
    customers: Sequence[Person]

    async def lay(self, superuser: asyncpg.Connection) -> None:
        await superuser.execute("DROP SCHEMA IF EXISTS bench_large CASCADE")
        await superuser.execute(sql.HELPERS + sql.FATES)
        managers = self.staff.managers
        shops: dict[UUID, list[UUID]] = defaultdict(list)
        for row in await superuser.fetch("SELECT id, merchant_id FROM shop ORDER BY id"):
            shops[row["merchant_id"]].append(row["id"])
        tables: dict[str, Iterable[tuple[object, ...]]] = {
            "merchant": (
                (place, one.id, one.version_id, shops[one.id], manager.id, manager.name, customer.id, customer.name)
                for place, (one, customer) in enumerate(zip(self.merchants, self.customers, strict=True))
                for manager in (managers[place % len(managers)],)
            ),
            "worker": (
                (department.value, place, len(people), one.id, one.name)
                for department, people in self.staff.workers.items()
                for place, one in enumerate(people)
            ),
            "head": enumerate(vocabulary.title_beginnings()),
            "tail": enumerate(vocabulary.title_endings()),
            "sentence": enumerate(vocabulary.sentences(1, SENTENCES)),
            "file": enumerate(vocabulary.file_names(2, FILES)),
            "rare": ((place + 1, f"另外涉及{word}") for place, word in enumerate(vocabulary.RARE)),
        }
        for table, records in tables.items():
            await superuser.copy_records_to_table(table, schema_name="bench_large", records=list(records))
        await superuser.execute("ANALYZE")


async def _write(ground: Ground, tenant: Tenant, tickets: int, at: datetime, helpers: _Helpers) -> None:
    stretches = iter(range(0, tickets, STRETCH))

    async def write() -> None:
        connection = await _writer(ground, tenant)
        try:
            for start in stretches:
                async with connection.transaction():
                    last = min(start + STRETCH, tickets)
                    await connection.execute(_filled(sql.STRETCH), start + 1, last, float(tickets), at)
                    for statement in sql.WRITING:
                        await connection.execute(_filled(statement), *([at] if "$1" in statement else []))
        finally:
            await connection.close()

    superuser = await _writer(ground, tenant)
    try:
        await helpers.lay(superuser)
        await asyncio.gather(*(write() for _ in range(WRITERS)))
        await superuser.execute(sql.SERIES, tickets, at)
        await superuser.execute("DROP SCHEMA bench_large CASCADE")
        for table in sql.WRITTEN:
            await superuser.execute(f"VACUUM (ANALYZE) {table}")
    finally:
        await superuser.close()


async def _writer(ground: Ground, tenant: Tenant) -> asyncpg.Connection:
    superuser = await ground.superuser()
    # Triggers would tell of each ticket and keep up what is written along with it here.
    await superuser.execute(
        f'SET search_path = "{tenant.schema}"; SET session_replication_role = replica; SET synchronous_commit = off; '
        "SET timezone = 'UTC'; SET work_mem = '64MB'"
    )
    await superuser.execute(sql.FUNCTIONS)
    return superuser


def _filled(statement: str) -> str:
    return statement.format(
        sentences=SENTENCES,
        files=FILES,
        heads=len(vocabulary.title_beginnings()),
        tails=len(vocabulary.title_endings()),
    )


async def _alone(sizes: Sequence[int]) -> None:
    async with ground(2, print) as server:
        for size in sizes:
            await seeded(server, size)


if __name__ == "__main__":
    asyncio.run(_alone([int(size) for size in sys.argv[1:]]))

"""Loads the demo agencies into an installation, the first time, and keeps how to sign in to them."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from anshou.demo.agencies import AGENCIES, DemoAgency
from anshou.demo.consumers import add_consumers
from anshou.demo.costs import add_costs
from anshou.demo.playing import Play, Player, Stage, programme
from anshou.demo.requests import add_requests
from anshou.demo.reveals import add_reveals
from anshou.demo.settling import Settled, settle
from anshou.demo.statements import add_statements
from anshou.people.api_keys import KeyRequest, make_key
from anshou.people.passwords import Passwords
from anshou.people.person import Person
from anshou.people.roles import Scope
from anshou.settings import Settings
from anshou.vaults import open_vault
from confidentiality.keys.vault import CARRIED_AS
from tenants.addresses import DatabaseAddress
from tenants.context import AGENCY
from tenants.credentials import Credentials
from tenants.provisioning import create_tenant, list_tenants
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tenants.storage import open_storage

DEMO_CODES = frozenset(agency.code for agency in AGENCIES)

PASSWORD = "anshou-demo-2026"  # noqa: S105  It is shown at every start of a demo and guards invented data.
PAST_TICKETS = {"xingfan": 34, "lantu": 14}
# Before the first ticket, so that contracts and people are there when it is opened.
BEGAN_BEFORE = timedelta(days=200)

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSignIn:
    """How to sign in as somebody of a demo agency."""

    agency: str
    agency_name: str
    login: str
    password: str
    name: str
    roles: list[str]
    merchant: str | None
    api_key: str


def credentials_file(settings: Settings) -> Path:
    """Where the sign-ins are kept; readable by the owner of the data directory alone."""
    return settings.data_dir / "demo-sign-ins.json"


async def load(settings: Settings, *, url: str, secret: bytes, at: datetime, progress: Progress) -> bool:
    """Make the demo agencies in an installation without tenants; returns whether anything was made.

    What an earlier attempt that was cut short has left behind is taken away first.
    """
    if not await make_room(settings, url):
        return False
    vault = open_vault(settings, secret=secret, clock=lambda: at)
    tenants = Tenants(url, secret=secret, carry={CARRIED_AS: vault})
    try:
        sign_ins: list[DemoSignIn] = []
        password_hash = await Passwords().hash(PASSWORD)
        for agency in AGENCIES:
            progress(f"{agency.name} ({agency.code})")
            sign_ins += await _load_agency(settings, tenants, agency, url, secret, password_hash, at)
        _keep(credentials_file(settings), sign_ins)
    finally:
        await tenants.close()
    return True


async def make_room(settings: Settings, url: str) -> bool:
    """Whether the demo may be loaded. What an attempt that was cut short has left behind is taken away."""
    owner = await DatabaseAddress.at(url).connect()
    try:
        there = await list_tenants(owner)
        # The sign-ins are kept last, so without them the demo is not whole.
        if there and (credentials_file(settings).exists() or {each.code for each in there} - DEMO_CODES):
            return False
        for tenant in there:
            async with owner.transaction():
                await owner.execute(f'DROP SCHEMA "{tenant.schema}" CASCADE')
                await owner.execute(f'DROP ROLE "{tenant.role}"')
                # Jobs, timers and the ledger of migrations go with it.
                await owner.execute("DELETE FROM control.tenant WHERE id = $1", tenant.id)
        return True
    finally:
        await owner.close()


def read_sign_ins(settings: Settings) -> list[DemoSignIn]:
    """The sign-ins kept when the demo was loaded; empty where it was not."""
    kept = credentials_file(settings)
    return [DemoSignIn(**row) for row in json.loads(kept.read_text("utf-8"))] if kept.exists() else []


async def _load_agency(
    settings: Settings,
    tenants: Tenants,
    agency: DemoAgency,
    url: str,
    secret: bytes,
    password_hash: str,
    at: datetime,
) -> list[DemoSignIn]:
    owner = await DatabaseAddress.at(url).connect()
    try:
        tenant = await create_tenant(owner, Credentials(secret), code=agency.code, name=agency.name, at=at)
        rng = Random(agency.code)  # noqa: S311  Deterministic on purpose.
        async with tenants.session(tenant, AGENCY) as session:
            settled = await settle(session, agency, password_hash=password_hash, at=at - BEGAN_BEFORE)
        past, standing = programme(settled, past=PAST_TICKETS[agency.code], present=at, rng=rng)
        stage = Stage(settled, open_storage(settings.storage_url), tenant.schema, at, rng)
        await _play(tenants, tenant, stage, past)
        # Half a year of notices would bury the ones of today.
        await owner.execute("DELETE FROM control.job WHERE tenant_id = $1", tenant.id)
        await _play(tenants, tenant, stage, standing)
    finally:
        await owner.close()
    async with tenants.session(tenant, AGENCY) as session:
        await add_consumers(session, settled, present=at, rng=rng)
        await add_requests(session, settled, present=at)
        await add_statements(session, settled, stage.storage, tenant.schema, present=at, rng=rng)
        await add_costs(session, settled, stage.storage, tenant.schema, present=at, rng=rng)
        admin = settled.people["admin"]
        keys = {
            person.id: (await make_key(session, _key_for(person), by=admin, at=at))[1] for person in _everybody(settled)
        }
    await add_reveals(lambda person: tenants.session(tenant, person.context()), settled, present=at)
    return [_sign_in(settled, login, person, merchant, keys[person.id]) for login, person, merchant in _cast(settled)]


async def _play(tenants: Tenants, tenant: Tenant, stage: Stage, plays: list[Play]) -> None:
    async with tenants.session(tenant, AGENCY) as session:
        player = Player(session, stage)
        for play in plays:
            await player.play(play)
            await session.flush()
            session.expunge_all()


def _key_for(person: Person) -> KeyRequest:
    return KeyRequest(
        account_id=person.id, acting_for=person.merchant_id, name=f"演示：{person.name}", scopes=tuple(Scope)
    )


def _everybody(settled: Settled) -> list[Person]:
    return [person for _, person, _ in _cast(settled)]


def _cast(settled: Settled) -> list[tuple[str, Person, str | None]]:
    staff: list[tuple[str, Person, str | None]] = [(login, person, None) for login, person in settled.people.items()]
    return staff + [
        (login, person, merchant.told.short_name)
        for merchant in settled.merchants
        for login, person in merchant.people.items()
    ]


def _sign_in(settled: Settled, login: str, person: Person, merchant: str | None, key: str) -> DemoSignIn:
    return DemoSignIn(
        agency=settled.told.code,
        agency_name=settled.told.name,
        login=login,
        password=PASSWORD,
        name=person.name,
        roles=sorted(str(role.value) for role in person.roles),
        merchant=merchant,
        api_key=key,
    )


def _keep(path: Path, sign_ins: list[DemoSignIn]) -> None:
    path.touch(mode=0o600)
    path.write_text(json.dumps([asdict(one) for one in sign_ins], ensure_ascii=False, indent=1), "utf-8")


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)

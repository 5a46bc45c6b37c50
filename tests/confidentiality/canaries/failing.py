"""Failures that nobody foresaw, met with canaries in hand; and what the operator's commands print."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

from tests.confidentiality.canaries.life import Life
from tests.confidentiality.canaries.values import CANARIES, CONSUMER
from tests.database import Database
from tests.tenants.test_commands import Operator

# What to break of `consumer_record`, and how to mend it. Each failure's DETAIL quotes the row or the value.
FAULTS = {
    "a check": (
        "ALTER TABLE {t} ADD CONSTRAINT planted CHECK (quantity <> 66) NOT VALID",
        "ALTER TABLE {t} DROP CONSTRAINT planted",
    ),
    "a unique value": (
        "CREATE UNIQUE INDEX planted ON {t} (merchant_id) WHERE quantity = 66",
        "DROP INDEX {s}.planted",
    ),
    "a column that must not be empty": (
        "ALTER TABLE {t} ADD COLUMN planted int NOT NULL DEFAULT 1; ALTER TABLE {t} ALTER planted DROP DEFAULT",
        "ALTER TABLE {t} DROP COLUMN planted",
    ),
    "a table that is not there": (
        "ALTER TABLE {t} RENAME TO planted",
        "ALTER TABLE {s}.planted RENAME TO consumer_record",
    ),
}

COMMANDS = (
    "tenant list",
    "keys status anhe --count --json",
    "audit status anhe",
    "audit export anhe",
    "audit verify --database anhe",
    "worker --check",
    "settings",
    "audit status no-such-agency",
)


async def fail(life: Life, database: Database) -> None:
    """Record and look for consumers while the database fails in one way after the other."""
    statuses: set[int] = set()
    card = CONSUMER | {"quantity": 66, "private": True}
    for fault in FAULTS:
        async with (
            life.ask(life.house.anhe.owner) as program,
            life.visit("manager") as manager,
            _broken(life, database, fault),
        ):
            here = f"/tickets/{life.ids['number']}/consumers"
            for _ in range(2):
                headers = {"idempotency-key": uuid4().hex}
                statuses.add((await program.post(here, json=card, headers=headers)).status_code)
            statuses.add((await program.post("/consumers/search", json={"phone": CANARIES["phone"]})).status_code)
            await manager.go("/account")
            sent = CONSUMER | {"quantity": "66", "private": "yes", "wanted": "exchange"}
            await manager.send(f"{here}/new", **sent)
            statuses.add(manager.status)
    assert 500 in statuses


@asynccontextmanager
async def _broken(life: Life, database: Database, fault: str) -> AsyncIterator[None]:
    schema = f'"{life.house.tenant.schema}"'
    breaking, mending = (one.format(s=schema, t=f"{schema}.consumer_record") for one in FAULTS[fault])
    superuser = await database.connect_as_superuser()
    try:
        await superuser.execute(breaking)
        yield
    finally:
        await superuser.execute(mending)
        await superuser.close()


async def command(life: Life, database: Database, directory: Path) -> None:
    """What the operator's commands print of a house full of canaries."""
    operator = Operator(database, directory)
    operator.environment |= {
        "ANSHOU_KMS_URL": (database.keys / "store").as_uri(),
        "ANSHOU_KMS_PROTECTION": "secret",
        "ANSHOU_LOG_LEVEL": "debug",
    }
    for words in COMMANDS:
        _, said, complained = await operator.runs(*words.split())
        life.told.hear("commands", words, said + complained)

"""`anshou snapshot`: replay the tenants' migrations on a server of its own and write down the result."""

import argparse
import asyncio
import secrets
import tempfile
from pathlib import Path

from anshou.house.cluster import DATABASE, PROGRAMS, Cluster
from anshou.settings import Settings
from tenants.addresses import DatabaseAddress
from tenants.chains import Chain, tenant_chain
from tenants.control_schema import ensure_login, migrate_control
from tenants.credentials import Credentials
from tenants.provisioning import schema_sql
from tenants.snapshots import Snapshot, from_dump, snapshot_file

# A name that no column or comment contains, because it is taken out of the text again.
_PLACE = "t_snapshotplace"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""


async def main(asked: argparse.Namespace, settings: Settings) -> int:
    """Write the file."""
    chain = tenant_chain()
    with tempfile.TemporaryDirectory(prefix="anshou-snapshot-") as directory:
        cluster = Cluster(Path(directory) / "postgres", durable=False)
        async with cluster.running() as url:
            await _replay(chain, DatabaseAddress.at(url))
            # As the superuser: policies bind the owner, and pg_dump refuses to leave rows out.
            text = from_dump(await _dump(cluster.url_of(DATABASE)), chain, place=_PLACE)
    snapshot_file().write_text(text, "utf-8")
    print(f"{snapshot_file()}: {chain.head}")
    return 0


async def _replay(chain: Chain, address: DatabaseAddress) -> None:
    credentials = Credentials(secrets.token_bytes(32))
    owner = await address.connect()
    try:
        await migrate_control(owner, address, credentials)
        async with owner.transaction():
            await ensure_login(owner, _PLACE, credentials.password(_PLACE))
            await owner.execute(schema_sql(_PLACE, Snapshot.replaying(chain)))
    finally:
        await owner.close()


async def _dump(url: str) -> str:
    """The schema with the rows that migrations put into it."""
    process = await asyncio.create_subprocess_exec(
        str(PROGRAMS / "pg_dump"),
        f"--dbname={url}",
        f"--schema={_PLACE}",
        "--no-owner",
        "--column-inserts",
        stdout=asyncio.subprocess.PIPE,
    )
    dumped, _ = await process.communicate()
    if process.returncode != 0:
        raise SystemExit("pg_dump failed")
    return dumped.decode()

"""`anshou erasures reapply`: after a restore, before the doors open. `anshou migrate` does it at every start, too."""

import argparse
import sys

from anshou.house.database import database
from anshou.house.root_secret import root_secret
from anshou.privacy.retention.erasure_list import ErasureList
from anshou.privacy.retention.errors import ErasureListBroken
from anshou.privacy.retention.reapplying import Reapplied, reapply
from anshou.settings import Settings
from tenants.pool import PoolLimits
from tenants.registry import list_tenants
from tenants.sessions import Tenants
from tenants.storage import open_storage


def arguments(parser: argparse.ArgumentParser) -> None:
    """One sub-command per verb."""
    verbs = parser.add_subparsers(dest="verb", metavar="verb", required=True)
    verbs.add_parser("reapply", help="carry out what the list of erasures has and the database has not")


async def main(asked: argparse.Namespace, settings: Settings) -> int:
    """Carry out the verb; 1 if the list was altered, so that the doors stay shut."""
    secret = root_secret(settings)
    async with database(settings) as url:
        return await carry_out_again(settings, url, secret)


async def carry_out_again(settings: Settings, url: str, secret: bytes) -> int:
    """What the list has and the database at `url` has not; 1 if the list cannot be trusted."""
    broken: list[str] = []
    tenants = Tenants(url, secret=secret, pool=PoolLimits(total=settings.database_connections))
    try:
        async with tenants.control() as control:
            known = await list_tenants(control)
        await reapply(
            tenants,
            known,
            open_storage(settings.storage_url),
            ErasureList(open_storage(settings.erasures_url), secret=secret),
            tell=_tell,
        )
    except* ErasureListBroken as found:
        broken += map(str, found.exceptions)
    finally:
        await tenants.close()
    for each in broken:
        print(f"the list of erasures cannot be trusted: {each}", file=sys.stderr)
    return 1 if broken else 0


def _tell(done: Reapplied) -> None:
    if done.batches:
        print(f"{done.tenant.code}: {done.batches} batches of erasures carried out again", flush=True)
    if done.lost:
        print(
            f"{done.tenant.code}: the list of erasures ends before the database's own; look for its missing part",
            file=sys.stderr,
            flush=True,
        )

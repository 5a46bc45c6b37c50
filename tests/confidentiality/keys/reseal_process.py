"""Re-sealing in a process of its own, to be killed: `python -m tests.confidentiality.keys.reseal_process`.

Does one batch of ten rows after another and says so, until nothing is left to do.
"""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from confidentiality.audit.actors import Actor
from confidentiality.keys.resealing import SETTLED_AFTER, reseal_next
from confidentiality.keys.vault import CARRIED_AS, open_keys
from tenants.context import AGENCY
from tenants.sessions import Tenants
from tests.confidentiality.sealing.trial import Buyer, Note
from tests.database import Database


async def main() -> None:
    """Work as a worker's jobs do, one transaction a batch."""
    url, secret = os.environ["TEST_DATABASE_URL"], bytes.fromhex(os.environ["TEST_SECRET"])
    merchant, version = UUID(os.environ["TEST_MERCHANT"]), int(os.environ["TEST_VERSION"])
    vault = Database(url=url, superuser_url=url, secret=secret, keys=Path(os.environ["TEST_KEYS"])).open_vault()
    tenants = Tenants(url, secret=secret, carry={CARRIED_AS: vault})
    tenant = await tenants.by_id(UUID(os.environ["TEST_TENANT"]))
    at = datetime(2030, 1, 1, tzinfo=UTC) + SETTLED_AFTER
    by = Actor(UUID(int=0), "系统", "system")
    while True:
        async with tenants.session(tenant, AGENCY) as session:
            ring = await open_keys(session, merchant)
            done = await reseal_next(session, ring, version, by=by, at=at, models=(Buyer, Note), limit=10)
        if done is None:
            break
        print(done.rows, flush=True)  # noqa: T201  The test reads it.
    await tenants.close()


if __name__ == "__main__":
    asyncio.run(main())

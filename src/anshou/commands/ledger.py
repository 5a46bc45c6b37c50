"""`anshou ledger prove`: ask again of tenants' books whatever must hold of them."""

import argparse

from sqlalchemy import text

from anshou.house.database import database
from anshou.house.root_secret import root_secret
from anshou.house.tenants_named import tenants_named
from anshou.settings import Settings
from billing.ledger.proof import Proof, prove
from tenants.context import AGENCY
from tenants.sessions import Tenants

# What is compared must be one state of the database, however long it takes.
_ONE_STATE = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def arguments(parser: argparse.ArgumentParser) -> None:
    """One verb."""
    verbs = parser.add_subparsers(dest="verb", metavar="verb", required=True)
    proving = verbs.add_parser("prove", help="check the books; 0 if everything holds, else 1")
    proving.add_argument("--tenant", metavar="CODE", help="only this tenant's; all of them if not given")


async def main(asked: argparse.Namespace, settings: Settings) -> int:
    """Prove the books of one tenant or of all. Raises TenantNotFound."""
    async with database(settings) as url:
        tenants = Tenants(url, secret=root_secret(settings))
        try:
            outcomes = []
            for tenant in await tenants_named(tenants, asked.tenant):
                async with tenants.session(tenant, AGENCY) as session:
                    await session.execute(_ONE_STATE)
                    outcomes.append(_tell(tenant.code, await prove(session)))
        finally:
            await tenants.close()
    return 0 if all(outcomes) else 1


def _tell(code: str, proof: Proof) -> bool:
    """One line per tenant, and where the first thing of each sort does not hold."""
    size = f"{proof.vouchers} vouchers, {proof.entries} entries"
    if proof.is_sound:
        print(f"{code}: sound, {size}")
        return True
    print(f"{code}: NOT SOUND, {len(proof.findings)} findings in {size}")
    first = {finding.check: finding.place for finding in reversed(proof.findings)}
    for check, place in reversed(first.items()):
        print(f"  {check.value}: first {place}")
    return False

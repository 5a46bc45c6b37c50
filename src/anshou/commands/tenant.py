"""`anshou tenant …`: the platform operator's view of the tenants. It never shows a tenant's content."""

import argparse
import sys
from datetime import UTC, datetime

from anshou.house.database import database
from anshou.house.root_secret import root_secret
from anshou.settings import Settings
from tenants.addresses import DatabaseAddress
from tenants.credentials import Credentials
from tenants.migrating import Outcome, Pace, migrate_all
from tenants.provisioning import create_tenant, list_tenants, renew_login, resume_tenant, suspend_tenant


def arguments(parser: argparse.ArgumentParser) -> None:
    """One sub-command per verb."""
    verbs = parser.add_subparsers(dest="verb", metavar="verb", required=True)
    creating = verbs.add_parser("create", help="make a tenant with empty tables")
    creating.add_argument("code", help="what its people type at sign-in: lower-case letters, digits, hyphens")
    creating.add_argument("name", help="the agency's name")
    verbs.add_parser("list", help="code, state, revision and name of every tenant")
    suspending = verbs.add_parser("suspend", help="let a tenant's people read only")
    suspending.add_argument("code")
    suspending.add_argument("--reason", required=True, help="kept in the registry")
    resuming = verbs.add_parser("resume", help="let a tenant's people write again")
    resuming.add_argument("code")
    renewing = verbs.add_parser("renew-login", help="give a tenant's login a new password and its settings anew")
    renewing.add_argument("code")
    migrating = verbs.add_parser("migrate", help="bring all tenants to this version; may be repeated at any time")
    pace_arguments(migrating)


def pace_arguments(parser: argparse.ArgumentParser) -> None:
    """The pace of a run of migrations."""
    usual = Pace()
    parser.add_argument("--workers", type=int, default=usual.workers, help="tenants migrated at a time")
    parser.add_argument("--canary", action="append", metavar="CODE", help="tenants that go first; any by default")
    parser.add_argument("--failures", type=int, default=usual.failures_allowed, help="stop after more failures")


async def main(asked: argparse.Namespace, settings: Settings) -> int:
    """Carry out the verb."""
    credentials = Credentials(root_secret(settings))
    async with database(settings) as url:
        address = DatabaseAddress.at(url)
        if asked.verb == "migrate":
            return await migrate(asked, address, credentials)
        owner = await address.connect()
        try:
            now = datetime.now(UTC)
            match asked.verb:
                case "create":
                    made = await create_tenant(owner, credentials, code=asked.code, name=asked.name, at=now)
                    print(f"{made.code}\t{made.id}")
                case "list":
                    for row in await list_tenants(owner):
                        print(f"{row.code}\t{row.state}\t{row.revision or '-'}\t{row.name}")
                case "suspend":
                    await suspend_tenant(owner, asked.code, reason=asked.reason, at=now)
                case "resume":
                    await resume_tenant(owner, asked.code, at=now)
                case "renew-login":
                    await renew_login(owner, credentials, asked.code)
        finally:
            await owner.close()
    return 0


async def migrate(asked: argparse.Namespace, address: DatabaseAddress, credentials: Credentials) -> int:
    """Migrate all tenants, telling how far it is; 1 if one was left behind."""
    pace = Pace(workers=asked.workers, canaries=asked.canary or Pace().canaries, failures_allowed=asked.failures)
    outcome = await migrate_all(address, credentials, pace=pace, progress=_tell)
    for code, reason in outcome.failed.items():
        print(f"{code}: {reason}", file=sys.stderr)
    print(f"tenants: {len(outcome.done)} of {outcome.total} migrated")
    if outcome.stopped:
        print("stopped: too many failures; put the cause right and run it again", file=sys.stderr)
    return 0 if outcome.complete else 1


def _tell(outcome: Outcome) -> None:
    finished = len(outcome.done) + len(outcome.failed)
    if finished % 50 == 0 or finished == outcome.total:
        print(f"{finished}/{outcome.total} ({len(outcome.failed)} failed)", file=sys.stderr)

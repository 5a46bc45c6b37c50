"""`anshou migrate`: the control schema first, then every tenant, then what a restored backup must lose again."""

import argparse
import sys

from anshou.commands import erasures, tenant
from anshou.house.database import database, unchecked_database
from anshou.house.root_secret import root_secret
from anshou.settings import Settings
from tenants.addresses import DatabaseAddress
from tenants.control_schema import migrate_control
from tenants.credentials import Credentials
from tenants.hardening import superusers_statements


def arguments(parser: argparse.ArgumentParser) -> None:
    """How fast and how carefully; or what a superuser does first."""
    tenant.pace_arguments(parser)
    parser.add_argument(
        "--hardening", action="store_true", help="only print the SQL that a superuser runs once in this database"
    )


async def main(asked: argparse.Namespace, settings: Settings) -> int:
    """Migrate; 1 if a tenant was left behind or the list of erasures was altered."""
    if asked.hardening:
        return await _print_hardening(settings)
    secret = root_secret(settings)
    credentials = Credentials(secret)
    async with database(settings) as url:
        address = DatabaseAddress.at(url)
        owner = await address.connect()
        try:
            for revision in await migrate_control(owner, address, credentials):
                print(f"control: {revision}", file=sys.stderr)
        finally:
            await owner.close()
        left_behind = await tenant.migrate(asked, address, credentials)
        # Here, because no start does without it and a process of its own would cost each start two seconds.
        return left_behind or await erasures.carry_out_again(settings, url, secret)


async def _print_hardening(settings: Settings) -> int:
    # It also holds what makes the server's log quiet, so it is told before that is so.
    async with unchecked_database(settings) as url:
        owner = await DatabaseAddress.at(url).connect()
        try:
            print(";\n".join(await superusers_statements(owner)) + ";")
        finally:
            await owner.close()
    return 0

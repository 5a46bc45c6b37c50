"""`anshou migrate`: the control schema first, then every tenant."""

import argparse
import sys

from anshou.commands import tenant
from anshou.house.database import database
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
    """Migrate; 1 if a tenant was left behind."""
    credentials = Credentials(root_secret(settings))
    async with database(settings) as url:
        address = DatabaseAddress.at(url)
        owner = await address.connect()
        try:
            if asked.hardening:
                print(";\n".join(await superusers_statements(owner)) + ";")
                return 0
            for revision in await migrate_control(owner, address, credentials):
                print(f"control: {revision}", file=sys.stderr)
        finally:
            await owner.close()
        return await tenant.migrate(asked, address, credentials)

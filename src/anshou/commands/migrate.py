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


def arguments(parser: argparse.ArgumentParser) -> None:
    """How fast and how carefully."""
    tenant.pace_arguments(parser)


async def main(asked: argparse.Namespace, settings: Settings) -> int:
    """Migrate; 1 if a tenant was left behind."""
    credentials = Credentials(root_secret(settings))
    async with database(settings) as url:
        address = DatabaseAddress.at(url)
        owner = await address.connect()
        try:
            for revision in await migrate_control(owner, address, credentials):
                print(f"control: {revision}", file=sys.stderr)
        finally:
            await owner.close()
        return await tenant.migrate(asked, address, credentials)

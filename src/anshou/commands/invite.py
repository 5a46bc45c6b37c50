"""`anshou invite`: the first administrator of a new agency, who then invites the others in the portal."""

import argparse
from datetime import UTC, datetime

from anshou.house.database import database
from anshou.house.root_secret import root_secret
from anshou.people.accounts import Side
from anshou.people.admitting import Newcomer
from anshou.people.grants import Grant
from anshou.people.invitations import invite_first_administrator
from anshou.people.roles import Role
from anshou.settings import Settings
from anshou.vaults import open_vault
from confidentiality.keys.vault import CARRIED_AS
from tenants.context import DOOR
from tenants.errors import TenantNotFound
from tenants.sessions import Tenants
from tenants.shapes import accept


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which agency, and who."""
    parser.add_argument("code", help="the agency's code")
    parser.add_argument("name", help="the administrator's name; they can correct it")
    parser.add_argument("--email", default="", help="where their notices will go")


async def main(asked: argparse.Namespace, settings: Settings) -> int:
    """Print the link by which the administrator sets login and password. Good once, for a week."""
    newcomer = accept(
        Newcomer,
        {"side": Side.STAFF, "name": asked.name, "email": asked.email, "grants": [Grant(role=Role.AGENCY_ADMIN)]},
    )
    async with database(settings) as url:
        secret = root_secret(settings)
        vault = open_vault(settings, secret=secret, clock=lambda: datetime.now(UTC))
        tenants = Tenants(url, secret=secret, carry={CARRIED_AS: vault})
        try:
            tenant = await tenants.find(asked.code)
            if tenant is None:
                raise TenantNotFound
            async with tenants.session(tenant, DOOR) as session:
                _, token = await invite_first_administrator(session, newcomer, at=datetime.now(UTC))
        finally:
            await tenants.close()
    print(f"{settings.base_url}/join/{tenant.code}/{token}")
    return 0

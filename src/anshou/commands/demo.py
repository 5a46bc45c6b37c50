"""`anshou demo …`: two invented agencies to try the product with."""

import argparse
import json
from dataclasses import asdict

from anshou.demo.loading import DemoSignIn, load, now, read_sign_ins
from anshou.house.database import database
from anshou.house.root_secret import root_secret
from anshou.settings import Settings

# One of each role is enough to look around; `--all` and `--json` show everybody.
FIRST_LOOK = ("manager", "agent", "operations", "supervisor", "finance", "executive", "auditor", "admin")


def arguments(parser: argparse.ArgumentParser) -> None:
    """One sub-command per verb."""
    verbs = parser.add_subparsers(dest="verb", metavar="verb", required=True)
    verbs.add_parser("load", help="make the demo agencies, unless they are there")
    showing = verbs.add_parser("credentials", help="how to sign in to the demo agencies")
    showing.add_argument("--json", action="store_true", help="base URL, logins and API keys per tenant and role")
    showing.add_argument("--all", action="store_true", help="everybody, not one of each role")


async def main(asked: argparse.Namespace, settings: Settings) -> int:
    """Carry out the verb."""
    if asked.verb == "credentials":
        _show(asked, settings)
        return 0
    async with database(settings) as url:
        made = await load(
            settings,
            url=url,
            secret=root_secret(settings),
            at=now(),
            progress=lambda name: print(f"  {name}", flush=True),
        )
    if not made:
        print("the demo agencies are there already")
    return 0


def _show(asked: argparse.Namespace, settings: Settings) -> None:
    sign_ins = read_sign_ins(settings)
    if asked.json:
        tenants: dict[str, dict[str, object]] = {}
        for one in sign_ins:
            tenant = tenants.setdefault(one.agency, {"name": one.agency_name, "people": []})
            people = tenant["people"]
            if isinstance(people, list):
                people.append({key: value for key, value in asdict(one).items() if not key.startswith("agency")})
        print(json.dumps({"base_url": settings.base_url, "tenants": tenants}, ensure_ascii=False, indent=2))
        return
    shown = [one for one in sign_ins if asked.all or one.login in FIRST_LOOK or one.merchant is not None]
    for line in _table(shown):
        print(line)


def _table(sign_ins: list[DemoSignIn]) -> list[str]:
    rows = [("agency", "login", "password", "name", "role", "merchant")]
    rows += [
        (one.agency, one.login, one.password, one.name, ",".join(one.roles), one.merchant or "") for one in sign_ins
    ]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)

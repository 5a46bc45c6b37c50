"""`anshou keys …`: how the keys of confidential data stand, rotating them, and destroying a merchant's."""

import argparse
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.house.database import database
from anshou.house.root_secret import root_secret
from anshou.merchants.errors import MerchantNotFound
from anshou.merchants.merchants import merchant_names
from anshou.people.errors import AccountNotFound
from anshou.people.person import SYSTEM, Person
from anshou.people.persons import find_person_by_login
from anshou.privacy import key_keeping
from anshou.sealed_tables import know_all
from anshou.settings import Settings
from anshou.vaults import open_vault, protect_anew
from confidentiality.keys.destruction import find_open_destruction
from confidentiality.keys.errors import KeysOutOfReach
from confidentiality.keys.refusals import DestructionNotFound
from confidentiality.keys.rotation import owners_with_keys, rewrap, rotate
from confidentiality.keys.status import Counted, OwnerStatus, count_sealed, owner_statuses
from confidentiality.keys.vault import CARRIED_AS, Vault
from tenants.addresses import DatabaseAddress
from tenants.context import AGENCY, DOOR
from tenants.errors import TenantNotFound
from tenants.provisioning import list_tenants
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tenants.storage import ObjectStorage, open_storage

AGENCY_ITSELF = "agency"


def arguments(parser: argparse.ArgumentParser) -> None:
    """One sub-command per verb."""
    verbs = parser.add_subparsers(dest="verb", metavar="verb", required=True)
    showing = verbs.add_parser("status", help="versions, ages and progress by owner; no key material")
    showing.add_argument("code", nargs="?", help="the tenant; all if not given")
    showing.add_argument("--merchant", help="one merchant by name or id, or `agency` for the agency's own")
    showing.add_argument(
        "--count", action="store_true", help="count rows, files and audit leaves by version, which reads them all"
    )
    showing.add_argument("--json", action="store_true", help="as JSON")
    for verb, purpose in (
        ("rotate", "seal under new data keys from now on; the worker seals anew what there is"),
        ("rewrap", "rotate wrapping keys and wrap owners' keys anew, without touching data"),
    ):
        changing = verbs.add_parser(verb, help=purpose)
        changing.add_argument("code", help="the tenant")
        changing.add_argument("--merchant", help="one merchant by name or id, or `agency`; everybody if not given")
    destroying = verbs.add_parser("destroy", help="propose, approve or cancel destroying a merchant's key: two people")
    destroying.add_argument("code", help="the tenant")
    destroying.add_argument("merchant", help="the merchant, by name or id")
    destroying.add_argument("--by", required=True, metavar="LOGIN", help="whoever decides this, by their login")
    step = destroying.add_mutually_exclusive_group(required=True)
    step.add_argument("--propose", metavar="REASON", help="propose it, for this reason")
    step.add_argument("--approve", action="store_true", help="approve what somebody else proposed")
    step.add_argument("--cancel", action="store_true", help="cancel it, before it is carried out")
    protecting = verbs.add_parser("protect", help="protect a key store of files as the settings now say")
    protecting.add_argument(
        "--formerly", choices=("machine", "passphrase", "secret"), required=True, help="what protects it so far"
    )
    protecting.add_argument("--former-passphrase-file", type=Path, metavar="FILE", help="the passphrase so far")


async def main(asked: argparse.Namespace, settings: Settings) -> int:
    """Carry out the verb; 1 if a key could not be reached."""
    if asked.verb == "protect":
        protect_anew(settings, root_secret(settings), asked.formerly, asked.former_passphrase_file)
        return 0
    know_all()
    try:
        async with _house(settings) as house:
            match asked.verb:
                case "status":
                    await _status(house, asked)
                case "destroy":
                    await _destroy(house, asked)
                case _:
                    await _change(house, asked)
    except KeysOutOfReach as trouble:
        print(f"anshou keys: {trouble}", file=sys.stderr)
        return 1
    return 0


@dataclass(frozen=True, slots=True)
class _House:
    """What a verb works with."""

    tenants: Tenants
    vault: Vault
    url: str
    storage: ObjectStorage

    async def tenant(self, code: str) -> Tenant:
        """Raises TenantNotFound."""
        found = await self.tenants.find(code)
        if found is None:
            raise TenantNotFound
        return found

    async def all_tenants(self) -> list[Tenant]:
        owner = await DatabaseAddress.at(self.url).connect()
        try:
            return await list_tenants(owner)
        finally:
            await owner.close()


@asynccontextmanager
async def _house(settings: Settings) -> AsyncIterator[_House]:
    async with database(settings) as url:
        secret = root_secret(settings)
        vault = open_vault(settings, secret=secret, clock=_now)
        tenants = Tenants(url, secret=secret, carry={CARRIED_AS: vault})
        try:
            yield _House(tenants, vault, url, open_storage(settings.storage_url))
        finally:
            await tenants.close()
            await vault.close()


async def _status(house: _House, asked: argparse.Namespace) -> None:
    told = []
    for tenant in [await house.tenant(asked.code)] if asked.code else await house.all_tenants():
        async with house.tenants.session(tenant, AGENCY) as session:
            names = await merchant_names(session)
            wanted = await _owner(session, asked.merchant) if asked.merchant else None
            for one in await owner_statuses(session, wanted):
                name = AGENCY_ITSELF if one.owner == tenant.id else names.get(one.owner)
                counted = await count_sealed(session, house.storage, one.owner) if asked.count else None
                told.append(_said(tenant, name, one, counted))
    if asked.json:
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for line in told:
        print(_line(line))


async def _change(house: _House, asked: argparse.Namespace) -> None:
    tenant = await house.tenant(asked.code)
    async with house.tenants.session(tenant, AGENCY) as session:
        owners = [await _owner(session, asked.merchant)] if asked.merchant else await owners_with_keys(session)
    verb = rotate if asked.verb == "rotate" else rewrap
    for owner in owners:
        # Each by itself, so that one whose key cannot be reached does not take back what the others got.
        async with house.tenants.session(tenant, AGENCY) as session:
            version = await verb(session, house.vault.kms, owner, by=SYSTEM.actor(), at=_now())
        print(f"{tenant.code}\t{owner}\tversion {version}")


async def _destroy(house: _House, asked: argparse.Namespace) -> None:
    tenant = await house.tenant(asked.code)
    async with house.tenants.session(tenant, DOOR) as session:
        person = await find_person_by_login(session, asked.by)
        if person is None:
            raise AccountNotFound
        await house.tenants.switch(session, person.context())
        owner = await _owner(session, asked.merchant)
        print(await _decided(session, asked, owner, person))


async def _decided(session: AsyncSession, asked: argparse.Namespace, owner: UUID, person: Person) -> str:
    if asked.propose is not None:
        request = key_keeping.DestructionRequest(reason=asked.propose)
        await key_keeping.propose_destruction(session, owner, request, by=person, at=_now())
        return "proposed; somebody else has to approve it"
    found = await find_open_destruction(session, owner)
    if found is None:
        raise DestructionNotFound
    if asked.cancel:
        await key_keeping.cancel_destruction(session, found.id, by=person, at=_now())
        return "cancelled"
    approved = await key_keeping.approve_destruction(session, found.id, by=person, at=_now())
    due = approved.due_at.isoformat(timespec="minutes") if approved.due_at else "-"
    return f"approved; it is carried out at {due} unless it is cancelled"


async def _owner(session: AsyncSession, named: str) -> UUID:
    """The merchant of this name or id, or the agency itself. Raises MerchantNotFound."""
    if named == AGENCY_ITSELF:
        own: UUID = session.info["tenant"].id
        return own
    for owner, name in (await merchant_names(session)).items():
        if named in (name, str(owner)):
            return owner
    raise MerchantNotFound


def _said(tenant: Tenant, name: str | None, one: OwnerStatus, counted: dict[int, Counted] | None) -> dict[str, Any]:
    destruction, resealing = one.destruction, one.resealing
    older = {each.version for each in one.versions if each is not one.current}
    return {
        "tenant": tenant.code,
        "owner": str(one.owner),
        "name": name,
        "state": one.state.value,
        "suite": one.suite.value,
        "kms": one.kms,
        "wrapped_at": _instant(one.wrapped_at),
        "versions": [
            {"version": each.version, "state": each.state.value, "made_at": _instant(each.made_at)}
            for each in one.versions
        ],
        "sealed": counted
        and [
            {
                "version": version,
                "rows": held.rows,
                "files": held.files,
                "audit_leaves": held.leaves,
                "for_the_audit_record_alone": held.for_the_record_alone and version in older,
            }
            for version, held in counted.items()
        ],
        "resealing": resealing
        and {
            "version": resealing.version,
            "rows_done": resealing.rows_done,
            "files_done": resealing.files_done,
            "at_table": resealing.at_table,
            "started_at": _instant(resealing.started_at),
            "finished_at": _instant(resealing.finished_at),
        },
        "destruction": destruction
        and {
            "proposed_at": _instant(destruction.proposed_at),
            "approved_at": _instant(destruction.approved_at),
            "due_at": _instant(destruction.due_at),
            "done_at": _instant(destruction.done_at),
        },
    }


def _line(told: dict[str, Any]) -> str:
    current = next((each for each in told["versions"] if each["state"] == "current"), None)
    version = f"v{current['version']} since {current['made_at'][:10]}" if current else "-"
    words = [told["tenant"], told["name"] or told["owner"], told["state"], told["suite"], version, *_progress(told)]
    if told["sealed"] is not None:
        words.append(" ".join(map(_held, told["sealed"])) or "nothing sealed")
    return "\t".join(words)


def _held(one: dict[str, Any]) -> str:
    if one["for_the_audit_record_alone"]:
        return f"v{one['version']}: audit record alone ({one['audit_leaves']})"
    return f"v{one['version']}: {one['rows']} rows, {one['files']} files, {one['audit_leaves']} audit leaves;"


def _progress(told: dict[str, Any]) -> Sequence[str]:
    said = []
    resealing, destruction = told["resealing"], told["destruction"]
    if resealing and not resealing["finished_at"]:
        said.append(_resealing(resealing))
    if destruction and not destruction["done_at"]:
        said.append(f"destruction due {destruction['due_at']}" if destruction["due_at"] else "destruction proposed")
    return said


def _resealing(so_far: dict[str, Any]) -> str:
    done = f"{so_far['rows_done']} rows, {so_far['files_done']} files"
    return f"re-sealing: {done}, at {so_far['at_table'] or 'the beginning'}"


def _instant(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at is not None else None


def _now() -> datetime:
    return datetime.now(UTC)

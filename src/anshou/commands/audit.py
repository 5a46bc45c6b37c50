"""`anshou audit …`: export a tenant's audit record, and check one without the database or beside it."""

import argparse
import contextlib
import importlib
import pkgutil
import sys
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

import anshou
from anshou.house.database import database
from anshou.house.root_secret import root_secret
from anshou.settings import Settings
from confidentiality.audit.cell_check import check_cells
from confidentiality.audit.checkpoints import CheckpointKey, VerifyingKey, split_notes
from confidentiality.audit.errors import CheckpointInvalid
from confidentiality.audit.exporting import export_lines
from confidentiality.audit.publishing import CheckpointFiles
from confidentiality.audit.tree import count_unsealed, newest_checkpoint
from confidentiality.audit.verifying import Verdict, verify
from tenants.context import AGENCY
from tenants.errors import TenantNotFound
from tenants.registry import Tenant
from tenants.sessions import Tenants

# What is compared must be one state of the database, however long it takes.
_ONE_STATE = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def arguments(parser: argparse.ArgumentParser) -> None:
    """One sub-command per verb."""
    verbs = parser.add_subparsers(dest="verb", metavar="verb", required=True)
    exporting = verbs.add_parser("export", help="write a tenant's record as JSON lines; bodies stay sealed")
    exporting.add_argument("code", help="the tenant")
    exporting.add_argument("-o", "--output", type=Path, help="a file; standard output if not given")
    verifying = verbs.add_parser(
        "verify", help="check an export, or a tenant in the database; 0 if it is sound, else 1"
    )
    verifying.add_argument("file", type=Path, nargs="?", help="an export")
    verifying.add_argument("--database", metavar="CODE", help="check this tenant in the database, sealed cells too")
    verifying.add_argument(
        "--checkpoint",
        type=Path,
        action="append",
        default=[],
        help="a file with checkpoints that were published; may be repeated",
    )
    verifying.add_argument("--key", help="the verifying key, as `anshou audit key` shows it")
    showing = verbs.add_parser("key", help="show the key that checkpoints of a tenant are verified with")
    showing.add_argument("code")
    status = verbs.add_parser("status", help="how far a tenant's record is sealed")
    status.add_argument("code")


async def main(asked: argparse.Namespace, settings: Settings) -> int:
    """Carry out the verb. Verifying a file opens neither database nor secret."""
    match asked.verb:
        case "verify" if asked.database is None and asked.file is not None:
            return _verify_file(asked.file, asked)
        case "verify" if asked.database is None:
            print("a file or --database CODE is needed", file=sys.stderr)
            return 2
        case "verify":
            return await _verify_database(asked, settings)
        case "export":
            return await _export(asked, settings)
        case "key":
            async with _tenant(asked.code, settings) as (_, _, key):
                print(key.verifying)
            return 0
        case _:
            return await _status(asked, settings)


def _verify_file(file: Path, asked: argparse.Namespace, *extra: str) -> int:
    def lines() -> TextIO:
        return file.open(encoding="utf-8")

    try:
        key = VerifyingKey.parse(asked.key) if asked.key else None
        published = [note for source in asked.checkpoint for note in _notes(source)]
    except CheckpointInvalid as error:
        print(f"anshou: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"anshou: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    return _tell(verify(lines, published=[*published, *extra], key=key))


def _notes(source: Path) -> list[str]:
    notes = list(split_notes(source.read_text("utf-8")))
    if not notes:
        raise CheckpointInvalid(f"{source} holds no checkpoint")
    return notes


def _tell(verdict: Verdict) -> int:
    if verdict.finding is not None:
        print(f"NOT SOUND: {verdict.finding}")
        return 1
    print(f"sound: {verdict.size} leaves, {verdict.checkpoints} checkpoints, root {verdict.root.hex()}")
    if verdict.outside:
        print(f"{verdict.outside} checkpoints from outside agree")
    else:
        print("compared with no checkpoint from outside: whoever holds database and key could have rewritten all of it")
    if verdict.unplaced:
        print(f"{verdict.unplaced} leaves have no place yet")
    return 0


async def _verify_database(asked: argparse.Namespace, settings: Settings) -> int:
    _load_every_model()
    async with _tenant(asked.database, settings) as (tenants, tenant, key):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "export"
            async with tenants.session(tenant, AGENCY) as session:
                await session.execute(_ONE_STATE)
                with file.open("w", encoding="utf-8") as output:
                    await _write(session, key, output)
                cells = await check_cells(session)
            published = CheckpointFiles(settings.checkpoint_dir).notes(tenant.id)
            outcome = _verify_file(file, asked, *published)
    for finding in cells.findings:
        print(f"NOT SOUND: {finding}")
    print(f"{cells.compared} sealed cells compared, {len(cells.findings)} are not what was written last, or gone")
    return 1 if cells.findings else outcome


async def _export(asked: argparse.Namespace, settings: Settings) -> int:
    async with _tenant(asked.code, settings) as (tenants, tenant, key), tenants.session(tenant, AGENCY) as session:
        await session.execute(_ONE_STATE)
        if asked.output is None:
            await _write(session, key, sys.stdout)
        else:
            with asked.output.open("w", encoding="utf-8") as output:
                await _write(session, key, output)
    return 0


async def _write(session: AsyncSession, key: CheckpointKey, output: TextIO) -> None:
    async for line in export_lines(session, str(key.verifying)):
        output.write(line)


async def _status(asked: argparse.Namespace, settings: Settings) -> int:
    async with _tenant(asked.code, settings) as (tenants, tenant, _), tenants.session(tenant, AGENCY) as session:
        newest = await newest_checkpoint(session)
        waiting, oldest = await count_unsealed(session)
    print(f"sealed     {newest.size if newest else 0} leaves")
    if newest is not None:
        print(f"checkpoint {newest.made_at:%F %T}Z, root {newest.root.hex()}")
    late = f", the oldest for {(datetime.now(UTC) - oldest).total_seconds():.0f} s" if oldest else ""
    print(f"waiting    {waiting} leaves{late}")
    return 0


@contextlib.asynccontextmanager
async def _tenant(code: str, settings: Settings) -> AsyncIterator[tuple[Tenants, Tenant, CheckpointKey]]:
    secret = root_secret(settings)
    async with database(settings) as url:
        tenants = Tenants(url, secret=secret)
        try:
            tenant = await tenants.find(code)
            if tenant is None:
                raise TenantNotFound
            yield tenants, tenant, CheckpointKey(secret, tenant.id)
        finally:
            await tenants.close()


def _load_every_model() -> None:
    """Sealed fields are known once the modules that declare them are imported."""
    for module in pkgutil.walk_packages(anshou.__path__, "anshou."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)

"""`anshou audit …` as an operator runs it: exported here, verified there, without database or secret."""

import subprocess
import sys
from pathlib import Path

import pytest

from confidentiality.audit.publishing import CheckpointFiles
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.confidentiality.audit.sealers import leave, seal
from tests.database import Database

pytestmark = pytest.mark.usefixtures("wiped")


def anshou(*words: str, **environ: str) -> tuple[int, str]:
    """Run the command with nothing but these settings; its exit code and what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "anshou.cli", *words], env=environ, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


async def test_a_record_is_exported_and_verified_elsewhere(
    tenants: Tenants, tenant: Tenant, database: Database, tmp_path: Path
) -> None:
    published = tmp_path / "checkpoints"
    for _ in range(2):
        await leave(tenants, tenant, 3)
        await seal(tenants, database, tenant, CheckpointFiles(published))
    secret = tmp_path / "secret"
    secret.write_text(database.secret.hex())
    secret.chmod(0o600)
    here = {
        "ANSHOU_DATA_DIR": str(tmp_path),
        "ANSHOU_DATABASE_URL": database.url,
        "ANSHOU_SECRET_FILE": str(secret),
        "ANSHOU_CHECKPOINT_DIR": str(published),
    }
    export = tmp_path / "export.jsonl"
    assert anshou("audit", "export", tenant.code, "-o", str(export), **here) == (0, "")
    code, key = anshou("audit", "key", tenant.code, **here)
    assert code == 0
    code, said = anshou("audit", "status", tenant.code, **here)
    assert (code, said.splitlines()[0]) == (0, "sealed     6 leaves")
    code, said = anshou("audit", "verify", "--database", tenant.code, **here)
    assert code == 0, said
    assert "sound: 6 leaves, 2 checkpoints" in said
    assert "0 sealed cells compared" in said

    (notes,) = (published / str(tenant.id)).iterdir()
    elsewhere = ("audit", "verify", str(export), "--checkpoint", str(notes), "--key", key.strip())
    code, said = anshou(*elsewhere)
    assert (code, said.splitlines()[1:]) == (0, ["2 checkpoints from outside agree"])
    lines = export.read_text().splitlines(keepends=True)
    export.write_text("".join([*lines[:3], lines[3].replace('"tests.tried"', '"tests.other"'), *lines[4:]]))
    code, said = anshou(*elsewhere)
    assert code == 1
    assert said.startswith("NOT SOUND: altered at seq 2, leaf ")

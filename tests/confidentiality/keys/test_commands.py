"""`anshou keys …`, as the operator runs it."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from anshou.cli import EXIT_CONFIGURATION
from anshou.settings import read_settings
from anshou.vaults import open_vault
from confidentiality.keys.vault import CARRIED_AS, open_keys
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import NOW, Anhe, settle
from tests.database import Database, new_database
from tests.tenants.test_commands import Operator


@pytest.fixture
async def database(server: str) -> AsyncIterator[Database]:
    async with new_database(server) as made:
        yield made


@pytest.fixture
def operator(database: Database, tmp_path: Path) -> Operator:
    return Operator(database, tmp_path)


@pytest.fixture
async def anhe(operator: Operator, database: Database) -> tuple[Tenant, Anhe, UUID]:
    """The agency with its cast, and keys of a merchant and of its own."""
    tenant = await database.create_tenant("anhe", "安和电商代运营")
    settings = read_settings({k: v for k, v in operator.environment.items() if k.startswith("ANSHOU_")})
    vault = open_vault(settings, secret=database.secret, clock=lambda: NOW)
    tenants = Tenants(database.url, secret=database.secret, carry={CARRIED_AS: vault})
    async with tenants.session(tenant, AGENCY) as session:
        cast = await settle(session, NOW)
        await open_keys(session, cast.yunshan.id)
    await tenants.close()
    return tenant, cast, cast.yunshan.id


async def test_status_tells_versions_and_no_key_material(
    operator: Operator, anhe: tuple[Tenant, Anhe, UUID], tmp_path: Path
) -> None:
    _, _, merchant = anhe
    code, out, err = await operator.runs("keys", "status", "anhe", "--count", "--json")
    assert code == 0, err
    told = {one["owner"]: one for one in json.loads(out)}
    one = told[str(merchant)]
    assert (one["tenant"], one["name"], one["state"]) == ("anhe", "云杉户外", "active")
    (held,) = one["sealed"]
    assert (held["version"], held["rows"], held["files"]) == (1, 1, 0)
    assert not held["for_the_audit_record_alone"], "the current version is needed for whatever comes"
    assert [each["version"] for each in one["versions"]] == [1]
    wrapped = next((tmp_path / "keys").glob("*.key")).read_text()
    assert not any(part in out for part in json.loads(wrapped)["versions"].values())
    _, table, _ = await operator.runs("keys", "status")
    assert "云杉户外\tactive\taes-256-gcm\tv1 since 2026-11-23" in table


async def test_keys_are_rotated_and_rewrapped(operator: Operator, anhe: tuple[Tenant, Anhe, UUID]) -> None:
    _, _, merchant = anhe
    assert await operator.runs("keys", "rotate", "anhe", "--merchant", "云杉户外") == (
        0,
        f"anhe\t{merchant}\tversion 2\n",
        "",
    )
    code, out, _ = await operator.runs("keys", "rewrap", "anhe", "--merchant", str(merchant))
    assert (code, out) == (0, f"anhe\t{merchant}\tversion 2\n")
    _, out, _ = await operator.runs("keys", "status", "anhe", "--json", "--merchant", "云杉户外")
    (told,) = json.loads(out)
    assert [(each["version"], each["state"]) for each in told["versions"]] == [(2, "current"), (1, "opening")]
    assert told["resealing"]["finished_at"] is None


async def test_a_destruction_takes_two_logins(operator: Operator, anhe: tuple[Tenant, Anhe, UUID]) -> None:
    asking = ("keys", "destroy", "anhe", "云杉户外", "--by")
    code, out, err = await operator.runs(*asking, "admin", "--propose", "合同终止")
    assert (code, out) == (0, "proposed; somebody else has to approve it\n"), err
    code, _, err = await operator.runs(*asking, "admin", "--approve")
    assert code == 1
    assert "两个人" in err
    code, _, err = await operator.runs(*asking, "agent", "--approve")
    assert code == 1
    code, out, _ = await operator.runs(*asking, "executive", "--approve")
    assert code == 0
    assert "it is carried out at" in out
    code, out, _ = await operator.runs(*asking, "admin", "--cancel")
    assert (code, out) == (0, "cancelled\n")


async def test_the_protection_of_the_key_store_is_changed(
    operator: Operator, anhe: tuple[Tenant, Anhe, UUID], tmp_path: Path
) -> None:
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("一段足够长的口令\n")
    passphrase.chmod(0o600)
    operator.environment |= {
        "ANSHOU_KMS_PROTECTION": "passphrase",
        "ANSHOU_KMS_PASSPHRASE_FILE": str(passphrase),
    }
    code, _, err = await operator.runs("keys", "status", "anhe")
    assert code == EXIT_CONFIGURATION
    assert "ANSHOU_KMS_PASSPHRASE_FILE" in err
    assert "protected by machine, not by passphrase" in err
    assert (await operator.runs("keys", "protect", "--formerly", "machine"))[0] == 0
    assert (await operator.runs("keys", "rotate", "anhe", "--merchant", "云杉户外"))[0] == 0
    passphrase.write_text("另一段口令\n")
    code, _, err = await operator.runs("keys", "status", "anhe")
    assert code == EXIT_CONFIGURATION
    assert "does not open with this passphrase" in err
    assert "另一段口令" not in err


async def test_settings_that_do_not_go_together_are_named(operator: Operator, tmp_path: Path) -> None:
    token = tmp_path / "token"
    operator.environment["ANSHOU_KMS_URL"] = "transit+http://127.0.0.1:1/transit"
    assert "ANSHOU_KMS_TOKEN_FILE: expected a file" in (await operator.runs("keys", "status"))[2]
    operator.environment["ANSHOU_KMS_TOKEN_FILE"] = str(token)
    assert f"ANSHOU_KMS_TOKEN_FILE: {token} cannot be read" in (await operator.runs("keys", "status"))[2]
    token.write_text("s.token")
    token.chmod(0o644)
    assert "is open to others" in (await operator.runs("keys", "status"))[2]


async def test_keys_that_another_service_wrapped_are_said_to_be(
    operator: Operator, anhe: tuple[Tenant, Anhe, UUID], tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text("s.token")
    token.chmod(0o600)
    operator.environment |= {
        "ANSHOU_KMS_URL": "transit+http://127.0.0.1:1/transit",
        "ANSHOU_KMS_TOKEN_FILE": str(token),
    }
    code, _, err = await operator.runs("keys", "rotate", "anhe")
    assert code == 1
    assert "wrapped by local:" in err

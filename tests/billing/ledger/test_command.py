"""`anshou ledger prove` as an operator runs it: sound books, harmed books, and a tenant that there is not."""

from pathlib import Path

import pytest

from billing.ledger.posting import post
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.billing.ledger.books import FINANCE, NOW, cost
from tests.confidentiality.audit.test_command import anshou
from tests.database import Database

pytestmark = pytest.mark.usefixtures("wiped")


async def test_the_command_names_the_first_voucher_that_does_not_hold(
    tenants: Tenants, tenant: Tenant, database: Database, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(database.secret.hex())
    secret.chmod(0o600)
    here = {
        "ANSHOU_DATA_DIR": str(tmp_path),
        "ANSHOU_DATABASE_URL": database.url,
        "ANSHOU_SECRET_FILE": str(secret),
    }
    async with tenants.session(tenant, AGENCY) as session:
        first = await post(session, cost(100), idempotency_key="a", by=FINANCE, at=NOW)
        await post(session, cost(200), idempotency_key="b", by=FINANCE, at=NOW)

    code, said = anshou("ledger", "prove", "--tenant", tenant.code, **here)
    assert (code, said) == (0, f"{tenant.code}: sound, 2 vouchers, 4 entries\n")
    code, said = anshou("ledger", "prove", **here)
    assert code == 0
    assert len(said.splitlines()) >= 1
    code, said = anshou("ledger", "prove", "--tenant", "nobody", **here)
    assert code == 1

    superuser = await database.connect_as_superuser()
    try:
        harm = "UPDATE ledger_entry SET currency = 'USD'"
        await superuser.execute(f'SET search_path = "{tenant.schema}"; SET session_replication_role = replica; {harm}')
    finally:
        await superuser.close()
    code, said = anshou("ledger", "prove", "--tenant", tenant.code, **here)
    assert code == 1
    assert said.splitlines() == [
        f"{tenant.code}: NOT SOUND, 2 findings in 2 vouchers, 4 entries",
        f"  on_leaves: first {first.id}",
    ]

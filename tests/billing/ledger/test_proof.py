"""What came past the triggers by a superuser's hand is found when the books are proved."""

import pytest

from billing.ledger.posting import post, reverse
from billing.ledger.proof import Check, prove
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.billing.ledger.books import FINANCE, NOW, cost
from tests.database import Database

HARM = {
    "UPDATE ledger_total SET debit = debit + 1": {Check.TOTALS},
    "DELETE FROM ledger_total": {Check.TOTALS},
    "UPDATE ledger_entry SET fen = fen + 1 WHERE side = 'debit'": {
        Check.TOTALS,
        Check.BALANCED,
        Check.REVERSED_EXACTLY,
    },
    "DELETE FROM ledger_entry WHERE line = 2": {
        Check.TOTALS,
        Check.BALANCED,
        Check.COMPLETE,
    },
    "UPDATE ledger_entry SET clause = '9.9' FROM ledger_voucher WHERE id = voucher_id AND kind = 'reversal'": {
        Check.REVERSED_EXACTLY
    },
    "UPDATE ledger_entry SET currency = 'USD'": {Check.ON_LEAVES},
    "DELETE FROM ledger_period": {Check.IN_PERIODS},
    "UPDATE ledger_period SET state = 'closed'": {Check.NUMBERED},
}


@pytest.mark.parametrize(("harm", "found"), HARM.items())
@pytest.mark.usefixtures("wiped")
async def test_harm_is_found(
    tenants: Tenants, tenant: Tenant, database: Database, harm: str, found: set[Check]
) -> None:
    async with tenants.session(tenant, AGENCY) as session:
        posted = await post(session, cost(100), idempotency_key="a", by=FINANCE, at=NOW)
        await reverse(session, posted.id, reason="更正", by=FINANCE, at=NOW)
        assert (await prove(session)).is_sound
    superuser = await database.connect_as_superuser()
    try:
        await superuser.execute(f'SET search_path = "{tenant.schema}"; SET session_replication_role = replica; {harm}')
    finally:
        await superuser.close()
    async with tenants.session(tenant, AGENCY) as session:
        proof = await prove(session)
    assert {finding.check for finding in proof.findings} == found

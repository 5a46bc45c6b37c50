"""Many ask for the same statement at once: together they are never given more than it bills."""

import asyncio

import pytest

from anshou.finance.invoice_buyers import keep_buyer
from anshou.finance.invoice_shapes import InvoiceAsked
from anshou.finance.invoicing import ask_invoice
from billing.invoices.errors import InvoiceInvalid, OverInvoiced
from billing.invoices.figures import invoiceable
from billing.invoices.rows import InvoiceKind
from confidentiality.keys.vault import CARRIED_AS, Vault
from tenants.context import AGENCY
from tenants.pool import PoolLimits
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import settle
from tests.database import Database
from tests.finance.counter import Counter
from tests.finance.office import AFTER_NOVEMBER, Office
from tests.finance.test_invoicing import BUYER, confirmed
from tests.tickets.desk import Desk

ASKING = 6


@pytest.fixture
async def many(database: Database, vault: Vault, wiped: None):  # type: ignore[no-untyped-def]
    """Sessions of a process with a connection for each that asks."""
    limits = PoolLimits(per_tenant=ASKING, total=ASKING)
    opened = Tenants(database.url, secret=database.secret, pool=limits, carry={CARRIED_AS: vault})
    yield opened
    await opened.close()


async def test_together_they_are_never_given_more_than_the_statement_bills(many: Tenants, tenant: Tenant) -> None:
    async with many.session(tenant, AGENCY) as session:

        async def act_as(context: object) -> None:
            pass

        counter = Counter(Desk(session, act_as, await settle(session)))
        office = Office(counter, await counter.second_finance())
        statement = (await confirmed(office, 1_000)).id
        cast = counter.cast
        await keep_buyer(session, cast.yunshan.id, BUYER, by=cast.finance, at=AFTER_NOVEMBER)
    all_looked = asyncio.Barrier(ASKING)

    async def ask(fen: int) -> int:
        asked = InvoiceAsked(kind=InvoiceKind.ORDINARY, statements=(statement,), fen=fen)
        async with many.session(tenant, AGENCY) as session:
            # All have looked before the first asks.
            await invoiceable(session, cast.yunshan.id)
            await all_looked.wait()
            request = await ask_invoice(session, cast.yunshan.id, asked, by=cast.finance, at=AFTER_NOVEMBER)
            return request.gross_fen

    found = await asyncio.gather(*(ask(400) for _ in range(ASKING)), return_exceptions=True)

    assert [one for one in found if isinstance(one, int)] == [400, 400]
    assert {type(one) for one in found if not isinstance(one, int)} <= {OverInvoiced, InvoiceInvalid}
    async with many.session(tenant, AGENCY) as session:
        assert [one.open_fen for one in await invoiceable(session, cast.yunshan.id)] == [200]

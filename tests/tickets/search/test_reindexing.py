"""`anshou search reindex` reads every ticket's words anew, whatever became of them."""

from argparse import Namespace
from pathlib import Path

import pytest
from sqlalchemy import text

from anshou.commands import search
from anshou.settings import Settings, read_settings
from anshou.tickets.kinds import Kind
from anshou.tickets.search.finding import search_tickets
from tenants.context import AGENCY
from tenants.errors import TenantNotFound
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import NOW, Anhe, settle
from tests.database import Database
from tests.tickets.desk import Desk


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    secret = tmp_path / "secret"
    secret.write_text(database.secret.hex())
    secret.chmod(0o600)
    return read_settings({"ANSHOU_DATABASE_URL": database.url, "ANSHOU_SECRET_FILE": str(secret)})


@pytest.fixture
async def anhe(tenants: Tenants, tenant: Tenant, wiped: None) -> Anhe:
    """Two tickets of long ago, whose words nobody has noted."""
    async with tenants.session(tenant, AGENCY) as session:

        async def act_as(context: object) -> None:
            await tenants.switch(session, context)  # type: ignore[arg-type]

        desk = Desk(session, act_as, await settle(session))
        for _ in range(2):
            await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
        await desk.act_as(AGENCY)
        await session.execute(text("DELETE FROM words_due"))
        await session.execute(text("DELETE FROM ticket_words"))
        return desk.cast


async def found(tenants: Tenants, tenant: Tenant, anhe: Anhe) -> int:
    async with tenants.session(tenant, anhe.account_manager.context()) as session:
        return len((await search_tickets(session, anhe.account_manager, "主图", at=NOW)).hits)


@pytest.mark.parametrize("code", ["anhe", None])
async def test_every_ticket_is_found_again(
    settings: Settings,
    tenants: Tenants,
    tenant: Tenant,
    anhe: Anhe,
    code: str | None,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(search, "TELL_EVERY", 0.0)
    assert await found(tenants, tenant, anhe) == 0
    assert await search.main(Namespace(verb="reindex", tenant=code), settings) == 0
    assert "anhe: 2 tickets read in" in capsys.readouterr().out
    assert await found(tenants, tenant, anhe) == 2
    async with tenants.session(tenant, AGENCY) as session:
        assert await session.scalar(text("SELECT count(*) FROM words_due")) == 0


async def test_a_tenant_that_there_is_not_is_refused(settings: Settings, anhe: Anhe) -> None:
    with pytest.raises(TenantNotFound):
        await search.main(Namespace(verb="reindex", tenant="nobody"), settings)

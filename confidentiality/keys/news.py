"""News of keys, from the transaction that changes them to every process that holds them in memory.

PostgreSQL's NOTIFY brings them within moments of the commit. It may be missed while a connection is down: so a process
forgets everything whenever it listens anew, and keys are kept for a minute at most in any case.
"""

import logging
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from confidentiality.keys.vault import Vault
from tenants.addresses import DatabaseAddress
from tenants.credentials import Credentials
from tenants.listening import Listener, control_login

log = logging.getLogger(__name__)

CHANNEL = "anshou_keys"

_CHANGED, _DESTROYED = "changed", "destroyed"


async def tell_changed(session: AsyncSession, owner: UUID) -> None:
    """With this transaction's commit, have every process read the owner's keys anew."""
    await _tell(session, owner, _CHANGED)


async def tell_destroyed(session: AsyncSession, owner: UUID) -> None:
    """With this transaction's commit, have every process refuse what it still holds open of the owner."""
    await _tell(session, owner, _DESTROYED)


async def _tell(session: AsyncSession, owner: UUID, what: str) -> None:
    # Ids only. Any login of the database could send this: all that it can bring about is that keys are read anew.
    news = f"{session.info['tenant'].id}:{owner}:{what}"
    await session.execute(select(func.pg_notify(CHANNEL, news)))


class KeyNews:
    """Listens for one process and has its vault forget."""

    def __init__(self, database_url: str, secret: bytes, vault: Vault) -> None:
        self._vault = vault
        # What was told while nobody listened is not told again: so everything is forgotten then.
        login = control_login(DatabaseAddress.at(database_url), Credentials(secret))
        self._listener = Listener(login, CHANNEL, heard=self._heard, anew=vault.forget_all)
        self.connected = self._listener.connected
        self.start, self.stop = self._listener.start, self._listener.stop

    def _heard(self, news: str) -> None:
        try:
            tenant, owner, what = news.split(":")
            self._vault.forget(UUID(tenant), UUID(owner), destroyed=what == _DESTROYED)
        except ValueError:
            log.warning("news of keys that nobody understands")

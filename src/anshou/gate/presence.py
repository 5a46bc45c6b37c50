"""Who looks at a ticket at the moment, and who is writing: told from process to process by ids, kept in memory only.

A page says now and then that it is open (`say_here`); the word leaves with the commit on the channel that every web
process hears anyway (`gate/live.py`). Whoever has not been heard of for a while is gone, so nothing has to be tidied
up, and a process that begins knows everybody again after one round. Sides are held apart: a merchant's people know of
each other, the agency's of each other, and neither of the other side.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.labels import Labelled
from tenants.refusals import N_

HERE = "here"
"""The sort of such word on the channel."""

# Seconds between two words of an open page, and after the last one until its person is taken for gone.
EVERY, GONE_AFTER = 25.0, 65.0

# More than these nobody reads; word of others is passed over.
MOST_AT_ONE, MOST = 30, 20_000


class Doing(Labelled):
    """What somebody does at a ticket."""

    LOOKING = "looking", N_("正在查看")
    WRITING = "writing", N_("正在写给商家")
    NOTING = "noting", N_("正在写内部备注")
    MOVING = "moving", N_("正在填写操作")
    LEFT = "left", N_("已离开")


@dataclass(frozen=True, slots=True)
class Word:
    """That somebody is at a ticket. `merchant_id` is None for the agency's people, whosever ticket it is."""

    ticket_id: UUID
    account_id: UUID
    merchant_id: UUID | None
    doing: Doing

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.account_id}/{self.merchant_id or '-'}/{self.doing.value}"

    @classmethod
    def read(cls, text: str) -> "Word | None":
        """The word of its text; None for anything else, which any login of the database could send."""
        try:
            ticket, account, merchant, doing = text.split("/")
            return cls(UUID(ticket), UUID(account), None if merchant == "-" else UUID(merchant), Doing(doing))
        except ValueError:
            return None


@dataclass(slots=True)
class _Present:
    merchant_id: UUID | None
    doing: Doing
    until: float


class Presence:
    """Who is at which ticket of which agency, as far as this process has heard."""

    def __init__(self, now: Callable[[], float] | None = None) -> None:
        self._now = now or (lambda: asyncio.get_running_loop().time())
        self._at: dict[tuple[str, UUID], dict[UUID, _Present]] = {}

    def hear(self, schema: str, word: Word) -> bool:
        """Take it in; whether it is news to those who look at the ticket."""
        self._forget_gone((schema, word.ticket_id))
        present = self._at.get((schema, word.ticket_id), {})
        known = present.get(word.account_id)
        if word.doing is Doing.LEFT:
            present.pop(word.account_id, None)
            return known is not None
        if known is None and (len(present) >= MOST_AT_ONE or not self._has_room()):
            return False
        until = self._now() + GONE_AFTER
        present[word.account_id] = _Present(word.merchant_id, word.doing, until)
        self._at[(schema, word.ticket_id)] = present
        return known is None or known.doing is not word.doing

    def at(self, schema: str, ticket_id: UUID, merchant_id: UUID | None, *, but: UUID) -> Iterator[tuple[UUID, Doing]]:
        """The accounts of one side that are at the ticket, and what they do, without the one who asks."""
        self._forget_gone((schema, ticket_id))
        for account, present in self._at.get((schema, ticket_id), {}).items():
            if present.merchant_id == merchant_id and account != but:
                yield account, present.doing

    def _has_room(self) -> bool:
        if len(self._at) >= MOST:
            for place in list(self._at):
                self._forget_gone(place)
        return len(self._at) < MOST

    def _forget_gone(self, place: tuple[str, UUID]) -> None:
        present = self._at.get(place)
        if present is None:
            return
        now = self._now()
        for account in [account for account, one in present.items() if one.until < now]:
            del present[account]
        if not present:
            del self._at[place]


async def say_here(session: AsyncSession, channel: str, schema: str, word: Word) -> None:
    """Have every web process hear it with the commit."""
    await session.execute(select(func.pg_notify(channel, f"{schema}:{HERE}:{word}")))

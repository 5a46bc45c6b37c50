"""Who looks at a ticket at the moment, and who is writing: told from process to process by ids, kept in memory only.

A page says now and then that it is open (`say_here`); the word leaves with the commit on the channel that every web
process hears anyway (`gate/live.py`). Whoever has not been heard of for a while is gone, so nothing has to be tidied
up, and a process that begins knows everybody again after one round. Sides are held apart: a merchant's people know of
each other, the agency's of each other, and neither of the other side.

Every word has the number that its page counts by: what a page said before it left may arrive after that, and would
leave somebody standing there who has gone.
"""

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping
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

# Pages at one ticket, and tickets. More than these nobody reads; word of others is passed over.
MOST_AT_ONE, MOST = 60, 20_000

_PAGE = re.compile(r"[0-9a-f]{0,32}")
_HIGHEST = 10**9


class Doing(Labelled):
    """What somebody does at a ticket."""

    LOOKING = "looking", N_("正在查看")
    WRITING = "writing", N_("正在写给商家")
    NOTING = "noting", N_("正在写内部备注")
    MOVING = "moving", N_("正在填写操作")
    LEFT = "left", N_("已离开")


@dataclass(frozen=True, slots=True)
class Word:
    """That somebody is at a ticket. `merchant_id` is None for the agency's people, whosever ticket it is.

    `page` tells the open pages of one person apart; `number` is how often that page has spoken.
    """

    ticket_id: UUID
    account_id: UUID
    merchant_id: UUID | None
    doing: Doing
    page: str = ""
    number: int = 0

    def __str__(self) -> str:
        who = f"{self.ticket_id}/{self.account_id}/{self.merchant_id or '-'}"
        return f"{who}/{self.doing.value}/{self.page}/{self.number}"

    @classmethod
    def read(cls, text: str) -> "Word | None":
        """The word of its text; None for anything else, which any login of the database could send."""
        try:
            ticket, account, merchant, doing, page, number = text.split("/")
            side = None if merchant == "-" else UUID(merchant)
            return cls(UUID(ticket), UUID(account), side, Doing(doing), *counted(page, number))
        except ValueError:
            return None


def counted(page: str, number: str) -> tuple[str, int]:
    """A page's own mark and the number of its word, as a browser says them. Raises ValueError for anything else."""
    if _PAGE.fullmatch(page) is None or not 0 <= int(number or 0) < _HIGHEST:
        raise ValueError("this is no page's count")
    return page, int(number or 0)


@dataclass(frozen=True, slots=True)
class _Open:
    """A page as it was heard of last. One that has left is remembered too, for what it said before comes late."""

    merchant_id: UUID | None
    doing: Doing
    number: int
    until: float


# The pages at one ticket by whose they are and their own mark, the one heard of last at the end.
_Pages = dict[tuple[UUID, str], _Open]


class Presence:
    """Who is at which ticket of which agency, as far as this process has heard."""

    def __init__(self, now: Callable[[], float] | None = None) -> None:
        self._now = now or (lambda: asyncio.get_running_loop().time())
        self._at: dict[tuple[str, UUID], _Pages] = {}

    def hear(self, schema: str, word: Word) -> bool:
        """Take it in; whether it is news to those who look at the ticket."""
        self._forget_gone((schema, word.ticket_id))
        pages = self._at.get((schema, word.ticket_id), {})
        whose = (word.account_id, word.page)
        known = pages.get(whose)
        if known is None and (len(pages) >= MOST_AT_ONE or not self._has_room()):
            return False
        if known is not None and word.number < known.number:
            return False
        before = _shown(pages).get(word.account_id)
        pages.pop(whose, None)
        pages[whose] = _Open(word.merchant_id, word.doing, word.number, self._now() + GONE_AFTER)
        self._at[(schema, word.ticket_id)] = pages
        return _shown(pages).get(word.account_id) is not before

    def at(self, schema: str, ticket_id: UUID, merchant_id: UUID | None, *, but: UUID) -> Iterator[tuple[UUID, Doing]]:
        """The accounts of one side that are at the ticket, and what they do, without the one who asks."""
        self._forget_gone((schema, ticket_id))
        pages = self._at.get((schema, ticket_id), {})
        ours = {whose: page for whose, page in pages.items() if page.merchant_id == merchant_id}
        yield from ((account, doing) for account, doing in _shown(ours).items() if account != but)

    def _has_room(self) -> bool:
        if len(self._at) >= MOST:
            for place in list(self._at):
                self._forget_gone(place)
        return len(self._at) < MOST

    def _forget_gone(self, place: tuple[str, UUID]) -> None:
        pages = self._at.get(place)
        if pages is None:
            return
        now = self._now()
        for whose in [whose for whose, page in pages.items() if page.until < now]:
            del pages[whose]
        if not pages:
            del self._at[place]


def _shown(pages: Mapping[tuple[UUID, str], _Open]) -> dict[UUID, Doing]:
    """What each person does: on several pages what they type, before what they only look at."""
    found: dict[UUID, Doing] = {}
    for (account, _), page in pages.items():
        is_more = page.doing is not Doing.LOOKING or account not in found
        if page.doing is not Doing.LEFT and is_more:
            found[account] = page.doing
    return found


async def say_here(session: AsyncSession, channel: str, schema: str, word: Word) -> None:
    """Have every web process hear it with the commit."""
    await session.execute(select(func.pg_notify(channel, f"{schema}:{HERE}:{word}")))

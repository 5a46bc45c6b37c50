"""The worker's part in erasing, played by a test in its own transaction."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from anshou.privacy.retention.carrying_out import erase_next
from anshou.privacy.retention.erasure_list import ErasureList
from anshou.privacy.retention.of_tickets import OF_TICKETS
from anshou.privacy.retention.runs import ErasureReport, ErasureRun, begin_daily_run, read_report
from anshou.tickets.kinds import Kind, Side
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import StoredFile, attach_file, post_message
from tenants.context import AGENCY
from tenants.storage import ObjectStorage
from tests.tickets.desk import Desk

YEAR = timedelta(days=366)
SAID = "买家手机 13812341234"

# What of a ticket is gone four years after its closing.
GOES = {kind.code for kind in OF_TICKETS if kind.default < 48}


async def content() -> AsyncIterator[bytes]:
    yield b"a picture"


@dataclass
class Eraser:
    """`today` is when erasing happens."""

    desk: Desk
    storage: ObjectStorage
    listing: ErasureList

    async def closed_ticket(self) -> Ticket:
        """A ticket of 云杉 with a message and a file, refused the day it came."""
        desk = self.desk
        ticket = await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
        await post_message(desk.session, ticket, SAID, by=desk.cast.owner, at=desk.now + timedelta(minutes=1))
        key = f"files/{ticket.number}"
        await self.storage.put(key, content())
        stored = StoredFile(name="买家.png", media_type="image/png", size=9, sha256="a" * 64, storage_key=key)
        await attach_file(
            desk.session, ticket, stored, audience=Side.MERCHANT, by=desk.cast.owner, at=desk.now + timedelta(minutes=2)
        )
        await desk.act(desk.cast.service_agent, "refuse")
        await desk.act_as(AGENCY)
        return ticket

    async def daily(self, at: datetime) -> ErasureReport:
        """The day's run, from beginning to end."""
        await self.desk.act_as(AGENCY)
        return await self.carry_out(await begin_daily_run(self.desk.session, at=at), at)

    async def carry_out(self, run: ErasureRun, at: datetime) -> ErasureReport:
        """A run to its end."""
        await self.desk.act_as(AGENCY)
        run_id = run.id
        again = True
        while again:
            found = await self.desk.session.get(ErasureRun, run_id)
            assert found is not None
            again = await erase_next(self.desk.session, self.storage, self.listing, found, at=at)
        return await read_report(self.desk.session, run_id)

    async def said(self) -> list[str | None]:
        """What the messages say."""
        return list(await self.desk.session.scalars(text("SELECT body FROM entry WHERE sort = 'message' ORDER BY id")))

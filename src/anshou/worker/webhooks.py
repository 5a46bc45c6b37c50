"""Handing webhooks over to the agency's own systems."""

from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from msgspec import Struct

from anshou.people.grants import holders
from anshou.people.notices import leave_notices
from anshou.people.roles import Role
from anshou.tickets.events import TELL_SYSTEMS
from anshou.tickets.happenings import find_event
from anshou.webhooks import deliveries
from anshou.webhooks.sending import WHOLE_TIMEOUT, send
from anshou.worker.work import Work, actor
from confidentiality.local_key import LocalKey


class Attempt(Struct, frozen=True, kw_only=True):
    """The attempt that is due, counted from 0."""

    delivery_id: UUID
    attempt: int


class Happened(Struct, frozen=True, kw_only=True):
    """The entry of a ticket's timeline that says what happened."""

    ticket: UUID
    merchant: UUID
    entry: UUID


@actor(TELL_SYSTEMS, Happened)
async def tell_systems(work: Work, happened: Happened) -> None:
    """Leave a delivery for every endpoint that wants to hear of it."""
    async with work.finish() as session:
        if event := await find_event(session, happened.merchant, happened.entry):
            await deliveries.fan_out(session, event, at=work.at)


@actor(deliveries.DELIVER, Attempt, time_limit=timedelta(seconds=WHOLE_TIMEOUT + 10))
async def deliver(work: Work, due: Attempt) -> None:
    """Make one attempt. No transaction is open while the receiver takes its time.

    A receiver that fails is no failure of the job: `record` leaves the next attempt. A process that dies after sending
    makes the attempt again; the receiver knows the message by its id.
    """
    sealing = LocalKey(work.outside.secret, work.tenant.id)
    async with work.look() as session:
        prepared = await deliveries.prepare(session, sealing, due.delivery_id, due.attempt, work.at)
    outcome = None
    if prepared is not None:
        outcome = await send(
            prepared.url, prepared.body, prepared.headers, allow_private=work.outside.webhooks_to_private
        )
    async with work.finish() as session:
        if outcome is not None and (
            stopped := await deliveries.record(session, due.delivery_id, due.attempt, outcome, work.at)
        ):
            await leave_notices(
                session,
                await holders(session, Role.AGENCY_ADMIN),
                source=due.delivery_id,
                event=deliveries.STOPPED,
                subject_id=stopped.id,
                number=urlsplit(stopped.url).hostname or "",
                at=work.at,
            )

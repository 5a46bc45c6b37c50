"""One delivery = one event for one endpoint: its attempts, when the next is due, and when an endpoint is given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.webhooks.endpoints import Stopped, WebhookEndpoint, signing_secrets
from anshou.webhooks.errors import DeliveryNotFound
from anshou.webhooks.events import Event, EventType, encode
from anshou.webhooks.sending import Outcome
from anshou.webhooks.signing import signed_headers
from confidentiality.local_key import LocalKey
from tenants.base import Base, Row, new_id
from tenants.jobs import enqueue
from tenants.labels import Labelled
from tenants.refusals import N_

DELIVER = "webhooks.deliver"

# The event of the notice that an endpoint was given up.
STOPPED = "webhook_stopped"

# Waits after the first, second … failed attempt (Standard Webhooks, "Delivery retries"): 75 hours in all.
WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
)

# A little less than all the waits together.
GIVEN_UP_AFTER = timedelta(days=3)


class DeliveryState(Labelled):
    """Where a delivery stands."""

    PENDING = "pending", N_("待推送")
    DELIVERED = "delivered", N_("已送达")
    FAILED = "failed", N_("推送失败")


class WebhookDelivery(Row, Base):
    """An event on its way to an endpoint. Its id is the `webhook-id` that the receiver deduplicates by."""

    __tablename__ = "webhook_delivery"

    endpoint_id: Mapped[UUID] = mapped_column(ForeignKey("webhook_endpoint.id", ondelete="CASCADE"))
    event_id: Mapped[UUID]
    event_type: Mapped[EventType]
    occurred_at: Mapped[datetime]
    ticket_id: Mapped[UUID | None]
    number: Mapped[str | None]
    kind: Mapped[str | None]
    of_merchant: Mapped[UUID | None]
    state: Mapped[DeliveryState]
    attempts: Mapped[int]
    created_at: Mapped[datetime]
    last_attempt_at: Mapped[datetime | None]
    next_attempt_at: Mapped[datetime | None]
    last_status: Mapped[int | None]
    last_failure: Mapped[str | None]
    last_milliseconds: Mapped[int | None]

    def event(self) -> Event:
        """The event that is delivered."""
        return Event(
            id=self.event_id,
            type=self.event_type,
            at=self.occurred_at,
            ticket_id=self.ticket_id,
            number=self.number,
            kind=self.kind,
            merchant_id=self.of_merchant,
        )


@dataclass(frozen=True, slots=True)
class Prepared:
    """A signed message, ready to send without the database."""

    url: str
    body: bytes
    headers: dict[str, str]


async def fan_out(session: AsyncSession, event: Event, *, at: datetime) -> int:
    """Leave a delivery for every endpoint that wants the event; once, however often it is called. Returns how many."""
    endpoints = (await session.scalars(select(WebhookEndpoint).where(WebhookEndpoint.stopped.is_(None)))).all()
    left = 0
    for endpoint in endpoints:
        if endpoint.wants(event.type):
            left += await _leave(session, endpoint, event, new_id(), at)
    return left


async def leave_test(session: AsyncSession, endpoint: WebhookEndpoint, *, by: Person, at: datetime) -> UUID:
    """Leave a test message for the endpoint, stopped or not; returns the delivery's id."""
    authorize(by, Permission.MANAGE_WEBHOOKS)
    delivery_id = new_id()
    await _leave(session, endpoint, Event(id=new_id(), type=EventType.TEST, at=at), delivery_id, at)
    return delivery_id


async def redeliver(session: AsyncSession, delivery: WebhookDelivery, *, by: Person, at: datetime) -> None:
    """Begin the attempts again, now."""
    authorize(by, Permission.MANAGE_WEBHOOKS)
    delivery.state, delivery.next_attempt_at = DeliveryState.PENDING, at
    delivery.attempts = 0
    await _enqueue(session, delivery.id, 0, at)


async def prepare(
    session: AsyncSession, key: LocalKey, delivery_id: UUID, attempt: int, at: datetime
) -> Prepared | None:
    """The signed message for this attempt, counted from 0; None if it was made already or nothing is to be sent."""
    delivery = await session.get(WebhookDelivery, delivery_id)
    if delivery is None or delivery.state != DeliveryState.PENDING or delivery.attempts != attempt:
        return None
    endpoint = await session.get(WebhookEndpoint, delivery.endpoint_id)
    if endpoint is None or (endpoint.stopped is not None and delivery.event_type != EventType.TEST):
        return None
    body = encode(delivery.event())
    headers = signed_headers(str(delivery.id), at, body, signing_secrets(endpoint, key, at))
    return Prepared(endpoint.url, body, headers)


async def record(
    session: AsyncSession, delivery_id: UUID, attempt: int, outcome: Outcome, at: datetime
) -> WebhookEndpoint | None:
    """Write down what became of an attempt and leave the next one; the endpoint if this attempt stopped it.

    An endpoint is given up when a delivery's last attempt failed and nothing else arrived for `GIVEN_UP_AFTER`, or
    when it answers 410.
    """
    delivery = await session.get(WebhookDelivery, delivery_id, with_for_update=True)
    if delivery is None or delivery.state != DeliveryState.PENDING or delivery.attempts != attempt:
        return None
    delivery.attempts += 1
    delivery.last_attempt_at = at
    delivery.last_status, delivery.last_failure = outcome.status, outcome.failure
    delivery.last_milliseconds = outcome.milliseconds
    endpoint = await session.get_one(WebhookEndpoint, delivery.endpoint_id, with_for_update=True)
    if outcome.delivered:
        delivery.state, delivery.next_attempt_at = DeliveryState.DELIVERED, None
        endpoint.failing_since = None
        return None
    endpoint.failing_since = endpoint.failing_since or at
    if outcome.gone or delivery.attempts > len(WAITS):
        delivery.state, delivery.next_attempt_at = DeliveryState.FAILED, None
        return _given_up(endpoint, outcome, at)
    delivery.next_attempt_at = at + WAITS[delivery.attempts - 1]
    await _enqueue(session, delivery.id, delivery.attempts, delivery.next_attempt_at)
    return None


async def visible_delivery(session: AsyncSession, endpoint: WebhookEndpoint, delivery_id: UUID) -> WebhookDelivery:
    """One delivery of this endpoint. Raises DeliveryNotFound."""
    delivery = await session.get(WebhookDelivery, delivery_id)
    if delivery is None or delivery.endpoint_id != endpoint.id:
        raise DeliveryNotFound
    return delivery


async def list_deliveries(
    session: AsyncSession, endpoint: WebhookEndpoint, *, before: UUID | None = None, limit: int = 50
) -> Sequence[WebhookDelivery]:
    """The endpoint's deliveries, newest first, those older than `before`."""
    query = select(WebhookDelivery).where(WebhookDelivery.endpoint_id == endpoint.id)
    if before is not None:
        query = query.where(WebhookDelivery.id < before)
    return (await session.scalars(query.order_by(WebhookDelivery.id.desc()).limit(limit))).all()


def _given_up(endpoint: WebhookEndpoint, outcome: Outcome, at: datetime) -> WebhookEndpoint | None:
    nothing_arrived = endpoint.failing_since is not None and at - endpoint.failing_since >= GIVEN_UP_AFTER
    if endpoint.stopped is not None or not (outcome.gone or nothing_arrived):
        return None
    endpoint.stopped, endpoint.stopped_at = (Stopped.GONE if outcome.gone else Stopped.FAILING), at
    return endpoint


async def _leave(
    session: AsyncSession, endpoint: WebhookEndpoint, event: Event, delivery_id: UUID, at: datetime
) -> bool:
    """Leave the event for the endpoint, with a first attempt due now; False if it was left before."""
    made = insert(WebhookDelivery).values(
        id=delivery_id,
        endpoint_id=endpoint.id,
        event_id=event.id,
        event_type=event.type,
        occurred_at=event.at,
        ticket_id=event.ticket_id,
        number=event.number,
        kind=event.kind,
        of_merchant=event.merchant_id,
        state=DeliveryState.PENDING,
        attempts=0,
        created_at=at,
        next_attempt_at=at,
    )
    once = made.on_conflict_do_nothing(index_elements=["endpoint_id", "event_id"]).returning(WebhookDelivery.id)
    is_new = await session.scalar(once) is not None
    if is_new:
        await _enqueue(session, delivery_id, 0, at)
    return is_new


async def _enqueue(session: AsyncSession, delivery_id: UUID, attempt: int, run_at: datetime) -> None:
    await enqueue(session, DELIVER, {"delivery_id": str(delivery_id), "attempt": attempt}, run_at=run_at)

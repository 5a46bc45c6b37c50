"""Every event reaches every endpoint that wants it, or the endpoint is given up and says so."""

import json
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import Person
from anshou.webhooks.deliveries import (
    WAITS,
    DeliveryState,
    WebhookDelivery,
    fan_out,
    leave_test,
    list_deliveries,
    prepare,
    record,
    redeliver,
)
from anshou.webhooks.endpoints import EndpointWishes, Stopped, WebhookEndpoint, change_endpoint, register_endpoint
from anshou.webhooks.events import Event, EventType
from anshou.webhooks.sending import Outcome
from anshou.webhooks.signing import signed_headers
from confidentiality.local_key import LocalKey
from tests.webhooks.conftest import AT

TOOK = Outcome(204, None, 12)
BROKE = Outcome(500, None, 12)
GONE = Outcome(410, None, 12)

EVENT = Event(
    id=UUID(int=0xE1),
    type=EventType.TICKET_MOVED,
    at=AT,
    ticket_id=UUID(int=0xF1),
    number="FW2611-00001",
    kind="service_quality",
    merchant_id=UUID(int=0xC1),
)


@pytest.fixture
async def endpoint(session: AsyncSession, sealing: LocalKey, admin: Person) -> WebhookEndpoint:
    made, _ = await register_endpoint(
        session, sealing, EndpointWishes(url="https://127.0.0.1/hook"), allow_private=True, by=admin, at=AT
    )
    return made


@pytest.fixture
async def delivery(session: AsyncSession, endpoint: WebhookEndpoint) -> WebhookDelivery:
    assert await fan_out(session, EVENT, at=AT) == 1
    return (await session.scalars(select(WebhookDelivery))).one()


async def test_the_message_says_what_happened_to_which_ticket_and_nothing_of_its_content(
    session: AsyncSession, sealing: LocalKey, delivery: WebhookDelivery
) -> None:
    prepared = await prepare(session, sealing, delivery.id, 0, AT)
    assert prepared is not None
    assert json.loads(prepared.body) == {
        "type": "ticket.moved",
        "timestamp": "2026-11-21T09:00:00Z",
        "data": {
            "id": str(EVENT.ticket_id),
            "number": "FW2611-00001",
            "kind": "service_quality",
            "merchant_id": str(EVENT.merchant_id),
        },
    }


async def test_it_is_signed_with_the_endpoints_secret_at_the_time_of_the_attempt(
    session: AsyncSession, sealing: LocalKey, admin: Person
) -> None:
    endpoint, secret = await register_endpoint(
        session, sealing, EndpointWishes(url="https://127.0.0.1/hook"), allow_private=True, by=admin, at=AT
    )
    delivery_id = await leave_test(session, endpoint, by=admin, at=AT)
    later = AT + timedelta(minutes=3)
    prepared = await prepare(session, sealing, delivery_id, 0, later)
    assert prepared is not None
    assert prepared.headers == signed_headers(str(delivery_id), later, prepared.body, [secret])


async def test_an_event_is_told_once_however_often_it_is_fanned_out(
    session: AsyncSession, delivery: WebhookDelivery
) -> None:
    assert await fan_out(session, EVENT, at=AT) == 0
    assert len((await session.scalars(select(WebhookDelivery))).all()) == 1


async def test_an_endpoint_that_wants_other_events_hears_nothing(
    session: AsyncSession, endpoint: WebhookEndpoint, admin: Person
) -> None:
    wishes = EndpointWishes(url=endpoint.url, events=[EventType.CLOCK_BREACHED])
    await change_endpoint(endpoint, wishes, allow_private=True, by=admin, at=AT)
    assert await fan_out(session, EVENT, at=AT) == 0


async def test_a_delivery_that_was_taken_is_done(
    session: AsyncSession, sealing: LocalKey, delivery: WebhookDelivery
) -> None:
    await record(session, delivery.id, 0, TOOK, AT)
    assert (delivery.state, delivery.attempts, delivery.last_status) == (DeliveryState.DELIVERED, 1, 204)
    assert await prepare(session, sealing, delivery.id, 1, AT) is None


async def test_an_attempt_that_comes_twice_counts_once(
    session: AsyncSession, sealing: LocalKey, delivery: WebhookDelivery
) -> None:
    await record(session, delivery.id, 0, BROKE, AT)
    await record(session, delivery.id, 0, BROKE, AT)
    assert delivery.attempts == 1
    assert await prepare(session, sealing, delivery.id, 0, AT) is None


async def test_failed_attempts_wait_longer_and_longer_and_end(
    session: AsyncSession, endpoint: WebhookEndpoint, delivery: WebhookDelivery
) -> None:
    at = await _fail(session, delivery, AT, times=len(WAITS))
    assert delivery.state is DeliveryState.PENDING
    assert delivery.next_attempt_at == at
    assert await record(session, delivery.id, len(WAITS), BROKE, at) is endpoint
    assert (delivery.state, delivery.next_attempt_at) == (DeliveryState.FAILED, None)


async def test_an_endpoint_that_took_nothing_for_days_is_stopped(
    session: AsyncSession, sealing: LocalKey, endpoint: WebhookEndpoint, delivery: WebhookDelivery
) -> None:
    at = await _fail(session, delivery, AT, times=len(WAITS))
    await record(session, delivery.id, len(WAITS), BROKE, at)
    assert (endpoint.stopped, endpoint.stopped_at) == (Stopped.FAILING, at)
    assert await fan_out(session, EVENT, at=at) == 0


async def test_an_endpoint_that_takes_other_messages_goes_on(
    session: AsyncSession, endpoint: WebhookEndpoint, delivery: WebhookDelivery, admin: Person
) -> None:
    at = await _fail(session, delivery, AT, times=len(WAITS) - 1)
    other = await leave_test(session, endpoint, by=admin, at=at)
    await record(session, other, 0, TOOK, at)
    at = await _fail(session, delivery, at, times=1)
    assert await record(session, delivery.id, len(WAITS), BROKE, at) is None
    assert delivery.state is DeliveryState.FAILED
    assert endpoint.stopped is None


async def test_an_endpoint_that_says_it_is_gone_is_stopped_at_once(
    session: AsyncSession, endpoint: WebhookEndpoint, delivery: WebhookDelivery
) -> None:
    assert await record(session, delivery.id, 0, GONE, AT) is endpoint
    assert endpoint.stopped is Stopped.GONE


async def test_nothing_is_prepared_for_a_stopped_endpoint_but_a_test(
    session: AsyncSession, sealing: LocalKey, endpoint: WebhookEndpoint, delivery: WebhookDelivery, admin: Person
) -> None:
    off = EndpointWishes(url=endpoint.url, active=False)
    await change_endpoint(endpoint, off, allow_private=True, by=admin, at=AT)
    assert await prepare(session, sealing, delivery.id, 0, AT) is None
    assert await prepare(session, sealing, await leave_test(session, endpoint, by=admin, at=AT), 0, AT) is not None


async def test_a_failed_delivery_can_be_sent_again(
    session: AsyncSession, sealing: LocalKey, delivery: WebhookDelivery, admin: Person
) -> None:
    await record(session, delivery.id, 0, GONE, AT)
    await redeliver(session, delivery, by=admin, at=AT)
    assert (delivery.state, delivery.attempts) == (DeliveryState.PENDING, 0)


async def test_deliveries_are_listed_newest_first_page_by_page(
    session: AsyncSession, endpoint: WebhookEndpoint, admin: Person
) -> None:
    ids = [await leave_test(session, endpoint, by=admin, at=AT) for _ in range(5)]
    first = await list_deliveries(session, endpoint, limit=3)
    assert [one.id for one in first] == ids[:1:-1]
    rest = await list_deliveries(session, endpoint, before=first[-1].id, limit=3)
    assert [one.id for one in rest] == ids[1::-1]


async def _fail(session: AsyncSession, delivery: WebhookDelivery, at: datetime, *, times: int) -> datetime:
    """Let the next attempts fail, each when it is due; the time of the one after."""
    for _ in range(times):
        await record(session, delivery.id, delivery.attempts, BROKE, at)
        assert delivery.next_attempt_at is not None
        assert delivery.next_attempt_at - at == WAITS[delivery.attempts - 1]
        at = delivery.next_attempt_at
    return at

"""The worker hands webhooks over, tries again when nobody takes them, and holds no transaction meanwhile."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select, text

from anshou.people.notices import list_notices
from anshou.people.person import Person
from anshou.people.roles import Role
from anshou.tickets.ending import Withdrawal
from anshou.tickets.kinds import Kind
from anshou.tickets.moving import make_move
from anshou.tickets.opening import open_ticket
from anshou.tickets.timeline import post_message
from anshou.webhooks.deliveries import DeliveryState, WebhookDelivery, fan_out
from anshou.webhooks.endpoints import EndpointWishes, Stopped, list_endpoints, register_endpoint
from anshou.webhooks.events import Event, EventType
from anshou.webhooks.signing import signed_headers
from anshou.worker.webhooks import deliver, tell_systems
from confidentiality.local_key import LocalKey
from tenants.base import new_id
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import NOW, settle
from tests.database import Database
from tests.tickets.samples import report
from tests.webhooks.receiver import Receiver, listening
from tests.worker.workshop import Ledger, outside, plan, until, working

pytestmark = pytest.mark.usefixtures("wiped")

ADMIN = Person(id=UUID(int=0xA0), name="何静", roles=frozenset({Role.AGENCY_ADMIN}))
NO = b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n"
GONE = b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n"
YES = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"


async def _told(tenants: Tenants, tenant: Tenant, database: Database, url: str) -> str:
    """Register the receiver and leave one event for it; the secret."""
    at = datetime.now(UTC)
    async with tenants.session(tenant, AGENCY) as session:
        await session.execute(
            text(
                "INSERT INTO account (id, side, name, title, locale, created_at)"
                " VALUES (:id, 'staff', :name, '', 'zh-CN', :at)"
            ),
            {"id": ADMIN.id, "name": ADMIN.name, "at": at},
        )
        _, secret = await register_endpoint(
            session,
            LocalKey(database.secret, tenant.id),
            EndpointWishes(url=url),
            allow_private=True,
            by=ADMIN,
            at=at,
        )
        await fan_out(session, Event(id=new_id(), type=EventType.TICKET_OPENED, at=at), at=at)
    return secret


async def _delivery(tenants: Tenants, tenant: Tenant) -> WebhookDelivery:
    async with tenants.session(tenant, AGENCY) as session:
        return (await session.scalars(select(WebhookDelivery))).one()


async def test_an_event_is_handed_over_signed(tenants: Tenants, tenant: Tenant, database: Database) -> None:
    beyond = replace(outside(), secret=database.secret, webhooks_to_private=True)
    async with listening(YES) as receiver:
        secret = await _told(tenants, tenant, database, receiver.url)
        async with working(plan(database, [deliver], outside=beyond)):
            await until(lambda: _is(tenants, tenant, DeliveryState.DELIVERED))
    [received] = receiver.received
    at = datetime.fromtimestamp(int(received.headers["webhook-timestamp"]), UTC)
    expected = signed_headers(received.headers["webhook-id"], at, received.body, [secret])
    assert received.headers["webhook-signature"] == expected["webhook-signature"]
    assert UUID(received.headers["webhook-id"]) == (await _delivery(tenants, tenant)).id


async def test_a_receiver_that_was_busy_gets_the_same_message_again(
    tenants: Tenants, tenant: Tenant, database: Database, ledger: Ledger
) -> None:
    beyond = replace(outside(), secret=database.secret, webhooks_to_private=True)
    async with listening(NO, YES) as receiver:
        await _told(tenants, tenant, database, receiver.url)
        async with working(plan(database, [deliver], outside=beyond)):
            await until(lambda: _attempted(tenants, tenant))
            await ledger.hasten()
            await until(lambda: _is(tenants, tenant, DeliveryState.DELIVERED))
    first, second = receiver.received
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert (await _delivery(tenants, tenant)).attempts == 2


async def test_administrators_are_told_when_an_endpoint_is_given_up(
    tenants: Tenants, tenant: Tenant, database: Database
) -> None:
    beyond = replace(outside(), secret=database.secret, webhooks_to_private=True)
    async with listening(GONE) as receiver:
        async with tenants.session(tenant, AGENCY) as session:
            cast = await settle(session)
        await _told(tenants, tenant, database, receiver.url)
        async with working(plan(database, [deliver], outside=beyond)):
            await until(lambda: _is(tenants, tenant, DeliveryState.FAILED))
    async with tenants.session(tenant, cast.admin.context()) as session:
        [notice] = await list_notices(session, cast.admin)
        [endpoint] = await list_endpoints(session, cast.admin)
    assert (notice.event, notice.subject_id, notice.number) == ("webhook_stopped", endpoint.id, "127.0.0.1")
    assert endpoint.stopped is Stopped.GONE


async def test_nothing_leaves_for_our_own_network_unless_the_operator_allows_it(
    tenants: Tenants, tenant: Tenant, database: Database
) -> None:
    beyond = replace(outside(), secret=database.secret)
    async with listening(YES) as receiver:
        await _told(tenants, tenant, database, receiver.url)
        async with working(plan(database, [deliver], outside=beyond)):
            await until(lambda: _attempted(tenants, tenant))
    assert receiver.received == []
    assert (await _delivery(tenants, tenant)).last_failure == "destination refused"


async def test_what_happens_to_a_ticket_is_told_to_the_agencys_systems_by_ids(
    tenants: Tenants, tenant: Tenant, database: Database
) -> None:
    beyond = replace(outside(), secret=database.secret, webhooks_to_private=True)
    async with listening(YES) as receiver:
        async with tenants.session(tenant, AGENCY) as session:
            cast = await settle(session)
            await register_endpoint(
                session,
                LocalKey(database.secret, tenant.id),
                EndpointWishes(url=receiver.url, events=[EventType.TICKET_OPENED, EventType.TICKET_MESSAGE]),
                allow_private=True,
                by=cast.admin,
                at=NOW,
            )
        async with tenants.session(tenant, cast.owner.context()) as session:
            ticket = await open_ticket(session, report(Kind.SERVICE_QUALITY), by=cast.owner, at=NOW)
            await post_message(session, ticket, "请尽快处理", by=cast.owner, at=NOW)
            await make_move(session, ticket, "withdraw", Withdrawal(reason="已解决"), by=cast.owner, at=NOW, seen=1)
        async with working(plan(database, [tell_systems, deliver], outside=beyond)):
            await until(lambda: _arrived(receiver, 2))
    told = [json.loads(one.body) for one in receiver.received]
    assert {one["type"] for one in told} == {"ticket.opened", "ticket.message"}
    for one in told:
        assert one["data"] == {
            "id": str(ticket.id),
            "number": ticket.number,
            "kind": "service_quality",
            "merchant_id": str(cast.yunshan.id),
        }
        assert set(one) == {"type", "timestamp", "data"}


async def _arrived(receiver: Receiver, count: int) -> bool:
    return len(receiver.received) >= count


async def _is(tenants: Tenants, tenant: Tenant, state: DeliveryState) -> bool:
    return (await _delivery(tenants, tenant)).state is state


async def _attempted(tenants: Tenants, tenant: Tenant) -> bool:
    return (await _delivery(tenants, tenant)).attempts == 1

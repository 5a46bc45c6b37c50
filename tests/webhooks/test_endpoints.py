"""An agency registers where it wants to be told, and its secrets change over without a gap."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.errors import PermissionMissing
from anshou.people.person import Person
from anshou.people.roles import AGENCY_ROLES, MERCHANT_ROLES, Role
from anshou.webhooks.endpoints import (
    MOST_ENDPOINTS,
    OVERLAP,
    EndpointWishes,
    Stopped,
    WebhookEndpoint,
    change_endpoint,
    list_endpoints,
    register_endpoint,
    remove_endpoint,
    rotate_secret,
    signing_secrets,
    visible_endpoint,
)
from anshou.webhooks.errors import DestinationRefused, EndpointNotFound, SecretRotating, TooManyEndpoints
from anshou.webhooks.events import EventType
from confidentiality.local_key import LocalKey
from tenants.base import new_id
from tests.webhooks.conftest import AT

WISHES = EndpointWishes(url="https://127.0.0.1/hook", events=[EventType.TICKET_MOVED], description="ERP")


async def _registered(session: AsyncSession, sealing: LocalKey, admin: Person) -> tuple[WebhookEndpoint, str]:
    return await register_endpoint(session, sealing, WISHES, allow_private=True, by=admin, at=AT)


async def test_an_endpoint_is_registered_with_a_secret_that_is_kept_sealed(
    session: AsyncSession, sealing: LocalKey, admin: Person
) -> None:
    endpoint, secret = await _registered(session, sealing, admin)
    assert list(await list_endpoints(session, admin)) == [endpoint]
    assert (endpoint.url, endpoint.events, endpoint.stopped) == (WISHES.url, ["ticket.moved"], None)
    assert secret.encode() not in endpoint.sealed_secret
    assert signing_secrets(endpoint, sealing, AT) == [secret]


async def test_it_wants_the_events_it_named_or_all_if_it_named_none(
    session: AsyncSession, sealing: LocalKey, admin: Person
) -> None:
    endpoint, _ = await _registered(session, sealing, admin)
    assert endpoint.wants(EventType.TICKET_MOVED)
    assert not endpoint.wants(EventType.CLOCK_BREACHED)
    await change_endpoint(endpoint, EndpointWishes(url=WISHES.url), allow_private=True, by=admin, at=AT)
    assert all(endpoint.wants(event) for event in EventType if event is not EventType.TEST)


async def test_an_address_inside_our_network_is_refused_at_once(
    session: AsyncSession, sealing: LocalKey, admin: Person
) -> None:
    with pytest.raises(DestinationRefused):
        await register_endpoint(session, sealing, WISHES, allow_private=False, by=admin, at=AT)
    endpoint, _ = await _registered(session, sealing, admin)
    with pytest.raises(DestinationRefused):
        await change_endpoint(endpoint, WISHES, allow_private=False, by=admin, at=AT)


async def test_there_is_a_most_of_endpoints(session: AsyncSession, sealing: LocalKey, admin: Person) -> None:
    for _ in range(MOST_ENDPOINTS):
        await _registered(session, sealing, admin)
    with pytest.raises(TooManyEndpoints):
        await _registered(session, sealing, admin)


async def test_the_old_secret_signs_beside_the_new_one_for_a_day(
    session: AsyncSession, sealing: LocalKey, admin: Person
) -> None:
    endpoint, old = await _registered(session, sealing, admin)
    new = rotate_secret(endpoint, sealing, by=admin, at=AT)
    assert signing_secrets(endpoint, sealing, AT + OVERLAP - timedelta(seconds=1)) == [new, old]
    assert signing_secrets(endpoint, sealing, AT + OVERLAP) == [new]


async def test_a_second_rotation_waits_until_the_first_is_over(
    session: AsyncSession, sealing: LocalKey, admin: Person
) -> None:
    endpoint, _ = await _registered(session, sealing, admin)
    second = rotate_secret(endpoint, sealing, by=admin, at=AT)
    with pytest.raises(SecretRotating):
        rotate_secret(endpoint, sealing, by=admin, at=AT + OVERLAP - timedelta(seconds=1))
    third = rotate_secret(endpoint, sealing, by=admin, at=AT + OVERLAP)
    assert signing_secrets(endpoint, sealing, AT + OVERLAP) == [third, second]


async def test_a_stopped_endpoint_starts_again_with_its_failures_forgotten(
    session: AsyncSession, sealing: LocalKey, admin: Person
) -> None:
    endpoint, _ = await _registered(session, sealing, admin)
    off = EndpointWishes(url=WISHES.url, active=False)
    await change_endpoint(endpoint, off, allow_private=True, by=admin, at=AT)
    assert (endpoint.stopped, endpoint.stopped_at) == (Stopped.BY_PERSON, AT)
    assert not endpoint.wants(EventType.TICKET_MOVED)
    endpoint.failing_since = AT
    await change_endpoint(endpoint, WISHES, allow_private=True, by=admin, at=AT)
    assert (endpoint.stopped, endpoint.stopped_at, endpoint.failing_since) == (None, None, None)


async def test_a_removed_endpoint_is_not_found(session: AsyncSession, sealing: LocalKey, admin: Person) -> None:
    endpoint, _ = await _registered(session, sealing, admin)
    await remove_endpoint(session, endpoint, by=admin, at=AT)
    await session.flush()
    with pytest.raises(EndpointNotFound):
        await visible_endpoint(session, admin, endpoint.id)
    with pytest.raises(EndpointNotFound):
        await visible_endpoint(session, admin, new_id())


@pytest.mark.parametrize("role", sorted((AGENCY_ROLES | MERCHANT_ROLES) - {Role.AGENCY_ADMIN}))
async def test_nobody_but_the_administrator_manages_webhooks(
    role: Role, session: AsyncSession, sealing: LocalKey, admin: Person
) -> None:
    endpoint, _ = await _registered(session, sealing, admin)
    other = Person(id=new_id(), name="某人", roles=frozenset({role}))
    with pytest.raises(PermissionMissing):
        await list_endpoints(session, other)
    with pytest.raises(PermissionMissing):
        await visible_endpoint(session, other, endpoint.id)
    with pytest.raises(PermissionMissing):
        await register_endpoint(session, sealing, WISHES, allow_private=True, by=other, at=AT)
    with pytest.raises(PermissionMissing):
        rotate_secret(endpoint, sealing, by=other, at=AT)

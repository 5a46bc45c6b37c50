"""The endpoints an agency registered: their address, the events they want, and the secrets that sign for them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy import LargeBinary, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.webhooks.deeds import ENDPOINT_REGISTERED, ENDPOINT_REMOVED
from anshou.webhooks.destinations import check_url, resolve_url
from anshou.webhooks.errors import EndpointNotFound, SecretRotating, TooManyEndpoints
from anshou.webhooks.events import EventType
from anshou.webhooks.signing import new_secret
from confidentiality.audit.leaves import record
from confidentiality.local_key import LocalKey
from tenants.base import Base, Row
from tenants.labels import Labelled
from tenants.refusals import N_

MOST_ENDPOINTS = 20

# How long the secret before the present one signs too, so that a receiver can change over without losing a message.
OVERLAP = timedelta(hours=24)

_PURPOSE = "webhook secret"


class Stopped(Labelled):
    """Why nothing is sent to an endpoint."""

    BY_PERSON = "by_person", N_("已停用")
    GONE = "gone", N_("对方答复不再接收（410）")
    FAILING = "failing", N_("连续多日推送失败，已自动停用")


class EndpointWishes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person says about an endpoint."""

    url: Annotated[str, Meta(title="推送地址", min_length=8, max_length=2048)]
    events: Annotated[list[EventType], Meta(title="要推送的事件（不填为全部）", max_length=20)] = []
    description: Annotated[str, Meta(title="用途说明", max_length=200)] = ""
    active: Annotated[bool, Meta(title="启用")] = True


class WebhookEndpoint(Row, Base):
    """An address of the agency's own systems. Secrets are sealed; nobody reads one again after it was shown once."""

    __tablename__ = "webhook_endpoint"

    url: Mapped[str]
    events: Mapped[list[str]]
    description: Mapped[str]
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_previous: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
    stopped: Mapped[Stopped | None]
    stopped_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]

    def wants(self, event: EventType) -> bool:
        """Whether messages of this kind go to it now."""
        return self.stopped is None and (not self.events or event in self.events)


async def visible_endpoint(session: AsyncSession, person: Person, endpoint_id: UUID) -> WebhookEndpoint:
    """The endpoint. Raises EndpointNotFound, or PermissionMissing for whoever does not manage them."""
    authorize(person, Permission.MANAGE_WEBHOOKS)
    endpoint = await session.get(WebhookEndpoint, endpoint_id)
    if endpoint is None:
        raise EndpointNotFound
    return endpoint


async def list_endpoints(session: AsyncSession, person: Person) -> Sequence[WebhookEndpoint]:
    """All of the agency's endpoints, oldest first; at most `MOST_ENDPOINTS`."""
    authorize(person, Permission.MANAGE_WEBHOOKS)
    return (await session.scalars(select(WebhookEndpoint).order_by(WebhookEndpoint.id))).all()


async def register_endpoint(
    session: AsyncSession, key: LocalKey, wishes: EndpointWishes, *, allow_private: bool, by: Person, at: datetime
) -> tuple[WebhookEndpoint, str]:
    """Register an endpoint; returns it and its signing secret, which is never shown again.

    Raises DestinationRefused or TooManyEndpoints.
    """
    authorize(by, Permission.MANAGE_WEBHOOKS)
    await resolve_url(check_url(wishes.url), allow_private=allow_private)
    if (await session.scalar(select(func.count()).select_from(WebhookEndpoint)) or 0) >= MOST_ENDPOINTS:
        raise TooManyEndpoints(MOST_ENDPOINTS)
    secret = new_secret()
    endpoint = WebhookEndpoint(url=wishes.url, created_at=at, created_by=by.id)
    endpoint.sealed_secret = key.seal(secret.encode(), owner=endpoint.id, purpose=_PURPOSE)
    _apply(endpoint, wishes, at)
    session.add(endpoint)
    await session.flush()
    said = {"host": urlsplit(endpoint.url).hostname, "events": list(endpoint.events)}
    await record(session, ENDPOINT_REGISTERED, actor=by.actor(), at=at, subject=endpoint.id, body=said)
    return endpoint, secret


async def change_endpoint(
    endpoint: WebhookEndpoint, wishes: EndpointWishes, *, allow_private: bool, by: Person, at: datetime
) -> None:
    """Change address, events or state; starting it again forgets its failures. Raises DestinationRefused."""
    authorize(by, Permission.MANAGE_WEBHOOKS)
    await resolve_url(check_url(wishes.url), allow_private=allow_private)
    _apply(endpoint, wishes, at)


async def remove_endpoint(session: AsyncSession, endpoint: WebhookEndpoint, *, by: Person, at: datetime) -> None:
    """Remove the endpoint and the record of its deliveries."""
    authorize(by, Permission.MANAGE_WEBHOOKS)
    await session.delete(endpoint)
    await record(session, ENDPOINT_REMOVED, actor=by.actor(), at=at, subject=endpoint.id)


def rotate_secret(endpoint: WebhookEndpoint, key: LocalKey, *, by: Person, at: datetime) -> str:
    """A new signing secret, shown this once; the old one goes on signing beside it for `OVERLAP`.

    Raises SecretRotating while an earlier rotation still overlaps: a third secret would cut the first one off.
    """
    authorize(by, Permission.MANAGE_WEBHOOKS)
    if endpoint.previous_until is not None and endpoint.previous_until > at:
        raise SecretRotating
    secret = new_secret()
    endpoint.sealed_previous, endpoint.previous_until = endpoint.sealed_secret, at + OVERLAP
    endpoint.sealed_secret = key.seal(secret.encode(), owner=endpoint.id, purpose=_PURPOSE)
    return secret


def signing_secrets(endpoint: WebhookEndpoint, key: LocalKey, at: datetime) -> list[str]:
    """The secrets that sign a message at this instant, the present one first."""
    sealed = [endpoint.sealed_secret]
    if endpoint.sealed_previous is not None and endpoint.previous_until is not None and endpoint.previous_until > at:
        sealed.append(endpoint.sealed_previous)
    return [key.open(one, owner=endpoint.id, purpose=_PURPOSE).decode() for one in sealed]


def _apply(endpoint: WebhookEndpoint, wishes: EndpointWishes, at: datetime) -> None:
    endpoint.url = wishes.url
    endpoint.events = [event.value for event in dict.fromkeys(wishes.events)]
    endpoint.description = wishes.description
    if wishes.active:
        endpoint.stopped = endpoint.stopped_at = endpoint.failing_since = None
    elif endpoint.stopped is None:
        endpoint.stopped, endpoint.stopped_at = Stopped.BY_PERSON, at

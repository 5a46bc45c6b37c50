"""What happened, as a webhook tells it: which kinds of event there are, and one event's few facts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from tenants.labels import Labelled
from tenants.refusals import N_


class EventType(Labelled):
    """Something an endpoint can ask to be told of."""

    TICKET_OPENED = "ticket.opened", N_("提交了工单")
    TICKET_MOVED = "ticket.moved", N_("工单有进展")
    TICKET_CLOSED = "ticket.closed", N_("工单结案")
    TICKET_MESSAGE = "ticket.message", N_("工单有新消息")
    TICKET_CONTACT = "ticket.contact", N_("登记了沟通记录")
    TICKET_CONSUMER = "ticket.consumer", N_("消费者记录有变化")
    CLOCK_WARNED = "clock.warned", N_("时限即将到期")
    CLOCK_BREACHED = "clock.breached", N_("时限已超")
    TEST = "webhook.test", N_("测试推送")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to one ticket. `id` is the same however often the event is told."""

    id: UUID
    type: EventType
    at: datetime
    ticket_id: UUID | None = None
    number: str | None = None
    kind: str | None = None
    merchant_id: UUID | None = None


class TicketRef(msgspec.Struct, frozen=True, kw_only=True):
    """Which ticket it was: enough to ask the API for it."""

    id: UUID
    number: str
    kind: str
    merchant_id: UUID


class Payload(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The body of a webhook (Standard Webhooks: `type`, `timestamp`, `data`): ids and times, never content."""

    type: EventType
    timestamp: datetime
    data: TicketRef | None = None


def encode(event: Event) -> bytes:
    """The body of the event's message; the same bytes at every attempt, as the signature demands."""
    ticket = None
    if event.ticket_id is not None and event.merchant_id is not None:
        ticket = TicketRef(
            id=event.ticket_id, number=event.number or "", kind=event.kind or "", merchant_id=event.merchant_id
        )
    return msgspec.json.encode(Payload(type=event.type, timestamp=event.at, data=ticket))

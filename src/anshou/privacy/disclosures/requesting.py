"""Asking a merchant to agree that something is handed to somebody outside."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.merchants import Merchant, visible_merchant
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.privacy.disclosures import actions, telling
from anshou.privacy.disclosures.catalogue import SOURCES
from anshou.privacy.disclosures.documents import (
    SENSITIVE_STATEMENTS,
    STATEMENTS,
    CoveredField,
    CoveredFile,
    CoveredRow,
    CoveredTable,
    Document,
    Recipient,
    canonical,
)
from anshou.privacy.disclosures.errors import RequestInvalid
from anshou.privacy.disclosures.kinds import RecipientKind
from anshou.privacy.disclosures.rows import Disclosure
from anshou.privacy.disclosures.sources import Source, rows_on_tickets
from anshou.tickets.attachments import attachments_of
from anshou.tickets.kinds import Side
from anshou.tickets.numbering import next_number
from anshou.tickets.reach import visible_ticket
from anshou.tickets.tickets import Ticket
from confidentiality.audit.leaves import record
from tenants.base import new_id
from tenants.refusals import N_, Message
from tenants.timers import set_timer

PREFIX = "DW"
TIMER = "disclosure.expiry"
LONGEST = timedelta(days=366)
MOST_TICKETS = 200

TicketNumber = Annotated[str, Meta(min_length=1, max_length=20)]
FieldName = Annotated[str, Meta(max_length=120)]


class DisclosureRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked of a merchant. `fields` are `table.column`; both days are included, in the agency's time zone."""

    merchant: Annotated[UUID, Meta(title=N_("商家"))]
    recipient_name: Annotated[str, Meta(title=N_("接收方名称"), min_length=1, max_length=120, pattern=r"\S")]
    recipient_kind: Annotated[RecipientKind, Meta(title=N_("接收方类型"))]
    recipient_contact: Annotated[str, Meta(title=N_("接收方联系方式"), min_length=1, max_length=200, pattern=r"\S")]
    purpose: Annotated[
        str, Meta(title=N_("提供目的"), min_length=1, max_length=500, pattern=r"\S", extra={"widget": "text"})
    ]
    tickets: Annotated[
        tuple[TicketNumber, ...],
        Meta(title=N_("涉及的工单"), min_length=1, max_length=MOST_TICKETS, extra={"widget": "lines"}),
    ]
    fields: Annotated[
        tuple[FieldName, ...], Meta(title=N_("提供的字段"), max_length=200, extra={"widget": "several"})
    ] = ()
    attachments: Annotated[bool, Meta(title=N_("一并提供工单附件"))] = False
    sensitive: Annotated[bool, Meta(title=N_("申请敏感个人信息的单独同意"))] = False
    necessity: Annotated[
        str, Meta(title=N_("提供敏感个人信息的必要性说明"), max_length=1000, extra={"widget": "text"})
    ] = ""
    valid_from: Annotated[date, Meta(title=N_("有效期自"))]
    valid_until: Annotated[date, Meta(title=N_("有效期至"))]


async def request_disclosure(
    session: AsyncSession, asked: DisclosureRequest, *, by: Person, at: datetime
) -> Disclosure:
    """Freeze what is asked and lay it before the merchant. Raises RequestInvalid, MerchantNotFound, TicketNotFound.

    The records are named one by one as they are now: what is added to a ticket later was never agreed to.
    """
    authorize(by, Permission.REQUEST_DISCLOSURE)
    merchant = await visible_merchant(session, asked.merchant)
    settings = await read_settings(session)
    today = at.astimezone(settings.zone).date()
    _check_days(asked, today)
    tickets = [await _ticket(session, merchant, number, by=by) for number in dict.fromkeys(asked.tickets)]
    tables = await _tables(session, merchant, tickets, _chosen(asked.fields))
    files = await _files(session, tickets) if asked.attachments else ()
    if not files and not any(table.rows for table in tables):
        raise RequestInvalid("fields", Message(N_("这些工单里没有可以提供的记录，请检查工单和字段")))
    number = await next_number(session, PREFIX, today)
    document = Document(
        number=number,
        agency=settings.name or session.info["tenant"].name,
        merchant=merchant.name,
        company=merchant.company,
        recipient=Recipient(
            name=asked.recipient_name.strip(), kind=asked.recipient_kind, contact=asked.recipient_contact.strip()
        ),
        purpose=asked.purpose.strip(),
        tickets=tuple(ticket.number for ticket in tickets),
        tables=tables,
        files=files,
        necessity=asked.necessity.strip() if asked.sensitive else "",
        valid_from=asked.valid_from,
        valid_until=asked.valid_until,
        statements=STATEMENTS,
        sensitive_statements=SENSITIVE_STATEMENTS if asked.sensitive else (),
    )
    _check_sensitive(asked, document)
    frozen = canonical(document)
    disclosure = Disclosure(
        id=new_id(),
        merchant_id=merchant.id,
        number=number,
        recipient_name=document.recipient.name,
        recipient_kind=document.recipient.kind,
        purpose=document.purpose,
        asks_sensitive=asked.sensitive,
        valid_from=_begin(asked.valid_from, settings.zone),
        valid_until=_begin(asked.valid_until + timedelta(days=1), settings.zone),
        document=frozen,
        sha256=sha256(frozen).hexdigest(),
        requested_by=by.id,
        requested_at=at,
    )
    session.add(disclosure)
    await session.flush()
    await set_timer(session, TIMER, disclosure.id, disclosure.valid_until)
    await record(
        session,
        actions.REQUESTED,
        actor=by.actor(),
        at=at,
        owner=merchant.id,
        subject=disclosure.id,
        body={"number": number, "sha256": disclosure.sha256, "recipient": disclosure.recipient_name},
    )
    await telling.tell_merchant(session, disclosure, telling.REQUESTED)
    return disclosure


async def _ticket(session: AsyncSession, merchant: Merchant, number: str, *, by: Person) -> Ticket:
    ticket = await visible_ticket(session, by, number.strip())
    if ticket.merchant_id != merchant.id:
        raise RequestInvalid("tickets", Message(N_("工单 %(number)s 不属于所选商家"), number=ticket.number))
    return ticket


def _chosen(names: Sequence[str]) -> Mapping[Source, list[str]]:
    """The columns asked for, by source and in the source's order."""
    chosen = {source: [column for column in source.fields if f"{source.table}.{column}" in names] for source in SOURCES}
    known = {f"{source.table}.{column}" for source, columns in chosen.items() for column in columns}
    if set(names) - known:
        raise RequestInvalid("fields", Message(N_("请从给出的选项里选择“%(label)s”"), label=Message(N_("提供的字段"))))
    return {source: columns for source, columns in chosen.items() if columns}


async def _tables(
    session: AsyncSession, merchant: Merchant, tickets: Sequence[Ticket], chosen: Mapping[Source, list[str]]
) -> tuple[CoveredTable, ...]:
    numbers = {ticket.id: ticket.number for ticket in tickets}
    return tuple(
        [
            CoveredTable(
                table=source.table,
                label=source.label,
                fields=tuple(
                    CoveredField(column=column, label=source.fields[column], sensitive=column in source.sensitive)
                    for column in columns
                ),
                rows=tuple(
                    CoveredRow(
                        id=source.record_of(row),
                        ticket=numbers[row.ticket_id] if source.hangs_on_tickets else "",
                        sensitive=source.is_sensitive(row),
                    )
                    for row in await rows_on_tickets(session, source, merchant.id, numbers)
                ),
            )
            for source, columns in chosen.items()
        ]
    )


async def _files(session: AsyncSession, tickets: Sequence[Ticket]) -> tuple[CoveredFile, ...]:
    """The attachments that the merchant can see as well: nobody agrees to hand out what they cannot look at."""
    private = {
        row.ticket_id
        for ticket in tickets
        for source in SOURCES
        if source.hangs_on_tickets
        for row in await rows_on_tickets(session, source, ticket.merchant_id, [ticket.id])
        if source.is_sensitive(row)
    }
    return tuple(
        [
            CoveredFile(
                id=one.id, ticket=ticket.number, sha256=one.sha256, size=one.size, sensitive=ticket.id in private
            )
            for ticket in tickets
            for one in await attachments_of(session, ticket)
            if one.audience is Side.MERCHANT
        ]
    )


def _check_days(asked: DisclosureRequest, today: date) -> None:
    if asked.valid_until < max(asked.valid_from, today):
        raise RequestInvalid("valid_until", Message(N_("有效期须在今天之后结束，且不早于开始日期")))
    if asked.valid_until - max(asked.valid_from, today) > LONGEST:
        raise RequestInvalid("valid_until", Message(N_("有效期最长一年，到期后可重新申请")))


def _check_sensitive(asked: DisclosureRequest, document: Document) -> None:
    # A consent that is asked for without saying why it is needed cannot be an informed one (PIPL arts. 29, 30).
    if asked.sensitive and not asked.necessity.strip():
        raise RequestInvalid("necessity", Message(N_("申请敏感个人信息的单独同意时，须说明必要性和对个人权益的影响")))
    if asked.sensitive and not document.has_sensitive():
        raise RequestInvalid("sensitive", Message(N_("所选范围不含敏感个人信息，无须申请单独同意")))


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)

"""Consumer records on pages: masked, recorded as shown, and each masked field with the way to reveal it."""

from collections.abc import Sequence

from anshou.consumers.reading import ShownRecord, show, show_records
from anshou.consumers.records import ConsumerRecord
from anshou.consumers.searching import Hit
from anshou.gate.visits import Visit
from anshou.portal.sealed_fields import SealedFieldView, sealed_field
from anshou.privacy.masked_lists import record_masked_list
from anshou.tickets.tickets import Ticket
from tenants.registry import TenantState

TABLE = ConsumerRecord.__tablename__


async def masked_records(visit: Visit, ticket: Ticket, records: Sequence[ConsumerRecord]) -> list[ShownRecord]:
    """The ticket's records masked, with the leaf that they were shown.

    A suspended agency writes nothing, so its people are shown nothing of them: what cannot be recorded stays closed.
    """
    if visit.tenant.state is TenantState.SUSPENDED:
        return [show(None, record, opens=False) for record in records]
    shown = await show_records(visit.session, records, merchant_id=ticket.merchant_id, to=visit.person)
    await record_masked_list(
        visit.session,
        TABLE,
        [one.id for one in shown if one.is_readable],
        merchant_id=ticket.merchant_id,
        ticket_id=ticket.id,
        by=visit.person,
        at=visit.at,
    )
    return shown


async def record_hits(visit: Visit, hits: Sequence[Hit]) -> None:
    """One leaf for each merchant whose records a search brought up."""
    for merchant_id in sorted({hit.record.merchant_id for hit in hits}):
        found = [hit.record.id for hit in hits if hit.record.merchant_id == merchant_id]
        await record_masked_list(
            visit.session, TABLE, found, merchant_id=merchant_id, found=True, by=visit.person, at=visit.at
        )


def ways_to_reveal(visit: Visit, ticket: Ticket, record: ShownRecord, *, back: str) -> dict[str, SealedFieldView]:
    """The masked fields of one record by column; what is shown open needs no revealing."""
    return {
        column: sealed_field(
            visit.person,
            TABLE,
            column,
            record.id,
            label=field.label,
            masked=field.text,
            ticket=ticket.number,
            back=back,
        )
        for column, field in record.fields.items()
        if field.is_masked
    }

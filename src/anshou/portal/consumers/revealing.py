"""The way to reveal each masked field of a consumer record."""

from anshou.consumers.reading import ShownRecord
from anshou.consumers.records import ConsumerRecord
from anshou.gate.visits import Visit
from anshou.portal.sealed_fields import SealedFieldView, sealed_field
from anshou.tickets.tickets import Ticket


def ways_to_reveal(visit: Visit, ticket: Ticket, record: ShownRecord, *, back: str) -> dict[str, SealedFieldView]:
    """The masked fields of one record by column; what is shown open needs no revealing."""
    return {
        column: sealed_field(
            visit.person,
            ConsumerRecord.__tablename__,
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

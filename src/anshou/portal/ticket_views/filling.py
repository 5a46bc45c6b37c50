"""What placeholders stand for on a ticket, for whoever reads what is written: a merchant, or the agency alone."""

from zoneinfo import ZoneInfo

from anshou.gate.visits import Visit
from anshou.merchants.merchants import visible_merchant
from anshou.merchants.shops import shops_of
from anshou.people.cards import names_of
from anshou.portal.formats import minute
from anshou.tickets.placeholders import Placeholder, Values
from anshou.tickets.sealed_contents import PLACEHOLDER
from anshou.tickets.tickets import Ticket

NOTE = "note"


async def values_of(visit: Visit, ticket: Ticket, *, audience: str, zone: ZoneInfo) -> Values:
    """By placeholder, empty where there is nothing. Whatever is not a note is read by the merchant.

    The words are Chinese, as what merchants are written is, in whatever language the writer has the pages.
    """
    merchant = await visible_merchant(visit.session, ticket.merchant_id)
    shops = await shops_of(visit.session, ticket.merchant_id, closed=True)
    names = await names_of(visit.session, {ticket.owner_id} if ticket.owner_id else set())
    is_note = audience == NOTE
    deadline = ticket.next_due_at if is_note else ticket.promised_at
    return {
        Placeholder.MERCHANT: merchant.name,
        Placeholder.SHOP: next((shop.name for shop in shops if shop.id == ticket.shop_id), ""),
        Placeholder.NUMBER: ticket.number,
        Placeholder.TITLE: "" if ticket.title == PLACEHOLDER else ticket.title,
        Placeholder.KIND: ticket.kind.label,
        Placeholder.STEP: ticket.process.step(ticket.step).label,
        Placeholder.OWNER: names.get(ticket.owner_id, "") if ticket.owner_id else "",
        Placeholder.AUTHOR: visit.person.name,
        Placeholder.DEADLINE: minute(deadline, zone) if deadline else "",
        # Which department carries a matter is the agency's own business.
        Placeholder.DEPARTMENT: ticket.department.label if is_note and ticket.department else "",
        Placeholder.TODAY: visit.at.astimezone(zone).date().isoformat(),
    }

"""Every kind of kept things, in the order in which people read and erasure goes through them."""

from anshou.privacy.retention.errors import KindNotFound
from anshou.privacy.retention.kinds import Kind, Way
from anshou.privacy.retention.of_consumers import OF_CONSUMERS
from anshou.privacy.retention.of_duties import OF_DUTIES
from anshou.privacy.retention.of_invoices import OF_INVOICES
from anshou.privacy.retention.of_merchants import OF_MERCHANTS
from anshou.privacy.retention.of_requests import OF_REQUESTS
from anshou.privacy.retention.of_tickets import OF_TICKETS
from anshou.privacy.retention.of_upkeep import OF_UPKEEP

KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (*OF_CONSUMERS, *OF_TICKETS, *OF_MERCHANTS, *OF_REQUESTS, *OF_DUTIES, *OF_INVOICES, *OF_UPKEEP)
}

LISTED: tuple[Kind, ...] = tuple(kind for kind in KINDS.values() if kind.way is Way.LISTED)


def kind_of(code: str) -> Kind:
    """The kind with this code. Raises KindNotFound."""
    if code not in KINDS:
        raise KindNotFound
    return KINDS[code]

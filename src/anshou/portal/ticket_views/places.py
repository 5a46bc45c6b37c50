"""Where a desk shows tickets."""

from dataclasses import dataclass

from anshou.tickets.tickets import Ticket

# The version of the ticket that the person looked at when a form was made.
SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a desk shows tickets: its address of one ticket, and what the way back is called."""

    root: str
    queue_label: str

    def of(self, ticket: Ticket) -> str:
        """The address of a ticket's page."""
        return f"{self.root}/{ticket.number}"

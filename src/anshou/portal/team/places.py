"""Where the board is, and the way back from a move on it."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from anshou.tickets.tickets import Ticket

BOARD = "/board"


@dataclass(frozen=True, slots=True)
class Undo:
    """What gives a ticket back to whoever had it: the form's address and values. `owner` is empty for nobody."""

    action: str
    owner: str
    seen: int


def move_address(number: str) -> str:
    """Where a ticket is given to somebody else."""
    return f"{BOARD}/move/{number}"


def undo_of(ticket: Ticket, was: UUID | None) -> Undo:
    """What undoes that the ticket was moved away from `was`."""
    return Undo(move_address(ticket.number), str(was) if was else "", ticket.version)


def told_at(back: str, ticket: Ticket, was: UUID | None) -> str:
    """The board's address that tells of the move and offers to undo it."""
    said = {"moved": ticket.number, "was": str(was) if was else "", "seen": ticket.version}
    return f"{back}{'&' if '?' in back else '?'}{urlencode(said)}"

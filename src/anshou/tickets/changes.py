"""What a move changed of a ticket's standing: old and new value by field, apart for those who may read it."""

from dataclasses import dataclass
from typing import Any

import msgspec

from anshou.tickets.tickets import Ticket, TicketDesk

TOLD = (
    "step",
    "status",
    "round",
    "on_hold",
    "outcome",
    "owner_id",
    "department",
    "category",
    "urgency",
    "promised_at",
)
INNER = ("severity", "level")


@dataclass(frozen=True, slots=True)
class Standing:
    """The values at one moment, as plain JSON values."""

    told: dict[str, Any]
    inner: dict[str, Any]

    @classmethod
    def of(cls, ticket: Ticket, desk: TicketDesk | None) -> "Standing":
        """As they are now; a merchant's context has no desk and therefore no inner values."""
        return cls(
            told={name: msgspec.to_builtins(getattr(ticket, name)) for name in TOLD},
            inner={name: msgspec.to_builtins(getattr(desk, name)) for name in INNER} if desk else {},
        )


@dataclass(frozen=True, slots=True)
class Changes:
    """Field → [old, new]."""

    told: dict[str, Any]
    inner: dict[str, Any]


def changes_between(before: Standing, after: Standing) -> Changes:
    """What differs."""
    return Changes(told=_differing(before.told, after.told), inner=_differing(before.inner, after.inner))


def _differing(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}

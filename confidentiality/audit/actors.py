"""Who did it, as the record knows them."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Side = Literal["agency", "merchant", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts, by id and the name they had then. `merchant_id` is set for a merchant's people."""

    id: UUID
    name: str
    side: Side
    merchant_id: UUID | None = None


NOBODY = Actor(UUID(int=0), "", "system")
"""Somebody not known yet, as at a sign-in that failed."""

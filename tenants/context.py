"""For whom a transaction runs. The database checks it: see `docs/decisions/` and migrations/control."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Scope = Literal["door", "agency", "staff", "merchant"]


@dataclass(frozen=True, slots=True)
class Context:
    """The row-level-security context of one transaction.

    - `door`: sign-in, invitations and key look-up; reads accounts and sessions, no merchant's rows.
    - `agency`: the whole agency (administrators, supervisors, finance, the worker).
    - `staff`: the merchants assigned to `person`.
    - `merchant`: exactly `merchant`, acted for by `person`.
    """

    scope: Scope
    person: UUID | None = None
    merchant: UUID | None = None

    def __post_init__(self) -> None:
        if self.scope == "merchant" and self.merchant is None:
            raise ValueError("a merchant context names its merchant")
        if self.scope == "staff" and self.person is None:
            raise ValueError("a staff context names its person")


DOOR = Context("door")
AGENCY = Context("agency")

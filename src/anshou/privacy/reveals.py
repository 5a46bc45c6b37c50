"""That somebody saw a confidential field: who, which field of which row, for which ticket and purpose, and when.

The rows are made with their audit leaf in one transaction and never changed. They are what lists are made of; the leaf
is the proof.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from anshou.people.permissions import MATRIX, Permission
from anshou.people.person import Person
from anshou.people.roles import Role
from tenants.base import Base, MerchantRow, Row
from tenants.labels import Labelled
from tenants.refusals import N_


class ViewerSide(Labelled):
    """Whose person saw it."""

    AGENCY = "agency", N_("代运营方")
    MERCHANT = "merchant", N_("商家")


class Reveal(MerchantRow, Base):
    """One field shown to one person. `viewer_name` and `viewer_role` are as they were then. Instants are UTC."""

    __tablename__ = "reveal"

    ticket_id: Mapped[UUID]
    subject_table: Mapped[str]
    field: Mapped[str]
    row_id: Mapped[UUID]
    purpose: Mapped[str]
    viewer_id: Mapped[UUID]
    viewer_name: Mapped[str]
    viewer_role: Mapped[Role]
    side: Mapped[ViewerSide]
    shown_at: Mapped[datetime]
    leaf_id: Mapped[UUID]


class RevealCopy(MerchantRow, Base):
    """That what was shown was also copied."""

    __tablename__ = "reveal_copy"

    reveal_id: Mapped[UUID]
    copied_at: Mapped[datetime]
    leaf_id: Mapped[UUID]


class RevealAlarm(Row, Base):
    """That somebody came to the limit. `shown` is how many fields they had seen within the hour."""

    __tablename__ = "reveal_alarm"

    account_id: Mapped[UUID]
    shown: Mapped[int]
    raised_at: Mapped[datetime]


def role_that_reveals(person: Person) -> Role:
    """As what the person reveals: of roles that may, the one that stands first in the list of roles."""
    return next(role for role in Role if role in person.roles and Permission.REVEAL in MATRIX[role])

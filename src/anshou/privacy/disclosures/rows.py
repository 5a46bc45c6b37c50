"""The rows of disclosures. None of them is ever changed: what happens to a disclosure is another row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from anshou.privacy.disclosures.kinds import EndSort, Format, Part, RecipientKind, Standing
from tenants.base import Base, MerchantRow


class Disclosure(MerchantRow, Base):
    """What was asked of the merchant. `document` is its canonical JSON, `sha256` the hex digest of exactly those bytes.

    It may be used from `valid_from` until before `valid_until`.
    """

    __tablename__ = "disclosure"

    number: Mapped[str]
    recipient_name: Mapped[str]
    recipient_kind: Mapped[RecipientKind]
    purpose: Mapped[str]
    asks_sensitive: Mapped[bool]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]
    document: Mapped[bytes]
    sha256: Mapped[str]
    requested_by: Mapped[UUID]
    requested_at: Mapped[datetime]

    @property
    def last_minute(self) -> datetime:
        """The last minute in which it may be used, for people: midnight would name the day after."""
        return self.valid_until - timedelta(minutes=1)


class ConsentSignature(MerchantRow, Base):
    """The merchant's signature under one part: who, when, from which address and session, on which bytes."""

    __tablename__ = "consent_signature"

    disclosure_id: Mapped[UUID]
    part: Mapped[Part]
    name: Mapped[str]
    address: Mapped[str]
    session_id: Mapped[UUID]
    second_factor: Mapped[bool]
    sha256: Mapped[str]
    signed_by: Mapped[UUID]
    signed_at: Mapped[datetime]


class ConsentEnd(MerchantRow, Base):
    """That a part came to an end, how, by whom and why. The end of the general part ends the sensitive one too."""

    __tablename__ = "consent_end"

    disclosure_id: Mapped[UUID]
    part: Mapped[Part]
    sort: Mapped[EndSort]
    reason: Mapped[str]
    ended_by: Mapped[UUID]
    ended_at: Mapped[datetime]


class DisclosureExport(MerchantRow, Base):
    """That a file was handed out. The file itself is not kept: `sha256` and `size` (bytes) say which one it was.

    `fields` are `table.column`; `left_out` counts the cells left empty because they lack the separate consent;
    `leaf_hash` is the receipt of the audit trail.
    """

    __tablename__ = "disclosure_export"

    disclosure_id: Mapped[UUID]
    sequence: Mapped[int]
    format: Mapped[Format]
    fields: Mapped[list[str]]
    row_count: Mapped[int]
    left_out: Mapped[int]
    attachment_id: Mapped[UUID | None]
    file_name: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary)
    exported_by: Mapped[UUID]
    exported_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Consent:
    """A disclosure with everything that the merchant has said to it so far."""

    disclosure: Disclosure
    signatures: Sequence[ConsentSignature]
    ends: Sequence[ConsentEnd]

    def signature(self, part: Part) -> ConsentSignature | None:
        """The signature under a part, whether or not it still counts."""
        return next((one for one in self.signatures if one.part is part), None)

    def end(self, part: Part) -> ConsentEnd | None:
        """How a part ended, if it did."""
        return next((one for one in self.ends if one.part is part), None)

    def standing(self, at: datetime) -> Standing:
        """Where the general part stands at an instant (UTC). Past its date it counts no more, told or not."""
        end = self.end(Part.GENERAL)
        if end is not None:
            return Standing(end.sort.value)
        if at >= self.disclosure.valid_until:
            return Standing.EXPIRED
        if self.signature(Part.GENERAL) is None:
            return Standing.WAITING
        return Standing.IN_FORCE if at >= self.disclosure.valid_from else Standing.UPCOMING

    def covers_sensitive(self, at: datetime) -> bool:
        """Whether the separate consent to sensitive information is in force beside the general one."""
        return (
            self.standing(at) is Standing.IN_FORCE
            and self.signature(Part.SENSITIVE) is not None
            and self.end(Part.SENSITIVE) is None
        )

"""The rows of entrustments. None of them is ever changed: what happens is another row."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from tenants.base import Base, MerchantRow
from tenants.labels import Labelled
from tenants.refusals import N_


class Step(Labelled):
    """What happens in a return-or-delete procedure, in its order."""

    CHOSEN_RETURN = "chosen_return", N_("商家选择返还后删除")
    CHOSEN_DELETION = "chosen_deletion", N_("商家选择直接删除")
    HANDED_OVER = "handed_over", N_("数据已返还商家")
    ERASING = "erasing", N_("清除数据")
    DESTRUCTION_PROPOSED = "destruction_proposed", N_("提出销毁密钥")


class Entrustment(MerchantRow, Base):
    """One version of what was entrusted under a contract; the latest one holds."""

    __tablename__ = "entrustment"

    contract_id: Mapped[UUID]
    version: Mapped[int]
    purpose: Mapped[str]
    duration: Mapped[str]
    method: Mapped[str]
    data_kinds: Mapped[list[str]]
    measures: Mapped[str]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]


class Subprocessor(MerchantRow, Base):
    """Somebody to whom the agency would pass a part on. `place` is where they process."""

    __tablename__ = "subprocessor"

    contract_id: Mapped[UUID]
    name: Mapped[str]
    purpose: Mapped[str]
    data_kinds: Mapped[list[str]]
    place: Mapped[str]
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[datetime]


class SubprocessorDecision(MerchantRow, Base):
    """What the merchant said to a subprocessor; the latest decision holds."""

    __tablename__ = "subprocessor_decision"

    subprocessor_id: Mapped[UUID]
    agreed: Mapped[bool]
    reason: Mapped[str]
    decided_by: Mapped[UUID]
    decided_at: Mapped[datetime]


class DataReturn(MerchantRow, Base):
    """The return-or-delete procedure of an ended contract. To be finished by `due_at` (UTC)."""

    __tablename__ = "data_return"

    contract_id: Mapped[UUID]
    number: Mapped[str]
    due_at: Mapped[datetime]
    begun_by: Mapped[UUID]
    begun_at: Mapped[datetime]


class ReturnStep(MerchantRow, Base):
    """One step that was taken; only the return may be taken again. `details` are ids, digests and counts."""

    __tablename__ = "data_return_step"

    return_id: Mapped[UUID]
    step: Mapped[Step]
    details: Mapped[dict[str, Any]]
    done_by: Mapped[UUID]
    done_at: Mapped[datetime]


class Certificate(MerchantRow, Base):
    """What the agency confirms to the merchant, frozen and signed. `sha256` is of exactly the bytes of `document`."""

    __tablename__ = "erasure_certificate"

    return_id: Mapped[UUID]
    number: Mapped[str]
    document: Mapped[bytes]
    sha256: Mapped[str]
    name: Mapped[str]
    address: Mapped[str]
    session_id: Mapped[UUID]
    second_factor: Mapped[bool]
    signed_by: Mapped[UUID]
    signed_at: Mapped[datetime]

"""The rows of requests."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from anshou.privacy.requests.kinds import Decision, Ground, Proof, Right, State, Step, Through
from anshou.tickets.kinds import Channel
from confidentiality.sealing import masks
from confidentiality.sealing.fields import SealedRow, sealed
from confidentiality.sealing.handles import Sealed
from tenants.base import Base, MerchantRow
from tenants.refusals import N_


class SubjectRequest(MerchantRow, SealedRow, Base):
    """One request. `due_at` is when it must be answered, `warn_at` when four fifths of the time are over. UTC."""

    __tablename__ = "subject_request"

    number: Mapped[str]
    asks_for: Mapped[Right]
    channel: Mapped[Channel]
    through: Mapped[Through]
    state: Mapped[State]
    received_by: Mapped[UUID]
    received_at: Mapped[datetime]
    warn_at: Mapped[datetime]
    due_at: Mapped[datetime]
    warned_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    identified_through: Mapped[Proof | None]
    decision: Mapped[Decision | None]
    ground: Mapped[Ground | None]
    erasure_run: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]
    asker: Mapped[Sealed[str] | None] = sealed(mask=masks.name, pad=32, label=N_("请求人"))
    contact: Mapped[Sealed[str] | None] = sealed(mask=masks.text, pad=64, label=N_("联系方式"))
    wish: Mapped[Sealed[str] | None] = sealed(mask=masks.text, pad=128, label=N_("请求内容"))
    explanation: Mapped[Sealed[str] | None] = sealed(mask=masks.text, pad=128, label=N_("决定的说明"))
    answer: Mapped[Sealed[str] | None] = sealed(mask=masks.text, pad=128, label=N_("答复内容"))


class RequestStep(MerchantRow, Base):
    """That something happened to a request. `detail` is a code or number of ours, never what somebody wrote."""

    __tablename__ = "subject_request_step"

    request_id: Mapped[UUID]
    step: Mapped[Step]
    at: Mapped[datetime]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    detail: Mapped[str]


class RequestRecord(MerchantRow, Base):
    """That a consumer record is about whoever asks. `origin_id` is the record's own id."""

    __tablename__ = "subject_request_record"

    request_id: Mapped[UUID]
    origin_id: Mapped[UUID]
    ticket_id: Mapped[UUID]
    matched_at: Mapped[datetime]
    matched_by: Mapped[UUID]

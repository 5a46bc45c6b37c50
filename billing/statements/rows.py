"""The tables: preparations, which the agency alone sees, and what was issued and said of it, which both sides read."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from billing.parties import CostCategory
from tenants.base import Base, MerchantRow
from tenants.labels import Labelled
from tenants.refusals import N_


class LineSort(Labelled):
    """What a line is about."""

    COST = "cost", N_("费用")
    CREDIT = "credit", N_("冲减")
    PAYMENT = "payment", N_("付款")
    OTHER = "other", N_("其他")


class Word(Labelled):
    """What is said of a line, or of a whole statement where no line is named."""

    CONFIRMED = "confirmed", N_("已确认")
    # Nobody answered in time, and the contract takes silence for consent.
    DEEMED_CONFIRMED = "deemed_confirmed", N_("逾期视为确认")
    REMINDED = "reminded", N_("已催办")
    DISPUTED = "disputed", N_("有异议")
    ACCEPTED = "accepted", N_("异议成立")
    REJECTED = "rejected", N_("异议不成立")
    ESCALATED = "escalated", N_("已转为合同争议")


class StatementPreparation(MerchantRow, Base):
    """A statement as it would be issued: figures and the digest of its lines, reviewed by somebody else."""

    __tablename__ = "statement_preparation"

    month: Mapped[date]
    currency: Mapped[str]
    opening_fen: Mapped[int] = mapped_column(BigInteger)
    closing_fen: Mapped[int] = mapped_column(BigInteger)
    line_count: Mapped[int]
    content_hash: Mapped[bytes]
    prepared_by: Mapped[UUID]
    prepared_at: Mapped[datetime]
    reviewed_by: Mapped[UUID | None]
    reviewed_at: Mapped[datetime | None]


class Statement(MerchantRow, Base):
    """A statement as it was issued. Positive figures are owed by the merchant; `reply_by` is when silence counts."""

    __tablename__ = "statement"

    number: Mapped[str]
    month: Mapped[date]
    currency: Mapped[str]
    opening_fen: Mapped[int] = mapped_column(BigInteger)
    closing_fen: Mapped[int] = mapped_column(BigInteger)
    line_count: Mapped[int]
    content_hash: Mapped[bytes]
    reply_by: Mapped[datetime]
    silence_confirms: Mapped[bool]
    silence_clause: Mapped[str]
    prepared_by: Mapped[UUID]
    reviewed_by: Mapped[UUID]
    issued_by: Mapped[UUID]
    issued_at: Mapped[datetime]


class StatementLine(MerchantRow, Base):
    """One posting to the merchant's account: `fen` is what it adds to the debt, negative where it lessens it.

    `text` says why the merchant bears it; `category` and `incurred_on` are those of the cost that it is about, if any.
    """

    __tablename__ = "statement_line"

    statement_id: Mapped[UUID]
    place: Mapped[int]
    voucher_id: Mapped[UUID]
    entry_line: Mapped[int]
    booked_on: Mapped[date]
    sort: Mapped[LineSort]
    fen: Mapped[int] = mapped_column(BigInteger)
    text: Mapped[str]
    category: Mapped[CostCategory | None]
    incurred_on: Mapped[date | None]
    ticket_id: Mapped[UUID | None]
    cost_item_id: Mapped[UUID | None]
    version_id: Mapped[UUID | None]
    clause: Mapped[str | None]


class StatementWord(MerchantRow, Base):
    """What somebody said of a line (or of the whole), in order: `step` counts from 1 within its line.

    `fen` is what an accepted dispute takes off, `voucher_id` the posting that does it, `ticket_id` where an unresolved
    one goes on, `answer_by` when the agency owes its answer.
    """

    __tablename__ = "statement_word"

    statement_id: Mapped[UUID]
    line_id: Mapped[UUID | None]
    step: Mapped[int]
    word: Mapped[Word]
    reason: Mapped[str]
    fen: Mapped[int | None] = mapped_column(BigInteger)
    voucher_id: Mapped[UUID | None]
    ticket_id: Mapped[UUID | None]
    answer_by: Mapped[datetime | None]
    said_by: Mapped[UUID]
    said_at: Mapped[datetime]

"""The tables: to whom invoices are made out, requests, portions of statements, lines, files, and what was done."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from confidentiality.sealing import masks
from confidentiality.sealing.fields import SealedRow, sealed
from confidentiality.sealing.handles import Sealed
from tenants.base import Base, MerchantRow
from tenants.labels import Labelled
from tenants.refusals import N_


class InvoiceKind(Labelled):
    """The two kinds of digital invoices (数电票)."""

    SPECIAL = "special", N_("增值税专用发票")
    ORDINARY = "ordinary", N_("普通发票")


class Cause(Labelled):
    """Why an invoice is red-lettered, in the words of the tax bureau's form."""

    ERROR = "error", N_("开票有误")
    RETURNED = "returned", N_("销货退回")
    ENDED = "ended", N_("服务中止")
    ALLOWANCE = "allowance", N_("销售折让")


class InvoiceState(Labelled):
    """Where a request stands, which is also what was done to it last."""

    REQUESTED = "requested", N_("已申请")
    ACCEPTED = "accepted", N_("已受理")
    REFUSED = "refused", N_("已拒绝")
    CANCELLED = "cancelled", N_("已取消")
    ISSUED = "issued", N_("已开票")
    DELIVERED = "delivered", N_("已交付")
    RED_LETTERED = "red_lettered", N_("已红冲")


OPEN = (InvoiceState.REQUESTED, InvoiceState.ACCEPTED)
"""What finance still has to issue."""
WRITTEN = (InvoiceState.ISSUED, InvoiceState.DELIVERED)
"""What was issued and counts."""
RELEASED = (InvoiceState.REFUSED, InvoiceState.CANCELLED, InvoiceState.RED_LETTERED)
"""What bills nothing (any more)."""


class InvoiceBuyer(MerchantRow, SealedRow, Base):
    """To whom a merchant's invoices are made out. Another one retires it; invoices keep the one they were asked for.

    `tax_number` is a unified social credit code, None for a buyer without one.
    """

    __tablename__ = "invoice_buyer"

    name: Mapped[str]
    tax_number: Mapped[str | None]
    address: Mapped[str]
    phone: Mapped[str]
    bank: Mapped[str]
    account: Mapped[Sealed[str] | None] = sealed(mask=masks.bank_account, pad=32, label=N_("银行账号"))
    kept_by: Mapped[UUID]
    kept_at: Mapped[datetime]
    retired_by: Mapped[UUID | None]
    retired_at: Mapped[datetime | None]


class InvoiceRequest(MerchantRow, Base):
    """One invoice, asked for or issued. Amounts in fen; those of a red one, which `corrects_id` another, are negative.

    `net_fen` and `tax_fen` are known once its lines are; `confirmation` is the tax bureau's number of the
    red-letter notice (红字发票信息确认单). `issue_by` is when it is owed (UTC).
    """

    __tablename__ = "invoice_request"

    number: Mapped[str]
    buyer_id: Mapped[UUID]
    kind: Mapped[InvoiceKind]
    corrects_id: Mapped[UUID | None]
    cause: Mapped[Cause | None]
    gross_fen: Mapped[int] = mapped_column(BigInteger)
    net_fen: Mapped[int | None] = mapped_column(BigInteger)
    tax_fen: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[InvoiceState]
    state_since: Mapped[datetime]
    issue_by: Mapped[datetime]
    invoice_number: Mapped[str | None]
    issued_on: Mapped[date | None]
    confirmation: Mapped[str]
    requested_by: Mapped[UUID]
    requested_at: Mapped[datetime]

    @property
    def is_red(self) -> bool:
        """Whether it takes back another."""
        return self.corrects_id is not None


class InvoicePortion(MerchantRow, Base):
    """How much of a statement a request bills, tax included; negative where the statement as a whole credits."""

    __tablename__ = "invoice_portion"

    request_id: Mapped[UUID]
    statement_id: Mapped[UUID]
    fen: Mapped[int] = mapped_column(BigInteger)


class InvoiceLine(MerchantRow, Base):
    """A line of the invoice. `rate` in per cent, `tax_code` the 19 digits of the tax classification, or empty."""

    __tablename__ = "invoice_line"

    request_id: Mapped[UUID]
    place: Mapped[int]
    item: Mapped[str]
    tax_code: Mapped[str]
    rate: Mapped[int]
    net_fen: Mapped[int] = mapped_column(BigInteger)
    tax_fen: Mapped[int] = mapped_column(BigInteger)


class InvoiceDeed(MerchantRow, Base):
    """What was done to a request, by whom, and why."""

    __tablename__ = "invoice_deed"

    request_id: Mapped[UUID]
    deed: Mapped[InvoiceState]
    reason: Mapped[str]
    done_by: Mapped[UUID]
    done_at: Mapped[datetime]


class InvoiceFile(MerchantRow, Base):
    """The invoice itself, in the storage sealed for the merchant. `sha256` of its plain content, `size` in bytes."""

    __tablename__ = "invoice_file"

    request_id: Mapped[UUID]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    storage_key: Mapped[str]
    added_by: Mapped[UUID]
    added_at: Mapped[datetime]
    removed_by: Mapped[UUID | None]
    removed_at: Mapped[datetime | None]

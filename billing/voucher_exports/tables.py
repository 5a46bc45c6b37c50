"""The tables: settings in versions, exports, and the vouchers of each. All of them are only ever added to."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.orm import Mapped, mapped_column

from billing.voucher_files.shapes import Export, Target
from tenants.base import Base, Row


class ExportSetting(Row, Base):
    """How vouchers go out to a target, as somebody set it; the latest version counts, an export names its own."""

    __tablename__ = "voucher_export_setting"

    target: Mapped[Target]
    version: Mapped[int]
    content: Mapped[dict[str, Any]]
    set_by: Mapped[UUID]
    set_at: Mapped[datetime]

    @property
    def value(self) -> Export:
        """The setting as a value."""
        return msgspec.convert(self.content, Export)


class VoucherExport(Row, Base):
    """A file that went out: of one closed month, for one target. `sha256` is that of its content."""

    __tablename__ = "voucher_export"

    target: Mapped[Target]
    month: Mapped[date]
    setting_id: Mapped[UUID]
    vouchers: Mapped[int]
    sha256: Mapped[bytes]
    exported_by: Mapped[UUID]
    exported_at: Mapped[datetime]


class VoucherExportItem(Base):
    """A voucher within an export. The key says that it goes out to a target once.

    `attachments` is how many papers the file said that it has: what is removed later does not change the file.
    """

    __tablename__ = "voucher_export_item"

    target: Mapped[Target] = mapped_column(primary_key=True)
    voucher_id: Mapped[UUID] = mapped_column(primary_key=True)
    export_id: Mapped[UUID]
    attachments: Mapped[int]

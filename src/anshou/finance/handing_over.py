"""Vouchers handed over to the agency's accounting program: how, when, and the same file again."""

from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from billing.voucher_exports import exporting
from billing.voucher_exports.tables import ExportSetting, VoucherExport
from billing.voucher_files.shapes import Export, Target
from billing.voucher_files.writing import VoucherFile
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record
from tenants.refusals import N_

SETTING_SET = action("voucher_export.set", N_("设置凭证导出"), plain=True)
EXPORTED = action("voucher_export.made", N_("导出凭证"), plain=True)
FETCHED = action("voucher_export.fetched", N_("下载已导出的凭证"), plain=True)


async def set_export(session: AsyncSession, export: Export, *, by: Person, at: datetime) -> ExportSetting:
    """Hand vouchers over like this from now on. Raises PermissionMissing."""
    authorize(by, Permission.KEEP_BOOKS)
    row = await exporting.add_setting(session, export, by=by.id, at=at)
    body = {"target": export.target.value, "version": row.version}
    await record(session, SETTING_SET, actor=by.actor(), at=at, subject=row.id, body=body)
    return row


async def hand_over(session: AsyncSession, month: date, target: Target, *, by: Person, at: datetime) -> VoucherExport:
    """Export what has not gone out of a closed month.

    Raises PermissionMissing, PeriodNotFound, PeriodNotReady, SettingMissing, ExportRefused.
    """
    authorize(by, Permission.KEEP_BOOKS)
    row = await exporting.export_vouchers(session, month, target, by=by.id, at=at)
    body = {
        "target": target.value,
        "month": f"{row.month:%Y-%m}",
        "vouchers": row.vouchers,
        "sha256": row.sha256.hex(),
    }
    await record(session, EXPORTED, actor=by.actor(), at=at, subject=row.id, body=body)
    return row


async def fetch_file(session: AsyncSession, export: VoucherExport, *, by: Person, at: datetime) -> VoucherFile:
    """The file of an export, the same as when it was made. Raises PermissionMissing, FileChanged."""
    authorize(by, Permission.KEEP_BOOKS)
    file = await exporting.file_of(session, export)
    await record(session, FETCHED, actor=by.actor(), at=at, subject=export.id, body={"sha256": export.sha256.hex()})
    return file

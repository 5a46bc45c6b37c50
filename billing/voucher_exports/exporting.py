"""Vouchers go out: looked over, written, and kept as gone; the same file again is made from what was kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

import msgspec
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from billing.currencies import Currency
from billing.ledger.errors import PeriodNotFound, PeriodNotReady
from billing.ledger.periods import Period, PeriodState, get_period, month_of
from billing.voucher_exports.choosing import vouchers_of, waiting_vouchers
from billing.voucher_exports.errors import ExportNotFound, FileChanged, SettingMissing
from billing.voucher_exports.tables import ExportSetting, VoucherExport, VoucherExportItem
from billing.voucher_files.preflight import obstacles
from billing.voucher_files.shapes import Export, Obstacle, Posted, Target
from billing.voucher_files.writing import VoucherFile, write
from tenants.refusals import N_, Message


@dataclass(frozen=True, slots=True)
class Preflight:
    """How an export would go: how many vouchers wait, and everything that keeps them here.

    `foreign` of the month are in another currency than yuan and stay: no target's file has a rate to write.
    """

    waiting: int
    obstacles: tuple[Obstacle, ...]
    foreign: int = 0


async def find_setting(session: AsyncSession, target: Target) -> ExportSetting | None:
    """The version that counts, or None while nobody has set one."""
    asked = select(ExportSetting).where(ExportSetting.target == target).order_by(ExportSetting.version.desc())
    return (await session.scalars(asked.limit(1))).one_or_none()


async def add_setting(session: AsyncSession, export: Export, *, by: UUID, at: datetime) -> ExportSetting:
    """Let vouchers go out like this from now on; what went out keeps the version that it went out with."""
    latest = select(func.coalesce(func.max(ExportSetting.version), 0)).where(ExportSetting.target == export.target)
    version = (await session.scalar(latest) or 0) + 1
    content = msgspec.to_builtins(export)
    row = ExportSetting(target=export.target, version=version, content=content, set_by=by, set_at=at)
    session.add(row)
    await session.flush()
    return row


async def preflight(session: AsyncSession, month: date, target: Target) -> Preflight:
    """What an export of the month would come to. Raises PeriodNotFound."""
    period = await get_period(session, month)
    if period.state is not PeriodState.CLOSED:
        return Preflight(0, (Obstacle(0, "", Message(N_("这个期间尚未结账，凭证在结账后编号、导出"))),))
    setting = await find_setting(session, target)
    waiting = await waiting_vouchers(session, period.month, target, openings=setting is None or setting.value.openings)
    going = _in_yuan(waiting)
    foreign = len(waiting) - len(going)
    if not going:
        return Preflight(0, (), foreign)
    if setting is None:
        return Preflight(len(going), (Obstacle(0, "", Message(N_("还没有设置科目对应"))),), foreign)
    return Preflight(len(going), obstacles(tuple(going.values()), setting.value), foreign)


async def export_vouchers(
    session: AsyncSession, month: date, target: Target, *, by: UUID, at: datetime
) -> VoucherExport:
    """Send out what waits in yuan for the target of a closed month, all of it or nothing.

    Raises PeriodNotFound, PeriodNotReady, SettingMissing, and ExportRefused with every obstacle.
    """
    month = month_of(month)
    # Whoever exports or reopens the month meanwhile waits here: two never pick the same vouchers.
    held = select(Period).where(Period.month == month).with_for_update().execution_options(populate_existing=True)
    period = (await session.scalars(held)).one_or_none()
    if period is None:
        raise PeriodNotFound(month)
    if period.state is not PeriodState.CLOSED:
        raise PeriodNotReady(month, Message(N_("尚未结账，不能导出凭证")))
    setting = await find_setting(session, target)
    if setting is None:
        raise SettingMissing(target)
    waiting = _in_yuan(await waiting_vouchers(session, month, target, openings=setting.value.openings))
    file = write(tuple(waiting.values()), setting.value)
    row = VoucherExport(
        target=target,
        month=month,
        setting_id=setting.id,
        vouchers=len(waiting),
        sha256=sha256(file.content).digest(),
        exported_by=by,
        exported_at=at,
    )
    session.add(row)
    await session.flush()
    items = [
        {"target": target, "voucher_id": voucher_id, "export_id": row.id, "attachments": posted.attachments}
        for voucher_id, posted in waiting.items()
    ]
    await session.execute(insert(VoucherExportItem), items)
    return row


async def list_exports(session: AsyncSession, month: date) -> Sequence[VoucherExport]:
    """What went out of the month, the latest first."""
    asked = select(VoucherExport).where(VoucherExport.month == month_of(month)).order_by(VoucherExport.id.desc())
    return (await session.scalars(asked)).all()


async def get_export(session: AsyncSession, export_id: UUID) -> VoucherExport:
    """The export. Raises ExportNotFound."""
    found = await session.get(VoucherExport, export_id)
    if found is None:
        raise ExportNotFound
    return found


async def file_of(session: AsyncSession, export: VoucherExport) -> VoucherFile:
    """The file that went out, made again to the byte. Raises FileChanged where it cannot be."""
    setting = await session.get_one(ExportSetting, export.setting_id)
    file = write(tuple((await vouchers_of(session, export.id)).values()), setting.value)
    if sha256(file.content).digest() != export.sha256:
        raise FileChanged
    return file


def _in_yuan(vouchers: Mapping[UUID, Posted]) -> dict[UUID, Posted]:
    """Those that can go out at all: one in another currency would keep all others here for ever."""
    return {voucher_id: posted for voucher_id, posted in vouchers.items() if posted.currency == Currency.CNY}

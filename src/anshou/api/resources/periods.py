"""Months of the books: what each still lacks, closing it, reopening it by two people, and its vouchers handed over."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from litestar import Response, Router
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Listing, made, shown
from anshou.api.document import PREFIX
from anshou.api.months import Month, first_day, named
from anshou.api.routing import get, post, put
from anshou.api.visits import ApiVisit, Visiting
from anshou.downloads import disposition
from anshou.finance import carrying_over, closing, handing_over, periods
from anshou.finance.carrying_over import Carrying
from anshou.finance.close_checks import Check
from anshou.finance.periods import Reopening
from anshou.people.permissions import Permission, authorize
from billing.ledger.periods import Period, PeriodState
from billing.voucher_exports.exporting import find_setting, get_export, list_exports, preflight
from billing.voucher_exports.tables import VoucherExport
from billing.voucher_files.shapes import Export, Target
from billing.voucher_files.writing import MEDIA_TYPES
from tenants.refusals import N_


class PeriodShown(Struct, frozen=True, kw_only=True):
    """A month of the books; `requested_by` asked for it to be reopened."""

    month: Month
    state: Annotated[PeriodState, Meta(title=N_("状态"))]
    requested_by: Annotated[UUID | None, Meta(title=N_("反结账申请人"))]


class FoundShown(Struct, frozen=True, kw_only=True):
    """How much of it is left; `carried` of it goes over into the next month, with a reason."""

    check: Annotated[Check, Meta(title=N_("检查项"))]
    blocks: Annotated[bool, Meta(title=N_("是否阻止结账"))]
    count: Annotated[int, Meta(title=N_("数量"))]
    fen: Annotated[int | None, Meta(title=N_("金额，分"))]
    carried: Annotated[int, Meta(title=N_("结转下期的数量"))]


class PeriodRead(PeriodShown, frozen=True, kw_only=True):
    """A month with its checklist; `pending_fen` is carried over under pending determination."""

    checks: Annotated[list[FoundShown], Meta(title=N_("结账检查"))]
    pending_fen: Annotated[int, Meta(title=N_("待判定余额，分"))]


class CarryingAsked(Carrying, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What goes over into the next month, of which check, and why."""

    check: Annotated[Check, Meta(title=N_("检查项"))]


class ExportShown(Struct, frozen=True, kw_only=True):
    """A file of vouchers that went out."""

    id: UUID
    target: Annotated[Target, Meta(title=N_("目标软件"))]
    month: Month
    vouchers: Annotated[int, Meta(title=N_("凭证张数"))]
    sha256: Annotated[str, Meta(title=N_("文件校验值"))]
    exported_at: Annotated[datetime, Meta(title=N_("导出时间"))]


class Handing(Struct, frozen=True, kw_only=True):
    """What waits for a target, everything that keeps it here, and what went out."""

    waiting: Annotated[int, Meta(title=N_("待导出的凭证张数"))]
    obstacles: Annotated[list[str], Meta(title=N_("须先处理"))]
    exports: Annotated[list[ExportShown], Meta(title=N_("已导出"))]


class SettingShown(Struct, frozen=True, kw_only=True):
    """How vouchers go out to a target; without one nobody has set it."""

    version: Annotated[int | None, Meta(title=N_("版本"))]
    setting: Annotated[Export | None, Meta(title=N_("导出设置"))]


_ONE = "/periods/{month:str}"
_EXPORTS = f"{_ONE}/exports/{{target:str}}"


@get("/periods", summary=N_("列出会计期间"), operation_id="listPeriods")
async def list_periods(visit: Visiting) -> Listing[PeriodShown]:
    months = await closing.list_months(visit.session, by=visit.person)
    return Listing(items=[shown(PeriodShown, period, month=named(period.month)) for period, _ in months])


@get(_ONE, summary=N_("读取会计期间与结账检查"), operation_id="readPeriod")
async def read_period(month: FromPath[Month], visit: Visiting) -> PeriodRead:
    return await _read(visit, first_day(month))


@post(f"{_ONE}/close", summary=N_("结账"), operation_id="closePeriod", status_code=200)
async def close(month: FromPath[Month], visit: Visiting) -> PeriodRead:
    await closing.close_month(visit.session, first_day(month), by=visit.person, at=visit.at)
    return await _read(visit, first_day(month))


@post(f"{_ONE}/carried", summary=N_("结转未决事项"), operation_id="carryOver", status_code=200)
async def carry_over(month: FromPath[Month], data: JSONBody[CarryingAsked], visit: Visiting) -> PeriodRead:
    given = Carrying(subjects=data.subjects, everything=data.everything, reason=data.reason)
    at = visit.at
    await carrying_over.carry_over(visit.session, first_day(month), data.check, given, by=visit.person, at=at)
    return await _read(visit, first_day(month))


@post(f"{_ONE}/reopening", summary=N_("申请反结账"), operation_id="requestReopening", status_code=200)
async def request_reopening(month: FromPath[Month], data: JSONBody[Reopening], visit: Visiting) -> PeriodShown:
    period = await periods.request_reopening(visit.session, first_day(month), data, by=visit.person, at=visit.at)
    return _shown(period)


@post(f"{_ONE}/reopening/refusal", summary=N_("不批准反结账"), operation_id="refuseReopening", status_code=200)
async def refuse_reopening(month: FromPath[Month], data: JSONBody[Reopening], visit: Visiting) -> PeriodShown:
    period = await periods.refuse_reopening(visit.session, first_day(month), data, by=visit.person, at=visit.at)
    return _shown(period)


@post(f"{_ONE}/reopening/approval", summary=N_("批准反结账"), operation_id="approveReopening", status_code=200)
async def approve_reopening(month: FromPath[Month], visit: Visiting) -> PeriodShown:
    return _shown(await periods.reopen_period(visit.session, first_day(month), by=visit.person, at=visit.at))


@get(_EXPORTS, summary=N_("查看凭证导出"), operation_id="readVoucherExports")
async def read_exports(month: FromPath[Month], target: FromPath[Target], visit: Visiting) -> Handing:
    authorize(visit.person, Permission.KEEP_BOOKS)
    looked_over = await preflight(visit.session, first_day(month), target)
    exports = await list_exports(visit.session, first_day(month))
    return Handing(
        waiting=looked_over.waiting,
        obstacles=[str(one.message) for one in looked_over.obstacles],
        exports=[_export(one) for one in exports if one.target is target],
    )


@post(
    _EXPORTS,
    summary=N_("导出凭证"),
    operation_id="exportVouchers",
    opt={"answers_with": {"Location": N_("文件的位置")}},
)
async def export(month: FromPath[Month], target: FromPath[Target], visit: Visiting) -> Response[ExportShown]:
    row = await handing_over.hand_over(visit.session, first_day(month), target, by=visit.person, at=visit.at)
    return made(_export(row), f"{PREFIX}/voucher-exports/{row.id}/file")


@get(
    "/voucher-exports/{export_id:uuid}/file",
    summary=N_("下载已导出的凭证"),
    operation_id="downloadVouchers",
    opt={"downloads": MEDIA_TYPES, "refuses": (400, 401, 403, 404, 409, 429)},
)
async def download(export_id: FromPath[UUID], visit: Visiting) -> Response[bytes]:
    authorize(visit.person, Permission.KEEP_BOOKS)
    row = await get_export(visit.session, export_id)
    file = await handing_over.fetch_file(visit.session, row, by=visit.person, at=visit.at)
    headers = {
        "content-disposition": disposition(
            f"vouchers-{row.target.value}-{row.month:%Y-%m}.{file.ending}", "attachment"
        ),
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-store",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)


@get("/voucher-targets/{target:str}", summary=N_("读取导出设置"), operation_id="readVoucherTarget")
async def read_target(target: FromPath[Target], visit: Visiting) -> SettingShown:
    authorize(visit.person, Permission.KEEP_BOOKS)
    found = await find_setting(visit.session, target)
    return SettingShown(version=found.version if found else None, setting=found.value if found else None)


@put("/voucher-targets", summary=N_("设置凭证导出"), operation_id="setVoucherTarget")
async def set_target(data: JSONBody[Export], visit: Visiting) -> SettingShown:
    row = await handing_over.set_export(visit.session, data, by=visit.person, at=visit.at)
    return SettingShown(version=row.version, setting=row.value)


async def _read(visit: ApiVisit, month: date) -> PeriodRead:
    checklist = await closing.read_checklist(visit.session, month, by=visit.person, at=visit.at)
    checks = [shown(FoundShown, one, blocks=one.check.blocks) for one in checklist.found]
    return shown(PeriodRead, checklist.period, month=named(month), checks=checks, pending_fen=checklist.pending_fen)


def _shown(period: Period) -> PeriodShown:
    return shown(PeriodShown, period, month=named(period.month))


def _export(row: VoucherExport) -> ExportShown:
    return shown(ExportShown, row, month=named(row.month), sha256=row.sha256.hex())


router = Router(
    "/",
    tags=[N_("月末结账")],
    route_handlers=[
        list_periods,
        read_period,
        close,
        carry_over,
        request_reopening,
        refuse_reopening,
        approve_reopening,
        read_exports,
        export,
        download,
        read_target,
        set_target,
    ],
)

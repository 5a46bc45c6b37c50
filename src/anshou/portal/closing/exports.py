"""Vouchers of a month handed over: what waits for each target, what keeps it here, and the files that went out."""

from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.downloads import disposition
from anshou.finance.handing_over import fetch_file, hand_over
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows
from anshou.portal.agency.places import NotThisDesk, authorize_at_desk
from anshou.portal.closing.places import TONES, exports_of, mapping_of, month_in, page_of, tabs, target_in
from anshou.portal.error_pages import status_of
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.portal.query_values import identifier
from billing.ledger.periods import get_period
from billing.voucher_exports.exporting import find_setting, get_export, list_exports, preflight
from billing.voucher_files.shapes import Target
from tenants.refusals import N_, Refusal

# A person reads so many lines; the count says how many there are.
MOST_OBSTACLES = 20


@get("/closing/{month:str}/export")
async def export_page(month: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Every target with what waits for it."""
    authorize_at_desk(visit.person, Permission.READ_STATEMENTS)
    return await _show(request, visit, month_in(month))


@post("/closing/{month:str}/export/{target:str}", status_code=303)
async def export(
    month: FromPath[str], target: FromPath[str], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Hand over what waits."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    named = month_in(month)
    try:
        async with visit.session.begin_nested():
            made = await hand_over(visit.session, named, target_in(target), by=visit.person, at=visit.at)
    except Refusal as refusal:
        return await _show(request, visit, named, refusal)
    said = language_of(request).say(N_("已导出 %(count)s 张凭证，可以下载文件。"), count=made.vouchers)
    return go_to(request, exports_of(named), Notice(said))


@get("/closing/exports/{export_id:str}/file")
async def export_file(export_id: FromPath[str], visit: NamedDependency[Visit]) -> Response[bytes]:
    """The file that went out, the same however often it is asked for."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    known = identifier(export_id)
    if known is None:
        raise NotThisDesk
    made = await get_export(visit.session, known)
    file = await fetch_file(visit.session, made, by=visit.person, at=visit.at)
    name = f"vouchers-{made.target.value}-{made.month:%Y-%m}-{made.sha256.hex()[:8]}.{file.ending}"
    headers = {
        "content-disposition": disposition(name, "attachment"),
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-store",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)


async def _show(request: Asked, visit: Visit, month: date, wrong: Refusal | None = None) -> Response[str]:
    session, language = visit.session, language_of(request)
    period = await get_period(session, month)
    exports = await list_exports(session, month)
    targets: list[dict[str, Any]] = []
    for target in Target:
        found = await preflight(session, month, target)
        obstacles = [language.translate(obstacle.message) for obstacle in found.obstacles]
        targets.append(
            {
                "target": target,
                "waiting": found.waiting,
                "foreign": found.foreign,
                "obstacles": obstacles[:MOST_OBSTACLES],
                "obstacle_count": len(obstacles),
                "setting": await find_setting(session, target),
                "mapping": mapping_of(target),
                "exports": [one for one in exports if one.target is target],
            }
        )
    return page(
        request,
        "closing/export.html",
        status_code=status_of(wrong) if wrong else 200,
        wrong=language.refusal(wrong) if wrong else "",
        tabs=tabs(request, month, exports_of(month)),
        address=exports_of(month),
        month=month,
        month_address=page_of(month),
        period=period,
        tones=TONES,
        targets=targets,
        people=await names_of(session, {one.exported_by for one in exports}),
        may_export=allows(visit.person, Permission.KEEP_BOOKS),
    )

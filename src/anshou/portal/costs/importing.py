"""Costs of many tickets from a spreadsheet: all of its rows, or none and every fault by its place."""

import csv
import io

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency

from anshou.downloads import disposition
from anshou.finance.importing import COLUMNS, MOST_ROWS, ImportRefused, import_costs
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.costs.places import ALL, COSTS
from anshou.portal.pages import Notice, go_to, language_of, page, portal_of
from billing.bills.shapes import Fault
from billing.costs.states import State
from tenants.refusals import N_, Message

EXAMPLE = ("FW2611-00001", "软件授权", "1,280.00", "72.45", "2026-11-20", "数据恢复软件一年授权")


@get("/costs/import")
async def import_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What the file looks like, and sending one."""
    authorize_at_desk(visit.person, Permission.RECORD_COSTS)
    return _page(request)


@get("/costs/import/template")
async def import_template(visit: NamedDependency[Visit]) -> Response[bytes]:
    """A file with the columns, as spreadsheets open it: UTF-8 with a mark."""
    authorize_at_desk(visit.person, Permission.RECORD_COSTS)
    text = io.StringIO()
    csv.writer(text).writerows((COLUMNS, EXAMPLE))
    headers = {"content-disposition": disposition("费用导入.csv", "attachment")}
    return Response(text.getvalue().encode("utf-8-sig"), media_type="text/csv", headers=headers)


@post("/costs/import", status_code=303)
async def submit_import(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Take it in."""
    authorize_at_desk(visit.person, Permission.RECORD_COSTS)
    sent = (await request.form()).get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        return _page(request, [Fault.at("", 0, "", "", Message(N_("请选择文件")))])
    limit = portal_of(request).upload_limit
    content = await sent.read(limit + 1)
    if len(content) > limit:
        expected = Message(N_("文件超过 %(limit)s MB 的上限，请压缩后再上传"), limit=limit // 2**20)
        return _page(request, [Fault.at(sent.filename, 0, "", "", expected)])
    try:
        async with visit.session.begin_nested():
            items = await import_costs(visit.session, sent.filename, content, by=visit.person, at=visit.at)
    except ImportRefused as refused:
        return _page(request, list(refused.faults))
    said = language_of(request).say(N_("已登记 %(count)s 笔草稿，请添加凭证后提交。"), count=len(items))
    return go_to(request, f"{ALL}?state={State.DRAFT.value}", Notice(said))


def _page(request: Asked, faults: list[Fault] | None = None) -> Response[str]:
    language = language_of(request)
    return page(
        request,
        "costs/import.html",
        status_code=422 if faults else 200,
        faults=[(fault, fault.expected.text(language.translate)) for fault in faults or ()],
        columns=COLUMNS,
        most=MOST_ROWS,
        trail=[(language.say(N_("费用")), COSTS)],
    )

"""The imports there were, and taking another file in."""

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.cards import names_of
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.error_pages import status_of
from anshou.portal.imports.places import IMPORTS, address_of, columns_of_import
from anshou.portal.pages import go_to, language_of, page, portal_of
from anshou.tickets.importing.batches import Step, latest_imports
from anshou.tickets.importing.books import MOST_ROWS
from anshou.tickets.importing.errors import SheetRefused
from anshou.tickets.importing.intake import begin_import
from tenants.refusals import N_, Message, Refusal

TONES = {
    Step.IMPORTED: "green",
    Step.CHECKED: "amber",
    Step.MAPPING: "amber",
    Step.REFUSED: "red",
    Step.CHECKING: "blue",
    Step.IMPORTING: "blue",
    Step.UNDOING: "blue",
}


@get(IMPORTS)
async def imports_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The latest imports, and the form for another one."""
    authorize_at_desk(visit.person, Permission.IMPORT_TICKETS)
    return await _page(request, visit)


@post(IMPORTS, status_code=303)
async def submit_file(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Take a file in; on to its columns."""
    authorize_at_desk(visit.person, Permission.IMPORT_TICKETS)
    sent = (await request.form()).get("file")
    try:
        if not isinstance(sent, UploadFile) or not sent.filename:
            raise SheetRefused(Message(N_("请选择文件")))
        limit = portal_of(request).upload_limit
        content = await sent.read(limit + 1)
        if len(content) > limit:
            raise SheetRefused(Message(N_("文件超过 %(limit)s MB 的上限"), limit=limit // 2**20))
        async with visit.session.begin_nested():
            batch = await begin_import(
                visit.session, portal_of(request).storage, sent.filename, content, by=visit.person, at=visit.at
            )
    except Refusal as refusal:
        return await _page(request, visit, refusal)
    return go_to(request, columns_of_import(batch.id))


async def _page(request: Asked, visit: Visit, wrong: Refusal | None = None) -> Response[str]:
    batches = await latest_imports(visit.session, by=visit.person)
    return page(
        request,
        "imports/overview.html",
        status_code=status_of(wrong) if wrong else 200,
        wrong=language_of(request).refusal(wrong) if wrong else "",
        batches=batches,
        names=await names_of(visit.session, {one.asked_by for one in batches}),
        tones=TONES,
        address_of=address_of,
        most=MOST_ROWS,
    )

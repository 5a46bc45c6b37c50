"""What waits to be issued, as a workbook for the tax bureau's batch issuing."""

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.downloads import disposition
from anshou.finance.invoice_batch import batch_to_issue
from anshou.finance.statement_sheet import MEDIA_TYPE
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from billing.ledger.posting import BOOKS_ZONE


@get("/invoices/batch.xlsx")
async def batch(visit: NamedDependency[Visit]) -> Response[bytes]:
    """The workbook."""
    authorize_at_desk(visit.person, Permission.ISSUE_INVOICES)
    content = await batch_to_issue(visit.session, by=visit.person)
    return Response(
        content,
        media_type=MEDIA_TYPE,
        headers={
            "Content-Disposition": disposition(f"批量开票-{visit.at.astimezone(BOOKS_ZONE):%Y%m%d}.xlsx", "attachment"),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )

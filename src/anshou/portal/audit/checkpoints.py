"""Checkpoints: signed statements of what the record was. Whoever keeps one outside can tell if it was rewritten."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit, gate_of
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission
from anshou.portal.merchant.places import acting_for, own_merchant
from anshou.portal.pages import page
from anshou.privacy.auditing import list_checkpoints
from confidentiality.audit.errors import CheckpointNotFound

PAGE = 50


@get("/audit/checkpoints")
async def checkpoints_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The auditor's list."""
    return await _page(request, visit, "audit/checkpoints.html", "/audit/checkpoints")


@get("/my/data/checkpoints")
async def my_checkpoints_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The merchant's list."""
    merchant_id = own_merchant(visit.person, Permission.READ_REVEALS)
    around = await acting_for(visit, merchant_id)
    return await _page(request, visit, "audit/my_checkpoints.html", "/my/data/checkpoints", **around)


@get("/audit/checkpoints/{size:int}")
async def download(size: FromPath[int], visit: NamedDependency[Visit]) -> Response[bytes]:
    """One checkpoint as the file that it is published as. Raises CheckpointNotFound."""
    found = await list_checkpoints(visit.session, by=visit.person, below=size + 1, limit=1)
    if not found or found[0].size != size:
        raise CheckpointNotFound
    return Response(
        found[0].note.encode(),
        media_type="text/plain; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="audit-checkpoint-{size}.txt"'},
    )


async def _page(request: Asked, visit: Visit, template: str, address: str, **more: Any) -> Response[str]:
    asked = request.query_params.get("below", "")
    below = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    found = await list_checkpoints(visit.session, by=visit.person, below=below, limit=PAGE + 1)
    return page(
        request,
        template,
        checkpoints=found[:PAGE],
        first=address if below is not None else "",
        following=f"{address}?below={found[PAGE - 1].size}" if len(found) > PAGE else "",
        key=gate_of(request).verifying_key(visit.tenant),
        zone=(await read_settings(visit.session)).zone,
        **more,
    )

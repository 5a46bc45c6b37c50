"""One leaf: what it says, its place in the record, and its proof to take along."""

import json
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit, gate_of
from anshou.merchants.merchants import merchant_names
from anshou.people.agency import read_settings
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, authorize
from anshou.portal.audit.words import facts, line_of
from anshou.portal.pages import language_of, page
from anshou.privacy.auditing import number_of, prove_leaf, read_leaf


@get("/audit/{leaf_id:uuid}")
async def leaf_page(leaf_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The leaf with its inclusion proof against the newest checkpoint."""
    authorize(visit.person, Permission.READ_AUDIT)
    found = await read_leaf(visit.session, leaf_id, by=visit.person)
    names = await names_of(visit.session, {found.leaf.actor_id})
    merchants = await merchant_names(visit.session)
    return page(
        request,
        "audit/leaf.html",
        line=line_of(found.leaf, found.body, merchants, names, language_of(request)),
        said=facts(found.body) if found.body is not None else None,
        proof=found.proof,
        number=await number_of(visit.session, found.leaf.ticket_id) if found.leaf.ticket_id else None,
        zone=(await read_settings(visit.session)).zone,
    )


@get("/audit/{leaf_id:uuid}/proof")
async def leaf_proof(leaf_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[bytes]:
    """The proof as a file that `docs/audit-format.md` explains; a merchant's people take that of their own leaf."""
    proof = await prove_leaf(visit.session, leaf_id, by=visit.person)
    told = proof.told(visit.tenant.id, str(gate_of(request).verifying_key(visit.tenant)))
    return Response(
        json.dumps(told, ensure_ascii=False, indent=2).encode(),
        media_type="application/json",
        headers={"content-disposition": f'attachment; filename="audit-proof-{leaf_id}.json"'},
    )

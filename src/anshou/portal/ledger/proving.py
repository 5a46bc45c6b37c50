"""The proof of the books: everything that must hold asked again, when somebody presses the button."""

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.finance.books import prove_books
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.ledger.places import PROOF, tabs, voucher_address
from anshou.portal.pages import page
from anshou.portal.query_values import identifier
from billing.ledger.proof import Check, Finding

# A person reads so many; the count says how many there are.
SHOWN = 50


@get(PROOF)
async def proof_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What is proved; with `?run=yes` what came of it. It reads every entry, so opening the page does not run it."""
    authorize_at_desk(visit.person, Permission.READ_BOOKS)
    runs = request.query_params.get("run") == "yes"
    proof = await prove_books(visit.session, by=visit.person) if runs else None
    found = {check: [one for one in proof.findings if one.check is check] for check in Check} if proof else {}
    return page(
        request,
        "ledger/proof.html",
        tabs=tabs(request, PROOF),
        checks=list(Check),
        proof=proof,
        found={check: [(one.place, _address(one)) for one in findings[:SHOWN]] for check, findings in found.items()},
        counts={check: len(findings) for check, findings in found.items()},
    )


def _address(finding: Finding) -> str:
    """The voucher that a finding names, if it names one."""
    known = identifier(finding.place)
    return voucher_address(known) if known else ""

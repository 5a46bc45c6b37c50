"""Where the pages of invoices are on each desk, and how their states look."""

from dataclasses import dataclass
from uuid import UUID

from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.merchant.places import own_merchant
from billing.invoices.rows import InvoiceState
from tenants.refusals import N_

INVOICES = "/invoices"
MY_INVOICES = "/my/invoices"

TONES: dict[InvoiceState, str] = {
    InvoiceState.REQUESTED: "blue",
    InvoiceState.ACCEPTED: "violet",
    InvoiceState.REFUSED: "red",
    InvoiceState.CANCELLED: "",
    InvoiceState.ISSUED: "amber",
    InvoiceState.DELIVERED: "green",
    InvoiceState.RED_LETTERED: "red",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """One merchant's invoices as one desk shows them. `here` lists them and what can be invoiced."""

    root: str
    here: str
    label: str
    merchant_id: UUID

    def invoice(self, number: str) -> str:
        """The page of a request."""
        return f"{self.root}/{number}"


def agency_desk(visit: Visit, merchant_id: UUID, needs: Permission) -> Desk:
    """A merchant's invoices at finance's desk. Raises NotThisDesk, PermissionMissing."""
    authorize_at_desk(visit.person, needs)
    return Desk(INVOICES, f"{INVOICES}/merchants/{merchant_id}", N_("开票"), merchant_id)


def merchant_desk(visit: Visit, needs: Permission) -> Desk:
    """Invoices at the desk of their merchant. Raises NotAMerchant, PermissionMissing."""
    return Desk(MY_INVOICES, MY_INVOICES, N_("发票"), own_merchant(visit.person, needs))

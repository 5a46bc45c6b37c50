"""Where the pages of costs are, and how states look."""

from anshou.gate.callers import Asked
from anshou.people.permissions import Permission, allows
from anshou.people.person import Person
from anshou.portal.agency.places import TICKETS
from anshou.portal.pages import language_of
from anshou.tickets.tickets import Ticket
from billing.costs.states import State
from tenants.refusals import N_

COSTS = "/costs"
ALL = f"{COSTS}/all"
PENDING = f"{COSTS}/pending"
SETTINGS = f"{COSTS}/settings"

TONES: dict[State, str] = {
    State.DRAFT: "",
    State.SUBMITTED: "blue",
    State.COUNTERSIGNING: "violet",
    State.RETURNED: "amber",
    State.VERIFIED: "green",
    State.ALLOCATED: "green",
    State.WITHDRAWN: "",
}


def address_of(number: str) -> str:
    """The page of a cost."""
    return f"{COSTS}/{number}"


def costs_of_ticket(ticket: Ticket) -> str:
    """The page of what a ticket cost."""
    return f"{TICKETS.of(ticket)}/costs"


def tabs(request: Asked, person: Person, current: str) -> list[dict[str, object]]:
    """The pages of finance's desk for costs that the person may enter."""
    say = language_of(request).say
    listed = [
        (N_("待核实"), COSTS, Permission.READ_COSTS),
        (N_("待判定"), PENDING, Permission.READ_COSTS),
        (N_("全部费用"), ALL, Permission.READ_COSTS),
    ]
    listed.append((N_("费率与规则"), SETTINGS, Permission.VERIFY_COSTS))
    return [
        {"label": say(label), "address": address, "current": address == current}
        for label, address, needs in listed
        if allows(person, needs)
    ]

"""Where the pages of reports are, and which of them a person may open."""

from anshou.finance.reporting.asking import departments_read
from anshou.gate.callers import Asked
from anshou.people.person import Person
from anshou.portal.pages import language_of
from tenants.refusals import N_

REPORTS = "/reports"
COSTS = f"{REPORTS}/finance"
BEHIND = f"{COSTS}/entries"
RECOVERY = f"{COSTS}/recovery"
DEBTS = f"{COSTS}/debts"
AGREEMENT = f"{COSTS}/agreement"


def tabs(request: Asked, person: Person, current: str, kept: str = "") -> list[dict[str, object]]:
    """The reports that the person reads, with the period that is looked at in `kept`. Raises PermissionMissing."""
    say = language_of(request).say
    offered = [(N_("费用构成"), COSTS), (N_("追偿与承担"), RECOVERY)]
    if departments_read(person) is None:
        offered += [(N_("应收账龄"), DEBTS), (N_("与账簿核对"), AGREEMENT)]
    return [
        {"label": say(label), "address": f"{address}?{kept}" if kept else address, "current": address == current}
        for label, address in offered
    ]

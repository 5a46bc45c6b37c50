"""Where the pages of the close are, how states look, and where what a check found is put right."""

from datetime import date, timedelta

from anshou.finance.close_checks import Check
from anshou.gate.callers import Asked
from anshou.people.permissions import Permission, allows
from anshou.people.person import Person
from anshou.portal.agency.places import NotThisDesk
from anshou.portal.costs.places import ALL, COSTS, PENDING
from anshou.portal.pages import language_of
from anshou.portal.statements.places import address_of as statement_address
from anshou.portal.statements.places import line_address
from billing.days import month_named
from billing.ledger.periods import PeriodState, month_after
from billing.voucher_files.shapes import Target
from tenants.refusals import N_

CLOSING = "/closing"

TONES: dict[PeriodState, str] = {
    PeriodState.OPEN: "blue",
    PeriodState.CLOSED: "green",
    PeriodState.REOPENING: "amber",
}


def month_in(path: str) -> date:
    """The month that an address like `/closing/2026-11` names. Raises NotThisDesk for anything else."""
    found = month_named(path)
    if found is None:
        raise NotThisDesk
    return found


def target_in(path: str) -> Target:
    """The target that an address names. Raises NotThisDesk for anything else."""
    try:
        return Target(path)
    except ValueError:
        raise NotThisDesk from None


def page_of(month: date) -> str:
    """The page of a month."""
    return f"{CLOSING}/{month:%Y-%m}"


def exports_of(month: date) -> str:
    """The page of a month's voucher exports."""
    return f"{page_of(month)}/export"


def carrying_of(month: date, check: Check) -> str:
    """The page on which what a check found is carried over."""
    return f"{page_of(month)}/carry/{check.value}"


def check_in(path: str) -> Check:
    """The check that an address names. Raises NotThisDesk for anything else."""
    try:
        return Check(path)
    except ValueError:
        raise NotThisDesk from None


def thing_address(check: Check, name: str) -> str:
    """The page of a thing that a check found, empty where it has none of its own."""
    match check:
        case Check.UNVERIFIED | Check.UNALLOCATED | Check.UNDETERMINED:
            return f"{COSTS}/{name}"
        case Check.UNINVOICED:
            return f"/invoices/{name}"
        case Check.DISPUTED | Check.CONTESTED:
            number, _, place = name.partition("/")
            return line_address(statement_address(number), int(place))
        case _:
            return ""


def mapping_of(target: Target) -> str:
    """The page on which a target's accounts are set."""
    return f"{CLOSING}/accounts/{target.value}"


def put_right_at(check: Check, month: date, person: Person) -> str:
    """Where the person goes to put right what the check found; empty where waiting is all they can do."""
    until = f"incurred_until={(month_after(month) - timedelta(days=1)).isoformat()}"
    statements = f"/statements?month={month:%Y-%m}"
    return {
        Check.MONTH_RUNNING: "",
        Check.EARLIER_OPEN: CLOSING,
        Check.UNVERIFIED: COSTS,
        Check.UNALLOCATED: f"{ALL}?state=verified&{until}",
        Check.UNSTATED: statements,
        Check.UNRECONCILED: "/reconciliation" if allows(person, Permission.KEEP_BOOKS) else "",
        Check.DIFFERENCE: "/reconciliation" if allows(person, Permission.KEEP_BOOKS) else "",
        Check.DISPUTED: statements,
        Check.UNCLAIMED: f"{ALL}?state=draft&{until}",
        Check.UNDETERMINED: PENDING,
        Check.UNINVOICED: "/invoices",
        Check.CONTESTED: statements,
    }[check]


def tabs(request: Asked, month: date, current: str) -> list[dict[str, object]]:
    """The pages of a month."""
    say = language_of(request).say
    listed = ((N_("检查与结账"), page_of(month)), (N_("凭证导出"), exports_of(month)))
    return [{"label": say(label), "address": address, "current": address == current} for label, address in listed]

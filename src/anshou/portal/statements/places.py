"""Where the pages of statements are, and how their states look."""

from datetime import date
from uuid import UUID

from anshou.finance.statement_months import Standing
from anshou.people.permissions import Permission, allows
from anshou.people.person import Person
from billing.statements.rows import Statement, Word
from tenants.refusals import N_

STATEMENTS = "/statements"
DISPUTES = "/statements/disputes"
MY_STATEMENTS = "/my/statements"
MY_OWING = "/my/statements/owing"

# Lines on one page.
PAGE = 100

TONES: dict[Standing, str] = {
    Standing.UNPREPARED: "",
    Standing.TO_REVIEW: "amber",
    Standing.TO_ISSUE: "violet",
    Standing.ISSUED: "blue",
    Standing.DISPUTED: "red",
    Standing.CONFIRMED: "green",
}

WORD_TONES: dict[Word, str] = {
    Word.CONFIRMED: "green",
    Word.DEEMED_CONFIRMED: "green",
    Word.REMINDED: "",
    Word.DISPUTED: "red",
    Word.ACCEPTED: "green",
    Word.REJECTED: "amber",
    Word.ESCALATED: "violet",
}


def address_of(number: str) -> str:
    """The page of a statement at the agency's desk."""
    return f"{STATEMENTS}/{number}"


def my_address_of(number: str) -> str:
    """Its page at the merchant's desk."""
    return f"{MY_STATEMENTS}/{number}"


def line_address(statement: str, place: int) -> str:
    """The page of a line, of a statement at this address."""
    return f"{statement}/lines/{place}"


def month_address(month: date, merchant_id: UUID) -> str:
    """The page of what a merchant's statement of a month would say."""
    return f"{STATEMENTS}/months/{month:%Y-%m}/{merchant_id}"


def owing_address(merchant_id: UUID) -> str:
    """The page of what a merchant still owes, at the agency's desk."""
    return f"{STATEMENTS}/merchants/{merchant_id}/owing"


def ticket_root(person: Person) -> tuple[str, str]:
    """What stands before and after a ticket's number in the address of the page of it that the person may open."""
    if person.is_merchant:
        return "/my/tickets/", ""
    if allows(person, Permission.READ_TICKETS):
        return "/tickets/", ""
    return "/tickets/", "/costs"


def trail_of(statement: Statement, person: Person) -> tuple[str, str]:
    """What stands above a statement's page at the agency's desk: the month, or the disputes that the person follows."""
    if allows(person, Permission.READ_STATEMENTS):
        return N_("对账单"), f"{STATEMENTS}?month={statement.month:%Y-%m}"
    return N_("对账异议"), DISPUTES

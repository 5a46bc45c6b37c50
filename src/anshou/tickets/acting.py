"""Whether a person may make a move: their permission, and their relation to this very ticket.

The permission matrix says what a role may do at all. Here stands the rest: the merchant only with its own tickets, a
department's work only by that department or by the ticket's owner, its review only by its own supervisor. Operations
management coordinates all departments and the executive decides major cases, so both stand in for any supervisor.
"""

from anshou.people.permissions import allows
from anshou.people.person import Person
from anshou.people.roles import Department, Role
from anshou.tickets.kinds import EscalationLevel
from anshou.tickets.process import Actor, AnyMove
from anshou.tickets.tickets import Ticket


def acting_as(move: AnyMove, person: Person, ticket: Ticket) -> Actor | None:
    """In which relation the person may make the move on the ticket; None when they may not."""
    for actor, permission in move.by:
        if allows(person, permission) and stands_as(actor, person, ticket):
            return actor
    return None


def stands_as(actor: Actor, person: Person, ticket: Ticket) -> bool:
    """Whether the person stands in this relation to the ticket."""
    match actor:
        case Actor.MERCHANT:
            return person.merchant_id == ticket.merchant_id
        case Actor.AGENCY | Actor.FOR_MERCHANT:
            return not person.is_merchant
        case Actor.DEPARTMENT:
            return not person.is_merchant and (ticket.department in person.departments or ticket.owner_id == person.id)
        case Actor.SUPERVISOR:
            return not person.is_merchant and _supervises(person, ticket)
        case Actor.EXECUTIVE:
            return person.has(Role.EXECUTIVE)


def level_of(person: Person) -> EscalationLevel | None:
    """As what level of the agency the person speaks; None for everybody below a supervisor, and for merchants."""
    if person.has(Role.EXECUTIVE):
        return EscalationLevel.EXECUTIVE
    return EscalationLevel.SUPERVISOR if person.has(Role.SUPERVISOR) else None


def _supervises(person: Person, ticket: Ticket) -> bool:
    if person.has(Role.EXECUTIVE):
        return True
    # Not `departments`: a specialist of this department who supervises another one writes its plans.
    return ticket.department in person.supervises or Department.OPERATIONS_MANAGEMENT in person.supervises

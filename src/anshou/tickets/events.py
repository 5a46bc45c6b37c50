"""Who must be told of what. Decided here as pure functions; said by the worker, from job rows that carry ids only.

The actors' names are frozen: old jobs meet new workers. A payload names `ticket`, `merchant`, `entry` and `event`,
which is the name of the move or one of the EVENTS below, and `person` or `department` where one is meant.
TELL_SYSTEMS reads what happened from the entry.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import Person
from anshou.people.roles import Department
from anshou.tickets.entries import Entry, side_of
from anshou.tickets.kinds import Clock, EscalationLevel, Side
from anshou.tickets.made import Made
from anshou.tickets.tickets import Ticket
from tenants.jobs import enqueue

TELL_MERCHANT = "tickets.tell_merchant"
ASK_RATING = "tickets.ask_rating"
TELL_PERSON = "tickets.tell_person"
TELL_DEPARTMENT = "tickets.tell_department"
TELL_SUPERVISOR = "tickets.tell_supervisor"
TELL_EXECUTIVE = "tickets.tell_executive"
TELL_FRONT_DESK = "tickets.tell_front_desk"
# Whatever happened, whoever hears of it: for the systems that the agency registered.
TELL_SYSTEMS = "tickets.tell_systems"

ACTORS = (
    TELL_MERCHANT,
    ASK_RATING,
    TELL_PERSON,
    TELL_DEPARTMENT,
    TELL_SUPERVISOR,
    TELL_EXECUTIVE,
    TELL_FRONT_DESK,
    TELL_SYSTEMS,
)

OPENED = "opened"
MESSAGE = "message"
ASSIGNED = "assigned"
PLAN_TO_REVIEW = "plan_to_review"
MEASURES_TO_DO = "measures_to_do"
DETERMINED = "determined"
OBJECTION_TO_REVIEW = "objection_to_review"
MENTIONED = "mentioned"
REMINDED = "reminded"
EVENTS = (
    OPENED,
    MESSAGE,
    ASSIGNED,
    PLAN_TO_REVIEW,
    MEASURES_TO_DO,
    DETERMINED,
    OBJECTION_TO_REVIEW,
    REMINDED,
    MENTIONED,
)

# Shown on the timeline, but no reason to write to the merchant each time.
QUIET = frozenset(
    {
        "conclude_triage",
        "conclude_analysis",
        "finish_measure",
        "observe_metric",
        "start_monitoring",
        "perform_obligation",
        "reclassify",
        "revise_plan",
    }
)


# Decided by somebody above them, and theirs to carry out.
TOLD_TO_CARRIERS = frozenset(
    {"decide_escalation", "promise", "reclassify", "review_determination", "review_determination_finally"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiding:
    """One thing to tell one person or group."""

    actor: str
    event: str
    person: UUID | None = None
    department: Department | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriers:
    """Who carried the ticket before a move."""

    owner: UUID | None
    department: Department | None

    @classmethod
    def of(cls, ticket: Ticket) -> "Carriers":
        """As it is now."""
        return cls(owner=ticket.owner_id, department=ticket.department)


def begins_execution(ticket: Ticket, made: Made) -> bool:
    """Whether measures are to be carried out from this move on."""
    arrived = made.before.step != made.after.step
    return arrived and Clock.PLAN_EXECUTION in ticket.process.step(made.after.step).starts


def tidings_of_move(
    ticket: Ticket, made: Made, before: Carriers, *, shown: bool, doers: Collection[UUID] = ()
) -> Iterator[Tiding]:
    """Everybody who must hear of a move; never the person who made it.

    `before` is who carried the ticket until then, `doers` are those who have measures to carry out from now on.
    """
    name, arrived = made.move.name, made.before.step != made.after.step
    if made.side is Side.AGENCY:
        if arrived and made.after.step == "evaluation":
            yield Tiding(actor=ASK_RATING, event=name)
        elif shown and name not in QUIET:
            yield Tiding(actor=TELL_MERCHANT, event=name)
        elif made.after.facts.judged_at != made.before.facts.judged_at:
            # A determination is never quiet: the days in which the merchant may object to it have begun.
            yield Tiding(actor=TELL_MERCHANT, event=DETERMINED)
    given = Carriers.of(ticket) != before
    if given and ticket.owner_id is not None:
        yield from _person(ticket.owner_id, ASSIGNED, made.by)
    elif given or arrived or made.side is Side.MERCHANT or name in TOLD_TO_CARRIERS:
        yield from tidings_for_carriers(ticket, name, made.by)
    for doer in sorted({*doers} - {ticket.owner_id}):
        yield from _person(doer, MEASURES_TO_DO, made.by)
    if arrived and made.after.step == "plan_review":
        yield Tiding(actor=TELL_SUPERVISOR, event=PLAN_TO_REVIEW, department=ticket.department)
    asked = made.after.facts.objection
    if asked is not None and made.before.facts.objection is None:
        actor = TELL_EXECUTIVE if asked is EscalationLevel.EXECUTIVE else TELL_SUPERVISOR
        yield Tiding(actor=actor, event=OBJECTION_TO_REVIEW, department=ticket.department)
    if name == "escalate":
        to_executive = made.after.level is EscalationLevel.EXECUTIVE
        yield Tiding(
            actor=TELL_EXECUTIVE if to_executive else TELL_SUPERVISOR, event=name, department=ticket.department
        )


def tidings_for_carriers(ticket: Ticket, event: str, by: Person) -> Iterator[Tiding]:
    """Whoever carries the ticket: its owner, else its department, else the merchant's front desk."""
    if ticket.owner_id is not None:
        yield from _person(ticket.owner_id, event, by)
    elif ticket.department is not None:
        yield Tiding(actor=TELL_DEPARTMENT, event=event, department=ticket.department)
    else:
        yield Tiding(actor=TELL_FRONT_DESK, event=event)


def tidings_of_message(ticket: Ticket, by: Person) -> Iterator[Tiding]:
    """A message goes to the other side."""
    if side_of(by) is Side.AGENCY:
        yield Tiding(actor=TELL_MERCHANT, event=MESSAGE)
    else:
        yield from tidings_for_carriers(ticket, MESSAGE, by)


def tidings_of_mentions(mentioned: Iterable[UUID], by: Person) -> Iterator[Tiding]:
    """Whoever a note mentions is told."""
    for account_id in mentioned:
        yield from _person(account_id, MENTIONED, by)


def tidings_of_opening(ticket: Ticket, by: Person) -> Iterator[Tiding]:
    """A new ticket is told to the merchant's front desk, and to the merchant when somebody else opened it for them."""
    yield Tiding(actor=TELL_FRONT_DESK, event=OPENED)
    if side_of(by) is Side.AGENCY:
        yield Tiding(actor=TELL_MERCHANT, event=OPENED)


async def announce(session: AsyncSession, ticket: Ticket, entry: Entry, tidings: Iterable[Tiding]) -> None:
    """Leave a job for each tiding, and one for the agency's own systems, in the transaction of what they tell."""
    await enqueue(session, TELL_SYSTEMS, _said(ticket, entry))
    await tell(session, ticket, entry, tidings)


async def tell(session: AsyncSession, ticket: Ticket, entry: Entry, tidings: Iterable[Tiding]) -> None:
    """Leave a job for each tiding of what only people hear of, and no system."""
    said = _said(ticket, entry)
    for tiding in tidings:
        payload = {**said, "event": tiding.event}
        if tiding.person is not None:
            payload["person"] = str(tiding.person)
        if tiding.department is not None:
            payload["department"] = str(tiding.department)
        await enqueue(session, tiding.actor, payload)


def _said(ticket: Ticket, entry: Entry) -> dict[str, str]:
    return {"ticket": str(ticket.id), "merchant": str(ticket.merchant_id), "entry": str(entry.id)}


def _person(account_id: UUID, event: str, by: Person) -> Iterator[Tiding]:
    if account_id != by.id:
        yield Tiding(actor=TELL_PERSON, event=event, person=account_id)

"""What a process is: steps in order and the moves between them. Pure: no database, no clock, no person's rights.

A process module reads like the policy it comes from (domain.md section 2). The same tables drive the forms of the
portal, the routes of the API, the refusals and the tests; nothing else decides where a ticket may go.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from anshou.people.permissions import Permission
from anshou.tickets.errors import MoveUnknown
from anshou.tickets.kinds import Clock, EntrySort, Kind, Outcome, Status
from anshou.tickets.records import Record
from anshou.tickets.situation import Rules, Situation
from tenants.labels import Labelled
from tenants.refusals import N_

R = TypeVar("R", bound=Record)

CLOSED = "closed"


class Actor(Labelled):
    """In which relation to the ticket a person makes a move. The permission is asked for besides."""

    MERCHANT = "merchant", N_("商家")
    FOR_MERCHANT = "for_merchant", N_("客服代商家登记")
    AGENCY = "agency", N_("经办人")
    DEPARTMENT = "department", N_("责任部门")
    SUPERVISOR = "supervisor", N_("部门主管")
    EXECUTIVE = "executive", N_("高层管理")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A place in the process. `actor` says in the policy's words who acts there.

    `starts` are the clocks that run from arrival unless they already do; `meets` those that arrival satisfies.
    `standing` says another status in the situations where the step's own would be untrue, so that the merchant is not
    asked for what they have already given; None where it holds.
    """

    name: str
    label: str
    actor: str
    status: Status
    starts: tuple[Clock, ...] = ()
    meets: tuple[Clock, ...] = ()
    standing: Callable[[Situation], Status | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What must hold besides the step before a move can be made. `says` completes: it cannot be made because …"""

    says: str
    met: Callable[[Situation, Rules], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead(Generic[R]):
    """Where a move leads.

    `when` reads the situation after the record. `again` marks a way back that counts a round; `arrives` is what is
    already true as the new round begins.
    """

    to: str
    again: bool = False
    when: Callable[[Situation, R], bool] | None = None
    arrives: Callable[[Situation], Situation] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Generic[R]):
    """One thing that somebody may do with a ticket.

    - `at`: the steps where it is offered. `leads`: the first whose `when` holds; the ticket stays when none does.
    - `by`: each relation in which it may be made, with the permission that it takes.
    - `shown`: whether the merchant reads that it was made, and of its record the fields marked for them; either always
      or as the record says. `sort`: as what it stands on the timeline.
    - `while_held`: whether it can be made while the ticket waits for the merchant's answer on hold.
    - `additive`: it only adds a row of its own, so that a person who has not seen the newest version may make it too.
    - `outcome`: how the ticket ends when the move closes it.
    - `meets`, `starts`: the clocks that making it satisfies or sets running; `restarts`: one that it satisfies and,
      if it was running, sets running anew.
    - `signed`: whether the person signs in again to make it.
    """

    name: str
    label: str
    at: tuple[str, ...]
    by: tuple[tuple[Actor, Permission], ...]
    record: type[R]
    leads: tuple[Lead[R], ...] = ()
    needs: tuple[Need, ...] = ()
    effect: Callable[[Situation, R], Situation] | None = None
    shown: bool | Callable[[R], bool] = False
    sort: EntrySort = EntrySort.MOVE
    while_held: bool = False
    additive: bool = False
    outcome: Outcome | None = None
    meets: tuple[Clock, ...] = ()
    starts: tuple[Clock, ...] = ()
    restarts: Clock | None = None
    signed: bool = False

    def is_shown(self, record: R) -> bool:
        """Whether the merchant reads that this was made."""
        return self.shown if isinstance(self.shown, bool) else self.shown(record)

    @property
    def is_merchants(self) -> bool:
        """Whether the merchant may make it."""
        return any(actor is Actor.MERCHANT for actor, _ in self.by)


AnyMove = Move[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """The steps of one kind of ticket in the policy's order, and every move, those of any time included.

    `prefix` begins the ticket's number. Raises ValueError when the tables contradict themselves.
    """

    kind: Kind
    prefix: str
    steps: tuple[Step, ...]
    moves: tuple[AnyMove, ...]

    def __post_init__(self) -> None:
        names = [step.name for step in self.steps]
        moves = [move.name for move in self.moves]
        if len(set(names)) != len(names) or len(set(moves)) != len(moves):
            raise ValueError(f"{self.kind}: a step or a move is named twice")
        for move in self.moves:
            if stray := {*move.at, *(lead.to for lead in move.leads)} - set(names):
                raise ValueError(f"{self.kind}.{move.name} names unknown steps {sorted(stray)}")
            if any(lead.to == CLOSED for lead in move.leads) and move.outcome is None:
                raise ValueError(f"{self.kind}.{move.name} closes without an outcome")

    @property
    def first(self) -> Step:
        """Where a new ticket stands."""
        return self.steps[0]

    def step(self, name: str) -> Step:
        """The step of that name. Raises KeyError: only our own rows name steps."""
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(name)

    def move(self, name: str) -> AnyMove:
        """The move of that name. Raises MoveUnknown."""
        for move in self.moves:
            if move.name == name:
                return move
        raise MoveUnknown(name)

    def moves_at(self, step: str) -> Iterator[AnyMove]:
        """The moves offered at a step, in the table's order."""
        return (move for move in self.moves if step in move.at)

    def status(self, now: Situation) -> Status:
        """What the merchant sees."""
        step = self.step(now.step)
        if now.held:
            return Status.AWAITING_CUSTOMER
        return (step.standing and step.standing(now)) or step.status

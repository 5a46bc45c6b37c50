"""A move as it is being made: what the writers of its rows need to know of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anshou.people.person import Person
from anshou.people.proving import Proof
from anshou.tickets.entries import side_of
from anshou.tickets.kinds import Side
from anshou.tickets.process import Actor, AnyMove
from anshou.tickets.situation import Rules, Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Who makes which move, in which relation, when (UTC), and the situations before and after it.

    `proof` is that they signed in again, for the moves that ask for it.
    """

    move: AnyMove
    by: Person
    actor: Actor
    at: datetime
    before: Situation
    after: Situation
    rules: Rules
    proof: Proof | None = None

    @property
    def side(self) -> Side:
        """The side that makes it."""
        return side_of(self.by)

    @property
    def who(self) -> UUID:
        """The account that makes it."""
        return self.by.id

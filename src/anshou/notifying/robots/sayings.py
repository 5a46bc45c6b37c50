"""What robots have to say: one row for each event and robot, said together when several wait.

A robot speaks once at a time and pauses as its messenger wants it; what gathers meanwhile is one message. A process
that dies after speaking speaks again: messengers know no message by an id, and hearing twice that something waits
does no harm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, ForeignKey, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from anshou.notifying.kinds import kind_of
from anshou.notifying.robots.messengers import MANNERS
from anshou.notifying.robots.registry import GroupRobot, Silent
from anshou.notifying.robots.talking import NotSaid, RobotShut, TooFast, WordsRefused
from anshou.people.roles import Department
from tenants.base import Base, Row, new_id
from tenants.jobs import enqueue

SPEAK = "robots.speak"

# The event of a message that somebody sends to see whether the robot works.
TEST = "test"

# As many as a person reads in a chat; the rest is a number and a link to the queue.
MOST_AT_ONCE = 20

# After the first, second … failure; then it has failed for good. Four and a half hours in all.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 3, 10, 30, 60, 60, 120))

# Longer than one attempt can take: whoever holds sayings longer than this is dead.
HELD = timedelta(minutes=2)


class Saying(Row, Base):
    """One event that one robot has to say, says or said. Instants are UTC; `reason` is why it was not said."""

    __tablename__ = "robot_saying"

    robot_id: Mapped[UUID] = mapped_column(ForeignKey("group_robot.id", ondelete="CASCADE"))
    source: Mapped[UUID]
    event: Mapped[str]
    number: Mapped[str]
    owed_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime | None]
    attempts: Mapped[int]
    last_attempt_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    held_by: Mapped[UUID | None]
    held_until: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Turn:
    """A robot's turn to speak: what it says now. `more` is whether other things wait for its next turn."""

    robot: GroupRobot
    sayings: Sequence[Saying]


async def owe_sayings(
    session: AsyncSession, *, source: UUID, event: str, number: str, department: Department, at: datetime
) -> None:
    """Let every robot that wants to hear of the event say it, once per `source`: the id of what happened."""
    kind = kind_of(event)
    robots = (await session.scalars(select(GroupRobot).where(GroupRobot.silent.is_(None)))).all()
    for robot in robots:
        if robot.wants(kind, department):
            await _owe(session, robot.id, source, event, number, at)


async def owe_test(session: AsyncSession, robot: GroupRobot, *, at: datetime) -> UUID:
    """Let the robot say that it works, silent or not; the saying's id."""
    source = new_id()
    await _owe(session, robot.id, source, TEST, "", at)
    return _saying_id(robot.id, source)


async def take_turn(session: AsyncSession, robot_id: UUID, *, job: UUID, at: datetime) -> Turn | None:
    """Take what the robot has to say now, for this job; None if it is not its time or there is nothing.

    Commit before speaking. When it is not its time yet, a job for that time is left. A silent robot says tests only.
    """
    robot = await session.get(GroupRobot, robot_id, with_for_update=True)
    if robot is None:
        return None
    due = _due(robot_id, at) & or_(Saying.held_by.is_(None), Saying.held_by == job, Saying.held_until < at)
    if robot.silent is not None:
        due &= Saying.event == TEST
    found = (
        await session.scalars(select(Saying).where(due).order_by(Saying.owed_at, Saying.id).limit(MOST_AT_ONCE))
    ).all()
    if not found:
        return None
    if robot.speaks_at is not None and at < robot.speaks_at and found[0].held_by != job:
        await _enqueue(session, robot_id, robot.speaks_at)
        return None
    robot.speaks_at = at + MANNERS[robot.messenger].pause
    for saying in found:
        saying.held_by, saying.held_until = job, at + HELD
    return Turn(robot, found)


async def settle_turn(
    session: AsyncSession, robot_id: UUID, *, job: UUID, failure: NotSaid | None, at: datetime
) -> GroupRobot | None:
    """Write down what became of a turn and leave the next one; the robot if it was shut by it."""
    robot = await session.get(GroupRobot, robot_id, with_for_update=True)
    if robot is None:
        return None
    held = (await session.scalars(select(Saying).where(Saying.robot_id == robot_id, Saying.held_by == job))).all()
    for saying in held:
        _settle(saying, failure, at)
    if isinstance(failure, TooFast):
        robot.speaks_at = at + failure.wait
    shut = isinstance(failure, RobotShut) and robot.silent is None
    if shut:
        robot.silent, robot.silent_at, robot.silent_because = Silent.SHUT, at, str(failure)
    await session.flush()
    await _go_on(session, robot, at)
    return robot if shut else None


async def say_again(session: AsyncSession, saying: Saying, *, at: datetime) -> None:
    """Begin the attempts again, now."""
    saying.failed_at, saying.reason, saying.attempts = None, None, 0
    saying.next_attempt_at = at
    await session.flush()
    await _enqueue(session, saying.robot_id, at)


async def forget_old_sayings(session: AsyncSession, *, at: datetime, kept: timedelta) -> None:
    """Drop what nobody will ask about again."""
    await session.execute(delete(Saying).where(Saying.owed_at < at - kept))


async def fail_waiting(session: AsyncSession, robot_id: UUID, *, reason: str, at: datetime) -> None:
    """What a robot that fell silent had still to say is not said."""
    waiting = Saying.sent_at.is_(None) & Saying.failed_at.is_(None)
    await session.execute(
        update(Saying)
        .where(Saying.robot_id == robot_id, waiting, Saying.held_by.is_(None))
        .values(failed_at=at, reason=reason, next_attempt_at=None)
    )


def _settle(saying: Saying, failure: NotSaid | None, at: datetime) -> None:
    saying.held_by = saying.held_until = None
    saying.attempts += 1
    saying.last_attempt_at, saying.next_attempt_at = at, None
    saying.reason = None if failure is None else failure.reason
    if failure is None:
        saying.sent_at = at
    elif isinstance(failure, WordsRefused | RobotShut) or saying.attempts > len(WAITS):
        saying.failed_at = at
    else:
        wait = failure.wait if isinstance(failure, TooFast) else WAITS[saying.attempts - 1]
        saying.next_attempt_at = at + wait


async def _go_on(session: AsyncSession, robot: GroupRobot, at: datetime) -> None:
    """Leave a job for the robot's next turn, if something waits. Silent robots have none."""
    if robot.silent is Silent.SHUT:
        await fail_waiting(session, robot.id, reason=robot.silent_because or "", at=at)
        return
    waiting = select(Saying.next_attempt_at).where(
        Saying.robot_id == robot.id,
        Saying.sent_at.is_(None),
        Saying.failed_at.is_(None),
        Saying.held_by.is_(None),
    )
    soonest = await session.scalar(waiting.order_by(Saying.next_attempt_at).limit(1))
    if soonest is not None:
        await _enqueue(session, robot.id, max(soonest, robot.speaks_at or soonest))


def _due(robot_id: UUID, at: datetime) -> ColumnElement[bool]:
    return (
        (Saying.robot_id == robot_id)
        & Saying.sent_at.is_(None)
        & Saying.failed_at.is_(None)
        & (Saying.next_attempt_at <= at)
    )


async def _owe(session: AsyncSession, robot_id: UUID, source: UUID, event: str, number: str, at: datetime) -> None:
    made = insert(Saying).values(
        id=_saying_id(robot_id, source),
        robot_id=robot_id,
        source=source,
        event=event,
        number=number,
        owed_at=at,
        next_attempt_at=at,
        attempts=0,
    )
    if await session.scalar(made.on_conflict_do_nothing().returning(Saying.id)) is not None:
        await _enqueue(session, robot_id, at)


def _saying_id(robot_id: UUID, source: UUID) -> UUID:
    return uuid5(robot_id, str(source))


async def _enqueue(session: AsyncSession, robot_id: UUID, run_at: datetime) -> None:
    """One job for each robot and instant, however many sayings ask for it."""
    key = f"{SPEAK}:{robot_id}:{run_at.isoformat()}"
    await enqueue(session, SPEAK, {"robot": str(robot_id)}, key=key, run_at=run_at)

"""Matches as they are kept: confirmed, undone, and never two for one line.

What must hold is held by the database (revision 0026_reconciliation_rules): a line's claim is a primary key, a match
comes to what it says, and a closed month neither gains nor loses one. Here its refusals get their words.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, SmallInteger, exists, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from billing.ledger.periods import PERIOD_REFUSED, open_day
from billing.reconciliation.bulk import insert_rows
from billing.reconciliation.errors import LineTaken, MatchHeld, MatchInvalid, MatchNotFound, MatchUndone, MonthClosed
from billing.reconciliation.lines import ExternalLine, Line
from billing.reconciliation.stages import Stage, reason
from tenants.base import Base, Row, new_id
from tenants.refusals import N_, Message

_UNIQUE, _RESTRICTED = "23505", "23001"


# Characters of why a match is undone.
LONGEST_REASON = 500


class LineMatch(Row, Base):
    """A match that was confirmed. Never edited; undone by a row beside it. `fen` is external less internal."""

    __tablename__ = "line_match"

    stage: Mapped[Stage]
    is_automatic: Mapped[bool]
    score: Mapped[int] = mapped_column(SmallInteger)
    days: Mapped[int]
    lines: Mapped[int]
    derived_lines: Mapped[int]
    fen: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    booked_on: Mapped[date]
    note: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[UUID]

    @property
    def reason(self) -> Message:
        """Why these lines belong together."""
        return reason(self.stage, automatic=True, days=self.days, fen=self.fen, count=max(1, self.lines - 1))


class MatchedLine(Base):
    """A line of a match, of either side, as it was when it was matched."""

    __tablename__ = "line_match_line"

    match_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_id: Mapped[UUID] = mapped_column(primary_key=True)
    side: Mapped[str]
    source: Mapped[str]
    booked_on: Mapped[date]
    fen: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]


class LineClaim(Base):
    """Which live match a line belongs to. Written by the database alone."""

    __tablename__ = "line_claim"

    line_id: Mapped[UUID] = mapped_column(primary_key=True)
    match_id: Mapped[UUID]


class MatchUndo(Base):
    """That a match was undone, and why."""

    __tablename__ = "line_match_undo"

    match_id: Mapped[UUID] = mapped_column(primary_key=True)
    reason: Mapped[str]
    undone_at: Mapped[datetime]
    undone_by: Mapped[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """Lines to be matched, and by what: a stage of the matcher, or a person's hand."""

    lines: tuple[Line, ...]
    stage: Stage = Stage.BY_HAND
    automatic: bool = False
    score: int = 100
    note: str = ""


async def confirm_all(
    session: AsyncSession, confirmations: Sequence[Confirmation], *, by: UUID, at: datetime
) -> list[UUID]:
    """Keep these matches, all or none; their ids in the order given.

    A match counts in the month of its latest line, or, where that is closed, in the first open one. Raises LineTaken,
    MonthClosed, MatchInvalid.
    """
    ids: list[UUID] = []
    matches: list[dict[str, object]] = []
    lines: list[dict[str, object]] = []
    days: dict[date, date] = {}
    for each in confirmations:
        latest = max(line.booked_on for line in each.lines)
        if latest not in days:
            days[latest] = await open_day(session, latest)
        ids.append(new_id())
        matches.append(_match(ids[-1], each, days[latest], by, at))
        lines += [_line(ids[-1], line) for line in each.lines]
    async with refused_in_words(max(days.values(), default=at.date())):
        await insert_rows(session, LineMatch, matches)
        await insert_rows(session, MatchedLine, lines)
    return ids


async def undo(session: AsyncSession, match_id: UUID, *, reason: str, by: UUID, at: datetime) -> None:
    """Free the match's lines. Raises MatchNotFound, MatchUndone, MonthClosed, MatchHeld, MatchInvalid."""
    match = await get_match(session, match_id)
    if not reason.strip():
        raise MatchInvalid(Message(N_("请写明撤销的理由")))
    if len(reason) > LONGEST_REASON:
        raise MatchInvalid(Message(N_("撤销的理由最多 %(most)s 字"), most=LONGEST_REASON))
    made = {"match_id": match_id, "reason": reason.strip(), "undone_at": at, "undone_by": by}
    async with refused_in_words(match.booked_on, unique=MatchUndone):
        await session.execute(insert(MatchUndo), [made])


async def get_match(session: AsyncSession, match_id: UUID) -> LineMatch:
    """The match, live or undone. Raises MatchNotFound."""
    found = await session.get(LineMatch, match_id)
    if found is None:
        raise MatchNotFound
    return found


async def is_live(session: AsyncSession, match_id: UUID) -> bool:
    """Whether the match was not undone."""
    return not await session.scalar(select(exists().where(MatchUndo.match_id == match_id)))


async def find_undo(session: AsyncSession, match_id: UUID) -> MatchUndo | None:
    """By whom, when and why the match was undone, if it was."""
    return await session.get(MatchUndo, match_id)


async def lines_of(session: AsyncSession, match_id: UUID) -> Sequence[MatchedLine]:
    """The lines of the match, external ones first."""
    asked = select(MatchedLine).where(MatchedLine.match_id == match_id)
    return (await session.scalars(asked.order_by(MatchedLine.side, MatchedLine.booked_on, MatchedLine.line_id))).all()


async def claimed(session: AsyncSession, lines: Iterable[UUID]) -> set[UUID]:
    """Which of the lines belong to a live match."""
    return set(await session.scalars(select(LineClaim.line_id).where(LineClaim.line_id.in_(list(lines)))))


async def check_now(session: AsyncSession) -> None:
    """Let the database check at once what it would check as the transaction commits."""
    await session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    await session.execute(text("SET CONSTRAINTS ALL DEFERRED"))


@asynccontextmanager
async def refused_in_words(day: date, *, unique: type[LineTaken | MatchUndone] = LineTaken) -> AsyncIterator[None]:
    """What the database refuses within the block, in the words of this room."""
    try:
        yield
    except DBAPIError as error:
        match getattr(error.orig, "sqlstate", None):
            case code if code == PERIOD_REFUSED:
                raise MonthClosed(day) from None
            case code if code == _UNIQUE:
                raise unique from None
            case code if code == _RESTRICTED:
                raise MatchHeld from None
        raise


def _match(match_id: UUID, each: Confirmation, day: date, by: UUID, at: datetime) -> dict[str, object]:
    external = [line for line in each.lines if isinstance(line, ExternalLine)]
    internal = [line for line in each.lines if not isinstance(line, ExternalLine)]
    if len({line.id for line in each.lines}) != len(each.lines):
        raise LineTaken
    if len({line.currency for line in each.lines}) != 1:
        raise MatchInvalid(Message(N_("币种不同的行不能匹配")))
    if not external or (not internal) != (each.stage is Stage.EXPLAINED):
        raise MatchInvalid(Message(N_("两边都要选至少一行")))
    if each.stage is Stage.EXPLAINED and not each.note.strip():
        raise MatchInvalid(Message(N_("请写明说明")))
    booked = [line.booked_on for line in each.lines]
    return {
        "id": match_id,
        "stage": each.stage,
        "is_automatic": each.automatic,
        "score": each.score,
        "days": (max(booked) - min(booked)).days,
        "lines": len(each.lines),
        "derived_lines": 0,
        "fen": sum(line.fen for line in external) - sum(line.fen for line in internal),
        "currency": each.lines[0].currency,
        "booked_on": day,
        "note": each.note.strip(),
        "made_at": at,
        "made_by": by,
    }


def _line(match_id: UUID, line: Line) -> dict[str, object]:
    return {
        "match_id": match_id,
        "line_id": line.id,
        "side": "external" if isinstance(line, ExternalLine) else "internal",
        "source": line.source,
        "booked_on": line.booked_on,
        "fen": line.fen,
        "currency": line.currency,
    }

"""Runs of matching that go on behind the pages, with how far they are.

How far a run is, is said in transactions of its own: its matches are kept all or none, so nothing else shows it.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from tenants.base import Base, Row
from tenants.labels import Labelled
from tenants.refusals import N_

# A run that has not ended after this long will not: its job is a dead letter.
GIVEN_UP_AFTER = timedelta(hours=1)


class Step(Labelled):
    """How far a run is."""

    WAITING = "waiting", N_("等待开始")
    READING = "reading", N_("正在读取")
    MATCHING = "matching", N_("正在匹配")
    STORING = "storing", N_("正在保存")
    DONE = "done", N_("已完成")
    REFUSED = "refused", N_("未完成")


class MatchRun(Row, Base):
    """A run over the lines of one account from one day to another, both included.

    `found` certain matches, `stored` of them so far, `offered` for people to decide; `refusal` says why none was kept.
    """

    __tablename__ = "match_run"

    source: Mapped[str]
    account: Mapped[str]
    first_on: Mapped[date]
    last_on: Mapped[date]
    asked_by: Mapped[UUID]
    asked_at: Mapped[datetime]
    step: Mapped[Step]
    stored: Mapped[int]
    found: Mapped[int]
    offered: Mapped[int]
    refusal: Mapped[str]
    ended_at: Mapped[datetime | None]

    def is_going(self, at: datetime) -> bool:
        """Whether something is still to come of it."""
        return self.ended_at is None and at - self.asked_at < GIVEN_UP_AFTER

    @property
    def per_cent(self) -> int:
        """How much of it is done, as far as that is known."""
        begun = {Step.WAITING: 0, Step.READING: 5, Step.MATCHING: 30, Step.STORING: 45}.get(self.step, 100)
        return begun + 50 * self.stored // max(1, self.found) if self.step is Step.STORING else begun


async def latest_run(session: AsyncSession, source: str, account: str, *, first: date, last: date) -> MatchRun | None:
    """The last run that was asked for over these days, going or over."""
    asked = select(MatchRun).where(
        MatchRun.source == source,
        MatchRun.account == account,
        MatchRun.first_on == first,
        MatchRun.last_on == last,
    )
    return (await session.scalars(asked.order_by(MatchRun.id.desc()).limit(1))).one_or_none()


async def get_run(session: AsyncSession, run_id: UUID) -> MatchRun:
    """The run. NoResultFound for an id that is none's."""
    return (await session.scalars(select(MatchRun).where(MatchRun.id == run_id))).one()


def end(run: MatchRun, step: Step, *, at: datetime, refusal: str = "") -> None:
    """Nothing more comes of it."""
    run.step, run.ended_at, run.refusal = step, at, refusal

"""What somebody does not want to be shown any more."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from anshou.people.person import Person
from tenants.base import Base
from tenants.labels import Labelled
from tenants.refusals import N_


class Shown(Labelled):
    """What can be put away."""

    FIRST_STEPS = "first_steps", N_("开始使用")


class Dismissal(Base):
    """That a person put something away, and when (UTC)."""

    __tablename__ = "dismissal"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    shown: Mapped[Shown] = mapped_column(primary_key=True)
    at: Mapped[datetime]


async def is_dismissed(session: AsyncSession, person: Person, shown: Shown) -> bool:
    """Whether the person has put it away."""
    query = select(Dismissal.at).where(Dismissal.account_id == person.id, Dismissal.shown == shown)
    return await session.scalar(query) is not None


async def dismiss(session: AsyncSession, person: Person, shown: Shown, *, at: datetime) -> None:
    """Put it away; a second time changes nothing."""
    put_away = insert(Dismissal).values(account_id=person.id, shown=shown, at=at)
    await session.execute(put_away.on_conflict_do_nothing())


async def show_again(session: AsyncSession, person: Person, shown: Shown) -> None:
    """Take it out again."""
    await session.execute(delete(Dismissal).where(Dismissal.account_id == person.id, Dismissal.shown == shown))

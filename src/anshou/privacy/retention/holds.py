"""Legal holds: what must not be erased while a dispute, a lawsuit or an authority needs it.

An open dispute holds everything of its merchant by itself: any ticket, record or contract may be its evidence.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.privacy.retention.errors import HeldAlready, HoldLifted, HoldNotFound
from anshou.tickets.tickets import Ticket
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record
from tenants.base import Base, Row
from tenants.labels import Labelled
from tenants.refusals import N_

HOLD_PLACED = action("retention.hold_placed", N_("设置法律保全"), plain=True)
HOLD_ENDED = action("retention.hold_lifted", N_("解除法律保全"), plain=True)


class HeldThing(Labelled):
    """What a hold keeps."""

    MERCHANT = "merchant", N_("商家的全部数据")
    TICKET = "ticket", N_("一张工单")
    CONSUMER = "consumer", N_("一条消费者信息")


class HoldCause(Labelled):
    """Why it is kept."""

    DISPUTE = "dispute", N_("纠纷")
    LITIGATION = "litigation", N_("诉讼或仲裁")
    AUTHORITY = "authority", N_("主管部门要求")
    OTHER = "other", N_("其他")


class LegalHold(Row, Base):
    """One hold. `subject_id` is the merchant, ticket or consumer record. Instants are UTC."""

    __tablename__ = "legal_hold"

    merchant_id: Mapped[UUID]
    on_what: Mapped[HeldThing]
    subject_id: Mapped[UUID]
    cause: Mapped[HoldCause]
    reason: Mapped[str]
    placed_by: Mapped[UUID]
    placed_at: Mapped[datetime]
    lifted_by: Mapped[UUID | None]
    lifted_at: Mapped[datetime | None]
    lifted_because: Mapped[str | None]


class HoldGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why something is put on hold."""

    cause: Annotated[HoldCause, Meta(title=N_("原因"))]
    reason: Annotated[
        str, Meta(min_length=1, max_length=500, pattern=r"\S", title=N_("说明"), extra={"widget": "text"})
    ]


class LiftGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a hold ends."""

    because: Annotated[
        str, Meta(min_length=1, max_length=500, pattern=r"\S", title=N_("解除理由"), extra={"widget": "text"})
    ]


async def place_hold(
    session: AsyncSession,
    given: HoldGiven,
    *,
    on_what: HeldThing,
    merchant_id: UUID,
    subject_id: UUID,
    by: Person,
    at: datetime,
) -> LegalHold:
    """Keep it until the hold is lifted, whatever its period. Raises HeldAlready."""
    authorize(by, Permission.MANAGE_CONFIDENTIALITY)
    running = select(LegalHold.id).where(
        LegalHold.merchant_id == merchant_id, LegalHold.subject_id == subject_id, LegalHold.lifted_at.is_(None)
    )
    if await session.scalar(running) is not None:
        raise HeldAlready
    hold = LegalHold(
        merchant_id=merchant_id,
        on_what=on_what,
        subject_id=subject_id,
        cause=given.cause,
        reason=given.reason.strip(),
        placed_by=by.id,
        placed_at=at,
    )
    session.add(hold)
    await record(
        session,
        HOLD_PLACED,
        actor=by.actor(),
        at=at,
        subject=subject_id,
        body={"hold": str(hold.id), "on": on_what.value, "cause": given.cause.value},
    )
    await session.flush()
    return hold


async def lift_hold(session: AsyncSession, hold: LegalHold, given: LiftGiven, *, by: Person, at: datetime) -> None:
    """What it kept may be erased again when it is due. Raises HoldLifted."""
    authorize(by, Permission.MANAGE_CONFIDENTIALITY)
    await session.refresh(hold, with_for_update=True)
    if hold.lifted_at is not None:
        raise HoldLifted
    hold.lifted_at, hold.lifted_by, hold.lifted_because = at, by.id, given.because.strip()
    body = {"hold": str(hold.id), "on": hold.on_what.value}
    await record(session, HOLD_ENDED, actor=by.actor(), at=at, subject=hold.subject_id, body=body)
    await session.flush()


async def visible_hold(session: AsyncSession, hold_id: UUID, *, by: Person) -> LegalHold:
    """The hold. Raises HoldNotFound."""
    authorize(by, Permission.MANAGE_CONFIDENTIALITY)
    hold = await session.get(LegalHold, hold_id)
    if hold is None:
        raise HoldNotFound
    return hold


async def list_holds(session: AsyncSession, *, by: Person, running: bool = True, limit: int = 200) -> list[LegalHold]:
    """Holds, newest first: those that run, or those that have ended."""
    authorize(by, Permission.READ_SETTINGS)
    ended = LegalHold.lifted_at.is_(None) if running else LegalHold.lifted_at.is_not(None)
    query = select(LegalHold).where(ended).order_by(LegalHold.placed_at.desc(), LegalHold.id.desc()).limit(limit)
    return list(await session.scalars(query))


async def open_disputes(session: AsyncSession) -> Sequence[tuple[UUID, str]]:
    """The merchants that an open dispute holds, with its number."""
    found = await session.execute(
        text(
            "SELECT merchant_id, number FROM ticket WHERE kind = 'contract_dispute' AND closed_at IS NULL "
            "ORDER BY number"
        )
    )
    return [(row[0], row[1]) for row in found]


async def hold_reasons(session: AsyncSession, hold_ids: Collection[UUID]) -> dict[str, str]:
    """Why each hold was placed, by its id as text."""
    query = select(LegalHold.id, LegalHold.reason).where(LegalHold.id.in_(hold_ids))
    return {str(hold_id): reason for hold_id, reason in await session.execute(query)}


async def find_ticket(session: AsyncSession, merchant_id: UUID, number: str) -> UUID | None:
    """The merchant's ticket with this number, by id: whoever sets holds reads no ticket."""
    query = select(Ticket.id).where(Ticket.merchant_id == merchant_id, Ticket.number == number)
    return await session.scalar(query)


async def ticket_numbers(session: AsyncSession, ticket_ids: Collection[UUID]) -> dict[UUID, str]:
    """The numbers of tickets on hold."""
    query = select(Ticket.id, Ticket.number).where(Ticket.id.in_(ticket_ids))
    return {row.id: row.number for row in await session.execute(query)}

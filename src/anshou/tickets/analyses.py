"""What was found: triage, causes, the contribution of each factor. Stays inside the agency."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.people.roles import Department
from anshou.tickets import causes, data_anomaly, service_quality
from anshou.tickets.determinations import determine
from anshou.tickets.hand_overs import hand_to
from anshou.tickets.made import Made
from anshou.tickets.tickets import Ticket
from tenants.base import Base, MerchantRow


class Triage(MerchantRow, Base):
    """What a first check found."""

    __tablename__ = "triage"

    ticket_id: Mapped[UUID]
    round: Mapped[int]
    finding: Mapped[causes.TechnicalFinding]
    findings: Mapped[str]
    triaged_by: Mapped[UUID]
    triaged_at: Mapped[datetime]


class Analysis(MerchantRow, Base):
    """Why it happened. A service problem names the responsible, an anomaly its root cause."""

    __tablename__ = "analysis"

    ticket_id: Mapped[UUID]
    round: Mapped[int]
    cause: Mapped[str]
    root_cause: Mapped[causes.Factor | None]
    responsible_department: Mapped[Department | None]
    responsible_person: Mapped[UUID | None]
    analysed_by: Mapped[UUID]
    analysed_at: Mapped[datetime]


class Factor(MerchantRow, Base):
    """How much of an anomaly one factor explains, in basis points."""

    __tablename__ = "factor"

    ticket_id: Mapped[UUID]
    analysis_id: Mapped[UUID]
    factor: Mapped[causes.Factor]
    basis_points: Mapped[int]


async def write_triage(session: AsyncSession, ticket: Ticket, record: data_anomaly.Triage, made: Made) -> None:
    """Keep the finding, and hand the ticket on if another department analyses."""
    session.add(
        Triage(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            round=made.before.round,
            finding=record.finding,
            findings=record.findings,
            triaged_by=made.who,
            triaged_at=made.at,
        )
    )
    if record.department is not None or record.owner is not None:
        await hand_to(session, ticket, record.department or ticket.department, made, owner=record.owner)


async def write_analysis(session: AsyncSession, ticket: Ticket, record: service_quality.Analysis, made: Made) -> None:
    """Keep the cause, the responsible and the determination."""
    session.add(
        Analysis(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            round=made.before.round,
            cause=record.cause,
            responsible_department=record.responsible_department,
            responsible_person=record.responsible_person,
            analysed_by=made.who,
            analysed_at=made.at,
        )
    )
    await determine(session, ticket, record.responsibility, made)


async def write_root_cause(session: AsyncSession, ticket: Ticket, record: data_anomaly.RootCause, made: Made) -> None:
    """Keep the root cause with the contribution of each factor, and the determination if one is made."""
    analysis = Analysis(
        merchant_id=ticket.merchant_id,
        ticket_id=ticket.id,
        round=made.before.round,
        cause=record.explanation,
        root_cause=record.root_cause,
        analysed_by=made.who,
        analysed_at=made.at,
    )
    session.add(analysis)
    # The factors refer to it.
    await session.flush()
    session.add_all(
        Factor(
            merchant_id=ticket.merchant_id,
            ticket_id=ticket.id,
            analysis_id=analysis.id,
            factor=each.factor,
            basis_points=each.basis_points,
        )
        for each in record.contributions
    )
    if record.responsibility is not None:
        await determine(session, ticket, record.responsibility, made)

"""Runs of erasures: why, for what, what went and what stayed. A run is ordered here and carried out by the worker."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.people.permissions import Permission, authorize
from anshou.people.person import SYSTEM, Person
from anshou.privacy.retention.due import SkipReason
from anshou.privacy.retention.errors import RunNotFound
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record
from tenants.base import Base, Row
from tenants.jobs import enqueue
from tenants.labels import Labelled
from tenants.refusals import N_

ERASE = "privacy.erase"
"""The actor that carries a run out; the name is frozen, old jobs meet new workers."""

ERASURE_ORDERED = action("retention.erasure_ordered", N_("下令清除数据"), plain=True)


class RunCause(Labelled):
    """Why things are erased."""

    DAILY = "daily", N_("每日到期清除")
    MERCHANT = "merchant", N_("委托终止清除")
    REQUEST = "request", N_("个人请求清除")
    RESTORED = "restored", N_("恢复备份后重新清除")


class ErasureRun(Row, Base):
    """One run. `finished_at` is None while there is more to erase. Instants are UTC."""

    __tablename__ = "erasure_run"

    cause: Mapped[RunCause]
    of_merchant: Mapped[UUID | None]
    subjects: Mapped[dict[str, Any] | None]
    started_at: Mapped[datetime]
    started_by: Mapped[UUID | None]
    finished_at: Mapped[datetime | None]


class ErasureLine(Row, Base):
    """What went of one kind: subjects, rows blanked or deleted, files."""

    __tablename__ = "erasure_line"

    run_id: Mapped[UUID]
    kind: Mapped[str]
    subjects: Mapped[int]
    cells: Mapped[int]
    files: Mapped[int]


class ErasureSkip(Row, Base):
    """What stayed of one kind, and why. `example` is the number of the dispute or the id of the hold."""

    __tablename__ = "erasure_skip"

    run_id: Mapped[UUID]
    kind: Mapped[str]
    reason: Mapped[SkipReason]
    rows: Mapped[int]
    example: Mapped[str]


@dataclass(frozen=True, slots=True)
class ErasureReport:
    """A run with its lines. The counts are final once `run.finished_at` is set."""

    run: ErasureRun
    lines: tuple[ErasureLine, ...]
    skips: tuple[ErasureSkip, ...]

    @property
    def subjects(self) -> int:
        """How many subjects were erased."""
        return sum(line.subjects for line in self.lines)

    @property
    def kept(self) -> frozenset[tuple[str, SkipReason, int, str]]:
        """What stayed and why, to be compared with another run's."""
        return frozenset((skip.kind, skip.reason, skip.rows, skip.example) for skip in self.skips)

    @property
    def skipped(self) -> int:
        """How many were due or asked for and stayed."""
        return sum(skip.rows for skip in self.skips)


async def erase_merchant(session: AsyncSession, merchant_id: UUID, *, by: Person, at: datetime) -> ErasureRun:
    """Order that everything confidential of the merchant is erased, whatever its period, and return the run.

    The worker carries it out in batches; `read_report` tells how far it is. What a hold, an open dispute or a law
    protects stays, with its reason in the report. May be ordered again later for what stayed.
    """
    authorize(by, Permission.MANAGE_CONFIDENTIALITY)
    return await _order(session, RunCause.MERCHANT, merchant_id, None, by=by, at=at)


async def erase_subjects(
    session: AsyncSession, merchant_id: UUID, subjects: Mapping[str, Collection[UUID]], *, by: Person, at: datetime
) -> ErasureRun:
    """Order that these subjects are erased, ids by the code of their kind, as a person may request (PIPL art. 47)."""
    authorize(by, Permission.HANDLE_SUBJECT_REQUESTS)
    return await _order(session, RunCause.REQUEST, merchant_id, subjects, by=by, at=at)


async def begin_daily_run(session: AsyncSession, *, at: datetime) -> ErasureRun:
    """A run for whatever is due by its period."""
    run = ErasureRun(cause=RunCause.DAILY, started_at=at, started_by=SYSTEM.id)
    session.add(run)
    await session.flush()
    return run


async def order(session: AsyncSession, run_id: UUID, *, batch: int = 0) -> None:
    """Leave the job for a batch of the run."""
    payload: dict[str, str | int] = {"run": str(run_id), "batch": batch}
    await enqueue(session, ERASE, payload, key=f"erase:{run_id}:{batch}", queue="bulk")


async def find_open_run(session: AsyncSession, run_id: UUID) -> ErasureRun | None:
    """The run, unless it is finished or unknown."""
    return await session.scalar(select(ErasureRun).where(ErasureRun.id == run_id, ErasureRun.finished_at.is_(None)))


async def read_report(session: AsyncSession, run_id: UUID) -> ErasureReport:
    """What a run has erased so far and what stayed. In the agency's context; raises RunNotFound."""
    run = await session.get(ErasureRun, run_id, populate_existing=True)
    if run is None:
        raise RunNotFound
    lines = await session.scalars(select(ErasureLine).where(ErasureLine.run_id == run_id).order_by(ErasureLine.kind))
    skips = await session.scalars(
        select(ErasureSkip).where(ErasureSkip.run_id == run_id).order_by(ErasureSkip.kind, ErasureSkip.reason)
    )
    return ErasureReport(run, tuple(lines), tuple(skips))


async def kept_the_day_before(session: AsyncSession, run: ErasureRun) -> frozenset[tuple[str, SkipReason, int, str]]:
    """What the daily run before this one left where it was; nothing if there was none."""
    before = select(ErasureRun.id).where(
        ErasureRun.cause == RunCause.DAILY, ErasureRun.finished_at.is_not(None), ErasureRun.id < run.id
    )
    found = await session.scalar(before.order_by(ErasureRun.id.desc()).limit(1))
    return frozenset() if found is None else (await read_report(session, found)).kept


async def list_runs(session: AsyncSession, *, by: Person, limit: int = 30) -> list[ErasureReport]:
    """The latest runs with what they did, newest first."""
    authorize(by, Permission.READ_SETTINGS)
    newest = select(ErasureRun).order_by(ErasureRun.started_at.desc(), ErasureRun.id.desc()).limit(limit)
    runs = list(await session.scalars(newest))
    ids = [run.id for run in runs]
    lines = list(await session.scalars(select(ErasureLine).where(ErasureLine.run_id.in_(ids))))
    skips = list(await session.scalars(select(ErasureSkip).where(ErasureSkip.run_id.in_(ids))))
    return [
        ErasureReport(
            run,
            tuple(line for line in lines if line.run_id == run.id),
            tuple(skip for skip in skips if skip.run_id == run.id),
        )
        for run in runs
    ]


async def _order(
    session: AsyncSession,
    cause: RunCause,
    merchant_id: UUID,
    subjects: Mapping[str, Collection[UUID]] | None,
    *,
    by: Person,
    at: datetime,
) -> ErasureRun:
    named = None if subjects is None else {kind: sorted(map(str, ids)) for kind, ids in subjects.items()}
    run = ErasureRun(cause=cause, of_merchant=merchant_id, subjects=named, started_at=at, started_by=by.id)
    session.add(run)
    body = {"run": str(run.id), "cause": cause.value, "subjects": named}
    await record(session, ERASURE_ORDERED, actor=by.actor(), at=at, owner=merchant_id, subject=run.id, body=body)
    await session.flush()
    await order(session, run.id)
    return run

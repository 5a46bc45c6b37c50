"""Carrying erasures out, batch by batch: each on the list outside first, then files, then rows, in one transaction.

Whoever dies in between leaves a batch on the list that the database does not know; the next one carries it out before
anything else. The same happens after a backup was restored, for every batch that the backup does not know.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import SYSTEM
from anshou.people.roles import Role
from anshou.privacy.retention.due import Wanted, count_held, find_due, storage_keys
from anshou.privacy.retention.erased_cells import note_erased
from anshou.privacy.retention.erasure_list import Batch, ErasureList
from anshou.privacy.retention.periods import period_in, read_periods
from anshou.privacy.retention.registry import KINDS, LISTED
from anshou.privacy.retention.runs import (
    ErasureLine,
    ErasureRun,
    ErasureSkip,
    RunCause,
    kept_the_day_before,
    read_report,
)
from anshou.privacy.telling import tell_roles
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record
from confidentiality.keys.file_places import forget_erased
from tenants.base import new_id
from tenants.erasing import Erasure, Head, erase_batch, lock_head
from tenants.refusals import N_
from tenants.registry import Tenant
from tenants.storage import ObjectStorage

# Subjects in one batch, and so in one transaction.
BATCH = 100

ERASED = action("retention.erased", N_("清除数据"), plain=True)
RUN_FINISHED = "erasure_finished"


async def erase_next(
    session: AsyncSession, storage: ObjectStorage, listing: ErasureList, run: ErasureRun, *, at: datetime
) -> bool:
    """One batch: one that stands on the list and was not carried out, else the next of the run. False: all is done.

    In the agency's context. Raises ErasureListBroken.
    """
    head = await lock_head(session)
    if await _carry_out_listed(session, storage, listing, head):
        return True
    tenant: Tenant = session.info["tenant"]
    for wanted in await _wanted(session, run, at):
        found = await find_due(session, wanted, most=BATCH)
        if found:
            batch = Batch(
                tenant=tenant.id,
                number=head.number + 1,
                previous=head.mac,
                run=run.id,
                at=at,
                subjects={wanted.kind.code: tuple(found)},
                files=tuple(await storage_keys(session, wanted.kind, found)),
            )
            await _carry_out(session, storage, batch, await listing.write(batch))
            return True
    await _finish(session, run, at=at)
    return False


async def erase_again(session: AsyncSession, storage: ObjectStorage, listing: ErasureList) -> bool:
    """Carry out the next batch that stands on the list and that this database does not know. False: there is none."""
    return await _carry_out_listed(session, storage, listing, await lock_head(session))


async def _carry_out_listed(session: AsyncSession, storage: ObjectStorage, listing: ErasureList, head: Head) -> bool:
    tenant: Tenant = session.info["tenant"]
    listed = await listing.read(tenant.id, head.number + 1, after=head.mac)
    if listed is None:
        return False
    await _carry_out(session, storage, *listed)
    return True


async def _carry_out(session: AsyncSession, storage: ObjectStorage, batch: Batch, mac: str) -> None:
    # Files before rows: the batch is on the list, so the rows will go whatever happens now, and then nothing would
    # name the files any more.
    for key in (*batch.files, *await forget_erased(session, batch.files, at=batch.at)):
        await storage.delete(key)
    erasures = [
        Erasure(kind=code, table=KINDS[code].table, subjects=subjects, contents=KINDS[code].contents)
        for code, subjects in batch.subjects.items()
    ]
    await note_erased(session, erasures)
    counted = await erase_batch(session, erasures, run=batch.run, head=Head(batch.number, mac), at=batch.at)
    # A backup may be older than the run.
    unknown = insert(ErasureRun).values(
        id=batch.run, cause=RunCause.RESTORED, started_at=batch.at, started_by=SYSTEM.id, finished_at=batch.at
    )
    await session.execute(unknown.on_conflict_do_nothing())
    for code, subjects in batch.subjects.items():
        line = insert(ErasureLine).values(
            id=new_id(),
            run_id=batch.run,
            kind=code,
            subjects=len(subjects),
            cells=counted.get(code, 0),
            files=len(batch.files),
        )
        await session.execute(
            line.on_conflict_do_update(
                index_elements=["run_id", "kind"],
                set_={
                    "subjects": ErasureLine.subjects + line.excluded.subjects,
                    "cells": ErasureLine.cells + line.excluded.cells,
                    "files": ErasureLine.files + line.excluded.files,
                },
            )
        )
        for merchant in sorted({merchant for _, merchant in subjects}, key=str):
            ids = [str(subject) for subject, of in subjects if of == merchant]
            body = {"run": str(batch.run), "batch": batch.number, "kind": code, "subjects": ids}
            await record(session, ERASED, actor=SYSTEM.actor(), at=batch.at, owner=merchant, body=body)


async def _wanted(session: AsyncSession, run: ErasureRun, at: datetime) -> list[Wanted]:
    """What the run is for, kind by kind."""
    if run.subjects is not None:
        return [
            Wanted(kind=KINDS[code], merchant=run.of_merchant, ids=[UUID(one) for one in ids])
            for code, ids in run.subjects.items()
        ]
    if run.of_merchant is not None:
        # A law that asks for a time asks for it also when the merchant goes.
        return [
            Wanted(
                kind=kind,
                merchant=run.of_merchant,
                law_before=None if kind.minimum is None else kind.before(at, kind.minimum.value),
            )
            for kind in LISTED
        ]
    periods = await read_periods(session)
    return [Wanted(kind=kind, before=period_in(periods, kind).before(at)) for kind in LISTED]


async def _finish(session: AsyncSession, run: ErasureRun, *, at: datetime) -> None:
    """Note what stayed and why, and tell those who set the periods if there is something to tell."""
    for wanted in await _wanted(session, run, at):
        for (reason, example), rows in (await count_held(session, wanted)).items():
            session.add(ErasureSkip(run_id=run.id, kind=wanted.kind.code, reason=reason, rows=rows, example=example))
    run.finished_at = at
    await session.flush()
    report = await read_report(session, run.id)
    # What a hold keeps it keeps every day: that is news once.
    if report.lines or report.kept != await kept_the_day_before(session, report.run):
        await tell_roles(session, RUN_FINISHED, Role.AGENCY_ADMIN, subject=run.id)

"""Decoys: whoever touches one is told of to those who watch, and notices nothing."""

from email.message import EmailMessage

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from anshou.people.errors import PermissionMissing
from anshou.people.notices import Notice
from anshou.people.roles import Role
from anshou.privacy.decoys import (
    Decoy,
    DecoyAlarm,
    lift_decoy,
    list_decoy_alarms,
    list_decoys,
    plant_decoy,
)
from anshou.privacy.errors import DecoyNotFound
from anshou.privacy.masked_lists import digest_of, record_masked_list
from anshou.privacy.reveal_rules import RevealRules, change_reveal_rules
from anshou.privacy.reveals import RevealAlarm
from anshou.privacy.watching import LOOK_FOR_DECOYS, Touch
from anshou.worker.actors import ACTORS
from tenants.base import new_id
from tests.cast import NOW
from tests.database import Database
from tests.privacy.secrets import PHONE, RevealDesk
from tests.worker.workshop import plan, until, working


async def plant(desk: RevealDesk) -> Decoy:
    """The administrator marks the row as bait."""
    admin = desk.cast.admin
    async with desk.begin(admin)() as session:
        return await plant_decoy(session, "trial_secret", desk.row, desk.cast.yunshan.id, note="试探", by=admin, at=NOW)


async def told(desk: RevealDesk, event: str) -> set[object]:
    """Who has a notice of that event."""
    async with desk.begin(desk.cast.admin)() as session:
        return set(await session.scalars(select(Notice.account_id).where(Notice.event == event)))


async def test_revealing_a_decoy_alarms_the_auditor_and_the_administrator(
    reveals: RevealDesk, database: Database
) -> None:
    await plant(reveals)
    # To whoever reveals it is a field like any other.
    assert (await reveals.reveal(reveals.cast.account_manager)).text == PHONE

    async def alarmed() -> bool:
        return len(await told(reveals, "decoy_touched")) == 2

    async with working(plan(database, ACTORS)):
        await until(alarmed)
    assert await told(reveals, "decoy_touched") == {reveals.cast.auditor.id, reveals.cast.admin.id}
    async with reveals.begin(reveals.cast.auditor)() as session:
        (alarm,) = (await list_decoy_alarms(session, by=reveals.cast.auditor)).rows
    assert (alarm.account_id, alarm.touch, alarm.touched_at) == (
        reveals.cast.account_manager.id,
        Touch.REVEALED,
        NOW,
    )
    (leaf,) = await reveals.leaves("decoy.touched")
    assert (leaf.actor_id, leaf.merchant_id) == (reveals.cast.account_manager.id, None)


async def test_a_list_with_a_decoy_alarms_and_one_without_does_not(reveals: RevealDesk, database: Database) -> None:
    await plant(reveals)
    manager, merchant = reveals.cast.account_manager, reveals.cast.yunshan.id
    async with reveals.begin(manager)() as session:
        await record_masked_list(session, "trial_secret", [new_id()], merchant_id=merchant, by=manager, at=NOW)
        await record_masked_list(
            session, "trial_secret", [new_id(), reveals.row], merchant_id=merchant, found=True, by=manager, at=NOW
        )

    async def worked_off() -> bool:
        superuser = await database.connect_as_superuser()
        try:
            open_jobs = "SELECT count(*) FROM control.job WHERE actor = $1 AND state <> 'done'"
            return await superuser.fetchval(open_jobs, LOOK_FOR_DECOYS) == 0
        finally:
            await superuser.close()

    async with working(plan(database, ACTORS)):
        await until(worked_off)
    async with reveals.begin(reveals.cast.admin)() as session:
        (alarm,) = (await list_decoy_alarms(session, by=reveals.cast.admin)).rows
    assert alarm.touch is Touch.FOUND


async def test_a_list_leaves_one_leaf_with_count_and_digest(reveals: RevealDesk) -> None:
    manager, rows = reveals.cast.account_manager, [new_id() for _ in range(3)]
    async with reveals.begin(manager)() as session:
        await record_masked_list(session, "trial_secret", rows, merchant_id=reveals.cast.yunshan.id, by=manager, at=NOW)
        assert (
            await record_masked_list(
                session, "trial_secret", [], merchant_id=reveals.cast.yunshan.id, by=manager, at=NOW
            )
            is None
        )
    assert await reveals.actions() == ["reveal.list_masked"]
    assert digest_of(rows) == digest_of([*reversed(rows), rows[0]]) != digest_of(rows[:2])


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.AGENCY_ADMIN, Role.AUDITOR}])
async def test_whoever_works_cannot_read_that_there_are_decoys(reveals: RevealDesk, role: Role) -> None:
    await plant(reveals)
    person = reveals.cast.everybody[role]
    async with reveals.begin(person)() as session:
        assert await session.scalar(select(func.count()).select_from(Decoy)) == 0
        assert await session.scalar(select(func.count()).select_from(DecoyAlarm)) == 0
        with pytest.raises(PermissionMissing):
            await list_decoys(session, by=person)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.SERVICE_AGENT, Role.MERCHANT_OWNER])
async def test_whoever_works_cannot_write_a_decoy_either(reveals: RevealDesk, role: Role) -> None:
    person = reveals.cast.everybody[role]
    with pytest.raises(DBAPIError):
        async with reveals.begin(person)() as session:
            await session.execute(
                text(
                    "INSERT INTO decoy (id, merchant_id, subject_table, row_id, note, planted_at, planted_by) "
                    "VALUES (:id, :merchant, 'x', :id, '', now(), :by)"
                ),
                {"id": new_id(), "merchant": reveals.cast.yunshan.id, "by": person.id},
            )


async def test_the_same_is_left_behind_whether_a_row_is_a_decoy_or_not(reveals: RevealDesk, database: Database) -> None:
    await reveals.reveal(reveals.cast.account_manager)
    await plant(reveals)
    await reveals.reveal(reveals.cast.account_manager)
    plain, decoy = await reveals.jobs(database, LOOK_FOR_DECOYS)
    assert plain == decoy


async def test_a_lifted_decoy_is_watched_no_longer(reveals: RevealDesk) -> None:
    decoy = await plant(reveals)
    admin = reveals.cast.admin
    async with reveals.begin(admin)() as session:
        await lift_decoy(session, decoy.id, by=admin, at=NOW)
    with pytest.raises(DecoyNotFound):
        async with reveals.begin(admin)() as session:
            await lift_decoy(session, decoy.id, by=admin, at=NOW)
    assert await reveals.actions("decoy.") == ["decoy.planted", "decoy.lifted"]


async def test_the_leaves_of_decoys_are_not_the_merchants(reveals: RevealDesk) -> None:
    await plant(reveals)
    assert [leaf.merchant_id for leaf in await reveals.leaves("decoy.")] == [None]


async def test_the_alarm_of_the_limit_reaches_the_supervisor_by_notice_and_mail(
    reveals: RevealDesk, database: Database
) -> None:
    async with reveals.begin(reveals.cast.admin)() as session:
        await change_reveal_rules(session, RevealRules(per_hour=1), by=reveals.cast.admin, at=NOW)
    await reveals.reveal(reveals.cast.account_manager)
    made = plan(database, ACTORS)

    def letters() -> list[EmailMessage]:
        return [each for each in made.outside.mail.letters if each["To"] == "supervisor@agency.example"]

    async def written() -> bool:
        return bool(letters())

    async with working(made):
        await until(written)
    assert await told(reveals, "reveal_limit") == {reveals.cast.supervisor.id}
    (letter,) = letters()
    assert letter["Subject"] == "有新的事项，请查看"
    said = letter.get_content()
    assert "林悦" not in said
    assert PHONE not in said
    assert reveals.number not in said
    async with reveals.begin(reveals.cast.supervisor)() as session:
        (alarm,) = await session.scalars(select(RevealAlarm))
    assert (alarm.account_id, alarm.shown) == (reveals.cast.account_manager.id, 1)

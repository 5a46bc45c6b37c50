"""A merchant objects to a reveal, and a supervisor answers within the clock."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from anshou.people.errors import PermissionMissing
from anshou.people.roles import Role
from anshou.privacy.errors import (
    AlreadyObjected,
    ObjectionAnswered,
    ObjectionNotFound,
    OwnReveal,
    OwnRevealJudged,
    RevealNotFound,
)
from anshou.privacy.objections import (
    REMIND_OF_OBJECTION,
    Objection,
    Outcome,
    Reason,
    Verdict,
    answer_objection,
    count_unanswered,
    object_to,
    remind_of_objection,
)
from anshou.privacy.seen import NO_FILTERS, SeenFilters, list_seen, reveals_of_row, visible_seen
from anshou.privacy.telling import TELL_OWNERS, TELL_ROLES
from tests.cast import NOW
from tests.database import Database
from tests.privacy.secrets import RevealDesk

WHY = Reason(reason="这张工单与该消费者电话无关，为何查看？")
UPHELD = Verdict(outcome=Outcome.UPHELD, explanation="查看确无必要，已提醒当事人。")


async def object_as_owner(desk: RevealDesk) -> Objection:
    """The owner of 云杉 objects to the first reveal."""
    (reveal, *_) = await desk.reveals()
    async with desk.begin(desk.cast.owner)() as session:
        return await object_to(session, reveal.id, WHY, by=desk.cast.owner, at=NOW)


async def test_an_objection_is_due_after_workdays_and_waits_for_the_supervisors(
    reveals: RevealDesk, database: Database
) -> None:
    await reveals.reveal(reveals.cast.account_manager)
    objection = await object_as_owner(reveals)
    # Monday; three workdays later service ends at 18:00 in Shanghai.
    assert objection.due_at == datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
    (told,) = await reveals.jobs(database, TELL_ROLES)
    assert (told["event"], told["roles"], told["subject"]) == ("reveal_objection", "supervisor", str(objection.id))
    assert WHY.reason not in str(told)
    assert await reveals.jobs(database, REMIND_OF_OBJECTION) == [{"objection": str(objection.id)}]
    async with reveals.begin(reveals.cast.supervisor)() as session:
        assert await count_unanswered(session, by=reveals.cast.supervisor) == 1
        assert await count_unanswered(session, by=reveals.cast.auditor) == 0
    assert await reveals.actions("reveal.objection") == ["reveal.objection_raised"]


async def test_the_merchant_reads_the_answer_whole(reveals: RevealDesk, database: Database) -> None:
    await reveals.reveal(reveals.cast.account_manager)
    objection = await object_as_owner(reveals)
    supervisor = reveals.cast.supervisor
    async with reveals.begin(supervisor)() as session:
        await answer_objection(session, objection.id, UPHELD, by=supervisor, at=NOW + timedelta(hours=3))
        assert await count_unanswered(session, by=supervisor) == 0
    async with reveals.begin(reveals.cast.owner)() as session:
        (line,) = (await list_seen(session, reveals.cast.owner)).lines
    assert (line.reason, line.outcome, line.explanation) == (WHY.reason, Outcome.UPHELD, UPHELD.explanation)
    assert (line.answered_by_name, line.answered_at) == ("韦华", NOW + timedelta(hours=3))
    (told,) = await reveals.jobs(database, TELL_OWNERS)
    assert (told["event"], told["merchant"]) == ("reveal_objection_answered", str(reveals.cast.yunshan.id))
    assert await reveals.actions("reveal.objection") == ["reveal.objection_raised", "reveal.objection_answered"]


async def test_one_reveal_is_objected_to_once_and_answered_once(reveals: RevealDesk) -> None:
    await reveals.reveal(reveals.cast.account_manager)
    objection = await object_as_owner(reveals)
    with pytest.raises(AlreadyObjected):
        await object_as_owner(reveals)
    supervisor = reveals.cast.supervisor
    async with reveals.begin(supervisor)() as session:
        await answer_objection(session, objection.id, UPHELD, by=supervisor, at=NOW)
    with pytest.raises(ObjectionAnswered):
        async with reveals.begin(supervisor)() as session:
            await answer_objection(session, objection.id, UPHELD, by=supervisor, at=NOW)


async def test_nobody_judges_their_own_reveal(reveals: RevealDesk) -> None:
    supervisor = reveals.cast.supervisor
    await reveals.run("UPDATE ticket SET department = 'operations'")
    await reveals.reveal(supervisor)
    objection = await object_as_owner(reveals)
    with pytest.raises(OwnRevealJudged):
        async with reveals.begin(supervisor)() as session:
            await answer_objection(session, objection.id, UPHELD, by=supervisor, at=NOW)


async def test_a_merchant_does_not_object_to_its_own_people(reveals: RevealDesk) -> None:
    await reveals.reveal(reveals.cast.member)
    with pytest.raises(OwnReveal):
        await object_as_owner(reveals)


async def test_another_merchant_neither_sees_nor_objects(reveals: RevealDesk) -> None:
    await reveals.reveal(reveals.cast.account_manager)
    stranger = reveals.cast.other_owner
    (reveal,) = await reveals.reveals()
    async with reveals.begin(stranger)() as session:
        assert (await list_seen(session, stranger, SeenFilters(merchant=reveal.merchant_id))).lines == ()
    for attempt in ("see", "object"):
        with pytest.raises(RevealNotFound):
            async with reveals.begin(stranger)() as session:
                if attempt == "see":
                    await visible_seen(session, stranger, reveal.id)
                else:
                    await object_to(session, reveal.id, WHY, by=stranger, at=NOW)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SUPERVISOR])
async def test_only_a_supervisor_answers(reveals: RevealDesk, role: Role) -> None:
    await reveals.reveal(reveals.cast.account_manager)
    objection = await object_as_owner(reveals)
    person = reveals.cast.everybody[role]
    with pytest.raises(PermissionMissing):
        async with reveals.begin(person)() as session:
            await answer_objection(session, objection.id, UPHELD, by=person, at=NOW)


async def test_only_the_owner_objects(reveals: RevealDesk) -> None:
    await reveals.reveal(reveals.cast.account_manager)
    (reveal,) = await reveals.reveals()
    with pytest.raises(PermissionMissing):
        async with reveals.begin(reveals.cast.member)() as session:
            await object_to(session, reveal.id, WHY, by=reveals.cast.member, at=NOW)


async def test_an_objection_that_nobody_answered_goes_higher(reveals: RevealDesk, database: Database) -> None:
    await reveals.reveal(reveals.cast.account_manager)
    objection = await object_as_owner(reveals)
    supervisor = reveals.cast.supervisor
    async with reveals.begin(supervisor)() as session:
        await remind_of_objection(session, objection.id)
    assert [job["roles"] for job in await reveals.jobs(database, TELL_ROLES)] == ["supervisor", "supervisor executive"]
    async with reveals.begin(supervisor)() as session:
        await answer_objection(session, objection.id, UPHELD, by=supervisor, at=NOW)
        await remind_of_objection(session, objection.id)
    assert len(await reveals.jobs(database, TELL_ROLES)) == 2


async def test_an_objection_that_there_is_not_is_not_found(reveals: RevealDesk) -> None:
    with pytest.raises(ObjectionNotFound):
        async with reveals.begin(reveals.cast.supervisor)() as session:
            await answer_objection(session, reveals.row, UPHELD, by=reveals.cast.supervisor, at=NOW)


async def test_what_was_seen_and_said_is_never_rewritten(reveals: RevealDesk) -> None:
    await reveals.reveal(reveals.cast.account_manager)
    await object_as_owner(reveals)
    for table in ("reveal", "reveal_copy", "reveal_objection", "reveal_objection_answer"):
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id"):
            with pytest.raises(DBAPIError):
                async with reveals.begin(reveals.cast.admin)() as session:
                    await session.execute(text(statement))


async def test_lists_narrow_page_and_tell_how_often_something_was_copied(reveals: RevealDesk) -> None:
    manager, agent = reveals.cast.account_manager, reveals.cast.service_agent
    for minute in range(3):
        await reveals.reveal(manager, at=NOW + timedelta(minutes=minute))
    await reveals.reveal(agent, at=NOW + timedelta(minutes=9), purpose="claim")
    auditor = reveals.cast.auditor
    async with reveals.begin(auditor)() as session:
        first = await list_seen(session, auditor, limit=3)
        rest = await list_seen(session, auditor, NO_FILTERS, after=first.after, limit=3)
        assert [line.viewer_id for line in (*first.lines, *rest.lines)] == [agent.id, *[manager.id] * 3]
        assert rest.after is None
        assert [line.purpose for line in (await list_seen(session, auditor, SeenFilters(viewer=agent.id))).lines] == [
            "claim"
        ]
        assert len((await list_seen(session, auditor, SeenFilters(since=NOW + timedelta(minutes=2)))).lines) == 2
        assert (await list_seen(session, auditor, SeenFilters(unanswered=True))).lines == ()
        assert len(await reveals_of_row(session, "trial_secret", reveals.row, by=auditor)) == 4


async def test_an_agent_hands_a_consumer_the_list_of_who_saw_their_record(reveals: RevealDesk) -> None:
    manager = reveals.cast.account_manager
    await reveals.reveal(manager)
    async with reveals.begin(manager)() as session:
        (line,) = await reveals_of_row(session, "trial_secret", reveals.row, by=manager)
    assert (line.viewer_name, line.purpose, line.ticket_number) == ("林悦", "verify_order", reveals.number)
    with pytest.raises(PermissionMissing):
        async with reveals.begin(reveals.cast.specialist)() as session:
            await reveals_of_row(session, "trial_secret", reveals.row, by=reveals.cast.specialist)

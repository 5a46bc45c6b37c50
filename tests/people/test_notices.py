"""Notices are one person's own, left once, and a letter goes out only where it says something new."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.accounts import Account, Credential, Locale
from anshou.people.errors import NoticeNotFound
from anshou.people.letters import (
    QUIET,
    Letter,
    find_owed_letter,
    mark_refused,
    mark_sent,
    owe_letters,
)
from anshou.people.notices import (
    KEPT,
    Notice,
    count_unread,
    forget_old_notices,
    leave_notices,
    list_notices,
    mark_read,
    visible_notice,
)
from anshou.people.person import SYSTEM, Person
from tests.cast import NOW, Anhe, settle
from tests.conftest import ActAs

TICKET, OTHER_TICKET = uuid4(), uuid4()


@pytest.fixture
async def cast(session: AsyncSession) -> Anhe:
    return await settle(session)


async def leave(
    session: AsyncSession,
    *people: Person,
    source: UUID | None = None,
    ticket: UUID = TICKET,
    acting_for: UUID | None = None,
    after: timedelta = timedelta(0),
) -> list[Notice]:
    return await leave_notices(
        session,
        [person.id for person in people],
        source=source or uuid4(),
        event="message",
        subject_id=ticket,
        number="FW2611-00001",
        acting_for=acting_for,
        at=NOW + after,
    )


async def test_of_one_event_everybody_is_told_once_however_often_the_job_is_done(
    session: AsyncSession, cast: Anhe
) -> None:
    event = uuid4()
    first = await leave(session, cast.specialist, cast.supervisor, cast.specialist, source=event)
    assert {notice.account_id for notice in first} == {cast.specialist.id, cast.supervisor.id}
    again = await leave(session, cast.specialist, cast.supervisor, cast.executive, source=event)
    assert [notice.account_id for notice in again] == [cast.executive.id]
    assert len(list(await session.scalars(select(Notice)))) == 3


async def test_everybody_reads_their_own_notices_in_whatever_context_they_work(
    session: AsyncSession, cast: Anhe, act_as: ActAs
) -> None:
    people = [cast.account_manager, cast.supervisor]
    for person in people:
        await leave(session, person)
    await leave(session, cast.owner, acting_for=cast.yunshan.id)
    for person in [*people, cast.owner]:
        await act_as(person.context())
        (notice,) = await list_notices(session, person)
        assert notice.account_id == person.id
        assert await count_unread(session, person) == 1
    await act_as(cast.member.context())
    assert await list_notices(session, cast.member) == []
    with pytest.raises(NoticeNotFound):
        await visible_notice(session, cast.member, notice.id)


async def test_the_database_itself_keeps_other_peoples_notices_from_a_merchant(
    session: AsyncSession, cast: Anhe, act_as: ActAs
) -> None:
    await leave(session, cast.owner, acting_for=cast.yunshan.id)
    await act_as(cast.member.context())
    assert list(await session.scalars(select(Notice.id))) == []
    await session.execute(update(Notice).values(number="taken"))
    await act_as(SYSTEM.context())
    assert list(await session.scalars(select(Notice.number))) == ["FW2611-00001"]


async def test_who_acts_for_one_merchant_sees_what_waits_for_them_there(session: AsyncSession, cast: Anhe) -> None:
    await leave(session, cast.owner, acting_for=cast.yunshan.id)
    (elsewhere,) = await leave(session, cast.owner, acting_for=cast.qinghe.id)
    assert [notice.acting_for for notice in await list_notices(session, cast.owner)] == [cast.yunshan.id]
    assert await count_unread(session, cast.owner) == 1
    # A link from a letter is followed before the person has chosen for whom to act.
    assert (await visible_notice(session, cast.owner, elsewhere.id)).acting_for == cast.qinghe.id


async def test_opening_a_ticket_reads_its_notices_and_no_others(session: AsyncSession, cast: Anhe) -> None:
    await leave(session, cast.specialist)
    await leave(session, cast.specialist, after=timedelta(minutes=1))
    await leave(session, cast.specialist, ticket=OTHER_TICKET)
    await leave(session, cast.supervisor)
    await mark_read(session, cast.specialist, subject_id=TICKET, at=NOW)
    (left,) = await list_notices(session, cast.specialist, unread_only=True)
    assert left.subject_id == OTHER_TICKET
    assert await count_unread(session, cast.supervisor) == 1
    await mark_read(session, cast.specialist, at=NOW)
    assert await count_unread(session, cast.specialist) == 0
    assert len(await list_notices(session, cast.specialist)) == 3


async def test_notices_are_paged_newest_first_without_gaps_or_doubles(session: AsyncSession, cast: Anhe) -> None:
    for number in range(7):
        # Three of them at the same instant.
        await leave(session, cast.specialist, after=timedelta(minutes=max(number - 2, 0)))
    pages, after = [], None
    while page := await list_notices(session, cast.specialist, after=after, limit=2):
        pages += page
        after = (page[-1].left_at, page[-1].id)
    assert len({notice.id for notice in pages}) == len(pages) == 7
    assert [notice.left_at for notice in pages] == sorted((notice.left_at for notice in pages), reverse=True)


async def test_a_letter_is_owed_once_to_everybody_who_can_be_reached(session: AsyncSession, cast: Anhe) -> None:
    await session.execute(update(Credential).where(Credential.account_id == cast.finance.id).values(email=None))
    await session.execute(update(Account).where(Account.id == cast.auditor.id).values(suspended_at=NOW))
    notices = await leave(session, cast.specialist, cast.finance, cast.auditor)
    (letter_id,) = await owe_letters(session, notices, at=NOW)
    assert await owe_letters(session, notices, at=NOW) == []
    letter = await find_owed_letter(session, letter_id)
    assert letter is not None
    assert (letter.to, letter.number, letter.locale) == ("specialist@agency.example", "FW2611-00001", Locale.CHINESE)


async def test_a_second_letter_about_a_ticket_waits_until_the_person_has_looked_or_an_hour_has_passed(
    session: AsyncSession, cast: Anhe
) -> None:
    async def owed(after: timedelta, ticket: UUID = TICKET) -> int:
        notices = await leave(session, cast.specialist, ticket=ticket, after=after)
        return len(await owe_letters(session, notices, at=NOW + after))

    assert await owed(timedelta(0)) == 1
    assert await owed(timedelta(minutes=5)) == 0
    assert await owed(timedelta(minutes=5), OTHER_TICKET) == 1
    assert await owed(QUIET + timedelta(minutes=6)) == 1
    assert await owed(QUIET + timedelta(minutes=7)) == 0
    await mark_read(session, cast.specialist, at=NOW)
    assert await owed(QUIET + timedelta(minutes=8)) == 1


@pytest.mark.parametrize("end", ["sent", "refused", "read", "suspended", "address gone"])
async def test_a_letter_that_has_become_pointless_is_no_longer_owed(
    session: AsyncSession, cast: Anhe, end: str
) -> None:
    (letter_id,) = await owe_letters(session, await leave(session, cast.specialist), at=NOW)
    assert await find_owed_letter(session, letter_id) is not None
    match end:
        case "sent":
            await mark_sent(session, letter_id, at=NOW)
        case "refused":
            await mark_refused(session, letter_id, at=NOW)
        case "read":
            await mark_read(session, cast.specialist, at=NOW)
        case "suspended":
            await session.execute(update(Account).where(Account.id == cast.specialist.id).values(suspended_at=NOW))
        case _:
            await session.execute(update(Credential).values(email=None))
    assert await find_owed_letter(session, letter_id) is None


async def test_old_notices_are_forgotten_with_their_letters(session: AsyncSession, cast: Anhe) -> None:
    await owe_letters(session, await leave(session, cast.specialist), at=NOW)
    (kept,) = await leave(session, cast.specialist, after=timedelta(days=1))
    await forget_old_notices(session, at=NOW + KEPT + timedelta(hours=1))
    assert [notice.id for notice in await session.scalars(select(Notice))] == [kept.id]
    assert list(await session.scalars(select(Letter))) == []

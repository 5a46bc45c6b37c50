"""People are mailed what they wish, when they wish it; the notice in the portal is left always."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.notifying.kinds import EventKind, kind_of
from anshou.notifying.mailing import owe_mail
from anshou.notifying.wishes import (
    BUILT_IN,
    Mailing,
    Rhythm,
    Wishes,
    choose,
    choose_for_role,
    choose_nothing,
    loudest,
    own_wishes,
)
from anshou.people.errors import PermissionMissing
from anshou.people.letters import Letter, find_owed_digest, mark_all_sent, mark_untaken
from anshou.people.notices import Notice, leave_notices, list_notices, mark_read
from anshou.people.person import Person
from anshou.people.roles import Role
from anshou.portal.notices import wording
from anshou.tickets.processes import PROCESSES
from tenants.base import new_id
from tenants.shapes import ShapeInvalid, accept
from tests.cast import NOW, Anhe, settle

# 2026-11-23 is a Monday; NOW is 10:00 in Shanghai.
NIGHT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
QUIET = {"quiet_from": "22:00", "quiet_until": "08:00"}


@pytest.fixture
async def anhe(session: AsyncSession) -> Anhe:
    return await settle(session)


async def happens(
    session: AsyncSession, person: Person, event: str, at: datetime, number: str = "FW2611-00001", subject: int = 1
) -> Notice:
    [notice] = await leave_notices(
        session, [person.id], source=new_id(), event=event, subject_id=UUID(int=subject), number=number, at=at
    )
    await owe_mail(session, [notice], at=at)
    return notice


async def letters(session: AsyncSession) -> Sequence[Letter]:
    return (await session.scalars(select(Letter).order_by(Letter.owed_at))).all()


async def test_what_is_never_mailed_is_still_left_in_the_portal(session: AsyncSession, anhe: Anhe) -> None:
    await choose(session, anhe.specialist, Wishes(progress=Mailing.NEVER), at=NOW)
    await happens(session, anhe.specialist, "approve_something", NOW)
    assert await letters(session) == []
    assert len(await list_notices(session, anhe.specialist)) == 1


async def test_what_happens_in_quiet_hours_goes_when_they_end(session: AsyncSession, anhe: Anhe) -> None:
    await choose(session, anhe.specialist, Wishes(**QUIET), at=NOW)  # type: ignore[arg-type]
    await happens(session, anhe.specialist, "message", NIGHT)
    [letter] = await letters(session)
    assert letter.due_at == letter.next_attempt_at == MORNING


async def test_a_breach_does_not_wait_for_the_morning_unless_its_person_wishes_so(
    session: AsyncSession, anhe: Anhe
) -> None:
    await choose(session, anhe.specialist, Wishes(**QUIET), at=NOW)  # type: ignore[arg-type]
    await happens(session, anhe.specialist, "clock_breach", NIGHT)
    await choose(session, anhe.specialist, Wishes(**QUIET, urgent_anyway=False), at=NOW)  # type: ignore[arg-type]
    await happens(session, anhe.specialist, "escalate", NIGHT + timedelta(minutes=1))
    assert [one.due_at for one in await letters(session)] == [None, MORNING]


async def test_a_breach_is_mailed_although_a_letter_about_the_ticket_went_lately(
    session: AsyncSession, anhe: Anhe
) -> None:
    await happens(session, anhe.specialist, "message", NOW)
    await happens(session, anhe.specialist, "message", NOW + timedelta(minutes=1))
    await happens(session, anhe.specialist, "clock_breach", NOW + timedelta(minutes=2))
    assert len(await letters(session)) == 2


async def test_digests_gather_until_their_slot_and_leave_out_what_was_read(session: AsyncSession, anhe: Anhe) -> None:
    wishes = Wishes(message=Mailing.DIGEST, rhythm=Rhythm.HOURLY)
    await choose(session, anhe.specialist, wishes, at=NOW)
    await happens(session, anhe.specialist, "message", NOW + timedelta(minutes=5), "FW2611-00001", 1)
    await happens(session, anhe.specialist, "message", NOW + timedelta(minutes=6), "FW2611-00002", 2)
    await happens(session, anhe.specialist, "message", NOW + timedelta(minutes=7), "FW2611-00003", 3)
    slot = NOW + timedelta(hours=1)
    assert {one.due_at for one in await letters(session)} == {slot}
    assert await find_owed_digest(session, anhe.specialist.id, at=slot - timedelta(minutes=1)) is None
    await mark_read(session, anhe.specialist, subject_id=UUID(int=2), at=NOW + timedelta(minutes=8))
    digest = await find_owed_digest(session, anhe.specialist.id, at=slot)
    assert digest is not None
    assert [number for _, number in digest.notices] == ["FW2611-00001", "FW2611-00003"]
    await mark_all_sent(session, digest.letters, at=slot)
    assert await find_owed_digest(session, anhe.specialist.id, at=slot) is None
    session.expire_all()
    assert sorted((one.reason or "") for one in await letters(session)) == ["", "", "read before"]


async def test_a_letter_that_no_server_takes_fails_in_the_end_and_says_why(session: AsyncSession, anhe: Anhe) -> None:
    await happens(session, anhe.specialist, "message", NOW)
    [letter] = await letters(session)
    at, attempts = NOW, 0
    while following := await mark_untaken(session, [letter.id], reason="the mail server answered 451", at=at):
        attempts, at = following
    await session.refresh(letter)
    assert (letter.attempts, letter.reason) == (attempts + 1, "the mail server answered 451")
    assert letter.refused_at == at
    assert at - NOW > timedelta(hours=12)


async def test_defaults_of_roles_hold_until_somebody_chooses_for_themselves(session: AsyncSession, anhe: Anhe) -> None:
    await choose_for_role(session, Role.SPECIALIST, Wishes(message=Mailing.NEVER), by=anhe.admin, at=NOW)
    await happens(session, anhe.specialist, "message", NOW)
    assert await letters(session) == []
    await choose(session, anhe.specialist, BUILT_IN, at=NOW)
    await happens(session, anhe.specialist, "message", NOW)
    assert len(await letters(session)) == 1
    await choose_nothing(session, anhe.specialist)
    assert await own_wishes(session, anhe.specialist) == (Wishes(message=Mailing.NEVER), False)


async def test_only_who_manages_settings_sets_defaults(session: AsyncSession, anhe: Anhe) -> None:
    with pytest.raises(PermissionMissing):
        await choose_for_role(session, Role.SPECIALIST, BUILT_IN, by=anhe.executive, at=NOW)


def test_somebody_with_several_roles_gets_the_loudest_of_each_kind() -> None:
    defaults = {
        Role.SPECIALIST: Wishes(message=Mailing.NEVER, due=Mailing.DIGEST, digest_at="08:30"),
        Role.SUPERVISOR: Wishes(message=Mailing.DIGEST, due=Mailing.NEVER),
    }
    both = loudest({Role.SPECIALIST, Role.SUPERVISOR}, defaults)
    assert (both.message, both.due, both.digest_at) == (Mailing.DIGEST, Mailing.DIGEST, "08:30")


@pytest.mark.parametrize(
    "wrong", [{"quiet_from": "22:00"}, {"quiet_from": "22:00", "quiet_until": "22:00"}, {"digest_at": "24:00"}]
)
def test_hours_that_make_no_sense_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ShapeInvalid):
        accept(Wishes, wrong)


def test_every_event_that_the_portal_has_words_for_is_of_a_kind_on_purpose() -> None:
    moves = {move.name for process in PROCESSES.values() for move in process.moves}
    named = {event for event in wording.EVENTS if event not in moves}
    by_default = {event for event in named if kind_of(event) is EventKind.PROGRESS}
    # A determination is news of the ticket like any other move.
    assert by_default <= {"determined"}

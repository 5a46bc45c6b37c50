"""The agency's list of purposes and its figures around revealing."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.errors import PermissionMissing
from anshou.people.roles import Role
from anshou.privacy.errors import LastPurpose, PurposeNotFound, PurposeTaken, PurposeUnknown
from anshou.privacy.purposes import (
    Change,
    DefaultPurpose,
    NewPurpose,
    add_purpose,
    all_purposes,
    open_purposes,
    purpose_history,
    purpose_labels,
    require_purpose,
    restore_purpose,
    retire_purpose,
)
from anshou.privacy.reveal_rules import RevealRules, change_reveal_rules, read_reveal_rules, rules_history
from tests.cast import NOW, settle
from tests.conftest import ActAs


async def test_an_agency_begins_with_the_default_purposes(session: AsyncSession) -> None:
    offered = await open_purposes(session)
    assert [purpose.code for purpose in offered] == [purpose.value for purpose in DefaultPurpose]


async def test_a_retired_purpose_is_not_offered_but_still_explains_old_reveals(session: AsyncSession) -> None:
    anhe = await settle(session)
    await retire_purpose(session, "claim", by=anhe.admin, at=NOW)
    assert "claim" not in {purpose.code for purpose in await open_purposes(session)}
    assert (await purpose_labels(session))["claim"] == "理赔"
    with pytest.raises(PurposeUnknown):
        await require_purpose(session, "claim")
    with pytest.raises(PurposeNotFound):
        await retire_purpose(session, "claim", by=anhe.admin, at=NOW)


async def test_a_purpose_comes_and_goes_and_its_history_stays(session: AsyncSession) -> None:
    anhe = await settle(session)
    added = await add_purpose(session, NewPurpose(label="  平台 抽检 "), by=anhe.admin, at=NOW)
    await retire_purpose(session, added.code, by=anhe.admin, at=NOW + timedelta(hours=1))
    await restore_purpose(session, added.code, by=anhe.admin, at=NOW + timedelta(hours=2))
    assert (await require_purpose(session, added.code)).label == "平台 抽检"
    history = await purpose_history(session, by=anhe.admin)
    assert [(each.change, each.label) for each in history] == [
        (Change.RESTORED, "平台 抽检"),
        (Change.RETIRED, "平台 抽检"),
        (Change.ADDED, "平台 抽检"),
    ]
    assert {each.changed_by for each in history} == {anhe.admin.id}


async def test_no_purpose_is_on_the_list_twice(session: AsyncSession) -> None:
    anhe = await settle(session)
    with pytest.raises(PurposeTaken):
        await add_purpose(session, NewPurpose(label="理赔"), by=anhe.admin, at=NOW)


async def test_the_last_purpose_stays(session: AsyncSession) -> None:
    anhe = await settle(session)
    *others, last = list(DefaultPurpose)
    for purpose in others:
        await retire_purpose(session, purpose.value, by=anhe.admin, at=NOW)
    with pytest.raises(LastPurpose):
        await retire_purpose(session, last.value, by=anhe.admin, at=NOW)
    assert [purpose.code for purpose in await open_purposes(session)] == [last.value]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AGENCY_ADMIN])
async def test_only_the_administrator_changes_purposes_and_figures(session: AsyncSession, role: Role) -> None:
    person = (await settle(session)).everybody[role]
    with pytest.raises(PermissionMissing):
        await add_purpose(session, NewPurpose(label="其他目的"), by=person, at=NOW)
    with pytest.raises(PermissionMissing):
        await retire_purpose(session, "claim", by=person, at=NOW)
    with pytest.raises(PermissionMissing):
        await change_reveal_rules(session, RevealRules(per_hour=500), by=person, at=NOW)


async def test_what_was_set_is_kept_as_history(session: AsyncSession) -> None:
    anhe = await settle(session)
    assert await read_reveal_rules(session) == RevealRules()
    await change_reveal_rules(session, RevealRules(per_hour=10), by=anhe.admin, at=NOW)
    await change_reveal_rules(session, RevealRules(per_hour=10), by=anhe.admin, at=NOW + timedelta(hours=1))
    await change_reveal_rules(session, RevealRules(per_hour=20), by=anhe.admin, at=NOW + timedelta(hours=2))
    assert (await read_reveal_rules(session)).per_hour == 20
    assert [each.rules.per_hour for each in await rules_history(session, by=anhe.auditor)] == [20, 10]


async def test_nobody_rewrites_the_history(session: AsyncSession) -> None:
    anhe = await settle(session)
    await retire_purpose(session, "claim", by=anhe.admin, at=NOW)
    for statement in ("UPDATE purpose_change SET change = 'restored'", "DELETE FROM purpose_change"):
        with pytest.raises(DBAPIError):
            async with session.begin_nested():
                await session.execute(text(statement))
    assert len(await all_purposes(session)) == len(DefaultPurpose)


async def test_a_merchant_reads_what_the_purposes_are_called(session: AsyncSession, act_as: ActAs) -> None:
    anhe = await settle(session)
    added = await add_purpose(session, NewPurpose(label="平台抽检"), by=anhe.admin, at=NOW)
    await act_as(anhe.owner.context())
    assert (await purpose_labels(session))[added.code] == "平台抽检"
    assert (await read_reveal_rules(session)).shown_seconds == 60

"""Revealing one field: who may, for what, and that the record stands before anything is shown."""

import asyncio
import pickle
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.errors import PermissionMissing
from anshou.people.roles import Role, Scope
from anshou.privacy.errors import (
    ContentDamaged,
    FieldEmpty,
    FieldNotFound,
    NotOfThisTicket,
    PurposeUnknown,
    RevealLimitReached,
    RevealNotFound,
    RevealOver,
)
from anshou.privacy.reveal_limits import RAISE_LIMIT_ALARM
from anshou.privacy.reveal_rules import RevealRules, change_reveal_rules
from anshou.privacy.revealing import copy, reveal
from anshou.privacy.reveals import ViewerSide
from anshou.tickets.errors import TicketNotFound
from confidentiality.audit.leaves import AuditLeaf
from confidentiality.sealing.handles import Sealed
from confidentiality.sealing.ring import KeyRing
from tenants.context import AGENCY
from tenants.errors import TenantSuspended
from tenants.registry import TenantState
from tests.cast import NOW
from tests.database import Database
from tests.privacy.secrets import PHONE, RevealDesk


class Crash(Exception):
    """What a test kills a transaction with."""


async def test_a_field_is_shown_for_a_purpose_and_a_ticket_and_the_record_says_so(reveals: RevealDesk) -> None:
    revealed = await reveals.reveal(reveals.cast.account_manager)
    assert revealed.text == PHONE
    shown = revealed.shown
    assert (shown.label, shown.ticket_number, shown.viewer, shown.login) == ("电话", reveals.number, "林悦", "manager")
    assert shown.until == NOW + timedelta(seconds=60)
    (row,) = await reveals.reveals()
    assert (row.subject_table, row.field, row.row_id) == ("trial_secret", "phone", reveals.row)
    assert (row.purpose, row.viewer_id, row.viewer_role) == (
        "verify_order",
        reveals.cast.account_manager.id,
        Role.ACCOUNT_MANAGER,
    )
    (leaf,) = await reveals.leaves()
    assert (leaf.action, leaf.id, leaf.leaf_hash) == ("reveal.shown", row.leaf_id, shown.receipt.leaf_hash)
    assert (leaf.merchant_id, leaf.subject_id) == (reveals.cast.yunshan.id, reveals.row)


async def test_the_text_is_in_no_repr_and_in_no_pickle(reveals: RevealDesk) -> None:
    revealed = await reveals.reveal(reveals.cast.account_manager)
    assert PHONE not in repr(revealed)
    with pytest.raises(TypeError):
        pickle.dumps(revealed)


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.AUDITOR, Role.AGENCY_ADMIN])
async def test_who_sets_up_checks_or_directs_reveals_nothing(reveals: RevealDesk, role: Role) -> None:
    with pytest.raises(PermissionMissing):
        await reveals.reveal(reveals.cast.everybody[role])
    assert await reveals.reveals() == []


async def test_a_key_reveals_only_with_the_scope_for_it(reveals: RevealDesk) -> None:
    manager = reveals.cast.account_manager
    with pytest.raises(PermissionMissing):
        await reveals.reveal(replace(manager, scopes=frozenset({Scope.READ, Scope.WRITE})))
    assert (await reveals.reveal(replace(manager, scopes=frozenset({Scope.REVEAL, Scope.READ})))).text == PHONE


async def test_nothing_is_shown_when_the_commit_fails(reveals: RevealDesk) -> None:
    @asynccontextmanager
    async def failing() -> AsyncIterator[AsyncSession]:
        async with reveals.begin(reveals.cast.account_manager)() as session:
            yield session
            # The leaf is not written yet: the edge writes it, then commits. Here the transaction dies instead.
            raise Crash

    with pytest.raises(Crash):
        await reveal(failing, reveals.wanted(), by=reveals.cast.account_manager, at=NOW)
    assert await reveals.reveals() == []
    assert await reveals.leaves() == []


async def test_nothing_is_shown_when_the_leaf_is_refused_by_the_database(
    reveals: RevealDesk, database: Database
) -> None:
    superuser = await database.connect_as_superuser()
    table = f'"{reveals.tenant.schema}".audit_leaf'
    await superuser.execute(f"ALTER TABLE {table} ADD CONSTRAINT trial CHECK (action <> 'reveal.shown')")
    try:
        with pytest.raises(Exception, match="trial"):
            await reveals.reveal(reveals.cast.account_manager)
    finally:
        await superuser.execute(f"ALTER TABLE {table} DROP CONSTRAINT trial")
        await superuser.close()
    assert await reveals.reveals() == []


async def test_nothing_is_shown_when_the_commit_itself_fails(reveals: RevealDesk, database: Database) -> None:
    """Every statement went well; the database refuses at COMMIT, as a deferred constraint or a full disk would."""
    superuser = await database.connect_as_superuser()
    table = f'"{reveals.tenant.schema}".reveal'
    await superuser.execute(
        "CREATE FUNCTION public.refuse_late() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'refused at commit'; END $$"
    )
    await superuser.execute(
        f"CREATE CONSTRAINT TRIGGER late AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION public.refuse_late()"
    )
    try:
        with pytest.raises(Exception, match="refused at commit"):
            await reveals.reveal(reveals.cast.account_manager)
    finally:
        await superuser.execute(f"DROP TRIGGER late ON {table}; DROP FUNCTION public.refuse_late()")
        await superuser.close()
    assert await reveals.reveals() == []
    assert await reveals.leaves() == []


async def test_a_crash_after_the_commit_leaves_the_record_and_shows_nothing(reveals: RevealDesk) -> None:
    @asynccontextmanager
    async def crashing() -> AsyncIterator[AsyncSession]:
        async with reveals.begin(reveals.cast.account_manager)() as session:
            yield session
        raise Crash

    with pytest.raises(Crash):
        await reveal(crashing, reveals.wanted(), by=reveals.cast.account_manager, at=NOW)
    assert await reveals.actions() == ["reveal.shown"]
    assert len(await reveals.reveals()) == 1


async def test_the_record_is_there_for_others_when_the_text_is_opened(
    reveals: RevealDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked at from another connection at the very moment of opening."""
    seen: list[int] = []
    committed = False

    @asynccontextmanager
    async def watched() -> AsyncIterator[AsyncSession]:
        nonlocal committed
        async with reveals.begin(reveals.cast.account_manager)() as session:
            yield session
        async with reveals.tenants.session(reveals.tenant, AGENCY) as other:
            seen.append(len(list(await other.scalars(select(AuditLeaf).where(AuditLeaf.action == "reveal.shown")))))
        committed = True

    def open_watched(ring: KeyRing, handle: Sealed[Any]) -> Any:
        assert committed
        return opens(ring, handle)

    opens = KeyRing.open
    monkeypatch.setattr(KeyRing, "open", open_watched)
    revealed = await reveal(watched, reveals.wanted(), by=reveals.cast.account_manager, at=NOW)
    assert revealed.text == PHONE
    assert seen == [1]


async def test_a_suspended_agency_cannot_record_and_therefore_sees_nothing(reveals: RevealDesk) -> None:
    manager = reveals.cast.account_manager
    suspended = replace(reveals.tenant, state=TenantState.SUSPENDED)
    with pytest.raises(TenantSuspended):
        await reveal(
            lambda: reveals.tenants.session(suspended, manager.context()), reveals.wanted(), by=manager, at=NOW
        )
    assert await reveals.reveals() == []


async def test_a_purpose_must_be_on_the_list(reveals: RevealDesk) -> None:
    with pytest.raises(PurposeUnknown):
        await reveals.reveal(reveals.cast.account_manager, purpose="curiosity")
    assert await reveals.reveals() == []


@pytest.mark.parametrize(
    "reference",
    [
        "trial_secret.phone:",
        "trial_secret.phone:00000000-0000-0000-0000-000000000009",
        "trial_secret.id:{row}",
        "account.name:{row}",
        "trial_secret.__class__:{row}",
        "phone",
    ],
)
async def test_what_is_no_confidential_field_in_reach_is_not_found(reveals: RevealDesk, reference: str) -> None:
    with pytest.raises(FieldNotFound):
        await reveals.reveal(reveals.cast.account_manager, field=reference.format(row=reveals.row))


async def test_the_ticket_at_hand_must_carry_the_row(reveals: RevealDesk) -> None:
    other, _ = await reveals.add(reveals.cast.yunshan.id, reveals.cast.yunshan.shop_id)
    with pytest.raises(NotOfThisTicket):
        await reveals.reveal(reveals.cast.account_manager, ticket=other)
    with pytest.raises(TicketNotFound):
        await reveals.reveal(reveals.cast.account_manager, ticket="FW0000-00000")
    assert await reveals.actions() == ["reveal.refused"]


async def test_a_field_without_content_shows_nothing(reveals: RevealDesk) -> None:
    with pytest.raises(FieldEmpty):
        await reveals.reveal(reveals.cast.account_manager, field=f"trial_secret.note:{reveals.row}")


async def test_another_merchants_people_find_nothing_to_reveal(reveals: RevealDesk) -> None:
    with pytest.raises(FieldNotFound):
        await reveals.reveal(reveals.cast.other_owner)
    assert await reveals.leaves() == []


async def test_the_front_desk_reveals_only_for_merchants_they_serve(reveals: RevealDesk) -> None:
    cast = reveals.cast
    number, row = await reveals.add(cast.qinghe.id, cast.qinghe.shop_id)
    with pytest.raises(FieldNotFound):
        await reveals.reveal(cast.account_manager, ticket=number, field=f"trial_secret.phone:{row}")


async def test_a_merchant_reveals_their_own_and_it_is_recorded_too(reveals: RevealDesk) -> None:
    assert (await reveals.reveal(reveals.cast.member)).text == PHONE
    (row,) = await reveals.reveals()
    assert (row.side, row.viewer_role) == (ViewerSide.MERCHANT, Role.MERCHANT_MEMBER)
    assert await reveals.actions() == ["reveal.shown"]


async def test_finance_reveals_although_it_reads_no_ticket_whole(reveals: RevealDesk) -> None:
    assert (await reveals.reveal(reveals.cast.finance)).text == PHONE


async def test_at_the_limit_an_alarm_is_left_and_above_it_all_is_refused(
    reveals: RevealDesk, database: Database
) -> None:
    manager = reveals.cast.account_manager
    async with reveals.tenants.session(reveals.tenant, reveals.cast.admin.context()) as session:
        await change_reveal_rules(session, RevealRules(per_hour=2), by=reveals.cast.admin, at=NOW)
    await reveals.reveal(manager)
    assert await reveals.jobs(database, RAISE_LIMIT_ALARM) == []
    await reveals.reveal(manager, at=NOW + timedelta(minutes=1))
    (alarm,) = await reveals.jobs(database, RAISE_LIMIT_ALARM)
    assert (alarm["account"], alarm["shown"]) == (str(manager.id), 2)
    for minutes in (2, 3):
        with pytest.raises(RevealLimitReached):
            await reveals.reveal(manager, at=NOW + timedelta(minutes=minutes))
    assert len(await reveals.jobs(database, RAISE_LIMIT_ALARM)) == 1
    assert await reveals.actions() == ["reveal.rules_changed"] + ["reveal.shown"] * 2 + ["reveal.refused"] * 2
    # Somebody else's hour is their own, and an hour later there is room again.
    assert (await reveals.reveal(reveals.cast.service_agent, at=NOW + timedelta(minutes=4))).text == PHONE
    assert (await reveals.reveal(manager, at=NOW + timedelta(minutes=61))).text == PHONE


async def test_two_reveals_at_once_do_not_slip_past_the_limit(reveals: RevealDesk) -> None:
    async with reveals.tenants.session(reveals.tenant, reveals.cast.admin.context()) as session:
        await change_reveal_rules(session, RevealRules(per_hour=1), by=reveals.cast.admin, at=NOW)
    tries = [reveals.reveal(reveals.cast.account_manager) for _ in range(3)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == [
        "RevealLimitReached",
        "RevealLimitReached",
        "Revealed",
    ]
    assert len(await reveals.reveals()) == 1


async def test_copying_is_an_act_of_its_own_for_as_long_as_it_is_shown(reveals: RevealDesk) -> None:
    manager = reveals.cast.account_manager
    shown = (await reveals.reveal(manager)).shown
    copied = await copy(reveals.begin(manager), shown.id, by=manager, at=NOW + timedelta(seconds=59))
    assert copied.text == PHONE
    assert await reveals.actions() == ["reveal.shown", "reveal.copied"]
    with pytest.raises(RevealOver):
        await copy(reveals.begin(manager), shown.id, by=manager, at=NOW + timedelta(seconds=120))
    agent = reveals.cast.service_agent
    with pytest.raises(RevealNotFound):
        await copy(reveals.begin(agent), shown.id, by=agent, at=NOW)


async def test_bytes_put_into_another_column_do_not_open_and_the_auditor_learns_of_it(reveals: RevealDesk) -> None:
    await reveals.run("UPDATE trial_secret SET phone = name")
    with pytest.raises(ContentDamaged):
        await reveals.reveal(reveals.cast.account_manager)
    assert await reveals.actions() == ["reveal.shown", "reveal.seal_broken"]

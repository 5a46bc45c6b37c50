"""What may no longer be revealed: the contract has ended, the ticket was closed long ago, the key is gone."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from anshou.merchants.contracts import Contract, ContractVersion
from anshou.merchants.drafting import end_version
from anshou.privacy.entrustment.returning import begin_return, choose
from anshou.privacy.errors import ContentGone, HandlingEnded, TicketLongClosed
from anshou.privacy.handling import months_later
from anshou.privacy.masked_lists import record_masked_list
from anshou.privacy.reveal_rules import RevealRules, change_reveal_rules
from anshou.privacy.revealing import copy
from confidentiality.keys.key_rows import KeyState, OwnerKey
from confidentiality.keys.vault import Vault
from tests.cast import NOW
from tests.privacy.secrets import PHONE, RevealDesk, Secret

TODAY = date(2026, 11, 23)


async def end_contract(desk: RevealDesk, last_day: date) -> None:
    """The agency ends the contract with 云杉."""
    admin = desk.cast.admin
    async with desk.tenants.session(desk.tenant, admin.context()) as session:
        query = select(ContractVersion).where(ContractVersion.id == desk.cast.yunshan.version_id)
        version = (await session.scalars(query)).one()
        await end_version(session, version, last_day, "双方协商终止", by=admin, at=NOW)


async def set_rules(desk: RevealDesk, **rules: int) -> None:
    async with desk.tenants.session(desk.tenant, desk.cast.admin.context()) as session:
        await change_reveal_rules(session, RevealRules(**rules), by=desk.cast.admin, at=NOW)


async def test_a_contract_that_ends_between_mask_and_reveal_closes_the_field(reveals: RevealDesk) -> None:
    manager = reveals.cast.account_manager
    async with reveals.begin(manager)() as session:
        # The page with the mask.
        assert await session.scalar(select(Secret.id)) == reveals.row
        await record_masked_list(
            session, "trial_secret", [reveals.row], merchant_id=reveals.cast.yunshan.id, by=manager, at=NOW
        )
    await end_contract(reveals, TODAY - timedelta(days=1))
    with pytest.raises(HandlingEnded, match="2026-11-22"):
        await reveals.reveal(manager)
    assert await reveals.actions() == ["reveal.list_masked", "reveal.refused"]
    assert await reveals.reveals() == []


async def test_a_contract_that_ends_between_reveal_and_copy_closes_the_field(reveals: RevealDesk) -> None:
    manager = reveals.cast.account_manager
    shown = (await reveals.reveal(manager)).shown
    await end_contract(reveals, TODAY - timedelta(days=1))
    with pytest.raises(HandlingEnded):
        await copy(reveals.begin(manager), shown.id, by=manager, at=NOW)
    assert await reveals.actions() == ["reveal.shown"]


async def test_on_the_last_day_of_the_contract_it_is_still_open(reveals: RevealDesk) -> None:
    await end_contract(reveals, TODAY)
    assert (await reveals.reveal(reveals.cast.account_manager)).text == PHONE


async def test_the_agency_may_grant_days_for_winding_up(reveals: RevealDesk) -> None:
    await set_rules(reveals, days_after_contract=3)
    await end_contract(reveals, TODAY - timedelta(days=1))
    manager = reveals.cast.account_manager
    assert (await reveals.reveal(manager, at=NOW + timedelta(days=2))).text == PHONE
    with pytest.raises(HandlingEnded):
        await reveals.reveal(manager, at=NOW + timedelta(days=3))


async def test_the_merchants_choice_to_have_its_data_back_ends_the_winding_up(reveals: RevealDesk) -> None:
    await set_rules(reveals, days_after_contract=30)
    await end_contract(reveals, TODAY - timedelta(days=1))
    cast = reveals.cast
    assert (await reveals.reveal(cast.account_manager)).text == PHONE
    async with reveals.begin(cast.admin)() as session:
        contract = (await session.scalars(select(Contract).where(Contract.id == cast.yunshan.contract_id))).one()
        made = await begin_return(session, contract, by=cast.admin, at=NOW)
    async with reveals.begin(cast.owner)() as session:
        await choose(session, made, take_back=True, by=cast.owner, at=NOW)
    with pytest.raises(HandlingEnded):
        await reveals.reveal(cast.account_manager)


async def test_what_is_a_merchants_own_stays_open_to_them(reveals: RevealDesk) -> None:
    await end_contract(reveals, TODAY - timedelta(days=1))
    assert (await reveals.reveal(reveals.cast.owner)).text == PHONE


async def test_a_merchant_who_never_had_a_contract_in_force_cannot_be_looked_into(reveals: RevealDesk) -> None:
    cast = reveals.cast
    number, row = await reveals.add(cast.qinghe.id, cast.qinghe.shop_id)
    with pytest.raises(HandlingEnded):
        await reveals.reveal(cast.service_agent, ticket=number, field=f"trial_secret.phone:{row}")


async def test_some_days_after_closing_a_ticket_its_fields_close_too(reveals: RevealDesk) -> None:
    await reveals.run(
        "UPDATE ticket SET closed_at = :at, outcome = 'resolved', status = 'closed', step = 'closed'", at=NOW
    )
    manager = reveals.cast.account_manager
    assert (await reveals.reveal(manager, at=NOW + timedelta(days=15))).text == PHONE
    with pytest.raises(TicketLongClosed):
        await reveals.reveal(manager, at=NOW + timedelta(days=15, seconds=1))


async def test_after_the_key_was_destroyed_nothing_opens_and_the_attempt_is_recorded(
    reveals: RevealDesk, vault: Vault
) -> None:
    await reveals.run(
        f"UPDATE {OwnerKey.__tablename__} SET state = :gone, wrapped = NULL, destroyed_at = :at",
        gone=KeyState.DESTROYED.value,
        at=NOW,
    )
    vault.forget(reveals.tenant.id, reveals.cast.yunshan.id, destroyed=True)
    with pytest.raises(ContentGone):
        await reveals.reveal(reveals.cast.account_manager)
    assert await reveals.actions() == ["reveal.refused"]


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 11, 23), 36, date(2029, 11, 23)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_months_end_on_the_day_of_the_same_number_or_the_months_last(day: date, months: int, last: date) -> None:
    assert months_later(day, months) == last


def test_the_tests_day_is_the_day_of_the_casts_now() -> None:
    assert datetime.fromisoformat("2026-11-23T10:00:00+08:00") == NOW

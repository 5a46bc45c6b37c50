"""Finance verifies or returns, with four eyes above the threshold, and never what it claimed itself."""

from dataclasses import replace

import pytest

from anshou.finance.claiming import submit_cost
from anshou.finance.errors import CostDeedNotOpen, OwnClaim, ReasonMissing, SecondPersonNeeded
from anshou.finance.flags import FlagKind, flags_of
from anshou.finance.listing import count_waiting, waiting_costs
from anshou.finance.rates import set_cost_rules
from anshou.finance.verifying import may_verify, return_cost, verify_cost
from anshou.people.errors import PermissionMissing
from anshou.people.roles import Role
from billing.costs.items import CostItem, deeds_of, evidence_of
from billing.costs.rules import CostRules
from billing.costs.states import Deed, State
from tests.finance.counter import Counter, invoice


async def _flags(counter: Counter, item: CostItem) -> list[tuple[FlagKind, str]]:
    seen = await counter.item(item.number, counter.cast.finance)
    evidence = (await evidence_of(counter.session, [seen]))[seen.id]
    return [(flag.kind, str(flag.why)) for flag in await flags_of(counter.session, seen, evidence)]


async def test_a_cost_is_verified_by_finance_and_what_it_saw_is_kept(counter: Counter) -> None:
    submitted = await counter.submit(file=invoice(42))
    item = await counter.verify(submitted.number)
    assert item.state is State.VERIFIED
    deed = (await deeds_of(counter.session, item))[-1]
    assert (deed.deed, deed.done_by) == (Deed.VERIFIED, counter.cast.finance.id)
    assert deed.seen == {"fen": 128_000, "evidence": [f"{42:064x}"], "flags": []}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.FINANCE])
async def test_nobody_but_finance_verifies_or_returns(counter: Counter, role: Role) -> None:
    item = await counter.submit()
    person = counter.cast.everybody[role]
    item = await counter.item(item.number, counter.cast.executive)
    with pytest.raises(PermissionMissing):
        await verify_cost(counter.session, item, by=person, at=counter.desk.now)
    with pytest.raises(PermissionMissing):
        await return_cost(counter.session, item, "发票抬头不对", by=person, at=counter.desk.now)


async def test_a_returned_cost_says_why_and_is_submitted_again(counter: Counter) -> None:
    submitted = await counter.submit()
    finance, claimant = counter.cast.finance, counter.cast.account_manager
    item = await counter.item(submitted.number, finance)
    with pytest.raises(ReasonMissing):
        await return_cost(counter.session, item, "  ", by=finance, at=counter.desk.now)
    await return_cost(counter.session, item, "发票抬头不是本公司", by=finance, at=counter.desk.now)
    assert item.state is State.RETURNED
    with pytest.raises(CostDeedNotOpen):
        await verify_cost(counter.session, item, by=finance, at=counter.desk.now)
    item = await counter.item(submitted.number, claimant)
    await submit_cost(counter.session, item, by=claimant, at=counter.desk.now)
    item = await counter.verify(item.number)
    assert [deed.deed for deed in await deeds_of(counter.session, item)] == [
        Deed.SUBMITTED,
        Deed.RETURNED,
        Deed.SUBMITTED,
        Deed.VERIFIED,
    ]


async def test_above_the_threshold_two_different_people_verify(counter: Counter) -> None:
    submitted = await counter.submit(fen=500_001, tax_fen=0)
    first, second = counter.cast.finance, await counter.second_finance()
    item = await counter.verify(submitted.number)
    assert item.state is State.COUNTERSIGNING
    assert not await may_verify(counter.session, item, by=first)
    with pytest.raises(SecondPersonNeeded):
        await verify_cost(counter.session, item, by=first, at=counter.desk.now)
    assert await counter.desk.refused(
        "INSERT INTO cost_deed (id, merchant_id, ticket_id, item_id, deed, reason, seen, done_by, done_at) "
        f"SELECT gen_random_uuid(), merchant_id, ticket_id, id, 'countersigned', '', '{{}}', '{first.id}', now() "
        f"FROM cost_item WHERE id = '{item.id}'",
        first,
    )
    item = await counter.verify(submitted.number, by=second)
    assert item.state is State.VERIFIED


async def test_a_countersigned_cost_that_was_returned_needs_both_again(counter: Counter) -> None:
    submitted = await counter.submit(fen=900_000, tax_fen=0)
    second, claimant = await counter.second_finance(), counter.cast.account_manager
    await counter.verify(submitted.number)
    item = await counter.item(submitted.number, second)
    await return_cost(counter.session, item, "金额与发票不符", by=second, at=counter.desk.now)
    item = await counter.item(submitted.number, claimant)
    await submit_cost(counter.session, item, by=claimant, at=counter.desk.now)
    assert (await counter.verify(item.number, by=second)).state is State.COUNTERSIGNING


async def test_the_threshold_is_the_tenants(counter: Counter) -> None:
    finance = counter.cast.finance
    await counter.desk.act_as(finance.context())
    await set_cost_rules(counter.session, CostRules(four_eyes_fen=None), by=finance, at=counter.desk.now)
    submitted = await counter.submit(fen=99_000_000, tax_fen=0)
    assert (await counter.verify(submitted.number)).state is State.VERIFIED


async def test_nobody_verifies_what_they_claimed_and_neither_does_the_database(counter: Counter) -> None:
    both = replace(counter.cast.supervisor, roles=frozenset({Role.SUPERVISOR, Role.FINANCE}))
    item = await counter.submit(by=both)
    with pytest.raises(OwnClaim):
        await verify_cost(counter.session, item, by=both, at=counter.desk.now)
    assert await counter.desk.refused(
        "INSERT INTO cost_deed (id, merchant_id, ticket_id, item_id, deed, reason, seen, done_by, done_at) "
        f"SELECT gen_random_uuid(), merchant_id, ticket_id, id, 'verified', '', '{{}}', '{both.id}', now() "
        f"FROM cost_item WHERE id = '{item.id}'",
        both,
    )


async def test_the_same_file_on_another_cost_is_found_and_finance_sees_where(counter: Counter) -> None:
    first = await counter.submit(file=invoice(7, "顺丰账单.pdf"))
    second = await counter.submit(file=invoice(7, "物流费.pdf"))
    ((kind, why),) = await _flags(counter, second)
    assert kind is FlagKind.SAME_FILE
    assert why == (f"“物流费.pdf”与费用 {first.number}（工单 {counter.ticket_number}）的凭证“顺丰账单.pdf”内容相同")
    item = await counter.verify(second.number)
    assert (await deeds_of(counter.session, item))[-1].seen["flags"] == [why]


async def test_an_unusual_amount_is_flagged_with_the_figures(counter: Counter) -> None:
    for fen in (12_000, 12_500, 12_100, 12_900, 12_300, 12_600, 12_200, 12_400):
        await counter.verify((await counter.submit(fen=fen, tax_fen=0)).number)
    assert await _flags(counter, await counter.submit(fen=12_800, tax_fen=0)) == []
    odd = await counter.submit(fen=88_000, tax_fen=0)
    assert await _flags(counter, odd) == [
        (
            FlagKind.OUT_OF_LINE,
            "880.00 偏离同类近 8 笔的常见范围 110.70 至 135.30（中位数 123.00）",
        )
    ]


async def test_what_waits_longest_stands_first(counter: Counter) -> None:
    first, second = await counter.submit(), await counter.submit()
    await counter.claim()
    finance = counter.cast.finance
    await counter.desk.act_as(finance.context())
    assert [line.number for line in await waiting_costs(counter.session, by=finance)] == [first.number, second.number]
    page = await waiting_costs(counter.session, by=finance, limit=1)
    rest = await waiting_costs(counter.session, by=finance, after=(page[0].state_since, page[0].id))
    assert [line.number for line in rest] == [second.number]
    await counter.verify(first.number)
    assert await count_waiting(counter.session, by=finance) == 1

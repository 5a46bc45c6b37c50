"""Finance imports, matches, explains, divides, writes off and undoes; the database holds what must hold."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance import reconciling
from anshou.people.errors import PermissionMissing
from anshou.people.person import Person
from billing.ledger.drafts import Draft
from billing.ledger.periods import close_period
from billing.ledger.posting import post
from billing.ledger.uses import AccountUse
from billing.reconciliation import claims, dividing
from billing.reconciliation.batches import Arrival, Arrived, ExternalLineRow, ImportBatch, import_lines
from billing.reconciliation.books import open_lines
from billing.reconciliation.claims import (
    Confirmation,
    check_now,
    claimed,
    confirm_all,
    get_match,
)
from billing.reconciliation.dividing import Part
from billing.reconciliation.errors import (
    FileImportedAlready,
    ImportInvalid,
    LineNotFound,
    LineTaken,
    MatchHeld,
    MatchInvalid,
    MatchUndone,
    MonthClosed,
    WriteOffTooLarge,
)
from billing.reconciliation.lines import ExternalLine, InternalLine, Line
from billing.reconciliation.proof import Proof, Tally, prove
from billing.reconciliation.rules import MatchRule
from billing.reconciliation.stages import Stage
from tenants.base import new_id
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.billing.ledger.books import credit, debit
from tests.cast import NOW, settle

DAY = date(2026, 11, 20)
BANK = "bank_statement"
ACCOUNT = "招行 0099"
RULE = MatchRule(source=BANK, against="ledger", tolerance_fen=50, window_days=3)


def arrival(*lines: Arrived, file: int = 1) -> Arrival:
    return Arrival(sha256=file.to_bytes(32), name="流水.csv", source=BANK, account=ACCOUNT, lines=lines)


def arrived(fen: int, *, number: int = 1, key: str = "", days: int = 0) -> Arrived:
    return Arrived(number=number, booked_on=DAY + timedelta(days=days), fen=fen, key=key)


@pytest.fixture
async def finance(session: AsyncSession) -> Person:
    return (await settle(session)).finance


async def brought(session: AsyncSession, *fen: int, file: int = 1) -> list[ExternalLineRow]:
    """Lines of these amounts, in their order."""
    lines = [arrived(each, number=number) for number, each in enumerate(fen, start=1)]
    batch = await import_lines(session, arrival(*lines, file=file), by=new_id(), at=NOW)
    return await _lines_of(session, batch)


async def _lines_of(session: AsyncSession, batch: ImportBatch) -> list[ExternalLineRow]:
    asked = select(ExternalLineRow).where(ExternalLineRow.batch_id == batch.id, ExternalLineRow.derived_by.is_(None))
    return list(await session.scalars(asked.order_by(ExternalLineRow.number)))


async def paid_in(session: AsyncSession, fen: int, *, key: str = "paid", on: date = DAY) -> UUID:
    """A payment that the books say came into the bank; the id of its line."""
    draft = Draft(
        booked_on=on,
        summary="商家付款",
        source="payment",
        postings=(debit(AccountUse.BANK, fen), credit(AccountUse.RECEIVABLE_FROM_MERCHANT, fen)),
    )
    before = {line.id for line in await open_lines(session, "ledger", first=on, last=on)}
    await post(session, draft, idempotency_key=key, by=new_id(), at=NOW)
    (new,) = [line.id for line in await open_lines(session, "ledger", first=on, last=on) if line.id not in before]
    return new


async def proof(session: AsyncSession) -> Proof:
    return await prove(session, source=BANK, account=ACCOUNT, month=DAY)


async def test_the_same_file_again_and_an_overlapping_one_add_nothing_twice(session: AsyncSession) -> None:
    first = arrival(arrived(800, key="a"), arrived(-300, number=2), arrived(-300, number=3))
    await import_lines(session, first, by=new_id(), at=NOW)
    with pytest.raises(FileImportedAlready):
        await import_lines(session, first, by=new_id(), at=NOW)
    overlapping = replace(first, sha256=bytes(32), lines=(*first.lines, arrived(5, number=4), arrived(-300, number=5)))
    batch = await import_lines(session, overlapping, by=new_id(), at=NOW)
    await check_now(session)
    assert (batch.lines, batch.known_lines, batch.known_fen) == (5, 3, 200)
    assert [line.fen for line in await _lines_of(session, batch)] == [5, -300]
    assert (await proof(session)).brought == Tally(5, -95)


async def test_the_day_of_the_first_import_is_the_day_of_the_books(session: AsyncSession) -> None:
    # Half past midnight in Shanghai.
    await import_lines(session, arrival(arrived(800)), by=new_id(), at=datetime(2026, 11, 30, 16, 30, tzinfo=UTC))
    with pytest.raises(FileImportedAlready, match="2026-12-01"):
        await import_lines(session, arrival(arrived(800)), by=new_id(), at=NOW)


async def test_a_file_without_lines_or_with_one_key_twice_is_refused(session: AsyncSession) -> None:
    for lines in ((), (arrived(1, key="a"), arrived(2, key="a"))):
        with pytest.raises(ImportInvalid):
            await import_lines(session, arrival(*lines), by=new_id(), at=NOW)


async def test_a_batch_takes_no_line_that_its_totals_do_not_know(session: AsyncSession) -> None:
    (line,) = await brought(session, 800)
    with pytest.raises(DBAPIError, match="takes no lines later"):
        async with session.begin_nested():
            await session.execute(_ANOTHER_LINE)
    assert line.fen == 800


async def test_a_run_confirms_what_is_certain_and_offers_the_rest(session: AsyncSession, finance: Person) -> None:
    await reconciling.set_match_rule(session, RULE, write_off_fen=100, by=finance, at=NOW)
    await brought(session, 123_456, 7_700, 7_700)
    await paid_in(session, 123_456, key="a")
    await paid_in(session, 7_700, key="b")
    span = {"first": DAY, "last": DAY, "by": finance, "at": NOW}
    run = await reconciling.reconcile(session, BANK, **span)
    await check_now(session)
    assert [(await get_match(session, each)).stage for each in run.matched] == [Stage.WINDOW]
    assert [each.stage for each in run.suggestions] == [Stage.WINDOW, Stage.WINDOW]
    again = await reconciling.reconcile(session, BANK, **span)
    assert (again.matched, again.suggestions) == ((), run.suggestions)
    assert await proof(session) == Proof(
        Tally(3, 138_856), Tally(2, 15_400), Tally(0, 0), Tally(1, 123_456), Tally(0, 0)
    )


async def test_a_person_matches_explains_and_undoes(session: AsyncSession, finance: Person) -> None:
    line, fee = await brought(session, 800, -20)
    inside = await paid_in(session, 800)
    match = await reconciling.match_by_hand(session, [line.id, inside], by=finance, at=NOW)
    await reconciling.explain(session, [fee.id], why="提现手续费", by=finance, at=NOW)
    await check_now(session)
    found = await proof(session)
    assert (found.open, found.explained, found.matched) == (Tally(0, 0), Tally(1, -20), Tally(1, 800))
    assert found.is_settled
    with pytest.raises(LineTaken):
        async with session.begin_nested():
            await reconciling.match_by_hand(session, [line.id, inside], by=finance, at=NOW)
    await reconciling.undo(session, match, reason="选错了", by=finance, at=NOW)
    assert await claimed(session, [line.id, inside, fee.id]) == {fee.id}
    with pytest.raises(MatchUndone):
        async with session.begin_nested():
            await reconciling.undo(session, match, reason="再撤", by=finance, at=NOW)
    await reconciling.match_by_hand(session, [line.id, inside], by=finance, at=NOW)
    await check_now(session)


async def test_what_does_not_belong_together_is_refused(session: AsyncSession, finance: Person) -> None:
    one, other = await brought(session, 800, 900)
    with pytest.raises(MatchInvalid):
        await reconciling.match_by_hand(session, [one.id, other.id], by=finance, at=NOW)
    with pytest.raises(MatchInvalid):
        await reconciling.explain(session, [one.id], why=" ", by=finance, at=NOW)
    with pytest.raises(LineNotFound):
        await reconciling.match_by_hand(session, [one.id, new_id()], by=finance, at=NOW)


async def test_only_finance_may(session: AsyncSession) -> None:
    cast = await settle(session)
    for person in (cast.specialist, cast.executive, cast.auditor, cast.owner):
        with pytest.raises(PermissionMissing):
            await reconciling.explain(session, [new_id()], why="x", by=person, at=NOW)


async def test_a_split_line_comes_to_the_same_and_is_put_together_again_by_undoing(
    session: AsyncSession, finance: Person
) -> None:
    (line,) = await brought(session, 1000)
    with pytest.raises(MatchInvalid):
        await reconciling.split(session, line.id, [Part(fen=600), Part(fen=399)], by=finance, at=NOW)
    parts = await reconciling.split(session, line.id, [Part(fen=600), Part(fen=400)], by=finance, at=NOW)
    await check_now(session)
    assert (await proof(session)).open == Tally(2, 1000)
    assert (await proof(session)).agrees
    match = await reconciling.match_by_hand(session, [parts[0].id, await paid_in(session, 600)], by=finance, at=NOW)
    with pytest.raises(MatchHeld):
        async with session.begin_nested():
            await reconciling.undo(session, parts[0].derived_by or match, reason="合回", by=finance, at=NOW)
    await reconciling.undo(session, match, reason="合回", by=finance, at=NOW)
    await reconciling.undo(session, parts[0].derived_by or match, reason="合回", by=finance, at=NOW)
    assert (await proof(session)).open == Tally(1, 1000)
    with pytest.raises(DBAPIError, match="was undone"):
        async with session.begin_nested():
            await reconciling.explain(session, [parts[1].id], why="不再有", by=finance, at=NOW)


async def test_merged_lines_are_one(session: AsyncSession, finance: Person) -> None:
    lines = await brought(session, 600, 400, -1)
    merged = await reconciling.merge(session, [line.id for line in lines], by=finance, at=NOW)
    await check_now(session)
    assert merged.fen == 999
    assert (await proof(session)).open == Tally(1, 999)
    with pytest.raises(LineTaken):
        async with session.begin_nested():
            await reconciling.explain(session, [lines[0].id], why="x", by=finance, at=NOW)


async def test_a_small_difference_is_written_off_and_comes_back_with_the_undo(
    session: AsyncSession, finance: Person
) -> None:
    await reconciling.set_match_rule(session, RULE, write_off_fen=100, by=finance, at=NOW)
    line, larger = await brought(session, 807, 5_000)
    match = await reconciling.match_by_hand(session, [line.id, await paid_in(session, 800)], by=finance, at=NOW)
    wrong = await reconciling.match_by_hand(
        session, [larger.id, await paid_in(session, 4_899, key="b")], by=finance, at=NOW
    )
    assert (await proof(session)).differences == Tally(2, 108)
    with pytest.raises(WriteOffTooLarge):
        await reconciling.write_off(session, wrong, account=AccountUse.WRITTEN_OFF, by=finance, at=NOW)
    await reconciling.write_off(session, match, account=AccountUse.WRITTEN_OFF, by=finance, at=NOW)
    await check_now(session)
    assert (await proof(session)).differences == Tally(1, 101)
    await reconciling.undo(session, match, reason="金额有误", by=finance, at=NOW)
    await check_now(session)
    assert (await proof(session)).open == Tally(1, 807)


async def test_a_written_off_match_is_not_undone_while_the_voucher_stands(
    session: AsyncSession, finance: Person
) -> None:
    await reconciling.set_match_rule(session, RULE, write_off_fen=100, by=finance, at=NOW)
    (line,) = await brought(session, 807)
    match = await reconciling.match_by_hand(session, [line.id, await paid_in(session, 800)], by=finance, at=NOW)
    await reconciling.write_off(session, match, account=AccountUse.WRITTEN_OFF, by=finance, at=NOW)
    with pytest.raises(DBAPIError, match="stands in the books"):
        async with session.begin_nested():
            await session.execute(_UNDO, {"match": match, "at": NOW})


async def test_a_closed_month_neither_gains_nor_loses_a_match(session: AsyncSession, finance: Person) -> None:
    line, late = await brought(session, 800, 900)
    match = await reconciling.match_by_hand(session, [line.id, await paid_in(session, 800)], by=finance, at=NOW)
    await check_now(session)
    await close_period(session, DAY, by=finance.id, at=NOW)
    with pytest.raises(MonthClosed):
        async with session.begin_nested():
            await reconciling.undo(session, match, reason="太晚", by=finance, at=NOW)
    later = await reconciling.explain(session, [late.id], why="提现", by=finance, at=NOW)
    assert (await get_match(session, later)).booked_on == date(2026, 12, 1)


_ANOTHER_LINE = text(
    "INSERT INTO external_line SELECT gen_random_uuid(), batch_id, NULL, source, account, 9, booked_on, 1, currency, "
    "refs, counterparty, text, 'x' FROM external_line"
)
_UNDO = text("INSERT INTO line_match_undo VALUES (:match, 'x', :at, gen_random_uuid())")


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("INSERT INTO line_claim SELECT gen_random_uuid(), id FROM line_match", "only"),
        ("DELETE FROM line_claim", "only"),
        ("UPDATE line_match SET fen = 0", "permission denied"),
        ("DELETE FROM line_match_undo", "permission denied"),
        (
            "INSERT INTO line_match_line SELECT id, gen_random_uuid(), 'internal', 'x', booked_on, 0, 'CNY' "
            "FROM line_match",
            "takes no lines later",
        ),
        (
            "INSERT INTO line_match SELECT gen_random_uuid(), stage, is_automatic, score, days, lines, derived_lines, "
            "fen, currency, booked_on, note, made_at, made_by FROM line_match",
            "do not come to what it says",
        ),
    ],
)
async def test_raw_statements_cannot_break_a_match(
    session: AsyncSession, finance: Person, statement: str, refusal: str
) -> None:
    (line,) = await brought(session, 800)
    await reconciling.match_by_hand(session, [line.id, await paid_in(session, 800)], by=finance, at=NOW)
    await check_now(session)
    with pytest.raises(DBAPIError) as refused:
        async with session.begin_nested():
            await session.execute(text(statement))
            await check_now(session)
    assert refusal in str(refused.value) or "append-only" in str(refused.value)
    assert await claimed(session, [line.id]) == {line.id}


async def test_a_match_that_lies_about_an_external_line_is_refused(session: AsyncSession, finance: Person) -> None:
    (line,) = await brought(session, 800)
    said = Confirmation(lines=(_changed(line.as_line(), 700), _inside(700)))
    with pytest.raises(DBAPIError, match="something else of an external line"):
        async with session.begin_nested():
            await confirm_all(session, [said], by=finance.id, at=NOW)


@pytest.mark.usefixtures("wiped")
async def test_of_two_transactions_that_match_one_line_only_one_does(tenants: Tenants, tenant: Tenant) -> None:
    async with tenants.session(tenant, AGENCY) as session:
        lines = [row.as_line() for row in await brought(session, 800, 900)]

    async def take(*chosen: Line, wait: asyncio.Event, ready: asyncio.Event) -> UUID:
        async with tenants.session(tenant, AGENCY) as session:
            confirmed = Confirmation(lines=(*chosen, _inside(sum(line.fen for line in chosen))))
            (made,) = await confirm_all(session, [confirmed], by=new_id(), at=NOW)
            ready.set()
            await wait.wait()
            return made

    first_has, let_go = asyncio.Event(), asyncio.Event()
    first = asyncio.create_task(take(*lines, wait=let_go, ready=first_has))
    await first_has.wait()
    second = asyncio.create_task(take(lines[1], wait=let_go, ready=asyncio.Event()))
    await asyncio.sleep(0.3)
    assert not second.done()
    let_go.set()
    match = await first
    with pytest.raises(LineTaken):
        await second
    async with tenants.session(tenant, AGENCY) as session:
        assert await claimed(session, [line.id for line in lines]) == {line.id for line in lines}
        assert (await get_match(session, match)).fen == 0


def _changed(line: ExternalLine, fen: int) -> ExternalLine:
    return ExternalLine(id=line.id, source=line.source, booked_on=line.booked_on, fen=fen)


def _inside(fen: int) -> InternalLine:
    return InternalLine(id=new_id(), source="list", booked_on=DAY, fen=fen)


@pytest.mark.usefixtures("wiped")
async def test_one_file_imported_by_two_at_once_is_kept_once(tenants: Tenants, tenant: Tenant) -> None:
    async def bring() -> bool:
        async with tenants.session(tenant, AGENCY) as session:
            await import_lines(session, arrival(arrived(800), arrived(900, number=2)), by=new_id(), at=NOW)
            return True

    outcomes = await asyncio.gather(bring(), bring(), return_exceptions=True)
    assert sorted(type(outcome) for outcome in outcomes if outcome is not True) == [FileImportedAlready]
    async with tenants.session(tenant, AGENCY) as session:
        assert (await proof(session)).brought == Tally(2, 1_700)


@pytest.mark.usefixtures("wiped")
async def test_a_division_is_not_undone_while_somebody_matches_what_it_made(tenants: Tenants, tenant: Tenant) -> None:
    """Whichever comes first, no line that stands no more is matched."""
    async with tenants.session(tenant, AGENCY) as session:
        (line,) = await brought(session, 1000)
        parts = await dividing.split(session, line.id, [Part(fen=600), Part(fen=400)], by=new_id(), at=NOW)
        division, part = parts[0].derived_by, parts[0].as_line()
    assert division is not None
    matched, let_go = asyncio.Event(), asyncio.Event()

    async def take() -> None:
        async with tenants.session(tenant, AGENCY) as session:
            await confirm_all(session, [Confirmation(lines=(part, _inside(600)))], by=new_id(), at=NOW)
            matched.set()
            await let_go.wait()

    async def undo() -> None:
        async with tenants.session(tenant, AGENCY) as session:
            await claims.undo(session, division, reason="合回", by=new_id(), at=NOW)

    taking = asyncio.create_task(take())
    await matched.wait()
    undoing = asyncio.create_task(undo())
    await asyncio.sleep(0.3)
    assert not undoing.done()
    let_go.set()
    await taking
    with pytest.raises(MatchHeld):
        await undoing
    async with tenants.session(tenant, AGENCY) as session:
        assert await claimed(session, [line.id, part.id]) == {line.id, part.id}

"""What waits for somebody of finance: counted and begun in one question, and only what they may do."""

from datetime import date

import pytest
from sqlalchemy import event

from anshou.finance.disputing_lines import Objection, dispute_line
from anshou.finance.reading_statements import line_at
from anshou.finance.statements import prepare_statement
from anshou.finance.waiting import FIRST, Desk, Matter, waiting_for
from anshou.people.errors import PermissionMissing
from anshou.people.person import Person
from tests.finance.office import AFTER_NOVEMBER, NOVEMBER, Office
from tests.finance.test_invoicing import accepted, ask, confirmed


async def desk(office: Office, person: Person | None = None) -> Desk:
    person = person or office.finance
    await office.act_as(person)
    return await waiting_for(office.session, by=person, at=AFTER_NOVEMBER)


def counts(found: Desk) -> dict[Matter, int]:
    return {one.matter: one.count for one in found.waiting if one.count}


async def test_an_agency_without_costs_keeps_nobody_waiting(office: Office) -> None:
    assert (await desk(office)).is_clear
    with pytest.raises(PermissionMissing):
        await desk(office, office.counter.cast.account_manager)


async def test_costs_wait_to_be_verified_then_for_another_then_for_a_determination(office: Office) -> None:
    small = await office.counter.submit(fen=500, tax_fen=0)
    large = await office.counter.submit(fen=600_000, tax_fen=0)
    numbers = {small.number, large.number}
    found = await desk(office)
    (verify,) = [one for one in found.waiting if one.matter is Matter.VERIFY]
    assert {one.name for one in verify.first} == numbers
    assert verify.count == 2

    await office.counter.verify(small.number)
    await office.counter.verify(large.number)
    # Whoever verified it does not verify it again.
    assert counts(await desk(office)) == {Matter.DETERMINE: 1}
    assert counts(await desk(office, office.colleague)) == {Matter.DETERMINE: 1, Matter.COUNTERSIGN: 1}


async def test_a_months_statements_wait_for_each_step_in_turn(office: Office) -> None:
    await office.charge(10_000, date(2026, 11, 5))
    found = await desk(office)
    (prepare,) = [one for one in found.waiting if one.matter is Matter.PREPARE]
    assert [(one.name, one.day, one.fen) for one in prepare.first] == [("云杉户外", NOVEMBER, 10_000)]
    # November is over and its books are open.
    assert counts(found) == {Matter.PREPARE: 1, Matter.CLOSE: 1}

    merchant = office.counter.cast.yunshan.id
    await prepare_statement(office.session, merchant, NOVEMBER, by=office.finance, at=AFTER_NOVEMBER)
    assert counts(await desk(office)) == {Matter.CLOSE: 1}
    assert counts(await desk(office, office.colleague)) == {Matter.REVIEW: 1, Matter.CLOSE: 1}
    statement = await office.issue()
    assert counts(await desk(office)) == {Matter.CLOSE: 1}
    await office.act_as(office.owner)
    line = await line_at(office.session, statement, 1)
    await dispute_line(office.session, statement, line, Objection(reason="不认可"), by=office.owner, at=AFTER_NOVEMBER)
    (answer,) = [one for one in (await desk(office)).waiting if one.matter is Matter.ANSWER]
    assert [one.name for one in answer.first] == [f"{statement.number}/1"]


async def test_invoices_wait_to_be_accepted_and_to_be_issued_the_first_due_first(office: Office) -> None:
    statement = await confirmed(office, 10_000)
    requests = [await ask(office, statement, fen=100) for _ in range(FIRST + 2)]
    await accepted(office, requests[0])
    found = {one.matter: one for one in (await desk(office)).waiting}

    assert found[Matter.ACCEPT_INVOICE].count == FIRST + 1
    assert [one.name for one in found[Matter.ACCEPT_INVOICE].first] == [one.number for one in requests[1 : FIRST + 1]]
    assert found[Matter.WRITE_INVOICE].count == 1


async def test_all_of_it_is_one_question_and_one_for_the_budgets(office: Office) -> None:
    await confirmed(office, 10_000)
    await office.act_as(office.finance)
    asked: list[str] = []
    engine = (await office.session.connection()).sync_connection
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    await waiting_for(office.session, by=office.finance, at=AFTER_NOVEMBER)
    assert len(asked) == 2

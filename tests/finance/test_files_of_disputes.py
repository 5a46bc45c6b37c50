"""What proves a line, a dispute and its answer: read by both sides, sealed, handed on with the dispute."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from anshou.demo.pictures import in_one_piece
from anshou.finance.answering_disputes import Rejection, reject_dispute
from anshou.finance.disputing_lines import Objection, dispute_line, escalate_line
from anshou.finance.errors import EvidenceNotFound
from anshou.finance.line_files import files_about, open_file
from anshou.finance.reading_statements import line_at
from anshou.people.errors import PermissionMissing
from anshou.people.person import Person
from anshou.tickets.attachments import attachments_of
from anshou.tickets.marking import mark_confidential
from anshou.tickets.sealed_files import lies_sealed, sealing_storage
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import StoredFile
from billing.costs.items import CostEvidence
from billing.statements.rows import Statement, StatementLine
from tenants.storage import new_key, open_storage
from tests.finance.counter import invoice
from tests.finance.office import AFTER_NOVEMBER, Office
from tests.finance.test_attributing import determined, worked

STORAGE = open_storage("memory:")


async def put(office: Office, name: str, content: bytes) -> StoredFile:
    """A file as the portal takes it in: sealed for 云杉."""
    file = replace(invoice(name=name), storage_key=new_key("test"))
    sealed = await sealing_storage(office.session, STORAGE, office.counter.cast.yunshan.id)
    await sealed.put(file.storage_key, in_one_piece(content))
    return file


@pytest.fixture
async def stated(office: Office) -> Statement:
    """云杉 bears a cost that has an invoice; another cost of it stands on no statement."""
    counter = office.counter
    await determined(counter, merchant=10_000)
    await counter.desk.act_as(counter.cast.account_manager.context())
    await counter.verify((await counter.submit(file=await put(office, "发票.pdf", b"invoice"))).number)
    await worked(counter)
    await counter.submit()
    return await office.issue()


async def line_of(office: Office, statement: Statement, person: Person) -> StatementLine:
    await office.act_as(person)
    return await line_at(office.session, statement, 1)


async def read(office: Office, statement: Statement, name: str, person: Person) -> bytes:
    """What the person reads in the file of that name behind the first line."""
    line = await line_of(office, statement, person)
    wanted = next(one for one in await files_about(office.session, line) if one.name == name)
    kept, storage = await open_file(office.session, STORAGE, statement, line, wanted.id, by=person, at=AFTER_NOVEMBER)
    return b"".join([piece async for piece in storage.read(kept.storage_key)])


async def contest(office: Office, statement: Statement) -> None:
    """Disputed with a picture, rejected with a letter."""
    line = await line_of(office, statement, office.owner)
    picture = await put(office, "聊天记录.png", b"picture")
    objection = Objection(reason="并非我方责任")
    await dispute_line(office.session, statement, line, objection, by=office.owner, at=AFTER_NOVEMBER, files=[picture])
    await office.act_as(office.finance)
    letter = await put(office, "说明函.pdf", b"letter")
    rejection = Rejection(reason="见说明函")
    await reject_dispute(
        office.session, statement, line, rejection, by=office.finance, at=AFTER_NOVEMBER, files=[letter]
    )


async def test_the_merchant_follows_a_line_down_to_the_invoice_and_reads_no_other_cost(
    office: Office, stated: Statement
) -> None:
    assert await read(office, stated, "发票.pdf", office.owner) == b"invoice"
    assert len((await office.session.scalars(select(CostEvidence))).all()) == 1
    await office.act_as(office.counter.cast.other_owner)
    assert (await office.session.scalars(select(CostEvidence))).all() == []


async def test_both_sides_read_what_came_with_a_dispute_and_its_answer(office: Office, stated: Statement) -> None:
    await contest(office, stated)
    for person in (office.owner, office.finance):
        assert await read(office, stated, "聊天记录.png", person) == b"picture"
        assert await read(office, stated, "说明函.pdf", person) == b"letter"
    line = await line_of(office, stated, office.owner)
    for kept in await files_about(office.session, line):
        assert await lies_sealed(STORAGE, kept.storage_key)
    with pytest.raises(EvidenceNotFound):
        await open_file(office.session, STORAGE, stated, line, line.id, by=office.owner, at=AFTER_NOVEMBER)
    specialist = office.counter.cast.specialist
    with pytest.raises(PermissionMissing):
        await open_file(office.session, STORAGE, stated, line, line.id, by=specialist, at=AFTER_NOVEMBER)


@pytest.mark.parametrize("confidential", [False, True])
async def test_an_escalated_line_takes_every_file_along_sealed_where_the_ticket_is_confidential(
    office: Office, stated: Statement, confidential: bool
) -> None:
    if confidential:
        manager = office.counter.cast.account_manager
        await mark_confidential(
            office.session, await office.counter.ticket(manager), by=manager, at=office.counter.desk.now
        )
    await contest(office, stated)
    line = await line_of(office, stated, office.owner)
    dispute = await escalate_line(office.session, STORAGE, stated, line, by=office.owner, at=AFTER_NOVEMBER)

    attached = await attachments_of(office.session, dispute)
    assert dispute.is_confidential is confidential
    assert len(attached) == 3
    assert {await lies_sealed(STORAGE, one.storage_key) for one in attached} == {confidential}
    if not confidential:
        assert [one.name for one in attached] == ["发票.pdf", "聊天记录.png", "说明函.pdf"]
        assert office.counter.ticket_number in dispute.description
        assert "1,280.00 元" in dispute.description
        told = [b"".join([piece async for piece in STORAGE.read(one.storage_key)]) for one in attached]
        assert told == [b"invoice", b"picture", b"letter"]
    await office.act_as(office.counter.cast.executive)
    assert await office.session.scalar(select(Ticket.number).where(Ticket.id == dispute.id)) == dispute.number

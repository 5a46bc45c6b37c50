"""A contract ends: the merchant chooses, takes its data back, all is erased, and a signed paper says what went."""

from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select

from anshou.consumers.recording import add_record
from anshou.people.errors import PermissionMissing, ProofMissing
from anshou.privacy.entrustment import deadlines, returning
from anshou.privacy.entrustment.certificates import read_certificate
from anshou.privacy.entrustment.errors import (
    ContractStillRuns,
    EntrustmentNotFound,
    ErasureRunning,
    ReturnUnderWay,
    StepNotOpen,
)
from anshou.privacy.entrustment.rows import Step
from anshou.tickets.kinds import Kind
from confidentiality.audit.leaves import AuditLeaf, write_leaves
from tenants.context import AGENCY
from tests.consumers.samples import card
from tests.privacy.entrustment.ending import Ending
from tests.privacy.entrustment.taken import Taken
from tests.privacy.retention.eraser import Eraser
from tests.tickets.desk import Desk


@pytest.fixture
async def ending(desk: Desk, eraser: Eraser) -> Ending:
    """A closed ticket of 云杉 with a consumer record, and a contract that has ended."""
    manager = desk.cast.account_manager
    ticket = await desk.open(Kind.SERVICE_QUALITY, manager)
    await add_record(desk.session, ticket, card(), by=manager, at=desk.now)
    await desk.act(desk.cast.service_agent, "refuse")
    made = Ending(desk, eraser, desk.now + timedelta(days=1))
    await made.end_contract()
    return made


async def test_nothing_is_returned_or_deleted_while_a_contract_runs(desk: Desk, eraser: Eraser) -> None:
    with pytest.raises(ContractStillRuns):
        await Ending(desk, eraser, desk.now).begin()


async def test_the_merchant_takes_its_data_back_before_it_is_erased(ending: Ending) -> None:
    await ending.begin()
    await ending.choose(take_back=True)
    with pytest.raises(StepNotOpen):
        await ending.order_erasure()
    content = await ending.hand_over()
    assert [record["name"] for record in Taken(content).records("consumer_record")] == ["柳如丝"]
    await ending.order_erasure()
    with pytest.raises(StepNotOpen):
        await ending.hand_over()


async def test_the_certificate_says_what_was_returned_what_went_and_what_a_law_keeps(ending: Ending) -> None:
    await ending.begin()
    await ending.choose(take_back=True)
    content = await ending.hand_over()
    await ending.order_erasure()
    with pytest.raises(ErasureRunning):
        await ending.certify()
    await ending.carry_out()
    paper = await ending.certify()
    said = read_certificate(paper)
    assert paper.number.startswith("ZM2611-")
    assert paper.sha256 == sha256(paper.document).hexdigest()
    assert (said.merchant, said.returned_sha256) == ("云杉户外", sha256(content).hexdigest())
    assert said.returned_size == len(content)
    counted = {one.kind: (one.records, one.files) for one in said.returned}
    assert counted["consumer_records"] == (1, 0)
    # The ticket itself and its entries.
    assert counted["ticket_texts"][0] >= 2
    report = {one.kind: one.subjects for one in said.gone} | {one.kind: one.rows for one in said.stayed}
    assert report
    assert all(one.law for one in said.stayed if one.reason == "法律要求继续保存")
    assert (paper.name, paper.second_factor) == (ending.desk.cast.supervisor.name, True)
    with pytest.raises(StepNotOpen):
        await ending.certify()


async def test_whoever_wants_it_deleted_at_once_gets_no_file(ending: Ending) -> None:
    await ending.begin()
    await ending.choose(take_back=False)
    with pytest.raises(StepNotOpen):
        await ending.hand_over()
    with pytest.raises(StepNotOpen):
        await ending.choose(take_back=True)
    await ending.order_erasure()
    await ending.carry_out()
    assert read_certificate(await ending.certify()).returned_at is None


async def test_only_the_owner_chooses_and_only_the_agency_begins_erases_and_signs(ending: Ending) -> None:
    with pytest.raises(PermissionMissing):
        await ending.begin(ending.desk.cast.account_manager)
    await ending.begin()
    for person in (ending.desk.cast.member, ending.desk.cast.admin):
        with pytest.raises(PermissionMissing):
            await ending.choose(take_back=False, by=person)
    await ending.choose(take_back=False)
    await ending.order_erasure()
    await ending.carry_out()
    with pytest.raises(PermissionMissing):
        await ending.certify(ending.desk.cast.admin)
    with pytest.raises(ProofMissing):
        await ending.certify(purpose="sign_certificate:another")


async def test_another_merchant_does_not_find_it(ending: Ending) -> None:
    await ending.begin()
    with pytest.raises(EntrustmentNotFound):
        await ending.seen_by(ending.desk.cast.other_owner)


async def test_every_step_leaves_a_leaf(ending: Ending) -> None:
    made = await ending.begin()
    await ending.choose(take_back=True)
    await ending.hand_over()
    await ending.order_erasure()
    await ending.carry_out()
    await ending.certify()
    await ending.desk.act_as(AGENCY)
    await write_leaves(ending.desk.session)
    query = select(AuditLeaf.action).where(AuditLeaf.subject_id == made.id).order_by(AuditLeaf.at)
    assert list(await ending.desk.session.scalars(query)) == [
        "return.begun",
        "return.chosen_return",
        "return.handed_over",
        "return.erasing",
        "certificate.issued",
    ]


async def test_the_day_after_its_last_one_the_worker_begins_it_once(ending: Ending) -> None:
    await ending.desk.act_as(AGENCY)
    session = ending.desk.session
    assert await deadlines.begin_due_returns(session, at=ending.now) == 1
    assert await deadlines.begin_due_returns(session, at=ending.now) == 0
    (made,) = await returning.returns_of(session, ending.desk.cast.yunshan.id)
    assert made.data_return.due_at == ending.now + timedelta(days=30)
    assert made.step(*Step) is None
    with pytest.raises(ReturnUnderWay):
        await ending.begin()

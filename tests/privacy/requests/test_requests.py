"""Requests of people about their data: taken in, identified, decided, executed, answered in time, and by whom."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from anshou.consumers.recording import add_record
from anshou.consumers.records import ConsumerRecord
from anshou.people.errors import PermissionMissing
from anshou.people.person import Person
from anshou.people.roles import Role
from anshou.privacy.requests.clock import fire
from anshou.privacy.requests.copying import make_copy
from anshou.privacy.requests.erasing import begin_erasure, erasure_is_over
from anshou.privacy.requests.errors import (
    ErasureRunning,
    GroundNeeded,
    MerchantMissing,
    NoCopyHere,
    NothingMatched,
    RequestElsewhere,
    RequestNotFound,
)
from anshou.privacy.requests.filing import file_request
from anshou.privacy.requests.handling import answer, decide, execute, identify, match_record, unmatch_record
from anshou.privacy.requests.kinds import Decision, Ground, Proof, Right, State, Step
from anshou.privacy.requests.reading import list_requests, matched_records, steps_of, visible_request
from anshou.privacy.requests.rows import SubjectRequest
from anshou.privacy.requests.shapes import AnswerGiven, DecisionGiven, Identification, RequestGiven
from anshou.privacy.retention.runs import find_open_run
from anshou.tickets.kinds import Channel, Kind
from confidentiality.audit.leaves import write_leaves
from tenants.context import AGENCY
from tests.consumers.samples import PHONE, card
from tests.privacy.retention.eraser import Eraser
from tests.tickets.desk import Desk

IDENTIFIED = Identification(through=Proof.ORDER_DETAILS)
GRANTED = DecisionGiven(decision=Decision.GRANTED)
HANDLING = {Role.ACCOUNT_MANAGER, Role.SERVICE_AGENT, Role.SUPERVISOR, Role.MERCHANT_OWNER, Role.MERCHANT_MEMBER}
TOLD = AnswerGiven(answer="已按您的请求处理。")


def given(desk: Desk, **changes: Any) -> RequestGiven:
    values: dict[str, Any] = {
        "asks_for": Right.COPY,
        "channel": Channel.PHONE,
        "asker": "柳如丝",
        "contact": PHONE,
        "wish": "请把我的信息发给我",
        "merchant": desk.cast.yunshan.id,
    }
    return RequestGiven(**(values | changes))


async def filed(desk: Desk, by: Person | None = None, **changes: Any) -> SubjectRequest:
    by = by or desk.cast.service_agent
    await desk.act_as(by.context())
    return await file_request(desk.session, given(desk, **changes), by=by, at=desk.now)


async def recorded(desk: Desk) -> ConsumerRecord:
    by = desk.cast.service_agent
    ticket = await desk.open(Kind.SERVICE_QUALITY, by)
    return await add_record(desk.session, ticket, card(), by=by, at=desk.now)


async def granted(desk: Desk, **changes: Any) -> SubjectRequest:
    """A request that was matched, identified and granted."""
    by = desk.cast.service_agent
    record = await recorded(desk)
    request = await filed(desk, **changes)
    await match_record(desk.session, request, record, by=by, at=desk.now)
    await identify(desk.session, request, IDENTIFIED, by=by, at=desk.now)
    await decide(desk.session, request, GRANTED, by=by, at=desk.now)
    return request


async def test_a_request_goes_its_way_and_every_step_is_noted_with_a_leaf(desk: Desk) -> None:
    by = desk.cast.service_agent
    request = await granted(desk)
    await execute(desk.session, request, by=by, at=desk.now)
    await answer(desk.session, request, TOLD, by=by, at=desk.now)
    assert (request.state, request.answered_at) == (State.ANSWERED, desk.now)
    steps = [Step.RECEIVED, Step.MATCHED, Step.IDENTIFIED, Step.DECIDED, Step.EXECUTED, Step.ANSWERED]
    assert [one.step for one in await steps_of(desk.session, request)] == steps
    await write_leaves(desk.session)
    await desk.act_as(AGENCY)
    leaves = text("SELECT action FROM audit_leaf WHERE subject_id = :id ORDER BY id")
    assert list(await desk.session.scalars(leaves, {"id": request.id})) == [f"request.{step.value}" for step in steps]


async def test_who_asks_is_nowhere_in_the_open(desk: Desk) -> None:
    await granted(desk)
    await write_leaves(desk.session)
    await desk.act_as(AGENCY)
    for table in ("subject_request", "subject_request_step", "subject_request_record", "audit_leaf"):
        rows = " ".join(await desk.session.scalars(text(f"SELECT t::text FROM {table} AS t")))
        assert rows
        assert "柳如丝" not in rows
        assert PHONE not in rows
    assert "柳如丝" not in repr(given(desk))


async def test_no_step_is_skipped(desk: Desk) -> None:
    by = desk.cast.service_agent
    request = await filed(desk)
    with pytest.raises(RequestElsewhere):
        await decide(desk.session, request, GRANTED, by=by, at=desk.now)
    with pytest.raises(RequestElsewhere):
        await execute(desk.session, request, by=by, at=desk.now)
    with pytest.raises(RequestElsewhere):
        await answer(desk.session, request, TOLD, by=by, at=desk.now)
    await identify(desk.session, request, IDENTIFIED, by=by, at=desk.now)
    with pytest.raises(NothingMatched):
        await decide(desk.session, request, GRANTED, by=by, at=desk.now)


async def test_a_refusal_needs_a_legal_ground_and_a_grant_has_none(desk: Desk) -> None:
    by = desk.cast.service_agent
    request = await filed(desk)
    for decision, ground in ((Decision.REFUSED, None), (Decision.GRANTED, Ground.LEGAL_HOLD)):
        refused = DecisionGiven(decision=decision, ground=ground)
        with pytest.raises((GroundNeeded, RequestElsewhere)):
            await decide(desk.session, request, refused, by=by, at=desk.now)
    refused = DecisionGiven(decision=Decision.REFUSED, ground=Ground.NOT_IDENTIFIED, explanation="订单信息不符")
    await decide(desk.session, request, refused, by=by, at=desk.now)
    with pytest.raises(RequestElsewhere):
        await execute(desk.session, request, by=by, at=desk.now)
    await answer(desk.session, request, TOLD, by=by, at=desk.now)
    assert request.state is State.ANSWERED


async def test_the_clock_warns_at_four_fifths_and_records_the_breach_for_good(desk: Desk) -> None:
    request = await filed(desk)
    assert (request.warn_at, request.due_at) == (desk.now + timedelta(days=12), desk.now + timedelta(days=15))

    await desk.act_as(AGENCY)
    await fire(desk.session, request.id, request.warn_at)
    await fire(desk.session, request.id, request.due_at)
    await fire(desk.session, request.id, request.due_at + timedelta(days=1))
    request = await visible_request(desk.session, request.number, by=desk.cast.supervisor)
    assert (request.warned_at, request.breached_at) == (request.warn_at, request.due_at)
    assert [one.step for one in await steps_of(desk.session, request)] == [Step.RECEIVED, Step.WARNED, Step.BREACHED]


async def test_an_answered_request_is_never_late(desk: Desk) -> None:
    by = desk.cast.service_agent
    request = await filed(desk)
    refused = DecisionGiven(decision=Decision.REFUSED, ground=Ground.NOTHING_HELD)
    await decide(desk.session, request, refused, by=by, at=desk.now)
    await answer(desk.session, request, TOLD, by=by, at=desk.now)
    await desk.act_as(AGENCY)
    await fire(desk.session, request.id, request.due_at)
    request = await visible_request(desk.session, request.number, by=desk.cast.supervisor)
    assert (request.warned_at, request.breached_at) == (None, None)


async def test_a_copy_holds_the_subjects_own_records_and_no_others(desk: Desk) -> None:
    by = desk.cast.service_agent
    other = await desk.open(Kind.SERVICE_QUALITY, by)
    await add_record(desk.session, other, card(name="别人", phone="10000009999"), by=by, at=desk.now)
    request = await granted(desk)
    copied = await make_copy(desk.session, request, by=by, at=desk.now)
    texts = json.dumps([record.fields for record in copied.records], ensure_ascii=False)
    assert PHONE in texts
    assert "柳如丝" in texts
    assert "别人" not in texts
    assert len(copied.records) == 1
    assert PHONE not in repr(copied)
    last = (await steps_of(desk.session, request))[-1]
    assert (last.step, last.detail) == (Step.COPIED, "1")


async def test_no_copy_without_a_grant_or_of_a_request_for_something_else(desk: Desk) -> None:
    by = desk.cast.service_agent
    request = await filed(desk)
    with pytest.raises(NoCopyHere):
        await make_copy(desk.session, request, by=by, at=desk.now)
    erasing = await granted(desk, asks_for=Right.ERASE)
    with pytest.raises(NoCopyHere):
        await make_copy(desk.session, erasing, by=by, at=desk.now)


async def test_what_is_asked_to_be_erased_is_erased_before_the_answer(eraser: Eraser) -> None:
    desk = eraser.desk
    by = desk.cast.service_agent
    request = await granted(desk, asks_for=Right.ERASE)
    await execute(desk.session, request, by=by, at=desk.now)
    with pytest.raises(ErasureRunning):
        await answer(desk.session, request, TOLD, by=by, at=desk.now)
    number = request.number
    await desk.act_as(AGENCY)
    for _ in range(2):
        await begin_erasure(desk.session, request.id, by.id, at=desk.now)
    request = await visible_request(desk.session, number, by=desk.cast.supervisor)
    assert request.erasure_run is not None
    run = await find_open_run(desk.session, request.erasure_run)
    assert run is not None
    report = await eraser.carry_out(run, desk.now)
    assert {line.kind: line.subjects for line in report.lines} == {"consumer_records": 1}
    await erasure_is_over(desk.session, report.run.id, at=desk.now)
    request = await visible_request(desk.session, number, by=desk.cast.supervisor)
    assert request.state is State.EXECUTED
    (record,) = await matched_records(desk.session, request)
    assert (record.name, record.phone) == (None, None)
    await answer(desk.session, request, TOLD, by=by, at=desk.now)


async def test_a_merchant_files_and_sees_its_own_and_handles_none(desk: Desk) -> None:
    own = await filed(desk, desk.cast.member, merchant=None)
    assert own.merchant_id == desk.cast.yunshan.id
    assert [one.number for one in await list_requests(desk.session, by=desk.cast.owner)] == [own.number]
    with pytest.raises(PermissionMissing):
        await identify(desk.session, own, IDENTIFIED, by=desk.cast.owner, at=desk.now)
    await desk.act_as(desk.cast.other_owner.context())
    with pytest.raises(RequestNotFound):
        await visible_request(desk.session, own.number, by=desk.cast.other_owner)
    assert await list_requests(desk.session, by=desk.cast.other_owner) == []


async def test_only_those_who_handle_requests_see_them(desk: Desk) -> None:
    request = await filed(desk)
    for role, person in desk.cast.everybody.items():
        await desk.act_as(person.context())
        if role in (
            Role.ACCOUNT_MANAGER,
            Role.SERVICE_AGENT,
            Role.SUPERVISOR,
            Role.MERCHANT_OWNER,
            Role.MERCHANT_MEMBER,
        ):
            assert (await visible_request(desk.session, request.number, by=person)).id == request.id
        else:
            with pytest.raises(PermissionMissing):
                await visible_request(desk.session, request.number, by=person)


async def test_the_agency_says_whose_consumer_asks_and_matches_only_that_merchants_records(desk: Desk) -> None:
    with pytest.raises(MerchantMissing):
        await filed(desk, merchant=None)
    by = desk.cast.service_agent
    record = await recorded(desk)
    request = await filed(desk, merchant=desk.cast.qinghe.id)
    with pytest.raises(NothingMatched):
        await match_record(desk.session, request, record, by=by, at=desk.now)
    own = await filed(desk)
    await match_record(desk.session, own, record, by=by, at=desk.now)
    await match_record(desk.session, own, record, by=by, at=desk.now)
    assert [one.id for one in await matched_records(desk.session, own)] == [record.id]
    await unmatch_record(desk.session, own, record.origin_id, by=by, at=desk.now)
    assert await matched_records(desk.session, own) == []

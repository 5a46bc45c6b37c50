"""Every process from report to closed through the API alone, and what stands in the way of an illegal move."""

import asyncio

import pytest

from anshou.tickets.kinds import Kind
from tests.api.conftest import House, post
from tests.api.desk import ApiDesk
from tests.api.test_problems import check_problem


@pytest.fixture
def desk(house: House) -> ApiDesk:
    """A desk before its first ticket."""
    return ApiDesk(house)


async def planned(desk: ApiDesk) -> None:
    """Report to a plan that awaits the merchant's word."""
    anhe = desk.house.anhe
    await desk.open(Kind.SERVICE_QUALITY, anhe.owner)
    await desk.act(anhe.account_manager, "accept")
    await desk.act(anhe.account_manager, "dispatch")
    await desk.act(anhe.specialist, "conclude_analysis")
    await desk.act(anhe.specialist, "submit_plan")
    await desk.act(anhe.supervisor, "approve_plan")


async def test_a_service_problem_goes_from_report_to_closed_with_a_rejected_plan(desk: ApiDesk) -> None:
    anhe = desk.house.anhe
    await planned(desk)
    assert (await desk.read(anhe.owner))["status"] == "awaiting_customer"
    shown = await desk.act(anhe.owner, "reject_plan")
    assert (shown["step"], shown["round"]) == ("planning", 2)
    await desk.act(anhe.specialist, "submit_plan")
    await desk.act(anhe.supervisor, "approve_plan")
    await desk.act(anhe.owner, "accept_plan")
    await desk.finish_measures()
    await desk.act(anhe.specialist, "finish_execution")
    await desk.act(anhe.member, "rate")
    await desk.act(anhe.account_manager, "return_visit")
    shown = await desk.act(anhe.account_manager, "close")
    assert (shown["step"], shown["status"], shown["outcome"]) == ("closed", "closed", "resolved")
    assert "reopen" in shown["moves"]


async def test_a_data_anomaly_goes_from_detection_to_closed(desk: ApiDesk) -> None:
    anhe = desk.house.anhe
    await desk.open(Kind.DATA_ANOMALY, anhe.specialist)
    await desk.act(anhe.account_manager, "dispatch", department="technical_support")
    await desk.act(anhe.specialist, "conclude_triage")
    await desk.act(anhe.specialist, "conclude_analysis")
    await desk.act(anhe.specialist, "submit_plan")
    await desk.act(anhe.supervisor, "approve_plan")
    await desk.finish_measures()
    await desk.act(anhe.specialist, "start_monitoring")
    first = desk.now.date()
    desk.wait(days=7)
    for day in (first, desk.now.date()):
        await desk.act(anhe.specialist, "observe_metric", day=day.isoformat())
    await desk.act(anhe.account_manager, "report_result")
    await desk.act(anhe.owner, "confirm_result")
    shown = await desk.act(anhe.account_manager, "close")
    assert (shown["status"], shown["outcome"]) == ("closed", "resolved")


async def negotiating(desk: ApiDesk) -> None:
    """A claim to an agreement that waits for signatures."""
    anhe = desk.house.anhe
    await desk.open(Kind.CONTRACT_DISPUTE, anhe.owner)
    await desk.act(anhe.account_manager, "start_procedure")
    await desk.act(anhe.account_manager, "conclude_investigation")
    await desk.act(anhe.account_manager, "record_round")
    await desk.act(anhe.account_manager, "propose_agreement")


async def test_a_dispute_goes_from_filing_over_a_signed_agreement_to_closed(desk: ApiDesk) -> None:
    anhe = desk.house.anhe
    await negotiating(desk)
    assert (await desk.sign(anhe.owner, "sign_for_merchant")).status_code == 200
    assert (await desk.sign(anhe.supervisor, "sign_for_agency")).status_code == 200
    signed = await desk.read(anhe.owner, "/agreement")
    assert {one["side"] for one in signed["signatures"]} == {"agency", "merchant"}
    for duty in (await desk.read(anhe.account_manager, "/obligations"))["items"]:
        proof = await desk.attach(anhe.account_manager)
        assert proof.status_code == 201, proof.text
        await desk.act(anhe.account_manager, "perform_obligation", obligation=duty["id"], proof=proof.json()["id"])
    shown = await desk.act(anhe.account_manager, "close")
    assert (shown["status"], shown["outcome"]) == ("closed", "resolved")


async def test_nobody_signs_without_their_password(desk: ApiDesk) -> None:
    anhe = desk.house.anhe
    await negotiating(desk)
    check_problem(await desk.sign(anhe.owner, "sign_for_merchant", password="guess"), 403, "ProofRefused")
    assert (await desk.read(anhe.owner, "/agreement"))["signatures"] == []


async def test_a_signature_that_is_sent_again_is_answered_alike_and_given_once(desk: ApiDesk) -> None:
    anhe = desk.house.anhe
    await negotiating(desk)
    agreement = await desk.read(anhe.owner, "/agreement")
    body = {"agreement": agreement["id"], "sha256": agreement["sha256"], "password": "correct horse 电池 staple"}
    path = f"/tickets/{desk.number}/moves/sign_for_merchant"
    seen = f'"{(await desk.read(anhe.owner))["version"]}"'
    async with desk.house.client(anhe.owner) as client:
        first = await post(client, path, body, if_match=seen, idempotency_key="sign-once")
        again = await post(client, path, body, if_match=seen, idempotency_key="sign-once")
        other = await post(client, path, body | {"sha256": "0" * 64}, if_match=seen, idempotency_key="sign-once")
    assert first.status_code == again.status_code == 200
    assert first.content == again.content
    check_problem(other, 422, "IdempotencyKeyReused")
    assert len((await desk.read(anhe.owner, "/agreement"))["signatures"]) == 1


async def test_a_move_from_an_older_version_tells_who_changed_what(desk: ApiDesk) -> None:
    anhe = desk.house.anhe
    shown = await desk.open(Kind.SERVICE_QUALITY, anhe.owner)
    await desk.act(anhe.account_manager, "accept")
    response = await desk.try_to(anhe.service_agent, "accept", seen=f'"{shown["version"]}"')
    problem = check_problem(response, 412, "TicketChanged")
    assert anhe.account_manager.name in problem["detail"]
    assert "受理" in problem["detail"]


async def test_a_move_says_which_version_its_author_saw(desk: ApiDesk) -> None:
    anhe = desk.house.anhe
    await desk.open(Kind.SERVICE_QUALITY, anhe.owner)
    path = f"/tickets/{desk.number}/moves/accept"
    async with desk.house.client(anhe.account_manager) as client:
        check_problem(await post(client, path, desk.body("accept")), 428, "VersionRequired")
        check_problem(await post(client, path, desk.body("accept"), if_match="*"), 400, "VersionUnreadable")


async def test_a_move_that_is_not_open_or_not_theirs_is_refused(desk: ApiDesk) -> None:
    anhe = desk.house.anhe
    await desk.open(Kind.SERVICE_QUALITY, anhe.owner)
    check_problem(await desk.try_to(anhe.account_manager, "close"), 409, "MoveNotOpen")
    check_problem(await desk.try_to(anhe.owner, "accept"), 403, "MoveNotYours")
    desk.kind = Kind.DATA_ANOMALY
    check_problem(await desk.try_to(anhe.account_manager, "conclude_triage"), 404, "MoveUnknown")


async def test_a_record_that_does_not_fit_points_at_its_field(desk: ApiDesk) -> None:
    anhe = desk.house.anhe
    await planned(desk)
    await desk.act(anhe.owner, "accept_plan")
    await desk.finish_measures()
    await desk.act(anhe.specialist, "finish_execution")
    for changes, pointer in (
        ({"score": 6}, "/score"),
        ({"score": "5"}, "/score"),
        ({"satisfied": False, "comment": None}, "/comment"),
    ):
        problem = check_problem(await desk.try_to(anhe.owner, "rate", **changes), 422, "ShapeInvalid")
        assert [error["pointer"] for error in problem["errors"]] == [pointer]


async def test_the_moves_listed_are_those_that_can_be_made(desk: ApiDesk) -> None:
    anhe = desk.house.anhe
    await desk.open(Kind.SERVICE_QUALITY, anhe.owner)
    listed = await desk.read(anhe.account_manager, "/moves")
    names = {one["name"] for one in listed["items"]}
    assert names == set((await desk.read(anhe.account_manager))["moves"])
    assert "accept" in names
    assert {one["name"] for one in (await desk.read(anhe.owner, "/moves"))["items"]} >= {"withdraw"}


async def test_two_at_once_one_moves_the_ticket_and_the_other_is_told(desk: ApiDesk) -> None:
    anhe = desk.house.anhe
    shown = await desk.open(Kind.SERVICE_QUALITY, anhe.owner)
    seen = f'"{shown["version"]}"'
    answers = await asyncio.gather(
        desk.try_to(anhe.account_manager, "accept", seen=seen), desk.try_to(anhe.service_agent, "accept", seen=seen)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]

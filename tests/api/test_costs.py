"""Costs through the JSON door: claimed once per key, proved, submitted, returned, verified."""

from typing import Any

import pytest

from anshou.people.person import Person
from anshou.tickets.kinds import Kind
from tests.api.conftest import House, post
from tests.api.desk import PDF, ApiDesk

CLAIM = {
    "category": "material_licence",
    "fen": 128_000,
    "tax_fen": 7_245,
    "incurred_on": "2026-11-20",
    "note": "数据恢复软件授权",
}


@pytest.fixture
async def desk(house: House) -> ApiDesk:
    opened = ApiDesk(house)
    await opened.open(Kind.SERVICE_QUALITY, house.anhe.owner)
    return opened


async def _claimed(desk: ApiDesk, by: Person, **changes: Any) -> dict[str, Any]:
    async with desk.house.client(by) as client:
        answer = await post(client, f"/tickets/{desk.number}/costs", CLAIM | changes)
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


async def test_a_cost_goes_its_way_by_the_door_alone(house: House, desk: ApiDesk) -> None:
    manager, finance = house.anhe.account_manager, house.anhe.finance
    cost = await _claimed(desk, manager)
    page = f"/costs/{cost['number']}"
    async with house.client(manager) as client:
        unproved = await post(client, f"{page}/submission")
        assert (unproved.status_code, unproved.json()["code"]) == (422, "ProofMissing")
        headers = {"idempotency-key": "a-file-of-this-cost"}
        sent = {"file": ("发票.pdf", PDF, "application/pdf")}
        proved = await client.post(f"{page}/evidence", headers=headers, files=sent)
        assert proved.status_code == 201, proved.text
        again = await client.post(f"{page}/evidence", headers=headers, files=sent)
        assert again.json() == proved.json()
        assert (await post(client, f"{page}/submission")).json()["state"] == "submitted"
        assert (await post(client, f"{page}/verification")).status_code == 403
    async with house.client(finance) as client:
        listed = (await client.get("/costs", params={"state": "submitted", "ticket": desk.number})).json()
        assert [one["number"] for one in listed["items"]] == [cost["number"]]
        file = proved.json()["evidence"][0]
        assert (await client.get(f"{page}/evidence/{file['id']}")).content == PDF
        assert (await post(client, f"{page}/return", {"reason": ""})).status_code == 422
        returned = (await post(client, f"{page}/return", {"reason": "发票抬头不对"})).json()
        assert (returned["state"], returned["deeds"][-1]["reason"]) == ("returned", "发票抬头不对")
    async with house.client(manager) as client:
        await post(client, f"{page}/submission")
    async with house.client(finance) as client:
        verified = (await post(client, f"{page}/verification")).json()
        assert verified["state"] == "verified"
        assert (await post(client, f"{page}/verification")).status_code == 409
        assert (await post(client, f"{page}/taking-back", {"reason": " "})).status_code == 422
        back = (await post(client, f"{page}/taking-back", {"reason": "金额有误"})).json()
        assert (back["state"], back["deeds"][-1]["deed"]) == ("returned", "taken_back")
        assert (await post(client, f"{page}/taking-back", {"reason": "金额有误"})).status_code == 409
    async with house.client(manager) as client:
        assert (await post(client, f"{page}/taking-back", {"reason": "金额有误"})).status_code == 403
        await post(client, f"{page}/submission")
    async with house.client(finance) as client:
        await post(client, f"{page}/verification")
    async with house.client(manager) as client:
        ticket_costs = (await client.get(f"/tickets/{desk.number}/costs")).json()
        assert [(one["fen"], one["state"]) for one in ticket_costs["items"]] == [(128_000, "verified")]


async def test_a_claim_sent_twice_is_one_cost(house: House, desk: ApiDesk) -> None:
    async with house.client(house.anhe.account_manager) as client:
        answers = [
            await post(client, f"/tickets/{desk.number}/costs", CLAIM, idempotency_key=f"once-{desk.number}")
            for _ in range(2)
        ]
    assert answers[0].json() == answers[1].json()
    assert answers[0].headers["location"].endswith(f"/costs/{answers[0].json()['number']}")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"fen": 1280.5}, "fen"),
        ({"fen": "1280"}, "fen"),
        ({"fen": 0}, "fen"),
        ({"fen": -5}, "fen"),
        ({"fen": 10**13}, "fen"),
        ({"tax_fen": 200_000}, "tax_fen"),
        ({"currency": "USD"}, "currency"),
        ({"category": "freight"}, "category"),
        ({"category": "labour_overtime"}, "category"),
        ({"incurred_on": "2026-13-01"}, "incurred_on"),
        ({"incurred_on": "2030-01-01"}, "incurred_on"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_what_cannot_be_claimed_is_refused_with_its_field(
    house: House, desk: ApiDesk, changes: dict[str, Any], field: str
) -> None:
    async with house.client(house.anhe.account_manager) as client:
        refused = await post(client, f"/tickets/{desk.number}/costs", CLAIM | changes)
    assert refused.status_code == 422, refused.text
    assert field in refused.text


async def test_time_without_a_rate_and_the_own_claim_are_refused(house: House, desk: ApiDesk) -> None:
    worked = {"work": "labour_overtime", "worked_on": "2026-11-20", "minutes": 90}
    async with house.client(house.anhe.specialist) as client:
        stranger = await post(client, f"/tickets/{desk.number}/working-time", worked)
    assert stranger.status_code == 404
    async with house.client(house.anhe.account_manager) as client:
        refused = await post(client, f"/tickets/{desk.number}/working-time", worked)
    assert (refused.status_code, refused.json()["code"]) == (409, "NoRate")


async def test_a_merchant_learns_nothing_of_costs(house: House, desk: ApiDesk) -> None:
    cost = await _claimed(desk, house.anhe.account_manager)
    async with house.client(house.anhe.owner) as client:
        assert (await client.get("/costs")).status_code == 403
        assert (await client.get(f"/costs/{cost['number']}")).status_code == 403
        assert (await client.get(f"/tickets/{desk.number}/costs")).status_code == 403

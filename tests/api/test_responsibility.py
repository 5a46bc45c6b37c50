"""Who is responsible, objected to and reviewed through the JSON door; and what that makes of a cost."""

from anshou.finance.attributing import attribute_costs
from anshou.tickets.kinds import Kind
from anshou.tickets.reach import visible_ticket
from tenants.context import AGENCY
from tests.api.conftest import House, post
from tests.api.desk import PDF, ApiDesk
from tests.api.test_costs import CLAIM


async def test_a_determination_is_objected_to_reviewed_and_moves_the_cost(house: House) -> None:
    anhe = house.anhe
    desk = ApiDesk(house)
    await desk.open(Kind.SERVICE_QUALITY, anhe.owner)
    address = f"/tickets/{desk.number}/responsibility"
    async with house.client(anhe.owner) as client:
        assert (await client.get(address)).json()["code"] == "NotDetermined"
    for person, move in (
        (anhe.account_manager, "accept"),
        (anhe.account_manager, "dispatch"),
        (anhe.specialist, "conclude_analysis"),
    ):
        await desk.act(person, move)
    async with house.client(anhe.account_manager) as client:
        cost = (await post(client, f"/tickets/{desk.number}/costs", CLAIM)).json()
        page = f"/costs/{cost['number']}"
        sent = {"file": ("发票.pdf", PDF, "application/pdf")}
        await client.post(f"{page}/evidence", headers={"idempotency-key": "proof"}, files=sent)
        await post(client, f"{page}/submission")
    async with house.client(anhe.finance) as client:
        assert (await post(client, f"{page}/verification")).json()["allocations"] == []
    await worked(house, desk)
    await desk.act(anhe.owner, "object_to_determination", attachment=None, heard=None)
    async with house.client(anhe.owner) as client:
        found = (await client.get(address)).json()
        assert found["under_objection"]
        assert [(one["level"], one["outcome"]) for one in found["objections"]] == [("supervisor", None)]
        assert (await client.get(page)).status_code == 403
    async with house.client(anhe.other_owner) as client:
        assert (await client.get(address)).status_code == 404
    body = {"shares": [{"party": "merchant", "basis_points": 10_000}], "basis": "确认稿", "clause": "8.1"}
    refused = await desk.try_to(anhe.supervisor, "review_determination", outcome="upheld", responsibility=body)
    assert refused.status_code == 422
    assert "维持原判定时，不填写新的责任判定" in refused.text
    await desk.act(anhe.supervisor, "review_determination", responsibility=body)
    await worked(house, desk)
    async with house.client(anhe.finance) as client:
        now, before = (await client.get(page)).json()["allocations"]
    assert now["supersedes_id"] == before["id"]
    assert [(one["party"], one["fen"]) for one in now["parties"]] == [("merchant", 128_000)]
    assert now["parties"][0]["why"].startswith("商家承担 1,280.00 元")
    assert [(one["party"], one["fen"], one["clause"], one["general"]) for one in before["parts"]] == [
        ("agency", 89_600, "8.1", False),
        ("platform", 38_400, "G-platform", True),
    ]


async def worked(house: House, desk: ApiDesk) -> None:
    """The worker's job."""
    async with house.tenants.session(house.tenant, AGENCY) as session:
        ticket = await visible_ticket(session, house.anhe.executive, desk.number)
        await attribute_costs(session, ticket.merchant_id, ticket.id, at=house.clock())

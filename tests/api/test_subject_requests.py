"""Requests of people about their data through the JSON door."""

from anshou.tickets.kinds import Kind
from tests.api.conftest import House, post
from tests.api.desk import ApiDesk
from tests.api.test_consumers import CARD
from tests.consumers.samples import SECRETS

ASKED = {"asks_for": "access", "channel": "phone", "asker": "柳如丝", "contact": "10000001234", "wish": "查阅"}


async def test_a_request_goes_its_way_and_who_asks_is_in_no_answer_but_the_copy(house: House) -> None:
    desk = ApiDesk(house)
    await desk.open(Kind.SERVICE_QUALITY, house.anhe.owner)
    async with house.client(house.anhe.owner) as owner:
        record = (await post(owner, f"/tickets/{desk.number}/consumers", CARD)).json()
        filed = await post(owner, "/subject-requests", ASKED)
        assert filed.status_code == 201, filed.text
        assert not any(secret in filed.text for secret in SECRETS)
        page = filed.headers["location"].removeprefix("/api/v1")
        assert (await post(owner, f"{page}/identification", {"through": "order_details"})).status_code == 403
    async with house.client(house.anhe.service_agent) as agent:
        assert [one["number"] for one in (await agent.get("/subject-requests")).json()["items"]]
        assert (await post(agent, f"{page}/decision", {"decision": "granted"})).status_code == 409
        matched = await agent.put(f"{page}/records/{record['id']}")
        assert matched.json()["records"] == [record["id"]]
        await post(agent, f"{page}/identification", {"through": "order_details"})
        decided = await post(agent, f"{page}/decision", {"decision": "granted"})
        assert decided.json()["state"] == "decided"
        copied = await agent.post(f"{page}/copy")
        assert copied.json()["records"][0]["texts"]["phone"] == CARD["phone"]
        await post(agent, f"{page}/execution", None)
        answered = await post(agent, f"{page}/answer", {"answer": "已告知。"})
        assert answered.json()["state"] == "answered"
        assert not any(secret in answered.text for secret in SECRETS)
        assert (await agent.get("/subject-requests", params={"answered": "true"})).json()["items"]
    async with house.client(house.anhe.other_owner) as other:
        assert (await other.get(page)).status_code == 404
        assert (await other.get("/subject-requests")).json()["items"] == []

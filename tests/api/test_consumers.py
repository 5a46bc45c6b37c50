"""Consumer records through the JSON door: masked, corrected, found, and kept nowhere in the open."""

from typing import Any

import pytest
from sqlalchemy import text

from anshou.people.person import Person
from anshou.tickets.kinds import Kind
from tenants.context import AGENCY
from tests.api.conftest import House, post
from tests.api.desk import ApiDesk
from tests.consumers.samples import SECRETS

CARD = {
    "name": "柳如丝",
    "phone": "10000001234",
    "region": "广东省深圳市南山区",
    "address": "松树街八十八号",
    "order_number": "DD-2611-000077",
    "product": "静音筋膜枪",
    "specification": "灰色 标准版",
    "happened": "第二次使用就不转了",
    "usage": "每周两次",
    "private": True,
    "wanted": "exchange",
}


@pytest.fixture
async def desk(house: House) -> ApiDesk:
    """A desk with a new ticket of 云杉."""
    made = ApiDesk(house)
    await made.open(Kind.SERVICE_QUALITY, house.anhe.owner)
    return made


async def _add(house: House, desk: ApiDesk, by: Person, **changes: Any) -> dict[str, Any]:
    async with house.client(by) as client:
        response = await post(client, f"/tickets/{desk.number}/consumers", CARD | changes)
    assert response.status_code == 201, response.text
    assert not any(secret in response.text for secret in SECRETS)
    shown: dict[str, Any] = response.json()
    assert response.headers["location"] == f"/api/v1/tickets/{desk.number}/consumers/{shown['id']}"
    return shown


async def test_a_record_is_added_read_corrected_and_removed_masked(house: House, desk: ApiDesk) -> None:
    shown = await _add(house, desk, house.anhe.account_manager)
    assert shown["phone"] == "100****1234"
    assert shown["product"] == "****"
    address = f"/tickets/{desk.number}/consumers/{shown['id']}"
    async with house.client(house.anhe.member) as client:
        assert (await client.get(address)).json() == shown
        corrected = await post(client, f"{address}/corrections", {"phone": "10000005678", "clear": ["usage"]})
        assert corrected.status_code == 201, corrected.text
        assert corrected.json()["phone"] == "100****5678"
        assert corrected.json()["usage"] is None
        assert corrected.json()["name"] == "柳*"
        assert corrected.json()["id"] == shown["id"]
        assert corrected.json()["row_id"] != shown["row_id"]
        listed = (await client.get(f"/tickets/{desk.number}/consumers")).json()["items"]
        assert [one["id"] for one in listed] == [shown["id"]]
        assert (await client.delete(address)).status_code == 204
        assert (await client.get(address)).status_code == 404


@pytest.mark.parametrize("terms", [{"phone": "+86 100 0000 1234"}, {"phone": "1234"}, {"order_number": "dd2611000077"}])
async def test_a_search_needs_no_key_of_idempotency_and_pages(
    house: House, desk: ApiDesk, terms: dict[str, str]
) -> None:
    wanted = {(await _add(house, desk, house.anhe.owner))["id"] for _ in range(3)}
    async with house.client(house.anhe.owner) as client:
        seen: list[str] = []
        after = None
        for _ in range(30):
            page = await client.post("/consumers/search", json={**terms, "limit": 2, "after": after})
            assert page.status_code == 200, page.text
            assert not any(secret in page.text for secret in SECRETS)
            seen += [hit["record"]["id"] for hit in page.json()["items"]]
            after = page.json()["next"]
            if after is None:
                break
    assert len(seen) == len(set(seen))
    assert wanted <= set(seen)


async def test_a_search_in_another_merchant_finds_no_such_merchant(house: House, desk: ApiDesk) -> None:
    await _add(house, desk, house.anhe.owner)
    asked = {"phone": "1234", "merchant": str(house.anhe.yunshan.id)}
    for stranger in (house.anhe.other_owner, house.boyuan.owner, house.boyuan.account_manager):
        async with house.client(stranger) as client:
            assert (await client.post("/consumers/search", json=asked)).status_code == 404
            found = await client.post("/consumers/search", json={"phone": "1234"})
            assert found.json()["items"] == []


async def test_what_is_kept_of_a_request_does_not_help_to_guess_it(house: House, desk: ApiDesk) -> None:
    await _add(house, desk, house.anhe.owner)
    async with house.tenants.session(house.tenant, AGENCY) as session:
        rows = list(await session.scalars(text("SELECT to_jsonb(k)::text FROM kept_answer k")))
        jobs = list(await session.scalars(text("SELECT to_jsonb(w)::text FROM webhook_delivery w")))
    assert rows
    assert not any(secret in "".join(rows + jobs) for secret in SECRETS)

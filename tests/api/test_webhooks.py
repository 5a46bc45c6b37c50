"""Webhooks through the API: registered, changed, rotated, tested, followed."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.api.conftest import House, post
from tests.api.test_problems import check_problem
from tests.database import Database

HOOK = {"url": "https://127.0.0.1/hook", "events": ["ticket.closed"], "description": "ERP"}


@pytest.fixture
async def admin(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """The administrator, who begins without endpoints."""
    async with house.client(house.anhe.admin) as client:
        for one in (await client.get("/webhooks")).json()["items"]:
            await client.delete(f"/webhooks/{one['id']}")
        yield client


async def registered(admin: httpx.AsyncClient) -> str:
    response = await post(admin, "/webhooks", HOOK)
    assert response.status_code == 201
    return str(response.json()["endpoint"]["id"])


async def test_a_registered_endpoint_is_read_where_the_answer_says(house: House, admin: httpx.AsyncClient) -> None:
    response = await post(admin, "/webhooks", HOOK)
    made = response.json()
    assert made["secret"].startswith("whsec_")
    assert response.headers["location"] == f"/api/v1/webhooks/{made['endpoint']['id']}"
    read = (await admin.get(f"/webhooks/{made['endpoint']['id']}")).json()
    assert read == made["endpoint"]
    assert {name: read[name] for name in HOOK} == HOOK
    assert read["active"] is True
    assert "secret" not in read


async def test_an_endpoint_is_changed_and_stopped(admin: httpx.AsyncClient) -> None:
    hook = await registered(admin)
    changed = await admin.put(f"/webhooks/{hook}", json={**HOOK, "events": [], "active": False})
    assert changed.status_code == 200
    assert (await admin.get(f"/webhooks/{hook}")).json() == changed.json()
    assert changed.json()["stopped"] == "by_person"


async def test_a_secret_is_rotated_once_a_day(admin: httpx.AsyncClient) -> None:
    hook = await registered(admin)
    rotated = await post(admin, f"/webhooks/{hook}/secret")
    assert rotated.status_code == 201
    assert rotated.json()["secret"].startswith("whsec_")
    check_problem(await post(admin, f"/webhooks/{hook}/secret"), 409, "SecretRotating")


async def test_a_test_leaves_a_job_that_carries_ids_only(
    house: House, admin: httpx.AsyncClient, database: Database
) -> None:
    hook = await registered(admin)
    response = await post(admin, f"/webhooks/{hook}/test")
    assert response.status_code == 202
    superuser = await database.connect_as_superuser()
    try:
        rows = await superuser.fetch("SELECT payload FROM control.job WHERE actor = 'webhooks.deliver'")
    finally:
        await superuser.close()
    assert any(response.json()["id"] in row[0] for row in rows)
    assert all("127.0.0.1" not in row[0] for row in rows)


async def test_deliveries_are_paged_newest_first(admin: httpx.AsyncClient) -> None:
    hook = await registered(admin)
    left = [(await post(admin, f"/webhooks/{hook}/test")).json()["id"] for _ in range(5)]
    seen: list[str] = []
    after = ""
    while True:
        page = (await admin.get(f"/webhooks/{hook}/deliveries?limit=2{after}")).json()
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert seen == left[::-1]


async def test_a_delivery_is_left_again(admin: httpx.AsyncClient) -> None:
    hook = await registered(admin)
    delivery = (await post(admin, f"/webhooks/{hook}/test")).json()["id"]
    assert (await post(admin, f"/webhooks/{hook}/deliveries/{delivery}/retry")).status_code == 202
    other = await registered(admin)
    check_problem(await post(admin, f"/webhooks/{other}/deliveries/{delivery}/retry"), 404, "DeliveryNotFound")


async def test_another_agencys_endpoint_does_not_exist(house: House, admin: httpx.AsyncClient) -> None:
    hook = await registered(admin)
    async with house.client(house.boyuan.admin) as stranger:
        check_problem(await stranger.get(f"/webhooks/{hook}"), 404, "EndpointNotFound")
        check_problem(await post(stranger, f"/webhooks/{hook}/test"), 404, "EndpointNotFound")
        assert (await stranger.get("/webhooks")).json() == {"items": []}

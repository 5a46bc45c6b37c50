"""Lists of tickets over the API: narrowed by what stands on a ticket, in every order, page by page; and saved views."""

from datetime import timedelta

import pytest

from anshou.people.saved_views import Arrangement, Place, SharedWith, save_view, share_view
from anshou.tickets.kinds import Kind
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.api.conftest import House
from tests.api.desk import ApiDesk
from tests.api.test_problems import check_problem


@pytest.fixture
def desk(house: House) -> ApiDesk:
    """A desk before its first ticket."""
    return ApiDesk(house)


async def listed(desk: ApiDesk, **asked: str) -> list[str]:
    async with desk.house.client(desk.house.anhe.account_manager) as client:
        response = await client.get("/tickets", params=asked)
    assert response.status_code == 200, response.text
    return [line["number"] for line in response.json()["items"]]


async def test_a_list_is_narrowed_by_what_stands_on_a_ticket(desk: ApiDesk) -> None:
    anhe = desk.house.anhe
    first = (await desk.open(Kind.SERVICE_QUALITY, anhe.owner))["number"]
    second = (await desk.open(Kind.DATA_ANOMALY, anhe.account_manager, urgency="urgent"))["number"]

    async def holds(**asked: str) -> set[str]:
        """Which of the two; the other tests of the module leave theirs behind."""
        return {first, second} & {*await listed(desk, **asked)}

    assert await holds(urgency="urgent") == {second}
    assert await holds(channel="portal") == {first}
    assert await holds(owned="false", tab="open") == {first}
    assert await listed(desk, confidential="true") == []
    tomorrow = (desk.now + timedelta(days=1)).isoformat()
    assert await listed(desk, opened_since=tomorrow) == []
    assert await holds(opened_before=tomorrow) == {first, second}
    assert await holds(rated="not_rated") == {first, second}


async def test_a_list_is_sorted_and_read_on_in_its_order(desk: ApiDesk) -> None:
    anhe = desk.house.anhe
    numbers = []
    for _ in range(3):
        numbers.append((await desk.open(Kind.SERVICE_QUALITY, anhe.owner))["number"])
        desk.wait(minutes=1)
    asked = {"tab": "open", "sort": "opened", "falling": "true", "limit": "2"}
    async with desk.house.client(anhe.account_manager) as client:
        first = (await client.get("/tickets", params=asked)).json()
        rest = (await client.get("/tickets", params=asked | {"after": first["next"]})).json()
        assert [line["number"] for line in first["items"] + rest["items"]][:3] == numbers[::-1]
        other = await client.get("/tickets", params=asked | {"falling": "false", "after": first["next"]})
        check_problem(other, 400, "CursorInvalid")
        unsortable = await client.get("/tickets", params={"tab": "all", "sort": "due"})
        check_problem(unsortable, 400, "ParameterInvalid")
        assert "opened、updated" in unsortable.text


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
async def test_an_instant_at_the_edge_of_time_is_refused(desk: ApiDesk, instant: str) -> None:
    async with desk.house.client(desk.house.anhe.account_manager) as client:
        response = await client.get("/tickets", params={"opened_since": instant})
    check_problem(response, 400, "ParameterInvalid")


async def test_saved_views_are_read_by_those_who_find_them(desk: ApiDesk, tenants: Tenants, tenant: Tenant) -> None:
    anhe = desk.house.anhe
    async with tenants.session(tenant, anhe.supervisor.context()) as session:
        arranged = Arrangement(query={"tab": "open", "urgency": "urgent"}, columns=("number", "due"), sort="-opened")
        view = await save_view(session, anhe.supervisor, Place.QUEUE, "加急", arranged, at=desk.now)
        await share_view(session, anhe.supervisor, view, SharedWith.AGENCY, at=desk.now)
        await save_view(session, anhe.supervisor, Place.QUEUE, "自己的", arranged, at=desk.now)
    async with desk.house.client(anhe.account_manager) as client:
        (found,) = (await client.get("/views")).json()["items"]
    assert found["name"] == "加急"
    assert found["query"] == {"tab": ["open"], "urgency": ["urgent"]}
    assert (found["columns"], found["sort"], found["shared_with"]) == (["number", "due"], "-opened", "agency")
    async with desk.house.client(anhe.owner) as client:
        assert (await client.get("/views")).json() == {"items": []}

"""One effect for one Idempotency-Key, whatever happens on the way."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select

from anshou.gate.kept_answers import KEPT_FOR, KeptAnswer, forget_old_answers
from anshou.webhooks import endpoints
from anshou.webhooks.endpoints import WebhookEndpoint
from tenants.context import AGENCY
from tenants.sessions import Tenants
from tests.api.conftest import House, post
from tests.api.test_problems import check_problem


def hook() -> dict[str, object]:
    """An endpoint like no other, by its description."""
    return {"url": "https://127.0.0.1/hook", "description": uuid4().hex}


async def registered(house: House, description: object) -> int:
    """How many endpoints of this description there are."""
    async with house.tenants.session(house.tenant, AGENCY) as session:
        found = select(func.count()).where(WebhookEndpoint.description == description)
        return await session.scalar(found) or 0


async def remove_all(house: House) -> None:
    """Make room: there is a most of endpoints."""
    async with house.client(house.anhe.admin) as client:
        for one in (await client.get("/webhooks")).json()["items"]:
            assert (await client.delete(f"/webhooks/{one['id']}")).status_code == 204


@pytest.fixture(autouse=True)
async def room(house: House) -> None:
    await remove_all(house)


async def test_a_post_without_a_key_is_refused(house: House) -> None:
    async with house.client(house.anhe.admin) as client:
        check_problem(await client.post("/webhooks", json=hook()), 400, "IdempotencyKeyMissing")


@pytest.mark.parametrize("key", ["", " ", "a b", "键", "x" * 256])
async def test_a_key_that_is_no_key_is_refused(house: House, key: str) -> None:
    async with house.client(house.anhe.admin) as client:
        response = await client.post("/webhooks", json=hook(), headers={"idempotency-key": key.encode()})
    assert response.status_code == 400


async def test_the_same_request_again_is_answered_alike_and_done_once(house: House) -> None:
    wanted = hook()
    async with house.client(house.anhe.admin) as client:
        first = await post(client, "/webhooks", wanted, idempotency_key="again")
        second = await post(client, "/webhooks", wanted, idempotency_key="again")
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert first.headers["location"] == second.headers["location"]
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert await registered(house, wanted["description"]) == 1


async def test_another_body_or_address_under_the_same_key_is_refused(house: House) -> None:
    async with house.client(house.anhe.admin) as client:
        first = await post(client, "/webhooks", hook(), idempotency_key="other")
        check_problem(await post(client, "/webhooks", hook(), idempotency_key="other"), 422, "IdempotencyKeyReused")
        path = f"/webhooks/{first.json()['endpoint']['id']}/test"
        check_problem(await post(client, path, idempotency_key="other"), 422, "IdempotencyKeyReused")


async def test_a_refused_request_may_be_put_right_under_the_same_key(house: House) -> None:
    wanted = hook()
    async with house.client(house.anhe.admin) as client:
        wrong = await post(client, "/webhooks", {**wanted, "url": "http://example.com"}, idempotency_key="mended")
        assert wrong.status_code == 422
        assert (await post(client, "/webhooks", wanted, idempotency_key="mended")).status_code == 201


async def test_keys_of_different_people_are_strangers(house: House) -> None:
    wanted = hook()
    async with house.client(house.anhe.admin) as ours, house.client(house.boyuan.admin) as theirs:
        assert (await post(ours, "/webhooks", wanted, idempotency_key="shared")).status_code == 201
        response = await post(theirs, "/webhooks", wanted, idempotency_key="shared")
    assert response.status_code == 201
    assert "idempotency-replayed" not in response.headers


async def test_of_two_at_the_same_time_one_is_done_and_the_other_told_to_wait(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = hook()
    under_way, go_on = asyncio.Event(), asyncio.Event()
    register = endpoints.register_endpoint

    async def slowly(*args: object, **more: object) -> object:
        under_way.set()
        await go_on.wait()
        return await register(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(endpoints, "register_endpoint", slowly)
    async with house.client(house.anhe.admin) as client:
        first = asyncio.create_task(post(client, "/webhooks", wanted, idempotency_key="race"))
        await under_way.wait()
        check_problem(await post(client, "/webhooks", wanted, idempotency_key="race"), 409, "RequestInFlight")
        go_on.set()
        assert (await first).status_code == 201
        replayed = await post(client, "/webhooks", wanted, idempotency_key="race")
    assert replayed.content == (await first).content
    assert await registered(house, wanted["description"]) == 1


async def test_of_many_at_once_exactly_one_is_done(house: House) -> None:
    wanted = hook()
    async with house.client(house.anhe.admin) as client:
        answers: list[httpx.Response] = await asyncio.gather(
            *(post(client, "/webhooks", wanted, idempotency_key="crowd") for _ in range(6))
        )
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert await registered(house, wanted["description"]) == 1


async def test_what_is_kept_cannot_be_read_in_the_database(house: House, tenants: Tenants) -> None:
    async with house.client(house.anhe.admin) as client:
        secret = (await post(client, "/webhooks", hook(), idempotency_key="sealed")).json()["secret"]
    async with tenants.session(house.tenant, AGENCY) as session:
        kept = (await session.scalars(select(KeptAnswer).where(KeptAnswer.key == "sealed"))).one()
    assert secret.encode() not in kept.sealed_body


async def test_answers_are_forgotten_after_two_days_and_not_before(house: House, tenants: Tenants) -> None:
    wanted = hook()
    async with house.client(house.anhe.admin) as client:
        await post(client, "/webhooks", wanted, idempotency_key="old")
    now = house.clock()
    async with tenants.session(house.tenant, AGENCY) as session:
        assert await forget_old_answers(session, at=now + KEPT_FOR - timedelta(minutes=5)) == 0
        assert await forget_old_answers(session, at=now + KEPT_FOR + timedelta(seconds=1)) > 0
    async with house.client(house.anhe.admin) as client:
        again = await post(client, "/webhooks", wanted, idempotency_key="old")
    assert "idempotency-replayed" not in again.headers

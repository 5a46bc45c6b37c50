"""Strangers see nothing: every route of the door, for another merchant, for another agency, and for nobody.

What the routes name is really there, made by 云杉's people. A stranger is answered exactly as if it were not: another
status or code would tell that it exists.
"""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from anshou.people.person import Person
from tests.api.conftest import House, post
from tests.api.desk import PDF
from tests.api.examples import example
from tests.api.published import Operation, document, operations
from tests.api.treasures import NOWHERE, Treasure, hidden

OPERATIONS = list(operations())


@pytest.fixture(scope="module")
async def treasure(house: House) -> Treasure:
    """One of everything that an address can name."""
    return await hidden(house)


def strangers(house: House) -> Iterator[tuple[str, Person]]:
    """Everybody to whom 云杉 is a stranger."""
    yield "another merchant", house.anhe.other_owner
    yield "another agency's administrator", house.boyuan.admin
    yield "another agency's front desk", house.boyuan.account_manager
    yield "another agency's merchant", house.boyuan.owner


async def ask(client: httpx.AsyncClient, operation: Operation, ids: dict[str, str]) -> httpx.Response:
    """Call the operation with these ids and otherwise all that it asks for."""
    headers = {"idempotency-key": uuid4().hex} if operation.method == "POST" else {}
    if operation.takes_version:
        headers["if-match"] = '"1"'
    more: dict[str, Any] = {}
    if operation.is_form:
        more["files"] = {"file": ("x.pdf", PDF, "application/pdf")}
    elif operation.body is not None:
        more["json"] = example(operation.body, document()["components"]["schemas"])
    query = {"year": 2026} if "year" in operation.required_query else {}
    path = operation.path.format(**ids)
    return await client.request(operation.method, path, headers=headers, params=query, **more)


def test_every_parameter_of_an_address_has_something_to_name(treasure: Treasure) -> None:
    assert {name for one in OPERATIONS for name in one.parameters} <= set(treasure.ids)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
async def test_nobody_is_answered_without_a_key(house: House, treasure: Treasure, operation: Operation) -> None:
    async with house.client(None) as client:
        response = await ask(client, operation, treasure.ids)
    assert response.status_code == 401
    assert not any(mark in response.text for mark in treasure.marks)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
async def test_a_stranger_cannot_tell_that_it_exists(house: House, treasure: Treasure, operation: Operation) -> None:
    for who, stranger in strangers(house):
        async with house.client(stranger) as client:
            nothing = NOWHERE | {name: NOWHERE.get(name, str(uuid4())) for name in operation.parameters}
            there = await ask(client, operation, treasure.ids)
            nowhere = await ask(client, operation, nothing)
        told = {mark for mark in treasure.marks if mark in there.text} - set(there.request.url.path.split("/"))
        assert not told, f"{who} reads {told}"
        assert there.status_code < 500, who
        if not operation.names_something:
            continue
        assert there.status_code == nowhere.status_code, who
        if there.status_code >= 400:
            assert there.json()["code"] == nowhere.json()["code"], who
        else:
            assert set(operation.parameters) <= set(NOWHERE) - {"number", "key_id"}, f"{who}: {there.text}"


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
async def test_what_a_merchants_people_read_is_never_internal(
    house: House, treasure: Treasure, operation: Operation
) -> None:
    if operation.method != "GET":
        return
    async with house.client(house.anhe.service_agent) as agent:
        noted = await post(agent, f"/tickets/{treasure.ids['number']}/notes", {"body": "内部机密备注"})
        assert noted.status_code == 201
    for person in (house.anhe.owner, house.anhe.member):
        async with house.client(person) as client:
            response = await ask(client, operation, treasure.ids)
        assert response.status_code in (200, 400, 403, 404), response.text
        assert "内部机密备注".encode() not in response.content

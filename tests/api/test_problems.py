"""Whatever goes wrong is answered by a problem document that says what to put right, in the reader's language."""

from typing import Any

import httpx
import pytest

from tests.api.conftest import House, post

HOOK = {"url": "https://127.0.0.1/hook"}


def check_problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of a response, which has this status and code and is well formed."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    problem: dict[str, Any] = response.json()
    assert problem["status"] == status
    assert problem["code"] == code
    assert problem["type"] == f"urn:anshou:problem:{code}"
    assert problem["detail"]
    return problem


@pytest.mark.parametrize("path", ["/nowhere", "/webhooks/not-an-id", "/webhooks/x/y/z", "/"])
async def test_an_unknown_address_is_not_found(house: House, path: str) -> None:
    async with house.client(house.anhe.admin) as client:
        check_problem(await client.get(path), 404, "RouteUnknown")


async def test_a_method_that_is_not_offered_names_those_that_are(house: House) -> None:
    async with house.client(house.anhe.admin) as client:
        response = await client.patch("/webhooks")
    check_problem(response, 405, "MethodRefused")
    assert {"GET", "POST"} <= set(response.headers["allow"].split(", "))


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        (None, "KeyRequired"),
        ("Basic YTpi", "KeyRequired"),
        ("Bearer", "KeyRequired"),
        ("Bearer nonsense", "KeyRefused"),
        ("Bearer anshou_anhe_aaaaaaaaaaaa_" + "a" * 52, "KeyRefused"),
        ("Bearer anshou_nobody_aaaaaaaaaaaa_" + "a" * 52, "KeyRefused"),
    ],
)
async def test_without_a_key_that_holds_nothing_is_answered(house: House, authorization: str | None, code: str) -> None:
    async with house.client(None) as client:
        headers = {"authorization": authorization} if authorization else {}
        response = await client.get("/webhooks", headers=headers)
    check_problem(response, 401, code)
    assert response.headers["www-authenticate"].startswith("Bearer")


async def test_a_key_is_asked_for_before_the_body_is_read(house: House) -> None:
    async with house.client(None) as client:
        check_problem(await client.post("/webhooks", content=b"{broken"), 401, "KeyRequired")


async def test_what_a_role_may_not_do_is_forbidden(house: House) -> None:
    async with house.client(house.anhe.specialist) as client:
        check_problem(await client.get("/webhooks"), 403, "PermissionMissing")


@pytest.mark.parametrize(
    ("content", "content_type", "status", "code"),
    [
        (b"{", "application/json", 400, "BodyUnreadable"),
        (b"", "application/json", 400, "BodyUnreadable"),
        (b'{"url": "\xff"}', "application/json", 400, "BodyUnreadable"),
        (b"[]", "application/json", 422, "BodyInvalid"),
        (b"null", "application/json", 422, "BodyInvalid"),
        (b"url=x", "application/x-www-form-urlencoded", 415, "MediaTypeRefused"),
        (b"{}", "text/plain", 415, "MediaTypeRefused"),
        (b'{"description": "' + b"x" * 2**20 + b'"}', "application/json", 413, "BodyTooLarge"),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(
    house: House, content: bytes, content_type: str, status: int, code: str
) -> None:
    async with house.client(house.anhe.admin) as client:
        headers = {"content-type": content_type, "idempotency-key": "unread"}
        check_problem(await client.post("/webhooks", content=content, headers=headers), status, code)


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, {"/url"}),
        ({**HOOK, "colour": 1}, {"/colour"}),
        ({"url": 5, "active": "yes"}, {"/url", "/active"}),
        ({**HOOK, "events": ["ticket.opened", "ticket.eaten"]}, {"/events/1"}),
        ({**HOOK, "description": "a\x00b"}, {"/description"}),
        ({"url": "http://example.com/"}, {"/url"}),
    ],
)
async def test_every_value_to_put_right_is_pointed_at(house: House, body: object, pointers: set[str]) -> None:
    async with house.client(house.anhe.admin) as client:
        response = await post(client, "/webhooks", body)
    assert response.status_code == 422
    problem = response.json()
    assert {error["pointer"] for error in problem["errors"]} == pointers
    assert all(error["detail"] for error in problem["errors"])


@pytest.mark.parametrize(
    ("query", "name"), [("limit=0", "limit"), ("limit=many", "limit"), ("colour=red", "colour"), ("after=%00", "after")]
)
async def test_a_parameter_to_put_right_is_named(house: House, query: str, name: str) -> None:
    async with house.client(house.anhe.admin) as client:
        made = (await post(client, "/webhooks", HOOK)).json()["endpoint"]["id"]
        response = await client.get(f"/webhooks/{made}/deliveries?{query}")
    problem = check_problem(response, 400, "ParameterInvalid")
    assert [error["parameter"] for error in problem["errors"]] == [name]


async def test_a_cursor_that_was_not_issued_is_refused(house: House) -> None:
    async with house.client(house.anhe.admin) as client:
        made = (await post(client, "/webhooks", HOOK)).json()["endpoint"]["id"]
        check_problem(await client.get(f"/webhooks/{made}/deliveries?after=abc"), 400, "CursorInvalid")


@pytest.mark.parametrize(
    ("accepted", "tag"), [("", "zh-CN"), ("en", "en"), ("fr, en;q=0.5", "en"), ("zh;q=0.9, en;q=0.1", "zh-CN")]
)
async def test_it_is_said_in_the_readers_language(house: House, accepted: str, tag: str) -> None:
    async with house.client(None) as client:
        response = await client.get("/webhooks", headers={"accept-language": accepted})
    assert response.headers["content-language"] == tag
    assert "Accept-Language" in response.headers["vary"]


async def test_what_broke_on_our_side_says_nothing_of_itself(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from anshou.webhooks import endpoints

    async def broken(*_: object) -> None:
        raise ZeroDivisionError("13812345678")

    monkeypatch.setattr(endpoints, "list_endpoints", broken)
    async with house.client(house.anhe.admin) as client:
        response = await client.get("/webhooks")
    check_problem(response, 500, "Unexpected")
    assert "13812345678" not in response.text

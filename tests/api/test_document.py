"""What is published about the door is what the door does, and can be read without a network."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.conftest import House

Json = dict[str, Any]


async def document(house: House, language: str = "zh-CN") -> Json:
    """The document as anybody gets it."""
    async with house.client(None) as client:
        response = await client.get("/openapi.json", headers={"accept-language": language})
    assert response.status_code == 200
    made: Json = response.json()
    return made


def operations(made: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    if isinstance(value, list):
        for inner in value:
            yield from references(inner)


async def test_it_is_openapi_3_1_and_every_reference_leads_somewhere(house: House) -> None:
    made = await document(house)
    assert made["openapi"].startswith("3.1")
    components = {f"#/components/schemas/{name}" for name in made["components"]["schemas"]}
    assert set(references(made)) <= components


async def test_every_operation_has_words_a_tag_and_a_name_of_its_own(house: House) -> None:
    found = list(operations(await document(house)))
    names = [operation["operationId"] for _, _, operation in found]
    assert len(set(names)) == len(names)
    assert all(operation["summary"] and len(operation["tags"]) == 1 for _, _, operation in found)


# Only read: a phone number is in the body because it must not be in the address, and a copy is kept nowhere.
ASKED_BY_POST = {
    "/consumers/search",
    "/reveals",
    "/disclosures/{disclosure}/exports",
    "/subject-requests/{request_id}/copy",
    "/tickets/{number}/confidential/contents",
    "/tickets/{number}/attachments/{attachment_id}/content",
}


async def test_every_post_takes_an_idempotency_key_and_nothing_else_does(house: House) -> None:
    for method, path, operation in operations(await document(house)):
        required = {one["name"] for one in operation.get("parameters", []) if one["in"] == "header" and one["required"]}
        assert ("Idempotency-Key" in required) == (method == "post" and path not in ASKED_BY_POST), path


async def test_every_refusal_is_a_problem_document(house: House) -> None:
    for _, path, operation in operations(await document(house)):
        refusals = {status: one for status, one in operation["responses"].items() if status >= "400"}
        assert {"400", "401", "403", "404"} <= set(refusals), path
        assert all(set(one["content"]) == {"application/problem+json"} for one in refusals.values())


async def test_every_field_that_is_sent_in_has_a_title(house: House) -> None:
    made = await document(house)
    for _, path, operation in operations(made):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            for reference in references(content):
                schema = made["components"]["schemas"][reference.rpartition("/")[2]]
                untitled = [name for name, field in schema.get("properties", {}).items() if "title" not in field]
                assert not untitled, f"{path}: {untitled}"


async def test_bodies_refuse_what_they_do_not_know(house: House) -> None:
    made = await document(house)
    for _, path, operation in operations(made):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            for reference in references(content):
                schema = made["components"]["schemas"][reference.rpartition("/")[2]]
                if "properties" in schema:
                    assert schema["additionalProperties"] is False, f"{path}: {reference}"


async def test_enumerations_say_what_their_members_mean(house: House) -> None:
    schema = (await document(house))["components"]["schemas"]["EventType"]
    assert "ticket.closed：工单结案" in schema["description"]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_it_can_be_read_as_a_page_without_script_or_foreign_address(house: House, language: str) -> None:
    async with house.client(None) as client:
        page = await client.get("/docs", headers={"accept-language": language})
        style = await client.get("/docs.css")
    assert page.status_code == style.status_code == 200
    assert f'<html lang="{language}">' in page.text
    assert "<script" not in page.text
    assert " style=" not in page.text
    assert not re.search(r"(?:src|href)=\"(?!/api/v1/|#)", page.text)
    assert not re.search(r"url\(|@import", style.text)


async def test_the_page_shows_every_operation_and_schema(house: House) -> None:
    made = await document(house)
    async with house.client(None) as client:
        page = (await client.get("/docs")).text
    for _, _, operation in operations(made):
        assert f'id="{operation["operationId"]}"' in page
    for name in made["components"]["schemas"]:
        assert f'id="schema-{name}"' in page
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'id="([^"]+)"', page))

"""Reveals through the JSON door: plain text for a purpose and a ticket, recorded first and kept nowhere."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select, text

from anshou.gate.kept_answers import KeptAnswer
from anshou.people.roles import Scope
from anshou.tickets.kinds import Kind
from confidentiality.audit.leaves import AuditLeaf
from tenants.context import AGENCY
from tests.api.conftest import House, key_of, post
from tests.api.desk import ApiDesk

PHONE = "10000001234"


@pytest.fixture
async def wanted(house: House) -> dict[str, str]:
    """A phone on a new ticket of 云杉, as one asks for it."""
    desk = ApiDesk(house)
    await desk.open(Kind.SERVICE_QUALITY, house.anhe.owner)
    async with house.client(house.anhe.account_manager) as client:
        record = (await post(client, f"/tickets/{desk.number}/consumers", {"phone": PHONE, "name": "柳如丝"})).json()
    return {
        "field": f"consumer_record.phone:{record['row_id']}",
        "ticket": desk.number,
        "purpose": "contact_consumer",
    }


async def _reveal(house: House, person: Any, wanted: dict[str, str]) -> httpx.Response:
    async with house.client(person) as client:
        return await client.post("/reveals", json=wanted)


async def test_a_field_is_revealed_with_the_receipt_of_its_record(house: House, wanted: dict[str, str]) -> None:
    response = await _reveal(house, house.anhe.account_manager, wanted)
    assert response.status_code == 200, response.text
    assert response.headers["cache-control"] == "no-store"
    shown = response.json()
    assert (shown["text"], shown["field"]) == (PHONE, wanted["field"])
    async with house.tenants.session(house.tenant, AGENCY) as session:
        leaf = (await session.scalars(select(AuditLeaf).where(AuditLeaf.id == shown["leaf_id"]))).one()
    assert (leaf.action, leaf.leaf_hash.hex()) == ("reveal.shown", shown["leaf_hash"])


async def test_a_plain_text_is_kept_beside_no_idempotency_key(house: House, wanted: dict[str, str]) -> None:
    async with house.client(house.anhe.account_manager) as client:
        for _ in range(2):
            response = await client.post("/reveals", json=wanted, headers={"idempotency-key": "reveal-1"})
            assert response.json()["text"] == PHONE
            assert "idempotency-replayed" not in response.headers
    async with house.tenants.session(house.tenant, AGENCY) as session:
        assert list(await session.scalars(select(KeptAnswer).where(KeptAnswer.key == "reveal-1"))) == []
        count = "SELECT count(*) FROM reveal WHERE row_id = :row"
        assert await session.scalar(text(count), {"row": wanted["field"].rpartition(":")[2]}) == 2


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"purpose": "curiosity"}, 422, "PurposeUnknown"),
        ({"ticket": "FW0000-00000"}, 404, "TicketNotFound"),
        ({"field": "consumer_record.phone:00000000-0000-0000-0000-000000000009"}, 404, "FieldNotFound"),
        ({"field": "account.name:1"}, 404, "FieldNotFound"),
    ],
)
async def test_what_is_refused_is_a_problem_without_content(
    house: House, wanted: dict[str, str], changes: dict[str, str], status: int, code: str
) -> None:
    response = await _reveal(house, house.anhe.account_manager, wanted | changes)
    assert response.status_code == status, response.text
    assert response.json()["code"] == code
    assert PHONE not in response.text


async def test_those_who_may_not_reveal_and_other_merchants_get_nothing(house: House, wanted: dict[str, str]) -> None:
    anhe = house.anhe
    statuses = {
        person.name: (await _reveal(house, person, wanted)).status_code
        for person in (anhe.executive, anhe.auditor, anhe.admin, anhe.other_owner, house.boyuan.owner, anhe.member)
    }
    assert list(statuses.values()) == [403, 403, 403, 404, 404, 200]


async def test_a_key_without_the_scope_reveals_nothing(house: House, wanted: dict[str, str]) -> None:
    manager = house.anhe.account_manager
    async with house.tenants.session(house.tenant, AGENCY) as session:
        scopes = (Scope.READ, Scope.WRITE, Scope.MANAGE)
        key = await key_of(session, manager, by=house.anhe.admin, at=house.clock(), scopes=scopes)
    async with house.client(None, authorization=f"Bearer {key}") as client:
        assert (await client.post("/reveals", json=wanted)).status_code == 403


async def test_a_merchant_lists_objects_and_reads_the_answer(house: House, wanted: dict[str, str]) -> None:
    anhe = house.anhe
    revealed = (await _reveal(house, anhe.account_manager, wanted)).json()
    async with house.client(anhe.owner) as owner:
        listed = (await owner.get("/reveals", params={"ticket": wanted["ticket"]})).json()["items"]
        assert [(one["id"], one["viewer_name"], one["purpose"]) for one in listed] == [
            (revealed["id"], "林悦", "contact_consumer")
        ]
        assert PHONE not in str(listed)
        address = f"/reveals/{revealed['id']}"
        raised = await post(owner, f"{address}/objection", {"reason": "为什么要看？"})
        assert raised.status_code == 201, raised.text
        assert raised.json()["objection"]["outcome"] is None
        assert (await post(owner, f"{address}/objection", {"reason": "再问一次"})).status_code == 409
    async with house.client(anhe.supervisor) as supervisor:
        waiting = (await supervisor.get("/reveals", params={"unanswered": True})).json()["items"]
        assert revealed["id"] in {one["id"] for one in waiting}
        verdict = {"outcome": "rejected", "explanation": "联系消费者安排取件，确有必要。"}
        answered = await post(supervisor, f"{address}/objection/answer", verdict)
        assert answered.status_code == 201, answered.text
    async with house.client(anhe.owner) as owner:
        assert (await owner.get(address)).json()["objection"]["explanation"] == verdict["explanation"]
    async with house.client(anhe.other_owner) as stranger:
        assert (await stranger.get(address)).status_code == 404
        assert (await stranger.get("/reveals", params={"merchant": str(anhe.yunshan.id)})).json()["items"] == []


async def test_a_list_is_paged_by_keyset(house: House, wanted: dict[str, str]) -> None:
    for _ in range(3):
        await _reveal(house, house.anhe.account_manager, wanted)
    async with house.client(house.anhe.auditor) as auditor:
        asked = {"ticket": wanted["ticket"], "limit": 2}
        first = (await auditor.get("/reveals", params=asked)).json()
        rest = (await auditor.get("/reveals", params=asked | {"after": first["next"]})).json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)


async def test_the_purposes_are_listed_for_those_who_reveal(house: House) -> None:
    async with house.client(house.anhe.service_agent) as client:
        items = (await client.get("/reveal-purposes")).json()["items"]
    assert {"code": "verify_order", "label": "核实订单"} in items
    async with house.client(house.anhe.executive) as client:
        assert (await client.get("/reveal-purposes")).status_code == 403

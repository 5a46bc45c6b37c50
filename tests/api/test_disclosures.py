"""Disclosures through the JSON door: asked for, signed with a password, exported, withdrawn."""

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from anshou.privacy.disclosures.actions import REFUSED_EXPORT
from anshou.tickets.kinds import Kind
from confidentiality.audit.leaves import AuditLeaf
from tenants.context import AGENCY
from tests.api.conftest import House, post
from tests.api.desk import ApiDesk
from tests.cast import PASSWORD


async def asked(house: House) -> dict[str, Any]:
    """The account manager asks for the name on a ticket with one consumer record."""
    desk = ApiDesk(house)
    await desk.open(Kind.SERVICE_QUALITY, house.anhe.owner)
    async with house.client(house.anhe.owner) as owner:
        await post(owner, f"/tickets/{desk.number}/consumers", {"name": "柳如丝", "phone": "10000001234"})
    today = house.clock.now.date()
    async with house.client(house.anhe.account_manager) as manager:
        response = await post(
            manager,
            "/disclosures",
            {
                "merchant": str(house.anhe.yunshan.id),
                "recipient_name": "安速物流",
                "recipient_kind": "carrier",
                "recipient_contact": "400",
                "purpose": "理赔",
                "tickets": [desk.number],
                "fields": ["consumer_record.name"],
                "valid_from": (today - timedelta(days=1)).isoformat(),
                "valid_until": (today + timedelta(days=30)).isoformat(),
            },
        )
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()
    return made


def wanted(made: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """An export of what was asked for."""
    given = {
        "recipient": "安速物流",
        "purpose": "理赔",
        "fields": ["consumer_record.name"],
        "tickets": made["tickets"],
    }
    return given | changes


async def test_it_is_signed_exported_and_withdrawn(house: House) -> None:
    made = await asked(house)
    address = f"/disclosures/{made['number']}"
    signature = {"disclosure_id": made["id"], "sha256": made["sha256"], "password": PASSWORD}
    async with (
        house.client(house.anhe.account_manager) as manager,
        house.client(house.anhe.owner) as owner,
    ):
        refused = await manager.post(f"{address}/exports", json=wanted(made))
        assert (refused.status_code, refused.json()["code"]) == (403, "NotCovered")
        async with house.tenants.session(house.tenant, AGENCY) as session:
            left = await session.scalars(select(AuditLeaf.action).where(AuditLeaf.subject_id == UUID(made["id"])))
            assert REFUSED_EXPORT.code in set(left)
        wrong = await post(owner, f"{address}/sign", signature | {"password": "not it"})
        assert wrong.status_code in (401, 403)
        key = {"idempotency-key": uuid4().hex}
        signed = await owner.post(f"{address}/sign", json=signature, headers=key)
        assert (signed.status_code, signed.json()["standing"]) == (200, "in_force"), signed.text
        again = await owner.post(f"{address}/sign", json=signature, headers=key)
        assert again.json() == signed.json()

        file = (await manager.post(f"{address}/exports", json=wanted(made))).json()
        content = base64.b64decode(file["content"])
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
        assert [one["name"] for one in json.loads(content)["tables"][0]["records"]] == ["柳如丝"]
        for changes in (
            {"recipient": "别家"},
            {"purpose": "营销"},
            {"fields": ["consumer_record.phone"]},
            {"fields": ["account.name"]},
        ):
            other = await manager.post(f"{address}/exports", json=wanted(made, **changes))
            assert (other.status_code, other.json()["code"]) == (403, "NotCovered"), changes

        listed = (await owner.get(address)).json()
        assert [one["sha256"] for one in listed["exports"]] == [file["sha256"]]
        withdrawn = await post(owner, f"{address}/withdraw", {})
        assert withdrawn.json()["standing"] == "withdrawn"
        assert (await manager.post(f"{address}/exports", json=wanted(made))).status_code == 403


async def test_the_list_is_read_page_by_page_and_only_ones_own(house: House) -> None:
    first, second = await asked(house), await asked(house)
    async with house.client(house.anhe.owner) as owner:
        page = (await owner.get("/disclosures", params={"limit": 1})).json()
        following = (await owner.get("/disclosures", params={"limit": 1, "after": page["next"]})).json()
    assert [page["items"][0]["number"], following["items"][0]["number"]] == [second["number"], first["number"]]
    async with house.client(house.anhe.other_owner) as stranger:
        assert (await stranger.get("/disclosures")).json()["items"] == []

"""The audit record through the JSON door: read by auditors, proved by whoever it is about."""

import base64
from uuid import UUID

from confidentiality.audit.checkpoints import VerifyingKey
from confidentiality.audit.merkle import extends, includes
from confidentiality.audit.wire import read_leaf
from tests.api.conftest import House
from tests.confidentiality.audit.sealers import leave, seal
from tests.database import Database


async def test_an_auditor_reads_the_record_page_by_page(house: House) -> None:
    async with house.client(house.anhe.auditor) as client:
        whole = (await client.get("/audit/leaves", params={"action": "contract.version_in_force"})).json()
        assert {leaf["merchant_id"] for leaf in whole["items"]} == {
            str(house.anhe.yunshan.id),
            str(house.anhe.qinghe.id),
        }
        assert all(leaf["body"]["version"] == 1 for leaf in whole["items"])
        asked = {"action": "contract.version_in_force", "limit": 1}
        first = (await client.get("/audit/leaves", params=asked)).json()
        second = (await client.get("/audit/leaves", params={**asked, "after": first["next"]})).json()
        assert [*first["items"], *second["items"]] == whole["items"]
        one = (await client.get(f"/audit/leaves/{whole['items'][0]['id']}")).json()
        assert one == whole["items"][0]


async def test_nobody_else_reads_it(house: House) -> None:
    for person in (house.anhe.supervisor, house.anhe.admin, house.anhe.owner):
        async with house.client(person) as client:
            assert (await client.get("/audit/leaves")).status_code == 403


async def test_proofs_and_checkpoints_hold(house: House, database: Database) -> None:
    tenants = house.tenants
    await seal(tenants, database, house.tenant)
    (own,) = await leave(tenants, house.tenant, owner=house.anhe.yunshan.id)
    (other,) = await leave(tenants, house.tenant, owner=house.anhe.qinghe.id)
    await seal(tenants, database, house.tenant)
    async with house.client(house.anhe.owner) as client:
        told = (await client.get(f"/audit/leaves/{own.leaf_id}/proof")).json()
        assert (await client.get(f"/audit/leaves/{other.leaf_id}/proof")).status_code == 404
        newer, older, *_ = (await client.get("/audit/checkpoints")).json()["items"]
        asked = {"first": older["size"], "second": newer["size"]}
        between = (await client.get("/audit/consistency", params=asked)).json()
        assert (await client.get("/audit/consistency", params={"first": 1, "second": 2**40})).status_code == 404
    key = VerifyingKey.parse(told["key"])
    stated = key.read(told["checkpoint"])
    computed = read_leaf(told["leaf"]).hash(UUID(told["tenant"]))
    assert computed == own.leaf_hash
    assert includes(computed, told["seq"], stated.size, [base64.b64decode(one) for one in told["proof"]], stated.root)
    first, second = key.read(between["first"]), key.read(between["second"])
    hashes = [base64.b64decode(one) for one in between["proof"]]
    assert extends(first.size, second.size, hashes, first.root, second.root)

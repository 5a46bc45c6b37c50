"""Keys through the JSON door: how they stand, and rotating them."""

from uuid import uuid4

from confidentiality.keys.vault import open_keys
from tenants.context import AGENCY
from tenants.sessions import Tenants
from tests.api.conftest import House, post


async def test_keys_are_listed_read_and_rotated_by_whoever_looks_after_them(house: House, tenants: Tenants) -> None:
    merchant = house.anhe.yunshan.id
    async with tenants.session(house.tenant, AGENCY) as session:
        await open_keys(session, merchant)
    async with house.client(house.anhe.admin) as client:
        listed = {one["owner"]: one for one in (await client.get("/data-keys")).json()["items"]}
        assert listed[str(merchant)]["merchant"] == "云杉户外"
        newest = listed[str(merchant)]["versions"][0]["version"]
        rotated = await post(client, f"/data-keys/{merchant}/rotate")
        assert (rotated.status_code, rotated.json()["version"]) == (202, newest + 1)
        read = (await client.get(f"/data-keys/{merchant}")).json()
        assert [one["state"] for one in read["versions"]][:2] == ["current", "opening"]
        assert read["resealing_since"] is not None
        assert (await client.get(f"/data-keys/{uuid4()}")).status_code == 404
    async with house.client(house.anhe.account_manager) as client:
        assert (await client.get("/data-keys")).status_code == 403
        assert (await post(client, f"/data-keys/{merchant}/rotate")).status_code == 403

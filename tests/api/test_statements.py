"""Statements through the JSON door: prepared, reviewed by another, issued, read, answered line by line."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest

from anshou.people.person import Person
from anshou.people.roles import Role
from tenants.context import AGENCY
from tests.api.conftest import House, key_of, post
from tests.cast import NOW, staff
from tests.portal.statement_steps import Books

MONTH = "/statements/months/2026-10"

Json = dict[str, Any]


class Desk:
    """The books of 安和, and a second person of finance with a key."""

    def __init__(self, house: House, books: Books, colleague: Person) -> None:
        self.house, self.books, self.colleague = house, books, colleague

    @property
    def month(self) -> str:
        return f"{MONTH}/{self.house.anhe.yunshan.id}"

    async def issued(self) -> str:
        """October's statement by the door; its number."""
        async with self.house.client(self.house.anhe.finance) as finance:
            prepared = await post(finance, f"{self.month}/preparation")
            assert prepared.status_code == 201, prepared.text
            seen = {"preparation": prepared.json()["preparation"]["id"]}
            own = await post(finance, f"{self.month}/review", seen)
            assert (own.status_code, own.json()["code"]) == (409, "ReviewedByAnother")
            early = await post(finance, f"{self.month}/issue", seen)
            assert (early.status_code, early.json()["code"]) == (409, "NotReviewed")
        async with self.house.client(self.colleague) as colleague:
            assert (await post(colleague, f"{self.month}/review", seen)).status_code == 200
            issued = await post(colleague, f"{self.month}/issue", seen)
            assert issued.status_code == 201, issued.text
            assert issued.headers["location"].endswith(issued.json()["number"])
        return str(issued.json()["number"])


@pytest.fixture(scope="module")
async def desk(house: House) -> Desk:
    tenants = house.tenants
    async with tenants.session(house.tenant, AGENCY) as session:
        colleague = await staff(session, "沈括", "finance2", Role.FINANCE, at=NOW)
        house.keys[colleague.id] = await key_of(session, colleague, by=house.anhe.admin, at=NOW)
    return Desk(house, Books(tenants, house.tenant, house.anhe), colleague)


@pytest.fixture(scope="module")
async def statement(desk: Desk) -> str:
    for fen in (12_300, 4_500, 600):
        await desk.books.charge(fen)
    return await desk.issued()


async def test_a_statement_is_issued_read_and_downloaded_by_the_door_alone(
    house: House, desk: Desk, statement: str
) -> None:
    async with house.client(house.anhe.auditor) as auditor:
        months = (await auditor.get(MONTH)).json()["items"]
        stated = [one for one in months if one["statement"] == statement]
        assert [(one["merchant_name"], one["closing_fen"]) for one in stated] == [("云杉户外", 17_400)]
        listed = (await auditor.get("/statements", params={"month": "2026-10"})).json()["items"]
        assert [one["number"] for one in listed] == [statement]
        assert (await auditor.get("/statements", params={"month": "2026-09"})).json()["items"] == []
        sheet = await auditor.get(f"/statements/{statement}/spreadsheet")
        cells = [cell for row in openpyxl.load_workbook(BytesIO(sheet.content)).active.values for cell in row]
        assert {123, 45, 6, 174} <= {cell for cell in cells if isinstance(cell, int | float)}


async def test_the_merchant_reads_pages_of_lines_and_no_more_than_its_own(house: House, statement: str) -> None:
    async with house.client(house.anhe.owner) as owner:
        first = (await owner.get(f"/statements/{statement}/lines", params={"limit": 2})).json()
        rest = (await owner.get(f"/statements/{statement}/lines", params={"limit": 2, "after": first["next"]})).json()
        assert [one["fen"] for one in (*first["items"], *rest["items"])] == [12_300, 4_500, 600]
        assert rest["next"] is None
        assert (await owner.get(MONTH)).status_code == 404
    async with house.client(house.anhe.other_owner) as stranger:
        assert (await stranger.get("/statements")).json()["items"] == []
        assert (await stranger.get(f"/statements/{statement}")).status_code == 404


async def test_lines_are_disputed_answered_taken_further_and_the_rest_confirmed(house: House, statement: str) -> None:
    lines = f"/statements/{statement}/lines"
    async with house.client(house.anhe.owner) as owner:
        for place in (1, 2):
            disputed = await post(owner, f"{lines}/{place}/dispute", {"reason": "不是我方原因"})
            assert disputed.json()["words"][-1]["answer_by"] is not None
        again = await post(owner, f"{lines}/1/dispute", {"reason": "再说一次"})
        assert (again.status_code, again.json()["code"]) == (409, "WordNotOpen")
    async with house.client(house.anhe.finance) as finance:
        much = await post(finance, f"{lines}/1/acceptance", {"fen": 12_301})
        assert (much.status_code, much.json()["errors"][0]["pointer"]) == (422, "/fen")
        taken = (await post(finance, f"{lines}/1/acceptance", {"fen": 2_300, "reason": "协商一致"})).json()
        assert (taken["word"], taken["words"][-1]["fen"]) == ("accepted", 2_300)
        assert (await post(finance, f"{lines}/2/rejection", {"reason": "证据齐全"})).json()["word"] == "rejected"
    async with house.client(house.anhe.owner) as owner:
        taken_on = (await post(owner, f"{lines}/2/escalation")).json()
        ticket = taken_on["words"][-1]["ticket_number"]
        assert (await owner.get(f"/tickets/{ticket}")).json()["kind"] == "contract_dispute"
        confirmed = (await post(owner, f"/statements/{statement}/confirmation")).json()
        assert confirmed["standing"] == "disputed"
        assert (await owner.get(f"{lines}/3")).json()["word"] == "confirmed"


async def test_a_preparation_that_nobody_saw_is_neither_reviewed_nor_issued(house: House, desk: Desk) -> None:
    month = f"/statements/months/2026-10/{house.anhe.qinghe.id}"
    async with house.client(house.anhe.finance) as finance:
        seen = (await post(finance, f"{month}/preparation")).json()["preparation"]["id"]
        newer = (await post(finance, f"{month}/preparation")).json()["preparation"]["id"]
    assert seen != newer
    async with house.client(desk.colleague) as colleague:
        refused = await post(colleague, f"{month}/review", {"preparation": seen})
        assert (refused.status_code, refused.json()["code"]) == (409, "BooksMovedOn")
        assert (await post(colleague, f"{month}/review", {"preparation": newer})).status_code == 200


async def test_a_payment_is_booked_once_whatever_key_it_comes_under(house: House) -> None:
    payment = {"fen": 5_000, "paid_on": "2026-11-20", "reference": "BK-20261120-1"}
    path = f"/merchants/{house.anhe.yunshan.id}/payments"
    async with house.client(house.anhe.finance) as finance:
        first, again = (await post(finance, path, payment)).json(), (await post(finance, path, payment)).json()
        assert (again["voucher"], first["is_replay"], again["is_replay"]) == (first["voucher"], False, True)
        other = await post(finance, path, payment | {"fen": 5_001})
        assert other.status_code == 409
    async with house.client(house.anhe.owner) as owner:
        assert (await post(owner, path, payment)).status_code == 403


@pytest.mark.parametrize(
    "month", ["2026-13", "2026-1", "0000-01", "9999-12", "0001-01", "２０２６-10", "2026-10%0A", "x"]
)
async def test_what_is_no_month_is_refused(house: House, month: str) -> None:
    async with house.client(house.anhe.finance) as finance:
        for path in (f"/statements/months/{month}", f"/statements/months/{month}/{house.anhe.yunshan.id}"):
            assert (await finance.get(path)).status_code in (400, 404), path

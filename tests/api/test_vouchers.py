"""The books through the JSON door: vouchers page by page, one taken back, balances, the proof, and what goes over."""

import pytest

from tests.api.conftest import House, post
from tests.portal.statement_steps import Books


@pytest.fixture(scope="module")
async def books(house: House) -> Books:
    """Three charges to 云杉 in October."""
    made = Books(house.tenants, house.tenant, house.anhe)
    for fen in (100, 200, 300):
        await made.charge(fen, summary=f"导出的费用 {fen}")
    return made


async def test_vouchers_are_listed_page_by_page_and_read_with_their_entries(house: House, books: Books) -> None:
    async with house.client(house.anhe.auditor) as auditor:
        asked = {"month": "2026-10", "q": "导出的费用", "account": "1122", "limit": 2}
        first = (await auditor.get("/vouchers", params=asked)).json()
        second = (await auditor.get("/vouchers", params=asked | {"after": first["next"]})).json()
        assert [one["amounts"] for one in (*first["items"], *second["items"])] == [
            {"CNY": 300},
            {"CNY": 200},
            {"CNY": 100},
        ]
        assert second["next"] is None
        elsewhere = await auditor.get("/vouchers", params={"after": first["next"]})
        assert (elsewhere.status_code, elsewhere.json()["code"]) == (400, "CursorInvalid")
        whole = (await auditor.get(f"/vouchers/{first['items'][0]['id']}")).json()
        assert [(one["account"], one["side"], one["fen"]) for one in whole["entries"]] == [
            ("1122", "debit", 300),
            ("190101", "credit", 300),
        ]
        assert (whole["origin"], whole["number"], whole["amounts"]) == ("allocation", None, {"CNY": 300})


async def test_one_is_taken_back_once_by_finance_alone(house: House, books: Books) -> None:
    async with house.client(house.anhe.finance) as finance:
        (found,) = (await finance.get("/vouchers", params={"q": "导出的费用 100"})).json()["items"]
        page = f"/vouchers/{found['id']}"
        async with house.client(house.anhe.auditor) as auditor:
            assert (await post(auditor, f"{page}/reversal", {"reason": "重复"})).status_code == 403
        assert (await post(finance, f"{page}/reversal", {"reason": " "})).status_code == 422
        back = await post(finance, f"{page}/reversal", {"reason": "重复"})
        assert (back.status_code, back.json()["is_reversed"]) == (200, True), back.text
        reversal = (await finance.get(f"/vouchers/{back.json()['reversal_id']}")).json()
        assert (reversal["reverses_id"], reversal["kind"], reversal["summary"]) == (found["id"], "reversal", "重复")
        again = await post(finance, f"{page}/reversal", {"reason": "重复"})
        assert (again.status_code, again.json()["code"]) == (409, "AlreadyReversed")


async def test_the_trial_balance_agrees_and_the_books_are_proved(house: House, books: Books) -> None:
    async with house.client(house.anhe.auditor) as auditor:
        lines = (await auditor.get("/periods/2026-10/trial-balance")).json()["items"]
        assert sum(one["closing"] for one in lines) == 0
        (receivable,) = [one for one in lines if one["code"] == "1122"]
        assert receivable["debit"] >= 600
        assert receivable["closing"] == receivable["opening"] + receivable["debit"] - receivable["credit"]
        assert (await auditor.get("/periods/2026-19/trial-balance")).status_code in (400, 404, 422)
        proof = (await auditor.get("/books/proof")).json()
        assert (proof["is_sound"], proof["findings"]) == (True, [])
        assert proof["entries"] >= 6


async def test_nothing_that_is_settled_or_owed_by_the_books_goes_over(house: House, books: Books) -> None:
    async with house.client(house.anhe.finance) as finance:
        for check in ("unstated", "disputed"):
            asked = {"check": check, "everything": True, "reason": "下月再说"}
            refused = await post(finance, "/periods/2026-10/carried", asked)
            assert (refused.status_code, refused.json()["code"]) == (409, "NothingToCarryOver")


@pytest.mark.parametrize("who", ["executive", "account_manager", "admin", "owner"])
async def test_the_books_are_for_finance_and_the_auditor(house: House, books: Books, who: str) -> None:
    async with house.client(getattr(house.anhe, who)) as client:
        for address in ("/vouchers", "/periods/2026-10/trial-balance", "/books/proof"):
            assert (await client.get(address)).status_code == 403, address

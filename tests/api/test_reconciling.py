"""Bills and reconciliation through the JSON door: read whole or refused with every place, matched, undone, divided."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.conftest import House, post
from tests.billing.bills import papers

ROWS = (
    '2026-11-20,人民币,"-1,280.00","8,720.00",付软件费,某软件公司,',
    '2026-11-21,人民币,-5.00,"8,715.00",手续费,银行,',
    '2026-11-22,人民币,"-1,280.50","7,434.50",转账,某人,',
)


async def send(client: httpx.AsyncClient, content: bytes, account: str, name: str = "流水.csv") -> httpx.Response:
    headers = {"idempotency-key": uuid4().hex}
    return await client.post("/bills", headers=headers, files={"file": (name, content)}, data={"account": account})


async def desk_of(client: httpx.AsyncClient, account: str) -> Any:
    asked = {"source": "bank_cmb", "account": account, "month": "2026-11"}
    answer = await client.get("/reconciliation", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def open_lines(client: httpx.AsyncClient, account: str) -> list[Any]:
    asked = {"source": "bank_cmb", "account": account, "month": "2026-11", "side": "external"}
    answer = await client.get("/reconciliation/lines", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]  # type: ignore[no-any-return]


async def test_a_bill_comes_in_once_and_its_lines_are_explained_and_freed_again(house: House) -> None:
    async with house.client(house.anhe.finance) as finance:
        batch = (await send(finance, papers.bank(ROWS), "基本户")).json()
        assert (batch["lines"], batch["known_lines"], batch["fen_out"]) == (3, 0, -256_550)
        again = await send(finance, papers.bank(ROWS), "基本户")
        assert (again.status_code, again.json()["code"]) == (409, "FileImportedAlready")
        assert (await desk_of(finance, "基本户"))["external"] == 3
        fee = next(one["id"] for one in await open_lines(finance, "基本户") if one["fen"] == -500)
        explained = await post(finance, "/matches", {"lines": [fee], "explains": True, "note": "银行手续费"})
        assert explained.status_code == 201, explained.text
        assert (await post(finance, "/matches", {"lines": [fee], "explains": True, "note": "再说"})).status_code == 409
        assert (await desk_of(finance, "基本户"))["proof"]["explained"] == {"lines": 1, "fen": -500}
        match = explained.json()["id"]
        assert (await post(finance, f"/matches/{match}/undo", {"reason": "说错了"})).json()["is_undone"]
        proof = (await desk_of(finance, "基本户"))["proof"]
        assert (proof["open"], proof["agrees"]) == ({"lines": 3, "fen": -256_550}, True)


async def test_a_line_is_divided_and_merged_to_the_fen(house: House) -> None:
    async with house.client(house.anhe.finance) as finance:
        await send(finance, papers.bank([row.replace("某", "另一") for row in ROWS]), "一般户")
        line = next(one["id"] for one in await open_lines(finance, "一般户") if one["fen"] == -128_000)
        wrong = await post(finance, f"/bill-lines/{line}/division", {"parts": [{"fen": -1}, {"fen": -2}]})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "MatchInvalid")
        parts = {"parts": [{"fen": -100_000, "text": "软件"}, {"fen": -28_000, "text": "服务"}]}
        made = (await post(finance, f"/bill-lines/{line}/division", parts)).json()["items"]
        assert [one["fen"] for one in made] == [-100_000, -28_000]
        merged = await post(finance, "/bill-lines/merging", {"lines": [one["id"] for one in made]})
        assert merged.json()["fen"] == -128_000


async def test_rules_are_set_and_run(house: House) -> None:
    rule = {"source": "bank_cmb", "against": "costs", "tolerance_fen": 50}
    async with house.client(house.anhe.finance) as finance:
        kept = await finance.put("/match-rules/bank_cmb", json={"rule": rule, "write_off_fen": 100})
        assert kept.json()["rule"]["tolerance_fen"] == 50, kept.text
        other = await finance.put("/match-rules/alipay", json={"rule": rule})
        assert other.status_code == 422
        nowhere = await finance.put("/match-rules/bank_cmb", json={"rule": rule | {"against": "moon"}})
        assert nowhere.status_code == 422
        ran = await post(finance, "/reconciliation/runs", {"source": "bank_cmb", "account": "无", "month": "2026-11"})
        assert ran.json() == {"matched": [], "offered": 0}
        assert "bank_cmb" in [one["rule"]["source"] for one in (await finance.get("/match-rules")).json()["items"]]


async def test_only_accounts_for_differences_take_a_write_off(house: House) -> None:
    async with house.client(house.anhe.finance) as finance:
        await send(finance, papers.bank([ROWS[0].replace("某", "第三")]), "专户")
        (line,) = [one["id"] for one in await open_lines(finance, "专户")]
        match = (await post(finance, "/matches", {"lines": [line], "explains": True, "note": "退款"})).json()["id"]
        refused = await post(finance, f"/matches/{match}/write-off", {"account": "1002"})
        assert (refused.status_code, refused.json()["code"]) == (422, "DifferenceMisplaced")


async def test_a_bill_with_faults_names_every_place_and_brings_nothing(house: House) -> None:
    rows = [ROWS[0].replace('"-1,280.00"', "1.2E+15"), ROWS[1].replace("2026-11-21", "0001-01-01")]
    async with house.client(house.anhe.finance) as finance:
        refused = await send(finance, papers.bank(rows), "坏账户")
        assert refused.status_code == 422, refused.text
        said = [one["detail"] for one in refused.json()["errors"]]
        assert len(said) == 2
        assert "“交易金额”“1.2E+15”：须为以元计的金额" in said[0]
        assert "“记账日期”“0001-01-01”：须为 2000 年以后的日期" in said[1]
        assert await open_lines(finance, "坏账户") == []


@pytest.mark.parametrize("account", ["", " ", "x" * 61, "一\x00二"])
async def test_an_account_that_is_none_is_refused(house: House, account: str) -> None:
    async with house.client(house.anhe.finance) as finance:
        refused = await send(finance, papers.bank(ROWS), account)
    assert refused.status_code in (400, 422), refused.text


async def test_who_keeps_no_books_sends_no_bill(house: House) -> None:
    for person in (house.anhe.owner, house.anhe.account_manager, house.anhe.auditor):
        async with house.client(person) as client:
            assert (await send(client, papers.bank(ROWS), "基本户")).status_code == 403

"""Budgets, months, rates and rules through the JSON door."""

import re
from hashlib import sha256
from typing import Any

import msgspec
import pytest

from anshou.people.roles import Role
from billing.attribution.general import STANDARD
from tenants.context import AGENCY
from tests.api.conftest import House, key_of, post
from tests.cast import NOW, staff
from tests.portal.statement_steps import Books

BUDGET = {"category": "freight", "day": "2026-11-20", "fen": 1_000_000, "reason": "旺季"}


async def test_a_budget_is_set_changed_by_its_version_and_retired(house: House) -> None:
    async with house.client(house.anhe.executive) as executive:
        set_ = await post(executive, "/budgets", BUDGET)
        assert (set_.status_code, set_.headers["etag"]) == (201, '"1"'), set_.text
        page = f"/budgets/{set_.json()['id']}"
        assert set_.headers["location"].endswith(page)
        again = await post(executive, "/budgets", BUDGET)
        assert (again.status_code, again.json()["code"]) == (422, "BudgetExists")
        changed = await post(executive, f"{page}/amount", {"fen": 5}, if_match='"1"')
        assert (changed.json()["fen"], changed.headers["etag"]) == (5, '"2"')
        assert (await post(executive, f"{page}/amount", {"fen": 6}, if_match='"1"')).status_code == 409
        assert (await post(executive, f"{page}/amount", {"fen": 6})).status_code == 428
        for fen in (0, -1, 10**30, 1.5, "5"):
            refused = await post(executive, f"{page}/amount", {"fen": fen}, if_match='"2"')
            assert refused.status_code == 422, refused.text
            assert refused.json()["errors"][0]["pointer"] == "/fen"
        retired = (await post(executive, f"{page}/retirement", {"reason": "不再需要"})).json()
        assert (retired["fen"], [one["fen"] for one in retired["versions"]]) == (None, [None, 5, 1_000_000])
    async with house.client(house.anhe.finance) as finance:
        assert (await finance.get(page)).status_code == 200
        assert (await post(finance, "/budgets", BUDGET)).status_code == 403


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-29", "2026-13-01", "x"])
async def test_no_budget_is_of_a_day_that_no_books_know(house: House, day: str) -> None:
    async with house.client(house.anhe.executive) as executive:
        refused = await post(executive, "/budgets", BUDGET | {"day": day})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/day")
        assert (await executive.get("/budgets", params={"day": day})).status_code in (400, 422)


async def test_a_month_is_closed_reopened_by_two_and_its_vouchers_handed_over(house: House) -> None:
    tenants, anhe = house.tenants, house.anhe
    books = Books(tenants, house.tenant, anhe)
    await books.charge(12_300)
    async with tenants.session(house.tenant, AGENCY) as session:
        second = await staff(session, "沈括", "finance3", Role.FINANCE, at=NOW)
        house.keys[second.id] = await key_of(session, second, by=anhe.admin, at=NOW)
    async with house.client(anhe.finance) as finance:
        blocked = await post(finance, "/periods/2026-10/close")
        assert (blocked.status_code, blocked.json()["code"]) == (409, "CloseBlocked")
        checks = {one["check"]: one["count"] for one in (await finance.get("/periods/2026-10")).json()["checks"]}
        assert checks["unstated"] == 1
        await books.issue()
        closed = await post(finance, "/periods/2026-10/close")
        assert closed.json()["state"] == "closed", closed.text
        payment = {"fen": 5_000, "paid_on": "2026-10-20", "reference": "BK-9"}
        late = await post(finance, f"/merchants/{anhe.yunshan.id}/payments", payment)
        # What was paid in a closed month is booked on the first day that is open.
        assert late.status_code == 201, late.text
        booked = (await finance.get(f"/vouchers/{late.json()['voucher']}")).json()
        assert booked["booked_on"] >= "2026-11-01"
        early = await post(finance, "/periods/2026-10/exports/k3")
        assert (early.status_code, early.json()["code"]) == (409, "SettingMissing")
        looked_over = (await finance.get("/periods/2026-10/exports/k3")).json()
        assert looked_over["waiting"] == 1
        setting: dict[str, Any] = {"target": "k3", "prepared_by": "方萍", "accounts": {}}
        assert (await finance.put("/voucher-targets", json=setting)).json()["version"] == 1
        unmapped = await post(finance, "/periods/2026-10/exports/k3")
        assert (unmapped.status_code, unmapped.json()["code"]) == (422, "ExportRefused")
        obstacles = (await finance.get("/periods/2026-10/exports/k3")).json()["obstacles"]
        setting["accounts"] = {code: {"code": code, "name": "科目"} for code in re.findall(r"\d{4,}", str(obstacles))}
        merchant = str(anhe.yunshan.id)
        assert (
            await finance.put("/voucher-targets", json=setting | {"customers": {merchant: "C1"}})
        ).status_code == 200
        handed = await post(finance, "/periods/2026-10/exports/k3")
        assert (handed.status_code, handed.json()["vouchers"]) == (201, 1), handed.text
        file = await finance.get(handed.headers["location"].removeprefix("/api/v1"))
        assert sha256(file.content).hexdigest() == handed.json()["sha256"]
        asked = await post(finance, "/periods/2026-10/reopening", {"reason": "漏记一笔"})
        assert asked.json()["state"] == "reopening"
        own = await post(finance, "/periods/2026-10/reopening/approval")
        assert (own.status_code, own.json()["code"]) == (409, "SecondPersonNeeded")
    async with house.client(second) as colleague:
        assert (await post(colleague, "/periods/2026-10/reopening/approval")).json()["state"] == "open"
    async with house.client(anhe.owner) as owner:
        assert (await owner.get("/periods")).status_code == 404


@pytest.mark.parametrize("month", ["0001-01", "9999-12", "2026-13", "2026-1", "1999-12"])
async def test_a_month_that_no_books_know_is_not_found(house: House, month: str) -> None:
    async with house.client(house.anhe.finance) as finance:
        for path in (f"/periods/{month}", f"/periods/{month}/exports/k3"):
            assert (await finance.get(path)).status_code in (400, 404)
        assert (await post(finance, f"/periods/{month}/close")).status_code in (400, 404)


async def test_rates_and_rules_are_set_and_read(house: House) -> None:
    rate = {"role": "specialist", "fen_per_hour": 6_000, "valid_from": "2026-01-01"}
    async with house.client(house.anhe.finance) as finance:
        assert (await post(finance, "/labour-rates", rate)).status_code == 201
        assert [one["fen_per_hour"] for one in (await finance.get("/labour-rates")).json()["items"]] == [6_000]
        nobody = await post(finance, "/labour-rates", rate | {"role": None})
        assert (nobody.status_code, nobody.json()["errors"][0]["pointer"]) == (422, "/role")
        unlawful = await finance.put("/cost-rules", json={"rest_day_percent": 150})
        assert (unlawful.status_code, unlawful.json()["errors"][0]["pointer"]) == (422, "/rest_day_percent")
        assert (await finance.put("/cost-rules", json={"four_eyes_fen": None})).json()["four_eyes_fen"] is None
        assert (await finance.get("/cost-rules")).json()["four_eyes_fen"] is None
    async with house.client(house.anhe.account_manager) as manager:
        assert (await manager.get("/labour-rates")).status_code == 403


async def test_the_general_rule_leaves_nothing_undecided_and_decides_nothing_twice(house: House) -> None:
    clauses: list[dict[str, Any]] = msgspec.to_builtins(STANDARD.clauses)
    async with house.client(house.anhe.finance) as finance:
        assert (await finance.get("/general-rule")).json()["version"] == 0
        for wrong in (clauses[1:], [*clauses, clauses[0]]):
            refused = await finance.put("/general-rule", json={"valid_from": "2026-11-01", "clauses": wrong})
            assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/clauses"), refused.text
        halved = [clauses[0] | {"shares": [{"party": "agency", "basis_points": 5_000}]}, *clauses[1:]]
        refused = await finance.put("/general-rule", json={"valid_from": "2026-11-01", "clauses": halved})
        assert refused.status_code == 422
        assert "100" in refused.text
        assert (await finance.put("/general-rule", json={"valid_from": "2026-11-01", "clauses": clauses})).json()[
            "version"
        ] == 1

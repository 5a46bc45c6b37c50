"""Invoices through the JSON door: asked for, written out, issued, taken back; each refusal with its code."""

from typing import Any

import pytest

from anshou.finance.disputing_lines import confirm_statement
from anshou.finance.invoice_buyers import keep_buyer
from anshou.finance.invoice_shapes import BuyerCard
from anshou.finance.reading_statements import visible_statement
from tenants.context import AGENCY
from tests.api.conftest import House, post
from tests.cast import NOW
from tests.portal.statement_steps import Books

Json = dict[str, Any]

NUMBER = "26332000000012345678"


@pytest.fixture(scope="module")
async def statement(house: House) -> str:
    """October of 云杉, confirmed; and to whom its invoices are made out."""
    anhe, tenants = house.anhe, house.tenants
    books = Books(tenants, house.tenant, anhe)
    await books.charge(10_001)
    number = await books.issue()
    async with tenants.session(house.tenant, AGENCY) as session:
        await confirm_statement(
            session, await visible_statement(session, number, by=anhe.finance), by=anhe.owner, at=NOW
        )
        card = BuyerCard(name="云杉户外用品（杭州）有限公司", tax_number="91330106MA27XY4N5P")
        await keep_buyer(session, anhe.yunshan.id, card, by=anhe.finance, at=NOW)
    return number


async def test_an_invoice_goes_its_way_by_the_door_alone(house: House, statement: str) -> None:
    of_merchant = f"/merchants/{house.anhe.yunshan.id}"
    async with house.client(house.anhe.finance) as finance:
        (open_one,) = (await finance.get(f"{of_merchant}/invoiceable")).json()["items"]
        assert (open_one["statement"], open_one["open_fen"]) == (statement, 10_001)
        asked: Json = {"kind": "special", "statements": [open_one["statement_id"]]}
        over = await post(finance, f"{of_merchant}/invoices", {**asked, "fen": 10_002})
        assert (over.status_code, over.json()["code"]) == (422, "InvoiceInvalid")
        half = await post(finance, f"{of_merchant}/invoices", {**asked, "fen": 50.5})
        assert half.status_code == 422
        made = await post(finance, f"{of_merchant}/invoices", asked)
        assert made.status_code == 201, made.text
        number = made.json()["number"]
        assert made.headers["location"].endswith(number)
        here = f"/invoices/{number}"
        lines = {"lines": [{"item": "代运营售后服务费", "rate": "6", "fen": 10_001}]}
        accepted = await post(finance, f"{here}/acceptance", lines)
        assert (accepted.json()["net_fen"], accepted.json()["tax_fen"]) == (9_435, 566)
        again = await post(finance, f"{here}/acceptance", lines)
        assert (again.status_code, again.json()["code"]) == (409, "InvoiceNotOpen")
        issue = {"invoice_number": NUMBER, "issued_on": "2026-11-20"}
        assert (await post(finance, f"{here}/issue", {**issue, "invoice_number": "2633"})).status_code == 422
        assert (await post(finance, f"{here}/issue", issue)).json()["state"] == "issued"
        empty = await post(finance, f"{here}/delivery", {"how": "邮件"})
        assert (empty.status_code, empty.json()["code"]) == (409, "NoInvoiceFile")

        red = (await post(finance, f"{here}/correction", {"cause": "error", "reason": "抬头有误"})).json()
        assert (red["gross_fen"], red["corrects"]) == (-10_001, number)
        wrong = await post(finance, f"/invoices/{red['number']}/acceptance", lines)
        assert wrong.status_code == 422
        assert (await post(finance, f"/invoices/{red['number']}/correction/acceptance")).json()["tax_fen"] == -566
        recorded = {**issue, "invoice_number": NUMBER[:-1] + "9", "confirmation": "3301062612000"}
        assert (await post(finance, f"/invoices/{red['number']}/issue", recorded)).json()["state"] == "issued"
        assert (await finance.get(here)).json()["state"] == "red_lettered"
        listed = (await finance.get("/invoices?state=red_lettered")).json()["items"]
        assert [one["number"] for one in listed] == [number]


async def test_an_auditor_reads_and_asks_for_nothing(house: House, statement: str) -> None:
    of_merchant = f"/merchants/{house.anhe.yunshan.id}"
    async with house.client(house.anhe.auditor) as auditor:
        (open_one,) = (await auditor.get(f"{of_merchant}/invoiceable")).json()["items"]
        refused = await post(
            auditor, f"{of_merchant}/invoices", {"kind": "special", "statements": [open_one["statement_id"]]}
        )
        assert refused.status_code == 403

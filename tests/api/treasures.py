"""Something of 云杉's and 安和's for every address of the door to name."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import msgspec

from anshou.finance.disputing_lines import confirm_statement
from anshou.finance.invoice_buyers import keep_buyer
from anshou.finance.invoice_shapes import BuyerCard, InvoiceAsked
from anshou.finance.invoicing import ask_invoice
from anshou.finance.reading_statements import visible_statement
from anshou.merchants.drafting import Draft
from anshou.tickets.kinds import Kind
from billing.invoices.rows import InvoiceKind
from tenants.context import AGENCY
from tests.api.conftest import House, post
from tests.api.desk import ApiDesk
from tests.billing.bills import papers
from tests.cast import NOW, TERMS
from tests.portal.statement_steps import Books

# What nobody has, in the shape of each parameter. Settings are named by words that everybody knows.
NOWHERE = {
    "number": "FW2611-99999",
    "disclosure": "DW2611-99999",
    "cost": "FY2611-99999",
    "statement": "DZ2610-99999",
    "invoice": "KP2611-99999",
    "place": "9999",
    "month": "2026-09",
    "target": "k3",
    "source": "bank_cmb",
    "key_id": "aaaaaaaaaaaa",
    "clock": "progress",
    "urgency": "urgent",
    "channels": "any",
    "code": "no_such_calendar",
    "calendar": "no_such_calendar",
    "day": "2026-11-20",
}


@dataclass
class Treasure:
    """What 云杉 and 安和 have: `ids` by path parameter, and `marks` that no stranger may read."""

    ids: dict[str, str] = field(default_factory=dict)
    marks: set[str] = field(default_factory=set)


async def hidden(house: House) -> Treasure:
    """One of everything that an address can name."""
    anhe, desk, made = house.anhe, ApiDesk(house), Treasure()
    merchant = f"/merchants/{anhe.yunshan.id}"
    # Numbers begin anew in every agency: the last of these is beyond what strangers open for themselves meanwhile.
    for _ in range(5):
        await desk.open(Kind.SERVICE_QUALITY, anhe.owner, title="云杉独有的标题")
    file = (await desk.attach(anhe.owner)).json()
    async with house.client(anhe.admin) as admin:

        async def make(path: str, body: Any = None) -> Any:
            response = await post(admin, path, body)
            assert response.status_code in (201, 202), response.text
            return response.json()

        contact = await make(f"{merchant}/contacts", {"name": "云杉独有的联系人"})
        rule = await make(f"{merchant}/private-products", {"word": "云杉独有的品类"})
        contract = await make(f"{merchant}/contracts", {"number": "YS-9", "title": "云杉独有的合同"})
        draft = Draft(valid_from=house.clock.now.date(), terms=TERMS)
        version = await make(f"{merchant}/contracts/{contract['id']}/versions", msgspec.to_builtins(draft))
        newcomer = {"side": "merchant", "name": "新人", "places": [{"merchant_id": str(anhe.yunshan.id)}]}
        invitation = await make("/invitations", newcomer)
        key = await make("/keys", {"name": "云杉独有", "account_id": str(anhe.owner.id), "scopes": ["read"]})
        hook = await make("/webhooks", {"url": "https://127.0.0.1/yunshan"})
        delivery = await make(f"/webhooks/{hook['endpoint']['id']}/test")
    async with house.client(anhe.owner) as owner:
        card = {"name": "云杉独有的顾客", "phone": "10000001234", "product": "云杉独有的商品"}
        record = (await post(owner, f"/tickets/{desk.number}/consumers", card)).json()
        wanted = {"field": f"consumer_record.phone:{record['row_id']}", "ticket": desk.number, "purpose": "legal"}
        revealed = (await owner.post("/reveals", json=wanted)).json()
        asking = {"asks_for": "copy", "channel": "phone", "asker": "云杉独有的顾客", "contact": "10000001234"}
        subject_request = (await post(owner, "/subject-requests", asking)).json()
    async with house.client(anhe.account_manager) as manager:
        today = house.clock.now.date()
        request = {
            "merchant": str(anhe.yunshan.id),
            "recipient_name": "云杉独有的物流",
            "recipient_kind": "carrier",
            "recipient_contact": "400",
            "purpose": "云杉独有的理赔",
            "tickets": [desk.number],
            "fields": ["consumer_record.name"],
            "valid_from": today.isoformat(),
            "valid_until": (today + timedelta(days=30)).isoformat(),
        }
        asked = await post(manager, "/disclosures", request)
        assert asked.status_code == 201, asked.text
        claim = {"category": "communication", "fen": 4200, "incurred_on": today.isoformat(), "note": "云杉独有的话费"}
        cost = (await post(manager, f"/tickets/{desk.number}/costs", claim)).json()
        proof = {"attachment_id": file["id"]}
        proved = (await post(manager, f"/costs/{cost['number']}/evidence/attachments", proof)).json()
    async with house.client(anhe.executive) as executive:
        wanted = {"merchant": str(anhe.yunshan.id), "day": today.isoformat(), "fen": 100}
        budget = (await post(executive, "/budgets", wanted | {"reason": "云杉独有的预算"})).json()
    async with house.client(anhe.finance) as finance:
        rows = [f'2026-11-0{day},人民币,"-1.00","8.00",付款,云杉独有的对方,' for day in (2, 3)]
        sent = {"file": ("云杉独有的账单.csv", papers.bank(rows), "text/csv")}
        headers = {"idempotency-key": uuid4().hex}
        brought = await finance.post("/bills", headers=headers, files=sent, data={"account": "云杉独有的账户"})
        assert brought.status_code == 201, brought.text
        asked_desk = {"source": "bank_cmb", "account": "云杉独有的账户", "month": "2026-11"}
        desk_now = (await finance.get("/reconciliation/lines", params=asked_desk)).json()
        line, other = (one["id"] for one in desk_now["items"])
        explanation = {"lines": [other], "explains": True, "note": "云杉独有的说明"}
        explained = (await post(finance, "/matches", explanation)).json()
    books = Books(house.tenants, house.tenant, anhe)
    await books.charge(12_300, summary="云杉独有的费用")
    async with house.client(anhe.finance) as finance:
        (voucher,) = (await finance.get("/vouchers", params={"q": "云杉独有的费用"})).json()["items"]
    statement = await books.issue()
    made.ids = NOWHERE | {
        "voucher_id": voucher["id"],
        "statement": statement,
        "invoice": await _invoice(house, statement),
        "place": "1",
        "budget_id": budget["id"],
        "line_id": line,
        "match_id": explained["id"],
        "export_id": str(uuid4()),
        "file_id": str(uuid4()),
        "owner": str(anhe.yunshan.id),
        "disclosure": asked.json()["number"],
        "number": desk.number,
        "cost": cost["number"],
        "evidence_id": proved["evidence"][0]["id"],
        "attachment_id": file["id"],
        "record_id": record["id"],
        "request_id": subject_request["id"],
        "rule_id": rule["id"],
        "reveal_id": revealed["id"],
        "leaf_id": revealed["leaf_id"],
        "merchant_id": str(anhe.yunshan.id),
        "shop_id": str(anhe.yunshan.shop_id),
        "contact_id": contact["id"],
        "contract_id": contract["id"],
        "version_id": version["id"],
        "former_id": str(anhe.yunshan.version_id),
        "person_id": str(anhe.owner.id),
        "invitation_id": invitation["invitation"]["id"],
        "key_id": key["key"]["key_id"],
        "webhook_id": hook["endpoint"]["id"],
        "delivery_id": delivery["id"],
        "job_id": str(uuid4()),
    }
    made.marks = {value for name, value in made.ids.items() if NOWHERE.get(name) != value and name != "place"}
    made.marks |= {"云杉独有", str(desk.shown["id"]), anhe.owner.name}
    return made


async def _invoice(house: House, number: str) -> str:
    """An invoice is asked for what the statement bills; its number."""
    anhe = house.anhe
    async with house.tenants.session(house.tenant, AGENCY) as session:
        statement = await visible_statement(session, number, by=anhe.finance)
        await confirm_statement(session, statement, by=anhe.owner, at=NOW)
        await keep_buyer(session, anhe.yunshan.id, BuyerCard(name="云杉独有的购买方"), by=anhe.finance, at=NOW)
        asked = InvoiceAsked(kind=InvoiceKind.ORDINARY, statements=(statement.id,))
        return (await ask_invoice(session, anhe.yunshan.id, asked, by=anhe.finance, at=NOW)).number

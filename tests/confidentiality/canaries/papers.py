"""What is agreed, paid and handed out: contracts and accounts with canaries in them, exports and what is returned."""

import re
from uuid import uuid4

from anshou.tickets.kinds import Kind
from tests.api.conftest import post
from tests.api.desk import ApiDesk
from tests.cast import PASSWORD
from tests.confidentiality.canaries.life import Life
from tests.confidentiality.canaries.values import ACCOUNT, CANARIES, DOCUMENT, FILE
from tests.portal.test_contract_pages import terms
from tests.portal.visitor import Visitor

NAME, PHONE = "consumer_record.name", "consumer_record.phone"
CAP = "terms.cost_clauses[0].caps[0].fen"


async def draw_up(life: Life) -> None:
    """A contract with a cap and a document, and an account; the document and the account are opened once."""
    here = f"/merchants/{life.house.anhe.yunshan.id}"
    async with life.visit("admin") as admin:
        await admin.go(f"{here}/contracts/new")
        await admin.send(f"{here}/contracts/new", number="YS-2027", title="代运营服务合同")
        await admin.send(admin.path, **terms(**{CAP: f"{float(CANARIES['cap']):,.2f}"}))
        assert admin.says("草稿已保存"), admin.text
        version = admin.path.split("?")[0]
        life.ids["version_id"] = version.rsplit("/", 1)[-1]
        await _upload(life, admin, f"{version}/documents", DOCUMENT)
        assert admin.says(CANARIES["document_name"]), admin.text
        await admin.go(f"{version}/draft")
        assert admin.says("90427351.86"), admin.text
    async with life.visit("manager") as manager:
        await manager.go(version)
        (document,) = set(re.findall(r'href="([^"]+/documents/[0-9a-f-]{36})"', manager.text))
        await manager.go(document)
        with life.told.opening():
            await manager.send(document, purpose="legal")
        assert manager.page is not None
        assert manager.page.content == DOCUMENT
    await _keep_account(life, here)


async def _upload(life: Life, visitor: Visitor, address: str, content: bytes) -> None:
    file = (CANARIES["document_name"], content, "application/pdf")
    data = {"_token": visitor.token()}
    visitor.page = await visitor.client.post(address, data=data, files={"documents": file})


async def _keep_account(life: Life, here: str) -> None:
    async with life.visit("finance") as finance:
        await finance.go(f"{here}/accounts/new")
        await finance.send(f"{here}/accounts/new", **ACCOUNT)
        assert finance.says("结算账户已加密登记"), finance.text
        # A number is kept once: the refusal shows what was typed to whoever typed it, and to nobody else.
        await finance.go(f"{here}/accounts/new")
        with life.told.typing():
            await finance.send(f"{here}/accounts/new", **ACCOUNT)
        assert finance.status == 409, finance.status
        await finance.go(here)
        found = re.search(r"settlement_account\.number(?::|%3A)([0-9a-f-]{36})", finance.text)
    assert found, finance.text
    async with life.ask(life.house.anhe.owner) as owner:
        with life.told.opening("account_number"):
            wanted = {"field": f"settlement_account.number:{found[1]}", "purpose": "legal"}
            opened = await owner.post("/reveals", json=wanted | {"ticket": life.ids["number"]})
        assert opened.json()["text"] == CANARIES["account_number"], opened.text


async def mark_later(life: Life) -> None:
    """What was said in plain before somebody thought of marking it. Until then nobody is told to keep it from anyone.

    So this is not watched; what is left of it in the end lies in rows and files.
    """
    desk, manager = ApiDesk(life.house), life.house.anhe.account_manager
    secret = CANARIES["marked_later"]
    opened = await desk.open(Kind.SERVICE_QUALITY, manager, title=secret, description=secret, request=secret)
    async with life.house.client(manager) as client:
        for path in ("messages", "notes"):
            said = await post(client, f"/tickets/{opened['number']}/{path}", {"body": secret})
            assert said.status_code == 201, said.text
        sent = await client.post(
            f"/tickets/{opened['number']}/attachments",
            data={"audience": "merchant"},
            files={"file": (f"{secret}.pdf", FILE, "application/pdf")},
            headers={"idempotency-key": uuid4().hex},
        )
        assert sent.status_code == 201, sent.text
    async with life.visit("manager") as person:
        here = f"/tickets/{opened['number']}/confidential/mark"
        await person.go(here)
        await person.send(here)
        assert person.says("已标为保密工单"), person.text
    life.ids["marked_later"] = opened["number"]


async def disclose(life: Life) -> None:
    """The names of a ticket's consumers leave with a consent, in every format; the phones do not."""
    number = life.ids["number"]
    async with life.visit("manager") as manager:
        await manager.go(f"/disclosures/new?ticket={number}&merchant={life.house.anhe.yunshan.id}")
        given = {
            "merchant": str(life.house.anhe.yunshan.id),
            "recipient_name": "安速物流",
            "recipient_kind": "carrier",
            "recipient_contact": "理赔部",
            "purpose": "破损包裹理赔",
            "tickets": number,
            "fields": [NAME],
            "attachments": "no",
            "sensitive": "yes",
            "necessity": "承运商须核对收件人，否则不受理赔偿。",
            "valid_from": manager.value_of("valid_from"),
            "valid_until": manager.value_of("valid_until"),
        }
        await manager.send("/disclosures/new", **given)
        assert manager.status == 200, manager.text
        life.ids["disclosure"] = disclosure = manager.path.rsplit("/", 1)[-1]
        async with life.visit("yunshan-owner") as owner:
            here = f"/my/data/consents/{disclosure}/sign"
            await owner.go(here)
            await owner.send(here, present_password=PASSWORD, sensitive="yes", sha256=owner.value_of("sha256"))
            assert owner.says("已签署"), owner.text
        here = f"/disclosures/{disclosure}/exports"
        for kind in ("json", "xlsx"):
            await manager.go(f"/disclosures/{disclosure}")
            with life.told.opening("name"):
                await manager.send(here, fields=[NAME], tickets=number, format=kind)
            assert manager.page is not None
            assert manager.page.headers["content-disposition"].startswith("attachment"), manager.text
            life.handed_out[kind] = manager.page.content
            await manager.go(f"/disclosures/{disclosure}")
            await manager.send(here, fields=[NAME, PHONE], tickets=number, format=kind)
            assert manager.status in (403, 409, 422), manager.status


async def hand_back(life: Life) -> None:
    """The contract ends, and the merchant takes its data back."""
    yunshan = life.house.anhe.yunshan
    here = f"/merchants/{yunshan.id}"
    async with life.visit("admin") as admin:
        version = f"{here}/contracts/versions/{yunshan.version_id}"
        await admin.go(f"{version}/end")
        await admin.send(f"{version}/end", last_day="2026-11-22", reason="不再续约")
        assert admin.status == 200, admin.text
        await admin.go(f"{here}/entrustment")
        await admin.send(f"{here}/entrustment/{yunshan.contract_id}/return")
        number = admin.path.split("?")[0].rsplit("/", 1)[-1]
        async with life.visit("yunshan-owner") as owner:
            mine = f"/my/data/returns/{number}"
            await owner.go(mine)
            await owner.send(f"{mine}/choice", choice="return")
            with life.told.opening():
                await owner.send(f"{mine}/file")
            assert owner.page is not None
            life.handed_out["return"] = owner.page.content
            await owner.go(mine)
        await admin.go(f"/returns/{number}")
        await admin.send(f"/returns/{number}/file")
        assert admin.status in (403, 404, 405), admin.status

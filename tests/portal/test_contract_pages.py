"""Contracts through the portal: drawn up, drafted, put in force, superseded, ended, with documents."""

import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from litestar import Litestar
from sqlalchemy import select

from anshou.merchants.contracts import ContractVersion, visible_version
from anshou.merchants.documents import ContractDocument
from billing.parties import Party
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import Anhe
from tests.portal.visitor import Visitor

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n"


@pytest.fixture
async def admin(app: Litestar, anhe: Anhe) -> AsyncIterator[Visitor]:
    """The administrator, signed in."""
    async with Visitor(app) as opened:
        await opened.sign_in("admin")
        yield opened


def terms(**more: Any) -> dict[str, Any]:
    return {
        "valid_from": "2027-01-01",
        "valid_until": "2027-12-31",
        "terms.service_items[0].number": "3.1",
        "terms.service_items[0].name": "店铺日常运营",
        "terms.service_items[0].standard": "商品信息每日巡检",
        "terms.dispute.number": "12.2",
        "terms.dispute.forum": "litigation",
        "terms.dispute.body": "杭州市余杭区人民法院",
        "terms.dispute.place": "杭州",
        "terms.dispute.negotiation_days": "15",
        "terms.confidentiality.number": "10.1",
        "terms.confidentiality.scope": "商业秘密",
        "terms.limits[0].number": "5.2",
        "terms.limits[0].clock": "plan_submission",
        "terms.limits[0].urgency": "normal",
        "terms.limits[0].value": "1",
        "terms.limits[0].unit": "workdays",
        "terms.limits[0].calendar": "working_hours",
        "terms.cost_clauses[0].number": "8.1",
        "terms.cost_clauses[0].cause": "platform",
        "terms.cost_clauses[0].shares[0].party": "agency",
        "terms.cost_clauses[0].shares[0].basis_points": "40",
        "terms.cost_clauses[0].shares[1].party": "merchant",
        "terms.cost_clauses[0].shares[1].basis_points": "60",
        "terms.cost_clauses[0].caps[0].party": "agency",
        "terms.cost_clauses[0].caps[0].per": "month",
        "terms.cost_clauses[0].caps[0].fen": "5,000.00",
        "terms.cost_clauses[0].caps[0].beyond_to": "merchant",
        **more,
    }


async def drawn_up(admin: Visitor, anhe: Anhe, number: str = "DY-2027-009") -> str:
    """The address of the form for the first version of a new contract with 云杉."""
    here = f"/merchants/{anhe.yunshan.id}/contracts/new"
    await admin.go(here)
    await admin.send(here, number=number, title="代运营服务合同")
    assert admin.path.endswith("/versions/new")
    return admin.path


async def version_at(admin: Visitor, anhe: Anhe, tenants: Tenants, tenant: Tenant) -> ContractVersion:
    version_id = UUID(admin.path.rsplit("/", 1)[-1])
    async with tenants.session(tenant, AGENCY) as session:
        return await visible_version(session, anhe.yunshan.id, version_id, by=anhe.admin)


async def test_a_version_is_drafted_and_says_everything_that_was_agreed(
    admin: Visitor, anhe: Anhe, tenants: Tenants, tenant: Tenant
) -> None:
    form = await drawn_up(admin, anhe)
    await admin.send(form, **terms())
    assert admin.says("草稿已保存")
    for words in ("杭州市余杭区人民法院", "代运营方 40 %、商家 60 %", "****", "提交分析与方案", "不限期"):
        assert admin.says(words), words
    assert not admin.says("5,000.00")
    version = await version_at(admin, anhe, tenants, tenant)
    (clause,) = version.agreed.cost_clauses
    assert [(share.party, share.basis_points) for share in clause.shares] == [
        (Party.AGENCY, 4000),
        (Party.MERCHANT, 6000),
    ]
    assert clause.caps[0].fen is None
    await admin.go(f"{admin.path}/draft")
    assert admin.value_of("terms.cost_clauses[0].caps[0].fen").replace(",", "") in ("5000", "5000.00")
    assert admin.value_of("terms.cost_clauses[0].shares[1].basis_points") == "60"


async def test_shares_that_do_not_make_up_the_whole_come_back_beside_their_clause(admin: Visitor, anhe: Anhe) -> None:
    form = await drawn_up(admin, anhe)
    await admin.send(form, **terms(**{"terms.cost_clauses[0].shares[1].basis_points": "50"}))
    assert admin.status == 422
    assert admin.says("各方比例之和须为 100%，现为 90%")
    assert 'id="f-terms.cost_clauses[0].shares-wrong"' in admin.text
    assert admin.value_of("terms.service_items[0].name") == "店铺日常运营"


async def test_a_limit_that_could_never_take_effect_is_refused_beside_its_field(admin: Visitor, anhe: Anhe) -> None:
    form = await drawn_up(admin, anhe)
    await admin.send(form, **terms(**{"terms.limits[0].value": "30"}))
    assert admin.status == 422
    assert admin.says("不会起作用")
    assert 'id="f-terms.limits[0].value-wrong"' in admin.text


async def test_rows_come_and_go_without_scripts_also_within_a_clause(admin: Visitor, anhe: Anhe) -> None:
    form = await drawn_up(admin, anhe)
    await admin.send(form, **terms(_more="terms.cost_clauses[0].shares"))
    assert admin.status == 200
    assert 'name="terms.cost_clauses[0].shares[2].party"' in admin.text
    await admin.send(form, **terms(_drop="terms.cost_clauses[0].shares[0]"))
    assert admin.value_of("terms.cost_clauses[0].shares[0].basis_points") == "60"
    assert 'name="terms.cost_clauses[0].shares[1].party"' not in admin.text


async def test_an_overlap_is_refused_by_name_and_the_former_version_can_be_superseded(
    admin: Visitor, anhe: Anhe, tenants: Tenants, tenant: Tenant
) -> None:
    form = await drawn_up(admin, anhe)
    await admin.send(form, **terms())
    here = admin.path
    assert admin.says("与合同 DY-2026-001 第 1 版（2026-01-01 至 长期）的有效期重叠")
    await admin.send(f"{here}/in-force")
    assert admin.status == 409
    assert admin.says("请先终止该版本或调整日期")
    await admin.send(f"{here}/in-force", supersede="yes")
    assert admin.path == here
    assert admin.says("待生效")
    async with tenants.session(tenant, AGENCY) as session:
        former = await session.get_one(ContractVersion, anhe.yunshan.version_id)
        assert str(former.ended_on) == "2026-12-31"
    await admin.go(f"/merchants/{anhe.yunshan.id}/contracts")
    assert admin.says("由新版本替代")
    assert admin.text.count("<rect") == 2


async def test_a_version_in_force_is_ended_early_once(admin: Visitor, anhe: Anhe) -> None:
    here = f"/merchants/{anhe.yunshan.id}/contracts/versions/{anhe.yunshan.version_id}"
    await admin.go(f"{here}/end")
    await admin.send(f"{here}/end", last_day="2026-11-30", reason="双方协商终止")
    assert admin.says("最后一天 2026-11-30")
    await admin.go(f"{here}/end")
    await admin.send(f"{here}/end", last_day="2026-11-25", reason="再次终止")
    assert admin.status == 409
    assert admin.says("只能提前终止尚未到期的生效版本")


async def test_a_document_is_uploaded_sealed_handed_out_for_a_purpose_and_a_program_is_refused(
    admin: Visitor, anhe: Anhe, app: Litestar, tenants: Tenants, tenant: Tenant
) -> None:
    here = f"/merchants/{anhe.yunshan.id}/contracts/versions/{anhe.yunshan.version_id}"
    await admin.go(here)

    async def upload(name: str, content: bytes) -> None:
        admin.page = await admin.client.post(
            f"{here}/documents", data={"_token": admin.token()}, files={"documents": (name, content)}
        )

    await upload("合同.pdf", b"MZ\x90\x00 this is a program")
    assert admin.status == 422
    assert admin.says("不支持上传")
    await upload("合同.pdf", PDF)
    assert admin.says("合同.pdf")
    # Whoever sets up reads nothing confidential; who works for the merchant does, for a purpose.
    assert not re.search(r'href="([^"]+/documents/[^"]+)"', admin.text)
    async with Visitor(app) as manager:
        await manager.sign_in("manager")
        await manager.go(here)
        found = re.search(r'href="([^"]+/documents/[^"]+)"', manager.text)
        assert found
        await manager.go(found[1])
        await manager.send(found[1])
        assert manager.status == 422
        answer = await manager.send(found[1], purpose="legal")
        assert answer.content == PDF
        assert "attachment" in answer.headers["content-disposition"]
    async with tenants.session(tenant, AGENCY) as session:
        (kept,) = await session.scalars(select(ContractDocument))
    lying = b"".join([piece async for piece in app.state.portal.storage.read(kept.storage_key)])
    assert kept.is_sealed
    assert PDF not in lying


async def test_a_draft_with_documents_is_discarded_and_what_is_in_force_is_not(admin: Visitor, anhe: Anhe) -> None:
    form = await drawn_up(admin, anhe)
    await admin.send(form, **terms())
    here = admin.path
    files = {"documents": ("合同.pdf", PDF)}
    admin.page = await admin.client.post(f"{here}/documents", data={"_token": admin.token()}, files=files)
    assert admin.says("合同.pdf")
    await admin.send(f"{here}/discard")
    assert admin.says("草稿已删除")
    await admin.send(f"/merchants/{anhe.yunshan.id}/contracts/versions/{anhe.yunshan.version_id}/discard")
    assert admin.status == 409


async def test_the_front_desk_reads_contracts_and_changes_none(visitor: Visitor, anhe: Anhe) -> None:
    await visitor.sign_in("manager")
    contracts = f"/merchants/{anhe.yunshan.id}/contracts"
    await visitor.go(contracts)
    assert visitor.says("DY-2026-001")
    assert not visitor.says("新建合同")
    await visitor.go(f"{contracts}/versions/{anhe.yunshan.version_id}")
    assert visitor.says("杭州仲裁委员会")
    assert not visitor.says("提前终止")
    for address in (f"{contracts}/new", f"{contracts}/versions/{anhe.yunshan.version_id}/end"):
        await visitor.go(address)
        assert visitor.status == 403

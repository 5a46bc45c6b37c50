"""The pages about keys: how they stand, rotating, and a destruction that two people decide on."""

from datetime import timedelta

import pytest
from litestar import Litestar

from confidentiality.errors import KeyDestroyed
from confidentiality.keys.destruction import (
    begin_destruction,
    destroy_wrapping_key,
    find_open_destruction,
    note_destroyed,
)
from confidentiality.keys.memory_kms import MemoryKms
from confidentiality.keys.vault import Vault, open_keys
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import Anhe
from tests.portal.clock import TestClock
from tests.portal.visitor import Visitor


@pytest.fixture
async def keys_of_yunshan(tenants: Tenants, tenant: Tenant, anhe: Anhe) -> str:
    """The address of the page about 云杉's keys, which something was sealed under."""
    async with tenants.session(tenant, AGENCY) as session:
        await open_keys(session, anhe.yunshan.id)
    return f"/data-keys/{anhe.yunshan.id}"


async def test_the_list_shows_every_owner_and_leads_to_each(visitor: Visitor, keys_of_yunshan: str) -> None:
    await visitor.sign_in("admin")
    await visitor.go("/data-keys")
    assert visitor.says("云杉户外")
    assert visitor.says("第 1 版")
    assert keys_of_yunshan in visitor.links("/data-keys/")
    await visitor.go(f"{keys_of_yunshan}?rows=yes")
    assert visitor.says("仅审计记录仍需要")


@pytest.mark.parametrize("login", ["manager", "agent", "supervisor", "finance", "auditor", "yunshan-owner"])
async def test_nobody_else_comes_near(visitor: Visitor, keys_of_yunshan: str, login: str) -> None:
    await visitor.sign_in(login)
    for address in ("/data-keys", keys_of_yunshan, f"{keys_of_yunshan}/destroy"):
        await visitor.go(address)
        assert visitor.status in {403, 404}, address
        assert not visitor.says("第 1 版")


async def test_a_rotation_starts_a_new_version(visitor: Visitor, keys_of_yunshan: str) -> None:
    await visitor.sign_in("admin")
    await visitor.go(keys_of_yunshan)
    await visitor.send(f"{keys_of_yunshan}/rotate")
    assert visitor.says("已启用第 2 版数据密钥")
    assert visitor.says("重新加密中")
    assert visitor.says("仅用于解密")


async def test_two_people_destroy_a_key_and_the_page_says_what_it_means(
    app: Litestar,
    visitor: Visitor,
    keys_of_yunshan: str,
    anhe: Anhe,
    tenants: Tenants,
    tenant: Tenant,
    vault: Vault,
    clock: TestClock,
) -> None:
    await visitor.sign_in("admin")
    await visitor.go(f"{keys_of_yunshan}/destroy")
    assert visitor.says("任何地方都无法再打开，包括备份，也无法恢复")
    await visitor.send(f"{keys_of_yunshan}/destroy", reason="")
    assert visitor.status == 422
    await visitor.send(f"{keys_of_yunshan}/destroy", reason="合同终止，商家来函要求销毁")
    assert visitor.says("须由另一位有权限的同事批准")
    assert "/destroy/approve" not in visitor.text
    await visitor.send(f"{keys_of_yunshan}/destroy/approve")
    assert visitor.status == 409
    assert visitor.says("须由两个人决定")
    async with Visitor(app) as executive:
        await executive.sign_in("executive")
        await executive.go("/data-keys")
        assert executive.says("等待另一位同事批准")
        await executive.go(keys_of_yunshan)
        assert executive.says("合同终止，商家来函要求销毁")
        await executive.send(f"{keys_of_yunshan}/destroy/approve")
        assert executive.says("密钥将在 7 天后销毁")
    due = clock() + timedelta(days=7, seconds=1)
    async with tenants.session(tenant, AGENCY) as session:
        found = await find_open_destruction(session, anhe.yunshan.id)
        assert found is not None
        subject = found.id
        await begin_destruction(session, subject, due)
    async with tenants.session(tenant, AGENCY) as session:
        await destroy_wrapping_key(session, vault.kms, subject)
        await note_destroyed(session, subject, by=anhe.admin.actor(), at=due)
    vault.forget_all()
    await visitor.go(keys_of_yunshan)
    assert visitor.says("密钥已销毁")
    assert not visitor.says("轮换密钥")
    async with tenants.session(tenant, AGENCY) as session:
        with pytest.raises(KeyDestroyed):
            await open_keys(session, anhe.yunshan.id)


async def test_pages_say_to_come_back_while_the_keys_are_out_of_reach(
    visitor: Visitor, keys_of_yunshan: str, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    await visitor.sign_in("admin")
    await visitor.go(keys_of_yunshan)
    monkeypatch.setattr(vault, "kms", MemoryKms())
    await visitor.send(f"{keys_of_yunshan}/rotate")
    assert visitor.status == 503
    assert visitor.says("系统暂时繁忙")
    assert not visitor.says("memory:")


async def test_either_of_them_cancels_it(app: Litestar, visitor: Visitor, keys_of_yunshan: str) -> None:
    await visitor.sign_in("admin")
    await visitor.go(f"{keys_of_yunshan}/destroy")
    await visitor.send(f"{keys_of_yunshan}/destroy", reason="合同终止")
    async with Visitor(app) as executive:
        await executive.sign_in("executive")
        await executive.go(keys_of_yunshan)
        await executive.send(f"{keys_of_yunshan}/destroy/approve")
    await visitor.go(keys_of_yunshan)
    await visitor.send(f"{keys_of_yunshan}/destroy/cancel")
    assert visitor.says("已取消销毁")
    assert visitor.says("提议销毁密钥")

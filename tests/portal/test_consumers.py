"""Consumer records at both desks: recorded, shown masked, put right, found by search, and never in an address."""

import re

import pytest
from litestar import Litestar

from tests.cast import Anhe
from tests.consumers.samples import SECRETS
from tests.portal.agency_steps import open_report
from tests.portal.visitor import Visitor

TYPED = {
    "name": "柳如丝",
    "phone": "10000001234",
    "region": "广东省深圳市南山区",
    "address": "松树街八十八号",
    "order_number": "DD-2611-000077",
    "product": "静音筋膜枪",
    "specification": "灰色 标准版",
    "quantity": "2",
    "private": "yes",
    "happened": "第二次使用就不转了",
    "usage": "每周两次",
    "wanted": "exchange",
}


async def _record(visitor: Visitor, ticket: str, **changes: str) -> str:
    """Record a consumer on the ticket's page; returns the record's address."""
    await visitor.go(f"{ticket}/consumers/new")
    assert visitor.status == 200, visitor.text
    await visitor.send(f"{ticket}/consumers/new", **TYPED | changes)
    assert visitor.path.startswith(ticket), visitor.text
    return visitor.links(f"{ticket}/consumers/")[-1]


def _tells_nothing(visitor: Visitor) -> bool:
    return not any(secret in visitor.text for secret in SECRETS)


@pytest.fixture
async def owner(anhe: Anhe, app: Litestar) -> Visitor:
    """The owner of 云杉, signed in."""
    visitor = Visitor(app)
    await visitor.sign_in("yunshan-owner")
    return visitor


async def test_a_record_is_shown_masked_on_the_ticket_and_on_its_own_page(manager: Visitor, anhe: Anhe) -> None:
    ticket = f"/tickets/{await open_report(manager, anhe)}"
    address = await _record(manager, ticket)
    for page in (ticket, address, f"{address}/correct", ticket + "/thread?after=0&seen=1"):
        await manager.go(page)
        assert _tells_nothing(manager), page
    await manager.go(ticket)
    assert manager.says("100****1234")
    assert manager.says("添加了消费者记录")
    await manager.go(address)
    assert manager.says("广东省深圳市****")
    assert manager.page is not None
    assert manager.page.headers["cache-control"] == "no-store"
    await manager.go("/tickets?tab=all")
    assert _tells_nothing(manager)


async def test_what_is_wrong_is_said_and_what_was_typed_stays(manager: Visitor, anhe: Anhe) -> None:
    ticket = f"/tickets/{await open_report(manager, anhe)}"
    await manager.go(f"{ticket}/consumers/new")
    await manager.send(f"{ticket}/consumers/new", **TYPED | {"phone": "12"})
    assert manager.status == 422
    assert manager.says("请填写正确的电话号码")
    assert manager.value_of("name") == TYPED["name"]
    assert "12" not in manager.path


async def test_a_correction_needs_no_look_at_the_rest_and_keeps_what_was(manager: Visitor, anhe: Anhe) -> None:
    ticket = f"/tickets/{await open_report(manager, anhe)}"
    address = await _record(manager, ticket)
    await manager.go(f"{address}/correct")
    assert manager.says("现为 100****1234，留空不变")
    await manager.send(f"{address}/correct", phone="10000005678", private="")
    assert manager.path == address
    assert manager.says("100****5678")
    assert manager.says("更正前")
    assert manager.says("100****1234")
    await manager.send(f"{address}/remove")
    assert manager.path.startswith(ticket)
    assert manager.says("移除了消费者记录")
    assert (await manager.go(address)).status_code == 404


async def test_a_correction_that_says_nothing_is_refused(manager: Visitor, anhe: Anhe) -> None:
    ticket = f"/tickets/{await open_report(manager, anhe)}"
    address = await _record(manager, ticket)
    await manager.go(f"{address}/correct")
    await manager.send(f"{address}/correct", private="")
    assert manager.status == 422
    assert manager.says("没有填写要更正的内容")


@pytest.mark.parametrize(
    "terms", [{"phone": "10000001234"}, {"phone": "1234"}, {"order_number": "dd 2611 000077"}, {"phone": "１２３４"}]
)
async def test_a_search_finds_the_record_and_the_address_tells_nothing(
    manager: Visitor, anhe: Anhe, terms: dict[str, str]
) -> None:
    ticket = f"/tickets/{await open_report(manager, anhe)}"
    address = await _record(manager, ticket)
    for merchant in ("", str(anhe.yunshan.id)):
        await manager.go("/consumers")
        await manager.send("/consumers", merchant=merchant, **terms)
        assert manager.path == "/consumers"
        assert manager.links(f"{ticket}/consumers/") == [address]
        assert manager.says("柳*")
        assert manager.page is not None
        assert manager.page.headers["cache-control"] == "no-store"
        found = manager.text.split("<tbody>")[1]
        assert not any(secret in found for secret in SECRETS)


async def test_a_search_without_terms_and_one_without_hits_say_what_to_do(manager: Visitor, anhe: Anhe) -> None:
    await manager.go("/consumers")
    await manager.send("/consumers", phone=" ", order_number="")
    assert manager.status == 422
    assert manager.says("请填写电话、电话后四位或订单号")
    await manager.send("/consumers", phone="9999")
    assert manager.says("没有找到相符的记录")
    assert manager.value_of("phone") == "9999"


async def test_a_merchant_records_and_finds_its_own_and_nobody_elses(
    owner: Visitor, manager: Visitor, anhe: Anhe, app: Litestar
) -> None:
    number = await open_report(manager, anhe)
    address = await _record(owner, f"/my/tickets/{number}")
    assert owner.says("100****1234")
    assert _tells_nothing(owner)
    await owner.go("/my/consumers")
    await owner.send("/my/consumers", phone="1234")
    assert owner.links(f"/my/tickets/{number}/consumers/") == [address]
    await owner.send(f"{address}/correct", name="柳二", private="")
    assert owner.path == address
    async with Visitor(app) as other:
        await other.sign_in("qinghe-owner")
        assert (await other.go(address)).status_code == 404
        assert (await other.go("/consumers")).status_code == 404
        await other.go("/my/consumers")
        await other.send("/my/consumers", phone="1234", merchant=str(anhe.yunshan.id))
        assert other.says("没有找到相符的记录")
        assert (await other.send(f"{address}/remove")).status_code == 404


async def test_who_must_not_know_consumers_finds_no_way_to_them(manager: Visitor, anhe: Anhe, app: Litestar) -> None:
    ticket = f"/tickets/{await open_report(manager, anhe)}"
    address = await _record(manager, ticket)
    for login in ("finance", "auditor", "admin", "executive"):
        async with Visitor(app) as person:
            await person.sign_in(login)
            assert "/consumers" not in person.text
            assert (await person.go("/consumers")).status_code == 403
            await person.go(address)
            if login == "executive":
                # Reads the whole ticket, and of a consumer only masks.
                assert person.says("100****1234")
                assert _tells_nothing(person)
                assert f"{address}/correct" not in person.text
            else:
                assert person.status in (403, 404)


async def test_private_shops_and_words_are_kept_at_both_desks(owner: Visitor, manager: Visitor, anhe: Anhe) -> None:
    await owner.go("/my/private-products")
    await owner.send("/my/private-products", word="筋膜枪")
    assert owner.says("筋膜枪")
    await owner.send("/my/private-products", word="筋膜枪")
    assert owner.says("已经设为私密")
    await owner.send("/my/private-products", word="", shop="")
    assert owner.status == 422
    here = f"/merchants/{anhe.yunshan.id}/private-products"
    await manager.go(here)
    assert manager.says("筋膜枪")
    await manager.send(here, shop=str(anhe.yunshan.shop_id))
    assert manager.says("整个店铺")
    rules = re.findall(rf'action="({here}/[0-9a-f-]+/remove)"', manager.text)
    assert len(rules) == 2
    await manager.send(rules[0])
    assert not manager.says("整个店铺</span>")


async def test_no_log_line_and_no_address_holds_what_was_typed(
    manager: Visitor, anhe: Anhe, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    seen: list[str] = []

    async def keep(request: object) -> None:
        seen.append(str(getattr(request, "url", "")))

    manager.client.event_hooks["request"] = [keep]
    ticket = f"/tickets/{await open_report(manager, anhe)}"
    address = await _record(manager, ticket)
    await manager.go(f"{address}/correct")
    await manager.send(f"{address}/correct", phone="10000001234", name="柳如丝丝", private="")
    await manager.send(f"{address}/correct", phone="松树街", private="")
    assert manager.status == 422
    await manager.go("/consumers")
    await manager.send("/consumers", phone="10000001234", order_number="DD-2611-000077")
    assert len(seen) > 8
    # The test's own browser writes down its addresses; whatever else is logged is the product's.
    told = "".join(seen) + "".join(line.getMessage() for line in caplog.records)
    assert not any(secret in told for secret in SECRETS)

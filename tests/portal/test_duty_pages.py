"""The agency's own records in the browser: register, assessments, breaches and their notices."""

from litestar import Litestar
from playwright.async_api import Page

from tests.browser import DESK, PHONE, axe, new_page, open_browser, overflows, picture, serve
from tests.cast import Anhe
from tests.portal.test_merchant_phone import sign_in
from tests.portal.visitor import Visitor

ACTIVITY = {
    "name": "售后联系消费者",
    "purpose": "处理退换货与回访",
    "basis": "contract",
    "data_kinds": "姓名\n电话\n地址",
    "subjects": "消费者",
    "sensitive": "no",
    "recipients": "物流承运商（经商家书面同意）",
    "retention": "结案后 6 个月",
    "measures": "字段加密，默认掩码，查看留痕",
    "ended": "no",
}
ASSESSMENT = {
    "title": "私密产品售后",
    "reason": "sensitive",
    "assessed_on": "2026-11-20",
    "lawfulness": "为履行售后合同所必需，范围最小",
    "impact": "泄露会影响个人尊严",
    "measures": "单独同意、默认掩码、查看留痕",
    "conclusion": "with_measures",
}


def breach(anhe: Anhe) -> dict[str, str]:
    return {
        "discovered_at": "2026-11-23T08:00",
        "data_kinds": "姓名\n电话",
        "people": "12",
        "cause": "导出文件误发给其他收件人",
        "harm": "可能收到骚扰电话",
        "measures": "已联系误收方删除并书面确认",
        "advice": "留意陌生来电",
        "contact": "数据保护负责人 0571-80000000",
        "merchants": str(anhe.yunshan.id),
    }


async def fine(page: Page, name: str) -> None:
    """Accessible, within the screen; and a picture of it."""
    await picture(page, name)
    assert [*await axe(page), *await overflows(page)] == []


async def written(visitor: Visitor, anhe: Anhe) -> tuple[str, str, str]:
    """The administrator writes one of each; answers their addresses."""
    await visitor.sign_in("admin")
    found = []
    for address, values in (
        ("/register/new", ACTIVITY),
        ("/assessments/new", ASSESSMENT),
        ("/breaches/new", breach(anhe)),
    ):
        await visitor.go(address)
        await visitor.send(address, **values)
        assert visitor.status == 200, visitor.text
        found.append(visitor.path)
    activity, assessment, number = found
    return activity, assessment, number


async def test_the_pages_are_in_order(app: Litestar, anhe: Anhe, visitor: Visitor) -> None:
    activity, assessment, number = await written(visitor, anhe)
    async with serve(app) as address, open_browser() as browser:
        page = await new_page(browser, address, width=DESK)
        await sign_in(page, "admin")
        for place, name in (
            ("/register", "register"),
            ("/register/new", "register-new"),
            (activity, "activity"),
            ("/assessments", "assessments"),
            (assessment, "assessment"),
            ("/breaches", "breaches"),
            ("/breaches/new", "breach-new"),
            (number, "breach"),
        ):
            await page.goto(place)
            await fine(page, name)
        await page.get_by_role("button", name="通知商家").click()
        await page.get_by_role("button", name="通知", exact=True).click()
        await page.get_by_text("已通知商家。").wait_for()
        await fine(page, "breach-told")
        merchant = await new_page(browser, address, width=PHONE)
        await sign_in(merchant, "yunshan-owner")
        await merchant.goto("/my/data/entrustment")
        await fine(merchant, "my-entrustment-phone")
        await merchant.get_by_role("link", name=number.rsplit("/", 1)[-1]).click()
        await merchant.get_by_text("已联系误收方删除并书面确认").wait_for()
        await fine(merchant, "breach-notice-phone")


async def test_the_auditor_reads_and_writes_nothing(anhe: Anhe, visitor: Visitor) -> None:
    activity, assessment, number = await written(visitor, anhe)
    await visitor.sign_in("auditor")
    for address in ("/register", activity, "/assessments", assessment, "/breaches", number):
        await visitor.go(address)
        assert visitor.status == 200, address
        assert not visitor.says("登记处理活动</a>")
    for address in ("/register/new", f"{activity}/change", "/assessments/new", "/breaches/new", f"{number}/authority"):
        await visitor.go(address)
        assert visitor.status == 403, address


async def test_the_report_to_the_authority_is_written_down_and_printed(anhe: Anhe, visitor: Visitor) -> None:
    *_, number = await written(visitor, anhe)
    await visitor.go(f"{number}/authority")
    await visitor.send(f"{number}/authority", addressee="杭州市网信办", method="网上报送")
    assert visitor.says("杭州市网信办")
    (notice,) = visitor.links(f"{number}/notices/")
    await visitor.go(notice)
    assert visitor.says("导出文件误发给其他收件人")


async def test_an_activity_is_changed_by_a_new_version(anhe: Anhe, visitor: Visitor) -> None:
    activity, *_ = await written(visitor, anhe)
    await visitor.go(f"{activity}/change")
    assert visitor.value_of("name") == "售后联系消费者"
    await visitor.send(f"{activity}/change", **(ACTIVITY | {"retention": "结案后 3 个月"}))
    assert visitor.says("第 2 版")
    assert visitor.says("结案后 6 个月")

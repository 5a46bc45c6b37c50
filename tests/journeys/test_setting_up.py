"""The people around a ticket: who sets the house up, who comes new, and who only checks."""

from playwright.async_api import expect

from tests.browser import new_page
from tests.cast import PASSWORD
from tests.journeys.company import Company, Screen, number_in


async def test_an_administrator_invites_an_agent_who_comes_in_and_takes_a_report(company: Company) -> None:
    admin, phone = await company.screen("admin"), await company.screen("yunshan-owner")
    await admin.go("/people/invite/staff")
    await admin.fill(name="罗小满", email="luo@agency.example", grants_0__role="service_agent")
    merchant = admin.page.locator(f'[name="merchants"][value="{company.anhe.yunshan.id}"]')
    if await merchant.count():
        await merchant.check()
    else:
        await admin.fill(merchants=str(company.anhe.yunshan.id))
    await admin.send()
    link = await admin.page.locator("#once").input_value()

    page = await new_page(company.browser, company.address)
    await page.goto("/join/" + link.split("/join/")[1])
    await page.fill('input[name="login"]', "luo")
    await page.fill('input[name="password"]', PASSWORD)
    await page.locator("main form button.btn-primary").click()
    await expect(page.locator("body")).to_contain_text("账号已开通")
    newcomer = Screen(page, "/tickets", company.tenant.code, "luo")

    await phone.go("/my/report?kind=service_quality")
    await phone.fill(title="周末客服回复慢", description="平均四分钟。", request="加人。", occurred_on=company.today())
    await phone.send()
    number = await number_in(phone.page)
    await newcomer.move(number, "accept", message="您好，我是罗小满，马上为您处理。")
    await phone.open(number)
    await phone.reads("您好，我是罗小满，马上为您处理。")

    # The administrator sets up, and reads no ticket.
    answer = await admin.page.goto(f"/tickets/{number}")
    assert answer is not None
    assert answer.status in (403, 404)


async def test_a_tighter_limit_is_previewed_and_then_counts(company: Company) -> None:
    admin, agent = await company.screen("admin"), await company.screen("agent")
    await admin.go("/settings/limits/first_response/normal/chat")
    if "first_response" not in admin.page.url:
        await admin.go("/settings/limits")
        await admin.page.locator('a[href*="/settings/limits/first_response/normal/"]').first.click()
    await admin.fill(value="5")
    await admin.page.locator('button[name="_preview"]').first.click()
    await admin.reads("预览")
    await admin.send()
    await admin.reads("时限已保存")
    await agent.go("/tickets")
    await agent.is_in_order()


async def test_finance_and_the_auditor_look_and_change_nothing(company: Company) -> None:
    manager = await company.screen("manager")
    await manager.go(f"/tickets/new/service_quality?merchant={company.anhe.yunshan.id}")
    await manager.fill(
        channel="phone", title="主图色差", description="与确认稿不符", request="重做", occurred_on=company.today()
    )
    await manager.send()
    await manager.reads("主图色差")
    number = await number_in(manager.page)
    for login in ("finance", "auditor"):
        screen = await company.screen(login)
        await screen.go("/")
        await screen.is_in_order()
        answer = await screen.page.goto(f"/tickets/{number}/moves/accept")
        assert answer is not None
        assert answer.status in (403, 404)
        await screen.go("/merchants")
        await screen.reads("云杉户外")

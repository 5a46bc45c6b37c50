"""The people of a journey: each at a screen of their own, doing what people do with links, forms and buttons."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.async_api import Browser, Locator, Page, expect
from sqlalchemy import select, text

from anshou.people.person import SYSTEM, Person
from anshou.tickets.clocks.clock_rows import IS_RUNNING, TicketClock
from anshou.tickets.clocks.firing import fire
from anshou.tickets.clocks.stages import next_event
from anshou.tickets.stage_telling import telling_at
from anshou.tickets.tickets import Ticket
from anshou.worker.actors import ACTORS
from anshou.worker.work import Work
from tenants.context import AGENCY
from tenants.jobs import lease_job
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.browser import DESK, PHONE, axe, new_page, overflows
from tests.cast import PASSWORD, Anhe
from tests.portal.clock import TestClock
from tests.worker.workshop import outside

SHANGHAI = ZoneInfo("Asia/Shanghai")
NUMBER = re.compile(r"(?:FW|SJ|JF)\d{4}-\d{5}")

_WAITING = "SELECT id, actor FROM control.job WHERE tenant_id = :tenant AND state = 'queued' ORDER BY created_at, id"


@dataclass
class Screen:
    """Somebody's browser window. `home` is where their tickets are."""

    page: Page
    home: str
    agency: str
    login: str

    async def go(self, address: str) -> None:
        """Open a page; who was away too long signs in again."""
        await self.page.goto(address)
        if "/sign-in" in self.page.url:
            for name, value in (("agency", self.agency), ("login", self.login), ("password", PASSWORD)):
                await self.page.fill(f'input[name="{name}"]', value)
            await self.page.locator("form button.btn-primary").click()
            await expect(self.page.locator("nav.side")).to_be_attached()
            await self.page.goto(address)

    async def open(self, number: str) -> None:
        """Look at a ticket."""
        await self.go(f"{self.home}/{number}")

    async def move(self, number: str, name: str, **typed: str) -> None:
        """Open the form of a move, fill it in, send it, and be back at the ticket."""
        await self.go(f"{self.home}/{number}/moves/{name}")
        await self.fill(**typed)
        await self.send()
        await expect(self.page).to_have_url(re.compile(rf"{self.home}/{number}$"))

    async def fill(self, **typed: str) -> None:
        """Fill fields by their names; `__` stands for the dot between a part and its field."""
        for name, value in typed.items():
            await _type(self.form.locator(f'[name="{_field(name)}"]'), value)

    @property
    def form(self) -> Locator:
        """The form that is being filled in: the dialog's, where one is open."""
        return self.page.locator("main form, dialog[open] form[action]").last

    async def send(self) -> None:
        """Press the form's own button."""
        await self.form.locator("button.btn-primary").last.click()

    async def place(self, name: str) -> None:
        """Go where the navigation leads; on a phone it opens first."""
        # A number may stand beside it.
        link = self.page.locator("nav.side a").filter(has_text=re.compile(rf"^\s*{name}\s*(\d|$)"))
        if not await link.is_visible():
            await self.page.locator("button.open-side").click()
        await link.click()
        await self.page.wait_for_load_state()

    async def key(self, *keys: str) -> None:
        """Press keys, one after the other; the scripts that hear them are there with the whole page."""
        await self.page.wait_for_load_state()
        for key in keys:
            await self.page.keyboard.press(key)

    async def press(self, name: str) -> None:
        """Press the button, or follow the link, that says so."""
        within = self.page.locator("main")
        named = within.get_by_role("button", name=name, exact=True)
        await named.or_(within.get_by_role("link", name=name, exact=True)).first.click()

    async def sign(self, number: str) -> None:
        """Sign the agreement, giving the password once more."""
        await self.go(f"{self.home}/{number}/sign")
        await self.page.locator('main input[type="password"]').first.fill(PASSWORD)
        await self.send()
        await expect(self.page).to_have_url(re.compile(rf"{self.home}/{number}$"))

    async def hear(self, number: str) -> None:
        """Follow the latest notice about this number."""
        await self.go("/notices")
        await self.page.locator(".notices li").filter(has_text=number).first.locator("a").click()

    async def reads(self, text: str) -> None:
        """The page says so, and is there as a whole: what it says may come before its end and its scripts."""
        await expect(self.page.locator("main")).to_contain_text(text)
        await self.page.wait_for_load_state()

    async def never_reads(self, text: str) -> None:
        """The page says nothing of it."""
        await expect(self.page.locator("body")).not_to_contain_text(text)

    async def is_in_order(self) -> None:
        """No finding of axe, and nothing sticks out to the right. Raises AssertionError that says what does."""
        # In words, because pytest explains the assertions of test modules only.
        if wrong := [*await axe(self.page), *(f"sticks out: {one}" for one in await overflows(self.page))]:
            raise AssertionError("\n".join([f"{self.page.url} is not in order", *wrong]))


@dataclass
class Company:
    """Everybody, with the clock that all of them see."""

    browser: Browser
    address: str
    anhe: Anhe
    clock: TestClock
    tenants: Tenants
    tenant: Tenant
    screens: dict[str, Screen] = field(default_factory=dict)

    async def screen(self, login: str) -> Screen:
        """The person's screen, signed in; a merchant's is a phone."""
        if login not in self.screens:
            of_merchant = "-" in login
            page = await new_page(self.browser, self.address, width=PHONE if of_merchant else DESK)
            home = "/my/tickets" if of_merchant else "/tickets"
            self.screens[login] = Screen(page, home, self.tenant.code, login)
        return self.screens[login]

    def local(self, *, days: float = 0, hours: float = 0) -> str:
        """The time on the wall, moved on or back, as a date and time field takes it."""
        moved = self.clock.now.timestamp() + days * 86_400 + hours * 3_600
        return datetime.fromtimestamp(moved, SHANGHAI).strftime("%Y-%m-%dT%H:%M")

    def today(self, *, days: float = 0) -> str:
        """The day, as a date field takes it."""
        return self.local(days=days)[:10]

    async def let_time_pass(self, number: str, **span: float) -> None:
        """Move the clock on, and fire what falls due on the ticket as the worker does."""
        self.clock.forward(**span)
        async with self.tenants.session(self.tenant, AGENCY) as session:
            ticket = (await session.scalars(select(Ticket).where(Ticket.number == number))).one()
            running = select(TicketClock).where(TicketClock.ticket_id == ticket.id, *IS_RUNNING)
            due = {clock.id: at for clock in await session.scalars(running) if (at := next_event(clock)) is not None}
            for clock_id, at in sorted(due.items(), key=lambda item: item[1]):
                if at <= self.clock.now:
                    await fire(session, clock_id, tell=telling_at(self.clock.now), at=self.clock.now)

    async def work_off(self) -> None:
        """Carry out what is to be done behind the scenes, as the worker does, by the clock that all of them see."""
        actors, waiting = {actor.name: actor for actor in ACTORS}, text(_WAITING)
        while True:
            async with self.tenants.control() as control:
                jobs = (await control.execute(waiting, {"tenant": self.tenant.id})).all()
            if not jobs:
                return
            for job_id, name in jobs:
                async with self.tenants.session(self.tenant, SYSTEM.context()) as session:
                    job = await lease_job(session, job_id, actors[name].time_limit)
                assert job is not None, name
                await actors[name](Work(self.tenant, job, self.clock.now, outside(), self.tenants))

    @property
    def specialist(self) -> Person:
        """Who does the department's work."""
        return self.anhe.specialist


async def number_in(page: Page) -> str:
    """The number of the ticket that the page is about, once it is there."""
    await expect(page).to_have_url(NUMBER)
    found = NUMBER.search(page.url)
    assert found, page.url
    return found[0]


async def _type(control: Locator, value: str) -> None:
    first = control.first
    kind = await first.evaluate("element => element.tagName + ':' + (element.type || '')")
    match kind:
        case "SELECT:select-one":
            await _choose(first, value)
        case "INPUT:radio":
            await control.and_(control.page.locator(f'[value="{value}"]')).check()
        case "INPUT:checkbox":
            await control.and_(control.page.locator(f'[value="{value}"]')).check()
        case _:
            await first.fill(value)


async def _choose(select_box: Locator, value: str) -> None:
    """By value, or by the words that people read."""
    values = await select_box.locator("option").evaluate_all("all => all.map(option => option.value)")
    if value in values:
        await select_box.select_option(value)
        return
    options = await select_box.locator("option").all_inner_texts()
    fitting = [option for option in options if value in option]
    assert fitting, f"{value} is not among {options}"
    await select_box.select_option(label=fitting[0].strip())


def _field(name: str) -> str:
    """`responsibility__shares_0__party` is the field `responsibility.shares[0].party`."""
    return re.sub(r"_(\d)(?=$|\.)", r"[\1]", name.replace("__", "."))

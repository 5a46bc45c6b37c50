"""What the steps of a month of finance share: who is there, what papers there are, and what came about so far."""

from dataclasses import dataclass, field
from pathlib import Path

from tests.browser import illustrate, picture
from tests.journeys.company import Company, Screen
from tests.journeys.papers import paper

BUYER = "安和电商代运营"

# What the month is about, in fen. The licence was claimed with a wrong amount first, and paid with a fee of Alipay's.
DISKS, LICENCE, CALLS, FEE = 680_005, 128_000, 9_800, 50
PAID_BY_MERCHANT, WITHDRAWN = 100_000, 50_000


@dataclass
class Month:
    """November 2026 of 云杉 at 安和, as it goes."""

    company: Company
    papers: Path
    ticket: str = ""
    other_ticket: str = ""
    dispute: str = ""
    statement: str = ""
    match: str = ""
    costs: dict[str, str] = field(default_factory=dict)

    async def screen(self, login: str) -> Screen:
        """Somebody's screen."""
        return await self.company.screen(login)

    async def paper(self, name: str, goods: str, yuan: str, heading: str = "收款收据") -> Path:
        """A receipt, or another paper, of one thing."""
        path = self.papers / f"{name}.png"
        return await paper(self.company.browser, path, BUYER, [(goods, yuan)], yuan, heading=heading)

    async def later(self, **span: float) -> None:
        """Time passes, a quarter of an hour unless said, and what was to be done behind the scenes is done."""
        self.company.clock.forward(**(span or {"minutes": 15}))
        await self.company.work_off()

    async def look(self, screen: Screen, name: str) -> None:
        """Look at the page: it is in order, and kept as a picture if pictures are wanted."""
        await screen.is_in_order()
        await picture(screen.page, f"month-{name}")

    async def show(self, screen: Screen, name: str) -> None:
        """Look at a page that the guide for finance shows."""
        await self.look(screen, name)
        await illustrate(screen.page, f"finance-{name}")


def yuan(fen: int) -> str:
    """As pages show an amount."""
    return f"{'-' if fen < 0 else ''}¥{abs(fen) // 100:,}.{abs(fen) % 100:02}"

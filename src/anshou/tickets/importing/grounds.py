"""What rows are checked against, read from the database: what the person reaches, which rows are tickets already."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from anshou.merchants.contracts import ContractVersion
from anshou.merchants.merchants import Merchant
from anshou.merchants.shops import Shop
from anshou.people.cards import colleagues
from anshou.tickets.importing.batches import ImportRow
from anshou.tickets.importing.books import Book
from anshou.tickets.importing.dates import minutes_off, years_in
from anshou.tickets.importing.headers import titles_of
from anshou.tickets.importing.lines import Choices, Ground
from anshou.tickets.importing.surveying import habits_of
from anshou.tickets.importing.wording import Known, KnownShop
from anshou.tickets.rules import rules_at
from anshou.tickets.tickets import Ticket
from tenants.registry import Tenant


async def known_to(session: AsyncSession) -> Known:
    """The merchants and shops in reach of the session's context, and the colleagues."""
    merchants = (await session.execute(select(Merchant.id, Merchant.name, Merchant.ended_at))).all()
    shops = await session.execute(select(Shop.id, Shop.merchant_id, Shop.name))
    return Known(
        merchants={row.id: row.name for row in merchants},
        shops=tuple(KnownShop(row.id, row.merchant_id, row.name) for row in shops),
        people={one.id: one.name for one in await colleagues(session)},
        ended=frozenset(row.id for row in merchants if row.ended_at is not None),
    )


async def ground_of(
    session: AsyncSession,
    book: Book,
    rows: Sequence[tuple[int, list[str]]],
    sheet: str,
    header_line: int,
    choices: Choices,
    *,
    at: datetime,
) -> Ground:
    """What the rows of a file are checked against at `at` (UTC)."""
    tenant: Tenant = session.info["tenant"]
    page = book.page(sheet)
    titles = titles_of(page, header_line) if page else []
    there, alike = await imported_rows(session)
    return Ground(
        known=await known_to(session),
        zone=(await rules_at(session, at)).zone,
        now=at,
        salt=tenant.id.bytes,
        habits=habits_of(rows, choices, years=years_in(titles), since_1904=book.since_1904, off=minutes_off),
        there=there,
        alike=alike,
    )


async def imported_rows(session: AsyncSession) -> tuple[dict[bytes, str], dict[bytes, str]]:
    """Rows that are tickets already: their numbers by fingerprint, and by identity."""
    query = select(ImportRow.fingerprint, ImportRow.identity, Ticket.number).join(
        Ticket, (Ticket.merchant_id == ImportRow.merchant_id) & (Ticket.id == ImportRow.ticket_id)
    )
    there, alike = {}, {}
    for row in await session.execute(query):
        there[row.fingerprint] = row.number
        alike[row.identity] = row.number
    return there, alike


IsPrivate = Callable[[UUID, UUID | None, str], bool]
"""Whether what is said of a merchant, at a shop, in these words, is to be sealed whatever was chosen."""


class ContractsInForce:
    """Which version of a contract was in force for a merchant on a day."""

    def __init__(self, versions: Sequence[ContractVersion]) -> None:
        self._of: dict[UUID, list[ContractVersion]] = {}
        for version in versions:
            self._of.setdefault(version.merchant_id, []).append(version)

    @classmethod
    async def read(cls, session: AsyncSession) -> "ContractsInForce":
        """Those of all merchants in reach."""
        query = select(ContractVersion).where(ContractVersion.in_force_at.is_not(None))
        return cls((await session.scalars(query.options(joinedload(ContractVersion.contract)))).all())

    def on(self, merchant: UUID, day: date) -> ContractVersion | None:
        """The one in force, or None."""
        return next((one for one in self._of.get(merchant, ()) if one.covers(day)), None)

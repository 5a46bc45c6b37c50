"""Claiming a cost on a ticket: drafted, changed, submitted with its proof, withdrawn, by whoever incurred it."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.consumers.records import records_of
from anshou.finance.deeds import CHANGED, CLAIMED, SUBMITTED, WITHDRAWN
from anshou.finance.errors import ClaimInvalid, NotYourClaim, ProofMissing
from anshou.finance.moving import do, leave_leaf, lock_cost, lock_own_claim
from anshou.merchants.contracts import visible_version
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.numbering import next_number
from anshou.tickets.tickets import Ticket
from billing.clauses import MOST
from billing.costs.categories import LABOUR, allowed_categories
from billing.costs.items import CostItem, evidence_of
from billing.costs.states import Deed, State
from billing.currencies import Currency
from billing.days import require_bookable
from billing.parties import CostCategory
from confidentiality.slips import sure_slips_in
from tenants.refusals import N_, Message
from tenants.shapes import Unfit

PREFIX = "FY"


class Claim(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is claimed. `fen` is the whole amount, of it `tax_fen` is tax; without a currency it is the contract's."""

    category: Annotated[CostCategory, Meta(title=N_("费用类别"))]
    fen: Annotated[int, Meta(ge=1, le=MOST, title=N_("金额（含税）"), extra={"widget": "money"})]
    tax_fen: Annotated[int, Meta(ge=0, le=MOST, title=N_("其中税额"), extra={"widget": "money"})] = 0
    currency: Annotated[Currency | None, Meta(title=N_("币种"))] = None
    incurred_on: Annotated[date, Meta(title=N_("发生日期"))]
    note: Annotated[str, Meta(max_length=200, title=N_("用途说明（不写消费者信息）"))] = ""

    def __post_init__(self) -> None:
        """Refuse more tax than there is amount, and numbers of people in what everybody who verifies reads."""
        require_bookable(self.incurred_on, "incurred_on")
        if self.tax_fen > self.fen:
            raise Unfit(Message(N_("税额不能大于金额")), "tax_fen")
        check_note(self.note)


def check_note(note: str) -> None:
    """Return when nobody's number stands in the note; otherwise raise Unfit."""
    if sure_slips_in(note):
        raise Unfit(Message(N_("说明中似有手机号、身份证号或银行卡号，请删去")), "note")


async def claim_cost(session: AsyncSession, ticket: Ticket, claim: Claim, *, by: Person, at: datetime) -> CostItem:
    """Draft a cost of the ticket, also of a closed one: bills come late.

    Raises PermissionMissing, ClaimInvalid for labour, which is claimed by the time worked, for a category that such a
    ticket cannot have, a currency that is not the contract's, and a day to come.
    """
    authorize(by, Permission.RECORD_COSTS)
    if claim.category in LABOUR:
        raise ClaimInvalid("category", Message(N_("人工费用请用“登记工时”按工时计算")))
    currency = await check_claim(session, ticket, claim, by=by, at=at)
    return await add_item(session, ticket, claim, currency, by=by, at=at)


async def change_claim(
    session: AsyncSession, ticket: Ticket, item: CostItem, claim: Claim, *, by: Person, at: datetime
) -> None:
    """Say it anew while it is a draft or was returned. Raises NotYourClaim, CostDeedNotOpen, ClaimInvalid."""
    await lock_own_claim(session, item, by=by)
    if item.category in LABOUR or claim.category in LABOUR:
        raise ClaimInvalid("category", Message(N_("工时不能修改，请撤回后重新登记")))
    currency = await check_claim(session, ticket, claim, by=by, at=at)
    before = {"category": item.category.value, "fen": item.fen, "tax_fen": item.tax_fen, "note": item.note}
    before["incurred_on"] = item.incurred_on.isoformat()
    item.category, item.fen, item.tax_fen, item.currency = claim.category, claim.fen, claim.tax_fen, currency
    item.incurred_on, item.note = claim.incurred_on, claim.note.strip()
    await do(session, item, Deed.CHANGED, CHANGED, by=by, at=at, seen={"before": before})


async def submit_cost(session: AsyncSession, item: CostItem, *, by: Person, at: datetime) -> None:
    """Give it to finance. Raises NotYourClaim, CostDeedNotOpen, ProofMissing."""
    await lock_own_claim(session, item, by=by)
    # The time entry is what labour is proved by; a file may be added.
    if item.category not in LABOUR and not (await evidence_of(session, [item]))[item.id]:
        raise ProofMissing
    await do(session, item, Deed.SUBMITTED, SUBMITTED, by=by, at=at)


async def withdraw_cost(session: AsyncSession, item: CostItem, *, by: Person, at: datetime) -> None:
    """Take it back before it is verified; it stays visible as withdrawn. Raises NotYourClaim, CostDeedNotOpen."""
    authorize(by, Permission.RECORD_COSTS)
    await lock_cost(session, item)
    if item.claimed_by != by.id:
        raise NotYourClaim
    await do(session, item, Deed.WITHDRAWN, WITHDRAWN, by=by, at=at)


async def categories_for(session: AsyncSession, ticket: Ticket) -> tuple[CostCategory, ...]:
    """The categories that the ticket can have: those of consumers if it carries a consumer's case."""
    return allowed_categories(with_consumer=bool(await records_of(session, ticket)))


async def currency_of(session: AsyncSession, ticket: Ticket, *, by: Person) -> Currency:
    """The currency of the contract that was in force on the day of the problem; without one the renminbi."""
    if ticket.contract_version_id is None:
        return Currency.CNY
    version = await visible_version(session, ticket.merchant_id, ticket.contract_version_id, by=by)
    return version.agreed.currency


async def check_claim(session: AsyncSession, ticket: Ticket, claim: Claim, *, by: Person, at: datetime) -> Currency:
    """Answer the currency of a claim that fits the ticket. Raises ClaimInvalid."""
    if claim.category not in await categories_for(session, ticket):
        raise ClaimInvalid("category", Message(N_("“%(category)s”只用于消费者售后工单"), category=claim.category))
    today = at.astimezone((await read_settings(session)).zone).date()
    if claim.incurred_on > today:
        raise ClaimInvalid("incurred_on", Message(N_("发生日期不能晚于今天")))
    agreed = await currency_of(session, ticket, by=by)
    if claim.currency is not None and claim.currency is not agreed:
        said = Message(N_("合同以%(agreed)s结算，不能用%(given)s"), agreed=agreed, given=claim.currency)
        raise ClaimInvalid("currency", said)
    return agreed


async def add_item(
    session: AsyncSession, ticket: Ticket, claim: Claim, currency: Currency, *, by: Person, at: datetime
) -> CostItem:
    """The row of a claim that was checked."""
    zone = (await read_settings(session)).zone
    # Whoever is of no department works at the front desk, which the ticket's own department then carries.
    item = CostItem(
        merchant_id=ticket.merchant_id,
        ticket_id=ticket.id,
        number=await next_number(session, PREFIX, at.astimezone(zone).date()),
        category=claim.category,
        fen=claim.fen,
        tax_fen=claim.tax_fen,
        currency=currency,
        incurred_on=claim.incurred_on,
        note=claim.note.strip(),
        department=min(by.departments, default=ticket.department),
        claimed_by=by.id,
        claimed_at=at,
        state=State.DRAFT,
        state_since=at,
        version=1,
    )
    session.add(item)
    await session.flush()
    await leave_leaf(session, item, CLAIMED, by=by, at=at)
    return item

"""What demo tickets cost: drafted, submitted, returned, verified, waiting for a second pair of eyes; and overtime."""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.demo.pictures import in_one_piece, picture
from anshou.demo.settling import Settled, SettledMerchant
from anshou.finance.claiming import Claim, claim_cost, submit_cost
from anshou.finance.evidence import add_evidence
from anshou.finance.rates import PaidRole, RateGiven, set_rate
from anshou.finance.verifying import return_cost, verify_cost
from anshou.finance.working_time import TimeWorked, Work, claim_time
from anshou.people.person import Person
from anshou.people.roles import Role
from anshou.tickets.sealed_files import sealing_storage
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import StoredFile
from billing.costs.items import CostItem
from billing.parties import CostCategory
from tenants.files import receive_file
from tenants.storage import ObjectStorage

SHANGHAI = ZoneInfo("Asia/Shanghai")
UPLOAD_LIMIT = 2**20

# Category, fen, of it tax, what for, and how far it has come.
COSTS = (
    (CostCategory.COMMUNICATION, 4_200, 0, "与平台客服长途电话", "verified"),
    (CostCategory.MATERIAL_LICENCE, 128_000, 7_245, "数据恢复软件一年授权", "verified"),
    (CostCategory.MATERIAL_EQUIPMENT, 86_000, 9_894, "备份硬盘一块", "submitted"),
    (CostCategory.COMMUNICATION, 3_800, 0, "短信通知顾客", "returned"),
    (CostCategory.MATERIAL_EQUIPMENT, 1_260_000, 144_956, "拍摄灯光设备补购", "countersigning"),
    (CostCategory.MATERIAL_LICENCE, 29_900, 1_692, "图库素材授权", "draft"),
)
RATES = {PaidRole.SPECIALIST: 6_500, PaidRole.SERVICE_AGENT: 4_500, PaidRole.ACCOUNT_MANAGER: 5_500}
WHY_RETURNED = "短信平台的账单缺少发送明细，请补充。"


async def add_costs(
    session: AsyncSession, settled: Settled, storage: ObjectStorage, schema: str, *, present: datetime, rng: Random
) -> None:
    """Rates, and costs in every state on the latest tickets of the first two merchants."""
    finance = next(person for person in settled.people.values() if person.has(Role.FINANCE))
    begins = (present - timedelta(days=365)).astimezone(SHANGHAI).date()
    for role, fen in RATES.items():
        given = RateGiven(role=role, fen_per_hour=fen, valid_from=begins)
        await set_rate(session, given, by=finance, at=present - timedelta(days=30))
    for merchant in settled.merchants[:2]:
        by = settled.people[merchant.told.account_manager]
        query = select(Ticket).where(Ticket.merchant_id == merchant.id, Ticket.is_confidential.is_(False))
        tickets = (await session.scalars(query.order_by(Ticket.id.desc()).limit(len(COSTS)))).all()
        sealed = await sealing_storage(session, storage, merchant.id)
        for ticket, told in zip(tickets, COSTS, strict=False):
            await _cost(session, ticket, told, sealed, schema, by=by, finance=finance, present=present, rng=rng)
        if tickets:
            await _overtime(session, settled, merchant, tickets[0], present=present)


async def _cost(
    session: AsyncSession,
    ticket: Ticket,
    told: tuple[CostCategory, int, int, str, str],
    storage: ObjectStorage,
    schema: str,
    *,
    by: Person,
    finance: Person,
    present: datetime,
    rng: Random,
) -> None:
    category, fen, tax_fen, note, comes_to = told
    at = present - timedelta(hours=rng.randrange(30, 60))
    claim = Claim(category=category, fen=fen, tax_fen=tax_fen, incurred_on=at.astimezone(SHANGHAI).date(), note=note)
    item = await claim_cost(session, ticket, claim, by=by, at=at)
    file = await receive_picture(storage, schema, f"{note}.png", rng)
    await add_evidence(session, ticket, item, file, by=by, at=at)
    if comes_to != "draft":
        await submit_cost(session, item, by=by, at=at + timedelta(minutes=10))
        await _answer(session, item, comes_to, by=finance, at=at + timedelta(hours=20))


async def receive_picture(storage: ObjectStorage, schema: str, name: str, rng: Random) -> StoredFile:
    """A drawn picture of that name, in the storage."""
    stored = await receive_file(storage, schema, name, in_one_piece(picture(rng)), limit=UPLOAD_LIMIT)
    return StoredFile(
        name=name,
        media_type=stored.content_type,
        size=stored.size,
        sha256=stored.sha256,
        storage_key=stored.key,
    )


async def _answer(session: AsyncSession, item: CostItem, comes_to: str, *, by: Person, at: datetime) -> None:
    if comes_to in ("verified", "countersigning"):
        await verify_cost(session, item, by=by, at=at)
    elif comes_to == "returned":
        await return_cost(session, item, WHY_RETURNED, by=by, at=at)


async def _overtime(
    session: AsyncSession, settled: Settled, merchant: SettledMerchant, ticket: Ticket, *, present: datetime
) -> None:
    """An evening of the merchant's agent, waiting to be verified."""
    agent = settled.people[merchant.told.service_agent]
    at = present - timedelta(hours=26)
    worked = TimeWorked(
        work=Work.OVERTIME, worked_on=at.astimezone(SHANGHAI).date(), minutes=150, note="当晚逐单联系受影响的顾客"
    )
    item = await claim_time(session, ticket, worked, by=agent, at=at)
    await submit_cost(session, item, by=agent, at=at + timedelta(minutes=5))

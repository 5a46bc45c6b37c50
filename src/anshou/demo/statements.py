"""Two months that merchants were charged for: costs that they bear, statements, answers, a part payment, a dispute."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.demo.costs import SHANGHAI, receive_picture
from anshou.demo.settling import Settled, SettledMerchant
from anshou.finance.answering_disputes import Rejection, reject_dispute
from anshou.finance.attributing import attribute_costs
from anshou.finance.claiming import Claim, claim_cost, submit_cost
from anshou.finance.disputing_lines import Objection, confirm_statement, dispute_line
from anshou.finance.evidence import add_evidence
from anshou.finance.reading_statements import lines_of
from anshou.finance.statements import (
    Payment,
    issue_statement,
    prepare_statement,
    record_payment,
    review_statement,
)
from anshou.finance.verifying import verify_cost
from anshou.people.person import Person
from anshou.tickets.determinations import Determination, DeterminationShare
from anshou.tickets.sealed_files import sealing_storage
from anshou.tickets.tickets import Ticket
from billing.parties import CostCategory, Party
from billing.statements.rows import LineSort, Statement, StatementLine
from tenants.storage import ObjectStorage

# Category, fen, of it tax, what for.
COSTS = (
    (CostCategory.MATERIAL_LICENCE, 46_800, 2_649, "商品主图字体授权"),
    (CostCategory.COMMUNICATION, 3_650, 0, "向顾客补发短信说明"),
    (CostCategory.MATERIAL_EQUIPMENT, 129_900, 14_944, "补拍商品用静物台"),
    (CostCategory.COMMUNICATION, 5_480, 0, "与平台招商经理长途电话"),
    (CostCategory.MATERIAL_LICENCE, 88_000, 4_981, "数据分析工具一个月授权"),
)
WORKING_DAYS = (6, 9, 13, 17, 20)
WHY_DISPUTED = "活动资料我们在截止前一天已按模板重新提交，聊天记录见附件，这笔不应由我们承担。"
WHY_DISPUTED_TOO = "短信是贵方系统误发后的更正，不是我们提出的。"
WHY_REJECTED = "短信是按贵方十二日的书面要求补发，发送明细见费用凭证。"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Office:
    """Who keeps the accounts, and where files go."""

    session: AsyncSession
    storage: ObjectStorage
    schema: str
    accountant: Person
    reviewer: Person
    present: datetime
    rng: Random


async def add_statements(
    session: AsyncSession, settled: Settled, storage: ObjectStorage, schema: str, *, present: datetime, rng: Random
) -> None:
    """The first merchant has paid a part and disputes two lines; the second has paid, and is asked for its answer."""
    people = settled.people
    office = _Office(
        session=session,
        storage=storage,
        schema=schema,
        accountant=people["finance"],
        reviewer=people["finance2"],
        present=present,
        rng=rng,
    )
    last = _month_before(present.astimezone(SHANGHAI).date())
    earlier = _month_before(last)
    charged = [one for one in settled.merchants if await _caused_in_part(office, one, earlier)]
    for number, merchant in enumerate(charged[:2]):
        by = people[merchant.told.account_manager]
        for month in (earlier, last):
            await _charge(office, merchant, month, by=by)
        before = await _issue(office, merchant, earlier)
        await confirm_statement(session, before, by=merchant.owner, at=before.issued_at + timedelta(days=2))
        await _pay(office, merchant, before, part=number == 0)
        statement = await _issue(office, merchant, last)
        if number == 0:
            await _contest(office, merchant, statement)


async def _charge(office: _Office, merchant: SettledMerchant, month: date, *, by: Person) -> None:
    """Costs of the month on tickets of which the merchant bears a part, verified and allocated in it."""
    tickets = await _caused_in_part(office, merchant, month)
    for (category, fen, tax_fen, note), day, ticket in zip(COSTS, WORKING_DAYS, tickets * len(COSTS), strict=False):
        at = _at(month.replace(day=day), 15)
        claim = Claim(category=category, fen=fen, tax_fen=tax_fen, incurred_on=month.replace(day=day), note=note)
        item = await claim_cost(office.session, ticket, claim, by=by, at=at)
        sealed = await sealing_storage(office.session, office.storage, merchant.id)
        file = await receive_picture(sealed, office.schema, f"{note}.png", office.rng)
        await add_evidence(office.session, ticket, item, file, by=by, at=at)
        await submit_cost(office.session, item, by=by, at=at + timedelta(minutes=10))
        verified = at + timedelta(hours=19)
        await verify_cost(office.session, item, by=office.accountant, at=verified)
        await attribute_costs(office.session, merchant.id, ticket.id, at=verified)


async def _caused_in_part(office: _Office, merchant: SettledMerchant, month: date) -> list[Ticket]:
    """Tickets opened before the month's first cost, which the merchant is found to have caused in part."""
    share = DeterminationShare
    caused = exists().where(
        share.merchant_id == Determination.merchant_id,
        share.determination_id == Determination.id,
        share.party == Party.MERCHANT,
    )
    asked = (
        select(Ticket)
        .join(Determination, (Determination.merchant_id == Ticket.merchant_id) & (Determination.ticket_id == Ticket.id))
        .where(
            Ticket.merchant_id == merchant.id,
            Ticket.is_confidential.is_(False),
            Determination.determined_at < _at(month.replace(day=WORKING_DAYS[0]), 0),
            caused,
        )
        .order_by(Ticket.id.desc())
        .limit(3)
    )
    return list(await office.session.scalars(asked))


async def _issue(office: _Office, merchant: SettledMerchant, month: date) -> Statement:
    """In the morning of the second day of the next month, or now where that has not come yet."""
    following = (month + timedelta(days=31)).replace(day=2)
    at = min(_at(following, 10), office.present)
    prepared = await prepare_statement(office.session, merchant.id, month, by=office.accountant, at=at)
    await review_statement(office.session, prepared, by=office.reviewer, at=at)
    return await issue_statement(office.session, prepared, by=office.reviewer, at=at)


async def _pay(office: _Office, merchant: SettledMerchant, statement: Statement, *, part: bool) -> None:
    """The whole, or full hundreds of yuan of a bit more than a half."""
    owed = statement.closing_fen
    fen = owed * 6 // 10 // 10_000 * 10_000 if part else owed
    if fen <= 0:
        return
    paid_on = (statement.month + timedelta(days=31)).replace(day=12)
    payment = Payment(fen=fen, paid_on=paid_on, reference=f"{paid_on:%Y%m%d}{office.rng.randrange(10**8):08}")
    await record_payment(office.session, merchant.id, payment, by=office.accountant, at=_at(paid_on, 16))


async def _contest(office: _Office, merchant: SettledMerchant, statement: Statement) -> None:
    """One line is disputed with a picture and waits for an answer; another was answered; the rest is confirmed."""
    session, by = office.session, merchant.owner
    lines = [shown.line for shown in await lines_of(session, statement) if shown.line.sort is LineSort.COST]
    at = max(statement.issued_at, office.present - timedelta(days=2))
    if not lines:
        return
    await _dispute(office, statement, lines[0], WHY_DISPUTED, merchant, at=at, picture=True)
    for line in lines[1:2]:
        await _dispute(office, statement, line, WHY_DISPUTED_TOO, merchant, at=at)
        rejection = Rejection(reason=WHY_REJECTED)
        await reject_dispute(session, statement, line, rejection, by=office.accountant, at=office.present)
    await confirm_statement(session, statement, by=by, at=at)


async def _dispute(
    office: _Office,
    statement: Statement,
    line: StatementLine,
    reason: str,
    merchant: SettledMerchant,
    *,
    at: datetime,
    picture: bool = False,
) -> None:
    sealed = await sealing_storage(office.session, office.storage, merchant.id)
    files = [await receive_picture(sealed, office.schema, "聊天记录.png", office.rng)] if picture else []
    objection = Objection(reason=reason)
    await dispute_line(office.session, statement, line, objection, by=merchant.owner, at=at, files=files)


def _month_before(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=SHANGHAI)

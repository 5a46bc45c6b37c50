"""Who looked at what lately in a demo agency: each merchant's people find reveals, an objection and its answer."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.consumers.records import ConsumerRecord
from anshou.demo.settling import Settled, SettledMerchant
from anshou.people.person import Person
from anshou.people.roles import Role
from anshou.privacy.objections import Outcome, Reason, Verdict, answer_objection, object_to
from anshou.privacy.revealing import Wanted, reveal
from anshou.tickets.tickets import Ticket

OpenAs = Callable[[Person], AbstractAsyncContextManager[AsyncSession]]

LOOKS = (
    ("phone", "contact_consumer"),
    ("address", "return_exchange"),
    ("order_number", "verify_order"),
    ("name", "claim"),
)
REASON = Reason(reason="这位顾客的退货已经完成，为什么还要查看？请说明。")
ANSWER = Verdict(
    outcome=Outcome.REJECTED,
    explanation="快递把包裹退回了仓库，客服需要与顾客核对收货信息。以后会在工单里先说明。",
)


async def add_reveals(open_as: OpenAs, settled: Settled, *, present: datetime) -> None:
    """Let those who serve a merchant reveal a few fields of its open tickets in the last days.

    Each is committed by itself, as always. The first merchant's owner objects and waits, the second's is answered.
    """
    supervisor = next(person for person in settled.people.values() if person.has(Role.SUPERVISOR))
    for place, merchant in enumerate(settled.merchants):
        shown = await _look(open_as, settled, merchant, present)
        if shown is None or place > 1:
            continue
        async with open_as(merchant.owner) as session:
            objection = await object_to(session, shown, REASON, by=merchant.owner, at=present - timedelta(hours=3))
        if place == 1:
            async with open_as(supervisor) as session:
                at = present - timedelta(hours=1)
                await answer_objection(session, objection.id, ANSWER, by=supervisor, at=at)


async def _look(open_as: OpenAs, settled: Settled, merchant: SettledMerchant, present: datetime) -> UUID | None:
    """The id of the last reveal; None when there was nothing to see."""
    people = cycle((settled.people[merchant.told.service_agent], settled.people[merchant.told.account_manager]))
    last: UUID | None = None
    async with open_as(merchant.owner) as session:
        open_ones = await session.execute(
            select(ConsumerRecord.id, Ticket.number)
            .join(Ticket, (Ticket.merchant_id == ConsumerRecord.merchant_id) & (Ticket.id == ConsumerRecord.ticket_id))
            .where(ConsumerRecord.merchant_id == merchant.id, Ticket.closed_at.is_(None))
            .where(Ticket.opened_at < present - timedelta(days=2))
            .order_by(ConsumerRecord.id)
            .limit(len(LOOKS))
        )
        rows = open_ones.all()
    for hours, (row, (field, purpose), person) in enumerate(zip(rows, cycle(LOOKS), people, strict=False)):
        at = present - timedelta(hours=30 - 7 * hours)
        wanted = Wanted(field=f"consumer_record.{field}:{row.id}", ticket=row.number, purpose=purpose)
        last = (await reveal(partial(open_as, person), wanted, by=person, at=at)).shown.id
    return last

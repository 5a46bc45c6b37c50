"""Requests of people about their data in the demo: one just handed on, one late in its time, one answered."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.consumers.records import ConsumerRecord
from anshou.demo.settling import Settled, SettledMerchant
from anshou.people.person import Person
from anshou.privacy.requests.filing import file_request
from anshou.privacy.requests.handling import answer, decide, execute, identify, match_record
from anshou.privacy.requests.kinds import Decision, Proof, Right
from anshou.privacy.requests.shapes import AnswerGiven, DecisionGiven, Identification, RequestGiven
from anshou.tickets.kinds import Channel
from confidentiality.keys.vault import open_keys


async def add_requests(session: AsyncSession, settled: Settled, *, present: datetime) -> None:
    """Three requests about consumers of the first merchant that has any."""
    for merchant in settled.merchants:
        query = select(ConsumerRecord).where(ConsumerRecord.merchant_id == merchant.id).order_by(ConsumerRecord.id)
        records = list(await session.scalars(query.limit(3)))
        if len(records) == 3:
            agent = settled.people[merchant.told.service_agent]
            await _just_handed_on(session, merchant, records[0], at=present - timedelta(hours=3))
            await _late_in_its_time(session, records[1], by=agent, at=present - timedelta(days=13))
            await _answered(session, records[2], by=agent, at=present - timedelta(days=20))
            return


async def _just_handed_on(
    session: AsyncSession, merchant: SettledMerchant, record: ConsumerRecord, *, at: datetime
) -> None:
    given = await _given(session, record, Right.ERASE, Channel.PLATFORM_MESSAGE, "请删除我的收货信息")
    await file_request(session, given, by=merchant.owner, at=at)


async def _late_in_its_time(session: AsyncSession, record: ConsumerRecord, *, by: Person, at: datetime) -> None:
    given = await _given(session, record, Right.CORRECT, Channel.PHONE, "电话已换，请更正")
    request = await file_request(session, given, by=by, at=at)
    await match_record(session, request, record, by=by, at=at + timedelta(hours=2))
    await identify(session, request, Identification(through=Proof.ORDER_DETAILS), by=by, at=at + timedelta(days=1))


async def _answered(session: AsyncSession, record: ConsumerRecord, *, by: Person, at: datetime) -> None:
    given = await _given(session, record, Right.ACCESS, Channel.PHONE, "想知道保存了我的哪些信息")
    request = await file_request(session, given, by=by, at=at)
    await match_record(session, request, record, by=by, at=at + timedelta(hours=1))
    await identify(session, request, Identification(through=Proof.PHONE_CODE), by=by, at=at + timedelta(hours=2))
    await decide(session, request, DecisionGiven(decision=Decision.GRANTED), by=by, at=at + timedelta(days=1))
    await execute(session, request, by=by, at=at + timedelta(days=1, hours=1))
    told = AnswerGiven(answer="已通过电话逐项告知所保存的信息及用途。")
    await answer(session, request, told, by=by, at=at + timedelta(days=1, hours=2))


async def _given(
    session: AsyncSession, record: ConsumerRecord, asks_for: Right, channel: Channel, wish: str
) -> RequestGiven:
    """As the consumer of the record would ask."""
    ring = await open_keys(session, record.merchant_id)
    return RequestGiven(
        asks_for=asks_for,
        channel=channel,
        asker="" if record.name is None else ring.open(record.name),
        contact="" if record.phone is None else ring.open(record.phone),
        wish=wish,
        merchant=record.merchant_id,
    )

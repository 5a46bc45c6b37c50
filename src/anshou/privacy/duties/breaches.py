"""Breaches of personal information (个人信息安全事件): what happened, and who was told what and when (PIPL art. 57).

The law says "immediately"; the hours are the agency's own promise and a setting. The notice is a frozen document.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.merchants.merchants import merchant_names
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.people.roles import Role
from anshou.privacy.duties.errors import AlreadyTold, BreachInvalid, RecordNotFound
from anshou.privacy.telling import tell_owners, tell_roles
from anshou.tickets.numbering import next_number
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record
from tenants.base import Base, Row
from tenants.refusals import N_, Message
from tenants.timers import cancel_timer, set_timer

PREFIX = "SG"
TIMER = "breach.notice_due"

RECORDED = action("breach.recorded", N_("登记数据安全事件"))
TOLD = action("breach.told", N_("通知数据安全事件"))

BREACH_RECORDED = "breach_recorded"
BREACH_NOTICE = "breach_notice"
BREACH_DUE = "breach_notice_due"


class Breach(Row, Base):
    """What happened. `people` is how many are concerned, None while unknown; `merchants` are ids. Instants are UTC."""

    __tablename__ = "breach"

    number: Mapped[str]
    discovered_at: Mapped[datetime]
    data_kinds: Mapped[list[str]]
    people: Mapped[int | None]
    cause: Mapped[str]
    harm: Mapped[str]
    measures: Mapped[str]
    advice: Mapped[str]
    contact: Mapped[str]
    merchants: Mapped[list[str]]
    merchants_due_at: Mapped[datetime]
    authority_due_at: Mapped[datetime]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]


class BreachNotice(Row, Base):
    """That somebody was told: a merchant, or with no merchant the authority. `document` is what they were given."""

    __tablename__ = "breach_notice"

    breach_id: Mapped[UUID]
    merchant_id: Mapped[UUID | None]
    number: Mapped[str]
    addressee: Mapped[str]
    method: Mapped[str]
    document: Mapped[bytes]
    sha256: Mapped[str]
    told_by: Mapped[UUID]
    told_at: Mapped[datetime]


def _text(title: str) -> Meta:
    return Meta(title=title, min_length=1, max_length=2000, pattern=r"\S", extra={"widget": "text"})


class BreachGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of a breach: PIPL art. 57 names these parts."""

    discovered_at: Annotated[datetime, Meta(tz=True, title=N_("发现时间"))]
    data_kinds: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=60)], ...],
        Meta(title=N_("涉及的信息种类"), min_length=1, max_length=40, extra={"widget": "lines"}),
    ]
    people: Annotated[Annotated[int, Meta(ge=0)] | None, Meta(title=N_("涉及人数（未知留空）"))] = None
    cause: Annotated[str, _text(N_("原因"))]
    harm: Annotated[str, _text(N_("可能造成的危害"))]
    measures: Annotated[str, _text(N_("已采取的补救措施"))]
    advice: Annotated[str, _text(N_("个人可以采取的减轻危害的措施"))]
    contact: Annotated[str, Meta(title=N_("联系方式"), min_length=1, max_length=200, pattern=r"\S")]
    merchants: Annotated[tuple[UUID, ...], Meta(title=N_("涉及的商家"), max_length=500)] = ()


class NoticeGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That the authority was told: which one, and how."""

    addressee: Annotated[str, Meta(title=N_("主管部门"), min_length=1, max_length=120, pattern=r"\S")]
    method: Annotated[str, Meta(title=N_("报告方式"), min_length=1, max_length=120, pattern=r"\S")]


class NoticeText(msgspec.Struct, frozen=True, kw_only=True):
    """What a notice says. Instants are UTC."""

    number: str
    agency: str
    addressee: str
    discovered_at: datetime
    data_kinds: tuple[str, ...]
    people: int | None
    cause: str
    harm: str
    measures: str
    advice: str
    contact: str


@dataclass(frozen=True, slots=True)
class Told:
    """A breach with those who were told."""

    breach: Breach
    notices: Sequence[BreachNotice]

    def to(self, merchant_id: UUID | None) -> BreachNotice | None:
        """The notice to a merchant; to the authority with None."""
        return next((one for one in self.notices if one.merchant_id == merchant_id), None)

    @property
    def waiting(self) -> list[UUID]:
        """The merchants that were not told yet."""
        return [UUID(one) for one in self.breach.merchants if self.to(UUID(one)) is None]


async def record_breach(session: AsyncSession, given: BreachGiven, *, by: Person, at: datetime) -> Breach:
    """Write a breach down; the hours begin with its discovery. Raises BreachInvalid."""
    authorize(by, Permission.MANAGE_CONFIDENTIALITY)
    if given.discovered_at > at:
        raise BreachInvalid("discovered_at", Message(N_("发现时间不能晚于现在")))
    known = await merchant_names(session)
    if set(given.merchants) - known.keys():
        raise BreachInvalid("merchants", Message(N_("请从列表中选择商家")))
    settings = await read_settings(session)
    made = Breach(
        number=await next_number(session, PREFIX, at.astimezone(settings.zone).date()),
        discovered_at=given.discovered_at,
        data_kinds=list(given.data_kinds),
        people=given.people,
        cause=given.cause,
        harm=given.harm,
        measures=given.measures,
        advice=given.advice,
        contact=given.contact,
        merchants=[str(one) for one in dict.fromkeys(given.merchants)],
        merchants_due_at=given.discovered_at + timedelta(hours=settings.breach_hours),
        authority_due_at=given.discovered_at + timedelta(hours=settings.authority_hours),
        recorded_by=by.id,
        recorded_at=at,
    )
    session.add(made)
    await session.flush()
    await set_timer(session, TIMER, made.id, min(made.merchants_due_at, made.authority_due_at))
    body = {"number": made.number, "merchants": made.merchants}
    await record(session, RECORDED, actor=by.actor(), at=at, subject=made.id, body=body)
    await tell_roles(session, BREACH_RECORDED, Role.EXECUTIVE, subject=made.id, number=made.number)
    return made


async def tell_merchant(
    session: AsyncSession, breach: Breach, merchant_id: UUID, *, by: Person, at: datetime
) -> BreachNotice:
    """Give the merchant its notice. Raises RecordNotFound for one that is not concerned, AlreadyTold."""
    authorize(by, Permission.MANAGE_CONFIDENTIALITY)
    if str(merchant_id) not in breach.merchants:
        raise RecordNotFound
    names = await merchant_names(session)
    made = await _tell(session, breach, merchant_id, names[merchant_id], N_("商家门户"), by=by, at=at)
    await tell_owners(session, BREACH_NOTICE, merchant_id, subject=made.id, number=breach.number)
    return made


async def note_authority(
    session: AsyncSession, breach: Breach, given: NoticeGiven, *, by: Person, at: datetime
) -> BreachNotice:
    """Write down that the authority was told, and freeze what it was given. Raises AlreadyTold."""
    authorize(by, Permission.MANAGE_CONFIDENTIALITY)
    return await _tell(session, breach, None, given.addressee.strip(), given.method.strip(), by=by, at=at)


async def remind(session: AsyncSession, breach_id: UUID, at: datetime) -> None:
    """What the timer does: whoever is responsible hears that somebody was not told in time."""
    breach = await session.get(Breach, breach_id)
    if breach is None:
        return
    told = await with_notices(session, breach)
    if told.waiting or told.to(None) is None:
        roles = (Role.AGENCY_ADMIN, Role.EXECUTIVE)
        await tell_roles(session, BREACH_DUE, *roles, subject=breach.id, number=breach.number)


async def list_breaches(session: AsyncSession, *, by: Person) -> list[Told]:
    """Every breach, the latest first."""
    authorize(by, Permission.READ_REGISTER)
    found = (await session.scalars(select(Breach).order_by(Breach.id.desc()))).all()
    return [await with_notices(session, breach) for breach in found]


async def visible_breach(session: AsyncSession, number: str, *, by: Person) -> Told:
    """The breach of that number. Raises RecordNotFound."""
    authorize(by, Permission.READ_REGISTER)
    found = (await session.scalars(select(Breach).where(Breach.number == number))).one_or_none()
    if found is None:
        raise RecordNotFound
    return await with_notices(session, found)


async def with_notices(session: AsyncSession, breach: Breach) -> Told:
    """The breach with those who were told."""
    query = select(BreachNotice).where(BreachNotice.breach_id == breach.id).order_by(BreachNotice.id)
    return Told(breach, (await session.scalars(query)).all())


async def notices_to(session: AsyncSession, merchant_id: UUID) -> Sequence[BreachNotice]:
    """What a merchant was told, the latest first."""
    query = select(BreachNotice).where(BreachNotice.merchant_id == merchant_id).order_by(BreachNotice.id.desc())
    return (await session.scalars(query)).all()


def read_notice(notice: BreachNotice) -> NoticeText:
    """What the notice says."""
    return msgspec.json.decode(notice.document, type=NoticeText)


async def _tell(
    session: AsyncSession,
    breach: Breach,
    merchant_id: UUID | None,
    addressee: str,
    method: str,
    *,
    by: Person,
    at: datetime,
) -> BreachNotice:
    told = await with_notices(session, breach)
    if told.to(merchant_id) is not None:
        raise AlreadyTold
    settings = await read_settings(session)
    text = NoticeText(
        number=breach.number,
        agency=settings.name or session.info["tenant"].name,
        addressee=addressee,
        discovered_at=breach.discovered_at,
        data_kinds=tuple(breach.data_kinds),
        people=breach.people,
        cause=breach.cause,
        harm=breach.harm,
        measures=breach.measures,
        advice=breach.advice,
        contact=breach.contact,
    )
    frozen = msgspec.json.encode(text, order="sorted")
    made = BreachNotice(
        breach_id=breach.id,
        merchant_id=merchant_id,
        number=breach.number,
        addressee=addressee,
        method=method,
        document=frozen,
        sha256=sha256(frozen).hexdigest(),
        told_by=by.id,
        told_at=at,
    )
    session.add(made)
    await session.flush()
    after = await with_notices(session, breach)
    if not after.waiting and after.to(None) is not None:
        await cancel_timer(session, TIMER, breach.id)
    body = {"number": breach.number, "addressee": addressee, "sha256": made.sha256}
    await record(session, TOLD, actor=by.actor(), at=at, owner=merchant_id, subject=breach.id, body=body)
    return made

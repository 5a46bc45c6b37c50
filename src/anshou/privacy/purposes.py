"""For what a confidential field may be revealed: the agency's list, and how it came to be.

The list is the default of domain.md section 7 with the changes that the agency made to it. Nothing is ever taken out
of it: a purpose that was retired still explains the reveals that were made for it.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.privacy.actions import PURPOSES_CHANGED
from anshou.privacy.errors import LastPurpose, PurposeNotFound, PurposeTaken, PurposeUnknown
from confidentiality.audit.leaves import record
from tenants.base import Base, Row, new_id
from tenants.labels import Labelled
from tenants.refusals import N_


class DefaultPurpose(Labelled):
    """What every agency begins with: after-sales work, and what law asks of it."""

    VERIFY_ORDER = "verify_order", N_("核实订单")
    CONTACT_CONSUMER = "contact_consumer", N_("联系消费者")
    RETURN_EXCHANGE = "return_exchange", N_("退换货处理")
    CLAIM = "claim", N_("理赔")
    SETTLEMENT = "settlement", N_("对账结算")
    DISPUTE = "dispute", N_("纠纷处理")
    LEGAL = "legal", N_("法律合规")
    SUBJECT_REQUEST = "subject_request", N_("个人信息请求")


class Change(Labelled):
    """What was done to the list."""

    ADDED = "added", N_("新增")
    RETIRED = "retired", N_("停用")
    RESTORED = "restored", N_("恢复")


class PurposeChange(Row, Base):
    """One change to the list. `label` is how the purpose was called then."""

    __tablename__ = "purpose_change"

    code: Mapped[str]
    change: Mapped[Change]
    label: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID]


class NewPurpose(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A purpose that the agency adds."""

    label: Annotated[str, Meta(min_length=2, max_length=40, title=N_("查看目的"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """A purpose of the list. `label` is a message id for the default ones and the agency's own words for others."""

    code: str
    label: str
    retired: bool


async def all_purposes(session: AsyncSession) -> list[Purpose]:
    """The list with what was retired from it. Readable in every context: a merchant reads why something was seen."""
    return list(_folded(await session.scalars(select(PurposeChange).order_by(PurposeChange.id))))


async def open_purposes(session: AsyncSession) -> list[Purpose]:
    """The purposes to choose from."""
    return [purpose for purpose in await all_purposes(session) if not purpose.retired]


async def purpose_labels(session: AsyncSession) -> dict[str, str]:
    """What each purpose is called, the retired ones too."""
    return {purpose.code: purpose.label for purpose in await all_purposes(session)}


async def require_purpose(session: AsyncSession, code: str) -> Purpose:
    """The purpose of that code. Raises PurposeUnknown."""
    found = next((purpose for purpose in await open_purposes(session) if purpose.code == code), None)
    if found is None:
        raise PurposeUnknown
    return found


async def purpose_history(session: AsyncSession, *, by: Person) -> list[PurposeChange]:
    """Every change to the list, newest first."""
    authorize(by, Permission.READ_SETTINGS)
    return list(await session.scalars(select(PurposeChange).order_by(PurposeChange.id.desc()).limit(200)))


async def add_purpose(session: AsyncSession, wanted: NewPurpose, *, by: Person, at: datetime) -> Purpose:
    """Put another purpose on the list. Raises PurposeTaken."""
    authorize(by, Permission.MANAGE_CONFIDENTIALITY)
    await _one_at_a_time(session)
    label = " ".join(unicodedata.normalize("NFC", wanted.label).split())
    if any(purpose.label == label for purpose in await all_purposes(session)):
        raise PurposeTaken
    # The code says nothing: it stands in addresses and audit leaves, where the agency's words do not belong.
    code = f"own_{new_id().hex[-12:]}"
    await _note(session, code, Change.ADDED, label, by, at)
    return Purpose(code=code, label=label, retired=False)


async def retire_purpose(session: AsyncSession, code: str, *, by: Person, at: datetime) -> None:
    """Offer the purpose no longer. Raises PurposeNotFound, LastPurpose."""
    authorize(by, Permission.MANAGE_CONFIDENTIALITY)
    await _one_at_a_time(session)
    offered = await open_purposes(session)
    purpose = next((each for each in offered if each.code == code), None)
    if purpose is None:
        raise PurposeNotFound
    if len(offered) == 1:
        raise LastPurpose
    await _note(session, code, Change.RETIRED, purpose.label, by, at)


async def restore_purpose(session: AsyncSession, code: str, *, by: Person, at: datetime) -> None:
    """Offer a retired purpose again. Raises PurposeNotFound."""
    authorize(by, Permission.MANAGE_CONFIDENTIALITY)
    await _one_at_a_time(session)
    purpose = next((each for each in await all_purposes(session) if each.code == code and each.retired), None)
    if purpose is None:
        raise PurposeNotFound
    await _note(session, code, Change.RESTORED, purpose.label, by, at)


def _folded(changes: Iterable[PurposeChange]) -> Iterable[Purpose]:
    labels = {purpose.value: purpose.label for purpose in DefaultPurpose}
    retired: set[str] = set()
    for change in changes:
        match change.change:
            case Change.ADDED:
                labels[change.code] = change.label
            case Change.RETIRED:
                retired.add(change.code)
            case Change.RESTORED:
                retired.discard(change.code)
    return [Purpose(code=code, label=label, retired=code in retired) for code, label in labels.items()]


async def _note(session: AsyncSession, code: str, change: Change, label: str, by: Person, at: datetime) -> None:
    session.add(PurposeChange(code=code, change=change, label=label, changed_at=at, changed_by=by.id))
    await session.flush()
    body = {"purpose": code, "change": change.value, "label": label}
    await record(session, PURPOSES_CHANGED, actor=by.actor(), at=at, body=body)


async def _one_at_a_time(session: AsyncSession) -> None:
    # Two administrators who retire the last two purposes at once would leave none.
    tenant = session.info["tenant"]
    lock = func.hashtextextended(f"purpose_change {tenant.id}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(lock)))

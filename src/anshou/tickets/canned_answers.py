"""Canned answers: texts that people write again and again, each one's own, a department's, or the whole agency's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.people.errors import PermissionMissing
from anshou.people.permissions import Permission, allows, authorize
from anshou.people.person import Person
from anshou.people.roles import ASSIGNED_ROLES, Department
from anshou.tickets.placeholders import require_known
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record
from tenants.base import Base, Row
from tenants.refusals import N_, NotFound

LONGEST = 4000
LONGEST_TITLE = 60

# Ids and whose it is; never the text.
ANSWER_CHANGED = action("canned_answer.changed", N_("修改共用的常用语"), plain=True)


class AnswerNotFound(NotFound):
    """Raised when there is no such answer that the person may use."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这条常用语。"))


class CannedAnswer(Row, Base):
    """One answer: of `account_id` alone, of `department`, or of the agency if of neither."""

    __tablename__ = "canned_answer"

    account_id: Mapped[UUID | None]
    department: Mapped[Department | None]
    title: Mapped[str]
    body: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID]

    @property
    def whose(self) -> str:
        """As a form says it: `own`, `agency`, or the department's name."""
        if self.account_id is not None:
            return OWN
        return self.department.value if self.department is not None else AGENCY


OWN, AGENCY = "own", "agency"


class Given(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An answer as somebody writes it. `whose` is OWN, AGENCY, or a department."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_TITLE, pattern=r"\S", title=N_("名称"))]
    whose: Annotated[str, msgspec.Meta(title=N_("谁可以用"), extra={"widget": "radio"})]
    body: Annotated[
        str,
        msgspec.Meta(min_length=1, max_length=LONGEST, pattern=r"\S", title=N_("内容"), extra={"widget": "text"}),
    ]


@dataclass(frozen=True, slots=True)
class Shared:
    """Whose answers a person may write beside their own."""

    departments: tuple[Department, ...]
    agency: bool


def may_share(person: Person) -> Shared:
    """A supervisor those of their departments; the agency's whoever is trusted with them."""
    return Shared(tuple(sorted(person.supervises)), allows(person, Permission.SET_ANSWERS))


async def list_answers(session: AsyncSession, person: Person) -> Sequence[CannedAnswer]:
    """What the person may use, their own first, then their departments', then the agency's. Raises PermissionMissing.

    The front desk has no department of its own; it is the after-sales service.
    """
    authorize(person, Permission.USE_ANSWERS)
    departments = set(person.departments)
    if not person.roles.isdisjoint(ASSIGNED_ROLES):
        departments.add(Department.AFTER_SALES_SERVICE)
    query = (
        select(CannedAnswer)
        .where(
            or_(
                CannedAnswer.account_id == person.id,
                CannedAnswer.account_id.is_(None) & CannedAnswer.department.is_(None),
                CannedAnswer.department.in_(sorted(departments)),
            )
        )
        .order_by(CannedAnswer.account_id, CannedAnswer.department, CannedAnswer.title, CannedAnswer.id)
    )
    return (await session.scalars(query)).all()


async def visible_answer(session: AsyncSession, person: Person, answer_id: UUID) -> CannedAnswer:
    """One that the person may use. Raises AnswerNotFound, PermissionMissing."""
    found = next((one for one in await list_answers(session, person) if one.id == answer_id), None)
    if found is None:
        raise AnswerNotFound
    return found


def may_change(answer: CannedAnswer, person: Person) -> bool:
    """Whether it is theirs, or one of those that they keep for others."""
    return _may_write(answer.whose, person)


async def write_answer(
    session: AsyncSession, given: Given, *, by: Person, at: datetime, instead: CannedAnswer | None = None
) -> CannedAnswer:
    """Keep a new answer, or change one. Raises PermissionMissing, PlaceholderUnknown."""
    authorize(by, Permission.USE_ANSWERS)
    require_known("body", given.body)
    if not _may_write(given.whose, by) or (instead is not None and not may_change(instead, by)):
        raise PermissionMissing(Permission.SET_ANSWERS)
    shared = given.whose != OWN or (instead is not None and instead.whose != OWN)
    answer = instead or CannedAnswer(changed_at=at, changed_by=by.id)
    answer.account_id = by.id if given.whose == OWN else None
    answer.department = Department(given.whose) if given.whose not in (OWN, AGENCY) else None
    answer.title, answer.body = given.title.strip(), given.body.replace("\r\n", "\n").strip()
    answer.changed_at, answer.changed_by = at, by.id
    session.add(answer)
    await session.flush()
    if shared:
        await _note(session, answer, by=by, at=at)
    return answer


async def forget_answer(session: AsyncSession, answer: CannedAnswer, *, by: Person, at: datetime) -> None:
    """Take it away. Raises PermissionMissing."""
    if not may_change(answer, by):
        raise PermissionMissing(Permission.SET_ANSWERS)
    if answer.whose != OWN:
        await _note(session, answer, by=by, at=at)
    await session.delete(answer)
    await session.flush()


def _may_write(whose: str, person: Person) -> bool:
    shared = may_share(person)
    return whose == OWN or (whose == AGENCY and shared.agency) or whose in {one.value for one in shared.departments}


async def _note(session: AsyncSession, answer: CannedAnswer, *, by: Person, at: datetime) -> None:
    body = {"whose": answer.whose}
    await record(session, ANSWER_CHANGED, actor=by.actor(), at=at, subject=answer.id, body=body)

"""The register of processing (处理活动记录) and impact assessments (个人信息保护影响评估), PIPL arts. 51, 55 and 56.

Both are kept for three years at least. Nothing is overwritten: a change is the next version, and an assessment that no
longer fits is followed by another one.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.privacy.duties.errors import KeptByLaw, RecordNotFound
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record
from tenants.base import Base, Row, new_id
from tenants.labels import Labelled
from tenants.refusals import N_

KEPT_YEARS = 3

ACTIVITY_RECORDED = action("register.recorded", N_("登记处理活动"))
ASSESSED = action("assessment.recorded", N_("登记影响评估"))
ASSESSMENT_DELETED = action("assessment.deleted", N_("删除期满的影响评估"))


class Basis(Labelled):
    """On what processing rests (PIPL art. 13)."""

    CONSENT = "consent", N_("取得个人同意")
    CONTRACT = "contract", N_("订立或履行合同所必需")
    LEGAL_DUTY = "legal_duty", N_("履行法定职责或义务")
    EMERGENCY = "emergency", N_("应对突发事件")
    PUBLIC_INFORMATION = "public_information", N_("已公开的信息")
    OTHER = "other", N_("法律规定的其他情形")


class Reason(Labelled):
    """Why an assessment is due (PIPL art. 55)."""

    SENSITIVE = "sensitive", N_("处理敏感个人信息")
    AUTOMATED = "automated", N_("利用个人信息进行自动化决策")
    ENTRUSTED_OR_PROVIDED = "entrusted_or_provided", N_("委托处理、对外提供或公开")
    ABROAD = "abroad", N_("向境外提供")
    SIGNIFICANT = "significant", N_("其他有重大影响的处理")


class Conclusion(Labelled):
    """What an assessment comes to."""

    ACCEPTABLE = "acceptable", N_("风险可接受")
    WITH_MEASURES = "with_measures", N_("采取措施后可接受")
    NOT_ACCEPTABLE = "not_acceptable", N_("不可接受，不得进行")


class Activity(Row, Base):
    """One version of one processing activity; the latest version holds. `ended`: it takes place no more."""

    __tablename__ = "processing_activity"

    activity_id: Mapped[UUID]
    version: Mapped[int]
    name: Mapped[str]
    purpose: Mapped[str]
    basis: Mapped[Basis]
    data_kinds: Mapped[list[str]]
    subjects: Mapped[str]
    sensitive: Mapped[bool]
    recipients: Mapped[str]
    retention: Mapped[str]
    measures: Mapped[str]
    ended: Mapped[bool]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]


class Assessment(Row, Base):
    """One impact assessment; never changed."""

    __tablename__ = "impact_assessment"

    activity_id: Mapped[UUID | None]
    title: Mapped[str]
    reason: Mapped[Reason]
    lawfulness: Mapped[str]
    impact: Mapped[str]
    measures: Mapped[str]
    conclusion: Mapped[Conclusion]
    assessed_on: Mapped[date]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]

    @property
    def kept_until(self) -> datetime:
        """Until when it cannot be deleted (UTC)."""
        return years_after(self.recorded_at, KEPT_YEARS)


def _line(title: str, longest: int = 200) -> Meta:
    return Meta(title=title, min_length=1, max_length=longest, pattern=r"\S")


def _text(title: str, longest: int = 2000) -> Meta:
    return Meta(title=title, min_length=1, max_length=longest, pattern=r"\S", extra={"widget": "text"})


class ActivityGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is written down of an activity."""

    name: Annotated[str, _line(N_("处理活动"), 120)]
    purpose: Annotated[str, _text(N_("处理目的"))]
    basis: Annotated[Basis, Meta(title=N_("合法性基础"))]
    data_kinds: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=60)], ...],
        Meta(title=N_("数据种类"), min_length=1, max_length=40, extra={"widget": "lines"}),
    ]
    subjects: Annotated[str, _line(N_("涉及的个人"))]
    sensitive: Annotated[bool, Meta(title=N_("含敏感个人信息"))] = False
    recipients: Annotated[str, Meta(title=N_("接收方与受托方"), max_length=500)] = ""
    retention: Annotated[str, _line(N_("保存期限"))]
    measures: Annotated[str, _text(N_("安全措施"))]
    ended: Annotated[bool, Meta(title=N_("已停止"))] = False


class AssessmentGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an assessment says (PIPL art. 56): lawful and necessary, impact and risk, measures fitting the risk."""

    title: Annotated[str, _line(N_("评估事项"), 120)]
    reason: Annotated[Reason, Meta(title=N_("评估情形"))]
    assessed_on: Annotated[date, Meta(title=N_("评估日期"))]
    lawfulness: Annotated[str, _text(N_("目的、方式是否合法、正当、必要"))]
    impact: Annotated[str, _text(N_("对个人权益的影响及安全风险"))]
    measures: Annotated[str, _text(N_("保护措施是否合法、有效并与风险相适应"))]
    conclusion: Annotated[Conclusion, Meta(title=N_("结论"))]


async def record_activity(
    session: AsyncSession, given: ActivityGiven, *, of: UUID | None = None, by: Person, at: datetime
) -> Activity:
    """Write down a new activity, or the next version of one. Raises RecordNotFound."""
    authorize(by, Permission.MANAGE_CONFIDENTIALITY)
    version = 1
    if of is not None:
        version = (await visible_activity(session, of, by=by)).version + 1
    made = Activity(
        activity_id=of or new_id(),
        version=version,
        name=given.name.strip(),
        purpose=given.purpose,
        basis=given.basis,
        data_kinds=list(given.data_kinds),
        subjects=given.subjects,
        sensitive=given.sensitive,
        recipients=given.recipients,
        retention=given.retention,
        measures=given.measures,
        ended=given.ended,
        recorded_by=by.id,
        recorded_at=at,
    )
    session.add(made)
    await session.flush()
    body = {"name": made.name, "version": version, "ended": made.ended}
    await record(session, ACTIVITY_RECORDED, actor=by.actor(), at=at, subject=made.activity_id, body=body)
    return made


async def list_activities(session: AsyncSession, *, by: Person) -> Sequence[Activity]:
    """The latest version of each, those that take place first."""
    authorize(by, Permission.READ_REGISTER)
    latest = select(Activity).ext(distinct_on(Activity.activity_id))
    found = await session.scalars(latest.order_by(Activity.activity_id, Activity.version.desc()))
    return sorted(found, key=lambda one: (one.ended, one.name))


async def visible_activity(session: AsyncSession, activity_id: UUID, *, by: Person) -> Activity:
    """The latest version. Raises RecordNotFound."""
    return (await versions_of(session, activity_id, by=by))[0]


async def versions_of(session: AsyncSession, activity_id: UUID, *, by: Person) -> Sequence[Activity]:
    """Every version, the latest first; there is one at least. Raises RecordNotFound."""
    authorize(by, Permission.READ_REGISTER)
    query = select(Activity).where(Activity.activity_id == activity_id).order_by(Activity.version.desc())
    found = (await session.scalars(query)).all()
    if not found:
        raise RecordNotFound
    return found


async def record_assessment(session: AsyncSession, given: AssessmentGiven, *, by: Person, at: datetime) -> Assessment:
    """Keep an assessment."""
    authorize(by, Permission.MANAGE_CONFIDENTIALITY)
    made = Assessment(
        activity_id=None,
        title=given.title.strip(),
        reason=given.reason,
        lawfulness=given.lawfulness,
        impact=given.impact,
        measures=given.measures,
        conclusion=given.conclusion,
        assessed_on=given.assessed_on,
        recorded_by=by.id,
        recorded_at=at,
    )
    session.add(made)
    await session.flush()
    body = {"title": made.title, "conclusion": made.conclusion.value}
    await record(session, ASSESSED, actor=by.actor(), at=at, subject=made.id, body=body)
    return made


async def list_assessments(session: AsyncSession, *, by: Person) -> Sequence[Assessment]:
    """Every assessment, the latest first."""
    authorize(by, Permission.READ_REGISTER)
    return (await session.scalars(select(Assessment).order_by(Assessment.id.desc()))).all()


async def visible_assessment(session: AsyncSession, assessment_id: UUID, *, by: Person) -> Assessment:
    """One of them. Raises RecordNotFound."""
    authorize(by, Permission.READ_REGISTER)
    found = await session.get(Assessment, assessment_id)
    if found is None:
        raise RecordNotFound
    return found


async def delete_assessment(session: AsyncSession, assessment: Assessment, *, by: Person, at: datetime) -> None:
    """Delete one whose three years are over. Raises KeptByLaw; the database refuses the same on its own clock."""
    authorize(by, Permission.MANAGE_CONFIDENTIALITY)
    if at < assessment.kept_until:
        raise KeptByLaw(assessment.kept_until)
    body = {"title": assessment.title}
    await record(session, ASSESSMENT_DELETED, actor=by.actor(), at=at, subject=assessment.id, body=body)
    await session.delete(assessment)
    await session.flush()


def years_after(at: datetime, years: int) -> datetime:
    """The same day so many years later; 29 February becomes 28 (民法典 art. 202)."""
    try:
        return at.replace(year=at.year + years)
    except ValueError:
        return at.replace(year=at.year + years, day=28)

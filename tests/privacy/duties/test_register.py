"""The register keeps every version, assessments stay for three years, whoever asks; only those who may read them."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from anshou.people.errors import PermissionMissing
from anshou.privacy.duties.errors import KeptByLaw, RecordNotFound
from anshou.privacy.duties.register import (
    ActivityGiven,
    AssessmentGiven,
    Basis,
    Conclusion,
    Reason,
    delete_assessment,
    list_activities,
    list_assessments,
    record_activity,
    record_assessment,
    versions_of,
)
from tenants.base import new_id
from tests.tickets.desk import Desk

ACTIVITY = ActivityGiven(
    name="售后联系消费者",
    purpose="处理退换货",
    basis=Basis.CONTRACT,
    data_kinds=("姓名", "电话"),
    subjects="消费者",
    retention="结案后 6 个月",
    measures="字段加密，查看留痕",
)
ASSESSMENT = AssessmentGiven(
    title="私密产品售后",
    reason=Reason.SENSITIVE,
    assessed_on=date(2026, 11, 20),
    lawfulness="为履行合同所必需",
    impact="泄露会影响个人尊严",
    measures="单独同意，默认掩码",
    conclusion=Conclusion.WITH_MEASURES,
)


async def test_a_change_is_the_next_version_and_the_former_ones_stay(desk: Desk) -> None:
    admin, session = desk.cast.admin, desk.session
    first = await record_activity(session, ACTIVITY, by=admin, at=desk.now)
    changed = ActivityGiven(**{**{name: getattr(ACTIVITY, name) for name in ACTIVITY.__struct_fields__}, "ended": True})
    await record_activity(session, changed, of=first.activity_id, by=admin, at=desk.now)
    assert [one.version for one in await versions_of(session, first.activity_id, by=admin)] == [2, 1]
    (listed,) = await list_activities(session, by=desk.cast.auditor)
    assert (listed.version, listed.ended) == (2, True)
    with pytest.raises(RecordNotFound):
        await versions_of(session, new_id(), by=admin)


async def test_an_assessment_cannot_be_deleted_before_its_three_years_are_over(desk: Desk) -> None:
    admin, session = desk.cast.admin, desk.session
    made = await record_assessment(session, ASSESSMENT, by=admin, at=desk.now)
    with pytest.raises(KeptByLaw, match="2029-11-2"):
        await delete_assessment(session, made, by=admin, at=made.kept_until - timedelta(seconds=1))
    assert len(await list_assessments(session, by=admin)) == 1


@pytest.mark.parametrize("table", ["impact_assessment", "processing_activity"])
async def test_the_database_refuses_the_same_and_every_change(desk: Desk, table: str) -> None:
    admin, session = desk.cast.admin, desk.session
    await record_assessment(session, ASSESSMENT, by=admin, at=desk.now)
    await record_activity(session, ACTIVITY, by=admin, at=desk.now)
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET measures = ''"):
        with pytest.raises(DBAPIError):
            async with session.begin_nested():
                await session.execute(text(statement))


async def test_an_old_assessment_can_be_deleted(desk: Desk) -> None:
    admin, session = desk.cast.admin, desk.session
    long_ago = desk.now - timedelta(days=365 * 10)
    made = await record_assessment(session, ASSESSMENT, by=admin, at=long_ago)
    await delete_assessment(session, made, by=admin, at=desk.now)
    assert list(await list_assessments(session, by=admin)) == []


async def test_only_the_administrator_writes_and_only_those_who_watch_read(desk: Desk) -> None:
    for person in (desk.cast.auditor, desk.cast.executive, desk.cast.supervisor, desk.cast.owner):
        with pytest.raises(PermissionMissing):
            await record_activity(desk.session, ACTIVITY, by=person, at=desk.now)
    for person in (desk.cast.account_manager, desk.cast.supervisor, desk.cast.finance, desk.cast.owner):
        with pytest.raises(PermissionMissing):
            await list_activities(desk.session, by=person)

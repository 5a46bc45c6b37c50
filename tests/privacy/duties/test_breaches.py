"""A breach is written down, merchants and the authority are told under a frozen text, and lateness is told too."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import text

from anshou.people.errors import PermissionMissing
from anshou.privacy.duties.breaches import (
    Breach,
    BreachGiven,
    NoticeGiven,
    note_authority,
    notices_to,
    read_notice,
    record_breach,
    remind,
    tell_merchant,
    visible_breach,
)
from anshou.privacy.duties.errors import AlreadyTold, BreachInvalid, RecordNotFound
from tenants.base import new_id
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import settle
from tests.database import Database
from tests.tickets.desk import Desk
from tests.tickets.samples import NOW


def given(desk: Desk, **changes: Any) -> BreachGiven:
    """A parcel list that went to the wrong address, concerning 云杉."""
    values: dict[str, Any] = {
        "discovered_at": desk.now - timedelta(hours=2),
        "data_kinds": ("姓名", "电话"),
        "people": 12,
        "cause": "收件人填写错误",
        "harm": "可能收到骚扰电话",
        "measures": "已联系误收方删除并确认",
        "advice": "留意陌生来电",
        "contact": "数据保护负责人 0571-80000000",
        "merchants": (desk.cast.yunshan.id,),
    }
    return BreachGiven(**(values | changes))


async def breach(desk: Desk, **changes: Any) -> Breach:
    """The administrator writes it down."""
    await desk.act_as(AGENCY)
    return await record_breach(desk.session, given(desk, **changes), by=desk.cast.admin, at=desk.now)


async def test_the_hours_count_from_the_discovery(desk: Desk) -> None:
    made = await breach(desk)
    assert made.number.startswith("SG2611-")
    assert made.merchants_due_at == made.discovered_at + timedelta(hours=24)


async def test_a_merchant_reads_its_notice_and_no_other_merchant_does(desk: Desk) -> None:
    made = await breach(desk)
    notice = await tell_merchant(desk.session, made, desk.cast.yunshan.id, by=desk.cast.admin, at=desk.now)
    assert notice.sha256 == sha256(notice.document).hexdigest()
    said = read_notice(notice)
    assert (said.cause, said.measures, said.advice, said.people) == (made.cause, made.measures, made.advice, 12)
    for person, seen in ((desk.cast.owner, 1), (desk.cast.other_owner, 0)):
        await desk.act_as(person.context())
        assert len(await notices_to(desk.session, desk.cast.yunshan.id)) == seen


async def test_the_notice_to_the_authority_is_the_agencys_alone(desk: Desk) -> None:
    made = await breach(desk)
    authority = NoticeGiven(addressee="网信办", method="网上报送")
    await note_authority(desk.session, made, authority, by=desk.cast.admin, at=desk.now)
    await desk.act_as(desk.cast.owner.context())
    seen = await desk.session.execute(text("SELECT count(*) FROM breach_notice"))
    assert seen.scalar_one() == 0


async def test_nobody_is_told_twice_and_nobody_who_is_not_concerned(desk: Desk) -> None:
    made = await breach(desk)
    admin = desk.cast.admin
    await tell_merchant(desk.session, made, desk.cast.yunshan.id, by=admin, at=desk.now)
    with pytest.raises(AlreadyTold):
        await tell_merchant(desk.session, made, desk.cast.yunshan.id, by=admin, at=desk.now)
    with pytest.raises(RecordNotFound):
        await tell_merchant(desk.session, made, desk.cast.qinghe.id, by=admin, at=desk.now)


async def test_who_was_not_told_shows_until_all_are(desk: Desk) -> None:
    made = await breach(desk)
    told = await visible_breach(desk.session, made.number, by=desk.cast.auditor)
    assert (told.waiting, told.to(None)) == ([desk.cast.yunshan.id], None)
    await tell_merchant(desk.session, made, desk.cast.yunshan.id, by=desk.cast.admin, at=desk.now)
    assert (await visible_breach(desk.session, made.number, by=desk.cast.auditor)).waiting == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"discovered_at": "later"}, "discovered_at"), ({"merchants": "unknown"}, "merchants")],
)
async def test_a_breach_that_cannot_be_is_refused(desk: Desk, changes: dict[str, str], field: str) -> None:
    values: dict[str, object] = {"later": desk.now + timedelta(minutes=1), "unknown": (new_id(),)}
    with pytest.raises(BreachInvalid) as refused:
        await breach(desk, **{name: values[value] for name, value in changes.items()})
    assert set(refused.value.fields) == {field}


async def test_only_the_administrator_records_and_tells(desk: Desk) -> None:
    for person in (desk.cast.executive, desk.cast.auditor, desk.cast.supervisor, desk.cast.owner):
        with pytest.raises(PermissionMissing):
            await record_breach(desk.session, given(desk), by=person, at=desk.now)


async def test_when_the_hours_are_over_those_responsible_hear_of_it_unless_all_were_told(
    database: Database, tenants: Tenants, tenant: Tenant, wiped: None
) -> None:
    async with tenants.session(tenant, AGENCY) as session:
        cast = await settle(session)
        late = given(Desk(session, None, cast), merchants=())  # type: ignore[arg-type]
        missed = await record_breach(session, late, by=cast.admin, at=NOW)
        told = await record_breach(session, late, by=cast.admin, at=NOW)
        await note_authority(session, told, NoticeGiven(addressee="网信办", method="网上"), by=cast.admin, at=NOW)
        for one in (missed, told):
            await remind(session, one.id, missed.merchants_due_at)
    superuser = await database.connect_as_superuser()
    found = await superuser.fetch(
        "SELECT payload ->> 'number' FROM control.job WHERE payload ->> 'event' = 'breach_notice_due'"
    )
    await superuser.close()
    assert [row[0] for row in found] == [missed.number]

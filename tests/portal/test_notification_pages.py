"""What is mailed and when: chosen by each person, by the administrator for roles, and looked at when it fails."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from anshou.notifying.mailing import owe_mail
from anshou.notifying.wishes import Mailing, OwnWishes, role_defaults
from anshou.people.letters import Letter, mark_refused
from anshou.people.notices import leave_notices
from anshou.people.person import Person
from anshou.people.roles import Role
from tenants.base import new_id
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import NOW, Anhe
from tests.portal.visitor import Visitor

HERE = "/account/notifications"
HOURS: dict[str, Any] = {
    "rhythm": "daily",
    "digest_at": "08:30",
    "quiet_from": "22:00",
    "quiet_until": "07:00",
    "workdays_only": "yes",
    "urgent_anyway": "yes",
}


async def letter_for(tenants: Tenants, tenant: Tenant, person: Person, *, number: str, failed: bool = True) -> UUID:
    async with tenants.session(tenant, AGENCY) as session:
        notices = await leave_notices(
            session,
            [person.id],
            source=new_id(),
            event="message",
            subject_id=new_id(),
            number=number,
            acting_for=person.merchant_id,
            at=NOW,
        )
        await owe_mail(session, notices, at=NOW)
        letter = (await session.scalars(select(Letter).where(Letter.notice_id == notices[0].id))).one()
        if failed:
            await mark_refused(session, letter.id, at=NOW + timedelta(minutes=1), reason="the mail server answered 550")
    return letter.id


@pytest.mark.parametrize("login", ["specialist", "yunshan-owner"])
async def test_everybody_chooses_for_themselves_and_goes_back_to_the_default(
    anhe: Anhe, visitor: Visitor, tenants: Tenants, tenant: Tenant, login: str
) -> None:
    await visitor.sign_in(login)
    await visitor.go("/account")
    assert f'href="{HERE}"' in visitor.text
    await visitor.go(HERE)
    assert visitor.says("按角色的默认设置")
    await visitor.send(HERE, message="digest", progress="never", **HOURS)
    assert visitor.says("通知方式已保存")
    assert visitor.says("按您自己的选择")
    assert visitor.value_of("digest_at") == "08:30"
    async with tenants.session(tenant, AGENCY) as session:
        [kept] = await session.scalars(select(OwnWishes))
    assert (kept.wishes["message"], kept.wishes["progress"]) == ("digest", "never")
    await visitor.send(f"{HERE}/reset")
    assert visitor.says("按角色的默认设置")


async def test_half_a_quiet_hour_is_refused_beside_its_field(anhe: Anhe, visitor: Visitor) -> None:
    await visitor.sign_in("specialist")
    await visitor.go(HERE)
    await visitor.send(HERE, **{**HOURS, "quiet_until": ""})
    assert visitor.status == 422
    assert visitor.says("免打扰的开始和结束时间须一起填写")


async def test_a_letter_that_failed_shows_to_its_person_and_to_nobody_elses_eyes(
    anhe: Anhe, visitor: Visitor, tenants: Tenants, tenant: Tenant
) -> None:
    await letter_for(tenants, tenant, anhe.specialist, number="FW2611-00007")
    await letter_for(tenants, tenant, anhe.supervisor, number="FW2611-00008")
    await visitor.sign_in("specialist")
    await visitor.go(HERE)
    assert visitor.says("FW2611-00007")
    assert visitor.says("发送失败")
    assert visitor.says("邮件服务器的答复 (550)")
    assert not visitor.says("FW2611-00008")


async def test_administrators_see_failed_deliveries_and_try_them_again(
    anhe: Anhe, visitor: Visitor, tenants: Tenants, tenant: Tenant
) -> None:
    failed = await letter_for(tenants, tenant, anhe.specialist, number="FW2611-00007")
    await letter_for(tenants, tenant, anhe.supervisor, number="FW2611-00008", failed=False)
    await visitor.sign_in("admin")
    await visitor.go("/settings/notifications")
    assert 'href="/settings/notifications/letters"' in visitor.text
    await visitor.go("/settings/notifications/letters?standing=failed")
    assert visitor.says("FW2611-00007")
    assert not visitor.says("FW2611-00008")
    await visitor.send(f"/settings/notifications/letters/{failed}/again")
    assert visitor.says("已重新排队发送")
    async with tenants.session(tenant, AGENCY) as session:
        letter = await session.get_one(Letter, failed)
    assert (letter.refused_at, letter.attempts) == (None, 0)
    await visitor.send(f"/settings/notifications/letters/{failed}/again")
    assert visitor.status == 409


async def test_whoever_does_not_watch_over_jobs_sees_no_deliveries(anhe: Anhe, visitor: Visitor) -> None:
    await visitor.sign_in("executive")
    await visitor.go("/settings/notifications")
    assert 'href="/settings/notifications/letters"' not in visitor.text
    for page in ("letters", "said"):
        await visitor.go(f"/settings/notifications/{page}")
        assert visitor.status == 403


async def test_the_administrator_sets_the_default_of_a_role(
    anhe: Anhe, visitor: Visitor, tenants: Tenants, tenant: Tenant
) -> None:
    await visitor.sign_in("admin")
    await visitor.go("/settings/notifications/defaults/specialist")
    await visitor.send("/settings/notifications/defaults/specialist", message="never", **HOURS)
    assert visitor.says("默认通知方式已保存")
    async with tenants.session(tenant, AGENCY) as session:
        defaults = await role_defaults(session)
    assert defaults[Role.SPECIALIST].message is Mailing.NEVER
    await visitor.go("/settings/notifications/defaults/nobody")
    assert visitor.status == 404

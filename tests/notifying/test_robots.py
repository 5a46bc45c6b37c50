"""What happens to tickets is said in groups: once, together, not too often, and nothing of its content."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.notifying.kinds import EventKind
from anshou.notifying.robots.loopback import LoopbackGroup, loopback_group
from anshou.notifying.robots.messengers import Messenger
from anshou.notifying.robots.registry import (
    GroupRobot,
    RobotManner,
    RobotWishes,
    Silent,
    change_robot,
    register_robot,
    silence_robot,
)
from anshou.notifying.robots.sayings import WAITS, Saying, owe_sayings, owe_test, say_again, settle_turn, take_turn
from anshou.notifying.robots.talking import OutOfReach, RobotShut, TooFast
from anshou.people.errors import PermissionMissing
from anshou.people.notices import list_notices
from anshou.people.roles import Department
from anshou.tickets.kinds import Kind
from anshou.tickets.opening import open_ticket
from anshou.tickets.reach import visible_ticket
from anshou.tickets.timeline import post_message
from anshou.worker.actors import ACTORS
from anshou.worker.robots import words_of
from confidentiality.local_key import LocalKey
from tenants.base import new_id
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import NOW, Anhe, settle
from tests.database import Database
from tests.tickets.samples import report
from tests.worker.workshop import outside, plan, until, working

SECRET_MATTER = "旗舰新品降价清单"
AFTER_SALES = Department.AFTER_SALES_SERVICE


@pytest.fixture
async def group() -> AsyncIterator[LoopbackGroup]:
    async with loopback_group(secret="SEC1") as opened:
        yield opened


@pytest.fixture
async def anhe(session: AsyncSession) -> Anhe:
    return await settle(session)


@pytest.fixture
def sealing(database: Database, tenant: Tenant) -> LocalKey:
    return LocalKey(database.secret, tenant.id)


async def robot_of(session: AsyncSession, anhe: Anhe, sealing: LocalKey, url: str = "", **manner: object) -> GroupRobot:
    wishes = RobotWishes(
        messenger=Messenger.DINGTALK,
        name="售后群",
        url=url or "https://oapi.dingtalk.com/robot/send?access_token=566cc69da782ec",
        secret="SEC1",
        **manner,  # type: ignore[arg-type]
    )
    return await register_robot(session, sealing, wishes, also=("127.0.0.1",), by=anhe.admin, at=NOW)


async def owe(session: AsyncSession, event: str = "opened", number: str = "FW2611-00001", **also: object) -> UUID:
    source = new_id()
    values: dict[str, object] = {"department": AFTER_SALES, "at": NOW, **also}
    await owe_sayings(session, source=source, event=event, number=number, **values)  # type: ignore[arg-type]
    return source


async def sayings(session: AsyncSession) -> list[Saying]:
    return list(await session.scalars(select(Saying).order_by(Saying.id)))


async def test_a_robot_hears_of_its_kinds_and_its_department_only(
    session: AsyncSession, anhe: Anhe, sealing: LocalKey
) -> None:
    await robot_of(session, anhe, sealing, kinds=(EventKind.BREACH,), department=Department.LOGISTICS)
    await owe(session, "clock_breach", "FW2611-00001", department=Department.LOGISTICS)
    await owe(session, "clock_breach", "FW2611-00002", department=Department.QUALITY)
    await owe(session, "message", "FW2611-00003", department=Department.LOGISTICS)
    await owe(session, "statement_issued", "DZ2611-00001", department=Department.LOGISTICS)
    assert [one.number for one in await sayings(session)] == ["FW2611-00001"]


async def test_one_event_is_owed_once_however_often_it_is_told(
    session: AsyncSession, anhe: Anhe, sealing: LocalKey
) -> None:
    await robot_of(session, anhe, sealing)
    source = new_id()
    for _ in range(2):
        await owe_sayings(session, source=source, event="message", number="X", department=AFTER_SALES, at=NOW)
    assert len(await sayings(session)) == 1


async def test_what_waits_together_is_said_together_each_ticket_once(
    session: AsyncSession, anhe: Anhe, sealing: LocalKey
) -> None:
    robot = await robot_of(session, anhe, sealing, to_all_if_urgent=True)
    await owe(session, "message", "FW2611-00001")
    await owe(session, "clock_breach", "FW2611-00001", at=NOW + timedelta(seconds=1))
    await owe(session, "opened", "FW2611-00002", at=NOW + timedelta(seconds=2))
    turn = await take_turn(session, robot.id, job=new_id(), at=NOW + timedelta(seconds=2))
    assert turn is not None
    words = words_of(robot, turn.sayings, outside(), agency="安和")
    assert words.heading == "安和：2 项工单事项待查看"
    assert [line.text for line in words.lines] == ["工单 FW2611-00001：新消息、已超时", "工单 FW2611-00002：新工单"]
    assert words.to_all


async def test_a_robot_pauses_between_two_turns_and_a_job_for_the_next_is_left(
    session: AsyncSession, anhe: Anhe, sealing: LocalKey
) -> None:
    robot = await robot_of(session, anhe, sealing)
    await owe(session)
    first = new_id()
    assert await take_turn(session, robot.id, job=first, at=NOW) is not None
    assert await settle_turn(session, robot.id, job=first, failure=None, at=NOW) is None
    await owe(session, number="FW2611-00002")
    assert await take_turn(session, robot.id, job=new_id(), at=NOW + timedelta(seconds=1)) is None
    again = await take_turn(session, robot.id, job=new_id(), at=NOW + timedelta(seconds=3))
    assert again is not None
    assert [one.number for one in again.sayings] == ["FW2611-00002"]


async def test_nobody_else_takes_what_a_living_job_holds_and_its_own_next_attempt_does(
    session: AsyncSession, anhe: Anhe, sealing: LocalKey
) -> None:
    robot = await robot_of(session, anhe, sealing)
    await owe(session)
    held = new_id()
    await take_turn(session, robot.id, job=held, at=NOW)
    assert await take_turn(session, robot.id, job=new_id(), at=NOW + timedelta(minutes=1)) is None
    assert await take_turn(session, robot.id, job=held, at=NOW + timedelta(seconds=1)) is not None


async def test_after_too_fast_everything_waits_as_long_as_the_messenger_says(
    session: AsyncSession, anhe: Anhe, sealing: LocalKey
) -> None:
    robot = await robot_of(session, anhe, sealing)
    await owe(session)
    job = new_id()
    await take_turn(session, robot.id, job=job, at=NOW)
    await settle_turn(session, robot.id, job=job, failure=TooFast("too fast (130101)", timedelta(minutes=10)), at=NOW)
    [saying] = await sayings(session)
    assert saying.next_attempt_at == robot.speaks_at == NOW + timedelta(minutes=10)
    assert saying.reason == "too fast (130101)"


async def test_what_nobody_takes_is_tried_again_and_fails_in_the_end_and_can_be_tried_again(
    session: AsyncSession, anhe: Anhe, sealing: LocalKey
) -> None:
    robot = await robot_of(session, anhe, sealing)
    await owe(session)
    at = NOW
    for attempt in range(len(WAITS) + 1):
        job = new_id()
        assert await take_turn(session, robot.id, job=job, at=at) is not None, attempt
        await settle_turn(session, robot.id, job=job, failure=OutOfReach("no connection"), at=at)
        [saying] = await sayings(session)
        at = saying.next_attempt_at or at
    assert (saying.failed_at, saying.reason, saying.attempts) == (at, "no connection", len(WAITS) + 1)
    await say_again(session, saying, at=at)
    assert await take_turn(session, robot.id, job=new_id(), at=at + timedelta(minutes=1)) is not None


async def test_a_robot_that_is_shut_falls_silent_with_the_reason_and_says_tests_only(
    session: AsyncSession, anhe: Anhe, sealing: LocalKey
) -> None:
    robot = await robot_of(session, anhe, sealing)
    await owe(session)
    job = new_id()
    await take_turn(session, robot.id, job=job, at=NOW)
    refusal = RobotShut("the security setting refuses (310000)")
    assert await settle_turn(session, robot.id, job=job, failure=refusal, at=NOW) is robot
    assert (robot.silent, robot.silent_because) == (Silent.SHUT, "the security setting refuses (310000)")
    await owe(session, number="FW2611-00009")
    await owe_test(session, robot, at=NOW + timedelta(minutes=1))
    turn = await take_turn(session, robot.id, job=new_id(), at=NOW + timedelta(minutes=1))
    assert turn is not None
    assert [one.event for one in turn.sayings] == ["test"]


async def test_a_silenced_robot_is_owed_nothing(session: AsyncSession, anhe: Anhe, sealing: LocalKey) -> None:
    robot = await robot_of(session, anhe, sealing)
    await silence_robot(session, robot, by=anhe.admin, at=NOW)
    await owe(session)
    assert await sayings(session) == []


async def test_only_who_manages_settings_registers_and_changes_robots(
    session: AsyncSession, anhe: Anhe, sealing: LocalKey
) -> None:
    robot = await robot_of(session, anhe, sealing)
    with pytest.raises(PermissionMissing):
        await change_robot(session, robot, RobotManner(name="群"), by=anhe.supervisor, at=NOW)


async def test_address_and_secret_are_sealed(session: AsyncSession, anhe: Anhe, sealing: LocalKey) -> None:
    robot = await robot_of(session, anhe, sealing)
    row = (await session.execute(text("SELECT row_to_json(r)::text FROM group_robot r"))).scalar_one()
    for secret in ("566cc69da782ec", "SEC1", b"566cc69da782ec".hex(), b"SEC1".hex()):
        assert secret not in row
    assert robot.hint == "82ec"


async def test_a_ticket_is_said_in_the_group_by_number_and_link_and_the_merchants_side_never_is(
    database: Database, tenants: Tenants, tenant: Tenant, group: LoopbackGroup, wiped: None
) -> None:
    beyond = replace(outside(), secret=database.secret, robot_hosts=("127.0.0.1",))
    async with tenants.session(tenant, AGENCY) as session:
        anhe = await settle(session)
        key = LocalKey(database.secret, tenant.id)
        await robot_of(session, anhe, key, group.url(Messenger.DINGTALK))
    async with tenants.session(tenant, anhe.owner.context()) as session:
        stated = report(
            Kind.SERVICE_QUALITY, NOW, shop=anhe.yunshan.shop_id, description=SECRET_MATTER, title=SECRET_MATTER
        )
        ticket = await open_ticket(session, stated, by=anhe.owner, at=NOW)
    async with tenants.session(tenant, anhe.account_manager.context()) as session:
        # Told to the merchant alone: no group hears of it.
        mine = await visible_ticket(session, anhe.account_manager, ticket.number)
        await post_message(session, mine, "已收到", by=anhe.account_manager, at=NOW + timedelta(minutes=1))
    async with working(plan(database, ACTORS, outside=beyond)):
        await until(lambda: _settled(tenants, tenant))
    [said] = group.texts()
    assert f"http://127.0.0.1:8000/tickets/{ticket.number}" in said
    assert "新工单" in said
    assert SECRET_MATTER not in said
    assert "云杉" not in said


async def test_administrators_are_told_when_a_robot_is_shut(
    database: Database, tenants: Tenants, tenant: Tenant, group: LoopbackGroup, wiped: None
) -> None:
    group.stopped = True
    beyond = replace(outside(), secret=database.secret, robot_hosts=("127.0.0.1",))
    async with tenants.session(tenant, AGENCY) as session:
        anhe = await settle(session)
        key = LocalKey(database.secret, tenant.id)
        robot = await robot_of(session, anhe, key, group.url(Messenger.DINGTALK))
        await owe(session, at=datetime.now(UTC))
    async with working(plan(database, ACTORS, outside=beyond)):
        await until(lambda: _failed(tenants, tenant))
    async with tenants.session(tenant, anhe.admin.context()) as session:
        [notice] = await list_notices(session, anhe.admin)
    assert (notice.event, notice.subject_id, notice.number) == ("robot_stopped", robot.id, "售后群")


async def _settled(tenants: Tenants, tenant: Tenant) -> bool:
    async with tenants.session(tenant, AGENCY) as session:
        found = await sayings(session)
    return bool(found) and all(one.sent_at for one in found)


async def _failed(tenants: Tenants, tenant: Tenant) -> bool:
    async with tenants.session(tenant, AGENCY) as session:
        return any(one.failed_at for one in await sayings(session))

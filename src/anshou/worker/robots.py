"""Letting group robots speak."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from anshou.language import Language, choose
from anshou.notifying.kinds import EventKind, kind_of
from anshou.notifying.robots.registry import STOPPED, GroupRobot, voice_of
from anshou.notifying.robots.sayings import SPEAK, TEST, Saying, settle_turn, take_turn
from anshou.notifying.robots.talking import Line, NotSaid, Words
from anshou.people.grants import holders
from anshou.people.notices import leave_notices
from anshou.people.roles import Role
from anshou.webhooks.sending import WHOLE_TIMEOUT
from anshou.worker.work import Outside, Work, actor
from confidentiality.local_key import LocalKey
from tenants.refusals import N_

HEADING = N_("%(agency)s：%(count)s 项工单事项待查看")
CLOSING = N_("请登录后查看。为保护商家信息，消息中不含工单内容。")
TEST_HEADING = N_("%(agency)s：测试消息")
TEST_CLOSING = N_("群机器人已连通，工单事项会在这里播报。")


class Turn(msgspec.Struct, frozen=True):
    """Whose turn it is."""

    robot: UUID


@actor(SPEAK, Turn, time_limit=timedelta(seconds=WHOLE_TIMEOUT + 10))
async def speak(work: Work, turn: Turn) -> None:
    """Say what the robot has to say. No transaction is open while the messenger takes its time.

    A messenger that refuses is no failure of the job: `settle_turn` leaves the next turn.
    """
    sealing = LocalKey(work.outside.secret, work.tenant.id)
    async with work.look() as session:
        taken = await take_turn(session, turn.robot, job=work.job.id, at=work.at)
    failure: NotSaid | None = None
    if taken is not None:
        robot = taken.robot
        voice = voice_of(robot, sealing, also=work.outside.robot_hosts, now=lambda: datetime.now(UTC))
        try:
            await voice.say(words_of(robot, taken.sayings, work.outside, agency=work.tenant.name))
        except NotSaid as refusal:
            failure = refusal
    async with work.finish() as session:
        if taken is None:
            return
        shut = await settle_turn(session, turn.robot, job=work.job.id, failure=failure, at=work.at)
        if shut is not None:
            await leave_notices(
                session,
                await holders(session, Role.AGENCY_ADMIN),
                source=work.job.id,
                event=STOPPED,
                subject_id=shut.id,
                number=shut.name,
                at=work.at,
            )


def words_of(robot: GroupRobot, sayings: Sequence[Saying], outside: Outside, *, agency: str) -> Words:
    """One message for all of it, in the robot's language; of a ticket its number and what sort of thing waits."""
    language = choose(robot.locale)
    kinds = _by_number(sayings)
    if not kinds:
        closing = language.say(TEST_CLOSING)
        return Words(heading=language.say(TEST_HEADING, agency=agency), closing=closing)
    lines = [
        Line(_told(language, number, of_it), f"{outside.base_url}/tickets/{number}") for number, of_it in kinds.items()
    ]
    return Words(
        heading=language.say(HEADING, agency=agency, count=len(lines)),
        lines=tuple(lines),
        closing=language.say(CLOSING),
        to_all=any(robot.calls_everybody(kind) for of_it in kinds.values() for kind in of_it),
    )


def _by_number(sayings: Sequence[Saying]) -> Mapping[str, list[EventKind]]:
    kinds: dict[str, list[EventKind]] = {}
    for saying in sayings:
        if saying.event != TEST and kind_of(saying.event) not in kinds.setdefault(saying.number, []):
            kinds[saying.number].append(kind_of(saying.event))
    return kinds


def _told(language: Language, number: str, kinds: Sequence[EventKind]) -> str:
    said = language.say(N_("、")).join(language.say(kind.label) for kind in kinds)
    return language.say(N_("工单 %(number)s：%(kinds)s"), number=number, kinds=said)

"""The agency's robots: in which group, of which events they speak, and why one is silent."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy import LargeBinary, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from anshou.notifying.deeds import ROBOT_CHANGED, ROBOT_REGISTERED, ROBOT_REMOVED
from anshou.notifying.errors import RobotNotFound, TooManyRobots
from anshou.notifying.kinds import OF_TICKETS, URGENT, EventKind
from anshou.notifying.robots.messengers import Messenger, check_robot_address, key_of
from anshou.notifying.robots.posting import PostingRobot
from anshou.people.accounts import Locale
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.people.roles import Department
from confidentiality.audit.leaves import record
from confidentiality.local_key import LocalKey
from tenants.base import Base, Row
from tenants.labels import Labelled
from tenants.refusals import N_, Message
from tenants.shapes import Unfit

MOST_ROBOTS = 30

# The event of the notice that a robot was stopped.
STOPPED = "robot_stopped"

_ADDRESS, _SECRET = "robot address", "robot secret"


class Silent(Labelled):
    """Why a robot says nothing."""

    BY_PERSON = "by_person", N_("已停用")
    SHUT = "shut", N_("对方拒绝，请检查机器人设置")


class RobotManner(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of what a robot speaks, and to whom. Without kinds it speaks of everything that happens to tickets."""

    name: Annotated[str, Meta(min_length=1, max_length=60, title=N_("名称"))]
    kinds: Annotated[tuple[EventKind, ...], Meta(title=N_("播报的事项（不选为全部）"))] = ()
    department: Annotated[Department | None, Meta(title=N_("只播报这个部门的工单"))] = None
    locale: Annotated[Locale, Meta(title=N_("语言"))] = Locale.CHINESE
    to_all_if_urgent: Annotated[bool, Meta(title=N_("超时和升级时 @所有人"))] = False

    def __post_init__(self) -> None:
        """Money and confidentiality are no matter for a group."""
        if not set(self.kinds) <= set(OF_TICKETS):
            raise Unfit(Message(N_("群机器人只播报工单事项")), "kinds")


class RobotWishes(RobotManner, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A robot as it is registered."""

    messenger: Annotated[Messenger, Meta(title=N_("平台"))]
    url: Annotated[str, Meta(min_length=8, max_length=2048, title=N_("机器人地址"), extra={"widget": "password"})]
    secret: Annotated[str, Meta(max_length=200, title=N_("加签密钥（没有则不填）"), extra={"widget": "password"})] = ""


class RobotAddress(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another address and secret for the same robot, e.g. after they leaked."""

    url: Annotated[str, Meta(min_length=8, max_length=2048, title=N_("机器人地址"), extra={"widget": "password"})]
    secret: Annotated[str, Meta(max_length=200, title=N_("加签密钥（没有则不填）"), extra={"widget": "password"})] = ""


class GroupRobot(Row, Base):
    """A robot. Its address is its secret and sealed; `hint` are the last characters of its key.

    It speaks again at `speaks_at` (UTC) at the earliest: its messenger counts its messages.
    """

    __tablename__ = "group_robot"

    name: Mapped[str]
    messenger: Mapped[Messenger]
    sealed_url: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    hint: Mapped[str]
    kinds: Mapped[list[str]]
    department: Mapped[Department | None]
    locale: Mapped[Locale]
    to_all_if_urgent: Mapped[bool]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
    silent: Mapped[Silent | None]
    silent_at: Mapped[datetime | None]
    silent_because: Mapped[str | None]
    speaks_at: Mapped[datetime | None]

    def wants(self, kind: EventKind, department: Department) -> bool:
        """Whether it speaks of this kind of event on this department's tickets."""
        if self.silent is not None or kind not in OF_TICKETS:
            return False
        return (not self.kinds or kind in self.kinds) and self.department in (None, department)

    def calls_everybody(self, kind: EventKind) -> bool:
        """Whether it calls the whole group for this kind."""
        return self.to_all_if_urgent and kind in URGENT

    def manner(self) -> RobotManner:
        """What a person said about it."""
        return RobotManner(
            name=self.name,
            kinds=tuple(EventKind(kind) for kind in self.kinds),
            department=self.department,
            locale=self.locale,
            to_all_if_urgent=self.to_all_if_urgent,
        )


async def visible_robot(session: AsyncSession, person: Person, robot_id: UUID) -> GroupRobot:
    """The robot. Raises RobotNotFound, or PermissionMissing for whoever does not manage settings."""
    authorize(person, Permission.MANAGE_SETTINGS)
    robot = await session.get(GroupRobot, robot_id)
    if robot is None:
        raise RobotNotFound
    return robot


async def list_robots(session: AsyncSession, person: Person) -> Sequence[GroupRobot]:
    """All of the agency's robots, oldest first; at most `MOST_ROBOTS`."""
    authorize(person, Permission.READ_SETTINGS)
    return (await session.scalars(select(GroupRobot).order_by(GroupRobot.id))).all()


async def register_robot(
    session: AsyncSession, key: LocalKey, wishes: RobotWishes, *, also: Collection[str], by: Person, at: datetime
) -> GroupRobot:
    """Register a robot. `also` are hosts that the operator allows besides the messengers' own.

    Raises RobotAddressRefused, DestinationRefused or TooManyRobots.
    """
    authorize(by, Permission.MANAGE_SETTINGS)
    if (await session.scalar(select(func.count()).select_from(GroupRobot)) or 0) >= MOST_ROBOTS:
        raise TooManyRobots(MOST_ROBOTS)
    robot = GroupRobot(messenger=wishes.messenger, created_at=at, created_by=by.id)
    _settle_at(robot, key, wishes.url, wishes.secret, also=also)
    _apply(robot, wishes)
    session.add(robot)
    await session.flush()
    await record(session, ROBOT_REGISTERED, actor=by.actor(), at=at, subject=robot.id, body=_said(robot))
    return robot


async def change_robot(
    session: AsyncSession, robot: GroupRobot, manner: RobotManner, *, by: Person, at: datetime
) -> None:
    """Change of what it speaks."""
    authorize(by, Permission.MANAGE_SETTINGS)
    _apply(robot, manner)
    await record(session, ROBOT_CHANGED, actor=by.actor(), at=at, subject=robot.id, body=_said(robot))


async def move_robot(
    session: AsyncSession,
    key: LocalKey,
    robot: GroupRobot,
    address: RobotAddress,
    *,
    also: Collection[str],
    by: Person,
    at: datetime,
) -> None:
    """Give it another address and secret, and let it speak again. Raises RobotAddressRefused, DestinationRefused."""
    authorize(by, Permission.MANAGE_SETTINGS)
    _settle_at(robot, key, address.url, address.secret, also=also)
    _let_speak(robot)
    await record(session, ROBOT_CHANGED, actor=by.actor(), at=at, subject=robot.id, body=_said(robot))


async def silence_robot(session: AsyncSession, robot: GroupRobot, *, by: Person, at: datetime) -> None:
    """Let it say nothing for now."""
    authorize(by, Permission.MANAGE_SETTINGS)
    robot.silent, robot.silent_at, robot.silent_because = Silent.BY_PERSON, at, None
    await record(session, ROBOT_CHANGED, actor=by.actor(), at=at, subject=robot.id, body=_said(robot))


async def resume_robot(session: AsyncSession, robot: GroupRobot, *, by: Person, at: datetime) -> None:
    """Let it speak again; what failed meanwhile stays failed until somebody tries it again."""
    authorize(by, Permission.MANAGE_SETTINGS)
    _let_speak(robot)
    await record(session, ROBOT_CHANGED, actor=by.actor(), at=at, subject=robot.id, body=_said(robot))


async def remove_robot(session: AsyncSession, robot: GroupRobot, *, by: Person, at: datetime) -> None:
    """Remove it and what it said."""
    authorize(by, Permission.MANAGE_SETTINGS)
    await session.delete(robot)
    await record(session, ROBOT_REMOVED, actor=by.actor(), at=at, subject=robot.id)


def voice_of(robot: GroupRobot, key: LocalKey, *, also: Collection[str], now: Callable[[], datetime]) -> PostingRobot:
    """The robot, ready to speak without the database."""
    url = key.open(robot.sealed_url, owner=robot.id, purpose=_ADDRESS).decode()
    sealed = robot.sealed_secret
    secret = "" if sealed is None else key.open(sealed, owner=robot.id, purpose=_SECRET).decode()
    return PostingRobot(robot.messenger, url, secret, also=also, now=now)


def _settle_at(robot: GroupRobot, key: LocalKey, url: str, secret: str, *, also: Collection[str]) -> None:
    url = check_robot_address(robot.messenger, url.strip(), also=also)
    robot.sealed_url = key.seal(url.encode(), owner=robot.id, purpose=_ADDRESS)
    secret = secret.strip()
    robot.sealed_secret = key.seal(secret.encode(), owner=robot.id, purpose=_SECRET) if secret else None
    robot.hint = key_of(robot.messenger, url)[-4:]


def _let_speak(robot: GroupRobot) -> None:
    robot.silent = robot.silent_at = robot.silent_because = None


def _apply(robot: GroupRobot, manner: RobotManner) -> None:
    robot.name = manner.name
    robot.kinds = [kind.value for kind in dict.fromkeys(manner.kinds)]
    robot.department = manner.department
    robot.locale = manner.locale
    robot.to_all_if_urgent = manner.to_all_if_urgent


def _said(robot: GroupRobot) -> dict[str, object]:
    return {"messenger": robot.messenger.value, "kinds": list(robot.kinds), "silent": robot.silent}

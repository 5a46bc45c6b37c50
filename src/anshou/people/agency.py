"""What the agency has set about itself: its name, time zone, and the options around feedback."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.people.deeds import SETTINGS_CHANGED
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from confidentiality.audit.leaves import record
from confidentiality.keys.destruction import LEAST_DAYS
from tenants.base import Base, Row, new_id
from tenants.prepared import rows
from tenants.refusals import N_, Message
from tenants.shapes import Unfit

# Where a session's `info` has what the agency's row keeps, once it was read.
_REMEMBERED = "agency settings"

USUAL_ZONE = ZoneInfo("Asia/Shanghai")

Days = Annotated[int, Meta(ge=1, le=365)]


@cache
def _known_zones() -> frozenset[str]:
    """The names in the tz database. Read once: asking walks its whole directory, and every request reads settings."""
    return frozenset(available_timezones())


class AgencySettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The agency's own settings; each has the default of domain.md. Days are calendar days.

    `feedback_tags` are offered beside a rating, so that what people say can be counted.
    """

    name: Annotated[str, Meta(max_length=60, title=N_("显示名称"))] = ""
    time_zone: Annotated[str, Meta(title=N_("时区"), extra={"widget": "time_zone"})] = USUAL_ZONE.key
    reopen_days: Annotated[Days, Meta(title=N_("结案后可重新打开的天数"))] = 15
    answer_days: Annotated[Days, Meta(title=N_("商家未答复多少天后可结案"))] = 15
    objection_days: Annotated[Days, Meta(title=N_("商家可对责任判定提出异议的天数"))] = 15
    metric_normal_days: Annotated[Days, Meta(title=N_("指标需保持正常的天数"))] = 7
    repeat_days: Annotated[Days, Meta(title=N_("同类问题计为重复投诉的天数"))] = 30
    destruction_days: Annotated[int, Meta(ge=LEAST_DAYS, le=90, title=N_("批准销毁密钥后的等待天数"))] = 7
    return_days: Annotated[Days, Meta(title=N_("合同终止后返还或删除数据的期限（天）"))] = 30
    breach_hours: Annotated[int, Meta(ge=1, le=240, title=N_("发现数据安全事件后通知商家的期限（小时）"))] = 24
    authority_hours: Annotated[int, Meta(ge=1, le=240, title=N_("发现数据安全事件后报告主管部门的期限（小时）"))] = 24
    national_ciphers: Annotated[bool, Meta(title=N_("新商家的保密内容使用国密算法（SM4、SM3）"))] = False
    subject_request_days: Annotated[int, Meta(ge=1, le=30, title=N_("个人信息请求的答复期限（天，最长 30 天）"))] = 15
    feedback_tags: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=20)], ...],
        Meta(max_length=20, title=N_("评价标签"), extra={"widget": "lines"}),
    ] = ("响应及时", "沟通顺畅", "方案有效", "响应较慢", "沟通不畅", "问题未解决")

    def __post_init__(self) -> None:
        """Refuse a time zone that the tz database does not know."""
        if self.time_zone not in _known_zones():
            raise Unfit(Message(N_("没有“%(zone)s”这个时区"), zone=self.time_zone), "time_zone")

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the agency reads its clocks and calendars."""
        return ZoneInfo(self.time_zone)


class Agency(Row, Base):
    """The one row that keeps the settings."""

    __tablename__ = "agency"

    settings: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID | None]


@dataclass(frozen=True, slots=True)
class _Kept:
    settings: dict[str, Any]


_KEPT = rows(select(Agency.settings), _Kept)


async def read_settings(session: AsyncSession) -> AgencySettings:
    """The agency's settings, or the defaults while nothing was set. Readable in every context.

    Read once a transaction: whatever a request does goes by the same settings.
    """
    if _REMEMBERED not in session.info:
        found = await _KEPT.one_or_none(session)
        remember_settings(session, found.settings if found else None)
    kept = session.info[_REMEMBERED]
    return AgencySettings() if kept is None else msgspec.convert(kept, AgencySettings)


def remember_settings(session: AsyncSession, kept: dict[str, Any] | None) -> None:
    """What the agency's row keeps, None while nothing was set: in this transaction it need not be read again."""
    session.info[_REMEMBERED] = kept


def zone_kept(kept: dict[str, Any] | None) -> ZoneInfo:
    """The agency's zone as its row keeps it, None while nothing was set."""
    return ZoneInfo((kept or {}).get("time_zone", USUAL_ZONE.key))


async def change_settings(session: AsyncSession, settings: AgencySettings, *, by: Person, at: datetime) -> None:
    """Keep these settings in place of the former ones."""
    authorize(by, Permission.MANAGE_SETTINGS)
    kept = {"settings": msgspec.to_builtins(settings), "changed_at": at, "changed_by": by.id}
    written = insert(Agency).values(id=new_id(), **kept)
    await session.execute(written.on_conflict_do_update(index_elements=["one"], set_=kept))
    session.info.pop(_REMEMBERED, None)
    await record(session, SETTINGS_CHANGED, actor=by.actor(), at=at, body={"settings": kept["settings"]})

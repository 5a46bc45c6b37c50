"""The tenant's rules for costs, versioned: what is verified stays verified by the rules of its day."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy import BigInteger, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from billing.clauses import MOST
from billing.costs.labour import LEAST_PERCENT, DayKind
from tenants.base import Base, Row
from tenants.refusals import N_, Message
from tenants.shapes import Unfit

Percent = Annotated[int, Meta(ge=100, le=1000)]


class CostRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the tenant sets. From above `four_eyes_fen` two people of finance verify; None: one is always enough."""

    four_eyes_fen: Annotated[
        int | None, Meta(title=N_("超过此金额须两人核实，留空为不要求"), extra={"widget": "money"})
    ] = 500_000
    workday_percent: Annotated[Percent, Meta(title=N_("工作日加班（%）"))] = LEAST_PERCENT[DayKind.WORKDAY]
    rest_day_percent: Annotated[Percent, Meta(title=N_("休息日加班（%）"))] = LEAST_PERCENT[DayKind.REST_DAY]
    holiday_percent: Annotated[Percent, Meta(title=N_("法定节假日加班（%）"))] = LEAST_PERCENT[DayKind.HOLIDAY]

    def __post_init__(self) -> None:
        """Refuse less than the law asks (《劳动法》 art. 44) and an amount that nobody means."""
        if self.four_eyes_fen is not None and not 0 <= self.four_eyes_fen <= MOST:
            raise Unfit(Message(N_("金额须在 0 到 100 亿元之间")), "four_eyes_fen")
        for kind, least in LEAST_PERCENT.items():
            if self.percent(kind) < least:
                said = Message(N_("《劳动法》第四十四条：%(kind)s不得低于 %(least)s%%"), kind=kind, least=least)
                raise Unfit(said, f"{kind.value}_percent")

    def percent(self, kind: DayKind) -> int:
        """What overtime on such a day is paid, in per cent of the usual rate."""
        return {
            DayKind.WORKDAY: self.workday_percent,
            DayKind.REST_DAY: self.rest_day_percent,
            DayKind.HOLIDAY: self.holiday_percent,
        }[kind]

    def needs_second(self, fen: int) -> bool:
        """Whether two people verify such an amount."""
        return self.four_eyes_fen is not None and fen > self.four_eyes_fen


class CostRulesSet(Row, Base):
    """The rules as somebody set them; the latest row counts. Never changed."""

    __tablename__ = "cost_rules"

    four_eyes_fen: Mapped[int | None] = mapped_column(BigInteger)
    workday_percent: Mapped[int]
    rest_day_percent: Mapped[int]
    holiday_percent: Mapped[int]
    set_by: Mapped[UUID]
    set_at: Mapped[datetime]


async def read_cost_rules(session: AsyncSession) -> CostRules:
    """The rules that count now; the defaults while nobody set any."""
    row = await session.scalar(select(CostRulesSet).order_by(CostRulesSet.id.desc()).limit(1))
    if row is None:
        return CostRules()
    return CostRules(
        four_eyes_fen=row.four_eyes_fen,
        workday_percent=row.workday_percent,
        rest_day_percent=row.rest_day_percent,
        holiday_percent=row.holiday_percent,
    )

"""Cost-bearing clauses: what a contract says about who bears which cost (domain.md section 6)."""

from typing import Annotated

from msgspec import Meta, Struct

from billing.parties import BEARERS, CLAIMED_FROM, CostCategory, Party
from billing.shares import Share, check_shares
from tenants.labels import Labelled
from tenants.refusals import N_, Message
from tenants.shapes import Unfit

# Fen: ten thousand million yuan.
MOST = 10**12


class CapPeriod(Labelled):
    """What a cap counts over."""

    ITEM = "item", N_("每笔")
    MONTH = "month", N_("每月")
    TERM = "term", N_("合同期内")


class Cap(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The most that one party bears under a clause, in fen; what goes beyond falls to another.

    `fen` is None where the amount lies sealed (anshou.merchants.amounts).
    """

    party: Annotated[Party, Meta(title=N_("限额方"))]
    per: Annotated[CapPeriod, Meta(title=N_("限额周期"))]
    fen: Annotated[int | None, Meta(title=N_("限额"), extra={"widget": "money"})] = None
    beyond_to: Annotated[Party, Meta(title=N_("超出部分承担方"))]

    def __post_init__(self) -> None:
        """Refuse a cap whose excess comes back to the capped party or to nobody, and an amount that nobody means."""
        if self.fen is not None and not 0 <= self.fen <= MOST:
            raise Unfit(Message(N_("限额须在 0 到 100 亿元之间")), "fen")
        if self.beyond_to == self.party or self.beyond_to not in BEARERS:
            raise Unfit(Message(N_("超出部分须由另一方承担")), "beyond_to")


class CostClause(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who bears a cost that `cause` is responsible for.

    `categories` empty means every category but the excluded ones; an excluded category follows the general rule of
    domain.md section 6 instead of this clause. `failed_claim_to` carries the rest when a claim against the platform,
    the carrier or a supplier fails, and is needed as soon as one of them bears a share.
    """

    number: Annotated[str, Meta(min_length=1, max_length=40, title=N_("条款号"))]
    cause: Annotated[Party, Meta(title=N_("责任原因方"))]
    shares: Annotated[tuple[Share, ...], Meta(min_length=1, max_length=6, title=N_("分担比例"))]
    categories: Annotated[tuple[CostCategory, ...], Meta(title=N_("适用费用类别"))] = ()
    excluded: Annotated[tuple[CostCategory, ...], Meta(title=N_("不适用的费用类别"))] = ()
    caps: Annotated[tuple[Cap, ...], Meta(max_length=20, title=N_("限额"))] = ()
    failed_claim_to: Annotated[Party | None, Meta(title=N_("索赔不成的承担方"))] = None

    def __post_init__(self) -> None:
        """Refuse a clause that leaves part of a cost to nobody or says two things at once."""
        check_shares(self.shares, "shares")
        sharing = {share.party for share in self.shares}
        if not sharing <= BEARERS:
            raise Unfit(Message(N_("不可抗力不能承担费用，请指定承担方")), "shares")
        if set(self.categories) & set(self.excluded):
            raise Unfit(Message(N_("同一费用类别不能既适用又不适用")), "excluded")
        if not self.covers():
            raise Unfit(Message(N_("至少要有一个适用的费用类别")), "excluded")
        self._check_caps(sharing)
        if sharing & CLAIMED_FROM and self.failed_claim_to is None:
            raise Unfit(Message(N_("向平台、物流或供应商索赔的，须写明索赔不成时由谁承担")), "failed_claim_to")
        if self.failed_claim_to is not None and self.failed_claim_to not in BEARERS - CLAIMED_FROM:
            raise Unfit(Message(N_("索赔不成时只能由代运营方、商家或消费者承担")), "failed_claim_to")

    def _check_caps(self, sharing: set[Party]) -> None:
        if any(cap.party not in sharing for cap in self.caps):
            raise Unfit(Message(N_("限额方须在分担比例之中")), "caps")
        if len({(cap.party, cap.per) for cap in self.caps}) != len(self.caps):
            raise Unfit(Message(N_("同一方在同一周期内只能有一个限额")), "caps")

    def covers(self) -> frozenset[CostCategory]:
        """The categories that this clause decides."""
        return frozenset(self.categories or CostCategory) - frozenset(self.excluded)

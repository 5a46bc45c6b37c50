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


class ThresholdKind(Labelled):
    """What happens at a threshold."""

    MINIMUM = "minimum", N_("最低分担金额")
    REASONABLE = "reasonable", N_("合理费用上限")
    DEDUCTIBLE = "deductible", N_("每笔免赔额")


class Threshold(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An amount of each cost, in fen, that is not shared: `borne_by` bears it alone.

    A cost below the minimum, what a cost exceeds the reasonable cost by, or the deductible that comes first. `category`
    None means every category without a threshold of its own. Where several caused a cost, the reasonable cost and the
    deductible count in proportion to what the clause's cause is responsible for; the minimum is that of the whole cost.
    `fen` is None where the amount lies sealed (anshou.merchants.amounts).
    """

    kind: Annotated[ThresholdKind, Meta(title=N_("门槛"))]
    category: Annotated[CostCategory | None, Meta(title=N_("费用类别（留空为全部）"))] = None
    fen: Annotated[int | None, Meta(title=N_("金额"), extra={"widget": "money"})] = None
    borne_by: Annotated[Party, Meta(title=N_("自行承担方"))] = Party.AGENCY

    def __post_init__(self) -> None:
        """Refuse a threshold that falls on nobody, and an amount that nobody means."""
        if self.fen is not None and not 0 <= self.fen <= MOST:
            raise Unfit(Message(N_("金额须在 0 到 100 亿元之间")), "fen")
        if self.borne_by not in BEARERS - CLAIMED_FROM:
            raise Unfit(Message(N_("不分担的部分只能由代运营方、商家或消费者承担")), "borne_by")


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
    thresholds: Annotated[tuple[Threshold, ...], Meta(max_length=40, title=N_("免赔、合理费用与最低金额"))] = ()

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
        self._check_thresholds()
        if sharing & CLAIMED_FROM and self.failed_claim_to is None:
            raise Unfit(Message(N_("向平台、物流或供应商索赔的，须写明索赔不成时由谁承担")), "failed_claim_to")
        if self.failed_claim_to is not None and self.failed_claim_to not in BEARERS - CLAIMED_FROM:
            raise Unfit(Message(N_("索赔不成时只能由代运营方、商家或消费者承担")), "failed_claim_to")

    def _check_caps(self, sharing: set[Party]) -> None:
        if any(cap.party not in sharing for cap in self.caps):
            raise Unfit(Message(N_("限额方须在分担比例之中")), "caps")
        if len({(cap.party, cap.per) for cap in self.caps}) != len(self.caps):
            raise Unfit(Message(N_("同一方在同一周期内只能有一个限额")), "caps")
        # What is passed on to a carrier has to be claimed from it like a share of its own.
        if self.failed_claim_to is None and any(cap.beyond_to in CLAIMED_FROM for cap in self.caps):
            raise Unfit(Message(N_("向平台、物流或供应商索赔的，须写明索赔不成时由谁承担")), "failed_claim_to")

    def _check_thresholds(self) -> None:
        if len({(threshold.kind, threshold.category) for threshold in self.thresholds}) != len(self.thresholds):
            raise Unfit(Message(N_("同一费用类别的同一门槛只能有一个")), "thresholds")
        if any(threshold.category not in {None, *self.covers()} for threshold in self.thresholds):
            raise Unfit(Message(N_("门槛的费用类别须在本条适用范围内")), "thresholds")

    def covers(self) -> frozenset[CostCategory]:
        """The categories that this clause decides."""
        return frozenset(self.categories or CostCategory) - frozenset(self.excluded)

    def threshold(self, kind: ThresholdKind, category: CostCategory) -> Threshold | None:
        """The threshold for costs of this category: its own, else the one for all."""
        of_kind = {threshold.category: threshold for threshold in self.thresholds if threshold.kind is kind}
        return of_kind.get(category, of_kind.get(None))

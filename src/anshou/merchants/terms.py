"""What a contract version agrees, as one value.

Every clause carries its number in the paper contract, so that whatever is decided by it can name it.
"""

from typing import Annotated

from msgspec import Meta, Struct

from anshou.merchants.limits import Clock, LimitClause, Urgency
from billing.clauses import CostClause
from billing.currencies import Currency
from billing.parties import CostCategory, Party
from tenants.labels import Labelled
from tenants.refusals import N_, Message
from tenants.shapes import Unfit

Number = Annotated[str, Meta(min_length=1, max_length=40, title=N_("条款号"))]


class Forum(Labelled):
    """Who decides a dispute that the two sides cannot settle."""

    ARBITRATION = "arbitration", N_("仲裁")
    LITIGATION = "litigation", N_("诉讼")


class ServiceItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A service that the agency owes, and the standard by which it is measured."""

    number: Number
    name: Annotated[str, Meta(min_length=1, max_length=100, title=N_("服务内容"))]
    standard: Annotated[str, Meta(min_length=1, max_length=1000, title=N_("约定标准"), extra={"widget": "text"})]


class DisputeClause(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a dispute goes when no agreement is reached: an arbitration commission or a court, and its place.

    `negotiation_days` is how long the two sides negotiate first, in calendar days.
    """

    number: Number
    forum: Annotated[Forum, Meta(title=N_("争议解决方式"))]
    body: Annotated[str, Meta(min_length=1, max_length=100, title=N_("仲裁机构或法院"))]
    place: Annotated[str, Meta(min_length=1, max_length=100, title=N_("地点"))]
    negotiation_days: Annotated[int, Meta(ge=0, le=365, title=N_("协商期（天）"))] = 30


class ConfidentialityTerm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long after the contract's end what was learnt stays confidential, in months; None is for ever."""

    number: Number
    months_after_end: Annotated[int | None, Meta(title=N_("合同终止后保密期（月，留空为不限期）"))] = None
    scope: Annotated[str, Meta(min_length=1, max_length=2000, title=N_("保密范围"), extra={"widget": "text"})]

    def __post_init__(self) -> None:
        """Refuse a period that nobody means."""
        if self.months_after_end is not None and not 0 <= self.months_after_end <= 600:
            raise Unfit(Message(N_("保密期须为 0 到 600 个月，或不限期")), "months_after_end")


class SettlementClause(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How statements are settled: within how many days the merchant answers, and what its silence means.

    Silence is no expression of intent unless the two sides agreed that it is (Civil Code art. 140).
    """

    number: Number
    reply_days: Annotated[int, Meta(ge=1, le=90, title=N_("对账答复期（天）"))] = 7
    silence_confirms: Annotated[bool, Meta(title=N_("逾期未答复视为确认"))] = False


class Terms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The terms of a contract version."""

    service_items: Annotated[tuple[ServiceItem, ...], Meta(min_length=1, max_length=100, title=N_("服务内容与标准"))]
    dispute: Annotated[DisputeClause, Meta(title=N_("争议解决条款"))]
    confidentiality: Annotated[ConfidentialityTerm, Meta(title=N_("保密条款"))]
    limits: Annotated[tuple[LimitClause, ...], Meta(max_length=40, title=N_("时限约定"))] = ()
    cost_clauses: Annotated[tuple[CostClause, ...], Meta(max_length=40, title=N_("费用承担条款"))] = ()
    currency: Annotated[Currency, Meta(title=N_("结算币种"))] = Currency.CNY
    settlement: Annotated[SettlementClause | None, Meta(title=N_("对账与结算条款"))] = None

    def __post_init__(self) -> None:
        """Refuse two clauses that would decide the same thing: which of them counts must not be a guess."""
        timed: set[tuple[Clock, Urgency]] = set()
        for index, limit in enumerate(self.limits):
            if (limit.clock, limit.urgency) in timed:
                said = Message(N_("“%(clock)s”（%(urgency)s）已有约定"), clock=limit.clock, urgency=limit.urgency)
                raise Unfit(said, f"limits[{index}].clock")
            timed.add((limit.clock, limit.urgency))
        decided: set[tuple[Party, CostCategory]] = set()
        for index, clause in enumerate(self.cost_clauses):
            pairs = {(clause.cause, category) for category in clause.covers()}
            if decided & pairs:
                _, category = min(decided & pairs)
                said = Message(
                    N_("%(cause)s原因造成的“%(category)s”已由另一条款约定"), cause=clause.cause, category=category
                )
                raise Unfit(said, f"cost_clauses[{index}].categories")
            decided |= pairs

    def limit(self, clock: Clock, urgency: Urgency) -> LimitClause | None:
        """The clause about this clock at this urgency, if there is one."""
        return next((limit for limit in self.limits if (limit.clock, limit.urgency) == (clock, urgency)), None)

    def cost_clause(self, cause: Party, category: CostCategory) -> CostClause | None:
        """The clause that decides who bears such a cost, if there is one."""
        clauses = (clause for clause in self.cost_clauses if clause.cause is cause and category in clause.covers())
        return next(clauses, None)

"""Rules of matching, per tenant and source: how far two lines may lie apart and still be the same movement."""

from typing import Annotated

from msgspec import Meta, Struct

from tenants.refusals import N_, Message
from tenants.shapes import Unfit


class MatchRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How lines of one external source are matched with lines of an internal one.

    Rules are tried by `priority`, the smallest first: what an earlier one has matched a later one does not see. The
    tolerance of a pair is the larger of `tolerance_fen` and `tolerance_basis_points` of the larger amount, rounded
    down. `group_by` is the kind of reference by which several lines make up one; "" takes any kind.
    """

    source: Annotated[str, Meta(min_length=1, max_length=60, title=N_("外部来源"))]
    against: Annotated[str, Meta(min_length=1, max_length=60, title=N_("内部来源"))]
    priority: Annotated[int, Meta(ge=0, le=1000, title=N_("优先级"))] = 100
    tolerance_fen: Annotated[int, Meta(ge=0, le=1_000_000, title=N_("允许差额"), extra={"widget": "money"})] = 0
    tolerance_basis_points: Annotated[int, Meta(ge=0, le=1000, title=N_("允许差额比例"))] = 0
    window_days: Annotated[int, Meta(ge=0, le=90, title=N_("日期允许相差天数"))] = 3
    group_by: Annotated[str, Meta(max_length=40, title=N_("合并依据的单号类别"))] = ""

    @property
    def rank(self) -> tuple[int, str, str]:
        """When the rule's turn comes."""
        return self.priority, self.source, self.against

    def tolerance(self, fen: int, other: int) -> int:
        """By how many fen the two amounts may differ. Pure, the same both ways round."""
        return max(self.tolerance_fen, max(abs(fen), abs(other)) * self.tolerance_basis_points // 10_000)


def check_rules(rules: tuple[MatchRule, ...]) -> None:
    """Return when no two rules are for the same sources; otherwise raise Unfit."""
    if len({(rule.source, rule.against) for rule in rules}) != len(rules):
        raise Unfit(Message(N_("同一外部来源与内部来源之间只能有一条规则")), "rules")

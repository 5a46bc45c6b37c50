"""Responsibility (责任判定) as people state it: shares, basis and clause (domain.md section 6)."""

from collections.abc import Mapping
from typing import Annotated

import msgspec

from anshou.tickets.records import choice, line, number, rows, text
from tenants.labels import Labelled
from tenants.refusals import N_

WHOLE = 10_000


class Party(Labelled):
    """Who can be responsible."""

    AGENCY = "agency", N_("代运营方")
    MERCHANT = "merchant", N_("商家")
    PLATFORM = "platform", N_("平台")
    CARRIER = "carrier", N_("物流")
    SUPPLIER = "supplier", N_("供应商")
    CONSUMER = "consumer", N_("消费者")
    FORCE_MAJEURE = "force_majeure", N_("不可抗力")


class Share(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One party's share, in basis points (10000 = 100 %)."""

    party: Annotated[Party, choice(N_("责任方"))]
    share: Annotated[int, number(N_("责任比例"), least=1, most=WHOLE, widget="share")]


class Responsibility(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is responsible, in shares that sum to the whole, on what basis and by which clause."""

    shares: Annotated[tuple[Share, ...], rows(N_("责任比例"), widget="shares", least=1, most=len(Party))]
    basis: Annotated[str, text(N_("判定依据"))]
    clause: Annotated[str, line(N_("合同条款"))] | None = None

    def faults(self, field: str) -> Mapping[str, str]:
        """Shares sum to the whole and name each party once; reported under the field that holds this."""
        if len({each.party for each in self.shares}) != len(self.shares):
            return {field: N_("同一责任方只能填写一次")}
        if sum(each.share for each in self.shares) != WHOLE:
            return {field: N_("责任比例之和须为 100%")}
        return {}

"""The form of a rule of reconciliation: everything a rule can say, shown again as it is in force."""

import re

from litestar import Litestar

from tests.cast import Anhe
from tests.portal.visitor import Visitor

PLACE = "/reconciliation/rules/bank_cmb"
RULE = {
    "against": "costs",
    "priority": "20",
    "tolerance_fen": "0.50",
    "tolerance_basis_points": "1.50",
    "window_days": "5",
    "group_by": "order",
    "write_off_fen": "2",
}


async def test_a_rule_comes_back_as_it_is_in_force_and_goes_when_it_is_retired(app: Litestar, anhe: Anhe) -> None:
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await finance.go(PLACE)
        await finance.send(PLACE, **RULE)
        assert finance.says("对账规则已保存")
        assert finance.says("¥0.50 / 1.5%")
        assert finance.says("订单号")
        await finance.go(f"{PLACE}?against=costs")
        for name in ("priority", "tolerance_fen", "tolerance_basis_points", "window_days", "write_off_fen"):
            (field,) = re.findall(rf'<input [^>]*name="{name}"[^>]*>', finance.text)
            assert f'value="{RULE[name]}"' in field
        assert re.search(r'value="order"[^>]*(selected|checked)', finance.text)
        await finance.send(PLACE, **RULE, retired="yes")
        await finance.go("/reconciliation")
        assert finance.says("还没有规则")


async def test_a_share_beyond_what_a_difference_may_be_is_refused(app: Litestar, anhe: Anhe) -> None:
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await finance.go(PLACE)
        await finance.send(PLACE, **{**RULE, "tolerance_basis_points": "25"})
        assert finance.status == 422
        assert finance.says("允许差额比例")
        assert 'value="25"' in finance.text

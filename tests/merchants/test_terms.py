"""Terms are complete and decide each thing once, or say in Chinese which field is wrong."""

from typing import Any

import msgspec
import pytest

from anshou.merchants.limits import Clock, Urgency
from anshou.merchants.terms import Terms
from billing.parties import CostCategory, Party
from tenants.shapes import ShapeInvalid, accept
from tests.cast import TERMS

LIMIT = {"number": "5.1", "clock": "progress", "urgency": "normal", "value": 1, "unit": "workdays"}
CLAUSE = {"number": "8.9", "cause": "merchant", "shares": [{"party": "merchant", "basis_points": 10000}]}


def terms(**change: object) -> dict[str, Any]:
    return {**msgspec.to_builtins(TERMS), **change}


def test_terms_go_to_json_and_back() -> None:
    assert accept(Terms, msgspec.json.decode(msgspec.json.encode(TERMS))) == TERMS


def test_the_clause_that_decides_is_found_or_there_is_none() -> None:
    limit = TERMS.limit(Clock.FIRST_RESPONSE, Urgency.URGENT)
    assert limit is not None
    assert (limit.number, limit.value) == ("5.2", 5)
    assert TERMS.limit(Clock.FIRST_RESPONSE, Urgency.NORMAL) is None
    clause = TERMS.cost_clause(Party.CARRIER, CostCategory.FREIGHT)
    assert clause is not None
    assert clause.number == "8.3"
    assert TERMS.cost_clause(Party.MERCHANT, CostCategory.FREIGHT) is None


def test_an_excluded_category_is_decided_by_another_clause_or_by_none() -> None:
    freight = {**CLAUSE, "number": "8.8", "categories": ["freight"]}
    rest = {**CLAUSE, "excluded": ["freight", "repair"]}
    agreed = accept(Terms, terms(cost_clauses=[freight, rest]))
    for category, number in {CostCategory.FREIGHT: "8.8", CostCategory.INSPECTION: "8.9"}.items():
        clause = agreed.cost_clause(Party.MERCHANT, category)
        assert clause is not None
        assert clause.number == number
    assert agreed.cost_clause(Party.MERCHANT, CostCategory.REPAIR) is None


@pytest.mark.parametrize(
    ("change", "path", "said"),
    [
        ({"service_items": []}, "service_items", "请填写“服务内容与标准”"),
        (
            {"service_items": [{"number": "3", "name": "客服", "standard": ""}]},
            "service_items[0].standard",
            "请填写“约定标准”",
        ),
        ({"limits": [LIMIT, LIMIT]}, "limits[1].clock", "“进展反馈”（一般）已有约定"),
        ({"limits": [{**LIMIT, "value": 0}]}, "limits[0].value", "“数值”不能小于 1"),
        ({"limits": [{**LIMIT, "value": 367}]}, "limits[0].value", "时限须为 1 到 366 个工作日"),
        ({"limits": [{**LIMIT, "calendar": "Office Hours"}]}, "limits[0].calendar", "“日历”的格式不对"),
        ({"limits": [{**LIMIT, "clock": "lunch"}]}, "limits[0].clock", "请从给出的选项里选择“时限”"),
        (
            {"cost_clauses": [CLAUSE, {**CLAUSE, "categories": ["repair"]}]},
            "cost_clauses[1].categories",
            "商家原因造成的“维修”已由另一条款约定",
        ),
        ({"cost_clauses": [{**CLAUSE, "shares": []}]}, "cost_clauses[0].shares", "请填写“分担比例”"),
        (
            {"dispute": {"number": "12", "forum": "duel", "body": "x", "place": "y"}},
            "dispute.forum",
            "请从给出的选项里选择“争议解决方式”",
        ),
        (
            {"confidentiality": {"number": "10", "months_after_end": -1, "scope": "x"}},
            "confidentiality.months_after_end",
            "保密期须为 0 到 600 个月，或不限期",
        ),
        ({"bonus": 1}, "bonus", "没有“bonus”这一项"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, object], path: str, said: str) -> None:
    with pytest.raises(ShapeInvalid) as refused:
        accept(Terms, terms(**change))
    assert refused.value.fields == {path: said}

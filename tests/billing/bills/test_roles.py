"""What a column probably is, and the mapping that a person's choice makes."""

import pytest

from billing.bills.mapping import Directed, InOut, Mapping, Signed
from billing.bills.roles import Role, RolesInvalid, Words, mapping_of, roles_of, suggest, suggest_words

COURIER = ("日期", "承运商", "运单号", "计费重量", "运费")


def test_a_couriers_columns_are_suggested_by_their_names() -> None:
    roles = suggest(COURIER, [("2026-11-02", "顺丰", "SF1001", "1.2", "12.00")])
    assert list(roles.values()) == [Role.DAY, Role.TEXT, Role.KEY, Role.NONE, Role.COSTS]


def test_a_column_whose_cells_cannot_be_read_so_is_not_suggested() -> None:
    roles = suggest(COURIER, [("上旬", "顺丰", "SF1001", "1.2", "到付"), ("中旬", "顺丰", "SF1002", "1", "到付")])
    assert roles["日期"] is Role.NONE
    assert roles["运费"] is Role.NONE


@pytest.mark.parametrize(
    ("headings", "amounts"),
    [
        (("日期", "收入金额", "支出金额", "金额"), {Role.RECEIVED, Role.PAID}),
        (("日期", "金额", "收支方向"), {Role.UNSIGNED, Role.DIRECTION}),
        (("日期", "金额"), {Role.SIGNED}),
        (("日期", "收入金额"), set()),
    ],
)
def test_only_columns_that_together_say_an_amount_are_suggested(headings: tuple[str, ...], amounts: set[Role]) -> None:
    of_amounts = {Role.RECEIVED, Role.PAID, Role.UNSIGNED, Role.DIRECTION, Role.SIGNED, Role.COSTS}
    assert {*suggest(headings, []).values()} & of_amounts == amounts


def test_words_for_directions_are_sorted_and_others_left_to_people() -> None:
    words = suggest_words(["收入", "支出", "收入", "", "不计收支"])
    assert words == Words(received=("收入",), paid=("支出",), neither=("不计收支",))


CHOSEN = {
    "日期": Role.DAY,
    "类型": Role.NATURE,
    "运单号": Role.KEY,
    "订单": Role.REFERENCE,
    "重量": Role.NONE,
    "运费": Role.COSTS,
}


def test_the_choice_becomes_a_mapping_and_comes_back_from_it() -> None:
    made = mapping_of(CHOSEN, Words())
    assert made == Mapping(
        on="日期",
        amount=Signed(column="运费", costs=True),
        references=("运单号", "订单"),
        text=("类型",),
        nature="类型",
        key=("运单号",),
    )
    roles, _ = roles_of(made)
    assert roles == {heading: role for heading, role in CHOSEN.items() if role is not Role.NONE}


@pytest.mark.parametrize(
    "amount", [InOut(received="收", paid="付"), Directed(column="额", direction="向", received=("入",), paid=("出",))]
)
def test_every_way_of_saying_an_amount_comes_back(amount: InOut | Directed) -> None:
    made = Mapping(on="日", amount=amount)
    assert mapping_of(*roles_of(made)) == made


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"日期": Role.NONE}, "须有一列是日期"),
        ({"重量": Role.DAY}, "只能选一列"),
        ({"运费": Role.NONE}, "金额须为一列"),
        ({"重量": Role.SIGNED}, "金额须为一列"),
        ({"运费": Role.UNSIGNED, "重量": Role.DIRECTION}, "哪些文字表示收入"),
    ],
)
def test_columns_that_make_no_bill_are_refused_with_the_reason(change: dict[str, Role], why: str) -> None:
    with pytest.raises(RolesInvalid, match=why):
        mapping_of(CHOSEN | change, Words())

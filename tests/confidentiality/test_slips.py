"""Numbers of people in free text: found where they are, masked where asked, and nothing else touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confidentiality.slips import Slip, masked, slips_in

# Area 110101 and a birthday, with the check digit worked out by hand from the standard's weights.
IDENTITY = "11010519491231002X"
CARD = "6222020000000000002"


def _slips(text: str) -> list[tuple[Slip, str]]:
    return [(one.slip, text[one.start : one.end]) for one in slips_in(text)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("顾客电话13800001234，请联系", "13800001234"),
        ("联系 138 0000 1234", "138 0000 1234"),
        ("tel:138-0000-1234.", "138-0000-1234"),
        ("+86 13800001234", "13800001234"),
        ("８６13800001234", "13800001234"),
        ("(+86)138 0000 1234", "138 0000 1234"),
        ("008613800001234", "13800001234"),
        ("138 – 0000 – 1234", "138 – 0000 – 1234"),
        ("１３８－００００－１２３４", "１３８－００００－１２３４"),
        ("电话１３８００００１２３４转告", "１３８００００１２３４"),
    ],
)
def test_a_mobile_number_is_found_however_it_is_written(text: str, number: str) -> None:
    assert _slips(text) == [(Slip.MOBILE, number)]


def test_an_identity_number_is_found_by_its_check_character() -> None:
    assert _slips(f"身份证{IDENTITY}。") == [(Slip.IDENTITY, IDENTITY)]
    assert _slips("身份证110105194912310021。") == []


def test_a_bank_card_is_found_by_its_check_digit() -> None:
    valid = next(CARD[:-1] + str(digit) for digit in range(10) if _slips(f"卡号{CARD[:-1]}{digit}"))
    assert _slips(f"卡号 {valid}") == [(Slip.BANK_CARD, valid)]
    assert len([digit for digit in range(10) if _slips(f"卡号{CARD[:-1]}{digit}")]) == 1


@pytest.mark.parametrize(
    "text",
    [
        "订单 2611220813800001234567",
        "工单 FW2611-00001 已超过 10 分钟",
        "SKU13800001234A",
        "金额 13800.00 元，共 1380000 次",
        "2026-11-22 10:30:00",
        "0000000000000000",
    ],
)
def test_what_is_no_number_of_a_person_is_left_alone(text: str) -> None:
    assert _slips(text) == []
    assert masked(text) == text


def test_masking_keeps_the_first_three_and_the_last_four() -> None:
    text = f"手机 138 0000 1234 或 13900005678，证件 {IDENTITY}"
    assert masked(text) == "手机 138 **** 1234 或 139****5678，证件 110***********002X"


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_masked_text_holds_no_number_and_the_rest_is_as_it_was(before: str, after: str) -> None:
    text = f"{before} 13800001234 {after}"
    clean = masked(text)
    assert "13800001234" not in clean
    assert len(clean) == len(text)
    assert not slips_in(clean)

"""What shows of a confidential text, and which writings of it are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confidentiality.sealing import masks


@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        (masks.phone, "13812341234", "138****1234"),
        (masks.phone, "+86 138 1234 1234", "138****1234"),
        (masks.phone, "13812341234转8801", "138****1234"),
        (masks.phone, "0755-86543210", "075****3210"),
        (masks.phone, "86543210", "****10"),
        (masks.phone, "110", "****"),
        (masks.name, "张三", "张*"),
        (masks.name, "欧阳修远", "欧*"),
        (masks.name, "张", "*"),
        (masks.name, "", "*"),
        (masks.address, "广东省深圳市南山区科技园1号", "广东省深圳市****"),
        (masks.address, "北京市海淀区中关村大街1号", "北京市****"),
        (masks.address, "新疆维吾尔自治区乌鲁木齐市天山区", "新疆维吾尔自治区乌鲁木齐市****"),
        (masks.address, "云南省大理白族自治州大理市", "云南省大理白族自治州****"),
        (masks.address, "深圳市南山区科技园1号", "深圳市****"),
        (masks.address, "张家村口超市二楼", "****"),
        (masks.address, "科技园1号", "****"),
        (masks.order_number, "240101-123456789012345", "****2345"),
        (masks.order_number, "12345", "****"),
        (masks.bank_account, "6222021234567890019", "****0019"),
        (masks.identity_number, "11010519491231002X", "1****X"),
        (masks.identity_number, "1101", "****"),
        (masks.text, "任何内容", "****"),
    ],
)
def test_a_mask_shows_what_is_needed_to_recognise_it(mask: masks.Mask, text: str, shown: str) -> None:
    assert mask.show(text) == shown


@pytest.mark.parametrize(
    ("mask", "writings"),
    [
        (
            masks.phone,
            ("13812341234", "138 1234 1234", "+86-138-1234-1234", "0086 13812341234", "１３８１２３４１２３４"),
        ),
        (masks.phone, ("13812341234转8801", "13812341234-8801", "138 1234 1234 ext 8801", "13812341234，8801")),
        (masks.phone, ("0755-86543210", "(0755) 8654 3210", "+86 0755 86543210")),
        (masks.order_number, ("240101-123456789", "240101 123456789", "２４０１０１123456789")),
        (masks.identity_number, ("11010519491231002x", "11010519491231002X", "110105 19491231 002Ｘ")),
        (masks.name, ("Ａnna  Li", " anna li ")),
    ],
)
def test_different_writings_of_the_same_thing_are_equal(mask: masks.Mask, writings: tuple[str, ...]) -> None:
    assert len({mask.normal(writing) for writing in writings}) == 1


def test_numbers_that_differ_stay_different() -> None:
    # A number that begins with the country code by chance, and one with and without an extension.
    for one, other in (("8613800", "13800"), ("13812341234转8801", "13812341234"), ("8612345678901", "12345678902")):
        assert masks.normal_phone(one) != masks.normal_phone(other)


ALL = [value for value in vars(masks).values() if isinstance(value, masks.Mask)]


@given(st.text(max_size=40), st.sampled_from(ALL))
def test_any_text_can_be_masked_and_normalising_twice_changes_nothing(text: str, mask: masks.Mask) -> None:
    assert "*" in mask.show(text)
    assert mask.normal(mask.normal(text)) == mask.normal(text)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_masked_phone_leaves_ten_thousand_possibilities(phone: str) -> None:
    assert phone[3:7] not in masks.phone.show(phone)[3:7]
    assert len(masks.phone.show(phone)) == 11

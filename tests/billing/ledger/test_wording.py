"""What the software writes into the books is Chinese there, and found again for readers of another language."""

import pytest

from billing.ledger import wording
from billing.ledger.wording import in_words

ENGLISH = {
    wording.COST_ALLOCATED: "Allocation of cost %(cost)s",
    wording.COSTS_PAID: "Payment of costs %(costs)s",
    wording.MANY_COSTS_PAID: "Payment of %(count)s costs: %(costs)s and others",
    wording.PAYMENT_CAME_IN: "Payment received, %(reference)s",
    wording.PAYMENT_CAME_EARLIER: "Payment received, %(reference)s (came in on %(day)s)",
    wording.TAKEN_BACK: "Verification of the cost taken back; reversed",
    "应收账款": "Accounts receivable",
    "、": ", ",
}


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ("费用 FY2610-00010 归属", "Allocation of cost FY2610-00010"),
        ("费用 FY2610-00001、FY2610-00002 付款", "Payment of costs FY2610-00001, FY2610-00002"),
        (
            "费用 FY2610-00001、FY2610-00002、FY2610-00003 等 5 项 付款",
            "Payment of 5 costs: FY2610-00001, FY2610-00002, FY2610-00003 and others",
        ),
        ("收到付款 货款 50% (1)", "Payment received, 货款 50% (1)"),
        ("收到付款 0081（2026-09-30 到账）", "Payment received, 0081 (came in on 2026-09-30)"),
        ("费用核实已撤销，冲回", "Verification of the cost taken back; reversed"),
        ("应收账款", "Accounts receivable"),
    ],
)
def test_what_the_software_wrote_is_read_in_the_readers_language(kept: str, read: str) -> None:
    assert in_words(kept, lambda text: ENGLISH.get(text, text)) == read


@pytest.mark.parametrize("written", ["归属", "重分类：费用 FY2610-00010 归属", "应收账款（美元）", "Rent", ""])
def test_what_a_person_wrote_is_nobodys_to_translate(written: str) -> None:
    assert in_words(written, ENGLISH.__getitem__) is None

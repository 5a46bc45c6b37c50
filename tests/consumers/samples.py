"""Consumer cards for tests: invented people, and numbers of ranges that no operator has given out."""

from typing import Any

import msgspec

from anshou.consumers.cards import ConsumerCard
from anshou.consumers.solutions import Solution

PHONE = "10000001234"
ORDER = "DD-2611-000077"

CARD = ConsumerCard(
    order_number=ORDER,
    product="静音筋膜枪",
    specification="灰色 标准版",
    quantity=2,
    private=False,
    name="柳如丝",
    phone=PHONE,
    region="广东省深圳市南山区",
    address="松树街八十八号",
    happened="第二次使用就不转了",
    usage="每周两次",
    wanted=Solution.EXCHANGE,
)

# Every text that must be nowhere in the open.
SECRETS = ("柳如丝", PHONE, "松树街", "DD-2611-000077", "000077", "静音筋膜枪", "灰色 标准版", "不转了", "每周两次")


def card(**changes: Any) -> ConsumerCard:
    """The card with these fields changed."""
    return msgspec.structs.replace(CARD, **changes)

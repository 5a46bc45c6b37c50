"""What the lines of a report are called."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from anshou.finance.reporting.asking import By
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.merchants.merchants import merchant_names
from anshou.merchants.shops import shop_names
from anshou.people.roles import Department
from tenants.refusals import N_

UNKNOWN = {By.CAUSE: N_("未判定"), By.MERCHANT: N_("未归商家"), By.DEPARTMENT: N_("未归部门")}
NO_TICKET = N_("未关联工单")


async def names_by(visit: Visit, by: By, keys: Sequence[Any], language: Language) -> dict[Any, str]:
    """The names of the keys by which a report is."""
    named: dict[Any, str]
    match by:
        case By.MERCHANT:
            named = {**await merchant_names(visit.session)}
        case By.SHOP:
            named = {**await shop_names(visit.session, [key for key in keys if isinstance(key, UUID)])}
        case By.MONTH:
            named = {key: f"{key:%Y-%m}" for key in keys}
        case By.DEPARTMENT:
            named = {key: language.say(Department(key).label) for key in keys if key}
        case _:
            named = {key: language.say(key.label) for key in keys if key is not None}
    named[None] = language.say(UNKNOWN.get(by, NO_TICKET))
    return named

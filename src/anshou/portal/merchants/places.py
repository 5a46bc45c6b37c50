"""Where the pages of one merchant are, and the tabs that lead from one to another."""

from uuid import UUID

from anshou.gate.callers import Asked
from anshou.language import Language
from anshou.merchants.merchants import Merchant
from anshou.portal.pages import language_of
from tenants.refusals import N_


def address_of_merchant(merchant_id: UUID) -> str:
    """The merchant's own page."""
    return f"/merchants/{merchant_id}"


def trail(request: Asked, merchant: Merchant) -> tuple[tuple[str, str], ...]:
    """The way to a page below the merchant's."""
    return (language_of(request).say(N_("商家档案")), "/merchants"), (merchant.name, address_of_merchant(merchant.id))


def contracts_trail(request: Asked, merchant: Merchant) -> tuple[tuple[str, str], ...]:
    """The way to a page below the merchant's contracts."""
    contracts = (language_of(request).say(N_("合同")), f"{address_of_merchant(merchant.id)}/contracts")
    return (*trail(request, merchant), contracts)


def tabs(language: Language, merchant: Merchant, here: str) -> list[dict[str, object]]:
    """Overview, contracts, private products; `here` names the present one."""
    address = address_of_merchant(merchant.id)
    items = (
        ("overview", N_("概况"), address),
        ("contracts", N_("合同"), f"{address}/contracts"),
        ("entrustment", N_("委托处理"), f"{address}/entrustment"),
        ("private", N_("私密产品"), f"{address}/private-products"),
    )
    return [{"label": language.say(label), "address": to, "current": name == here} for name, label, to in items]

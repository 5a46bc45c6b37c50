"""The currencies in which a contract can settle. Amounts are whole hundredths everywhere: fen, cents."""

from tenants.labels import Labelled
from tenants.refusals import N_


class Currency(Labelled):
    """A currency by its code (ISO 4217). Only such with two decimals, because an amount is counted in hundredths."""

    CNY = "CNY", N_("人民币")
    HKD = "HKD", N_("港元")
    USD = "USD", N_("美元")
    EUR = "EUR", N_("欧元")

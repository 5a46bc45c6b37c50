"""An amount with tax in it, split into what is without and the tax: exact to the fen, the two always make the whole."""

from typing import Final

RATES: Final = (0, 1, 3, 5, 6, 9, 13)
"""In per cent: what the law knows of VAT rates and levies."""


def split(gross_fen: int, rate: int) -> tuple[int, int]:
    """Net and tax of `gross_fen` at `rate` per cent. Pure; a negative amount splits as its positive one.

    The net amount is rounded half up to the fen, as the tax bureau's program rounds what is entered with tax
    (金额 = 含税金额 ÷ (1 + 税率)); the tax is the rest. Raises ValueError for a rate that the law does not know.
    """
    if rate not in RATES:
        raise ValueError(f"no such rate: {rate}")
    sign, whole = (-1, -gross_fen) if gross_fen < 0 else (1, gross_fen)
    net = (200 * whole + 100 + rate) // (2 * (100 + rate))
    return sign * net, sign * (whole - net)

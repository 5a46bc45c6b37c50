"""How values of measures are written, and compared with the period before."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from anshou.language import Language
from anshou.portal import formats
from tenants.refusals import N_


def rounded(value: Fraction, places: int) -> Decimal:
    """The value with so many places, halves away from zero."""
    # In whole numbers: a page has thousands of them, and a fraction is reduced anew by each step.
    above, below = value.numerator * 10**places, value.denominator
    whole = (abs(above) * 2 + below) // (2 * below)
    return Decimal(-whole if above < 0 else whole).scaleb(-places)


def value(of: Fraction | None, form: str) -> str:
    """`87.5 %`, `0.42` or `¥128.50`; a dash where there is none."""
    if of is None:
        return "—"
    if form == "percent":
        return f"{rounded(of, 3).scaleb(2)} %"
    if form == "yuan":
        return formats.yuan(int(Decimal(rounded(of, 0)).to_integral_value(ROUND_HALF_UP)))
    return f"{rounded(of, 2)}"


def change(now: Fraction | None, before: Fraction | None, form: str, language: Language) -> str:
    """How much more or less than in the period before: in percentage points, or as it is written itself."""
    if now is None or before is None:
        return ""
    more = now - before
    sign = "+" if more > 0 else "-" if more < 0 else "±"
    if form == "percent":
        return language.say(N_("%(change)s 个百分点"), change=f"{sign}{rounded(abs(more) * 100, 1)}")
    return f"{sign}{value(abs(more), form)}"


def minutes(of: int | None, language: Language) -> str:
    """`3 小时 20 分`; a dash where there is none."""
    return "—" if of is None else formats.span(timedelta(minutes=of), language)

"""How a budget stands, and what it will have come to at its period's end. Pure, in whole fen."""

from tenants.labels import Labelled
from tenants.refusals import N_


class Standing(Labelled):
    """How much of a budget is used."""

    OK = "ok", N_("正常")
    WARNED = "warned", N_("已用八成")
    FLAGGED = "flagged", N_("已用完")


# In per cent of the budget; from there on it stands so.
THRESHOLDS = {Standing.WARNED: 80, Standing.FLAGGED: 100}


def watch(used: int, limit: int) -> Standing:
    """How a budget of `limit` fen stands when `used` fen are spent; exactly at a threshold it is passed.

    Compared as whole numbers, so that neither a fen too few nor a rounded share decides. Raises ValueError for a
    budget of nothing.
    """
    if limit < 1:
        raise ValueError("a budget is at least one fen")
    return max(
        (standing for standing, percent in THRESHOLDS.items() if used * 100 >= limit * percent),
        key=THRESHOLDS.__getitem__,
        default=Standing.OK,
    )


def passed(used: int, limit: int) -> list[Standing]:
    """Every threshold that is passed, the lowest first."""
    return [standing for standing, percent in THRESHOLDS.items() if used * 100 >= limit * percent]


def forecast(used: int, recent: int, *, workdays: int, ahead: int) -> int:
    """What will be used at the period's end, in fen: what is used, and the recent pace for the workdays ahead.

    `recent` fen were spent over the last `workdays` workdays, as many as the whole period has
    (`billing.budgets.periods.pace_of`): of a period that has just begun mostly before it, so a first large invoice
    is not taken for every day's. Days before anything was ever spent count as days on which nothing was: the forecast
    of a new budget begins low and grows. Rounded half up once; never below `used`, and `used` itself at the end.
    """
    if not 0 <= ahead <= workdays or workdays < 1:
        raise ValueError("a period has workdays, and no more of them lie ahead")
    return used + (2 * recent * ahead + workdays) // (2 * workdays)

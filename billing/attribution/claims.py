"""Claims against platforms, carriers and suppliers: what came in, and who bears what did not (domain.md section 6)."""

from msgspec import Struct

from billing.attribution.allocations import Part
from billing.attribution.errors import ClaimOutOfRange
from billing.parties import Party
from tenants.labels import Labelled
from tenants.refusals import N_


class ClaimResult(Labelled):
    """How a claim ended."""

    WON = "won", N_("索赔成功")
    PARTLY = "partly", N_("部分赔付")
    FAILED = "failed", N_("索赔不成")


class Outcome(Struct, frozen=True, gc=False):
    """The end of a claim, in fen: what it brought, and the rest with who bears it."""

    result: ClaimResult
    received: int
    rest: int
    rest_to: Party | None


def conclude(part: Part, received: int) -> Outcome:
    """The outcome of the claim for this part when `received` fen came in.

    Raises ClaimOutOfRange where that is more than the part or of the other sign; ValueError where nothing is claimed.
    """
    if part.failed_to is None:
        raise ValueError(f"nothing is claimed from {part.party}")
    if not min(0, part.fen) <= received <= max(0, part.fen):
        raise ClaimOutOfRange
    rest = part.fen - received
    if not rest:
        return Outcome(ClaimResult.WON, received, 0, None)
    return Outcome(ClaimResult.PARTLY if received else ClaimResult.FAILED, received, rest, part.failed_to)

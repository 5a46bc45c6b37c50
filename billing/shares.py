"""Shares of a whole, in basis points: 10000 are 100 %."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from billing.parties import Party
from tenants.refusals import N_, Message
from tenants.shapes import Unfit

WHOLE = 10_000


class Share(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One party's part of the whole, in basis points."""

    party: Annotated[Party, Meta(title=N_("责任方"))]
    basis_points: Annotated[
        int, Meta(ge=1, le=WHOLE, title=N_("比例"), description="万分之一", extra={"widget": "share"})
    ]


def check_shares(shares: Sequence[Share], field: str) -> None:
    """Return when the shares are those of different parties and make up the whole; otherwise raise Unfit."""
    if len({share.party for share in shares}) != len(shares):
        raise Unfit(Message(N_("同一责任方只能出现一次")), field)
    total = sum(share.basis_points for share in shares)
    if total != WHOLE:
        raise Unfit(Message(N_("各方比例之和须为 100%%，现为 %(percent)s%%"), percent=percent(total)), field)


def percent(basis_points: int) -> str:
    """Basis points written in per cent without trailing zeros: 3350 is "33.5"."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".")

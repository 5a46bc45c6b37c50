"""The responsibility for a problem as a ticket determines it (domain.md section 6)."""

from typing import Annotated

from msgspec import Meta, Struct

from billing.shares import Share, check_shares
from tenants.refusals import N_


class Determination(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is responsible, to what part, on what basis and by which clause.

    A value: a later determination stands beside an earlier one and never edits it.
    """

    shares: Annotated[
        tuple[Share, ...],
        Meta(min_length=1, max_length=7, title=N_("责任比例"), extra={"widget": "shares"}),
    ]
    basis: Annotated[str, Meta(min_length=1, max_length=4000, title=N_("判定依据"), extra={"widget": "text"})]
    clause: Annotated[str, Meta(max_length=200, title=N_("适用条款"), extra={"widget": "line"})] = ""

    def __post_init__(self) -> None:
        """Refuse shares that repeat a party or do not make up the whole."""
        check_shares(self.shares, "shares")

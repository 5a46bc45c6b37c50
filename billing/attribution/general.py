"""The general rule (domain.md section 6) decides where the contract says nothing; each tenant may set its own."""

from typing import Annotated

from msgspec import Meta, Struct

from billing.clauses import CostClause
from billing.parties import CLAIMED_FROM, CostCategory, Party
from billing.shares import WHOLE, Share
from tenants.refusals import N_, Message
from tenants.shapes import Unfit


class GeneralRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A version of the general rule: for every cause and category exactly one clause."""

    version: Annotated[int, Meta(ge=0, title=N_("版本"))]
    clauses: Annotated[tuple[CostClause, ...], Meta(min_length=1, max_length=70, title=N_("一般规则"))]

    def __post_init__(self) -> None:
        """Refuse a rule that leaves a cost undecided or decides it twice."""
        check_clauses(self.clauses)


def check_clauses(clauses: tuple[CostClause, ...]) -> None:
    """Return when the clauses decide every cause and category exactly once; otherwise raise Unfit."""
    decided = [(clause.cause, category) for clause in clauses for category in clause.covers()]
    twice = {pair for pair in decided if decided.count(pair) > 1}
    if twice:
        raise Unfit(_named(N_("%(cause)s原因造成的“%(category)s”有两条规则"), *min(twice)), "clauses")
    left = {(cause, category) for cause in Party for category in CostCategory} - set(decided)
    if left:
        raise Unfit(_named(N_("%(cause)s原因造成的“%(category)s”没有规则"), *min(left)), "clauses")


def _named(message: str, cause: Party, category: CostCategory) -> Message:
    return Message(message, cause=cause, category=category)


def _clause(cause: Party) -> CostClause:
    """Who caused it bears it; a claim is made where one can be; nature and consumers are the agency's risk."""
    bears = cause if cause in CLAIMED_FROM | {Party.MERCHANT} else Party.AGENCY
    return CostClause(
        number=f"G-{cause.value}",
        cause=cause,
        shares=(Share(party=bears, basis_points=WHOLE),),
        failed_claim_to=Party.AGENCY if cause in CLAIMED_FROM else None,
    )


# The rule of domain.md section 6 for a tenant that has set none. What a cost of each category may reasonably come to is
# the tenant's to say: until then the merchant bears what finance has verified.
STANDARD = GeneralRule(version=0, clauses=tuple(_clause(cause) for cause in Party))

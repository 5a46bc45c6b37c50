"""A rule: the clauses of a contract version before the general rule, made ready for many costs."""

from collections.abc import Iterable

from msgspec import Struct

from billing.attribution.errors import AmountsClosed
from billing.attribution.general import STANDARD, GeneralRule
from billing.clauses import Cap, CapPeriod, CostClause, ThresholdKind
from billing.parties import CLAIMED_FROM, CostCategory, Party

_IN_TURN = tuple(CapPeriod)


class Limit(Struct, frozen=True, gc=False):
    """A threshold that is known: how much, in fen, and whose it is."""

    fen: int
    party: Party


class Course(Struct, frozen=True, kw_only=True):
    """What one clause says about costs of one category: everything looked up that does not depend on the cost."""

    clause: str
    general: bool
    parties: tuple[Party, ...]
    weights: tuple[int, ...]
    minimum: Limit | None
    reasonable: Limit | None
    deductible: Limit | None
    caps: dict[Party, tuple[Cap, ...]]
    failed_to: dict[Party, Party]


class Rule:
    """Who bears which cost under one contract version and the tenant's general rule.

    `version` names both, and with the cost and the use of the caps it determines the allocation. Build it once for a
    version: that is where the clauses are read. Raises AmountsClosed for a clause whose amounts are not known.
    """

    __slots__ = ("courses", "version")

    def __init__(self, version: str, clauses: tuple[CostClause, ...] = (), general: GeneralRule = STANDARD) -> None:
        self.version = version
        self.courses: dict[tuple[Party, CostCategory], Course] = {}
        # The contract comes later and takes the place of the general rule.
        for is_general, those in ((True, general.clauses), (False, clauses)):
            for clause in those:
                for category in clause.covers():
                    self.courses[clause.cause, category] = _course(clause, category, general=is_general)

    def says_as(self, other: "Rule", causes: Iterable[Party], category: CostCategory) -> bool:
        """Whether both say the same of costs of this category and causes, to the amounts and clause numbers."""
        return all(self.courses[cause, category] == other.courses[cause, category] for cause in causes)


def _course(clause: CostClause, category: CostCategory, *, general: bool) -> Course:
    # By party, so that the fen left over by rounding go to the same party however the clause lists them.
    shares = sorted(clause.shares, key=lambda share: share.party)
    caps: dict[Party, tuple[Cap, ...]] = {}
    for cap in sorted(clause.caps, key=lambda cap: _IN_TURN.index(cap.per)):
        if cap.fen is None:
            raise AmountsClosed(clause.number)
        caps[cap.party] = (*caps.get(cap.party, ()), cap)
    failed_to = clause.failed_claim_to
    return Course(
        clause=clause.number,
        general=general,
        parties=tuple(share.party for share in shares),
        weights=tuple(share.basis_points for share in shares),
        minimum=_limit(clause, ThresholdKind.MINIMUM, category),
        reasonable=_limit(clause, ThresholdKind.REASONABLE, category),
        deductible=_limit(clause, ThresholdKind.DEDUCTIBLE, category),
        caps=caps,
        failed_to={} if failed_to is None else dict.fromkeys(CLAIMED_FROM, failed_to),
    )


def _limit(clause: CostClause, kind: ThresholdKind, category: CostCategory) -> Limit | None:
    threshold = clause.threshold(kind, category)
    if threshold is None:
        return None
    if threshold.fen is None:
        raise AmountsClosed(clause.number)
    return Limit(threshold.fen, threshold.borne_by)

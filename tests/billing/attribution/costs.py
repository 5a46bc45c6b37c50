"""Costs, clauses and rules for the tests of attribution, in few words and drawn by Hypothesis."""

from datetime import date
from uuid import UUID

from hypothesis import strategies as st

from billing.attribution.allocations import CostFacts
from billing.clauses import Cap, CapPeriod, CostClause, Threshold, ThresholdKind
from billing.parties import BEARERS, CLAIMED_FROM, CostCategory, Party
from billing.shares import WHOLE, Share

FREIGHT = CostCategory.FREIGHT
MERCHANT, AGENCY, CARRIER = Party.MERCHANT, Party.AGENCY, Party.CARRIER


def shares(**points: int) -> tuple[Share, ...]:
    """Shares by the parties' names, in basis points."""
    return tuple(Share(party=Party(name), basis_points=part) for name, part in points.items())


def cost(
    fen: int, *, on: str = "2026-03-05", category: CostCategory = FREIGHT, number: int = 1, **points: int
) -> CostFacts:
    """A cost of freight in March that, where nothing else is said, the merchant caused."""
    caused = shares(**(points or {"merchant": WHOLE}))
    return CostFacts(
        item_id=UUID(int=number), category=category, fen=fen, incurred_on=date.fromisoformat(on), shares=caused
    )


def clause(**given: object) -> CostClause:
    """Clause 8.1: what the merchant caused is shared seven to three between merchant and agency."""
    said: dict[str, object] = {"number": "8.1", "cause": MERCHANT, "shares": shares(merchant=7000, agency=3000)}
    return CostClause(**{**said, **given})  # type: ignore[arg-type]


def cap(fen: int, *, per: CapPeriod = CapPeriod.ITEM, party: Party = MERCHANT, beyond_to: Party = AGENCY) -> Cap:
    """A cap of the merchant's part of each cost, the rest to the agency."""
    return Cap(party=party, per=per, fen=fen, beyond_to=beyond_to)


def threshold(kind: ThresholdKind, fen: int, **given: object) -> Threshold:
    """A threshold whose amount the agency bears."""
    return Threshold(kind=kind, fen=fen, **given)  # type: ignore[arg-type]


FEN = st.integers(-(10**10), 10**10)


@st.composite
def some_shares(draw: st.DrawFn, among: frozenset[Party]) -> tuple[Share, ...]:
    """One to four of the parties with shares that make up the whole."""
    parties = draw(st.lists(st.sampled_from(sorted(among)), min_size=1, max_size=4, unique=True))
    size = len(parties) - 1
    cuts = sorted(draw(st.lists(st.integers(1, WHOLE - 1), min_size=size, max_size=size, unique=True)))
    edges = [0, *cuts, WHOLE]
    return tuple(
        Share(party=party, basis_points=edges[place + 1] - edges[place]) for place, party in enumerate(parties)
    )


@st.composite
def some_clause(draw: st.DrawFn, cause: Party) -> CostClause:
    """Any clause about this cause: shares, caps that pass on to anyone, thresholds, excluded categories."""
    sharing = draw(some_shares(BEARERS))
    places = draw(st.lists(st.tuples(st.sampled_from([share.party for share in sharing]), st.sampled_from(CapPeriod))))
    caps = tuple(
        Cap(
            party=party,
            per=per,
            fen=draw(st.integers(0, 10**7)),
            beyond_to=draw(st.sampled_from(sorted(BEARERS - {party}))),
        )
        for party, per in dict.fromkeys(places)
    )
    kinds = draw(st.lists(st.sampled_from(ThresholdKind), unique=True))
    return CostClause(
        number=f"8.{cause.value}",
        cause=cause,
        shares=sharing,
        excluded=tuple(draw(st.lists(st.sampled_from(CostCategory), max_size=3, unique=True))),
        caps=caps,
        failed_claim_to=draw(st.sampled_from(sorted(BEARERS - CLAIMED_FROM))),
        thresholds=tuple(
            Threshold(
                kind=kind,
                fen=draw(st.integers(0, 10**6)),
                borne_by=draw(st.sampled_from(sorted(BEARERS - CLAIMED_FROM))),
            )
            for kind in kinds
        ),
    )


@st.composite
def some_clauses(draw: st.DrawFn) -> tuple[CostClause, ...]:
    """The clauses of a contract: about some causes."""
    causes = draw(st.lists(st.sampled_from(Party), max_size=3, unique=True))
    return tuple(draw(some_clause(cause)) for cause in causes)


@st.composite
def some_costs(draw: st.DrawFn) -> list[CostFacts]:
    """A few costs of two months."""
    return [
        CostFacts(
            item_id=UUID(int=number + 1),
            category=draw(st.sampled_from(CostCategory)),
            fen=draw(FEN),
            incurred_on=date(2026, draw(st.integers(3, 4)), draw(st.integers(1, 28))),
            shares=draw(some_shares(frozenset(Party))),
        )
        for number in range(draw(st.integers(1, 6)))
    ]

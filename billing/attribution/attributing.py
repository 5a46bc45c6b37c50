"""From a cost to its parts: first to the causes, then each cause's part along its clause (domain.md section 6).

Along a clause, in this order: a cost below the minimum is shared with nobody; what exceeds the reasonable cost is not
shared; the deductible is not shared; the rest is shared; a share beyond a cap passes on. Every step is the same for a
credit with the signs turned round.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from billing.allotment import allot
from billing.attribution.allocations import Allocation, Call, CostFacts, Part, Step, StepKind, Use
from billing.attribution.rules import Course, Rule
from billing.clauses import Cap, CapPeriod
from billing.parties import Party
from billing.shares import WHOLE, Share, check_shares

UNUSED: Final[Mapping[Use, int]] = {}


def attribute(facts: CostFacts, rule: Rule, used: Mapping[Use, int] = UNUSED) -> Allocation:
    """Who bears this cost. `used` is what was called on the caps so far, in fen.

    Count what earlier costs called, also beyond a cap: then a credit takes back first what had gone beyond it, and the
    sum of a period does not depend on the order of its costs. Where there are no credits but costs fall away, count
    what the caps let through of those that stand: then the room of what fell away is there again.

    The parts add up to the cost. Raises Unfit where the shares of the causes do not make up the whole.
    """
    causes, weights = _causes(facts.shares)
    amounts = (facts.fen,) if len(causes) == 1 else allot(facts.fen, weights)
    parts: list[Part] = []
    calls: dict[Use, Call] = {}
    for cause, weight, fen in zip(causes, weights, amounts, strict=True):
        along = _Along(rule.courses[cause, facts.category], facts.incurred_on, used, calls)
        along.cause(facts.fen, weight, fen)
        parts += along.parts(cause)
    return Allocation(facts.item_id, rule.version, tuple(parts), tuple(calls.values()))


def attribute_all(costs: Iterable[CostFacts], rule: Rule) -> Iterator[Allocation]:
    """The allocations of costs under one rule in their order, each with the caps as those before it left them."""
    used: dict[Use, int] = {}
    for facts in costs:
        allocation = attribute(facts, rule, used)
        for use, called, _ in allocation.calls:
            used[use] = used.get(use, 0) + called
        yield allocation


# The costs of a ticket have one determination, and most tickets one of few.
@lru_cache(maxsize=4096)
def _causes(shares: tuple[Share, ...]) -> tuple[tuple[Party, ...], tuple[int, ...]]:
    """The causes and their shares, by party, so that rounding does not depend on how they are listed."""
    check_shares(shares, "shares")
    ordered = sorted(shares, key=lambda share: share.party)
    return tuple(share.party for share in ordered), tuple(share.basis_points for share in ordered)


class _Along:
    """One cause's part of one cost on its way along a clause."""

    __slots__ = ("_calls", "_course", "_items", "_on", "_steps", "_used")

    def __init__(self, course: Course, on: date, used: Mapping[Use, int], calls: dict[Use, Call]) -> None:
        self._course = course
        self._on = on
        self._used = used
        self._calls = calls
        self._steps: dict[Party, list[Step]] = {}
        self._items: dict[Party, int] = {}

    def cause(self, whole: int, basis_points: int, fen: int) -> None:
        """Bring what the cause is responsible for to the parties."""
        course = self._course
        rounding = 0 if basis_points == WHOLE else fen - _towards_zero(whole * basis_points)
        first = Step(StepKind.CAUSE, 0, whole, basis_points, rounding)
        for party in course.parties:
            self._steps[party] = [first]
        if course.minimum is not None and abs(whole) < course.minimum.fen:
            self._alone(StepKind.MINIMUM, course.minimum.party, fen, first)
            return
        shared = fen
        if course.reasonable is not None:
            reasonable = _clamp(shared, course.reasonable.fen * basis_points // WHOLE)
            self._alone(StepKind.UNREASONABLE, course.reasonable.party, shared - reasonable, first)
            shared = reasonable
        if course.deductible is not None:
            deductible = _clamp(shared, course.deductible.fen * basis_points // WHOLE)
            self._alone(StepKind.DEDUCTIBLE, course.deductible.party, deductible, first)
            shared -= deductible
        self._share(shared)

    def parts(self, cause: Party) -> Iterator[Part]:
        """What each party bears of it: those who share, though it be nothing, and those on whom something fell."""
        course = self._course
        for party, steps in self._steps.items():
            # The first step only names the cause, and most parts have one more.
            fen = steps[1].fen if len(steps) == 2 else sum([step.fen for step in steps])
            yield Part(cause, party, fen, course.clause, course.general, course.failed_to.get(party), tuple(steps))

    def _alone(self, kind: StepKind, party: Party, fen: int, first: Step) -> None:
        if fen:
            self._steps.setdefault(party, [first]).append(Step(kind, fen))

    def _share(self, fen: int) -> None:
        course = self._course
        steps = self._steps
        if len(course.parties) == 1:
            amounts: tuple[int, ...] = (fen,)
            steps[course.parties[0]].append(Step(StepKind.SHARE, fen, fen, WHOLE))
        else:
            amounts = allot(fen, course.weights)
            for party, weight, amount in zip(course.parties, course.weights, amounts, strict=True):
                rounding = amount - _towards_zero(fen * weight)
                steps[party].append(Step(StepKind.SHARE, amount, fen, weight, rounding))
        if course.caps:
            for party, amount in zip(course.parties, amounts, strict=True):
                self._cap(party, amount, frozenset({party}))

    def _cap(self, party: Party, fen: int, passed: frozenset[Party]) -> None:
        """Let the party's caps have their say about `fen` more; what goes beyond one passes on."""
        for cap in self._course.caps.get(party, ()):
            within = self._within(cap, fen)
            if within != fen:
                self._pass_on(cap, fen - within, passed)
                fen = within

    def _within(self, cap: Cap, fen: int) -> int:
        limit = cap.fen or 0
        if cap.per is CapPeriod.ITEM:
            before = self._items.get(cap.party, 0)
            self._items[cap.party] = before + fen
            return _clamp(before + fen, limit) - _clamp(before, limit)
        period = self._on.isoformat()[:7] if cap.per is CapPeriod.MONTH else ""
        use = Use(self._course.clause, self._course.general, cap.party, cap.per, period)
        earlier = self._calls.get(use) or Call(use, 0, 0)
        before = self._used.get(use, 0) + earlier.called
        within = _clamp(before + fen, limit) - _clamp(before, limit)
        self._calls[use] = Call(use, earlier.called + fen, earlier.within + within)
        return within

    def _pass_on(self, cap: Cap, fen: int, passed: frozenset[Party]) -> None:
        self._steps[cap.party].append(Step(StepKind.CAPPED, -fen, other=cap.beyond_to, per=cap.per))
        taker = cap.beyond_to
        steps = self._steps.setdefault(taker, self._steps[cap.party][:1])
        steps.append(Step(StepKind.TAKEN_OVER, fen, other=cap.party, per=cap.per))
        # Two that pass on to each other would do so for ever: whom it reaches a second time keeps it.
        if taker not in passed:
            self._cap(taker, fen, passed | {taker})


def _towards_zero(ten_thousandths: int) -> int:
    return -(-ten_thousandths // WHOLE) if ten_thousandths < 0 else ten_thousandths // WHOLE


def _clamp(fen: int, limit: int) -> int:
    """The nearest amount to `fen` between -limit and limit."""
    return max(-limit, min(limit, fen))

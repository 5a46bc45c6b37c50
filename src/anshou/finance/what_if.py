"""What another rule would have made of the last months, before it is adopted (domain.md section 6).

Reads what was verified and whose responsibility is determined; changes nothing. Each cost is judged as the books judge
it: by the contract and the general rule of the day on which its problem occurred.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from anshou.finance.reach import ON_TICKET
from anshou.finance.rules_of_day import clauses_of
from anshou.finance.ruling import RuleDraft
from anshou.merchants.contracts import ContractVersion, find_contract_in_force
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.determinations import Determination, DeterminationShare
from anshou.tickets.tickets import Ticket
from billing.attribution.allocations import CostFacts
from billing.attribution.comparing import Difference, compare
from billing.attribution.general import GeneralRule
from billing.attribution.rules import Rule
from billing.attribution.setting import general_rules, rule_on
from billing.clauses import CostClause
from billing.costs.items import CostItem
from billing.costs.states import BOOKED
from billing.ledger.periods import month_after
from billing.shares import Share


@dataclass(frozen=True, slots=True)
class Months:
    """Whole months by their first days, both included: those in which costs were incurred."""

    since: date
    last: date

    @property
    def until(self) -> date:
        """The first day after them."""
        return month_after(self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What would be adopted: another general rule, or a draft of a merchant's contract, or both."""

    general: RuleDraft | None = None
    draft: ContractVersion | None = None

    def general_on(self, day: date) -> GeneralRule | None:
        """The proposed general rule where it would decide."""
        if self.general is None or day < self.general.valid_from:
            return None
        return GeneralRule(version=0, clauses=self.general.clauses)

    def draft_on(self, merchant_id: UUID, day: date) -> ContractVersion | None:
        """The draft where it would be in force."""
        draft = self.draft
        if draft is None or draft.merchant_id != merchant_id or day < draft.valid_from:
            return None
        return None if draft.valid_until is not None and day > draft.valid_until else draft


async def what_if(
    session: AsyncSession, months: Months, proposed: Proposed, *, by: Person, at: datetime
) -> tuple[Difference, ...]:
    """What each party bears by merchant, month and category, as it is and with what is proposed.

    Raises PermissionMissing, AmountsClosed.
    """
    authorize(by, Permission.SET_ATTRIBUTION_RULES)
    costs, occurred = await _costs(session, months)
    rules = _Rules(session, proposed, at)
    now: dict[UUID, Rule] = {}
    then: dict[UUID, Rule] = {}
    for merchant_id, those in costs.items():
        for facts in those:
            now[facts.item_id], then[facts.item_id] = await rules.of_day(merchant_id, occurred[facts.item_id])
    return compare(costs, lambda _, facts: now[facts.item_id], lambda _, facts: then[facts.item_id])


class _Rules:
    """The rules of days as they are and as they would be, each made ready once."""

    def __init__(self, session: AsyncSession, proposed: Proposed, at: datetime) -> None:
        self._session = session
        self._proposed = proposed
        self._at = at
        self._days: dict[tuple[UUID, date], tuple[Rule, Rule]] = {}
        self._clauses: dict[UUID, tuple[CostClause, ...]] = {}

    async def of_day(self, merchant_id: UUID, on: date) -> tuple[Rule, Rule]:
        """Both rules for what happened to the merchant on that day."""
        if (merchant_id, on) not in self._days:
            contract = await find_contract_in_force(self._session, merchant_id, on)
            general = rule_on(await general_rules(self._session), on)
            before = await self._rule(contract, general)
            draft = self._proposed.draft_on(merchant_id, on)
            after = await self._rule(draft or contract, self._proposed.general_on(on) or general)
            self._days[merchant_id, on] = before, after
        return self._days[merchant_id, on]

    async def _rule(self, contract: ContractVersion | None, general: GeneralRule) -> Rule:
        if contract is None:
            return Rule("", (), general)
        if contract.id not in self._clauses:
            self._clauses[contract.id] = await clauses_of(self._session, contract, at=self._at)
        # Named by the contract alone: its caps are used up whichever general rule stands behind it.
        return Rule(str(contract.id), self._clauses[contract.id], general)


async def _costs(session: AsyncSession, months: Months) -> tuple[dict[UUID, list[CostFacts]], dict[UUID, date]]:
    """What was booked of these months and is determined, by merchant; and by item when the problem occurred."""
    later = aliased(Determination)
    counting = ~exists().where(later.merchant_id == Determination.merchant_id, later.replaces_id == Determination.id)
    query = (
        select(CostItem, Ticket.occurred_on, DeterminationShare.party, DeterminationShare.basis_points)
        .join(Ticket, ON_TICKET)
        .join(
            Determination,
            (Determination.merchant_id == Ticket.merchant_id) & (Determination.ticket_id == Ticket.id) & counting,
        )
        .join(
            DeterminationShare,
            (DeterminationShare.merchant_id == Determination.merchant_id)
            & (DeterminationShare.determination_id == Determination.id),
        )
        .where(CostItem.state.in_(BOOKED), CostItem.incurred_on >= months.since, CostItem.incurred_on < months.until)
        .order_by(CostItem.id, DeterminationShare.party)
    )
    items: dict[UUID, CostItem] = {}
    shares: dict[UUID, list[Share]] = {}
    occurred: dict[UUID, date] = {}
    for item, day, party, basis_points in await session.execute(query):
        items[item.id] = item
        occurred[item.id] = day
        shares.setdefault(item.id, []).append(Share(party=party, basis_points=basis_points))
    costs: dict[UUID, list[CostFacts]] = {}
    for item in items.values():
        facts = CostFacts(
            item_id=item.id,
            category=item.category,
            fen=item.fen,
            incurred_on=item.incurred_on,
            shares=tuple(shares[item.id]),
        )
        costs.setdefault(item.merchant_id, []).append(facts)
    return costs, occurred

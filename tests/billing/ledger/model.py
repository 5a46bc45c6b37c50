"""The books in a few lines of plain Python: what the ledger on PostgreSQL is compared with."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from billing.ledger.errors import (
    AlreadyReversed,
    KeyUsedOtherwise,
    PeriodClosed,
    PeriodNotFound,
    PeriodNotReady,
    SecondPersonNeeded,
)
from billing.ledger.periods import month_after
from tenants.refusals import Refusal

Outcome = type[Refusal] | None


@dataclass
class Model:
    """Months by their state; vouchers by key with their month and signed fen by account; each verb's refusal."""

    today: date
    months: dict[date, str] = field(default_factory=dict)
    asked_by: dict[date, UUID] = field(default_factory=dict)
    vouchers: dict[str, tuple[date, dict[str, int]]] = field(default_factory=dict)
    reversed: set[str] = field(default_factory=set)

    def post(self, key: str, month: date, entries: dict[str, int]) -> Outcome:
        if key in self.vouchers:
            return None if self.vouchers[key] == (month, entries) else KeyUsedOtherwise
        if month not in self.months and self._is_shut_after(month):
            return PeriodClosed
        if self.months.setdefault(month, "open") != "open":
            return PeriodClosed
        self.vouchers[key] = (month, entries)
        return None

    def reverse(self, key: str) -> Outcome:
        if key in self.reversed:
            return AlreadyReversed
        booked, entries = self.vouchers[key]
        shut = [month for month, state in self.months.items() if state != "open"]
        target = max([max(self.today, booked), *map(month_after, shut)])
        self.months.setdefault(target, "open")
        self.reversed.add(key)
        self.vouchers[f"reversal of {key}"] = (target, {code: -fen for code, fen in entries.items()})
        return None

    def close(self, month: date) -> Outcome:
        if month not in self.months:
            return PeriodNotFound
        if self.months[month] != "open" or any(m < month and state == "open" for m, state in self.months.items()):
            return PeriodNotReady
        self.months[month] = "closed"
        return None

    def request(self, month: date, by: UUID) -> Outcome:
        if month not in self.months:
            return PeriodNotFound
        if self.months[month] != "closed" or self._is_shut_after(month):
            return PeriodNotReady
        self.months[month], self.asked_by[month] = "reopening", by
        return None

    def decide(self, month: date, by: UUID, *, agreed: bool) -> Outcome:
        if month not in self.months:
            return PeriodNotFound
        if self.months[month] != "reopening":
            return PeriodNotReady
        if agreed and self.asked_by[month] == by:
            return SecondPersonNeeded
        self.months[month] = "open" if agreed else "closed"
        return None

    def balances(self, month: date) -> dict[str, int]:
        """Debit less credit by account up to the month's end, of those that have moved."""
        found: dict[str, int] = {}
        for booked, entries in self.vouchers.values():
            for code, fen in entries.items() if booked <= month else ():
                found[code] = found.get(code, 0) + fen
        return found

    def _is_shut_after(self, month: date) -> bool:
        return any(later > month and state != "open" for later, state in self.months.items())

"""What a checked row says, and what was found on the way. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from anshou.people.roles import Department
from anshou.tickets.importing.dates import Habits, Rule
from anshou.tickets.importing.fields import Field
from anshou.tickets.importing.wording import Known, Standing
from anshou.tickets.kinds import Channel, Kind, Urgency
from tenants.labels import Labelled
from tenants.refusals import N_


class Weight(Labelled):
    """What is asked of a person."""

    # Nothing is proposed: a value is typed, a choice made, or the row skipped.
    PROBLEM = "problem", N_("须改正")
    # A value is proposed for this cell or row.
    PROPOSAL = "proposal", N_("待确认的建议")
    # The same harmless change to many cells, confirmed once.
    RULE = "rule", N_("待确认的规则")


WEIGHTS: dict[Rule, Weight] = {
    **dict.fromkeys((Rule.WRITTEN, Rule.AMOUNT, Rule.TITLE, Rule.MIDNIGHT), Weight.RULE),
    **dict.fromkeys(
        (
            Rule.MISSING,
            Rule.UNREADABLE,
            Rule.NOT_CHOSEN,
            Rule.ELSEWHERE,
            Rule.ENDED,
            Rule.BACKWARDS,
            Rule.FUTURE,
        ),
        Weight.PROBLEM,
    ),
}

# What is accepted by leaving the row out.
SKIPPING = frozenset({Rule.SUBTOTAL, Rule.TWICE, Rule.CHANGED_SINCE})


def weight_of(rule: Rule) -> Weight:
    """What is asked when the rule is met."""
    return WEIGHTS.get(rule, Weight.PROPOSAL)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a person decides about: in one cell, or in `count` of them for a rule, with the first's line."""

    line: int
    field: Field
    rule: Rule
    raw: str
    proposed: str = ""
    count: int = 1

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """By which a decision is known again when the rows are checked anew."""
        place = "" if weight_of(self.rule) is Weight.RULE else str(self.line)
        told = "" if weight_of(self.rule) is Weight.RULE else self.raw
        return place, str(self.field), str(self.rule), told, "" if not place else self.proposed


@dataclass(slots=True)
class Line:
    """A row that can become a ticket. Instants are UTC; `finished` only where it has ended."""

    number: int
    source: str
    merchant: UUID
    shop: UUID | None
    kind: Kind
    standing: Standing
    channel: Channel
    urgency: Urgency
    department: Department | None
    owner: UUID | None
    title: str
    description: str
    request: str
    opened_at: datetime
    occurred_on: object
    promised_at: datetime | None
    closed_at: datetime | None
    fen: int | None
    plan: str
    result: str
    inner: dict[str, str]
    fingerprint: bytes = b""
    identity: bytes = b""


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What a person chose for a file: fields by column, meanings by field and value, merchants to be sealed."""

    columns: dict[int, str] = {}
    values: dict[str, dict[str, str]] = {}
    sealed: list[UUID] = []

    def place_of(self, one: Field) -> int | None:
        """In which column a field stands."""
        return next((place for place, name in self.columns.items() if name == one.value), None)

    def meaning(self, one: Field, key: str) -> str | None:
        """What was chosen for a value."""
        return self.values.get(one.value, {}).get(key)


@dataclass(slots=True)
class Checked:
    """What came of checking every row."""

    lines: list[Line] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    rows: int = 0
    # Rows that are tickets already, with their numbers.
    there: dict[int, str] = field(default_factory=dict)


Changes = Mapping[tuple[int, str], str]
"""Cells that a person typed anew, by line and field."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What rows are checked against. `there` and `alike` find rows that are tickets already, by hash."""

    known: Known
    zone: ZoneInfo
    now: datetime
    salt: bytes
    habits: Mapping[Field, Habits] = field(default_factory=dict)
    there: Mapping[bytes, str] = field(default_factory=dict)
    alike: Mapping[bytes, str] = field(default_factory=dict)

"""Lines of both sides whose truth is known: two lines belong together when the first halves of their ids are equal.

What is made, per hundred movements: 80 exact; 6 shifted by days, one of them without a common reference; 4 that differ
within the tolerance; 3 one to many, 3 many to one, half a one of them with a stranger under the same reference; 1 that
one side carries twice; 3 of noise, a tenth of it a movement whose reference was mistyped. A third of all amounts are
price points that thousands of others share, and a fiftieth of the exact ones come twice under one reference.
"""

import hashlib
import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from billing.reconciliation.rules import MatchRule

RULE = MatchRule(
    source="platform", against="books", tolerance_fen=5, tolerance_basis_points=10, window_days=3, group_by="order"
)

_FIRST = date(2026, 10, 1)
_PRICE_POINTS = (800, 1000, 1200, 1500, 990, 1990, 2990, 3990, 5900, 9900)


class Made(NamedTuple):
    """One line in the shape of the tables of the bench."""

    id: UUID
    source: str
    booked_on: date
    fen: int
    currency: str
    refs: list[str]
    counterparty: str
    text: str


Sides = tuple[list[Made], list[Made]]
"""External and internal lines of one movement."""


class Truth:
    """A seeded maker of movements."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._number = 0

    def movements(self, lines: int) -> Iterator[Sides]:
        """Movements until the external side has so many lines."""
        made = 0
        kinds = (self._exact, self._shifted, self._unreferenced, self._tolerated, self._one_to_many, self._many_to_one)
        kinds += (self._with_a_stranger, self._twice, self._alone, self._mistyped)
        weights = (800, 50, 10, 40, 28, 27, 5, 10, 27, 3)
        while made < lines:
            (kind,) = self._random.choices(kinds, weights)
            for sides in kind():
                made += len(sides[0])
                yield sides

    def _exact(self) -> Iterator[Sides]:
        order, fen, day = self._order(), self._fen(), self._day()
        yield [self._external(fen, day, [order])], [self._internal(fen, day, [order])]
        if self._random.random() < 0.02:
            self._next()
            later = day + timedelta(days=self._random.randint(1, 9))
            yield [self._external(fen, later, [order])], [self._internal(fen, later, [order])]

    def _shifted(self) -> Iterator[Sides]:
        order, fen, day = self._order(), self._fen(), self._day()
        later = day + timedelta(days=self._random.randint(1, 12))
        yield [self._external(fen, later, [order])], [self._internal(fen, day, [order])]

    def _unreferenced(self) -> Iterator[Sides]:
        self._next()
        fen, day, name = self._random.randint(100, 9_000_000), self._day(), f"客户 {self._random.randint(1, 5000)}"
        later = day + timedelta(days=self._random.randint(0, 3))
        told = name if self._random.random() < 0.7 else ""
        yield (
            [self._external(fen, later, [f"flow:{self._number:016}"], told)],
            [self._internal(fen, day, [f"voucher:{self._number:08}"], name.replace(" ", ""))],
        )

    def _tolerated(self) -> Iterator[Sides]:
        order, fen, day = self._order(), self._fen(), self._day()
        off = self._random.choice((-1, 1)) * self._random.randint(1, max(5, abs(fen) // 1000))
        later = day + timedelta(days=self._random.randint(0, 3))
        yield [self._external(fen + off, later, [order])], [self._internal(fen, day, [order])]

    def _one_to_many(self) -> Iterator[Sides]:
        order, day, parts = self._order(), self._day(), self._parts()
        yield [self._external(sum(parts), day, [order])], [self._internal(fen, day, [order]) for fen in parts]

    def _many_to_one(self) -> Iterator[Sides]:
        order, day, parts = self._order(), self._day(), self._parts()
        yield [self._external(fen, day, [order]) for fen in parts], [self._internal(sum(parts), day, [order])]

    def _with_a_stranger(self) -> Iterator[Sides]:
        for external, internal in self._one_to_many():
            order = internal[0].refs
            yield external, internal
            self._next()
            yield [], [self._internal(self._fen(), self._day(), order)]

    def _twice(self) -> Iterator[Sides]:
        for external, internal in self._exact():
            external, internal = external[:1], internal[:1]
            again = external if self._random.random() < 0.5 else internal
            again.append(again[0]._replace(id=self._id()))
            yield external, internal
            return

    def _alone(self) -> Iterator[Sides]:
        order, fen, day = self._order(), self._fen(), self._day()
        refs = [order] if self._random.random() < 0.8 else []
        if self._random.random() < 0.5:
            yield [self._external(fen, day, refs)], []
        else:
            yield [], [self._internal(fen, day, refs)]

    def _mistyped(self) -> Iterator[Sides]:
        order, fen, day = self._order(), self._fen(), self._day()
        place = self._random.randint(10, len(order) - 1)
        wrong = order[:place] + str((int(order[place]) + 1) % 10) + order[place + 1 :]
        yield [self._external(fen, day, [wrong])], [self._internal(fen, day, [order])]

    def _next(self) -> None:
        self._number += 1

    def _order(self) -> str:
        """The next movement's order number, as platforms write them."""
        self._next()
        return f"order:{self._random.randint(10**17, 10**18 - 1)}{self._number % 1000:03}"

    def _fen(self) -> int:
        fen = self._random.choice(_PRICE_POINTS) if self._random.random() < 0.33 else self._random.randint(100, 80_000)
        return -fen if self._random.random() < 0.15 else fen

    def _parts(self) -> list[int]:
        """What one amount was split into: all of one sign."""
        sign = self._random.choice((-1, 1, 1, 1))
        return [sign * abs(self._fen()) for _ in range(self._random.randint(2, 6))]

    def _day(self) -> date:
        return _FIRST + timedelta(days=self._random.randint(0, 30))

    def _id(self) -> UUID:
        """The movement's number, scattered, before 64 bits of chance."""
        movement = hashlib.blake2b(self._number.to_bytes(8), digest_size=8).digest()
        return UUID(bytes=movement + self._random.randbytes(8))

    def _external(self, fen: int, day: date, refs: list[str], counterparty: str = "") -> Made:
        flow = [*refs, f"flow:{self._random.randint(10**15, 10**16)}"]
        return Made(self._id(), RULE.source, day, fen, "CNY", flow, counterparty, "订单结算")

    def _internal(self, fen: int, day: date, refs: list[str], counterparty: str = "") -> Made:
        return Made(self._id(), RULE.against, day, fen, "CNY", refs, counterparty, "售后费用")

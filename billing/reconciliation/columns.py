"""The lines of one side as arrays: 1,000,000 of them take about 100 MB, and a stage is a few passes over integers.

Texts become 64-bit codes that are only ever compared for being equal. Why so: `docs/decisions/0092-matching.md`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from billing.reconciliation.lines import UNNAMED, Line, normal_name

Ints: TypeAlias = NDArray[np.int64]
Marks: TypeAlias = NDArray[np.bool_]

NOTHING = 0
"""The code of an empty text."""


@dataclass(frozen=True)
class Columns:
    """Lines in the order of their ids, so that whatever is done in order does not depend on how they came.

    `ids` has two columns, the halves of each UUID. `booked_on` counts days. A reference stands in `ref`, `ref_kind` and
    `ref_line`, the last naming the line that carries it, in any order; a line carries the same one once.
    """

    ids: NDArray[np.uint64]
    booked_on: Ints
    fen: Ints
    currency: Ints
    source: Ints
    counterparty: Ints
    ref_line: Ints
    ref: Ints
    ref_kind: Ints

    def __len__(self) -> int:
        return len(self.fen)

    def id(self, line: int) -> UUID:
        """The id of the line at this place."""
        high, low = self.ids[line].tolist()
        return UUID(int=high << 64 | low)

    def in_order(self) -> "Columns":
        """The same lines in the order of their ids. Raises ValueError where two have the same id."""
        order = _by_id(self.ids)
        ids = self.ids[order]
        if len(ids) > 1 and bool(np.any((ids[1:, 0] == ids[:-1, 0]) & (ids[1:, 1] == ids[:-1, 1]))):
            raise ValueError("two lines have the same id")
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        return replace(
            self,
            ids=ids,
            **{name: getattr(self, name)[order] for name in ("booked_on", "fen", "currency", "source", "counterparty")},
            ref_line=place[self.ref_line],
        )


def _by_id(ids: NDArray[np.uint64]) -> Ints:
    """The order of the ids: by their first halves, and where those are alike by the second."""
    order: Ints = np.argsort(ids[:, 0])
    high = ids[order, 0]
    alike = np.zeros(len(order), np.bool_)
    alike[1:] = high[1:] == high[:-1]
    alike[:-1] |= alike[1:]
    some = order[alike]
    order[alike] = some[np.lexsort((ids[some, 1], ids[some, 0]))]
    return order


def columns_of(lines: Sequence[Line]) -> Columns:
    """The lines as columns. Raises ValueError where two have the same id."""
    references = [(number, each) for number, line in enumerate(lines) for each in dict.fromkeys(line.references)]
    halves = [(line.id.int >> 64, line.id.int & 0xFFFF_FFFF_FFFF_FFFF) for line in lines]

    def ints(values: Any) -> Ints:
        return np.fromiter(values, np.int64)

    return Columns(
        ids=np.array(halves, np.uint64).reshape(len(lines), 2),
        booked_on=ints(line.booked_on.toordinal() for line in lines),
        fen=ints(line.fen for line in lines),
        currency=ints(code(line.currency) for line in lines),
        source=ints(code(line.source) for line in lines),
        counterparty=ints(code(normal_name(line.counterparty)) for line in lines),
        ref_line=ints(number for number, _ in references),
        ref=ints(code(text) for _, text in references),
        ref_kind=ints(code(text.partition(":")[0]) for _, text in references),
    ).in_order()


def code(text: str) -> int:
    """64 bits for a text, the same in every process; `NOTHING` for "".

    Some two of two million texts share a code with a probability of 1 in 10,000,000, and then it still takes a line of
    the same amount for one to be taken for another.
    """
    if not text:
        return NOTHING
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def kind_bits(one: Columns, other: Columns) -> tuple[Ints, Ints]:
    """Per line of either side a bit for each kind of reference that it carries, but for numbers of no named kind.

    Two lines with a bit in common and no reference in common contradict each other. Kinds beyond 63 share bits, which
    leaves a pair to people that could have been matched.
    """
    kinds = np.setdiff1d(np.concatenate((one.ref_kind, other.ref_kind)), [code(UNNAMED)])

    def bits_of(side: Columns) -> Ints:
        bits = np.zeros(len(side), np.int64)
        for number, kind in enumerate(kinds.tolist()):
            bits[side.ref_line[side.ref_kind == kind]] |= 1 << number % 63
        return bits

    return bits_of(one), bits_of(other)

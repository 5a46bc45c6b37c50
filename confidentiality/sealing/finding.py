"""By what a sealed field can be found, and how many bits each of its blind indexes may have.

An index value is a keyed hash cut to a few bits, so that several texts share one and the index alone does not say which
rows hold the same text. CipherSweet's rule: of R rows, C = R / 2^(sum of min(bits, K)) share a value, over all indexes
of the field together, and 2 ≤ C ≤ √R. K is the number of bits that the indexed part of the text can have at most: four
digits have 13.3, and more than that says no more. What is found are candidates; the ring opens them and keeps the right
ones.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

ROWS = 1_000_000
"""Rows of one owner that a plan expects where nothing else is said."""

FEWEST_ROWS = 16
"""With fewer rows no number of bits satisfies the rule."""

UNIQUE_BITS = 128


@dataclass(frozen=True, slots=True)
class Exact:
    """Found by the whole text. A unique index has 128 bits: it tells which rows hold the same text."""

    unique: bool = False
    rows: int | None = None

    @property
    def name(self) -> str:
        """The index's name, which is in its column's name and in its key."""
        return "exact"

    def part(self, normal: str) -> str:
        """What is hashed."""
        return normal


@dataclass(frozen=True, slots=True)
class Last:
    """Found by the last `length` characters."""

    length: int
    rows: int | None = None

    @property
    def name(self) -> str:
        """The index's name, which is in its column's name and in its key."""
        return f"last{self.length}"

    @property
    def possible_bits(self) -> int:
        """What so many digits tell at most, rounded down."""
        return int(self.length * math.log2(10))

    def part(self, normal: str) -> str:
        """What is hashed."""
        return normal[-self.length :]


Find = Exact | Last


def exact(*, unique: bool = False, rows: int | None = None) -> Exact:
    """Found by the whole text; `rows` of one owner are expected."""
    return Exact(unique, rows)


def last(length: int, *, rows: int | None = None) -> Last:
    """Found by its last characters; `rows` of one owner are expected."""
    if length < 1:
        raise ValueError("an index of no characters finds nothing")
    return Last(length, rows)


def named(name: str, rows: int | None = None) -> Find:
    """The capability of this name, as migrations write it: `exact`, `unique`, `last4`."""
    if name in ("exact", "unique"):
        return exact(unique=name == "unique", rows=rows)
    if name.startswith("last") and name[4:].isdigit():
        return last(int(name[4:]), rows=rows)
    raise ValueError(f"nothing is found by {name!r}")


@dataclass(frozen=True, slots=True)
class Index:
    """One blind index of a field as planned."""

    find: Find
    bits: int

    @property
    def name(self) -> str:
        """The index's name."""
        return self.find.name

    @property
    def size(self) -> int:
        """Bytes of a value: as many as its bits need."""
        return -(-self.bits // 8)

    def cut(self, digest: bytes) -> bytes:
        """The first bits of the digest; what is left of the last byte is zero."""
        spare = self.size * 8 - self.bits
        value = digest[: self.size]
        return value if not spare else value[:-1] + bytes([value[-1] >> spare << spare])


def plan(find: Sequence[Find]) -> tuple[Index, ...]:
    """The field's indexes, the one with the shorter part first, with their bits.

    The shorter part gets what it can use of the budget, because a search by it alone has nothing else to go by; a
    search by the whole text uses all indexes at once. Raises ValueError where the rule cannot be kept.
    """
    if len({each.name for each in find}) != len(find):
        raise ValueError("each index of a field needs a name of its own")
    rows = {each.rows for each in find if each.rows is not None} or {ROWS}
    if len(rows) > 1:
        raise ValueError("all indexes of a field expect the same number of rows")
    budget = bits_for(rows.pop())
    planned: list[Index] = []
    left = budget
    wholes = [each for each in find if isinstance(each, Exact)]
    for each in sorted((each for each in find if isinstance(each, Last)), key=lambda part: part.length):
        # One bit at least stays for each index that is still to come.
        bits = min(each.possible_bits, left - len(wholes))
        if bits < 1:
            raise ValueError("so many indexes on one field would tell its texts apart")
        planned.append(Index(each, bits))
        left -= bits
    planned += [Index(each, UNIQUE_BITS if each.unique else min(left, 32)) for each in wholes]
    return tuple(planned)


def bits_for(rows: int) -> int:
    """The bits that all indexes of a field may have together: C is 2 or a little more."""
    if rows < FEWEST_ROWS:
        raise ValueError(f"a blind index needs at least {FEWEST_ROWS} rows to hide one of them")
    return int(math.log2(rows) - 1)

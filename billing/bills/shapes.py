"""What a bill says once it is read, and what is said of one that cannot be."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

from tenants.labels import Labelled
from tenants.refusals import N_, Invalid, Message

# What is shown of a value that could not be read: enough to find it in the file.
SHOWN = 60


class Nature(Labelled):
    """What a line is about, as far as its sender says it. Only transfers are kept out of costs for good."""

    PAYMENT = "payment", N_("交易")
    REFUND = "refund", N_("退款")
    FEE = "fee", N_("手续费与服务费")
    # Withdrawals, deposits and advertising top-ups: money that changes its place, never a cost.
    TRANSFER = "transfer", N_("提现、充值等资金划转")
    OTHER = "other", N_("其他")


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line: what moved, when, between whom.

    `number` is the line of the file, from 1. `fen` is signed: received is positive, paid negative. `fee_fen` is what
    the sender kept back of it, positive where it costs. `at` is the sender's clock, China standard time. `key` names
    the line for good: the same line in an overlapping file has the same key. `numbered` has the column that each
    reference stood in.
    """

    number: int
    on: date
    at: time | None
    fen: int
    fee_fen: int
    currency: str
    nature: Nature
    references: tuple[str, ...]
    numbered: tuple[str, ...]
    counterparty: str
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Control:
    """A total that the sender states and that the rows make up, in fen or as a number of rows."""

    name: str
    value: int
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Bill:
    """A file that was read whole: every line, and the totals that agreed.

    `left_out` counts rows that moved nothing; `gaps` are the lines at which a running balance does not continue.
    """

    layout: str
    lines: tuple[BillLine, ...]
    controls: tuple[Control, ...] = ()
    left_out: int = 0
    gaps: tuple[int, ...] = ()

    @property
    def received(self) -> int:
        """Fen that came in."""
        return sum(line.fen for line in self.lines if line.fen > 0)

    @property
    def paid(self) -> int:
        """Fen that went out, as a positive figure."""
        return -sum(line.fen for line in self.lines if line.fen < 0)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place: `line` from 1, 0 for the file as a whole; `value` is shortened."""

    file: str
    line: int
    column: str
    value: str
    expected: Message

    @classmethod
    def at(cls, file: str, line: int, column: str, value: str, expected: Message) -> "Fault":
        """A fault with as much of the value as finds it again."""
        return cls(file, line, column, value if len(value) <= SHOWN else value[: SHOWN - 1] + "…", expected)


class BillRefused(Invalid):
    """Raised when a file is not a bill that can be read whole; nothing of it is taken. `faults` has each place."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        first = self.faults[0]
        super().__init__(
            N_("账单未导入，共 %(count)s 处问题。第一处：%(file)s 第 %(line)s 行“%(column)s”：%(expected)s"),
            count=len(self.faults),
            file=first.file,
            line=first.line,
            column=first.column,
            expected=first.expected,
        )


class LayoutUnknown(BillRefused):
    """Raised when nothing in the file has the columns of a layout: it may be one that nobody has described yet."""

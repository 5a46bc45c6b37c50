"""What statements refuse."""

from datetime import date

from tenants.refusals import N_, Conflict, Invalid, Message, NotFound


class StatementNotFound(NotFound):
    """Raised when there is no such statement for this person."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这份对账单。"))


class StatementLineNotFound(NotFound):
    """Raised when the statement has no such line."""

    def __init__(self) -> None:
        super().__init__(N_("对账单中没有这一行。"))


class MonthNotOver(Invalid):
    """Raised when a statement is wanted for a month that still runs."""

    def __init__(self, month: date) -> None:
        expected = Message(N_("%(month)s 尚未结束，不能出对账单"), month=f"{month:%Y-%m}")
        super().__init__(N_("%(expected)s"), {"month": expected}, expected=expected)


class EarlierStatementMissing(Conflict):
    """Raised when a later month's statement was issued already: its opening balance was this one's closing."""

    def __init__(self, month: date) -> None:
        super().__init__(N_("%(month)s 的对账单已出具，之前月份不能再出。"), month=f"{month:%Y-%m}")


class StatementIssued(Conflict):
    """Raised when the month's statement was issued before."""

    def __init__(self) -> None:
        super().__init__(N_("这个月的对账单已经出具。"))


class NotReviewed(Conflict):
    """Raised when a statement is to be issued that nobody reviewed."""

    def __init__(self) -> None:
        super().__init__(N_("对账单须先由另一位财务人员复核。"))


class ReviewedByAnother(Conflict):
    """Raised when whoever prepared a statement wants to review it too."""

    def __init__(self) -> None:
        super().__init__(N_("编制人不能复核自己编制的对账单。"))


class BooksMovedOn(Conflict):
    """Raised when the books no longer say what was prepared or reviewed."""

    def __init__(self) -> None:
        super().__init__(N_("编制之后账上有新的分录，请重新编制并复核。"))


class WordNotOpen(Conflict):
    """Raised when that cannot be said of a line as it stands, also when somebody else was faster."""

    def __init__(self) -> None:
        super().__init__(N_("这一行的状态已变化，请刷新后再试。"))


class DisputeInvalid(Invalid):
    """Raised when a dispute or its answer lacks something; `fields` names it."""

    def __init__(self, field: str, expected: Message) -> None:
        super().__init__(N_("%(expected)s"), {field: expected}, expected=expected)


class LineReversed(Conflict):
    """Raised when a line is to be credited that was taken back in the books already."""

    def __init__(self) -> None:
        super().__init__(N_("这一行所依据的凭证已冲销，再冲减会使应收重复减少；请按已冲销答复。"))

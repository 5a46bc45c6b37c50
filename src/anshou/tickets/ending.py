"""The ends of a ticket other than a solution, and the way back from every end. The table is in `anytime`."""

from typing import Annotated

from anshou.tickets.answering import MerchantAnswer
from anshou.tickets.records import Record, line, text
from tenants.refusals import N_


class Withdrawal(MerchantAnswer, frozen=True, kw_only=True):
    """The merchant no longer pursues the matter."""

    reason: Annotated[str, text(N_("撤回原因"), shown=True)] | None = None


class Explanation(Record, frozen=True, kw_only=True):
    """Why the matter is out of scope, as the merchant is told."""

    explanation: Annotated[str, text(N_("给商家的说明"), shown=True)]


class Merge(Record, frozen=True, kw_only=True):
    """The ticket of the same merchant in which a duplicate goes on."""

    into: Annotated[str, line(N_("合并到工单号"), shown=True, widget="ticket", longest=40)]
    reason: Annotated[str, text(N_("说明"))] | None = None


class NoAnswer(Record, frozen=True, kw_only=True):
    """What the merchant is told when their ticket is closed for want of an answer."""

    message: Annotated[str, text(N_("给商家的说明"), shown=True)]


class Reopening(Record, frozen=True, kw_only=True):
    """Why a closed matter is open again."""

    reason: Annotated[str, text(N_("重新打开的原因"), shown=True)]

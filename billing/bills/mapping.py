"""Which column of a bill says what: built in for known layouts, made in the portal for the others and kept."""

from typing import Annotated

from msgspec import Meta, Struct

from tenants.refusals import N_, Message
from tenants.shapes import Unfit

Column = Annotated[str, Meta(min_length=1, max_length=100)]


class Signed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="signed"):
    """One column, negative where it was paid. `costs` turns it round: a courier's freight is paid without a sign."""

    column: Annotated[Column, Meta(title=N_("金额列"))]
    costs: Annotated[bool, Meta(title=N_("正数表示支出"))] = False

    def columns(self) -> tuple[str, ...]:
        """What it reads."""
        return (self.column,)


class InOut(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="in_out"):
    """One column for what came in, one for what went out; either may be empty, both may not be filled."""

    received: Annotated[Column, Meta(title=N_("收入列"))]
    paid: Annotated[Column, Meta(title=N_("支出列"))]

    def columns(self) -> tuple[str, ...]:
        """What it reads."""
        return (self.received, self.paid)


class Directed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="directed"):
    """An amount without a sign and a column whose words say which way it went. Other words are faults."""

    column: Annotated[Column, Meta(title=N_("金额列"))]
    direction: Annotated[Column, Meta(title=N_("方向列"))]
    received: Annotated[tuple[str, ...], Meta(min_length=1, title=N_("表示收入的文字"))]
    paid: Annotated[tuple[str, ...], Meta(min_length=1, title=N_("表示支出的文字"))]
    # Rows that moved nothing, such as "不计收支" of personal exports: left out, and counted as such.
    neither: Annotated[tuple[str, ...], Meta(title=N_("不计收支的文字"))] = ()

    def __post_init__(self) -> None:
        """A word cannot say two things."""
        words = [*self.received, *self.paid, *self.neither]
        if len(set(words)) != len(words):
            raise Unfit(Message(N_("同一文字不能表示两个方向")), "direction")

    def columns(self) -> tuple[str, ...]:
        """What it reads."""
        return (self.column, self.direction)


class Mapping(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The columns of one layout by their names in its header (`billing.bills.values.heading`).

    `key` names the columns that together name a line for good; without one the whole line does.
    """

    on: Annotated[Column, Meta(title=N_("日期列"))]
    time: Annotated[Column | None, Meta(title=N_("时间列"))] = None
    amount: Annotated[Signed | InOut | Directed, Meta(title=N_("金额"))]
    references: Annotated[tuple[Column, ...], Meta(max_length=8, title=N_("单号列"))] = ()
    counterparty: Annotated[tuple[Column, ...], Meta(max_length=4, title=N_("对方列"))] = ()
    text: Annotated[tuple[Column, ...], Meta(max_length=8, title=N_("摘要列"))] = ()
    fee: Annotated[Column | None, Meta(title=N_("手续费列"))] = None
    currency: Annotated[Column | None, Meta(title=N_("币种列"))] = None
    nature: Annotated[Column | None, Meta(title=N_("业务类型列"))] = None
    key: Annotated[tuple[Column, ...], Meta(max_length=6, title=N_("唯一标识列"))] = ()

    def columns(self) -> frozenset[str]:
        """Every column that it reads."""
        single = [each for each in (self.on, self.time, self.fee, self.currency, self.nature) if each is not None]
        several = [*self.amount.columns(), *self.references, *self.counterparty, *self.text, *self.key]
        return frozenset([*single, *several])

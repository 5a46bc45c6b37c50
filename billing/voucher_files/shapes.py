"""What a voucher file is made of, before it takes the form of one target."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from tenants.labels import Labelled
from tenants.refusals import N_, Invalid, Message


class Target(Labelled):
    """A program that imports the file."""

    JINGDOUYUN = "jingdouyun", N_("金蝶精斗云 / 云会计")
    K3 = "k3", N_("金蝶 K3 / KIS")
    U8 = "u8", N_("用友 U8 / T3")


class ReversalStyle(Labelled):
    """How a reversal is written: 红字冲销 keeps the side and turns the sign, 借贷对调 swaps the sides."""

    RED_LETTER = "red_letter", N_("红字（同方向负数）")
    SWAPPED = "swapped", N_("借贷方向对调")


class TargetAccount(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account as the target knows it. `leaf` is false where the target has accounts below it."""

    code: Annotated[str, Meta(min_length=1, max_length=15, pattern=r"^[0-9A-Za-z.\-]+$", title=N_("目标科目代码"))]
    name: Annotated[str, Meta(min_length=1, max_length=60, title=N_("目标科目名称"))]
    leaf: Annotated[bool, Meta(title=N_("末级科目"))] = True


class Export(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a tenant hands its vouchers to one target: word, who prepared, reversals, and the mapping of codes.

    `openings` is false where the target got its opening balances otherwise: they would stand there twice.
    """

    target: Annotated[Target, Meta(title=N_("目标软件"))]
    word: Annotated[str, Meta(min_length=1, max_length=4, title=N_("凭证字"))] = "记"
    prepared_by: Annotated[str, Meta(min_length=1, max_length=20, title=N_("制单人"))]
    reversals: Annotated[ReversalStyle, Meta(title=N_("冲销方式"))] = ReversalStyle.RED_LETTER
    openings: Annotated[bool, Meta(title=N_("导出期初余额"))] = True
    accounts: Annotated[dict[str, TargetAccount], Meta(title=N_("科目对应"))]
    customers: Annotated[dict[str, str], Meta(title=N_("客户编码"))] = {}
    departments: Annotated[dict[str, str], Meta(title=N_("部门编码"))] = {}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: our account's code, fen on one side and zero on the other, and what it is about, by our own ids."""

    account: str
    account_name: str
    summary: str
    debit: int
    credit: int
    merchant: str = ""
    department: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """A posted voucher: its number within the period, its entries in order, and whether it reverses another."""

    number: int
    on: date
    attachments: int
    reversal: bool
    closed: bool
    lines: tuple[Line, ...]
    currency: str = "CNY"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps a voucher from going out. `number` is the voucher's, 0 where the whole export is meant."""

    number: int
    account: str
    message: Message


class ExportRefused(Invalid):
    """Raised when the vouchers cannot go out as they are; nothing was written. `obstacles` names each."""

    def __init__(self, obstacles: tuple[Obstacle, ...]) -> None:
        self.obstacles = obstacles
        super().__init__(
            N_("凭证未导出，共 %(count)s 处须先处理：%(first)s"), count=len(obstacles), first=obstacles[0].message
        )
